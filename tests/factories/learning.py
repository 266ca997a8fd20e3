"""Centres, activities, sessions and people who learn, with the least that is valid."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from hieuhoc.foundation.records import clock
from hieuhoc.kernel import vietnamese
from hieuhoc.programme.learning.models import Activity, Organiser, Provider, Session, Topic
from hieuhoc.registers.people.models import Person
from hieuhoc.registers.places.models import Unit


def make_provider(unit: Unit, name: str = "", *, kind: str = "clc", since: date = date(2015, 1, 1)) -> Provider:
    """A body at a commune; a community learning centre unless said otherwise."""
    name = name or f"Trung tâm học tập cộng đồng {unit.name}"
    return Provider.objects.create(
        key=f"{vietnamese.fold(name).replace(' ', '-')}-{Provider.objects.count() + 1}",
        kind=kind,
        name=name,
        folded=vietnamese.fold(name),
        sort_key=vietnamese.sort_key(name),
        unit=unit,
        valid_from=since,
    )


def make_topic(name: str = "Phòng, chống sốt xuất huyết", *, field: str = "health") -> Topic:
    """A topic of the catalogue."""
    fold = vietnamese.fold(name)
    return Topic.objects.create(
        code=fold.replace(",", "").replace(" ", "-")[:60],
        name=name,
        folded=fold,
        field=field,
        valid_from=date(2015, 1, 1),
    )


def make_activity(
    provider: Provider, title: str = "Kỹ thuật trồng lúa", *, state: str = "open", capacity: int | None = None
) -> Activity:
    """An activity without sessions, owned by the provider itself."""
    activity = Activity.objects.create(
        code=f"l{Activity.objects.count() + 1:05}",
        provider=provider,
        unit=provider.unit,
        kind="class",
        title=title,
        folded=vietnamese.fold(title),
        field="economy",
        state=state,
        capacity=capacity,
        made_at=clock.now(),
    )
    Organiser.objects.create(activity=activity, kind="clc", unit=provider.unit, name=provider.name, is_owner=True)
    return activity


def make_session(activity: Activity, on: date, *, hour: int = 8) -> Session:
    """The next session of an activity, of two hours."""
    starts_at = timezone.make_aware(datetime.combine(on, time(hour)))
    session = Session.objects.create(
        activity=activity,
        number=activity.sessions.count() + 1,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        on=on,
    )
    days = sorted(activity.sessions.exclude(state="cancelled").values_list("on", flat=True))
    activity.first_on, activity.last_on = days[0], days[-1]
    activity.save(update_fields=["first_on", "last_on"])
    return session


def make_person(
    name: str = "Nguyễn Văn Bảy", *, unit: Unit | None = None, birth_year: int | None = 1980, sex: str = "male"
) -> Person:
    """Somebody who learns."""
    return Person.objects.create(
        name=name,
        folded=vietnamese.fold(name),
        sort_key=vietnamese.sort_key(name),
        birth_year=birth_year,
        sex=sex,
        unit=unit,
        noted_at=clock.now(),
    )
