"""What stands around every page: entries by permission, nothing for strangers, and a fixed number of queries."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from hieuhoc.project.navigation import PLACES, navigation
from hieuhoc.registers.accounts.models import User
from tests.factories.cast import TODAY, Cast


def labels(user: User, path: str = "/") -> dict[str, bool]:
    request = RequestFactory().get(path)
    request.user = user
    request.resolver_match = resolve(path)
    return {str(entry["label"]): entry["active"] for entry in navigation(request)["navigation"]}


def test_each_role_sees_where_it_may_go(cast: Cast) -> None:
    read = ["Việc của tôi", "Kế hoạch", "Báo cáo", "Số liệu", "Học tập", "Chỉ số", "Vướng mắc", "Đơn vị"]
    assert list(labels(cast.xuan)) == read
    assert list(labels(cast.binh)) == [*read[:-1], "Đôn đốc", "Đơn vị"]
    assert {"Người dùng", "Nhật ký"} <= set(labels(cast.tri))
    assert labels(cast.nobody) == {}


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/", "Việc của tôi"),
        ("/plans/", "Kế hoạch"),
        ("/reports/", "Báo cáo"),
        ("/reports/rounds/", "Báo cáo"),
        ("/dashboard/", "Số liệu"),
        ("/learning/", "Học tập"),
        ("/indicators/", "Chỉ số"),
        ("/obstacles/", "Vướng mắc"),
        ("/units/", "Đơn vị"),
    ],
)
def test_the_entry_of_the_page_is_marked(path: str, label: str, cast: Cast) -> None:
    assert [name for name, active in labels(cast.binh, path).items() if active] == [label]


def test_a_stranger_sees_no_way_in() -> None:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert navigation(request) == {"demonstration": False, "today": TODAY}


def test_the_navigation_asks_eight_times_whoever_looks(cast: Cast) -> None:
    for user in cast.people.values():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            labels(user)
        assert len(queries) <= 8


def test_a_page_that_does_not_exist_has_its_navigation_too(binh: User, signed_in: Callable[[User], Client]) -> None:
    answer = signed_in(binh).get("/no-such-page/")
    assert answer.status_code == 404
    assert "Việc của tôi" in answer.content.decode()


def test_every_entry_leads_somewhere(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    request = RequestFactory().get("/")
    request.user = cast.minh
    request.resolver_match = resolve("/")
    entries = navigation(request)["navigation"]
    assert len(entries) == len(PLACES)
    client = signed_in(cast.minh)
    assert {entry["url"]: client.get(entry["url"], follow=True).status_code for entry in entries} == {
        entry["url"]: 200 for entry in entries
    }


def test_a_page_of_trouble_asks_the_database_for_no_counts(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(cast.an)
    client.get("/plans/999999/")  # what is asked once in a session is not the page's
    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/plans/999999/")
    assert answer.status_code == 404
    assert "Việc của tôi" in answer.content.decode()
    assert not [query["sql"] for query in queries if "COUNT(" in query["sql"]]
