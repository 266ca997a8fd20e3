"""Activities as whoever works with them sees them: the list, one of them whole, days of a calendar, and what waits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber

from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.learning.models import (
    Activity,
    Attendance,
    Enrolment,
    HeadCount,
    Photo,
    Provider,
    Session,
)
from hieuhoc.programme.learning.selectors import seeing
from hieuhoc.registers.accounts import access as accounts
from hieuhoc.registers.accounts.roles import Permission

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

SORTS = {
    "-day": ("-first_on", "-pk"),
    "day": ("first_on", "pk"),
    "title": ("folded", "pk"),
    "-title": ("-folded", "-pk"),
    "unit": ("unit__sort_key", "-first_on", "-pk"),
    "-unit": ("-unit__sort_key", "-first_on", "-pk"),
}


def find_activities(
    user: User,
    *,
    text: str = "",
    kind: str = "",
    field: str = "",
    state: str = "",
    organiser: str = "",
    unit: Unit | None = None,
    provider: Provider | None = None,
    month: date | None = None,
    held: date | None = None,
    sort: str = "",
) -> QuerySet[Activity]:
    """The activities of a list; `month` and `held`, in which they meet and in which they count, are any day of it."""
    rows = seeing.activities_seen(user).select_related("provider", "unit", "topic")
    exact = {"kind": kind, "field": field, "state": state}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if organiser:
        rows = rows.filter(organisers__kind=organiser).distinct()
    if provider is not None:
        rows = rows.filter(provider=provider)
    if unit is not None:
        rows = rows.filter(accounts.within([unit]))
    if month is not None:
        first = month.replace(day=1)
        rows = rows.filter(first_on__lt=(first + timedelta(days=32)).replace(day=1), last_on__gte=first)
    if held is not None:
        first = held.replace(day=1)
        rows = rows.filter(held_on__gte=first, held_on__lt=(first + timedelta(days=32)).replace(day=1))
    for word in fold(text).split():
        rows = rows.filter(Q(folded__contains=word) | Q(provider__folded__contains=word) | Q(code=word))
    return rows.order_by(*SORTS.get(sort, SORTS["-day"]))


def activity_by_code(user: User, code: str) -> Activity:
    """One activity. Raises: Missing when there is none, or not for the user."""
    rows = seeing.activities_seen(user).select_related("provider__unit", "unit", "topic", "planned__plan__provider")
    found = rows.filter(code=code).first()
    if found is None:
        raise Missing("Không tìm thấy lớp, chuyên đề này trong phạm vi của bạn.")
    return found


def session_seen(user: User, pk: int) -> Session:
    """One session. Raises: Missing when there is none, or not for the user."""
    rows = Session.objects.filter(activity__in=seeing.activities_seen(user))
    found: Session | None = rows.select_related("activity__provider__unit", "room").filter(pk=pk).first()
    if found is None:
        raise Missing("Không tìm thấy buổi học này trong phạm vi của bạn.")
    return found


@dataclass(frozen=True)
class Crowd:
    """Who was at a session: people marked present or late, and heads counted without names. Units: people."""

    named: int
    heads: int

    @property
    def all(self) -> int:
        """Everybody who was there."""
        return self.named + self.heads


def crowds(sessions: Iterable[Session]) -> dict[int, Crowd]:
    """Who was at each session, by its row key; two queries."""
    keys = [one.pk for one in sessions]
    came = Attendance.objects.filter(session__in=keys).exclude(mark=Attendance.Mark.ABSENT)
    named = dict(came.order_by().values_list("session").annotate(number=Count("pk")))
    counted = HeadCount.objects.filter(session__in=keys)
    heads = dict(counted.order_by().values_list("session").annotate(number=Sum("count")))
    return {key: Crowd(named.get(key, 0), heads.get(key, 0)) for key in keys}


def enrolled(activity: Activity) -> dict[str, int]:
    """How many enrolments stand in each state."""
    rows = Enrolment.objects.filter(activity=activity).order_by()
    return dict(rows.values_list("state").annotate(number=Count("pk")))


# ---- what waits --------------------------------------------------------------------------------------


def photos(activity: Activity, *, withdrawn_too: bool) -> QuerySet[Photo]:
    """What shows that an activity took place, as it was sent."""
    rows = activity.photos.select_related("file")
    return rows if withdrawn_too else rows.filter(is_withdrawn=False)


def sessions_between(user: User, first: date, last: date) -> QuerySet[Session]:
    """The sessions of open and ended activities from a day to another, both included, in their order."""
    rows = seeing.sessions_where(user, Permission.LEARNING_READ).filter(on__gte=first, on__lte=last)
    # Said by what they are not: by what they are, a database looks through all that ever ended, not through the days.
    rows = rows.exclude(activity__state__in=["draft", "cancelled"])
    return rows.select_related("activity__provider", "activity__unit", "room").order_by("starts_at", "pk")


def numbers_by_day(user: User, first: date, last: date) -> dict[date, int]:
    """How many sessions there are on each day."""
    rows = sessions_between(user, first, last).order_by()
    return dict(rows.values_list("on").annotate(number=Count("pk")))


def first_of_days(user: User, first: date, last: date, *, most: int) -> QuerySet[Session]:
    """The first sessions of each day, so many at most."""
    order = [F("starts_at").asc(), F("pk").asc()]
    place = Window(RowNumber(), partition_by=[F("on")], order_by=order)
    # Only the keys are put in order, not the whole rows.
    keys = sessions_between(user, first, last).order_by().annotate(place_of_day=place).filter(place_of_day__lte=most)
    found = Session.objects.filter(pk__in=list(keys.values_list("pk", flat=True)))
    return found.select_related("activity").order_by("starts_at", "pk")


def run_by(user: User) -> QuerySet[Activity]:
    """The activities that the user runs."""
    return seeing.activities_where(user, Permission.ACTIVITY_RUN)


def unmarked(user: User, *, on: date, days: int = 30) -> QuerySet[Session]:
    """Sessions whose day has passed and of which nobody has said who came, for those who may say so."""
    seen = seeing.sessions_where(user, Permission.ATTENDANCE_TAKE).filter(activity__state="open")
    return (
        seen.filter(state="planned", on__lt=on, on__gte=on - timedelta(days=days))
        .select_related("activity__provider")
        .order_by("starts_at", "pk")
    )


def to_finish(user: User, *, on: date) -> QuerySet[Activity]:
    """Open activities whose last session has passed."""
    return run_by(user).filter(state="open", last_on__lt=on).select_related("provider").order_by("last_on", "pk")


def with_waiting(user: User) -> QuerySet[Any]:
    """Open activities for which people wait, with how many."""
    waiting = Count("enrolments", filter=Q(enrolments__state="waiting"))
    rows = run_by(user).filter(state="open").annotate(waits=waiting).filter(waits__gt=0)
    return rows.select_related("provider").order_by("-waits", "pk")


def drafts(user: User) -> QuerySet[Any]:
    """Activities that have not been opened, with whether they have sessions."""
    rows = run_by(user).filter(state="draft").annotate(is_dated=Exists(Session.objects.filter(activity=OuterRef("pk"))))
    return rows.select_related("provider").order_by("-made_at", "pk")


def providers_to_run(user: User, *, on: date) -> QuerySet[Provider]:
    """The providers for which the user may make activities."""
    rows: QuerySet[Provider] = Provider.objects.on(on).select_related("unit")
    return accounts.visible(user, rows, Permission.ACTIVITY_RUN).order_by("sort_key")
