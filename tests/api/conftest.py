"""Programs that speak for somebody: `program(an).get("/api/v1/units")`."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from hieuhoc.registers.accounts import services
from hieuhoc.registers.accounts.models import User

Program = Callable[..., Client]


@pytest.fixture(autouse=True)
def _nobody_has_asked_yet() -> None:
    cache.clear()


@pytest.fixture
def program(db: None) -> Program:
    """A program with a token of somebody's own; by default one that may report."""

    def make(user: User, *, may_report: bool = True, **headers: Any) -> Client:
        _token, secret = services.make_token(by=user, name="Bảng tổng hợp", may_report=may_report)
        return Client(headers={"Authorization": f"Bearer {secret}", **headers})

    return make
