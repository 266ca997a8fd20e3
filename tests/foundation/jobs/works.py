"""Kinds of jobs that only the tests know."""

import threading
from typing import Any

from django.db import DatabaseError, transaction

from hieuhoc.foundation.jobs.models import Job
from hieuhoc.foundation.jobs.working import Item, Progress, leaving
from hieuhoc.foundation.outbox import services as outbox
from hieuhoc.kernel.errors import Invalid


def post(job: Job, progress: Progress) -> None:
    """A letter for each name; those with a mark are refused. Takes its time where it is told to."""
    names: list[str] = job.parameters["names"]
    done = len(progress.finished)
    for name in names:
        if name in progress.finished:
            continue
        if progress.stopped():
            return
        threading.Event().wait(job.parameters.get("seconds", 0))
        with transaction.atomic():
            ok = not name.endswith("!")
            if ok:
                outbox.post(to="an@example.vn", subject=name, body="")
            done += 1
            progress.step(done, len(names), Item(name, ok=ok, faults=() if ok else ["Ô C5: <sai>"]))


def refuse(job: Job, progress: Progress) -> None:
    raise Invalid("Tệp “{name}” không mở được.", name="{x}.zip")


def break_down(job: Job, progress: Progress) -> None:
    raise ZeroDivisionError("secret words")


def lose_database(job: Job, progress: Progress) -> None:
    raise DatabaseError("gone")


def stop_itself(job: Job, progress: Progress) -> None:
    """Its owner stops it while it is in the middle of the second item."""
    with transaction.atomic():
        outbox.post(to="an@example.vn", subject="first", body="")
        progress.step(1, 2, Item("first", ok=True))
    with transaction.atomic():
        outbox.post(to="an@example.vn", subject="second", body="")
        _stop_as_owner(job)
        progress.step(2, 2, Item("second", ok=True))


def _stop_as_owner(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(state="stopped")


def be_told_to_end(job: Job, progress: Progress) -> None:
    """The process is told to end after each item."""
    for number in range(len(progress.finished), 2):
        if progress.stopped():
            return
        with transaction.atomic():
            progress.step(number + 1, 2, Item(str(number), ok=True))
        leaving.set()


def make_file(job: Job, progress: Progress) -> None:
    progress.say("Đang ghép tệp.")
    progress.give(content="Tổng: 5".encode(), name="kết quả.txt")


def parameters(count: int, **more: Any) -> dict[str, Any]:
    return {"names": [f"tệp {number}" for number in range(count)], **more}
