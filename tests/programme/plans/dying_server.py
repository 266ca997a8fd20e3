"""A server of its own process that writes a draft and is killed on the way; run by test_killed.py.

`prepare` makes the database and who acts in it; `write N` is killed right after the N-th statement of the writing
(0: never); `count` prints how many rows of a draft there are, and whether the trail holds.
"""

import hashlib
import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import django
from django.core.management import call_command
from django.db import connection, transaction


class Killer:
    """Counts the statements of the writing, and kills its own process after one of them."""

    def __init__(self, after: int) -> None:
        self.after = after
        self.seen = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        self.seen += 1
        if self.seen == self.after:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer


def prepare() -> None:
    from tests.factories.cast import make_cast  # noqa: PLC0415  # after Django has started: it imports models

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        make_cast()


def write(after: int) -> None:
    from tests.factories.plans import make_task  # noqa: PLC0415

    from hieuhoc.foundation.records import attachments  # noqa: PLC0415  # as above
    from hieuhoc.programme.plans import services  # noqa: PLC0415
    from hieuhoc.registers.accounts.models import User  # noqa: PLC0415
    from hieuhoc.registers.places.models import Unit  # noqa: PLC0415

    by = User.objects.get(username="binh")
    issuer, finance = Unit.objects.get(name="Ủy ban nhân dân tỉnh"), Unit.objects.get(name="Sở Tài chính")
    text = "KẾ HOẠCH".encode()
    proposed = services.ProposedPlan(
        header=services.Header(subject="Kế hoạch"),
        lines=["KẾ HOẠCH"],
        text_digest=hashlib.sha256(text).hexdigest(),
        sections=[services.ProposedSection("I", "I", "NHIỆM VỤ", 1, 1, 1)],
        tasks=[make_task(f"Việc {number}.", leads=[finance]) for number in range(300)],
    )
    file = attachments.keep(content=text, name="ke-hoach.txt", allowed={"txt"})
    killer = Killer(after)
    with connection.execute_wrapper(killer):
        services.write_draft(by=by, issuer=issuer, file=file, proposed=proposed)
    sys.stdout.write(f"{killer.seen}\n")


def count() -> None:
    from hieuhoc.foundation.records import trail  # noqa: PLC0415  # as above
    from hieuhoc.foundation.records.models import Entry  # noqa: PLC0415
    from hieuhoc.programme.plans.models import Plan, Reading, Section, Task, TaskAgency  # noqa: PLC0415

    rows = [model._default_manager.count() for model in (Plan, Reading, Section, Task, TaskAgency)]
    lines = Entry.objects.filter(deed="plans.plan.take_in").count()
    sys.stdout.write(json.dumps({"rows": rows, "lines": lines, "broken": trail.verify()}) + "\n")


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "prepare":
        prepare()
    elif sys.argv[1] == "write":
        write(int(sys.argv[2]))
    else:
        count()
