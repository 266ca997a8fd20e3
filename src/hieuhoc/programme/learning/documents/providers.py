"""The register of bodies that offer learning as a workbook; what is downloaded can be changed and brought in again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from hieuhoc.engines.writer import Column, Sheet, Table, workbook
from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.programme.learning.models import Provider
from hieuhoc.programme.learning.rules import kinds
from hieuhoc.programme.learning.rules.provider_columns import COLUMNS, FEATURES, write_answer

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTHS = {"name": 60.0, "address": 60.0, "key": 44.0, "unit": 40.0, "unit_name": 36.0, "opening_hours": 40.0}


def providers_workbook(rows: Iterable[Provider], *, directors: Mapping[int, str], on: date) -> bytes:
    """Bodies with the directors of a day (by row number); nobody's make an empty form to fill in."""
    titles = tuple(Column(heading, _WIDTHS.get(name, 24.0)) for name, heading in COLUMNS.items())
    table = Table(titles, tuple(_cells(row, directors.get(row.pk, "")) for row in rows))
    lines = (f"Tính đến ngày {write_date(on)}",)
    return workbook([Sheet("Cơ sở học tập", "Danh mục cơ sở học tập", table, lines=lines, landscape=True)])


def _cells(row: Provider, director: str) -> tuple[str | date | None, ...]:
    told: dict[str, str | date | None] = {
        name: getattr(row, name)
        for name in COLUMNS
        if name not in FEATURES and name not in ("unit", "unit_name", "director")
    }
    told |= {name: write_answer(getattr(row, name)) for name in FEATURES}
    told |= {
        "kind": kinds.PROVIDERS[row.kind],
        "unit": row.unit.key,
        "unit_name": row.unit.name,
        "director": director,
        "latitude": _degrees(row.latitude),
        "longitude": _degrees(row.longitude),
    }
    return tuple(told[name] or None for name in COLUMNS)


def _degrees(value: object) -> str:
    return "" if value is None else str(value).replace(".", ",")
