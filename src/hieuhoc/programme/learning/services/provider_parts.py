"""Who works at a body that offers learning, and what it has to work with."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import transaction

from hieuhoc.foundation.records import trail
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.kernel.vietnamese import squeeze, write_date
from hieuhoc.programme.learning import access
from hieuhoc.programme.learning.models import Equipment, Post, Provider, Room
from hieuhoc.programme.learning.rules import founding, kinds
from hieuhoc.programme.learning.services.providers import locked

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User

Thing = TypeVar("Thing", Room, Equipment)


def _require_naming(by: User, provider: Provider, role: str) -> None:
    if founding.is_appointed(provider.kind, role):
        access.require_deciding(by, provider.kind, at=provider.unit)
    else:
        access.require_editing(by, provider)


@transaction.atomic
def appoint(
    *,
    by: User,
    provider: Provider,
    role: str,
    name: str,
    valid_from: date,
    valid_to: date | None = None,
    occupation: str = "",
    decision: str = "",
    allowance: int | None = None,
) -> Post:
    """Somebody holds a post at a body from a day. Director and deputies of a centre are named by whoever decides on it.

    Units: allowance in đồng a month. Raises: Refused, Missing; Invalid with the field.
    """
    provider = locked(provider)
    if role not in kinds.POSTS:
        raise Invalid("Không có vị trí này.", field="role")
    _require_naming(by, provider, role)
    name = squeeze(name)
    if not name:
        raise Invalid("Hãy ghi họ và tên.", field="name")
    others = provider.posts.filter(role="director").values_list("valid_from", "valid_to")
    founding.check_post(
        role=role,
        starts=valid_from,
        ends=valid_to,
        founded=provider.valid_from,
        ended=provider.valid_to,
        others=[(first, last or date.max) for first, last in others],
    )
    post = Post.objects.create(
        provider=provider,
        role=role,
        name=name,
        valid_from=valid_from,
        valid_to=valid_to,
        occupation=squeeze(occupation),
        decision=squeeze(decision),
        allowance=allowance,
    )
    changes = {"role": ["", role], "name": ["", name]}
    trail.record(by=by, deed="learning.post.appoint", what=post, why=decision, changes=changes)
    return post


@transaction.atomic
def end_post(*, by: User, post: Post, on: date, why: str = "") -> Post:
    """Somebody no longer holds a post from a day. Raises: Refused, Missing; Conflict; Invalid (field `on`)."""
    provider = locked(post.provider)
    post = Post.objects.select_for_update().get(pk=post.pk)
    _require_naming(by, provider, post.role)
    if post.valid_to is not None:
        sentence = "{name} đã thôi giữ vị trí này từ ngày {day}."
        raise Conflict(sentence, name=post.name, day=write_date(post.valid_to))
    if on <= post.valid_from:
        raise Invalid("Ngày thôi giữ vị trí phải sau ngày bắt đầu.", field="on")
    post.valid_to = on
    post.save(update_fields=["valid_to"])
    changes = {"valid_to": [None, on.isoformat()]}
    trail.record(by=by, deed="learning.post.end", what=post, why=why, changes=changes)
    return post


# ---- rooms and equipment -----------------------------------------------------------------------------


@transaction.atomic
def add_room(
    *, by: User, provider: Provider, name: str, seats: int | None = None, is_own: bool = True, lender: str = ""
) -> Room:
    """A room where people learn. Units: seats. Raises: Refused, Missing; Invalid with the field."""
    room = Room(provider=provider, **_room(name=name, seats=seats, is_own=is_own, lender=lender))
    return _keep(by, provider, room, "learning.room.add")


@transaction.atomic
def edit_room(*, by: User, room: Room, name: str, seats: int | None, is_own: bool, lender: str) -> Room:
    """Tell a room anew. Raises: Refused, Missing; Invalid with the field."""
    return _change(by, room, _room(name=name, seats=seats, is_own=is_own, lender=lender), "learning.room.edit")


def _room(*, name: str, seats: int | None, is_own: bool, lender: str) -> dict[str, Any]:
    return {"name": squeeze(name), "seats": seats, "is_own": is_own, "lender": _lender(is_own, lender)}


@transaction.atomic
def add_equipment(
    *,
    by: User,
    provider: Provider,
    name: str,
    quantity: int = 1,
    is_own: bool = True,
    lender: str = "",
    since_year: int | None = None,
) -> Equipment:
    """A line of what a body has to work with. Units: pieces. Raises: Refused, Missing; Invalid with the field."""
    told = _equipment(name=name, quantity=quantity, is_own=is_own, lender=lender, since_year=since_year)
    return _keep(by, provider, Equipment(provider=provider, **told), "learning.equipment.add")


@transaction.atomic
def edit_equipment(
    *, by: User, equipment: Equipment, name: str, quantity: int, is_own: bool, lender: str, since_year: int | None
) -> Equipment:
    """Tell a line of equipment anew. Raises: Refused, Missing; Invalid with the field."""
    told = _equipment(name=name, quantity=quantity, is_own=is_own, lender=lender, since_year=since_year)
    return _change(by, equipment, told, "learning.equipment.edit")


def _equipment(*, name: str, quantity: int, is_own: bool, lender: str, since_year: int | None) -> dict[str, Any]:
    told = {"name": squeeze(name), "quantity": quantity, "is_own": is_own, "since_year": since_year}
    return told | {"lender": _lender(is_own, lender)}


def _lender(is_own: bool, lender: str) -> str:
    lender = squeeze(lender)
    if is_own and lender:
        raise Invalid("Ghi nơi cho mượn thì bỏ chọn “của cơ sở”.", field="lender")
    return lender


def _keep(by: User, provider: Provider, thing: Thing, deed: str) -> Thing:
    access.require_editing(by, locked(provider))
    _check(thing)
    thing.save(force_insert=True)
    trail.record(by=by, deed=deed, what=thing)
    return thing


def _change(by: User, thing: Thing, told: dict[str, Any], deed: str) -> Thing:
    access.require_editing(by, locked(thing.provider))
    changes = {name: [getattr(thing, name), value] for name, value in told.items() if getattr(thing, name) != value}
    for name, value in told.items():
        setattr(thing, name, value)
    _check(thing)
    thing.save()
    trail.record(by=by, deed=deed, what=thing, changes=changes)
    return thing


def _check(thing: Room | Equipment) -> None:
    if not thing.name:
        raise Invalid("Hãy ghi tên.", field="name")
    if isinstance(thing, Equipment):
        return
    same = Room.objects.filter(provider=thing.provider, name=thing.name).exclude(pk=thing.pk)
    if same.exists():
        raise Invalid("Cơ sở đã có phòng mang tên này.", field="name")


@transaction.atomic
def remove_room(*, by: User, room: Room) -> None:
    """A room is no longer used; sessions held in it no longer name it. Raises: Refused, Missing."""
    _remove(by, room, "learning.room.remove")


@transaction.atomic
def remove_equipment(*, by: User, equipment: Equipment) -> None:
    """A body no longer has a thing. Raises: Refused, Missing."""
    _remove(by, equipment, "learning.equipment.remove")


def _remove(by: User, thing: Room | Equipment, deed: str) -> None:
    provider = locked(thing.provider)
    access.require_editing(by, provider)
    trail.record(by=by, deed=deed, what=thing)
    thing.delete()
