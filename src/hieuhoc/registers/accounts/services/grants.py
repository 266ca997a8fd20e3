"""Giving a role to somebody, and ending it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from hieuhoc.foundation.records import trail
from hieuhoc.kernel.errors import Conflict, Invalid, Refused
from hieuhoc.kernel.vietnamese import squeeze, write_date
from hieuhoc.registers.accounts import access, selectors
from hieuhoc.registers.accounts.models import Grant, Invitation, User
from hieuhoc.registers.accounts.roles import ROLES, Permission
from hieuhoc.registers.accounts.services.columns import check_columns

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import Unit


@transaction.atomic
def give_grant(
    *, by: User, user: User, role: str, unit: Unit, valid_from: date, valid_to: date | None = None, note: str = ""
) -> Grant:
    """Give a user one role at a unit, with all units beneath it.

    Raises: Refused when `by` is the user, or may not manage users there; Missing when the unit lies outside what
        `by` manages; Invalid when the role cannot be given at this level, the dates are out of order, or the user
        holds the same role there in the same days.
    """
    access.require(by, Permission.USER_MANAGE, at=unit)
    if by.pk == user.pk:
        raise Refused(_("Bạn không thể tự giao vai trò cho mình. Hãy nhờ quản trị viên khác."))
    return write_grant(by=by, user=user, role=role, unit=unit, valid_from=valid_from, valid_to=valid_to, note=note)


@transaction.atomic
def give_first_grant(
    *, by: trail.Actor, user: User, role: str, unit: Unit, valid_from: date, valid_to: date | None = None
) -> Grant:
    """Give a demonstration account its role. Raises: Refused on a house that is not a demonstration."""
    if not settings.DEMONSTRATION:
        raise Refused(_("Tài khoản trình diễn chỉ có ở bản trình diễn."))
    return write_grant(by=by, user=user, role=role, unit=unit, valid_from=valid_from, valid_to=valid_to, note="")


@transaction.atomic
def write_grant(
    *, by: trail.Actor, user: User, role: str, unit: Unit, valid_from: date, valid_to: date | None, note: str
) -> Grant:
    """Give a role to a user, asking nobody. Raises: Invalid."""
    # The user's row is locked so that two administrators cannot give the same role at once.
    User.objects.select_for_update().get(pk=user.pk)
    check_grant(role=role, unit=unit, valid_from=valid_from, valid_to=valid_to)
    if selectors.grants_overlapping(user, role=role, unit=unit, valid_from=valid_from, valid_to=valid_to).exists():
        raise Invalid(_("Người này đã có vai trò này ở đơn vị này trong thời gian đã chọn."), field="role")
    grant = Grant(user=user, role=role, unit=unit, valid_from=valid_from, valid_to=valid_to, note=squeeze(note))
    check_columns(grant)
    grant.save()
    access.forget(user)
    trail.record(by=by, deed="accounts.user.give_grant", what=user, changes=grant_words(grant), why=grant.note)
    return grant


@transaction.atomic
def end_grant(*, by: User, grant: Grant, on: date, why: str) -> Grant | None:
    """Let a grant end on a day (that day no longer included).

    A grant that would then hold on no day at all is taken out of the register; the trail keeps it. Then None is
    returned.

    Raises: Refused for one's own grant, or when `by` may not manage users there; Invalid without a reason, or when
        the day comes after the end that is set; Conflict when somebody else was quicker.
    """
    access.require(by, Permission.USER_MANAGE, at=grant.unit)
    if by.pk == grant.user_id:
        raise Refused(_("Bạn không thể tự kết thúc vai trò của mình. Hãy nhờ quản trị viên khác."))
    if not why.strip():
        raise Invalid(_("Hãy ghi lý do."), field="why")
    if grant.valid_to is not None and on > grant.valid_to:
        raise Invalid(_("Vai trò này đã kết thúc trước ngày đó."), field="on")
    before = Grant.objects.filter(pk=grant.pk, valid_to=grant.valid_to)
    done = before.delete()[0] if on <= grant.valid_from else before.update(valid_to=on)
    if not done:
        raise Conflict(_("Vai trò này vừa được người khác thay đổi. Hãy tải lại trang."))
    access.forget(grant.user)
    deed = "accounts.user.take_back_grant" if on <= grant.valid_from else "accounts.user.end_grant"
    changes = grant_words(grant) | {"valid_to": [_day(grant.valid_to), on.isoformat()]}
    trail.record(by=by, deed=deed, what=grant.user, why=why.strip(), changes=changes)
    if on <= grant.valid_from:
        return None
    grant.valid_to = on
    return grant


def check_grant(*, role: str, unit: Unit, valid_from: date, valid_to: date | None) -> None:
    """Whether such a grant can exist at all.

    Raises: Invalid, with the field at fault, when the role is unknown or not for units of this level, the days are
        out of order, or the unit does not exist in them.
    """
    if role not in ROLES:
        raise Invalid(_("Không có vai trò này."), field="role")
    if unit.level not in ROLES[role].levels:
        sentence = _("Vai trò “%(role)s” không giao được ở đơn vị “%(unit)s”.")
        raise Invalid(sentence % {"role": ROLES[role].name, "unit": unit}, field="role")
    if valid_to is not None and valid_to <= valid_from:
        raise Invalid(_("Ngày hết hiệu lực phải sau ngày có hiệu lực."), field="valid_to")
    if not unit.holds_on(valid_from):
        sentence = _("Đơn vị “%(unit)s” không hoạt động vào ngày %(day)s.")
        raise Invalid(sentence % {"unit": unit, "day": write_date(valid_from)}, field="valid_from")


def grant_words(grant: Grant | Invitation) -> dict[str, list[str | None]]:
    return {
        "role": [None, grant.role],
        "unit": [None, _place(grant.unit)],
        "valid_from": [None, grant.valid_from.isoformat()],
        "valid_to": [None, _day(grant.valid_to)],
    }


def _place(unit: Unit) -> str:
    # With the unit above it, for names repeat: there is more than one Xã Thạnh Hưng.
    return f"{unit.name}, {unit.parent.name}" if unit.parent else unit.name


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
