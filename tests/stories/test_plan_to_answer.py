"""A task is taken on, reported with evidence, blocked, answered, finished and confirmed: in a real browser."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from tests.factories.cast import Cast
from tests.factories.plans import make_plan, make_task

from hieuhoc.programme.plans.models import Assignment, Obstacle, Plan

pytestmark = pytest.mark.django_db(transaction=True)

OpenPage = Callable[..., Page]
Check = Callable[[Page], None]


@pytest.fixture
def plan(cast: Cast) -> Plan:
    tasks = [
        make_task("Bố trí kinh phí cho trung tâm học tập cộng đồng.", leads=[cast.finance]),
        make_task("Rà soát số liệu người học.", leads=[cast.education]),
    ]
    return make_plan(by=cast.binh, issuer=cast.committee, lead=cast.education, tasks=tasks)


def test_a_task_from_the_desk_to_the_answer(
    cast: Cast, plan: Plan, new_page: OpenPage, size: dict[str, int], accessible: Check
) -> None:
    work = Assignment.objects.get(unit=cast.finance)
    officer = new_page(size=size, user=cast.hanh)

    officer.goto("/")
    accessible(officer)
    officer.get_by_role("link", name="Bố trí kinh phí").first.click()
    officer.get_by_role("button", name="Nhận việc").first.click()
    _wait_for_state(officer, work, "underway")

    officer.get_by_label("Tiến độ (%)").fill("40")
    officer.get_by_label("Kết quả, việc đang làm").fill("Đã dự toán cho 9 trung tâm.")
    officer.locator("form[action$='/report/'] button[type=submit]").last.click()
    expect(officer.get_by_text("Đã dự toán cho 9 trung tâm.").first).to_be_visible()
    accessible(officer)

    officer.get_by_text("Thêm minh chứng").first.click()
    evidence = officer.locator("form[action$='/evidence/']")
    evidence.locator("input[name=title]").fill("Dự toán năm 2021")
    evidence.locator("input[type=file]").set_input_files(
        {"name": "du-toan.txt", "mimeType": "text/plain", "buffer": "Dự toán giả định".encode()}
    )
    evidence.locator("button[type=submit]").last.click()
    expect(officer.get_by_role("link", name="Dự toán năm 2021")).to_be_visible()

    _raise_and_answer(cast, work, officer, new_page, size, accessible)

    officer.goto(work.get_absolute_url())
    officer.get_by_label("Đã hoàn thành, đề nghị xác nhận").check()
    officer.locator("form[action$='/report/'] button[type=submit]").last.click()
    _wait_for_state(officer, work, "done")

    lead = new_page(size=size, user=cast.binh)
    lead.goto(work.get_absolute_url())
    accessible(lead)
    lead.get_by_role("button", name="Xác nhận hoàn thành").first.click()
    _wait_for_state(lead, work, "confirmed")

    leader = new_page(size=size, user=cast.minh)
    for page in ("overview/", "", "matrix/", "coverage/", "text/", "history/"):
        leader.goto(f"/plans/{plan.pk}/{page}")
        accessible(leader)
    leader.goto(work.task.get_absolute_url())
    accessible(leader)


def _raise_and_answer(
    cast: Cast, work: Assignment, officer: Page, new_page: OpenPage, size: dict[str, int], accessible: Check
) -> None:
    """The officer meets an obstacle; the lead department answers; the officer closes it."""
    officer.goto(f"/assignments/{work.pk}/obstacle/")
    accessible(officer)
    officer.locator("[name=title]").fill("Chưa có định mức chi")
    officer.locator("[name=topic]").select_option("money")
    officer.locator("[name=text]").fill("Cần hướng dẫn mức chi cho năm 2021.")
    officer.locator("main form[method=post] button[type=submit]").last.click()
    officer.wait_for_url(re.compile(r"/obstacles/\d+/$"))
    obstacle = Obstacle.objects.get()

    lead = new_page(size=size, user=cast.binh)
    lead.goto("/obstacles/")
    accessible(lead)
    lead.get_by_role("link", name="Chưa có định mức chi").first.click()
    lead.locator("form[action$='/answer/'] [name=words]").fill("Áp dụng Thông tư 96/2008/TT-BTC.")
    lead.locator("form[action$='/answer/'] button[type=submit]").last.click()
    expect(lead.get_by_text("Áp dụng Thông tư 96/2008/TT-BTC.").first).to_be_visible()
    accessible(lead)

    officer.goto(obstacle.get_absolute_url())
    accessible(officer)
    officer.locator("form[action$='/close/'] button[type=submit]").last.click()
    expect(officer.get_by_text("Đã đóng").first).to_be_visible()


def _wait_for_state(page: Page, work: Assignment, state: str) -> None:
    """The page says that the deed was done, and the database agrees."""
    expect(page.get_by_role("status").first).to_be_visible()
    work.refresh_from_db()
    assert work.state == state
