"""Inviting people, and what they do with the invitation."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from hieuhoc.foundation.outbox import services as outbox
from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Conflict, Invalid, Missing, Refused
from hieuhoc.kernel.vietnamese import squeeze
from hieuhoc.registers.accounts import access, selectors
from hieuhoc.registers.accounts.models import Grant, Invitation, User
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.accounts.services.columns import check_columns
from hieuhoc.registers.accounts.services.grants import check_grant, grant_words, write_grant
from hieuhoc.registers.accounts.services.users import open_account
from hieuhoc.registers.accounts.states import INVITATION

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import Unit

INVITATION_LASTS = timedelta(days=7)


def digest_of(secret: str) -> str:
    """The digest under which the secret of an invitation's link is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def invite_user(
    *,
    by: User,
    email: str,
    full_name: str,
    title: str,
    role: str,
    unit: Unit,
    valid_from: date,
    valid_to: date | None = None,
) -> Invitation:
    """Invite one person to act in a role at a unit; the letter's link holds for seven days.

    Somebody who has an account already takes the role with it by the same link.

    Raises: Refused or Missing when `by` may not manage users at the unit; Invalid when the role cannot be given
        there, the dates are out of order, or the same invitation is still waiting.
    """
    access.require(by, Permission.USER_MANAGE, at=unit)
    invitation, _link = _invite(by, by, email, full_name, title, role, unit, valid_from, valid_to)
    return invitation


@transaction.atomic
def invite_first_administrator(*, by: trail.Actor, email: str, full_name: str, unit: Unit) -> str:
    """Invite whoever shall run the house, while nobody manages users yet; returns the link of the letter.

    Raises: Conflict when somebody manages users at the unit already.
    """
    if access.holders(Permission.USER_MANAGE, at=unit).exists():
        raise Conflict(_("Đơn vị này đã có người quản trị; hãy nhờ người đó mời thêm."))
    _invitation, link = _invite(by, None, email, full_name, "", "administrator", unit, clock.today(), None)
    return link


def _invite(
    actor: trail.Actor,
    invited_by: User | None,
    email: str,
    full_name: str,
    title: str,
    role: str,
    unit: Unit,
    valid_from: date,
    valid_to: date | None,
) -> tuple[Invitation, str]:
    now, address = clock.now(), email.strip().lower()
    check_grant(role=role, unit=unit, valid_from=valid_from, valid_to=valid_to)
    if selectors.invitations_waiting(now=now).filter(email=address, role=role, unit=unit).exists():
        raise Invalid(_("Đã gửi thư mời này và đang chờ chấp nhận."), field="email")
    secret = secrets.token_urlsafe(32)
    invitation = Invitation(
        email=address,
        full_name=squeeze(full_name),
        title=squeeze(title),
        role=role,
        unit=unit,
        valid_from=valid_from,
        valid_to=valid_to,
        digest=digest_of(secret),
        invited_by=invited_by,
        sent_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    check_columns(invitation)
    invitation.save()
    trail.record(by=actor, deed="accounts.invitation.send", what=invitation, changes=grant_words(invitation))
    return invitation, _send(invitation, secret)


def _send(invitation: Invitation, secret: str) -> str:
    link = settings.PUBLIC_ADDRESS.rstrip("/") + reverse("accounts:invitation-accept", args=[secret])
    words = {"invitation": invitation, "link": link}
    outbox.post(
        to=invitation.email,
        subject=_("Thư mời dùng Hiếu Học"),
        body=render_to_string("accounts/mail/invitation.txt", words).strip() + "\n",
    )
    return link


@transaction.atomic
def send_invitation_again(*, by: User, invitation: Invitation) -> Invitation:
    """Send a waiting invitation once more, with a fresh link and seven more days; the old link no longer opens.

    Raises: Conflict when it has been accepted or withdrawn.
    """
    access.require(by, Permission.USER_MANAGE, at=invitation.unit)
    secret, now = secrets.token_urlsafe(32), clock.now()
    fresh = {"digest": digest_of(secret), "sent_at": now, "expires_at": now + INVITATION_LASTS}
    if not Invitation.objects.filter(pk=invitation.pk, state="sent", digest=invitation.digest).update(**fresh):
        raise Conflict(_("Thư mời này vừa được người khác xử lý. Hãy tải lại trang."))
    for column, value in fresh.items():
        setattr(invitation, column, value)
    trail.record(by=by, deed="accounts.invitation.send_again", what=invitation)
    _send(invitation, secret)
    return invitation


@transaction.atomic
def withdraw_invitation(*, by: User, invitation: Invitation) -> Invitation:
    """Take an invitation back; its link no longer opens."""
    access.require(by, Permission.USER_MANAGE, at=invitation.unit)
    trail.move(by=by, row=invitation, machine=INVITATION, deed="withdraw")
    return invitation


@transaction.atomic
def accept_invitation(*, invitation: Invitation, username: str, password: str) -> User:
    """Open the account that an invitation promises, with the role that it names.

    The link itself is the permission: whoever holds it reads the mail of that address.

    Raises: Missing when the link no longer holds; Conflict when the address has an account already or somebody was
        quicker; Invalid (fields `username`, `password`) when one of them cannot be used.
    """
    now = clock.now()
    check_link(invitation, now)
    if selectors.user_by_email(invitation.email):
        raise Conflict(_("Địa chỉ này đã có tài khoản. Hãy đăng nhập rồi mở lại liên kết trong thư."))
    user = open_account(
        email=invitation.email,
        full_name=invitation.full_name,
        title=invitation.title,
        username=username,
        password=password,
    )
    trail.record(by=user, deed="accounts.user.open", what=user)
    _accept(invitation, user, now)
    return user


@transaction.atomic
def accept_invitation_as(*, by: User, invitation: Invitation) -> Grant:
    """Take one more role with an account one has already.

    Raises: Missing when the link no longer holds; Refused when the invitation went to another address.
    """
    now = clock.now()
    check_link(invitation, now)
    if by.email.lower() != invitation.email.lower():
        raise Refused(_("Thư mời này gửi tới địa chỉ khác với tài khoản đang đăng nhập."))
    return _accept(invitation, by, now)


def check_link(invitation: Invitation, now: datetime) -> None:
    """Raises: Missing when the invitation's link no longer opens."""
    if invitation.state != "sent" or invitation.expires_at <= now:
        raise Missing(_("Thư mời này không còn hiệu lực. Hãy nhờ người quản trị gửi lại."))


def _accept(invitation: Invitation, user: User, now: datetime) -> Grant:
    taken = Invitation.objects.filter(pk=invitation.pk, state="sent", digest=invitation.digest).update(
        state=INVITATION.after("accept", state="sent"), user=user, accepted_at=now
    )
    if not taken:
        raise Conflict(_("Thư mời này vừa được chấp nhận hoặc thu hồi. Hãy tải lại trang."))
    invitation.refresh_from_db()
    trail.record(
        by=user, deed="accounts.invitation.accept", what=invitation, changes={"state": ["sent", invitation.state]}
    )
    return write_grant(
        by=user,
        user=user,
        role=invitation.role,
        unit=invitation.unit,
        valid_from=invitation.valid_from,
        valid_to=invitation.valid_to,
        note=_("Theo thư mời"),
    )
