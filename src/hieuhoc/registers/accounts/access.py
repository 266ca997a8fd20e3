"""The one question: may this user do this here?

A user's grants that hold today are read once for each user object, with their units, in one query; no
question after that touches the database. Outside one's units a thing does not exist (404); inside them,
a deed that no role allows is refused (403).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import CharField, Model, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django_htmx.middleware import HtmxDetails

from hieuhoc.foundation.records import clock, trail
from hieuhoc.foundation.records.models import Entry
from hieuhoc.kernel.errors import Missing, Refused
from hieuhoc.registers.accounts import selectors
from hieuhoc.registers.accounts.models import Grant, Invitation, User
from hieuhoc.registers.accounts.roles import Permission, roles_with

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import Unit

M = TypeVar("M", bound=Model)


class UserRequest(HttpRequest):
    """A request behind the sign-in: its user is one of ours."""

    user: User
    htmx: HtmxDetails


_KEPT = "_grants_of_today"


def grants(user: User) -> list[Grant]:
    """The user's grants that hold today, with their units, in the order in which they were given."""
    today = clock.today()
    kept = user.__dict__.get(_KEPT)
    if kept is None or kept[0] != today:
        found = list(selectors.grants_held(user, on=today)) if user.is_active and user.pk else []
        kept = user.__dict__[_KEPT] = (today, found)
    return list(kept[1])


def forget(user: User) -> None:
    """Ask the database again at the next question, after the user's grants have changed."""
    user.__dict__.pop(_KEPT, None)


def has(user: User, permission: Permission) -> bool:
    """Whether the user may do this anywhere at all."""
    return any(grant.role_named.may(permission) for grant in grants(user))


def scopes(user: User, permission: Permission) -> list[Unit]:
    """The units at which, with all beneath them, the user may do this; none inside another."""
    units = {grant.unit.pk: grant.unit for grant in grants(user) if grant.role_named.may(permission)}
    outermost: list[Unit] = []
    for unit in sorted(units.values(), key=lambda one: (one.path.count("/"), one.path)):
        if not any(unit.path.startswith(above.path) for above in outermost):
            outermost.append(unit)
    return outermost


def home(user: User) -> Unit | None:
    """The unit the user works at: that of the first grant held today."""
    return next((grant.unit for grant in grants(user)), None)


def covers(above: Unit, unit: Unit) -> bool:
    """Whether a grant at `above` holds at `unit`: it is that unit, stood beneath it, or has it among its heirs."""
    return unit.path.startswith(above.path) or unit.present_path.startswith(above.path)


def may(user: User, permission: Permission, *, at: Unit) -> bool:
    """Whether the user may do this at a unit."""
    return any(covers(unit, at) for unit in scopes(user, permission))


def require(user: User, permission: Permission, *, at: Unit) -> None:
    """Let the user pass, or stop.

    Raises: Missing when the unit lies outside all of the user's units; Refused when it lies inside, but no role
        held there allows this.
    """
    if may(user, permission, at=at):
        return
    if any(covers(grant.unit, at) for grant in grants(user)):
        raise Refused(_("Vai trò của bạn ở đơn vị này không bao gồm việc vừa chọn."))
    raise Missing(_("Không tìm thấy trang này trong phạm vi của bạn."))


def require_somewhere(user: User, permission: Permission) -> None:
    """Let the user pass whose roles allow this anywhere. Raises: Refused when none does."""
    if not has(user, permission):
        raise Refused(_("Vai trò của bạn không bao gồm việc vừa chọn."))


def may_in_a_province(user: User, permission: Permission) -> bool:
    """Whether the user may do this in the whole of a province."""
    return _is_of_a_province(scopes(user, permission))


def require_of_a_province(user: User, permission: Permission) -> None:
    """Let the user pass who may do this in the whole of a province. Raises: Refused."""
    if not may_in_a_province(user, permission):
        raise Refused(_("Việc này thuộc về người có vai trò ở cấp tỉnh."))


def overseen(user: User, *permissions: Permission, of: Permission) -> list[str]:
    """The deeds of whom concern the user, as the trail names them: of those who hold or held a role that may do `of`
    at a unit where the user may do one of the permissions; the user's own, and the house's.
    """
    units = [unit for permission in permissions for unit in scopes(user, permission)]
    people = Grant.objects.filter(within(units), role__in=roles_with(of)).order_by()
    keys = [f"user:{pk}" for pk in people.values_list("user", flat=True).distinct()]
    return [trail.HOUSE.actor_key, user.actor_key, *keys]


def within(units: list[Unit], *, unit: str = "unit") -> Q:
    """The condition that a row's unit is one of these, or stood or stands today beneath one of them.

    `unit` is the way from the row to its unit, as in a filter; empty when the rows are units themselves.
    """
    way = f"{unit}__" if unit else ""
    condition = Q(pk__in=[])
    for one in units:
        condition |= Q(**{f"{way}path__startswith": one.path}) | Q(**{f"{way}present_path__startswith": one.path})
    return condition


def visible(user: User, queryset: QuerySet[M, Any], permission: Permission, *, unit: str = "unit") -> QuerySet[M, Any]:
    """The rows of a queryset whose unit lies where the user may do this."""
    return queryset.filter(within(scopes(user, permission), unit=unit))


def holders(permission: Permission, *, at: Unit) -> QuerySet[User]:
    """The users who may do this at a unit today; those who work nearest to it first."""
    return selectors.users_holding(roles_with(permission), at=at, on=clock.today())


def people_near(permission: Permission, *, units: Collection[Unit]) -> dict[int, list[User]]:
    """For each unit (by its row key) the people who may do this there today and work nearest to it; one query."""
    return selectors.people_near(roles_with(permission), units=units, on=clock.today())


# ---- people and their history: what of them somebody may see ---------------------------------------


def grants_seen(
    user: User, permission: Permission = Permission.USER_READ, *, on: date | None = None
) -> QuerySet[Grant]:
    """The grants at the units where the user may do this: those of a day, or of whatever days."""
    return visible(user, Grant.objects.all() if on is None else Grant.objects.on(on), permission)


def users_seen(user: User, permission: Permission = Permission.USER_READ) -> QuerySet[User]:
    """The users who hold or held a role at the units where `user` may do this; for a province those without one too."""
    units = scopes(user, permission)
    seen = Q(pk__in=Grant.objects.filter(within(units)).values("user"))
    if _is_of_a_province(units):
        seen |= ~Q(pk__in=Grant.objects.values("user"))
    return User.objects.filter(seen)


def _is_of_a_province(units: list[Unit]) -> bool:
    # What belongs to no unit (an account without a role, a deed of the house itself) is a province's to look after.
    return any(unit.parent_id is None and unit.level == "province" for unit in units)


def user_seen(user: User, pk: int, permission: Permission = Permission.USER_READ) -> User:
    """One user. Raises: Missing when there is none, or not for `user`."""
    found = users_seen(user, permission).filter(pk=pk).first()
    if found is None:
        raise Missing(_("Không tìm thấy người dùng này trong phạm vi của bạn."))
    return found


def manages_all_of(user: User, other: User) -> bool:
    """Whether `user` manages users at every unit where the other holds or will hold a role."""
    if not users_seen(user, Permission.USER_MANAGE).filter(pk=other.pk).exists():
        return False
    units = [grant.unit for grant in selectors.grants_from(other, on=clock.today())]
    return all(may(user, Permission.USER_MANAGE, at=unit) for unit in units)


def require_all_of(user: User, other: User) -> None:
    """Let pass whoever manages all of another's roles.

    Raises: Missing when the other is out of sight; Refused when some of the roles are held elsewhere.
    """
    if manages_all_of(user, other):
        return
    user_seen(user, other.pk)
    raise Refused(_("Người này còn vai trò ở đơn vị ngoài phạm vi quản lý của bạn."))


def invitations_seen(user: User, permission: Permission = Permission.USER_MANAGE) -> QuerySet[Invitation]:
    """The invitations to roles at the units where the user may do this, those that wait for an answer."""
    return visible(user, selectors.invitations_open(), permission)


def entries_seen(user: User) -> QuerySet[Entry]:
    """The lines of the trail that the user may read: deeds of the units' own people; for a province the house's too."""
    own = users_seen(user, Permission.TRAIL_READ).annotate(key=Concat(Value("user:"), Cast("pk", CharField())))
    seen = Q(actor__in=own.values("key"))
    if _is_of_a_province(scopes(user, Permission.TRAIL_READ)):
        seen |= Q(actor=trail.HOUSE.actor_key)
    return Entry.objects.filter(seen)
