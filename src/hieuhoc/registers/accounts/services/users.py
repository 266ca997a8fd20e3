"""Opening, changing, locking and unlocking accounts."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import transaction
from django.utils.translation import gettext as _

from hieuhoc.foundation.records import trail
from hieuhoc.kernel.errors import Conflict, Invalid, Refused
from hieuhoc.kernel.vietnamese import squeeze
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.models import User, folded_words, name_order
from hieuhoc.registers.accounts.services.columns import check_columns

_USERNAME = RegexValidator(r"^[a-z0-9][a-z0-9._-]{2,59}\Z")


def open_account(*, email: str, full_name: str, title: str, username: str, password: str | None) -> User:
    name = username.strip().lower()
    check_username(name)
    user = User(email=email.strip().lower(), full_name=squeeze(full_name), title=squeeze(title), username=name)
    if password is None:
        user.set_unusable_password()
    else:
        check_password(password, user=user)
        user.set_password(password)
    _fold(user)
    check_columns(user)
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
    user = open_account(email=email, full_name=full_name, title=title, username=username, password=None)
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
    check_columns(user)
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
