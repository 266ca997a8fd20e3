"""Files of rows that people fill in: read sheet by sheet, every cell as text, with the row and the column it stood in.

A formula counts as the value it showed when the file was saved; nothing in a file is ever calculated here.
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import PurePath

import python_calamine
from django.utils.translation import gettext as _

from hieuhoc.foundation.records import attachments
from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.vietnamese import fold, squeeze, write_date

MEGABYTES = 10
MOST_ROWS = 20_000
_LOOKED_AT = 20  # rows in which the headings are looked for
_ENCODINGS = ("utf-8-sig", "utf-16", "cp1258")
_FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
_SIGNED = {"nguoi lap bieu", "thu truong don vi"}


@dataclass(frozen=True)
class Line:
    """One row of a file: where it stands, and its cells by the name of their column."""

    sheet: str
    number: int
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Wrong:
    """A cell, or a row, that cannot be taken in, and why."""

    sheet: str
    row: int
    column: str
    reason: str


def read_lines(*, content: bytes, name: str, headings: Mapping[str, str], needed: Sequence[str]) -> list[Line]:
    """The rows of a workbook (.xlsx) or of a plain file (.csv) beneath their headings.

    `headings` names the columns that are read, each by its heading; `needed` are those without which it is no such
    file. Marks and capitals in headings do not count, and columns may stand in any order.

    Raises: Invalid (field `file`) when it is no such file, is too large, has no such headings, or no rows.
    """
    kind = attachments.check(content=content, name=name, allowed={"xlsx", "txt"}, megabytes=MEGABYTES)
    sheets = _workbook(content, name) if kind == "xlsx" else [(PurePath(name).name, _plain(content))]
    wanted = {fold(str(heading)): column for column, heading in headings.items()}
    found: list[Line] = []
    has_headings = False
    for sheet, rows in sheets:
        place = _heading_row(rows, wanted, needed)
        if place is None:
            continue
        has_headings = True
        columns = {at: wanted[fold(text)] for at, text in enumerate(rows[place]) if fold(text) in wanted}
        found += _lines(sheet, rows, place, columns)
    if not has_headings:
        missing = ", ".join(f"“{headings[column]}”" for column in needed)
        raise Invalid("Không thấy dòng tiêu đề có các cột {columns}. Hãy dùng tệp mẫu.", field="file", columns=missing)
    if not found:
        raise Invalid("Tệp không có dòng nào dưới tiêu đề.", field="file")
    if len(found) > MOST_ROWS:
        raise Invalid("Tệp có hơn {most} dòng. Hãy chia thành nhiều tệp.", field="file", most=MOST_ROWS)
    return found


def _heading_row(rows: Sequence[Sequence[str]], wanted: Mapping[str, str], needed: Sequence[str]) -> int | None:
    for place, row in enumerate(rows[:_LOOKED_AT]):
        named = {wanted[fold(text)] for text in row if fold(text) in wanted}
        if set(needed) <= named:
            return place
    return None


def _lines(sheet: str, rows: Sequence[Sequence[str]], place: int, columns: Mapping[int, str]) -> Iterator[Line]:
    for number, row in enumerate(rows[place + 1 :], start=place + 2):
        filled = {fold(text) for text in row if text}
        if not filled:
            continue
        if filled <= _SIGNED:  # where the form ends, officials sign
            return
        cells = {column: row[at] if at < len(row) else "" for at, column in columns.items()}
        if any(cells.values()):
            yield Line(sheet, number, cells)


def _workbook(content: bytes, name: str) -> list[tuple[str, list[list[str]]]]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [(sheet, [[_text(cell) for cell in row] for row in _rows(book, sheet)]) for sheet in book.sheet_names]
    except (python_calamine.CalamineError, zipfile.BadZipFile, ValueError) as error:
        raise Invalid("Không mở được bảng tính “{name}”. Hãy lưu lại thành .xlsx.", field="file", name=name) from error


def _rows(book: python_calamine.CalamineWorkbook, sheet: str) -> Sequence[Sequence[object]]:
    # Empty rows at the top are kept, so that a row bears the number it has in Excel.
    return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "x" if cell else ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell).replace(".", ",")
    if isinstance(cell, datetime):
        return write_date(cell.date())
    if isinstance(cell, date):
        return write_date(cell)
    if isinstance(cell, time) or cell is None:
        return ""
    return squeeze(str(cell))


def _plain(content: bytes) -> list[list[str]]:
    text = _decoded(content)
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Invalid("Không đọc được tệp .csv. Hãy lưu lại dạng CSV UTF-8.", field="file") from error
    return [[_unquoted(squeeze(cell)) for cell in row] for row in rows]


def _unquoted(text: str) -> str:
    """The apostrophe by which a plain file keeps a text from being taken for a formula does not belong to it."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_FORMULA_MARKS) else text


def _decoded(content: bytes) -> str:
    for encoding in _ENCODINGS:
        if encoding == "utf-16" and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
            continue
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid(_("Không đọc được bảng mã của tệp. Hãy lưu lại dạng CSV UTF-8."), field="file")
