"""Letterheads and signatures set with tabs or spaces: two columns in one line, put one after the other.

A text file or a Word file without tables prints "ỦY BAN NHÂN DÂN        CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" as one
line; read straight on, the issuer and the motto are one sentence, and recipients mix with the signature.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_GAP = re.compile(r"\t\s*|(?<=\S) {3,}|\u00a0{3,}")
_MOTTO = re.compile(r"(?i)(?:CỘNG\s+H(?:ÒA|OÀ)\s+XÃ\s+HỘI|ĐẢNG\s+CỘNG\s+SẢN\s+VIỆT)")
_KIND = re.compile(
    r"(?:QUYẾT ĐỊNH|KẾ HOẠCH|CHỈ THỊ|CHƯƠNG TRÌNH|NGHỊ QUYẾT|THÔNG BÁO|ĐỀ ÁN|HƯỚNG DẪN|PHỤ LỤC|TỜ TRÌNH|Kính gửi)\b"
)
_COPIES = re.compile(r"(?i)n\s*ơ\s*i\s+n\s*h\s*ậ\s*n\b")
_SIGNING = re.compile(
    r"(?:TM|KT|TL|TUQ|Q)\s*\.|CHỦ TỊCH|GIÁM ĐỐC|BỘ TRƯỞNG|THỦ TƯỚNG|CHÁNH|BÍ THƯ|TRƯỞNG (?:BAN|PHÒNG)"
)
_NUMBER = re.compile(r"(?i)^\s*số\s*:")
_HEAD_WITHIN = 20  # lines from the start
_LONGEST_HEAD = 10
_LONGEST_FOOT = 40
_LONGEST_LINE = 400  # characters; no line of a letterhead is as long
_FAR_RIGHT = 20  # spaces before a line that stands in the right column


@dataclass(frozen=True)
class Zone:
    """Lines from `start` up to `end`, and their parts in reading order, each with the line that it stands on."""

    start: int
    end: int
    parts: tuple[tuple[int, str], ...]


def zones(lines: Sequence[str]) -> list[Zone]:
    """The zones of two columns in a document's lines, which still have their tabs and spaces; often none."""
    found = []
    head = _head(lines)
    if head is not None:
        found.append(head)
    start = head.end if head is not None else 0
    for place in range(start, len(lines)):
        if place >= start and _COPIES.match(lines[place].lstrip()):
            foot = _foot(lines, place, start)
            if foot is not None:
                found.append(foot)
                start = foot.end
    return found


def _head(lines: Sequence[str]) -> Zone | None:
    for place, line in enumerate(lines[:_HEAD_WITHIN]):
        gap = _gap_before(line, _MOTTO)
        if gap is None:
            continue
        end = place + 1
        while end < len(lines) and end - place < _LONGEST_HEAD and not _ends_head(lines[end]):
            end += 1
        start = next((above for above in range(place) if lines[above].strip()), place)
        pairs = [(number, *_parts(lines[number])) for number in range(start, end)]
        upper = next((index for index, (_, left, _) in enumerate(pairs) if _NUMBER.match(left)), len(pairs))
        ordered = [(number, left) for number, left, _ in pairs[:upper]]
        ordered += [(number, right) for number, _, right in pairs[:upper]]
        ordered += [(number, part) for number, *both in pairs[upper:] for part in both]
        return _zone(start, end, ordered)
    return None


def _ends_head(line: str) -> bool:
    left, right = _parts(line)
    return (_KIND.match(left or right) is not None and not (left and right)) or len(line.split()) > 25


def _foot(lines: Sequence[str], copies: int, since: int) -> Zone | None:
    end = copies + 1
    while end < len(lines) and end - copies < _LONGEST_FOOT and not _ends_foot(lines[end]):
        end += 1
    start = copies
    while (
        start > since
        and not _parts(lines[start - 1])[0]
        and (not lines[start - 1].strip() or _SIGNING.search(lines[start - 1]))
    ):
        start -= 1
    pairs = [(number, *_parts(lines[number])) for number in range(start, end)]
    if not any(left and _SIGNING.match(right) for _, left, right in pairs):
        return None
    return _zone(start, end, [(n, left) for n, left, _ in pairs] + [(n, right) for n, _, right in pairs])


def _ends_foot(line: str) -> bool:
    return len(line.split()) > 30 or _MOTTO.search(line) is not None or _KIND.match(line.strip()) is not None


def _gap_before(line: str, pattern: re.Pattern[str]) -> int | None:
    """Where the gap ends that parts a line before what the pattern matches."""
    if len(line) > _LONGEST_LINE:
        return None
    for gap in _GAP.finditer(line):
        if line[: gap.start()].strip() and pattern.match(line[gap.end() :]):
            return gap.end()
    return None


def _parts(line: str) -> tuple[str, str]:
    """What stands left and what stands right; a line far in stands right alone."""
    indent = len(line) - len(line.lstrip(" "))
    if len(line) > _LONGEST_LINE:
        return line.strip(), ""
    if line.startswith("\t\t") or indent >= _FAR_RIGHT:
        return "", line.strip()
    gaps = [gap for gap in _GAP.finditer(line) if line[: gap.start()].strip(" -+") and line[gap.end() :].strip()]
    if not gaps:
        return ("", line.strip()) if line.startswith("\t") else (line.strip(), "")
    widest = max(gaps, key=lambda gap: len(gap[0].expandtabs()))
    return line[: widest.start()].strip(), line[widest.end() :].strip()


def _zone(start: int, end: int, ordered: list[tuple[int, str]]) -> Zone:
    return Zone(start, end, tuple((number, part) for number, part in ordered if part))
