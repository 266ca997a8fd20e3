"""What many units reported, beside one another: a sheet per section, a row per unit, totals that are real sums.

Totals and ratios are formulas that add up in LibreOffice as in Excel; beside each stands its value as it was computed,
so that a viewer that does not calculate shows it too. A total of nothing known is empty, not zero.
"""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, Literal

import xlsxwriter

from hieuhoc.engines.writer.forms import Number, column_letters
from hieuhoc.engines.writer.pen import LINE_POINTS, MM_PER_WIDTH, OPTIONS, Pen, print_on_a4
from hieuhoc.engines.writer.texts import capitals, clean
from hieuhoc.engines.writer.widths import lines_in

_HEAD = "#E8EEF4"
_KEY = re.compile(r"\{([^{}]+)\}")
_WIDTHS = (5.0, 32.0, 14.0)
_VALUE_WIDTH = 13.0
FIRST_ROW = 9
"""The first unit's row, the same on every sheet so that a formula finds its parts on another one."""
FIRST_VALUE = 3


@dataclass(frozen=True)
class Measured:
    """A column: `sum` adds up over the units; `ratio` is `formula` at every row and for the total, as Excel has it
    but with the keys of other columns in braces for their cells; `given` is written as it is. `group` stands above it.
    """

    key: str
    title: str
    group: str = ""
    way: Literal["sum", "ratio", "given"] = "sum"
    formula: str = ""
    decimals: int = 0


@dataclass(frozen=True)
class UnitRow:
    """A unit with its values by column; `note` says how its report stands, `remarks` what is said beside a value."""

    name: str
    note: str
    values: Mapping[str, Number | None]
    remarks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """A section: what its sheet is headed with, and its columns."""

    heading: str
    columns: tuple[Measured, ...]


@dataclass(frozen=True)
class Consolidated:
    """The reports of the units of a place in one round."""

    title: str
    parts: tuple[Part, ...]
    rows: tuple[UnitRow, ...]
    totals: Mapping[str, Number | None]
    total_name: str = "Tổng cộng"
    superior: str = ""
    issuer: str = ""
    lines: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())


def consolidated_workbook(book: Consolidated, *, written_at: datetime | None = None) -> bytes:
    """The workbook. Raises: ValueError without a part that has a column."""
    parts = [part for part in book.parts if part.columns]
    if not parts:
        raise ValueError("nothing to put side by side")
    file = io.BytesIO()
    target = xlsxwriter.Workbook(file, OPTIONS)
    writer = _Writer(target, book, parts)
    writer.pen.properties(title=book.title, issuer=book.issuer, written_at=written_at)
    writer.write()
    target.close()
    return file.getvalue()


class _Writer:
    def __init__(self, target: Any, book: Consolidated, parts: list[Part]) -> None:
        self.target, self.book, self.parts = target, book, parts
        self.pen = Pen(target)
        self.names = [f"Phần {number}" for number, _part in enumerate(parts, start=1)]
        self.columns = {
            column.key: (name, FIRST_VALUE + place)
            for name, part in zip(self.names, parts, strict=True)
            for place, column in enumerate(part.columns)
        }
        self.total_row = FIRST_ROW + len(book.rows)

    def write(self) -> None:
        for name, part in zip(self.names, self.parts, strict=True):
            page = self.target.add_worksheet(name)
            self._head(page, part)
            self._titles(page, part)
            for row, unit in enumerate(self.book.rows, start=FIRST_ROW):
                self._unit(page, name, row, unit, part)
            self._totals(page, name, part)
            self._notes(page, part)
            self._print(page, part)

    def _last(self, part: Part) -> int:
        return FIRST_VALUE + max(len(part.columns), 3) - 1

    def _head(self, page: Any, part: Part) -> None:
        last = self._last(part)
        for column, width in enumerate(_WIDTHS):
            page.set_column(column, column, width)
        page.set_column(FIRST_VALUE, last, _VALUE_WIDTH)
        self.pen.letterhead(page, superior=self.book.superior, issuer=self.book.issuer, last=last)
        page.set_row(1, 34)
        self.pen.across(page, 3, 0, last, capitals(self.book.title), bold=True, font_size=14, align="center")
        page.set_row(3, 38)
        for row, text in enumerate([*self.book.lines, ""][:1], start=4):
            self.pen.across(page, row, 0, last, text, italic=True, align="center")
        self.pen.across(page, 5, 0, last, part.heading, bold=True, font_size=13)

    def _titles(self, page: Any, part: Part) -> None:
        style = {"bold": True, "align": "center", "border": 1, "bg_color": _HEAD}
        for column, title in enumerate(("TT", "Đơn vị", "Báo cáo")):
            page.merge_range(6, column, 7, column, "", self.pen.style(**style))
            self.pen.words(page, 6, column, title, **style)
        place = FIRST_VALUE
        for group, members in groupby(part.columns, key=lambda column: column.group):
            count = len(list(members))
            self.pen.across(page, 6, place, place + count - 1, group, **style)
            place += count
        lines = 1
        for place, measured in enumerate(part.columns, start=FIRST_VALUE):
            self.pen.words(page, 7, place, measured.title, **style)
            lines = max(lines, lines_in(clean(measured.title), _VALUE_WIDTH * MM_PER_WIDTH - 2, size=12, bold=True))
        page.set_row(6, 34)
        page.set_row(7, min(lines * LINE_POINTS + 4, 300))
        for place in range(FIRST_VALUE + len(part.columns)):
            self.pen.words(page, 8, place, f"({place + 1})", italic=True, align="center", border=1)

    def _unit(self, page: Any, name: str, row: int, unit: UnitRow, part: Part) -> None:
        page.write_number(row, 0, row - FIRST_ROW + 1, self.pen.style(align="center", border=1))
        self.pen.words(page, row, 1, unit.name, border=1)
        self.pen.words(page, row, 2, unit.note, border=1, align="center")
        for place, measured in enumerate(part.columns, start=FIRST_VALUE):
            value = unit.values.get(measured.key)
            if measured.way == "ratio" and measured.formula:
                self.pen.formula(page, row, place, self._ratio(measured, row), value, decimals=measured.decimals)
            else:
                self.pen.number(page, row, place, value, decimals=measured.decimals)
            if remark := unit.remarks.get(measured.key):
                self.pen.comment(page, row, place, remark)

    def _totals(self, page: Any, name: str, part: Part) -> None:
        row, bold = self.total_row, {"bold": True}
        self.pen.across(page, row, 0, 2, self.book.total_name, border=1, align="center", **bold)
        for place, measured in enumerate(part.columns, start=FIRST_VALUE):
            value, decimals = self.book.totals.get(measured.key), measured.decimals
            if measured.way == "ratio" and measured.formula:
                self.pen.formula(page, row, place, self._ratio(measured, row), value, decimals=decimals, **bold)
            elif measured.way == "sum" and self.book.rows:
                letters = column_letters(place)
                span = f"{letters}{FIRST_ROW + 1}:{letters}{row}"
                said = f'=IF(COUNT({span})=0,"",SUM({span}))'
                self.pen.formula(page, row, place, said, value, decimals=decimals, **bold)
            else:
                self.pen.number(page, row, place, value, decimals=decimals, **bold)

    def _ratio(self, measured: Measured, row: int) -> str:
        """The formula at a row: of the same row's parts, wherever they stand."""

        def cell(key: re.Match[str]) -> str:
            sheet, column = self.columns[key[1]]
            return f"'{sheet}'!{column_letters(column)}{row + 1}"

        return _KEY.sub(cell, measured.formula)

    def _notes(self, page: Any, part: Part) -> None:
        for row, note in enumerate(self.book.notes, start=self.total_row + 2):
            self.pen.across(page, row, 0, self._last(part), note, italic=True, font_size=11)

    def _print(self, page: Any, part: Part) -> None:
        print_on_a4(page, landscape=True)
        page.repeat_rows(6, 8)
        page.freeze_panes(FIRST_ROW, 2)
        page.print_area(0, 0, self.total_row + 2 + len(self.book.notes), self._last(part))
