"""What a figure is made of: the parts of its formula, the units and periods beneath it, the facts themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from hieuhoc.engines.rollup import Tree
from hieuhoc.kernel.errors import HouseError, Missing
from hieuhoc.kernel.periods import Period
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.indicators import rules
from hieuhoc.registers.indicators.models import Fact
from hieuhoc.registers.indicators.rules.formula import Change, Previous
from hieuhoc.registers.indicators.rules.reckoning import reckoning_in, sheet_of, year_of
from hieuhoc.registers.indicators.selectors import stored
from hieuhoc.registers.indicators.selectors.formulas import Formulas
from hieuhoc.registers.indicators.selectors.values import At, Value, units_beneath, values
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit, UnitVersion


@dataclass(frozen=True)
class Part:
    """One figure that a formula reads."""

    code: str
    by: str
    period: Period
    value: Value


@dataclass(frozen=True)
class Source:
    """One fact behind a figure: the two figures it may have, which is used, and the row from which it came."""

    unit: int
    unit_name: str
    unit_key: str
    code: str
    by: str
    period: Period
    counted: int | None
    stated: int | None
    value: int
    reason: str
    source: str
    is_approved: bool
    changed_at: datetime


@dataclass(frozen=True)
class Lineage:
    """A figure, and one step down from it in every direction.

    `parts` are what a derived one is worked out from. The rest is of a base one: `beneath` are the units right beneath,
    `turns` the shorter periods, `facts` all facts in it (of which `facts_left` more are not told), `silent` the units
    of which no fact is in.
    """

    value: Value
    parts: tuple[Part, ...] = ()
    beneath: tuple[tuple[UnitVersion, Value], ...] = ()
    turns: tuple[tuple[Period, Value], ...] = ()
    facts: tuple[Source, ...] = ()
    facts_left: int = 0
    silent: tuple[Unit, ...] = ()


def lineage_of(user: User, unit: Unit, *, code: str, period: Period, by: str = "", limit: int | None = None) -> Lineage:
    """What a figure of a unit is made of. Raises: Missing for an unknown indicator, or a unit out of reach; Refused."""
    access.require(user, Permission.INDICATOR_READ, at=unit)
    formulas = Formulas.read()
    formulas.codes([code])
    at = At(unit.pk, code, period, by)
    node = formulas.opened(code, by, period.last)
    if node is None:
        return _of_a_base(unit, at, limit)
    value = values([unit.pk], [period], codes=[code], bys=[by]).get(at, Value(None))
    return Lineage(value, parts=() if isinstance(node, HouseError) else _parts(at, node))


def beneath_of_parts(
    user: User, unit: Unit, *, code: str, period: Period, parts: Sequence[Part], by: str = ""
) -> list[tuple[UnitVersion, Value, tuple[Value, ...]]]:
    """A derived figure of each unit right beneath, with the parts from which it is worked out there.

    Raises: Missing, Refused for a unit out of reach.
    """
    access.require(user, Permission.INDICATOR_READ, at=unit)
    beneath = units_beneath(unit, on=period.last)
    if not beneath or not parts:
        return []
    found = values(
        [one.unit_id for one in beneath],
        {period, *(part.period for part in parts)},
        codes={code, *(part.code for part in parts)},
        bys={by, *(part.by for part in parts)},
    )
    unknown = Value(None)
    return [
        (
            one,
            found.get(At(one.unit_id, code, period, by), unknown),
            tuple(found.get(At(one.unit_id, part.code, part.period, part.by), unknown) for part in parts),
        )
        for one in beneath
    ]


def _parts(at: At, node: rules.Node) -> tuple[Part, ...]:
    named = dict.fromkeys((one.code, one.by, back) for one, back in _reads(node, 0))
    periods = {back: _back(at.period, back) for _code, _by, back in named}
    found = values([at.unit], periods.values(), codes={code for code, *_ in named}, bys={by for _code, by, _ in named})
    unknown = Value(None)
    return tuple(
        Part(code, by, periods[back], found.get(At(at.unit, code, periods[back], by), unknown))
        for code, by, back in named
    )


def _reads(node: rules.Node, back: int) -> Iterable[tuple[rules.Reference, int]]:
    """Every mention of an indicator, with how many periods back it is read."""
    if isinstance(node, rules.Reference):
        yield node, back
    if isinstance(node, Change):
        yield from _reads(node.of, back)
    for part in node.parts:
        yield from _reads(part, back + isinstance(node, (Change, Previous)))


def _back(period: Period, back: int) -> Period:
    for _ in range(back):
        period = period.previous()
    return period


def _of_a_base(unit: Unit, at: At, limit: int | None) -> Lineage:
    number = stored.indicator_numbers([at.code])[at.code]
    reckoning = reckoning_in(stored.reckonings([number]).get(number, []), year_of(at.period))
    sheet = sheet_of(reckoning, at.period) if reckoning else None
    if reckoning is None or sheet is None:
        raise Missing("Chỉ số {code} không có số liệu {period}.", code=at.code, period=at.period)
    within = [one for one in sheet.columns if at.period.holds(one)]
    tree = stored.tree_for(reckoning, sheet, [unit.pk])
    reporting = {period: _reporting(tree, unit.pk, period) for period in within}
    facts = _facts(number, at, reporting)
    beneath = units_beneath(unit, on=at.period.last) if reckoning.adds_up else []
    beneath = [one for one in beneath if tree.stands(one.unit_id, at.period.last)]
    found = values([unit.pk, *(one.unit_id for one in beneath)], [at.period, *within], codes=[at.code], bys=[at.by])
    silent = set().union(*reporting.values()) - {one.unit for one in facts}
    named = places.units_by_number(silent)
    return Lineage(
        found[at],
        beneath=tuple((one, found[at._replace(unit=one.unit_id)]) for one in beneath),
        turns=tuple((period, found[at._replace(period=period)]) for period in within if period != at.period),
        facts=tuple(facts[:limit]),
        facts_left=0 if limit is None else max(len(facts) - limit, 0),
        silent=tuple(sorted(named.values(), key=lambda one: (one.sort_key, one.pk))),
    )


def _reporting(tree: Tree, unit: int, period: Period) -> set[int]:
    """The units whose facts of a period are in a unit's total."""
    day = period.last
    if not tree.stands(unit, day):
        return set()
    within = [unit, *tree.descendants(unit, day)]
    return {one for one in within if isinstance(one, int) and not tree.children(one, day)}


def _facts(indicator: int, at: At, reporting: dict[Period, set[int]]) -> list[Source]:
    by_key = {period.key: period for period in reporting}
    units: Collection[int] = set().union(*reporting.values())
    rows = Fact.objects.filter(indicator=indicator, by=at.by, period__key__in=by_key, unit__in=units)
    columns = ("counted", "stated", "value", "reason", "source", "is_approved", "changed_at")
    told = rows.order_by("period__end", "unit__sort_key", "unit_id").values_list(
        "unit_id", "unit__name", "unit__key", "period__key", *columns
    )
    return [
        Source(unit, name, key, at.code, at.by, by_key[period], *rest)
        for unit, name, key, period, *rest in told
        if unit in reporting[by_key[period]]
    ]
