"""A centre's plan of a year: needs gathered, classes planned, submitted to the commune and approved by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Conflict, Invalid, Refused
from hieuhoc.programme.learning import states
from hieuhoc.programme.learning.models import Need, PlannedClass, Provider, Topic, YearPlan
from hieuhoc.programme.learning.rules import planning
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

_MAKING = ("submit", "withdraw")
OPEN = ("draft", "returned")


@transaction.atomic
def begin_year_plan(*, by: User, provider: Provider, year: int) -> YearPlan:
    """The plan of a centre's year, made when there is none yet. Raises: Refused, Missing; Invalid (field `year`)."""
    access.require(by, Permission.YEAR_PLAN_MAKE, at=provider.unit)
    planning.check_year(year)
    plan, is_new = YearPlan.objects.get_or_create(provider=provider, year=year)
    if is_new:
        trail.record(by=by, deed="learning.yearplan.begin", what=plan)
    return plan


@transaction.atomic
def write_summary(*, by: User, plan: YearPlan, summary: str) -> YearPlan:
    """Say what the year is for. Raises: Refused, Missing; Conflict once it is submitted."""
    plan = _open(by, plan)
    before, plan.summary = plan.summary, summary.strip()
    plan.save(update_fields=["summary"])
    trail.record(by=by, deed="learning.yearplan.edit", what=plan, changes={"summary": [before, plan.summary]})
    return plan


@transaction.atomic
def plan_class(*, by: User, plan: YearPlan, planned: PlannedClass | None = None, **columns: Any) -> PlannedClass:
    """Put a class into a plan, or change one that is there; `columns` are those of the table.

    Raises: Refused, Missing; Conflict once the plan is submitted; Invalid with the field.
    """
    plan = _open(by, plan)
    row = planned or PlannedClass(plan=plan)
    for name, value in columns.items():
        setattr(row, name, value)
    planning.check_class(title=row.title, month=row.month)
    row.full_clean()
    row.save()
    trail.record(by=by, deed="learning.yearplan.plan_class", what=plan, changes={"classes": [None, row.title]})
    return row


@transaction.atomic
def drop_class(*, by: User, planned: PlannedClass) -> None:
    """Take a class out of a plan. Raises: Refused, Missing; Conflict when submitted, or made into an activity."""
    plan = _open(by, planned.plan)
    if planned.activities.exists():
        raise Conflict("Lớp này đã được tổ chức nên không bỏ khỏi kế hoạch được.")
    trail.record(by=by, deed="learning.yearplan.drop_class", what=plan, changes={"classes": [planned.title, None]})
    planned.delete()


@transaction.atomic
def copy_classes(*, by: User, plan: YearPlan) -> int:
    """Take over the classes planned in the year before whose names are not there yet; how many.

    Raises: Refused, Missing; Conflict once the plan is submitted; Invalid where there is nothing to take over.
    """
    plan = _open(by, plan)
    known = set(plan.classes.values_list("title", "month"))
    before = PlannedClass.objects.filter(plan__provider=plan.provider, plan__year=plan.year - 1)
    rows = [row for row in before if (row.title, row.month) not in known]
    if not rows:
        raise Invalid("Kế hoạch năm trước không có lớp nào để chép sang.")
    for row in rows:
        row.pk, row.plan = None, plan
    PlannedClass.objects.bulk_create(rows)
    trail.record(by=by, deed="learning.yearplan.copy", what=plan, changes={"classes": [None, len(rows)]})
    return len(rows)


@transaction.atomic
def move_year_plan(*, by: User, plan: YearPlan, deed: str, why: str = "") -> YearPlan:
    """Submit, withdraw, return, approve or reopen a plan; nobody approves what they submitted themselves.

    Raises: Refused, Missing; Conflict from another state; Invalid for an empty plan or without a reason.
    """
    plan = YearPlan.objects.select_for_update(of=("self",)).select_related("provider__unit").get(pk=plan.pk)
    needed = Permission.YEAR_PLAN_MAKE if deed in _MAKING else Permission.YEAR_PLAN_APPROVE
    access.require(by, needed, at=plan.provider.unit)
    if deed == "approve" and plan.submitted_by_id == by.pk:
        raise Refused("Kế hoạch do người khác duyệt, không phải người đã trình.")
    if deed == "submit":
        if not plan.classes.exists():
            raise Invalid("Kế hoạch chưa có lớp, chuyên đề nào.")
        plan.submitted_at, plan.submitted_by = clock.now(), by
    plan.approved_at = clock.now() if deed == "approve" else None
    trail.move(by=by, row=plan, machine=states.YEAR_PLAN, deed=deed, why=why)
    plan.save(update_fields=["submitted_at", "submitted_by", "approved_at"])
    return plan


@transaction.atomic
def note_needs(
    *,
    by: User,
    provider: Provider,
    year: int,
    unit: Unit,
    people: Mapping[Topic, int],
    words: str = "",
    others: int = 0,
) -> list[Need]:
    """Note what people of a hamlet or of the commune said that they would learn; zeros are left out.

    Units: people. Raises: Refused, Missing; Invalid with the field when nobody wishes anything.
    """
    access.require(by, Permission.YEAR_PLAN_MAKE, at=provider.unit)
    planning.check_year(year)
    if not access.covers(provider.unit, unit):
        raise Invalid("Chọn xã của trung tâm hoặc một ấp, khu phố trong xã.", field="unit")
    now = clock.now()
    rows = [
        Need(provider=provider, year=year, unit=unit, topic=topic, people=count, noted_at=now)
        for topic, count in people.items()
        if count > 0
    ]
    if words.strip():
        if others < 1:
            raise Invalid("Hãy ghi số người có nhu cầu này.", field="others")
        rows.append(Need(provider=provider, year=year, unit=unit, words=words.strip(), people=others, noted_at=now))
    if not rows:
        raise Invalid("Hãy ghi số người ở ít nhất một chủ đề.")
    for row in rows:
        row.full_clean()
    made = Need.objects.bulk_create(rows)
    told = sum(row.people for row in rows)
    trail.record(by=by, deed="learning.need.note", what=provider, changes={"needs": [None, told]})
    return made


@transaction.atomic
def drop_need(*, by: User, need: Need) -> None:
    """Take back a need that was noted wrongly. Raises: Refused, Missing."""
    access.require(by, Permission.YEAR_PLAN_MAKE, at=need.provider.unit)
    trail.record(by=by, deed="learning.need.drop", what=need.provider, changes={"needs": [need.people, None]})
    need.delete()


def _open(by: User, plan: YearPlan) -> YearPlan:
    """The plan, locked, when it may still be changed by `by`. Raises: Refused, Missing, Conflict."""
    plan = YearPlan.objects.select_for_update(of=("self",)).select_related("provider__unit").get(pk=plan.pk)
    access.require(by, Permission.YEAR_PLAN_MAKE, at=plan.provider.unit)
    if plan.state not in OPEN:
        raise Conflict("Kế hoạch đã trình hoặc đã duyệt; hãy rút về hoặc xin mở lại trước khi sửa.")
    return plan
