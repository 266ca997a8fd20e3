"""How long each page takes the server, and how often it asks the database, in a house of 50 plans and 10,000 tasks."""

import hashlib
import os
import shutil
import sys
import time
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.record import Measure, median_ms

LIMIT_MS = 100
TIMES = 7


def measure() -> list[Measure]:
    folder = Path("var/benchmark").resolve()
    stamp = folder / "built"
    wanted = _fingerprint()
    is_built = stamp.exists() and stamp.read_text(encoding="utf-8") == wanted
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
        (folder / "static").mkdir()
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
    from hieuhoc.programme.plans.models import Assignment, Obstacle, Plan  # noqa: PLC0415
    from hieuhoc.registers.accounts.models import User  # noqa: PLC0415

    people = {"lead department": User.objects.get(username="binh"), "agency": User.objects.get(username="an.so")}
    plan = Plan.objects.order_by("pk").first()
    assignment = Assignment.objects.filter(unit__grants__user=people["agency"]).order_by("pk").first()
    obstacle = Obstacle.objects.order_by("pk").first()
    assert plan is not None
    assert assignment is not None
    pages: list[tuple[str, dict[str, int]]] = [
        ("plans:desk", {}),
        ("plans:assignment-list", {}),
        ("plans:assignment-detail", {"key": assignment.pk}),
        ("plans:reminder-list", {}),
        ("plans:plan-list", {}),
        ("plans:plan-detail", {"key": plan.pk}),
        ("plans:plan-overview", {"key": plan.pk}),
        ("plans:plan-matrix", {"key": plan.pk}),
        ("plans:plan-text", {"key": plan.pk}),
        ("plans:plan-coverage", {"key": plan.pk}),
        ("plans:plan-history", {"key": plan.pk}),
        ("plans:task-detail", {"key": assignment.task_id}),
        ("plans:obstacle-list", {}),
        ("plans:obstacle-counts", {}),
        ("plans:search", {}),
        ("units:list", {}),
    ]
    if obstacle is not None:
        pages.append(("plans:obstacle-detail", {"key": obstacle.pk}))
    found = []
    for role, user in people.items():
        client = Client(SERVER_NAME="localhost")
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        for name, words in pages:
            address = reverse(name, kwargs=words) + ("?q=quy+khuyen+hoc" if name == "plans:search" else "")
            if client.get(address).status_code == 200:
                found += _of_page(f"{name}, {role}", client, address)
    return found


def _of_page(what: str, client: Client, address: str) -> list[Measure]:
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    asked = len(queries)  # counted before the next request forgets them
    taken = median_ms(lambda: client.get(address), times=TIMES)
    return [Measure(what, taken, "ms", LIMIT_MS, TIMES), Measure(f"{what}: queries", asked, "queries")]
