"""How learning is counted: turns of attendance, distinct people, the features of centres. No Django.

A *turn* (lượt người) is one person in one activity, on the day of their first attendance. Of those whose names are not
kept, an activity has as many turns as heads were counted at its fullest session, on that session's day (a rule of the
house: whoever came to one session may have come to the others). *People* are distinct: somebody who learns in two
communes is one in each of them and one in their district. The two are never added to one another.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from hieuhoc.registers.people.rules import AGE_BANDS, SEXES

MINORITY = "ethnic_minority=yes"
SUPPORTED = ("allowance", "materials", "equipment")
"""The lines of spending that the register of indicators tells apart; the others are in the whole alone."""


class Traits(NamedTuple):
    """What is known of somebody as far as figures tell people apart; empty and None: not known."""

    sex: str = ""
    band: str = ""
    is_minority: bool | None = None


class Turns(NamedTuple):
    """So many people of the same traits in activities of one field at one unit."""

    unit: int
    field: str
    traits: Traits
    number: int


class Heads(NamedTuple):
    """Heads counted at a session, of one sex and age band."""

    activity: int
    unit: int
    field: str
    session: int
    on: date
    sex: str
    band: str
    number: int


class Learner(NamedTuple):
    """Somebody who was at a session in a unit."""

    person: int
    unit: int
    traits: Traits


@dataclass(frozen=True)
class Ground:
    """The map of a day: which units stand, what lies above each, and who has the rows of those that do not stand."""

    above: Mapping[int, tuple[int, ...]]
    """By a commune that stands, itself and the units above it."""
    heirs: Mapping[int, int]
    """By a unit that rows name, the unit that stands for it on the day."""

    def commune_of(self, unit: int) -> int | None:
        """The standing commune in which the rows of a unit count; None where nobody stands for it."""
        heir = self.heirs.get(unit, unit)
        return heir if heir in self.above else None

    def units_of(self, unit: int) -> tuple[int, ...]:
        """The units of every level in which the rows of a unit count."""
        commune = self.commune_of(unit)
        return () if commune is None else self.above[commune]


def fullest_sessions(rows: Iterable[Heads]) -> list[Heads]:
    """Of every activity the heads of its fullest session, the earliest of those that were as full."""
    sums: Counter[tuple[int, date, int]] = Counter()
    kept = list(rows)
    for one in kept:
        sums[one.activity, one.on, one.session] += one.number
    best: dict[int, tuple[int, date, int]] = {}
    for (activity, on, session), count in sums.items():
        rank = (-count, on, session)
        if activity not in best or rank < best[activity]:
            best[activity] = rank
    return [one for one in kept if one.number and best[one.activity][2] == one.session]


def turns_by_part(rows: Iterable[Turns], ground: Ground) -> dict[int, Counter[str]]:
    """Turns by commune and part ("" is the whole). Someone of unknown sex or age is in the whole alone."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for one in rows:
        commune = ground.commune_of(one.unit)
        if commune is None:
            continue
        parts = found[commune]
        parts[""] += one.number
        parts[f"field={one.field}"] += one.number
        for part, share in parts_of(one.traits):
            parts[part] += one.number * share
    return found


def people_by_part(rows: Iterable[Learner], ground: Ground) -> dict[int, Counter[str]]:
    """Distinct people by unit of every level and part ("" is the whole)."""
    where: dict[int, set[int]] = defaultdict(set)
    traits: dict[int, Traits] = {}
    for one in rows:
        where[one.person].add(one.unit)
        traits[one.person] = one.traits
    parts = {kind: (("", 1), *parts_of(kind)) for kind in set(traits.values())}
    found: dict[int, Counter[str]] = defaultdict(Counter)
    # Most people learn in one place: they are counted together.
    alike: Counter[tuple[frozenset[int], Traits]] = Counter()
    for person, units in where.items():
        alike[frozenset(units), traits[person]] += 1
    for (held_in, kind), count in alike.items():
        for above in {one for unit in held_in for one in ground.units_of(unit)}:
            for part, share in parts[kind]:
                found[above][part] += count * share
    return found


def parts_of(traits: Traits) -> Iterator[tuple[str, int]]:
    """The parts in which somebody is counted beside the whole; with 0 one in which they are known not to be."""
    if traits.sex:
        yield f"sex={traits.sex}", 1
    if traits.band:
        yield f"learner_age={traits.band}", 1
    if traits.is_minority is not None:
        yield MINORITY, int(traits.is_minority)


SEX_PARTS: tuple[str, ...] = tuple(f"sex={one}" for one in SEXES)
AGE_PARTS: tuple[str, ...] = tuple(f"learner_age={one}" for one in AGE_BANDS)


def told(parts: Mapping[str, int], wanted: Sequence[Collection[str]]) -> Iterator[tuple[str, int]]:
    """The whole, then the parts of each breakdown: with its zeros where one of them is known, else none at all.

    Where there is nobody, every part is known to be zero.

    Example:
        >>> list(told({"": 3, "sex=female": 3}, [("sex=female", "sex=male"), ("learner_age=61",)]))
        [('', 3), ('sex=female', 3), ('sex=male', 0)]
        >>> list(told({}, [("sex=female",)]))
        [('', 0), ('sex=female', 0)]
    """
    whole = parts.get("", 0)
    yield "", whole
    for breakdown in wanted:
        if not whole or any(part in parts for part in breakdown):
            for part in breakdown:
                yield part, parts.get(part, 0)


def answers(values: Collection[bool | None]) -> int | None:
    """How many centres of a commune have something; None as long as nobody has said it of one of them.

    Example:
        >>> answers([True, False]), answers([True, None]), answers([])
        (1, None, 0)
    """
    return None if None in values else sum(value is True for value in values)
