"""The dashboards in a real browser: nothing for axe to find, nothing too wide, the policy kept, and links that lead."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.factories.cast import Cast, make_cast
from tests.factories.indicators import make_indicator, month

from hieuhoc.foundation.records import trail
from hieuhoc.registers.indicators import services
from hieuhoc.registers.indicators.services import Stated

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def centres(transactional_db: None) -> Cast:
    cast = make_cast()
    make_indicator("CLC.TURNS", name="Số lượt học", is_key=True, direction="up", breakdowns=["sex"], measure="turn")
    make_indicator("CLC.QUIET", name="Số chưa ai báo", is_key=True)
    for unit, value in ((cast.commune, 120), (cast.next_door, 45)):
        for number in (8, 9, 10):
            for by, part in (("", value + number), ("sex=female", value // 2)):
                services.state_figures(
                    by=trail.HOUSE,
                    unit=unit,
                    period=month(2020, number),
                    figures=[Stated("CLC.TURNS", part, by)],
                    source="",
                )
    return cast


def test_every_page_is_whole_at_both_widths(
    new_page: Callable[..., Page], accessible: Callable[[Page], None], size: dict[str, int], centres: Cast
) -> None:
    page = new_page(size=size, user=centres.tri)
    province, district = centres.province.key, centres.district.key
    for address in (
        f"/dashboard/{province}/?period=2020-10",
        f"/dashboard/{district}/?period=2020-10&indicator=CLC.TURNS",
        f"/dashboard/{district}/indicators/?period=2020-10",
        f"/dashboard/{district}/indicators/CLC.TURNS/?period=2020-10&against=2020-09&beside={centres.commune.key}",
        f"/figures/{district}/CLC.TURNS/2020-Q3/",
        f"/dashboard/{province}/boundaries/",
    ):
        page.goto(address)
        for details in page.locator("main details").all():
            details.evaluate("one => one.open = true")
        accessible(page)


def test_from_the_map_to_the_facts_is_one_click(new_page: Callable[..., Page], centres: Cast) -> None:
    page = new_page(user=centres.dung)
    page.goto(f"/dashboard/{centres.district.key}/?period=2020-10&indicator=CLC.TURNS")
    page.locator("svg.map a", has_text="An Phú").click()
    page.wait_for_url(f"**/figures/{centres.commune.key}/CLC.TURNS/2020-10/")
    expect(page.locator(".figure-said")).to_contain_text("130")


def test_without_the_mouse_the_table_leads_where_the_map_does(new_page: Callable[..., Page], centres: Cast) -> None:
    page = new_page(user=centres.dung)
    page.goto(f"/dashboard/{centres.district.key}/?period=2020-10&indicator=CLC.TURNS")
    page.get_by_text("Xem bảng xếp hạng đầy đủ").click()
    link = page.locator("details a", has_text="130")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/figures/{centres.commune.key}/CLC.TURNS/2020-10/")


def test_choosing_another_period_asks_at_once(new_page: Callable[..., Page], centres: Cast) -> None:
    page = new_page(user=centres.dung)
    page.goto(f"/dashboard/{centres.district.key}/?period=2020-10")
    page.locator("#filter-period").select_option("2020-09")
    page.wait_for_url("**period=2020-09**")
    expect(page.locator(".key-figure b").first).to_contain_text("183")
