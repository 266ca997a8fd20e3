"""Reading how local plans carry a plan out: who has issued one, and which tasks somebody below took up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.plans import rules
from hieuhoc.programme.plans.models import Assignment, Plan, Task, TaskLink
from hieuhoc.programme.plans.selectors.plans import Tally, plans, tally_counts
from hieuhoc.programme.plans.states import LEFT_OUT
from hieuhoc.registers.places import selectors as places

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
    """How far the agencies below have taken a plan up: the People's Committees, who must, and the others, who may."""

    units: Sequence[UnitCoverage]
    agencies: Sequence[UnitCoverage]
    untouched: QuerySet[Task]
    untouched_count: int
    given_down: int
    has_ended: bool = False  # some of the agencies are no more: by another lens their heirs stand in for them

    @property
    def with_plan(self) -> int:
        """How many People's Committees have issued a plan of their own."""
        return sum(1 for one in self.units if one.plan is not None)


def coverage(plan: Plan, *, is_restated: bool = True) -> Coverage:
    """Which agencies with duties in a plan have issued a plan under it, and which duties no plan below takes up.

    Agencies without a plan come first. Restated, duties and plans of agencies that are no more are their living
    heirs'; else each stands under its own name. A fixed number of queries.
    """
    below = {one.issuer_id: one for one in plan.below.filter(state="issued").order_by("issued_on", "pk")}
    duties: dict[int, set[int]] = {}
    held = plan.assignments.exclude(state__in=LEFT_OUT).order_by().values_list("unit_id", "task_id").distinct()
    for key, task in held:
        duties.setdefault(key, set()).add(task)
    taken: dict[int, set[int]] = {}
    links = TaskLink.objects.filter(above__plan=plan, below__plan__state="issued", state="confirmed")
    for issuer, task in links.values_list("below__plan__issuer_id", "above_id"):
        taken.setdefault(issuer, set()).add(task)
    units = places.units_by_number({*duties, *below})
    issuer = plan.issuer_id
    has_ended = any(unit.valid_to is not None for unit in units.values())
    if has_ended and is_restated:
        heirs = places.living_heirs({*units, *taken, issuer})
        duties, taken = _summed(duties, heirs), _summed(taken, heirs)
        below = {heirs.get(key, key): one for key, one in reversed(below.items())}
        issuer = heirs.get(issuer, issuer)
        units = places.units_by_number({*duties, *below})
    committees = {key for key, unit in units.items() if unit.kind == "uy_ban"}
    # A plan that was taken in for the place itself is its committee's.
    for key in committees & set(duties):
        place = units[key].parent_id
        if place in below and place not in duties:
            below.setdefault(key, below.pop(place))
            taken.setdefault(key, set()).update(taken.get(place, ()))
    own = {issuer, *(key for key in committees if units[key].parent_id == issuer)}
    rows = [
        UnitCoverage(units[key], below.get(key), len(owed), len(owed & taken.get(key, set())))
        for key in {*duties, *below} - own
        for owed in [duties.get(key, set())]
    ]
    rows.sort(key=lambda row: (row.plan is not None, row.unit.sort_key))
    all_taken = set().union(*taken.values()) if taken else set()
    given_down = set().union(*(duties[key] for key in committees - own if key in duties))
    left = given_down - all_taken
    return Coverage(
        [row for row in rows if row.unit.pk in committees],
        [row for row in rows if row.unit.pk not in committees],
        plan.tasks.filter(pk__in=left).select_related("section").order_by("position"),
        len(left),
        len(given_down),
        has_ended,
    )


def _summed(sets: Mapping[int, set[int]], heirs: Mapping[int, int]) -> dict[int, set[int]]:
    """Sets of tasks by agency, those of ended agencies with their heirs'."""
    summed: dict[int, set[int]] = {}
    for key, found in sets.items():
        summed.setdefault(heirs.get(key, key), set()).update(found)
    return summed


def plans_below(user: User, plan: Plan) -> list[Plan]:
    """The plans under this one that the user may open, drafts too where the user works on them."""
    return list(plans(user).filter(above=plan).exclude(state="discarded"))


def links_of(plan: Plan, *, state: str = "") -> QuerySet[TaskLink]:
    """The links of a local plan's tasks to the plan above, in the order of the local plan, likeliest first."""
    found = TaskLink.objects.filter(below__plan=plan).select_related("below__section", "above__section", "above__plan")
    return (found.filter(state=state) if state else found).order_by("below__position", "-likeness", "pk")


LINK_SHOWS = ("all", "proposed", "linked", "alone")


def tasks_to_link(plan: Plan, *, show: str = "all", words: str = "") -> QuerySet[Task]:
    """The tasks of a local plan with their `links` to the plan above, narrowed.

    `show` is one of `LINK_SHOWS`: with proposals to decide, tied to the plan above, or standing alone.
    """
    links = TaskLink.objects.select_related("above__section", "above__plan").order_by("-likeness", "pk")
    found = plan.tasks.exclude(state="dismissed")
    tied = TaskLink.objects.filter(below=OuterRef("pk"))
    if show == "proposed":
        found = found.filter(Exists(tied.filter(state="proposed")))
    elif show == "linked":
        found = found.filter(Exists(tied.filter(state="confirmed")))
    elif show == "alone":
        found = found.exclude(Exists(tied.filter(state="confirmed")))
    for word in fold(words).split():
        found = found.filter(folded__contains=word)
    ordered = Prefetch("links_up", links, to_attr="links")
    return found.select_related("section").prefetch_related(ordered).order_by("position")


def task_to_link(plan: Plan, key: int) -> Task:
    """One task of a local plan with its `links`. Raises: Missing."""
    task = tasks_to_link(plan).filter(pk=key).first()
    if task is None:
        raise Missing("Không tìm thấy nhiệm vụ này trong kế hoạch.")
    return task


def candidates_above(task: Task, *, words: str = "", most: int = 12) -> list[tuple[Task, int]]:
    """The tasks of the plan above to which a task may be tied by hand, with their likeness, likeliest first.

    Those that are tied are left out; `words` are sought without regard to marks, or as a task's code.
    Units: likeness in percent.
    """
    above = task.plan.above
    if above is None:
        return []
    found = above.tasks.exclude(state="dismissed").exclude(
        pk__in=TaskLink.objects.filter(below=task, state="confirmed").values("above")
    )
    wanted = Q()
    for word in fold(words).split():
        wanted &= Q(folded__contains=word)
    if words:
        found = found.filter(wanted | Q(code__istartswith=words.strip()))
    scored = [(one, rules.likeness(task.folded, one.folded)) for one in found.select_related("section", "plan")]
    return sorted(scored, key=lambda pair: (-pair[1], pair[0].position))[:most]


def task_above(user: User, plan: Plan, key: int) -> Task:
    """One task of the plan above a plan. Raises: Missing."""
    task = Task.objects.filter(pk=key, plan=plan.above_id, plan__in=plans(user)).exclude(state="dismissed").first()
    if task is None:
        raise Missing("Không tìm thấy nhiệm vụ này trong kế hoạch cấp trên.")
    return task


def proposals_by_likeness(plan: Plan) -> list[int]:
    """The likeness of each proposal that waits for a decision. Units: percent."""
    return list(TaskLink.objects.filter(below__plan=plan, state="proposed").values_list("likeness", flat=True))


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
    counts = tasks.aggregate(
        total=Count("pk", distinct=True),
        linked=Count("pk", distinct=True, filter=Q(links_up__state="confirmed")),
        proposed=Count("pk", distinct=True, filter=Q(links_up__state="proposed")),
    )
    return counts | {"alone": counts["total"] - counts["linked"]}


def tasks_below(user: User, task: Task) -> QuerySet[TaskLink]:
    """The tasks of local plans that carry out this task, in plans that the user sees."""
    return (
        TaskLink.objects.filter(above=task, state="confirmed", below__plan__in=plans(user), below__plan__state="issued")
        .select_related("below__plan__issuer")
        .order_by("below__plan__issuer__sort_key", "pk")
    )


def tally_below(links: Iterable[TaskLink], *, on: date) -> dict[int, Tally]:
    """For each task below that is tied to a task, how its assignments stand; one query for all."""
    rows: Iterable[Any] = (
        Assignment.objects.filter(task__in=[link.below_id for link in links])
        .exclude(state__in=LEFT_OUT)
        .order_by()
        .values("task_id")
        .annotate(**tally_counts(on))
    )
    return {row.pop("task_id"): Tally(**row) for row in rows}


def tasks_above(task: Task) -> QuerySet[TaskLink]:
    """The tasks of the plan above that this task carries out."""
    return TaskLink.objects.filter(below=task, state="confirmed").select_related("above__plan")
