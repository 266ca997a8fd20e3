"""What recurs: `tick` does one round and ends; `tick --every 60` does one each minute until told to stop."""

import os
import signal
import threading
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.db import Error, close_old_connections

from hieuhoc.foundation.outbox import services as outbox
from hieuhoc.kernel.errors import HouseError
from hieuhoc.programme.learning.services import enrolment_reminders as learning
from hieuhoc.programme.learning.services import repositories
from hieuhoc.programme.plans import services as plans
from hieuhoc.registers.places import services as places
from hieuhoc.reports import collect
from hieuhoc.reports import services as reports

log = structlog.get_logger("hieuhoc.tick")

# Each is called once a round, may be called twice at once, and says how much it did.
ROUND: tuple[tuple[str, Callable[[], int]], ...] = (
    ("reorganisations executed", places.execute_due),
    ("occurrences opened", plans.open_occurrences),
    ("rounds of reports opened", reports.open_rounds),
    ("figures counted", collect.collect_open),
    ("reports reminded of", reports.remind_owed),
    ("learners reminded", learning.remind_learners),
    ("repositories asked", repositories.harvest_due),
    ("messages sent", outbox.send_waiting),
)


class Command(BaseCommand):
    """Opens what recurs and sends what waits."""

    help = "Does what recurs: opens the occurrences of recurrent tasks and sends waiting messages."
    requires_system_checks = ()  # the server beside it has made them

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=int, default=0, metavar="SECONDS", help="go on, one round each so often")

    def handle(self, *args: Any, **options: Any) -> None:
        every: int = options["every"]
        if not every:
            for deed, done in do_round():
                self.stdout.write(f"{deed}: {done}")
            return
        stopping = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopping.set())
        parent = os.getppid()
        # A server that was killed cannot stop this process; it notices that it was left alone.
        while not stopping.is_set() and os.getppid() == parent:
            close_old_connections()
            try:
                do_round()
            except (Error, OSError, HouseError):
                log.exception("round failed")
            waited = 0
            while waited < every and os.getppid() == parent and not stopping.wait(1):
                waited += 1


def do_round() -> list[tuple[str, int]]:
    """Do everything once; what was done and how often."""
    results = [(deed, do()) for deed, do in ROUND]
    for deed, done in results:
        if done:
            log.info(deed, count=done)
    return results
