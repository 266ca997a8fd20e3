"""Who founds, rearranges and ends a community learning centre and appoints its leaders: it depends on the day.

Until 30/6/2025 the district decided, on the commune's proposal (Decree 125/2024/NĐ-CP, articles 37–38, and what it
replaced); from 1/7/2025 the chair of the commune does (Decree 142/2025/NĐ-CP, Circular 11/2025/TT-BGDĐT). Bodies of
other kinds are decided by whoever their own law names: the register takes the decision as it is written. No Django.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.terms import Term
from hieuhoc.programme.learning.rules.kinds import LEADERS

COMMUNE_DECIDES_FROM = date(2025, 7, 1)
CENTRE = "clc"


@dataclass(frozen=True)
class Competence:
    """Who decides: the level of the deciding body, what it is called, the levels that may write it down, the source."""

    level: str
    body: Term
    recorded_at: frozenset[str]
    source: Term
    why_not: Term


_DISTRICT = Competence(
    level="district",
    body=Term("Ủy ban nhân dân cấp huyện"),
    recorded_at=frozenset({"district", "province"}),
    source=Term("Nghị định 125/2024/NĐ-CP, Điều 37, 38 (áp dụng đến hết 30/06/2025)"),
    why_not=Term("Trước ngày 01/07/2025 việc này do cấp huyện quyết định. Hãy đề nghị chuyên viên cấp huyện ghi."),
)
_COMMUNE = Competence(
    level="commune",
    body=Term("Chủ tịch Ủy ban nhân dân cấp xã"),
    recorded_at=frozenset({"commune", "district", "province"}),
    source=Term("Nghị định 142/2025/NĐ-CP và Thông tư 11/2025/TT-BGDĐT (từ 01/07/2025)"),
    why_not=Term("Từ ngày 01/07/2025 việc này do Chủ tịch Ủy ban nhân dân cấp xã quyết định."),
)


def competence(kind: str, *, on: date) -> Competence | None:
    """Who decides on a body of a kind on a day; None where another law than that of centres says it.

    Example:
        >>> competence("clc", on=date(2025, 6, 30)).level, competence("clc", on=date(2025, 7, 1)).level
        ('district', 'commune')
    """
    if kind != CENTRE:
        return None
    return _COMMUNE if on >= COMMUNE_DECIDES_FROM else _DISTRICT


def may_decide(kind: str, *, levels: Collection[str], on: date) -> bool:
    """Whether somebody whose power reaches the place from units of these levels may decide on a body on a day."""
    who = competence(kind, on=on)
    return bool(levels) if who is None else bool(who.recorded_at & set(levels))


def is_appointed(kind: str, role: str) -> bool:
    """Whether a post is given by whoever founds the body, and not by the body itself."""
    return kind == CENTRE and role in LEADERS


def check_post(
    *,
    role: str,
    starts: date,
    ends: date | None,
    founded: date,
    ended: date | None,
    others: Iterable[tuple[date, date]],
) -> None:
    """A post lies within the life of its body, and nobody is director beside another.

    `others` are the spans of the other directors; one that goes on ends at `date.max`. Raises: Invalid with the field.
    """
    if starts < founded:
        raise Invalid("Ngày giữ vị trí phải từ ngày thành lập cơ sở trở đi.", field="valid_from")
    if ended is not None and starts >= ended:
        raise Invalid("Cơ sở đã kết thúc trước ngày này.", field="valid_from")
    last = date.max if ends is None else ends
    if starts >= last:
        raise Invalid("Ngày thôi giữ vị trí phải sau ngày bắt đầu.", field="valid_to")
    if role == "director" and any(first < last and starts < end for first, end in others):
        raise Invalid("Đã có giám đốc trong thời gian này. Hãy cho thôi giữ vị trí trước.", field="valid_from")


def check_place(latitude: object, longitude: object) -> None:
    """Both or neither. Raises: Invalid with the field."""
    if (latitude is None) != (longitude is None):
        raise Invalid("Hãy ghi cả vĩ độ và kinh độ, hoặc bỏ trống cả hai.", field="longitude")


def check_succession(
    *, before: Collection[int], after: int, on: date, began: Iterable[date], after_began: date
) -> None:
    """Who goes on in whom. Raises: Invalid with the field."""
    if not before:
        raise Invalid("Hãy chọn ít nhất một cơ sở được sắp xếp.", field="before")
    if after in before:
        raise Invalid("Một cơ sở không thể kế tục chính nó. Hãy bỏ chọn cơ sở được giữ lại.", field="before")
    if any(on <= day for day in began):
        raise Invalid("Ngày sắp xếp phải sau ngày thành lập của các cơ sở được sắp xếp.", field="on")
    if after_began > on:
        raise Invalid("Cơ sở kế tục được thành lập sau ngày sắp xếp.", field="on")
