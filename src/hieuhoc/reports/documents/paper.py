"""The official paper of one report: its figures, words, tables and charts in the layout of Decree 30/2020/NĐ-CP.

Words of a paper are Vietnamese whatever the language of the screen: it is signed here. Every figure leads to its source
page, and the last annex says where each comes from and how much of it is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from hieuhoc.engines.writer import (
    Chart,
    Column,
    Figure,
    Heading,
    Paper,
    Paragraph,
    Series,
    Signature,
    Source,
    Table,
    authority,
    sources_annex,
)
from hieuhoc.engines.writer.paper import Block as Written
from hieuhoc.engines.writer.paper import Row
from hieuhoc.engines.writer.signing import Prefix
from hieuhoc.kernel.periods import Calendar, Period, Rhythm
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.plans import facts as plans
from hieuhoc.registers.indicators import rules as indicator_rules
from hieuhoc.registers.indicators import states as indicator_states
from hieuhoc.registers.indicators.rules.measures import round_half_up, write_value
from hieuhoc.registers.indicators.selectors import Value
from hieuhoc.registers.places.models import Unit
from hieuhoc.reports import states
from hieuhoc.reports.rules.layout import Block, Cell, Section
from hieuhoc.reports.selectors.sheets import Sheet, SheetCell

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.reports.models import Submission

_KIND = re.compile(r"^(tỉnh|thành phố|huyện|quận|thị xã|thị trấn|xã|phường|đặc khu)\s+", re.IGNORECASE)
_MOST_LISTED = 30  # rows of the plan's late tasks and of obstacles: the rest is counted


def report_paper(user: User, sheet: Sheet, *, address: str) -> Paper:
    """The paper of a report as it stands. `address` is that of the house, to which the links on paper lead.

    A report that was not handed in yet is marked as a draft.
    """
    submission = sheet.submission
    unit, kind, told = submission.unit, submission.round.kind, submission.paper
    committee = unit.is_administrative
    writing = _Writing(user, sheet, address.rstrip("/"))
    return Paper(
        superior="" if committee or unit.parent is None else _body(unit.parent),
        issuer=_body(unit),
        place=str(told.get("place") or _place(unit)),
        number=str(told.get("number") or ("/BC-UBND" if committee else "/BC")),
        day=_day(told.get("day")),
        kind="Báo cáo",
        subject=subject_of(kind.subject.strip() or kind.name, sheet.period),
        addressed_to=(_body(kind.recipient).replace("\n", " "),) if _goes_up(submission) else (),
        bases=tuple(_basis(str(basis)) for basis in kind.bases),
        blocks=tuple(writing.blocks()),
        recipients=("Như trên" if _goes_up(submission) else "Các đơn vị liên quan", "Lưu: VT"),
        signer=_signer(unit, told),
        circulation="" if submission.state in states.HANDED_IN else "Dự thảo",
        annexes=(sources_annex(writing.sources()),),
    )


def subject_of(subject: str, period: Period) -> str:
    """The line beneath "BÁO CÁO": what the report is about, and of which period; nothing is said twice."""
    if period.calendar is Calendar.LITERACY and period.rhythm is Rhythm.YEAR and "xóa mù chữ" in subject.lower():
        return f"{subject} năm {period.year}"
    return subject if period.name in subject else f"{subject}, {period.name}"


def _goes_up(submission: Submission) -> bool:
    """Whether a report is addressed to whoever receives it: nobody addresses an agency of one's own."""
    return not submission.round.kind.recipient.path.startswith(submission.unit.path)


def _basis(text: str) -> str:
    """A legal basis as it is written on paper (Decree 30/2020/NĐ-CP, Annex I, II.6): "Căn cứ …"."""
    return text if text.startswith(("Căn cứ", "Theo", "Thực hiện", "Xét")) else f"Căn cứ {text}"


def _body(unit: Unit) -> str:
    """The name in a letterhead: a committee's on two lines, as the decree's models have it."""
    if not unit.is_administrative:
        return unit.name
    return f"Ủy ban nhân dân\n{unit.name[:1].lower()}{unit.name[1:]}"


def _place(unit: Unit) -> str:
    """The place in the line of place and day: the unit's name without its kind; an agency's that of its province."""
    where = unit if unit.is_administrative or unit.parent is None else unit.parent
    return _KIND.sub("", where.name)


def _day(told: object) -> date | None:
    try:
        return date.fromisoformat(str(told)) if told else None
    except ValueError:
        return None


def _signer(unit: Unit, told: dict[str, str]) -> Signature:
    """Who signs: the head, unless the report says that somebody signs for the head.

    Source: Decree 30/2020/NĐ-CP, Annex I, part II, section 7.
    """
    committee = unit.is_administrative
    head = "Chủ tịch" if committee else "Thủ trưởng cơ quan"
    post, name = str(told.get("post", "")).strip(), str(told.get("signer", "")).strip()
    body = "Ủy ban nhân dân" if committee else ""
    prefix: Prefix = "TM." if committee else ""
    if post and fold(post) != fold(head):
        if fold(post).startswith("pho "):
            return authority("KT.", head if committee else post[4:], post, body=body, name=name)
        head = post
    return authority(prefix, head, body=body, name=name)


@dataclass
class _Writing:
    """A report being written from its beginning to its end. Tables, charts and remarks are counted as they come."""

    user: User
    sheet: Sheet
    address: str
    tables: int = 0
    charts: int = 0
    remarks: list[str] = field(default_factory=list)

    def blocks(self) -> Iterator[Written]:
        for section in self.sheet.layout.sections:
            yield Heading(section.heading, 1, numbered=True)
            yield from self._section(section)
        name = _body(self.sheet.submission.unit).replace("\n", " ")
        yield Paragraph(f"Trên đây là báo cáo của {name}.")

    def _section(self, section: Section) -> Iterator[Written]:
        titled = len(section.blocks) > 1
        for block in section.blocks:
            if titled and block.label and block.type in ("narrative", "choice", "progress", "obstacles"):
                yield Heading(block.label, 2, numbered=True)
            yield from self._block(block)

    def _block(self, block: Block) -> Iterator[Written]:
        if block.type == "narrative":
            yield from _told(self.sheet.words.get(block.key, ""))
        elif block.type == "choice":
            chosen = dict(block.options).get(self.sheet.words.get(block.key, ""), "")
            yield Paragraph(chosen or "Chưa xác định.")
        elif block.type == "figures":
            yield self._figures(block)
        elif block.type == "table":
            yield self._table(block)
        elif block.type == "units":
            yield self._units(block)
        elif block.type == "chart":
            yield from self._chart(block)
        elif block.type == "progress":
            yield from self._progress()
        elif block.type == "obstacles":
            yield from self._obstacles()

    # ---- figures ------------------------------------------------------------------------------------

    def _caption(self, block: Block) -> str:
        self.tables += 1
        label = re.sub(r"^Bảng\s+\d+\s*[.:]\s*", "", block.label)
        return f"Bảng {self.tables}. {label}" if label else f"Bảng {self.tables}"

    def _figures(self, block: Block) -> Table:
        columns = (
            Column("TT", 12, "centre"),
            Column("Chỉ tiêu", 84),
            Column("Đơn vị tính", 26, "centre"),
            Column("Kỳ này", 28, "right"),
            Column("Kỳ trước", 28, "right"),
        )
        before = len(self.remarks)
        rows: list[Row] = []
        for place, cell in enumerate(block.cells, start=1):
            shown = self.sheet.cells[cell.key]
            sign = str(shown.meaning.shown_in.sign) or None
            rows.append((place, _label(cell, shown), sign, self._figure(shown), _number(shown.last, shown)))
        return Table(columns, tuple(rows), caption=self._caption(block), remarks=tuple(self.remarks[before:]))

    def _table(self, block: Block) -> Table:
        by_row: dict[str, list[Cell]] = {}
        for cell in block.cells:
            by_row.setdefault(cell.row, []).append(cell)
        share = 110 / max(1, len(block.columns))
        columns = (
            Column("TT", 12, "centre"),
            Column("Chỉ tiêu", 70),
            *(Column(label or "Số liệu", share, "right") for _key, label in block.columns),
        )
        before = len(self.remarks)
        rows: list[Row] = []
        for place, cells in enumerate(by_row.values(), start=1):
            shown = [self.sheet.cells[cell.key] for cell in cells]
            sign = str(shown[0].meaning.shown_in.sign)
            label = cells[0].label or shown[0].meaning.name
            figures = [self._figure(one) for one in shown]
            rows.append((place, f"{label} ({sign})" if sign else label, *figures))
        return Table(
            columns, tuple(rows), number_row=True, caption=self._caption(block), remarks=tuple(self.remarks[before:])
        )

    def _figure(self, shown: SheetCell) -> Figure:
        """The figure with its source page; a mark where a person said something else than what was counted or added."""
        return Figure(_number(shown.value, shown), self._page(shown), self._mark(shown))

    def _mark(self, shown: SheetCell) -> str:
        why = self._override(shown)
        if not why:
            return ""
        mark = len(self.remarks) + 1
        self.remarks.append(f"({mark}) {_full_label(shown)}: {why}")
        return str(mark)

    def _override(self, shown: SheetCell) -> str:
        """Both figures and the reason, where the report says another than what was counted or added up."""
        reason = f" vì {shown.reason[:1].lower()}{shown.reason[1:]}".rstrip(". ") + "." if shown.reason else "."
        if shown.is_remark and shown.stated != shown.value.value:
            total = _told_number(shown.value.value, shown) or "chưa có"
            return f"số cộng từ cấp dưới là {total}; đơn vị cho là {_told_number(shown.stated, shown)}{reason}"
        if shown.differs:
            counted = _told_number(shown.counted, shown)
            return f"đếm từ sổ sách là {counted}; đơn vị báo {_told_number(shown.stated, shown)}{reason}"
        return ""

    def _page(self, shown: SheetCell) -> str:
        if shown.value.value is None:
            return ""
        if self.sheet.submission.state in states.OWED and shown.is_own and shown.counted is None:
            return ""  # what is typed and not sent yet is nowhere else
        return self._source_page(shown.cell.indicator, shown.cell.by)

    def _source_page(self, code: str, by: str = "") -> str:
        key = self.sheet.unit.key
        path = reverse("reports:figure", args=[key, code, self.sheet.period.key])
        return f"{self.address}{path}?{urlencode({'by': by})}" if by else f"{self.address}{path}"

    def _units(self, block: Block) -> Table:
        meanings = [self.sheet.asked.known[code] for code in block.indicators]
        columns = (
            Column("TT", 12, "centre"),
            Column("Đơn vị", 60),
            *(Column(_with_sign(meaning), 110 / max(1, len(meanings)), "right") for meaning in meanings),
        )
        rows: list[Row] = [
            (place, str(unit), *(_of(value, meaning) for value, meaning in zip(values, meanings, strict=True)))
            for place, (unit, values) in enumerate(self.sheet.units.get(block.key, ()), start=1)
        ]
        return Table(columns, tuple(rows), number_row=True, caption=self._caption(block))

    def _chart(self, block: Block) -> Iterator[Written]:
        points = self.sheet.series.get(block.key, ())
        if not block.indicators or not any(value.value is not None for _label, value in points):
            return
        meaning = self.sheet.asked.known[block.indicators[0]]
        self.charts += 1
        label = re.sub(r"^Biểu đồ\s+\d+\s*[.:]\s*", "", block.label) or meaning.name
        values = tuple(_of(value, meaning) for _label, value in points)
        labels = tuple(str(label) for label, _value in points)
        yield Chart(
            f"Biểu đồ {self.charts}. {label}",
            labels[:200],
            (Series(meaning.name, values[:200]),),
            kind="line" if block.over == "time" and len(points) > 2 else "bar",
            unit=str(meaning.shown_in.sign),
        )

    # ---- what comes from the plans --------------------------------------------------------------------

    def _rows(self, what: str) -> Sequence[plans.Row]:
        unit, period = self.sheet.submission.unit, self.sheet.period
        return plans.rows_beneath(self.user, what, unit=unit, period=period)

    def _progress(self) -> Iterator[Written]:
        """The tasks of the period: due, done, late, as counted from evidence and deadlines; nobody chooses a colour."""
        due, done, late = (self._rows(f"plans.tasks_{how}") for how in ("due", "done", "overdue"))
        yield Paragraph(
            f"Trong kỳ có {len(due)} nhiệm vụ đến hạn, trong đó {len(done)} nhiệm vụ đã được xác nhận hoàn thành;"
            f" {len(late)} nhiệm vụ quá hạn chưa hoàn thành."
        )
        if late:
            yield self._listed(late, "Nhiệm vụ quá hạn", "Nhiệm vụ", "Hạn")

    def _obstacles(self) -> Iterator[Written]:
        raised, settled = self._rows("plans.obstacles_reported"), self._rows("plans.obstacles_resolved")
        if not raised and not settled:
            yield Paragraph("Trong kỳ không có khó khăn, vướng mắc nào được nêu.")
            return
        yield Paragraph(f"Trong kỳ có {len(raised)} vướng mắc được nêu, {len(settled)} vướng mắc đã được giải quyết.")
        if raised:
            yield self._listed(raised, "Khó khăn, vướng mắc được nêu trong kỳ", "Nội dung", "Ngày nêu")

    def _listed(self, found: Sequence[plans.Row], caption: str, what: str, when: str) -> Table:
        self.tables += 1
        columns = (Column("TT", 12, "centre"), Column(what, 88), Column("Đơn vị", 46), Column(when, 30, "centre"))
        rows: list[Row] = [
            (place, Figure(row.title, f"{self.address}{row.url}"), row.unit, row.on)
            for place, row in enumerate(found[:_MOST_LISTED], start=1)
        ]
        more = len(found) - _MOST_LISTED
        remarks = (f"Còn {more} mục nữa.",) if more > 0 else ()
        return Table(columns, tuple(rows), caption=f"Bảng {self.tables}. {caption}", remarks=remarks)

    # ---- where each figure comes from -------------------------------------------------------------------

    def sources(self) -> Iterator[Source | Heading]:
        for section in self.sheet.layout.sections:
            cells = [self.sheet.cells[cell.key] for block in section.blocks for cell in block.cells]
            if cells:
                yield Heading(section.heading)
            for shown in cells:
                yield self._source(shown)

    def _source(self, shown: SheetCell) -> Source:
        value = shown.value
        return Source(
            _full_label(shown),
            _number(value, shown),
            self._whence(shown),
            url=self._page(shown),
            unit=str(shown.meaning.shown_in.sign),
            period=self.sheet.period.name,
            reported=min(value.reported, value.expected) if value.expected else value.reported,
            expected=value.expected,
            state=str(indicator_states.FIGURE.get(value.state, "")) if value.value is not None else "Chưa có số",
            remark=self._override(shown),
        )

    def _whence(self, shown: SheetCell) -> str:
        if shown.meaning.kind != indicator_rules.BASE:
            return "Tính từ các số liệu gốc theo công thức của chỉ số"
        if not shown.is_own:
            return "Cộng từ số liệu của các đơn vị cấp dưới"
        if shown.stated is not None:
            return f"{self.sheet.submission.unit.name} báo trong báo cáo này"
        if shown.elsewhere:
            return f"{self.sheet.submission.unit.name} báo trong một báo cáo khác"
        return "Đếm từ sổ sách trong hệ thống" if shown.counted is not None else "Chưa có số liệu"


def _told(text: str) -> Iterator[Paragraph]:
    """What somebody wrote: a paragraph for each line; lines that begin with a dash stay a list."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if not lines:
        yield Paragraph("Không có nội dung báo cáo.")
    for line in lines:
        if line.startswith(("- ", "– ", "• ")):
            yield Paragraph(line[2:].strip(), dash="-")
        elif line.startswith("+ "):
            yield Paragraph(line[2:].strip(), dash="+")
        else:
            yield Paragraph(line)


def _label(cell: Cell, shown: SheetCell) -> str:
    return cell.label or shown.meaning.name


def _full_label(shown: SheetCell) -> str:
    label = _label(shown.cell, shown)
    return f"{label}, {shown.cell.column}" if shown.cell.column else label


def _with_sign(meaning: indicator_rules.Definition) -> str:
    sign = str(meaning.shown_in.sign)
    return f"{meaning.name} ({sign})" if sign else meaning.name


def _number(value: Value, shown: SheetCell) -> Decimal | None:
    return _of(value, shown.meaning)


def _of(value: Value, meaning: indicator_rules.Definition) -> Decimal | None:
    """The value in the measure in which it is shown; unknown stays unknown."""
    if value.value is None:
        return None
    return round_half_up(meaning.shown_in.shown(value.value), meaning.decimals)


def _told_number(value: Fraction | int | None, shown: SheetCell) -> str:
    return write_value(value, shown.meaning.shown_in, decimals=shown.meaning.decimals)
