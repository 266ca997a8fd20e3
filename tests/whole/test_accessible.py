"""Every page of the house in a real browser: axe finds nothing on a phone, and no page is wider than its window."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page

from hieuhoc.registers.accounts.models import User
from tests.conftest import DESKTOP, PHONE
from tests.whole.stage import Things, make_stage
from tests.whole.test_access import addresses, client_of, named, table

pytestmark = pytest.mark.django_db(transaction=True)

OpenPage = Callable[..., Page]
# Who is asked first: those who see most come first.
ORDER = ("binh", "tri", "minh", "an", "dung")


def _pages(people: dict[str, User], things: Things, half: int) -> Iterator[tuple[str, str]]:
    """Who opens which page: of every second address, each page that somebody gets, by the first who gets it."""
    rows, clients = table(), {name: client_of(people[name]) for name in ORDER}
    for address in list(addresses())[half::2]:
        row = rows.get(address.name)
        if row is None or row.get("method") == "post":
            continue
        url = reverse(address.name, kwargs=named(address, row, things))
        found = next((name for name in ORDER if _is_page(clients[name], url)), None)
        if found:
            yield found, url


def _is_page(client: Client, url: str) -> bool:
    answer = client.get(url)
    return answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("half", [0, 1])  # two, so that two workers share the work
def test_every_page_is_accessible_and_fits_its_window(
    new_page: OpenPage, accessible: Callable[[Page], None], half: int
) -> None:
    cast, things, _others = make_stage()
    people = {name: new_page(size=PHONE, user=cast.people[name]) for name in ORDER}
    wrong = []
    for name, url in _pages(cast.people, things, half):
        page = people[name]
        page.goto(url)
        if not page.locator("main").count():  # a fragment is part of a page that is looked at as a whole
            continue
        try:
            accessible(page)
        except AssertionError as error:
            wrong.append(f"{name} {str(error)[:1500]}")
        page.set_viewport_size({"width": DESKTOP["width"], "height": DESKTOP["height"]})
        too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
        if too_wide > 0:
            wrong.append(f"{url} is {too_wide} px wider than a window of 1280")
    assert not wrong, "\n\n".join(wrong)
