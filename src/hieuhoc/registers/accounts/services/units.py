"""What somebody may change in the register of units: the register itself asks nobody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.places import services as places
from hieuhoc.registers.places.services import sizes

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import Membership, Unit, UnitAlias, UnitSize


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
    if parent.valid_to is not None:
        sentence = "“{parent}” đã kết thúc từ ngày {day}; hãy chọn đơn vị hiện nay."
        raise Invalid(sentence, field="parent", parent=parent.name, day=write_date(parent.valid_to))
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


def change_kind(*, by: User, unit: Unit, on: date, kind: str, name: str, document: str) -> Unit:
    """Let a unit be of another kind from a day, with the name that goes with it.

    Raises: as `change_unit`.
    """
    access.require(by, Permission.UNIT_EDIT, at=unit)
    return places.change_unit(by=by, unit=unit, on=on, kind=kind, name=name, document=document)


def move_unit(*, by: User, unit: Unit, on: date, parent: Unit, document: str) -> Unit:
    """Place a unit, with everything beneath it, under another one from a day.

    Raises: Refused or Missing when `by` may not edit here or there; Invalid, Conflict as `places.services.move_unit`.
    """
    access.require(by, Permission.UNIT_EDIT, at=unit)
    access.require(by, Permission.UNIT_EDIT, at=parent)
    return places.move_unit(by=by, unit=unit, on=on, parent=parent, document=document)


def end_unit(*, by: User, unit: Unit, on: date, why: str, document: str = "") -> Unit:
    """End the life of a unit from a day.

    Raises: Refused or Missing when `by` may not edit there; Invalid, Conflict as `places.services.end_unit`.
    """
    access.require(by, Permission.UNIT_EDIT, at=unit)
    return places.end_unit(by=by, unit=unit, on=on, why=why, document=document)


def add_alias(*, by: User, unit: Unit, name: str, on: date) -> UnitAlias:
    """Let a unit be known by another name as well. Raises: Refused, Missing; Invalid as the register."""
    access.require(by, Permission.UNIT_EDIT, at=unit)
    return places.add_alias(by=by, unit=unit, name=name, on=on)


def end_alias(*, by: User, alias: UnitAlias, on: date) -> UnitAlias:
    """Let a unit no longer be known by another name. Raises: Refused, Missing; Invalid, Conflict as the register."""
    access.require(by, Permission.UNIT_EDIT, at=alias.unit)
    return places.end_alias(by=by, alias=alias, on=on)


def set_members(*, by: User, group: Unit, members: Sequence[Unit], on: date) -> list[Membership]:
    """Let a group stand, from a day, for exactly these units; whom it may stand for is the register's to say.

    Raises: Refused or Missing when `by` may not edit the group; Invalid as `places.services.set_members`.
    """
    access.require(by, Permission.UNIT_EDIT, at=group)
    return places.set_members(by=by, group=group, members=members, on=on)


def record_size(
    *,
    by: User,
    unit: Unit,
    on: date,
    source: str,
    people: int | None = None,
    households: int | None = None,
    area_ha: int | None = None,
    is_estimated: bool = False,
) -> UnitSize:
    """Enter or correct how large a unit was on a day. Raises: Refused, Missing; Invalid as the register."""
    access.require(by, Permission.UNIT_EDIT, at=unit)
    return sizes.record_size(
        by=by,
        unit=unit,
        on=on,
        source=source,
        people=people,
        households=households,
        area_ha=area_ha,
        is_estimated=is_estimated,
    )


@transaction.atomic
def remove_size(*, by: User, size: UnitSize, why: str) -> None:
    """Take out figures entered for a wrong day. Raises: Refused, Missing; Invalid without a reason."""
    access.require(by, Permission.UNIT_EDIT, at=size.unit)
    sizes.remove_size(by=by, size=size, why=why)
