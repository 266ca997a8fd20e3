"""Queueing jobs, stopping them, and taking up again what a worker left behind."""

from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from hieuhoc.foundation.jobs import selectors, states, working
from hieuhoc.foundation.jobs.models import Job
from hieuhoc.foundation.records import clock, trail

log = structlog.get_logger("hieuhoc.jobs")

LEASE_SECONDS = 30
"""A worker that was not seen for so long is taken for dead."""
KEPT_DAYS = 1


@transaction.atomic
def queue(*, by: trail.Actor, kind: str, title: str, parameters: dict[str, Any] | None = None, total: int = 0) -> Job:
    """Queue a job for the one who asks; it begins after the transaction has ended.

    `parameters` are plain values for the work. Raises: LookupError for a kind that no app has named.
    """
    working.work_of(kind)
    job = Job.objects.create(
        kind=kind,
        title=title[:255],
        owner_key=by.actor_key,
        owner_name=by.actor_name[:200],
        parameters=parameters or {},
        total=total,
        queued_at=clock.now(),
        seen_at=timezone.now(),
    )
    trail.record(by=by, deed="jobs.job.queue", what=job)
    working.ask(job)
    return selectors.job_of(by, job.pk)


@transaction.atomic
def stop(*, by: trail.Actor, job: Job) -> Job:
    """Stop one's own job: what is done stays done, nothing more is begun. Raises: Missing, Conflict."""
    job = selectors.job_of(by, job.pk)
    trail.move(by=by, row=job, machine=states.JOB, deed="stop")
    Job.objects.filter(pk=job.pk).update(ended_at=clock.now(), worker="")
    return job


def beat(*, worker: str, every: float = 0) -> None:
    """Say that a worker is alive and at work on what it has in hand, unless a step has said so just now.

    Units: `every` seconds.
    """
    now = timezone.now()
    in_hand = Job.objects.filter(pk__in=list(working.in_hand), worker=worker, state="running")
    # Asked before it is written: reading never waits for whoever writes.
    if in_hand.filter(seen_at__lt=now - timedelta(seconds=every)).exists():
        in_hand.update(seen_at=now)


def take_up(*, lease: float = LEASE_SECONDS) -> int:
    """Queue again what a worker left behind, three times at most; returns how many jobs.

    Units: `lease` seconds without a sign of life. May be called twice at once.
    """
    unseen = timezone.now() - timedelta(seconds=lease)
    taken = 0
    for job in Job.objects.filter(state__in=states.OPEN, seen_at__lt=unseen).order_by("pk"):
        if job.state == "waiting":
            taken += _ask_again(job)
        elif job.attempts < working.MOST_ATTEMPTS:
            log.warning("job taken up again", job=job.pk, attempts=job.attempts)
            taken += working.put_back(job)
        else:
            working.end(job, "fail", note=_("Máy chủ đã ngừng giữa chừng nhiều lần nên việc này không làm tiếp nữa."))
    return taken


@transaction.atomic
def _ask_again(job: Job) -> bool:
    """Queue a waiting job again whose place in the queue was lost with the worker that had just taken it."""
    held = Job.objects.select_for_update().filter(pk=job.pk, state="waiting", task=job.task)
    if not held.exists() or DBTaskResult.objects.filter(pk__in=[job.task], status=TaskResultStatus.READY).exists():
        return False
    working.ask(job)
    return True


def clear_queue() -> None:
    """Forget what the queue kept of work that is over; the jobs themselves stay."""
    old = timezone.now() - timedelta(days=KEPT_DAYS)
    DBTaskResult.objects.exclude(status=TaskResultStatus.READY).filter(started_at__lt=old).delete()


def waits() -> bool:
    """Whether a job waits to be done."""
    return DBTaskResult.objects.ready().exists()
