"""What a citizen finds: activities to come that are shown to everybody. No person is read here."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import asin, cos, radians, sin, sqrt
from typing import Any

from django.db.models import Count, DateTimeField, Exists, F, OuterRef, Q, QuerySet, Subquery

from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.learning import states
from hieuhoc.programme.learning.models import Activity, Enrolment, Provider, Session, Topic
from hieuhoc.registers.accounts import access
from hieuhoc.registers.places import selectors as places
from hieuhoc.registers.places.models import Unit

Place = tuple[float, float]
EARTH_KM = 6371.0


@dataclass(frozen=True)
class Asked:
    """What somebody looks for; whatever is left out is not asked. `near` is latitude and longitude."""

    unit: Unit | None = None
    field: str = ""
    topic: Topic | None = None
    since: date | None = None
    until: date | None = None
    is_free: bool = False
    text: str = ""
    near: Place | None = None


def public_activities() -> QuerySet[Activity]:
    """The activities that everybody may see, past ones and cancelled ones too; drafts are nobody's yet."""
    return Activity.objects.filter(is_public=True, provider__is_public=True).exclude(state="draft")


def public_activity(code: str) -> Activity:
    """One that everybody may see. Raises: Missing."""
    found = public_activities().filter(code=code).select_related("provider", "unit__parent", "topic").first()
    if found is None:
        raise Missing("Không có lớp, chuyên đề này.")
    return found


def coming(asked: Asked, *, on: date) -> QuerySet[Any]:
    """The open activities that go on or are to come on a day, the next to meet first; `next_at` is when they do."""
    sessions = Session.objects.filter(activity=OuterRef("pk"), state="planned", on__gte=max(on, asked.since or on))
    if asked.until is not None:
        sessions = sessions.filter(on__lte=asked.until)
    next_at = Subquery(sessions.order_by("starts_at").values("starts_at")[:1], output_field=DateTimeField())
    found = public_activities().filter(Exists(sessions), state="open", last_on__gte=on)
    if asked.unit is not None:
        found = found.filter(access.within([asked.unit]))
    if asked.field:
        found = found.filter(field=asked.field)
    if asked.topic is not None:
        found = found.filter(topic=asked.topic)
    if asked.is_free:
        found = found.filter(fee=0)
    for word in fold(asked.text).split():
        found = found.filter(
            Q(folded__contains=word) | Q(topic__folded__contains=word) | Q(provider__folded__contains=word)
        )
    dated = found.select_related("provider", "unit", "topic").annotate(next_at=next_at)
    return dated.order_by(F("next_at").asc(), "pk")


def nearest(found: QuerySet[Any], near: Place) -> list[tuple[int, float]]:
    """The activities by their row number with how far away they are, the nearest first; of those at one place the
    next to meet. Where the place of the provider is not known, that of its commune stands for it.

    Units: kilometres as the crow flies.
    """
    rows = list(found.values_list("pk", "provider__latitude", "provider__longitude", "unit__key", "next_at"))
    communes = places.points_of({key for _pk, _lat, _long, key, _next in rows})
    away = []
    for pk, latitude, longitude, key, next_at in rows:
        point = (
            (float(latitude), float(longitude)) if latitude is not None and longitude is not None else communes.get(key)
        )
        if point is not None:
            away.append((round(distance(near, point), 1), next_at, pk))
    return [(pk, kilometres) for kilometres, _next, pk in sorted(away)]


def distance(one: Place, other: Place) -> float:
    """How far apart two places are. Units: decimal degrees in, kilometres out.

    Example:
        >>> round(distance((10.012, 105.080), (10.383, 104.487)))
        77
    """
    (north, east), (north2, east2) = (tuple(map(radians, place)) for place in (one, other))
    half = sin((north2 - north) / 2) ** 2 + cos(north) * cos(north2) * sin((east2 - east) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


def in_order(numbers: Sequence[int], *, on: date) -> list[Activity]:
    """Activities by their row numbers, in that order."""
    rows = {row.pk: row for row in coming(Asked(), on=on).filter(pk__in=numbers)}
    return [rows[number] for number in numbers if number in rows]


def places_left(activities: Sequence[Activity]) -> dict[int, int]:
    """How many places are left in each of some activities that have a limit, in one query; none where people wait."""
    limited = {one.pk: one.capacity for one in activities if one.capacity is not None}
    rows = Enrolment.objects.filter(activity__in=limited).order_by().values_list("activity", "state")
    counted = {(pk, state): number for pk, state, number in rows.annotate(number=Count("pk"))}
    left = {}
    for pk, capacity in limited.items():
        taken = sum(counted.get((pk, state), 0) for state in states.TAKING_A_PLACE)
        left[pk] = 0 if counted.get((pk, "waiting")) else max(capacity - taken, 0)
    return left


def sessions_of(activity: Activity) -> QuerySet[Session]:
    """When an activity meets, met, was to meet."""
    return activity.sessions.select_related("room").order_by("starts_at", "pk")


# ---- where ------------------------------------------------------------------------------------------


def places_with_providers() -> list[Unit]:
    """The units in which a public provider stands, with the unit above them; ordered by the upper one, then by name."""
    units = Provider.objects.filter(is_public=True, valid_to=None).order_by().values("unit")
    found = Unit.objects.filter(pk__in=units, valid_to=None).select_related("parent")
    return sorted(found, key=lambda unit: (unit.parent.sort_key if unit.parent else "", unit.sort_key))


def counts_by_unit(found: QuerySet[Activity]) -> Counter[str]:
    """How many of the activities lie at each unit, by the path of the unit."""
    rows = found.order_by().values_list("unit__path").annotate(number=Count("pk"))
    return Counter(dict(rows))


def unit_asked(key: str) -> Unit | None:
    """The unit with this key, if it stands."""
    return Unit.objects.filter(key=key, valid_to=None).select_related("parent").first() if key else None


def topics_to_choose(on: date) -> QuerySet[Topic]:
    """The topics of the catalogue that hold on a day."""
    topics: QuerySet[Topic, Any] = Topic.objects.on(on)
    return topics.order_by("field", "name")


def topics_coming(on: date) -> QuerySet[Topic]:
    """The topics on which something is to come that everybody sees, whether or not they are still in the catalogue."""
    found = coming(Asked(), on=on).order_by().values("topic")
    return Topic.objects.filter(pk__in=found).order_by("name")


def topic_asked(code: str, *, on: date) -> Topic | None:
    """The topic with this code, if it holds."""
    return topics_to_choose(on).filter(code=code).first() if code else None
