"""Tokens with which a person's own programs speak to the public contract, and doing what they ask for only once."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Conflict, Invalid, Missing
from hieuhoc.kernel.vietnamese import squeeze
from hieuhoc.registers.accounts import selectors
from hieuhoc.registers.accounts.models import AccessToken, KeptAnswer, User
from hieuhoc.registers.accounts.services.columns import check_columns

TOKEN_DAYS = (30, 90, 180, 365)
TOKEN_LASTS = 90  # days, unless the person says otherwise
MOST_TOKENS = 20
ANSWER_KEPT = timedelta(days=7)
# So that a token that strays into a file is known for what it is, by people and by scanners.
_MARK = "hieuhoc_"


def token_digest(secret: str) -> str:
    """The digest under which a token's secret is kept. The secret is random, so it needs no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def make_token(*, by: User, name: str, may_report: bool = False, days: int = TOKEN_LASTS) -> tuple[AccessToken, str]:
    """Make a token of one's own; the secret is returned once and can never be read again.

    Units: `days` until it runs out.
    Raises: Invalid without a name, or for another number of days than those offered; Conflict when there are enough.
    """
    now = clock.now()
    if days not in TOKEN_DAYS:
        raise Invalid(_("Hãy chọn thời hạn của mã trong danh sách."), field="days")
    if selectors.tokens_in_force(by, now=now).count() >= MOST_TOKENS:
        raise Conflict(_("Bạn đã có quá nhiều mã truy cập. Hãy thu hồi mã không còn dùng rồi tạo mã mới."))
    secret = _MARK + secrets.token_urlsafe(32)
    token = AccessToken(
        user=by,
        name=squeeze(name),
        digest=token_digest(secret),
        may_report=may_report,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    check_columns(token)
    token.save()
    trail.record(by=by, deed="accounts.token.make", what=token, changes={"may_report": [None, may_report]})
    return token, secret


@transaction.atomic
def withdraw_token(*, by: User, token: AccessToken) -> AccessToken:
    """Take a token of one's own back; no program can use it from now on.

    Raises: Missing for somebody else's token; Conflict when it was withdrawn before.
    """
    if token.user_id != by.pk:
        raise Missing(_("Không tìm thấy mã truy cập này."))
    now = clock.now()
    if not AccessToken.objects.filter(pk=token.pk, withdrawn_at=None).update(withdrawn_at=now):
        raise Conflict(_("Mã truy cập này đã được thu hồi."))
    token.withdrawn_at = now
    trail.record(by=by, deed="accounts.token.withdraw", what=token)
    return token


def note_token_use(*, token: AccessToken) -> None:
    """Remember on which day the token was last used; one write a day. Not a deed: the trail holds what it does."""
    today = clock.today()
    if token.used_on != today:
        AccessToken.objects.filter(pk=token.pk).update(used_on=today)
        token.used_on = today


@transaction.atomic
def answer_once(
    *, token: AccessToken, key: str, asked: str, answer: Callable[[], dict[str, Any]]
) -> tuple[dict[str, Any], bool]:
    """Do what a request asks for, unless the token asked for it before under the same key: then the answer given then.

    The answer is kept in the same transaction as the deed: what failed is not kept and may be tried again. Returns the
    answer, and whether it had been given before.

    Raises: Invalid when the key was used for another request; whatever `answer` raises.
    """
    now, digest = clock.now(), hashlib.sha256(asked.encode()).hexdigest()
    KeptAnswer.objects.filter(token=token, at__lt=now - ANSWER_KEPT).delete()
    try:
        # A second request that comes at the same moment waits here for the first.
        with transaction.atomic():
            kept = KeptAnswer.objects.create(token=token, key=key, asked=digest, body={}, at=now)
    except IntegrityError:
        kept = KeptAnswer.objects.get(token=token, key=key)
        if kept.asked != digest:
            raise Invalid(
                _("Khóa này đã dùng cho một yêu cầu khác. Hãy đặt khóa mới cho mỗi yêu cầu."), field="Idempotency-Key"
            ) from None
        return kept.body, True
    kept.body = answer()
    kept.save(update_fields=["body"])
    return kept.body, False
