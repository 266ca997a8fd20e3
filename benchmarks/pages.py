"""How long each page takes the server, and how often it asks the database, in a house of 50 plans and 10,000 tasks.

On SQLite in a file of its own; under `tools/postgres.py` on PostgreSQL. Beside the reads that pages stand on, the
same answers are got as one would naively, with a query for each row.
"""

import hashlib
import os
import shutil
import statistics
import sys
import time
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.record import Measure, runs_ms

LIMIT_MS = 100
TIMES = 15


def measure() -> list[Measure]:
    """The measures, on the database that HIEUHOC_DATABASE_URL names."""
    is_file = "HIEUHOC_DATABASE_URL" not in os.environ
    folder = Path("var/benchmark" if is_file else "var/benchmark-postgresql").resolve()
    stamp = folder / "built"
    wanted = _fingerprint()
    # A cluster of PostgreSQL lives for one run: what was built in it is gone with it.
    is_built = is_file and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted
    if not is_built:
        shutil.rmtree(folder, ignore_errors=True)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "hieuhoc.project.settings",
        "HIEUHOC_DATA_DIR": str(folder),
        "HIEUHOC_DEMONSTRATION": "1",
        "HIEUHOC_TODAY": "2020-11-16",
        "HIEUHOC_LOG_LEVEL": "ERROR",
    }
    django.setup()
    if not is_built:
        (folder / "static").mkdir(parents=True)
        call_command("migrate", verbosity=0)
        _build()
        stamp.write_text(wanted, encoding="utf-8")
    return _measure()


def _fingerprint() -> str:
    """What the house under measurement depends on; it is built again when that changes."""
    root = Path(__file__).resolve().parent.parent
    files = [root / "benchmarks" / "house.py", *sorted((root / "src").rglob("migrations/*.py"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _build() -> None:
    from benchmarks.house import build  # noqa: PLC0415  # after Django has started: it imports models

    started = time.perf_counter()
    with transaction.atomic():
        build(lambda step: print(f"  … {step}".ljust(50), end="\r", file=sys.stderr, flush=True))
    connection.cursor().execute("ANALYZE")
    print(f"  built in {time.perf_counter() - started:.0f} s".ljust(50), file=sys.stderr)


def _measure() -> list[Measure]:
    # After Django has started: what these modules import are models.
    from benchmarks.naive import beside  # noqa: PLC0415
    from hieuhoc.programme.plans.models import Assignment, Obstacle, Plan  # noqa: PLC0415
    from hieuhoc.registers.accounts.models import User  # noqa: PLC0415

    people = {name: User.objects.get(username=name) for name in EVERYBODY}
    plan = Plan.objects.filter(state="issued").order_by("pk")[0]
    draft = Plan.objects.get(state="draft")
    assignment = Assignment.objects.filter(unit__grants__user=people["an.so"]).order_by("pk")[0]
    obstacle = Obstacle.objects.filter(unit=assignment.unit).order_by("pk").first()
    things = {
        "plan": plan.pk,
        "draft": draft.pk,
        "assignment": assignment.pk,
        "task": assignment.task_id,
        "obstacle": obstacle.pk if obstacle else 0,
        "user": people["binh"].pk,
        "unit": assignment.unit.key,
    }
    found = []
    for username, user in people.items():
        client = Client(SERVER_NAME="localhost")
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        for name, word, thing, query in PAGES if username in THOROUGH else PAGES[:SHARED]:
            address = reverse(name, kwargs={word: things[thing]} if word else {}) + query
            if client.get(address).status_code == 200:
                found += _of_page(f"{name}{query}, {username}", client, address)
    return found + beside(people["binh"], plan)


# Address, its word, what stands for the word, and the rest of the address. The first are opened as everybody.
PAGES: tuple[tuple[str, str, str, str], ...] = (
    ("plans:desk", "", "", ""),
    ("plans:assignment-list", "", "", ""),
    ("plans:plan-list", "", "", ""),
    ("plans:plan-detail", "key", "plan", ""),
    ("plans:plan-overview", "key", "plan", ""),
    ("plans:obstacle-list", "", "", ""),
    ("plans:search", "", "", "?q=quy+khuyen+hoc"),
    ("plans:plan-matrix", "key", "plan", ""),
    ("plans:plan-text", "key", "plan", ""),
    ("plans:plan-coverage", "key", "plan", ""),
    ("plans:plan-history", "key", "plan", ""),
    ("plans:task-detail", "key", "task", ""),
    ("plans:assignment-detail", "key", "assignment", ""),
    ("plans:reminder-list", "", "", ""),
    ("plans:obstacle-detail", "key", "obstacle", ""),
    ("plans:obstacle-counts", "", "", ""),
    ("plans:plan-take-in", "", "", ""),
    ("plans:plan-review", "key", "draft", ""),
    ("plans:draft-header", "key", "draft", ""),
    ("plans:plan-issue", "key", "draft", ""),
    ("units:list", "", "", ""),
    ("units:detail", "key", "unit", ""),
    ("accounts:user-list", "", "", ""),
    ("accounts:user-detail", "pk", "user", ""),
    ("accounts:trail", "", "", ""),
)
SHARED = 7
EVERYBODY = ("minh", "binh", "an.so", "dung.huyen", "an.xa", "xuan", "tri")
THOROUGH = {"binh", "an.so", "tri"}


def _of_page(what: str, client: Client, address: str) -> list[Measure]:
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    asked = len(queries)  # counted before the next request forgets them
    taken = runs_ms(lambda: client.get(address), times=TIMES)
    return [
        Measure(what, statistics.median(taken), "ms", LIMIT_MS, TIMES),
        Measure(f"{what}: 95 of 100", statistics.quantiles(taken, n=20)[-1], "ms", None, TIMES),
        Measure(f"{what}: queries", asked, "queries"),
    ]
