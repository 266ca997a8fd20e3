"""The shape of the register: which kind stands where, paths, and spans of time. Pure: values in, value or error out.

A path is the chain of a unit's ancestors and itself, as row numbers between strokes: "/1/15/160/". Everything
beneath a unit has a path that begins with the unit's own. All path arithmetic of the house is in this file.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.kernel.vietnamese import fold

PROVINCE, DISTRICT, COMMUNE, HAMLET = "province", "district", "commune", "hamlet"
AGENCY, GROUP = "agency", "group"
ADMINISTRATIVE = (PROVINCE, DISTRICT, COMMUNE, HAMLET)
LEVELS = (*ADMINISTRATIVE, AGENCY, GROUP)

KINDS_OF_LEVEL: dict[str, tuple[str, ...]] = {
    PROVINCE: ("tinh", "thanh_pho"),
    DISTRICT: ("huyen", "quan", "thanh_pho", "thi_xa"),
    COMMUNE: ("xa", "phuong", "thi_tran", "dac_khu"),
    HAMLET: ("ap", "khu_pho", "khom", "thon", "to_dan_pho"),
    AGENCY: ("uy_ban", "so", "dang", "doan_the", "bao_chi", "phong", "truong", "truc_thuoc", "khac"),
    GROUP: ("nhom",),
}
# None: the unit may stand at the top. A commune stands right under a province since 1/7/2025; an agency may
# stand under another (a centre under its department), and one of the central government under none.
PARENTS_OF_LEVEL: dict[str, tuple[str | None, ...]] = {
    PROVINCE: (None,),
    DISTRICT: (PROVINCE,),
    COMMUNE: (DISTRICT, PROVINCE),
    HAMLET: (COMMUNE,),
    AGENCY: (None, PROVINCE, DISTRICT, COMMUNE, AGENCY),
    GROUP: (PROVINCE, DISTRICT, COMMUNE),
}


@dataclass(frozen=True, order=True)
class Span:
    """Days from `start` up to, but not including, `end`; without an end it goes on."""

    start: date
    end: date | None = None

    def holds(self, day: date) -> bool:
        """Whether `day` lies in the span."""
        return self.start <= day and (self.end is None or day < self.end)


def check_place(*, level: str, kind: str, parent_level: str | None) -> None:
    """That a unit of this level and kind may stand under a unit of `parent_level`.

    Raises: Invalid (fields `level`, `kind`, `parent`).
    """
    if level not in KINDS_OF_LEVEL:
        raise Invalid("Cấp của đơn vị không đúng.", field="level")
    if kind not in KINDS_OF_LEVEL[level]:
        raise Invalid("Loại đơn vị không thuộc cấp đã chọn.", field="kind")
    if parent_level not in PARENTS_OF_LEVEL[level]:
        raise Invalid("Đơn vị cấp trên không phù hợp với cấp của đơn vị này.", field="parent")


def check_life(spans: Iterable[Span]) -> None:
    """That the versions of one unit follow one another without a gap and without an overlap.

    Raises: Conflict when they do not.
    """
    ordered = sorted(spans, key=lambda span: span.start)
    for span in ordered:
        if span.end is not None and span.end <= span.start:
            raise Conflict("Ngày kết thúc phải sau ngày bắt đầu.")
    for earlier, later in pairwise(ordered):
        if earlier.end != later.start:
            raise Conflict("Các giai đoạn của một đơn vị phải nối tiếp nhau, không chồng lên nhau và không đứt quãng.")


def check_change_day(*, day: date, last: Span, today: date) -> None:
    """That a change may take effect on `day`, when the last version of the unit is `last`.

    A change is made at the end of the life only: what came later was built on what was there before.

    Raises: Invalid (field `on`) for a day to come, after the end, or before the last change.
    """
    if day > today:
        raise Invalid("Ngày có hiệu lực chưa đến; hãy ghi thay đổi khi đến ngày.", field="on")
    if day < last.start:
        raise Invalid(
            "Đơn vị đã có thay đổi sau ngày này; ngày có hiệu lực phải từ lần thay đổi đó trở đi.", field="on"
        )
    if last.end is not None and day >= last.end:
        raise Invalid("Đơn vị đã kết thúc trước ngày này.", field="on")


def check_end_day(*, day: date, last: Span, today: date) -> None:
    """That a life may end on `day` (its first day of being no more), when its last version is `last`.

    Raises: Invalid (field `on`).
    """
    if last.end is not None:
        raise Invalid("Đơn vị đã kết thúc.", field="on")
    if day <= last.start:
        raise Invalid("Ngày kết thúc phải sau lần thay đổi cuối cùng của đơn vị.", field="on")
    if day > today:
        raise Invalid("Ngày có hiệu lực chưa đến; hãy ghi thay đổi khi đến ngày.", field="on")


def path_under(parent_path: str, number: int) -> str:
    """The path of row `number` under `parent_path` ("" at the top).

    Example:
        >>> path_under("/1/15/", 160), path_under("", 1)
        ('/1/15/160/', '/1/')
    """
    return f"{parent_path or '/'}{number}/"


def path_numbers(path: str) -> tuple[int, ...]:
    """The row numbers in a path, from the top down.

    Example:
        >>> path_numbers("/1/15/160/")
        (1, 15, 160)
    """
    return tuple(int(number) for number in path.split("/") if number)


def is_within(path: str, above: str) -> bool:
    """Whether `path` is `above` itself or lies beneath it.

    Example:
        >>> is_within("/1/15/160/", "/1/15/"), is_within("/1/150/", "/1/15/")
        (True, False)
    """
    return path.startswith(above)


def moved_path(path: str, *, root: str, parent_path: str) -> str:
    """The path of a unit at or beneath `root`, after `root` has moved under `parent_path`.

    Raises: Conflict when `root` would come to stand beneath itself.

    Example:
        >>> moved_path("/1/15/160/", root="/1/15/", parent_path="/2/")
        '/2/15/160/'
    """
    if is_within(parent_path, root):
        raise Conflict("Một đơn vị không thể trực thuộc chính nó hoặc đơn vị cấp dưới của nó.")
    stem = root[: root.rstrip("/").rfind("/") + 1]
    return (parent_path or "/") + path[len(stem) :]


def key_for(words: Sequence[str], *, taken: Collection[str]) -> str:
    """A key out of names ("Xã Đông Thái", "An Biên"), with a number behind it while the key is taken.

    Example:
        >>> key_for(["Xã Đông Thái", "An Biên"], taken=["xa-dong-thai-an-bien"])
        'xa-dong-thai-an-bien-2'
    """
    stem = re.sub(r"[^a-z0-9]+", "-", fold(" ".join(words))).strip("-")[:150] or "don-vi"
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key
