"""A centre's plan of a year: what its rows must say, what it comes to, and what its needs come to. No Django."""

from collections.abc import Iterable
from dataclasses import dataclass

from hieuhoc.kernel.errors import Invalid

FIRST_YEAR, LAST_YEAR = 2008, 2100


@dataclass(frozen=True)
class Progress:
    """How far a plan has come. Units: classes; đồng."""

    planned: int
    made: int
    held: int
    cost: int

    @property
    def share(self) -> int | None:
        """Classes held of those planned, in percent, halves up; None where none is planned."""
        return (200 * self.held + self.planned) // (2 * self.planned) if self.planned else None


def progress(rows: Iterable[tuple[int | None, bool, bool]]) -> Progress:
    """What planned classes come to: the cost of each, whether an activity was made of it, whether it was held.

    Example:
        >>> progress([(500_000, True, True), (None, True, False), (200_000, False, False)])
        Progress(planned=3, made=2, held=1, cost=700000)
    """
    told = list(rows)
    return Progress(
        planned=len(told),
        made=sum(made for _cost, made, _held in told),
        held=sum(held for _cost, _made, held in told),
        cost=sum(cost or 0 for cost, _made, _held in told),
    )


def check_year(year: int) -> None:
    """Raises: Invalid (field `year`) for a year that no centre can plan."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Invalid("Năm phải từ {first} đến {last}.", field="year", first=FIRST_YEAR, last=LAST_YEAR)


def check_class(*, title: str, month: int) -> None:
    """Raises: Invalid (with the field) for a planned class without a name or outside the year."""
    if not title.strip():
        raise Invalid("Hãy ghi tên lớp, chuyên đề.", field="title")
    if not 1 <= month <= 12:
        raise Invalid("Tháng phải từ 1 đến 12.", field="month")
