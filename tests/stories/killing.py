"""Carries a reorganisation out in a process of its own and kills it at random moments; run by test_killed_reorganising.

    python -m tests.stories.killing TIMES SEED

Prints how often the house was found wholly before, wholly after, and in between (never, it is hoped).
"""

import json
import os
import random
import signal
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import django
from django.core.management import call_command
from django.db import connections, transaction

if TYPE_CHECKING:
    from tests.factories.cast import Cast

    from hieuhoc.registers.places.models import Reorganisation

BEFORE_THE_DAY = datetime(2020, 12, 1, 5, tzinfo=UTC)
AFTER_THE_DAY = datetime(2021, 2, 1, 5, tzinfo=UTC)


def main(times: int, seed: int) -> None:
    from hieuhoc.foundation.records import clock, trail  # noqa: PLC0415  # after Django has started: it imports models
    from hieuhoc.registers.places import services  # noqa: PLC0415  # as above

    chance = random.Random(seed)  # noqa: S311  # for moments, not for secrets
    cast = _stage()
    event = _approved(cast)
    before = _fingerprint()
    started = time.monotonic()
    with clock.pinned(AFTER_THE_DAY):
        event = services.execute_reorganisation(by=trail.HOUSE, event=event)
    lasts = time.monotonic() - started
    after = _fingerprint()
    found = {"before": 0, "after": 0, "between": 0, "broken": 0}
    for _time in range(times):
        if _fingerprint() == after:
            with clock.pinned(AFTER_THE_DAY):
                services.take_back_reorganisation(by=trail.HOUSE, event=event, why="Thử lại")
            event = _approved(cast, event)
        _kill_on_the_way(event, after=chance.uniform(0, 1.3 * lasts))
        now = _fingerprint()
        found["before" if now == before else "after" if now == after else "between"] += 1
        found["broken"] += trail.verify() is not None
    sys.stdout.write(json.dumps(found) + "\n")


def _kill_on_the_way(event: "Reorganisation", *, after: float) -> None:
    """A child carries the event out; it is killed so many seconds after it has begun."""
    from hieuhoc.foundation.records import clock, trail  # noqa: PLC0415  # as above
    from hieuhoc.registers.places import services  # noqa: PLC0415

    connections.close_all()
    begun, begins = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(begins, b".")
        with clock.pinned(AFTER_THE_DAY):
            services.execute_reorganisation(by=trail.HOUSE, event=event)
        os._exit(0)
    os.read(begun, 1)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(begun)
    os.close(begins)


def _stage() -> "Cast":
    from tests.factories.cast import make_cast  # noqa: PLC0415  # as above
    from tests.stories.test_reorganisation import make_work  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        cast = make_cast()
        make_work(cast)
    return cast


def _approved(cast: "Cast", event: "Reorganisation | None" = None) -> "Reorganisation":
    from tests.stories.test_reorganisation import ON, rows_of  # noqa: PLC0415  # as above

    from hieuhoc.foundation.records import clock  # noqa: PLC0415
    from hieuhoc.registers.places import selectors, services  # noqa: PLC0415

    with clock.pinned(BEFORE_THE_DAY), transaction.atomic():
        if event is None:
            event = services.prepare_reorganisation(by=cast.tri, title="Sắp xếp thử", effective_on=ON)
            services.set_rows(by=cast.tri, event=event, rows=rows_of(cast))
        event = selectors.reorganisation(event.pk)
        event = services.submit_reorganisation(by=cast.tri, event=event)
        return services.approve_reorganisation(by=cast.minh, event=event)


def _fingerprint() -> str:
    """Everything that an event may touch, without the numbers of rows."""
    from tests.stories.test_reorganisation import everything  # noqa: PLC0415  # as above

    from hieuhoc.registers.places.models import Membership, Reorganisation, Succession, Unit, UnitVersion  # noqa: PLC0415

    rows = [
        sorted(map(str, Unit.objects.values_list("key", "name", "parent__key", "valid_to", "searched"))),
        sorted(map(str, UnitVersion.objects.values_list("unit__key", "name", "parent__key", "valid_from", "valid_to"))),
        sorted(map(str, Membership.objects.values_list("group__key", "member__key", "valid_from", "valid_to"))),
        sorted(map(str, Succession.objects.values_list("predecessor__key", "heir__key", "on"))),
        sorted(map(str, Reorganisation.objects.values_list("title", "state"))),
        [str(part) for part in everything()],
    ]
    return json.dumps(rows, ensure_ascii=False)


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]), int(sys.argv[2]))
