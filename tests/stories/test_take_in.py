"""A signed plan is handed in, its reading checked beside the text, the plan issued: in a real browser."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer
from tests.factories.cast import Cast
from tests.factories.plans import make_draft, make_task

from hieuhoc.programme.plans.models import Assignment, Plan
from hieuhoc.registers.accounts.models import User

PHONE: ViewportSize = {"width": 390, "height": 844}
pytestmark = pytest.mark.django_db(transaction=True)

DOCUMENT = """ỦY BAN NHÂN DÂN TỈNH HÒA BẮC
Số: 15/KH-UBND
Hòa Bắc, ngày 17 tháng 9 năm 2020

KẾ HOẠCH
Xây dựng xã hội học tập trên địa bàn tỉnh Hòa Bắc

I. TỔ CHỨC THỰC HIỆN

1. Sở Giáo dục và Đào tạo

Chủ trì, phối hợp với Sở Tài chính rà soát, cập nhật số liệu người học hằng năm; hướng dẫn các trường mở thư viện.

2. Đài Phát thanh

Tuyên truyền sâu rộng về học tập suốt đời, hoàn thành trước ngày 30/11/2020.

3. Sở Tài chính

Tham mưu bố trí kinh phí thực hiện Kế hoạch này.
"""


def test_a_plan_from_upload_to_its_agencies(
    cast: Cast, new_page: Callable[..., Page], size: dict[str, int], tmp_path: Path, accessible: Callable[[Page], None]
) -> None:
    file = tmp_path / "ke-hoach.txt"
    file.write_text(DOCUMENT, encoding="utf-8")
    page = new_page(size=size, user=cast.binh)

    page.goto("/plans/")
    page.get_by_role("link", name="Đưa kế hoạch vào").first.click()
    accessible(page)
    page.get_by_label("Văn bản đã ký").set_input_files(file)
    page.get_by_role("button", name="Đọc văn bản").click()

    page.wait_for_url(re.compile(r"/plans/\d+/review/"))
    plan = Plan.objects.get()
    total = plan.tasks.count()
    assert total >= 3
    accessible(page)

    # The reading is closed half-way and found again, with what was checked.
    first = page.locator("article.draft").first
    first.get_by_role("button", name="Đúng", exact=True).click()
    expect(page.locator("#review-head")).to_contain_text(f"1/{total}")
    again = new_page(size=size, user=cast.binh)
    again.goto("/plans/new/")
    again.get_by_role("link", name="Soát tiếp").click()
    expect(again.locator("#review-head")).to_contain_text(f"1/{total}")

    # A name that the register does not know is linked once for all.
    again.goto(f"/plans/{plan.pk}/review/?show=names")
    accessible(again)
    unit = again.get_by_label("Đây là đơn vị nào?").first
    unit.fill("so giao duc")
    again.get_by_role("option", name="Sở Giáo dục và Đào tạo").click()
    again.get_by_role("button", name="Gắn", exact=True).first.click()
    expect(again.locator("#undo")).to_contain_text("là Sở Giáo dục và Đào tạo")

    again.goto(f"/plans/{plan.pk}/review/")
    if (rest := again.get_by_role("button", name=re.compile(r"Đã soát \d+ nhiệm vụ đọc chắc"))).count():
        rest.click()
        expect(rest).to_have_count(0)
    while (right := again.get_by_role("button", name="Đúng", exact=True)).count():
        left = right.count()
        right.first.click()
        expect(right).to_have_count(left - 1)
    expect(again.locator("#review-head")).to_contain_text(f"{total}/{total}")

    # Issuing says what is missing, then what it will do.
    again.get_by_role("link", name="Xác nhận kế hoạch").first.click()
    expect(again.get_by_role("alert")).to_contain_text("cơ quan đầu mối")
    accessible(again)
    again.get_by_role("link", name="Sửa thông tin văn bản").first.click()
    accessible(again)
    again.locator("[name=lead]").fill("giao duc")
    again.get_by_role("option", name="Sở Giáo dục và Đào tạo").click()
    again.get_by_role("button", name="Lưu").click()
    again.get_by_role("link", name="Xác nhận kế hoạch").first.click()
    again.get_by_role("button", name="Xác nhận và giao việc").click()
    again.wait_for_url(f"**/plans/{plan.pk}/")
    plan.refresh_from_db()
    assert plan.state == "issued"
    assert {one.unit for one in Assignment.objects.select_related("unit")} >= {cast.education, cast.finance}


@pytest.fixture
def draft(cast: Cast) -> Plan:
    texts = ["Rà soát số liệu; cập nhật hằng tuần.", "Bố trí kinh phí.", "Tuyên truyền sâu rộng.", "Báo cáo kết quả."]
    return make_draft(
        by=cast.binh,
        issuer=cast.province,
        tasks=[
            make_task(text, leads=[cast.finance], first_line=line, last_line=line, values={"confidence": 50 + line})
            for line, text in enumerate(texts, start=5)
        ],
    )


def test_a_task_and_its_words_light_each_other_up(cast: Cast, draft: Plan, new_page: Callable[..., Page]) -> None:
    page = new_page(user=cast.binh)
    page.goto(f"/plans/{draft.pk}/review/")
    page.locator(".sentence", has_text="Tuyên truyền sâu rộng").click()
    expect(page.locator("article.is-current")).to_contain_text("Tuyên truyền sâu rộng")
    page.locator("article", has_text="Bố trí kinh phí").get_by_role("link", name="dòng 6").click()
    expect(page.locator(".sentence.is-lit")).to_have_text("Bố trí kinh phí.")


def test_the_keys_go_through_the_tasks_and_check_edit_dismiss_undo(
    cast: Cast, draft: Plan, new_page: Callable[..., Page]
) -> None:
    page = new_page(user=cast.binh)
    page.goto(f"/plans/{draft.pk}/review/")
    page.keyboard.press("j")
    expect(page.locator("article.is-current")).to_contain_text("Rà soát số liệu")
    page.keyboard.press("c")
    expect(page.locator("#review-head")).to_contain_text("1/4")
    expect(page.locator("article.is-current")).to_contain_text("Bố trí kinh phí")
    page.keyboard.press("x")
    expect(page.locator("#review-head")).to_contain_text("1/3")
    page.keyboard.press("u")
    expect(page.locator("#review-head")).to_contain_text("1/4")
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.get_by_label("Nội dung nhiệm vụ")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_label("Nội dung nhiệm vụ")).to_have_count(0)


def test_a_task_is_edited_in_its_place_with_a_search_that_needs_no_marks(
    cast: Cast, draft: Plan, new_page: Callable[..., Page], size: dict[str, int], accessible: Callable[[Page], None]
) -> None:
    page = new_page(size=size, user=cast.binh)
    page.goto(f"/plans/{draft.pk}/review/")
    card = page.locator("article", has_text="Bố trí kinh phí")
    card.get_by_role("link", name="Sửa").click()
    form = page.locator("article.editing")
    form.get_by_label("Nội dung nhiệm vụ").fill("Bố trí đủ kinh phí.")
    form.get_by_role("button", name="Thêm cơ quan").first.click()
    expect(form.locator("[name=lead-2-unit]")).to_be_visible()
    expect(form.get_by_label("Nội dung nhiệm vụ")).to_have_value("Bố trí đủ kinh phí.")
    form.locator("[name=lead-1-unit]").fill("giao duc dao tao")
    page.get_by_role("option", name="Sở Giáo dục và Đào tạo").click()
    form.get_by_label("Hạn hoàn thành").fill("30-11-2020")
    accessible(page)
    form.get_by_role("button", name="Lưu, đã soát").click()
    done = page.locator("article.checked", has_text="Bố trí đủ kinh phí.")
    expect(done).to_contain_text("Sở Giáo dục và Đào tạo")
    expect(done).to_contain_text("30/11/2020")


def test_a_mistake_in_the_form_is_said_in_its_place(cast: Cast, draft: Plan, new_page: Callable[..., Page]) -> None:
    page = new_page(user=cast.binh)
    page.goto(f"/plans/{draft.pk}/review/")
    page.locator("article", has_text="Bố trí kinh phí").get_by_role("link", name="Sửa").click()
    form = page.locator("article.editing")
    form.get_by_label("Nội dung nhiệm vụ").fill("Chữ mới")
    form.get_by_label("Hạn hoàn thành").fill("hôm qua")
    form.get_by_role("button", name="Lưu, đã soát").click()
    expect(form).to_contain_text("Ngày chưa đúng")
    expect(form.get_by_label("Nội dung nhiệm vụ")).to_have_value("Chữ mới")


def test_a_task_is_split_where_the_cursor_stands(
    cast: Cast, draft: Plan, new_page: Callable[..., Page], accessible: Callable[[Page], None]
) -> None:
    page = new_page(user=cast.binh)
    page.goto(f"/plans/{draft.pk}/review/")
    page.locator("article", has_text="Rà soát số liệu").get_by_role("link", name="Tách").click()
    expect(page.get_by_role("button", name="Tách tại con trỏ")).to_be_disabled()
    accessible(page)
    words = page.get_by_label("Hoặc đặt con trỏ vào chỗ cần tách")
    words.focus()
    words.evaluate("(box) => { box.setSelectionRange(16, 16); }")
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Tách tại con trỏ").click()
    expect(page.locator("article p.text").nth(0)).to_have_text("Rà soát số liệu;")
    expect(page.locator("article p.text").nth(1)).to_have_text("cập nhật hằng tuần.")
    page.locator("#undo").click()
    expect(page.locator("article p.text").nth(0)).to_have_text("Rà soát số liệu; cập nhật hằng tuần.")


def test_a_missed_task_is_added_from_the_number_of_its_line(
    cast: Cast, draft: Plan, new_page: Callable[..., Page], accessible: Callable[[Page], None]
) -> None:
    page = new_page(user=cast.binh)
    page.goto(f"/plans/{draft.pk}/review/")
    page.locator("#line-8 .no").click()
    accessible(page)
    page.get_by_label("Nội dung nhiệm vụ").fill("Sơ kết hằng năm.")
    page.get_by_role("button", name="Thêm nhiệm vụ").click()
    accessible(page)
    page.locator("[name=lead-0-unit]").fill("tai chinh")
    page.get_by_role("option", name="Sở Tài chính").click()
    page.get_by_role("button", name="Lưu, đã soát").click()
    expect(page.locator("article.checked", has_text="Sơ kết hằng năm.")).to_contain_text("Sở Tài chính")
    expect(page.locator("#line-8 .chip")).to_have_count(2)


def test_when_somebody_else_was_quicker_what_was_typed_stays(
    cast: Cast, draft: Plan, new_page: Callable[..., Page]
) -> None:
    mine, theirs = new_page(user=cast.binh), new_page(user=cast.binh)
    for page, words in ((mine, "Bản của tôi"), (theirs, "Bản của người khác")):
        page.goto(f"/plans/{draft.pk}/review/?show=order")
        page.locator("article", has_text="Bố trí kinh phí").get_by_role("link", name="Sửa").click()
        page.get_by_label("Nội dung nhiệm vụ").fill(words)
    theirs.get_by_role("button", name="Lưu, đã soát").click()
    expect(theirs.locator("article.checked")).to_have_count(1)
    mine.get_by_role("button", name="Lưu, đã soát").click()
    expect(mine.locator("article.editing")).to_contain_text("Người khác vừa sửa")
    expect(mine.get_by_label("Nội dung nhiệm vụ")).to_have_value("Bản của tôi")
    mine.get_by_role("button", name="Lưu, đã soát").click()
    expect(mine.locator("article.checked")).to_contain_text("Bản của tôi")


@pytest.mark.browser
def test_everything_works_without_script(
    cast: Cast, draft: Plan, browser: Browser, live_server: LiveServer, signed_in: Callable[[User], Client]
) -> None:
    cookie = signed_in(cast.binh).cookies[settings.SESSION_COOKIE_NAME].value
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False, viewport=PHONE)
    context.set_default_timeout(15_000)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"/plans/{draft.pk}/review/?show=order")

    def card(words: str) -> Locator:
        return page.locator("article", has_text=words)

    card("Tuyên truyền").get_by_role("link", name="dòng 7").click()
    assert page.url.endswith("#line-7")
    page.locator("#line-7 .chip").click()
    assert page.url.endswith(f"#task-{draft.tasks.get(first_line=7).pk}")

    card("Tuyên truyền").get_by_role("button", name="Đúng", exact=True).click()
    expect(page.locator("#review-head")).to_contain_text("1/4")
    card("Báo cáo").get_by_role("button", name="Loại").click()
    expect(page.locator("#review-head")).to_contain_text("1/3")
    page.get_by_role("button", name="Hoàn tác: Loại").click()
    expect(page.locator("#review-head")).to_contain_text("1/4")

    card("Bố trí kinh phí").get_by_role("link", name="Sửa").click()
    page.get_by_role("button", name="Thêm cơ quan").first.click()
    page.locator("[name=lead-2-unit]").fill("so giao duc va dao tao")
    page.get_by_role("button", name="Lưu, đã soát").click()
    expect(card("Bố trí kinh phí")).to_contain_text("Sở Giáo dục và Đào tạo")

    card("Rà soát số liệu").get_by_role("link", name="Tách").click()
    page.get_by_role("button", name="Tách ở đây").first.click()
    expect(page.locator("article")).to_have_count(5)
    card("Rà soát số liệu").get_by_role("button", name="Gộp").click()
    expect(page.locator("article")).to_have_count(4)

    page.get_by_role("link", name="Thông tin văn bản").click()
    page.locator("[name=lead]").fill("Sở Tài chính")
    page.get_by_role("button", name="Lưu").click()
    page.get_by_role("link", name="Xác nhận kế hoạch").click()
    page.get_by_role("button", name="Xác nhận và giao việc").click()
    draft.refresh_from_db()
    assert (draft.state, draft.lead) == ("issued", cast.finance)
    context.close()
