"""Who received and spent what in a year, as a workbook."""

from __future__ import annotations

from collections.abc import Iterable

from hieuhoc.engines.writer import Column, Sheet, Table, workbook
from hieuhoc.programme.learning.selectors.money import Row

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_COLUMNS = (
    Column("STT", 8.0),
    Column("Trung tâm", 60.0),
    Column("Xã, phường", 36.0),
    Column("Huyện, thành phố", 36.0),
    Column("Được giao (đồng)", 24.0),
    Column("Đã chi (đồng)", 24.0),
    Column("Tính vào định mức (đồng)", 26.0),
    Column("Định mức (đồng)", 24.0),
    Column("Còn thiếu so với định mức (đồng)", 32.0),
)


def money_workbook(rows: Iterable[Row], *, year: int) -> bytes:
    """The centres of the list with their sums of a year; an unknown norm is an empty cell, never a zero."""
    cells = tuple(
        (
            place,
            row.centre.name,
            row.centre.unit.name,
            row.centre.unit.parent.name if row.centre.unit.parent else None,
            row.centre.allocated,
            row.centre.spent,
            row.centre.counted,
            row.norm,
            row.gap,
        )
        for place, row in enumerate(rows, start=1)
    )
    title = f"Kinh phí của trung tâm học tập cộng đồng năm {year}"
    return workbook([Sheet(f"Kinh phí {year}", title, Table(_COLUMNS, cells), landscape=True)])
