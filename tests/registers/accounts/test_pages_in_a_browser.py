"""Each page in Chromium at two widths: nothing for axe, nothing wider than the window, the picker at work."""

from collections.abc import Callable

import pytest
from django.test.utils import override_settings
from playwright.sync_api import Page, expect
from tests.factories.accounts import make_invitation, secret_in_last_letter
from tests.factories.cast import PASSWORD, TODAY, Cast, make_cast

from hieuhoc.foundation.records import trail
from hieuhoc.registers.accounts import services
from hieuhoc.registers.accounts.models import Grant

NewPage = Callable[..., Page]
Accessible = Callable[[Page], None]
Size = dict[str, int]


@pytest.fixture
def people(transactional_db: None) -> Cast:
    """The cast, visible to the server's own threads."""
    return make_cast()


def test_every_page_of_an_administrator_is_whole_and_accessible(
    people: Cast, new_page: NewPage, accessible: Accessible, size: Size
) -> None:
    make_invitation(people.tri, people.commune)
    page = new_page(size=size, user=people.tri)
    an, grant = people.an.pk, Grant.objects.get(user=people.an).pk
    for address in (
        "/accounts/people/",
        "/accounts/people/?q=khongcoai",
        f"/accounts/people/{an}/",
        f"/accounts/people/{an}/edit/",
        f"/accounts/people/{an}/suspend/",
        f"/accounts/people/{an}/grants/new/",
        f"/accounts/people/{an}/grants/{grant}/end/",
        "/accounts/people/invitations/",
        "/accounts/people/invitations/new/",
        "/accounts/trail/",
        "/accounts/roles/",
        "/accounts/profile/",
        "/accounts/password/change/",
        "/accounts/2fa/",
        "/units/",
        "/units/?view=list",
        "/units/?q=khongco",
        f"/units/{people.district.key}/",
        f"/units/{people.commune.key}/edit/",
        f"/units/{people.commune.key}/end/",
        "/units/new/",
    ):
        page.goto(address)
        accessible(page)


def test_the_doors_of_the_house_are_whole_and_accessible(
    people: Cast, new_page: NewPage, accessible: Accessible, size: Size
) -> None:
    make_invitation(people.tri, people.commune)
    page = new_page(size=size)
    for address in (
        "/accounts/login/",
        "/accounts/password/reset/",
        "/accounts/password/reset/done/",
        "/accounts/inactive/",
        f"/accounts/invitation/{secret_in_last_letter()}/",
    ):
        page.goto(address)
        accessible(page)
    page.goto("/accounts/login/")
    page.get_by_label("Tên đăng nhập hoặc thư điện tử").fill("an")
    page.get_by_label("Mật khẩu").fill("sai")
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("alert")).to_contain_text("Tên đăng nhập hoặc mật khẩu không đúng")
    accessible(page)


def test_the_demonstration_is_entered_with_one_click(
    people: Cast, new_page: NewPage, accessible: Accessible, size: Size
) -> None:
    with override_settings(DEMONSTRATION=True):
        user = services.open_demonstration_account(
            by=trail.HOUSE, email="d@example.vn", full_name="Người Giả Định", title="", username="giadinh"
        )
        services.give_first_grant(by=trail.HOUSE, user=user, role="reader", unit=people.commune, valid_from=TODAY)
        page = new_page(size=size)
        page.goto("/accounts/login/")
        page.get_by_role("link", name="Chọn một người").click()
        accessible(page)
        page.get_by_role("button", name="Vào với tên Người Giả Định").click()
        page.goto("/accounts/profile/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Tài khoản của tôi")
        accessible(page)


def test_a_unit_is_found_without_marks_when_a_role_is_given(people: Cast, new_page: NewPage, size: Size) -> None:
    page = new_page(size=size, user=people.tri)
    page.goto(f"/accounts/people/{people.an.pk}/grants/new/")
    page.get_by_label("Vai trò").select_option("reader")
    page.get_by_role("combobox", name="Đơn vị").press_sequentially("binh trung")
    page.get_by_role("option", name="Huyện Bình Trung").click()
    page.get_by_role("button", name="Giao vai trò").click()
    expect(page.get_by_role("status")).to_contain_text("Đã giao vai trò Người xem ở Huyện Bình Trung")
    assert Grant.objects.filter(user=people.an, role="reader", unit=people.district).exists()


def test_a_list_is_filtered_without_a_reload(people: Cast, new_page: NewPage, size: Size) -> None:
    page = new_page(size=size, user=people.tri)
    page.goto("/accounts/people/")
    page.get_by_label("Vai trò", exact=True).first.select_option("commune_clerk")
    expect(page.locator("#results tbody tr")).to_have_count(2)
    assert "role=commune_clerk" in page.url


def test_signing_in_leads_on_to_the_page_that_was_asked_for(people: Cast, new_page: NewPage, size: Size) -> None:
    page = new_page(size=size)
    page.goto("/accounts/roles/")
    page.get_by_label("Tên đăng nhập hoặc thư điện tử").fill("an")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vai trò và quyền")
