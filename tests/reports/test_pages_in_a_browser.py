"""In a real browser: a report filled, faulty, handed in, returned, mended and approved; a form that is built."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.conftest import DESKTOP, PHONE
from tests.factories.cast import make_cast
from tests.factories.reports_pages import make_reporting

from hieuhoc.reports.models import FormVersion, Submission

pytestmark = pytest.mark.django_db(transaction=True)

OpenPage = Callable[..., Page]
Accessible = Callable[[Page], None]


def field(key: str) -> str:
    return f'[id="f-{key}"]'


def test_a_report_goes_from_the_clerk_to_the_district_and_back_until_it_is_approved(
    new_page: OpenPage, accessible: Accessible
) -> None:
    cast = make_cast()
    one = make_reporting(cast).commune
    url = f"/reports/submissions/{one.pk}/"
    clerk = new_page(size=PHONE, user=cast.an)
    clerk.goto("/reports/")
    accessible(clerk)
    clerk.get_by_role("link", name="Làm báo cáo").first.click()
    accessible(clerk)

    # Enter goes to the next cell; a number is written as it is written here.
    clerk.locator(field("ttc.lop")).fill("12")
    clerk.keyboard.press("Enter")
    expect(clerk.locator(field("ttc.hv"))).to_be_focused()
    clerk.keyboard.type("mười")
    clerk.get_by_role("button", name="Lưu nháp").click()
    expect(clerk.get_by_text("Có ô chưa đúng")).to_be_visible()
    expect(clerk.locator(field("ttc.hv"))).to_have_value("mười")
    accessible(clerk)

    # A check explains itself, and its link leads to the cell.
    clerk.locator(field("ttc.hv")).fill("5")
    clerk.get_by_role("button", name="Lưu và nộp báo cáo").click()
    expect(clerk.get_by_text("Chưa thực hiện được")).to_be_visible()
    clerk.locator('.faults a[href="#f-ttc.hv"]').first.click()
    accessible(clerk)
    clerk.locator(field("ttc.hv")).fill("1.234")
    clerk.get_by_role("button", name="Lưu và nộp báo cáo").click()
    expect(clerk.get_by_text("Đã nộp báo cáo cho")).to_be_visible()

    # The district returns it with a word on the cell.
    district = new_page(size=DESKTOP, user=cast.dung)
    district.goto("/reports/review/")
    accessible(district)
    district.get_by_role("link", name="Xem và duyệt").click()
    accessible(district)
    district.locator("tr", has=district.locator(field("ttc.hv"))).get_by_text("Ý kiến").first.click()
    district.locator('[id="c-ttc.hv"]').fill("Đếm lại học viên")
    district.locator("#why").fill("Số học viên chưa khớp sổ")
    district.get_by_role("button", name="Trả lại kèm ý kiến").click()
    expect(district.get_by_text("Đã trả lại báo cáo")).to_be_visible()

    # The clerk sees the word at the cell, mends it and hands in again.
    clerk.goto(url)
    expect(clerk.get_by_text("Đếm lại học viên").first).to_be_visible()
    accessible(clerk)
    clerk.locator(field("ttc.hv")).fill("1.200")
    clerk.get_by_label("Đã sửa theo ý kiến này").check()
    clerk.get_by_role("button", name="Lưu và nộp báo cáo").click()
    expect(clerk.get_by_text("Đã nộp báo cáo cho")).to_be_visible()

    district.goto(url)
    district.get_by_role("button", name="Duyệt báo cáo").click()
    expect(district.get_by_text("Đã duyệt báo cáo.")).to_be_visible()
    accessible(district)
    kept = Submission.objects.get(pk=one.pk)
    assert kept.state == "approved"
    assert kept.figures.get(key="ttc.hv").stated == 1200
    assert kept.comments.get().settled_at is not None


def test_a_form_is_built_without_reloading_and_undone(new_page: OpenPage, accessible: Accessible) -> None:
    cast = make_cast()
    reporting = make_reporting(cast)
    page = new_page(size=DESKTOP, user=cast.binh)
    page.goto(f"/reports/forms/{reporting.form.code}/")
    accessible(page)
    page.get_by_role("button", name="Lập phiên bản mới").click()
    accessible(page)
    page.evaluate("window.stays = true")
    page.get_by_label("Sửa Trung tâm học tập cộng đồng").click()
    page.locator("#open").wait_for()
    accessible(page)
    page.locator("#id_cells-2-indicator").fill("mù chữ")
    page.get_by_role("option", name="LIT.MU").click()
    page.get_by_role("button", name="Lưu phần này").click()
    expect(page.locator(".builder-preview").get_by_text("Số người mù chữ").first).to_be_visible()
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.get_by_role("button", name="Hoàn tác")).to_have_count(0)
    assert page.evaluate("window.stays") is True
    version = FormVersion.objects.get(form=reporting.form, state="draft")
    assert version.layout == reporting.version.layout
