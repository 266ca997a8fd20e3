"""The tables that are signed: who is given what (Phụ lục phân công nhiệm vụ), and how far each has come.

Words of a paper are Vietnamese whatever the language of the screen: it is signed here.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from types import MappingProxyType

from django.utils import timezone

from hieuhoc.engines.writer import (
    Annex,
    Column,
    Heading,
    Paper,
    Paragraph,
    Sheet,
    Signature,
    Table,
    Total,
    word,
    workbook,
)
from hieuhoc.engines.writer.paper import Cell, Row
from hieuhoc.engines.writer.texts import cell_text
from hieuhoc.kernel.vietnamese import fold, write_date
from hieuhoc.programme.plans import rules, states
from hieuhoc.programme.plans.models import Assignment, Obstacle, Plan, Section, Task
from hieuhoc.registers.places.models import Unit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_DAY_WIDTH = 29.0  # mm: a day on one line, after the widths were shrunk to the page
_REMINDER_LETTERS = 70
_COMMITTEE = re.compile(r"^(ủy ban nhân dân|uỷ ban nhân dân|ubnd)\s+", re.IGNORECASE)


@dataclass(frozen=True)
class SignedTable:
    """A table with all that makes it a paper: letterhead, title, the document it belongs to, who signs."""

    name: str  # of the file and of the tab
    title: str
    reference: str
    narrowed: str  # what the table leaves out, in words; empty when it is whole
    table: Table
    superior: str
    issuer: str
    place: str
    signer: Signature
    is_annex: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing fits the filter."""
        return not any(not isinstance(row, Heading) for row in self.table.rows)


# ---- who is given what -----------------------------------------------------------------------------


def assignment_paper(
    plan: Plan, tasks: Iterable[Task], sections: Sequence[Section], *, narrowed: str = ""
) -> SignedTable:
    """The table of assigned tasks, grouped by the headings of the plan. `tasks` carry their agencies."""
    given = list(tasks)
    has_products = any(task.product for task in given)
    columns = [
        Column("STT", 13, "centre"),
        Column("Nội dung nhiệm vụ", 100),
        Column("Chủ trì", 42, group="Cơ quan thực hiện"),
        Column("Phối hợp", 42, group="Cơ quan thực hiện"),
        Column("Thời gian thực hiện", 31, "centre"),
        *([Column("Sản phẩm", 30)] if has_products else []),
        Column("Mục trong kế hoạch", 20, "centre"),
    ]
    rows: list[Row] = []
    open_headings = _Headings(sections)
    for number, task in enumerate(given, start=1):
        rows += open_headings.before(task.section)
        product = [task.product or None] if has_products else []
        rows.append(
            (
                number,
                _from_capital(task.text),
                _agencies(task, "lead"),
                _agencies(task, "coordinate"),
                _time(task),
                *product,
                _place(task),
            )
        )
    table = Table(tuple(columns), tuple(rows), number_row=True)
    return _paper(plan, table, name="Phân công nhiệm vụ", narrowed=narrowed, is_annex=True)


def _from_capital(text: str) -> str:
    """A task that was cut out of a longer sentence begins with a capital in a cell of its own."""
    return text[:1].upper() + text[1:]


def _agencies(task: Task, role: str) -> str | None:
    names = [_from_capital(one.name) for one in task.agencies.all() if one.role == role]
    if not names:
        return None
    asked = "Đề nghị: " if role == "lead" and task.is_requested else ""
    return asked + "; ".join(names)


def _time(task: Task) -> str | None:
    """When: how often, and until when, as the document words it where it does."""
    often = task.recurrence_text or (str(rules.RECURRENCES[task.recurrence]) if task.recurrence else "")
    until = task.deadline_text or (write_date(task.due_on) if task.due_on else "")
    words = "; ".join(part for part in dict.fromkeys([often, until]) if part)
    return _from_capital(words) or None


def _place(task: Task) -> str:
    path = task.section.path if task.section else "–"
    return f"Mục {path}, dòng {task.first_line}" if task.first_line else f"Mục {path}"


# ---- how far each has come -------------------------------------------------------------------------


def progress_paper(
    plan: Plan,
    work: Iterable[Assignment],
    sections: Sequence[Section],
    *,
    on: date,
    narrowed: str = "",
    lens: str = "",
    heirs: Mapping[int, Unit] = MappingProxyType({}),
) -> SignedTable:
    """The table of progress, task by task, as `selectors.work_on_paper` reads it.

    `lens` says by the units of which time it tells; `heirs` are, by row number, the units that stand in for ended ones.
    Units: progress in percent of each agency's own share of a task.
    """
    columns = (
        Column("STT", 13, "centre"),
        Column("Nội dung nhiệm vụ", 76),
        Column("Cơ quan thực hiện", 40),
        Column("Hạn", _DAY_WIDTH, "centre"),
        Column("Tiến độ", 16, "right"),
        Column("Tình trạng", 27, "centre"),
        Column("Kết quả", 50),
        Column("Minh chứng", 32),
    )
    rows: list[Row] = []
    open_headings = _Headings(sections)
    number, last = 0, None
    for one in work:
        is_next = one.task_id != last
        if is_next:
            rows += open_headings.before(one.task.section)
            number, last = number + 1, one.task_id
        text = _from_capital(one.task.text)
        # On the next page one must still know which task the agencies belong to.
        what = (number, text if is_next else textwrap.shorten(text, _REMINDER_LETTERS, placeholder=" …"))
        rows.append((*what, _holder(one, heirs), *_progress(one, on=on)))
    table = Table(columns, tuple(rows), number_row=True)
    name = "Bảng tiến độ thực hiện"
    return _paper(plan, table, name=name, narrowed=narrowed, is_annex=False, on=on, lens=lens)


def _holder(one: Assignment, heirs: Mapping[int, Unit]) -> str:
    """Who holds it; of an ended unit whoever stands in for it, with its own name and until when that held."""
    name, heir = one.unit.name, heirs.get(one.unit_id)
    if heir is not None and one.unit.valid_to is not None:
        name = f"{heir.name} (trước {write_date(one.unit.valid_to)}: {name})"
    return f"{name} (kỳ {one.period})" if one.period else name


def _progress(one: Assignment, *, on: date) -> tuple[Cell, ...]:
    proof = "; ".join(found.title for found in getattr(one, "proof", ()))
    share = Fraction(one.percent, 100)
    return one.due_on, share, standing_words(one, on=on), one.note or None, proof or None


def standing_words(one: Assignment, *, on: date) -> str:
    """How an assignment stands, in words for a paper."""
    how = rules.standing(one.state, due_on=one.due_on, on=on)
    if how.kind == "late":
        return f"Trễ hạn {how.days} ngày"
    if how.kind == "today":
        return "Đến hạn hôm nay"
    return str(dict(states.ASSIGNMENT.choices())[one.state])


# ---- what both have --------------------------------------------------------------------------------


class _Headings:
    """Writes the headings of a plan as they come up: before a task, those above it that were not written yet."""

    def __init__(self, sections: Sequence[Section]) -> None:
        self.by_path = {section.path: section for section in sections}
        self.written: list[str] = []

    def before(self, section: Section | None) -> Iterator[Heading]:
        path = section.path if section else ""
        if self.written and self.written[-1] == path:
            return
        steps = path.split(".") if path else []
        above = [".".join(steps[: count + 1]) for count in range(len(steps))]
        for one in above or [""]:
            if one not in self.written:
                found = self.by_path.get(one)
                if found or not one:
                    yield Heading(_heading_words(found), level=min(found.level, 6) if found else 1)
        self.written = above or [""]


def _heading_words(section: Section | None) -> str:
    if section is None:
        return "Ngoài các mục"
    number = section.number or section.path
    return f"{number}{')' if number.isalpha() and number.islower() else '.'} {section.heading}"


def _paper(
    plan: Plan, table: Table, *, name: str, narrowed: str, is_annex: bool, on: date | None = None, lens: str = ""
) -> SignedTable:
    until = f"\n({', '.join(filter(None, [f'Số liệu đến ngày {write_date(on)}', lens]))})" if on else ""
    document = _document_words(plan)
    return SignedTable(
        name=name,
        title=name,
        reference=f"(Kèm theo {document})" if is_annex else f"{_from_capital(document)}{until}",
        narrowed=narrowed,
        table=table,
        superior=_superior(plan.issuer),
        issuer=_issuer(plan),
        place=plan.place,
        signer=_signer(plan),
        is_annex=is_annex,
    )


def _document_words(plan: Plan) -> str:
    """How a plan is named in another paper: kind, number, day, issuer."""
    number = f" số {plan.number}" if plan.number else ""
    day = f" ngày {plan.issued_on.day} tháng {plan.issued_on.month} năm {plan.issued_on.year}" if plan.issued_on else ""
    return f"{plan.kind}{number}{day} của {plan.issuer_name or plan.issuer.name}"


def _is_committee(unit: Unit) -> bool:
    return unit.is_administrative or unit.kind == "uy_ban"


def _committee_name(place_name: str) -> str:
    return f"Ủy ban nhân dân {place_name[:1].lower()}{place_name[1:]}"


def _issuer(plan: Plan) -> str:
    """The name in the letterhead, a committee's on two lines as the decree's models have it."""
    if plan.issuer_name:
        name = plan.issuer_name
    else:
        name = _committee_name(plan.issuer.name) if plan.issuer.is_administrative else plan.issuer.name
    return _COMMITTEE.sub("Ủy ban nhân dân\n", name) if _COMMITTEE.match(name) else name


def _superior(issuer: Unit) -> str:
    """The body over the issuer, which stands above it in the letterhead; committees have none."""
    above = issuer.parent
    if _is_committee(issuer) or above is None:
        return ""
    return _committee_name(above.name) if above.is_administrative else above.name


def _signer(plan: Plan) -> Signature:
    """Who signs: authority and post by the issuer, the name where the plan gives one.

    A deputy signs for the head (KT.), and whoever signs for a committee signs in its name (TM.).
    Source: Decree 30/2020/NĐ-CP, Annex I, part II, section 7.
    """
    committee = _is_committee(plan.issuer)
    post = plan.signer_post.strip() or ("Chủ tịch" if committee else "Thủ trưởng cơ quan")
    if fold(post).startswith("pho "):
        post = f"KT. {post[4:]}\n{post}"
    authority = "TM. Ủy ban nhân dân" if committee and not fold(post).startswith("tm.") else ""
    return Signature(authority, post, plan.signer_name)


def as_word(paper: SignedTable, *, written_at: datetime) -> bytes:
    """The Word file: an annex where the table belongs to the plan, else a paper with a letterhead of its own."""
    note = (Paragraph(f"({paper.narrowed})", "centre", italic=True),) if paper.narrowed else ()
    if paper.is_annex:
        annex = Annex(paper.title, (*note, paper.table), reference=paper.reference, signer=paper.signer)
        return word(annex, written_at=written_at)
    whole = Paper(
        issuer=paper.issuer,
        superior=paper.superior,
        place=paper.place,
        kind=paper.title,
        subject=paper.reference,
        blocks=(*note, paper.table),
        signer=paper.signer,
        landscape=True,
    )
    return word(whole, written_at=written_at)


def as_workbook(paper: SignedTable, *, written_at: datetime) -> bytes:
    """The Excel file: one sheet, laid out as a form that can be printed and signed."""
    sheet = Sheet(
        paper.name,
        f"Phụ lục {paper.title.lower()}" if paper.is_annex else paper.title,
        paper.table,
        superior=paper.superior,
        issuer=paper.issuer.replace("\n", " "),
        lines=(*paper.reference.splitlines(), *([f"({paper.narrowed})"] if paper.narrowed else [])),
        place=paper.place,
        signer=paper.signer,
    )
    return workbook([sheet], written_at=written_at)


@dataclass(frozen=True)
class PrintedRow:
    """A row of a table on the printing page: a heading across it, or cells in words, each with its side."""

    heading: str
    cells: Sequence[tuple[str, str, str]]  # words, side, title of the column


def printed_rows(table: Table) -> list[PrintedRow]:
    """The rows of a table as words, written as on paper."""
    return [
        PrintedRow(row.text, ())
        if isinstance(row, Heading)
        else PrintedRow("", _printed(row.cells if isinstance(row, Total) else row, table.columns))
        for row in table.rows
    ]


def _printed(cells: Sequence[Cell], columns: Sequence[Column]) -> list[tuple[str, str, str]]:
    return [(cell_text(cell), column.align, column.title) for cell, column in zip(cells, columns, strict=True)]


# ---- one's own work, and obstacles -----------------------------------------------------------------


def work_workbook(
    work: Iterable[Assignment], *, on: date, narrowed: str, person: str, unit: str, written_at: datetime
) -> bytes:
    """The user's own work as a sheet, soonest first as on the page."""
    columns = (
        Column("STT", 13, "centre"),
        Column("Nội dung nhiệm vụ", 90),
        Column("Kế hoạch", 30),
        Column("Cơ quan", 38),
        Column("Hạn", _DAY_WIDTH, "centre"),
        Column("Tiến độ", 16, "right"),
        Column("Tình trạng", 26, "centre"),
        Column("Kết quả", 45),
    )
    rows = [
        (
            number,
            _from_capital(one.task.text),
            f"{one.plan}, {_place(one.task).replace('Mục', 'mục', 1)}",
            f"{one.unit.name} (kỳ {one.period})" if one.period else one.unit.name,
            one.due_on,
            Fraction(one.percent, 100),
            standing_words(one, on=on),
            one.note or None,
        )
        for number, one in enumerate(work, start=1)
    ]
    lines = [f"{person}{f' – {unit}' if unit else ''}, tính đến ngày {write_date(on)}"]
    table = Table(columns, tuple(rows))
    sheet = Sheet("Việc của tôi", "Danh sách việc", table, lines=(*lines, *([f"({narrowed})"] if narrowed else [])))
    return workbook([sheet], written_at=written_at)


def obstacles_workbook(
    obstacles: Iterable[Obstacle], *, now: datetime, narrowed: str, unit: str, written_at: datetime
) -> bytes:
    """Obstacles as a sheet: who is blocked by what, and for how many days each has waited for a word.

    Units: whole days; empty for those that wait no longer.
    """
    columns = (
        Column("STT", 13, "centre"),
        Column("Vướng mắc", 42),
        Column("Mô tả", 58),
        Column("Đề xuất", 46),
        Column("Lĩnh vực", 22),
        Column("Cơ quan nêu", 32),
        Column("Nhiệm vụ", 36),
        Column("Ngày nêu", 1.25 * _DAY_WIDTH, "centre"),
        Column("Trạng thái", 30, "centre"),
        Column("Đang chờ", 30),
        Column("Số ngày chờ", 14, "right"),
    )
    rows = [(number, *_obstacle(one, now=now)) for number, one in enumerate(obstacles, start=1)]
    until = f"Tính đến ngày {write_date(timezone.localtime(now).date())}{f' – {unit}' if unit else ''}"
    lines = (until, *([f"({narrowed})"] if narrowed else []))
    sheet = Sheet("Vướng mắc", "Tổng hợp khó khăn, vướng mắc", Table(columns, tuple(rows)), lines=lines)
    return workbook([sheet], written_at=written_at)


def _obstacle(one: Obstacle, *, now: datetime) -> tuple[Cell, ...]:
    waits = one.state in {"raised", "escalated"}
    return (
        one.title,
        one.text,
        one.proposal or None,
        str(dict(Obstacle.TOPICS)[one.topic]),
        one.unit.name,
        f"{one.plan}, {one.assignment.task.code}",
        timezone.localtime(one.raised_at).date(),
        str(dict(states.OBSTACLE.choices())[one.state]),
        one.holder.name if waits else None,
        (now - one.waiting_since).days if waits else None,
    )
