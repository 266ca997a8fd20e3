"""A sheet as its page shows it: numbers in words of the reader, notes beside cells, what was typed and not kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from hieuhoc.foundation.ui.wording import in_words, period_words, say
from hieuhoc.kernel.periods import Period
from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.indicators import selectors as indicators
from hieuhoc.registers.indicators.rules import Definition
from hieuhoc.registers.indicators.rules.measures import Measure, round_half_up, write_value
from hieuhoc.registers.indicators.selectors import Value
from hieuhoc.reports import collect
from hieuhoc.reports.forms.sheet import FIGURE, REASON, WORDS
from hieuhoc.reports.rules.layout import Block, Cell, Layout
from hieuhoc.reports.selectors.previewing import Preview
from hieuhoc.reports.selectors.sheets import Sheet, SheetCell
from hieuhoc.reports.views.dashboard_shown import source_page

SMALL_TABLE = 80  # cells; a larger one takes comments through two lists instead of a box at each cell


@dataclass
class ShownCell:
    """A cell. `text` is what stands in its field; `shown` what counts; `last` the period before."""

    key: str
    label: str
    measure: Measure
    sign: str = ""
    is_input: bool = False
    is_override: bool = False
    is_total: bool = False
    is_open: bool = False
    required: bool = False
    shown: str = ""
    text: str = ""
    reason: str = ""
    stated_beside: str = ""
    last: str = ""
    url: str = ""
    notes: list[str] = field(default_factory=list)
    comments: Sequence[Any] = ()
    faults: list[dict[str, str]] = field(default_factory=list)
    error: str = ""
    theirs: str | None = None
    column: str = ""


@dataclass
class ShownBlock:
    """A block, with what its template asks for."""

    type: str
    key: str
    label: str
    cells: list[ShownCell] = field(default_factory=list)
    columns: list[Any] = field(default_factory=list)
    rows: list[Any] = field(default_factory=list)
    text: str = ""
    guidance: str = ""
    required: bool = False
    most: int | None = None
    options: Sequence[Any] = ()
    chosen: str = ""
    last: str = ""
    points: list[Any] = field(default_factory=list)
    measure: str = ""
    places: int = 0
    comments: Sequence[Any] = ()
    faults: list[dict[str, str]] = field(default_factory=list)
    error: str = ""
    theirs: str | None = None

    @property
    def template(self) -> str:
        return f"reports/blocks/{self.type}.html"

    @property
    def is_small(self) -> bool:
        return sum(1 for _cell in self.all_cells()) <= SMALL_TABLE

    @property
    def has_last(self) -> bool:
        return any(cell.last for cell in self.all_cells())

    def all_cells(self) -> Iterator[ShownCell]:
        """The cells of figures and of a table."""
        yield from self.cells
        if self.type == "table":
            for row in self.rows:
                yield from row["cells"]


@dataclass
class ShownSection:
    """A section with its number in Roman."""

    key: str
    number: str
    heading: str
    blocks: list[ShownBlock]


ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")


def roman(number: int) -> str:
    """A section's number as papers write it; plain digits beyond fifteen."""
    return ROMAN[number - 1] if number <= len(ROMAN) else str(number)


def sections_shown(layout: Layout, cell: Callable[[Cell], ShownCell]) -> list[ShownSection]:
    """A layout as a page shows it; `cell` makes each of its cells."""
    return [
        ShownSection(section.key, roman(number), section.heading, [_block(one, cell) for one in section.blocks])
        for number, section in enumerate(layout.sections, start=1)
    ]


def _block(block: Block, cell: Callable[[Cell], ShownCell]) -> ShownBlock:
    shown = ShownBlock(
        block.type,
        block.key,
        block.label,
        guidance=block.guidance,
        required=block.required,
        most=block.most,
        options=block.options,
    )
    if block.type == "figures":
        shown.cells = [cell(one) for one in block.cells]
    elif block.type == "table":
        shown.columns = [{"key": key, "label": label} for key, label in block.columns]
        by_row: dict[str, list[Cell]] = {}
        for one in block.cells:
            by_row.setdefault(one.row, []).append(one)
        shown.rows = [_table_row(key, cells, cell) for key, cells in by_row.items()]
    return shown


def _table_row(key: str, cells: Sequence[Cell], cell: Callable[[Cell], ShownCell]) -> dict[str, Any]:
    """A row of a table. What is said of its cells stands beneath it, each sentence once."""
    made = [cell(one) for one in cells]
    faults = {one["words"]: one for shown in made for one in shown.faults}
    said = list(dict.fromkeys(note for shown in made for note in shown.notes))
    reasons = [
        _("%(column)s: %(why)s") % {"column": shown.column, "why": shown.reason} for shown in made if shown.reason
    ]
    beside = any(shown.error or shown.theirs is not None or shown.comments for shown in made)
    return {
        "key": key.rpartition(".")[2],
        "label": cells[0].label,
        "sign": made[0].sign,
        "required": cells[0].required,
        "cells": made,
        "faults": list(faults.values()),
        "said": [*said, *reasons],
        "notes": bool(beside or faults or said or reasons),
    }


def cell_label(cell: Cell) -> str:
    """What a cell is called where it stands alone: row and column."""
    return f"{cell.label}, {cell.column}" if cell.column else cell.label


def preview_shown(found: Preview) -> list[ShownSection]:
    """The sheet of a form before anybody fills it."""

    def cell(one: Cell) -> ShownCell:
        meaning = found.known[one.indicator]
        value = found.figures.get((one.indicator, one.by))
        return ShownCell(
            f"xem-{one.key}",
            cell_label(one),
            meaning.shown_in,
            sign=in_words(meaning.shown_in.sign),
            is_input=meaning.kind == "base",
            required=one.required,
            shown=write_value(value, meaning.shown_in, decimals=meaning.decimals),
            notes=[] if meaning.kind == "base" else [_("Tự tính từ các số khác")],
            column=one.column,
        )

    return sections_shown(found.layout, cell)


# ---- the sheet of one report ------------------------------------------------------------------------


@dataclass
class ShownSheet:
    """The sheet of one report as its page shows it.

    `kept` is the text of every field as it is kept now, under the names of the fields; `places` are the parts in words.
    """

    sections: list[ShownSection]
    inputs: list[ShownCell]
    kept: dict[str, str]
    places: set[str]
    known: int
    expected: int
    faults: list[dict[str, Any]]
    remarks: list[dict[str, str]]
    whole_comments: Sequence[Any]
    labels: dict[str, str]
    anchors: dict[str, str]

    def label(self, key: str) -> str:
        """What a cell or a part in words is called."""
        return self.labels.get(key, key)

    def anchor(self, key: str) -> str:
        """Where on the page a cell or a part in words is; nothing for what is nowhere."""
        return self.anchors.get(key, "")


@dataclass(frozen=True)
class Brought:
    """What a page brings back: what was typed, by the names of fields; why it cannot be kept; what others kept."""

    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)
    theirs: Mapping[str, str] = field(default_factory=dict)


def shown_sheet(
    sheet: Sheet,
    *,
    user: User | None = None,
    fed: Mapping[str, int] | None = None,
    brought: Brought | None = None,
) -> ShownSheet:
    """The sheet of a report in the reader's words; `fed` says into how many forms each cell has gone.

    Without a reader it names no tasks and obstacles: enough to read what was typed.
    """
    back = brought or Brought()
    by_cell: dict[str, list[dict[str, str]]] = {}
    for finding in sheet.findings:
        for key in finding.keys:
            by_cell.setdefault(key, []).append({"level": finding.level, "words": say(finding.error)})
    made: dict[str, ShownCell] = {}

    def cell(one: Cell) -> ShownCell:
        made[one.key] = _cell(sheet, sheet.cells[one.key], fed or {}, back)
        made[one.key].faults = by_cell.get(one.key, [])
        return made[one.key]

    sections = sections_shown(sheet.layout, cell)
    blocks = {block.key: block for section in sections for block in section.blocks}
    layout_blocks = {block.key: block for block in sheet.layout.blocks}
    for key, block in blocks.items():
        _fill_block(block, layout_blocks[key], sheet, back)
        block.faults = by_cell.get(key, [])
        if user is not None and block.type in COMING_BY_ITSELF:
            block.rows = COMING_BY_ITSELF[block.type](user, sheet)
    worded = {key for key, block in layout_blocks.items() if block.is_worded}
    labels = {key: one.label for key, one in made.items()} | {key: block.label for key, block in blocks.items()}
    anchors = {key: f"f-{key}" for key in made} | {key: f"{'n' if key in worded else 'b'}-{key}" for key in blocks}
    inputs = [one for one in made.values() if one.is_input]
    return ShownSheet(
        sections=sections,
        inputs=inputs,
        kept=_kept(sheet, inputs, worded),
        places=worded,
        known=sheet.known,
        expected=sheet.expected,
        faults=[_finding(one.level, say(one.error), one.keys, labels, anchors) for one in sheet.findings],
        remarks=[
            {"text": comment.text, "anchor": anchors.get(key, ""), "label": labels.get(key, "")}
            for key, comments in sheet.comments.items()
            for comment in comments
            if comment.settled_at is None
        ],
        whole_comments=sheet.comments.get("", ()),
        labels=labels,
        anchors=anchors,
    )


def _finding(
    level: str, words: str, keys: Sequence[str], labels: Mapping[str, str], anchors: Mapping[str, str]
) -> dict[str, Any]:
    links = [{"anchor": anchors[key], "label": labels[key]} for key in keys if key in anchors]
    return {"level": level, "words": words, "links": links[:4]}


def exact(value: int | None, measure: Measure) -> str:
    """A whole number of what is counted as it is typed: no digit is lost to rounding."""
    if value is None:
        return ""
    decimals = len(str(measure.scale)) - 1
    text = write_value(value, measure, decimals=decimals)
    return text.rstrip("0").rstrip(",") if decimals and "," in text else text


def _kept(sheet: Sheet, inputs: Sequence[ShownCell], worded: set[str]) -> dict[str, str]:
    kept = {}
    for one in inputs:
        told = sheet.cells[one.key]
        kept[FIGURE + one.key] = exact(told.stated, one.measure)
        if one.is_override:
            kept[REASON + one.key] = told.reason
    return kept | {WORDS + key: sheet.words.get(key, "") for key in worded}


def _cell(sheet: Sheet, told: SheetCell, fed: Mapping[str, int], back: Brought) -> ShownCell:
    key, measure = told.cell.key, told.meaning.shown_in
    stated = exact(told.stated, measure)
    shown = _written(told.value, told.meaning)
    is_total = not told.is_own
    elsewhere = bool(told.elsewhere and told.stated is None)
    made = ShownCell(
        key,
        cell_label(told.cell),
        measure,
        sign=in_words(measure.sign),
        is_input=told.takes_figure,
        is_override=told.takes_figure and (is_total or told.counted is not None or elsewhere),
        is_total=is_total,
        required=told.cell.required,
        shown=shown,
        text=back.typed.get(FIGURE + key, stated),
        reason=back.typed.get(REASON + key, told.reason),
        last=_written(told.last, told.meaning),
        error=back.wrong.get(key, ""),
        theirs=back.theirs.get(FIGURE + key),
        comments=sheet.comments.get(key, ()),
        column=told.cell.column,
    )
    made.is_open = bool(made.text or made.error)
    if told.is_remark:
        made.stated_beside = stated
    if told.value.value is not None:
        made.url = _source(sheet, told)
    made.notes = _notes(told, fed.get(key, 0))
    return made


def _source(sheet: Sheet, told: SheetCell) -> str:
    unit = sheet.unit
    if is_draft(sheet) and told.is_own and told.counted is None:
        return ""  # what is typed and not sent yet is nowhere else
    return source_page(unit.key, told.cell.indicator, sheet.period, told.cell.by)


def is_draft(sheet: Sheet) -> bool:
    """Whether the figures of the report have not reached the totals."""
    return sheet.submission.state in ("waiting", "draft")


def _written(value: Value, meaning: Definition) -> str:
    return write_value(value.value, meaning.shown_in, decimals=meaning.decimals)


def _notes(told: SheetCell, fed: int) -> list[str]:
    """What a reader wants to know of a number, in a few words each."""
    notes = []
    if told.counted is not None:
        counted = write_value(told.counted, told.meaning.shown_in, decimals=told.meaning.decimals)
        notes.append(_("Đếm từ sổ sách: %(number)s") % {"number": counted})
    if told.elsewhere and told.stated is None:
        notes.append(_("Đã có từ báo cáo khác"))
    if not told.takes_figure:
        notes.append(_("Tự tính từ các số khác") if told.meaning.kind != "base" else _("Cấp này không báo số này"))
    elif not told.is_own and told.value.expected:
        words = _("%(reported)s/%(expected)s đơn vị đã có số")
        notes.append(words % {"reported": told.value.reported, "expected": told.value.expected})
    if fed > 1:
        notes.append(ngettext("Đi vào %(count)d biểu", "Đi vào %(count)d biểu", fed) % {"count": fed})
    return notes


def _fill_block(shown: ShownBlock, block: Block, sheet: Sheet, back: Brought) -> None:
    """What a block shows beside its cells."""
    shown.comments = sheet.comments.get(block.key, ())
    shown.error = back.wrong.get(block.key, "")
    if block.is_worded:
        name = WORDS + block.key
        shown.text = back.typed.get(name, sheet.words.get(block.key, ""))
        shown.theirs = back.theirs.get(name)
        shown.last = sheet.last_words.get(block.key, "")
        if block.type == "choice":
            named = dict(block.options)
            shown.chosen, shown.last = named.get(shown.text, ""), named.get(shown.last, "")
    elif block.type == "chart" and block.indicators:
        meaning = sheet.asked.known[block.indicators[0]]
        shown.measure, shown.places = in_words(meaning.shown_in.sign), meaning.decimals
        shown.points = [
            {
                "label": period_words(label) if isinstance(label, Period) else label,
                "value": _number(value, meaning),
            }
            for label, value in sheet.series.get(block.key, ())
        ]
    elif block.type == "units":
        meanings = [sheet.asked.known[code] for code in block.indicators]
        shown.columns = [meaning.name for meaning in meanings]
        shown.rows = [
            {
                "label": str(unit),
                "values": [_written(value, meaning) for value, meaning in zip(values, meanings, strict=True)],
            }
            for unit, values in sheet.units.get(block.key, ())
        ]


def _number(value: Value, meaning: Definition) -> Decimal | None:
    if value.value is None:
        return None
    return round_half_up(meaning.shown_in.shown(value.value), meaning.decimals)


# ---- what comes into a report by itself -------------------------------------------------------------

PROGRESS = ("PLAN.TASKS_DUE", "PLAN.TASKS_DONE", "PLAN.TASKS_OVERDUE", "PLAN.TASKS_DONE_RATE")
MOST_OBSTACLES = 50


def _with_sign(value: Fraction | None, meaning: Definition) -> str:
    measure = meaning.shown_in
    return write_value(value, measure, decimals=meaning.decimals, sign=in_words(measure.sign))


def _progress(user: User, sheet: Sheet) -> list[dict[str, str]]:
    """How the tasks of the period stand, each figure with the page that names them."""
    unit, period = sheet.submission.unit, sheet.period
    known = indicators.meanings_on(period.last, PROGRESS)
    codes = [code for code in PROGRESS if code in known]
    told = indicators.values([unit.pk], [period], codes=codes) if codes else {}
    return [
        {
            "label": known[at.code].name,
            "value": _with_sign(value.value, known[at.code]),
            "url": source_page(unit.key, at.code, period) if value.value is not None else "",
        }
        for at, value in told.items()
    ]


def _obstacles(user: User, sheet: Sheet) -> list[dict[str, str]]:
    """The obstacles that were raised in the period, as far as the reader may see them."""
    rows = collect.rows_beneath(user, "plans.obstacles_reported", unit=sheet.submission.unit, period=sheet.period)
    return [
        {"label": row.title, "url": row.url, "note": f"{row.unit} · {write_date(row.on)}" if row.on else row.unit}
        for row in rows[:MOST_OBSTACLES]
    ]


COMING_BY_ITSELF: Mapping[str, Callable[[User, Sheet], list[dict[str, str]]]] = {
    "progress": _progress,
    "obstacles": _obstacles,
}
