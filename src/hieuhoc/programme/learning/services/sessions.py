"""Sessions of an activity: held."""

from django.db import transaction
from django.db.models import Min

from hieuhoc.foundation.records import trail
from hieuhoc.programme.learning import access, states
from hieuhoc.programme.learning.models import Activity, Session
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.accounts.roles import Permission


@transaction.atomic
def hold_session(*, by: User, session: Session) -> Session:
    """Say that a session was held; by the first one held the activity counts in a period.

    Whoever takes attendance may. Raises: Conflict when it was held or cancelled before; Refused, Missing.
    """
    access.require_with(by, Permission.ATTENDANCE_TAKE, session.activity)
    trail.move(by=by, row=session, machine=states.SESSION, deed="hold")
    held = Session.objects.filter(activity=session.activity_id, state="held").aggregate(first=Min("on"))
    Activity.objects.filter(pk=session.activity_id).update(held_on=held["first"])
    return session
