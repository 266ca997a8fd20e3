"""One table as a file: a workbook that can be signed as it is, and rows with commas between.

Nothing that a user wrote may turn into a formula or a link: in a workbook every text is written as text; in a plain
file a text that a spreadsheet would take for a formula gets an apostrophe before it, which our reader takes off again.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import xlsxwriter
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from hieuhoc.kernel.vietnamese import write_date

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
_FONT = {"font_name": "Times New Roman", "font_size": 12}
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_LAST_LINE = 1_048_575
Cell = str | int | date | None


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, its width in characters, and what may stand in it where that is a list."""

    heading: str | Promise
    width: float
    choices: Sequence[str] = ()


def workbook(
    title: str,
    lead: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    *,
    signed: bool = True,
    notes: Sequence[str] = (),
) -> bytes:
    """The table under its title, with a place to sign; `notes` go on a second sheet."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        style = _styles(book)
        sheet = book.add_worksheet(title.capitalize()[:31])
        last = len(columns) - 1
        sheet.merge_range(0, 0, 0, last, title, style["title"])
        sheet.merge_range(1, 0, 1, last, lead, style["lead"])
        for place, column in enumerate(columns):
            sheet.set_column(place, place, column.width)
            sheet.write_string(3, place, str(column.heading), style["head"])
        line = 3
        for line, row in enumerate(rows, start=4):
            for place, value in enumerate(row):
                _write(sheet, line, place, value, style)
        if signed:
            sheet.write_string(line + 2, 1, _("NGƯỜI LẬP BIỂU"), style["sign"])
            sheet.write_string(line + 2, max(last - 2, 2), _("THỦ TRƯỞNG ĐƠN VỊ"), style["sign"])
        _list_choices(book, sheet, columns)
        sheet.freeze_panes(4, 0)
        sheet.repeat_rows(3)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        if notes:
            page = book.add_worksheet(_("Hướng dẫn"))
            page.set_column(0, 0, 110)
            for place, note in enumerate(notes):
                page.write_string(place, 0, note, style["plain"])
    return stream.getvalue()


def lead_of(on: date) -> str:
    """The line under a title that says for which day a table holds."""
    return _("(Tính đến ngày %(day)s)") % {"day": write_date(on)}


def plain_rows(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> bytes:
    """The table with commas between, as every program reads it: UTF-8 with its mark, so that Excel shows the marks."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([str(column.heading) for column in columns])
    for row in rows:
        writer.writerow([_plain(value) for value in row])
    return b"\xef\xbb\xbf" + stream.getvalue().encode()


def _plain(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return write_date(value)
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULA_MARKS) else text


def _styles(book: Any) -> dict[str, Any]:
    text = _FONT | {"border": 1, "valign": "top", "text_wrap": True}
    return {
        "title": book.add_format(_FONT | {"bold": True, "font_size": 14, "align": "center"}),
        "lead": book.add_format(_FONT | {"italic": True, "align": "center"}),
        "head": book.add_format(text | {"bold": True, "align": "center", "valign": "vcenter"}),
        "text": book.add_format(text),
        # The apostrophe of Excel: the text stays one after somebody has edited the cell.
        "quoted": book.add_format(text | {"quote_prefix": True}),
        "number": book.add_format(text | {"num_format": "#,##0"}),
        "day": book.add_format(text | {"num_format": "dd/mm/yyyy"}),
        "sign": book.add_format(_FONT | {"bold": True, "align": "center"}),
        "plain": book.add_format(_FONT | {"text_wrap": True}),
    }


def _write(sheet: Any, line: int, place: int, value: Cell, style: dict[str, Any]) -> None:
    if isinstance(value, date):
        sheet.write_datetime(line, place, value, style["day"])
    elif isinstance(value, int):
        sheet.write_number(line, place, value, style["number"])
    elif value:
        sheet.write_string(line, place, value, style["quoted" if value.startswith(FORMULA_MARKS) else "text"])
    else:
        sheet.write_blank(line, place, None, style["text"])


def _list_choices(book: Any, sheet: Any, columns: Sequence[Column]) -> None:
    """Drop-downs: what may stand in a column is on a sheet of its own, for a list in a cell may not be long."""
    listed = [(place, column) for place, column in enumerate(columns) if column.choices]
    if not listed:
        return
    page = book.add_worksheet(_("Danh sách"))
    page.hide()
    for number, (place, column) in enumerate(listed):
        page.write_column(0, number, list(column.choices))
        letter = xlsxwriter.utility.xl_col_to_name(number)
        source = f"='{page.get_name()}'!${letter}$1:${letter}${len(column.choices)}"
        sheet.data_validation(
            4,
            place,
            min(5003, _LAST_LINE),
            place,
            {
                "validate": "list",
                "source": source,
                "error_title": _("Không có trong danh sách"),
                "error_message": _("Hãy chọn trong danh sách của ô này."),
            },
        )
