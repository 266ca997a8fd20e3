"""Numbers to reach: sentences that set a figure ("phấn đấu đến năm 2030 đạt 95%")."""

import re

from hieuhoc.engines.reader.clauses import clauses
from hieuhoc.engines.reader.reading import Target
from hieuhoc.engines.reader.sections import Item

_VALUE = re.compile(
    r"(?P<value>\d+(?:[.,]\d+)*)\s*(?P<unit>%|phần trăm|(?:người|hộ|xã|huyện|lớp|trường|trung tâm|thôn"
    r"|đơn vị|dòng họ|gia đình|học viên|cơ sở|triệu đồng|tỷ đồng|lượt|lượt người|giường|bác sĩ|km|ha"
    r"|tấn)\b)",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_AIM = re.compile(
    r"phấn đấu|đạt|đến năm|đến hết năm|hằng năm|hàng năm|ít nhất|tối thiểu|trên \d|duy trì|tăng|giảm"
    r"|có \d|100\s*%|tỷ lệ|tỉ lệ|mục tiêu|chỉ tiêu|hoàn thành",
    re.IGNORECASE,
)
_BY = re.compile(r"(?:đến(?: hết)?|vào|trong)\s+năm\s+(?P<y>20\d{2})|năm\s+(?P<y2>20\d{2})", re.IGNORECASE)


def targets(items: list[Item]) -> tuple[Target, ...]:
    """The targets of a document: every figure of its sections of targets, and those set in its tasks."""
    found: list[Target] = []
    by_section: dict[str, str] = {}
    for item in items:
        if item.kind not in {"text", "heading"}:
            continue
        if item.kind == "heading":
            when = _BY.search(item.text)
            if when:
                by_section[item.path] = when["y"] or when["y2"]
            if not item.sentence:
                continue
        inside = item.use == "targets"
        if item.use == "still":
            continue
        if not _DIGIT.search(item.text):
            continue
        for clause in clauses(item.passage.text, item.start):
            value = _VALUE.search(clause.text)
            if not value:
                continue
            if not inside and not re.search(
                r"phấn đấu|chỉ tiêu|đến năm 20\d\d|đạt (?:từ |trên |ít nhất |tỷ lệ )?\d", clause.text, re.IGNORECASE
            ):
                continue
            if not (_AIM.search(clause.text) or value["unit"] == "%"):
                continue
            when = _BY.search(clause.text)
            by = (when["y"] or when["y2"]) if when else _above(by_section, item.path)
            found.append(
                Target(
                    text=clause.text.rstrip(";"),
                    lines=item.passage.lines(clause.start, clause.end),
                    value=value["value"],
                    unit=value["unit"],
                    by=by,
                    section=item.path,
                )
            )
    return tuple(found)


def _above(by_section: dict[str, str], path: str) -> str | None:
    while path:
        if path in by_section:
            return by_section[path]
        path = path.rpartition(".")[0]
    return None
