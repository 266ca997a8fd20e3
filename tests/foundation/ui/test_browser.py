"""In a real browser: nothing for axe to find, nothing wider than a phone, keys that work, no policy broken."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect

pytestmark = pytest.mark.browser

OpenPage = Callable[..., Page]
PAGES = ["/ui-gallery/", "/ui-gallery/public/", "/ui-gallery/print/", "/fails/conflict/", "/breaks/"]
WIDE, PHONE = 1280, 390


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def open_page(browser: Browser, server: str, complaints: list[str]) -> Iterator[OpenPage]:
    """Opens an address at a width; collects what the browser complains about."""
    contexts: list[BrowserContext] = []

    def opened(address: str, width: int = WIDE, *, script: bool = True) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, locale="vi-VN", java_script_enabled=script
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{server}{address}")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [WIDE, PHONE])
@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing_and_nothing_runs_off_the_side(
    open_page: OpenPage, accessible: Callable[[Page], None], address: str, width: int
) -> None:
    page = open_page(address, width)
    accessible(page)


def test_the_content_policy_is_kept_and_no_script_fails(open_page: OpenPage, complaints: list[str]) -> None:
    open_page("/ui-gallery/")
    assert complaints == []


def test_a_slash_goes_to_the_search_box_but_not_while_typing(open_page: OpenPage) -> None:
    page = open_page("/fails/conflict/")
    page.keyboard.press("/")
    expect(page.locator("#site-search")).to_be_focused()
    page.keyboard.type("1/2")
    expect(page.locator("#site-search")).to_have_value("1/2")


def test_the_first_key_press_offers_to_skip_to_the_content(open_page: OpenPage) -> None:
    page = open_page("/fails/conflict/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()


def test_a_list_is_searched_without_accents_and_chosen_by_keyboard(open_page: OpenPage) -> None:
    page = open_page("/ui-gallery/")
    box = page.get_by_role("combobox", name="Xã, phường, thị trấn")
    box.click()
    box.fill("thanh l")
    option = page.get_by_role("option", name="Xã Thạnh Lộc")
    expect(option).to_be_visible()
    expect(page.get_by_role("option", name="Xã Hòa Thuận")).to_have_count(0)
    box.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    box.press("Enter")
    expect(box).to_have_value("Xã Thạnh Lộc")
    assert page.locator("#new_unit-list").input_value() == "thanh-loc"


def test_suggestions_come_from_the_server_and_the_key_is_kept(open_page: OpenPage) -> None:
    page = open_page("/ui-gallery/")
    box = page.get_by_role("combobox", name="Đơn vị phối hợp")
    box.click()
    box.press_sequentially("hoa th")
    page.get_by_role("option", name="Xã Hòa Thuận").click()
    expect(box).to_have_value("Xã Hòa Thuận")
    assert page.locator("input[name=other_key]").input_value() == "hoa-thuan"
    box.press_sequentially("x")
    assert page.locator("input[name=other_key]").input_value() == ""


def test_nothing_found_is_said(open_page: OpenPage) -> None:
    page = open_page("/ui-gallery/")
    box = page.get_by_role("combobox", name="Xã, phường, thị trấn")
    box.click()
    box.fill("zzz")
    expect(page.locator(".suggestions .none").first).to_be_visible()


def test_looking_at_a_proposal_lights_up_its_sentence(open_page: OpenPage) -> None:
    page = open_page("/ui-gallery/")
    page.locator("[data-shows=s171] a").focus()
    expect(page.locator("[data-sentence=s171]")).to_have_class("sentence found is-lit")
    expect(page.locator("[data-sentence=s165]")).to_have_class("sentence found")


def test_leaving_a_form_that_was_not_sent_asks_first(open_page: OpenPage, server: str) -> None:
    page = open_page("/ui-gallery/")
    asked: list[str] = []

    def answer(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", answer)
    page.locator("form[data-warn-unsaved] input[name=name]").press_sequentially("Khảo sát")
    page.goto(f"{server}/rows/")
    assert asked == ["beforeunload"]


def test_a_form_whose_button_is_pressed_twice_is_sent_once(open_page: OpenPage) -> None:
    page = open_page("/ui-gallery/")
    sent = page.evaluate(
        """() => {
          const form = document.querySelector("form[data-warn-unsaved]");
          let sent = 0;
          addEventListener("submit", (event) => { sent += !event.defaultPrevented; event.preventDefault(); });
          form.noValidate = true;
          form.method = "post";
          form.requestSubmit();
          form.requestSubmit();
          return sent;
        }"""
    )
    assert sent == 1


def test_a_filter_sends_itself_when_a_choice_changes(open_page: OpenPage) -> None:
    page = open_page("/ui-gallery/")
    page.locator("#filter-unit").select_option("gr")
    page.wait_for_url("**/?q=*unit=gr*")


def test_without_script_lists_are_lists_and_filters_have_a_button(open_page: OpenPage) -> None:
    page = open_page("/ui-gallery/", script=False)
    expect(page.locator("select#new_unit")).to_be_visible()
    expect(page.get_by_role("button", name="Lọc")).to_be_visible()
    page.locator(".side .user summary").click()
    expect(page.locator(".side").get_by_role("button", name="Đăng xuất")).to_be_visible()


def test_a_phone_has_its_main_places_at_the_bottom_and_the_rest_under_one_word(open_page: OpenPage) -> None:
    page = open_page("/fails/conflict/", PHONE)
    bar = page.get_by_role("navigation", name="Chính")
    box = bar.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] == pytest.approx(900, abs=1)
    expect(bar.get_by_role("link", name="Nhật ký")).to_have_count(0)
    bar.get_by_text("Thêm").click()
    expect(bar.get_by_role("link", name="Nhật ký")).to_be_visible()
    page.keyboard.press("Escape")
    expect(bar.get_by_role("link", name="Nhật ký")).to_have_count(0)


def test_an_error_met_by_htmx_is_shown_among_the_notices(open_page: OpenPage, server: str) -> None:
    page = open_page("/ui-gallery/")
    page.evaluate("htmx.ajax('GET', '/fails/conflict/', '#work')")
    expect(page.locator("#notices")).to_contain_text("Chị Lan vừa sửa <nhiệm vụ> này.")
    expect(page.locator("#work")).to_contain_text("Trễ hạn")


def test_a_server_that_breaks_is_said_in_words(open_page: OpenPage) -> None:
    page = open_page("/ui-gallery/")
    page.evaluate("htmx.ajax('GET', '/breaks/', '#work')")
    expect(page.locator("#notices")).to_contain_text("chưa lưu được")
    expect(page.locator("#work")).to_contain_text("Trễ hạn")
