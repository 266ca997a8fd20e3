"""Reading a draft: its tasks beside the text, what is doubtful, which names are not in the register yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Prefetch, Q, QuerySet

from hieuhoc.programme.plans.models import DraftStep, Plan, Task, TaskAgency
from hieuhoc.programme.plans.selectors.plans import plans
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User


def draft_tasks(plan: Plan, *, show: str = "", section: str = "") -> QuerySet[Task]:
    """The tasks of a draft with their agencies: of one section, and `doubtful` first, only `proposed`, or `dismissed`.

    Without `show` they stand in the order of the document, dismissed ones left out.
    """
    agencies = Prefetch("agencies", TaskAgency.objects.select_related("unit"))
    found = plan.tasks.select_related("section").prefetch_related(agencies)
    found = found.filter(state="dismissed") if show == "dismissed" else found.exclude(state="dismissed")
    if section:
        found = found.filter(Q(section__path=section) | Q(section__path__startswith=f"{section}."))
    if show == "doubtful":
        return found.filter(state="proposed").order_by("confidence", "position")
    if show == "proposed":
        found = found.filter(state="proposed")
    if show == "unassigned":
        found = found.exclude(agencies__role=TaskAgency.LEAD, agencies__unit__isnull=False)
    return found.order_by("position")


@dataclass(frozen=True)
class DraftCounts:
    """How far the checking of a draft has come. Units: tasks; for `unlinked`, names."""

    total: int
    proposed: int
    checked: int
    dismissed: int
    doubtful: int
    unassigned: int
    unlinked: int


DOUBTFUL_BELOW = 80


def draft_counts(plan: Plan) -> DraftCounts:
    """How far the checking of a draft has come; three queries."""
    counts = plan.tasks.aggregate(
        total=Count("pk", filter=~Q(state="dismissed")),
        proposed=Count("pk", filter=Q(state="proposed")),
        checked=Count("pk", filter=Q(state="checked")),
        dismissed=Count("pk", filter=Q(state="dismissed")),
        doubtful=Count("pk", filter=Q(state="proposed", confidence__lt=DOUBTFUL_BELOW)),
    )
    led = TaskAgency.objects.filter(task__plan=plan, role=TaskAgency.LEAD, unit__isnull=False).values("task_id")
    unassigned = plan.tasks.exclude(state="dismissed").exclude(pk__in=led).count()
    return DraftCounts(**counts, unassigned=unassigned, unlinked=len(unlinked_names(plan)))


def unlinked_names(plan: Plan) -> list[tuple[str, int]]:
    """The names that a draft uses without a unit of the register, and how many tasks use each, most used first."""
    rows = (
        TaskAgency.objects.filter(task__plan=plan, unit=None)
        .exclude(task__state="dismissed")
        .order_by()
        .values("name")
        .annotate(uses=Count("pk"))
    )
    return sorted(((row["name"], row["uses"]) for row in rows), key=lambda pair: (-pair[1], pair[0]))


def last_step(plan: Plan) -> DraftStep | None:
    """The correction that an undo would take back."""
    return plan.draft_steps.order_by("-pk").first()


def drafts(user: User) -> QuerySet[Plan]:
    """The drafts on which the user may go on working, newest first."""
    return plans(user).filter(state="draft").order_by("-taken_in_at")


def plans_above(user: User, *, plan: Plan | None = None) -> QuerySet[Plan]:
    """The running plans that a local plan may carry out: those that the user sees, without the plan itself."""
    found = plans(user).filter(state="issued")
    return found.exclude(pk=plan.pk) if plan else found


def may_take_in(user: User) -> bool:
    """Whether the user may take plans in anywhere."""
    return access.has(user, Permission.PLAN_TAKE_IN)
