"""An assignment's way: given, accepted, reported on, finished, confirmed, returned, handed over, cancelled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from hieuhoc.foundation.outbox import services as outbox
from hieuhoc.foundation.records import attachments, clock, trail
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.kernel.terms import Term
from hieuhoc.programme.plans import access, rules, states
from hieuhoc.programme.plans.models import Assignment, Comment, Evidence, Progress, Task, TaskAgency
from hieuhoc.programme.plans.services.letters import letter_about
from hieuhoc.registers.accounts.access import people_near
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit


def _locked(assignment: Assignment, *, seen: str | None = None) -> Assignment:
    """The assignment read again under a lock.

    Raises: Conflict, naming who was quicker, when it is no longer in the state that was seen.
    """
    # Locked before it is joined: PostgreSQL drops a row whose joined key changed while it waited for the lock.
    Assignment.objects.select_for_update().get(pk=assignment.pk)
    fresh = Assignment.objects.select_related("plan", "plan__issuer", "plan__lead", "task", "unit").get(
        pk=assignment.pk
    )
    if seen is not None and fresh.state != seen:
        last = trail.history(fresh).filter(changes__has_key="state").first()
        who = f"{last.actor_name} ({timezone.localtime(last.at):%H:%M %d/%m/%Y})" if last else Term("Người khác")
        raise Conflict(
            "{who} đã xử lý việc này trước bạn một bước: việc đang ở trạng thái “{state}”.",
            who=who,
            state=Term(states.ASSIGNMENT.states[fresh.state]),
        )
    return fresh


def _require_running(assignment: Assignment) -> None:
    if assignment.plan.state != "issued":
        raise Conflict("Kế hoạch này đã kết thúc nên việc không còn cập nhật được.")


def _require_not_ended(assignment: Assignment) -> None:
    if assignment.state in states.ENDED:
        raise Conflict(
            "Việc này đã kết thúc (trạng thái “{state}”) nên không còn thay đổi được.",
            state=Term(states.ASSIGNMENT.states[assignment.state]),
        )


def _require_in_force(unit: Unit, *, on: date) -> None:
    if not unit.holds_on(on):
        raise Invalid("{unit} không còn hoạt động; hãy chọn cơ quan khác.", field="unit", unit=unit.name)


@transaction.atomic
def assign_task(*, by: User, task: Task, unit: Unit, due_on: date | None = None) -> list[Assignment]:
    """Give a task of a running plan to one more lead agency (or to every member of a group).

    Raises: Refused, Missing; Conflict when the agency already holds it; Invalid for a due date before the document,
        or an agency that is no more.
    """
    access.require_on_plan(by, task.plan, allowed=access.may_follow(by, task.plan))
    if task.plan.state != "issued" or task.state == "dismissed":
        raise Conflict("Chỉ giao được nhiệm vụ của kế hoạch đang thực hiện.")
    _require_in_force(unit, on=clock.today())
    rules.check_due(due_on=due_on, issued_on=task.plan.issued_on)
    holders = places.holders(unit, on=clock.today())
    held = set(task.assignments.filter(unit__in=holders).values_list("unit_id", flat=True))
    if not (wanted := [holder for holder in holders if holder.pk not in held]):
        raise Conflict("{unit} đã được giao nhiệm vụ này.", unit=unit.name)
    if not task.agencies.filter(role=TaskAgency.LEAD, unit=unit).exists():
        TaskAgency.objects.create(
            task=task, role=TaskAgency.LEAD, name=unit.name, unit=unit, position=task.agencies.count()
        )
    return open_assignments(by=by, task=task, holders=wanted, group=unit, due_on=due_on)


def open_assignments(
    *, by: trail.Actor, task: Task, holders: Sequence[Unit], group: Unit, due_on: date | None = None
) -> list[Assignment]:
    """Write one assignment for each holder, with its first line of history. The caller has asked who may."""
    now = clock.now()
    period = rules.occurrence(task.recurrence, on=now.date())
    opened = Assignment.objects.bulk_create(
        Assignment(
            plan=task.plan,
            task=task,
            unit=holder,
            group=group if group.pk != holder.pk else None,
            period=period.code if period else "",
            due_on=due_on or rules.due_of_occurrence(period, deadline=task.due_on),
            assigned_at=now,
        )
        for holder in holders
    )
    trail.record_many(by=by, deeds=[trail.Deed("plans.assignment.assign", one) for one in opened])
    return opened


@transaction.atomic
def accept_assignment(*, by: User, assignment: Assignment, seen: str | None = None) -> Assignment:
    """Say that the agency has taken the work on. Raises: Refused, Missing, Conflict."""
    assignment = _locked(assignment, seen=seen)
    access.require_on_assignment(by, assignment, allowed=access.may_report(by, assignment))
    _require_running(assignment)
    trail.move(by=by, row=assignment, machine=states.ASSIGNMENT, deed="accept")
    return assignment


@transaction.atomic
def accept_several(*, by: User, assignments: Sequence[Assignment]) -> tuple[int, int]:
    """Take on several pieces of work at once. Raises: Refused, Missing; Invalid when none is chosen.

    Units: how many were taken on, and how many were passed over because they are no longer new.
    """
    return _several(by, assignments, "accept", accept_assignment, seen=states.ASSIGNMENT.start)


@transaction.atomic
def confirm_several(*, by: User, assignments: Sequence[Assignment]) -> tuple[int, int]:
    """Confirm several pieces of finished work at once. Raises: Refused, Missing; Invalid when none is chosen.

    Units: how many were confirmed, and how many were passed over because they no longer wait for it.
    """
    return _several(by, assignments, "confirm", confirm_assignment, seen="done")


def _several(
    by: User, assignments: Sequence[Assignment], deed: str, do: Callable[..., Assignment], *, seen: str
) -> tuple[int, int]:
    if not assignments:
        raise Invalid("Chưa chọn việc nào.", field="assignments")
    for assignment in assignments:
        access.require_deed(by, assignment, deed)
    done = 0
    for assignment in assignments:
        # One that somebody else moved a moment ago stops none of the others.
        try:
            with transaction.atomic():
                do(by=by, assignment=assignment, seen=seen)
        except Conflict:
            continue
        done += 1
    return done, len(assignments) - done


@transaction.atomic
def report_progress(
    *, by: User, assignment: Assignment, percent: int, note: str, is_done: bool = False, seen: str | None = None
) -> Progress:
    """Record how far the agency has come; with `is_done` also that it has finished and waits to be confirmed.

    Units: percent of the task done, 0–100; finishing counts as 100.
    Raises: Refused, Missing, Conflict; Invalid when progress would run backwards without a note.
    """
    assignment = _locked(assignment, seen=seen)
    access.require_on_assignment(by, assignment, allowed=access.may_report(by, assignment))
    _require_running(assignment)
    percent = 100 if is_done else percent
    rules.check_progress(last=assignment.percent, new=percent, note=note)
    if is_done and not note.strip() and not assignment.note:
        raise Invalid("Hãy ghi kết quả đã làm được trước khi báo hoàn thành.", field="note")
    now = clock.now()
    before = assignment.percent
    progress = Progress.objects.create(assignment=assignment, percent=percent, note=note.strip(), by=by, at=now)
    assignment.percent, assignment.reported_at = percent, now
    assignment.note = note.strip() or assignment.note
    assignment.save(update_fields=["percent", "note", "reported_at"])
    trail.move(
        by=by,
        row=assignment,
        machine=states.ASSIGNMENT,
        deed="complete" if is_done else "report",
        why=note,
        changes={"percent": [before, percent]},
    )
    return progress


@transaction.atomic
def withdraw_completion(*, by: User, assignment: Assignment, seen: str | None = None) -> Assignment:
    """Take back the word that it is finished, while nobody has confirmed it. Raises: Refused, Missing, Conflict."""
    assignment = _locked(assignment, seen=seen)
    access.require_on_assignment(by, assignment, allowed=access.may_report(by, assignment))
    _require_running(assignment)
    trail.move(by=by, row=assignment, machine=states.ASSIGNMENT, deed="withdraw")
    return assignment


@transaction.atomic
def confirm_assignment(*, by: User, assignment: Assignment, why: str = "", seen: str | None = None) -> Assignment:
    """Confirm that the work is finished. Raises: Refused, Missing, Conflict."""
    return _follow(by=by, assignment=assignment, deed="confirm", why=why, seen=seen, ends=True)


@transaction.atomic
def return_assignment(*, by: User, assignment: Assignment, why: str, seen: str | None = None) -> Assignment:
    """Send finished work back, with what is missing. Raises: Refused, Missing, Conflict; Invalid without a reason."""
    returned = _follow(by=by, assignment=assignment, deed="return", why=why, seen=seen)
    for person in people_near(Permission.TASK_REPORT, units=[returned.unit])[returned.unit_id]:
        outbox.post(
            to=person.email,
            subject=f"Bị trả lại: {returned.task.text[:80]}",
            body=letter_about(returned, opening=f"{by.actor_name} đã trả lại việc này, lý do: {why}"),
        )
    return returned


@transaction.atomic
def cancel_assignment(*, by: User, assignment: Assignment, why: str, seen: str | None = None) -> Assignment:
    """Free the agency of the work. Raises: Refused, Missing, Conflict; Invalid without a reason."""
    return _follow(by=by, assignment=assignment, deed="cancel", why=why, seen=seen, ends=True)


@transaction.atomic
def reinstate_assignment(*, by: User, assignment: Assignment, why: str, seen: str | None = None) -> Assignment:
    """Give cancelled work back to its agency. Raises: Refused, Missing, Conflict; Invalid without a reason."""
    return _follow(by=by, assignment=assignment, deed="reinstate", why=why, seen=seen)


def _follow(
    *, by: User, assignment: Assignment, deed: str, why: str, seen: str | None, ends: bool = False
) -> Assignment:
    """A deed of whoever follows the plan."""
    assignment = _locked(assignment, seen=seen)
    access.require_on_assignment(by, assignment, allowed=access.may_follow(by, assignment.plan))
    _require_running(assignment)
    trail.move(by=by, row=assignment, machine=states.ASSIGNMENT, deed=deed, why=why)
    assignment.ended_at = clock.now() if ends else None
    assignment.save(update_fields=["ended_at"])
    return assignment


@transaction.atomic
def set_due(*, by: User, assignment: Assignment, due_on: date | None, why: str) -> Assignment:
    """Set or move the due date of one agency's work.

    Raises: Refused, Missing; Conflict when the work has ended; Invalid without a reason or for a date before the
        document's.
    """
    assignment = _locked(assignment)
    access.require_on_assignment(by, assignment, allowed=access.may_follow(by, assignment.plan))
    _require_running(assignment)
    _require_not_ended(assignment)
    rules.check_due(due_on=due_on, issued_on=assignment.plan.issued_on)
    if not why.strip():
        raise Invalid("Hãy ghi lý do đặt hoặc đổi hạn.", field="why")
    before, assignment.due_on = assignment.due_on, due_on
    assignment.save(update_fields=["due_on"])
    changes = {"due_on": [before and before.isoformat(), due_on and due_on.isoformat()]}
    trail.record(by=by, deed="plans.assignment.set_due", what=assignment, why=why, changes=changes)
    return assignment


@transaction.atomic
def hand_over(*, by: User, assignment: Assignment, to: Unit, why: str, seen: str | None = None) -> Assignment:
    """Pass the work on to another agency, which begins where this one stopped.

    Whoever follows the plan passes it to any agency; the agency itself only to those beneath it.
    Raises: Refused, Missing; Conflict when the other agency already holds it; Invalid without a reason, or (field
        `unit`) to a group, to an agency that is no more, or to one out of reach.
    """
    assignment = _locked(assignment, seen=seen)
    access.require_on_assignment(by, assignment, allowed=access.may_hand_over(by, assignment))
    _require_running(assignment)
    if to.level == "group":
        raise Invalid("Chỉ chuyển được cho một cơ quan cụ thể, không chuyển cho cả nhóm.", field="unit")
    if to.pk == assignment.unit_id:
        raise Invalid("Cơ quan này đang giữ việc; hãy chọn cơ quan khác.", field="unit")
    _require_in_force(to, on=clock.today())
    if not access.may_pass_to(by, assignment, to=to):
        raise Invalid(
            "Bạn chỉ chuyển được việc cho đơn vị cấp dưới của mình. Muốn chuyển cho cơ quan khác, hãy đề nghị cơ quan "
            "đầu mối của kế hoạch.",
            field="unit",
        )
    if Assignment.objects.filter(task=assignment.task_id, unit=to, period=assignment.period).exists():
        raise Conflict("{unit} đã được giao nhiệm vụ này.", unit=to.name)
    before = assignment.unit
    assignment.unit = to
    assignment.save(update_fields=["unit"])
    trail.move(
        by=by,
        row=assignment,
        machine=states.ASSIGNMENT,
        deed="hand_over",
        why=why,
        changes={"unit": [before.name, to.name]},
    )
    for person in people_near(Permission.TASK_REPORT, units=[to])[to.pk]:
        outbox.post(
            to=person.email,
            subject=f"Được chuyển việc: {assignment.task.text[:80]}",
            body=letter_about(assignment, opening=f"{before.name} đã chuyển việc này cho {to.name}, lý do: {why}"),
        )
    return assignment


@transaction.atomic
def add_evidence(
    *, by: User, assignment: Assignment, title: str = "", content: bytes | None = None, name: str = "", link: str = ""
) -> Evidence:
    """Add a file or an address that shows what was done.

    Raises: Refused, Missing, Conflict; Invalid (field `file` or `link`) for neither, both, or what is not accepted.
    """
    assignment = _locked(assignment)
    access.require_on_assignment(by, assignment, allowed=access.may_report(by, assignment))
    _require_running(assignment)
    _require_not_ended(assignment)
    if bool(content) == bool(link):
        raise Invalid("Hãy chọn một tệp, hoặc ghi một địa chỉ (chỉ một trong hai).", field="file")
    if link and urlsplit(link).scheme not in {"http", "https"}:
        raise Invalid("Địa chỉ phải bắt đầu bằng http:// hoặc https://.", field="link")
    file = attachments.keep(content=content, name=name) if content else None
    evidence = Evidence.objects.create(
        assignment=assignment,
        title=(title.strip() or (file.name if file else link))[:250],
        file=file,
        link=link,
        by=by,
        at=clock.now(),
    )
    trail.record(by=by, deed="plans.evidence.add", what=assignment, changes={"evidence": [None, evidence.title]})
    return evidence


@transaction.atomic
def remove_evidence(*, by: User, evidence: Evidence) -> Evidence:
    """Take a piece of evidence away; it stays in the record. Raises: Refused, Missing, Conflict."""
    assignment = _locked(evidence.assignment)
    access.require_on_assignment(by, assignment, allowed=access.may_report(by, assignment))
    _require_running(assignment)
    _require_not_ended(assignment)
    if not Evidence.objects.filter(pk=evidence.pk, removed_at=None).update(removed_at=clock.now()):
        raise Conflict("Minh chứng này đã được gỡ trước đó.")
    evidence.refresh_from_db(fields=["removed_at"])
    trail.record(by=by, deed="plans.evidence.remove", what=assignment, changes={"evidence": [evidence.title, None]})
    return evidence


@transaction.atomic
def restore_evidence(*, by: User, evidence: Evidence) -> Evidence:
    """Put back a piece of evidence that was taken away. Raises: Refused, Missing, Conflict."""
    assignment = _locked(evidence.assignment)
    access.require_on_assignment(by, assignment, allowed=access.may_report(by, assignment))
    _require_running(assignment)
    _require_not_ended(assignment)
    if not Evidence.objects.filter(pk=evidence.pk, removed_at__isnull=False).update(removed_at=None):
        raise Conflict("Minh chứng này đang có, không phải lấy lại.")
    evidence.removed_at = None
    trail.record(by=by, deed="plans.evidence.restore", what=assignment, changes={"evidence": [None, evidence.title]})
    return evidence


@transaction.atomic
def add_comment(*, by: User, assignment: Assignment, text: str) -> Comment:
    """Write a word on an assignment. Raises: Refused, Missing, Conflict; Invalid when it is empty."""
    assignment = _locked(assignment)
    access.require_on_assignment(by, assignment, allowed=access.may_comment(by, assignment))
    _require_running(assignment)
    if not text.strip():
        raise Invalid("Hãy ghi ý kiến.", field="text")
    comment = Comment.objects.create(assignment=assignment, text=text.strip(), by=by, at=clock.now())
    trail.record(by=by, deed="plans.comment.add", what=assignment)
    return comment
