"""The sheet on which a loader writes: numbered lines, and the blocks that stand on them."""

import re
import unicodedata
from dataclasses import dataclass, field, replace

from hieuhoc.engines.reader.loading.encodings import legacy_of, turned
from hieuhoc.engines.reader.source import Block, Cell, Paragraph, Source, Table

# Marks without width, and control characters other than tab and line feed: nothing that a person reads.
_UNSEEN = re.compile("[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_SPACES = re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000\t]")
_LOOKED_AT = 500  # lines in which the codes of a legacy font are looked for
_RULE = re.compile(r"[-–—_*=.·~\s]*")
_DRAWN = "-–—_*= "  # what rules are drawn with


def tidy(text: str) -> str:
    """A line in composed letters without unseen marks; white space is kept, but plain."""
    text = unicodedata.normalize("NFC", text)
    return _SPACES.sub(" ", _UNSEEN.sub("", text)).strip()


def squeezed(text: str) -> str:
    """One line: every run of white space is one space."""
    return " ".join(text.split())


def is_rule(text: str) -> bool:
    """Whether a line is only drawn: dashes under a letterhead, stars, dots."""
    return _RULE.fullmatch(text) is not None


def without_rule(text: str) -> str:
    """A line without the dashes drawn at its end ("ỦY BAN NHÂN DÂN -------")."""
    shown = text.rstrip(_DRAWN)
    return shown if len(text[len(shown) :].replace(" ", "")) >= 3 else text


@dataclass
class Sheet:
    """Lines and blocks in reading order."""

    lines: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def write(self, text: str) -> int:
        """Adds a line and returns its number (from 1)."""
        self.lines.append(text)
        return len(self.lines)

    def paragraph(self, text: str, *, bold: bool = False, centred: bool = False, heading: int = 0) -> None:
        """Adds a paragraph on a line of its own; empty and merely drawn ones leave no block."""
        text = squeezed(tidy(text))
        if not text:
            return
        line = self.write(text)
        self.place(text, line, line, bold=bold, centred=centred, heading=heading)

    def place(
        self, text: str, first: int, last: int, *, bold: bool = False, centred: bool = False, heading: int = 0
    ) -> None:
        """Adds a paragraph that stands on lines already written."""
        shown = without_rule(text)
        if shown and not is_rule(shown):
            self.blocks.append(Paragraph(shown, first, last, bold, centred, heading))

    def source(self, form: str, *, wrapped: bool = False, encoding: str = "utf-8") -> Source:
        """The finished source; letters that are codes of a legacy font are turned."""
        legacy = legacy_of("\n".join(self.lines[:_LOOKED_AT])) if encoding == "utf-8" else ""
        if legacy:
            self.lines = [turned(line, legacy) for line in self.lines]
            self.blocks = [_turned(block, legacy) for block in self.blocks]
        return Source(tuple(self.lines), tuple(self.blocks), form, wrapped, legacy or encoding, tuple(self.notes))


def _turned(block: Block, encoding: str) -> Block:
    if isinstance(block, Paragraph):
        return replace(block, text=turned(block.text, encoding))
    rows = tuple(tuple(replace(cell, text=turned(cell.text, encoding)) for cell in row) for row in block.rows)
    return Table(rows, block.first, block.last)


def is_layout(rows: list[list[str]], *, early: bool, late: bool = True) -> bool:
    """Whether a table only places things on the page: a letterhead or a signature block, to be read as lines.

    `early`: nothing but the letterhead can stand before it; `late`: the signature can stand here.
    """
    if not rows or len(rows[0]) > 3 or len(rows) > 8:
        return False
    joined = squeezed(" ".join(text for row in rows for text in row))
    if "CỘNG HÒA XÃ HỘI CHỦ NGHĨA" in joined.upper().replace("HOÀ", "HÒA"):
        return True
    if early and (re.search(r"(?i)\bsố\s*:", joined) or "ĐẢNG CỘNG SẢN" in joined.upper()):
        return True
    return late and re.match(r"(?i)n\s*ơ\s*i\s+n\s*h\s*ậ\s*n|(?:tm|kt|tl|tuq)\.", joined) is not None


def full_grid(rows: list[list[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    """Rows made equally long: a short row ends in empty cells."""
    width = max((len(row) for row in rows), default=0)
    grid = []
    for number, row in enumerate(rows):
        line = row[-1].last if row else rows[number - 1][-1].last if number else 1
        blanks = [Cell("", line, line, number, place) for place in range(len(row), width)]
        grid.append(tuple(row + blanks))
    return tuple(grid)


def table_of(rows: list[list[Cell]]) -> Table | None:
    """The table with these rows, or None where nothing stands in them."""
    rows = [row for row in rows if row]
    if not any(cell.text for row in rows for cell in row):
        return None
    grid = full_grid(rows)
    cells = [cell for row in grid for cell in row]
    return Table(grid, min(cell.first for cell in cells), max(cell.last for cell in cells))
