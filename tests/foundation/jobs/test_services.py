"""Queueing, doing, stopping and taking up jobs, in one process."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from tests.foundation.jobs.house import JOBS
from tests.foundation.jobs.works import parameters

from hieuhoc.foundation.jobs import selectors, services, working
from hieuhoc.foundation.jobs.models import Job
from hieuhoc.foundation.outbox.models import Message
from hieuhoc.foundation.records import attachments, trail
from hieuhoc.kernel.errors import Conflict, Missing

AN = trail.House("user:1", "An")
CHI = trail.House("user:2", "Chi")
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _kinds() -> Iterator[None]:
    with override_settings(JOBS=JOBS):
        yield
    working.leaving.clear()


def work() -> None:
    call_command("work", once=True)


def unseen(job: Job) -> None:
    """Let the job's worker be silent for longer than the lease."""
    Job.objects.filter(pk=job.pk).update(seen_at=timezone.now() - timedelta(minutes=5))


def taken(kind: str, **values: object) -> Job:
    """A job in the hands of a worker that died."""
    job = services.queue(by=AN, kind=kind, title="Việc", parameters=parameters(3))
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now())
    Job.objects.filter(pk=job.pk).update(**({"state": "running", "attempts": 1, "worker": "dead"} | values))
    unseen(job)
    return selectors.job_of(AN, job.pk)


def test_a_job_is_done_and_says_what_became_of_each_item() -> None:
    job = services.queue(by=AN, kind="post", title="Gửi", parameters={"names": ["a", "b!", "c"]})
    assert (job.state, job.is_open) == ("waiting", True)
    work()
    job = selectors.job_of(AN, job.pk)
    assert (job.state, job.done, job.total, job.attempts) == ("done", 3, 3, 1)
    assert job.started_at is not None
    assert job.ended_at is not None
    assert selectors.outcomes(job) == {"ok": 2, "refused": 1}
    assert [row.faults for row in selectors.results(job, outcome="refused")] == [["Ô C5: <sai>"]]
    deeds = [entry.deed for entry in trail.history(job)]
    assert deeds == ["jobs.job.finish", "jobs.job.start", "jobs.job.queue"]


def test_a_kind_that_nobody_knows_is_not_queued() -> None:
    with pytest.raises(LookupError):
        services.queue(by=AN, kind="unknown", title="Việc")
    assert not Job.objects.exists()


def test_an_error_of_the_house_is_shown_in_its_own_words() -> None:
    job = services.queue(by=AN, kind="refuse", title="Việc")
    work()
    job.refresh_from_db()
    assert (job.state, job.note) == ("failed", "Tệp “{x}.zip” không mở được.")


def test_any_other_error_is_a_neutral_sentence() -> None:
    job = services.queue(by=AN, kind="break_down", title="Việc")
    work()
    job.refresh_from_db()
    assert job.state == "failed"
    assert "đã được ghi lại" in job.note
    assert "secret" not in job.note


def test_a_failing_database_leaves_the_job_to_be_taken_up_again() -> None:
    job = services.queue(by=AN, kind="lose_database", title="Việc")
    work()
    job.refresh_from_db()
    assert job.state == "running"
    assert not working.in_hand
    unseen(job)
    assert services.take_up() == 1


def test_the_file_that_a_job_makes_is_kept_for_its_owner() -> None:
    job = services.queue(by=AN, kind="make_file", title="Việc")
    work()
    job = selectors.job_of(AN, job.pk)
    assert job.note == "Đang ghép tệp."
    assert job.result is not None
    assert attachments.content_of(job.result).decode() == "Tổng: 5"


def test_nobody_else_finds_or_stops_a_job() -> None:
    job = services.queue(by=AN, kind="post", title="Việc", parameters=parameters(1))
    assert list(selectors.jobs_of(CHI)) == []
    with pytest.raises(Missing):
        services.stop(by=CHI, job=job)


def test_a_job_stopped_before_its_turn_is_never_begun() -> None:
    job = services.queue(by=AN, kind="post", title="Việc", parameters=parameters(3))
    services.stop(by=AN, job=job)
    work()
    job.refresh_from_db()
    assert (job.state, job.done, Message.objects.count()) == ("stopped", 0, 0)
    with pytest.raises(Conflict):
        services.stop(by=AN, job=job)


def test_a_job_stopped_in_the_middle_of_an_item_undoes_that_item_and_keeps_those_before() -> None:
    job = services.queue(by=AN, kind="stop_itself", title="Việc")
    work()
    job.refresh_from_db()
    assert job.done == 1
    assert list(Message.objects.values_list("subject", flat=True)) == ["first"]
    assert [row.name for row in job.results.all()] == ["first"]


def test_a_dead_worker_s_job_is_taken_up_and_goes_on_where_it_stopped() -> None:
    job = taken("post", done=1, total=3)
    job.results.create(name="tệp 0", outcome="ok")
    assert services.take_up() == 1
    assert services.take_up() == 0
    work()
    job.refresh_from_db()
    assert (job.state, job.done, job.attempts) == ("done", 3, 2)
    assert sorted(Message.objects.values_list("subject", flat=True)) == ["tệp 1", "tệp 2"]


def test_a_worker_that_was_seen_keeps_its_job() -> None:
    job = taken("post")
    working.in_hand.add(job.pk)
    services.beat(worker="another")
    assert services.take_up() == 1
    job = taken("post")
    working.in_hand.add(job.pk)
    services.beat(worker="dead")
    working.in_hand.clear()
    assert services.take_up() == 0


def test_a_worker_that_was_overtaken_writes_nothing_more() -> None:
    job = taken("post", attempts=2)
    with pytest.raises(working.Overtaken):
        working.Progress(job, 1, frozenset()).step(1, 3, working.Item("tệp 0", ok=True))
    assert not job.results.exists()


def test_after_three_dead_workers_the_job_fails_with_a_sentence() -> None:
    job = taken("post", attempts=working.MOST_ATTEMPTS)
    assert services.take_up() == 0
    job.refresh_from_db()
    assert job.state == "failed"
    assert "nhiều lần" in job.note


def test_a_job_whose_worker_died_before_it_began_is_asked_for_again() -> None:
    job = taken("post", state="waiting", attempts=0)
    assert services.take_up() == 1
    work()
    job.refresh_from_db()
    assert (job.state, job.done) == ("done", 3)


def test_a_job_that_only_waits_long_is_not_asked_for_twice() -> None:
    job = services.queue(by=AN, kind="post", title="Việc", parameters=parameters(3))
    unseen(job)
    assert services.take_up() == 0
    assert DBTaskResult.objects.count() == 1


def test_a_process_that_is_told_to_end_puts_its_job_back_after_the_item_in_hand() -> None:
    job = services.queue(by=AN, kind="be_told_to_end", title="Việc")
    work()
    job.refresh_from_db()
    assert (job.state, job.done) == ("waiting", 1)
    working.leaving.clear()
    work()
    job.refresh_from_db()
    assert (job.state, job.done) == ("done", 2)


def test_the_queue_forgets_what_is_long_over() -> None:
    services.queue(by=AN, kind="post", title="Việc", parameters=parameters(1))
    work()
    services.clear_queue()
    assert DBTaskResult.objects.count() == 1
    DBTaskResult.objects.update(started_at=timezone.now() - timedelta(days=2))
    services.clear_queue()
    assert DBTaskResult.objects.count() == 0
    assert Job.objects.count() == 1
