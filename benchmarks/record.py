"""One measurement, and the file that keeps a question's measurements."""

import json
import os
import platform
import sqlite3
import statistics
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).with_name("results")


@dataclass(frozen=True)
class Measure:
    """What was measured, the number with its unit, what it should not exceed, and how often it was taken."""

    what: str
    value: float
    unit: str
    limit: float | None = None
    taken: int = 1

    @property
    def holds(self) -> bool:
        return self.limit is None or self.value <= self.limit

    def __str__(self) -> str:
        bound = "" if self.limit is None else f"  (at most {self.limit:g} {self.unit})"
        return f"{'  ' if self.holds else '! '}{self.what:<58} {self.value:>10.1f} {self.unit}{bound}"


def median_ms(do: Callable[[], object], *, times: int) -> float:
    """Units: milliseconds; the median of so many runs, after one that is not counted."""
    return statistics.median(runs_ms(do, times=times))


def runs_ms(do: Callable[[], object], *, times: int) -> list[float]:
    """Units: milliseconds; each of so many runs, after one that is not counted."""
    do()
    runs = []
    for _ in range(times):
        started = time.perf_counter()
        do()
        runs.append((time.perf_counter() - started) * 1000)
    return runs


def keep(question: str, measures: Sequence[Measure]) -> None:
    """Write a question's measurements down, with what they were taken on."""
    RESULTS.mkdir(exist_ok=True)
    found = {
        "question": question,
        "machine": {
            "processors": os.cpu_count(),
            "architecture": platform.machine(),
            "python": platform.python_version(),
            "database": "PostgreSQL" if _on_postgresql() else f"SQLite {sqlite3.sqlite_version}",
        },
        "version": _version(),
        "measures": [asdict(measure) | {"value": round(measure.value, 2)} for measure in measures],
    }
    text = json.dumps(found, indent=2, ensure_ascii=False) + "\n"
    ending = "-postgresql" if _on_postgresql() else ""
    (RESULTS / f"{question}{ending}.json").write_text(text, encoding="utf-8")


def _on_postgresql() -> bool:
    return os.environ.get("HIEUHOC_DATABASE_URL", "").startswith("postgres")


def _version() -> str:
    """The commit that was measured."""
    done = subprocess.run(["git", "describe", "--always"], capture_output=True, text=True, check=False)
    return done.stdout.strip()
