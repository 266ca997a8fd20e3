"""What only a browser can tell: a formula is read while it is typed, and a list is narrowed down without a new page."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.factories.cast import Cast

from hieuhoc.registers.indicators import services

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_formula_is_read_while_it_is_typed(cast: Cast, new_page: Callable[..., Page]) -> None:
    services.load_indicators()
    page = new_page(user=cast.binh)
    page.goto("/indicators/new/")
    formula, said = page.get_by_label("Công thức"), page.locator("#formula-check")
    formula.press_sequentially("percent(KH.MEMBERS, GEN.POPULATON)")
    expect(said.locator("mark")).to_have_text("GEN.POPULATON")
    expect(said).to_contain_text("Có phải là “GEN.POPULATION”?")
    formula.fill("percent(KH.MEMBERS, GEN.POPULATION)")
    expect(said).to_contain_text("Số hội viên chia cho dân số, nhân 100.")


def test_the_list_is_narrowed_down_as_one_chooses(cast: Cast, new_page: Callable[..., Page]) -> None:
    services.load_indicators()
    page = new_page(user=cast.an)
    page.goto("/indicators/")
    page.get_by_label("Mức quan trọng").select_option("1")
    expect(page.locator("#results tbody tr:not(.group)")).to_have_count(12)
    page.get_by_role("link", name="Tỷ lệ hội viên trên dân số").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tỷ lệ hội viên trên dân số")
