"""Whatever is sent, even what nobody expects, is answered as the document says, and never with a failure."""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, settings
from pytest_django import DjangoDbBlocker
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.api.test_access import THINGS
from tests.whole.stage import Things, make_stage

from hieuhoc.api import base, v1
from hieuhoc.registers.accounts import services

pytestmark = pytest.mark.django_db


@cache
def _application() -> Any:
    return get_wsgi_application()


_schema = schemathesis.openapi.from_dict(json.loads(json.dumps(v1.document())))

_schema.app = lambda environ, start: _application()(environ, start)  # built at the first question


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[tuple[str, Things]]:
    """A token that may do much, and one of everything to ask about; requests are not counted."""
    patch = pytest.MonkeyPatch()
    patch.setattr(base, "PER_MINUTE", 1_000_000)
    # As Django's own test client does: between requests the one connection stays open.
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    with django_db_blocker.unblock(), transaction.atomic():
        cast, things, _other = make_stage()
        _token, secret = services.make_token(by=cast.dung, name="Thử", may_report=True)
        yield secret, things
        transaction.set_rollback(True)
    for signal in signals:
        signal.connect(close_old_connections)
    patch.undo()


@_schema.parametrize()
@settings(
    max_examples=10,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_whatever_is_sent_is_answered_as_the_document_says(case: Any, stage: tuple[str, Things]) -> None:
    secret, things = stage
    thing = THINGS.get(case.path.split("/")[3], "")
    # Half of the questions are about something that exists.
    for word, value in dict(case.path_parameters or {}).items():
        if thing and len(str(value)) % 2:
            case.path_parameters[word] = things[thing]
    with transaction.atomic():
        answer = case.call(headers={"Authorization": f"Bearer {secret}"})
        transaction.set_rollback(True)
    assert answer.status_code < 500
    case.validate_response(
        answer, checks=[status_code_conformance, content_type_conformance, response_schema_conformance]
    )
