"""Queueing messages and sending them."""

import smtplib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from hieuhoc.foundation.outbox.models import Message

log = structlog.get_logger("hieuhoc.outbox")

MOST_ATTEMPTS = 8


def post(*, to: str, subject: str, body: str, key: str = "") -> Message | None:
    """Queue one message; it leaves with the next sending, after the transaction has ended.

    With a `key`, a message already queued or sent under it is not queued again (None is returned).
    """
    now = timezone.now()
    line = " ".join(subject.split())[:200]
    values = {"to": to, "subject": line, "body": body, "queued_at": now, "next_attempt_at": now}
    if not key:
        return Message.objects.create(**values)
    message, is_new = Message.objects.get_or_create(key=key, defaults=values)
    return message if is_new else None


@dataclass(frozen=True)
class Letter:
    """One message of many. `key` must not be empty: the same key is queued once."""

    to: str
    subject: str
    body: str
    key: str


def post_many(letters: Iterable[Letter]) -> None:
    """Queue many messages in few queries; those whose key was queued or sent before are passed over."""
    now = timezone.now()
    rows = [
        Message(
            to=letter.to,
            subject=" ".join(letter.subject.split())[:200],
            body=letter.body,
            key=letter.key,
            queued_at=now,
            next_attempt_at=now,
        )
        for letter in letters
    ]
    Message.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


def send_waiting(*, now: datetime | None = None, most: int = 200) -> int:
    """Send what waits, oldest first; what fails is tried again later, ever more seldom.

    Units: `most` messages at one go; returns how many left the house.
    """
    instant = now or timezone.now()
    waiting = Message.objects.filter(sent_at=None, attempts__lt=MOST_ATTEMPTS, next_attempt_at__lte=instant)
    sent = 0
    for message in waiting.order_by("next_attempt_at", "pk")[:most]:
        # Claimed before it is sent: two senders never send the same message.
        again = instant + timedelta(minutes=2**message.attempts)
        claimed = Message.objects.filter(pk=message.pk, attempts=message.attempts, sent_at=None).update(
            attempts=message.attempts + 1, next_attempt_at=again
        )
        sent += bool(claimed) and _send(message, instant)
    return sent


def _send(message: Message, now: datetime) -> bool:
    try:
        EmailMessage(message.subject, message.body, settings.DEFAULT_FROM_EMAIL, [message.to]).send()
    except (OSError, smtplib.SMTPException, ValueError) as error:
        # ValueError: an address or a header that no server would take; the others in the queue still go.
        Message.objects.filter(pk=message.pk).update(problem=str(error))
        log.warning("message not sent", message=message.pk, problem=str(error))
        return False
    Message.objects.filter(pk=message.pk).update(sent_at=now, problem="")
    return True
