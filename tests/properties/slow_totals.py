"""Adding up over the tree and over time, as slowly and as plainly as it can be said."""

from datetime import date
from fractions import Fraction

from tests.properties import slow_tree

from hieuhoc.engines.rollup import Tree
from hieuhoc.kernel.periods import Calendar, Period, Rhythm, period_of

Facts = dict[tuple[str, Period], int]
Told = tuple[Fraction | None, int, int]


def month_of(tree: Tree, facts: Facts, unit: str, month: Period) -> Told | None:
    """The sum of all leaves beneath a unit on the last day of a month (or of another period); how many of how many."""
    map_ = slow_tree.standing(tree, month.last)
    if unit not in map_:
        return None
    parents = {parent for parent, _, _ in map_.values()}
    leaves = [one for one in map_ if one not in parents and unit in [one, *_above(map_, one)]]
    known = [facts[one, month] for one in leaves if (one, month) in facts]
    return (Fraction(sum(known)) if known else None, len(known), len(leaves))


def _above(map_: dict[str, tuple[str | None, str, str]], unit: str) -> list[str]:
    parent = map_[unit][0]
    return [] if parent is None else [parent, *_above(map_, parent)]


def period_told(
    tree: Tree, facts: Facts, unit: str, period: Period, rule: str, of: Rhythm = Rhythm.MONTH
) -> Told | None:
    """The months (or whatever facts are `of`) in a period as one figure; None when the unit stands in none of them."""
    calendar: Calendar = period.calendar
    months: list[Told] = []
    first: date = period.first
    while first < period.end:
        told = month_of(tree, facts, unit, period_of(of, first, calendar))
        months += [] if told is None else [told]
        first = period_of(of, first, calendar).end
    if not months:
        return None
    known = [one for one in months if one[0] is not None]
    if rule == "last":
        return (known or months)[-1]
    total = sum((value for value, _, _ in known if value is not None), Fraction(0))
    value = None if not known else total / len(known) if rule == "mean" else total
    return (value, sum(one[1] for one in months), sum(one[2] for one in months))
