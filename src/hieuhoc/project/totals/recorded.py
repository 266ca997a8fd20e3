"""The tables that are added up, as they stand in files: the tree, the rules, and the facts in columns of codes."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt

from hieuhoc.engines.rollup import Life, Span
from hieuhoc.engines.rollup.grid import OverTime
from hieuhoc.engines.rollup.parts import Facts
from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.periods import Period, Rhythm, period_of

TREE = ("unit", "parent", "valid_from", "valid_to")
RULES = ("indicator", "over_places", "over_time")
FACTS = ("unit", "indicator", "month", "value")
TOTALS = ("unit", "indicator", "period", "value", "reported", "expected")

_DAY, _MONTH = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), re.compile(r"[0-9]{4}-[0-9]{2}")

# Where a row stands in its file, for a sentence about it.
Row = tuple[str, Mapping[str, str]]


@dataclass
class Words:
    """The words of a column, each with a number: first those known from elsewhere, then others as they come."""

    numbers: dict[str, int]
    known: int

    @classmethod
    def beginning_with(cls, words: Iterable[str]) -> "Words":
        numbers = {word: number for number, word in enumerate(words)}
        return cls(numbers, len(numbers))

    def number(self, word: str) -> int:
        return self.numbers.setdefault(word, len(self.numbers))

    @property
    def strange(self) -> list[str]:
        """Those that came by themselves."""
        return [*self.numbers][self.known :]


@dataclass
class Recorded:
    """Facts as they are read, some rows at a time: codes of unit, indicator and month, and values."""

    units: Words
    indicators: Words
    months: Words = field(default_factory=lambda: Words({}, 0))
    chunks: list[Facts] = field(default_factory=list)

    def add(
        self, units: npt.ArrayLike, indicators: npt.ArrayLike, months: npt.ArrayLike, values: npt.NDArray[np.int64]
    ) -> None:
        self.chunks.append(
            Facts(
                np.asarray(units, np.int32),
                np.asarray(months, np.int16),
                np.asarray(indicators, np.int32),
                values,
            )
        )


def lives_of(rows: Iterable[Row]) -> list[Life]:
    """The lives of a tree; several rows of a unit are what it was one after the other."""
    spans: dict[str, list[Span]] = {}
    for where, row in rows:
        if not row["unit"]:
            raise Invalid("{where}: thiếu unit.", where=where)
        start = _day(where, "valid_from", row["valid_from"]) or date.min
        span = Span(start, _day(where, "valid_to", row["valid_to"]), row["parent"] or None)
        spans.setdefault(row["unit"], []).append(span)
    return [Life(unit, tuple(those)) for unit, those in spans.items()]


def rules_of(rows: Iterable[Row]) -> dict[str, OverTime]:
    """How each indicator is added up over time; over places there is only the sum."""
    found: dict[str, OverTime] = {}
    for where, row in rows:
        indicator = row["indicator"]
        if not indicator or indicator in found:
            raise Invalid("{where}: indicator trống hoặc đã có ở dòng trên: {word}.", where=where, word=indicator)
        if row["over_places"] != "sum":
            raise Invalid("{where}: over_places phải là sum, không phải {word}.", where=where, word=row["over_places"])
        if row["over_time"] not in {*OverTime}:
            word = row["over_time"]
            raise Invalid("{where}: over_time phải là sum, last hoặc mean, không phải {word}.", where=where, word=word)
        found[indicator] = OverTime(row["over_time"])
    return found


def month_of(word: str) -> Period:
    """A month as files write it: 2020-09."""
    try:
        if not _MONTH.fullmatch(word):
            raise ValueError(word)
        return period_of(Rhythm.MONTH, date.fromisoformat(f"{word}-01"))
    except ValueError as error:
        raise Invalid("month phải viết như 2020-09, không phải {word}.", word=word[:40]) from error


def _day(where: str, column: str, word: str) -> date | None:
    try:
        if word and not _DAY.fullmatch(word):
            raise ValueError(word)
        return date.fromisoformat(word) if word else None
    except ValueError as error:
        raise Invalid(
            "{where}: {column} phải là ngày như 2025-07-01, không phải {word}.", where=where, column=column, word=word
        ) from error
