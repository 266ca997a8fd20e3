"""Reading obstacles: which ones a user sees, how long each has waited, and the counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Avg, Count, Q, QuerySet

from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.plans.models import Obstacle, ObstacleStep
from hieuhoc.programme.plans.selectors.assignments import where
from hieuhoc.programme.plans.states import OBSTACLE_OPEN
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit


def obstacles(user: User) -> QuerySet[Obstacle]:
    """The obstacles that `user` may see: raised by the user's units, held by them, or in plans that they issued."""
    seen = (
        where(user, Permission.TASK_READ, "unit")
        | where(user, Permission.OBSTACLE_ANSWER, "holder")
        | where(user, Permission.TASK_READ, "plan__issuer")
    )
    return Obstacle.objects.filter(seen).select_related(
        "unit", "holder", "plan", "plan__issuer", "plan__lead", "assignment__task__section", "raised_by"
    )


def units_with_obstacles(user: User) -> list[Unit]:
    """The units that raised the obstacles which `user` may see, in their order."""
    numbers = obstacles(user).order_by().values_list("unit_id", flat=True).distinct()
    return sorted(places.units_by_number(numbers).values(), key=lambda unit: (unit.sort_key, unit.pk))


def obstacle_by_key(user: User, key: int) -> Obstacle:
    """One obstacle. Raises: Missing when there is none, or none for this user."""
    obstacle = obstacles(user).filter(pk=key).prefetch_related("steps__by").first()
    if obstacle is None:
        raise Missing("Không tìm thấy vướng mắc này trong phạm vi của bạn.")
    return obstacle


@dataclass(frozen=True)
class Waited:
    """How long obstacles have waited for an answer. Units: whole days, `most` not included and None for no end."""

    least: int
    most: int | None = None

    def within(self, *, now: datetime) -> Q:
        """The condition that an obstacle waits for an answer, and for so long."""
        aged = Q(state__in=["raised", "escalated"], waiting_since__lte=now - timedelta(days=self.least))
        return aged if self.most is None else aged & Q(waiting_since__gt=now - timedelta(days=self.most))


def find_obstacles(
    user: User,
    *,
    words: str = "",
    state: str = "open",
    topic: str = "",
    unit: str = "",
    plan: int | None = None,
    waited: Waited | None = None,
    now: datetime | None = None,
) -> QuerySet[Obstacle]:
    """The obstacles that `user` may see, narrowed; longest waiting first while open. `waited` wants `now`."""
    found = obstacles(user)
    if state == "open":
        found = found.filter(state__in=OBSTACLE_OPEN)
    elif state and state != "all":
        found = found.filter(state=state)
    if topic:
        found = found.filter(topic=topic)
    if unit:
        found = found.filter(unit__key=unit)
    if plan:
        found = found.filter(plan=plan)
    if waited and now:
        found = found.filter(waited.within(now=now))
    for word in fold(words).split():
        found = found.filter(folded__contains=word)
    return found.order_by("waiting_since" if state == "open" else "-raised_at", "pk")


@dataclass(frozen=True)
class ObstacleCount:
    """How many obstacles fall under one heading, how many are open, and how many have waited too long."""

    key: str
    name: str
    total: int
    open: int
    aged: int


def obstacle_counts(user: User, *, by: str, aged_before: datetime) -> list[ObstacleCount]:
    """Obstacles counted by `topic` or by `unit`, most open first. Units: obstacles."""
    fields = {"topic": ("topic", "topic"), "unit": ("unit__key", "unit__name")}[by]
    rows = (
        obstacles(user)
        .order_by()
        .values(*dict.fromkeys(fields))
        .annotate(
            total=Count("pk"),
            open=Count("pk", filter=Q(state__in=OBSTACLE_OPEN)),
            aged=Count("pk", filter=Q(state__in=["raised", "escalated"], waiting_since__lt=aged_before)),
        )
    )
    names = dict(Obstacle.TOPICS) if by == "topic" else {}
    counts = [
        ObstacleCount(
            row[fields[0]], str(names.get(row[fields[1]], row[fields[1]])), row["total"], row["open"], row["aged"]
        )
        for row in rows
    ]
    return sorted(counts, key=lambda count: (-count.open, -count.total, count.name))


def average_waits(user: User) -> dict[str, float]:
    """For each kind of step the mean time that obstacles had waited before it. Units: hours."""
    rows = (
        ObstacleStep.objects.filter(obstacle__in=obstacles(user).order_by().values("pk"))
        .order_by()
        .values("deed")
        .annotate(mean=Avg("waited_seconds"))
    )
    return {row["deed"]: row["mean"] / 3600 for row in rows if row["mean"] is not None}


_STARTS = (0, 3, 7, 14, 30)
AGES = tuple(Waited(least, most) for least, most in zip(_STARTS, (*_STARTS[1:], None), strict=True))


def obstacle_ages(user: User, *, now: datetime) -> list[tuple[Waited, int]]:
    """How many obstacles that still wait for an answer have waited how long; one query. Units: obstacles."""
    counts = {f"age_{place}": Count("pk", filter=age.within(now=now)) for place, age in enumerate(AGES)}
    found = obstacles(user).order_by().aggregate(**counts)
    return [(age, found[f"age_{place}"]) for place, age in enumerate(AGES)]


def steps_of(obstacle: Obstacle) -> QuerySet[ObstacleStep]:
    """Every step of an obstacle, first to last."""
    return obstacle.steps.select_related("by").order_by("at", "pk")
