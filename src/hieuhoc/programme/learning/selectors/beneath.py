"""The units by which a list of somebody's is told apart: right beneath the one where they read, or those they read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit


def units_beneath(user: User, permission: Permission, *, on: date) -> list[Unit]:
    """The districts or communes by which a user narrows a list; none for who reads in one commune alone."""
    return beneath(access.scopes(user, permission), on=on)


def beneath(scopes: Sequence[Unit], *, on: date) -> list[Unit]:
    """Of one scope the units right beneath it on a day, else the scopes themselves."""
    if len(scopes) != 1:
        return list(scopes)
    versions = places.units_on(on, under=scopes[0]).filter(parent=scopes[0], level__in=("district", "commune"))
    return [one.unit for one in versions]
