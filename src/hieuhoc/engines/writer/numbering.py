"""How parts are numbered: the labels of form A and form B, and the lists with which Word counts them by itself.

Source: Decree 30/2020/NĐ-CP, Annex I, Part II, item 6 (parts of the text) and the samples of Annex III: điểm are
lettered in the order of the Vietnamese alphabet, without f, j, w, z and without letters that carry marks other than đ.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from hieuhoc.engines.writer.paper import Block, Form, Heading, Paragraph
from hieuhoc.engines.writer.texts import roman

POINTS = "abcdđeghiklmnopqrstuvxy"
# Word counts by the Latin alphabet: each run of letters in which both agree is counted, every other begins anew.
_RUNS = ("abcd", "đ", "e", "ghi", "klmnopqrstuv", "xy")
_LATIN = "abcdefghijklmnopqrstuvwxyz"

Format = Literal["upperRoman", "decimal", "lowerLetter"]


@dataclass(frozen=True)
class Level:
    """One level of a form: how it is counted and what is written around the number.

    `restarts` is False where the count goes on through the whole paper; `apart` where the number has its own line.
    """

    format: Format
    before: str = ""
    after: str = ""
    restarts: bool = True
    apart: bool = False
    bold: bool = False


LEVELS: dict[Form, tuple[Level, ...]] = {
    "A": (
        Level("upperRoman", "Phần ", apart=True),
        Level("upperRoman", "Chương ", apart=True, restarts=False),
        Level("decimal", "Mục ", apart=True),
        Level("decimal", "Tiểu mục ", apart=True),
        Level("decimal", "Điều ", ".", restarts=False, bold=True),
        Level("decimal", "", "."),
        Level("lowerLetter", "", ")"),
    ),
    "B": (
        Level("upperRoman", "Phần ", apart=True),
        Level("upperRoman", "", "."),
        Level("decimal", "", "."),
        Level("lowerLetter", "", ")"),
    ),
}


@dataclass(frozen=True)
class Number:
    """The number of one part: its form and level, its place among its like, what is written."""

    form: Form
    level: int
    place: int
    label: str
    apart: bool


def numbers(blocks: Iterable[Block], form: Form) -> Iterator[Number | None]:
    """The number of each block that has one.

    Example:
        >>> parts = (Heading("Mục đích", 1, numbered=True), Paragraph("Một.", level=2), Paragraph("Hai.", level=2))
        >>> [number.label for number in numbers(parts, "B") if number]
        ['I.', '1.', '2.']
    """
    levels = LEVELS[form]
    counts = [0] * len(levels)
    for block in blocks:
        deep = depth(block)
        if deep is None:
            yield None
            continue
        counts[deep] += 1
        for lower in range(deep + 1, len(levels)):
            if levels[lower].restarts:
                counts[lower] = 0
        level, place = levels[deep], counts[deep]
        yield Number(form, deep, place, f"{level.before}{_written(level.format, place)}{level.after}", level.apart)


def depth(block: Block) -> int | None:
    """The level at which a block is counted, if it is."""
    if isinstance(block, Paragraph):
        return block.level
    return block.level if isinstance(block, Heading) and block.numbered else None


def _written(format_: Format, place: int) -> str:
    if format_ == "decimal":
        return str(place)
    return roman(place) if format_ == "upperRoman" else point(place)


def point(place: int) -> str:
    """The letter of a điểm: after y the letters are doubled.

    Example:
        >>> [point(n) for n in (1, 4, 5, 6, 7, 23, 24, 28)]
        ['a', 'd', 'đ', 'e', 'g', 'y', 'aa', 'đđ']
    """
    times, rest = divmod(place - 1, len(POINTS))
    return POINTS[rest] * (times + 1)


def latin_run(place: int) -> tuple[int, bool]:
    """How Word comes to the letter of a điểm: the number from which a new count begins there (0: the count goes on),
    and whether its own alphabet has that letter.

    Example:
        >>> [latin_run(n) for n in (1, 4, 5, 6, 7, 8)]
        [(0, True), (0, True), (5, False), (5, True), (7, True), (0, True)]
    """
    if place > len(POINTS):
        return place, False
    letter = POINTS[place - 1]
    run = next(run for run in _RUNS if letter in run)
    if letter != run[0] or place == 1:
        return 0, True
    return (place, False) if letter not in _LATIN else (_LATIN.index(letter) + 1, True)
