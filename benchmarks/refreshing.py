"""How long it takes from one changed fact to a refreshed province page, in a province as full as one may become.

145 communes, 15 districts, 200 base indicators, 5 years: once in the mix of rhythms of the shipped definitions (mostly
years and half-years), once all of them monthly, which is the worst. A commune's figure of a month is changed through
the one door; then what the province's page shows is read. Beside it, the same values got without stored totals, by
grouping the facts in SQL; and everything computed anew. Then the pages themselves, as the server makes them: the
province's page, with as many indicators that matter as are shipped, and its list of all 200. Each in a process and a
database of its own.
"""

import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from benchmarks.record import Measure, median_ms

INDICATORS, YEARS = 200, (2021, 2022, 2023, 2024, 2025)
SINCE = date(2020, 12, 1)
LIMIT_MS = 1000
LIMIT_PAGE_MS, LIMIT_PAGE_KB = 100, 150
TIMES = 15
# Indicators that matter are shown on the province's page itself; so many are shipped.
KEY = 12
PAGES = {"dashboard": "the province's page", "dashboard-indicators": "all its indicators"}
# Of 200 indicators, how many have facts by month, by half-year and by year in the mix.
MIX = (("month", 20), ("half", 60), ("year", 120))
LONGER = {"month": ["month", "quarter", "half", "year"], "half": ["half", "year"], "year": ["year"]}


def measure() -> list[Measure]:
    """The measures of the mix, and of the worst."""
    return [*_measures("the mix", _in_a_process("mix")), *_measures("all monthly", _in_a_process("monthly"))]


def _measures(which: str, told: dict[str, float]) -> list[Measure]:
    return [
        Measure(f"{which}: facts", told["facts"] / 1000, "thousand"),
        Measure(f"{which}: totals", told["totals"] / 1000, "thousand"),
        Measure(f"{which}: size of the database", told["size"], "MiB"),
        Measure(f"{which}: loading the facts", told["loading"], "ms"),
        Measure(f"{which}: computing every total", told["computing"], "ms"),
        Measure(f"{which}: computing anew, nothing to change", told["again"], "ms"),
        Measure(f"{which}: proving every total", told["proving"], "ms"),
        Measure(f"{which}: one changed fact, totals and all", told["changing"], "ms", None, TIMES),
        Measure(f"{which}: what the province's page reads", told["reading"], "ms", None, TIMES),
        Measure(f"{which}: from the changed fact to the page", told["both"], "ms", LIMIT_MS, TIMES),
        *(one for page in PAGES for one in _page_measures(which, page, told)),
        Measure(f"{which}: a form of 50 figures of one commune", told["form"], "ms", None, 5),
        Measure(f"{which}: the page's values by grouping the facts", told["grouping"], "ms", None, 3),
        Measure(f"{which}: grouping : changed fact and page", told["grouping"] / told["both"], "times"),
        Measure(f"{which}: computing anew : changed fact and page", told["again"] / told["both"], "times"),
    ]


def _page_measures(which: str, page: str, told: dict[str, float]) -> list[Measure]:
    what = f"{which}: {PAGES[page]}"
    return [
        Measure(f"{what}, processor time", told[f"{page} cpu"], "ms", LIMIT_PAGE_MS, TIMES),
        Measure(f"{what}, time", told[f"{page} time"], "ms", None, TIMES),
        Measure(f"{what}, queries", told[f"{page} queries"], "queries"),
        Measure(f"{what}, size", told[f"{page} size"] / 1000, "kB", LIMIT_PAGE_KB),
    ]


def _in_a_process(which: str) -> dict[str, float]:
    folder = Path(tempfile.mkdtemp(prefix="hh-refreshing-"))
    own = os.environ | {
        "DJANGO_SETTINGS_MODULE": "hieuhoc.project.settings",
        "HIEUHOC_DATA_DIR": str(folder),
        "HIEUHOC_DEMONSTRATION": "1",
        "HIEUHOC_TODAY": "2025-06-20",
        "HIEUHOC_LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "benchmarks.refreshing", which]
    try:
        done = subprocess.run(command, env=own, check=True, capture_output=True, text=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def _run(which: str) -> dict[str, float]:
    from hieuhoc.foundation.records import trail  # noqa: PLC0415  # after Django has started
    from hieuhoc.kernel.periods import Calendar, Rhythm, period_of  # noqa: PLC0415  # as above
    from hieuhoc.registers.accounts import services as accounts  # noqa: PLC0415  # as above
    from hieuhoc.registers.indicators import selectors, services  # noqa: PLC0415  # as above
    from hieuhoc.registers.indicators.models import Fact, Total  # noqa: PLC0415  # as above
    from hieuhoc.registers.places import selectors as places  # noqa: PLC0415  # as above
    from hieuhoc.registers.places import services as registers  # noqa: PLC0415  # as above

    call_command("flush", interactive=False, verbosity=0) if connection.vendor == "postgresql" else None
    call_command("migrate", verbosity=0)
    registers.load_province()
    province = places.unit_by_key("tinh-kien-giang")
    reader = accounts.open_demonstration_account(
        by=trail.HOUSE, email="doc@demo.invalid", full_name="Người đọc", title="", username="doc"
    )
    accounts.give_first_grant(by=trail.HOUSE, user=reader, role="reader", unit=province, valid_from=SINCE)
    codes = _define(which)
    told: dict[str, float] = {}
    told["loading"] = _ms(lambda: _load(codes))
    told["computing"] = _ms(services.recompute)
    told["facts"], told["totals"] = Fact.objects.count(), Total.objects.count()
    told["size"] = _size()
    told["again"] = _ms(services.recompute)
    commune = places.units_on(date(2025, 4, 1), level="commune", under=province)[70].unit
    monthly = [code for code, rhythm in codes.items() if rhythm == "month"]
    april = period_of(Rhythm.MONTH, date(2025, 4, 1), Calendar.CLOSING)
    months = [period_of(Rhythm.MONTH, date(year, number, 1), Calendar.CLOSING) for year, number in _last_13()]
    draw = random.Random(5)  # noqa: S311  # no secret

    def change(count: int = 1) -> None:
        figures = [
            services.Stated(code, draw.randrange(10**6)) for code in draw.sample(monthly, min(count, len(monthly)))
        ]
        services.state_figures(by=reader, unit=commune, period=april, figures=figures, source="reports.submission:1")

    def page() -> None:
        year = period_of(Rhythm.YEAR, date(2025, 4, 1), Calendar.CLOSING)
        selectors.values_of(reader, province, periods=[months[-1], months[-2], year])
        selectors.values_of(reader, province, periods=months, codes=monthly[:8])
        selectors.values_beneath(reader, province, code=monthly[0], period=months[-1], level="commune")
        selectors.values_beneath(reader, province, code=monthly[0], period=months[-1])

    def both() -> None:
        change()
        page()

    told["changing"], told["reading"] = median_ms(change, times=TIMES), median_ms(page, times=TIMES)
    told["both"] = median_ms(both, times=TIMES)
    told |= _pages(reader, province.key)
    told["form"] = median_ms(lambda: change(50), times=5)
    told["grouping"] = median_ms(lambda: _grouped(province.pk, months), times=3)
    drifted: list[object] = []
    told["proving"] = _ms(lambda: drifted.extend(services.prove()))
    assert not drifted, "the totals have drifted"
    return told


def _pages(reader: Any, key: str) -> dict[str, float]:
    """What each page costs the server, opened by one who has been there before."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    told: dict[str, float] = {}
    for page in PAGES:
        address = reverse(f"reports:{page}", args=[key]) + "?period=2025-04"
        assert client.get(address).status_code == 200
        with CaptureQueriesContext(connection) as queries:
            size = len(client.get(address).content)
        told |= {f"{page} queries": len(queries), f"{page} size": size}
        spent = []
        for _ in range(TIMES):
            started = time.process_time()
            client.get(address)
            spent.append((time.process_time() - started) * 1000)
        told[f"{page} cpu"] = statistics.median(spent)
        told[f"{page} time"] = median_ms(partial(client.get, address), times=TIMES)
    return told


def _last_13() -> list[tuple[int, int]]:
    return [(2024, number) for number in range(4, 13)] + [(2025, number) for number in range(1, 5)]


def _define(which: str) -> dict[str, str]:
    """200 base indicators in force, with the rhythm of the facts of each."""
    from hieuhoc.registers.indicators.models import Definition, Family, Indicator  # noqa: PLC0415  # as above

    rhythms = [rhythm for rhythm, count in (MIX if which == "mix" else (("month", INDICATORS),)) for _ in range(count)]
    family = Family.objects.create(code="BENCH", name="Nhóm đo")
    codes = {f"BENCH.I{number:03d}": rhythm for number, rhythm in enumerate(rhythms)}
    made = Indicator.objects.bulk_create([Indicator(code=code, family=family) for code in codes])
    Definition.objects.bulk_create(
        Definition(
            indicator=indicator,
            version=1,
            state="in_force",
            name=f"Chỉ số {indicator.code}",
            folded=indicator.code.lower(),
            measure="person",
            kind="base",
            over_places="sum",
            over_time=("sum", "last", "mean")[number % 3],
            levels=["commune", "district", "province"],
            calendar="closing",
            rhythms=LONGER[codes[indicator.code]],
            is_key=number % (INDICATORS // KEY) == 0 and number // (INDICATORS // KEY) < KEY,
            valid_from=SINCE,
        )
        for number, indicator in enumerate(made)
    )
    return codes


def _load(codes: dict[str, str]) -> None:
    """Every commune's fact of every indicator and period, written as the door writes them, without totals."""
    from django.db import transaction  # noqa: PLC0415  # as above

    from hieuhoc.foundation.records import clock  # noqa: PLC0415  # as above
    from hieuhoc.kernel.periods import Calendar, Rhythm, period_of  # noqa: PLC0415  # as above
    from hieuhoc.registers.indicators import selectors, services  # noqa: PLC0415  # as above
    from hieuhoc.registers.indicators.models import Fact  # noqa: PLC0415  # as above
    from hieuhoc.registers.indicators.rules.reckoning import turns  # noqa: PLC0415  # as above
    from hieuhoc.registers.indicators.services import rows  # noqa: PLC0415  # as above
    from hieuhoc.registers.places import selectors as places  # noqa: PLC0415  # as above

    years = [period_of(Rhythm.YEAR, date(year, 6, 1), Calendar.CLOSING) for year in YEARS]
    periods = [one for rhythm in Rhythm for year in years for one in turns(rhythm, year)]
    numbers = services.open_periods(periods)
    units = [one.unit_id for one in places.units_on(date(2024, 6, 1), level="commune")]
    indicators = selectors.indicator_numbers(codes)
    draw, now = random.Random(7), clock.now()  # noqa: S311  # no secret

    def facts() -> Iterator[tuple[Any, ...]]:
        for code, rhythm in codes.items():
            for period in periods:
                if period.rhythm == rhythm:
                    for unit in units:
                        value = draw.randrange(10**6)
                        yield unit, indicators[code], "", numbers[period], value, value, "", "x:1", True, now

    columns = ("unit_id", "indicator_id", "by", "period_id", "stated", "value", "reason", "source", "is_approved")
    with transaction.atomic():
        rows.insert(Fact, (*columns, "changed_at"), facts())


def _grouped(province: int, months: list[Any]) -> None:
    """What the page shows, without stored totals: sums by indicator and period over all facts beneath the province."""
    last = months[-1].last.isoformat()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT f.indicator_id, f.period_id, SUM(f.value), COUNT(*)
            FROM indicators_fact f
            JOIN indicators_reportingperiod p ON p.id = f.period_id
            JOIN places_unitversion v ON v.unit_id = f.unit_id AND v.valid_from < p."end"
                 AND (v.valid_to IS NULL OR v.valid_to >= p."end")
            WHERE v.path LIKE %s AND p."end" > %s AND p.first <= %s
            GROUP BY f.indicator_id, f.period_id
            """,
            [f"/{province}/%", months[0].first.isoformat(), last],
        )
        assert cursor.fetchall()


def _size() -> float:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return float(cursor.fetchone()[0]) / 2**20


def _ms(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    django.setup()
    print(json.dumps(_run(sys.argv[1])))
