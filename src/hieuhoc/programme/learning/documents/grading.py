"""The grades of centres in a year, as a workbook."""

from __future__ import annotations

from collections.abc import Iterable

from hieuhoc.engines.writer import Column, Sheet, Table, workbook
from hieuhoc.programme.learning.selectors.grading import Row

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_COLUMNS = (
    Column("STT", 8.0),
    Column("Trung tâm", 60.0),
    Column("Xã, phường", 36.0),
    Column("Huyện, thành phố", 36.0),
    Column("Tình trạng", 24.0),
    Column("Tổng điểm", 16.0),
    Column("Xếp loại", 20.0),
    Column("Xếp loại năm trước", 24.0),
    Column("Bộ tiêu chí", 60.0),
    Column("Bộ tiêu chí còn là dự thảo", 30.0),
)


def grading_workbook(rows: Iterable[Row], *, year: int) -> bytes:
    """The centres of the list with their grades; what was not graded is an empty cell, never a zero."""
    cells = tuple(
        (
            place,
            row.centre.name,
            row.centre.unit.name,
            row.centre.unit.parent.name if row.centre.unit.parent else None,
            row.assessment.get_state_display() if row.assessment else "Chưa tự chấm",
            row.assessment.total if row.assessment else None,
            row.grade or None,
            row.grade_before or None,
            str(row.assessment.grading) if row.assessment else None,
            "x" if row.assessment and row.assessment.grading.state == "draft" else None,
        )
        for place, row in enumerate(rows, start=1)
    )
    title = f"Xếp loại trung tâm học tập cộng đồng năm {year}"
    return workbook([Sheet(f"Xếp loại {year}", title, Table(_COLUMNS, cells), landscape=True)])
