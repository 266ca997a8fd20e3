"""Workbooks of rows: every cell as text, with the sheet and the row it stood in, and what is wrong with which.

A formula counts as the value it showed when the file was saved; nothing in a file is calculated here.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TypeVar

import python_calamine
from django.core.exceptions import ValidationError
from django.db import transaction

from hieuhoc.foundation.records import attachments, trail
from hieuhoc.foundation.ui.forms import DateField
from hieuhoc.foundation.ui.wording import in_words, say
from hieuhoc.kernel.errors import Conflict, HouseError, Invalid, Missing, Refused
from hieuhoc.kernel.terms import Term
from hieuhoc.kernel.vietnamese import fold, squeeze, write_date

Value = TypeVar("Value")
MEGABYTES = 10
MOST_ROWS = 5_000
_LOOKED_AT = 20  # rows in which the headings are looked for
_WHOLE_ROW = Term("cả dòng")


@dataclass(frozen=True)
class Line:
    """One row of a workbook: its sheet, the number it has there, and its cells by the name of their column."""

    sheet: str
    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Wrong:
    """A cell that cannot be taken in, where it stands, and why."""

    sheet: str
    row: int
    column: str
    reason: str


class Faults(Exception):  # it is what is wrong with the cells of one row, not an error of the house
    """What is wrong with several cells of one row."""

    def __init__(self, problems: Sequence[Invalid]) -> None:
        self.problems = tuple(problems)
        super().__init__(len(self.problems))


class Reading:
    """The cells of one row as they are read: what is wrong with each is kept, so that all of it is told at once."""

    def __init__(self) -> None:
        self._problems: list[Invalid] = []

    def read(self, reader: Callable[[], Value]) -> Value | None:
        """What a reader makes of its cell; None when the cell is wrong."""
        try:
            return reader()
        except Invalid as problem:
            self._problems.append(problem)
            return None

    def check(self) -> None:
        """Raises: Faults when a cell was wrong."""
        if self._problems:
            raise Faults(self._problems)


@dataclass
class Taken:
    """What a workbook brought: rows that were new or other than before, rows that were the same, and what is wrong."""

    written: int = 0
    same: int = 0
    wrongs: list[Wrong] = field(default_factory=list)


def read_rows(
    *, content: bytes, name: str, headings: Mapping[str, str], needed: Sequence[str], most: int = MOST_ROWS
) -> list[Line]:
    """The rows of every sheet that has the headings `needed`, beneath them.

    `headings` names the columns that are read, each by its heading; marks, capitals and order do not count.

    Raises: Invalid (field `file`) when it is no workbook, too large, has no such headings, or no rows.
    """
    attachments.check(content=content, name=name, allowed={"xlsx"}, megabytes=MEGABYTES)
    wanted = {fold(heading): column for column, heading in headings.items()}
    found: list[Line] = []
    has_headings = False
    for sheet, rows in _sheets(content, name):
        place = _heading_row(rows, wanted, needed)
        if place is not None:
            has_headings = True
            found += _beneath(sheet, rows, place, wanted)
    if not has_headings:
        missing = ", ".join(f"“{headings[column]}”" for column in needed)
        sentence = "Không thấy dòng tiêu đề có các cột {columns}. Hãy dùng tệp tải về."
        raise Invalid(sentence, field="file", columns=missing)
    if not found:
        raise Invalid("Tệp không có dòng nào dưới tiêu đề.", field="file")
    if len(found) > most:
        raise Invalid("Tệp có hơn {most} dòng. Hãy chia thành nhiều tệp.", field="file", most=most)
    return found


def _sheets(content: bytes, name: str) -> Iterator[tuple[str, list[list[str]]]]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        for sheet in book.sheet_names:
            # Empty rows at the top are kept, so that a row bears the number it has in Excel.
            cells = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            yield sheet, [[_text(cell) for cell in row] for row in cells]
    except (python_calamine.CalamineError, zipfile.BadZipFile, ValueError) as error:
        raise Invalid("Không mở được bảng tính “{name}”. Hãy lưu lại thành .xlsx.", field="file", name=name) from error


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "x" if cell else ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else f"{cell:.9f}".rstrip("0").replace(".", ",")
    if isinstance(cell, datetime):
        return write_date(cell.date())
    if isinstance(cell, date):
        return write_date(cell)
    # PostgreSQL keeps no text with this sign.
    return "" if isinstance(cell, time) or cell is None else squeeze(str(cell).replace("\0", ""))


def _heading_row(rows: Sequence[Sequence[str]], wanted: Mapping[str, str], needed: Sequence[str]) -> int | None:
    for place, row in enumerate(rows[:_LOOKED_AT]):
        if set(needed) <= {wanted[fold(text)] for text in row if fold(text) in wanted}:
            return place
    return None


def _beneath(sheet: str, rows: Sequence[Sequence[str]], place: int, wanted: Mapping[str, str]) -> Iterator[Line]:
    columns = {at: wanted[fold(text)] for at, text in enumerate(rows[place]) if fold(text) in wanted}
    for number, row in enumerate(rows[place + 1 :], start=place + 2):
        cells = {column: row[at] if at < len(row) else "" for at, column in columns.items()}
        if any(cells.values()):
            yield Line(sheet, number, cells)


# ---- what a cell says --------------------------------------------------------------------------------


def read_day(text: str, column: str) -> date | None:
    """The day in a cell; None in an empty one. Raises: Invalid with the column."""
    if not text:
        return None
    try:
        day = DateField().clean(text)
    except ValidationError as problem:
        raise Invalid("Ngày chưa đúng. Hãy viết như 05/09/2026.", field=column) from problem
    return day if isinstance(day, date) else None


# ---- all or nothing, or what is right ----------------------------------------------------------------


def take_in(
    lines: Sequence[Line],
    write: Callable[[Line], bool],
    *,
    headings: Mapping[str, str],
    only_right: bool,
) -> Taken:
    """Write every row; `write` says whether it brought anything new, and raises what the cell is told to be wrong with.

    With one wrong cell nothing is written, unless whoever sends it has accepted that only what is right is taken.
    """
    done = Taken()
    # The inner one is what is rolled back; the history is written with the outer one.
    with transaction.atomic(), trail.gathered() as history, transaction.atomic():
        for line in lines:
            told = len(history)
            try:
                with transaction.atomic():
                    is_new = write(line)
            except Faults as faults:
                del history[told:]
                done.wrongs += [_wrong(line, problem, headings) for problem in faults.problems]
            except (Invalid, Missing, Refused, Conflict) as problem:
                del history[told:]
                done.wrongs.append(_wrong(line, problem, headings))
            else:
                done.written += is_new
                done.same += not is_new
        if done.wrongs and not only_right:
            transaction.set_rollback(True)
            history.clear()
            done.written = done.same = 0
    return done


def _wrong(line: Line, problem: HouseError, headings: Mapping[str, str]) -> Wrong:
    named = headings.get(problem.field, "") if isinstance(problem, Invalid) else ""
    return Wrong(line.sheet, line.number, named or in_words(_WHOLE_ROW), say(problem))
