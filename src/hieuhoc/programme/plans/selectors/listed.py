"""Plans, tasks and assignments as a program asks for them: narrowed, in one order that stays, with what is late marked.

Only what was issued: a draft is nobody's order yet.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db.models import BooleanField, Case, F, Q, QuerySet, Value, When

from hieuhoc.kernel.errors import Missing
from hieuhoc.programme.plans.models import Assignment, Plan, Task
from hieuhoc.programme.plans.selectors.assignments import assignments
from hieuhoc.programme.plans.selectors.plans import TaskFilter, find_plans, find_tasks, plan_by_key
from hieuhoc.programme.plans.states import OPEN

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User

ISSUED = ("issued", "closed")


def plans_issued(user: User, *, words: str = "", state: str = "", issuer: str = "") -> QuerySet[Plan]:
    """The issued plans that `user` may see, narrowed; newest first. `issuer` is the key of a unit."""
    found = find_plans(user, words=words, state=state).filter(state__in=ISSUED)
    if issuer:
        found = found.filter(issuer__key=issuer)
    return found.order_by(F("issued_on").desc(nulls_last=True), "-pk")


def plan_issued(user: User, key: int) -> Plan:
    """One issued plan. Raises: Missing when there is none, or none for this user."""
    plan = plan_by_key(user, key)
    if plan.state not in ISSUED:
        raise Missing("Không tìm thấy kế hoạch này trong phạm vi của bạn.")
    return plan


def tasks_issued(plan: Plan, wanted: TaskFilter, *, on: date) -> QuerySet[Task]:
    """The tasks of a plan that fit a filter, in the order of the document."""
    return find_tasks(plan, wanted, on=on).order_by("position", "pk")


def assignments_listed(
    user: User, *, plan: int | None = None, unit: str = "", state: str = "", overdue: bool | None = None, on: date
) -> QuerySet[Assignment]:
    """The assignments that `user` may see, narrowed; soonest due first. Each carries `is_late`, as of the day.

    `unit` is the key of the agency that holds it. What is due on the day is not late.
    """
    late = Q(state__in=OPEN, due_on__lt=on)
    found = assignments(user).annotate(
        is_late=Case(When(late, then=Value(True)), default=Value(False), output_field=BooleanField())
    )
    if plan is not None:
        found = found.filter(plan__pk=plan)
    if unit:
        found = found.filter(unit__key=unit)
    if state:
        found = found.filter(state=state)
    if overdue is not None:
        found = found.filter(is_late=overdue)
    return found.order_by(F("due_on").asc(nulls_last=True), "task__position", "pk")


def assignment_listed(user: User, key: int, *, on: date) -> Assignment:
    """One assignment, as the list shows it. Raises: Missing when there is none, or none for this user."""
    found = assignments_listed(user, on=on).filter(pk=key).first()
    if found is None:
        raise Missing("Không tìm thấy việc này trong phạm vi của bạn.")
    return found
