"""What stands on the pages of a PDF: words with their places, and ruled lines. Units: points, y grows downwards."""

import ctypes
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import pypdfium2
from pypdfium2 import raw

from hieuhoc.engines.reader.loading.encodings import from_font

_LETTER_DIGIT = re.compile(r"[^\W\d]\d{1,2}(?!\d)")
_UNIT = re.compile(r"(?:^|[\d/(])[kcdm]?m$")
_LINE_END = "\ufffe"  # how PDFium gives a hyphen at the end of a line
_MOST_SEGMENTS = 20_000  # of drawn paths on a page; a map or a logo may have more, a table has not


@dataclass(frozen=True, slots=True)
class Word:
    """A word: from x0 to x1 on the base line y."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class Edge:
    """A ruled line, upright or level."""

    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True)
class Page:
    """A page with its text upright."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    edges: tuple[Edge, ...]
    pictures: bool


def read_page(document: pypdfium2.PdfDocument, index: int) -> Page:
    """One page of an open document (`index` from 0)."""
    page = document[index]
    try:
        text_page = page.get_textpage()
        try:
            turn = _Turn(page, text_page)
            words = _words(text_page, turn)
        finally:
            text_page.close()
        edges, pictures = _drawn(page, turn)
        return Page(index + 1, turn.width, turn.height, tuple(words), tuple(edges), pictures)
    finally:
        page.close()


class _Turn:
    """From the page's own coordinates to those in which most of its text runs from left to right, y downwards.

    Whether the page is also shown turned does not matter: its text says which way is up.
    """

    def __init__(self, page: pypdfium2.PdfPage, text_page: pypdfium2.PdfTextPage) -> None:
        count = text_page.count_chars()
        looked = range(0, count, max(1, count // 60))
        angles = Counter(_angle_and_scale(text_page, place)[0] // 90 * 90 % 360 for place in looked)
        self.angle = angles.most_common(1)[0][0] if angles else 0
        self.left, self.bottom, self.right, self.top = page.get_cropbox()
        wide, high = self.right - self.left, self.top - self.bottom
        self.width, self.height = (high, wide) if self.angle in (90, 270) else (wide, high)

    def __call__(self, x: float, y: float) -> tuple[float, float]:
        match self.angle:
            case 90:
                return y - self.bottom, x - self.left
            case 180:
                return self.right - x, y - self.bottom
            case 270:
                return self.top - y, self.right - x
            case _:
                return x - self.left, self.top - y


def _words(text_page: pypdfium2.PdfTextPage, turn: _Turn) -> list[Word]:
    count = text_page.count_chars()
    letters = [raw.FPDFText_GetUnicode(text_page, place) for place in range(count)]
    text = "".join(
        chr(letter) if 0 < letter < 0x110000 and not 0xD800 <= letter < 0xE000 else " " for letter in letters
    )
    text = text.replace("\x02", _LINE_END)
    found: list[tuple[Word, int]] = []
    for match in re.finditer(r"\S+", text):
        for start, part in _printed(text_page, match[0], match.start()):
            made = _word(text_page, turn, part, start)
            if made is not None:
                found.append(made)
    if not found:
        return []
    level = Counter(angle for _, angle in found).most_common(1)[0][0]
    return [word for word, angle in found if angle == level]


def _printed(text_page: pypdfium2.PdfTextPage, text: str, start: int) -> Iterator[tuple[int, str]]:
    """A word as it is printed: in two where a hyphen ended a line, which the text layer hides."""
    while _LINE_END in text[:-1]:
        at = text.index(_LINE_END) + 1
        yield start, text[:at].replace(_LINE_END, "-")
        start, text = start + at, text[at:]
    yield start, text.replace(_LINE_END, "-")


def _word(text_page: pypdfium2.PdfTextPage, turn: _Turn, text: str, start: int) -> tuple[Word, int] | None:
    angle, scale = _angle_and_scale(text_page, start)
    size = raw.FPDFText_GetFontSize(text_page, start) * scale
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text_page, start, x, y)
    first = turn(x.value, y.value)
    box = [ctypes.c_double() for _ in range(4)]
    raw.FPDFText_GetCharBox(text_page, start + len(text) - 1, *box)
    left, right, bottom, top = (side.value for side in box)
    corners = [turn(left, bottom), turn(right, top)]
    end = max(corner[0] for corner in corners)
    text = _without_marks(text_page, text, start)
    if not text or not math.isfinite(size):
        return None
    name, bold = _font(text_page, start)
    shown = unicodedata.normalize("NFC", from_font(text, name.partition(",")[0])[0])
    word = Word(shown, first[0], max(end, first[0]), first[1], size, bold)
    return word, angle


def _angle_and_scale(text_page: pypdfium2.PdfTextPage, place: int) -> tuple[int, float]:
    """Which way a letter's line runs, in degrees to the next five, and how much its font size is scaled."""
    matrix = raw.FS_MATRIX()
    raw.FPDFText_GetMatrix(text_page, place, matrix)
    angle = round(math.degrees(math.atan2(matrix.b, matrix.a)) / 5) * 5 % 360
    return angle, math.hypot(matrix.c, matrix.d)


def _without_marks(text_page: pypdfium2.PdfTextPage, text: str, start: int) -> str:
    """A word without the small raised number that points to a footnote ("xã1"); "m3" and "km2" stay."""
    kept, last = "", 0
    for match in _LETTER_DIGIT.finditer(text):
        at = match.start() + 1
        if _UNIT.search(text[:at]):
            continue
        usual = raw.FPDFText_GetFontSize(text_page, start + match.start())
        if raw.FPDFText_GetFontSize(text_page, start + at) < 0.8 * usual:
            kept, last = kept + text[last:at], match.end()
    return kept + text[last:]


def _font(text_page: pypdfium2.PdfTextPage, place: int) -> tuple[str, bool]:
    """The name of a letter's font without its subset's mark, and whether it is bold."""
    buffer = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    raw.FPDFText_GetFontInfo(text_page, place, buffer, 128, flags)
    name = buffer.value.decode("utf-8", "replace").rpartition("+")[2]
    return name, "bold" in name.lower() or raw.FPDFText_GetFontWeight(text_page, place) >= 600


def _drawn(page: pypdfium2.PdfPage, turn: _Turn) -> tuple[list[Edge], bool]:
    """The ruled lines of a page, and whether it shows pictures."""
    edges: list[Edge] = []
    pictures, segments = False, 0
    for drawn in page.get_objects(max_depth=2):
        if drawn.type == raw.FPDF_PAGEOBJ_IMAGE:
            pictures = True
        elif drawn.type == raw.FPDF_PAGEOBJ_PATH:
            count = raw.FPDFPath_CountSegments(drawn)
            segments += max(count, 0)
            if segments > _MOST_SEGMENTS:
                return [], pictures
            edges.extend(_ruled(_points(drawn, count, turn)))
    return edges, pictures


def _points(drawn: pypdfium2.PdfObject, count: int, turn: _Turn) -> list[tuple[float, float, bool]]:
    """The corners of a path, each with whether the pen was lifted to it."""
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(drawn, matrix)
    points = []
    begin: tuple[float, float] | None = None
    x, y = ctypes.c_float(), ctypes.c_float()
    for place in range(count):
        segment = raw.FPDFPath_GetPathSegment(drawn, place)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        shown = turn(
            matrix.a * x.value + matrix.c * y.value + matrix.e, matrix.b * x.value + matrix.d * y.value + matrix.f
        )
        lifted = raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO
        begin = shown if lifted else begin
        points.append((*shown, lifted))
        if raw.FPDFPathSegment_GetClose(segment) and begin is not None:
            points.append((*begin, False))
    return points


def _ruled(points: list[tuple[float, float, bool]]) -> list[Edge]:
    edges = []
    for (x0, y0, _), (x1, y1, lifted) in pairwise(points):
        if lifted or not (abs(x1 - x0) < 1.5) ^ (abs(y1 - y0) < 1.5):
            continue
        edges.append(Edge(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
    return edges
