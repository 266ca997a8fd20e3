"""Every page of the house in a real browser: axe finds nothing on a phone, and no page is wider than its window."""

from collections.abc import Callable, Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

from tests.conftest import DESKTOP, PHONE
from tests.whole.stage import Things, make_stage
from tests.whole.test_access import addresses, named, table

pytestmark = pytest.mark.django_db(transaction=True)

OpenPage = Callable[..., Page]
# Who is asked first: those who see most come first.
ORDER = ("binh", "tri", "minh", "an", "dung")
# Answered to programs in XML, which a browser shows in a style of its own.
FOR_PROGRAMS = {"learning:oai"}


def _pages(things: Things, half: int) -> Iterator[tuple[str, str]]:
    """Who opens what: of every second address that is asked for, by the first who gets it."""
    rows = table()
    for address in list(addresses())[half::2]:
        row = rows.get(address.name)
        if row is None or row.get("method") == "post" or address.name in FOR_PROGRAMS:
            continue
        found = next((name for name in ORDER if _answer(row["inside"], name) == 200), None)
        if found:
            yield found, reverse(address.name, kwargs=named(address, row, things))


def _answer(answers: int | dict[str, int], name: str) -> int | None:
    return answers if isinstance(answers, int) else answers.get(name, answers.get("others"))


def _opened(page: Page, url: str) -> bool:
    """Whether it is a whole page: no file, and no fragment, which is looked at as part of a page."""
    try:
        answer = page.goto(url)
    except PlaywrightError as error:
        if "Download is starting" in error.message:
            return False
        raise
    assert answer is not None
    assert answer.status == 200, url
    return answer.headers["content-type"].startswith("text/html") and page.locator("main").count() > 0


@pytest.mark.parametrize("half", [0, 1])  # two, so that two workers share the work
def test_every_page_is_accessible_and_fits_its_window(
    new_page: OpenPage, accessible: Callable[[Page], None], half: int
) -> None:
    cast, things, _others = make_stage()
    people = {name: new_page(size=PHONE, user=cast.people[name]) for name in ORDER}
    wrong = []
    for name, url in _pages(things, half):
        page = people[name]
        if not _opened(page, url):
            continue
        # From the width at which the page before was left: turning a window round takes as long as to look at it.
        is_wide = page.viewport_size == DESKTOP
        for size in (DESKTOP, PHONE) if is_wide else (PHONE, DESKTOP):
            if page.viewport_size != size:
                page.set_viewport_size({"width": size["width"], "height": size["height"]})
            try:
                check = accessible if size is PHONE else _fits
                check(page)
            except AssertionError as error:
                wrong.append(f"{name} {str(error)[:1500]}")
    assert not wrong, "\n\n".join(wrong)


def _fits(page: Page) -> None:
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert too_wide <= 0, f"{page.url} is {too_wide} px wider than a window of 1280"
