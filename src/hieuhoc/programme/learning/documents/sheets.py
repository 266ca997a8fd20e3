"""The sheet of attendance on paper and as a workbook: of one session, or of the whole series.

Words of a paper are Vietnamese whatever the language of the screen. The workbook carries, on a hidden sheet, what stood
when it was written, so that it can come back: intake/sheets.py reads it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import xlsxwriter
from django.utils import timezone

from hieuhoc.engines.writer import Column, Paper, Paragraph, Signature, Table
from hieuhoc.engines.writer.pen import OPTIONS, Pen, print_on_a4
from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.programme.learning.models import Activity, Attendance, Enrolment, Session
from hieuhoc.programme.learning.rules.sheets import (
    FIRST_SESSION,
    FREE_ROWS,
    HEAD_ROW,
    LEGEND,
    SHEET,
    SIGNS,
    STAMP,
    STAMP_HEAD,
    STAMPED,
)
from hieuhoc.registers.people.rules import SEXES

_ABREAST = 8  # sessions in one table on paper
_INPUT = "#FFF8DC"


@dataclass(frozen=True)
class Register:
    """Whose attendance stands on a sheet: the learners in the order of their names, and their marks."""

    activity: Activity
    sessions: Sequence[Session]
    learners: Sequence[Enrolment]
    marks: Mapping[tuple[int, int], Attendance]  # by session and enrolment

    def mark(self, session: Session, learner: Enrolment) -> tuple[str, int]:
        """What stands, and its edition."""
        row = self.marks.get((session.pk, learner.pk))
        return (row.mark, row.edition) if row else ("", 0)


def _when(session: Session) -> str:
    start, end = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    return f"{start:%H:%M}–{end:%H:%M}, {write_date(session.on)}"


# ---- on paper ---------------------------------------------------------------------------------------


def attendance_paper(register: Register) -> Paper:
    """The sheet to be filled in by hand; marks that are known stand in it."""
    activity, sessions = register.activity, register.sessions
    blocks: list[Paragraph | Table] = [
        Paragraph(f"Lớp, chuyên đề: {activity.title} ({activity.code}).", align="left"),
        Paragraph(f"Nơi tổ chức: {activity.place or activity.unit.name}.", align="left"),
    ]
    if len(sessions) == 1:
        blocks += [
            Paragraph(f"Buổi {sessions[0].number}: {_when(sessions[0])}.", align="left"),
            _session_table(register, sessions[0]),
        ]
    else:
        blocks += list(_series_tables(register))
    blocks.append(Paragraph(f"Cách ghi: {LEGEND}", align="left", italic=True))
    return Paper(
        superior=f"Ủy ban nhân dân\n{activity.unit.name[:1].lower()}{activity.unit.name[1:]}",
        issuer=activity.provider.name,
        place=activity.unit.name.partition(" ")[2] or activity.unit.name,
        number="",
        kind="Phiếu điểm danh",
        subject=activity.title,
        blocks=tuple(blocks),
        signer=Signature("", "Người điểm danh", ""),
    )


def _session_table(register: Register, session: Session) -> Table:
    columns = (
        Column("TT", 12, "centre"),
        Column("Họ và tên", 66),
        Column("Năm sinh", 20, "centre"),
        Column("Điểm danh", 24, "centre"),
        Column("Ký tên, ghi chú", 48),
    )
    rows: list[Sequence[Any]] = [
        (one.place, one.learner.name, _year(one), SIGNS[register.mark(session, one)[0]], None)
        for one in register.learners
    ]
    rows += [(None, " ", None, None, None)] * 6
    return Table(columns, tuple(rows))


def _series_tables(register: Register) -> Iterator[Table]:
    for start in range(0, len(register.sessions), _ABREAST):
        part = register.sessions[start : start + _ABREAST]
        columns = (
            Column("TT", 11, "centre"),
            Column("Họ và tên", 56),
            Column("Năm sinh", 17, "centre"),
            *(Column(f"B{one.number}\n{one.on:%d/%m}", 12, "centre") for one in part),
        )
        rows: list[Sequence[Any]] = [
            (
                one.place,
                one.learner.name,
                _year(one),
                *(SIGNS[register.mark(session, one)[0]] for session in part),
            )
            for one in register.learners
        ]
        rows += [(None, " ", None, *(None for _session in part))] * 4
        yield Table(columns, tuple(rows), caption=f"Từ {write_date(part[0].on)} đến {write_date(part[-1].on)}")


def _year(one: Enrolment) -> str | None:
    year = one.learner.birth_year
    return str(year) if year else None


# ---- as a workbook -----------------------------------------------------------------------------------


def attendance_workbook(register: Register, *, key: UUID, written_at: datetime) -> bytes:
    """The sheet as an Excel file that comes back; `key` tells one such file from another."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, OPTIONS)
    pen = Pen(book)
    pen.properties(
        title=f"Phiếu điểm danh {register.activity.code}", issuer=register.activity.provider.name, written_at=written_at
    )
    page, hidden = book.add_worksheet(SHEET), book.add_worksheet(STAMP)
    _head(pen, page, register)
    for row, one in enumerate(register.learners, start=HEAD_ROW + 1):
        _learner_row(pen, page, row, register, one)
    first_free = HEAD_ROW + 1 + len(register.learners)
    for row in range(first_free, first_free + FREE_ROWS):
        _free_row(pen, page, row, register)
    last = first_free + FREE_ROWS - 1
    page.data_validation(HEAD_ROW + 1, FIRST_SESSION, last, FIRST_SESSION + len(register.sessions) - 1, _rule())
    page.protect("", {"format_columns": True, "format_rows": True})
    page.freeze_panes(HEAD_ROW + 1, 2)
    print_on_a4(page, landscape=len(register.sessions) > 4)
    page.repeat_rows(HEAD_ROW)
    _stamp(hidden, register, key)
    page.activate()
    book.close()
    return file.getvalue()


def _head(pen: Pen, page: Any, register: Register) -> None:
    activity, last = register.activity, FIRST_SESSION + max(len(register.sessions), 2) - 1
    for column, width in enumerate((6, 32, 11, 10)):
        page.set_column(column, column, width)
    page.set_column(FIRST_SESSION, last, 11)
    pen.letterhead(page, superior="", issuer=activity.provider.name, last=last)
    page.set_row(1, 34)
    pen.across(page, 3, 0, last, "PHIẾU ĐIỂM DANH", bold=True, font_size=14, align="center")
    pen.across(page, 4, 0, last, f"{activity.title} ({activity.code})", align="center")
    pen.across(page, 5, 0, last, f"{LEGEND} Người không có trong danh sách: ghi ở các dòng cuối.", italic=True)
    page.set_row(5, 34)
    titles = ["TT", "Họ và tên", "Năm sinh", "Giới tính"]
    titles += [f"Buổi {one.number}\n{write_date(one.on)}" for one in register.sessions]
    for column, title in enumerate(titles):
        pen.words(page, HEAD_ROW, column, title, bold=True, align="center", border=1, bg_color="#E8EEF4")
    page.set_row(HEAD_ROW, 36)


def _learner_row(pen: Pen, page: Any, row: int, register: Register, one: Enrolment) -> None:
    person = one.learner
    page.write_number(row, 0, one.place, pen.style(align="center", border=1))
    pen.words(page, row, 1, person.name, border=1)
    pen.words(page, row, 2, str(person.birth_year or ""), border=1, align="center")
    pen.words(page, row, 3, SEXES.get(person.sex, ""), border=1, align="center")
    for column, session in enumerate(register.sessions, start=FIRST_SESSION):
        sign = SIGNS[register.mark(session, one)[0]]
        pen.words(page, row, column, sign, border=1, align="center", locked=False, bg_color=_INPUT)


def _free_row(pen: Pen, page: Any, row: int, register: Register) -> None:
    pen.words(page, row, 0, "", border=1)
    for column in range(1, FIRST_SESSION + len(register.sessions)):
        align = "left" if column == 1 else "center"
        pen.words(page, row, column, "", border=1, align=align, locked=False, bg_color=_INPUT)


def _rule() -> dict[str, Any]:
    return {
        "validate": "list",
        "source": [sign for sign in SIGNS.values() if sign],
        "error_title": "Cách ghi",
        "error_message": LEGEND,
    }


def _stamp(hidden: Any, register: Register, key: UUID) -> None:
    """Which activity and sessions, which file, and what stood of each learner: "mark:edition" for each session."""
    kept = [STAMPED, register.activity.code, str(key), " ".join(str(one.pk) for one in register.sessions)]
    for row, text in enumerate(kept):
        hidden.write_string(row, 0, text)
    for row, one in enumerate(register.learners, start=STAMP_HEAD):
        hidden.write_string(row, 0, str(one.place))
        hidden.write_string(row, 1, str(one.pk))
        for column, session in enumerate(register.sessions, start=2):
            mark, edition = register.mark(session, one)
            hidden.write_string(row, column, f"{mark}:{edition}")
    hidden.very_hidden()
    hidden.protect()
