"""What learning counts for a period: classes, sessions, turns of attendance, distinct people, centres and their means.

Every figure is of community learning centres. Classes, sessions, turns, money and centres are told of communes and add
up; distinct people are counted anew at every level. An activity counts once, in the commune where it is held, in the
period of its first session held; its organisers' parts overlap and make no whole.

What nobody has recorded is left out, not zero: a commune whose centre has never held anything here, a feature of which
nobody has said yes or no. `rows_beneath` names the rows that a figure counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from hieuhoc.engines.rollup import Fact
from hieuhoc.kernel.periods import Period
from hieuhoc.programme.learning.facts import centres, classes, money
from hieuhoc.programme.learning.facts.book import Book, Figure, Row
from hieuhoc.programme.learning.selectors import changes

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

__all__ = ["COUNTED", "Row", "changed_days", "facts", "rows_beneath"]

COUNTED: Mapping[str, Figure] = {**classes.FIGURES, **centres.FIGURES, **money.FIGURES}


def changed_days(*, after: int) -> dict[str, set[date]]:
    """By what is counted, the days of which something has changed since a line of the trail.

    What centres are and have is not among them: whether there is a seal or a bookshelf is known for now only, and a
    closed period keeps what was counted then.
    """
    learning, given = changes.days_of_learning(after=after), changes.days_of_money(after=after)
    return {
        **dict.fromkeys(classes.FIGURES, learning),
        **dict.fromkeys(money.OF_LINES, given),
        centres.GRADED: changes.days_of_grading(after=after),
    }


def facts(period: Period, *, names: Collection[str] | None = None) -> Iterator[Fact]:
    """What is recorded for a period; only the figures of some `names` where they are given.

    Units: activities; sessions; turns; presences at sessions; people; centres; communes; posts; clubs; đồng.
    """
    book = Book(period)
    for what, figure in COUNTED.items():
        if names is None or what in names:
            for unit, parts in sorted(figure.count(book).items()):
                yield from (Fact(what, unit, period, number, by) for by, number in parts.items())


def rows_beneath(user: User, what: str, *, unit: Unit, period: Period) -> list[Row]:
    """The rows that a figure of a unit counts, as far as the user may see them; their `count` adds up to the figure.

    People are known by their number alone.
    """
    return COUNTED[what].rows(user, unit, period)
