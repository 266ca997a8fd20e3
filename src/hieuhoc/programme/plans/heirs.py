"""How plans follow a reorganisation of units: open work, whoever a task names or a plan has as its lead, obstacles.

What is finished stays with the unit that did it, under its name of that day. What somebody still has to do passes to
the main heir; where several units that merged held the same work, one assignment goes on for all of them, prefilled
with what each had done, and the others lead to it. The words of the documents are not touched.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hieuhoc.foundation.outbox import services as outbox
from hieuhoc.foundation.records import trail
from hieuhoc.foundation.records.trail import Actor, Deed
from hieuhoc.kernel.errors import Conflict
from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.programme.plans import rules, states
from hieuhoc.programme.plans.models import (
    Assignment,
    Comment,
    Evidence,
    Obstacle,
    Plan,
    Progress,
    Reminder,
    Task,
    TaskAgency,
)
from hieuhoc.programme.plans.services.letters import letter_about_heritage
from hieuhoc.registers.accounts.access import people_near
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.places import selectors as places
from hieuhoc.registers.places.services import Followed, Journal, Line, Turn

WORK, ROLE_IN_TASK = gettext_noop("Việc được giao"), gettext_noop("Vai trò trong nhiệm vụ")
LEADING, OBSTACLE = gettext_noop("Đầu mối kế hoạch"), gettext_noop("Vướng mắc")
PASSED = gettext_noop("chuyển sang đơn vị kế thừa")
JOINED = gettext_noop("gộp vào việc của đơn vị kế thừa")
_STATE = ("unit_id", "state", "percent", "note", "due_on", "ended_at", "joined_into_id")
_LIVING_PLANS = ("draft", "issued")
_ADDED: tuple[Any, ...] = (Progress, Evidence, Comment, Reminder, Obstacle)
_BATCH = 400
_PART = 4000


@dataclass(frozen=True)
class _PlansFollower:
    """Assignments, the agencies that tasks name, leads of plans, and obstacles."""

    name: str = "plans"

    def follow(self, *, by: Actor, turn: Turn) -> Followed:
        """Let everything open that stood with an ended unit stand with its main heir."""
        heirs = {unit: passing.heir for unit, passing in turn.passings.items()}
        units = places.units_by_number({*heirs, *heirs.values()})
        work = _Work(turn, heirs, units)
        work.pass_on()
        agencies, agency_lines, agency_deeds = _pass_agencies(turn, heirs, units)
        leads, lead_lines, lead_deeds = _pass_leads(turn, heirs, units)
        obstacles, obstacle_lines, obstacle_deeds = _pass_obstacles(turn, heirs, units)
        trail.record_many(by=by, deeds=[*work.deeds, *agency_deeds, *lead_deeds, *obstacle_deeds])
        outbox.post_many(_letters(turn, work.received, units))
        journal: Journal = {"assignments": work.journal, "agencies": agencies, "leads": leads, "obstacles": obstacles}
        journal["last"] = _last_written()
        return Followed([*work.lines, *agency_lines, *lead_lines, *obstacle_lines], journal)

    def take_back(self, *, by: Actor, turn: Turn, journal: Journal) -> None:
        """Put every assignment, task, plan and obstacle back where it was.

        Raises: Conflict when one of them has been worked on since, or was given to an heir since.
        """
        _check_nothing_new(turn, [number for number, _before, _after in journal["assignments"]], journal["last"])
        deeds = _restore_assignments(turn, journal["assignments"])
        deeds += _restore_leads(journal["leads"])
        deeds += _restore_obstacles(journal["obstacles"])
        for number, before, after in journal["agencies"]:
            TaskAgency.objects.filter(pk=number, unit=after).update(unit=before)
        trail.record_many(by=by, deeds=deeds)


follower = _PlansFollower()


# ---- work --------------------------------------------------------------------------------------------


class _Work:
    """The open assignments of ended units on their way to the heirs."""

    def __init__(self, turn: Turn, heirs: Mapping[int, int], units: Mapping[int, Any]) -> None:
        self.turn, self.heirs, self.units = turn, heirs, units
        self.journal: list[list[Any]] = []
        self.lines: list[Line] = []
        self.deeds: list[Deed] = []
        self.received: dict[int, int] = defaultdict(int)
        self.changed: list[Assignment] = []

    def pass_on(self) -> None:
        """Group what meets at an heir, join it, and write everything at once."""
        leaving = _locked(unit__in=self.heirs, state__in=states.UNFINISHED, plan__state="issued")
        if not leaving:
            return
        meeting: dict[tuple[int, str, int], list[Assignment]] = defaultdict(list)
        for one in leaving:
            meeting[one.task_id, one.period, self.heirs[one.unit_id]].append(one)
        own = {
            (one.task_id, one.period, one.unit_id): one
            for one in _locked(unit__in=set(self.heirs.values()), task__in={one.task_id for one in leaving})
            if (one.task_id, one.period, one.unit_id) in meeting
        }
        tasks = Task.objects.in_bulk({one.task_id for one in leaving})
        for one in [*leaving, *own.values()]:
            one.task, one.unit = tasks[one.task_id], self.units[one.unit_id]
        before = {one.pk: _kept(one) for one in [*leaving, *own.values()]}
        for key, rows in meeting.items():
            self._meet(key[2], rows, own.get(key))
        Assignment.objects.bulk_update(self.changed, [name.removesuffix("_id") for name in _STATE], batch_size=_BATCH)
        self.journal = [[one.pk, before[one.pk], _kept(one)] for one in self.changed]

    def _meet(self, heir: int, rows: Sequence[Assignment], own: Assignment | None) -> None:
        """One heir's share of a task in one turn: what comes to it, and what it held already."""
        kept = own or rows[0]
        others = [one for one in rows if one.pk != kept.pk]
        before = _kept(kept)
        if own is not None or others:
            parts = [_part(one) for one in [*([own] if own else []), *rows] if one.state != "cancelled"]
            joined = rules.join(parts)
            kept.state, kept.percent, kept.note = joined.state, joined.percent, joined.note
            kept.due_on, kept.ended_at = joined.due_on, None
        for one in others:
            name, state = one.unit.name, one.state
            one.state, one.joined_into = "joined", kept
            self.lines.append(_line(one, heir, JOINED))
            changes = {"state": [state, "joined"], "unit": [name, self.units[heir].name]}
            self.deeds.append(Deed("plans.assignment.join", one, self.turn.document, changes))
        if own is None:
            self.lines.append(_line(kept, heir, PASSED))
            kept.unit = self.units[heir]
        after = _kept(kept)
        changes = {
            name.removesuffix("_id"): [before[name], after[name]] for name in _STATE if before[name] != after[name]
        }
        if "unit" in changes:
            changes["unit"] = [self.units[before["unit_id"]].name, self.units[heir].name]
        self.deeds.append(Deed("plans.assignment.succeed", kept, self.turn.document, changes))
        self.changed += [kept, *others]
        self.received[heir] += 1


def _locked(**wanted: Any) -> list[Assignment]:
    """Assignments under a lock, asked without joins in parts: a long list of units is more than one statement takes."""
    lists = {name: sorted(value) for name, value in wanted.items() if name in ("unit__in", "task__in")}
    rest = {name: value for name, value in wanted.items() if name not in lists}
    units = lists["unit__in"]
    tasks = lists.get("task__in")
    found: dict[int, Assignment] = {}
    for start in range(0, len(units), _PART):
        part = rest | {"unit__in": units[start : start + _PART]}
        for first in range(0, len(tasks), _PART) if tasks is not None else [None]:
            inner = part | (
                {"task__in": tasks[first : first + _PART]} if tasks is not None and first is not None else {}
            )
            rows = Assignment.objects.select_for_update(of=("self",)).filter(**inner).order_by("pk")
            found.update((one.pk, one) for one in rows)
    return [found[number] for number in sorted(found)]


def _kept(one: Assignment) -> dict[str, Any]:
    """The state of an assignment as plain values."""
    values = {name: getattr(one, name) for name in _STATE}
    return {name: value.isoformat() if isinstance(value, (date, datetime)) else value for name, value in values.items()}


def _part(one: Assignment) -> rules.Part:
    return rules.Part(one.unit.name, one.state, one.percent, one.note, one.due_on)


def _line(one: Assignment, heir: int, fate: str) -> Line:
    return Line(WORK, f"{one.task.code} {one.task.text[:80]}", one.unit_id, heir, fate)


def _last_written() -> dict[str, int]:
    """The newest row of everything that people add to a piece of work."""
    return {model.__name__: model.objects.aggregate(last=Max("pk"))["last"] or 0 for model in _ADDED}


def _check_nothing_new(turn: Turn, numbers: Iterable[int], last: Mapping[str, int]) -> None:
    for part in _parts(numbers):
        for model in _ADDED:
            fresh = model.objects.filter(pk__gt=last[model.__name__], assignment__in=part)
            if (one := fresh.select_related("assignment__task").first()) is not None:
                raise _worked_on(one.assignment.task.code, turn)


def _worked_on(task: str, turn: Turn) -> Conflict:
    sentence = "Việc {task} đã được cập nhật sau cuộc sắp xếp ngày {day}; không thể lùi."
    return Conflict(sentence, task=task, day=write_date(turn.on))


def _restore_assignments(turn: Turn, kept: Sequence[Sequence[Any]]) -> list[Deed]:
    rows = {one.pk: one for one in _by_number(Assignment, [number for number, _before, _after in kept])}
    for number, _before, after in kept:
        if number not in rows or _kept(rows[number]) != after:
            raise _worked_on(rows[number].task.code if number in rows else "", turn)
    for number, before, _after in kept:
        for name in _STATE:
            setattr(rows[number], name, _read(name, before[name]))
    # The joined let go first, so that no two rows ever hold one task for one unit.
    ordered = sorted(rows.values(), key=lambda one: one.state == "joined")
    Assignment.objects.bulk_update(ordered, [name.removesuffix("_id") for name in _STATE], batch_size=_BATCH)
    why = _("Lùi cuộc sắp xếp đơn vị")
    return [Deed("plans.assignment.take_back", rows[number], why) for number, _before, _after in kept]


def _read(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name == "due_on":
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if name == "ended_at" else value


def _by_number(model: Any, numbers: Iterable[int]) -> list[Any]:
    ordered = sorted(numbers)
    related = ("task", "unit") if model is Assignment else ()
    found: list[Any] = []
    for start in range(0, len(ordered), _PART):
        part = ordered[start : start + _PART]
        rows = {one.pk: one for one in model.objects.select_for_update(of=("self",)).filter(pk__in=part).order_by("pk")}
        if related:
            for one in model.objects.filter(pk__in=part).select_related(*related):
                for name in related:
                    setattr(rows[one.pk], name, getattr(one, name))
        found += rows.values()
    return found


# ---- what names a unit -------------------------------------------------------------------------------


def _pass_agencies(
    turn: Turn, heirs: Mapping[int, int], units: Mapping[int, Any]
) -> tuple[list[list[int]], list[Line], list[Deed]]:
    """The agencies that tasks of living plans name: the words stay, the unit that they mean is the heir."""
    changed, lines, deeds = [], [], []
    for numbers in _parts(heirs):
        named = TaskAgency.objects.filter(unit__in=numbers, task__plan__state__in=_LIVING_PLANS)
        for one in named.exclude(task__state="dismissed").select_related("task").order_by("pk"):
            before = one.unit_id or 0
            one.unit_id = heirs[before]
            changed.append((one, before))
            lines.append(Line(ROLE_IN_TASK, f"{one.task.code} {one.name}", before, heirs[before], PASSED))
            changes = {one.role: [units[before].name, units[heirs[before]].name]}
            deeds.append(Deed("plans.task.succeed", one.task, turn.document, changes))
    TaskAgency.objects.bulk_update([one for one, _before in changed], ["unit"], batch_size=_BATCH)
    return [[one.pk, before, one.unit_id or 0] for one, before in changed], lines, deeds


def _pass_leads(
    turn: Turn, heirs: Mapping[int, int], units: Mapping[int, Any]
) -> tuple[list[list[int]], list[Line], list[Deed]]:
    journal, lines, deeds = [], [], []
    led = [
        plan
        for part in _parts(heirs)
        for plan in Plan.objects.select_for_update(of=("self",)).filter(lead__in=part, state__in=_LIVING_PLANS)
    ]
    for plan in led:
        before = plan.lead_id or 0
        plan.lead_id = heirs[before]
        journal.append([plan.pk, before, plan.lead_id])
        lines.append(Line(LEADING, str(plan), before, plan.lead_id, PASSED))
        changes = {"lead": [units[before].name, units[plan.lead_id].name]}
        deeds.append(Deed("plans.plan.succeed", plan, turn.document, changes))
    Plan.objects.bulk_update(led, ["lead"], batch_size=_BATCH)
    return journal, lines, deeds


def _restore_leads(kept: Sequence[Sequence[int]]) -> list[Deed]:
    plans = {plan.pk: plan for plan in _by_number(Plan, [number for number, _before, _after in kept])}
    for number, before, after in kept:
        if plans[number].lead_id != after:
            raise Conflict("Cơ quan đầu mối của {plan} đã được đổi; không thể lùi.", plan=str(plans[number]))
        plans[number].lead_id = before
    Plan.objects.bulk_update(plans.values(), ["lead"], batch_size=_BATCH)
    why = _("Lùi cuộc sắp xếp đơn vị")
    return [Deed("plans.plan.take_back", plan, why) for plan in plans.values()]


def _pass_obstacles(
    turn: Turn, heirs: Mapping[int, int], units: Mapping[int, Any]
) -> tuple[list[list[Any]], list[Line], list[Deed]]:
    journal, lines, deeds = [], [], []
    found: dict[int, Obstacle] = {}
    for part in _parts(heirs):
        for side in ("unit__in", "holder__in"):
            rows = Obstacle.objects.select_for_update(of=("self",)).filter(
                **{side: part}, state__in=states.OBSTACLE_OPEN
            )
            found.update((one.pk, one) for one in rows)
    for one in found.values():
        before = [one.unit_id, one.holder_id]
        one.unit_id, one.holder_id = heirs.get(one.unit_id, one.unit_id), heirs.get(one.holder_id, one.holder_id)
        journal.append([one.pk, before, [one.unit_id, one.holder_id], one.state])
        old = before[0] if before[0] in heirs else before[1]
        lines.append(Line(OBSTACLE, one.title, old, heirs[old], PASSED))
        changes = {"unit": [units[old].name, units[heirs[old]].name]}
        deeds.append(Deed("plans.obstacle.succeed", one, turn.document, changes))
    Obstacle.objects.bulk_update(found.values(), ["unit", "holder"], batch_size=_BATCH)
    return journal, lines, deeds


def _restore_obstacles(kept: Sequence[Sequence[Any]]) -> list[Deed]:
    rows = {one.pk: one for one in _by_number(Obstacle, [line[0] for line in kept])}
    for number, before, after, state in kept:
        one = rows[number]
        if [one.unit_id, one.holder_id] != after or one.state != state:
            raise Conflict("Vướng mắc “{title}” đã được xử lý tiếp; không thể lùi.", title=one.title)
        one.unit_id, one.holder_id = before
    Obstacle.objects.bulk_update(rows.values(), ["unit", "holder"], batch_size=_BATCH)
    why = _("Lùi cuộc sắp xếp đơn vị")
    return [Deed("plans.obstacle.take_back", one, why) for one in rows.values()]


def _parts(numbers: Iterable[int]) -> list[list[int]]:
    ordered = sorted(numbers)
    return [ordered[start : start + _PART] for start in range(0, len(ordered), _PART)]


# ---- telling people ----------------------------------------------------------------------------------


def _letters(turn: Turn, received: Mapping[int, int], units: Mapping[int, Any]) -> list[outbox.Letter]:
    """One letter to each person of an heir, whatever the number of pieces of work."""
    if not received:
        return []
    near = people_near(Permission.TASK_REPORT, units=[units[heir] for heir in received])
    return [
        outbox.Letter(
            to=person.email,
            subject=_("%(unit)s nhận %(count)d việc từ đơn vị trước sắp xếp")
            % {"unit": units[heir].name, "count": count},
            body=letter_about_heritage(unit=units[heir].name, count=count, document=turn.document),
            key=f"heritage:{turn.on}:{heir}:{person.pk}:{turn.document}"[:200],
        )
        for heir, count in received.items()
        for person in near.get(heir, [])
    ]
