"""A worker's side of a job: taking it, going on where another left off, and ending it.

The work itself is a function `work(job, progress) -> None` named in settings.JOBS. It handles one item after another;
what it saves for an item and the step that says so stand in one transaction, the step last:

    for name in names:
        if name in progress.finished:
            continue                      # an earlier attempt is through with it
        if progress.stopped():
            return
        with transaction.atomic():
            …save…
            progress.step(done, total, Item(name, ok=True))

A worker killed at any moment then leaves items that are wholly saved and counted, or not at all.
"""

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import cast

import structlog
from django.conf import settings
from django.db import Error, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_tasks import TaskContext, task

from hieuhoc.foundation.jobs import states
from hieuhoc.foundation.jobs.models import Job, Result
from hieuhoc.foundation.records import attachments, clock, trail
from hieuhoc.foundation.ui.wording import say
from hieuhoc.kernel.errors import Conflict, HouseError

log = structlog.get_logger("hieuhoc.jobs")

MOST_ATTEMPTS = 3
leaving = threading.Event()
"""Set when this process is told to end: work in hand is put back at the next item."""
in_hand: set[int] = set()
"""The jobs that this process is doing."""


class Overtaken(Exception):
    """The job is no longer this worker's: its owner stopped it, or another worker took it."""


@dataclass(frozen=True)
class Item:
    """What became of one item. `name` is unique within the job."""

    name: str
    ok: bool
    message: str = ""
    url: str = ""
    faults: Collection[str] = ()


@dataclass
class Progress:
    """What the work tells the house while it goes on. `finished` names the items of earlier attempts."""

    job: Job
    attempt: int
    finished: frozenset[str]
    left_off: bool = False

    def stopped(self) -> bool:
        """Whether to leave off before the next item: the owner stopped the job, or this process is to end."""
        self.left_off = leaving.is_set() or not self._mine().exists()
        return self.left_off

    @transaction.atomic
    def step(self, done: int, total: int, item: Item | None = None) -> None:
        """Count, and keep what became of an item.

        Raises: Overtaken when the job is no longer this worker's; whatever stands in the transaction is undone.
        """
        if not self._mine().update(done=done, total=total, seen_at=timezone.now()):
            raise Overtaken
        if item is not None:
            Result.objects.create(
                job=self.job,
                name=item.name[:300],
                outcome=Result.Outcome.OK if item.ok else Result.Outcome.REFUSED,
                message=item.message,
                url=item.url,
                faults=list(item.faults),
            )

    def say(self, note: str) -> None:
        """Show a sentence beside the count."""
        self._mine().update(note=note)

    def give(self, *, content: bytes, name: str, megabytes: int = 50) -> None:
        """Keep the file that the job makes, for its owner to fetch."""
        kept = attachments.keep(content=content, name=name, megabytes=megabytes)
        if not self._mine().update(result=kept):
            raise Overtaken

    def _mine(self) -> QuerySet[Job]:
        return Job.objects.filter(pk=self.job.pk, state="running", attempts=self.attempt)


Work = Callable[[Job, Progress], None]


def work_of(kind: str) -> Work:
    """The function that does a kind of job. Raises: LookupError for a kind that no app has named."""
    if kind not in settings.JOBS:
        raise LookupError(f"no job is of kind {kind!r}")
    return cast(Work, import_string(settings.JOBS[kind]))


@task(takes_context=True)
def perform(context: TaskContext, job_id: int) -> None:
    """What the queue calls: do a job, or nothing where it is no longer there to be done."""
    job = Job.objects.filter(pk=job_id).first()
    if job is None or not _take(job, worker=context.task_result.worker_ids[-1]):
        return
    in_hand.add(job.pk)
    try:
        _perform(job)
    finally:
        in_hand.discard(job.pk)


def _perform(job: Job) -> None:
    progress = Progress(job, job.attempts, frozenset(job.results.values_list("name", flat=True)))
    try:
        work_of(job.kind)(job, progress)
    except Overtaken:
        return
    except HouseError as error:
        end(job, "fail", note=say(error))
    except Error:
        raise  # the database fails, so nothing can be written: the job is taken up again when its worker is not seen
    except Exception:
        log.exception("job failed", job=job.pk, kind=job.kind)
        end(job, "fail", note=_("Hệ thống gặp lỗi khi làm việc này. Sự việc đã được ghi lại; quản trị viên xem được."))
        raise
    else:
        if not progress.left_off:
            end(job, "finish")
        elif leaving.is_set():
            put_back(job)


@transaction.atomic
def _take(job: Job, *, worker: str) -> bool:
    """Whether the job is this worker's now."""
    try:
        trail.move(by=trail.HOUSE, row=job, machine=states.JOB, deed="start")
    except Conflict:
        return False
    job.attempts, job.worker, job.seen_at = job.attempts + 1, worker, timezone.now()
    job.started_at = job.started_at or clock.now()
    job.save(update_fields=["attempts", "worker", "seen_at", "started_at"])
    return True


@transaction.atomic
def put_back(job: Job) -> bool:
    """Let a job that runs wait for another worker; False where somebody was quicker."""
    if not _moved(job, "put_back"):
        return False
    ask(job)
    return True


def ask(job: Job) -> None:
    """Put a waiting job into the queue, in the transaction of whatever caused it."""
    asked = perform.enqueue(job.pk)
    Job.objects.filter(pk=job.pk).update(task=asked.id, seen_at=timezone.now())


@transaction.atomic
def end(job: Job, deed: str, *, note: str = "") -> bool:
    """Finish or fail a job; False where somebody was quicker."""
    if not _moved(job, deed):
        return False
    changes = {"ended_at": clock.now(), "worker": ""} | ({"note": note} if note else {})
    Job.objects.filter(pk=job.pk).update(**changes)
    return True


def _moved(job: Job, deed: str) -> bool:
    """Move a job on, unless it is no longer in the hands in which it was read."""
    if not Job.objects.select_for_update().filter(pk=job.pk, state=job.state, attempts=job.attempts).exists():
        return False
    trail.move(by=trail.HOUSE, row=job, machine=states.JOB, deed=deed)
    return True
