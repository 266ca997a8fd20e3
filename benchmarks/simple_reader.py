"""The alternative that the reader is held against: fifty lines of regular expressions over the lines of a document.

It knows headings, cuts at full stops and at semicolons, takes an agency from the heading above or from the start of
the sentence, and partners after "phối hợp với". It is here to be beaten: what the grammar is worth is the distance.
"""

import re
from dataclasses import dataclass

from hieuhoc.engines.reader import Source
from hieuhoc.engines.reader.source import Paragraph

_HEADING = re.compile(r"(?:[IVX]+\.|\d+(?:\.\d+)*[.)]|[a-zđ]\))\s+(.*)")
_AGENCY = re.compile(
    r"(?:các\s+)?(?:sở|ban|bộ|phòng|hội|ủy ban|ubnd|công an|tỉnh đoàn|trường|trung tâm|đài|báo|liên đoàn|văn phòng)\b"
    r"[^.;:]*?(?=\s+(?:chủ trì|phối hợp|có trách nhiệm|tham mưu|tổ chức|chỉ đạo|hướng dẫn|tiếp tục|thực hiện)|[.:;]|$)",
    re.IGNORECASE,
)
_PARTNERS = re.compile(
    r"phối hợp(?: chặt chẽ)? với (.+?)(?= (?:tổ chức|thực hiện|xây dựng|triển khai|rà soát|tham mưu)|[.;])"
)
_CUT = re.compile(r"(?<=[.;])\s+")
_LIST = re.compile(r",\s+|\s+và\s+(?=[A-ZĐ])")
_NO_TASK = re.compile(r"(?:Căn cứ|Thực hiện Kế hoạch|Trên đây|Nơi nhận|Số:|KT\.|TM\.|-+ Lưu)")


@dataclass(frozen=True)
class SimpleTask:
    """What the simple reader finds."""

    text: str
    lead: tuple[str, ...]
    coordinate: tuple[str, ...]


def read_simply(source: Source) -> list[SimpleTask]:
    """The tasks of a document, as far as regular expressions tell."""
    tasks: list[SimpleTask] = []
    lead: tuple[str, ...] = ()
    begun = False
    for block in source.blocks:
        if not isinstance(block, Paragraph):
            continue
        heading = _HEADING.match(block.text)
        if heading is not None and len(heading[1]) < 120:
            begun = begun or block.text.startswith("II.")
            named = _AGENCY.match(heading[1].removeprefix("Đề nghị "))
            lead = tuple(_LIST.split(named[0])) if named else ()
            continue
        if not begun or _NO_TASK.match(block.text) or len(block.text) < 30:
            continue
        for sentence in _CUT.split(block.text.lstrip("-+* ")):
            named = None if lead else _AGENCY.match(sentence)
            partners = _PARTNERS.search(sentence)
            tasks.append(
                SimpleTask(
                    sentence,
                    lead or (tuple(_LIST.split(named[0])) if named else ()),
                    tuple(_LIST.split(partners[1])) if partners else (),
                )
            )
    return tasks
