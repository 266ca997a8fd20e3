"""Queues a job, kills its worker in the middle and starts another; run by test_killed_worker.

    python -m tests.foundation.jobs.killing ITEMS KILLS

Prints what was found in the end.
"""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import django
from django.core.management import call_command
from django.db import connection

if TYPE_CHECKING:
    from hieuhoc.foundation.records.trail import Actor

LEASE = 1.5
SECONDS_AN_ITEM = 0.03
PATIENCE = 90.0


def main(items: int, kills: int) -> None:
    from tests.foundation.jobs.works import parameters  # noqa: PLC0415

    from hieuhoc.foundation.jobs import selectors, services  # noqa: PLC0415  # after Django has started
    from hieuhoc.foundation.outbox.models import Message  # noqa: PLC0415
    from hieuhoc.foundation.records import trail  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    owner = trail.House("user:1", "An")
    given = parameters(items, seconds=SECONDS_AN_ITEM)
    job = services.queue(by=owner, kind="post", title="Gửi", parameters=given)
    reached = []
    for kill in range(kills):
        worker = _worker()
        _wait(partial(_is_at, owner, job.pk, (kill + 1) * items // (kills + 2)))
        worker.kill()
        worker.wait()
        reached.append(selectors.job_of(owner, job.pk).done)
    worker = _worker()
    _wait(lambda: not selectors.job_of(owner, job.pk).is_open)
    worker.terminate()
    job = selectors.job_of(owner, job.pk)
    found = {
        "state": job.state,
        "done": job.done,
        "attempts": job.attempts,
        "reached": reached,
        "results": job.results.count(),
        "letters": sorted(Message.objects.values_list("subject", flat=True)),
        "ended": worker.wait(timeout=PATIENCE),
        "trail": trail.verify() is None,
    }
    sys.stdout.write(json.dumps(found) + "\n")


def _is_at(owner: "Actor", job: int, wanted: int) -> bool:
    from hieuhoc.foundation.jobs import selectors  # noqa: PLC0415  # after Django has started

    return selectors.job_of(owner, job).done >= wanted


def _worker() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "django", "work", "--lease", str(LEASE)])


def _wait(until: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not until():
        if time.monotonic() > end:
            raise TimeoutError("the job did not come so far")
        threading.Event().wait(0.02)
        connection.close()


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]))
