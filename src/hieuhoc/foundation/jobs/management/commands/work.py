"""The worker: `work` does jobs until told to stop; `work --once` does those that wait and ends."""

import os
import secrets
import signal
import threading
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections, connections, transaction
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from hieuhoc.foundation.jobs import services, working

log = structlog.get_logger("hieuhoc.jobs")

LOOK_SECONDS = 1
CLEAR_SECONDS = 3600
BEATS_A_LEASE = 5


class Command(BaseCommand):
    """Does the jobs that people queued."""

    help = "Does the jobs that wait, one after another, until told to stop."
    requires_system_checks = ()  # the server beside it has made them

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what waits, then end")
        parser.add_argument(
            "--lease",
            type=float,
            default=services.LEASE_SECONDS,
            metavar="SECONDS",
            help="take a worker for dead that was not seen for so long",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        worker, lease = secrets.token_hex(16), float(options["lease"])
        with _beating(worker, lease):
            if options["once"]:
                services.take_up(lease=lease)
                while not working.leaving.is_set() and _do_next(worker):
                    pass
            else:
                _until_told(worker, lease)


def _until_told(worker: str, lease: float) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: working.leaving.set())
    parent, looked = os.getppid(), 0
    # A server that was killed cannot stop this process; it notices that it was left alone.
    while not working.leaving.is_set() and os.getppid() == parent:
        close_old_connections()
        did = False
        try:
            services.take_up(lease=lease)
            if looked % CLEAR_SECONDS == 0:
                services.clear_queue()
            did = services.waits() and _do_next(worker)
        except (Error, OSError):
            log.exception("worker failed")
        looked += 1
        working.leaving.wait(0 if did else LOOK_SECONDS)


def _do_next(worker: str) -> bool:
    """Do one job; False where none waits. The library's own loop would close connections that others hold open."""
    with transaction.atomic():
        asked = DBTaskResult.objects.ready().get_locked()
        if asked is None:
            return False
        asked.claim(worker)
    Worker(
        queue_names=[asked.queue_name],
        interval=0,
        batch=True,
        backend_name=asked.backend_name,
        startup_delay=False,
        max_tasks=1,
        worker_id=worker,
        excluded_queue_names=[],
    ).run_task(asked)
    return True


@contextmanager
def _beating(worker: str, lease: float) -> Iterator[None]:
    """Say at intervals that this worker is alive, however long one item takes."""
    ended = threading.Event()

    def beat() -> None:
        while not ended.wait(lease / BEATS_A_LEASE):
            try:
                services.beat(worker=worker, every=lease / BEATS_A_LEASE)
            except (Error, OSError) as error:
                log.warning("no sign of life could be given", problem=str(error))
            finally:
                connections.close_all()

    heart = threading.Thread(target=beat, name="heart", daemon=True)
    heart.start()
    try:
        yield
    finally:
        ended.set()
        heart.join()
