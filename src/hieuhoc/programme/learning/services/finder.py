"""What a citizen does without an account: enrolling, giving a place up, asking to be told of what opens."""

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.learning.models import Activity, Enrolment, Topic, TopicWatch
from hieuhoc.programme.learning.services import enrolments
from hieuhoc.registers.people.models import Person
from hieuhoc.registers.people.services import CITIZEN, find_same, note_person
from hieuhoc.registers.people.services.telling import tell_later
from hieuhoc.registers.places import rules as place_rules
from hieuhoc.registers.places.models import Unit


def _person(*, name: str, birth_year: int | None, sex: str, phone: str, is_confirmed: bool) -> Person:
    """Whoever this is: the one who is known by this telephone, where they have shown it to be theirs; else a new row.

    Nothing of a row that is known is changed or shown: whoever is told of a result learns nothing of anybody.
    """
    same = find_same(name=name, birth_year=birth_year, phone=phone) if is_confirmed else None
    if same is not None and same.certain is not None:
        return same.certain
    return note_person(by=CITIZEN, name=name, birth_year=birth_year, sex=sex, phone=phone)


@transaction.atomic
def enrol_citizen(
    *, activity: Activity, name: str, birth_year: int, sex: str = "", phone: str, is_confirmed: bool
) -> Enrolment:
    """Enrol somebody who asks for themselves; `is_confirmed` says that a code has come back from the telephone.

    Raises: Invalid (with its field); Conflict when the activity takes no citizens now; Missing.
    """
    with trail.gathered():
        person = _person(name=name, birth_year=birth_year, sex=sex, phone=phone, is_confirmed=is_confirmed)
        return enrolments.enrol(by=None, activity=activity, person=person, source=Enrolment.Source.CITIZEN)


@transaction.atomic
def watch(
    *, name: str, phone: str, is_confirmed: bool, topic: Topic | None = None, field: str = "", unit: Unit | None = None
) -> TopicWatch:
    """Note that somebody wishes to be told when something opens: on a topic, in a field, at a place, or anything.

    Asked again, the wish that stands is given back. Raises: Invalid (with its field).
    """
    with trail.gathered():
        known = Person.objects.filter(phone=phone, folded=fold(name), watches__isnull=False).order_by("pk").first()
        person = known if known is not None and is_confirmed else None
        person = person or _person(name=name, birth_year=None, sex="", phone=phone, is_confirmed=is_confirmed)
        wish = TopicWatch.objects.filter(person=person, topic=topic, field=field, unit=unit).first()
        if wish is None:
            wish = TopicWatch.objects.create(
                person=person,
                topic=topic,
                field=field,
                unit=unit,
                secret=enrolments.new_secret(),
                asked_at=clock.now(),
            )
            trail.record(by=CITIZEN, deed="learning.topicwatch.ask", what=wish)
        return wish


def watch_by_secret(secret: str) -> TopicWatch:
    """The wish of whoever holds its link. Raises: Missing."""
    found = TopicWatch.objects.filter(secret=secret).select_related("topic", "unit").first()
    if found is None:
        raise Missing("Liên kết này không còn hiệu lực.")
    return found


@transaction.atomic
def drop_watch(*, wish: TopicWatch) -> None:
    """Forget a wish, as whoever holds its link asks."""
    trail.record(by=CITIZEN, deed="learning.topicwatch.drop", what=wish)
    wish.delete()


def watchers_of(activity: Activity) -> Iterable[TopicWatch]:
    """The wishes that an activity fulfils: its topic or field, or any; at its commune or a unit around it, or any.

    A wish at a unit that has ended goes on where that unit went.
    """
    path = activity.unit.present_path or activity.unit.path
    around = place_rules.path_numbers(path)
    about = Q(topic=None, field="") | Q(topic=None, field=activity.field)
    if activity.topic_id:
        about |= Q(topic=activity.topic_id)
    gone = Q(unit__valid_to__isnull=False, unit__present_path__startswith=path)
    where = Q(unit=None) | Q(unit__in=around) | gone
    return TopicWatch.objects.filter(about, where).exclude(person__phone="").select_related("person").order_by("pk")


def tell_watchers(activity: Activity) -> int:
    """Tell everybody who wished to hear of something like this that it has opened, one message for each telephone.

    To be called in the transaction that opens the activity; nothing is told of one that is not shown to everybody.
    """
    if not (activity.is_public and activity.provider.is_public):
        return 0
    told: set[str] = set()
    for wish in watchers_of(activity):
        if wish.person.phone not in told:
            told.add(wish.person.phone)
            text = "Hiếu Học: vừa mở “{title}”. Xem và ghi danh: {url} Thôi nhận tin: {drop}"
            tell_later(
                phone=wish.person.phone,
                text=text.format(
                    title=activity.title[:80],
                    url=settings.PUBLIC_ADDRESS + reverse("learning:class", args=[activity.code]),
                    drop=settings.PUBLIC_ADDRESS + reverse("learning:watch", args=[wish.secret]),
                ),
            )
    return len(told)
