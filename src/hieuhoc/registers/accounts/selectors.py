"""Reads of users, grants and invitations. Which of them somebody may see is said in `access`."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Max, QuerySet
from django.db.models.functions import Length

from hieuhoc.registers.accounts.models import Grant, User

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import Unit


def grants_held(user: User, *, on: date) -> QuerySet[Grant]:
    """The user's grants that hold on a day, with their units, in the order in which they were given."""
    held: QuerySet[Grant] = Grant.objects.filter(user=user).on(on).select_related("unit").order_by("valid_from", "pk")
    return held


def users_holding(roles: Collection[str], *, at: Unit, on: date) -> QuerySet[User]:
    """The active users who hold one of these roles at a unit or above it on a day; the nearest to it first."""
    above = [int(step) for step in at.path.split("/") if step]
    held = Grant.objects.on(on).filter(role__in=roles, unit__in=above)
    return (
        User.objects.filter(is_active=True, grants__in=held)
        .annotate(nearness=Max(Length("grants__unit__path")))
        .order_by("-nearness", "sort_key", "pk")
    )


def people_near(roles: Collection[str], *, units: Collection[Unit], on: date) -> dict[int, list[User]]:
    """For each unit the active users who hold one of these roles nearest to it, at it or above it; one query."""
    above = {int(step) for unit in units for step in unit.path.split("/") if step}
    held: dict[int, list[User]] = {}
    for grant in (
        Grant.objects.on(on).filter(role__in=roles, unit__in=above, user__is_active=True).select_related("user")
    ):
        held.setdefault(grant.unit_id, []).append(grant.user)
    nearest: dict[int, list[User]] = {}
    for unit in units:
        steps = (int(step) for step in reversed(unit.path.split("/")) if step)
        nearest[unit.pk] = next((held[step] for step in steps if step in held), [])
    return nearest
