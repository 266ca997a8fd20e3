"""What many units reported, beside one another: a sheet per section, a row per unit, totals that are real sums.

Totals and ratios are formulas that add up in LibreOffice as in Excel; beside each stands its value as it was computed,
so that a viewer that does not calculate shows it too. A total of nothing known is empty, not zero.
"""

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from itertools import groupby
from typing import Any, Literal

import xlsxwriter

from hieuhoc.engines.writer.forms import Number, column_letters
from hieuhoc.engines.writer.texts import COUNTRY, MOTTO, capitals, clean
from hieuhoc.engines.writer.widths import lines_in, superior_line

_FONT = "Times New Roman"
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_VIETNAMESE = "[$-42A]"
_HEAD = "#E8EEF4"
_KEY = re.compile(r"\{([^{}]+)\}")
_LINE_POINTS = 15.5
_MM_PER_WIDTH = 1.95
_WIDTHS = (5.0, 32.0, 14.0)
_VALUE_WIDTH = 13.0
FIRST_ROW = 9
"""The first unit's row, the same on every sheet so that a formula finds its parts on another one."""
FIRST_VALUE = 3


@dataclass(frozen=True)
class Measured:
    """A column: `sum` adds up over the units, `ratio` is `formula` over the keys of other columns, at every row and for
    the total alike; `given` is written as it is. `group` is the heading above it."""

    key: str
    title: str
    group: str = ""
    way: Literal["sum", "ratio", "given"] = "sum"
    formula: str = ""
    decimals: int = 0


@dataclass(frozen=True)
class UnitRow:
    """A unit with its values by column; `note` says how its report stands."""

    name: str
    note: str
    values: Mapping[str, Number | None]


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
    target = xlsxwriter.Workbook(file, _OPTIONS)
    created = written_at.replace(tzinfo=None) if written_at else datetime(1980, 1, 1)
    target.set_properties({"title": clean(book.title), "author": clean(book.issuer), "created": created})
    _Writer(target, book, parts).write()
    target.close()
    return file.getvalue()


class _Writer:
    def __init__(self, target: Any, book: Consolidated, parts: list[Part]) -> None:
        self.target, self.book, self.parts = target, book, parts
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}
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

    def _style(self, **properties: Any) -> Any:
        whole = {"font_name": _FONT, "font_size": 12, "valign": "vcenter", "text_wrap": True, **properties}
        key = tuple(sorted(whole.items()))
        if key not in self.formats:
            self.formats[key] = self.target.add_format(whole)
        return self.formats[key]

    def _words(self, page: Any, row: int, column: int, text: str, **properties: Any) -> None:
        text = clean(text)
        if not text:
            page.write_blank(row, column, None, self._style(**properties))
            return
        if text[0] in "=+-@\t'":
            properties["quote_prefix"] = True
        page.write_string(row, column, text[:32_000], self._style(**properties))

    def _across(self, page: Any, row: int, first: int, last: int, text: str, **properties: Any) -> None:
        if first < last:
            page.merge_range(row, first, row, last, "", self._style(**properties))
        self._words(page, row, first, text, **properties)

    def _last(self, part: Part) -> int:
        return FIRST_VALUE + max(len(part.columns), 3) - 1

    def _head(self, page: Any, part: Part) -> None:
        last = self._last(part)
        for column, width in enumerate(_WIDTHS):
            page.set_column(column, column, width)
        page.set_column(FIRST_VALUE, last, _VALUE_WIDTH)
        centre = {"align": "center"}
        superior = superior_line(self.book.superior, 90, size=12) if self.book.superior.strip() else ""
        self._across(page, 0, 0, 1, superior, **centre)
        self._across(page, 0, 2, last, COUNTRY, bold=True, **centre)
        self._across(page, 1, 0, 1, capitals(self.book.issuer), bold=True, underline=1, **centre)
        self._across(page, 1, 2, last, MOTTO, bold=True, underline=1, **centre)
        page.set_row(1, 34)
        self._across(page, 3, 0, last, capitals(self.book.title), bold=True, font_size=14, **centre)
        page.set_row(3, 38)
        for row, text in enumerate([*self.book.lines, ""][:1], start=4):
            self._across(page, row, 0, last, text, italic=True, **centre)
        self._across(page, 5, 0, last, part.heading, bold=True, font_size=13)

    def _titles(self, page: Any, part: Part) -> None:
        style = {"bold": True, "align": "center", "border": 1, "bg_color": _HEAD}
        for column, title in enumerate(("TT", "Đơn vị", "Báo cáo")):
            page.merge_range(6, column, 7, column, "", self._style(**style))
            self._words(page, 6, column, title, **style)
        place = FIRST_VALUE
        for group, members in groupby(part.columns, key=lambda column: column.group):
            count = len(list(members))
            self._across(page, 6, place, place + count - 1, group, **style)
            place += count
        lines = 1
        for place, measured in enumerate(part.columns, start=FIRST_VALUE):
            self._words(page, 7, place, measured.title, **style)
            lines = max(lines, lines_in(clean(measured.title), _VALUE_WIDTH * _MM_PER_WIDTH - 2, size=12, bold=True))
        page.set_row(6, 34)
        page.set_row(7, min(lines * _LINE_POINTS + 4, 300))
        for place in range(FIRST_VALUE + len(part.columns)):
            self._words(page, 8, place, f"({place + 1})", italic=True, align="center", border=1)

    def _unit(self, page: Any, name: str, row: int, unit: UnitRow, part: Part) -> None:
        page.write_number(row, 0, row - FIRST_ROW + 1, self._style(align="center", border=1))
        self._words(page, row, 1, unit.name, border=1)
        self._words(page, row, 2, unit.note, border=1, align="center")
        for place, measured in enumerate(part.columns, start=FIRST_VALUE):
            value = unit.values.get(measured.key)
            if measured.way == "ratio" and measured.formula:
                self._formula(page, row, place, self._ratio(measured, row), value, measured)
            else:
                self._number(page, row, place, value, measured)

    def _totals(self, page: Any, name: str, part: Part) -> None:
        row, bold = self.total_row, {"bold": True}
        self._across(page, row, 0, 2, self.book.total_name, border=1, align="center", **bold)
        for place, measured in enumerate(part.columns, start=FIRST_VALUE):
            value = self.book.totals.get(measured.key)
            if measured.way == "ratio" and measured.formula:
                self._formula(page, row, place, self._ratio(measured, row), value, measured, **bold)
            elif measured.way == "sum" and self.book.rows:
                letters = column_letters(place)
                span = f"{letters}{FIRST_ROW + 1}:{letters}{row}"
                said = f'=IF(COUNT({span})=0,"",SUM({span}))'
                self._formula(page, row, place, said, value, measured, **bold)
            else:
                self._number(page, row, place, value, measured, **bold)

    def _ratio(self, measured: Measured, row: int) -> str:
        """The formula at a row: of the same row's parts, wherever they stand."""
        names = list(dict.fromkeys(_KEY.findall(measured.formula)))
        places = {}
        for key in names:
            sheet, column = self.columns[key]
            places[key] = f"'{sheet}'!{column_letters(column)}{row + 1}"
        said = _KEY.sub(lambda key: places[key[1]], measured.formula)
        counted = "+".join(f"COUNT({places[key]})" for key in names)
        return f'=IF({counted}={len(names)},IFERROR({said},""),"")'

    def _pattern(self, measured: Measured, **more: Any) -> Any:
        decimals = measured.decimals
        pattern = _VIETNAMESE + "#,##0" + ("." + "0" * decimals if decimals else "")
        return self._style(border=1, align="right", num_format=pattern, **more)

    def _formula(
        self, page: Any, row: int, place: int, said: str, value: Number | None, measured: Measured, **more: Any
    ) -> None:
        page.write_formula(row, place, said, self._pattern(measured, **more), "" if value is None else _plain(value))

    def _number(self, page: Any, row: int, place: int, value: Number | None, measured: Measured, **more: Any) -> None:
        if value is None:
            page.write_blank(row, place, None, self._pattern(measured, **more))
        else:
            page.write_number(row, place, _plain(value), self._pattern(measured, **more))

    def _notes(self, page: Any, part: Part) -> None:
        for row, note in enumerate(self.book.notes, start=self.total_row + 2):
            self._across(page, row, 0, self._last(part), note, italic=True, font_size=11)

    def _print(self, page: Any, part: Part) -> None:
        page.set_paper(9)
        page.set_landscape()
        page.set_margins(20 / 25.4, 15 / 25.4, 20 / 25.4, 20 / 25.4)
        page.fit_to_pages(1, 0)
        page.repeat_rows(6, 8)
        page.freeze_panes(FIRST_ROW, 2)
        page.print_area(0, 0, self.total_row + 2 + len(self.book.notes), self._last(part))
        page.set_footer(f'&R&"{_FONT},Regular"&10&P/&N')
        page.hide_gridlines(2)


def _plain(value: Number) -> int | float:
    return int(value) if Fraction(value).denominator == 1 else float(value)
