"""Which activities somebody sees, runs, takes the attendance of: `access` hands these on to whoever writes.

An activity is seen by whoever reads at its provider's unit or at the unit of one of its organisers; it is run, and its
attendance is taken, by whoever may at the provider's unit or at that of its owner.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from hieuhoc.kernel.errors import Missing, Refused
from hieuhoc.programme.learning.models import Activity, Organiser, Session
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User


def activities_where(user: User, permission: Permission) -> QuerySet[Activity]:
    """The activities with which `user` may do this: of the providers there, and of the organisers."""
    units = access.scopes(user, permission)
    held = Organiser.objects.filter(access.within(units))
    if permission != Permission.LEARNING_READ:
        held = held.filter(is_owner=True)
    return Activity.objects.filter(access.within(units, unit="provider__unit") | Q(pk__in=held.values("activity")))


def activities_seen(user: User) -> QuerySet[Activity]:
    """The activities that `user` sees."""
    return activities_where(user, Permission.LEARNING_READ)


def sessions_where(user: User, permission: Permission) -> QuerySet[Session]:
    """The sessions of those activities; the days asked for are read first, and only their activities looked at."""
    units = access.scopes(user, permission)
    held = Organiser.objects.filter(access.within(units), activity=OuterRef("activity"))
    if permission != Permission.LEARNING_READ:
        held = held.filter(is_owner=True)
    return Session.objects.filter(access.within(units, unit="activity__provider__unit") | Q(Exists(held)))


def may_with(user: User, permission: Permission, activity: Activity) -> bool:
    """Whether `user` may do this with an activity: run it, take its attendance, see who learns in it."""
    if access.may(user, permission, at=activity.provider.unit):
        return True
    organisers = activity.organisers.all()
    if permission != Permission.LEARNING_READ:
        organisers = organisers.filter(is_owner=True)
    return any(
        one.unit is not None and access.may(user, permission, at=one.unit) for one in organisers.select_related("unit")
    )


def require_with(user: User, permission: Permission, activity: Activity) -> None:
    """Let the user pass who may do this with an activity. Raises: Refused where it is only seen; Missing."""
    if may_with(user, permission, activity):
        return
    if may_with(user, Permission.LEARNING_READ, activity):
        raise Refused("Vai trò của bạn không bao gồm thao tác này.")
    raise Missing("Không tìm thấy nội dung này trong phạm vi của bạn.")
