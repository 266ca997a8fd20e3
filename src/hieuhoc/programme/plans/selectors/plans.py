"""Reading plans: which ones a user sees, what is in them, and how each stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Prefetch, Q, QuerySet

from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.plans.models import Assignment, Plan, Section, Task, TaskAgency
from hieuhoc.programme.plans.states import LEFT_OUT, OPEN
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.places import selectors as places
from hieuhoc.registers.places.selectors import Tree

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

_KEPT = "_everything_above"


def plans(user: User) -> QuerySet[Plan]:
    """The plans that `user` may see.

    Those issued within the user's own units; those issued above them, which are addressed to them; and
    of drafts only those of units where the user may take plans in.
    """
    scopes = access.scopes(user, Permission.PLAN_READ)
    # What was addressed to a predecessor, by whoever then stood above it, is addressed to its heir.
    above = _everything_above(user, scopes)
    within = access.within(scopes, unit="issuer")
    addressed = Q(issuer__in=above) | Q(issuer__parent__in=above)
    issued = Q(state__in=["issued", "closed"]) & (within | addressed)
    drafting = access.within(access.scopes(user, Permission.PLAN_TAKE_IN), unit="issuer")
    return Plan.objects.filter(issued | (Q(state__in=["draft", "discarded"]) & drafting)).select_related(
        "issuer", "lead"
    )


def _everything_above(user: User, scopes: Sequence[Unit]) -> set[int]:
    """Asked once for each user object, as its grants are."""
    paths = tuple(unit.path for unit in scopes)
    kept = user.__dict__.get(_KEPT)
    if kept is None or kept[0] != paths:
        kept = user.__dict__[_KEPT] = (paths, places.everything_above(scopes))
    found: set[int] = kept[1]
    return found


def plan_by_key(user: User, key: int) -> Plan:
    """One plan. Raises: Missing when there is none, or none for this user."""
    plan = plans(user).filter(pk=key).select_related("issuer", "lead", "above", "file").first()
    if plan is None:
        raise Missing("Không tìm thấy kế hoạch này trong phạm vi của bạn.")
    return plan


def find_plans(user: User, *, words: str = "", state: str = "", issuer: str = "") -> QuerySet[Plan]:
    """The plans that `user` may see, narrowed; words are sought without regard to marks.

    Each carries counts of its assignments: `all_count`, `confirmed_count`.
    """
    found = plans(user)
    found = found.filter(state=state) if state else found.exclude(state="discarded")
    if issuer == "own":
        found = found.filter(access.within(access.scopes(user, Permission.TASK_REPORT), unit="issuer"))
    for word in fold(words).split():
        found = found.filter(folded__contains=word)
    return found


@dataclass(frozen=True)
class Tally:
    """How many assignments stand in which way. Units: assignments."""

    total: int = 0
    confirmed: int = 0
    waiting: int = 0
    underway: int = 0
    late: int = 0
    unstarted: int = 0

    @property
    def percent(self) -> int:
        """The share that is finished. Units: whole percent, rounded down."""
        return self.confirmed * 100 // self.total if self.total else 0


def tally_counts(on: date) -> dict[str, Count]:
    """The counts of a `Tally` over assignments, for an aggregate."""
    return {
        "total": Count("pk"),
        "confirmed": Count("pk", filter=Q(state="confirmed")),
        "waiting": Count("pk", filter=Q(state="done")),
        "underway": Count("pk", filter=Q(state__in=["underway", "returned"])),
        "late": Count("pk", filter=Q(state__in=OPEN, due_on__lt=on)),
        "unstarted": Count("pk", filter=Q(state="assigned")),
    }


def _tallied(found: QuerySet[Assignment], *fields: str, on: date) -> Iterator[tuple[list[Any], Tally]]:
    """Assignments counted by some of their columns, cancelled ones left out: the columns' values, and the tally."""
    rows: QuerySet[Any, dict[str, Any]] = found.exclude(state__in=LEFT_OUT).order_by().values(*fields)
    for row in rows.annotate(**tally_counts(on)):
        yield [row.pop(field) for field in fields], Tally(**row)


def tallies(plans: list[Plan], *, on: date) -> dict[int, Tally]:
    """For each plan how its assignments stand, cancelled ones left out; one query for all."""
    return {key: tally for (key,), tally in _tallied(Assignment.objects.filter(plan__in=plans), "plan_id", on=on)}


def tally_by_task(plan: Plan, *, on: date) -> dict[int, Tally]:
    """For each task of a plan how its assignments stand, of all agencies; one query."""
    return {key: tally for (key,), tally in _tallied(plan.assignments.all(), "task_id", on=on)}


@dataclass(frozen=True)
class AgencyStanding:
    """How one agency stands in a plan."""

    unit_id: int
    key: str
    name: str
    short_name: str
    level: str  # of the unit above it: province | district | commune
    tally: Tally
    last_day: date | None = None  # of an agency that has ended
    is_estimated: bool = False


def tally_by_agency(plan: Plan, *, on: date) -> list[AgencyStanding]:
    """How each agency with assignments stands in a plan, most late first; by the agencies of the time."""
    fields = ("unit__sort_key", "unit_id", "unit__key", "unit__name", "unit__short_name", "unit__parent__level")
    rows = _tallied(plan.assignments.all(), *fields, "unit__valid_to", on=on)
    return [
        AgencyStanding(unit, key, name, short, level or "province", tally, end and end - timedelta(days=1))
        for (_sort_key, unit, key, name, short, level, end), tally in sorted(
            rows, key=lambda one: (-one[1].late, one[0][0])
        )
    ]


def tasks(plan: Plan) -> QuerySet[Task]:
    """The tasks of a plan in the order of the document, without dismissed ones, with their agencies."""
    agencies = Prefetch("agencies", TaskAgency.objects.select_related("unit"))
    return plan.tasks.exclude(state="dismissed").select_related("section").prefetch_related(agencies)


@dataclass(frozen=True)
class TaskFilter:
    """What a reader of a plan looks for. Empty fields do not narrow."""

    words: str = ""
    unit: str = ""  # key of a unit
    role: str = ""  # lead | coordinate
    standing: str = ""  # late | open | waiting | done | new | unassigned
    section: str = ""  # path
    recurrence: str = ""

    def __bool__(self) -> bool:
        return any([self.words, self.unit, self.role, self.standing, self.section, self.recurrence])


def find_tasks(plan: Plan, wanted: TaskFilter, *, on: date, order: str = "") -> QuerySet[Task]:
    """The tasks of a plan that fit a filter; in the order of the document, by `due` or by most `late` work."""
    found = _ordered(tasks(plan), order, on=on)
    for word in fold(wanted.words).split():
        found = found.filter(folded__contains=word)
    if wanted.section:
        found = found.filter(Q(section__path=wanted.section) | Q(section__path__startswith=f"{wanted.section}."))
    if wanted.recurrence:
        found = found.filter(recurrence=wanted.recurrence)
    units = unit_and_before(wanted.unit) if wanted.unit else []
    if wanted.unit:
        named = Q(unit__in=units) | Q(unit__memberships__member__in=units)
        if wanted.role:
            named &= Q(role=wanted.role)
        found = found.filter(pk__in=TaskAgency.objects.filter(named, task__plan=plan).values("task_id"))
    if wanted.standing:
        held = plan.assignments.exclude(state__in=LEFT_OUT).order_by()
        if wanted.unit:
            held = held.filter(unit__in=units)
        matching = {
            "late": held.filter(state__in=OPEN, due_on__lt=on),
            "open": held.filter(state__in=OPEN),
            "waiting": held.filter(state="done"),
            "done": held.filter(state="confirmed"),
            "new": held.filter(state="assigned"),
        }
        if wanted.standing == "unassigned":
            found = found.exclude(pk__in=held.values("task_id"))
        elif wanted.standing in matching:
            found = found.filter(pk__in=matching[wanted.standing].values("task_id"))
    return found


def unit_and_before(key: str) -> list[int]:
    """A unit, by its key, and those whose duties have come to it: what it is asked about is asked about them all."""
    own = [unit.pk for unit in [places.unit_or_none(key)] if unit is not None]
    return [*own, *sorted(places.predecessors_of(own))]


def _ordered(found: QuerySet[Task], order: str, *, on: date) -> QuerySet[Task]:
    if order == "due":
        return found.order_by(F("due_on").asc(nulls_last=True), "position")
    if order == "late":
        late = Count("assignments", filter=Q(assignments__state__in=OPEN, assignments__due_on__lt=on))
        return found.annotate(late_count=late).order_by("-late_count", "position")
    return found


def sections(plan: Plan) -> list[Section]:
    """The numbered headings of a plan in the order of the document."""
    return list(plan.sections.order_by("position"))


@dataclass(frozen=True)
class Matrix:
    """Agencies against the top two levels of sections: how many tasks each leads there, and how many are late."""

    columns: list[Section]
    rows: list[tuple[AgencyStanding, list[tuple[int, int]]]]  # per column: (assignments, late)


def matrix(plan: Plan, agencies: list[AgencyStanding], *, on: date, tree: Tree | None = None) -> Matrix:
    """The matrix agency × section of a plan for the agencies of one lens; two queries.

    `tree` is given where they are those of the map of `on`.
    """
    columns = [section for section in sections(plan) if section.level <= 2]
    holding = {section.path for section in columns}
    cells: dict[tuple[int, str], list[int]] = {}
    days: dict[int, date | None] = {}
    rows = (
        plan.assignments.exclude(state__in=LEFT_OUT)
        .order_by()
        .values("unit_id", "unit__valid_to", "task__section__path")
        .annotate(total=Count("pk"), late=Count("pk", filter=Q(state__in=OPEN, due_on__lt=on)))
    )
    for row in rows:
        path = row["task__section__path"] or ""
        while path and path not in holding:
            path = path.rpartition(".")[0]
        days[row["unit_id"]] = row["unit__valid_to"]
        cell = cells.setdefault((row["unit_id"], path), [0, 0])
        cell[0] += row["total"]
        cell[1] += row["late"]
    if tree is not None:
        cells = _cells_restated(cells, days, on=on, tree=tree)
    used = {path for _, path in cells}
    columns = [section for section in columns if section.path in used]
    return Matrix(
        columns,
        [
            (agency, [tuple(cells.get((agency.unit_id, column.path), (0, 0))) for column in columns])  # type: ignore[misc]  # two counts
            for agency in agencies
        ],
    )


def _cells_restated(
    cells: dict[tuple[int, str], list[int]], ends: dict[int, date | None], *, on: date, tree: Tree
) -> dict[tuple[int, str], list[int]]:
    counts: dict[int, dict[str, int]] = {}
    for (unit, path), (total, late) in cells.items():
        counts.setdefault(unit, {}).update({f"{path}|0": total, f"{path}|1": late})
    restated: dict[tuple[int, str], list[int]] = {}
    for unit, found in places.counts_restated(
        ((unit, _day_of(ends[unit], on=on), named) for unit, named in counts.items()), on=on, tree=tree
    ).items():
        for name, count in found.counts.items():
            path, _bar, place = name.rpartition("|")
            restated.setdefault((unit, path), [0, 0])[int(place)] = count
    return restated


def _day_of(end: date | None, *, on: date) -> date:
    """The day for which the figures of a unit stand: its last, or the day of the map."""
    return min(end - timedelta(days=1), on) if end else on


def map_of_agencies(agencies: list[AgencyStanding]) -> Tree:
    """The part of the register through which the figures of agencies that have ended pass."""
    return places.map_of({agency.unit_id for agency in agencies if agency.last_day})


def agencies_restated(agencies: list[AgencyStanding], *, on: date, tree: Tree) -> list[AgencyStanding]:
    """How the agencies of the map of a day stand, with what their predecessors did; most late first.

    Counts are added, or shared out where a unit was divided (`is_estimated`); the share that is finished is computed
    from them again.
    """
    rows = ((one.unit_id, min(one.last_day or on, on), asdict(one.tally)) for one in agencies)
    found = places.counts_restated(rows, on=on, tree=tree)
    known = {agency.unit_id: agency for agency in agencies}
    units = places.units_by_number(set(found) - set(known))
    restated = []
    for number, counted in found.items():
        if number in known:
            agency = replace(known[number], tally=_tally_of(counted.counts), is_estimated=counted.is_estimated)
        else:
            unit = units[number]
            level = unit.parent.level if unit.parent else "province"
            tally = _tally_of(counted.counts)
            agency = AgencyStanding(
                number, unit.key, unit.name, unit.short_name, level, tally, None, counted.is_estimated
            )
        restated.append(agency)
    order = {agency.unit_id: place for place, agency in enumerate(agencies)}
    return sorted(restated, key=lambda one: (-one.tally.late, order.get(one.unit_id, len(order)), one.name))


def _tally_of(counts: dict[str, int]) -> Tally:
    """Counts as a tally whose parts add up: where they were shared out, each was rounded by itself."""
    total = sum(counts.get(part, 0) for part in ("confirmed", "waiting", "underway", "unstarted"))
    return Tally(**counts | {"total": total})


@dataclass(frozen=True)
class SectionStanding:
    """How the work under one heading of the first two levels stands."""

    section: Section
    tally: Tally


def tally_by_section(plan: Plan, *, on: date) -> list[SectionStanding]:
    """How the work under each heading of the first two levels stands, in the order of the document; two queries."""
    headings = [section for section in sections(plan) if section.level <= 2]
    holding = {section.path for section in headings}
    sums: dict[str, Counter[str]] = {}
    for (found,), tally in _tallied(plan.assignments.all(), "task__section__path", on=on):
        path = found or ""
        while path and path not in holding:
            path = path.rpartition(".")[0]
        sums.setdefault(path, Counter()).update(asdict(tally))
    return [SectionStanding(one, Tally(**sums[one.path])) for one in headings if one.path in sums]


def next_due(user: User, plan: Plan, *, on: date, most: int = 8) -> QuerySet[Assignment]:
    """What falls due next in a plan that the user sees, soonest first."""
    return (
        plan.assignments.filter(state__in=OPEN, due_on__gte=on, plan__in=plans(user))
        .select_related("task", "unit")
        .order_by("due_on", "task__position", "pk")[:most]
    )
