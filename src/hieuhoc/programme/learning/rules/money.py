"""A centre's money of a year: which norm holds, and what was estimated, allocated and spent. No Django.

Circular 96/2008/TT-BTC sets what a centre gets from the State's budget at least: once at its founding, then each year
by the kind of area of its commune; allowances of part-time leaders are set by the province beside it. Elsewhere and
above it the province sets norms of its own, which go before those of the country.

Units: whole đồng everywhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from hieuhoc.kernel.errors import Invalid
from hieuhoc.programme.learning.rules import kinds

FOUNDING, YEARLY = "founding", "yearly"
# The norm is of what the State gives for materials and equipment; allowances follow a decision of their own.
NORM_SOURCE, OUTSIDE_NORM = "state", "allowance"
MOST = 10**12


@dataclass(frozen=True)
class NormRow:
    """A norm as it is told; `path` is that of the unit where it holds, empty for the whole country."""

    occasion: str
    area: str
    amount: int
    valid_from: date
    valid_to: date | None
    instrument: str
    path: str = ""

    def holds_on(self, day: date) -> bool:
        """Whether the norm holds on a day; the last day is not included."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def occasion_of(founded_on: date, year: int) -> tuple[str, date]:
    """For what a centre is supported in a year, and the day whose norm counts.

    The year of its founding has the founding norm of that day; each later year the norm of its first day.
    """
    if founded_on.year == year:
        return FOUNDING, founded_on
    return YEARLY, date(year, 1, 1)


def norm_for(
    norms: Iterable[NormRow], *, founded_on: date, year: int, area: str, paths: Iterable[str]
) -> NormRow | None:
    """The norm that holds for a centre in a year; None where none does, or before the centre was founded.

    A norm of the nearest unit goes before one of the country, one of the area before one of every area. Without a
    known area only norms of every area hold. `paths` are those of the centre's unit.
    """
    if founded_on.year > year:
        return None
    occasion, day = occasion_of(founded_on, year)
    stands = tuple(paths)
    fitting = [
        norm
        for norm in norms
        if norm.occasion == occasion
        and norm.holds_on(day)
        and norm.area in ("", area)
        and any(path.startswith(norm.path) for path in stands)
    ]
    return max(fitting, key=lambda norm: (len(norm.path), norm.area != "", norm.valid_from), default=None)


@dataclass
class Sums:
    """What was estimated, allocated and spent."""

    estimate: int = 0
    allocated: int = 0
    spent: int = 0

    @property
    def left(self) -> int:
        """Allocated and not yet spent; below zero when more was spent than allocated."""
        return self.allocated - self.spent

    def add(self, column: str, amount: int) -> None:
        """Add an amount to `estimate`, `allocated` or `spent`."""
        setattr(self, column, getattr(self, column) + amount)


@dataclass
class Balance:
    """A centre's year: by line and source, in all, and against the norm."""

    rows: dict[tuple[str, str], Sums] = field(default_factory=dict)
    whole: Sums = field(default_factory=Sums)
    norm: int | None = None
    counted: int = 0

    @property
    def gap(self) -> int | None:
        """What the State's allocation lacks of the norm; None without a norm, zero once it is reached."""
        return None if self.norm is None else max(0, self.norm - self.counted)


def counts_for_norm(line: str, source: str) -> bool:
    """Whether an allocation counts towards the norm."""
    return source == NORM_SOURCE and line != OUTSIDE_NORM


def balance(amounts: Iterable[tuple[str, str, str, int]], *, norm: int | None = None) -> Balance:
    """What (column, line, source, amount) come to, cancelled lines left out by the caller.

    Example:
        >>> told = balance([("allocated", "materials", "state", 20), ("spent", "materials", "state", 5)], norm=25)
        >>> told.whole.left, told.gap
        (15, 5)
    """
    told = Balance(norm=norm)
    for column, line, source, amount in amounts:
        told.rows.setdefault((line, source), Sums()).add(column, amount)
        told.whole.add(column, amount)
        if column == "allocated" and counts_for_norm(line, source):
            told.counted += amount
    return told


def millions(amount: int) -> int | Decimal:
    """An amount as cards tell it.

    Units: from đồng to million đồng, to ten thousand đồng.

    Example:
        >>> millions(36_000_000), millions(27_190_000), millions(-500_000)
        (36, Decimal('27.19'), Decimal('-0.5'))
    """
    found = (Decimal(amount) / 1_000_000).quantize(Decimal("0.01"))
    return int(found) if found == int(found) else found.normalize()


def in_order(told: Balance) -> list[tuple[tuple[str, str], Sums]]:
    """The rows of a balance by line, then by source, as the house lists them."""
    lines, sources = list(kinds.LINES), list(kinds.SOURCES)
    return sorted(told.rows.items(), key=lambda row: (lines.index(row[0][0]), sources.index(row[0][1])))


def check_amount(amount: int) -> None:
    """Raises: Invalid (field `amount`) for what is no sum of money."""
    if not 0 < amount <= MOST:
        raise Invalid("Số tiền phải là số đồng nguyên, lớn hơn 0.", field="amount")


def check_kinds(*, line: str, source: str, lines: Iterable[str], sources: Iterable[str]) -> None:
    """Raises: Invalid (with the field) for a line or source that the house does not know."""
    if line not in set(lines):
        raise Invalid("Hãy chọn khoản.", field="line")
    if source not in set(sources):
        raise Invalid("Hãy chọn nguồn.", field="source")
