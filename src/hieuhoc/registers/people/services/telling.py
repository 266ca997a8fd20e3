"""Telling people something by telephone: the plug for a gateway of text messages.

The setting `MESSAGE_GATEWAY` names a function `send(phone, text)` of whoever runs the house; without one nothing is
sent, and the log says only that a message was due. `docs/developing/message-gateway.md` shows one.
"""

from collections.abc import Callable
from functools import partial
from typing import cast

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from hieuhoc.registers.people import rules

log = structlog.get_logger("hieuhoc.people")

Gateway = Callable[[str, str], None]


def has_gateway() -> bool:
    """Whether messages to telephones leave this house."""
    return bool(settings.MESSAGE_GATEWAY)


def tell(*, phone: str, text: str) -> None:
    """Send a message to a telephone now; without a gateway, note that one was due. Units: `text` in characters, 300."""
    if not phone:
        return
    if not has_gateway():
        log.info("message to a telephone not sent: no gateway", phone=rules.masked_phone(phone))
        return
    cast(Gateway, import_string(settings.MESSAGE_GATEWAY))(phone, text[:300])


def tell_later(*, phone: str, text: str) -> None:
    """The same once the transaction has ended; a gateway that fails undoes nothing, and the log says so."""
    if phone:
        transaction.on_commit(partial(tell, phone=phone, text=text), robust=True)
