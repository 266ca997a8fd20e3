"""Values in steps of about as many units each, for maps: the darker the higher, and the legend says the numbers."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from hieuhoc.foundation.ui.charts.bars import Number


@dataclass(frozen=True)
class Step:
    """A step of the scale: from the least to the greatest of the values in it, and how many they are."""

    number: int
    least: Number
    greatest: Number
    count: int


@dataclass(frozen=True)
class Steps:
    """The steps in use, the lowest first, and how many values are not known."""

    steps: tuple[Step, ...]
    unknown: int

    def of(self, value: Number | None) -> int:
        """The number of the step of a value, from 1; 0 for one that is not known."""
        if value is None or not self.steps:
            return 0
        place = bisect_right([float(step.least) for step in self.steps], float(value)) - 1
        return self.steps[max(place, 0)].number

    def counting(self, values: Sequence[Number | None]) -> "Steps":
        """The same steps with the numbers of one of several maps that share them."""
        found = Counter(self.of(value) for value in values)
        return Steps(tuple(replace(step, count=found[step.number]) for step in self.steps), found[0])


def quantile_steps(values: Sequence[Number | None], *, count: int = 5) -> Steps:
    """At most `count` steps; equal values are always in the same one, so that there may be fewer.

    Example:
        >>> steps = quantile_steps([1, 2, 3, 4, None], count=2).steps
        >>> [(step.number, step.least, step.greatest, step.count) for step in steps]
        [(1, 1, 2, 2), (5, 3, 4, 2)]
    """
    known = sorted((value for value in values if value is not None), key=float)
    groups: list[list[Number]] = []
    reached = -1
    for place, value in enumerate(known):
        wanted = place * count // len(known)
        if wanted > reached and not (groups and value == groups[-1][-1]):
            groups.append([])
            reached = wanted
        groups[-1].append(value)
    spaced = _spaced(len(groups))
    steps = tuple(Step(number, group[0], group[-1], len(group)) for number, group in zip(spaced, groups, strict=True))
    return Steps(steps, len(values) - len(known))


def _spaced(count: int) -> tuple[int, ...]:
    """The shades of few steps, as far apart as five allow."""
    return {0: (), 1: (3,), 2: (1, 5), 3: (1, 3, 5), 4: (1, 2, 4, 5)}.get(count, (1, 2, 3, 4, 5))
