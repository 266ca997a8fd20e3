"""The one question: may this user do this here?

A user's grants that hold today are read once for each user object, with their units, in one query; no
question after that touches the database. Outside one's units a thing does not exist (404); inside them,
a deed that no role allows is refused (403).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from hieuhoc.foundation.records import clock
from hieuhoc.kernel.errors import Missing, Refused
from hieuhoc.registers.accounts import selectors
from hieuhoc.registers.accounts.models import Grant, User
from hieuhoc.registers.accounts.roles import Permission, roles_with

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import Unit

M = TypeVar("M", bound=Model)
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


def may(user: User, permission: Permission, *, at: Unit) -> bool:
    """Whether the user may do this at a unit."""
    return any(at.path.startswith(unit.path) for unit in scopes(user, permission))


def require(user: User, permission: Permission, *, at: Unit) -> None:
    """Let the user pass, or stop.

    Raises: Missing when the unit lies outside all of the user's units; Refused when it lies inside, but no role
        held there allows this.
    """
    if may(user, permission, at=at):
        return
    if any(at.path.startswith(grant.unit.path) for grant in grants(user)):
        raise Refused(_("Vai trò của bạn ở đơn vị này không bao gồm việc vừa chọn."))
    raise Missing(_("Không tìm thấy trang này trong phạm vi của bạn."))


def require_somewhere(user: User, permission: Permission) -> None:
    """Let the user pass whose roles allow this anywhere. Raises: Refused when none does."""
    if not has(user, permission):
        raise Refused(_("Vai trò của bạn không bao gồm việc vừa chọn."))


def within(units: list[Unit], *, unit: str = "unit") -> Q:
    """The condition that a row's unit is one of these or beneath one of them.

    `unit` is the way from the row to its unit, as in a filter; empty when the rows are units themselves.
    """
    path = f"{unit}__path" if unit else "path"
    condition = Q(pk__in=[])
    for one in units:
        condition |= Q(**{f"{path}__startswith": one.path})
    return condition


def visible(user: User, queryset: QuerySet[M, Any], permission: Permission, *, unit: str = "unit") -> QuerySet[M, Any]:
    """The rows of a queryset whose unit lies where the user may do this; all of them for a grant at the province."""
    units = scopes(user, permission)
    if not units:
        return queryset.none()
    if any(one.parent_id is None and one.level == "province" for one in units):
        return queryset
    return queryset.filter(within(units, unit=unit))


def holders(permission: Permission, *, at: Unit) -> QuerySet[User]:
    """The users who may do this at a unit today; those who work nearest to it first."""
    return selectors.users_holding(roles_with(permission), at=at, on=clock.today())


def people_near(permission: Permission, *, units: Collection[Unit]) -> dict[int, list[User]]:
    """For each unit (by its row key) the people who may do this there today and work nearest to it; one query."""
    return selectors.people_near(roles_with(permission), units=units, on=clock.today())
