"""Marks of a phone without signal: how many are lost or doubled when its browser is closed and the server is killed.

A real browser and a real server, on SQLite in a file that is thrown away; 200 random runs of 40 learners, or as many as
HIEUHOC_RUNS says. Under `tools/postgres.py` on PostgreSQL, whose database is emptied first.
"""

import os
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import sync_playwright
from tests.programme.learning import offline_run

from benchmarks.record import Measure

BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
RUNS, LEARNERS = int(os.environ.get("HIEUHOC_RUNS", "200")), 40


def measure() -> list[Measure]:
    """The measures of all runs; a run that loses or doubles anything is told at once."""
    folder = Path(tempfile.mkdtemp(prefix="hh-attendance-"))
    own = os.environ | {
        "DJANGO_SETTINGS_MODULE": "hieuhoc.project.settings",
        "PYTHONPATH": os.pathsep.join(["src", "."]),
        "HIEUHOC_DATA_DIR": str(folder),
        "HIEUHOC_TODAY": "2020-11-16",
        "HIEUHOC_LOG_LEVEL": "ERROR",
    }
    path = next(found for found in map(shutil.which, BROWSERS) if found)
    broken, lasted = 0, []
    try:
        house = offline_run.House(own, Path.cwd(), classes=RUNS, learners=LEARNERS)
        with sync_playwright() as playwright:
            for number, session in enumerate(house.sessions):
                started = time.perf_counter()
                chance = random.Random(number)  # noqa: S311  # for moments, not for secrets
                phone = folder / f"phone-{number}"
                try:
                    offline_run.run(playwright.chromium, path, phone, house, session, chance)
                except (AssertionError, PlaywrightError) as error:
                    broken += 1
                    print(f"run {number}: {error}", file=sys.stderr)
                    if house.is_up:
                        house.stop()
                lasted.append(time.perf_counter() - started)
                shutil.rmtree(phone, ignore_errors=True)
        house.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return [
        Measure("runs that lost or doubled a mark", broken, "runs", 0, taken=RUNS),
        Measure("one run: 40 taps, browser closed, server killed, sent", sum(lasted) / len(lasted), "s", taken=RUNS),
    ]
