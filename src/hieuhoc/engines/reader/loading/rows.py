"""From words to lines on a page: rows, columns of a letterhead or a signature, and what is no text of the document.

Units: points, y grows downwards.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from hieuhoc.engines.reader.loading.pages import Page, Word

_STAMP = re.compile(
    r"(?i)^(?:(?:được )?ký bởi|người ký|ký tên bởi|signed by|digitally signed|signature (?:not )?valid|e-?mail|"
    r"cơ quan|tổ chức|thời gian ký|ngày ký|giờ ký|date|chức vụ)\s*:"
    r"|^(?:được ký bởi|ký bởi) |^\d{1,2}[./]\d{1,2}[./]\d{4} \d{1,2}:\d\d"
)
_PAGE_NUMBER = re.compile(r"(?i)(?:trang\s*)?[-–—]?\s*\d{1,4}\s*(?:/\s*\d{1,4})?\s*[-–—]?")
_FOOTNOTE = re.compile(r"\[?\d{1,3}\]?\s*\S")
_MOTTO = re.compile(r"(?i)CỘNG\s*H(?:ÒA|OÀ)\s*XÃ\s*HỘI|Độc\s*lập\s*-\s*Tự\s*do|ĐẢNG\s*CỘNG\s*SẢN\s*VIỆT")
_KIND = re.compile(
    r"(?:QUYẾT ĐỊNH|KẾ HOẠCH|CHỈ THỊ|CHƯƠNG TRÌNH|NGHỊ QUYẾT|THÔNG BÁO|ĐỀ ÁN|HƯỚNG DẪN|PHỤ LỤC|TỜ TRÌNH)\b.*"
)
_COPIES = re.compile(r"(?i)^n\s*ơ\s*i\s+n\s*h\s*ậ\s*n\b")
_SIGNING = re.compile(
    r"(?:TM|KT|TL|TUQ|Q)\s*\.|CHỦ TỊCH|GIÁM ĐỐC|BỘ TRƯỞNG|THỦ TƯỚNG|CHÁNH|BÍ THƯ|TRƯỞNG (?:BAN|PHÒNG)"
)
_NUMBER = re.compile(r"(?i)(?:^|\s)số\s*:|/[A-ZĐ]{2}")
_FARTHEST = 60  # points between the gutter and a gap of a row that still belongs to it
_MARGIN = 0.09  # of the page's height, where page numbers and running heads stand


@dataclass(frozen=True)
class Line:
    """A printed line, or the part of one that stands in one column."""

    text: str
    page: int
    x0: float
    x1: float
    y: float
    size: float
    bold: bool
    column: str = ""  # "head" or "foot" in a letterhead or a signature block


def line_of(words: Sequence[Word], page: int, column: str = "") -> Line:
    """The words of one line, in order from the left."""
    ordered = sorted(words, key=lambda word: word.x0)
    size = Counter(round(word.size, 1) for word in ordered for _ in word.text).most_common(1)[0][0]
    bold = all(word.bold for word in ordered if any(letter.isalnum() for letter in word.text))
    text = " ".join(word.text for word in ordered)
    return Line(text, page, ordered[0].x0, max(word.x1 for word in ordered), ordered[0].y, size, bold, column)


def rows_of(words: Iterable[Word]) -> list[list[Word]]:
    """Words grouped by their base line, from the top; a number stamped a little off joins its line."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: (word.y, word.x0)):
        if rows and word.y - rows[-1][0].y <= 0.38 * min(word.size, rows[-1][0].size):
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda word: word.x0) for row in rows]


def lines_of_page(page: Page, words: Iterable[Word], body: float) -> list[Line]:
    """The lines of a page in reading order, without page numbers, footnotes, stamps and raised numbers.

    `body` is the size of the document's running text.
    """
    rows = _without_stamps(rows_of(words), body)
    rows = _without_number(rows, page)
    rows = _without_footnotes(rows, page, body)
    rows = [row for row in rows if not _is_raised(row, body)]
    lines: list[Line] = []
    at = 0
    while at < len(rows):
        end, gutter = _letterhead(rows, at, page) if at < 12 else (at, 0.0)
        where = "head"
        if end <= at:
            end, gutter = _signature(rows, at, page)
            where = "foot"
        if end > at:
            lines.extend(_columns(rows[at:end], gutter, page.number, where))
            at = end
        else:
            lines.append(line_of(rows[at], page.number))
            at += 1
    return lines


def _text(row: Sequence[Word]) -> str:
    return " ".join(word.text for word in row)


def _is_raised(row: Sequence[Word], body: float) -> bool:
    return all(word.size < 0.75 * body and word.text.strip("[]();,.").isdigit() for word in row) and len(row) <= 3


def _without_stamps(rows: list[list[Word]], body: float) -> list[list[Word]]:
    """Leaves out what a digital signature prints: its lines, and small lines right under them."""
    kept: list[list[Word]] = []
    stamp: list[Word] = []
    for row in rows:
        small = max(word.size for word in row) < 0.85 * body
        if (_STAMP.search(_text(row)) and small) or (
            stamp and small and row[0].y - stamp[0].y < 2 * stamp[0].size and row[0].x0 >= stamp[0].x0 - 3
        ):
            stamp = row
        else:
            kept.append(row)
    return kept


def _without_number(rows: list[list[Word]], page: Page) -> list[list[Word]]:
    def is_number(row: list[Word]) -> bool:
        outside = row[0].y < _MARGIN * page.height or row[0].y > (1 - _MARGIN) * page.height
        return outside and _PAGE_NUMBER.fullmatch(_text(row)) is not None

    ends = {0, 1, len(rows) - 1, len(rows) - 2}
    return [row for place, row in enumerate(rows) if place not in ends or not is_number(row)]


def _without_footnotes(rows: list[list[Word]], page: Page, body: float) -> list[list[Word]]:
    """Leaves out the small lines at the foot of a page that begin with a number."""
    first = len(rows)
    while first > 0 and max(word.size for word in rows[first - 1]) <= 0.86 * body:
        first -= 1
    for place in range(first, len(rows)):
        row = rows[place]
        raised = row[0].text.strip("[]").isdigit() and (len(row) == 1 or row[0].size < 0.8 * row[1].size)
        low = row[0].y > 0.5 * page.height and row[0].x0 < 0.3 * page.width
        if low and (raised or _FOOTNOTE.match(_text(row))):
            return rows[:place]
    return rows


def _letterhead(rows: list[list[Word]], start: int, page: Page) -> tuple[int, float]:
    """Where a letterhead of two columns that begins here ends, and the gutter between the columns."""
    for place in range(start, min(start + 4, len(rows))):
        found = _right_part(rows[place], _MOTTO)
        if found is None:
            continue
        gutter = found - 4
        end = start
        while end < len(rows) and end - start < 9 and _split(rows[end], gutter) is not None:
            if end > place and (_KIND.fullmatch(_text(rows[end])) or rows[end][0].y > 0.5 * page.height):
                break
            end += 1
        return (end, gutter) if end > place else (start, 0.0)
    return start, 0.0


def _right_part(row: list[Word], pattern: re.Pattern[str]) -> float | None:
    """Where the part of a row that a pattern begins with stands, if something else may stand left of it."""
    for place, word in enumerate(row):
        if pattern.match(_text(row[place:])):
            return word.x0 if word.x0 > 100 else None
    return None


def _split(row: list[Word], gutter: float) -> tuple[list[Word], list[Word]] | None:
    """The parts of a row left and right of the gutter, or None where the row runs through it.

    The columns of a row part at its own wide gap nearest to the gutter: a date may begin left of the motto above it.
    """
    usual = median(right.x0 - left.x1 for left, right in pairwise(row)) if len(row) > 1 else 0.0
    gaps = [
        (max(left.x1 - gutter, gutter - right.x0, 0.0), place)
        for place, (left, right) in enumerate(pairwise(row), start=1)
        if right.x0 - left.x1 > 1.6 * max(left.size, right.size)
        or (left.x1 < gutter + 2 and right.x0 > gutter - 2 and right.x0 - left.x1 > max(7, 1.5 * usual))
    ]
    distance, place = min(gaps, default=(_FARTHEST + 1, 0))
    if distance <= _FARTHEST:
        return row[:place], row[place:]
    if row[-1].x1 <= gutter + 3:
        return row, []
    return ([], row) if row[0].x0 >= gutter - 40 else None


def _signature(rows: list[list[Word]], start: int, page: Page) -> tuple[int, float]:
    """Where a block of recipients and signature that begins here ends, and the gutter between its columns."""
    copies = next((p for p in range(start, min(start + 4, len(rows))) if _COPIES.match(_text(rows[p]))), None)
    if copies is None or rows[copies][0].x0 > 0.4 * page.width:
        return start, 0.0
    right = [word.x0 for row in rows[start:copies] for word in row]
    if any(x < 0.4 * page.width for x in right) or (right and not _SIGNING.search(_text(rows[start]))):
        return start, 0.0
    gutter = _gutter(rows[copies:], page)
    if gutter is None:
        return start, 0.0
    gutter = min([gutter, *(x - 3 for x in right)])
    end = copies
    while end < len(rows) and _split(rows[end], gutter) is not None:
        if end > copies + 1 and (_KIND.fullmatch(_text(rows[end])) or _MOTTO.search(_text(rows[end]))):
            break
        end += 1
    return max(end, copies + 1), gutter


def _gutter(rows: list[list[Word]], page: Page) -> float | None:
    """The left side of the signature's column: the first wide gap after words of the left column."""
    for row in rows[:12]:
        for place, (left, right) in enumerate(pairwise(row), start=1):
            gap = right.x0 - left.x1
            signed = gap > 0.6 * right.size and _SIGNING.match(_text(row[place:])) is not None
            if right.x0 > 0.38 * page.width and (signed or (gap > 2 * right.size and right.bold)):
                return right.x0 - 3
        if row[0].x0 > 0.42 * page.width and row[0].bold:
            return row[0].x0 - 3
    return None


def _columns(rows: list[list[Word]], gutter: float, page: int, where: str) -> list[Line]:
    """A letterhead as issuer, motto, and then row by row; a signature block as recipients and then signature."""
    pairs = [_split(row, gutter) or (row, []) for row in rows]
    upper = len(pairs)
    if where == "head":
        upper = next((place for place, row in enumerate(rows) if _NUMBER.search(_text(row))), upper)
    ordered = [left for left, _ in pairs[:upper]] + [right for _, right in pairs[:upper]]
    ordered += [part for pair in pairs[upper:] for part in pair]
    if where == "foot":
        ordered = [_without_aside(part) for part in ordered]
    return [line_of(part, page, where) for part in ordered if part]


def _without_aside(row: list[Word]) -> list[Word]:
    """Recipients without what stands beside a brace ("(để b/c)")."""
    for place, (left, right) in enumerate(pairwise(row), start=1):
        if right.text.startswith("(") and right.x0 - left.x1 > 2 * right.size:
            return row[:place]
    return row
