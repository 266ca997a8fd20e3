"""Reading a draft: its tasks beside the text, what is doubtful, which names are not in the register yet."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

from django.db.models import Count, Prefetch, Q, QuerySet

from hieuhoc.kernel.errors import Missing
from hieuhoc.programme.plans import rules
from hieuhoc.programme.plans.models import DraftStep, Plan, Section, Task, TaskAgency
from hieuhoc.programme.plans.selectors.plans import plans
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit


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

    @property
    def sure(self) -> int:
        """Those still to be checked of which the reader is sure."""
        return self.proposed - self.doubtful


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
    return plan.draft_steps.defer("before", "made").order_by("-pk").first()


def draft_task(plan: Plan, key: int) -> Task:
    """One task of a draft with its section and agencies. Raises: Missing."""
    agencies = Prefetch("agencies", TaskAgency.objects.select_related("unit"))
    found = plan.tasks.filter(pk=key).select_related("section").prefetch_related(agencies).first()
    if found is None:
        raise Missing("Nhiệm vụ này không còn trong bản đọc; có thể người khác vừa gộp hoặc hoàn tác.")
    return found


# ---- the text beside the tasks -----------------------------------------------------------------------


@dataclass(frozen=True)
class SourceMark:
    """A task where its words begin in the text."""

    key: int
    code: str
    place: int  # among the tasks that are not dismissed, from 0


@dataclass
class SourceLine:
    """One line of a document: its words in pieces, each with the keys of the tasks that were read from it."""

    number: int
    pieces: list[tuple[str, str]]  # words, keys of tasks joined by blanks ("" for none)
    marks: list[SourceMark] = field(default_factory=list)
    is_heading: bool = False
    is_open: bool = False  # a task that stands here is still to be checked


def source_lines(plan: Plan, *, only: Collection[int] = ()) -> list[SourceLine]:
    """The lines of a draft's text that are not blank, with the tasks read from them; three queries.

    `only` names the lines wanted, where not all are.
    """
    flat = [" ".join(line.split()) for line in plan.reading.lines]
    headings = set(plan.sections.values_list("first_line", flat=True))
    kept = plan.tasks.exclude(state="dismissed").order_by("position")
    cuts: dict[int, list[tuple[int, int, int]]] = {}
    marks: dict[int, list[SourceMark]] = {}
    unchecked: set[int] = set()
    rows = kept.values_list("pk", "code", "text", "first_line", "last_line", "state")
    for place, (key, code, text, first, last, state) in enumerate(rows):
        if not first:
            continue
        found = rules.stretches(text, flat[first - 1 : last]) or [(0, 0, 0)]
        marks.setdefault(first + found[0][0], []).append(SourceMark(key, code, place))
        for line, begin, end in found:
            cuts.setdefault(first + line, []).append((begin, end, key))
            if state == "proposed":
                unchecked.add(first + line)
    return [
        SourceLine(
            number,
            _pieces(text, cuts.get(number, [])),
            marks.get(number, []),
            number in headings,
            number in unchecked,
        )
        for number, text in enumerate(flat, start=1)
        if text and (not only or number in only)
    ]


def _pieces(text: str, cuts: list[tuple[int, int, int]]) -> list[tuple[str, str]]:
    """A line cut wherever a task begins or ends."""
    if not cuts:
        return [(text, "")]
    edges = sorted({0, len(text), *(edge for begin, end, _key in cuts for edge in (begin, end))})
    return [
        (text[here:there], " ".join(str(key) for begin, end, key in cuts if begin <= here and there <= end))
        for here, there in pairwise(edges)
    ]


def section_at(plan: Plan, line: int) -> Section | None:
    """The innermost section in which a line of the text stands."""
    holding = plan.sections.filter(first_line__lte=line, last_line__gte=line)
    return holding.order_by("-first_line", "-level").first()


# ---- names, outcome, lists ----------------------------------------------------------------------------


@dataclass(frozen=True)
class UnlinkedName:
    """A name that a draft uses without a unit of the register, and the units that it may mean, likeliest first.

    Units: `uses` and `leads` in tasks, those that name it and those that it leads.
    """

    name: str
    uses: int
    leads: int
    guesses: list[Unit]


def name_guesses(plan: Plan, *, on: date) -> list[UnlinkedName]:
    """The names of a draft that are not linked, those of leads first, each with the units that it may mean."""
    names = unlinked_names(plan)
    if not names:
        return []
    unlinked = TaskAgency.objects.filter(task__plan=plan, unit=None, role=TaskAgency.LEAD)
    rows = unlinked.exclude(task__state="dismissed").order_by().values("name").annotate(leads=Count("pk"))
    leads = {row["name"]: row["leads"] for row in rows}
    index = places.NameIndex(on)
    found = []
    for name, uses in sorted(names, key=lambda pair: -leads.get(pair[0], 0)):
        matches = index.match(name, within=plan.issuer)[:3]
        units = {match.unit.pk: match.unit for match in matches}
        found.append(UnlinkedName(name, uses, leads.get(name, 0), list(units.values())))
    return found


@dataclass(frozen=True)
class Outcome:
    """What issuing a draft would do. Units: tasks, assignments, agencies, names."""

    tasks: int
    works: int
    agencies: int
    without_lead: int
    unchecked: int
    unlinked: list[tuple[str, int]]


def outcome(plan: Plan, *, on: date) -> Outcome:
    """What issuing a draft on a day would do; a fixed number of queries."""
    counts = draft_counts(plan)
    leads: dict[int, list[Unit]] = {}
    rows = TaskAgency.objects.filter(task__plan=plan, role=TaskAgency.LEAD, unit__isnull=False)
    for row in rows.exclude(task__state="dismissed").select_related("unit"):
        if row.unit is not None:
            leads.setdefault(row.task_id, []).append(row.unit)
    units = {unit.pk: unit for named in leads.values() for unit in named}
    holders = places.holders_of(units.values(), on=on)
    held = {(task, holder.pk) for task, named in leads.items() for unit in named for holder in holders[unit.pk]}
    return Outcome(
        tasks=counts.total,
        works=len(held),
        agencies=len({holder for _task, holder in held}),
        without_lead=counts.unassigned,
        unchecked=counts.proposed,
        unlinked=unlinked_names(plan),
    )


def drafts(user: User, *, state: str = "draft") -> QuerySet[Plan]:
    """The drafts on which the user may go on working (or those put aside), newest first.

    Each carries `task_count` and `checked_count`. Units: tasks.
    """
    return (
        plans(user)
        .filter(state=state)
        .annotate(
            task_count=Count("tasks", filter=~Q(tasks__state="dismissed")),
            checked_count=Count("tasks", filter=Q(tasks__state="checked")),
        )
        .order_by("-taken_in_at")
    )


def plans_above(user: User, *, plan: Plan | None = None) -> QuerySet[Plan]:
    """The running plans that a local plan may carry out: those that the user sees, without the plan itself."""
    found = plans(user).filter(state="issued")
    return found.exclude(pk=plan.pk) if plan else found


def may_take_in(user: User) -> bool:
    """Whether the user may take plans in anywhere."""
    return access.has(user, Permission.PLAN_TAKE_IN)
