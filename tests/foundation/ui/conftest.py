"""A house with nothing in it but its pages, served to a client and to a browser."""

import copy
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.conf import settings as django_settings
from django.core.wsgi import get_wsgi_application
from django.test import override_settings

import hieuhoc.foundation.ui

UI = Path(hieuhoc.foundation.ui.__file__).parent


@pytest.fixture(scope="module", autouse=True)
def house() -> Iterator[None]:
    """The settings of the house, with this folder's addresses instead of the project's."""
    templates: list[Any] = copy.deepcopy(django_settings.TEMPLATES)
    processors = templates[0]["OPTIONS"]["context_processors"]
    processors[:] = [
        name
        for name in processors
        if not name.startswith("hieuhoc.") and not name.endswith("auth.context_processors.auth")
    ]
    processors.append("tests.foundation.ui.urls.surroundings")
    with override_settings(
        ROOT_URLCONF="tests.foundation.ui.urls",
        TEMPLATES=templates,
        DEMONSTRATION=True,
        ALLOWED_HOSTS=["*"],
        DEBUG=False,
    ):
        yield


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: a request is not news in a test."""


@pytest.fixture(scope="module")
def server(house: None) -> Iterator[str]:
    """The address of a running house; no database is touched, for nobody is signed in."""
    with make_server("127.0.0.1", 0, get_wsgi_application(), handler_class=_Quiet) as running:
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()
