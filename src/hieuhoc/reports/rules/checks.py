"""Checks of one unit's figures, each of which explains itself: what stands where, and why that cannot be, or is odd.

An error keeps a report from being handed in. A warning does not: whoever reviews it sees it too.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from hieuhoc.kernel.errors import Invalid
from hieuhoc.registers.indicators import rules as indicators
from hieuhoc.reports.rules.layout import BASE, ERROR, WARNING, Block, Breakdowns, Cell, Layout, Meanings

# A figure that is this many times the last period's, or this part of it, is asked about; small ones are let be.
JUMP = Fraction(2)
SMALL = 20

Figure = Callable[[str, str, int], Fraction | int | None]
"""The figure of an indicator, its part, and how many periods back; None where it is unknown."""


@dataclass(frozen=True)
class Finding:
    """What a check has found: which cells it speaks of, how grave it is, and the sentence."""

    level: str
    keys: tuple[str, ...]
    error: Invalid

    @property
    def is_error(self) -> bool:
        return self.level == ERROR


def run_checks(layout: Layout, *, known: Meanings, breakdowns: Breakdowns, figure: Figure) -> list[Finding]:
    """Everything that is wrong or odd in the figures of one unit."""
    found: list[Finding] = []
    for cell in layout.cells:
        found += _of_cell(cell, known, figure)
    found += _of_parts(layout, known, breakdowns, figure)
    found += _of_rules(layout, known, figure)
    return found


def missing(layout: Layout, *, is_asked: Callable[[Cell], bool], figure: Figure) -> list[Finding]:
    """Cells that must be filled and are not."""
    return [
        Finding(ERROR, (cell.key,), Invalid("“{label}” chưa có số liệu. Nếu không có thì ghi 0.", label=_name(cell)))
        for cell in layout.cells
        if cell.required and is_asked(cell) and figure(cell.indicator, cell.by, 0) is None
    ]


def _of_cell(cell: Cell, known: Meanings, figure: Figure) -> Iterator[Finding]:
    meaning, value = known[cell.indicator], figure(cell.indicator, cell.by, 0)
    if value is None or meaning.kind != BASE:
        return
    for bound, template in ((cell.least, "nhỏ hơn"), (cell.most, "lớn hơn")):
        if bound is None or (value >= bound if template == "nhỏ hơn" else value <= bound):
            continue
        sentence = (
            "“{label}” là {value}, nhỏ hơn mức nhỏ nhất {bound}."
            if template == "nhỏ hơn"
            else "“{label}” là {value}, lớn hơn mức lớn nhất {bound}."
        )
        written = {"value": _written(value, meaning), "bound": _written(bound, meaning)}
        yield Finding(ERROR, (cell.key,), Invalid(sentence, label=_name(cell), **written))
    before = figure(cell.indicator, cell.by, 1)
    if before is not None and _jumps(Fraction(before), Fraction(value)):
        written = {"value": _written(value, meaning), "before": _written(before, meaning)}
        sentence = "“{label}” là {value}, kỳ trước là {before}: đổi rất nhiều. Hãy xem lại, hoặc nêu lý do."
        yield Finding(WARNING, (cell.key,), Invalid(sentence, label=_name(cell), **written))


def _jumps(before: Fraction, now: Fraction) -> bool:
    """Whether a figure has more than doubled or halved, and by more than a few."""
    if abs(now - before) < SMALL:
        return False
    return now > before * JUMP or now * JUMP < before


def _of_parts(layout: Layout, known: Meanings, breakdowns: Breakdowns, figure: Figure) -> Iterator[Finding]:
    """A part is not more than the whole; parts that make the whole add up to it."""
    asked: dict[str, dict[str, Cell]] = {}
    for cell in layout.cells:
        asked.setdefault(cell.indicator, {})[cell.by] = cell
    for code, cells in asked.items():
        if known[code].kind != BASE:
            continue
        whole = figure(code, "", 0)
        for by, cell in cells.items():
            value = figure(code, by, 0)
            if by and whole is not None and value is not None and value > whole:
                written = {"value": _written(value, known[code]), "whole": _written(whole, known[code])}
                keys = (cell.key, *((cells[""].key,) if "" in cells else ()))
                sentence = "“{label}” ({column}) là {value}, lớn hơn tổng số {whole}."
                named = {"label": cell.label, "column": cell.column or by}
                yield Finding(ERROR, keys, Invalid(sentence, **named, **written))
        yield from _sums(code, cells, known[code], breakdowns, figure)


def _sums(
    code: str, cells: Mapping[str, Cell], meaning: indicators.Definition, breakdowns: Breakdowns, figure: Figure
) -> Iterator[Finding]:
    for name in meaning.breakdowns:
        breakdown = breakdowns.get(name)
        if breakdown is None or not breakdown.is_complete:
            continue
        parts = [f"{name}={value.code}" for value in breakdown.values]
        values = [figure(code, by, 0) for by in parts]
        whole = figure(code, "", 0)
        if whole is None or None in values or not all(by in cells for by in parts):
            continue
        total = sum(value for value in values if value is not None)
        if total != whole:
            keys = tuple(cells[by].key for by in ("", *parts) if by in cells)
            written = {"total": _written(total, meaning), "whole": _written(whole, meaning)}
            sentence = "“{label}”: các phần cộng lại là {total}, khác tổng số {whole}."
            yield Finding(ERROR, keys, Invalid(sentence, label=meaning.name, **written))


def _of_rules(layout: Layout, known: Meanings, figure: Figure) -> Iterator[Finding]:
    places = {(cell.indicator, cell.by): cell for cell in layout.cells}
    for check in layout.checks:
        if check.comparison.holds(figure) is not False:
            continue
        read = [*indicators.references(check.comparison.left), *indicators.references(check.comparison.right)]
        told = {
            (one.code, one.by): _told(places.get((one.code, one.by)), one.code, known, figure(one.code, one.by, 0))
            for one in read
        }
        keys = tuple(places[at].key for at in told if at in places)
        words = check.words or f"{check.rule}"
        error = Invalid("{words} Hiện nay: {figures}.", words=_sentence(words), figures="; ".join(told.values()))
        yield Finding(check.level, keys, error)


def _told(cell: Cell | None, code: str, known: Meanings, value: Fraction | int | None) -> str:
    name = _name(cell) if cell else known[code].name
    return f"{name} {_written(value, known[code])}"


def _sentence(words: str) -> str:
    return words if words.rstrip().endswith((".", "!", "?")) else f"{words.rstrip()}."


def _name(cell: Cell) -> str:
    return f"{cell.label} ({cell.column.lower()})" if cell.column else cell.label


def _written(value: Fraction | int | None, meaning: indicators.Definition) -> str:
    return indicators.write_value(value, meaning.shown_in, decimals=meaning.decimals) or "–"


def against_beneath(
    cells: Sequence[Cell], *, stated: Mapping[str, int], totals: Mapping[str, Fraction | int | None], known: Meanings
) -> Iterable[Finding]:
    """A remark in the report of a unit with others beneath it that differs from what these add up to."""
    for cell in cells:
        total = totals.get(cell.key)
        if cell.key in stated and total is not None and stated[cell.key] != total:
            meaning = known[cell.indicator]
            written = {"value": _written(stated[cell.key], meaning), "total": _written(total, meaning)}
            sentence = "“{label}”: số ghi {value} khác tổng {total} của các đơn vị trực thuộc."
            yield Finding(WARNING, (cell.key,), Invalid(sentence, label=_name(cell), **written))


def unexplained(cell: Cell, meaning: indicators.Definition, *, stated: int, found: Fraction | int) -> Finding:
    """A figure that differs from the counted or computed one needs a reason."""
    written = {"stated": _written(stated, meaning), "found": _written(found, meaning)}
    sentence = "“{label}”: số báo {stated} khác số có sẵn {found}. Hãy ghi lý do."
    return Finding(ERROR, (cell.key,), Invalid(sentence, label=_name(cell), **written))


def unwritten(block: Block) -> Finding:
    """A part in words that must be there and is not."""
    return Finding(ERROR, (block.key,), Invalid("Phần “{label}” chưa viết.", label=block.label))
