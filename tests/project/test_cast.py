"""The cast itself: everybody stands where the other tests believe."""

from collections.abc import Callable

from django.conf import settings
from django.test import Client

from hieuhoc.foundation.records import clock
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.accounts.roles import Permission
from tests.factories.cast import TODAY, Cast


def test_chi_has_no_say_in_the_commune_of_an(cast: Cast) -> None:
    assert access.may(cast.an, Permission.TASK_REPORT, at=cast.commune)
    assert not access.may(cast.chi, Permission.TASK_READ, at=cast.commune)


def test_the_day_stands_still(cast: Cast) -> None:
    assert clock.today() == TODAY
    assert settings.DEMONSTRATION is False


def test_everybody_but_nobody_has_a_home(cast: Cast) -> None:
    homes = {name: access.home(user) for name, user in cast.people.items()}
    assert homes.pop("nobody") is None
    assert all(homes.values())


def test_a_signed_in_client_knows_its_user(an: User, signed_in: Callable[[User], Client]) -> None:
    assert int(signed_in(an).session["_auth_user_id"]) == an.pk
