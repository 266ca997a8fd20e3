"""Reads of users, grants and invitations. Which of them somebody may see is said in `access`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Max, Prefetch, Q, QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.registers.accounts.models import Grant, Invitation, User
from hieuhoc.registers.accounts.roles import ROLES

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import Unit

PEOPLE_ORDERS = {
    "name": ("sort_key", "pk"),
    "-name": ("-sort_key", "-pk"),
    "email": ("email", "pk"),
    "-email": ("-email", "-pk"),
    "seen": ("last_login", "pk"),
    "-seen": ("-last_login", "-pk"),
}


def grants_held(user: User, *, on: date) -> QuerySet[Grant]:
    """The user's grants that hold on a day, with their units, in the order in which they were given."""
    held: QuerySet[Grant] = Grant.objects.filter(user=user).on(on).select_related("unit").order_by("valid_from", "pk")
    return held


def grants_from(user: User, *, on: date) -> QuerySet[Grant]:
    """The user's grants that hold on a day or later, with their units."""
    from_then: QuerySet[Grant] = Grant.objects.filter(user=user).select_related("unit")
    return from_then.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))


def _steps(unit: Unit) -> list[int]:
    """The unit and those above it, by row number, the nearest first: for one that has ended, its heirs before those
    who stood above it.
    """
    steps = [unit.pk]
    for path in dict.fromkeys((unit.present_path, unit.path)):
        steps += (int(step) for step in reversed(path.split("/")) if step)
    return list(dict.fromkeys(steps))


def users_holding(roles: Collection[str], *, at: Unit, on: date) -> QuerySet[User]:
    """The active users who hold one of these roles at a unit or above it on a day; the nearest to it first."""
    held = Grant.objects.on(on).filter(role__in=roles, unit__in=_steps(at))
    return (
        User.objects.filter(is_active=True, grants__in=held)
        .annotate(nearness=Max(Length("grants__unit__path")))
        .order_by("-nearness", "sort_key", "pk")
    )


def people_near(roles: Collection[str], *, units: Collection[Unit], on: date) -> dict[int, list[User]]:
    """For each unit the active users who hold one of these roles nearest to it, at it or above it; one query."""
    above = {step for unit in units for step in _steps(unit)}
    held: dict[int, list[User]] = {}
    for grant in (
        Grant.objects.on(on).filter(role__in=roles, unit__in=above, user__is_active=True).select_related("user")
    ):
        held.setdefault(grant.unit_id, []).append(grant.user)
    nearest: dict[int, list[User]] = {}
    for unit in units:
        nearest[unit.pk] = next((held[step] for step in _steps(unit) if step in held), [])
    return nearest


def grants_overlapping(
    user: User, *, role: str, unit: Unit, valid_from: date, valid_to: date | None
) -> QuerySet[Grant]:
    """The user's grants of this role at this unit that hold on some day of a span."""
    same: QuerySet[Grant] = Grant.objects.filter(user=user, role=role, unit=unit)
    same = same.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=valid_from))
    return same if valid_to is None else same.filter(valid_from__lt=valid_to)


def user_by_actor_key(key: str) -> User:
    """The user whom the trail names so, while the account is in use. Raises: Missing."""
    kind, _colon, number = key.partition(":")
    found = (
        User.objects.filter(pk=int(number), is_active=True).first() if kind == "user" and number.isdecimal() else None
    )
    if found is None:
        raise Missing(_("Không còn tài khoản này."))
    return found


def user_by_email(email: str) -> User | None:
    """The user of an address, however it is written."""
    return User.objects.filter(email__iexact=email.strip()).first()


def people(
    among: QuerySet[User],
    *,
    held: QuerySet[Grant],
    on: date,
    text: str = "",
    role: str = "",
    unit_key: str = "",
    state: str = "",
    sort: str = "name",
) -> QuerySet[User]:
    """Users with their grants as `held`, searched, filtered and sorted.

    `among` and `held` are what the reader may see, `held` on that day; `state` is active, suspended, or idle
    (without a role).
    """
    found = among
    for word in fold(text).split():
        found = found.filter(folded__contains=word)
    if role or unit_key:
        sought = held.filter(role=role) if role else held
        found = found.filter(pk__in=(sought.filter(unit__key=unit_key) if unit_key else sought).values("user"))
    if state == "suspended":
        found = found.filter(is_active=False)
    elif state:
        with_role = Q(pk__in=Grant.objects.on(on).values("user"))
        found = found.filter(with_role if state == "active" else ~with_role, is_active=True)
    return found.order_by(*PEOPLE_ORDERS.get(sort, PEOPLE_ORDERS["name"])).prefetch_related(
        Prefetch("grants", held.select_related("unit"), to_attr="held")
    )


def units_with_people(held: QuerySet[Grant]) -> list[tuple[str, str]]:
    """Key and name of the units at which somebody holds one of these grants, in Vietnamese order."""
    rows = held.order_by("unit__sort_key", "unit_id").values_list("unit__key", "unit__name").distinct()
    return [(key, name) for key, name in rows]


def grants_count(user: User) -> int:
    """How many grants the user holds, held or will hold, anywhere."""
    return Grant.objects.filter(user=user).count()


def has_second_factor(user: User) -> bool:
    """Whether signing in asks this user for a code as well."""
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def invitations_waiting(*, now: datetime) -> QuerySet[Invitation]:
    """Invitations whose link still opens, newest first."""
    return Invitation.objects.filter(state="sent", expires_at__gt=now).select_related("unit", "invited_by")


def invitations_open() -> QuerySet[Invitation]:
    """Invitations neither accepted nor withdrawn, newest first, those that have run out included."""
    return Invitation.objects.filter(state="sent").select_related("unit", "invited_by")


def invitation_by_secret(digest: str) -> Invitation:
    """The invitation whose link carries this secret's digest. Raises: Missing when there is none."""
    found = Invitation.objects.select_related("unit", "invited_by").filter(digest=digest).first()
    if found is None:
        raise Missing(_("Liên kết này không đúng hoặc đã được thay bằng liên kết mới hơn."))
    return found


def demonstration_accounts(*, on: date) -> list[Grant]:
    """One grant of each account without a password, in the order of the page of roles: the demonstration's cast."""
    order = list(ROLES)
    held = Grant.objects.on(on).filter(user__is_active=True, user__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    first: dict[int, Grant] = {}
    for grant in held.select_related("user", "unit").order_by("valid_from", "pk"):
        first.setdefault(grant.user_id, grant)
    return sorted(first.values(), key=lambda one: (order.index(one.role), one.unit.sort_key, one.user.sort_key))
