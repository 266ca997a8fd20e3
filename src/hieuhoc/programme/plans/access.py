"""What a user may do to a plan and to what hangs on it: refused (403) when it can be seen, missing (404) when not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from hieuhoc.kernel.errors import Missing, Refused
from hieuhoc.kernel.terms import Term
from hieuhoc.programme.plans import selectors, states
from hieuhoc.programme.plans.models import Assignment, Obstacle, Plan
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

_REFUSED = Term("Vai trò của bạn không bao gồm thao tác này.")
_MISSING = Term("Không tìm thấy nội dung này trong phạm vi của bạn.")


def may_draft(user: User, plan: Plan) -> bool:
    """Whether `user` may correct the draft of this plan."""
    return access.may(user, Permission.PLAN_TAKE_IN, at=plan.issuer)


def may_issue(user: User, plan: Plan) -> bool:
    """Whether `user` may confirm a draft, so that its tasks are given out."""
    return access.may(user, Permission.PLAN_ISSUE, at=plan.issuer)


def may_follow(user: User, plan: Plan) -> bool:
    """Whether `user` confirms, returns, cancels and extends the work of this plan."""
    return access.may(user, Permission.TASK_CONFIRM, at=plan.issuer)


def may_remind(user: User, plan: Plan) -> bool:
    """Whether `user` may remind the agencies of this plan."""
    return access.may(user, Permission.TASK_REMIND, at=plan.issuer)


def may_report(user: User, assignment: Assignment) -> bool:
    """Whether `user` reports for the agency that holds this assignment."""
    return access.may(user, Permission.TASK_REPORT, at=assignment.unit)


def may_hand_over(user: User, assignment: Assignment) -> bool:
    """Whether `user` may pass this assignment on to another agency."""
    return access.may(user, Permission.TASK_HAND_OVER, at=assignment.unit) or may_follow(user, assignment.plan)


def may_pass_to(user: User, assignment: Assignment, *, to: Unit) -> bool:
    """Whether `user` may pass this assignment on to that agency: any for who follows the plan, else those beneath."""
    return may_follow(user, assignment.plan) or access.may(user, Permission.TASK_HAND_OVER, at=to)


def may_comment(user: User, assignment: Assignment) -> bool:
    """Whether `user` may write a word on this assignment: whoever holds it or follows it."""
    return any(access.may(user, Permission.TASK_COMMENT, at=unit) for unit in (assignment.unit, assignment.plan.issuer))


def may_raise(user: User, assignment: Assignment) -> bool:
    """Whether `user` may raise an obstacle for the agency that holds this assignment."""
    return access.may(user, Permission.OBSTACLE_RAISE, at=assignment.unit)


def may_answer(user: User, obstacle: Obstacle) -> bool:
    """Whether the obstacle waits for a word of this user: the lead agency's, or after escalation the issuer's."""
    wanted = Permission.OBSTACLE_DECIDE if obstacle.state == "escalated" else Permission.OBSTACLE_ANSWER
    return access.may(user, wanted, at=obstacle.holder)


def may_escalate(user: User, obstacle: Obstacle) -> bool:
    """Whether `user` may pass the obstacle up to whoever issued the plan."""
    return access.may(user, Permission.OBSTACLE_ESCALATE, at=obstacle.holder)


def may_close(user: User, obstacle: Obstacle) -> bool:
    """Whether `user` speaks for the agency that raised the obstacle, and so may close, reopen or withdraw it."""
    return access.may(user, Permission.OBSTACLE_RAISE, at=obstacle.unit)


def may_do_on_obstacle(user: User, obstacle: Obstacle, deed: str) -> bool:
    """Whether the roles of `user` allow this deed on an obstacle where it now lies."""
    if deed == "answer":
        return may_answer(user, obstacle)
    return may_escalate(user, obstacle) if deed == "escalate" else may_close(user, obstacle)


def may_take_in(user: User, *, at: Unit) -> bool:
    """Whether `user` may take plans in for this unit."""
    return access.may(user, Permission.PLAN_TAKE_IN, at=at)


def require_taking_in_somewhere(user: User) -> None:
    """Let the user pass who may take plans in for any unit. Raises: Refused."""
    access.require_somewhere(user, Permission.PLAN_TAKE_IN)


def require_taking_in(user: User, *, at: Unit) -> None:
    """Let the user pass who may take plans in for this unit. Raises: Refused, Missing."""
    access.require(user, Permission.PLAN_TAKE_IN, at=at)


def require_exporting(user: User) -> None:
    """Let the user pass who may take tables away as Word and Excel files. Raises: Refused."""
    access.require_somewhere(user, Permission.PLAN_EXPORT)


def require_on_plan(user: User, plan: Plan, *, allowed: bool) -> None:
    """Raises: Refused when the deed is not allowed on a plan that the user sees; Missing when it is not seen."""
    _require(allowed, seen=lambda: selectors.plans(user).filter(pk=plan.pk).exists())


def require_on_assignment(user: User, assignment: Assignment, *, allowed: bool) -> None:
    """Raises: Refused when the deed is not allowed on an assignment that the user sees; Missing when it is not seen."""
    _require(allowed, seen=lambda: selectors.assignments(user).filter(pk=assignment.pk).exists())


def require_on_obstacle(user: User, obstacle: Obstacle, *, allowed: bool) -> None:
    """Raises: Refused when the deed is not allowed on an obstacle that the user sees; Missing when it is not seen."""
    _require(allowed, seen=lambda: selectors.obstacles(user).filter(pk=obstacle.pk).exists())


def _require(allowed: bool, *, seen: Callable[[], bool]) -> None:
    if allowed:
        return
    raise Refused(_REFUSED) if seen() else Missing(_MISSING)


def require_reminding_somewhere(user: User) -> None:
    """Let the user pass who may remind agencies anywhere. Raises: Refused."""
    access.require_somewhere(user, Permission.TASK_REMIND)


def reports_somewhere(user: User) -> bool:
    """Whether `user` reports for any agency at all, and so has work of one's own."""
    return access.has(user, Permission.TASK_REPORT)


def _allowed(user: User, assignment: Assignment) -> dict[str, bool]:
    """For every deed on an assignment whether the roles of `user` allow it, in whatever state the work is."""
    reports, follows = may_report(user, assignment), may_follow(user, assignment.plan)
    return {
        "accept": reports,
        "report": reports,
        "complete": reports,
        "withdraw": reports,
        "confirm": follows,
        "return": follows,
        "cancel": follows,
        "reinstate": follows,
        "hand_over": may_hand_over(user, assignment),
        "evidence": reports,
        "set_due": follows,
        "comment": may_comment(user, assignment),
    }


def require_deed(user: User, assignment: Assignment, deed: str) -> None:
    """Raises: Refused when the user's roles do not allow this deed on an assignment that the user sees; Missing."""
    require_on_assignment(user, assignment, allowed=_allowed(user, assignment)[deed])


def possible_deeds(user: User, assignment: Assignment) -> list[str]:
    """The deeds that `user` may do on an assignment in its present state, for the buttons of its page."""
    if assignment.plan.state != "issued":
        return []
    possible = [*states.ASSIGNMENT.possible(assignment.state), "comment"]
    if assignment.state not in states.ENDED:
        possible += ["evidence", "set_due"]
    allowed = _allowed(user, assignment)
    # A merger of units joins work; nobody does it by hand.
    return [deed for deed in possible if allowed.get(deed)]
