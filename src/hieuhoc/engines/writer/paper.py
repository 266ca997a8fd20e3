"""What can be written: a frozen tree of an official paper, and a table as a form.

Everything is checked when it is built, so that a tree that exists can always be written, as Word or as PDF.
Source: Decree 30/2020/NĐ-CP, Annex I (components, places, sizes) and Annex III (templates).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal

_URL = re.compile(r"(https?://|mailto:)[^\s<>\"{}|\\^`\x00-\x20\x7f-\xa0]{1,2000}")
_PNG = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True)
class Run:
    """A piece of a text that is bold or italic, or leads to a page: `Run("45 lớp", url="https://…")`."""

    text: str
    bold: bool = False
    italic: bool = False
    url: str = ""

    def __post_init__(self) -> None:
        _check_url(self.url)


Words = str | tuple[Run | str, ...]
"""A text, or the pieces that make it up."""

Amount = int | Decimal | Fraction
"""A count, an amount, a share of one (`Fraction(45, 100)` is 45 %)."""

Value = str | Amount | date | None


@dataclass(frozen=True)
class Figure:
    """A figure in a table that leads to its source page; `mark` points to a remark below the table ("1" is ⁽¹⁾)."""

    value: Value
    url: str = ""
    mark: str = ""

    def __post_init__(self) -> None:
        _check_url(self.url)


Cell = Value | Figure | tuple[Run | str, ...]
"""What stands in a cell of a table: words, a count, an amount, a share (`Fraction(45, 100)` is 45 %), a day, nothing,
any of these with its source page, or words in pieces.

Nothing (`None`) is written as an empty cell: unknown is not zero.
"""

Align = Literal["left", "centre", "right", "both"]
_ALIGNS = ("left", "centre", "right", "both")

Form = Literal["A", "B"]
"""How the parts of a paper are numbered: A as in decisions and regulations (Phần, Chương, Mục, Tiểu mục, Điều, khoản,
điểm: levels 0 to 6), B as in plans and reports (Phần, I., 1., a): levels 0 to 3)."""
_LEVELS: dict[Form, int] = {"A": 6, "B": 3}


@dataclass(frozen=True)
class Heading:
    """A heading, with its number in the text ("I. MỤC ĐÍCH", "1. Công tác tuyên truyền") or counted (`numbered`).

    In form B, `level` 0 stands centred on its own lines ("Phần I" and the title after a line break), 1 is in capitals
    and bold, 2 bold, 3 and below upright; form A is described at `Form`. As a row of a table it spans the table and
    keeps its own capitals.
    """

    text: str
    level: int = 1
    numbered: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.level <= 6:
            raise ValueError(f"a heading's level is 0 to 6, not {self.level}")


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of the body: justified, first line indented, unless it is centred or set to a side.

    `level` counts it like a heading of that level, but leaves it upright: a khoản or điểm without a title, an article
    of a decision. `dash` puts "-" or "+" before it.
    """

    text: Words
    align: Align = "both"
    bold: bool = False
    italic: bool = False
    dash: Literal["", "-", "+"] = ""
    level: int | None = None

    def __post_init__(self) -> None:
        _check_align(self.align)
        object.__setattr__(self, "text", _words(self.text))
        if self.dash not in ("", "-", "+"):
            raise ValueError(f"a dash is “-” or “+”, not “{self.dash}”")
        if self.level is not None and not 0 <= self.level <= 6:
            raise ValueError(f"a level is 0 to 6, not {self.level}")
        if self.dash and self.level is not None:
            raise ValueError("a paragraph has a number or a dash, not both")


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


@dataclass(frozen=True)
class Total:
    """A row of totals: bold."""

    cells: tuple[Cell, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "cells", tuple(self.cells))


Row = Heading | Total | Sequence[Cell]


@dataclass(frozen=True)
class Table:
    """A table: a row of cells as long as the columns, a `Total`, or a `Heading` that spans the whole table.

    `number_row` writes (1), (2), (3) … under the titles, as the forms of the State have it. `caption` stands above,
    `unit` ("Đơn vị tính: người") at the right above, `remarks` below: notes, and why a figure was overridden.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = ()
    number_row: bool = False
    caption: str = ""
    unit: str = ""
    remarks: tuple[Words, ...] = ()

    def __post_init__(self) -> None:
        _set_row(self, "columns", "remarks")
        rows = tuple(row if isinstance(row, Heading | Total) else tuple(row) for row in self.rows)
        object.__setattr__(self, "rows", rows)
        object.__setattr__(self, "remarks", tuple(_words(remark) for remark in self.remarks))
        if not 1 <= len(self.columns) <= 60:
            raise ValueError("a table has 1 to 60 columns")
        for place, row in enumerate(self.rows, start=1):
            if not isinstance(row, Heading):
                _check_row(row.cells if isinstance(row, Total) else row, place, len(self.columns))


@dataclass(frozen=True)
class Series:
    """One row of values of a chart, under its name. `None` leaves a gap: unknown is not zero."""

    name: str
    values: tuple[Amount | None, ...]

    def __post_init__(self) -> None:
        _set_row(self, "values")
        for value in self.values:
            _check_amount(value)


@dataclass(frozen=True)
class Chart:
    """A chart of bars (grouped when there are several series) or lines over the same labels.

    `unit` stands at the axis of values; `alt` says in words what is to be seen, for those who do not see it, and is
    composed when it is empty. Shares (`Fraction`) are drawn in percent.
    Units: `height_mm` in millimetres; the width is that of the text.
    """

    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    kind: Literal["bar", "line"] = "bar"
    unit: str = ""
    alt: str = ""
    height_mm: float = 78

    def __post_init__(self) -> None:
        _set_row(self, "labels", "series")
        if self.kind not in ("bar", "line"):
            raise ValueError(f"a chart has bars or lines, not “{self.kind}”")
        if not 1 <= len(self.labels) <= 200:
            raise ValueError("a chart has 1 to 200 labels")
        if not 1 <= len(self.series) <= 8:
            raise ValueError("a chart has 1 to 8 series")
        if not 40 <= self.height_mm <= 220:
            raise ValueError("a chart is 40 to 220 mm high")
        for one in self.series:
            if len(one.values) != len(self.labels):
                raise ValueError(f"“{one.name}” has {len(one.values)} values, the chart {len(self.labels)} labels")
        kinds = {isinstance(value, Fraction) for one in self.series for value in one.values if value is not None}
        if len(kinds) > 1:
            raise ValueError("a chart shows shares or amounts, not both")


Block = Heading | Paragraph | Table | Chart


@dataclass(frozen=True)
class Signature:
    """Who signs: `Signature("TM. Ủy ban nhân dân", "KT. Chủ tịch\\nPhó Chủ tịch", "Mai Văn Huỳnh")`.

    Authority and post are written in capitals, a line each; the place for the name stays empty when it is not known.
    `hieuhoc.engines.writer.signing.authority` puts them together from a prefix (TM., KT., TL., TUQ., Q.).
    """

    authority: str = ""
    post: str = ""
    name: str = ""


@dataclass(frozen=True)
class Annex:
    """An annex (Phụ lục): a part of a paper, or a document of its own. Its pages are numbered from 1.

    `number` is written as a Roman numeral and is left out when there is only one annex. `reference` is the line
    under the title, "(Kèm theo Kế hoạch số 144/KH-UBND ngày … của …)"; leave it empty in an electronic paper.
    A text that a decision puts in force has its own kind instead ("Quy chế") and no number.
    """

    title: str
    blocks: tuple[Block, ...]
    number: int | None = None
    reference: str = ""
    signer: Signature | None = None
    landscape: bool = True
    form: Form = "B"
    kind: str = "Phụ lục"

    def __post_init__(self) -> None:
        _set_row(self, "blocks")
        _check_form(self.form, self.blocks)
        if self.number is not None and not 1 <= self.number <= 399:
            raise ValueError("annexes are numbered 1 to 399")


@dataclass(frozen=True)
class Paper:
    """An official paper by the layout of Decree 30/2020/NĐ-CP.

    `number` is number and symbol ("144/KH-UBND"); "/KH-UBND" leaves room for the number, as a missing `day` does for
    the day. A paper without `kind` is an official letter (công văn): its subject stands under the number after "V/v".
    A line break in `issuer`, `superior`, `kind` or `subject` breaks the line on paper. `form` says how its parts are
    numbered. A biên bản has a second signer at the left, `cosigner`. `urgency` (hỏa tốc, thượng khẩn, khẩn) and
    `circulation` ("Lưu hành nội bộ") are boxed under the number.
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
    form: Form = "B"
    cosigner: Signature | None = None
    urgency: Literal["", "Hỏa tốc", "Thượng khẩn", "Khẩn"] = ""
    circulation: str = ""

    def __post_init__(self) -> None:
        _set_row(self, "blocks", "addressed_to", "bases", "recipients", "annexes")
        _check_form(self.form, self.blocks)
        if self.urgency not in ("", *URGENCIES):
            raise ValueError(f"a paper is {', '.join(URGENCIES)}, not “{self.urgency}”")


URGENCIES: dict[str, float] = {"Hỏa tốc": 30, "Thượng khẩn": 40, "Khẩn": 20}
"""The stamps of urgency and the length of their boxes in millimetres; all are 8 mm high."""


@dataclass(frozen=True)
class Certificate:
    """A certificate (giấy chứng nhận, bằng khen, giấy khen): one framed page, landscape, the name in large letters.

    `before` stands above the name ("Chủ tịch Ủy ban nhân dân xã … công nhận"), `lines` below it; `entry` is the
    number in the book of certificates. `mark_png` is a picture to check it by (a QR code), with `mark_words` under it.
    """

    issuer: str
    title: str
    name: str
    place: str = ""
    superior: str = ""
    before: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    number: str = ""
    day: date | None = None
    signer: Signature | None = None
    entry: str = ""
    mark_png: bytes = field(default=b"", repr=False)
    mark_words: str = ""

    def __post_init__(self) -> None:
        _set_row(self, "before", "lines")
        if self.mark_png and not self.mark_png.startswith(_PNG):
            raise ValueError("the mark is a picture of the kind PNG")


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
        _set_row(self, "lines", "notes")


def _check_align(align: str) -> None:
    if align not in _ALIGNS:
        raise ValueError(f"a text stands left, centre, right or both, not “{align}”")


def leads_out(url: str) -> bool:
    """Whether a link leads to a page on the web or to a mailbox, and to nothing else."""
    return _URL.fullmatch(url) is not None


def _check_url(url: str) -> None:
    if url and not leads_out(url):
        raise ValueError(f"a link leads to http, https or mailto, not “{url[:80]}”")


def _set_row(holder: object, *names: str) -> None:
    """Keep fields as tuples; a single text is a mistake that would become a row of letters."""
    for name in names:
        value = getattr(holder, name)
        if isinstance(value, str):
            raise TypeError(f"{name} is a row of values, not one text")
        object.__setattr__(holder, name, tuple(value))


def _words(words: Words) -> Words:
    return words if isinstance(words, str) else tuple(words)


def _check_form(form: str, blocks: Iterable[Block]) -> None:
    if form not in ("A", "B"):
        raise ValueError(f"a paper is of form A or B, not “{form}”")
    deepest = _LEVELS["A" if form == "A" else "B"]
    for block in blocks:
        level = block.level if isinstance(block, Paragraph) or (isinstance(block, Heading) and block.numbered) else None
        if level is not None and level > deepest:
            raise ValueError(f"form {form} numbers the levels 0 to {deepest}, not {level}")


def _check_amount(value: object) -> None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction | None):
        raise TypeError("a value is a whole number, Decimal, Fraction or nothing")
    if isinstance(value, Decimal) and not value.is_finite():
        raise ValueError(f"{value} is not an amount")


def _check_row(row: Sequence[Cell], place: int, width: int) -> None:
    if len(row) != width:
        raise ValueError(f"row {place} has {len(row)} cells, the table {width} columns")
    for cell in row:
        if isinstance(cell, tuple):
            if not all(isinstance(piece, Run | str) for piece in cell):
                raise TypeError(f"row {place}: the pieces of a text are runs or words")
            continue
        value = cell.value if isinstance(cell, Figure) else cell
        if isinstance(value, bool | datetime) or not isinstance(value, str | int | Decimal | Fraction | date | None):
            raise TypeError(f"row {place}: a cell holds words, a whole number, Decimal, Fraction, date or nothing")
        if isinstance(value, Decimal) and not value.is_finite():
            raise ValueError(f"row {place}: {value} is not an amount")
