"""How long it takes to reorganise 100 communes with five years of monthly work, and whether memory grows with the data.

Each size is done in a process of its own, on SQLite in a file that is thrown away; under `tools/postgres.py` on
PostgreSQL. The data are 100 communes, ten monthly tasks, 60 months: 60,000 assignments, four times that beside it.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.db import connection, transaction

from benchmarks.record import Measure

COMMUNES, MONTHS, TASKS, INTO = 100, 60, 10, 33
LIMIT_S, LIMIT_GROWTH = 60, 1.25
EFFECTIVE = date(2025, 7, 1)


def measure() -> list[Measure]:
    """The measures at one and at four times the data."""
    small, large = (_in_a_process(times) for times in (1, 4))
    return [
        Measure("100 communes, 60,000 assignments", small["seconds"], "s", LIMIT_S),
        Measure("100 communes, 240,000 assignments", large["seconds"], "s", LIMIT_S),
        Measure("memory it took, 60,000 assignments", small["mebibytes"], "MiB"),
        Measure("memory it took, 240,000 assignments", large["mebibytes"], "MiB"),
        Measure("peak of the process, 240,000 to 60,000", large["peak"] / small["peak"], "times", LIMIT_GROWTH),
    ]


def _in_a_process(times: int) -> dict[str, float]:
    folder = Path(tempfile.mkdtemp(prefix="hh-reorganising-"))
    own = os.environ | {
        "DJANGO_SETTINGS_MODULE": "hieuhoc.project.settings",
        "HIEUHOC_DATA_DIR": str(folder),
        "HIEUHOC_TODAY": "2025-08-01",
        "HIEUHOC_LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "benchmarks.reorganising"]
    try:
        # Filled by one process and reorganised by another: what filling took is not counted.
        subprocess.run([*command, "fill", str(times)], env=own, check=True)
        done = subprocess.run([*command, "reorganise"], env=own, check=True, capture_output=True, text=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _fill(times: int) -> None:
    from hieuhoc.foundation.records import attachments, trail  # noqa: PLC0415  # after Django has started
    from hieuhoc.programme.plans.models import Assignment, Plan, Section, Task  # noqa: PLC0415  # as above
    from hieuhoc.registers.places import services as places  # noqa: PLC0415

    call_command("flush", interactive=False, verbosity=0) if connection.vendor == "postgresql" else None
    call_command("migrate", verbosity=0)
    since = date(2020, 1, 1)

    def unit(name: str, level: str, kind: str, parent: Any, code: str = "") -> Any:
        return places.create_unit(
            by=trail.HOUSE, name=name, level=level, kind=kind, parent=parent, valid_from=since, code=code
        )

    with transaction.atomic():
        province = unit("Tỉnh Thử", "province", "tinh", None, "91")
        lead = unit("Sở Giáo dục và Đào tạo", "agency", "so", province)
        district = unit("Huyện Thử", "district", "huyen", province, "900")
        communes = [unit(f"Xã Thử {n}", "commune", "xa", district, f"{30000 + n}") for n in range(COMMUNES)]
        file = attachments.keep(content=b"KE HOACH", name="ke-hoach.txt", allowed={"txt"})
        moment = "2020-01-02T00:00:00Z"
        plan = Plan.objects.create(
            subject="Kế hoạch thử", issuer=lead, lead=lead, state="issued", issued_at=moment, taken_in_at=moment,
            file=file, text_digest="0" * 64, folded="ke hoach thu",
        )  # fmt: skip
        section = Section.objects.create(plan=plan, path="I", number="I", heading="NHIỆM VỤ", level=1, position=1)
        tasks = Task.objects.bulk_create(
            Task(
                plan=plan, section=section, code=f"I.{n}", position=n, text=f"Việc {n}", folded=f"viec {n}",
                recurrence="month", state="checked",
            )
            for n in range(TASKS * times)
        )  # fmt: skip
        for month in range(MONTHS):
            period = f"{2020 + (month + 6) // 12}-{(month + 6) % 12 + 1:02d}"
            # What is finished is nearly all: ten tasks of the last month are still going on, whatever the size.
            going_on = {task.pk for task in tasks[:TASKS]} if month == MONTHS - 1 else set()
            rows = (
                _work(plan, task, commune, period, moment, is_open=task.pk in going_on)
                for task in tasks
                for commune in communes
            )
            Assignment.objects.bulk_create(rows, batch_size=1000)


def _work(plan: Any, task: Any, commune: Any, period: str, moment: str, *, is_open: bool) -> Any:
    from hieuhoc.programme.plans.models import Assignment  # noqa: PLC0415  # as above

    state, percent = ("underway", 50) if is_open else ("confirmed", 100)
    return Assignment(
        plan=plan,
        task=task,
        unit=commune,
        period=period,
        state=state,
        percent=percent,
        note="Đã làm.",
        assigned_at=moment,
    )


def _reorganise() -> None:
    from hieuhoc.foundation.records import trail  # noqa: PLC0415  # after Django has started
    from hieuhoc.registers.places import rules, services  # noqa: PLC0415  # as above

    rows = [
        rules.Row(
            "merge", f"{30000 + n}", target=f"{40000 + n % INTO}", target_name=f"Xã Mới {n % INTO}", target_parent="91"
        )
        for n in range(COMMUNES)
    ]
    rows.append(rules.Row("abolish", "900", target="91"))
    event = services.prepare_reorganisation(by=trail.HOUSE, title="Sắp xếp thử", effective_on=EFFECTIVE)
    services.set_rows(by=trail.HOUSE, event=event, rows=rows)
    before = _peak()
    started = time.perf_counter()
    event = services.submit_reorganisation(by=trail.HOUSE, event=event)
    event = services.approve_reorganisation(by=trail.HOUSE, event=event)
    seconds = time.perf_counter() - started
    assert event.state == "executed", event.state
    print(json.dumps({"seconds": seconds, "mebibytes": _peak() - before, "peak": _peak()}))


def _peak() -> float:
    """Units: MiB; the most that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    django.setup()
    if sys.argv[1] == "fill":
        _fill(int(sys.argv[2]))
    else:
        _reorganise()
