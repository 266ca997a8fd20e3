"""What figures of learning stand on, read in few queries and gathered by the database: no row for each learner.

Only what community learning centres hold is read here: the figures of the register are theirs. The age of somebody is
the one that they reach in the year in which the period ends.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from typing import Any

from django.db.models import Case, CharField, Count, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from hieuhoc.kernel.periods import Period
from hieuhoc.programme.learning.models import (
    Activity,
    Allocation,
    Assessment,
    Attendance,
    Enrolment,
    HeadCount,
    Organiser,
    Post,
    Provider,
    Session,
    Spending,
)
from hieuhoc.programme.learning.rules.counting import Ground, Heads, Learner, Traits, Turns
from hieuhoc.programme.learning.selectors.enrolments import PRESENT
from hieuhoc.registers.people.models import Person
from hieuhoc.registers.people.rules import AGE_BANDS, MAJORITY
from hieuhoc.registers.places import selectors as places

CENTRE = "clc"
_LEVELS = ("province", "district", "commune")


def ground(day: date, units: Iterable[int]) -> Ground:
    """The map of a day for the rows of some units."""
    standing = {}
    communes = []
    for unit, level, path in places.units_on(day).filter(level__in=_LEVELS).values_list("unit_id", "level", "path"):
        standing[unit] = path
        if level == "commune":
            communes.append(unit)
    above = {unit: tuple(number for number in _numbers(standing[unit]) if number in standing) for unit in communes}
    ended = set(units) - above.keys()
    return Ground(above, places.heirs_on(ended, day) if ended else {})


def _numbers(path: str) -> Iterator[int]:
    return (int(number) for number in path.split("/") if number)


def units_recording(day: date) -> set[int]:
    """The units whose centres have held something by a day: of the others it is not known what they hold."""
    rows = Activity.objects.filter(provider__kind=CENTRE, held_on__lte=day).order_by()
    return set(rows.values_list("unit_id", flat=True).distinct())


# ---- activities and sessions -----------------------------------------------------------------------


def activities_held(period: Period) -> QuerySet[Activity]:
    """The activities that count in a period: those whose first session was held in it."""
    return Activity.objects.filter(provider__kind=CENTRE, held_on__gte=period.first, held_on__lt=period.end)


def units_of_rural_activities(day: date) -> dict[int, int]:
    """The activities for rural workers that were held by a day, each with the unit where it counts."""
    rows = Activity.objects.filter(provider__kind=CENTRE, for_rural_workers=True, held_on__lte=day).order_by()
    return dict(rows.values_list("pk", "unit_id"))


def sessions_held(period: Period) -> QuerySet[Session]:
    """The sessions held in a period."""
    kept = Session.objects.filter(on__gte=period.first, on__lt=period.end, state="held")
    return kept.filter(activity__provider__kind=CENTRE)


def activities_by_field(period: Period) -> list[tuple[int, str, int]]:
    """Unit, field and how many activities count there."""
    rows = activities_held(period).order_by().values_list("unit_id", "field")
    return list(rows.annotate(number=Count("pk")))


def activities_by_organiser(period: Period) -> list[tuple[int, str, int]]:
    """Unit, kind of organiser and how many activities one of them holds; an activity counts for each of its kinds."""
    rows = Organiser.objects.filter(activity__in=activities_held(period).order_by())
    told = rows.order_by().values_list("activity__unit_id", "kind")
    return list(told.annotate(number=Count("activity_id", distinct=True)))


def sessions_by_activity(period: Period) -> dict[int, int]:
    """Activity and how many of its sessions were held."""
    return dict(sessions_held(period).order_by().values_list("activity_id").annotate(number=Count("pk")))


def sessions_by_unit(period: Period) -> list[tuple[int, int]]:
    """Unit and how many sessions were held."""
    rows = sessions_held(period).order_by().values_list("activity__unit_id")
    return list(rows.annotate(number=Count("pk")))


# ---- turns, attendances, people --------------------------------------------------------------------


def first_attendances(period: Period) -> QuerySet[Enrolment]:
    """The enrolments by which somebody known by name is a turn in a period.

    Of two rows of one person in one activity, joined since, the one that came first is the turn.
    """
    kept = Enrolment.objects.filter(first_on__gte=period.first, first_on__lt=period.end)
    kept = kept.filter(activity__provider__kind=CENTRE)
    echoes = _echoes()
    return kept.exclude(pk__in=echoes) if echoes else kept


def _echoes() -> list[int]:
    """The enrolments of people who came to the same activity under another of their rows before."""
    attended = Enrolment.objects.filter(first_on__isnull=False).order_by("first_on", "pk")
    activities = set(attended.filter(person__in=_joined()).values_list("activity_id", flat=True))
    told = attended.filter(activity__in=activities).values_list("pk", "activity_id", "person", "person__same_as")
    seen = set()
    echoes = []
    for pk, activity, person, same_as in told:
        key = activity, same_as or person
        if key in seen:
            echoes.append(pk)
        seen.add(key)
    return echoes


def _joined() -> list[int]:
    """The rows of people that were joined to others: few, and read first, so that they lead to the rest."""
    return list(Person.objects.filter(same_as__isnull=False).order_by().values_list("pk", flat=True))


def turns_named(period: Period) -> list[Turns]:
    """The turns of people who are known by name, by unit, field and traits."""
    rows = first_attendances(period).order_by().annotate(**_traits("person__", period.last))
    told = rows.values_list(*_columns("activity__unit_id", "activity__field")).annotate(number=Count("pk"))
    return [Turns(unit, field, _told(sex, band, minority), count) for unit, field, sex, band, minority, count in told]


def turns_named_by_activity(period: Period, *, only_rural: bool = False) -> Counter[int]:
    """The same, by activity; only of those for rural workers where it is asked for."""
    rows = first_attendances(period).order_by()
    rows = rows.filter(activity__for_rural_workers=True) if only_rural else rows
    return Counter(dict(rows.values_list("activity_id").annotate(number=Count("pk"))))


def heads(period: Period, *, only_rural: bool = False) -> list[Heads]:
    """Heads at every session, held in whatever period, of the activities in which heads were counted in a period; only
    of those for rural workers where it is asked for.
    """
    counted = _head_counts().filter(session__on__gte=period.first, session__on__lt=period.end)
    counted = counted.filter(session__activity__for_rural_workers=True) if only_rural else counted
    activities = counted.order_by().values("session__activity")
    rows = _head_counts().filter(session__activity__in=activities).order_by("pk")
    columns = ("activity_id", "activity__unit_id", "activity__field", "pk", "on")
    told = rows.values_list(*(f"session__{name}" for name in columns), "sex", "age_band", "count")
    return [Heads(*row) for row in told]


def _head_counts() -> QuerySet[HeadCount]:
    kept = HeadCount.objects.filter(session__activity__provider__kind=CENTRE, count__gt=0)
    return kept.exclude(session__state="cancelled")


def attendances_by(period: Period, column: str = "session__activity__unit_id") -> Counter[int]:
    """How often somebody was at a session, by unit: people known by name, and heads."""
    rows = _attended(period).order_by().values_list(column).annotate(number=Count("pk"))
    found = Counter(dict(rows))
    seen = set()
    joined = Enrolment.objects.filter(person__in=_joined()).order_by().values_list("activity_id", flat=True)
    twice = _attended(period).filter(session__activity__in=set(joined))
    for place, session, person, same_as in twice.values_list(
        column, "session_id", "enrolment__person_id", "enrolment__person__same_as_id"
    ):
        key = session, same_as or person
        found[place] -= key in seen
        seen.add(key)
    counted = _head_counts().filter(session__on__gte=period.first, session__on__lt=period.end)
    for place, count in counted.order_by().values_list(column).annotate(number=Sum("count")):
        found[place] += count
    return found


def _attended(period: Period) -> QuerySet[Attendance]:
    within = Attendance.objects.filter(session__on__gte=period.first, session__on__lt=period.end, mark__in=PRESENT)
    return within.filter(session__activity__provider__kind=CENTRE).exclude(session__state="cancelled")


def learners(period: Period) -> list[Learner]:
    """Who was at a session in a period, known by name, and where: one row for each of somebody's units."""
    rows = _attended(period).order_by().annotate(root=_root("enrolment__person"))
    rows = rows.annotate(**_traits("enrolment__person__", period.last))
    told = rows.values_list(*_columns("root", "session__activity__unit_id")).distinct()
    return [Learner(person, unit, _told(sex, band, minority)) for person, unit, sex, band, minority in told]


def learners_first_seen(period: Period, where: Q) -> list[tuple[int, date]]:
    """The people who were at a session of some activities in a period, and the day of the first one."""
    rows = _attended(period).filter(where).order_by("session__on")
    first: dict[int, date] = {}
    for person, on in rows.annotate(root=_root("enrolment__person")).values_list("root", "session__on"):
        first.setdefault(person, on)
    return list(first.items())


def _root(person: str) -> Coalesce:
    return Coalesce(f"{person}__same_as_id", f"{person}_id")


def _traits(way: str, day: date) -> dict[str, Any]:
    """Sex, age band and whether of an ethnic minority; of somebody joined to another row, what that row says."""
    year = Coalesce(f"{way}same_as__birth_year", f"{way}birth_year")
    ethnicity = Coalesce(f"{way}same_as__ethnicity", f"{way}ethnicity")
    bands = [
        When(_year__gt=day.year - high if high is not None else 0, _year__lte=day.year - low, then=Value(band))
        for band, (low, high) in AGE_BANDS.items()
    ]
    return {
        "_year": year,
        "_ethnicity": ethnicity,
        "sex_": Coalesce(f"{way}same_as__sex", f"{way}sex"),
        "band_": Case(*bands, default=Value(""), output_field=CharField()),
        "minority_": Case(
            When(_ethnicity="", then=Value(-1)),
            When(_ethnicity=MAJORITY, then=Value(0)),
            default=Value(1),
            output_field=IntegerField(),
        ),
    }


def _columns(*names: str) -> tuple[str, ...]:
    """Columns, and those of somebody's traits behind them."""
    return (*names, "sex_", "band_", "minority_")


@cache
def _told(sex: str, band: str, minority: int) -> Traits:
    return Traits(sex, band, None if minority < 0 else minority == 1)


# ---- centres ---------------------------------------------------------------------------------------


def providers_by_unit(kind: str) -> dict[int, list[Provider]]:
    """Every body of a kind that there has ever been, by the unit at which it is."""
    found: dict[int, list[Provider]] = defaultdict(list)
    for one in Provider.objects.filter(kind=kind).select_related("unit").order_by("pk"):
        found[one.unit_id].append(one)
    return found


def posts_of_centres() -> dict[int, list[Post]]:
    """Every post at a centre that there has ever been, by the centre."""
    found: dict[int, list[Post]] = defaultdict(list)
    for one in Post.objects.filter(provider__kind=CENTRE).order_by("pk"):
        found[one.provider_id].append(one)
    return found


def graded(period: Period) -> QuerySet[Assessment]:
    """The gradings of centres, verified, of the year in which a period ends; those by a mere draft are no grades."""
    kept = Assessment.objects.filter(year=period.last.year, state="verified", provider__kind=CENTRE)
    return kept.exclude(grade="").exclude(grading__state="draft")


def spent_by_state(period: Period | None = None) -> QuerySet[Spending]:
    """What centres spent of the State's money in a period, or ever."""
    kept = Spending.objects.filter(source="state", cancelled_at=None, provider__kind=CENTRE)
    return kept if period is None else kept.filter(on__gte=period.first, on__lt=period.end)


def grades_by_unit(period: Period) -> list[tuple[int, str, int]]:
    """Unit, grade and how many centres have it."""
    rows = graded(period).order_by().values_list("provider__unit_id", "grade")
    return list(rows.annotate(number=Count("pk")))


def spending_by_unit(period: Period) -> list[tuple[int, str, int]]:
    """Unit, line and đồng spent of the State's money; 0 for units that have only spent in other periods."""
    known = spent_by_state().filter(on__lt=period.end).order_by().values_list("provider__unit_id", flat=True).distinct()
    rows = spent_by_state(period).order_by().values_list("provider__unit_id", "line").annotate(sum=Sum(F("amount")))
    return [*((unit, "", 0) for unit in known), *rows]


def allocated(period: Period) -> QuerySet[Allocation]:
    """What centres were given for the year in which a period ends."""
    kept = Allocation.objects.filter(year=period.last.year, step=Allocation.Step.ALLOCATION, provider__kind=CENTRE)
    return kept.filter(cancelled_at=None)


def spent(period: Period) -> QuerySet[Spending]:
    """What centres spent in a period."""
    kept = Spending.objects.filter(on__gte=period.first, on__lt=period.end, provider__kind=CENTRE)
    return kept.filter(cancelled_at=None)


def by_source(rows: QuerySet[Any]) -> list[tuple[int, str, int]]:
    """Unit, source and đồng of what was given or spent."""
    told = rows.order_by().values_list("provider__unit_id", "source")
    return list(told.annotate(sum=Sum("amount")))


def units_keeping_money(period: Period) -> set[int]:
    """The units whose centres have ever written down what they were given or spent, up to the end of a period."""
    spendings = Spending.objects.filter(on__lt=period.end, provider__kind=CENTRE)
    allocations = Allocation.objects.filter(year__lte=period.last.year, provider__kind=CENTRE)
    told = (rows.order_by().values_list("provider__unit_id", flat=True).distinct() for rows in (spendings, allocations))
    return {unit for units in told for unit in units}


def supported(period: Period) -> set[int]:
    """The centres that were given something of the State's for the year in which a period ends."""
    return set(allocated(period).filter(source="state").order_by().values_list("provider_id", flat=True))
