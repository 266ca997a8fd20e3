"""Hiding small counts of people in what the public sees, and enough beside them that nobody can work them out."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from hieuhoc.kernel.terms import Term

SMALLEST = 5
"""A count of people above zero and below this is not shown in public. A house rule: no source sets the number."""

WHY_SMALL = Term("Không công bố vì số người quá ít.")
WHY_BESIDE = Term("Không công bố vì từ đây có thể suy ra một số người quá ít.")


@dataclass(frozen=True)
class Shown:
    """What the public may see of a figure; hidden is None with the reason, unknown is None without one."""

    value: Fraction | int | None
    why: str = ""

    @property
    def is_hidden(self) -> bool:
        return bool(self.why)


def is_small(people: int | None, *, smallest: int = SMALLEST) -> bool:
    """Whether so many people are too few to be spoken of. Nobody at all is no secret."""
    return people is not None and 0 < people < smallest


def publishable(
    value: Fraction | int | None, people: Sequence[int | None] | int | None, *, smallest: int = SMALLEST
) -> Shown:
    """A figure as the public may see it; `people` are the counts of people on which it stands, if any.

    A percentage stands on its numerator and on what its denominator leaves: both are given.

    Units: `people` persons.

    Example:
        >>> publishable(3, 3).value is None, publishable(0, 0).value, publishable(Fraction(75), [3, 1]).is_hidden
        (True, 0, True)
    """
    counts = people if isinstance(people, Sequence) else (people,)
    if any(is_small(count, smallest=smallest) for count in counts):
        return Shown(None, WHY_SMALL)
    return Shown(value)


def protect(parts: Sequence[int | None], total: int | None, *, smallest: int = SMALLEST) -> tuple[list[Shown], Shown]:
    """The parts of a whole and the whole, as the public may see them together.

    Where one hidden part could be worked out from the total and the others, the smallest of the others is hidden
    too, and the total when there is none left.
    """
    table = protect_table([list(parts)], totals=[total], smallest=smallest)
    return table[0][:-1], table[0][-1]


def protect_table(
    rows: Sequence[Sequence[int | None]],
    *,
    totals: Sequence[int | None] | None = None,
    foot: Sequence[int | None] | None = None,
    smallest: int = SMALLEST,
) -> list[list[Shown]]:
    """A table of counts of people as the public may see it, row by row.

    `totals` (a column at the right) and `foot` (a row at the bottom, with the grand total when there are totals) are
    part of what is shown, and of what could betray a cell.
    """
    cells = [[*row] for row in rows]
    if totals is not None:
        cells = [[*row, total] for row, total in zip(cells, totals, strict=True)]
    if foot is not None:
        cells.append([*foot])
    hidden = [[is_small(cell, smallest=smallest) for cell in row] for row in cells]
    primary = [list(row) for row in hidden]
    lines: list[list[tuple[int, int]]] = []
    if totals is not None:
        lines += [[(at, column) for column in range(len(row))] for at, row in enumerate(cells)]
    if foot is not None:
        lines += [[(at, column) for at in range(len(cells))] for column in range(len(cells[0]))]
    while any(_hide_another(line, cells, hidden, smallest) for line in lines):
        pass
    return [
        [
            Shown(None, WHY_SMALL if primary[at][column] else WHY_BESIDE) if hidden[at][column] else Shown(cell)
            for column, cell in enumerate(row)
        ]
        for at, row in enumerate(cells)
    ]


def _hide_another(
    line: list[tuple[int, int]], cells: list[list[int | None]], hidden: list[list[bool]], smallest: int
) -> bool:
    """Hide one more cell of a line where what is hidden could be worked out; whether one was.

    The last cell of a line is its total. One hidden cell is what the others leave; two are safe only when together
    they are enough people, else their sum alone says that each is one or so.
    """
    out = [place for place in line if hidden[place[0]][place[1]]]
    if not out or any(cells[at][column] is None for at, column in line):
        return False
    if len(out) > 1:
        total = line[-1]
        amount = sum(cells[at][column] or 0 for at, column in out if (at, column) != total)
        if total in out or amount >= smallest:
            return False
    left = [place for place in line if not hidden[place[0]][place[1]]]
    if not left:
        return False
    # A count that is something, rather than a zero: hiding a zero protects nothing.
    at, column = min(left, key=lambda place: (place == line[-1], not cells[place[0]][place[1]], _size(cells, place)))
    hidden[at][column] = True
    return True


def _size(cells: list[list[int | None]], place: tuple[int, int]) -> int:
    return cells[place[0]][place[1]] or 0
