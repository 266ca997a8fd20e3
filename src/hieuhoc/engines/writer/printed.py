"""A paper, an annex or a certificate as the bytes of a PDF file, and pictures of charts.

The pieces of the layout go to the template `paper.typ` as data: whatever somebody typed is text there, never markup.
"""

import json
import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from importlib import resources
from typing import Any

import typst

from hieuhoc.engines.writer.charts import alternative
from hieuhoc.engines.writer.drawing import drawn
from hieuhoc.engines.writer.layout import HEADER, Drawn, Grid, Line, Part, Picture, Piece, Ruled, Stroke, laid
from hieuhoc.engines.writer.numbering import LEVELS
from hieuhoc.engines.writer.paper import Annex, Cell, Certificate, Figure, Form, Heading, Paper, Run, Table, Total
from hieuhoc.engines.writer.styles import Style, styles
from hieuhoc.engines.writer.tables import spread, title_runs
from hieuhoc.engines.writer.texts import cell_text, clean, runs
from hieuhoc.engines.writer.widths import breakable, lines_in

FONTS = ("Tinos", "Times New Roman", "Libertinus Serif")
"""The first of these that the machine has; the last comes with typst and is always there."""

_STANDARDS: tuple[list[str], ...] = (["a-2a", "ua-1"], ["a-2b"], [])
# The first is archivable and readable to those who do not see it. A letter that no font on the machine has makes it
# impossible; then the paper is written all the same.
_TIMES_LINE, _TIMES_LETTERS = 1.149, 1.107  # a line of Times and the letters in it, by the size of type
_MARGIN_MM = 1.4
_HIGH_ROW = 20  # lines: a row as high may be broken, or it would not fit a page
_HIGH_GRID = 36  # pieces, such as recipients: side by side with others they may go on overleaf, or would not fit a page
_SVG = """#set page(width: auto, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg")"""
_MOST_PIXELS_PER_INCH = 600.0

_NO_DAY = datetime(1980, 1, 1)  # as in the Word file: the first day an archive can tell

_lock = threading.Lock()  # the compiler is kept, and one at a time uses it


def pdf(paper: Paper | Annex | Certificate, *, written_at: datetime | None = None) -> bytes:
    """The PDF file of a paper, of an annex that stands alone, or of a certificate: tagged, A4, fonts embedded.

    The same paper gives the same bytes on the same machine; `written_at` goes into the file's properties alone. Without
    it the day of the paper stands there: a file for the archive must have one.
    """
    whole = laid(paper)
    day = None if isinstance(paper, Annex) else paper.day
    moment = written_at or (datetime(day.year, day.month, day.day) if day else _NO_DAY)
    if moment.tzinfo:
        moment = moment.astimezone(UTC)
    tree = {
        "written": [moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second],
        "title": whole.title or "Văn bản",
        "author": whole.author,
        "fonts": [font for font in FONTS if font in _families()],
        "header": HEADER,
        "styles": {style.key: _style(style) for style in styles(whole.form)},
        "parts": [_part(part, whole.form) for part in whole.parts],
    }
    inputs = {"paper": json.dumps(tree, ensure_ascii=False)}
    for standards in _STANDARDS[:-1]:
        try:
            return _compiled(_template(), inputs, format="pdf", pdf_standards=standards)
        except typst.TypstError:
            continue
    return _compiled(_template(), inputs, format="pdf", pdf_standards=_STANDARDS[-1])


def picture_png(svg: str, *, scale: float = 2.0) -> bytes:
    """A picture in SVG as PNG. The SVG must stand alone: it can lead to no file and no page.

    Units: pixels of the picture for one of the SVG.
    Raises: ValueError when it is not a picture.
    """
    per_inch = min(96.0 * scale, _MOST_PIXELS_PER_INCH)
    try:
        return _compiled(_SVG.encode(), {"svg": clean(svg)}, format="png", ppi=per_inch)
    except typst.TypstError as error:
        raise ValueError(f"not a picture in SVG: {error}") from error


def _compiled(source: bytes, inputs: dict[str, str], **options: Any) -> bytes:
    with _lock:
        made = _compiler().compile(input=source, sys_inputs=inputs, **options)
    if not isinstance(made, bytes):
        raise TypeError("one page was expected")
    return made


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    return typst.Compiler(root=str(resources.files("hieuhoc.engines.writer")))


@lru_cache(maxsize=1)
def _families() -> frozenset[str]:
    return frozenset(typst.Fonts().families())


@lru_cache(maxsize=1)
def _template() -> bytes:
    return (resources.files("hieuhoc.engines.writer") / "paper.typ").read_bytes()


# ---- the tree for the template ------------------------------------------------------------------------


def _leading(style: Style) -> float:
    """The room between two lines of letters.

    Units: points.
    """
    return style.size * (_TIMES_LINE * style.line - _TIMES_LETTERS)


def _style(style: Style) -> dict[str, Any]:
    return {
        "size": style.size,
        "bold": style.bold,
        "italic": style.italic,
        "jc": style.jc,
        "color": style.color and f"#{style.color}",
        "leading": _leading(style),
    }


def _part(part: Part, form: Form) -> dict[str, Any]:
    width, height = part.sides_mm
    return {
        "width": width,
        "height": height,
        "margins": part.margins_mm,
        "framed": part.framed,
        "pieces": _Pieces(form, width - part.margins_mm[1] - part.margins_mm[3]).of(part.pieces),
    }


class _Pieces:
    """Writes pieces down one after the other: the room above each depends on the one before it."""

    def __init__(self, form: Form, room_mm: float) -> None:
        self.form, self.room = form, room_mm
        self.styles = {style.key: style for style in styles(form)}
        self.open: list[int] = []  # the headings above, so that no level of the outline is left out

    def of(self, pieces: Sequence[Piece], *, in_cell: float = 0) -> list[dict[str, Any]]:
        below, made = 0.0, []
        for piece in pieces:
            before, after = self._spacing(piece)
            tree = self._tree(piece, in_cell or self.room)
            tree["above"] = below + before
            below = after
            made.append(tree)
        if in_cell and made:
            made[0]["opens"] = True
        return made

    def _spacing(self, piece: Piece) -> tuple[float, float]:
        """The room above and below a piece. Units: points."""
        if isinstance(piece, Line):
            style = self.styles[piece.style]
            if piece.box_mm:
                return style.before, 6.0
            return style.before, style.after + _leading(style)
        if isinstance(piece, Stroke):
            return self.styles["Rule"].before, 0
        if isinstance(piece, Drawn):
            return self.styles["Chart"].before, self.styles["Chart"].after
        return 0, 2.0

    def _tree(self, piece: Piece, room: float) -> dict[str, Any]:
        if isinstance(piece, Line):
            return self._line(piece, room)
        if isinstance(piece, Stroke):
            length = min(piece.length_mm, piece.room_mm)
            return {"kind": "stroke", "length": length, "room": piece.room_mm, "keep": piece.keep_next}
        if isinstance(piece, Ruled):
            return _ruled(piece)
        if isinstance(piece, Drawn):
            return _chart(piece)
        if isinstance(piece, Picture):
            words = clean(piece.words).strip() or "Ảnh"
            return {"kind": "picture", "png": list(piece.png), "side": piece.side_mm, "alt": words}
        return self._grid(piece)

    def _line(self, line: Line, room: float) -> dict[str, Any]:
        style = self.styles[line.style]
        left, right = line.indent_mm or (0.0, 0.0)
        first = style.first_line if line.indent_mm is None and not line.hanging_mm else 0.0
        tree: dict[str, Any] = {
            "kind": "line",
            "style": line.style,
            "align": line.align,
            "keep": line.keep_next or style.keep_next,
            "left": left - line.hanging_mm,
            "right": right,
            "first": first,
            "hanging": line.hanging_mm,
            "box": line.box_mm,
            "runs": _runs(line, style, room - left - right - first),
        }
        if line.number is not None and line.number.apart:
            tree["first"] = 0.0
        if line.number is not None:
            strong = style.bold or LEVELS[line.number.form][line.number.level].bold
            tree |= {"label": line.number.label, "apart": line.number.apart, "strong": strong}
        elif style.listed is not None:
            tree |= {"label": "-+"[style.listed], "apart": False, "strong": False}
        if style.outline is not None and (tree["runs"] or "label" in tree):
            tree["level"] = self._level(style.outline)
        return tree

    def _level(self, outline: int) -> int:
        while self.open and self.open[-1] >= outline:
            self.open.pop()
        self.open.append(outline)
        return len(self.open)

    def _grid(self, grid: Grid) -> dict[str, Any]:
        rows = []
        for row in grid.rows:
            cells = zip(row, grid.widths_mm, strict=True)
            rows.append([{"pieces": self.of(pieces, in_cell=width)} for pieces, width in cells])
        breaks = any(len(pieces) > _HIGH_GRID for row in grid.rows for pieces in row)
        return {"kind": "grid", "widths": grid.widths_mm, "rows": rows, "breaks": breaks}


def _runs(line: Line, style: Style, room: float) -> list[dict[str, Any]]:
    return [
        _run(
            run,
            room,
            size=style.size,
            bold=line.bold or style.bold or run.bold,
            italic=line.italic or style.italic or run.italic,
        )
        for run in runs(line.words)
    ]


def _run(run: Run, room: float, *, size: float, bold: bool, italic: bool) -> dict[str, Any]:
    text = breakable(run.text, room, size=size, bold=bold)
    tree: dict[str, Any] = {"lines": _lines(text)}
    if bold:
        tree["bold"] = True
    if italic:
        tree["italic"] = True
    if run.url:
        tree["url"] = run.url
    return tree


def _lines(text: str) -> list[str]:
    return text.replace("\t", "\u2003").split("\n")


def _chart(drawn_chart: Drawn) -> dict[str, Any]:
    chart, width = drawn_chart.chart, drawn_chart.room_mm
    return {
        "kind": "chart",
        "alt": alternative(chart),
        "width": width,
        "height": chart.height_mm,
        "keep": drawn_chart.keep_next,
        "marks": drawn(chart, width),
    }


def _ruled(piece: Ruled) -> dict[str, Any]:
    table = piece.table
    widths = spread([column.width_mm for column in table.columns], piece.room_mm)
    titles = _titles(table, widths)
    lines = max((cell["high"] for row in titles for cell in row), default=1)
    return {
        "kind": "ruled",
        "widths": widths,
        "aligns": ["center" if column.align == "centre" else column.align for column in table.columns],
        "titles": titles,
        "repeated": lines < _HIGH_ROW,
        "rows": list(_rows(table, widths)),
    }


def _titles(table: Table, widths: list[float]) -> list[list[dict[str, Any]]]:
    grouped = any(column.group for column in table.columns)
    upper, lower, start = [], [], 0
    for group, count in title_runs(table.columns) if grouped else []:
        text = group or table.columns[start].title
        upper.append(_title(text, sum(widths[start : start + count]), across=count, down=1 if group else 2))
        start += count
    for column, width in zip(table.columns, widths, strict=True):
        if column.group or not grouped:
            lower.append(_title(column.title, width))
    numbered = [_title(f"({n})", width, numbered=True) for n, width in enumerate(widths, 1)] if table.number_row else []
    return [row for row in (upper, lower, numbered) if row]


def _title(text: str, width: float, *, across: int = 1, down: int = 1, numbered: bool = False) -> dict[str, Any]:
    made = _cell(text, width, bold=not numbered, italic=numbered)
    style = "TableNumber" if numbered else "TableHead"
    return {**_as_group(made), "across": across, "down": down, "style": style, "high": _high(text, width)}


def _rows(table: Table, widths: list[float]) -> Iterator[dict[str, Any]]:
    for row in table.rows:
        if isinstance(row, Heading):
            style = "TableGroup" if row.level <= 1 else "TableSubgroup"
            made = _cell(row.text, sum(widths), bold=True, italic=row.level > 1)
            yield {"style": style, "across": len(widths), "cells": [made]}
            continue
        cells = row.cells if isinstance(row, Total) else row
        bold = isinstance(row, Total)
        cells_made: list[Any] = [_cell(cell, width, bold=bold) for cell, width in zip(cells, widths, strict=True)]
        for place, column in enumerate(table.columns):
            if column.align == "both":
                cells_made[place] = {**_as_group(cells_made[place]), "justify": True}
        yield {"style": "TableTotal", "cells": cells_made} if bold else {"cells": cells_made}


def _as_group(cell: str | dict[str, Any]) -> dict[str, Any]:
    return {"runs": [{"lines": [cell]}]} if isinstance(cell, str) else cell


def _cell(cell: Cell, width: float, *, bold: bool = False, italic: bool = False) -> str | dict[str, Any]:
    """A cell for the template: most are a plain text of one line, and those are the quickest to set."""
    room = width - 2 * _MARGIN_MM - 0.5
    pieces = runs(cell) if isinstance(cell, tuple) else [Run(cell_text(cell))]
    made = [
        _run(piece, room, size=12, bold=bold or piece.bold, italic=italic or piece.italic)
        for piece in pieces
        if piece.text
    ]
    if isinstance(cell, Figure) and cell.url and made:
        made[0] |= {"url": cell.url, "plain": True}
    if isinstance(cell, Figure) and cell.mark:
        made.append({"lines": _lines(f"({clean(cell.mark)})"), "raised": True})
    if len(made) == 1 and made[0].keys() == {"lines"} and len(made[0]["lines"]) == 1 and len(made[0]["lines"][0]) < 200:
        text: str = made[0]["lines"][0]
        return text
    tree: dict[str, Any] = {"runs": made}
    if _high("".join(piece.text for piece in pieces), width) >= _HIGH_ROW:
        tree["breakable"] = True
    return tree if made else ""


def _high(text: str, width: float) -> int:
    """How many lines a cell has; short texts are not measured."""
    if len(text) < _HIGH_ROW and "\n" not in text:
        return 1
    return lines_in(clean(text), width - 2 * _MARGIN_MM - 0.5, size=12)
