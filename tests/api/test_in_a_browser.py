"""The pages of tokens and of the contract's description, as a browser shows them."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer
from tests.factories.cast import make_cast

from hieuhoc.registers.accounts import services

OpenPage = Callable[..., Page]


@pytest.mark.django_db(transaction=True)
def test_tokens_and_the_description_are_whole_at_every_width(
    new_page: OpenPage,
    live_server: LiveServer,
    size: dict[str, int],
    accessible: Callable[[Page], None],
) -> None:
    an = make_cast().an
    an.set_unusable_password()  # asked for no password before a token is made
    an.save(update_fields=["password"])
    token, _secret = services.make_token(by=an, name="Mã của máy cũ")
    services.withdraw_token(by=an, token=token)
    page = new_page(size=size, user=an)
    page.goto("/accounts/profile/tokens/new/")
    accessible(page)
    page.get_by_label("Tên mã").fill("Bảng tổng hợp hằng tuần")
    page.get_by_role("button", name="Tạo mã").click()
    expect(page.get_by_role("heading", name="Chép mã này ngay bây giờ")).to_be_visible()
    accessible(page)
    page.goto("/accounts/profile/tokens/")
    accessible(page)
    page.goto("/api/v1/docs")
    expect(page.get_by_role("heading", name="Danh sách đơn vị vào một ngày")).to_be_visible()
    page.get_by_role("link", name="Danh sách đơn vị vào một ngày").click()
    expect(page.locator("#list_units")).to_be_in_viewport()


@pytest.mark.django_db(transaction=True)
def test_the_description_opens_without_signing_in(
    new_page: OpenPage,
    live_server: LiveServer,
    size: dict[str, int],
    accessible: Callable[[Page], None],
) -> None:
    page = new_page(size=size)
    page.goto("/api/v1/docs")
    accessible(page)
