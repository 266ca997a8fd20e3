"""Reading assignments: which ones a user sees, what lies on the desk, who is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from hieuhoc.foundation.records.models import Attachment
from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.plans import rules
from hieuhoc.programme.plans.models import Assignment, CalendarFeed, Evidence, Obstacle, Task, TaskAgency
from hieuhoc.programme.plans.selectors.plans import plans
from hieuhoc.programme.plans.states import OPEN
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit


def where(user: User, permission: Permission, field: str) -> Q:
    """The condition that the unit in `field` is one where the user may do this."""
    return access.within(access.scopes(user, permission), unit=field)


def assignments(user: User) -> QuerySet[Assignment]:
    """The assignments that `user` may see: those of the user's units, of plans that these issued,
    and of tasks in which these units coordinate."""
    helping = TaskAgency.objects.filter(
        where(user, Permission.TASK_READ, "unit") | where(user, Permission.TASK_READ, "unit__memberships__member"),
        task=OuterRef("task"),
        role=TaskAgency.COORDINATE,
    )
    seen = (
        where(user, Permission.TASK_READ, "unit") | where(user, Permission.TASK_READ, "plan__issuer") | Exists(helping)
    )
    return Assignment.objects.filter(seen).select_related(
        "task", "task__section", "plan", "plan__issuer", "plan__lead", "unit"
    )


def assignment_by_key(user: User, key: int) -> Assignment:
    """One assignment. Raises: Missing when there is none, or none for this user."""
    assignment = assignments(user).filter(pk=key).first()
    if assignment is None:
        raise Missing("Không tìm thấy việc này trong phạm vi của bạn.")
    return assignment


def task_by_key(user: User, key: int) -> Task:
    """One task of a plan that is under way. Raises: Missing when there is none, or none for this user."""
    task = (
        Task.objects.filter(pk=key, plan__in=plans(user).exclude(state__in=["draft", "discarded"]))
        .exclude(state="dismissed")
        .select_related("plan", "plan__issuer", "plan__lead", "section")
        .prefetch_related("agencies__unit")
        .first()
    )
    if task is None:
        raise Missing("Không tìm thấy nhiệm vụ này trong phạm vi của bạn.")
    return task


def own_assignments(user: User) -> QuerySet[Assignment]:
    """What the user's own agencies hold: the units of the user's grants, and the agencies right beneath them.

    A district officer may report for the communes as well, but their work is not on the officer's desk.
    """
    units = {grant.unit_id for grant in access.grants(user) if grant.role_named.may(Permission.TASK_REPORT)}
    units |= places.predecessors_of(units)
    own = Q(unit__in=units) | Q(unit__parent__in=units)
    return (
        Assignment.objects.filter(own, plan__state="issued")
        .select_related("task", "task__section", "plan", "unit")
        .annotate(has_evidence=Exists(Evidence.objects.filter(assignment=OuterRef("pk"), removed_at=None)))
    )


def awaiting_word(user: User) -> QuerySet[Assignment]:
    """What waits for this user to confirm or return: finished assignments of plans that the user follows."""
    return Assignment.objects.filter(
        where(user, Permission.TASK_CONFIRM, "plan__issuer"), state="done", plan__state="issued"
    ).select_related("task", "task__section", "plan", "unit")


@dataclass(frozen=True)
class Desk:
    """What lies on a user's desk on a day, as lists cut to `shown` rows and counts of all."""

    late: Sequence[Assignment]
    soon: Sequence[Assignment]
    returned: Sequence[Assignment]
    unaccepted: Sequence[Assignment]
    later: Sequence[Assignment]
    waiting: Sequence[Assignment]
    obstacles: Sequence[Obstacle]
    counts: dict[str, int] = field(default_factory=dict)


def desk(user: User, *, on: date, shown: int = 10) -> Desk:
    """What `user` must do, soonest first."""
    own = own_assignments(user).filter(state__in=OPEN)
    soon_end = on + timedelta(days=rules.DUE_SOON_DAYS)
    piles = {
        "late": own.filter(due_on__lt=on),
        "soon": own.filter(due_on__gte=on, due_on__lte=soon_end),
        "returned": own.filter(state="returned"),
        "unaccepted": own.filter(state="assigned").exclude(due_on__lte=soon_end),
        "later": own.filter(state="underway").exclude(due_on__lte=soon_end),
    }
    waiting = awaiting_word(user)
    obstacles = obstacles_to_answer(user)
    counts = own.order_by().aggregate(
        late=Count("pk", filter=Q(due_on__lt=on)),
        soon=Count("pk", filter=Q(due_on__gte=on, due_on__lte=soon_end)),
        returned=Count("pk", filter=Q(state="returned")),
        unaccepted=Count("pk", filter=Q(state="assigned") & ~Q(due_on__lte=soon_end)),
        later=Count("pk", filter=Q(state="underway") & ~Q(due_on__lte=soon_end)),
    )
    counts |= {"waiting": waiting.count(), "obstacles": obstacles.count()}
    return Desk(
        **{name: list(pile[:shown]) for name, pile in piles.items()},
        waiting=list(waiting[:shown]),
        obstacles=list(obstacles.select_related("unit", "plan", "assignment__task")[:shown]),
        counts=counts,
    )


def find_assignments(
    user: User, *, pile: str = "", words: str = "", unit: str = "", plan: int | None = None, on: date
) -> QuerySet[Assignment]:
    """The user's own work (or, for `waiting`, what waits for the user's word), narrowed."""
    soon_end = on + timedelta(days=rules.DUE_SOON_DAYS)
    own = own_assignments(user)
    found = {
        "": own.filter(state__in=OPEN),
        "late": own.filter(state__in=OPEN, due_on__lt=on),
        "soon": own.filter(state__in=OPEN, due_on__gte=on, due_on__lte=soon_end),
        "returned": own.filter(state="returned"),
        "unaccepted": own.filter(state="assigned"),
        "underway": own.filter(state="underway"),
        "sent": own.filter(state="done"),
        "done": own.filter(state="confirmed"),
        "waiting": awaiting_word(user),
    }.get(pile, own.filter(state__in=OPEN))
    for word in fold(words).split():
        found = found.filter(task__folded__contains=word)
    if unit:
        found = found.filter(unit__key=unit)
    return found.filter(plan=plan) if plan else found


def obstacles_to_answer(user: User) -> QuerySet[Obstacle]:
    """The obstacles that wait for a word of this user, longest waiting first.

    Whoever decides what was passed up may answer the others too, but those wait for the lead agency.
    """
    deciding = where(user, Permission.OBSTACLE_DECIDE, "holder") & Q(state="escalated")
    answering = where(user, Permission.OBSTACLE_ANSWER, "holder") & Q(state="raised")
    if access.has(user, Permission.OBSTACLE_DECIDE):
        answering &= ~where(user, Permission.OBSTACLE_DECIDE, "holder")
    return Obstacle.objects.filter(answering | deciding).order_by("waiting_since", "pk")


def overdue(user: User, *, on: date) -> QuerySet[Assignment]:
    """What is late in the plans that the user may remind about, longest overdue first."""
    return (
        Assignment.objects.filter(
            where(user, Permission.TASK_REMIND, "plan__issuer"), plan__state="issued", state__in=OPEN, due_on__lt=on
        )
        .select_related("task", "task__section", "plan", "unit")
        .order_by("due_on", "plan", "task__position", "task", "unit__sort_key", "pk")
    )


def own_units(user: User) -> list[Unit]:
    """The agencies whose work is on the user's desk, in their order."""
    numbers = own_assignments(user).order_by().values_list("unit_id", flat=True).distinct()
    return sorted(places.units_by_number(numbers).values(), key=lambda unit: (unit.sort_key, unit.pk))


def evidence_by_key(user: User, key: int, *, removed_too: bool = False) -> Evidence:
    """One piece of evidence whose assignment the user may see; by default none that was taken away. Raises: Missing."""
    found = Evidence.objects.filter(pk=key, assignment__in=assignments(user)).select_related("file", "assignment")
    evidence = (found if removed_too else found.filter(removed_at=None)).first()
    if evidence is None:
        raise Missing("Không tìm thấy minh chứng này trong phạm vi của bạn.")
    return evidence


def evidence_of(assignment: Assignment) -> QuerySet[Evidence]:
    """What proves an assignment, newest first."""
    return assignment.evidence.filter(removed_at=None).select_related("file", "by")


def removed_evidence_of(assignment: Assignment) -> QuerySet[Evidence]:
    """What was taken away again, newest first."""
    return assignment.evidence.exclude(removed_at=None).select_related("file", "by")


def other_turns(assignment: Assignment) -> QuerySet[Assignment]:
    """The same agency's assignments of the same task in other turns, and its predecessors', newest first."""
    units = {assignment.unit_id} | places.predecessors_of([assignment.unit_id])
    return (
        Assignment.objects.filter(task=assignment.task_id, unit__in=units).exclude(pk=assignment.pk).order_by("-period")
    )


def joined_work(assignment: Assignment) -> list[Assignment]:
    """What other units held of this before they merged, in their order."""
    return list(assignment.joined.select_related("unit", "task").order_by("unit__sort_key", "pk"))


def calendar_feed(user: User) -> CalendarFeed | None:
    """The user's calendar address, if one was made."""
    return CalendarFeed.objects.filter(user=user).first()


def evidence_file(user: User, key: int) -> Attachment:
    """The file of one piece of evidence. Raises: Missing."""
    evidence = evidence_by_key(user, key)
    if evidence.file is None:
        raise Missing("Minh chứng này là một địa chỉ, không có tệp.")
    return evidence.file


def calendar_of(token: str) -> User | None:
    """The user whose calendar a secret address shows; None for an address that is not in use."""
    feed = CalendarFeed.objects.filter(token=token, user__is_active=True).select_related("user").first()
    return feed.user if feed else None
