"""A filled sheet of attendance: read with care, judged cell by cell, taken whole or not at all.

A cell that says what stood in it when the file was written says nothing new. The others are marks like those of a
phone: whoever marked differently in the meantime is not overwritten, and a file that is sent twice is taken once.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID, uuid5

import python_calamine
from django.db import transaction

from hieuhoc.engines.writer.forms import column_letters
from hieuhoc.foundation.records import clock
from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.vietnamese import fold, squeeze
from hieuhoc.programme.learning.models import Activity, Enrolment, Session
from hieuhoc.programme.learning.rules import attendance as rules
from hieuhoc.programme.learning.rules.sheets import FIRST_SESSION, HEAD_ROW, SHEET, STAMP, STAMP_HEAD, STAMPED
from hieuhoc.programme.learning.selectors import attendance as selectors
from hieuhoc.programme.learning.services.attendance import Item, Outcome, Sent, WalkIn, take_marks
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.people.rules import SEXES

LARGEST_FILE = 5_000_000  # bytes as sent
LARGEST_WHOLE = 40_000_000  # bytes unpacked
MOST_MEMBERS = 200
MOST_ROWS = 2_000
WORDS = {
    **dict.fromkeys(("x", "c", "co", "co mat", "1", "✓"), "present"),
    **dict.fromkeys(("m", "muon", "den muon", "tre"), "late"),
    **dict.fromkeys(("v", "vang", "0", "k"), "absent"),
}


@dataclass(frozen=True)
class Fault:
    """A cell that cannot be taken: where it is and what is wrong with it. `row` counts from 1."""

    row: int
    column: str
    problem: Invalid


@dataclass
class TakenSheet:
    """What a sheet came to."""

    faults: list[Fault] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)


@dataclass(frozen=True)
class _Stamp:
    key: UUID
    sessions: list[Session]
    stood: dict[int, tuple[int, list[tuple[str, int]]]]  # by place: enrolment, and mark and edition for each session


@dataclass
class _Read:
    """What the cells say: marks by session of those in the list, and those who are not."""

    marks: list[tuple[int, int, int, str, int]] = field(default_factory=list)  # row, session, enrolment, mark, seen
    others: list[tuple[int, str, int | None, str, dict[int, str]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def take_in_sheet(*, by: User, activity: Activity, content: bytes, name: str) -> TakenSheet:
    """Take a filled sheet in.

    Raises: Invalid (field `file`) when it cannot be opened or is another activity's; Refused, Missing.
    """
    rows, stamped = _sheets(content, name)
    stamp = _stamp(activity, stamped, name)
    read = _read(rows, stamp)
    if read.faults:
        return TakenSheet(faults=read.faults)
    base = uuid5(stamp.key, sha256(content).hexdigest())
    return TakenSheet(outcomes=_take(by, stamp, read, base))


@transaction.atomic
def _take(by: User, stamp: _Stamp, read: _Read, base: UUID) -> list[Outcome]:
    outcomes: list[Outcome] = []
    noted: dict[int, int] = {}
    for place, session in enumerate(stamp.sessions):
        items: list[Item] = [
            Sent(uuid5(base, f"{row} {session.pk}"), enrolment, mark, seen)
            for row, at, enrolment, mark, seen in read.marks
            if at == place
        ]
        for row, name, year, sex, marks in read.others:
            if place not in marks:
                continue
            key = uuid5(base, f"{row} {session.pk}")
            known = noted.get(row)
            items.append(Sent(key, known, marks[place]) if known else WalkIn(key, name, year, sex, marks[place]))
        for start in range(0, len(items), rules.MOST_ITEMS):
            part = items[start : start + rules.MOST_ITEMS]
            found = take_marks(by=by, session=session, marks=part)
            outcomes += found
            rows = {uuid5(base, f"{row} {session.pk}"): row for row, *_more in read.others}
            noted |= {
                rows[one.key]: one.answer["enrolment"] for one in found if one.key in rows and one.outcome == "taken"
            }
    return outcomes


# ---- opening -----------------------------------------------------------------------------------------


def _sheets(content: bytes, name: str) -> tuple[list[list[str]], list[list[str]]]:
    """The cells of the sheet and of its stamp. Raises: Invalid for what is no such file, is broken, or is a bomb."""
    if len(content) > LARGEST_FILE:
        raise Invalid("Tệp “{name}” lớn bất thường nên không được đọc.", field="file", name=name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            members = packed.infolist()
        if len(members) > MOST_MEMBERS or sum(member.file_size for member in members) > LARGEST_WHOLE:
            raise Invalid("Tệp “{name}” lớn bất thường nên không được đọc.", field="file", name=name)
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        if not {SHEET, STAMP} <= set(book.sheet_names):
            sentence = "Tệp “{name}” không phải là phiếu điểm danh do phần mềm này xuất ra."
            raise Invalid(sentence, field="file", name=name)
        first, second = (book.get_sheet_by_name(sheet).to_python(skip_empty_area=False) for sheet in (SHEET, STAMP))
    except (python_calamine.CalamineError, zipfile.BadZipFile, ValueError, OSError) as error:
        raise Invalid("Không mở được bảng tính “{name}”. Hãy lưu lại thành .xlsx.", field="file", name=name) from error
    if len(first) > MOST_ROWS:
        raise Invalid("Tệp có hơn {most} dòng. Hãy chia thành nhiều tệp.", field="file", most=MOST_ROWS)
    return [[_text(cell) for cell in row] for row in first], [[_text(cell) for cell in row] for row in second]


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "x" if cell else ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    return "" if cell is None else squeeze(str(cell))


def _stamp(activity: Activity, rows: Sequence[Sequence[str]], name: str) -> _Stamp:
    kept = [row[0] if row else "" for row in rows[:STAMP_HEAD]]
    if len(kept) < STAMP_HEAD or kept[0] != STAMPED:
        sentence = "Tệp “{name}” không phải là phiếu điểm danh do phần mềm này xuất ra."
        raise Invalid(sentence, field="file", name=name)
    if kept[1] != activity.code:
        sentence = "Tệp “{name}” là phiếu của lớp {found}, không phải của lớp {wanted}."
        raise Invalid(sentence, field="file", name=name, found=kept[1], wanted=activity.code)
    try:
        key, numbers = UUID(kept[2]), [int(number) for number in kept[3].split()]
        stood = {int(row[0]): (int(row[1]), [_stood(cell) for cell in row[2:]]) for row in rows[STAMP_HEAD:] if row[0]}
    except (ValueError, IndexError) as error:
        raise Invalid("Tệp “{name}” đã bị sửa ở phần ẩn. Hãy tải phiếu mới.", field="file", name=name) from error
    found = {one.pk: one for one in selectors.sessions_of(activity)}
    if not numbers or not set(numbers) <= set(found):
        sentence = "Trong tệp “{name}” có buổi học nay đã hủy hoặc không còn. Hãy tải phiếu mới."
        raise Invalid(sentence, field="file", name=name)
    return _Stamp(key, [found[number] for number in numbers], stood)


def _stood(cell: str) -> tuple[str, int]:
    mark, _colon, edition = cell.partition(":")
    if mark not in ("", *rules.MARKS):
        raise ValueError(mark)
    return mark, int(edition)


# ---- reading the cells -------------------------------------------------------------------------------


def _read(rows: Sequence[Sequence[str]], stamp: _Stamp) -> _Read:
    read, seen = _Read(), set[str]()
    names = dict(_names(stamp))
    for number, row in enumerate(rows[HEAD_ROW + 1 :], start=HEAD_ROW + 2):
        cells = [*row, *[""] * (FIRST_SESSION + len(stamp.sessions) - len(row))]
        place, name = cells[0], cells[1]
        if not any(cells):
            continue
        if not place:
            _read_other(read, number, cells, stamp)
            continue
        if not place.isdecimal() or int(place) not in stamp.stood:
            _fault(read, number, 0, Invalid("TT “{written}” không có trong danh sách lớp.", written=place[:20]))
        elif place in seen:
            _fault(read, number, 0, Invalid("TT {written} đã có ở dòng trên.", written=place))
        elif fold(name) != fold(names.get(int(place), "")):
            problem = Invalid(
                "tên khác với danh sách: TT {place} là {name}.", place=place, name=names.get(int(place), "")
            )
            _fault(read, number, 1, problem)
        else:
            _read_marks(read, number, cells, stamp)
        seen.add(place)
    return read


def _names(stamp: _Stamp) -> list[tuple[int, str]]:
    rows = Enrolment.objects.filter(pk__in=[pk for pk, _stood in stamp.stood.values()])
    return [(one.place, one.learner.name) for one in rows.select_related("person__same_as")]


def _fault(read: _Read, row: int, column: int, problem: Invalid) -> None:
    read.faults.append(Fault(row, column_letters(column), problem))


def _read_marks(read: _Read, row: int, cells: Sequence[str], stamp: _Stamp) -> None:
    enrolment, stood = stamp.stood[int(cells[0])]
    for place in range(len(stamp.sessions)):
        mark = _mark(read, row, FIRST_SESSION + place, cells)
        before, edition = stood[place] if place < len(stood) else ("", 0)
        if mark is not None and mark != before:
            read.marks.append((row, place, enrolment, mark, edition))


def _mark(read: _Read, row: int, column: int, cells: Sequence[str]) -> str | None:
    written = cells[column]
    if not written:
        return ""
    mark = WORDS.get(fold(written)) or WORDS.get(written)
    if mark is None:
        problem = Invalid("“{written}” không phải là x (có mặt), m (đến muộn) hay v (vắng).", written=written[:30])
        _fault(read, row, column, problem)
    return mark


def _read_other(read: _Read, row: int, cells: Sequence[str], stamp: _Stamp) -> None:
    """Somebody who is not in the list: a name, and at least one session they came to."""
    name, year, sex = cells[1], _born(read, row, cells[2]), _sex(read, row, cells[3])
    marks = {place: _mark(read, row, FIRST_SESSION + place, cells) for place in range(len(stamp.sessions))}
    came = {place: mark for place, mark in marks.items() if mark in rules.ATTENDED}
    if not name:
        _fault(read, row, 1, Invalid("thiếu họ và tên."))
    elif not came and not any(fault.row == row for fault in read.faults):
        _fault(read, row, FIRST_SESSION, Invalid("người ngoài danh sách phải có mặt ở ít nhất một buổi."))
    else:
        read.others.append((row, name, year, sex, came))


def _born(read: _Read, row: int, written: str) -> int | None:
    if not written:
        return None
    is_year = written.isascii() and written.isdigit() and 1900 <= int(written[:5]) <= clock.today().year
    if not is_year:
        _fault(read, row, 2, Invalid("“{written}” không phải là năm sinh.", written=written[:30]))
        return None
    return int(written)


def _sex(read: _Read, row: int, written: str) -> str:
    if not written:
        return ""
    found = next((sex for sex, name in SEXES.items() if fold(name) == fold(written)), "")
    if not found:
        _fault(read, row, 3, Invalid("“{written}” không phải là nữ hay nam.", written=written[:30]))
    return found
