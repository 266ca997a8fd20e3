"""Where units lie: a point each, from a file that ships; for maps that keep the neighbourhood, not for measuring."""

import csv
from collections.abc import Iterable
from functools import cache
from pathlib import Path

POINTS = Path(__file__).parents[1] / "data" / "points.csv"


def points_of(keys: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Latitude and longitude of units by their keys; a unit whose place is not known is left out.

    Units: decimal degrees.
    """
    known = _points()
    return {key: known[key] for key in keys if key in known}


@cache
def _points() -> dict[str, tuple[float, float]]:
    with POINTS.open(encoding="utf-8") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {row["unit"]: (float(row["latitude"]), float(row["longitude"])) for row in rows}
