"""Every write about people and their roles. Accounts are opened by invitation, never by signing up."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from hieuhoc.foundation.outbox import services as outbox
from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Conflict, Invalid, Missing, Refused
from hieuhoc.kernel.vietnamese import squeeze, write_date
from hieuhoc.registers.accounts import access, selectors
from hieuhoc.registers.accounts.models import Grant, Invitation, User, folded_words, name_order
from hieuhoc.registers.accounts.roles import ROLES, Permission
from hieuhoc.registers.accounts.states import INVITATION

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import Unit

INVITATION_LASTS = timedelta(days=7)
_USERNAME = RegexValidator(r"^[a-z0-9][a-z0-9._-]{2,59}\Z")


def digest_of(secret: str) -> str:
    """The digest under which the secret of an invitation's link is kept."""
    return hashlib.sha256(secret.encode()).hexdigest()


# ---- invitations ---------------------------------------------------------------------------------


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
    _check_columns(invitation)
    invitation.save()
    trail.record(by=actor, deed="accounts.invitation.send", what=invitation, changes=_grant_words(invitation))
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
    _check_link(invitation, now)
    if selectors.user_by_email(invitation.email):
        raise Conflict(_("Địa chỉ này đã có tài khoản. Hãy đăng nhập rồi mở lại liên kết trong thư."))
    user = _open_account(
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
    _check_link(invitation, now)
    if by.email.lower() != invitation.email.lower():
        raise Refused(_("Thư mời này gửi tới địa chỉ khác với tài khoản đang đăng nhập."))
    return _accept(invitation, by, now)


def _check_link(invitation: Invitation, now: datetime) -> None:
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
    return _write_grant(
        by=user,
        user=user,
        role=invitation.role,
        unit=invitation.unit,
        valid_from=invitation.valid_from,
        valid_to=invitation.valid_to,
        note=_("Theo thư mời"),
    )


# ---- accounts ------------------------------------------------------------------------------------


def _open_account(*, email: str, full_name: str, title: str, username: str, password: str | None) -> User:
    name = username.strip().lower()
    check_username(name)
    user = User(email=email.strip().lower(), full_name=squeeze(full_name), title=squeeze(title), username=name)
    if password is None:
        user.set_unusable_password()
    else:
        check_password(password, user=user)
        user.set_password(password)
    _fold(user)
    _check_columns(user)
    user.save()
    # The letter reached this address, so it is known to be the person's own.
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@transaction.atomic
def open_demonstration_account(*, by: trail.Actor, email: str, full_name: str, title: str, username: str) -> User:
    """Open an account for the demonstration: nobody reads its mail, and it has no password.

    Raises: Refused on a house that is not a demonstration.
    """
    if not settings.DEMONSTRATION:
        raise Refused(_("Tài khoản trình diễn chỉ có ở bản trình diễn."))
    user = _open_account(email=email, full_name=full_name, title=title, username=username, password=None)
    trail.record(by=by, deed="accounts.user.open", what=user)
    return user


def check_username(username: str) -> None:
    """Raises: Invalid (field `username`) when the name cannot be used or is taken."""
    try:
        _USERNAME(username)
    except ValidationError as error:
        sentence = _("Tên đăng nhập dài 3–60 ký tự, chỉ gồm chữ thường không dấu, số và dấu chấm, gạch nối, gạch dưới.")
        raise Invalid(sentence, field="username") from error
    if User.objects.filter(username__iexact=username).exists():
        raise Invalid(_("Tên đăng nhập này đã có người dùng. Hãy chọn tên khác."), field="username")


def check_password(password: str, *, user: User) -> None:
    """Raises: Invalid (field `password`) when the password breaks a rule."""
    try:
        password_validation.validate_password(password, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field="password") from error


@transaction.atomic
def change_profile(*, by: User, user: User, full_name: str, title: str, phone: str, language: str) -> User:
    """Change what a person says of themselves; an administrator of all of the person's units may correct it too.

    Raises: Refused when `by` is somebody else and does not manage all of the user's roles.
    """
    if by.pk != user.pk:
        access.require_all_of(by, user)
    wanted = {"full_name": squeeze(full_name), "title": squeeze(title), "phone": squeeze(phone), "language": language}
    changes = {name: [getattr(user, name), value] for name, value in wanted.items() if getattr(user, name) != value}
    if not changes:
        return user
    for name, value in wanted.items():
        setattr(user, name, value)
    _fold(user)
    _check_columns(user)
    user.save(update_fields=[*wanted, "folded", "sort_key"])
    trail.record(by=by, deed="accounts.user.change", what=user, changes=changes)
    return user


@transaction.atomic
def suspend_user(*, by: User, user: User, why: str) -> User:
    """Lock an account: its sessions end at once and it cannot sign in; its roles and history stay.

    Raises: Refused for one's own account, or one with roles outside what `by` manages; Invalid without a reason;
        Conflict when it is locked already.
    """
    if by.pk == user.pk:
        raise Refused(_("Bạn không thể tự khóa tài khoản của mình."))
    access.require_all_of(by, user)
    if not why.strip():
        raise Invalid(_("Hãy ghi lý do."), field="why")
    _switch(by, user, is_active=False, deed="accounts.user.suspend", why=why)
    return user


@transaction.atomic
def restore_user(*, by: User, user: User, why: str = "") -> User:
    """Unlock an account; the roles that still hold apply again. Raises: Conflict when it is not locked."""
    access.require_all_of(by, user)
    _switch(by, user, is_active=True, deed="accounts.user.restore", why=why)
    return user


def _switch(by: User, user: User, *, is_active: bool, deed: str, why: str) -> None:
    if not User.objects.filter(pk=user.pk, is_active=not is_active).update(is_active=is_active):
        raise Conflict(_("Tài khoản này vừa được người khác thay đổi. Hãy tải lại trang."))
    user.is_active = is_active
    access.forget(user)
    trail.record(by=by, deed=deed, what=user, why=why.strip(), changes={"is_active": [not is_active, is_active]})


def _fold(user: User) -> None:
    user.folded = folded_words(full_name=user.full_name, title=user.title, email=user.email, username=user.username)
    user.sort_key = name_order(user.full_name)


# ---- grants --------------------------------------------------------------------------------------


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
    return _write_grant(by=by, user=user, role=role, unit=unit, valid_from=valid_from, valid_to=valid_to, note=note)


@transaction.atomic
def give_first_grant(
    *, by: trail.Actor, user: User, role: str, unit: Unit, valid_from: date, valid_to: date | None = None
) -> Grant:
    """Give a demonstration account its role. Raises: Refused on a house that is not a demonstration."""
    if not settings.DEMONSTRATION:
        raise Refused(_("Tài khoản trình diễn chỉ có ở bản trình diễn."))
    return _write_grant(by=by, user=user, role=role, unit=unit, valid_from=valid_from, valid_to=valid_to, note="")


def _write_grant(
    *, by: trail.Actor, user: User, role: str, unit: Unit, valid_from: date, valid_to: date | None, note: str
) -> Grant:
    # The user's row is locked so that two administrators cannot give the same role at once.
    User.objects.select_for_update().get(pk=user.pk)
    check_grant(role=role, unit=unit, valid_from=valid_from, valid_to=valid_to)
    if selectors.grants_overlapping(user, role=role, unit=unit, valid_from=valid_from, valid_to=valid_to).exists():
        raise Invalid(_("Người này đã có vai trò này ở đơn vị này trong thời gian đã chọn."), field="role")
    grant = Grant(user=user, role=role, unit=unit, valid_from=valid_from, valid_to=valid_to, note=squeeze(note))
    _check_columns(grant)
    grant.save()
    access.forget(user)
    trail.record(by=by, deed="accounts.user.give_grant", what=user, changes=_grant_words(grant), why=grant.note)
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
    changes = _grant_words(grant) | {"valid_to": [_day(grant.valid_to), on.isoformat()]}
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


def _grant_words(grant: Grant | Invitation) -> dict[str, list[str | None]]:
    return {
        "role": [None, grant.role],
        "unit": [None, grant.unit.key],
        "valid_from": [None, grant.valid_from.isoformat()],
        "valid_to": [None, _day(grant.valid_to)],
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _check_columns(row: User | Grant | Invitation) -> None:
    """Raises: Invalid with the first column that breaks a rule of the table."""
    try:
        row.full_clean(exclude=["password"])
    except ValidationError as error:
        field, sentences = next(iter(error.message_dict.items()))
        raise Invalid(" ".join(sentences), field="" if field == "__all__" else field) from error
