"""Where learning happens, at the volume of the demonstration: 145 centres, three years, 400 classes a district yearly.

How long the generator takes; how long the server takes for the pages of a centre, a class, its attendance and the
public finder, how often it asks the database and how much a first visit carries; how long the facts of a month and of a
year take, beside the same figures got as one would naively, activity by activity.
"""

import os
import re
import shutil
import statistics
import time
import zlib
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from benchmarks.record import Measure, runs_ms

LIMIT_MS, LIMIT_KB = 100, 100
LIMIT_BUILT_S, LIMIT_MONTH_S, LIMIT_YEAR_S = 180, 2, 5
TIMES = 15
DIRECTOR, OFFICER = "hue.thanhhung", "binh.sgddt"


def measure() -> list[Measure]:
    """The measures, in a house of their own."""
    is_file = "HIEUHOC_DATABASE_URL" not in os.environ
    folder = Path("var/benchmark-learning" if is_file else "var/benchmark-learning-postgresql").resolve()
    shutil.rmtree(folder, ignore_errors=True)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "hieuhoc.project.settings",
        "HIEUHOC_DATA_DIR": str(folder),
        "HIEUHOC_DEMONSTRATION": "1",
        "HIEUHOC_TODAY": "2020-11-16",
        "HIEUHOC_LOG_LEVEL": "ERROR",
    }
    django.setup()
    (folder / "static").mkdir(parents=True)
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    found = _built()
    return [*found, *_facts(), *_pages()]


def _built() -> list[Measure]:
    from hieuhoc.project.demonstration import learning, reporting, story  # noqa: PLC0415  # after Django has started

    with transaction.atomic():
        story.load_register()
        story.open_accounts()
        reporting.load_definitions()
        started = time.perf_counter()
        story.learn()
        made = time.perf_counter() - started
    started = time.perf_counter()
    reporting.count_learning()
    counted = time.perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    rows = [
        Measure(f"rows: {table.model.__name__}", table.model._default_manager.count(), "rows")
        for table in learning._Tables().all
    ]
    return [
        Measure("generator: centres, classes, learners", made, "s", LIMIT_BUILT_S),
        Measure("generator: every figure counted and totalled", counted, "s"),
        Measure("generator: both", made + counted, "s", LIMIT_BUILT_S),
        *rows,
    ]


# ---- facts -----------------------------------------------------------------------------------------


def _facts() -> list[Measure]:
    from hieuhoc.kernel.periods import Calendar, Rhythm, period_of  # noqa: PLC0415  # beside the next, which needs Django
    from hieuhoc.programme.learning import facts  # noqa: PLC0415

    found = []
    for rhythm, limit in ((Rhythm.MONTH, LIMIT_MONTH_S), (Rhythm.YEAR, LIMIT_YEAR_S)):
        period = period_of(rhythm, date(2019, 11, 1), Calendar.CLOSING)
        name = f"facts of a {rhythm.value}"
        with CaptureQueriesContext(connection) as queries:
            told = list(facts.facts(period))
        asked = len(queries)
        taken = statistics.median(runs_ms(partial(_listed, period), times=3)) / 1000
        own = {"learning.classes", "learning.turns"}
        started = time.perf_counter()
        list(facts.facts(period, names=own))
        quick, started = time.perf_counter() - started, time.perf_counter()
        plain = _naively(period)
        slow = time.perf_counter() - started
        sums = {what: sum(one.value for one in told if one.what == what and not one.by) for what in own}
        if sums != plain:
            raise AssertionError(f"{name}: {sums} is not {plain}")
        found += [
            Measure(f"{name}: all", taken, "s", limit, 3),
            Measure(f"{name}: queries", asked, "queries"),
            Measure(f"{name}: classes and turns", quick, "s"),
            Measure(f"{name}: classes and turns, activity by activity", slow, "s"),
            Measure(f"{name}: times as fast", slow / quick, "times"),
        ]
    return found


def _listed(period: Any) -> list[Any]:
    from hieuhoc.programme.learning import facts  # noqa: PLC0415

    return list(facts.facts(period))


def _naively(period: Any) -> dict[str, int]:
    """Classes and turns of the whole province, asking for the learners and heads of each activity."""
    from hieuhoc.programme.learning.models import Activity  # noqa: PLC0415

    classes = turns = 0
    for activity in Activity.objects.filter(provider__kind="clc", held_on__isnull=False):
        classes += period.first <= activity.held_on < period.end
        if activity.last_on < period.first or activity.held_on >= period.end:
            continue
        turns += sum(
            one.first_on is not None and period.first <= one.first_on < period.end for one in activity.enrolments.all()
        )
        full = [
            (-sum(head.count for head in session.heads.all()), session.on, session.pk)
            for session in activity.sessions.exclude(state="cancelled")
        ]
        best = min(full)
        turns -= best[0] if period.first <= best[1] < period.end else 0
    return {"learning.classes": classes, "learning.turns": turns}


# ---- pages -----------------------------------------------------------------------------------------


def _pages() -> list[Measure]:
    from hieuhoc.programme.learning.models import Activity, Provider, Session  # noqa: PLC0415
    from hieuhoc.registers.accounts.models import User  # noqa: PLC0415

    director = User.objects.get(username=DIRECTOR)
    centre = Provider.objects.get(kind="clc", unit__grants__user=director)
    live = Session.objects.get(activity__provider=centre, on=date(2020, 11, 16))
    coming = Activity.objects.filter(provider=centre, state="open", is_public=True).exclude(pk=live.activity_id)[0]
    signed: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
        ("the desk of learning", DIRECTOR, "learning:desk", {}),
        ("a centre's page", DIRECTOR, "learning:provider-detail", {"key": centre.key}),
        ("a class's page", DIRECTOR, "learning:activity-detail", {"code": live.activity.code}),
        ("attendance of forty", DIRECTOR, "learning:attendance", {"pk": live.pk}),
        ("all providers", OFFICER, "learning:provider-list", {}),
        ("all classes", OFFICER, "learning:activity-list", {}),
    )
    public: tuple[tuple[str, str, dict[str, Any], str], ...] = (
        ("the public finder", "learning:class-list", {}, ""),
        ("the public finder, by a word", "learning:class-list", {}, "?q=tin+hoc"),
        ("a public class", "learning:class", {"code": coming.code}, ""),
        ("a centre's public page", "learning:centre-detail", {"key": centre.key}, ""),
        ("the public centres", "learning:centre-list", {}, ""),
    )
    found = []
    for what, username, name, words in signed:
        client = Client(SERVER_NAME="localhost")
        client.force_login(User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
        found += _page(what, client, name, words)
    for what, name, words, query in public:
        found += _page(what, Client(SERVER_NAME="localhost"), name, words, query=query, is_public=True)
    return found


def _page(
    what: str, client: Client, name: str, words: dict[str, Any], *, query: str = "", is_public: bool = False
) -> list[Measure]:
    try:
        address = reverse(name, kwargs=words) + query
    except NoReverseMatch as error:
        raise AssertionError(f"{what}: there is no such page") from error
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    if answer.status_code != 200:
        raise AssertionError(f"{what}: {answer.status_code}")
    asked = len(queries)
    taken = runs_ms(lambda: client.get(address), times=TIMES)
    limit = LIMIT_KB if is_public else None
    return [
        Measure(what, statistics.median(taken), "ms", LIMIT_MS, TIMES),
        Measure(f"{what}: queries", asked, "queries"),
        Measure(f"{what}: first visit", _carried(answer.content) / 1024, "KiB", limit),
    ]


def _carried(content: bytes) -> int:
    """What a first visit carries: the page, and what it needs to be shown, packed as the server keeps it (bytes)."""
    text = content.decode()
    needed = set(re.findall(r'(?:href|src)="(/static/[^"?#]+\.(?:css|js|svg|woff2|png|webp))', text))
    root = Path(settings.STATIC_ROOT)
    total = len(content)
    for one in needed:
        file = root / one.removeprefix(settings.STATIC_URL)
        packed = file.with_name(file.name + ".gz")
        if packed.exists():
            total += packed.stat().st_size
        elif file.suffix in {".css", ".js", ".svg"}:
            total += len(zlib.compress(file.read_bytes(), 9))
        else:
            total += file.stat().st_size
    return total
