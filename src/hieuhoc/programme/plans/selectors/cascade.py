"""Reading how local plans carry a plan out: who has issued one, and which tasks somebody below took up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

from hieuhoc.kernel.errors import Missing
from hieuhoc.programme.plans.models import Plan, Task, TaskLink
from hieuhoc.programme.plans.selectors.plans import plans

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit


@dataclass(frozen=True)
class UnitCoverage:
    """Whether one agency with duties in a plan has issued its own under it, and how many duties that covers."""

    unit: Unit
    plan: Plan | None
    duties: int
    covered: int


@dataclass(frozen=True)
class Coverage:
    """How far the agencies below have taken a plan up."""

    units: Sequence[UnitCoverage]
    untouched: Sequence[Task]

    @property
    def with_plan(self) -> int:
        """How many agencies have issued a plan of their own."""
        return sum(1 for one in self.units if one.plan is not None)


def coverage(plan: Plan) -> Coverage:
    """Which agencies with duties in a plan have issued a plan under it, and which duties no plan below takes up.

    Agencies without a plan come first. A fixed number of queries.
    """
    below = {one.issuer_id: one for one in plan.below.filter(state="issued").order_by("issued_on", "pk")}
    duties: dict[int, set[int]] = {}
    units: dict[int, Unit] = {}
    held = plan.assignments.exclude(state="cancelled").filter(unit__kind="uy_ban").order_by("unit__sort_key")
    for assignment in held.select_related("unit"):
        units[assignment.unit_id] = assignment.unit
        duties.setdefault(assignment.unit_id, set()).add(assignment.task_id)
    taken: dict[int, set[int]] = {}
    links = TaskLink.objects.filter(above__plan=plan, below__plan__state="issued", state="confirmed")
    for issuer, task in links.values_list("below__plan__issuer_id", "above_id"):
        taken.setdefault(issuer, set()).add(task)
    rows = [
        UnitCoverage(unit, below.get(key), len(duties[key]), len(duties[key] & taken.get(key, set())))
        for key, unit in units.items()
    ]
    rows.sort(key=lambda row: (row.plan is not None, row.unit.sort_key))
    all_taken = set().union(*taken.values()) if taken else set()
    given_down = set().union(*duties.values()) if duties else set()
    untouched = plan.tasks.filter(pk__in=given_down - all_taken).select_related("section").order_by("position")
    return Coverage(rows, list(untouched))


def links_of(plan: Plan, *, state: str = "") -> QuerySet[TaskLink]:
    """The links of a local plan's tasks to the plan above, in the order of the local plan, likeliest first."""
    found = TaskLink.objects.filter(below__plan=plan).select_related("below__section", "above__section", "above__plan")
    return (found.filter(state=state) if state else found).order_by("below__position", "-likeness", "pk")


def link_by_key(user: User, key: int) -> TaskLink:
    """One link of a plan that the user sees. Raises: Missing."""
    link = (
        TaskLink.objects.filter(pk=key, below__plan__in=plans(user))
        .select_related("below__plan__issuer", "above")
        .first()
    )
    if link is None:
        raise Missing("Không tìm thấy liên kết này trong phạm vi của bạn.")
    return link


def link_counts(plan: Plan) -> dict[str, int]:
    """How many of a local plan's tasks are tied to the plan above. Units: tasks."""
    tasks = plan.tasks.exclude(state="dismissed")
    return tasks.aggregate(
        total=Count("pk", distinct=True),
        linked=Count("pk", distinct=True, filter=Q(links_up__state="confirmed")),
        proposed=Count("pk", distinct=True, filter=Q(links_up__state="proposed")),
    )


def tasks_below(user: User, task: Task) -> QuerySet[TaskLink]:
    """The tasks of local plans that carry out this task, in plans that the user sees."""
    return (
        TaskLink.objects.filter(above=task, state="confirmed", below__plan__in=plans(user), below__plan__state="issued")
        .select_related("below__plan__issuer")
        .order_by("below__plan__issuer__sort_key", "pk")
    )


def tasks_above(task: Task) -> QuerySet[TaskLink]:
    """The tasks of the plan above that this task carries out."""
    return TaskLink.objects.filter(below=task, state="confirmed").select_related("above__plan")
