"""Places in an activity: who has one, who waits, who gives one up, who has completed it.

Whatever takes or gives a place first locks the row of the activity, so that the people who come at once stand in one
order, and a place is given once.
"""

import secrets
from collections import Counter
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max

from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Conflict, Invalid, Missing
from hieuhoc.programme.learning import access, states
from hieuhoc.programme.learning.models import Activity, Enrolment
from hieuhoc.programme.learning.rules import enrolments as rules
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.people.models import Person
from hieuhoc.registers.people.services import CITIZEN, About, note_people
from hieuhoc.registers.people.services.telling import tell_later

Source = Enrolment.Source


def new_secret() -> str:
    """The words of a link by which a citizen, without an account, comes back to an enrolment of theirs."""
    return secrets.token_urlsafe(18)


def _locked(activity: Activity) -> Activity:
    """The activity as it stands, its row locked until the transaction ends. Raises: Missing."""
    found = Activity.objects.select_for_update().filter(pk=activity.pk).first()
    if found is None:
        raise Missing("Không còn lớp, chuyên đề này.")
    return found


def _require_enrolling(by: trail.Actor, activity: Activity, source: str) -> None:
    """Raises: Refused, Missing for whoever may not; Conflict when this is no time to enrol in this way."""
    if isinstance(by, User):
        needed = Permission.ATTENDANCE_TAKE if source == Source.SESSION else Permission.ACTIVITY_RUN
        access.require_with(by, needed, activity)
    if source == Source.CITIZEN:
        why = rules.why_closed(
            state=activity.state,
            enrolling=activity.enrolling,
            is_public=activity.is_public,
            until=activity.enrol_until,
            last_on=activity.last_on,
            on=clock.today(),
        )
        if why:
            raise Conflict(why)
    elif activity.state == "cancelled":
        raise Conflict("Lớp, chuyên đề này đã hủy nên không ghi danh được nữa.")


def _taken(activity: Activity) -> int:
    return Enrolment.objects.filter(activity=activity, state__in=states.TAKING_A_PLACE).count()


def _last_place(activity: Activity) -> int:
    last: int | None = Enrolment.objects.filter(activity=activity).aggregate(last=Max("place"))["last"]
    return last or 0


@transaction.atomic
def enrol(*, by: trail.Actor | None, activity: Activity, person: Person, source: str = Source.STAFF) -> Enrolment:
    """Give somebody a place, or the next turn in the waiting list where all places are taken.

    `by` is None for a citizen who enrols for themselves. Whoever has a place or waits keeps that; whoever gave theirs
    up comes last. Whoever is noted at a session (source "session") sits in the room: the places are not counted.
    Raises: Conflict when the activity takes nobody in this way; Refused, Missing.
    """
    actor: trail.Actor = CITIZEN if by is None else by
    held = _locked(activity)
    _require_enrolling(actor, held, source)
    person = person.same_as or person
    known = _known(held, person)
    if known is not None and known.state != "cancelled":
        return _admitted_at_session(actor, held, known, source)
    place = _last_place(held) + 1
    in_front = Enrolment.objects.filter(activity=held, state="waiting").exists()
    free = rules.is_free(capacity=held.capacity, taken=_taken(held), in_front=in_front) or source == Source.SESSION
    if known is None:
        return _new(actor, held, person, source, place, "enrolled" if free else "waiting")
    Enrolment.objects.filter(pk=known.pk).update(place=place, source=source, asked_at=clock.now())
    trail.move(by=actor, row=known, machine=states.ENROLMENT, deed="return")
    if free:
        trail.move(by=actor, row=known, machine=states.ENROLMENT, deed="admit")
    known.refresh_from_db()
    return known


@transaction.atomic
def enrol_new(*, by: User, activity: Activity, about: About) -> Enrolment:
    """Write somebody into the register of people and enrol them, both or neither. Raises: as those two."""
    access.require_with(by, Permission.ACTIVITY_RUN, activity)
    with trail.gathered():
        (person,) = note_people(by=by, people=[about])
        return enrol(by=by, activity=activity, person=person, source=Source.STAFF)


def _known(activity: Activity, person: Person) -> Enrolment | None:
    """What the person has in the activity, under whichever of their rows; the one that still holds first."""
    rows = list(
        Enrolment.objects.filter(activity=activity, person__in=[person.pk, *person.joined.values_list("pk", flat=True)])
    )
    return min(rows, key=lambda row: (row.state == "cancelled", row.place), default=None)


def _admitted_at_session(by: trail.Actor, activity: Activity, known: Enrolment, source: str) -> Enrolment:
    if known.state == "waiting" and source == Source.SESSION:
        trail.move(by=by, row=known, machine=states.ENROLMENT, deed="admit")
    return known


def _new(by: trail.Actor, activity: Activity, person: Person, source: str, place: int, state: str) -> Enrolment:
    made = Enrolment.objects.create(
        activity=activity,
        person=person,
        state=state,
        place=place,
        source=source,
        secret=new_secret(),
        asked_at=clock.now(),
    )
    trail.record(by=by, deed="learning.enrolment.ask", what=made, changes={"state": ["", state], "person": person.pk})
    return made


@transaction.atomic
def enrol_many(*, by: trail.Actor, activity: Activity, people: Sequence[Person]) -> tuple[int, int, int]:
    """Enrol those of a list, in its order, all or none: how many have a place now, wait, and were there before.

    Whoever had given up and stands in the list comes back, behind the others.
    Raises: Conflict for a cancelled activity; Refused, Missing.
    """
    held = _locked(activity)
    _require_enrolling(by, held, Source.LIST)
    kept = list(dict.fromkeys(person.same_as_id or person.pk for person in people))
    there = _persons_of(held)
    fresh = [pk for pk in kept if pk not in there]
    place, taken = _last_place(held), _taken(held)
    in_front = Enrolment.objects.filter(activity=held, state="waiting").exists()
    free = rules.free_of(len(fresh), capacity=held.capacity, taken=taken, in_front=in_front)
    now = clock.now()
    rows = Enrolment.objects.bulk_create(
        [
            Enrolment(
                activity=held,
                person_id=pk,
                state="enrolled" if turn <= free else "waiting",
                place=place + turn,
                source=Source.LIST,
                secret=new_secret(),
                asked_at=now,
            )
            for turn, pk in enumerate(fresh, start=1)
        ],
        batch_size=500,
    )
    trail.record_many(
        by=by,
        deeds=[
            trail.Deed("learning.enrolment.ask", row, changes={"state": ["", row.state], "person": row.person_id})
            for row in rows
        ],
    )
    back = Counter(_brought_back(by, held, pk) for pk in kept if there.get(pk) is False)
    enrolled, waiting = min(free, len(rows)) + back["enrolled"], max(len(rows) - free, 0) + back["waiting"]
    return enrolled, waiting, len(kept) - enrolled - waiting


def _persons_of(activity: Activity) -> dict[int, bool]:
    """Whoever is or was in an activity, and whether they still are: whoever gave up is not."""
    rows = Enrolment.objects.filter(activity=activity).values_list("person_id", "person__same_as_id", "state")
    found: dict[int, bool] = {}
    for person, same, state in rows:
        found[same or person] = found.get(same or person, False) or state != "cancelled"
    return found


def _brought_back(by: trail.Actor, activity: Activity, person: int) -> str:
    """The state of somebody who had given up and stands in a list now: they come last."""
    return enrol(by=by, activity=activity, person=Person.objects.get(pk=person), source=Source.LIST).state


@transaction.atomic
def fill_places(*, by: trail.Actor, activity: Activity) -> list[Enrolment]:
    """Admit those who wait, first come first, as far as there are places: after a place or more became free.

    To be called by whoever raises the capacity. May `by` do that, is asked there. In what is ended or cancelled there
    are no places any more.
    """
    held = _locked(activity)
    if held.state not in ("draft", "open"):
        return []
    waiting = Enrolment.objects.filter(activity=held, state="waiting").select_related("person").order_by("place")
    if held.capacity is not None:
        waiting = waiting[: max(held.capacity - _taken(held), 0)]
    admitted = list(waiting)
    for one in admitted:
        trail.move(by=by, row=one, machine=states.ENROLMENT, deed="admit")
        if one.source == Source.CITIZEN and not (held.last_on and held.last_on < clock.today()):
            tell_later(phone=one.person.phone, text=rules.admitted_text(title=held.title, code=held.code))
    return admitted


@transaction.atomic
def cancel_enrolment(*, by: trail.Actor | None, enrolment: Enrolment) -> Enrolment:
    """Give up a place or a turn in the waiting list; the first who waits gets the place.

    `by` is None for the citizen who holds the link. Raises: Conflict when there is nothing to give up, or the person
    has been at a session; Refused, Missing.
    """
    actor: trail.Actor = CITIZEN if by is None else by
    held = _locked(enrolment.activity)
    if isinstance(actor, User):
        access.require_with(actor, Permission.ACTIVITY_RUN, held)
    row = _fresh(enrolment)
    if row.first_on is not None:
        raise Conflict("Người này đã dự buổi học nên tên vẫn ở trong danh sách lớp.")
    trail.move(by=actor, row=row, machine=states.ENROLMENT, deed="cancel")
    fill_places(by=actor, activity=held)
    return row


def _fresh(enrolment: Enrolment) -> Enrolment:
    found = Enrolment.objects.select_for_update().filter(pk=enrolment.pk).first()
    if found is None:
        raise Missing("Không còn dòng ghi danh này.")
    return found


@transaction.atomic
def complete(*, by: User, activity: Activity, enrolments: Sequence[int]) -> int:
    """Say that those of these numbers have completed the activity; how many were not yet said to have.

    Raises: Invalid for somebody without a place in it; Refused, Missing.
    """
    access.require_with(by, Permission.ACTIVITY_RUN, activity)
    rows = list(Enrolment.objects.select_for_update().filter(activity=activity, pk__in=enrolments).order_by("pk"))
    if len(rows) != len(set(enrolments)) or any(row.state not in states.TAKING_A_PLACE for row in rows):
        raise Invalid("Chỉ người đã ghi danh vào lớp mới được ghi là hoàn thành.")
    fresh = [row for row in rows if row.state == "enrolled"]
    for row in fresh:
        trail.move(by=by, row=row, machine=states.ENROLMENT, deed="complete")
    return len(fresh)


@transaction.atomic
def undo_completion(*, by: User, enrolment: Enrolment, why: str) -> Enrolment:
    """Take back that somebody completed an activity. Raises: Conflict while a certificate holds; Refused, Missing."""
    access.require_with(by, Permission.ACTIVITY_RUN, enrolment.activity)
    row = _fresh(enrolment)
    if row.certificates.filter(revoked_on=None).exists():
        raise Conflict("Người này đang có giấy chứng nhận. Hãy thu hồi giấy trước.")
    trail.move(by=by, row=row, machine=states.ENROLMENT, deed="undo", why=why)
    return row
