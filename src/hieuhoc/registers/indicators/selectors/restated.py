"""Figures of earlier periods on the map of another day: what the communes of today were before they were merged."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from hieuhoc.engines.rollup import Ratio, Restated, restate
from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.periods import Period
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.indicators.selectors.formulas import Formulas
from hieuhoc.registers.indicators.selectors.values import At, Value, units_beneath, values
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit, UnitVersion


def values_restated(
    user: User, unit: Unit, *, code: str, periods: Sequence[Period], on: date, level: str | None = None, by: str = ""
) -> list[tuple[UnitVersion, dict[Period, Restated]]]:
    """One indicator of the units beneath a unit as it stands on a day, for periods that ended on other maps.

    Counts are summed and shared out; a share or a mean is worked out again from its two counts and told as `Ratio`;
    what is neither passes only where a unit came from one alone. A cell says how much of it is known, whether it is
    estimated, and why not if it cannot be told.

    Raises: Invalid for two periods that end on the same day; Missing, Refused for a unit out of reach.
    """
    access.require(user, Permission.INDICATOR_READ, at=unit)
    ends = {period.last: period for period in periods}
    if len(ends) != len(periods):
        raise Invalid("Hãy chọn các kỳ có ngày kết thúc khác nhau.")
    targets = units_beneath(unit, on=on, level=level)
    tree = places.map_of({one.unit_id for one in targets})
    involved = [life.unit for life in tree.lives if isinstance(life.unit, int)]
    found = values(involved, periods, codes=[code], bys=[by])
    told = {(one, day): found.get(At(one, code, period, by)) for one in involved for day, period in ends.items()}
    standing = {at: value for at, value in told.items() if value is not None and tree.stands(*at)}
    series, divisor = _series(standing, is_base=Formulas.read().opened(code, by, on) is None)
    if not series:
        return [(one, {}) for one in targets]
    cells = restate(tree, series, on, onto=[one.unit_id for one in targets])
    told_of = {
        (one.unit_id, day): _divided(cells[one.unit_id, day], divisor)
        for one in targets
        for day in ends
        if (one.unit_id, day) in cells
    }
    return [
        (one, {period: told_of[one.unit_id, day] for day, period in ends.items() if (one.unit_id, day) in told_of})
        for one in targets
    ]


_Series = dict[tuple[int | str, date], Hashable]


def _series(values_: dict[tuple[int, date], Value], *, is_base: bool) -> tuple[_Series, int]:
    """The values as the engine takes them, and by what its answers are to be divided.

    A mean over time is a sum over places: of two units merged it is the sum of both sums, by the same number of turns.
    """
    known = [value for value in values_.values() if value.value is not None]
    halves = [(value.numerator, value.denominator) for value in known]
    divisors = {int(whole) if whole is not None else 1 for _part, whole in halves} if is_base else set()
    told: _Series = {at: value.value for at, value in values_.items()}
    divisor = 1
    if len(divisors) == 1:
        divisor = divisors.pop()
        told = {at: None if value.value is None else int(value.value * divisor) for at, value in values_.items()}
    elif not is_base and all(half is not None and half.denominator == 1 for pair in halves for half in pair):
        told = {at: _ratio(value) for at, value in values_.items()}
    return told, divisor


def _ratio(value: Value) -> Ratio | None:
    if value.value is None or value.numerator is None or value.denominator is None:
        return None
    return Ratio(int(value.numerator), int(value.denominator))


def _divided(cell: Restated, divisor: int) -> Restated:
    if divisor == 1 or not isinstance(cell.value, int):
        return cell
    return replace(cell, value=Fraction(cell.value, divisor))
