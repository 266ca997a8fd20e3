"""In a real browser: two phones that differ, a sign-in that ended, a refusal, what a browser keeps and gives up."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Page, Route, expect
from tests.conftest import DESKTOP, PHONE
from tests.factories.cast import make_cast
from tests.programme.learning.test_attendance import Class, book, make_class, mark, take

from hieuhoc.programme.learning.models import HeadCount, Session

pytestmark = pytest.mark.django_db(transaction=True)

OpenPage = Callable[..., Page]
Accessible = Callable[[Page], None]


def tap(page: Page, number: int, mark: str) -> None:
    page.locator(".learner").nth(number).locator(f"label:has([value={mark}])").click()


def sign_in(page: Page, as_on: Page) -> None:
    """Sign somebody in on a phone, as on another page."""
    cookies = {one.get("name", ""): one.get("value", "") for one in as_on.context.cookies()}
    name = settings.SESSION_COOKIE_NAME
    house = "/".join(page.url.split("/")[:3])
    page.context.add_cookies([{"name": name, "value": cookies[name], "url": house}])


def settled(page: Page) -> None:
    """All that was tapped has been answered; a row waits from the very tap, the outbox only a moment later."""
    expect(page.locator(".learner.is-unsent")).to_have_count(0)
    page.locator("[data-outbox][data-unsent='0'][data-state=clear]").wait_for()


def opened(page: Page, lesson: Class) -> Page:
    page.goto(f"/learning/sessions/{lesson.today.pk}/attendance/")
    page.locator("[data-outbox][data-carried=true]").wait_for()
    settled(page)
    return page


def test_two_phones_that_differ_show_both_and_whoever_decides_settles_it(
    new_page: OpenPage, accessible: Accessible
) -> None:
    lesson = make_class(make_cast(), learners=3)
    one, two, _ = lesson.learners
    lan = opened(new_page(size=PHONE, user=lesson.cast.lan), lesson)
    accessible(lan)
    lan.context.set_offline(True)
    tap(lan, 0, "present")
    tap(lan, 1, "late")
    expect(lan.locator("[data-status]")).to_contain_text("Chưa gửi: 2")
    accessible(lan)

    hue = opened(new_page(size=DESKTOP, user=lesson.cast.hue), lesson)
    tap(hue, 0, "absent")
    settled(hue)

    lan.context.set_offline(False)
    expect(lan.locator("#clashes")).to_contain_text("Trương Thị Huệ")
    settled(lan)
    accessible(lan)
    assert book(lesson.today) == {one.pk: "absent", two.pk: "late"}
    lan.get_by_role("button", name="Ghi: Có mặt").click()
    expect(lan.get_by_text("Đã ghi theo lựa chọn của bạn.")).to_be_visible()
    assert book(lesson.today) == {one.pk: "present", two.pk: "late"}
    expect(lan.locator("[data-count=present]")).to_have_text("1")


def test_a_tap_can_be_taken_back_and_heads_are_counted_by_taps(new_page: OpenPage, accessible: Accessible) -> None:
    lesson = make_class(make_cast(), learners=14)
    page = opened(new_page(size=PHONE, user=lesson.cast.lan), lesson)
    tap(page, 0, "present")
    tap(page, 1, "present")
    tap(page, 1, "late")
    page.get_by_role("button", name="Hoàn tác").click()
    tap(page, 0, "present")  # the second tap on a mark takes it back
    settled(page)
    assert list(book(lesson.today).values()) == ["present"]
    page.locator("#heads summary").click()
    for _time in range(3):
        page.locator("[data-group='_'] [data-step='1']").click()
    page.locator("[data-group='female_61'] input[inputmode]").fill("7")
    page.locator("[data-group='female_61'] input[inputmode]").press("Tab")
    expect(page.locator("[data-count=heads]")).to_have_text("10")
    settled(page)
    assert dict(HeadCount.objects.values_list("age_band", "count")) == {"": 3, "61": 7}
    page.locator("[data-find]").fill("lan")
    expect(page.locator(".learner:visible")).to_have_count(1)
    accessible(page)


def test_when_the_sign_in_has_ended_the_outbox_stays_says_so_and_can_be_downloaded(
    new_page: OpenPage, tmp_path: Path
) -> None:
    lesson = make_class(make_cast(), learners=2)
    page = opened(new_page(size=PHONE, user=lesson.cast.lan), lesson)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    tap(page, 0, "present")
    expect(page.locator("[data-status]")).to_contain_text("Phiên đăng nhập đã hết. Chưa gửi: 1")
    expect(page.get_by_role("link", name="Đăng nhập lại để gửi")).to_be_visible()
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Tải xuống phần chưa gửi").click()
    path = tmp_path / "unsent.json"
    downloading.value.save_as(path)
    (kept,) = json.loads(path.read_text(encoding="utf-8"))["items"]
    assert (kept["enrolment"], kept["mark"], kept["label"]) == (lesson.learners[0].pk, "present", "Nguyễn Văn An")
    assert book(lesson.today) == {}

    # Somebody else signs in on the same phone: nothing is sent under their name, nothing is lost.
    sign_in(page, new_page(size=PHONE, user=lesson.cast.hue))
    page.goto(f"/learning/sessions/{lesson.today.pk}/attendance/")
    expect(page.locator("[data-status]")).to_contain_text("1 mục của Ngô Ngọc Lan chưa gửi")
    assert book(lesson.today) == {}

    sign_in(page, new_page(size=PHONE, user=lesson.cast.lan))
    page.goto("/learning/sessions/")
    settled(page)
    assert book(lesson.today) == {lesson.learners[0].pk: "present"}


def test_what_the_house_refuses_is_listed_with_its_reason_until_it_is_dropped(new_page: OpenPage) -> None:
    lesson = make_class(make_cast(), learners=2)
    page = opened(new_page(size=PHONE, user=lesson.cast.lan), lesson)
    Session.objects.filter(pk=lesson.today.pk).update(state="cancelled")
    tap(page, 0, "present")
    expect(page.locator(".unsent-list")).to_contain_text("Buổi học này đã hủy")
    page.get_by_role("button", name="Bỏ mục này").click()
    expect(page.locator(".unsent-list")).to_be_hidden()
    expect(page.locator("[data-count=present]")).to_have_text("0")


def test_what_is_no_name_or_year_is_said_before_whoever_it_is_goes_home(new_page: OpenPage) -> None:
    lesson = make_class(make_cast(), learners=1)
    page = opened(new_page(size=PHONE, user=lesson.cast.lan), lesson)
    page.locator("#walk-in summary").click()
    name, year = page.locator("#walk-in [name=name]"), page.locator("#walk-in [name=birth_year]")
    told = "field => field.validationMessage"
    name.fill("Khách 5")
    page.get_by_role("button", name="Thêm và ghi có mặt").click()
    assert name.evaluate(told) == "Hãy ghi họ và tên bằng chữ."
    name.fill("Lê Thị Vãng")
    year.fill("85")
    page.get_by_role("button", name="Thêm và ghi có mặt").click()
    assert "bốn chữ số" in year.evaluate(told)
    year.fill("1985")
    page.get_by_role("button", name="Thêm và ghi có mặt").click()
    expect(page.locator(".learner")).to_have_count(2)
    settled(page)
    assert lesson.today.activity.enrolments.filter(person__name="Lê Thị Vãng", person__birth_year=1985).count() == 1


def test_a_list_is_carried_by_choice_and_leaves_the_browser_by_choice(
    new_page: OpenPage, accessible: Accessible
) -> None:
    lesson = make_class(make_cast(), learners=2)
    page = new_page(size=PHONE, user=lesson.cast.lan)
    page.goto("/learning/sessions/")
    accessible(page)
    row = page.locator(f"[data-session='{lesson.today.pk}']")
    row.get_by_role("button", name="Mang theo").click()
    expect(row.get_by_text("Đã mang theo")).to_be_visible()
    page.context.set_offline(True)
    page.goto(f"/learning/sessions/{lesson.today.pk}/attendance/")
    tap(page, 1, "absent")
    page.goto("/learning/sessions/")
    expect(row).to_contain_text("Chưa gửi: 1")
    page.context.set_offline(False)
    settled(page)
    assert book(lesson.today) == {lesson.learners[1].pk: "absent"}
    row.get_by_role("button", name="Xóa khỏi máy này").click()
    expect(row.get_by_role("button", name="Mang theo")).to_be_visible()
    kept = page.evaluate(
        """async () => {
          const found = await (await caches.open("hieuhoc-attendance-pages")).keys();
          return found.map((one) => new URL(one.url).pathname);
        }"""
    )
    assert kept == ["/learning/sessions/"]


def test_marks_of_others_come_when_one_looks_at_the_phone_again(new_page: OpenPage) -> None:
    lesson = make_class(make_cast(), learners=2)
    page = opened(new_page(size=PHONE, user=lesson.cast.lan), lesson)
    take(lesson.cast.hue, lesson.today, mark(lesson.learners[0], "late"))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".learner").first.locator("[value=late]")).to_be_checked()


def test_what_is_taken_back_while_the_house_is_asked_is_not_sent(new_page: OpenPage) -> None:
    lesson = make_class(make_cast(), learners=2)
    page = opened(new_page(size=PHONE, user=lesson.cast.lan), lesson)
    settled(page)
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held or route.request.method != "GET":
            route.continue_()
        else:
            held.append(route)

    page.route("**/learning/sync/", hold_the_first)
    with page.expect_request("**/learning/sync/"):
        tap(page, 0, "late")
    page.get_by_role("button", name="Hoàn tác").click()
    expect(page.locator(".learner.is-unsent")).to_have_count(0)
    held[0].continue_()
    settled(page)
    assert book(lesson.today) == {}


def test_quick_taps_are_not_painted_over_by_what_was_read_a_moment_before(new_page: OpenPage) -> None:
    lesson = make_class(make_cast(), learners=2)
    page = opened(new_page(size=PHONE, user=lesson.cast.lan), lesson)
    page.context.set_offline(True)
    page.locator("#heads summary").click()
    page.evaluate(
        """async (session) => {
          const news = setInterval(() => AttendanceOutbox.tell({ session }), 0);
          const moment = (length) => new Promise((resolve) => setTimeout(resolve, length));
          const more = document.querySelector("[data-group='_'] [data-step='1']");
          const row = document.querySelector(".learner"), undo = document.querySelector("[data-undo]");
          for (let turn = 0; turn < 60; turn += 1) {
            more.click();
            row.querySelector("[value=late]").click();
            await moment(turn % 4);
            undo.click();
            await moment(turn % 3);
          }
          clearInterval(news);
        }""",
        lesson.today.pk,
    )
    expect(page.locator("[data-count=heads]")).to_have_text("60")
    page.context.set_offline(False)
    settled(page)
    assert HeadCount.objects.get().count == 60
    assert book(lesson.today) == {}
