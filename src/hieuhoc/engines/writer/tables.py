"""A table in Word's XML: titles repeated on every page, rows unbroken, a width on every cell.

An annex may have thousands of rows, so what all cells of a column share is built once and copied.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from itertools import groupby

from hieuhoc.engines.writer.paper import Cell, Column, Figure, Heading, Run, Table, Total
from hieuhoc.engines.writer.texts import cell_text, clean, plain, runs
from hieuhoc.engines.writer.wordml import (
    Element,
    Jc,
    element,
    fill,
    fill_pieces,
    grid,
    paragraph,
    raised,
    twips,
)

_JC: dict[str, Jc] = {"left": "left", "centre": "center", "right": "right", "both": "both"}
_MARGIN_MM = 1.4
_KEPT = 2  # so many last rows stay with what follows, so that a signature never stands alone on a page


Page = Callable[[str], str]


def word_table(table: Table, room_mm: float, page: Page, *, keep_end: bool = False) -> Element:
    """The table as wide as `room_mm`; with `keep_end` its last rows stay on the page of what comes after.

    `page` gives the relation that leads to a web page.
    """
    widths = [twips(width) for width in spread([column.width_mm for column in table.columns], room_mm)]
    made = grid(widths, bordered=True, margin=twips(_MARGIN_MM), rows=_title_rows(table, widths))
    if table.caption.strip():
        made[0].append(element("tblCaption", val=clean(table.caption).replace("\n", " ")))
    models, totals = (
        [_model(width, column.align, style) for width, column in zip(widths, table.columns, strict=True)]
        for style in ("TableText", "TableTotal")
    )
    first_kept = len(table.rows) - _KEPT if keep_end else len(table.rows)
    row_model = _row()
    for place, row in enumerate(table.rows):
        if isinstance(row, Heading):
            made.append(_group_row(row, widths))
        elif isinstance(row, Total):
            made.append(_data_row(row_model, totals, row.cells, page, kept=place >= first_kept))
        else:
            made.append(_data_row(row_model, models, row, page, kept=place >= first_kept))
    return made


def spread(shares: list[float], room_mm: float) -> list[float]:
    """Widths in proportion to the shares that together fill the room."""
    whole = sum(shares)
    return [share / whole * room_mm for share in shares]


def title_runs(columns: tuple[Column, ...]) -> list[tuple[str, int]]:
    """The upper row of titles: each common title, or "" for a column of its own, and how many columns it covers."""
    runs: list[tuple[str, int]] = []
    for group, members in groupby(columns, key=lambda column: column.group):
        count = len(list(members))
        runs.extend([(group, count)] if group else [("", 1)] * count)
    return runs


def _row(*, repeated: bool = False) -> Element:
    properties = element("trPr", element("cantSplit"))
    if repeated:
        properties.append(element("tblHeader"))
    return element("tr", properties)


def _cell(width: int, *, span: int = 1, merge: str = "") -> Element:
    properties = element("tcPr", element("tcW", w=width, type="dxa"))
    if span > 1:
        properties.append(element("gridSpan", val=span))
    if merge:
        properties.append(element("vMerge", val=merge))
    properties.append(element("vAlign", val="center"))
    return element("tc", properties)


def _titled(holder: Element, style: str, text: str) -> Element:
    holder.append(paragraph(style, text, keep_next=True))
    return holder


def _title_rows(table: Table, widths: list[int]) -> list[Element]:
    rows: list[Element] = []
    grouped = any(column.group for column in table.columns)
    if grouped:
        upper, start = _row(repeated=True), 0
        for group, count in title_runs(table.columns):
            width = sum(widths[start : start + count])
            title = group or table.columns[start].title
            upper.append(_titled(_cell(width, span=count, merge="" if group else "restart"), "TableHead", title))
            start += count
        rows.append(upper)
    lower = _row(repeated=True)
    for column, width in zip(table.columns, widths, strict=True):
        merged = grouped and not column.group
        holder = _cell(width, merge="continue" if merged else "")
        lower.append(_titled(holder, "TableHead", "" if merged else column.title))
    rows.append(lower)
    if table.number_row:
        numbers = _row(repeated=True)
        for place, width in enumerate(widths, start=1):
            numbers.append(_titled(_cell(width), "TableNumber", f"({place})"))
        rows.append(numbers)
    return rows


def _model(width: int, align: str, style: str) -> Element:
    holder = _cell(width)
    holder.append(paragraph(style, jc=None if align == "left" else _JC[align]))
    return holder


def _group_row(row: Heading, widths: list[int]) -> Element:
    made = _row()
    style = "TableGroup" if row.level <= 1 else "TableSubgroup"
    holder = _cell(sum(widths), span=len(widths))
    holder.append(paragraph(style, clean(row.text)))
    made.append(holder)
    return made


def _data_row(row_model: Element, models: list[Element], row: Sequence[Cell], page: Page, *, kept: bool) -> Element:
    made = deepcopy(row_model)
    for model, value in zip(models, row, strict=True):
        holder = deepcopy(model)
        last = holder[-1]
        if isinstance(value, tuple):
            fill_pieces(last, runs(value), page)
        elif text := cell_text(value):
            if isinstance(value, Figure) and value.url:
                fill_pieces(last, (Run(text, url=value.url),), page, link_style="SourceLink")
            else:
                fill(last, text)
        if isinstance(value, Figure) and value.mark:
            raised(last, f"({plain(value.mark)})")
        if kept:
            last[0].insert(1, element("keepNext"))
        made.append(holder)
    return made
