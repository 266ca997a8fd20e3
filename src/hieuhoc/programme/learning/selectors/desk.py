"""What the desk of learning counts: what centres held in a period, in all and in each unit beneath."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count

from hieuhoc.kernel.periods import Period
from hieuhoc.programme.learning.rules import counting
from hieuhoc.programme.learning.selectors import counts
from hieuhoc.programme.learning.selectors.beneath import beneath
from hieuhoc.registers.accounts import access as accounts
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit


@dataclass(frozen=True)
class Beneath:
    """What counts in one unit beneath. Units: activities, turns of attendance."""

    unit: Unit
    classes: int
    turns: int


@dataclass(frozen=True)
class Tally:
    """What the centres that somebody sees held in a period. Units: activities, turns of attendance."""

    classes: int
    turns: int
    beneath: Sequence[Beneath]


def tally(user: User, period: Period, *, on: date) -> Tally:
    """The classes and turns that count in a period where the user reads, and in each unit beneath on a day."""
    scopes = accounts.scopes(user, Permission.LEARNING_READ)
    held = counts.activities_held(period).filter(accounts.within(scopes)).order_by()
    classes = Counter(dict(held.values_list("unit_id").annotate(number=Count("pk"))))
    first = counts.first_attendances(period).filter(accounts.within(scopes, unit="activity__unit")).order_by()
    turns = Counter(dict(first.values_list("activity__unit_id").annotate(number=Count("pk"))))
    heads: Counter[int] = Counter()
    for one in counting.fullest_sessions(counts.heads(period)):
        if period.first <= one.on < period.end:
            heads[one.unit] += one.number
    units = {pk: unit for pk, unit in places.units_by_number({*classes, *turns, *heads}).items() if _seen(scopes, unit)}
    turns.update({pk: count for pk, count in heads.items() if pk in units})
    return Tally(classes.total(), turns.total(), _beneath(scopes, units, classes, turns, on))


def _seen(scopes: Sequence[Unit], unit: Unit) -> bool:
    return any(accounts.covers(scope, unit) for scope in scopes)


def _beneath(
    scopes: Sequence[Unit], units: dict[int, Unit], classes: Counter[int], turns: Counter[int], on: date
) -> list[Beneath]:
    """Each unit by which the figures are told apart, with its own."""
    return [
        Beneath(
            row,
            sum(classes[pk] for pk, unit in units.items() if accounts.covers(row, unit)),
            sum(turns[pk] for pk, unit in units.items() if accounts.covers(row, unit)),
        )
        for row in beneath(scopes, on=on)
    ]
