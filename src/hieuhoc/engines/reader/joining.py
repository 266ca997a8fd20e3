"""From the blocks of a file to the passages of a document: wrapped lines and page breaks joined, noise dropped."""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field

from hieuhoc.engines.reader.marks import is_bullet, is_numbered
from hieuhoc.engines.reader.source import Cell, Paragraph, Source, Table
from hieuhoc.kernel.vietnamese import squeeze

_BOLD = re.compile(r"\*\*|__")
_ESCAPED = re.compile(r"\\([.)*_#+\-!\[\]])")
_LISTED = re.compile(r"^[-*+•]\s+(?=(?:\d{1,2}|[a-zđ])[.)]\s)")  # a list's sign before a mark that counts: "- a)"
_HASHES = re.compile(r"^#{1,6}\s+")
_FLOURISH = re.compile(r"(?<!\w)\*{1,2}(\w{1,12})\*{1,2}(?!\w)")
_AFTER_END = re.compile(r"(?P<end>\.?/\.|[.!?])\s*/\s*\S{0,20}\s*$")
_PAGE_NUMBER = re.compile(r"^\W*(?:trang\s*)?\d{1,3}(?:\s*/\s*\d{1,3})?\W*$", re.IGNORECASE)
_SPACED = re.compile(r"(?<!\S)(?:[^\W\d_] ){3,}[^\W\d_](?!\S)")
_FOOTNOTE = re.compile(
    r"^\d{1,3}\s+(?:Quyết định|Nghị quyết|Kế hoạch|Công văn|Văn bản|Báo cáo|Thông báo|Chỉ thị|Kết luận"
    r"|Luật)\s+(?:số\s+)?\d"
)
_RULE = re.compile(r"^[\s\-–—_=*.·~]{3,}$")
_UNDERLINE = re.compile(r"\s*[-–—_]{4,}\s*")
_ENDED = re.compile(r"[.;:!?…]\s*[”\"'’)\]]*$|/\.$|\.\s*/\s*\.?$")
_GOES_ON = re.compile(
    r"(?:,|\b(?:và|của|các|với|về|cho|tại|trong|theo|từ|đến|hoặc|những|là|do|số|ngày|tháng|năm|để))$", re.IGNORECASE
)
_SYLLABLE = re.compile(
    r"(?:ngh|ng|gh|gi|kh|nh|ph|qu|th|tr|ch|[bcdđghklmnpqrstvx])?"
    r"(?:[aăâeêioôơuưy]{1,3})(?:ng|nh|ch|[cmnpt])?"
)
_FORMAL = re.compile(
    r"^(?:nơi nhận|kính gửi|độc lập|cộng h|quyết định|kế hoạch|chương trình|chỉ thị|phụ lục|biểu|phần|chương|mục|điều"
    r"|tm|kt|tl|tuq|q|chủ tịch|phó|giám đốc|trưởng|bộ trưởng|thủ tướng|thứ trưởng|ban|ủy|uỷ|ubnd|tỉnh|thành|huyện|sở"
    r"|lưu|số|đã ký|\(đã ký|trong đó|trước mắt|cụ thể|bao gồm|gồm|ghi chú|v/v|hội|hđnd|bộ|căn cứ|nghị quyết|đề án)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Passage:
    """A paragraph made whole. Units: a piece is (offset in `text`, first line, last line)."""

    text: str
    pieces: tuple[tuple[int, int, int], ...]
    bold: bool = False
    centred: bool = False
    heading: int = 0
    offsets: tuple[int, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "offsets", tuple(piece[0] for piece in self.pieces))

    def lines(self, start: int = 0, end: int | None = None) -> tuple[int, int]:
        """The first and last line of the source under a stretch of the text."""
        last = len(self.text) if end is None else end
        head = max(bisect_right(self.offsets, start) - 1, 0)
        foot = max(bisect_right(self.offsets, max(last - 1, start)) - 1, 0)
        return self.pieces[head][1], self.pieces[foot][2]


Part = Passage | Table


def passages(source: Source) -> list[Part]:
    """The passages and tables of a document, in order, joined and without noise."""
    return _joined(_without_noise(_cleaned(source)), wrapped=source.wrapped)


def clean(text: str) -> str:
    """One line as it should have been: composed letters, no marks of emphasis, no spaced-out words."""
    text = unicodedata.normalize("NFC", text)
    if "  " in text or "\u00a0" in text:
        text = _close_up(text)
    text = squeeze(text)
    text = _SPACED.sub(lambda found: _close_single(found[0]), text)
    if "*" in text or "_" in text or "#" in text:
        text = _FLOURISH.sub(lambda found: "" if not _vietnamese(found[1]) else found[1], text)
        text = _HASHES.sub("", _BOLD.sub("", text))
    if "\\" in text:
        text = _ESCAPED.sub(r"\1", text)
    text = _AFTER_END.sub(lambda found: found["end"], text)
    return _LISTED.sub("", squeeze(text))


def _close_up(text: str) -> str:
    """ "K Ế  H O Ạ C H" to "KẾ HOẠCH": single letters with wider gaps between words."""
    if not re.search(r"(?:^|\s)[^\W\d_]\s[^\W\d_]\s", text):
        return text
    words = re.split(r"\s{2,}|\u00a0+", text.strip())
    if all(re.fullmatch(r"(?:[^\W\d_] )*[^\W\d_][:.]?", word) for word in words) and len(words) > 1:
        return " ".join(word.replace(" ", "") for word in words)
    return text


_SPACED_KINDS = {
    kind.replace(" ", ""): kind
    for kind in (
        "KẾ HOẠCH", "QUYẾT ĐỊNH", "CHƯƠNG TRÌNH", "CHỈ THỊ", "CÔNG VĂN", "THÔNG BÁO", "NGHỊ QUYẾT", "ĐỀ ÁN",
        "HƯỚNG DẪN", "BÁO CÁO", "PHỤ LỤC", "PHƯƠNG ÁN", "TỜ TRÌNH", "KẾT LUẬN", "CÔNG ĐIỆN",
    )
}  # fmt: skip


def _close_single(run: str) -> str:
    letters = run.replace(" ", "")
    if not letters.isupper():
        return run
    return _SPACED_KINDS.get(letters, letters)


def _cleaned(source: Source) -> list[Part]:
    parts: list[Part] = []
    rows: list[Paragraph] = []
    for block in source.blocks:
        if isinstance(block, Paragraph) and block.text.lstrip().startswith("|") and block.text.count("|") > 1:
            rows.append(block)
            continue
        if rows:
            parts.extend(_from_pipes(rows))
            rows = []
        if isinstance(block, Table):
            parts.append(block)
            continue
        text = clean(block.text)
        if text and not _RULE.match(text):
            parts.append(Passage(text, ((0, block.first, block.last),), block.bold, block.centred, block.heading))
    if rows:
        parts.extend(_from_pipes(rows))
    return parts


def _from_pipes(rows: list[Paragraph]) -> list[Part]:
    """A table that was typed with bars ("| a | b |") as a table."""
    grid: list[tuple[Cell, ...]] = []
    for row in rows:
        cells = [clean(cell) for cell in row.text.strip().strip("|").split("|")]
        if all(re.fullmatch(r":?-*:?", cell) for cell in cells):
            continue
        grid.append(tuple(Cell(cell, row.first, row.last, len(grid), column) for column, cell in enumerate(cells)))
    if not grid:
        return []
    width = max(len(row) for row in grid)
    even = tuple(
        row + tuple(Cell("", row[0].first, row[0].last, number, column) for column in range(len(row), width))
        for number, row in enumerate(grid)
    )
    return [Table(even, rows[0].first, rows[-1].last)]


def _without_noise(parts: list[Part]) -> list[Part]:
    """Without page numbers, running heads, and shreds of seals and signatures."""
    counts: dict[str, int] = {}
    for part in parts:
        if isinstance(part, Passage) and len(part.text) < 90:
            counts[part.text] = counts.get(part.text, 0) + 1
    kept: list[Part] = []
    body = False
    seen: set[str] = set()
    for part in parts:
        if isinstance(part, Table):
            kept.append(part)
            continue
        text = part.text
        body = body or is_numbered(text)
        if _PAGE_NUMBER.match(text) and (body or len(text) < 2):
            continue
        if counts.get(text, 0) > 3 and not is_bullet(text) and not is_numbered(text) and _running_head(text):
            if text in seen:
                continue
            seen.add(text)
        if body and (_is_shred(text) or _FOOTNOTE.match(text)):
            continue
        kept.append(part)
    return kept


def _running_head(text: str) -> bool:
    return not text.endswith((":", ".", ";")) and len(text.split()) > 2


def _is_shred(text: str) -> bool:
    """Whether a line is a shred of a seal or a signature and no part of the text."""
    words = re.findall(r"\w+", text)
    if len(words) > 3 or len(text) > 16 or is_numbered(text) or is_bullet(text) or _FORMAL.match(text):
        return False
    if not words:
        return True
    if text.isupper() and text.endswith((".", ",")):
        return True
    return not any(_vietnamese(word) for word in words) and not text.isupper()


def _vietnamese(word: str) -> bool:
    """Whether a word could be a Vietnamese syllable."""
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFD", word.lower())
        if letter not in "\u0300\u0301\u0303\u0309\u0323"
    )
    return bool(_SYLLABLE.fullmatch(unicodedata.normalize("NFC", plain)))


def _joined(parts: list[Part], *, wrapped: bool) -> list[Part]:
    width = _width(parts) if wrapped else 0
    joined: list[Part] = []
    run: list[Passage] = []
    for part in parts:
        if isinstance(part, Passage) and run and _continues(run[-1], part, width):
            run.append(part)
            continue
        if run:
            joined.append(_one(run))
        run = [part] if isinstance(part, Passage) else []
        if isinstance(part, Table):
            joined.append(part)
    if run:
        joined.append(_one(run))
    return joined


def _width(parts: list[Part]) -> int:
    lengths = sorted(len(part.text) for part in parts if isinstance(part, Passage) and len(part.text) > 40)
    return lengths[int(len(lengths) * 0.75)] if lengths else 0


def _continues(before: Passage, after: Passage, width: int) -> bool:
    """Whether a passage goes on with the sentence of the one before it."""
    text, following = before.text, after.text
    if text == "Số:":
        return True
    if is_numbered(following) or is_bullet(following) or _closing_word(following):
        return False
    if _closing_word(text) and not text.startswith("Căn cứ"):
        return False
    small = following[0].islower()
    if not small and following[0].isalpha() and text.isupper() and following.isupper():
        return bool(width) and is_numbered(text) and not _ENDED.search(text)
    if small and width and not text.endswith(":"):
        return True
    if _ENDED.search(text):
        # a sentence may end where the line does: a full line goes on in the same paragraph
        return (
            bool(width)
            and text.endswith(".")
            and len(text) >= 0.97 * width
            and not after.bold
            and not before.bold
            and (small or len(following) > 0.5 * width)
        )
    if small or (following[0] in '(“"' and not text.isupper() and len(text) > 0.7 * width > 0):
        return True
    if not width:
        return bool(_GOES_ON.search(text)) and not before.bold and len(text) > 60
    if after.bold != before.bold and not _GOES_ON.search(text):
        return False
    if following.isupper() != text.isupper() and len(following.split()) > 2:
        return False
    return bool(_GOES_ON.search(text)) or len(text) >= 0.8 * width


def _closing_word(text: str) -> bool:
    return bool(re.match(r"(?:Nơi nhận|Kính gửi|TM\.|KT\.|TL\.|Số\s*:|Căn cứ|CỘNG H)", text))


def _one(run: list[Passage]) -> Passage:
    if len(run) == 1:
        return run[0]
    texts: list[str] = []
    pieces: list[tuple[int, int, int]] = []
    offset = 0
    for part in run:
        pieces.extend((offset + place, first, last) for place, first, last in part.pieces)
        texts.append(part.text)
        offset += len(part.text) + 1
    return Passage(" ".join(texts), tuple(pieces), run[0].bold, run[0].centred, run[0].heading)
