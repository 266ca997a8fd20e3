"""What plans count for a period: tasks due, done and late, obstacles raised and settled, of every unit of every level.

A district holds work of its own beside that of its communes, so nothing here can be added up from below: each figure is
counted over all units beneath the one it is told of, once. `rows_beneath` names the rows that a figure counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from hieuhoc.engines.rollup import Fact
from hieuhoc.foundation.records import clock
from hieuhoc.kernel.periods import Period
from hieuhoc.programme.plans import selectors, states
from hieuhoc.programme.plans.models import Assignment, Obstacle
from hieuhoc.registers.accounts import access
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit


@dataclass(frozen=True)
class Row:
    """One thing that a figure counts: what it is, whose, since when, and its page."""

    title: str
    unit: str
    on: date | None
    url: str


def _due(period: Period) -> QuerySet[Any]:
    return _work().filter(due_on__gte=period.first, due_on__lt=period.end)


def _done(period: Period) -> QuerySet[Any]:
    return _due(period).filter(state="confirmed")


def _overdue(period: Period) -> QuerySet[Any]:
    """Late on the period's last day, or today while it runs: unfinished then, whatever happened since."""
    day = min(period.last, clock.today())
    late = Q(state__in=states.UNFINISHED) | Q(state="confirmed", ended_at__gte=_instant(day + timedelta(days=1)))
    return _work().filter(late, due_on__lt=day, assigned_at__lt=_instant(day + timedelta(days=1)))


def _raised(period: Period) -> QuerySet[Any]:
    raised = Q(raised_at__gte=_instant(period.first), raised_at__lt=_instant(period.end))
    return Obstacle.objects.filter(raised).exclude(state="withdrawn")


def _settled(period: Period) -> QuerySet[Any]:
    ended = Q(ended_at__gte=_instant(period.first), ended_at__lt=_instant(period.end))
    return Obstacle.objects.filter(ended, state="closed")


def _work() -> QuerySet[Any]:
    return Assignment.objects.filter(plan__state__in=["issued", "closed"]).exclude(state__in=states.LEFT_OUT)


COUNTED: Mapping[str, Callable[[Period], QuerySet[Any]]] = {
    "plans.tasks_due": _due,
    "plans.tasks_done": _done,
    "plans.tasks_overdue": _overdue,
    "plans.obstacles_reported": _raised,
    "plans.obstacles_resolved": _settled,
}


def facts(period: Period, *, names: Collection[str] | None = None) -> Iterator[Fact]:
    """What stands in the house's own rows for a period, for every administrative unit that stands on its last day.

    Units: assignments; obstacles. A unit with nothing to count has a zero: the house knows all of its own rows.
    """
    levels = places.ADMINISTRATIVE_LEVELS
    standing = {row.unit_id for row in places.units_on(period.last).filter(level__in=levels)}
    for what, rows in COUNTED.items():
        if names is not None and what not in names:
            continue
        counts: Counter[int] = Counter(dict.fromkeys(standing, 0))
        for own, present in rows(period).order_by().values_list("unit__path", "unit__present_path"):
            counts.update(standing & _above(own, present, standing=standing))
        yield from (Fact(what, unit, period, count) for unit, count in sorted(counts.items()))


def _above(path: str, present_path: str, *, standing: set[int]) -> set[int]:
    """The units in which a row counts: those above its own unit, or above its heir where that has ended."""
    own = _numbers(path)
    return own if standing & own else _numbers(present_path)


def _numbers(path: str) -> set[int]:
    return {int(number) for number in path.split("/") if number}


def rows_beneath(user: User, what: str, *, unit: Unit, period: Period) -> list[Row]:
    """The rows that a figure of a unit counts, as far as the user may see plans there."""
    within = access.within([unit])
    found = COUNTED[what](period).filter(within).select_related("unit")
    if what.startswith("plans.obstacles"):
        seen = found.filter(pk__in=selectors.obstacles(user).values("pk"))
        return [Row(one.title, str(one.unit), one.raised_at.date(), one.get_absolute_url()) for one in seen]
    seen = found.filter(pk__in=selectors.assignments(user).values("pk")).select_related("task")
    return [Row(one.task.text, str(one.unit), one.due_on, one.get_absolute_url()) for one in seen]


def _instant(day: date) -> datetime:
    """The first moment of a day, where the house stands."""
    return timezone.make_aware(datetime.combine(day, time.min))
