"""Word documents (.docx): paragraphs with their automatic numbers, tables as full grids, in reading order.

Inserted text is kept and deleted text dropped, as if every change were accepted; footnotes, comments, page headers
and page footers are left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from hieuhoc.engines.reader.loading.archive import Archive
from hieuhoc.engines.reader.loading.beside import zones
from hieuhoc.engines.reader.loading.encodings import from_font
from hieuhoc.engines.reader.loading.numbering import Numbering, attribute, child, local, number
from hieuhoc.engines.reader.loading.sheet import Sheet, is_layout, squeezed, table_of, tidy
from hieuhoc.engines.reader.loading.styles import Look, Styles, look_of_paragraph, look_of_run
from hieuhoc.engines.reader.source import Cell, Source

_GONE = {"del", "moveFrom", "pPr", "rPr", "instrText", "delText", "footnoteReference", "endnoteReference", "object"}
_BLOCK_WRAPPERS = {"ins", "moveTo", "customXml", "smartTag", "sdtContent"}
_MOST_COLUMNS = 200  # Word itself allows 63


@dataclass(frozen=True)
class _Line:
    """A line as it is printed, its tabs kept, with what the reader may want to know of its look."""

    text: str
    bold: bool
    centred: bool
    heading: int


@dataclass
class _Grid:
    """A table under construction: per place the lines of its cell and where the cell begins."""

    rows: list[list[tuple[int, int]]] = field(default_factory=list)
    cells: dict[tuple[int, int], list[_Line]] = field(default_factory=dict)


def load_word(content: bytes, name: str) -> Source:
    """The source of a .docx file.

    Raises: Invalid where the file is broken, encrypted or larger inside than it has any right to be.
    """
    archive = Archive(content, name)
    styles = Styles.of(archive.tree("word/styles.xml"))
    numbering = Numbering.of(archive.tree("word/numbering.xml"), styles.lists)
    document = archive.tree(archive.main_part())
    body = child(document, "body")
    loader = _Loader(styles, numbering)
    if body is not None:
        loader.blocks(body)
    return loader.finished()


class _Loader:
    def __init__(self, styles: Styles, numbering: Numbering) -> None:
        self.styles = styles
        self.numbering = numbering
        self.sheet = Sheet()
        self.encoding = "utf-8"

    def finished(self) -> Source:
        return self.sheet.source("docx", encoding=self.encoding)

    def blocks(self, parent: etree._Element) -> None:
        waiting: list[_Line] = []
        for element in _block_elements(parent):
            if local(element) == "tbl":
                self._write_lines(waiting)
                self._table(element)
            else:
                waiting.extend(self._lines(element))
                for box in _boxes(element):
                    self._write_lines(waiting)
                    self.blocks(box)
        self._write_lines(waiting)

    def _write_lines(self, lines: list[_Line]) -> None:
        """Writes paragraphs; columns that tabs make are put one after the other."""
        texts = [(line, line.text) for line in lines]
        for zone in reversed(zones([line.text for line in lines])):
            texts[zone.start : zone.end] = [(lines[place], part) for place, part in zone.parts]
        for line, text in texts:
            self.sheet.paragraph(text, bold=line.bold, centred=line.centred, heading=line.heading)
        lines.clear()

    # --- paragraphs ---

    def _lines(self, paragraph: etree._Element) -> list[_Line]:
        """The printed lines of a paragraph: one, and one more after each soft line break."""
        properties = child(paragraph, "pPr")
        style = attribute(child(properties, "pStyle"))
        look = look_of_paragraph(properties).over(self.styles.look(style))
        pieces = [(text, run) for text, run in _runs(paragraph, self.styles, look) if text]
        text = self._joined(pieces)
        if not text.strip() and child(properties, "rPr", "del") is not None:
            return []
        bold = all(run.bold for piece, run in pieces if piece.strip())
        outline = look.outline if look.outline is not None else 9
        lines = (self._number(look, style) + text).split("\n")
        return (
            [
                _Line(shown, bold, bool(look.centred), outline + 1 if outline < 9 else 0)
                for line in lines
                if (shown := line.rstrip()).strip()
            ]
            if text.strip()
            else []
        )

    def _number(self, look: Look, style: str | None) -> str:
        if look.list_id is None or look.list_id == "0":
            return ""
        level = look.list_level
        if level is None:
            level = self.numbering.level_of_style(look.list_id, style or self.styles.normal)
        return self.numbering.next(look.list_id, level)

    def _joined(self, pieces: list[tuple[str, Look]]) -> str:
        """The runs as one text; letters that only a legacy font made Vietnamese are turned."""
        parts: list[tuple[str, str]] = []
        for text, look in pieces:
            shown = text.upper() if look.capitals else text
            font = look.font or ""
            if parts and parts[-1][1] == font:
                parts[-1] = (parts[-1][0] + shown, font)
            else:
                parts.append((shown, font))
        turned = [from_font(text, font) for text, font in parts]
        for _, encoding in turned:
            self.encoding = encoding or self.encoding
        return "".join(text for text, _ in turned)

    # --- tables ---

    def _table(self, table: etree._Element) -> None:
        cells = list(_cells(table))
        if len(cells) == 1:  # a frame around text
            self.blocks(cells[0])
            return
        grid = self._grid(table)
        texts = [[squeezed(" ".join(line.text for line in grid.cells[place])) for place in row] for row in grid.rows]
        early = len(self.sheet.blocks) < 6
        if is_layout(texts, early=early):
            for lines in grid.cells.values():
                self._write_lines(lines)
        else:
            self._write(grid)

    def _grid(self, table: etree._Element) -> _Grid:
        grid = _Grid()
        for row_number, row in enumerate(_rows(table)):
            properties = child(row, "trPr")
            places: list[tuple[int, int]] = []
            for _ in range(min(number(attribute(child(properties, "gridBefore"))), _MOST_COLUMNS)):
                self._add(grid, places, row_number, [])
            for cell in _cells_of_row(row):
                self._cell(grid, places, row_number, cell)
            grid.rows.append(places)
        return grid

    def _cell(self, grid: _Grid, places: list[tuple[int, int]], row_number: int, cell: etree._Element) -> None:
        properties = child(cell, "tcPr")
        span = max(1, min(number(attribute(child(properties, "gridSpan")), 1), _MOST_COLUMNS))
        down, side = child(properties, "vMerge"), child(properties, "hMerge")
        above = grid.rows[-1] if grid.rows else []
        if side is not None and attribute(side) != "restart" and places:
            places.append(places[-1])
        elif down is not None and attribute(down) != "restart" and len(places) < len(above):
            places.extend(above[len(places) : len(places) + span])
        else:
            self._add(grid, places, row_number, self._cell_lines(cell))
            places.extend([places[-1]] * (span - 1))

    @staticmethod
    def _add(grid: _Grid, places: list[tuple[int, int]], row: int, lines: list[_Line]) -> None:
        place = (row, len(places))
        grid.cells[place] = lines
        places.append(place)

    def _cell_lines(self, cell: etree._Element) -> list[_Line]:
        lines: list[_Line] = []
        for element in _block_elements(cell):
            if local(element) == "tbl":
                for row in _rows(element):
                    for inner in _cells_of_row(row):
                        lines.extend(self._cell_lines(inner))
            else:
                lines.extend(self._lines(element))
                for box in _boxes(element):
                    lines.extend(self._cell_lines(box))
        return lines

    def _write(self, grid: _Grid) -> None:
        made: dict[tuple[int, int], Cell] = {}
        for (row, column), lines in grid.cells.items():
            texts = [text for line in lines if (text := squeezed(tidy(line.text)))]
            numbers = [self.sheet.write(text) for text in texts]
            here = max(1, len(self.sheet.lines))
            text = "\n".join(texts)
            made[row, column] = Cell(text, numbers[0] if numbers else here, here, row, column)
        table = table_of([[made[place] for place in row] for row in grid.rows])
        if table is not None:
            self.sheet.blocks.append(table)


def _block_elements(parent: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs and tables directly in a container, through content controls and tracked insertions."""
    for element in parent:
        name = local(element)
        if name in ("p", "tbl"):
            yield element
        elif name == "sdt":
            content = child(element, "sdtContent")
            if content is not None:
                yield from _block_elements(content)
        elif name in _BLOCK_WRAPPERS:
            yield from _block_elements(element)
        elif name == "AlternateContent" and (chosen := _chosen(element)) is not None:
            yield from _block_elements(chosen)


def _chosen(alternatives: etree._Element) -> etree._Element | None:
    """The one of several renderings that is read: the newer, or else the fallback."""
    choice = child(alternatives, "Choice")
    return choice if choice is not None else child(alternatives, "Fallback")


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for element in table:
        name = local(element)
        if name == "tr" and child(element, "trPr", "del") is None:
            yield element
        elif name == "sdt" or name in _BLOCK_WRAPPERS:
            yield from _rows(element)


def _cells_of_row(row: etree._Element) -> Iterator[etree._Element]:
    for element in row:
        name = local(element)
        if name == "tc":
            yield element
        elif name == "sdt" or name in _BLOCK_WRAPPERS:
            yield from _cells_of_row(element)


def _cells(table: etree._Element) -> Iterator[etree._Element]:
    for row in _rows(table):
        yield from _cells_of_row(row)


def _runs(parent: etree._Element, styles: Styles, look: Look) -> Iterator[tuple[str, Look]]:
    """The pieces of text in a paragraph, each with its look; text boxes and deletions left out."""
    for element in parent:
        name = local(element)
        if name in _GONE or name in ("drawing", "pict"):
            continue
        if name == "r":
            properties = child(element, "rPr")
            style = styles.character(attribute(child(properties, "rStyle")))
            run = look_of_run(properties).over(style.over(look))
            if not run.hidden:
                yield from ((piece, run) for piece in _pieces(element))
        elif name == "AlternateContent":
            chosen = _chosen(element)
            if chosen is not None:
                yield from _runs(chosen, styles, look)
        elif name == "t":
            yield element.text or "", look
        else:
            yield from _runs(element, styles, look)


def _pieces(run: etree._Element) -> Iterator[str]:
    for element in run:
        name = local(element)
        if name == "t":
            yield element.text or ""
        elif name in ("br", "cr"):
            yield " " if attribute(element, "type") in ("page", "column") else "\n"
        elif name in ("tab", "ptab"):
            yield "\t"
        elif name == "noBreakHyphen":
            yield "-"


def _boxes(paragraph: etree._Element) -> Iterator[etree._Element]:
    """The text boxes anchored in a paragraph, each once."""
    for element in paragraph.iter("{*}txbxContent"):
        within = [local(above) for above in element.iterancestors()]
        nearest = within.index("p") if "p" in within else 0
        own = next(iter(element.iterancestors("{*}p")), None)
        if own is paragraph and "del" not in within[:nearest] and not _is_second(element, within[:nearest]):
            yield element


def _is_second(box: etree._Element, within: list[str]) -> bool:
    """Whether a text box is the fallback of one that is read already."""
    if "Fallback" not in within:
        return False
    alternatives = next(iter(box.iterancestors("{*}AlternateContent")))
    return child(alternatives, "Choice") is not None
