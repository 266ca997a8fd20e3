"""Text files and Markdown: a line is a paragraph; tables in bars, headings with "#", bold with "**"."""

import re
from itertools import pairwise

from hieuhoc.engines.reader.loading.beside import zones
from hieuhoc.engines.reader.loading.encodings import Decoded
from hieuhoc.engines.reader.loading.sheet import Sheet, is_layout, squeezed, table_of, tidy, without_rule
from hieuhoc.engines.reader.source import Cell, Paragraph, Source

_HEADING = re.compile(r"(#{1,6})\s+")
_LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\([^()\s]{0,1000}\)")
_SLANTED = re.compile(r"(?<![\w*\\])\*(?=[^\s*])([^*]{1,300})(?<=\S)\*(?![\w*])")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>~])")
_BULLET = re.compile(r"[*•●▪◦‣]\s+")
_BARS = re.compile(r"\|.*\|")
_BAR = re.compile(r"(?<!\\)\|")
_SEPARATOR = re.compile(r"\|(?:\s*:?-+:?\s*\|)+")
_LINE_BREAK = re.compile(r"\r\n|\n|\r")
_MARKER = re.compile(r"[a-zđ][.)]")
_BREAK_TAG = re.compile(r"(?i)<br\s*/?>")


def load_plain(decoded: Decoded, form: str) -> Source:
    """The source of a text file; `form` is "txt" or "md". Line numbers are those of the file."""
    sheet = Sheet()
    if decoded.note:
        sheet.notes.append(decoded.note)
    bars: list[tuple[int, str]] = []
    lines = _LINE_BREAK.split(decoded.text)
    beside = {zone.start: zone for zone in zones(lines)}
    placed = 0  # lines whose parts stand in their zone already
    for number, raw in enumerate(lines, start=1):
        zone = beside.get(number - 1)
        if zone is not None:
            _close_table(sheet, bars)
            for place, part in zone.parts:
                sheet.place(squeezed(_without_marks(tidy(part))[0]), place + 1, place + 1)
            placed = zone.end
        line, heading = _without_marks(_plain_words(tidy(raw)) if form == "md" else tidy(raw))
        sheet.write(line)
        if _BARS.fullmatch(line):
            bars.append((number, line))
            continue
        _close_table(sheet, bars)
        text = squeezed(line)
        if text and number > placed:
            bold = tidy(raw).startswith("**")
            sheet.place(text, number, number, bold=bold, heading=heading)
    _close_table(sheet, bars)
    if sheet.lines and not sheet.lines[-1]:
        sheet.lines.pop()
    return sheet.source(form, wrapped=_is_wrapped(sheet.lines), encoding=decoded.encoding)


def _plain_words(line: str) -> str:
    """A line of Markdown without links, slanted type, quotation marks and the backslashes before marks."""
    line = _LINK.sub(r"\1", line.removeprefix("> "))
    return _ESCAPE.sub(r"\1", _SLANTED.sub(r"\1", line))


def _without_marks(line: str) -> tuple[str, int]:
    """The line without Markdown's marks, and its heading level."""
    heading = _HEADING.match(line)
    level = 0
    if heading is not None:
        level, line = len(heading[1]), line[heading.end() :].rstrip("#").rstrip()
    line = line.replace("**", "").replace("__", "") if "___" not in line else line.replace("**", "")
    bullet = _BULLET.match(line)
    return ("- " + line[bullet.end() :] if bullet and line[0] == "*" else line.strip()), level


def _close_table(sheet: Sheet, bars: list[tuple[int, str]]) -> None:
    if not bars:
        return
    rows: list[list[Cell]] = []
    for number, line in bars:
        if _SEPARATOR.fullmatch(line):
            continue
        texts = [cell.replace("\\|", "|").strip() for cell in _BAR.split(line)[1:-1]]
        texts = [squeezed(_BREAK_TAG.sub(" ", text)) for text in texts]
        rows.append([Cell(without_rule(text), number, number, len(rows), place) for place, text in enumerate(texts)])
    bars.clear()
    early = not any(isinstance(block, Paragraph) and len(block.text) > 200 for block in sheet.blocks[:6])
    if is_layout([[cell.text for cell in row] for row in rows], early=early and len(sheet.blocks) < 6):
        for cell in (cell for row in rows for cell in row):
            sheet.place(cell.text, cell.first, cell.last)
        return
    table = table_of(rows)
    if table is not None:
        sheet.blocks.append(table)


def _is_wrapped(lines: list[str]) -> bool:
    """Whether lines end where the page ended them: many go on in small letters on the next, blank lines aside."""
    pairs = list(pairwise(line for line in lines if line))
    going_on = sum(
        len(one) > 40 and one[-1] not in ".;:!?" and two[0].islower() and _MARKER.match(two) is None
        for one, two in pairs
    )
    return going_on * 5 >= len(pairs) and going_on >= 5
