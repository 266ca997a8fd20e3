"""Writing a form as a workbook to be filled in: structure locked, entries open and checked, sums alive.

Text is always written as text, whatever it begins with.
"""

import io
import re
from datetime import datetime
from typing import Any

import xlsxwriter

from hieuhoc.engines.writer import forms
from hieuhoc.engines.writer.forms import Box, Choice, Entry, Form, Grid, Section
from hieuhoc.engines.writer.pen import LINE_POINTS, MM_PER_WIDTH, OPTIONS, Pen, print_on_a4
from hieuhoc.engines.writer.texts import capitals, clean
from hieuhoc.engines.writer.widths import lines_in

_WIDTHS = (5.0, 42.0, 12.0)
_VALUE_WIDTH, _REASON_WIDTH = 13.0, 28.0
_LARGEST = 999_999_999_999_999  # Excel counts fifteen digits exactly
_INPUT = "#FFF8DC"
_HEAD = "#E8EEF4"
_SOFT = "#666666"
_KEY = re.compile(r"\{([^{}]+)\}")


class _LockedWorkbook(xlsxwriter.Workbook):  # type: ignore[misc]  # the library has no types
    """A workbook whose sheets can be neither removed nor renamed, which the library cannot ask for."""

    def _write_book_views(self) -> None:
        self._xml_empty_tag("workbookProtection", [("lockStructure", 1)])
        super()._write_book_views()


def form_workbook(form: Form, *, written_at: datetime | None = None) -> bytes:
    """The form as an Excel file, the values that it has filled in. Raises: ValueError without a section."""
    if not form.sections:
        raise ValueError("a form has at least one section")
    file = io.BytesIO()
    book = _LockedWorkbook(file, OPTIONS)
    writer = _Writer(book, form)
    writer.pen.properties(title=form.title, issuer=form.issuer, written_at=written_at)
    writer.write()
    book.close()
    return file.getvalue()


class _Writer:
    """The workbook being written. `lists` is the next free column of the hidden sheet."""

    def __init__(self, book: Any, form: Form) -> None:
        self.book, self.form = book, form
        self.pen = Pen(book)
        self.names = forms.sheet_names(form)
        self.found = {
            entry.key: f"'{sheet}'!${forms.column_letters(column)}${row + 1}"
            for sheet, row, column, entry in forms.entries(form)
        }
        self.lists = 3

    def write(self) -> None:
        pages = [self.book.add_worksheet(name) for name in self.names]
        self.hidden = self.book.add_worksheet(forms.STAMP_SHEET)
        self._stamp()
        for page, name, section in zip(pages, self.names, self.form.sections, strict=True):
            self._section(page, name, section)
        self.hidden.very_hidden()
        self.hidden.protect()
        pages[0].activate()

    def _stamp(self) -> None:
        stamp = self.form.stamp
        kept = {
            "form": stamp.form,
            "version": stamp.version,
            "unit": stamp.unit,
            "period": stamp.period,
            "unit_name": clean(stamp.unit_name),
            "period_name": clean(stamp.period_name),
            "shape": forms.shape(forms.places(self.form)),
        }
        for row, (name, value) in enumerate(kept.items()):
            self.hidden.write_string(row, 0, name)
            self.hidden.write_string(row, 1, value)
            self.book.define_name(f"hh_{name}", f"='{forms.STAMP_SHEET}'!$B${row + 1}")

    def _section(self, page: Any, name: str, section: Section) -> None:
        self.last = forms.last_column(section)
        self._columns(page, section)
        self._head(page, section)
        titles = forms.HEAD_ROWS
        for row, block in forms.block_starts(section):
            if isinstance(block, Grid):
                self._grid(page, row, block)
                titles = row + 2 if row == forms.HEAD_ROWS else titles
            elif isinstance(block, Box):
                self._box(page, row, block)
            else:
                self._choice(page, row, block)
            end = row + forms.block_rows(block)
        end = end if section.blocks else forms.HEAD_ROWS
        if name == self.names[0]:
            for note in self.form.notes:
                self.pen.across(page, end, 0, self.last, note, italic=True, font_size=11)
                page.set_row(end, self._height(note, self.last))
                end += 1
        page.freeze_panes(titles, 2)
        page.protect("", {"format_columns": True, "format_rows": True})
        print_on_a4(page, landscape=self.last > forms.FIRST_VALUE + 3)
        page.print_area(0, 0, end, self.last)

    def _columns(self, page: Any, section: Section) -> None:
        for column, width in enumerate(_WIDTHS):
            page.set_column(column, column, width)
        page.set_column(forms.FIRST_VALUE, self.last, _VALUE_WIDTH)
        grids = [block for block in section.blocks if isinstance(block, Grid)]
        if any(line.reason_key for grid in grids for line in grid.lines):
            page.set_column(self.last, self.last, _REASON_WIDTH)

    def _height(self, text: str, last: int, first: int = 0, size: float = 12) -> float:
        widths = [*_WIDTHS, *[_VALUE_WIDTH] * 60][first : last + 1]
        lines = lines_in(clean(text), sum(widths) * MM_PER_WIDTH - 3, size=size)
        return min(lines * LINE_POINTS + 4, 400.0)

    def _head(self, page: Any, section: Section) -> None:
        self.pen.letterhead(page, superior=self.form.superior, issuer=self.form.issuer, last=self.last)
        page.set_row(1, max(20.0, self._height(self.form.issuer, 1)))
        self.pen.across(page, 3, 0, self.last, capitals(self.form.title), bold=True, font_size=14, align="center")
        page.set_row(3, self._height(self.form.title, self.last, size=15))
        for row, text in enumerate([*self.form.lines, "", ""][:2], start=4):
            self.pen.across(page, row, 0, self.last, text, italic=True, align="center")
        self.pen.across(page, 7, 0, self.last, section.heading, bold=True, font_size=13)

    def _grid(self, page: Any, first: int, grid: Grid) -> None:
        self.pen.across(page, first, 0, self.last, grid.label, bold=True)
        head = {"bold": True, "align": "center", "border": 1, "bg_color": _HEAD}
        titles = ["TT", "Nội dung", "Đơn vị tính", *grid.columns]
        if forms.shows_previous(grid):
            single = len(grid.columns) == 1
            titles += ["Kỳ trước" if single else f"Kỳ trước: {column}" for column in grid.columns]
        for column, title in enumerate(titles):
            self.pen.words(page, first + 1, column, title, **head)
        has_reasons = any(line.reason_key for line in grid.lines)
        if has_reasons:
            self.pen.words(page, first + 1, self.last, "Lý do, nếu khác số đếm được", **head)
        widths = [*_WIDTHS, *[_VALUE_WIDTH] * len(titles)]
        lines = max(
            lines_in(clean(title), width * MM_PER_WIDTH - 2, size=12, bold=True)
            for title, width in zip(titles, widths, strict=False)
        )
        page.set_row(first + 1, lines * LINE_POINTS + 4)
        for number, line in enumerate(grid.lines, start=1):
            row = first + 1 + number
            page.set_row(row, self._height(line.label, 1, first=1))
            page.write_number(row, 0, number, self.pen.style(align="center", border=1))
            self.pen.words(page, row, 1, line.label, border=1)
            self.pen.words(page, row, 2, line.measure, border=1, align="center")
            for place, entry in enumerate(line.entries):
                self._entry(page, row, forms.FIRST_VALUE + place, entry)
                if forms.shows_previous(grid):
                    self.pen.number(
                        page,
                        row,
                        forms.FIRST_VALUE + len(grid.columns) + place,
                        entry.previous,
                        decimals=entry.decimals,
                        italic=True,
                        font_color=_SOFT,
                    )
            if line.reason_key:
                self.pen.words(page, row, self.last, line.reason, border=1, locked=False, bg_color=_INPUT)
            elif has_reasons:
                self.pen.words(page, row, self.last, "", border=1)

    def _entry(self, page: Any, row: int, column: int, entry: Entry) -> None:
        if entry.note:
            self.pen.comment(page, row, column, entry.note)
        if entry.way == "typed":
            self.pen.number(page, row, column, entry.value, decimals=0, locked=False, bg_color=_INPUT)
            page.data_validation(row, column, row, column, _whole(entry))
        elif entry.way == "computed" and entry.formula:
            said = _KEY.sub(lambda name: self.found[name[1]], entry.formula)
            self.pen.formula(page, row, column, said, entry.value, decimals=entry.decimals)
        else:
            self.pen.number(page, row, column, entry.value, decimals=entry.decimals)

    def _box(self, page: Any, first: int, box: Box) -> None:
        self.pen.across(page, first, 0, self.last, box.label, bold=True)
        row = first + 1
        if box.guidance:
            self.pen.across(page, row, 0, self.last, box.guidance, italic=True, font_color=_SOFT)
            page.set_row(row, self._height(box.guidance, self.last))
            row += 1
        style = {"border": 1, "locked": False, "bg_color": _INPUT, "valign": "top"}
        self.pen.across(page, row, 0, self.last, box.text, **style)
        page.set_row(row, max(90.0, self._height(box.text, self.last)))
        page.data_validation(
            row,
            0,
            row,
            0,
            {
                "validate": "length",
                "criteria": "<=",
                "value": min(box.most, 32_000),
                "error_title": "Quá dài",
                "error_message": f"Phần này dài nhất {min(box.most, 32_000)} ký tự.",
            },
        )

    def _choice(self, page: Any, row: int, choice: Choice) -> None:
        self.pen.across(page, row, 0, forms.FIRST_VALUE - 1, choice.label, bold=True)
        words = dict(choice.options).get(choice.value, "")
        style = {"border": 1, "locked": False, "bg_color": _INPUT}
        self.pen.across(page, row, forms.FIRST_VALUE, self.last, words, **style)
        for place, (_value, label) in enumerate(choice.options):
            self.hidden.write_string(place, self.lists, clean(label))
        if choice.options:
            letters = forms.column_letters(self.lists)
            source = f"='{forms.STAMP_SHEET}'!${letters}$1:${letters}${len(choice.options)}"
            page.data_validation(
                row,
                forms.FIRST_VALUE,
                row,
                forms.FIRST_VALUE,
                {
                    "validate": "list",
                    "source": source,
                    "error_title": "Ngoài danh mục",
                    "error_message": "Hãy chọn một giá trị trong danh sách.",
                },
            )
        self.lists += 1


def _whole(entry: Entry) -> dict[str, Any]:
    least = 0 if entry.least is None else entry.least
    most = _LARGEST if entry.most is None else entry.most
    bounds = f"từ {least} đến {most}" if entry.most is not None else f"từ {least} trở lên"
    rule: dict[str, Any] = {
        "validate": "integer",
        "criteria": "between",
        "minimum": least,
        "maximum": most,
        "error_title": "Số chưa đúng",
        "error_message": f"Hãy nhập số nguyên {bounds}. Chưa có số liệu thì để trống, đừng nhập 0.",
    }
    if entry.previous is not None:
        rule["input_title"], rule["input_message"] = "Kỳ trước", f"{entry.previous}"
    return rule
