"""The pages of one's own jobs."""

from collections.abc import Callable, Iterator

import pytest
from django.core.management import call_command
from django.test import Client, override_settings
from django.urls import reverse
from tests.foundation.jobs.house import JOBS

from hieuhoc.foundation.jobs import services
from hieuhoc.foundation.jobs.models import Job
from hieuhoc.registers.accounts.models import User

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def _kinds() -> Iterator[None]:
    with override_settings(JOBS=JOBS):
        yield


def queued(user: User, kind: str = "post") -> Job:
    return services.queue(
        by=user, kind=kind, title="Nhận 3 tệp", parameters={"names": ["a.xlsx", "b!", "<c>"]}, total=3
    )


def test_a_waiting_job_asks_again_by_itself_and_without_javascript_by_a_link(an: User, signed_in: SignIn) -> None:
    job = queued(an)
    page = signed_in(an).get(job.get_absolute_url()).content.decode()
    assert f'hx-get="/jobs/{job.pk}/fragment/"' in page or f"/jobs/{job.pk}/fragment/" in page
    assert 'hx-trigger="every 2s"' in page
    assert "Xem lại tiến độ" in page
    assert "0/3" in page
    assert signed_in(an).get(reverse("jobs:fragment", args=[job.pk])).status_code == 200


def test_a_finished_job_shows_its_items_and_stops_asking(an: User, signed_in: SignIn) -> None:
    job = queued(an)
    call_command("work", once=True)
    client = signed_in(an)
    page = client.get(job.get_absolute_url()).content.decode()
    assert "hx-trigger" not in page
    assert "&lt;c&gt;" in page
    assert "Ô C5: &lt;sai&gt;" in page
    refused = client.get(job.get_absolute_url(), {"show": "refused"}).content.decode()
    assert "a.xlsx" not in refused
    assert "b!" in refused
    answer = client.get(reverse("jobs:fragment", args=[job.pk]), headers={"HX-Request": "true"})
    assert answer.status_code == 286
    assert 'hx-swap-oob="innerHTML"' in answer.content.decode()


def test_the_owner_stops_a_job(an: User, signed_in: SignIn) -> None:
    job = queued(an)
    client = signed_in(an)
    assert client.get(reverse("jobs:stop", args=[job.pk])).status_code == 405
    answer = client.post(reverse("jobs:stop", args=[job.pk]), follow=True)
    assert "Bạn đã dừng việc này" in answer.content.decode()
    assert client.post(reverse("jobs:stop", args=[job.pk])).status_code == 409


def test_the_file_of_a_job_is_fetched_by_its_owner(an: User, chi: User, signed_in: SignIn) -> None:
    job = queued(an, "make_file")
    assert signed_in(an).get(reverse("jobs:result", args=[job.pk])).status_code == 404
    call_command("work", once=True)
    answer = signed_in(an).get(reverse("jobs:result", args=[job.pk]))
    assert b"".join(answer.streaming_content).decode() == "Tổng: 5"  # type: ignore[attr-defined]  # a FileResponse
    assert signed_in(chi).get(reverse("jobs:result", args=[job.pk])).status_code == 404


@pytest.mark.parametrize("view", ["detail", "fragment", "result"])
def test_nobody_else_sees_a_job(view: str, an: User, chi: User, signed_in: SignIn) -> None:
    job = queued(an)
    assert signed_in(chi).get(reverse(f"jobs:{view}", args=[job.pk])).status_code == 404
    assert signed_in(chi).post(reverse("jobs:stop", args=[job.pk])).status_code == 404
    assert Client().get(reverse(f"jobs:{view}", args=[job.pk])).status_code == 302


def test_the_list_holds_one_s_own_jobs_only(an: User, chi: User, signed_in: SignIn) -> None:
    queued(an)
    assert "Nhận 3 tệp" in signed_in(an).get(reverse("jobs:list")).content.decode()
    theirs = signed_in(chi).get(reverse("jobs:list")).content.decode()
    assert "Nhận 3 tệp" not in theirs
    assert "Chưa có việc chạy nền nào" in theirs
