"""An obstacle's way: raised from a task, answered by the lead agency or the issuer, closed by whoever raised it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hieuhoc.foundation.outbox import services as outbox
from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.plans import access, states
from hieuhoc.programme.plans.models import Assignment, Obstacle, ObstacleStep
from hieuhoc.programme.plans.services.letters import letter_about_obstacle
from hieuhoc.registers.accounts.access import people_near
from hieuhoc.registers.accounts.roles import Permission

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User


@transaction.atomic
def raise_obstacle(
    *, by: User, assignment: Assignment, topic: str, title: str, text: str, proposal: str = ""
) -> Obstacle:
    """Report what blocks an assignment; it goes to the plan's lead agency.

    Raises: Refused, Missing; Conflict when the plan is over; Invalid (field named) for an empty or unknown value.
    """
    access.require_on_assignment(by, assignment, allowed=access.may_raise(by, assignment))
    if assignment.plan.state != "issued" or assignment.plan.lead is None:
        raise Conflict("Kế hoạch này không còn thực hiện nên không nêu được vướng mắc mới.")
    if topic not in dict(Obstacle.TOPICS):
        raise Invalid("Hãy chọn lĩnh vực của vướng mắc.", field="topic")
    for field, value in (("title", title), ("text", text)):
        if not value.strip():
            raise Invalid("Hãy ghi vướng mắc và mô tả ngắn.", field=field)
    now = clock.now()
    obstacle = Obstacle.objects.create(
        plan=assignment.plan,
        assignment=assignment,
        unit=assignment.unit,
        holder=assignment.plan.lead,
        topic=topic,
        title=title.strip()[:250],
        text=text.strip(),
        proposal=proposal.strip(),
        folded=fold(f"{title} {text}"),
        raised_by=by,
        raised_at=now,
        waiting_since=now,
    )
    ObstacleStep.objects.create(obstacle=obstacle, deed="raise", words=text.strip(), by=by, at=now)
    trail.record(by=by, deed="plans.obstacle.raise", what=obstacle)
    _tell(obstacle, Permission.OBSTACLE_ANSWER, f"{assignment.unit.name} nêu vướng mắc và chờ trả lời.")
    return obstacle


@transaction.atomic
def answer_obstacle(*, by: User, obstacle: Obstacle, words: str) -> Obstacle:
    """Answer an obstacle. Raises: Refused, Missing, Conflict; Invalid without words."""
    obstacle = _locked(obstacle)
    access.require_on_obstacle(by, obstacle, allowed=access.may_answer(by, obstacle))
    _step(by, obstacle, "answer", words)
    _tell_raiser(obstacle, f"{by.actor_name} đã trả lời: {words}")
    return obstacle


@transaction.atomic
def escalate_obstacle(*, by: User, obstacle: Obstacle, words: str) -> Obstacle:
    """Pass an obstacle up to whoever issued the plan, and say why. Raises: Refused, Missing, Conflict, Invalid."""
    obstacle = _locked(obstacle)
    access.require_on_obstacle(by, obstacle, allowed=access.may_escalate(by, obstacle))
    obstacle.holder = obstacle.plan.issuer
    _step(by, obstacle, "escalate", words)
    _tell(obstacle, Permission.OBSTACLE_DECIDE, f"{by.actor_name} chuyển lên và xin ý kiến: {words}")
    return obstacle


@transaction.atomic
def close_obstacle(*, by: User, obstacle: Obstacle, words: str = "") -> Obstacle:
    """Close an answered obstacle, by whoever raised it. Raises: Refused, Missing, Conflict."""
    obstacle = _locked(obstacle)
    access.require_on_obstacle(by, obstacle, allowed=access.may_close(by, obstacle))
    _step(by, obstacle, "close", words)
    return obstacle


@transaction.atomic
def reopen_obstacle(*, by: User, obstacle: Obstacle, words: str) -> Obstacle:
    """Say that the answer did not clear the way. Raises: Refused, Missing, Conflict; Invalid without words."""
    obstacle = _locked(obstacle)
    access.require_on_obstacle(by, obstacle, allowed=access.may_close(by, obstacle))
    if obstacle.plan.lead is not None:
        obstacle.holder = obstacle.plan.lead
    _step(by, obstacle, "reopen", words)
    _tell(obstacle, Permission.OBSTACLE_ANSWER, f"{obstacle.unit.name} nêu lại vướng mắc: {words}")
    return obstacle


@transaction.atomic
def withdraw_obstacle(*, by: User, obstacle: Obstacle, words: str = "") -> Obstacle:
    """Take an obstacle back before it is answered. Raises: Refused, Missing, Conflict."""
    obstacle = _locked(obstacle)
    access.require_on_obstacle(by, obstacle, allowed=access.may_close(by, obstacle))
    _step(by, obstacle, "withdraw", words)
    return obstacle


def _locked(obstacle: Obstacle) -> Obstacle:
    # Locked before it is joined: PostgreSQL drops a row whose joined key changed while it waited for the lock.
    Obstacle.objects.select_for_update().get(pk=obstacle.pk)
    return Obstacle.objects.select_related("plan", "plan__issuer", "plan__lead", "unit", "holder", "raised_by").get(
        pk=obstacle.pk
    )


def _step(by: User, obstacle: Obstacle, deed: str, words: str) -> None:
    """Move the obstacle, note how long it had waited, and keep the words."""
    now = clock.now()
    trail.move(by=by, row=obstacle, machine=states.OBSTACLE, deed=deed, why=words)
    waited = max(0, round((now - obstacle.waiting_since).total_seconds()))
    ObstacleStep.objects.create(obstacle=obstacle, deed=deed, words=words.strip(), by=by, at=now, waited_seconds=waited)
    obstacle.waiting_since = now
    obstacle.ended_at = now if obstacle.state in {"closed", "withdrawn"} else None
    obstacle.save(update_fields=["waiting_since", "holder", "ended_at"])


def _tell(obstacle: Obstacle, permission: Permission, opening: str) -> None:
    """Write to the people who may act on the obstacle where it now lies."""
    for person in people_near(permission, units=[obstacle.holder])[obstacle.holder_id]:
        outbox.post(
            to=person.email,
            subject=f"Vướng mắc: {obstacle.title[:100]}",
            body=letter_about_obstacle(obstacle, opening=opening),
        )


def _tell_raiser(obstacle: Obstacle, opening: str) -> None:
    outbox.post(
        to=obstacle.raised_by.email,
        subject=f"Trả lời vướng mắc: {obstacle.title[:100]}",
        body=letter_about_obstacle(obstacle, opening=opening),
    )
