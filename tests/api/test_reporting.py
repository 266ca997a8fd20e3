"""What programs report: through the same services as the pages, by tokens that may, and each report only once."""

from typing import Any

import pytest
from django.test import Client
from tests.api.conftest import Program
from tests.factories import plans as factory
from tests.factories.cast import Cast

from hieuhoc.foundation.records import trail
from hieuhoc.programme.plans.models import Assignment, Obstacle, Progress
from hieuhoc.registers.accounts.models import User

KEY = {"Idempotency-Key": "tuan-46-xa-an-phu"}
OBSTACLE = {"topic": "staff", "title": "Thiếu người", "text": "Chưa có ai phụ trách."}


@pytest.fixture
def work(cast: Cast) -> Assignment:
    """What An's commune holds."""
    task = factory.make_task("Mở lớp học cho người lớn tuổi.", leads=[cast.commune])
    plan = factory.make_plan(by=cast.binh, issuer=cast.committee, lead=cast.education, tasks=[task])
    return Assignment.objects.get(plan=plan)


def report(client: Client, work: Assignment, sent: dict[str, Any], **headers: str) -> Any:
    address = f"/api/v1/assignments/{work.pk}/progress"
    return client.post(address, sent, content_type="application/json", headers=headers)


def obstruct(client: Client, work: Assignment, sent: dict[str, Any], **headers: str) -> Any:
    address = f"/api/v1/assignments/{work.pk}/obstacles"
    return client.post(address, sent, content_type="application/json", headers=headers)


def test_progress_is_reported_as_on_the_page_with_the_owner_in_the_trail(
    program: Program, an: User, work: Assignment
) -> None:
    answer = report(program(an), work, {"percent": 40, "note": "Đã mở 2 lớp."})
    assert answer.status_code == 201
    told = answer.json()
    assert (told["percent"], told["state"], told["note"]) == (40, "underway", "Đã mở 2 lớp.")
    work.refresh_from_db()
    assert (work.percent, work.state) == (40, "underway")
    line = trail.history(work).first()
    assert line is not None
    assert (line.deed, line.actor) == ("plans.assignment.report", an.actor_key)


def test_work_that_is_finished_waits_to_be_confirmed(program: Program, an: User, work: Assignment) -> None:
    answer = report(program(an), work, {"percent": 100, "note": "Đã xong.", "is_done": True})
    assert (answer.status_code, answer.json()["state"]) == (201, "done")


def test_a_token_that_only_reads_reports_nothing(program: Program, an: User, work: Assignment) -> None:
    client = program(an, may_report=False)
    assert report(client, work, {"percent": 40}).status_code == 403
    assert obstruct(client, work, OBSTACLE).status_code == 403
    assert not Progress.objects.exists()
    assert not Obstacle.objects.exists()


def test_a_token_does_no_more_than_its_owner_may(program: Program, cast: Cast, work: Assignment) -> None:
    assert report(program(cast.chi), work, {"percent": 40}).status_code == 404
    assert report(program(cast.xuan), work, {"percent": 40}).status_code == 403
    assert obstruct(program(cast.chi), work, OBSTACLE).status_code == 404
    assert not Progress.objects.exists()


def test_progress_that_runs_backwards_without_a_word_is_refused_with_its_field(
    program: Program, an: User, work: Assignment
) -> None:
    client = program(an)
    report(client, work, {"percent": 40})
    answer = report(client, work, {"percent": 30})
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["fields"]] == ["note"]


def test_whoever_saw_another_state_is_told(program: Program, an: User, work: Assignment) -> None:
    answer = report(program(an), work, {"percent": 40, "seen": "underway"})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_a_field_that_does_not_exist_is_refused(program: Program, an: User, work: Assignment) -> None:
    answer = report(program(an), work, {"percent": 40, "precent": 50})
    assert answer.status_code == 422
    assert answer.json()["fields"] == [{"field": "precent", "message": "Không có trường này."}]


def test_text_that_no_database_takes_is_refused(program: Program, an: User, work: Assignment) -> None:
    for note in ("a\x00b", "\ud800"):
        assert report(program(an), work, {"percent": 40, "note": note}).status_code == 422


def test_a_repeated_report_with_its_key_is_answered_as_the_first_time_and_done_once(
    program: Program, an: User, work: Assignment
) -> None:
    client = program(an)
    first = report(client, work, {"percent": 40}, **KEY)
    report(client, work, {"percent": 60})
    again = report(client, work, {"percent": 40}, **KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first
    assert Progress.objects.count() == 2


def test_without_a_key_each_report_is_one_of_its_own(program: Program, an: User, work: Assignment) -> None:
    client = program(an)
    assert {obstruct(client, work, OBSTACLE).status_code for _ in range(2)} == {201}
    assert Obstacle.objects.count() == 2


def test_a_key_serves_one_request_alone(program: Program, an: User, work: Assignment) -> None:
    client = program(an)
    report(client, work, {"percent": 40}, **KEY)
    for answer in (report(client, work, {"percent": 50}, **KEY), obstruct(client, work, OBSTACLE, **KEY)):
        assert answer.status_code == 422
        assert [one["field"] for one in answer.json()["fields"]] == ["Idempotency-Key"]
    assert Progress.objects.count() == 1
    assert not Obstacle.objects.exists()


def test_another_token_has_keys_of_its_own(program: Program, an: User, work: Assignment) -> None:
    for _ in range(2):
        assert "Idempotency-Replayed" not in obstruct(program(an), work, OBSTACLE, **KEY)
    assert Obstacle.objects.count() == 2


def test_what_failed_may_be_tried_again_with_the_same_key(program: Program, an: User, work: Assignment) -> None:
    client = program(an)
    failed = report(client, work, {"percent": 40, "seen": "underway"}, **KEY)
    report(client, work, {"percent": 30})
    again = report(client, work, {"percent": 40, "seen": "underway"}, **KEY)
    assert (failed.status_code, again.status_code) == (409, 201)


@pytest.mark.parametrize("key", ["ngan", "có dấu cách và chữ", "x" * 101])
def test_a_key_that_is_none_is_refused(key: str, program: Program, an: User, work: Assignment) -> None:
    assert report(program(an), work, {"percent": 40}, **{"Idempotency-Key": key}).status_code == 422


def test_an_obstacle_is_raised_and_goes_to_the_lead_agency(
    program: Program, an: User, cast: Cast, work: Assignment
) -> None:
    answer = obstruct(program(an), work, {**OBSTACLE, "proposal": "Bố trí thêm một người."})
    told = answer.json()
    assert answer.status_code == 201
    assert (told["unit"]["id"], told["holder"]["id"], told["state"]) == (
        cast.commune.key,
        cast.education.key,
        "raised",
    )
    assert Obstacle.objects.get(pk=told["id"]).proposal == "Bố trí thêm một người."
