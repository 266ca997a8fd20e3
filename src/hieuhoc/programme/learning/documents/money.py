"""Who received and spent what in a year, and from which sources, as a workbook."""

from __future__ import annotations

from collections.abc import Sequence

from hieuhoc.engines.writer import Column, Sheet, Table, Total, workbook
from hieuhoc.foundation.ui.wording import in_words
from hieuhoc.programme.learning.rules import kinds, money
from hieuhoc.programme.learning.selectors.money import Row, totals_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_COLUMNS = (
    Column("STT", 8.0, "centre"),
    Column("Trung tâm", 60.0),
    Column("Xã, phường", 36.0),
    Column("Huyện, thành phố", 36.0),
    Column("Khu vực", 20.0),
    Column("Được giao", 24.0, "right"),
    Column("Đã chi", 24.0, "right"),
    Column("Còn lại", 24.0, "right"),
    Column("Tính vào định mức", 24.0, "right"),
    Column("Định mức", 24.0, "right"),
    Column("Còn thiếu so với định mức", 26.0, "right"),
)
_SOURCE_COLUMNS = (
    Column("Khoản", 50.0),
    Column("Nguồn", 40.0),
    Column("Dự toán", 26.0, "right"),
    Column("Được giao", 26.0, "right"),
    Column("Đã chi", 26.0, "right"),
    Column("Còn lại", 26.0, "right"),
)
_UNIT = "Đơn vị tính: đồng"
_NOTES = (
    "Tính vào định mức: ngân sách nhà nước đã giao, không kể phụ cấp người quản lý kiêm nhiệm.",
    "Ô trống ở cột định mức: chưa biết xã thuộc khu vực nào, hoặc khu vực chưa có định mức.",
)


def money_workbook(rows: Sequence[Row], told: money.Balance, *, year: int) -> bytes:
    """The centres of the list with their sums of a year, then all of them by line and source.

    An unknown norm is an empty cell, never a zero.
    """
    return workbook([_centres(rows, year), _sources(told, year)])


def _centres(rows: Sequence[Row], year: int) -> Sheet:
    cells = [
        (
            place,
            row.centre.name,
            row.centre.unit.name,
            row.centre.unit.parent.name if row.centre.unit.parent else None,
            in_words(kinds.AREAS[row.area]) if row.area else None,
            row.centre.allocated,
            row.centre.spent,
            row.centre.allocated - row.centre.spent,
            row.centre.counted,
            row.norm,
            row.gap,
        )
        for place, row in enumerate(rows, start=1)
    ]
    whole = totals_of(rows)
    total = Total((
        None, "Cộng", None, None, None,
        whole.allocated, whole.spent, whole.allocated - whole.spent, whole.counted, whole.norm, whole.gap,
    ))  # fmt: skip
    title = f"Kinh phí của trung tâm học tập cộng đồng năm {year}"
    table = Table(_COLUMNS, (*cells, total), unit=_UNIT)
    lines = (f"{whole.centres} trung tâm; {whole.without} trung tâm chưa được giao kinh phí",)
    return Sheet(f"Kinh phí {year}", title, table, lines=lines, notes=_NOTES, landscape=True)


def _sources(told: money.Balance, year: int) -> Sheet:
    cells = [
        (in_words(kinds.LINES[line]), in_words(kinds.SOURCES[source]), *_sums(sums))
        for (line, source), sums in money.in_order(told)
    ]
    table = Table(_SOURCE_COLUMNS, (*cells, Total(("Cộng", None, *_sums(told.whole)))), unit=_UNIT)
    return Sheet("Theo khoản, nguồn", f"Kinh phí theo khoản và nguồn năm {year}", table, landscape=True)


def _sums(sums: money.Sums) -> tuple[int, int, int, int]:
    return sums.estimate, sums.allocated, sums.spent, sums.left
