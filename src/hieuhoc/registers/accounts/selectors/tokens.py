"""Reads of the tokens with which people's programs speak to the public contract. A token is seen by its owner alone."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hieuhoc.kernel.errors import Missing
from hieuhoc.registers.accounts.models import AccessToken, User


def tokens(user: User) -> QuerySet[AccessToken]:
    """The user's tokens, newest first, withdrawn and expired ones included."""
    return AccessToken.objects.filter(user=user)


def tokens_in_force(user: User, *, now: datetime) -> QuerySet[AccessToken]:
    """The user's tokens that programs may use at an instant."""
    return tokens(user).filter(withdrawn_at=None, expires_at__gt=now)


def token_by_key(user: User, pk: int) -> AccessToken:
    """One token of the user's own. Raises: Missing."""
    found = tokens(user).filter(pk=pk).first()
    if found is None:
        raise Missing(_("Không tìm thấy mã truy cập này."))
    return found


def token_by_digest(digest: str, *, now: datetime) -> AccessToken | None:
    """The token with this secret's digest and its owner; none when it is withdrawn or expired, or the owner locked."""
    in_force = AccessToken.objects.filter(digest=digest, withdrawn_at=None, expires_at__gt=now, user__is_active=True)
    return in_force.select_related("user").first()
