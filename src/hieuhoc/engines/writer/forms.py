"""A form to be filled in by hand, as a workbook: what stands on it, and in which cell each entry is.

`places` is the one truth about positions: the workbook is written by it (`form_workbook`), and whoever reads a filled
one finds the entries by it. It depends on the shape of the form alone, never on its values, so that a form handed out
in October can be read in December.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from hieuhoc.engines.writer.texts import clean

STAMP_SHEET = "HieuHoc"
Way = Literal["typed", "computed", "closed"]
Number = int | Fraction


@dataclass(frozen=True)
class Entry:
    """One number of a form.

    `way`: typed by hand, computed by `formula` (as Excel has it, but with the keys of other entries in braces for their
    cells: "={a}+{b}"), or closed: shown only.
    Units: whole numbers are typed; `decimals` is for what is computed or shown. `previous` is the last period's.
    `note` is shown beside the cell and is no part of what is filled in.
    """

    key: str
    way: Way = "typed"
    value: Number | None = None
    least: int | None = 0
    most: int | None = None
    formula: str = ""
    decimals: int = 0
    previous: Number | None = None
    note: str = ""


@dataclass(frozen=True)
class Line:
    """A row of a grid. With a `reason_key` there is room at its end to say why a number is not the counted one."""

    label: str
    measure: str
    entries: tuple[Entry, ...]
    reason_key: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Grid:
    """A table of numbers; single figures are a grid of one column."""

    label: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Box:
    """Room for words. Units: `most` characters."""

    key: str
    label: str
    guidance: str = ""
    text: str = ""
    most: int = 4000


@dataclass(frozen=True)
class Choice:
    """One of some answers, each a value and its words."""

    key: str
    label: str
    options: tuple[tuple[str, str], ...]
    value: str = ""


Block = Grid | Box | Choice


@dataclass(frozen=True)
class Section:
    """A sheet of the workbook."""

    heading: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Stamp:
    """Which form this is, for whom and for when: codes, looked at when it comes back; the names are for people."""

    form: str
    version: str
    unit: str
    period: str
    unit_name: str = field(default="", compare=False)
    period_name: str = field(default="", compare=False)


@dataclass(frozen=True)
class Form:
    """A form of one unit in one period. `lines` stand beneath the title, `notes` at the end of the first sheet."""

    stamp: Stamp
    title: str
    sections: tuple[Section, ...]
    superior: str = ""
    issuer: str = ""
    lines: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


Kind = Literal["whole", "words", "choice", "label"]


@dataclass(frozen=True)
class Place:
    """A cell that is looked at when a form comes back: an entry, or the label by which its row is known.

    `row` and `column` count from 0. `label` names the entry for a reader: row and column of the table.
    """

    sheet: str
    row: int
    column: int
    kind: Kind
    key: str
    label: str
    least: int | None = None
    most: int | None = None
    options: tuple[tuple[str, str], ...] = ()

    @property
    def reference(self) -> str:
        """The cell as it is called in Excel: "D12"."""
        return f"{column_letters(self.column)}{self.row + 1}"


HEAD_ROWS = 8
"""Letterhead, title, two lines, the unit, and the heading of the section."""
FIRST_VALUE = 3
BESIDE = 6
"""Up to so many columns of numbers, the last period's stand beside them; with more, they show at the cell itself."""


def column_letters(column: int) -> str:
    """The name of a column.

    Example:
        >>> column_letters(0), column_letters(25), column_letters(26), column_letters(701)
        ('A', 'Z', 'AA', 'ZZ')
    """
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def shows_previous(grid: Grid) -> bool:
    return len(grid.columns) <= BESIDE


def last_column(section: Section) -> int:
    """The last column of a sheet, common to all its blocks; reasons stand in it where there is room for them."""
    grids = [block for block in section.blocks if isinstance(block, Grid)]
    numbers = max([2, *(len(grid.columns) * (2 if shows_previous(grid) else 1) for grid in grids)])
    has_reasons = any(line.reason_key for grid in grids for line in grid.lines)
    return FIRST_VALUE + numbers - 1 + has_reasons


def block_rows(block: Block) -> int:
    """How many rows a block takes, the empty one behind it included."""
    if isinstance(block, Grid):
        return 2 + len(block.lines) + 1
    if isinstance(block, Box):
        return 1 + bool(block.guidance) + 2
    return 2


def block_starts(section: Section) -> Iterator[tuple[int, Block]]:
    """Each block with its first row."""
    row = HEAD_ROWS
    for block in section.blocks:
        yield row, block
        row += block_rows(block)


def sheet_names(form: Form) -> list[str]:
    """What stands on the tabs: Roman numbers keep them short, apart and free of signs that Excel forbids."""
    return [f"Phần {number}" for number, _section in enumerate(form.sections, start=1)]


def places(form: Form) -> list[Place]:
    """Every entry of a form and every label of its tables, in the order of the sheets."""
    found: list[Place] = []
    for name, section in zip(sheet_names(form), form.sections, strict=True):
        for row, block in block_starts(section):
            if isinstance(block, Grid):
                found += _grid_places(name, row, block, last_column(section))
            elif isinstance(block, Box):
                input_row = row + 1 + bool(block.guidance)
                found.append(Place(name, row, 0, "label", "", clean(block.label)))
                found.append(Place(name, input_row, 0, "words", block.key, clean(block.label), most=block.most))
            else:
                label = clean(block.label)
                found.append(Place(name, row, 0, "label", "", label))
                found.append(Place(name, row, FIRST_VALUE, "choice", block.key, label, options=block.options))
    return found


def _grid_places(sheet: str, first: int, grid: Grid, last: int) -> Iterator[Place]:
    for row, line in enumerate(grid.lines, start=first + 2):
        label = clean(line.label)
        yield Place(sheet, row, 1, "label", "", label)
        for place, entry in enumerate(line.entries):
            if entry.way != "typed":
                continue
            named = f"{label}, {clean(grid.columns[place])}" if len(grid.columns) > 1 else label
            yield Place(sheet, row, FIRST_VALUE + place, "whole", entry.key, named, entry.least, entry.most)
        if line.reason_key:
            yield Place(sheet, row, last, "words", line.reason_key, label, most=1000)


def shape(found: Sequence[Place]) -> str:
    """A short digest of where everything is: a form written by another edition of this engine has another."""
    told = "\n".join(f"{one.sheet}!{one.reference} {one.kind} {one.key}" for one in found if one.kind != "label")
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def entries(form: Form) -> Iterator[tuple[str, int, int, Entry]]:
    """Every number of a form with its sheet, row and column, whether typed or not."""
    for name, section in zip(sheet_names(form), form.sections, strict=True):
        for first, block in block_starts(section):
            if isinstance(block, Grid):
                for row, line in enumerate(block.lines, start=first + 2):
                    for place, entry in enumerate(line.entries):
                        yield name, row, FIRST_VALUE + place, entry
