"""Web pages: paragraphs, lists and tables of the document; what belongs to the site around it is left out."""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree, html

from hieuhoc.engines.reader.loading.encodings import Decoded, decode
from hieuhoc.engines.reader.loading.numbering import number, written
from hieuhoc.engines.reader.loading.sheet import Sheet, is_layout, squeezed, table_of, tidy
from hieuhoc.engines.reader.source import Cell, Paragraph, Source
from hieuhoc.kernel.errors import Invalid

_DROPPED = {
    "script", "style", "noscript", "template", "head", "title", "nav", "footer", "aside", "input", "button", "select",
    "option", "textarea", "svg", "math", "iframe", "object", "embed", "canvas", "audio", "video", "del", "s", "strike",
}  # fmt: skip
_BLOCKS = {
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "dl", "dt", "dd", "blockquote", "section",
    "article", "main", "header", "body", "html", "center", "pre", "address", "figure", "figcaption", "hr", "details",
    "summary", "fieldset", "form", "caption", "tr", "td", "th", "tbody", "thead", "tfoot",
}  # fmt: skip
_BOLD = {"b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6"}
_CHARSET = re.compile(rb"""(?i)<meta[^>]+charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]+encoding\s*=\s*["']([\w.:-]+)""")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_MOTTO = re.compile(r"CỘNG\s+H(?:ÒA|OÀ)\s+XÃ\s+HỘI|ĐẢNG\s+CỘNG\s+SẢN")
_DOCUMENT = re.compile(r"(?i)số\s*:|điều\s+\d|căn cứ|quyết định|kế hoạch|nơi nhận|[IVX]+\.\s")
_LISTS = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_FOOTNOTE_MARK = re.compile(r"\[\d{1,3}\]|\(\d{1,3}\)")
_WIDEST = 200  # columns, and rows that one cell may cover
_MOST_CELLS = 200_000
_DEEPEST = 40  # tables in tables


@dataclass(frozen=True)
class _Line:
    text: str
    bold: bool
    centred: bool
    heading: int


@dataclass
class _Pen:
    """The line being written while a tree is walked."""

    pieces: list[str] = field(default_factory=list)
    marked: int = 0  # letters in bold
    letters: int = 0
    bold: int = 0  # how many elements around make bold
    centred: int = 0
    verbatim: int = 0
    heading: int = 0
    prefix: str = ""

    def text(self, text: str) -> None:
        self.pieces.append(text)
        count = sum(map(str.isalnum, text))
        self.letters += count
        self.marked += count if self.bold else 0

    def take(self) -> _Line | None:
        """The line written so far, if there is one; the pen goes on to the next."""
        text = squeezed(tidy("".join(self.pieces)))
        line = None
        if text:
            bold = self.letters > 0 and self.marked == self.letters
            line = _Line(self.prefix + text, bold, self.centred > 0, self.heading)
            self.prefix = ""
        self.pieces, self.marked, self.letters = [], 0, 0
        return line


def load_web(content: bytes, name: str) -> Source:
    """The source of a web page.

    Raises: Invalid where there is no text, or too large a table.
    """
    decoded = _decoded(content)
    if decoded is None:
        raise Invalid("Tệp “{name}” không phải là trang HTML đọc được.", field="file", name=name)
    text = _DECLARATION.sub("", decoded.text).replace("\0", "")
    try:
        parser = html.HTMLParser(huge_tree=True, remove_comments=True)
        root = html.document_fromstring(text, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise Invalid("Tệp “{name}” bị hỏng, không đọc được như trang HTML.", field="file", name=name) from error
    if parser.error_log.filter_from_fatals():
        raise Invalid("Tệp “{name}” lồng nhau quá sâu nên không được đọc.", field="file", name=name)
    sheet = Sheet()
    if decoded.note:
        sheet.notes.append(decoded.note)
    try:
        _write(sheet, root, 0)
    except _TooLarge as error:
        raise Invalid("Tệp “{name}” có bảng lớn bất thường nên không được đọc.", field="file", name=name) from error
    _drop_banner(sheet)
    return sheet.source("html", encoding=decoded.encoding)


class _TooLarge(Exception):
    """A table of more cells than any document has."""


def _drop_banner(sheet: Sheet) -> None:
    """Leaves out what a site prints above a document: short lines before the letterhead, none of them its text."""
    texts = [block.text for block in sheet.blocks if isinstance(block, Paragraph)]
    motto = next((place for place, text in enumerate(texts[:60]) if _MOTTO.match(text)), 0)
    issuer = next((place for place in range(motto - 1, max(-1, motto - 5), -1) if not texts[place].isupper()), -1)
    above = texts[: issuer + 1]
    plain = all(len(text) < 150 and not _DOCUMENT.match(text) for text in above)
    if motto and above and plain and all(isinstance(block, Paragraph) for block in sheet.blocks[: len(above)]):
        del sheet.blocks[: len(above)]


def _decoded(content: bytes) -> Decoded | None:
    if content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return decode(content)
    said = _CHARSET.search(content[:4096])
    if said is not None:
        label = (said[1] or said[2]).decode("ascii", "ignore")
        try:
            encoding = codecs.lookup(label).name
            return Decoded(tidy_newlines(content.decode(encoding)), encoding)
        except (LookupError, UnicodeDecodeError):
            return decode(content)
    return decode(content)


def tidy_newlines(text: str) -> str:
    """Line ends of any system as one."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _write(sheet: Sheet, root: etree._Element, depth: int) -> None:
    for item in _items(root):
        if isinstance(item, _Line):
            sheet.paragraph(item.text, bold=item.bold, centred=item.centred, heading=item.heading)
        else:
            _write_table(sheet, item, depth + 1)


def _items(root: etree._Element) -> Iterator[_Line | etree._Element]:
    """The lines under an element, and the tables between them, in order."""
    pen = _Pen()
    counts: list[tuple[str, int]] = []  # the lists around: form and next number
    for event, item in _events(root):
        if isinstance(item, str):
            for place, piece in enumerate(item.split("\n") if pen.verbatim else [item]):
                if place and (line := pen.take()) is not None:
                    yield line
                pen.text(piece)
            continue
        tag = str(item.tag)
        if event == "table" or tag in _BLOCKS or tag == "br":
            line = pen.take()
            if line is not None:
                yield line
        if event == "table":
            yield item
        elif event == "open":
            _open(pen, item, tag, counts)
        else:
            _close(pen, item, tag, counts)
    line = pen.take()
    if line is not None:
        yield line


def _events(root: etree._Element) -> Iterator[tuple[str, etree._Element | str]]:
    """Walks a tree without recursion; whatever does not belong to the document is passed over."""
    stack: list[tuple[str, etree._Element | str]] = [("open", root)]
    while stack:
        event, item = stack.pop()
        if event != "open" or isinstance(item, str):
            yield event, item
            continue
        if not isinstance(item.tag, str) or _is_out(item):
            continue
        if item.tag == "table" and item is not root:
            yield "table", item
            continue
        yield "open", item
        stack.append(("close", item))
        for inner in reversed(item):
            if inner.tail:
                stack.append(("text", inner.tail))
            stack.append(("open", inner))
        if item.text:
            stack.append(("text", item.text))


def _is_out(element: etree._Element) -> bool:
    tag = element.tag
    if tag in _DROPPED or element.get("hidden") is not None:
        return True
    style = (element.get("style") or "").replace(" ", "").lower()
    if "display:none" in style or "mso-hide:all" in style:
        return True
    if tag == "header":
        text = _all_text(element).upper()
        return "CỘNG HÒA" not in text and "CỘNG HOÀ" not in text
    if tag == "sup":
        return _FOOTNOTE_MARK.fullmatch(_all_text(element).strip()) is not None
    if tag != "div":
        return False
    printed = element.get("title") in ("header", "footer")  # page heads and feet, as LibreOffice saves them
    return printed or (element.get("id") or "").startswith(("ftn", "edn", "sdfootnote"))


def _all_text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext()))


def _style(element: etree._Element) -> tuple[bool, bool]:
    """Whether an element makes its text bold, and whether it centres it."""
    style = (element.get("style") or "").replace(" ", "").lower()
    bold = element.tag in _BOLD or re.search(r"font-weight:(?:bold|[6-9]00)", style) is not None
    centred = (
        element.tag == "center" or "text-align:center" in style or (element.get("align") or "").lower() == "center"
    )
    return bold, centred


def _open(pen: _Pen, element: etree._Element, tag: str, counts: list[tuple[str, int]]) -> None:
    bold, centred = _style(element)
    pen.bold += bold
    pen.centred += centred
    pen.verbatim += tag == "pre"
    if tag in ("ol", "ul"):
        form = _LISTS.get(element.get("type") or "1", "decimal") if tag == "ol" else "bullet"
        counts.append((form, number(element.get("start"), 1)))
    elif tag == "li" and counts:
        form, count = counts[-1]
        count = number(element.get("value"), count)
        pen.prefix = "- " if form == "bullet" else written(count, form) + ". "
        counts[-1] = (form, count + 1)
    elif len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
        pen.heading = int(tag[1])


def _close(pen: _Pen, element: etree._Element, tag: str, counts: list[tuple[str, int]]) -> None:
    bold, centred = _style(element)
    pen.bold -= bold
    pen.centred -= centred
    pen.verbatim -= tag == "pre"
    if tag in ("ol", "ul") and counts:
        counts.pop()
    elif tag == "li":
        pen.prefix = ""
    elif len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
        pen.heading = 0


# --- tables ---


def _write_table(sheet: Sheet, table: etree._Element, depth: int) -> None:
    rows = [_cells_of(row) for row in _rows_of(table)]
    cells = [cell for row in rows for cell in row]
    if depth > _DEEPEST:
        return
    nested = any(True for cell in cells for _ in cell.iter("table"))
    if nested or len(cells) == 1 or all(len(row) <= 1 for row in rows):
        for cell in cells:
            _write(sheet, cell, depth)
        return
    texts = [[squeezed(_all_text(cell)) for cell in row] for row in rows if row]
    if is_layout(texts, early=len(sheet.blocks) < 6):
        for cell in cells:
            _write(sheet, cell, depth)
        return
    _write_grid(sheet, rows)


def _rows_of(table: etree._Element) -> Iterator[etree._Element]:
    for element in table:
        if element.tag == "tr":
            yield element
        elif element.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in element if row.tag == "tr")


def _cells_of(row: etree._Element) -> list[etree._Element]:
    return [cell for cell in row if cell.tag in ("td", "th") and not _is_out(cell)]


def _write_grid(sheet: Sheet, rows: list[list[etree._Element]]) -> None:
    grid: list[dict[int, Cell]] = [{} for _ in rows]
    filled = 0
    for row_number, row in enumerate(rows):
        column = 0
        for element in row:
            while column in grid[row_number]:
                column += 1
            cell = _cell(sheet, element, row_number, column)
            down = min(_span(element, "rowspan", len(rows)), len(rows) - row_number)
            across = _span(element, "colspan", 1)
            filled += down * across
            if filled > _MOST_CELLS:
                raise _TooLarge
            for covered in grid[row_number : row_number + down]:
                covered.update((column + step, cell) for step in range(across) if column + step not in covered)
            column += across
    table = table_of([_row(sheet, covered, place) for place, covered in enumerate(grid)])
    if table is not None:
        sheet.blocks.append(table)


def _row(sheet: Sheet, covered: dict[int, Cell], place: int) -> list[Cell]:
    here = max(1, len(sheet.lines))
    return [
        covered.get(column) or Cell("", here, here, place, column) for column in range(max(covered, default=-1) + 1)
    ]


def _span(element: etree._Element, name: str, zero: int) -> int:
    value = number(element.get(name), 1)
    return zero if value == 0 else max(1, min(value, _WIDEST))


def _cell(sheet: Sheet, element: etree._Element, row: int, column: int) -> Cell:
    lines = [item.text for item in _items(element) if isinstance(item, _Line)]
    numbers = [sheet.write(text) for text in lines]
    here = max(1, len(sheet.lines))
    return Cell("\n".join(lines), numbers[0] if numbers else here, here, row, column)
