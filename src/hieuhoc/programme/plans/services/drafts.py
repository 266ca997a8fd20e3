"""Correcting a draft, step by step: each step is kept with what stood before it, so that it can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F

from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.kernel.vietnamese import fold, squeeze
from hieuhoc.programme.plans import access, rules, states
from hieuhoc.programme.plans.models import DraftStep, Plan, Section, Task, TaskAgency

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

_KEPT = (
    "section_id",
    "code",
    "text",
    "folded",
    "first_line",
    "last_line",
    "role",
    "is_requested",
    "recurrence",
    "recurrence_text",
    "deadline_text",
    "product",
    "confidence",
    "doubts",
    "is_added",
    "state",
)


@dataclass(frozen=True)
class NamedAgency:
    """An agency for a task: its words, and the unit of the register where one is chosen."""

    name: str
    unit: Unit | None = None


def _draft_of(by: User, plan: Plan) -> Plan:
    """The plan under a lock. Raises: Refused, Missing; Conflict when it is no longer a draft."""
    Plan.objects.select_for_update().get(pk=plan.pk)  # before it is joined: the issuer may just be changed
    fresh = Plan.objects.select_related("issuer").get(pk=plan.pk)
    access.require_on_plan(by, fresh, allowed=access.may_draft(by, fresh))
    if fresh.state != "draft":
        raise Conflict("Bản đọc này đã được xác nhận hoặc bỏ, không sửa được nữa.")
    return fresh


def _task(plan: Plan, key: int, *, version: int | None = None) -> Task:
    task = plan.tasks.filter(pk=key).select_related("section").first()
    if task is None:
        raise Conflict("Nhiệm vụ này không còn trong bản đọc; có thể người khác vừa gộp hoặc hoàn tác.")
    if version is not None and task.version != version:
        raise Conflict("Người khác vừa sửa nhiệm vụ này. Hãy tải lại trang; nội dung bạn gõ vẫn còn trong ô nhập.")
    return task


def _snapshot(tasks: Iterable[Task]) -> list[dict[str, Any]]:
    whole = []
    for task in tasks:
        row: dict[str, Any] = {name: getattr(task, name) for name in _KEPT}
        row |= {
            "pk": task.pk,
            "position": str(task.position),
            "due_on": task.due_on.isoformat() if task.due_on else None,
            "agencies": [[one.role, one.name, one.unit_id, one.position] for one in task.agencies.all()],
        }
        whole.append(row)
    return whole


def _short(name: str) -> str:
    """The name of a step, no longer than its column."""
    return name if len(name) <= 120 else f"{name[:119]}…"


def _keep_step(by: User, plan: Plan, name: str, before: list[dict[str, Any]], made: Sequence[Task] = ()) -> None:
    DraftStep.objects.create(plan=plan, name=_short(name), before=before, made=[one.pk for one in made], at=clock.now())
    trail.record(
        by=by,
        deed="plans.draft.correct",
        what=plan,
        why=name,
        changes={"tasks": [[row["code"] for row in before], [one.code for one in made]]},
    )


def _touch(task: Task) -> None:
    task.folded = fold(task.text)
    task.version += 1
    task.save()


@transaction.atomic
def edit_task(
    *,
    by: User,
    plan: Plan,
    task: int,
    version: int,
    text: str,
    leads: Sequence[NamedAgency],
    coordinators: Sequence[NamedAgency],
    due_on: date | None = None,
    recurrence: str = "",
    is_requested: bool = False,
    product: str = "",
) -> Task:
    """Correct one task of a draft; a corrected task counts as checked.

    `version` is that of the task as it was shown: of two people who correct at once, the second is told.
    Raises: Refused, Missing, Conflict; Invalid (field named).
    """
    plan = _draft_of(by, plan)
    row = _task(plan, task, version=version)
    if not squeeze(text):
        raise Invalid("Nội dung nhiệm vụ không được để trống. Muốn bỏ nhiệm vụ, hãy chọn “Loại”.", field="text")
    if recurrence not in rules.RECURRENCES:
        raise Invalid("Hãy chọn một kỳ lặp lại trong danh sách.", field="recurrence")
    rules.check_due(due_on=due_on, issued_on=plan.issued_on)
    before = _snapshot([row])
    row.text, row.due_on, row.recurrence = squeeze(text), due_on, recurrence
    row.is_requested, row.product, row.state = is_requested, squeeze(product), "checked"
    _touch(row)
    _write_agencies(row, leads, coordinators)
    _keep_step(by, plan, f"Sửa {row.code}", before)
    return row


def _write_agencies(task: Task, leads: Sequence[NamedAgency], coordinators: Sequence[NamedAgency]) -> None:
    task.agencies.all().delete()
    rows = [(TaskAgency.LEAD, one) for one in leads] + [(TaskAgency.COORDINATE, one) for one in coordinators]
    TaskAgency.objects.bulk_create(
        TaskAgency(task=task, role=role, name=squeeze(one.name)[:400], unit=one.unit, position=place)
        for place, (role, one) in enumerate(rows)
        if squeeze(one.name)
    )


@transaction.atomic
def link_agency(*, by: User, plan: Plan, name: str, unit: Unit) -> int:
    """Say which unit of the register a name means, wherever this draft uses that name.

    Units: returns the number of tasks that named it. Raises: Refused, Missing, Conflict.
    """
    plan = _draft_of(by, plan)
    named = TaskAgency.objects.filter(task__plan=plan, name=name)
    keys = set(named.values_list("task_id", flat=True))
    if not keys:
        raise Conflict("Không còn nhiệm vụ nào ghi tên “{name}”.", name=name)
    tasks = list(plan.tasks.filter(pk__in=keys).prefetch_related("agencies"))
    before = _snapshot(tasks)
    named.update(unit=unit)
    plan.tasks.filter(pk__in=keys).update(version=F("version") + 1)
    _keep_step(by, plan, f"“{name}” là {unit.name}", before)
    return len(tasks)


@transaction.atomic
def split_task(*, by: User, plan: Plan, task: int, version: int, at: int) -> tuple[Task, Task]:
    """Cut a task in two before the character numbered `at`; both halves keep its agencies.

    Raises: Refused, Missing, Conflict; Invalid when a half would be empty.
    """
    plan = _draft_of(by, plan)
    row = _task(plan, task, version=version)
    first, second = rules.split_text(row.text, at=at)
    before = _snapshot([row])
    agencies = list(row.agencies.all())
    row.text = first
    _touch(row)
    half = _copy_of(row)
    half.text, half.position = second, _position_after(plan, row)
    half.code, half.folded = _code_in(plan, row.section), fold(second)
    half.save()
    TaskAgency.objects.bulk_create(
        TaskAgency(task=half, role=one.role, name=one.name, unit_id=one.unit_id, position=one.position)
        for one in agencies
    )
    _keep_step(by, plan, f"Tách {row.code}", before, [half])
    return row, half


def _copy_of(task: Task) -> Task:
    return Task(plan=task.plan, due_on=task.due_on, **{name: getattr(task, name) for name in _KEPT})


@transaction.atomic
def merge_tasks(*, by: User, plan: Plan, task: int, version: int) -> Task:
    """Join a task with the one that follows it in the same section; agencies of both are kept once.

    Raises: Refused, Missing, Conflict; Invalid when no task follows.
    """
    plan = _draft_of(by, plan)
    row = _task(plan, task, version=version)
    following = (
        plan.tasks.filter(section=row.section_id, position__gt=row.position)
        .exclude(state="dismissed")
        .order_by("position")
        .first()
    )
    if following is None:
        raise Invalid("Đây là nhiệm vụ cuối của mục, không có nhiệm vụ nào sau nó để gộp.")
    before = _snapshot([row, following])
    held = {(one.role, one.name) for one in row.agencies.all()}
    count = len(held)
    for one in following.agencies.all():
        if (one.role, one.name) not in held:
            TaskAgency.objects.create(task=row, role=one.role, name=one.name, unit_id=one.unit_id, position=count)
            count += 1
    row.text = f"{row.text} {following.text}"
    row.last_line = max(row.last_line, following.last_line)
    row.due_on, row.recurrence = row.due_on or following.due_on, row.recurrence or following.recurrence
    row.state = "checked"
    _touch(row)
    following.delete()
    _keep_step(by, plan, f"Gộp {row.code}", before)
    return row


@transaction.atomic
def add_task(*, by: User, plan: Plan, section: Section | None, text: str, line: int = 0) -> Task:
    """Add a task that the reader missed: where its line stands, or at the end of its section.

    Units: `line` is 1-based; 0 says that it stands on none.
    Raises: Refused, Missing, Conflict; Invalid when it is empty, or the document has no such line.
    """
    plan = _draft_of(by, plan)
    if not squeeze(text):
        raise Invalid("Hãy ghi nội dung nhiệm vụ.", field="text")
    if not 0 <= line <= len(plan.reading.lines):
        raise Invalid("Văn bản chỉ có {count} dòng.", field="line", count=len(plan.reading.lines))
    task = Task.objects.create(
        plan=plan,
        section=section,
        code=_code_in(plan, section),
        position=_position_after(plan, _task_before(plan, section, line)),
        text=squeeze(text),
        folded=fold(text),
        first_line=line,
        last_line=line,
        is_added=True,
        state="checked",
    )
    _keep_step(by, plan, f"Thêm {task.code}", [], [task])
    return task


def _task_before(plan: Plan, section: Section | None, line: int) -> Task | None:
    """The task after which a new one stands: by its line, else the last of its section, else by the section's line."""
    by_position = plan.tasks.order_by("-position")
    if line:
        return by_position.filter(first_line__lte=line).first()
    if section is None:
        return by_position.first()
    return by_position.filter(section=section).first() or by_position.filter(first_line__lte=section.last_line).first()


def _position_after(plan: Plan, task: Task | None) -> Decimal:
    after = plan.tasks.filter(position__gt=task.position) if task else plan.tasks.all()
    following = after.order_by("position").first()
    here = task.position if task else Decimal(0)
    return (here + following.position) / 2 if following else here + 1


def _code_in(plan: Plan, section: Section | None) -> str:
    """The next free code of a section: its path and a running number."""
    start = section.path if section else "0"
    taken = set(plan.tasks.filter(code__startswith=f"{start}#").values_list("code", flat=True))
    return next(code for number in range(1, len(taken) + 2) if (code := f"{start}#{number}") not in taken)


@transaction.atomic
def mark_task(*, by: User, plan: Plan, task: int, deed: str) -> Task:
    """Check, uncheck, dismiss or restore one task of a draft. Raises: Refused, Missing, Conflict."""
    plan = _draft_of(by, plan)
    row = _task(plan, task)
    before = _snapshot([row])
    row.state = states.TASK.after(deed, state=row.state)
    _touch(row)
    names = {"check": "Đã soát", "uncheck": "Soát lại", "dismiss": "Loại", "restore": "Lấy lại"}
    _keep_step(by, plan, f"{names[deed]} {row.code}", before)
    return row


@transaction.atomic
def check_rest(*, by: User, plan: Plan, surer_than: int = 0) -> int:
    """Check every task that is still proposed and of which the reader is at least so sure.

    Units: `surer_than` in percent; returns how many were checked. Raises: Refused, Missing, Conflict.
    """
    plan = _draft_of(by, plan)
    unsure = plan.tasks.filter(state="proposed", confidence__gte=surer_than)
    rows = list(unsure.prefetch_related("agencies"))
    if not rows:
        return 0
    before = _snapshot(rows)
    plan.tasks.filter(pk__in=[row.pk for row in rows]).update(state="checked", version=F("version") + 1)
    _keep_step(by, plan, f"Đã soát {len(rows)} nhiệm vụ", before)
    return len(rows)


@transaction.atomic
def undo_step(*, by: User, plan: Plan) -> str:
    """Take the last correction of a draft back and return its name.

    Raises: Refused, Missing; Conflict when there is none to take back.
    """
    plan = _draft_of(by, plan)
    step = plan.draft_steps.order_by("-pk").first()
    if step is None:
        raise Conflict("Không còn thao tác nào để hoàn tác.")
    plan.tasks.filter(pk__in=step.made).delete()
    _write_back(plan, step.before)
    name = step.name
    step.delete()
    trail.record(by=by, deed="plans.draft.undo", what=plan, why=name)
    return name


def _write_back(plan: Plan, before: Sequence[dict[str, Any]]) -> None:
    """Put tasks back as they were kept, also those that a step took away; a fixed number of queries."""
    versions = dict(plan.tasks.filter(pk__in=[row["pk"] for row in before]).values_list("pk", "version"))
    Task.objects.bulk_create(
        [_task_as_kept(plan, row, version=versions.get(row["pk"], 0) + 1) for row in before],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[*_KEPT, "position", "due_on", "version"],
        batch_size=100,
    )
    TaskAgency.objects.filter(task__in=list(versions)).delete()
    TaskAgency.objects.bulk_create(
        [
            TaskAgency(task_id=row["pk"], role=role, name=name, unit_id=unit, position=place)
            for row in before
            for role, name, unit, place in row["agencies"]
        ],
        batch_size=500,
    )


def _task_as_kept(plan: Plan, row: dict[str, Any], *, version: int) -> Task:
    due = date.fromisoformat(row["due_on"]) if row["due_on"] else None
    kept = {name: row[name] for name in _KEPT}
    return Task(pk=row["pk"], plan=plan, position=Decimal(row["position"]), due_on=due, version=version, **kept)
