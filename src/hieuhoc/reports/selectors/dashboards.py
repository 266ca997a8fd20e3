"""What the page of a unit shows: its indicators with targets and prospects, those beside and beneath it, what is late.

Every read here takes a fixed number of queries, however many units, indicators and periods there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce

from hieuhoc.engines.rollup import Ratio, Restated
from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.periods import Calendar, Period, Rhythm, period_from, period_of
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.indicators import rules
from hieuhoc.registers.indicators import selectors as indicators
from hieuhoc.registers.indicators.models import Definition, ReportingPeriod, Target
from hieuhoc.registers.indicators.rules import measures
from hieuhoc.registers.indicators.selectors import At, Standing, Value
from hieuhoc.registers.places import selectors as places
from hieuhoc.registers.places.models import Succession
from hieuhoc.reports.models import Boundary, Submission
from hieuhoc.reports.states import OWED

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

HISTORY = {Rhythm.YEAR: 5, Rhythm.HALF: 6, Rhythm.QUARTER: 8, Rhythm.MONTH: 12}
_LONGEST_FIRST = (Rhythm.YEAR, Rhythm.HALF, Rhythm.QUARTER, Rhythm.MONTH)
LEVELS = ("province", "district", "commune")
ESTIMATED = "estimated"
SUBMISSION = "reports.submission"  # how the register of indicators names the report from which a figure came


# ---- periods --------------------------------------------------------------------------------------------------


def periods_to_choose(*, on: date) -> list[Period]:
    """The periods of official reports of which anything is known, the latest first, and the years of all calendars."""
    rows = ReportingPeriod.objects.filter(first__lte=on).exclude(calendar=Calendar.OWN.value)
    known = [row.period for row in rows]
    years = {period.year for period in known} | {period_of(Rhythm.YEAR, on, Calendar.CLOSING).year}
    found = {year_turn(year) for year in years}
    found |= {period for period in known if period.calendar is Calendar.CLOSING}
    return sorted(found, key=lambda one: (one.end, one.rhythm is Rhythm.YEAR, one.rhythm.months), reverse=True)


def year_turn(year: int, calendar: Calendar = Calendar.CLOSING) -> Period:
    """The turn of a calendar that is counted to a year."""
    return period_from(f"{calendar.prefix}{year}")


def period_of_indicator(told: Definition | rules.Definition, chosen: Period) -> Period | None:
    """The period of an indicator that belongs to a chosen one: the same where it is known for such, else its year.

    None for an indicator that has neither; an indicator that is known by shorter turns only is shown for the last of
    them in the chosen period.
    """
    calendar = Calendar(told.calendar)
    if calendar is chosen.calendar and chosen.rhythm.value in told.rhythms:
        return chosen
    if Rhythm.YEAR.value in told.rhythms:
        return year_turn(chosen.year, calendar)
    rhythm = next((one for one in _LONGEST_FIRST if one.value in told.rhythms), None)
    return period_of(rhythm, chosen.last, calendar) if rhythm else None


def history_of(period: Period, count: int = 0) -> list[Period]:
    """The period and some before it, the oldest first: five years, eight quarters, twelve months."""
    found = [period]
    while period.calendar is not Calendar.OWN and len(found) < (count or HISTORY[period.rhythm]):
        found.append(found[-1].previous())
    return found[::-1]


# ---- one indicator at one unit -------------------------------------------------------------------------------


class Known(NamedTuple):
    """A figure as it is shown: `number` is None where it is unknown."""

    period: Period
    value: Value
    number: Decimal | None


@dataclass(frozen=True)
class Figure:
    """An indicator of a unit for a period, with what came before it, its target, and its place among peers."""

    definition: Definition
    period: Period
    history: tuple[Known, ...]
    target: Target | None = None
    prospect: rules.Prospect | None = None
    standing: Standing | None = None

    @property
    def measure(self) -> rules.Measure:
        return rules.measure(self.definition.measure)

    @property
    def value(self) -> Value:
        return self.history[-1].value

    @property
    def number(self) -> Decimal | None:
        """The value as it is shown."""
        return self.history[-1].number

    @property
    def before(self) -> Known | None:
        """The figure of the turn before."""
        return self.history[-2] if len(self.history) > 1 else None

    @property
    def is_better(self) -> bool | None:
        """Whether it is better than the turn before; None where nobody says which way is good."""
        before = self.before.number if self.before else None
        if self.number is None or before is None or self.number == before or self.definition.direction == "none":
            return None
        return (self.number > before) == (self.definition.direction == "up")


def shown(value: Fraction | int | None, told: Definition | rules.Definition) -> Decimal | None:
    """A value in the measure and with the decimals in which its indicator is shown."""
    if value is None:
        return None
    return measures.round_half_up(rules.measure(told.measure).shown(value), told.decimals)


def definitions_shown(unit: Unit, *, on: date, key_only: bool = False) -> list[Definition]:
    """The definitions in force on a day that are known for units of this level, in the order of families."""
    rows = Definition.objects.on(on).filter(state="in_force").select_related("indicator__family")
    if key_only:
        rows = rows.filter(is_key=True)
    return [row for row in rows if unit.level in row.levels]


def figures(
    user: User,
    unit: Unit,
    definitions: Sequence[Definition],
    *,
    chosen: Period,
    today: date,
    depth: int = 0,
    by: str = "",
) -> list[Figure]:
    """Each indicator for its own period that belongs to the chosen one, with its history and target.

    `depth` is how many turns are told, the last one among them; as many as are usual for its rhythm without it. `by`
    asks for a part: a target is one of the whole, and goes with that alone.

    Raises: Missing, Refused for a unit out of reach.
    """
    access.require(user, Permission.INDICATOR_READ, at=unit)
    placed = [(row, period) for row in definitions if (period := period_of_indicator(row, chosen)) is not None]
    turns = {period: history_of(period, depth) for _row, period in placed}
    everything = list(dict.fromkeys(one for listed in turns.values() for one in listed))
    found = _values([unit.pk], everything, [row.indicator.code for row, _period in placed], by)
    targets = {} if by else _targets(unit, [row for row, _period in placed])
    return [
        _figure(row, period, _told_in(found, unit, row, turns[period], by), targets, today) for row, period in placed
    ]


def _told_in(
    found: Mapping[At, Value], unit: Unit, row: Definition, turns: Sequence[Period], by: str
) -> list[tuple[Period, Value | None]]:
    return [(one, found.get(At(unit.pk, row.indicator.code, one, by))) for one in turns]


def _values(
    units: Collection[int],
    periods: Collection[Period],
    codes: Collection[str],
    by: str = "",
    *,
    counts_missing: bool = True,
) -> Mapping[At, Value]:
    if not (units and periods and codes):
        return {}
    return indicators.values(units, periods, codes=codes, bys=[by], counts_missing=counts_missing)


def _targets(unit: Unit, definitions: Iterable[Definition]) -> dict[int, list[Target]]:
    found: dict[int, list[Target]] = {}
    rows = Target.objects.filter(unit=unit, indicator__in=[row.indicator_id for row in definitions])
    for one in rows.select_related("period").order_by("period__end"):
        found.setdefault(one.indicator_id, []).append(one)
    return found


def _figure(
    row: Definition,
    period: Period,
    told: Sequence[tuple[Period, Value | None]],
    targets: Mapping[int, Sequence[Target]],
    today: date,
) -> Figure:
    history = tuple(Known(one, value or Value(None), shown(value.value if value else None, row)) for one, value in told)
    aim = next((one for one in targets.get(row.indicator_id, ()) if one.period.end >= period.end), None)
    outlook = None
    if aim is not None:
        points = [rules.Point(one.period.last, one.value.value) for one in history if one.value.value is not None]
        outlook = rules.prospect(
            points,
            target=rules.measure(row.measure).counted(Fraction(aim.value)),
            by=aim.period.period.last,
            today=today,
            direction=row.direction,
        )
    return Figure(row, period, history, aim, outlook)


def with_standings(unit: Unit, told: Sequence[Figure]) -> list[Figure]:
    """The figures with the unit's place among those of its level beneath the same unit; no value of theirs is told."""
    if not told or unit.parent_id is None:
        return list(told)
    day = max(one.period.last for one in told)
    above = places.ancestors(unit, day)[-1:] if stands(unit, day) else []
    if not above:
        return list(told)
    peers = [one.unit_id for one in indicators.units_beneath(above[0].unit, on=day) if one.level == unit.level]
    codes = [one.definition.indicator.code for one in told]
    found = _values(peers, {one.period for one in told}, codes, counts_missing=False)
    return [_placed(unit, one, peers, found) for one in told]


def stands(unit: Unit, day: date) -> bool:
    """Whether a unit is there on a day."""
    return unit.valid_from <= day and (unit.valid_to is None or day < unit.valid_to)


def _placed(unit: Unit, one: Figure, peers: Sequence[int], found: Mapping[At, Value]) -> Figure:
    code = one.definition.indicator.code
    known = {peer: value.value for peer in peers if (value := found.get(At(peer, code, one.period))) is not None}
    is_falling = one.definition.direction != "down"
    numbers = sorted((value for value in known.values() if value is not None), reverse=is_falling)
    own = known.get(unit.pk)
    if own is None or len(numbers) < 2:
        return one
    middle = len(numbers) // 2
    median = numbers[middle] if len(numbers) % 2 else (numbers[middle - 1] + numbers[middle]) / 2
    standing = Standing(numbers.index(own) + 1, len(numbers), median)
    return Figure(one.definition, one.period, one.history, one.target, one.prospect, standing)


# ---- those beneath it ----------------------------------------------------------------------------------------


class Beneath(NamedTuple):
    """A unit beneath the one that is shown, with its figure; `number` as it is shown."""

    key: str
    name: str
    short_name: str
    number: Decimal | None
    value: Value
    note: str = ""


def beneath(
    user: User, unit: Unit, definition: Definition, period: Period, *, level: str = "", by: str = ""
) -> list[Beneath]:
    """One indicator of the units right beneath, or of those of a level; in Vietnamese order."""
    told = indicators.values_beneath(
        user, unit, code=definition.indicator.code, period=period, by=by, level=level or None, counts_missing=False
    )
    return [
        Beneath(one.unit.key, one.name, bare(one.name), shown(value.value, definition), value) for one, value in told
    ]


def levels_beneath(unit: Unit, *, on: date) -> list[str]:
    """The levels of administrative units that stand beneath one on a day, from the top down."""
    if unit.level not in LEVELS[:2] or not stands(unit, on):
        return []
    rows = places.units_on(on, under=unit).filter(level__in=LEVELS).order_by().values_list("level", flat=True)
    known = set(rows.distinct())
    return [level for level in LEVELS if level in known]


def restated(
    user: User, unit: Unit, definition: Definition, period: Period, *, on: date, level: str = ""
) -> list[Beneath]:
    """One indicator of the units beneath a unit as it stands on a day, for a period that ended on another map."""
    told = indicators.values_restated(
        user, unit, code=definition.indicator.code, periods=[period], on=on, level=level or None
    )
    found = []
    for one, cells in told:
        cell = cells.get(period)
        value = _told(cell, hundredfold=definition.measure == measures.PERCENT)
        note = ESTIMATED if cell is not None and cell.is_estimated else ""
        found.append(Beneath(one.unit.key, one.name, bare(one.name), shown(value.value, definition), value, note))
    return found


def _told(cell: Restated | None, *, hundredfold: bool) -> Value:
    if cell is None:
        return Value(None)
    value = cell.value
    if isinstance(value, Ratio):
        quotient = None if value.quotient is None else value.quotient * (100 if hundredfold else 1)
        return Value(quotient, reported=cell.reported, expected=cell.expected)
    if isinstance(value, int | Fraction):
        return Value(Fraction(value), reported=cell.reported, expected=cell.expected)
    return Value(None, reported=cell.reported, expected=cell.expected)


def was_reshaped(unit: Unit, *, since: date, on: date) -> bool:
    """Whether the map beneath a unit is another one on a day than at the end of an earlier period."""
    passed = Succession.objects.filter(on__gt=since, on__lte=on, heir__level__in=LEVELS)
    return passed.filter(Q(predecessor__path__startswith=unit.path) | Q(heir__path__startswith=unit.path)).exists()


def relatives(unit: Unit, *, on: date, today: date) -> list[Unit]:
    """The units to which one who asks for a day outside of a unit's life may want to go.

    Those that went into it, for a day before it was there; the one that has its duties, for one after it ended.
    """
    if on < unit.valid_from:
        rows = places.inheritances_of(unit)
        return list(dict.fromkeys(row.predecessor for row in rows if row.predecessor.level == unit.level))
    heir = places.main_heir(unit) if not stands(unit, today) else None
    return [heir] if heir is not None and heir.pk != unit.pk else []


def bare(name: str) -> str:
    """A name without the word for its kind: "Xã Thạnh Hưng" is "Thạnh Hưng" on a tile."""
    for word in ("Thành phố ", "Thị trấn ", "Thị xã ", "Đặc khu ", "Phường ", "Huyện ", "Quận ", "Tỉnh ", "Xã "):
        if name.startswith(word):
            return name.removeprefix(word)
    return name


def boundaries_on(day: date, keys: Collection[str]) -> dict[str, list[list[tuple[float, float]]]]:
    """The imported shapes of units on a day, by their keys."""
    rows = Boundary.objects.on(day).filter(unit__key__in=keys)
    return dict(rows.values_list("unit__key", "rings"))


def count_of_boundaries(unit: Unit, *, on: date) -> int:
    """Of how many units, this one and those beneath it, a shape is known on a day."""
    found: int = Boundary.objects.on(on).filter(unit__path__startswith=unit.path).count()
    return found


# ---- what is late, and what has changed ----------------------------------------------------------------------


@dataclass(frozen=True)
class Late:
    """What is late in a unit: reports of its own, and how many of those beneath it, by round."""

    own: tuple[Submission, ...]
    beneath: tuple[tuple[str, int, int], ...]  # what, how many are late, of how many

    @property
    def is_empty(self) -> bool:
        return not self.own and not self.beneath

    @property
    def count(self) -> int:
        return sum(late for _what, late, _of in self.beneath)


def _within(unit: Unit) -> QuerySet[Submission]:
    return Submission.objects.filter(access.within([unit]))


def late_in(unit: Unit, *, on: date) -> Late:
    """The reports that are past their day: the unit's own, and those beneath it, counted by round. Two queries."""
    due = Coalesce("extended_to", "due_on")
    rows = _within(unit).annotate(due=due).exclude(round__state="cancelled")
    late = Q(due__lt=on, state__in=OWED)
    own = rows.filter(late, unit=unit).select_related("round__kind", "round__period").order_by("due")[:10]
    counted = (
        rows.exclude(unit=unit)
        .exclude(state__in=("cancelled", "joined"))
        .order_by()
        .values(kind=F("round__kind__name"), key=F("round__period__key"), number=F("round"))
        .annotate(late=Count("pk", filter=late), whole=Count("pk"))
        .filter(late__gt=0)
        .order_by("-late", "kind")[:10]
    )
    told = [(f"{one['kind']}", one["late"], one["whole"]) for one in counted]
    return Late(tuple(own), tuple(told))


@dataclass(frozen=True)
class Changed:
    """What has changed in a unit since an instant."""

    since: datetime
    figures: tuple[tuple[str, str, Period, datetime], ...]  # code, name, period, when
    submissions: tuple[Submission, ...]

    @property
    def is_empty(self) -> bool:
        return not self.figures and not self.submissions


def changed_in(user: User, unit: Unit, *, since: datetime, on: date) -> Changed:
    """The figures of a unit and the reports beneath it that have moved since an instant, the latest first."""
    moved = indicators.changed_since(user, unit, since, limit=8)
    names = dict(
        Definition.objects.on(on)
        .filter(indicator__code__in={code for code, _period, _at in moved})
        .values_list("indicator__code", "name")
    )
    latest = Q(submitted_at__gt=since) | Q(returned_at__gt=since) | Q(approved_at__gt=since)
    reports = _within(unit).filter(latest).select_related("round__kind", "round__period", "unit")
    return Changed(
        since,
        tuple((code, names.get(code, code), period, at) for code, period, at in moved),
        tuple(reports.order_by("-pk")[:8]),
    )


# ---- one indicator, closely ----------------------------------------------------------------------------------


def definition_for(code: str, period: Period) -> Definition:
    """What an indicator means at the end of a period; its latest meaning where it had none then. Raises: Missing."""
    indicator = indicators.indicator_by_code(code)
    versions = [row for row in indicators.versions_of(indicator) if row.state != indicators.DRAFT]
    if not versions:
        raise Missing("Chỉ số {code} chưa được đưa vào dùng.", code=code)
    return indicators.shown_version(versions, period.last)


class Change(NamedTuple):
    """A unit's figures for two periods, as they are shown; `difference` is None where either is unknown."""

    key: str
    name: str
    before: Decimal | None
    after: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        return None if self.before is None or self.after is None else self.after - self.before


def changes(before: Iterable[Beneath], after: Iterable[Beneath]) -> list[Change]:
    """The units of the later period with their figures of both, then those that only the earlier one knew."""
    earlier = {one.key: one for one in before}
    later = {one.key: one for one in after}
    return [
        Change(
            key, one.name, earlier[key].number if key in earlier else None, later[key].number if key in later else None
        )
        for key, one in (later | {key: one for key, one in earlier.items() if key not in later}).items()
    ]


def histories_beneath(
    user: User, unit: Unit, definition: Definition, periods: Sequence[Period], *, by: str = ""
) -> list[tuple[str, str, list[Decimal | None]]]:
    """Key, name and figures through time of the units right beneath on the last period's last day."""
    access.require(user, Permission.INDICATOR_READ, at=unit)
    units = indicators.units_beneath(unit, on=periods[-1].last)
    code = definition.indicator.code
    found = _values([one.unit_id for one in units], periods, [code], by, counts_missing=False)
    return [
        (
            one.unit.key,
            one.name,
            [
                shown(value.value, definition) if (value := found.get(At(one.unit_id, code, period, by))) else None
                for period in periods
            ],
        )
        for one in units
    ]


def reports_behind(user: User, sources: Iterable[str]) -> dict[str, Submission]:
    """The reports from which stated figures came ("reports.submission:12") that the user may read; one query."""
    numbers = {
        int(number)
        for kind, _colon, number in (source.partition(":") for source in sources)
        if kind == SUBMISSION and number.isdecimal()
    }
    rows = Submission.objects.filter(pk__in=numbers).select_related("submitted_by", "approved_by", "round__kind")
    seen = access.visible(user, rows.select_related("round__period", "unit"), Permission.REPORT_READ)
    return {f"{SUBMISSION}:{row.pk}": row for row in seen}
