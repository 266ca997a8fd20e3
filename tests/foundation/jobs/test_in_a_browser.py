"""The page of a job in a browser: it follows the job by itself, and is whole at both widths."""

from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command
from django.test import override_settings
from playwright.sync_api import Page, expect
from tests.factories.cast import Cast
from tests.foundation.jobs.house import JOBS

from hieuhoc.foundation.jobs import services

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _kinds() -> Iterator[None]:
    with override_settings(JOBS=JOBS):
        yield


def test_the_page_follows_the_job_without_a_reload_and_comes_to_rest(
    cast: Cast, new_page: Callable[..., Page], size: dict[str, int], accessible: Callable[[Page], None]
) -> None:
    names = ["Xã A.xlsx", "Xã B.xlsx!"]
    job = services.queue(by=cast.an, kind="post", title="Nhận 2 tệp", parameters={"names": names}, total=2)
    page = new_page(size=size, user=cast.an)
    page.goto(job.get_absolute_url())
    expect(page.get_by_text("Đang chờ").first).to_be_visible()
    accessible(page)
    page.evaluate("window.here = true")
    call_command("work", once=True)
    expect(page.get_by_role("heading", name="Kết quả từng mục")).to_be_visible()
    expect(page.get_by_text("Ô C5: <sai>")).to_be_visible()
    expect(page.get_by_role("button", name="Dừng lại")).to_have_count(0)
    assert page.evaluate("window.here") is True
    assert page.locator("#job-said").inner_text() == "Đã xong"
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.get_by_role("link", name="Không nhận 1").click()
    expect(page.get_by_text("Xã A.xlsx")).to_have_count(0)
    accessible(page)
    assert not any("fragment" in url for url in asked)
