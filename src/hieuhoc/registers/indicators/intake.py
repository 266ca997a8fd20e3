"""Files of rows that people fill in, definitions and targets: every cell as text, with the row it stood in.

A formula of a workbook counts as the value it showed when the file was saved; nothing in a file is calculated here.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING

import python_calamine
from django.core.exceptions import ValidationError
from django.db import transaction

from hieuhoc.foundation.records import attachments, clock
from hieuhoc.foundation.ui.forms import DateField
from hieuhoc.foundation.ui.wording import say
from hieuhoc.kernel.errors import Invalid, Missing
from hieuhoc.kernel.vietnamese import fold, squeeze, write_date
from hieuhoc.registers.indicators import rules, selectors, services
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.indicators.models import Definition

MEGABYTES = 10
MOST_ROWS = 5_000
_LOOKED_AT = 20  # rows in which the headings are looked for
_MARKS = ("=", "+", "-", "@")


@dataclass(frozen=True)
class Line:
    """One row of a file: the number it has there, and its cells by the name of their column."""

    number: int
    cells: Mapping[str, str]


def read_rows(*, content: bytes, name: str, headings: Mapping[str, str], needed: Sequence[str]) -> list[Line]:
    """The rows of the first sheet (.xlsx) or plain file (.csv) that has the headings `needed`, beneath them.

    `headings` names the columns that are read, each by its heading; marks, capitals and order do not count.

    Raises: Invalid (field `file`) when it is no such file, too large, has no such headings, or no rows.
    """
    kind = attachments.check(content=content, name=name, allowed={"xlsx", "txt"}, megabytes=MEGABYTES)
    wanted = {fold(heading): column for column, heading in headings.items()}
    for rows in _sheets(content, name) if kind == "xlsx" else [_plain(content)]:
        place = _heading_row(rows, wanted, needed)
        if place is None:
            continue
        found = list(_beneath(rows, place, wanted))
        if not found:
            raise Invalid("Tệp không có dòng nào dưới tiêu đề.", field="file")
        if len(found) > MOST_ROWS:
            raise Invalid("Tệp có hơn {most} dòng. Hãy chia thành nhiều tệp.", field="file", most=MOST_ROWS)
        return found
    missing = ", ".join(f"“{headings[column]}”" for column in needed)
    raise Invalid("Không thấy dòng tiêu đề có các cột {columns}. Hãy dùng tệp tải về.", field="file", columns=missing)


def _heading_row(rows: Sequence[Sequence[str]], wanted: Mapping[str, str], needed: Sequence[str]) -> int | None:
    for place, row in enumerate(rows[:_LOOKED_AT]):
        if set(needed) <= {wanted[fold(text)] for text in row if fold(text) in wanted}:
            return place
    return None


def _beneath(rows: Sequence[Sequence[str]], place: int, wanted: Mapping[str, str]) -> Iterator[Line]:
    columns = {at: wanted[fold(text)] for at, text in enumerate(rows[place]) if fold(text) in wanted}
    for number, row in enumerate(rows[place + 1 :], start=place + 2):
        cells = {column: row[at] if at < len(row) else "" for at, column in columns.items()}
        if any(cells.values()):
            yield Line(number, cells)


def _sheets(content: bytes, name: str) -> Iterator[list[list[str]]]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        for sheet in book.sheet_names:
            # Empty rows at the top are kept, so that a row bears the number it has in Excel.
            cells = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            yield [[_text(cell) for cell in row] for row in cells]
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
    return "" if isinstance(cell, time) or cell is None else squeeze(str(cell))


def _plain(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid("Không đọc được bảng mã của tệp. Hãy lưu lại dạng CSV UTF-8.", field="file") from error
    first = next((line for line in text.splitlines() if line.strip()), "")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count)))
    except csv.Error as error:
        raise Invalid("Không đọc được tệp .csv. Hãy lưu lại dạng CSV UTF-8.", field="file") from error
    return [[_bare(squeeze(cell)) for cell in row] for row in rows]


def _bare(text: str) -> str:
    """The apostrophe that keeps a text from being taken for a formula does not belong to it."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_MARKS) else text


# ---- what is done with the rows --------------------------------------------------------------------


@dataclass(frozen=True)
class Wrong:
    """A cell, or a row where no column is named, that cannot be taken in, and why."""

    row: int
    column: str
    reason: str


@dataclass
class Taken:
    """What a file brought: how many rows were new or other than before, how many the same; with a wrong one nothing."""

    written: int = 0
    same: int = 0
    wrongs: list[Wrong] = field(default_factory=list)


def take_in_definitions(*, by: User, content: bytes, name: str) -> Taken:
    """Make drafts of the definitions in a file; those that are as they stand are passed over.

    With one wrong cell nothing is written. Raises: Refused; Invalid (field `file`) for what is no such file.
    """
    lines = read_rows(content=content, name=name, headings=rules.DEFINITION_COLUMNS, needed=("code", "name"))
    families = {one.code: one for one in selectors.families()}

    def write(line: Line) -> bool:
        told = _definition(line.cells)
        versions = _versions(told.code)
        if versions is None:
            family = families.get(line.cells.get("family", "").upper())
            if family is None:
                raise Invalid("Không có nhóm này.", field="family")
            services.define_indicator(by=by, family=family, told=told)
            return True
        shown = selectors.shown_version(versions, clock.today())
        if replace(told, valid_to=shown.valid_to) == selectors.meaning_of(shown):
            return False
        services.revise_indicator(by=by, indicator=shown.indicator, told=told)
        return True

    # What others may lean on comes first.
    lines.sort(key=lambda line: bool(line.cells.get("formula")))
    return _taken(lines, write, rules.DEFINITION_COLUMNS)


def take_in_targets(*, by: User, content: bytes, name: str) -> Taken:
    """Set the targets in a file. With one wrong cell nothing is written.

    Raises: Invalid (field `file`) for what is no such file.
    """
    needed = ("unit", "code", "year", "value")
    lines = read_rows(content=content, name=name, headings=rules.TARGET_COLUMNS, needed=needed)
    known: dict[str, rules.Definition] = {}

    def write(line: Line) -> bool:
        before = clock.now()
        return services.set_target(by=by, aim=_aim(line.cells, known)).set_at >= before

    return _taken(lines, write, rules.TARGET_COLUMNS)


def _taken(lines: Sequence[Line], write: Callable[[Line], bool], headings: Mapping[str, str]) -> Taken:
    done = Taken()
    with transaction.atomic():
        for line in lines:
            try:
                with transaction.atomic():
                    is_new = write(line)
            except (Invalid, Missing) as problem:
                column = headings.get(problem.field, "") if isinstance(problem, Invalid) else ""
                done.wrongs.append(Wrong(line.number, column, say(problem)))
            else:
                done.written += is_new
                done.same += not is_new
        if done.wrongs:
            transaction.set_rollback(True)
            done.written = done.same = 0
    done.wrongs.sort(key=lambda wrong: wrong.row)
    return done


def _versions(code: str) -> list[Definition] | None:
    try:
        return selectors.versions_of(selectors.indicator_by_code(code))
    except Missing:
        return None


def _definition(cells: Mapping[str, str]) -> rules.Definition:
    given: dict[str, object] = {name: cells.get(name, "") for name in rules.DEFINITION_COLUMNS if name != "family"}
    for name in ("breakdowns", "levels", "rhythms"):
        given[name] = tuple(piece.strip() for piece in cells.get(name, "").split(",") if piece.strip())
    is_base = cells.get("kind") == "base"
    given |= {
        "code": cells.get("code", "").upper(),
        "over_places": cells.get("over_places", "") if is_base else "none",
        "over_time": cells.get("over_time", "") if is_base else "none",
        "reported_at": cells.get("reported_at", "") or "commune",
        "direction": cells.get("direction", "") or "none",
        "decimals": _whole(cells.get("decimals", "") or "0", "decimals"),
        "is_key": bool(cells.get("is_key")),
        "valid_from": _day(cells.get("valid_from", "")),
    }
    made = rules.Definition(**given)  # type: ignore[arg-type]  # each is of its field's type; the rules check the rest
    return replace(made, formula=rules.write(made.node)) if made.node is not None else made


def _aim(cells: Mapping[str, str], known: dict[str, rules.Definition]) -> services.Aim:
    try:
        unit = places.unit_by_key(cells["unit"])
    except Missing as problem:
        raise Invalid("Không có đơn vị mang mã này.", field="unit") from problem
    code = cells["code"].upper()
    if code not in known:
        versions = _versions(code)
        if versions is None:
            raise Invalid("Không có chỉ số này.", field="code")
        known[code] = selectors.meaning_of(selectors.shown_version(versions, clock.today()))
    one = known[code].shown_in
    return services.Aim(
        unit=unit,
        code=code,
        year=_whole(cells["year"], "year"),
        value=one.shown(rules.read_value(cells["value"], one)),
        document=cells.get("document", ""),
        note=cells.get("note", ""),
    )


def _whole(text: str, field_: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid("“{text}” không phải là một số nguyên.", field=field_, text=text[:40])
    return int(text)


def _day(text: str) -> date:
    try:
        day = DateField().clean(text)
    except ValidationError as problem:
        raise Invalid("Ngày chưa đúng. Hãy viết như 05/09/2026.", field="valid_from") from problem
    if not isinstance(day, date):
        raise Invalid("Ngày chưa đúng. Hãy viết như 05/09/2026.", field="valid_from")
    return day
