"""A paper, an annex or a certificate as the bytes of a Word file: the pieces of its layout in Word's own XML."""

from datetime import datetime
from typing import cast

from hieuhoc.engines.writer.charts import alternative
from hieuhoc.engines.writer.layout import (
    HEADER,
    Drawn,
    Grid,
    Line,
    Part,
    Picture,
    Piece,
    Ruled,
    Stroke,
    laid,
)
from hieuhoc.engines.writer.package import Belongings, packed
from hieuhoc.engines.writer.paper import Annex, Certificate, Paper
from hieuhoc.engines.writer.styles import STAMP_RED
from hieuhoc.engines.writer.tables import word_table
from hieuhoc.engines.writer.texts import clean, runs
from hieuhoc.engines.writer.wordml import (
    Element,
    Jc,
    cell,
    chart_graphic,
    drawing,
    element,
    fill_pieces,
    grid,
    header_reference,
    paragraph,
    picture_graphic,
    root,
    rule,
    twips,
)


def word(paper: Paper | Annex | Certificate, *, written_at: datetime | None = None) -> bytes:
    """The Word file of a paper, of an annex that stands alone, or of a certificate.

    The same paper gives the same bytes; `written_at` goes into the file's properties and nowhere else.
    """
    whole = laid(paper)
    belongings = Belongings(whole.form)
    body: list[Element] = []
    for place, part in enumerate(whole.parts, start=1):
        for piece in part.pieces:
            body += _piece(piece, belongings)
        section = _section(part)
        last = place == len(whole.parts)
        body += [paragraph("Rule"), section] if last else [paragraph("Rule", section=section)]
    document = root("document", [element("body", *body)])
    return packed(document, belongings, title=whole.title, author=whole.author, written_at=written_at)


def _section(part: Part) -> Element:
    """The page: A4, the decree's margins, its own page numbers from 1, none on the first page."""
    width, height = part.sides_mm
    turned = {"orient": "landscape"} if part.landscape else {}
    top, right, bottom, left = (twips(side) for side in part.margins_mm)
    margins = element(
        "pgMar",
        top=top,
        right=right,
        bottom=bottom,
        left=left,
        header=twips(HEADER),
        footer=twips(HEADER),
        gutter=0,
    )
    frame = element("pgBorders", offsetFrom="page")
    frame.extend(
        element(side, val="thinThickSmallGap", sz=24, space=28, color=_FRAME)
        for side in ("top", "left", "bottom", "right")
    )
    return element(
        "sectPr",
        header_reference("rIdHeader"),
        element("type", val="nextPage"),
        element("pgSz", w=twips(width), h=twips(height), **turned),
        margins,
        *([frame] if part.framed else []),
        element("pgNumType", start=1),
        element("titlePg"),
    )


def _piece(piece: Piece, belongings: Belongings) -> list[Element]:
    if isinstance(piece, Line):
        return [_line(piece, belongings)]
    if isinstance(piece, Stroke):
        return [rule(piece.length_mm, piece.room_mm, keep_next=piece.keep_next)]
    if isinstance(piece, Ruled):
        return [word_table(piece.table, piece.room_mm, belongings.page, keep_end=piece.keep_end)]
    if isinstance(piece, Drawn):
        return [_chart(piece, belongings)]
    if isinstance(piece, Picture):
        return [_picture(piece, belongings)]
    return [_grid(piece, belongings)]


def _line(line: Line, belongings: Belongings) -> Element:
    numbering = borders = spacing = None
    if line.number is not None:
        numbering = belongings.lists.place(line.number, line.counted_in)
    elif line.unnumbered:  # its number stands in the text, whatever its style counts
        numbering = element("numPr", element("ilvl", val=0), element("numId", val=0))
    if line.box_mm:
        stroke: dict[str, str | int] = {"val": "single", "sz": 8, "color": STAMP_RED}
        borders = element("pBdr")
        for side, space in (("top", 3), ("left", 0), ("bottom", 3), ("right", 0)):  # points, outside the indents
            borders.append(element(side, space=space, **stroke))
        spacing = element("spacing", before=200, after=60, line=_BOXED, lineRule="exact")
    made = paragraph(
        line.style,
        jc=cast(Jc, line.align) if line.align else None,
        keep_next=line.keep_next,
        borders=borders,
        numbering=numbering,
        spacing=spacing,
        indent_mm=line.indent_mm,
        hanging_mm=line.hanging_mm,
    )
    if line.number is not None and line.number.apart and line.words:
        made.append(element("r", element("br")))
    fill_pieces(made, runs(line.words), belongings.page, bold=line.bold, italic=line.italic)
    return made


def _chart(drawn: Drawn, belongings: Belongings) -> Element:
    chart = drawn.chart
    graphic = chart_graphic(belongings.chart(chart))
    made = paragraph("Chart", keep_next=drawn.keep_next)
    made.append(
        drawing(
            graphic,
            width_mm=drawn.room_mm,
            height_mm=chart.height_mm,
            key=belongings.drawings,
            name=f"Biểu đồ {belongings.drawings}",
            words=alternative(chart),
        )
    )
    return made


def _picture(picture: Picture, belongings: Belongings) -> Element:
    words, side = clean(picture.words), picture.side_mm
    graphic = picture_graphic(belongings.picture(picture.png), width_mm=side, height_mm=side, words=words)
    made = paragraph("CertificateMark")
    made.append(
        drawing(
            graphic,
            width_mm=side,
            height_mm=side,
            key=belongings.drawings,
            name=f"Ảnh {belongings.drawings}",
            words=words,
        )
    )
    return made


def _grid(sides: Grid, belongings: Belongings) -> Element:
    widths = [twips(width) for width in sides.widths_mm]
    rows = []
    for row in sides.rows:
        holders = []
        for width, pieces in zip(widths, row, strict=True):
            holders.append(cell(width, [one for piece in pieces for one in _piece(piece, belongings)]))
        rows.append(element("tr", element("trPr", element("cantSplit")), *holders))
    return grid(widths, bordered=False, margin=0, rows=rows)


_FRAME = "1F4E79"
_BOXED = 334  # twentieths of a point: with the space of the border, a box 8 mm high
