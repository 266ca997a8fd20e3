"""What is done with one report: filled, handed in, returned, approved, locked; its figures go to the register.

A report of a unit with nobody beneath it states facts; they reach the totals when it is handed in. What a unit with
others beneath it writes beside a total stays in its own report.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.registers.indicators import services as indicators
from hieuhoc.registers.indicators.services import Stated
from hieuhoc.reports import access, collect, rules, selectors, states
from hieuhoc.reports.models import Comment, Figure, Narrative, Submission

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User

LONGEST_REASON = 500


@dataclass(frozen=True)
class Given:
    """A figure as a person gives it, in whole numbers of what is counted; None takes it back."""

    value: int | None
    reason: str = ""


@dataclass(frozen=True)
class Saved:
    """What saving a report came to: the report as it is now, and what its checks say."""

    submission: Submission
    findings: tuple[rules.Finding, ...]


def source_of(submission: Submission) -> str:
    """How the register of indicators names this report."""
    return f"reports.submission:{submission.pk}"


@transaction.atomic
def fill(
    *,
    by: User,
    submission: Submission,
    figures: Mapping[str, Given],
    narratives: Mapping[str, str] | None = None,
    edition: int,
    checked: bool = True,
) -> Saved:
    """Keep what somebody typed, faults and all; nothing reaches the totals before the report is handed in.

    `edition` is that of the report which the person saw. Not `checked`, the checks are left for whoever opens the
    report: where many are filled at once nobody reads them.

    Raises: Refused, Missing; Conflict when somebody else has saved since, or the report is handed in; Invalid (the
        field is the key of the cell) for a cell that takes no figure, or a reason or text that is too long.
    """
    submission = _locked(submission)
    access.require_deed(by, submission, "fill")
    _require_open(submission)
    states.SUBMISSION.after("fill", state=submission.state)
    if edition != submission.edition:
        raise Conflict("Người khác vừa lưu báo cáo này. Hãy xem lại phần của họ rồi lưu lần nữa.")
    asked = selectors.asked_in(submission.round)
    changed = _put_figures(submission, asked, figures)
    changed += _put_words(submission, asked.layout, narratives or {})
    if changed or submission.state != "draft":
        submission.edition += 1
        submission.save(update_fields=["edition"])
        changes = {"figures": ["", ", ".join(changed)[:500]]} if changed else {}
        trail.move(by=by, row=submission, machine=states.SUBMISSION, deed="fill", changes=changes)
    return Saved(submission, tuple(selectors.findings(submission)) if checked else ())


def _put_figures(submission: Submission, asked: selectors.Asked, figures: Mapping[str, Given]) -> list[str]:
    cells = {cell.key: cell for cell in asked.layout.cells}
    numbers = selectors.numbers_of_indicators(asked.layout.codes)
    kept = {figure.key: figure for figure in submission.figures.all()}
    codes = {cells[key].indicator for key in figures if key in cells}
    taking = {code: selectors.takes_figure(asked.known[code], submission) for code in codes}
    changed: dict[str, Figure] = {}
    for key, given in figures.items():
        cell = cells.get(key)
        if cell is None or not taking[cell.indicator]:
            raise Invalid("Ô này không nhận số liệu.", field=key)
        reason = given.reason.strip()
        if len(reason) > LONGEST_REASON:
            raise Invalid("Lý do dài quá {most} chữ.", field=key, most=LONGEST_REASON)
        figure = kept.get(key)
        if (given.value, reason) == ((figure.stated, figure.reason) if figure else (None, "")):
            continue
        changed[key] = Figure(
            submission=submission,
            key=key,
            indicator_id=numbers[cell.indicator],
            by=cell.by,
            stated=given.value,
            reason=reason if given.value is not None else "",
        )
    # In few statements: a workbook may fill a thousand cells at once.
    Figure.objects.bulk_create(
        changed.values(),
        batch_size=500,
        update_conflicts=True,
        unique_fields=["submission", "key"],
        update_fields=["indicator", "by", "stated", "reason"],
    )
    return list(changed)


def _put_words(submission: Submission, layout: rules.Layout, narratives: Mapping[str, str]) -> list[str]:
    blocks = {block.key: block for block in layout.blocks if block.is_worded}
    kept = {one.key: one.text for one in submission.narratives.all()}
    changed = []
    for key, text in narratives.items():
        block = blocks.get(key)
        if block is None:
            raise Invalid("Phần này không nhận lời văn.", field=key)
        if block.type == "choice" and text and text not in dict(block.options):
            raise Invalid("Hãy chọn một mục trong danh sách.", field=key)
        if len(text) > block.most:
            raise Invalid("Phần này dài quá {most} chữ.", field=key, most=block.most)
        if text != kept.get(key, ""):
            Narrative.objects.update_or_create(submission=submission, key=key, defaults={"text": text})
            changed.append(key)
    return changed


def submit(*, by: User, submission: Submission) -> Submission:
    """Hand a report in: its figures reach the totals, as provisional ones. What the house counts is counted anew first.

    Raises: Refused, Missing; Conflict; Invalid when a check finds an error, with the first one's words and cell.
    """
    access.require_deed(by, submission, "submit")
    asked = selectors.asked_in(submission.round)
    if any(asked.known[code].fact for code in asked.layout.codes):
        names = {one.fact for one in asked.known.values() if one.fact}
        collect.collect(submission.round.period.period, names=names)  # on its own: it holds other rows than the report
    return _hand_in(by, submission)


@transaction.atomic
def _hand_in(by: User, submission: Submission) -> Submission:
    submission = _locked(submission)
    access.require_deed(by, submission, "submit")
    _require_open(submission)
    faults = [one for one in selectors.findings(submission, to_submit=True) if one.is_error]
    if faults:
        first = faults[0]
        raise Invalid(
            "Chưa nộp được, còn {count} lỗi. {first}",
            field=first.keys[0] if first.keys else "",
            count=len(faults),
            first=first.error,
        )
    _state_facts(by, submission)
    _take_copy(submission)
    submission.submitted_at, submission.submitted_by = clock.now(), by
    submission.edition += 1
    submission.save(update_fields=["submitted_at", "submitted_by", "edition"])
    trail.move(by=by, row=submission, machine=states.SUBMISSION, deed="submit")
    return submission


def _state_facts(by: User, submission: Submission) -> None:
    """The figures of a unit with nobody beneath it into the register; what is no longer given is taken back."""
    own = [one for one in selectors.standing_figures(submission) if one.is_own]
    # What another report has stated stays its own, unless this one says something itself.
    told = [
        Stated(one.cell.indicator, one.stated, one.cell.by, one.reason)
        for one in own
        if one.stated is not None or not one.elsewhere
    ]
    if not told:
        return
    period = submission.round.period.period
    indicators.state_figures(
        by=by, unit=submission.unit, period=period, figures=told, source=source_of(submission), is_approved=False
    )


def _take_copy(submission: Submission) -> None:
    """What stood in every cell when the report was handed in."""
    standing = selectors.standing_figures(submission)
    numbers = selectors.numbers_of_indicators({one.cell.indicator for one in standing})
    kept = {figure.key: figure for figure in submission.figures.all()}
    fresh: list[Figure] = []
    old: list[Figure] = []
    for shown in standing:
        figure = kept.get(shown.cell.key) or Figure(submission=submission, key=shown.cell.key)
        figure.indicator_id, figure.by = numbers[shown.cell.indicator], shown.cell.by
        value = shown.value.value
        figure.shown, figure.shown_of = (value.numerator, value.denominator) if value is not None else (None, None)
        figure.reported, figure.expected = shown.value.reported, shown.value.expected
        (old if figure.pk else fresh).append(figure)
    columns = ["indicator", "by", "shown", "shown_of", "reported", "expected"]
    Figure.objects.bulk_create(fresh, batch_size=500)
    Figure.objects.bulk_update(old, columns, batch_size=200)


@transaction.atomic
@trail.gathered()
def withdraw(*, by: User, submission: Submission) -> Submission:
    """Take a report back before it is reviewed: its figures leave the totals. Raises: Refused, Missing, Conflict."""
    submission = _locked(submission)
    access.require_deed(by, submission, "withdraw")
    _require_open(submission)
    _require_standing(submission)
    trail.move(by=by, row=submission, machine=states.SUBMISSION, deed="withdraw")
    indicators.withdraw_figures(
        by=by, unit=submission.unit, period=submission.round.period.period, source=source_of(submission)
    )
    return submission


@transaction.atomic
@trail.gathered()
def send_back(*, by: User, submission: Submission, why: str, comments: Mapping[str, str] | None = None) -> Submission:
    """Return a report to be mended, with words on single cells; its figures stay in the totals, as provisional ones.

    Raises: Refused, Missing; Conflict, also when nobody could mend it any more; Invalid without a reason.
    """
    submission = _locked(submission)
    access.require_deed(by, submission, "return")
    _require_open(submission)
    _require_standing(submission)
    was_approved = submission.state == "approved"
    now = clock.now()
    trail.move(by=by, row=submission, machine=states.SUBMISSION, deed="return", why=why)
    submission.returned_at, submission.returned_by, submission.returned_why = now, by, why.strip()
    submission.save(update_fields=["returned_at", "returned_by", "returned_why"])
    for key, text in (comments or {}).items():
        _comment(by, submission, key, text)
    if was_approved:
        _mark(by, submission, is_approved=False)
    return submission


@transaction.atomic
@trail.gathered()
def approve(*, by: User, submission: Submission) -> Submission:
    """Agree to a report: its figures are approved. Raises: Refused, Missing, Conflict."""
    submission = _locked(submission)
    access.require_deed(by, submission, "approve")
    trail.move(by=by, row=submission, machine=states.SUBMISSION, deed="approve")
    submission.approved_at, submission.approved_by = clock.now(), by
    submission.save(update_fields=["approved_at", "approved_by"])
    _mark(by, submission, is_approved=True)
    return submission


def approve_several(*, by: User, submissions: Iterable[Submission]) -> tuple[int, list[tuple[Submission, Invalid]]]:
    """Agree to several reports; how many were, and which were not, with the reason."""
    done, passed = 0, []
    for one in submissions:
        try:
            approve(by=by, submission=one)
            done += 1
        except Conflict as error:
            passed.append((one, Invalid("{why}", why=error)))
    return done, passed


def _mark(by: User, submission: Submission, *, is_approved: bool) -> None:
    if not rules.stands_to_the_end(submission.unit, submission.round.period.period):
        return  # its figures are in no total: the heir reports for the whole period
    asked = selectors.asked_in(submission.round)
    cells = asked.layout.cells
    codes = {cell.indicator for cell in cells if selectors.is_own(asked.known[cell.indicator], submission)}
    if codes:
        period = submission.round.period.period
        indicators.approve_figures(by=by, unit=submission.unit, period=period, codes=codes, is_approved=is_approved)


@transaction.atomic
def lock(*, by: User, submission: Submission) -> Submission:
    """Let an approved report be changed no more. Raises: Refused, Missing, Conflict."""
    return _move(by, submission, "lock")


@transaction.atomic
def unlock(*, by: User, submission: Submission, why: str) -> Submission:
    """Let a locked report be returned again. Raises: Refused, Missing, Conflict; Invalid without a reason."""
    return _move(by, submission, "unlock", why)


@transaction.atomic
def excuse(*, by: User, submission: Submission, why: str) -> Submission:
    """Ask a unit for no report in this round. Raises: Refused, Missing, Conflict; Invalid without a reason."""
    return _move(by, submission, "excuse", why)


@transaction.atomic
def ask_again(*, by: User, submission: Submission, why: str) -> Submission:
    """Ask for a report after all. Raises: Refused, Missing, Conflict; Invalid without a reason."""
    _require_standing(submission)
    return _move(by, submission, "ask_again", why)


def _move(by: User, submission: Submission, deed: str, why: str = "") -> Submission:
    submission = _locked(submission)
    access.require_deed(by, submission, deed)
    trail.move(by=by, row=submission, machine=states.SUBMISSION, deed=deed, why=why)
    return submission


@transaction.atomic
def extend(*, by: User, submission: Submission, to: date, why: str) -> Submission:
    """Give a unit more time. Raises: Refused, Missing; Conflict when nothing is owed; Invalid (`to`, `why`)."""
    submission = _locked(submission)
    access.require_deed(by, submission, "extend")
    if submission.state not in states.OWED:
        raise Conflict("Báo cáo này đã nộp, không cần gia hạn.")
    if not why.strip():
        raise Invalid("Hãy ghi lý do.", field="why")
    if to <= submission.deadline:
        raise Invalid("Hạn mới phải sau hạn đang có.", field="to")
    before = submission.deadline
    submission.extended_to, submission.extended_why = to, why.strip()
    submission.save(update_fields=["extended_to", "extended_why"])
    changes = {"extended_to": [before.isoformat(), to.isoformat()]}
    trail.record(by=by, deed="reports.submission.extend", what=submission, why=why.strip(), changes=changes)
    return submission


@transaction.atomic
def comment(*, by: User, submission: Submission, key: str, text: str) -> Comment:
    """Write a word on a cell, or on the whole report where `key` is empty. Raises: Refused, Missing; Invalid."""
    submission = _locked(submission)
    access.require_deed(by, submission, "comment")
    return _comment(by, submission, key, text)


def _comment(by: User, submission: Submission, key: str, text: str) -> Comment:
    if not text.strip():
        raise Invalid("Hãy ghi ý kiến.", field="text")
    layout = selectors.asked_in(submission.round).layout
    known = {cell.key for cell in layout.cells} | {block.key for block in layout.blocks}
    if key and key not in known:
        raise Invalid("Ô này không có trong biểu mẫu.", field="text")
    made = Comment.objects.create(submission=submission, key=key, text=text.strip(), author=by, at=clock.now())
    trail.record(by=by, deed="reports.submission.comment", what=submission, why=text.strip()[:500])
    return made


@transaction.atomic
def settle_comment(*, by: User, comment: Comment) -> Comment:
    """Mark a word as dealt with. Raises: Refused, Missing."""
    submission = _locked(comment.submission)
    access.require_deed(by, submission, "comment")
    Comment.objects.filter(pk=comment.pk, settled_at__isnull=True).update(settled_at=clock.now())
    comment.refresh_from_db()
    return comment


@transaction.atomic
def note_paper(*, by: User, submission: Submission, paper: Mapping[str, str]) -> Submission:
    """Keep what the official paper of a report needs beside its figures: number, day, signer. Raises: Refused."""
    submission = _locked(submission)
    access.require_deed(by, submission, "comment")
    before, submission.paper = submission.paper, dict(paper)
    submission.save(update_fields=["paper"])
    if before != submission.paper:
        trail.record(by=by, deed="reports.submission.note_paper", what=submission)
    return submission


def _require_open(submission: Submission) -> None:
    if submission.round.state != "open":
        raise Conflict("Đợt báo cáo này đã khép hoặc đã hủy.")


def _require_standing(submission: Submission) -> None:
    """That the report could be handed in once more if it were taken back."""
    if (why := selectors.why_final(submission)) is not None:
        raise why


def _locked(submission: Submission) -> Submission:
    """The report, held against other writers, with all that is asked of it."""
    rows = Submission.objects.select_for_update(of=("self",)).select_related(
        "unit__parent", "round__kind__root", "round__kind__recipient", "round__period", "round__version__form"
    )
    found: Submission = rows.get(pk=submission.pk)
    return found
