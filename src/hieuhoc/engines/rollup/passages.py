"""From the map of one day to the map of another: which units a unit's figure is made of."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from hieuhoc.engines.rollup.lives import WHOLE, Inheritance, UnitId
from hieuhoc.engines.rollup.tree import Tree


@dataclass(frozen=True)
class Passage:
    """How figures recorded on the map of `day` are expressed on the map of `on`, be that later or earlier.

    Later, a unit's figure is made of shares of its predecessors'. Earlier, it can only be made of its heirs' whole
    figures, and only where each of them came from this unit alone: what was mixed cannot be told apart.
    """

    tree: Tree
    day: date
    on: date
    _heirs: dict[UnitId, tuple[Inheritance, ...]] = field(default_factory=dict, init=False, repr=False)
    _sources: dict[UnitId, tuple[Inheritance, ...]] = field(default_factory=dict, init=False, repr=False)

    @property
    def is_backward(self) -> bool:
        return self.on < self.day

    def heirs_of(self, unit: UnitId) -> tuple[Inheritance, ...]:
        """On the later map, of a unit of the earlier one."""
        if unit not in self._heirs:
            since, until = min(self.day, self.on), max(self.day, self.on)
            stands = self.tree.stands(unit, since)
            self._heirs[unit] = self.tree.heirs(unit, since, until, figures=True) if stands else ()
        return self._heirs[unit]

    def sources_of(self, unit: UnitId) -> tuple[Inheritance, ...]:
        """On the earlier map, of a unit of the later one."""
        if unit not in self._sources:
            since, until = min(self.day, self.on), max(self.day, self.on)
            stands = self.tree.stands(unit, until)
            self._sources[unit] = self.tree.predecessors(unit, since, until, figures=True) if stands else ()
        return self._sources[unit]

    def targets_of(self, unit: UnitId) -> tuple[UnitId, ...]:
        """The units on the map of `on` that a unit of the map of `day` has to do with."""
        return tuple(one.unit for one in (self.sources_of(unit) if self.is_backward else self.heirs_of(unit)))

    def parts_of(self, unit: UnitId) -> tuple[Inheritance, ...]:
        """The units on the map of `day` of which the figure of a unit on the map of `on` is made, with their shares."""
        if not self.is_backward:
            return self.sources_of(unit)
        return tuple(Inheritance(one.unit, WHOLE, False) for one in self.heirs_of(unit))

    def has_place_for(self, unit: UnitId) -> bool:
        """Whether a figure of a unit of the map of `day` has a place on the map of `on`, and wholly."""
        return bool(self.sources_of(unit)) if self.is_backward else _sum_of(self.heirs_of(unit)) == WHOLE

    def is_barred(self, unit: UnitId) -> bool:
        """Whether a unit's figure cannot be put together, because an heir of it is also another's."""
        if not self.is_backward:
            return False
        heirs = self.heirs_of(unit)
        return _sum_of(heirs) != WHOLE or any(len(self.sources_of(one.unit)) > 1 for one in heirs)


def passages(tree: Tree, days: Iterable[date], on: date) -> dict[int, Passage]:
    """A passage for each map on which one of the days lies, by the number of the map."""
    found: dict[int, Passage] = {}
    for day in days:
        found.setdefault(tree.turn(day), Passage(tree, day, on))
    return found


def _sum_of(parts: Iterable[Inheritance]) -> Fraction:
    return sum((one.share for one in parts), Fraction(0))
