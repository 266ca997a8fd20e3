"""Sessions of an activity: added, moved, cancelled, restored, held; and the days of the activity that follow."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max, Min, Q
from django.utils import timezone

from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.programme.learning import access, states
from hieuhoc.programme.learning.models import Activity, Room, Session
from hieuhoc.programme.learning.rules import sessions as rules
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.people.services.telling import tell_later

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User


def settle_days(activity: Activity) -> None:
    """Keep the first and last day of an activity, and the day by which it counts, in step with its sessions."""
    stands = ~Q(state="cancelled")
    told = Session.objects.filter(activity=activity).aggregate(
        first=Min("on", filter=stands), last=Max("on", filter=stands), held=Min("on", filter=Q(state="held"))
    )
    activity.first_on, activity.last_on, activity.held_on = told["first"], told["last"], told["held"]
    activity.save(update_fields=["first_on", "last_on", "held_on"])


@transaction.atomic
def add_sessions(
    *,
    by: User,
    activity: Activity,
    first: date,
    begins: time,
    ends: time,
    number: int = 1,
    weekdays: Collection[int] = (),
    place: str = "",
    room: Room | None = None,
    subject: str = "",
) -> list[Session]:
    """Add one session or a series to an activity. Units: `number` of sessions; Monday is weekday 0.

    Raises: Refused, Missing; Conflict once it has ended; Invalid with the field, also when the room is taken.
    """
    activity = _open(by, activity)
    rules.check_hours(begins, ends)
    last = Session.objects.filter(activity=activity).aggregate(last=Max("number"))["last"] or 0
    rows = [
        Session(
            activity=activity,
            number=last + turn,
            starts_at=_instant(day, begins),
            ends_at=_instant(day, ends),
            on=day,
            place=place.strip(),
            room=room,
            subject=subject.strip(),
        )
        for turn, day in enumerate(rules.days_of(first, weekdays=weekdays, number=number), start=1)
    ]
    for row in rows:
        _check_room(row, activity)
        row.full_clean(exclude=["activity"])
    made = Session.objects.bulk_create(rows)
    settle_days(activity)
    trail.record(by=by, deed="learning.session.add", what=activity, changes={"sessions": [None, len(made)]})
    return made


@transaction.atomic
def move_session(
    *,
    by: User,
    session: Session,
    on: date,
    begins: time,
    ends: time,
    place: str = "",
    room: Room | None = None,
    subject: str = "",
    why: str = "",
) -> Session:
    """Give a session that is to come another time, place or subject; who is enrolled is told of another time.

    Raises: Refused, Missing; Conflict once it was held or cancelled, or the activity has ended; Invalid with the field.
    """
    session = _locked(by, session)
    _require_running(session.activity)
    if session.state != "planned":
        raise Conflict("Buổi này đã học hoặc đã hủy, không dời được nữa.")
    rules.check_hours(begins, ends)
    before = session.starts_at
    session.starts_at, session.ends_at, session.on = _instant(on, begins), _instant(on, ends), on
    session.place, session.room, session.subject = place.strip(), room, subject.strip()
    is_moved = session.starts_at != before
    if is_moved:
        session.moved_from, session.why = before, why.strip()
    _check_room(session, session.activity)
    session.full_clean()
    session.save()
    settle_days(session.activity)
    told = [_words(before), _words(session.starts_at)]
    trail.record(by=by, deed="learning.session.move", what=session, why=why, changes={"starts_at": told})
    if is_moved:
        _tell(session.activity, f"buổi {told[0]} dời sang {told[1]}.")
    return session


@transaction.atomic
def cancel_session(*, by: User, session: Session, why: str) -> Session:
    """Let a session not take place; who is enrolled is told, unless its day has passed.

    Raises: Refused, Missing; Conflict once it was held; Invalid without a reason.
    """
    session = _locked(by, session)
    trail.move(by=by, row=session, machine=states.SESSION, deed="cancel", why=why)
    session.why = why.strip()[:255]
    session.save(update_fields=["why"])
    settle_days(session.activity)
    if session.on >= clock.today():
        _tell(session.activity, f"buổi {_words(session.starts_at)} không học.")
    return session


@transaction.atomic
def restore_session(*, by: User, session: Session) -> Session:
    """Let a cancelled session take place after all. Raises: Refused, Missing; Conflict, also once the activity has
    ended or was cancelled; Invalid when its room is taken.
    """
    session = _locked(by, session)
    _require_running(session.activity)
    _check_room(session, session.activity)
    trail.move(by=by, row=session, machine=states.SESSION, deed="restore")
    settle_days(session.activity)
    _tell(session.activity, f"buổi {_words(session.starts_at)} vẫn học.")
    return session


@transaction.atomic
def hold_session(*, by: User, session: Session) -> Session:
    """Say that a session was held; by the first one held the activity counts in a period.

    Whoever takes attendance may. Raises: Conflict when it was held or cancelled before; Refused, Missing.
    """
    access.require_with(by, Permission.ATTENDANCE_TAKE, session.activity)
    trail.move(by=by, row=session, machine=states.SESSION, deed="hold")
    settle_days(session.activity)
    return session


@transaction.atomic
def undo_holding(*, by: User, session: Session, why: str) -> Session:
    """Say that a session was not held after all. Raises: Conflict when somebody came; Refused, Missing, Invalid."""
    session = _locked(by, session)
    if session.attendances.exclude(mark="absent").exists() or session.heads.filter(count__gt=0).exists():
        raise Conflict("Buổi này đã có điểm danh; hãy sửa điểm danh trước.")
    trail.move(by=by, row=session, machine=states.SESSION, deed="undo", why=why)
    settle_days(session.activity)
    return session


def _locked(by: User, session: Session) -> Session:
    # The activity first, as whoever takes attendance or enrols does: in another order two would wait for each other.
    Activity.objects.select_for_update().filter(pk=session.activity_id).first()
    session = (
        Session.objects.select_for_update(of=("self",)).select_related("activity__provider__unit").get(pk=session.pk)
    )
    access.require_with(by, Permission.ACTIVITY_RUN, session.activity)
    return session


def _open(by: User, activity: Activity) -> Activity:
    activity = Activity.objects.select_for_update(of=("self",)).select_related("provider__unit").get(pk=activity.pk)
    access.require_with(by, Permission.ACTIVITY_RUN, activity)
    _require_running(activity)
    return activity


def _require_running(activity: Activity) -> None:
    """Raises: Conflict once an activity has ended or was cancelled: it meets no more."""
    if activity.state not in ("draft", "open"):
        raise Conflict("Lớp đã kết thúc hoặc đã hủy, không thêm, dời hay khôi phục buổi học được nữa.")


def _check_room(session: Session, activity: Activity) -> None:
    """Raises: Invalid (field `room`) when it is another body's, or another session has it at that time."""
    if session.room is None:
        return
    if session.room.provider_id != activity.provider_id:
        raise Invalid("Phòng này thuộc cơ sở khác.", field="room")
    there = Session.objects.filter(
        room=session.room, starts_at__lt=session.ends_at, ends_at__gt=session.starts_at
    ).exclude(state="cancelled")
    other = there.exclude(pk=session.pk).select_related("activity").first()
    if other is not None:
        raise Invalid(
            "Phòng này đã có “{title}” lúc {when}.",
            field="room",
            title=other.activity.title,
            when=_words(other.starts_at),
        )


def _tell(activity: Activity, what: str) -> None:
    """Tell everybody enrolled, by telephone, once the change is made."""
    people = activity.enrolments.filter(state="enrolled").exclude(person__phone="")
    for phone in sorted(set(people.values_list("person__phone", flat=True))):
        tell_later(phone=phone, text=f"Hiếu Học: “{activity.title}”: {what}")


def _instant(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))


def _words(moment: datetime) -> str:
    local = timezone.localtime(moment)
    return f"{local:%H:%M} ngày {write_date(local.date())}"
