"""What is read once for a period, the rows that a figure names, and what a figure is."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from hieuhoc.kernel.periods import Period
from hieuhoc.programme.learning.models import Post, Provider
from hieuhoc.programme.learning.rules import counting
from hieuhoc.programme.learning.selectors import counts

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

Parts = Mapping[str, int]
Told = Mapping[int, Parts]
"""By unit, the whole ("") and the parts of a figure."""


@dataclass(frozen=True)
class Row:
    """One thing that a figure counts: what it is, whose, since when, its page, and how much of the figure it is."""

    title: str
    unit: str
    on: date | None
    url: str
    count: int = 1


class Book:
    """What is read for one period; each read is made once, when a figure first asks for it."""

    def __init__(self, period: Period) -> None:
        self.period = period
        self.day = period.last

    @cached_property
    def ground(self) -> counting.Ground:
        return counts.ground(self.day, {*self.recording_units, *self.centres, *self.clubs})

    @cached_property
    def recording_units(self) -> set[int]:
        return counts.units_recording(self.day)

    @cached_property
    def recording(self) -> set[int]:
        """The communes of which it is known what they hold."""
        found = (self.ground.commune_of(unit) for unit in self.recording_units)
        return {commune for commune in found if commune is not None}

    @cached_property
    def centres(self) -> dict[int, list[Provider]]:
        return counts.providers_by_unit("clc")

    @cached_property
    def clubs(self) -> dict[int, list[Provider]]:
        return counts.providers_by_unit("club")

    @cached_property
    def posts(self) -> dict[int, list[Post]]:
        return counts.posts_of_centres()

    @cached_property
    def named(self) -> dict[int, Counter[str]]:
        return counting.turns_by_part(counts.turns_named(self.period), self.ground)

    @cached_property
    def unnamed(self) -> dict[int, Counter[str]]:
        return counting.turns_by_part(self._turns_of_heads(), self.ground)

    def _turns_of_heads(self) -> Iterator[counting.Turns]:
        for one in counting.fullest_sessions(counts.heads(self.period)):
            if self.period.first <= one.on < self.period.end:
                yield counting.Turns(one.unit, one.field, counting.Traits(one.sex, one.band), one.number)

    def by_commune(self, rows: Iterable[tuple[int, str, int]], *, is_whole: bool = True) -> dict[int, Counter[str]]:
        """Numbers of units and parts, by the communes that stand for the units; summed where parts make the whole."""
        found: dict[int, Counter[str]] = defaultdict(Counter)
        for unit, part, number in rows:
            commune = self.ground.commune_of(unit)
            if commune is not None:
                found[commune][part] += number
                if is_whole and part:
                    found[commune][""] += number
        return found

    def bodies(self, of: Mapping[int, list[Provider]]) -> dict[int, list[Provider]]:
        """By commune the bodies that stand on the day; an empty list where there were such bodies and are none now."""
        found: dict[int, list[Provider]] = defaultdict(list)
        for unit, providers in of.items():
            commune = self.ground.commune_of(unit)
            begun = [one for one in providers if one.valid_from <= self.day]
            if commune is not None and begun:
                found[commune] += [one for one in begun if one.holds_on(self.day)]
        return found


@dataclass(frozen=True)
class Figure:
    """How a figure is counted, and how the rows that it counts are named."""

    count: Callable[[Book], Told]
    rows: Callable[[User, Unit, Period], list[Row]]
