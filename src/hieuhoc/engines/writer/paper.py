"""What can be written: a frozen tree of an official paper, and a table as a form.

Everything is checked when it is built, so that a tree that exists can always be written.
Source: Decree 30/2020/NĐ-CP, Annex I (components, places, sizes) and Annex III (templates).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal

Cell = str | int | Decimal | Fraction | date | None
"""What stands in a cell of a table: words, a count, an amount, a share (`Fraction(45, 100)` is 45 %), a day, nothing.

Nothing (`None`) is written as an empty cell: unknown is not zero.
"""

Align = Literal["left", "centre", "right", "both"]
_ALIGNS = ("left", "centre", "right", "both")


@dataclass(frozen=True)
class Heading:
    """A numbered heading, with its number in the text: "I. MỤC ĐÍCH", "1. Công tác tuyên truyền".

    `level` 0 stands centred on its own lines ("Phần I" and the title after a line break), 1 is in capitals and bold,
    2 bold, 3 and below upright. As a row of a table it spans the table and keeps its own capitals.
    """

    text: str
    level: int = 1

    def __post_init__(self) -> None:
        if not 0 <= self.level <= 6:
            raise ValueError(f"a heading's level is 0 to 6, not {self.level}")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the body: justified, first line indented, unless it is centred or set to a side."""

    text: str
    align: Align = "both"
    bold: bool = False
    italic: bool = False

    def __post_init__(self) -> None:
        _check_align(self.align)


@dataclass(frozen=True)
class Column:
    """A column of a table. Neighbours with the same `group` stand under one common title.

    Units: millimetres; the widths are shares that are stretched or shrunk to fill the width of the text.
    """

    title: str
    width_mm: float
    align: Align = "left"
    group: str = ""

    def __post_init__(self) -> None:
        _check_align(self.align)
        if not self.width_mm > 0:
            raise ValueError(f"column “{self.title}” needs a width above 0 mm")


Row = Heading | Sequence[Cell]


@dataclass(frozen=True)
class Table:
    """A table: a row of cells as long as the columns, or a `Heading` that spans the whole table.

    `number_row` writes (1), (2), (3) … under the titles, as the forms of the State have it.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = ()
    number_row: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", tuple(self.columns))
        object.__setattr__(self, "rows", tuple(row if isinstance(row, Heading) else tuple(row) for row in self.rows))
        if not 1 <= len(self.columns) <= 60:
            raise ValueError("a table has 1 to 60 columns")
        for place, row in enumerate(self.rows, start=1):
            if not isinstance(row, Heading):
                _check_row(row, place, len(self.columns))


Block = Heading | Paragraph | Table


@dataclass(frozen=True)
class Signature:
    """Who signs: `Signature("TM. Ủy ban nhân dân", "KT. Chủ tịch\\nPhó Chủ tịch", "Mai Văn Huỳnh")`.

    Authority and post are written in capitals, a line each; the place for the name stays empty when it is not known.
    """

    authority: str = ""
    post: str = ""
    name: str = ""


@dataclass(frozen=True)
class Annex:
    """An annex (Phụ lục): a part of a paper, or a document of its own. Its pages are numbered from 1.

    `number` is written as a Roman numeral and is left out when there is only one annex. `reference` is the line
    under the title, "(Kèm theo Kế hoạch số 144/KH-UBND ngày … của …)"; leave it empty in an electronic paper.
    """

    title: str
    blocks: tuple[Block, ...]
    number: int | None = None
    reference: str = ""
    signer: Signature | None = None
    landscape: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "blocks", tuple(self.blocks))
        if self.number is not None and not 1 <= self.number <= 399:
            raise ValueError("annexes are numbered 1 to 399")


@dataclass(frozen=True)
class Paper:
    """An official paper by the layout of Decree 30/2020/NĐ-CP.

    `number` is number and symbol ("144/KH-UBND"); "/KH-UBND" leaves room for the number, as a missing `day` does for
    the day. A paper without `kind` is an official letter (công văn): its subject stands under the number after "V/v".
    A line break in `issuer`, `superior`, `kind` or `subject` breaks the line on paper.
    """

    issuer: str
    place: str
    kind: str
    subject: str
    blocks: tuple[Block, ...]
    superior: str = ""
    number: str = ""
    day: date | None = None
    addressed_to: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    signer: Signature | None = None
    annexes: tuple[Annex, ...] = ()
    landscape: bool = False

    def __post_init__(self) -> None:
        for field in ("blocks", "addressed_to", "bases", "recipients", "annexes"):
            value = getattr(self, field)
            if isinstance(value, str):
                raise TypeError(f"{field} is a row of values, not one text")
            object.__setattr__(self, field, tuple(value))


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook, laid out as a form: letterhead, title, lines under it, table, notes, signature.

    `name` stands on the tab (shortened to what Excel takes, made different where two are alike).
    Without `issuer` there is no letterhead; `day` and `place` stand above the signature.
    """

    name: str
    title: str
    table: Table
    superior: str = ""
    issuer: str = ""
    lines: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    place: str = ""
    day: date | None = None
    signer: Signature | None = None
    landscape: bool = True

    def __post_init__(self) -> None:
        for field in ("lines", "notes"):
            value = getattr(self, field)
            if isinstance(value, str):
                raise TypeError(f"{field} is a row of values, not one text")
            object.__setattr__(self, field, tuple(value))


def _check_align(align: str) -> None:
    if align not in _ALIGNS:
        raise ValueError(f"a text stands left, centre, right or both, not “{align}”")


def _check_row(row: Sequence[Cell], place: int, width: int) -> None:
    if len(row) != width:
        raise ValueError(f"row {place} has {len(row)} cells, the table {width} columns")
    for cell in row:
        if isinstance(cell, bool | datetime) or not isinstance(cell, str | int | Decimal | Fraction | date | None):
            raise TypeError(f"row {place}: a cell holds words, a whole number, Decimal, Fraction, date or nothing")
        if isinstance(cell, Decimal) and not cell.is_finite():
            raise ValueError(f"row {place}: {cell} is not an amount")
