"""From a reading to a running plan: the draft is written whole, its header corrected, then issued or discarded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from hieuhoc.foundation.outbox import services as outbox
from hieuhoc.foundation.records import clock, trail
from hieuhoc.foundation.records.models import Attachment
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.kernel.terms import Term
from hieuhoc.kernel.vietnamese import fold, squeeze
from hieuhoc.programme.plans import access, rules, states
from hieuhoc.programme.plans.models import Assignment, Plan, Reading, Section, Task, TaskAgency
from hieuhoc.registers.accounts.access import people_near
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit


@dataclass(frozen=True)
class Header:
    """What stands at the head and the foot of an official document."""

    subject: str
    kind: str = "Kế hoạch"
    number: str = ""
    issued_on: date | None = None
    place: str = ""
    issuer_name: str = ""
    signer_name: str = ""
    signer_post: str = ""


TAKEN_IN_BEFORE = Term("Văn bản này đã được đưa vào trước đây: {plan} (trạng thái “{state}”).")


class TakenInBefore(Conflict):
    """This very document is in the house already; `plan` is what became of it."""

    def __init__(self, plan: Plan) -> None:
        state = Term(states.PLAN.states[plan.state])
        super().__init__(TAKEN_IN_BEFORE, plan=plan, state=state)
        self.plan = plan


@dataclass(frozen=True)
class ProposedSection:
    """A heading as it was read. Units: lines of the text, 1-based."""

    path: str
    number: str
    heading: str
    level: int
    first_line: int
    last_line: int


@dataclass(frozen=True)
class ProposedTask:
    """A task as it was read, with its agencies linked to the register where the link is sure."""

    section: str
    text: str
    first_line: int
    last_line: int
    leads: Sequence[tuple[str, Unit | None]] = ()
    coordinators: Sequence[tuple[str, Unit | None]] = ()
    values: Mapping[str, Any] = field(default_factory=dict)  # other columns of Task


@dataclass(frozen=True)
class ProposedPlan:
    """A whole document as it was read."""

    header: Header
    lines: Sequence[str]
    text_digest: str
    sections: Sequence[ProposedSection]
    tasks: Sequence[ProposedTask]
    kept: Mapping[str, Any] = field(default_factory=dict)  # bases, references, recipients, targets, notes


@transaction.atomic
def write_draft(*, by: User, issuer: Unit, file: Attachment, proposed: ProposedPlan, above: Plan | None = None) -> Plan:
    """Write a reading down as a draft for a person to correct: the whole of it or, when anything fails, nothing.

    Raises: Refused, Missing; TakenInBefore when this document was taken in before.
    """
    access.require_taking_in(by, at=issuer)
    header = proposed.header
    plan = Plan(
        kind=header.kind,
        number=header.number,
        subject=header.subject,
        issued_on=header.issued_on,
        place=header.place,
        issuer_name=header.issuer_name,
        issuer=issuer,
        signer_name=header.signer_name,
        signer_post=header.signer_post,
        above=above,
        file=file,
        text_digest=proposed.text_digest,
        folded=fold(f"{header.number} {header.subject} {issuer.name}"),
        taken_in_at=clock.now(),
    )
    with _one_of_its_kind(plan):
        plan.save()
    Reading.objects.create(plan=plan, lines=list(proposed.lines), **proposed.kept)
    sections = _write_sections(plan, proposed.sections)
    _write_tasks(plan, proposed.tasks, sections)
    trail.record(by=by, deed="plans.plan.take_in", what=plan, changes={"tasks": [None, len(proposed.tasks)]})
    return plan


@contextmanager
def _one_of_its_kind(plan: Plan) -> Iterator[None]:
    """Lets a plan into the house unless the same document is there. Raises: TakenInBefore.

    Of two people who take a document in at once, the database lets one through.
    """
    kept = Plan.objects.filter(text_digest=plan.text_digest, issuer=plan.issuer_id).exclude(state="discarded")
    same = kept.exclude(pk=plan.pk)
    if (before := same.first()) is not None:
        raise TakenInBefore(before)
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if (before := same.first()) is not None:
            raise TakenInBefore(before) from error
        raise


def _write_sections(plan: Plan, proposed: Sequence[ProposedSection]) -> dict[str, Section]:
    made = Section.objects.bulk_create(
        [
            Section(
                plan=plan,
                path=one.path[:60],
                number=one.number[:20],
                heading=one.heading,
                level=one.level,
                position=place,
                first_line=one.first_line,
                last_line=one.last_line,
            )
            for place, one in enumerate(proposed)
        ],
        batch_size=500,
    )
    return {section.path: section for section in made}


def _write_tasks(plan: Plan, proposed: Sequence[ProposedTask], sections: Mapping[str, Section]) -> None:
    counts: dict[str, int] = {}
    rows = []
    for place, one in enumerate(proposed, start=1):
        path = one.section or "0"
        counts[path] = counts.get(path, 0) + 1
        rows.append(
            Task(
                plan=plan,
                section=sections.get(one.section),
                code=f"{path[:60]}#{counts[path]}",
                position=Decimal(place),
                text=one.text,
                folded=fold(one.text),
                first_line=one.first_line,
                last_line=one.last_line,
                **one.values,
            )
        )
    made = Task.objects.bulk_create(rows, batch_size=500)
    TaskAgency.objects.bulk_create(
        [
            TaskAgency(task=task, role=role, name=name[:400], unit=unit, position=place)
            for task, one in zip(made, proposed, strict=True)
            for place, (role, name, unit) in enumerate(
                [(TaskAgency.LEAD, *pair) for pair in one.leads]
                + [(TaskAgency.COORDINATE, *pair) for pair in one.coordinators]
            )
        ],
        batch_size=500,
    )


def header_mark(plan: Plan) -> str:
    """A short mark of a plan's head as it stands, which changes when anything in it changes."""
    head = (
        *(getattr(plan, one) for one in Header.__dataclass_fields__),
        plan.issuer_id,
        plan.lead_id,
        plan.above_id,
    )
    return hashlib.sha256(repr(head).encode()).hexdigest()[:16]


def _locked(plan: Plan) -> Plan:
    # Locked before it is joined: PostgreSQL drops a row whose joined key changed while it waited for the lock.
    Plan.objects.select_for_update().get(pk=plan.pk)
    return Plan.objects.select_related("issuer", "lead").get(pk=plan.pk)


@transaction.atomic
def edit_header(
    *, by: User, plan: Plan, header: Header, issuer: Unit, lead: Unit | None, above: Plan | None = None, seen: str = ""
) -> Plan:
    """Correct the head of a draft.

    `seen` is its `header_mark` as it was shown: of two people who correct at once, the second is told.
    Raises: Refused, Missing, Conflict (TakenInBefore when its new issuer has this document); Invalid (field named).
    """
    plan = _locked(plan)
    access.require_on_plan(by, plan, allowed=access.may_draft(by, plan))
    access.require_taking_in(by, at=issuer)
    if plan.state != "draft":
        raise Conflict("Kế hoạch này không còn là bản đọc nháp.")
    if seen and seen != header_mark(plan):
        raise Conflict("Người khác vừa sửa thông tin văn bản. Nội dung bạn gõ vẫn còn trong các ô bên dưới.")
    if not squeeze(header.subject):
        raise Invalid("Trích yếu không được để trống.", field="subject")
    if above is not None and above.pk == plan.pk:
        raise Invalid("Một kế hoạch không thể thực hiện chính nó.", field="above")
    plan.kind, plan.number, plan.subject = header.kind, squeeze(header.number), squeeze(header.subject)
    plan.issued_on, plan.place, plan.issuer, plan.lead = header.issued_on, header.place, issuer, lead
    plan.issuer_name = squeeze(header.issuer_name)
    plan.signer_name, plan.signer_post, plan.above = header.signer_name, header.signer_post, above
    plan.folded = fold(f"{plan.number} {plan.subject} {issuer.name}")
    with _one_of_its_kind(plan):
        plan.save()
    trail.record(by=by, deed="plans.plan.edit_header", what=plan)
    return plan


@transaction.atomic
def issue_plan(*, by: User, plan: Plan) -> Plan:
    """Confirm a draft: its tasks are given to their lead agencies, groups to each of their members.

    Tasks that name no lead, or one that is not in the register, stay unassigned and can be assigned afterwards.
    Raises: Refused, Missing; Conflict when it is no draft, or its number was used before; Invalid (field named)
        when the lead agency, the number or the date is missing, or no task is left.
    """
    plan = _locked(plan)
    access.require_on_plan(by, plan, allowed=access.may_issue(by, plan))
    # Two drafts under one number wait for each other, so that the second sees the first issued.
    list(Plan.objects.select_for_update().filter(issuer=plan.issuer_id, number__iexact=plan.number).order_by("pk"))
    _check_ready(plan)
    now = clock.now()
    plan.issued_at = now
    plan.save(update_fields=["issued_at"])
    trail.move(by=by, row=plan, machine=states.PLAN, deed="issue")
    opened = _open_all(by, plan)
    _write_to_agencies(plan, opened)
    return plan


def _check_ready(plan: Plan) -> None:
    if plan.state != "draft":
        raise Conflict("Kế hoạch này đã được xác nhận hoặc đã bỏ.")
    if found := hindrances(plan):
        raise found[0]


def hindrances(plan: Plan) -> list[Conflict | Invalid]:
    """What keeps a draft from being issued, as the errors that issuing it would raise; most important first."""
    found: list[Conflict | Invalid] = []
    if plan.lead is None:
        found.append(Invalid("Hãy chọn cơ quan đầu mối theo dõi kế hoạch trước khi xác nhận.", field="lead"))
    if not plan.number:
        found.append(Invalid("Hãy ghi số, ký hiệu của văn bản trước khi xác nhận.", field="number"))
    if plan.issued_on is None:
        found.append(Invalid("Hãy ghi ngày ban hành trước khi xác nhận.", field="issued_on"))
    if plan.number and plan.issued_on and _twins(plan).exists():
        twin = {"number": plan.number, "year": plan.issued_on.year}
        found.append(Conflict("Cơ quan này đã có văn bản số {number} trong năm {year}.", **twin))
    if not plan.tasks.exclude(state="dismissed").exists():
        found.append(Invalid("Kế hoạch chưa có nhiệm vụ nào. Hãy thêm ít nhất một nhiệm vụ."))
    return found


def _twins(plan: Plan) -> QuerySet[Plan]:
    """Other running or ended plans of the same issuer under the same number in the same year."""
    issued = Plan.objects.filter(number__iexact=plan.number, issuer=plan.issuer, state__in=["issued", "closed"])
    return issued.filter(issued_on__year=plan.issued_on.year if plan.issued_on else None).exclude(pk=plan.pk)


def _open_all(by: User, plan: Plan) -> list[Assignment]:
    """One assignment for each lead agency of each task; an agency that a task names twice holds it once."""
    now = clock.now()
    tasks = list(plan.tasks.exclude(state="dismissed").prefetch_related("agencies__unit").order_by("position"))
    leads = {
        task.pk: [one.unit for one in task.agencies.all() if one.role == TaskAgency.LEAD and one.unit] for task in tasks
    }
    holders = places.holders_of({unit.pk: unit for units in leads.values() for unit in units}.values(), on=now.date())
    rows: list[Assignment] = []
    for task in tasks:
        period = rules.occurrence(task.recurrence, on=now.date())
        held = {holder: lead for lead in reversed(leads[task.pk]) for holder in holders[lead.pk]}
        rows.extend(
            Assignment(
                plan=plan,
                task=task,
                unit=holder,
                group=lead if lead.pk != holder.pk else None,
                period=period.code if period else "",
                due_on=rules.due_of_occurrence(period, deadline=task.due_on),
                assigned_at=now,
            )
            for holder, lead in held.items()
        )
    opened = Assignment.objects.bulk_create(rows, batch_size=500)
    trail.record_many(by=by, deeds=[trail.Deed("plans.assignment.assign", one) for one in opened])
    return opened


def _write_to_agencies(plan: Plan, opened: Sequence[Assignment]) -> None:
    """One message to each person who reports for an agency: how many tasks came, and where they lie."""
    counts: dict[int, int] = {}
    units: dict[int, Unit] = {}
    for one in opened:
        counts[one.unit_id] = counts.get(one.unit_id, 0) + 1
        units[one.unit_id] = one.unit
    outbox.post_many(
        outbox.Letter(
            to=person.email,
            subject=f"{units[key].name} được giao {counts[key]} nhiệm vụ: {plan.number}",
            body=f"{plan.kind} số {plan.number}: {plan.subject}\n\n"
            f"{units[key].name} được giao {counts[key]} nhiệm vụ. Xem tại mục “Việc của tôi”.\n",
            key=f"issue:{plan.pk}:{key}:{person.pk}",
        )
        for key, people in people_near(Permission.TASK_REPORT, units=list(units.values())).items()
        for person in people
    )


@transaction.atomic
def discard_draft(*, by: User, plan: Plan) -> Plan:
    """Put a draft aside; it can be taken up again. Raises: Refused, Missing, Conflict."""
    access.require_on_plan(by, plan, allowed=access.may_draft(by, plan))
    trail.move(by=by, row=plan, machine=states.PLAN, deed="discard")
    return plan


@transaction.atomic
def restore_draft(*, by: User, plan: Plan) -> Plan:
    """Take up again a draft that was put aside.

    Raises: Refused, Missing, Conflict; TakenInBefore when the document was taken in anew meanwhile.
    """
    access.require_on_plan(by, plan, allowed=access.may_draft(by, plan))
    with _one_of_its_kind(plan):
        trail.move(by=by, row=plan, machine=states.PLAN, deed="restore")
    return plan


@transaction.atomic
def close_plan(*, by: User, plan: Plan, why: str) -> Plan:
    """End a plan: its work is no longer updated. Raises: Refused, Missing, Conflict; Invalid without a reason."""
    access.require_on_plan(by, plan, allowed=access.may_follow(by, plan))
    trail.move(by=by, row=plan, machine=states.PLAN, deed="close", why=why)
    return plan


@transaction.atomic
def reopen_plan(*, by: User, plan: Plan, why: str) -> Plan:
    """Take up an ended plan again. Raises: Refused, Missing, Conflict; Invalid without a reason."""
    access.require_on_plan(by, plan, allowed=access.may_follow(by, plan))
    trail.move(by=by, row=plan, machine=states.PLAN, deed="reopen", why=why)
    return plan
