"""A tree of units that changes through time, and what can be asked of it on a day or between two."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import TypeAlias

from hieuhoc.engines.rollup.checking import check
from hieuhoc.engines.rollup.lives import WHOLE, Inheritance, Life, Span, Succession, UnitId, shown
from hieuhoc.kernel.errors import Missing

# What leaves each unit, by day in order of time.
Leaving: TypeAlias = Mapping[UnitId, Mapping[date, tuple[Succession, ...]]]


@dataclass(frozen=True, init=False)
class Tree:
    """Lives and successions of which everything holds that `checking` asks. Units come in the order they were given.

    Raises:
        Invalid, Conflict: the sentence names the unit and the day.

    Example:
        >>> long_ago, merged = date(2018, 1, 1), date(2025, 7, 1)
        >>> tree = Tree(
        ...     [
        ...         Life("Rạch Giá cũ", (Span(long_ago, merged, code="899"),)),
        ...         Life("Vĩnh Lạc", (Span(long_ago, merged, "Rạch Giá cũ", "commune", "30745"),)),
        ...         Life("Rạch Sỏi", (Span(long_ago, merged, "Rạch Giá cũ", "commune", "30754"),)),
        ...         Life("Rạch Giá", (Span(merged, level="commune", code="30742"),)),
        ...     ],
        ...     [Succession("Vĩnh Lạc", "Rạch Giá", merged), Succession("Rạch Sỏi", "Rạch Giá", merged)],
        ... )
        >>> tree.children("Rạch Giá cũ", date(2025, 6, 30))
        ('Vĩnh Lạc', 'Rạch Sỏi')
        >>> tree.heirs("Vĩnh Lạc", date(2025, 6, 30), merged)
        (Inheritance(unit='Rạch Giá', share=Fraction(1, 1), is_estimated=False),)
    """

    lives: tuple[Life, ...]
    successions: tuple[Succession, ...]
    _known: Mapping[UnitId, Life] = field(repr=False, compare=False)
    _place: Mapping[UnitId, int] = field(repr=False, compare=False)
    _beneath: Mapping[UnitId | None, list[tuple[date, date, UnitId]]] = field(repr=False, compare=False)
    _holders: Mapping[str, list[tuple[Span, UnitId]]] = field(repr=False, compare=False)
    _leaving: Leaving = field(repr=False, compare=False)
    _leaving_at_level: Leaving = field(repr=False, compare=False)
    _arriving: Leaving = field(repr=False, compare=False)
    _turns: tuple[date, ...] = field(repr=False, compare=False)

    def __init__(self, lives: Iterable[Life], successions: Iterable[Succession] = ()) -> None:
        given, passed = tuple(lives), tuple(successions)
        check(given, passed)
        known = {life.unit: life for life in given}
        place = {life.unit: number for number, life in enumerate(given)}
        passed = tuple(sorted(passed, key=lambda one: (one.day, place[one.predecessor], place[one.heir])))
        leaving = _by_unit_and_day((one.predecessor, one) for one in passed)
        beneath, holders = _children_and_codes(given)
        turns = {one.day for one in passed} | {life.start for life in given} | {life.end for life in given}
        turns |= {span.valid_from for life in given for span in life.spans}
        built: dict[str, object] = {
            "lives": given,
            "successions": passed,
            "_known": known,
            "_place": place,
            "_beneath": beneath,
            "_holders": holders,
            "_leaving": leaving,
            "_leaving_at_level": _within_levels(known, leaving),
            "_arriving": _by_unit_and_day((one.heir, one) for one in passed),
            "_turns": tuple(sorted(turns)),
        }
        for name, value in built.items():
            object.__setattr__(self, name, value)

    # On a day

    def stands(self, unit: UnitId, day: date) -> bool:
        return unit in self._known and self._known[unit].stands(day)

    def span(self, unit: UnitId, day: date) -> Span:
        """Raises Missing when the tree has no such unit, or when it does not stand on the day."""
        life = self._known.get(unit)
        if life is None:
            raise Missing("Không có đơn vị “{unit}”.", unit=unit)
        span = life.span(day)
        if span is None:
            raise Missing("“{unit}” không tồn tại vào ngày {day}.", unit=life.title, day=shown(day))
        return span

    def title(self, unit: UnitId) -> str:
        """How a sentence names a unit."""
        return self._known[unit].title if unit in self._known else str(unit)

    def parent(self, unit: UnitId, day: date) -> UnitId | None:
        return self.span(unit, day).parent

    def level(self, unit: UnitId, day: date) -> str:
        return self.span(unit, day).level

    def code(self, unit: UnitId, day: date) -> str:
        return self.span(unit, day).code

    def holder(self, code: str, day: date) -> UnitId | None:
        """The unit that holds a code on a day; a code goes from hand to hand."""
        return next((unit for span, unit in self._holders.get(code, ()) if span.covers(day)), None)

    def ancestors(self, unit: UnitId, day: date) -> tuple[UnitId, ...]:
        """What stands above a unit, the nearest first."""
        found: list[UnitId] = []
        above = self.parent(unit, day)
        while above is not None:
            found.append(above)
            above = self.parent(above, day)
        return tuple(found)

    def path(self, unit: UnitId, day: date) -> tuple[UnitId, ...]:
        """From the root down to the unit itself."""
        return (*reversed(self.ancestors(unit, day)), unit)

    def children(self, unit: UnitId | None, day: date) -> tuple[UnitId, ...]:
        """What stands immediately beneath a unit, or the roots for None."""
        if unit is not None:
            self.span(unit, day)
        return tuple(child for start, end, child in self._beneath.get(unit, ()) if start <= day < end)

    def descendants(self, unit: UnitId, day: date) -> tuple[UnitId, ...]:
        """All that stands beneath a unit, depth first, without the unit itself."""
        self.span(unit, day)
        return tuple(self._downward(unit, day))

    def units(self, day: date, level: str | None = None) -> tuple[UnitId, ...]:
        """All that stands on a day, depth first; or what of it stands at a level."""
        found = self._downward(None, day)
        return tuple(found if level is None else (unit for unit in found if self.level(unit, day) == level))

    def outline(self, day: date) -> list[tuple[UnitId, int]]:
        """All that stands on a day, depth first, with the place in this list of what each is beneath (-1: a root)."""
        found: list[tuple[UnitId, int]] = []
        waiting = [(child, -1) for start, end, child in reversed(self._beneath.get(None, ())) if start <= day < end]
        while waiting:
            unit, above = waiting.pop()
            if unit in self._beneath:
                here = len(found)
                children = reversed(self._beneath[unit])
                waiting += [(child, here) for start, end, child in children if start <= day < end]
            found.append((unit, above))
        return found

    def _downward(self, top: UnitId | None, day: date) -> Iterator[UnitId]:
        waiting = [child for start, end, child in reversed(self._beneath.get(top, ())) if start <= day < end]
        while waiting:
            unit = waiting.pop()
            yield unit
            if unit in self._beneath:
                waiting += [child for start, end, child in reversed(self._beneath[unit]) if start <= day < end]

    def in_order(self, units: Iterable[UnitId]) -> tuple[UnitId, ...]:
        """Units of this tree in the order in which their lives were given."""
        return tuple(sorted(units, key=self._place.__getitem__))

    def turn(self, day: date) -> int:
        """The number of the map of a day: two days have the same one when no life and no share changed between them."""
        return bisect_right(self._turns, day)

    # Between two days

    def heirs(self, unit: UnitId, since: date, until: date, *, figures: bool = False) -> tuple[Inheritance, ...]:
        """What a unit that stands on `since` has become on `until`, through everything that happened in between.

        A unit that goes on untouched is its own heir with share 1; one that ended without heirs has none. A share is
        estimated when one on its way was, unless the whole came together again. With `figures`, only what passed
        between units of one level is followed: a district that goes into a province hands over its duties, but its
        figures are in the province's already.
        """
        self.span(unit, since)
        leaving = self._leaving_at_level if figures else self._leaving
        held = {unit: (WHOLE, False)}
        day = since
        while days := [then for one in held for then in leaving.get(one, ()) if day < then <= until]:
            day = min(days)
            held = self._pass_on(held, leaving, day)
        standing = self.in_order(one for one in held if self.stands(one, until))
        return tuple(Inheritance(one, *held[one]) for one in standing)

    def _pass_on(
        self, held: Mapping[UnitId, tuple[Fraction, bool]], leaving: Leaving, day: date
    ) -> dict[UnitId, tuple[Fraction, bool]]:
        """What was held on the eve, as it is held on the day. All that happens on one day happens at once."""
        after: dict[UnitId, tuple[Fraction, bool]] = {}

        def add(unit: UnitId, share: Fraction, is_estimated: bool) -> None:
            before, was_estimated = after.get(unit, (Fraction(0), False))
            whole = before + share == WHOLE
            after[unit] = (before + share, not whole and (was_estimated or is_estimated))

        for unit, (share, is_estimated) in held.items():
            gone = leaving.get(unit, {}).get(day, ())
            for one in gone:
                add(one.heir, share * one.share, is_estimated or one.is_estimated)
            rest = WHOLE - sum((one.share for one in gone), Fraction(0))
            if rest and self.stands(unit, day):
                add(unit, share * rest, is_estimated or any(one.is_estimated for one in gone))
        return after

    def predecessors(self, unit: UnitId, since: date, until: date, *, figures: bool = False) -> tuple[Inheritance, ...]:
        """What stood on `since` of which a share is in a unit that stands on `until`; see `heirs`.

        The share is that of the predecessor's whole, not of the heir's.
        """
        self.span(unit, until)
        seen = {(unit, until)}
        waiting = [(unit, until)]
        origins: set[UnitId] = set()
        while waiting:
            one, day = waiting.pop()
            if self.stands(one, since):
                origins.add(one)
            for then, those in self._arriving.get(one, {}).items():
                if since < then <= day:
                    earlier = {(arrived.predecessor, then - timedelta(days=1)) for arrived in those} - seen
                    seen |= earlier
                    waiting += earlier
        found = []
        for origin in self.in_order(origins):
            parts = self.heirs(origin, since, until, figures=figures)
            found += [Inheritance(origin, part.share, part.is_estimated) for part in parts if part.unit == unit]
        return tuple(found)

    def succession_matrix(
        self, since: date, until: date, *, figures: bool = True
    ) -> dict[UnitId, tuple[Inheritance, ...]]:
        """The heirs of every unit that stands on `since`, in the order of the lives."""
        standing = (life.unit for life in self.lives if life.stands(since))
        return {unit: self.heirs(unit, since, until, figures=figures) for unit in standing}


def _children_and_codes(
    lives: Iterable[Life],
) -> tuple[dict[UnitId | None, list[tuple[date, date, UnitId]]], dict[str, list[tuple[Span, UnitId]]]]:
    beneath: dict[UnitId | None, list[tuple[date, date, UnitId]]] = {}
    holders: dict[str, list[tuple[Span, UnitId]]] = {}
    for life in lives:
        for span in life.spans:
            beneath.setdefault(span.parent, []).append((span.valid_from, span.end, life.unit))
            if span.code:
                holders.setdefault(span.code, []).append((span, life.unit))
    return beneath, holders


def _by_unit_and_day(
    passed: Iterable[tuple[UnitId, Succession]],
) -> dict[UnitId, dict[date, tuple[Succession, ...]]]:
    found: dict[UnitId, dict[date, tuple[Succession, ...]]] = defaultdict(dict)
    for unit, one in passed:
        found[unit][one.day] = (*found[unit].get(one.day, ()), one)
    return dict(found)


def _within_levels(known: Mapping[UnitId, Life], leaving: Leaving) -> dict[UnitId, dict[date, tuple[Succession, ...]]]:
    """The successions along which figures pass: those between units that stand at the same level.

    Of a unit that ends, all of it passes within its level or nothing does: a part of a figure would tell a lie.
    """
    found: dict[UnitId, dict[date, tuple[Succession, ...]]] = {}
    for unit, days in leaving.items():
        found[unit] = {}
        for day, those in days.items():
            level = known[unit].span(day - timedelta(days=1))
            kept = tuple(one for one in those if _level(known[one.heir], day) == (level.level if level else ""))
            found[unit][day] = kept if len(kept) == len(those) or known[unit].end != day else ()
    return found


def _level(life: Life, day: date) -> str:
    span = life.span(day)
    return span.level if span else ""
