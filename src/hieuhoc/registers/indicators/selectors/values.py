"""Figures for pages: base indicators from their totals, derived ones worked out by their formula. All exact.

`values` answers for any units and asks nobody: it is for services and for what has been checked already. The others
take the reader first, and answer for units where the reader may see indicators. Every answer takes a fixed number of
queries, however many units, indicators and periods are asked for.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from hieuhoc.kernel.errors import HouseError, Invalid, Missing
from hieuhoc.kernel.periods import Calendar, Period
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.indicators import rules
from hieuhoc.registers.indicators.models import Computation, Total
from hieuhoc.registers.indicators.rules.expecting import Expecting
from hieuhoc.registers.indicators.rules.reckoning import Reckoning, reckoning_in, year_of
from hieuhoc.registers.indicators.selectors import stored
from hieuhoc.registers.indicators.selectors.formulas import Formulas, halves, reach
from hieuhoc.registers.indicators.states import APPROVED, PROVISIONAL, PUBLISHED
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit, UnitVersion

_ORDER = {PROVISIONAL: 0, APPROVED: 1, PUBLISHED: 2}


@dataclass(frozen=True, slots=True)
class Value:
    """A figure of a unit for a period; `value` is None where it is unknown, and `why_unknown` says why.

    `numerator` and `denominator` are the two counts of a share or a mean. It stands on `reported` of `expected` facts;
    for a derived one, on those of the part of which the least is known. `state` is the least of its parts', empty where
    nothing is known; `computed_at` and `version` say when the latest of its totals last changed, by which arithmetic.

    Units: what the indicator counts (đồng, whatever the measure shows); percent of a hundred.
    """

    value: Fraction | None
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    reported: int = 0
    expected: int = 0
    state: str = ""
    computed_at: datetime | None = None
    version: str = ""
    why_unknown: HouseError | None = None

    @property
    def is_complete(self) -> bool:
        return 0 < self.expected == self.reported


class At(NamedTuple):
    """Where a value is: unit (row number), code of the indicator, period, and part ("" for the whole)."""

    unit: int
    code: str
    period: Period
    by: str = ""


def values(
    units: Collection[int],
    periods: Collection[Period],
    *,
    codes: Collection[str] | None = None,
    bys: Collection[str] = ("",),
    counts_missing: bool = True,
) -> dict[At, Value]:
    """The values of units for periods: of the indicators named, or of all in force; of the whole, or of some parts.

    Without `counts_missing` an unknown value does not say how many facts it lacks, and the tree of units is not read.
    An indicator is left out for a period that it does not know. For services: it does not ask who asks.

    Raises: Missing for an unknown code.
    """
    formulas = Formulas.read()
    wanted = formulas.codes(codes)
    figures = _Figures(formulas, units, periods, wanted, bys, counts_missing=counts_missing)
    return {
        at: figures.value(at)
        for code in wanted
        for period in periods
        if formulas.knows(code, period)
        for unit in units
        for by in bys
        for at in [At(unit, code, period, by)]
    }


def values_of(
    user: User,
    unit: Unit,
    *,
    periods: Sequence[Period],
    codes: Collection[str] | None = None,
    bys: Collection[str] = ("",),
) -> dict[tuple[str, Period, str], Value]:
    """The values of one unit, by code, period and part. Raises: Missing, Refused for a unit out of reach."""
    access.require(user, Permission.INDICATOR_READ, at=unit)
    return {at[1:]: value for at, value in values([unit.pk], periods, codes=codes, bys=bys).items()}


def series_of(
    user: User, unit: Unit, *, code: str, periods: Sequence[Period], by: str = ""
) -> list[tuple[Period, Value]]:
    """One indicator of one unit through time."""
    found = values_of(user, unit, periods=periods, codes=[code], bys=[by])
    return [(period, found[code, period, by]) for period in periods if (code, period, by) in found]


def breakdown_of(user: User, unit: Unit, *, code: str, period: Period) -> dict[str, Value]:
    """A value by parts: those of which any total is known, and the whole ("") first."""
    access.require(user, Permission.INDICATOR_READ, at=unit)
    formulas = Formulas.read()
    bases = formulas.bases(formulas.codes([code]), [period])
    rows = Total.objects.filter(unit=unit, period__key=period.key, indicator__code__in=bases)
    parts = sorted(set(rows.order_by().values_list("by", flat=True)) - {""})
    found = values([unit.pk], [period], codes=[code], bys=["", *parts])
    return {at.by: value for at, value in found.items() if value.value is not None or not at.by}


def values_beneath(
    user: User,
    unit: Unit,
    *,
    code: str,
    period: Period,
    by: str = "",
    level: str | None = None,
    counts_missing: bool = True,
) -> list[tuple[UnitVersion, Value]]:
    """One indicator of all units right beneath a unit on the period's last day, or of all of a level beneath it.

    In Vietnamese order. `counts_missing` as in `values`.
    """
    access.require(user, Permission.INDICATOR_READ, at=unit)
    beneath = units_beneath(unit, on=period.last, level=level)
    found = values([one.unit_id for one in beneath], [period], codes=[code], bys=[by], counts_missing=counts_missing)
    told = ((one, found.get(At(one.unit_id, code, period, by))) for one in beneath)
    return [(one, value) for one, value in told if value is not None]


def units_beneath(unit: Unit, *, on: date, level: str | None = None) -> list[UnitVersion]:
    """The administrative units right beneath a unit on a day, or all of a level; none if it did not stand."""
    try:
        above = places.state_on(unit, on)
    except Missing:
        return []
    found = places.units_on(on, level=level, under=above).filter(level__in=places.ADMINISTRATIVE_LEVELS)
    return list(found if level else found.filter(parent=unit))


@dataclass(frozen=True)
class Standing:
    """The place of a unit among those beside it: 1 is the best, or the largest where neither way is good."""

    place: int
    of: int
    median: Fraction


def place_among_peers(user: User, unit: Unit, *, code: str, period: Period, by: str = "") -> Standing | None:
    """Where a unit stands among those of its level beneath the same unit, without telling the values of the others.

    None where the unit's own value is unknown, or it has nobody beside it.
    """
    access.require(user, Permission.INDICATOR_READ, at=unit)
    above = places.ancestors(unit, period.last) if unit.parent_id else []
    if not above:
        return None
    peers = [one for one in units_beneath(above[-1].unit, on=period.last) if one.level == unit.level]
    found = values([one.unit_id for one in peers], [period], codes=[code], bys=[by])
    known = {at.unit: value.value for at, value in found.items() if value.value is not None}
    if unit.pk not in known or len(known) < 2:
        return None
    is_better_low = Formulas.read().direction(code, period) == "down"
    own, ordered = known[unit.pk], sorted(known.values(), reverse=not is_better_low)
    middle = len(ordered) // 2
    median = ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    return Standing(ordered.index(own) + 1, len(ordered), median)


def changed_since(user: User, unit: Unit, since: datetime, *, limit: int = 50) -> list[tuple[str, Period, datetime]]:
    """Which base indicators of a unit have changed for which periods since an instant, the latest first."""
    access.require(user, Permission.INDICATOR_READ, at=unit)
    # Computations are numbered as they come: from the last one back, the first that is too old is soon found.
    last_seen = Computation.objects.filter(at__lte=since).order_by("-pk").values_list("pk", flat=True).first() or 0
    rows = Total.objects.filter(unit=unit, by="", computation__gt=last_seen).select_related("period", "indicator")
    found = rows.select_related("computation").order_by("-computation", "indicator__code", "period__end")[:limit]
    return [(row.indicator.code, row.period.period, row.computation.at) for row in found]


# ---- totals, read once for all that is asked -------------------------------------------------------


class _Figures:
    """The totals that some values are made of, and the values that they make."""

    def __init__(
        self,
        formulas: Formulas,
        units: Collection[int],
        periods: Collection[Period],
        codes: Collection[str],
        bys: Collection[str],
        *,
        counts_missing: bool = True,
    ) -> None:
        self._formulas = formulas
        self._counts_missing = counts_missing
        bases, parts, back = set(), set(bys), 0
        for code in codes:
            for by in bys:
                for day in {period.last for period in periods}:
                    node = formulas.opened(code, by, day)
                    if node is None:
                        bases.add(code)
                    elif not isinstance(node, HouseError):
                        bases |= rules.codes(node)
                        parts |= {one.by for one in rules.references(node)}
                        back = max(back, reach(node))
        self._periods = _with_earlier(periods, back)
        self._units = list(units)
        self._totals = self._read(bases, parts)
        self._reckonings: dict[str, list[Reckoning]] | None = None
        self._expecting: dict[tuple[str, bool], Expecting] = {}

    def _read(self, bases: Collection[str], bys: Collection[str]) -> dict[At, Value]:
        by_key = {period.key: period for period in self._periods}
        rows = Total.objects.filter(unit__in=self._units, period__key__in=by_key, indicator__code__in=bases, by__in=bys)
        columns = ("value", "count", "reported", "expected", "state", "computation__at", "computation__version")
        places_of = ("unit_id", "indicator__code", "period__key", "by")
        found = {}
        for unit, code, key, by, value, count, *rest in rows.order_by().values_list(*places_of, *columns):
            told = Fraction(value, count), Fraction(value), Fraction(count)
            found[At(unit, code, by_key[key], by)] = Value(*(told if count > 1 else (told[0], None, None)), *rest)
        return found

    def value(self, at: At) -> Value:
        node = self._formulas.opened(at.code, at.by, at.period.last)
        if isinstance(node, HouseError):
            return Value(None, why_unknown=node)
        return self._base(at) if node is None else self._derived(at, node)

    def _base(self, at: At) -> Value:
        if (found := self._totals.get(at)) is not None:
            return found
        why = Invalid("Chưa có số liệu của {what}.", what=f"{at.code}[{at.by}]" if at.by else at.code)
        return Value(None, expected=self._expected(at) if self._counts_missing else 0, why_unknown=why)

    def _derived(self, at: At, node: rules.Node) -> Value:
        used: list[Value] = []

        def figure(code: str, by: str, back: int) -> Fraction | None:
            period = at.period
            for _ in range(back):
                period = period.previous()
            value = self._base(At(at.unit, code, period, by))
            used.append(value)
            return value.value

        found = rules.compute(node, figure)
        divided = halves(node)
        part, whole = (rules.compute(half, figure).value for half in divided) if divided else (None, None)
        if not used:
            return Value(found.value, why_unknown=found.why)
        least = min(used, key=lambda one: (Fraction(one.reported, one.expected) if one.expected else 0, -one.expected))
        known = [one for one in used if one.value is not None]
        latest = max((one for one in known if one.computed_at), key=_instant, default=None)
        return Value(
            found.value,
            part,
            whole,
            least.reported,
            least.expected,
            min((one.state for one in used), key=lambda state: _ORDER.get(state, -1)),
            latest.computed_at if latest else None,
            latest.version if latest else "",
            found.why,
        )

    def _expected(self, at: At) -> int:
        """How many facts a total would stand on of which there is none; the tree is read once, if it is ever needed."""
        if self._reckonings is None:
            known = stored.reckonings()
            self._reckonings = {versions[0].code: versions for versions in known.values()}
        one = reckoning_in(self._reckonings.get(at.code, []), year_of(at.period))
        if one is None:
            return 0
        key = one.depth, one.adds_up
        if key not in self._expecting:
            days = sorted(day for period in self._periods for day in (period.first, period.last))
            tree = stored.tree_between(one, days[0], days[-1], self._units)
            self._expecting[key] = Expecting(tree)
        return self._expecting[key].expected(one, at.unit, at.period)


def _instant(value: Value) -> datetime:
    if value.computed_at is None:
        raise ValueError("nothing was computed")
    return value.computed_at


def _with_earlier(periods: Collection[Period], back: int) -> list[Period]:
    found = dict.fromkeys(periods)
    fresh = [period for period in found if period.calendar is not Calendar.OWN]
    for _ in range(back):
        fresh = [period.previous() for period in fresh]
        found.update(dict.fromkeys(fresh))
    return list(found)
