"""Who may do what with forms, rounds and submissions: refused (403) when it can be seen, missing (404) when not.

A report is reviewed by whoever may review at the unit above its own; that of the province, which has none above, by
whoever may review at the province and has not handed it in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hieuhoc.kernel.errors import Missing, Refused
from hieuhoc.kernel.terms import Term
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.reports import rules, states
from hieuhoc.reports.models import Form, ReportKind, Submission

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

_REFUSED = Term("Vai trò của bạn không bao gồm thao tác này.")
_MISSING = Term("Không tìm thấy nội dung này trong phạm vi của bạn.")

# Deeds beside the moves of the state machine.
_OF_REVIEWERS = ("return", "approve", "lock", "unlock", "excuse", "ask_again", "extend")
_OF_THE_UNIT = ("fill", "submit", "withdraw")


def may_read(user: User, submission: Submission) -> bool:
    """Whether `user` may see this report."""
    return access.may(user, Permission.REPORT_READ, at=submission.unit)


def may_fill(user: User, submission: Submission) -> bool:
    """Whether `user` fills reports in for this unit."""
    return access.may(user, Permission.REPORT_FILL, at=submission.unit)


def may_submit(user: User, submission: Submission) -> bool:
    """Whether `user` hands reports in for this unit."""
    return access.may(user, Permission.REPORT_SUBMIT, at=submission.unit)


def reviewing_unit(submission: Submission) -> Unit:
    """The unit whose people review a report: that above, or the unit itself at the top."""
    return submission.unit.parent or submission.unit


def may_review(user: User, submission: Submission) -> bool:
    """Whether `user` returns, approves and extends this report."""
    return access.may(user, Permission.REPORT_REVIEW, at=reviewing_unit(submission))


def may_approve(user: User, submission: Submission) -> bool:
    """Whether `user` may agree to this report: nobody agrees to what they handed in themselves."""
    return may_review(user, submission) and submission.submitted_by_id != user.pk


def may_arrange(user: User, what: Form | ReportKind) -> bool:
    """Whether `user` makes forms, kinds and rounds where this one belongs."""
    at = what.owner if isinstance(what, Form) else what.root
    return access.may(user, Permission.REPORT_ARRANGE, at=at)


def may_publish(user: User, kind: ReportKind) -> bool:
    """Whether `user` publishes figures in the whole scope of this kind of report."""
    return access.may(user, Permission.FIGURE_PUBLISH, at=kind.root)


def may_arrange_somewhere(user: User) -> bool:
    """Whether `user` makes forms, kinds and rounds at all."""
    return access.has(user, Permission.REPORT_ARRANGE)


def fills_somewhere(user: User) -> bool:
    """Whether `user` has reports of one's own to fill in."""
    return access.has(user, Permission.REPORT_FILL)


def reviews_somewhere(user: User) -> bool:
    """Whether `user` reviews reports at all."""
    return access.has(user, Permission.REPORT_REVIEW)


def require_reviewing(user: User) -> None:
    """Let the user pass who reviews reports anywhere. Raises: Refused."""
    access.require_somewhere(user, Permission.REPORT_REVIEW)


def require_arranging(user: User) -> None:
    """Let the user pass who makes forms, kinds and rounds anywhere. Raises: Refused."""
    access.require_somewhere(user, Permission.REPORT_ARRANGE)


def require_arranging_at(user: User, unit: Unit) -> None:
    """Let the user pass who makes forms, kinds and rounds for a unit. Raises: Refused, Missing."""
    access.require(user, Permission.REPORT_ARRANGE, at=unit)


def require_arranging_of(user: User, what: Form | ReportKind) -> None:
    """Let the user pass who may change this form or kind. Raises: Refused, Missing."""
    require_arranging_at(user, what.owner if isinstance(what, Form) else what.root)


def require_publishing(user: User, kind: ReportKind) -> None:
    """Let the user pass who may publish figures of this kind. Raises: Refused, Missing."""
    access.require(user, Permission.FIGURE_PUBLISH, at=kind.root)


def _may(user: User, submission: Submission, deed: str) -> bool:
    if deed in _OF_THE_UNIT:
        return may_fill(user, submission) if deed == "fill" else may_submit(user, submission)
    if deed == "approve":
        return may_approve(user, submission)
    if deed in _OF_REVIEWERS:
        return may_review(user, submission)
    if deed == "comment":
        return may_review(user, submission) or may_fill(user, submission)
    return False


def require_deed(user: User, submission: Submission, deed: str) -> None:
    """Raises: Refused when the user's roles do not allow this deed on a report that the user sees; Missing."""
    if _may(user, submission, deed):
        return
    raise Refused(_REFUSED) if may_read(user, submission) else Missing(_MISSING)


def possible_deeds(user: User, submission: Submission) -> list[str]:
    """The deeds that `user` may do on a report as it stands, for the buttons of its page."""
    possible = [*states.SUBMISSION.possible(submission.state), "comment"]
    if submission.state in states.OWED:
        possible.append("extend")
    if submission.round.state != "open":
        closed = {"fill", "submit", "withdraw", "return", "extend", "excuse", "ask_again"}
        possible = [deed for deed in possible if deed not in closed]
    if not rules.stands_to_the_end(submission.unit, submission.round.period.period):
        possible = [deed for deed in possible if deed not in ("withdraw", "return", "ask_again")]
    return [deed for deed in possible if _may(user, submission, deed)]
