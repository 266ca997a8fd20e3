"""Invitations and administrators for tests, made by the services themselves."""

import re
from typing import Any

from hieuhoc.foundation.outbox.models import Message
from hieuhoc.registers.accounts import services
from hieuhoc.registers.accounts.models import Invitation, User
from hieuhoc.registers.places.models import Unit
from tests.factories.cast import TODAY, give, make_user


def make_administrator(unit: Unit, username: str = "quantri") -> User:
    """Somebody who manages users and units at one unit."""
    return give(make_user(username, "Hồ Quản Trị", "Quản trị"), "administrator", unit)


def make_invitation(by: User, unit: Unit, **over: Any) -> Invitation:
    """An invitation with the least that is valid."""
    given: dict[str, Any] = {
        "email": "moi@example.vn",
        "full_name": "Nguyễn Văn Mới",
        "title": "Công chức",
        "role": "commune_clerk",
        "valid_from": TODAY,
    } | over
    return services.invite_user(by=by, unit=unit, **given)


def secret_in_last_letter() -> str:
    """The secret of the link in the newest letter of the outbox."""
    letter = Message.objects.order_by("-pk").first()
    assert letter is not None
    found = re.search(r"/accounts/invitation/([\w-]+)/", letter.body)
    assert found is not None, letter.body
    return found[1]
