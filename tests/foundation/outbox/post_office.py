"""A post office for tests: it keeps what it sends, and refuses some addresses."""

import smtplib
import threading
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

REFUSED: dict[str, Exception] = {
    "no-server@example.vn": ConnectionRefusedError("nobody answers"),
    "unknown@example.vn": smtplib.SMTPRecipientsRefused({"unknown@example.vn": (550, b"no such user")}),
}
sent: list[str] = []
_one_at_a_time = threading.Lock()


class Backend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            message.message()  # as every backend does: a header that cannot be is found here
            if (problem := REFUSED.get(message.to[0])) is not None:
                raise problem
            with _one_at_a_time:
                sent.append(message.subject)
        return len(email_messages)
