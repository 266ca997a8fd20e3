"""PDF files with a text layer: paragraphs from the geometry of lines, ruled tables joined over pages."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

import pypdfium2
from pypdfium2 import raw

from hieuhoc.engines.reader.loading.formats import SCAN
from hieuhoc.engines.reader.loading.pages import Page, Word, read_page
from hieuhoc.engines.reader.loading.rows import Line, line_of, lines_of_page, rows_of
from hieuhoc.engines.reader.loading.ruled import Box, Grid, find_grids
from hieuhoc.engines.reader.loading.sheet import Sheet, is_layout, squeezed, table_of, tidy
from hieuhoc.engines.reader.source import Cell, Source
from hieuhoc.kernel.errors import Invalid

_MOST_PAGES = 600
_CELL_MARGINS = 16.0  # points on both sides together, with some slack; Word's own are 10.8
_MARKER = re.compile(
    r"(?:[-–—+*•●▪·]\s*\S|\(?\d{1,2}(?:\.\d{1,2})*[.)]\s|\d{1,2}(?:\.\d{1,2})+\s+\S|[a-zđ][.)]\s|[IVXLC]{1,6}[.)]\s|[A-Z][.)]\s"
    r"|(?:Điều|Chương|Phần|Mục|PHẦN|CHƯƠNG|MỤC)\s+[\dIVX]+|Căn cứ\s|Nơi nhận|Theo đề nghị|Xét đề nghị)"
)
_ENDS = re.compile(r"[.;:!?…/”\"’)]$")
_STOPS = re.compile(r"[.;:!?]$|\./\.?$")
_KIND = re.compile(r"[^a-zà-ỹđ]{4,25}:?")


@dataclass
class _Part:
    """A cell of a table that may go on over pages: its lines and where it begins in the whole grid."""

    lines: list[str] = field(default_factory=list)


@dataclass
class _Joined:
    """A table, joined from the pages it stands on: per row the part that covers each column."""

    columns: int
    uprights: tuple[float, ...]
    page: int
    rows: list[list[_Part]] = field(default_factory=list)
    last: bool = True  # nothing stands below it on its page so far


_Item = Line | _Joined


def load_pdf(content: bytes, name: str) -> Source:
    """The source of a PDF.

    Raises: Invalid where the file is encrypted, broken or has no text layer.
    """
    document = _opened(content, name)
    try:
        count = len(document)
        if count == 0 or count > _MOST_PAGES:
            raise Invalid(
                "Tệp “{name}” có {count} trang; chỉ đọc được văn bản từ 1 đến {most} trang.",
                field="file",
                name=name,
                count=count,
                most=_MOST_PAGES,
            )
        pages = [read_page(document, index) for index in range(count)]
    except pypdfium2.PdfiumError as error:
        raise _broken(name) from error
    finally:
        document.close()
    _check_text(pages, name)
    body = _body_size(pages)
    items = _without_running_heads(list(_items(pages, body)), count)
    sheet = Sheet()
    empty = [page.number for page in pages if not page.words and page.pictures]
    if empty:
        listed = ", ".join(map(str, empty[:20]))
        sheet.notes.append(f"Trang {listed} chỉ là ảnh, không có lớp chữ nên không được đọc.")
    _write(sheet, items, pages)
    return sheet.source("pdf", wrapped=True)


def _opened(content: bytes, name: str) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise Invalid(
                "Tệp “{name}” được đặt mật khẩu. Hãy bỏ mật khẩu rồi tải lại.", field="file", name=name
            ) from error
        raise _broken(name) from error


def _broken(name: str) -> Invalid:
    return Invalid(
        "Tệp “{name}” bị hỏng, không mở được như tệp PDF. Hãy xin lại tệp gốc rồi tải lên.", field="file", name=name
    )


def _check_text(pages: list[Page], name: str) -> None:
    """Raises: Invalid where there is nothing to read on the pages, or nothing that can be read."""
    text = "".join(word.text for page in pages for word in page.words)
    if len(text) < 20 * min(len(pages), 5):
        raise Invalid(SCAN, field="file", name=name)
    strange = sum(letter == "\ufffd" or "\ue000" <= letter <= "\uf8ff" or not letter.isprintable() for letter in text)
    if strange * 4 > len(text):
        raise Invalid(
            "Tệp “{name}” có lớp chữ bị lỗi phông, không đọc được. Hãy xin tệp Word hoặc PDF khác.",
            field="file",
            name=name,
        )


def _body_size(pages: list[Page]) -> float:
    sizes = Counter(round(word.size, 1) for page in pages for word in page.words for _ in word.text)
    return sizes.most_common(1)[0][0] if sizes else 12.0


# --- lines and tables in reading order ---


def _items(pages: list[Page], body: float) -> Iterator[_Item]:
    table: _Joined | None = None
    for page in pages:
        grids = find_grids(page)
        inside = [[word for word in page.words if grid.holds((word.x0 + word.x1) / 2, word.y - 2)] for grid in grids]
        taken = {id(word) for words in inside for word in words}
        lines = lines_of_page(page, [word for word in page.words if id(word) not in taken], body)
        for part in _in_order(lines, list(zip(grids, inside, strict=True))):
            if isinstance(part, Line):
                if table is not None and not _is_edge_text(part, page):
                    table = None
                yield part
                continue
            grid, words = part
            rows = _grid_rows(grid, words)
            if table is not None and table.page == page.number - 1 and _goes_on(table, grid):
                _append(table, rows)
                table.page = page.number
                continue
            table = _Joined(grid.columns, grid.uprights, page.number, rows)
            yield table


def _in_order(lines: list[Line], tables: list[tuple[Grid, list[Word]]]) -> Iterator[Line | tuple[Grid, list[Word]]]:
    """The lines as they come, each table before the first line that stands below its head."""
    waiting = list(tables)
    for line in lines:
        while waiting and line.y > waiting[0][0].top:
            yield waiting.pop(0)
        yield line
    yield from waiting


def _is_edge_text(line: Line, page: Page) -> bool:
    """Whether a line may be a running head or foot between the two parts of a table."""
    return line.y < 0.07 * page.height or line.y > 0.94 * page.height


def _goes_on(table: _Joined, grid: Grid) -> bool:
    return table.columns == grid.columns and all(
        abs(one - two) < 12 for one, two in zip(table.uprights, grid.uprights, strict=True)
    )


def _grid_rows(grid: Grid, words: list[Word]) -> list[list[_Part]]:
    within: dict[Box, list[Word]] = {box: [] for box in grid.boxes}
    for word in words:
        box = grid.box_at((word.x0 + word.x1) / 2, word.y - 0.3 * word.size)
        if box is not None:
            within[box].append(word)
    parts = {box: _Part(_cell_lines(inside, box)) for box, inside in within.items()}
    nothing = _Part()
    rows = [[nothing] * grid.columns for _ in range(grid.rows)]
    for box, part in parts.items():
        for row in range(box.row, min(box.row_end, grid.rows)):
            for column in range(box.column, min(box.column_end, grid.columns)):
                rows[row][column] = part
    return [[_Part() if part is nothing else part for part in row] for row in rows]


def _cell_lines(words: list[Word], box: Box) -> list[str]:
    """The paragraphs in a cell: wrapped lines are joined; a new one begins at a mark, after an end, or where a line
    was ended although the next word would have had room on it."""
    paragraphs: list[str] = []
    above: list[Word] = []
    for row in rows_of(words):
        text = squeezed(tidy(line_of(row, 0).text))
        if not text:
            continue
        early = bool(above) and not text[0].islower() and _had_room(above, row, box)
        ended = bool(paragraphs) and (paragraphs[-1].endswith((";", ":")) or early)
        if paragraphs and not ended and not _MARKER.match(text):
            paragraphs[-1] = _glued(paragraphs[-1], text)
        else:
            paragraphs.append(text)
        above = row
    return paragraphs


def _had_room(above: list[Word], row: list[Word], box: Box) -> bool:
    """Whether the first word of a line would have fitted on the line above, with its space and the cell's margins."""
    used = above[-1].x1 - above[0].x0
    wanted = row[0].x1 - row[0].x0 + 0.3 * row[0].size
    return used + wanted + _CELL_MARGINS < box.x1 - box.x0


def _append(table: _Joined, rows: list[list[_Part]]) -> None:
    """Puts the rows of the next page under a table: repeated heads dropped, a row cut in two made whole."""
    while (
        rows
        and len(table.rows) > 1
        and _texts(rows[0]) in [_texts(row) for row in table.rows[:3]]
        and any(_texts(rows[0]))
    ):
        rows = rows[1:]
    if not rows:
        return
    above, first = table.rows[-1], rows[0]
    if not first[0].lines and above[0].lines and _is_rest(first):
        for upper, lower in zip(above, first, strict=True):
            if lower.lines and upper is not lower:
                _go_on(upper, lower)
                lower.lines = []
            rows = [[upper if part is lower else part for part in row] for row in rows]
        rows = rows[1:]
    for column in range(table.columns) if rows and rows[0][0].lines else ():
        rows = _merged_on(table, rows, column)
    table.rows.extend(rows)


def _merged_on(table: _Joined, rows: list[list[_Part]], column: int) -> list[list[_Part]]:
    """The rows with a cell that was merged downwards over the page's end made one with what is above it."""
    upper, lower = table.rows[-1][column], rows[0][column]
    merged = _down(table.rows, column) > 1 or sum(row[column] is lower for row in rows) > 1
    if lower.lines or not upper.lines or not merged:
        return rows
    return [[upper if part is lower else part for part in row] for row in rows]


def _texts(row: list[_Part]) -> list[str]:
    return [" ".join(part.lines) for part in row]


def _is_rest(row: list[_Part]) -> bool:
    texts = [text for text in _texts(row) if text]
    return bool(texts) and any(text[0].islower() for text in texts)


def _down(rows: list[list[_Part]], column: int) -> int:
    return sum(row[column] is rows[-1][column] for row in rows)


def _go_on(upper: _Part, lower: _Part) -> None:
    if upper.lines and not _ENDS.search(upper.lines[-1]):
        upper.lines[-1] = _glued(upper.lines[-1], lower.lines[0])
        upper.lines.extend(lower.lines[1:])
    else:
        upper.lines.extend(lower.lines)


def _without_running_heads(items: list[_Item], pages: int) -> list[_Item]:
    """Leaves out lines that stand at the same end of most pages."""
    if pages < 3:
        return items
    first: dict[int, Line] = {}
    last: dict[int, Line] = {}
    for item in items:
        if isinstance(item, Line):
            first.setdefault(item.page, item)
            last[item.page] = item
    ends = [*first.values(), *last.values()]
    often = Counter(re.sub(r"\d+", "#", line.text) for line in ends)
    gone = {text for text, count in often.items() if count >= max(3, (pages + 1) // 2)}
    edge = {id(line) for line in ends if re.sub(r"\d+", "#", line.text) in gone}
    return [item for item in items if id(item) not in edge]


# --- paragraphs ---


@dataclass(frozen=True)
class _Measure:
    """The geometry of the running text."""

    left: float
    right: float
    pitch: float
    middle: float
    indent: float  # where most paragraphs begin
    hanging: bool  # whether numbered paragraphs begin at the left margin

    @classmethod
    def of(cls, items: list[_Item], pages: list[Page]) -> "_Measure":
        lines = [item for item in items if isinstance(item, Line) and not item.column and len(item.text) > 30]
        left = _usual([line.x0 for line in lines], 80.0)
        ends = sorted(line.x1 for line in lines)
        right = max(_usual(ends, 540.0), ends[len(ends) * 4 // 5] if ends else 0.0)
        pairs = pairwise(lines)
        pitch = _usual([two.y - one.y for one, two in pairs if one.page == two.page and 5 < two.y - one.y < 40], 18.0)
        begun = [item.x0 for item in items if isinstance(item, Line) and not item.column and _MARKER.match(item.text)]
        indent = _usual([x for x in begun if x > left + 8], left + 36)
        hanging = len(begun) < 5 or sum(x <= left + 8 for x in begun) > 0.3 * len(begun)
        return cls(left, right, pitch, pages[0].width / 2, indent, hanging)

    def is_centred(self, line: Line) -> bool:
        middle = (line.x0 + line.x1) / 2
        own = (self.left + self.right) / 2
        near = min(abs(middle - own), abs(middle - self.middle)) < 9 and line.x0 > self.left + 12
        return near and abs(line.x0 - self.indent) > 4 and _MARKER.match(line.text) is None

    def is_full(self, line: Line) -> bool:
        return line.x1 > self.right - 30


def _usual(values: list[float], default: float) -> float:
    return float(Counter(round(value / 2) * 2 for value in values).most_common(1)[0][0]) if values else default


def _write(sheet: Sheet, items: list[_Item], pages: list[Page]) -> None:
    measure = _Measure.of(items, pages)
    open_lines: list[Line] = []
    for item in items:
        if isinstance(item, Line):
            if open_lines and not _continues(open_lines, item, measure):
                _close(sheet, open_lines, measure)
            open_lines.append(item)
        else:
            _close(sheet, open_lines, measure)
            _write_table(sheet, item)
    _close(sheet, open_lines, measure)


def _close(sheet: Sheet, lines: list[Line], measure: _Measure) -> None:
    text, first = "", len(sheet.lines) + 1
    for line in lines:
        shown = squeezed(tidy(line.text))
        if shown:
            sheet.write(shown)
            text = _glued(text, shown)
    if text:
        bold = all(line.bold for line in lines)
        centred = all(measure.is_centred(line) for line in lines) and not lines[0].column
        sheet.place(text, first, len(sheet.lines), bold=bold, centred=centred)
    lines.clear()


def _glued(one: str, two: str) -> str:
    """Two printed lines as one; a hyphen inside a number or a code joins them without a space."""
    if re.search(r"[^\W_][-/]$", one) and re.match(r"[^\W_]", two):
        return one + two
    return f"{one} {two}".strip()


def _continues(above: list[Line], line: Line, measure: _Measure) -> bool:
    """Whether a line goes on with the paragraph above it. Doubtful lines stay apart: the reader can still join them."""
    last = above[-1]
    if last.column or line.column:
        return last.column == line.column == "foot" and _goes_on_in_list(above, last, line)
    small = line.text[:1].islower()
    stopped = _STOPS.search(last.text) is not None
    marked = _MARKER.match(line.text) is not None
    if measure.is_centred(line) or measure.is_centred(last):
        return _is_title(last, line, measure)
    if abs(line.size - last.size) > 1.2:
        return False
    far = line.page == last.page and line.y - last.y > 1.35 * measure.pitch
    indented = line.x0 > measure.left + 8
    if marked and (indented or far or not measure.is_full(last) or line.bold != last.bold):
        return False
    if marked and stopped and measure.hanging:
        return False
    if far:
        return small and not stopped and line.y - last.y < 2.2 * measure.pitch
    if indented and not (small and not stopped):
        return False
    if measure.is_full(last):
        return not (line.page != last.page and stopped and not small)
    return small and not stopped


def _is_title(last: Line, line: Line, measure: _Measure) -> bool:
    """Whether a centred line goes on with a centred title."""
    if line.page != last.page or line.bold != last.bold or abs(line.size - last.size) > 1.2:
        return False
    if line.y - last.y > 1.5 * measure.pitch or _KIND.fullmatch(last.text) or _MARKER.match(line.text):
        return False
    if line.text.startswith("(") or line.text.isupper() != last.text.isupper():
        return False
    if not (measure.is_centred(last) and measure.is_centred(line)):
        return False
    return line.text[:1].islower() or last.x1 - last.x0 > 0.5 * (measure.right - measure.left)


def _goes_on_in_list(above: list[Line], last: Line, line: Line) -> bool:
    """Whether a line of the recipients goes on with the item above it."""
    return (
        above[0].text.startswith(("-", "+"))
        and not line.text.startswith(("-", "+"))
        and line.y > last.y
        and abs(line.x0 - above[0].x0) < 25
        and abs(line.size - last.size) < 1.2
    )


# --- tables ---


def _write_table(sheet: Sheet, table: _Joined) -> None:
    texts = [_texts(row) for row in table.rows]
    if is_layout(texts, early=len(sheet.blocks) < 6):
        once = {id(part): part for row in table.rows for part in row}
        for text in (text for part in once.values() for text in part.lines):
            sheet.paragraph(text)
        return
    made: dict[int, Cell] = {}
    rows: list[list[Cell]] = []
    for number, row in enumerate(table.rows):
        for column, part in enumerate(row):
            if id(part) not in made:
                made[id(part)] = _cell(sheet, part, number, column)
        rows.append([made[id(part)] for part in row])
    whole = table_of(rows)
    if whole is not None:
        sheet.blocks.append(whole)


def _cell(sheet: Sheet, part: _Part, row: int, column: int) -> Cell:
    numbers = [sheet.write(text) for text in part.lines]
    here = max(1, len(sheet.lines))
    cell = Cell("\n".join(part.lines), numbers[0] if numbers else here, here, row, column)
    return replace(cell, last=numbers[-1] if numbers else here)
