"""What a line of the log says of a request, and what it does not."""

import pytest
from django.test import RequestFactory
from django.urls import resolve

from hieuhoc.project.logs import shown_path


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/enrolments/tTt-secret/", "/enrolments/…/"),
        ("/enrolments/tTt-secret/cancel/", "/enrolments/…/cancel/"),
        ("/classes/watch/tTt-secret/", "/classes/watch/…/"),
        ("/certificates/ABCD2345EFGH/", "/certificates/…/"),
        ("/accounts/password/reset/key/4-abc-def/", "/accounts/password/reset/key/4-…/"),
        ("/classes/ab12cd/", "/classes/ab12cd/"),
        ("/learning/sessions/7/attendance/", "/learning/sessions/7/attendance/"),
    ],
)
def test_a_log_holds_no_address_that_lets_somebody_in(path: str, shown: str) -> None:
    request = RequestFactory().get(path)
    request.resolver_match = resolve(path)
    assert shown_path(request) == shown


def test_an_address_that_leads_nowhere_is_logged_as_it_is() -> None:
    assert shown_path(RequestFactory().get("/khong-co/")) == "/khong-co/"
