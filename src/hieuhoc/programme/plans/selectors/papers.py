"""Reading what goes on paper: the work of a plan with its evidence, narrowed as the page it is asked from."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Prefetch, Q, QuerySet

from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.plans.models import Assignment, Evidence, Plan
from hieuhoc.programme.plans.selectors.assignments import assignments
from hieuhoc.programme.plans.selectors.plans import TaskFilter, unit_and_before
from hieuhoc.programme.plans.states import LEFT_OUT, OPEN
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit


def work_on_paper(user: User, plan: Plan, wanted: TaskFilter, *, on: date) -> QuerySet[Assignment]:
    """The assignments of a plan that the user sees and that fit a filter, task by task, each with `proof`.

    Cancelled ones are left out. A fixed number of queries: the rows and their evidence.
    """
    found = assignments(user).filter(plan=plan).exclude(state__in=LEFT_OUT)
    for word in fold(wanted.words).split():
        found = found.filter(task__folded__contains=word)
    if wanted.section:
        inside = Q(task__section__path=wanted.section) | Q(task__section__path__startswith=f"{wanted.section}.")
        found = found.filter(inside)
    if wanted.recurrence:
        found = found.filter(task__recurrence=wanted.recurrence)
    if wanted.unit:
        found = found.filter(unit__in=unit_and_before(wanted.unit))
    standings = {
        "late": Q(state__in=OPEN, due_on__lt=on),
        "open": Q(state__in=OPEN),
        "waiting": Q(state="done"),
        "done": Q(state="confirmed"),
        "new": Q(state="assigned"),
        "unassigned": Q(pk__in=[]),
    }
    found = found.filter(standings.get(wanted.standing, Q()))
    proof = Prefetch("evidence", Evidence.objects.filter(removed_at=None).order_by("at", "pk"), to_attr="proof")
    return found.prefetch_related(proof).order_by("task__position", "task", "unit__sort_key", "period", "pk")


def living_heirs(units: Collection[int]) -> dict[int, Unit]:
    """For each unit (by row number) the living one that has its duties, where there is one."""
    heirs = places.living_heirs(units)
    found = places.units_by_number(heirs.values())
    return {number: found[heir] for number, heir in heirs.items()}


def sees_all_work(user: User, plan: Plan) -> bool:
    """Whether the user sees the work of every agency in a plan, or only that of some."""
    return access.may(user, Permission.TASK_READ, at=plan.issuer)
