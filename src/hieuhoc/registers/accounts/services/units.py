"""What somebody may change in the register of units: the register itself asks nobody."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.places import services as places

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import Unit


def create_unit(
    *,
    by: User,
    name: str,
    level: str,
    kind: str,
    parent: Unit,
    valid_from: date,
    short_name: str = "",
    code: str = "",
    document: str = "",
) -> Unit:
    """Enter a unit in the register, beneath one that `by` may edit.

    Raises: Refused or Missing when `by` may not edit there; Invalid, Conflict as `places.services.create_unit`.
    """
    access.require(by, Permission.UNIT_EDIT, at=parent)
    return places.create_unit(
        by=by,
        name=name,
        level=level,
        kind=kind,
        parent=parent,
        valid_from=valid_from,
        short_name=short_name,
        code=code,
        document=document,
    )


def change_unit(*, by: User, unit: Unit, on: date, name: str, short_name: str, code: str, document: str) -> Unit:
    """Give a unit another name or code from a day.

    Raises: Refused or Missing when `by` may not edit there; Invalid, Conflict as `places.services.change_unit`.
    """
    access.require(by, Permission.UNIT_EDIT, at=unit)
    return places.change_unit(by=by, unit=unit, on=on, name=name, short_name=short_name, code=code, document=document)


def end_unit(*, by: User, unit: Unit, on: date, why: str, document: str = "") -> Unit:
    """End the life of a unit from a day.

    Raises: Refused or Missing when `by` may not edit there; Invalid, Conflict as `places.services.end_unit`.
    """
    access.require(by, Permission.UNIT_EDIT, at=unit)
    return places.end_unit(by=by, unit=unit, on=on, why=why, document=document)
