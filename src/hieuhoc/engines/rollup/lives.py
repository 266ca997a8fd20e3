"""What a tree is made of: lives of units with dated places in it, and what went from one life into another."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from hieuhoc.kernel.errors import Invalid

UnitId: TypeAlias = int | str

WHOLE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Span:
    """Where a unit stood, at which level and with which code, from `valid_from` up to, not including, `valid_to`.

    `valid_to` is None while it lasts; `code` is empty when the unit has none; `level` is any word of the caller's.
    """

    valid_from: date
    valid_to: date | None = None
    parent: UnitId | None = None
    level: str = ""
    code: str = ""

    @property
    def end(self) -> date:
        """The first day that is not covered; the end of the calendar for a span that lasts."""
        return self.valid_to or date.max

    def covers(self, day: date) -> bool:
        return self.valid_from <= day < self.end


@dataclass(frozen=True, slots=True)
class Life:
    """One life of a unit: its spans in order of time, each beginning on the day on which the one before it ends.

    `name` serves only to speak of the unit in a sentence.

    Raises:
        Invalid: no span, an empty one, two that overlap, a gap between two, or a unit beneath itself.
    """

    unit: UnitId
    spans: tuple[Span, ...]
    name: str = ""

    def __post_init__(self) -> None:
        if not self.spans:
            raise Invalid("“{unit}” không có khoảng thời gian nào.", unit=self.title)
        object.__setattr__(self, "spans", tuple(sorted(self.spans, key=lambda span: span.valid_from)))
        for span in self.spans:
            self._check_span(span)
        for earlier, later in pairwise(self.spans):
            self._check_seam(earlier, later)

    @property
    def title(self) -> str:
        return self.name or str(self.unit)

    @property
    def start(self) -> date:
        return self.spans[0].valid_from

    @property
    def end(self) -> date:
        """The first day on which the unit stands no longer; the end of the calendar while it lives."""
        return self.spans[-1].end

    def stands(self, day: date) -> bool:
        return self.start <= day < self.end

    def span(self, day: date) -> Span | None:
        return next((span for span in self.spans if span.covers(day)), None)

    def _check_span(self, span: Span) -> None:
        if span.end <= span.valid_from:
            raise Invalid(
                "“{unit}”: ngày kết thúc {end} không sau ngày bắt đầu {start}.",
                unit=self.title,
                end=shown(span.end),
                start=shown(span.valid_from),
            )
        if span.parent == self.unit:
            raise Invalid("“{unit}” không thể là cấp trên của chính mình.", unit=self.title)

    def _check_seam(self, earlier: Span, later: Span) -> None:
        if later.valid_from < earlier.end:
            raise Invalid(
                "“{unit}” đứng ở hai chỗ cùng lúc từ ngày {day}.", unit=self.title, day=shown(later.valid_from)
            )
        if later.valid_from > earlier.end:
            raise Invalid(
                "“{unit}” bị ngắt quãng từ ngày {start} đến ngày {end}.",
                unit=self.title,
                start=shown(earlier.end),
                end=shown(later.valid_from),
            )


@dataclass(frozen=True, slots=True)
class Succession:
    """That on a day a share of one life went into another. What is left of a life that goes on stays with it.

    The predecessor stands on the eve, the heir stands from the day on. The tree checks it: alone it names nobody.
    """

    predecessor: UnitId
    heir: UnitId
    day: date
    share: Fraction = WHOLE
    is_estimated: bool = False


class Inheritance(NamedTuple):
    """A unit at the other end of a passage of time, with the share of the predecessor's whole that went that way."""

    unit: UnitId
    share: Fraction
    is_estimated: bool


def shown(day: date) -> str:
    """A day as sentences write it."""
    return f"{day.day}/{day.month}/{day.year}"
