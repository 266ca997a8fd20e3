"""What stands where in one version of a form, checked when it is put in force: nothing downstream asks again.

While a form is being made its layout may be unfinished; `layout_faults` then names every place that is.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from hieuhoc.kernel.errors import HouseError, Invalid
from hieuhoc.kernel.terms import Term
from hieuhoc.registers.indicators import rules as indicators
from hieuhoc.reports.rules.comparing import Comparison, parse_comparison

KINDS: Mapping[str, str] = {
    "narrative": Term("Phần lời"),
    "figures": Term("Số liệu rời"),
    "table": Term("Bảng số liệu"),
    "choice": Term("Chọn một mục"),
    "units": Term("Bảng theo đơn vị"),
    "chart": Term("Biểu đồ"),
    "progress": Term("Tiến độ nhiệm vụ"),
    "obstacles": Term("Khó khăn, vướng mắc"),
}
ERROR, WARNING = "error", "warning"
BASE = "base"
OVER = ("time", "units")
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]*")
MOST_CHARACTERS = 20_000


@dataclass(frozen=True)
class Cell:
    """One number of a form. `key` is its place: "block.cell", in a table "block.row.column"."""

    key: str
    indicator: str
    by: str = ""
    label: str = ""
    column: str = ""
    row: str = ""
    required: bool = False
    least: int | None = 0
    most: int | None = None


@dataclass(frozen=True)
class Block:
    """A part of a section, of one of KINDS."""

    type: str
    key: str
    label: str = ""
    guidance: str = ""
    required: bool = False
    most: int = 4000
    cells: tuple[Cell, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    indicators: tuple[str, ...] = ()
    over: str = "time"

    @property
    def is_worded(self) -> bool:
        """Whether people write or choose something in it."""
        return self.type in ("narrative", "choice")


@dataclass(frozen=True)
class Section:
    """A heading and what stands beneath it."""

    key: str
    heading: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Check:
    """Something that must hold among the figures of a unit: a comparison of two formulas."""

    key: str
    rule: str
    level: str
    words: str
    comparison: Comparison


@dataclass(frozen=True)
class Layout:
    """A form, whole."""

    sections: tuple[Section, ...] = ()
    checks: tuple[Check, ...] = ()

    @property
    def blocks(self) -> Iterator[Block]:
        """Every block, in the order of the page."""
        return (block for section in self.sections for block in section.blocks)

    @property
    def cells(self) -> Iterator[Cell]:
        """Every number, in the order of the page."""
        return (cell for block in self.blocks for cell in block.cells)

    @property
    def codes(self) -> set[str]:
        """Every indicator that is named anywhere in the form."""
        named = {cell.indicator for cell in self.cells}
        for block in self.blocks:
            named |= set(block.indicators)
        for check in self.checks:
            named |= check.comparison.codes
        return named


Meanings: TypeAlias = Mapping[str, indicators.Definition]
Breakdowns: TypeAlias = Mapping[str, indicators.Breakdown]


@dataclass(frozen=True)
class LayoutFault:
    """What is wrong with a layout, and where: the key of a block, of a section, "checks", or nothing."""

    place: str
    error: HouseError


def layout_from(told: Mapping[str, Any], *, known: Meanings, breakdowns: Breakdowns) -> Layout:
    """The layout of a version. Raises: Invalid (field `layout`) with the first fault."""
    layout, faults = _read(told, known, breakdowns)
    if faults:
        raise Invalid("{place}{why}", field="layout", place=_where(told, faults[0].place), why=faults[0].error)
    return layout


def layout_faults(told: Mapping[str, Any], *, known: Meanings, breakdowns: Breakdowns) -> list[LayoutFault]:
    """Everything that keeps a layout from being put in force."""
    return _read(told, known, breakdowns)[1]


def layout_so_far(told: Mapping[str, Any], *, known: Meanings, breakdowns: Breakdowns) -> Layout:
    """The layout as far as it holds together: what is at fault is left out. For previews."""
    return _read(told, known, breakdowns)[0]


def cell_key(block: str, *parts: str) -> str:
    """The key of a cell.

    Example:
        >>> cell_key("xmc", "l1", "nu")
        'xmc.l1.nu'
    """
    return ".".join((block, *parts))


def _where(told: Mapping[str, Any], place: str) -> str:
    for section in told.get("sections") or ():
        for block in section.get("blocks") or ():
            if place and block.get("key") == place:
                return f"{section.get('heading', '')} – {block.get('label') or place}: "
        if place and section.get("key") == place:
            return f"{section.get('heading', '')}: "
    return ""


@dataclass
class _Reading:
    known: Meanings
    breakdowns: Breakdowns
    faults: list[LayoutFault] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)

    def blame(self, place: str, error: HouseError) -> None:
        self.faults.append(LayoutFault(place, error))


def _read(told: Mapping[str, Any], known: Meanings, breakdowns: Breakdowns) -> tuple[Layout, list[LayoutFault]]:
    reading = _Reading(known, breakdowns)
    sections = tuple(_section(one, reading) for one in told.get("sections") or ())
    if not sections:
        reading.blame("", Invalid("Biểu mẫu chưa có mục nào."))
    elif not any(section.blocks for section in sections):
        reading.blame("", Invalid("Biểu mẫu chưa có phần nào."))
    checks = tuple(found for one in told.get("checks") or () if (found := _check(one, reading)))
    return Layout(sections, checks), reading.faults


def _section(told: Mapping[str, Any], reading: _Reading) -> Section:
    key, heading = str(told.get("key", "")), str(told.get("heading", "")).strip()
    _check_key(key, key, reading)
    if not heading:
        reading.blame(key, Invalid("Mục chưa có tên."))
    blocks = tuple(found for one in told.get("blocks") or () if (found := _block(one, reading)))
    return Section(key, heading, blocks)


def _check_key(key: str, place: str, reading: _Reading) -> None:
    if not _KEY.fullmatch(key):
        reading.blame(place, Invalid("Khóa “{key}” chỉ gồm chữ không dấu, số, gạch.", key=key))
    elif key in reading.keys:
        reading.blame(place, Invalid("Khóa “{key}” có hai lần.", key=key))
    reading.keys.add(key)


def _block(told: Mapping[str, Any], reading: _Reading) -> Block | None:
    key, kind = str(told.get("key", "")), str(told.get("type", ""))
    if kind not in KINDS:
        reading.blame(key, Invalid("Không có loại phần “{kind}”.", kind=kind))
        return None
    _check_key(key, key, reading)
    label = str(told.get("label", "")).strip()
    if kind == "narrative":
        most = min(int(told.get("most") or 4000), MOST_CHARACTERS)
        return Block(kind, key, label, str(told.get("guidance", "")), bool(told.get("required")), most)
    if kind == "choice":
        return _choice(told, key, label, reading)
    if kind == "figures":
        return _figures(told, key, label, reading)
    if kind == "table":
        return _table(told, key, label, reading)
    if kind in ("units", "chart"):
        return _drawn(told, key, label, reading)
    return Block(kind, key, label)


def _choice(told: Mapping[str, Any], key: str, label: str, reading: _Reading) -> Block:
    options = tuple((str(code), str(words)) for code, words in told.get("options") or ())
    if len(options) < 2:
        reading.blame(key, Invalid("Danh sách để chọn phải có ít nhất hai mục."))
    if len({code for code, _words in options}) != len(options):
        reading.blame(key, Invalid("Có hai mục cùng khóa trong danh sách để chọn."))
    return Block("choice", key, label, required=bool(told.get("required")), options=options)


def _figures(told: Mapping[str, Any], key: str, label: str, reading: _Reading) -> Block:
    rows = told.get("cells") or ()
    if not rows:
        reading.blame(key, Invalid("Phần này chưa có ô số liệu nào."))
    _check_inner(rows, key, reading)
    cells = (_cell(row, {}, key, (str(row.get("key", "")),), reading) for row in rows)
    return Block("figures", key, label, cells=tuple(cell for cell in cells if cell))


def _table(told: Mapping[str, Any], key: str, label: str, reading: _Reading) -> Block:
    columns, rows = told.get("columns") or (), told.get("rows") or ()
    if not columns or not rows:
        reading.blame(key, Invalid("Bảng phải có ít nhất một cột và một dòng."))
    _check_inner(columns, key, reading)
    _check_inner(rows, key, reading)
    cells = []
    for row in rows:
        for column in columns:
            place = (str(row.get("key", "")), str(column.get("key", "")))
            if cell := _cell(row, column, key, place, reading):
                cells.append(cell)
    named = tuple((str(column.get("key", "")), str(column.get("label", ""))) for column in columns)
    return Block("table", key, label, cells=tuple(cells), columns=named)


def _check_inner(rows: Sequence[Mapping[str, Any]], block: str, reading: _Reading) -> None:
    """The keys of cells, rows or columns within a block."""
    keys = [str(row.get("key", "")) for row in rows]
    for key in keys:
        if not _KEY.fullmatch(key):
            reading.blame(block, Invalid("Khóa “{key}” chỉ gồm chữ không dấu, số, gạch.", key=key))
    for key in {key for key in keys if keys.count(key) > 1}:
        reading.blame(block, Invalid("Khóa “{key}” có hai lần.", key=key))


def _cell(
    row: Mapping[str, Any], column: Mapping[str, Any], block: str, place: tuple[str, ...], reading: _Reading
) -> Cell | None:
    code = str(row.get("indicator", ""))
    meaning = reading.known.get(code)
    if meaning is None:
        reading.blame(block, Invalid("Không có chỉ số {code} đang dùng.", code=code or "…"))
        return None
    try:
        chosen = indicators.chosen_by(str(row.get("by", ""))) | indicators.chosen_by(str(column.get("by", "")))
        by = indicators.write_by(chosen)
        indicators.check_by(by, breakdowns=meaning.breakdowns, known=reading.breakdowns)
    except HouseError as error:
        reading.blame(block, error)
        return None
    least, most = row.get("least", 0), row.get("most")
    if least is not None and most is not None and least > most:
        reading.blame(block, Invalid("{code}: số nhỏ nhất lớn hơn số lớn nhất.", code=code))
    return Cell(
        cell_key(block, *place),
        code,
        by,
        str(row.get("label", "")).strip() or meaning.name,
        str(column.get("label", "")).strip(),
        cell_key(block, place[0]),
        bool(row.get("required")) and meaning.kind == BASE,
        least,
        most,
    )


def _drawn(told: Mapping[str, Any], key: str, label: str, reading: _Reading) -> Block:
    kind = str(told["type"])
    codes = tuple(told.get("indicators") or ()) if kind == "units" else (str(told.get("indicator", "")),)
    if not any(codes):
        reading.blame(key, Invalid("Hãy chọn chỉ số cho phần này."))
        codes = ()
    for code in codes:
        if code not in reading.known:
            reading.blame(key, Invalid("Không có chỉ số {code} đang dùng.", code=code))
    over = str(told.get("over", "time"))
    if over not in OVER:
        reading.blame(key, Invalid("Biểu đồ vẽ theo thời gian hoặc theo đơn vị."))
    return Block(kind, key, label, indicators=tuple(code for code in codes if code in reading.known), over=over)


def _check(told: Mapping[str, Any], reading: _Reading) -> Check | None:
    key, rule, words = (str(told.get(name, "")).strip() for name in ("key", "rule", "words"))
    level = str(told.get("level") or ERROR)
    try:
        comparison = parse_comparison(rule)
        for code in sorted(comparison.codes):
            if code not in reading.known:
                raise Invalid("Không có chỉ số {code} đang dùng.", code=code)
    except HouseError as error:
        reading.blame("checks", Invalid("Điều phải đúng “{rule}”: {why}", rule=rule, why=error))
        return None
    if level not in (ERROR, WARNING):
        reading.blame("checks", Invalid("Mức của điều phải đúng là lỗi hoặc nhắc."))
        return None
    return Check(key, rule, level, words, comparison)
