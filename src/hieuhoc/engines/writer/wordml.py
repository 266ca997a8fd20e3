"""The few elements of Word's own XML that a paper is made of, and the parts put together to a file."""

import io
import zipfile
from collections.abc import Callable, Iterable
from typing import Literal

from lxml import etree

from hieuhoc.engines.writer.paper import Run
from hieuhoc.engines.writer.texts import clean

Element = etree._Element

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_PICTURE = "http://schemas.openxmlformats.org/drawingml/2006/picture"
_DRAWN = {"wp": _WP, "a": _A}
_EMU_PER_MM = 36_000
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first instant a zip file can tell: bytes depend on the content alone

Jc = Literal["left", "center", "right", "both"]


def twips(mm: float) -> int:
    """Millimetres in Word's measure, twentieths of a point."""
    return round(mm * 1440 / 25.4)


def tag(name: str) -> str:
    return f"{{{_W}}}{name}"


def element(name: str, /, *children: Element, **attributes: str | int) -> Element:
    """An element of Word's main namespace, its attributes in that namespace too."""
    made = etree.Element(tag(name), {tag(key): str(value) for key, value in attributes.items()}, nsmap={"w": _W})
    made.extend(children)
    return made


def root(name: str, children: Iterable[Element]) -> Element:
    """The root element of a part, which also knows the namespace of relations."""
    made = etree.Element(tag(name), nsmap={"w": _W, "r": _R})
    made.extend(children)
    return made


def header_reference(relation: str) -> Element:
    made = element("headerReference", type="default")
    made.set(f"{{{_R}}}id", relation)
    return made


def fill(holder: Element, text: str, properties: tuple[str, ...] = ()) -> None:
    """Put cleaned text into a paragraph as one run, tabs and line breaks in their places."""
    run = etree.SubElement(holder, _RUN)
    if properties:
        marks = etree.SubElement(run, _RUN_PROPERTIES)
        for mark in properties:
            etree.SubElement(marks, tag(mark))
    if "\n" not in text and "\t" not in text:
        _words(run, text)
        return
    for line_place, line in enumerate(text.split("\n")):
        if line_place:
            etree.SubElement(run, _BREAK)
        for part_place, part in enumerate(line.split("\t")):
            if part_place:
                etree.SubElement(run, _TAB)
            _words(run, part)


def fill_pieces(
    holder: Element,
    pieces: Iterable[Run],
    page: Callable[[str], str],
    *,
    bold: bool = False,
    italic: bool = False,
    link_style: str = "Hyperlink",
) -> None:
    """Put the pieces of a text into a paragraph; `page` gives the relation that leads to a web page.

    A link has a style of letters of its own: without one LibreOffice does not take it for a link.
    """
    for piece in pieces:
        marks = _marks(bold=bold or piece.bold, italic=italic or piece.italic)
        if not piece.url:
            fill(holder, piece.text, marks)
            continue
        link = etree.SubElement(holder, tag("hyperlink"))
        link.set(f"{{{_R}}}id", page(piece.url))
        fill(link, piece.text, marks)
        properties = link[0].find(_RUN_PROPERTIES)
        if properties is None:
            properties = etree.Element(_RUN_PROPERTIES)
            link[0].insert(0, properties)
        properties.insert(0, element("rStyle", val=link_style))


def raised(holder: Element, text: str) -> None:
    """A small sign above the line."""
    run = etree.SubElement(holder, _RUN)
    run.append(element("rPr", element("vertAlign", val="superscript")))
    _words(run, text)


def _marks(*, bold: bool, italic: bool) -> tuple[str, ...]:
    return (*(("b", "bCs") if bold else ()), *(("i", "iCs") if italic else ()))


def _words(run: Element, words: str) -> None:
    if words:
        holder = etree.SubElement(run, _TEXT)
        holder.text = words
        if words[0] == " " or words[-1] == " " or "  " in words:
            holder.set(_SPACE, "preserve")


def paragraph(
    style: str,
    text: str = "",
    *,
    jc: Jc | None = None,
    bold: bool = False,
    italic: bool = False,
    keep_next: bool = False,
    borders: Element | None = None,
    numbering: Element | None = None,
    spacing: Element | None = None,
    indent_mm: tuple[float, float] | None = None,
    hanging_mm: float = 0,
    section: Element | None = None,
) -> Element:
    """A paragraph in a named style; the rest says only what the style leaves open.

    Units: `indent_mm` is left and right, `hanging_mm` how far the first line hangs out to the left.
    """
    made = element("p")
    properties = etree.SubElement(made, tag("pPr"))
    properties.append(element("pStyle", val=style))
    if keep_next:
        properties.append(element("keepNext"))
    properties.extend(each for each in (numbering, borders, spacing) if each is not None)
    if indent_mm is not None:
        left, right = (twips(side) for side in indent_mm)
        first = {"hanging": twips(hanging_mm)} if hanging_mm else {"firstLine": 0}
        properties.append(element("ind", left=left, right=right, **first))
    if jc is not None:
        properties.append(element("jc", val=jc))
    if section is not None:
        properties.append(section)
    if text:
        fill(made, clean(text), _marks(bold=bold, italic=italic))
    return made


def rule(length_mm: float, room_mm: float, *, keep_next: bool = False) -> Element:
    """A solid line, centred: a paragraph without height whose border is as long as asked."""
    side = max(0.0, (room_mm - length_mm) / 2)
    line = element("pBdr", element("top", val="single", sz=6, space=1, color="000000"))
    return paragraph("Rule", borders=line, indent_mm=(side, side), keep_next=keep_next)


def grid(widths: list[int], *, bordered: bool, margin: int, rows: Iterable[Element] = ()) -> Element:
    """A table of fixed widths (in twips), with or without lines, its cells padded by `margin` twips at the sides."""
    line: dict[str, str | int] = (
        {"val": "single", "sz": 4, "space": 0, "color": "000000"} if bordered else {"val": "nil"}
    )
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    made = element(
        "tbl",
        element(
            "tblPr",
            element("tblW", w=sum(widths), type="dxa"),
            element("jc", val="center"),
            element("tblBorders", *(element(side, **line) for side in sides)),
            element("tblLayout", type="fixed"),
            element("tblCellMar", element("left", w=margin, type="dxa"), element("right", w=margin, type="dxa")),
        ),
        element("tblGrid", *(element("gridCol", w=width) for width in widths)),
    )
    made.extend(rows)
    return made


def drawing(graphic: Element, *, width_mm: float, height_mm: float, key: int, name: str, words: str) -> Element:
    """A run with a drawing in the line of text; `words` are read out to those who do not see it."""
    holder = etree.Element(f"{{{_WP}}}inline", {"distT": "0", "distB": "0", "distL": "0", "distR": "0"}, nsmap=_DRAWN)
    for tag_name, attributes in (
        ("extent", {"cx": round(width_mm * _EMU_PER_MM), "cy": round(height_mm * _EMU_PER_MM)}),
        ("docPr", {"id": key, "name": name, "descr": words}),
        ("cNvGraphicFramePr", {}),
    ):
        etree.SubElement(holder, f"{{{_WP}}}{tag_name}", {name: str(value) for name, value in attributes.items()})
    holder.append(graphic)
    return element("r", element("drawing", holder))


def chart_graphic(relation: str) -> Element:
    data = etree.Element(f"{{{_A}}}graphicData", {"uri": _CHART})
    chart = etree.SubElement(data, f"{{{_CHART}}}chart", nsmap={"c": _CHART})
    chart.set(f"{{{_R}}}id", relation)
    graphic = etree.Element(f"{{{_A}}}graphic")
    graphic.append(data)
    return graphic


def picture_graphic(relation: str, *, width_mm: float, height_mm: float, words: str) -> Element:
    extent = {"cx": str(round(width_mm * _EMU_PER_MM)), "cy": str(round(height_mm * _EMU_PER_MM))}
    graphic = etree.Element(f"{{{_A}}}graphic")
    data = etree.SubElement(graphic, f"{{{_A}}}graphicData", {"uri": _PICTURE})
    whole = etree.SubElement(data, f"{{{_PICTURE}}}pic", nsmap={"pic": _PICTURE})
    names = etree.SubElement(whole, f"{{{_PICTURE}}}nvPicPr")
    etree.SubElement(names, f"{{{_PICTURE}}}cNvPr", {"id": "0", "name": "picture.png", "descr": words})
    etree.SubElement(names, f"{{{_PICTURE}}}cNvPicPr")
    fill_ = etree.SubElement(whole, f"{{{_PICTURE}}}blipFill")
    etree.SubElement(fill_, f"{{{_A}}}blip").set(f"{{{_R}}}embed", relation)
    etree.SubElement(etree.SubElement(fill_, f"{{{_A}}}stretch"), f"{{{_A}}}fillRect")
    shape = etree.SubElement(whole, f"{{{_PICTURE}}}spPr")
    place = etree.SubElement(shape, f"{{{_A}}}xfrm")
    etree.SubElement(place, f"{{{_A}}}off", {"x": "0", "y": "0"})
    etree.SubElement(place, f"{{{_A}}}ext", extent)
    form = etree.SubElement(shape, f"{{{_A}}}prstGeom", {"prst": "rect"})
    etree.SubElement(form, f"{{{_A}}}avLst")
    return graphic


def cell(width: int, paragraphs: Iterable[Element]) -> Element:
    return element("tc", element("tcPr", element("tcW", w=width, type="dxa")), *paragraphs)


def xml_bytes(tree: Element) -> bytes:
    return etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)


def zipped(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """The parts of a file in one archive, the same bytes for the same parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # else the bytes would tell which machine wrote them
            archive.writestr(entry, content)
    return file.getvalue()


_RUN, _RUN_PROPERTIES, _TEXT, _BREAK, _TAB = tag("r"), tag("rPr"), tag("t"), tag("br"), tag("tab")
