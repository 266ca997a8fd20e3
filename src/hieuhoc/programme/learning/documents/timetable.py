"""A timetable to print: the sessions of one activity, or of a month."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils import timezone

from hieuhoc.engines.writer import Column, Paper, Paragraph, Table
from hieuhoc.kernel.vietnamese import write_date, write_number
from hieuhoc.programme.learning.models import Session
from hieuhoc.programme.learning.rules.sessions import WEEKDAYS
from hieuhoc.registers.places.models import Unit

_COLUMNS = (
    Column("TT", 11, "centre"),
    Column("Ngày", 30),
    Column("Giờ", 26, "centre"),
    Column("Lớp, chuyên đề; nội dung", 62),
    Column("Địa điểm", 41),
)


def timetable_paper(sessions: Iterable[Session], *, issuer: str, unit: Unit, subject: str, left_out: int = 0) -> Paper:
    """The sessions in their order; one that is cancelled says so. Words of a paper are Vietnamese.

    `left_out` is how many more there are than the paper shows; it says so.
    """
    rows = tuple((str(number), *_cells(one)) for number, one in enumerate(sessions, start=1))
    blocks: list[Table | Paragraph] = [
        Table(_COLUMNS, rows) if rows else Paragraph("Chưa có buổi học nào.", align="left")
    ]
    if left_out:
        blocks.append(Paragraph(f"Còn {write_number(left_out)} buổi nữa không in ở đây.", align="left", italic=True))
    return Paper(
        superior=unit.name,
        issuer=issuer,
        place=unit.short_name,
        kind="Lịch học",
        subject=subject,
        blocks=tuple(blocks),
    )


def _cells(session: Session) -> tuple[str, str, str, str]:
    begins, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    activity = session.activity
    what = f"{activity.title}: {session.subject}" if session.subject else activity.title
    if session.state == "cancelled":
        what += " (đã hủy)"
    room = session.room.name if session.room else ""
    place = session.place or activity.place or activity.provider.name
    return (
        f"{WEEKDAYS[begins.weekday()].capitalize()}\n{write_date(begins.date())}",
        f"{begins:%H:%M}–{ends:%H:%M}",
        what,
        f"{room}, {place}" if room else place,
    )
