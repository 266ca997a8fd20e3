"""Facts and totals as they lie in the tables, in plain values: for adding up, proving and filling pages."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Count, IntegerField, Q, QuerySet
from django.db.models.functions import Cast

from hieuhoc.engines.rollup import Tree
from hieuhoc.kernel.errors import Invalid, Missing
from hieuhoc.kernel.periods import Calendar, Period, Rhythm
from hieuhoc.registers.indicators.models import Definition, Fact, Indicator, ReportingPeriod, Target, Total
from hieuhoc.registers.indicators.rules import adding
from hieuhoc.registers.indicators.rules import facts as rules
from hieuhoc.registers.indicators.rules.reckoning import Reckoning, Sheet
from hieuhoc.registers.places import selectors as places

_PART = 5000
# So many units are named in a question; of more, all are asked for.
_NAMED = 2000


def reckonings(indicators: Collection[int] | None = None) -> dict[int, list[Reckoning]]:
    """How each base indicator is added up, version by version; drafts add up nothing."""
    versions = Definition.objects.exclude(state="draft").filter(kind="base").order_by("indicator_id", "version")
    if indicators is not None:
        versions = versions.filter(indicator__in=indicators)
    columns = ("valid_from", "valid_to", "calendar", "rhythms", "over_places", "over_time", "reported_at", "levels")
    more = ("measure", "breakdowns", "fact")
    found: dict[int, list[Reckoning]] = {}
    for number, code, *told in versions.values_list("indicator_id", "indicator__code", *columns, *more):
        found.setdefault(number, []).append(_reckoning(number, code, *told))
    return found


def _reckoning(
    indicator: int,
    code: str,
    valid_from: date,
    valid_to: date | None,
    calendar: str,
    rhythms: Sequence[str],
    *rest: Any,
) -> Reckoning:
    over_places, over_time, reported_at, levels, measure, breakdowns, fact = rest
    days = valid_from, valid_to, Calendar(calendar), tuple(Rhythm(rhythm) for rhythm in rhythms)
    ways = over_places, over_time, reported_at, tuple(levels)
    return Reckoning(indicator, code, *days, *ways, measure, tuple(breakdowns), fact)


def tree_for(reckoning: Reckoning, sheet: Sheet, units: Collection[int] | None = None) -> Tree:
    """The units that facts of a sheet may be of, and those above; with `units`, only what hangs together with them."""
    return tree_between(reckoning, sheet.columns[0].last, sheet.columns[-1].last, units)


def tree_between(reckoning: Reckoning, first: date, last: date, units: Collection[int] | None = None) -> Tree:
    """The same from one day to another."""
    tree = places.tree_between(first, last, level=reckoning.depth, units=units)
    return tree if reckoning.adds_up else adding.apart(tree)


def periods_by_number(numbers: Collection[int] | None = None) -> dict[int, Period]:
    """The periods as the kernel knows them, by row number."""
    rows = ReportingPeriod.objects.all() if numbers is None else ReportingPeriod.objects.filter(pk__in=numbers)
    return {
        number: Period(first, end, Rhythm(rhythm), Calendar(calendar))
        for number, first, end, rhythm, calendar in rows.order_by().values_list(
            "pk", "first", "end", "rhythm", "calendar"
        )
    }


def numbers_of(periods: Collection[Period]) -> dict[Period, int]:
    """The row numbers of periods, as far as they have one."""
    by_key = {period.key: period for period in periods}
    rows = ReportingPeriod.objects.filter(key__in=by_key).order_by().values_list("key", "pk")
    return {by_key[key]: number for key, number in rows}


def used(indicators: Collection[int] | None = None) -> set[tuple[int, int]]:
    """The pairs of indicator and period (row numbers) for which there is a fact or a total."""
    which = Q() if indicators is None else Q(indicator__in=indicators)
    found: set[tuple[int, int]] = set()
    for model in (Fact, Total):
        pairs = model.objects.filter(which).order_by().values_list("indicator_id", "period_id").distinct()
        found |= set(pairs.iterator(chunk_size=_PART))
    return found


def facts_in(
    indicators: Collection[int], periods: Mapping[int, int], *, units: Collection[int] = (), bys: Collection[str] = ()
) -> tuple[list[adding.Cell], list[adding.Recorded]]:
    """The facts of some indicators in some periods (row number → column), and the cells in which they lie."""
    which = Q(indicator__in=indicators, period__in=list(periods))
    if units and len(units) <= _NAMED:
        which &= Q(unit__in=list(units))
    if bys:
        which &= Q(by__in=list(bys))
    # A number as it lies there: to make a mark of each takes as long as everything else.
    rows = Fact.objects.filter(which).order_by().annotate(approved=Cast("is_approved", IntegerField()))
    cells: dict[adding.Cell, int] = {}
    facts = []
    columns = ("indicator_id", "by", "unit_id", "period_id", "value", "approved")
    for indicator, by, unit, period, value, approved in rows.values_list(*columns).iterator(chunk_size=_PART):
        number = cells.setdefault(adding.Cell(indicator, by), len(cells))
        facts.append(adding.Recorded(unit, periods[period], number, value, approved))
    return list(cells), facts


Stored = tuple[int, adding.Sum, str]
"""A stored total: its row number, its numbers and its state."""


def totals_in(
    indicators: Collection[int],
    periods: Mapping[int, Period],
    *,
    units: Collection[int] = (),
    bys: Collection[str] = (),
) -> Iterator[tuple[adding.Key, Stored]]:
    """The stored totals of some indicators in some periods (by row number), of all units or of some."""
    which = Q(indicator__in=indicators, period__in=list(periods))
    if units:
        which &= Q(unit__in=list(units))
    if bys:
        which &= Q(by__in=list(bys))
    columns = ("pk", "unit_id", "indicator_id", "by", "period_id")
    numbers = ("value", "count", "reported", "expected", "approved", "state")
    rows = Total.objects.filter(which).order_by().values_list(*columns, *numbers)
    keys = {number: period.key for number, period in periods.items()}
    for pk, unit, indicator, by, period, *told, state in rows.iterator(chunk_size=_PART):
        yield adding.Key(unit, adding.Cell(indicator, by), keys[period]), (pk, adding.Sum(*told), state)


# ---- facts, one by one -----------------------------------------------------------------------------

_FIGURES = ("counted", "stated", "value", "reason", "source", "is_approved")
_At = tuple[int, adding.Cell, Period]


def figures_at(places_: Collection[_At]) -> dict[_At, tuple[int, rules.Figures]]:
    """The stored facts at some places (unit, cell, period), with their row numbers."""
    periods = numbers_of({period for _unit, _cell, period in places_})
    period_of = {number: period for period, number in periods.items()}
    which = Q(indicator__in={cell.indicator for _unit, cell, _period in places_}, period__in=list(period_of))
    units = {unit for unit, _cell, _period in places_}
    if len(units) <= _NAMED:
        which &= Q(unit__in=units)
    wanted = set(places_)
    found = {}
    rows = (
        Fact.objects.filter(which).order_by().values_list("pk", "unit_id", "indicator_id", "by", "period_id", *_FIGURES)
    )
    for pk, unit, indicator, by, period, *told in rows.iterator(chunk_size=_PART):
        at = unit, adding.Cell(indicator, by), period_of[period]
        if at in wanted:
            found[at] = pk, rules.Figures(*told)
    return found


def places_counted(indicators: Collection[int], period: Period) -> list[tuple[int, adding.Cell]]:
    """The units and cells for which something was counted in a period."""
    rows = Fact.objects.filter(indicator__in=indicators, period__key=period.key, counted__isnull=False).order_by()
    told = rows.values_list("unit_id", "indicator_id", "by")
    return [(unit, adding.Cell(indicator, by)) for unit, indicator, by in told]


def cells_stated(unit: int, period: Period, *, source: str, codes: Collection[str] | None = None) -> list[adding.Cell]:
    """The cells in which a unit's figures of a period come from a row."""
    rows = Fact.objects.filter(unit=unit, period__key=period.key, source=source, stated__isnull=False)
    if codes is not None:
        rows = rows.filter(indicator__code__in=codes)
    return [adding.Cell(*cell) for cell in rows.order_by().values_list("indicator_id", "by")]


def cells_known(unit: int, period: Period, *, codes: Collection[str]) -> list[adding.Cell]:
    """The cells of some indicators in which a unit has figures of a period."""
    rows = Fact.objects.filter(unit=unit, period__key=period.key, indicator__code__in=codes)
    return [adding.Cell(*cell) for cell in rows.order_by().values_list("indicator_id", "by")]


class OwnFact(NamedTuple):
    """A fact of a unit's own: its two figures, which is used, and the row from which the stated one came."""

    counted: int | None
    stated: int | None
    value: int
    source: str


def own_facts(unit: int, period: Period, codes: Collection[str]) -> dict[tuple[str, str], OwnFact]:
    """A unit's own facts of a period, by code and part. For services: it does not ask who asks."""
    rows = Fact.objects.filter(unit=unit, period__key=period.key, indicator__code__in=codes).order_by()
    columns = ("indicator__code", "by", "counted", "stated", "value", "source")
    return {(code, by): OwnFact(*rest) for code, by, *rest in rows.values_list(*columns)}


def indicator_numbers(codes: Collection[str]) -> dict[str, int]:
    """The row numbers of indicators. Raises: Missing for a code that none has."""
    found = dict(Indicator.objects.filter(code__in=codes).order_by().values_list("code", "pk"))
    for code in codes:
        if code not in found:
            raise Missing("Không có chỉ số “{code}”.", code=code)
    return found


def why_not_taken(indicator: int, period: Period) -> Invalid:
    """Why an indicator takes no facts in a period: it is derived, a draft, not yet or no longer in force."""
    one = Indicator.objects.get(pk=indicator)
    states = set(one.definitions.values_list("state", "kind"))
    if states and all(kind == "derived" for _state, kind in states):
        return Invalid("Chỉ số {code} được tính từ chỉ số khác, không ghi số liệu.", code=one.code)
    if all(state == "draft" for state, _kind in states):
        return Invalid("Chỉ số {code} còn là bản nháp.", code=one.code)
    return Invalid("Chỉ số {code} không được dùng vào {period}.", code=one.code, period=period)


def periods_named(periods: Collection[Period]) -> dict[Period, ReportingPeriod]:
    """The rows of periods."""
    by_key = {period.key: period for period in periods}
    return {by_key[row.key]: row for row in ReportingPeriod.objects.filter(key__in=by_key)}


def codes_of(indicators: Collection[int]) -> dict[int, str]:
    """The codes of indicators, by row number."""
    return dict(Indicator.objects.filter(pk__in=indicators).order_by().values_list("pk", "code"))


def facts_from(day: date, *, units: Collection[int]) -> list[tuple[int, Period, int]]:
    """How many facts units have for each period that ends on a day or later: unit, period, count."""
    return _counted_from(Fact.objects.filter(period__end__gt=day), units)


def targets_from(day: date, *, units: Collection[int]) -> list[tuple[int, Period, int]]:
    """The same of targets."""
    return _counted_from(Target.objects.filter(period__end__gt=day), units)


def _counted_from(rows: QuerySet[Any], units: Collection[int]) -> list[tuple[int, Period, int]]:
    ordered = sorted(units)
    found: list[tuple[int, Period, int]] = []
    for start in range(0, len(ordered), _PART):
        part = rows.filter(unit__in=ordered[start : start + _PART]).order_by("unit_id", "period__end")
        counts = part.values_list("unit_id", "period_id").annotate(number=Count("pk"))
        names = periods_by_number({period for _unit, period, _number in counts})
        found += [(unit, names[period], number) for unit, period, number in counts]
    return found
