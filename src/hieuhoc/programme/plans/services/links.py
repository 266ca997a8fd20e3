"""Tying the tasks of a local plan to those of the plan above."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hieuhoc.foundation.records import trail
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.programme.plans import access, rules, states
from hieuhoc.programme.plans.models import Plan, Task, TaskLink

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User


@transaction.atomic
def propose_links(*, by: User, plan: Plan) -> int:
    """Propose for each task of a local plan the tasks above that it resembles; what a person decided stays.

    Units: returns the number of new proposals. Raises: Refused, Missing; Invalid when the plan has none above it.
    """
    access.require_on_plan(by, plan, allowed=access.may_draft(by, plan))
    if plan.above is None:
        raise Invalid("Kế hoạch này chưa gắn với kế hoạch cấp trên.", field="above")
    above = list(plan.above.tasks.exclude(state="dismissed").values_list("pk", "folded"))
    known = set(TaskLink.objects.filter(below__plan=plan).values_list("below_id", "above_id"))
    made = TaskLink.objects.bulk_create(
        [
            TaskLink(below_id=below, above_id=key, likeness=score)
            for below, text in plan.tasks.exclude(state="dismissed").values_list("pk", "folded")
            for key, score in rules.nearest(text, above)
            if (below, key) not in known
        ],
        batch_size=500,
    )
    trail.record(by=by, deed="plans.link.propose", what=plan, changes={"links": [None, len(made)]})
    return len(made)


@transaction.atomic
def decide_link(*, by: User, link: TaskLink, deed: str) -> TaskLink:
    """Confirm or reject a proposed link. Raises: Refused, Missing, Conflict."""
    plan = link.below.plan
    access.require_on_plan(by, plan, allowed=access.may_draft(by, plan))
    trail.move(by=by, row=link, machine=states.LINK, deed=deed)
    return link


@transaction.atomic
def confirm_links(*, by: User, plan: Plan, least: int) -> int:
    """Confirm at once every proposal of a local plan that is at least so alike.

    Units: `least` in percent; returns the number of links confirmed.
    Raises: Refused, Missing; Invalid when `least` is no percentage from the floor of proposals to 100.
    """
    access.require_on_plan(by, plan, allowed=access.may_draft(by, plan))
    if not rules.LIKENESS_FLOOR <= least <= 100:
        raise Invalid("Độ giống là một số từ {least} đến 100 (phần trăm).", field="least", least=rules.LIKENESS_FLOOR)
    alike = TaskLink.objects.filter(below__plan=plan, state="proposed", likeness__gte=least)
    links = list(alike.select_related("below", "above"))
    for link in links:
        trail.move(by=by, row=link, machine=states.LINK, deed="confirm")
    return len(links)


@transaction.atomic
def add_link(*, by: User, below: Task, above: Task) -> TaskLink:
    """Tie two tasks by hand. Raises: Refused, Missing; Conflict when they are tied; Invalid for another plan's task."""
    access.require_on_plan(by, below.plan, allowed=access.may_draft(by, below.plan))
    if above.plan_id != below.plan.above_id:
        raise Invalid("Nhiệm vụ này không thuộc kế hoạch cấp trên của kế hoạch đang xem.", field="above")
    link, is_new = TaskLink.objects.get_or_create(
        below=below,
        above=above,
        defaults={"likeness": rules.likeness(below.folded, above.folded), "state": "confirmed"},
    )
    if not is_new and link.state == "confirmed":
        raise Conflict("Hai nhiệm vụ này đã được gắn với nhau.")
    if is_new:
        trail.record(by=by, deed="plans.tasklink.add", what=link)
    else:
        trail.move(by=by, row=link, machine=states.LINK, deed="confirm")
    return link
