"""The layout of a form version as sheets: to be filled in by one unit, or to put many units side by side."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from hieuhoc.engines.writer import forms
from hieuhoc.engines.writer.consolidated import Measured, Part
from hieuhoc.engines.writer.forms import Box, Choice, Entry, Grid, Line, Number
from hieuhoc.kernel.errors import HouseError
from hieuhoc.registers.indicators import rules as indicators
from hieuhoc.reports.rules.layout import Block, Cell, Layout, Meanings

REASON = "#reason"
"""Behind the key of a row: the cell in which its reason is written."""
Typed = Callable[[indicators.Definition], bool]


@dataclass(frozen=True)
class Standing:
    """What stands in a cell now: its value, the last period's value, and the reason given."""

    value: Number | None = None
    previous: Number | None = None
    reason: str = ""
    note: str = ""


@dataclass(frozen=True)
class Sheets:
    """What makes the sheets of a form: its layout, what its indicators mean, which of its numbers a unit states itself,
    and what stands in it.
    """

    layout: Layout
    meanings: Meanings
    typed: Typed
    standing: Mapping[str, Standing] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    def sections(self) -> tuple[forms.Section, ...]:
        """The sheets to be filled in. What nobody fills in (charts, progress, obstacles) has no place on them."""
        formulas = _formulas(self.layout.cells, self.meanings)
        made = []
        for section in self.layout.sections:
            blocks = [found for block in section.blocks if (found := self._block(block, formulas))]
            if blocks:
                made.append(forms.Section(section.heading, tuple(blocks)))
        return tuple(made)

    def _block(self, block: Block, formulas: Mapping[str, str]) -> forms.Block | None:
        if block.type == "narrative":
            return Box(block.key, block.label, block.guidance, self.words.get(block.key, ""), block.most)
        if block.type == "choice":
            return Choice(block.key, block.label, block.options, self.words.get(block.key, ""))
        if not block.cells:
            return None
        rows: dict[str, list[Cell]] = {}
        for cell in block.cells:
            rows.setdefault(cell.row, []).append(cell)
        columns = tuple(label for _key, label in block.columns) or ("Số liệu",)
        return Grid(block.label, columns, tuple(self._line(row, formulas) for row in rows.values()))

    def _line(self, row: list[Cell], formulas: Mapping[str, str]) -> Line:
        entries = tuple(self._entry(cell, formulas.get(cell.key, "")) for cell in row)
        first, is_typed = row[0], any(entry.way == "typed" for entry in entries)
        reasons = [found.reason for cell in row if (found := self.standing.get(cell.key)) and found.reason]
        return Line(
            first.label,
            _measure(self.meanings[first.indicator]),
            entries,
            f"{first.row}{REASON}" if is_typed else "",
            reasons[0] if is_typed and reasons else "",
        )

    def _entry(self, cell: Cell, formula: str) -> Entry:
        meaning, now = self.meanings[cell.indicator], self.standing.get(cell.key, Standing())
        if meaning.kind == indicators.BASE:
            way: forms.Way = "typed" if self.typed(meaning) else "closed"
            return Entry(cell.key, way, now.value, cell.least, cell.most, previous=now.previous, note=now.note)
        return Entry(
            cell.key,
            "computed" if formula else "closed",
            now.value,
            formula=formula,
            decimals=meaning.decimals,
            previous=now.previous,
            note=now.note,
        )


def _measure(meaning: indicators.Definition) -> str:
    """In what a number is written: money in đồng, whatever the screen shows, for that is what is counted."""
    shown_in = meaning.shown_in
    return shown_in.name if shown_in.scale == 1 else shown_in.dimension.words


def _formulas(cells: Iterable[Cell], meanings: Meanings) -> dict[str, str]:
    """The formula of each derived number whose parts stand on the form as well, by key."""
    asked = list(cells)
    keys = {(cell.indicator, cell.by): cell.key for cell in asked}

    def cell_of(code: str, by: str, back: int) -> str:
        if back:
            raise KeyError(code)  # another period's figures are on another form
        return f"{{{keys[code, by]}}}"

    def formula_of(code: str) -> indicators.Node | None:
        return meanings[code].node

    found = {}
    for cell in asked:
        if meanings[cell.indicator].node is not None:
            with suppress(KeyError, HouseError):
                opened = indicators.expand(indicators.Reference(cell.indicator, cell.by), formula_of)
                found[cell.key] = indicators.as_excel(opened, cell_of)
    return found


def parts_of(layout: Layout, meanings: Meanings) -> tuple[Part, ...]:
    """The sheets that put many units side by side: a column for each number of the form."""
    formulas = _formulas(layout.cells, meanings)
    made = []
    for section in layout.sections:
        columns = [
            _column(block, cell, meanings[cell.indicator], formulas.get(cell.key, ""))
            for block in section.blocks
            for cell in block.cells
        ]
        if columns:
            made.append(Part(section.heading, tuple(columns)))
    return tuple(made)


def _column(block: Block, cell: Cell, meaning: indicators.Definition, formula: str) -> Measured:
    group, title = (cell.label, cell.column) if cell.column else (block.label, cell.label)
    if measure := _measure(meaning):
        title = f"{title} ({measure})"
    if meaning.kind != indicators.BASE:
        return Measured(cell.key, title, group, "ratio" if formula else "given", formula, meaning.decimals)
    return Measured(cell.key, title, group, "sum" if meaning.over_places == "sum" else "given")
