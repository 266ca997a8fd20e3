"""Reminding whoever is late, singly or all at once; and the calendar address of a user."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from hieuhoc.foundation.outbox import services as outbox
from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.programme.plans import access, rules
from hieuhoc.programme.plans.models import Assignment, CalendarFeed, Reminder
from hieuhoc.programme.plans.services.letters import letter_about
from hieuhoc.programme.plans.states import OPEN
from hieuhoc.registers.accounts.access import people_near
from hieuhoc.registers.accounts.roles import Permission

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User


@transaction.atomic
def remind(*, by: User, assignments: Sequence[Assignment], words: str = "") -> list[Reminder]:
    """Remind the agencies that hold these assignments, and write to the people who report for them.

    The same assignment is reminded of at most once a day; those already reminded today are passed over.
    Raises: Refused, Missing; Conflict when there is nothing left to remind of; Invalid for an empty choice.
    """
    if not assignments:
        raise Invalid("Chưa chọn việc nào để đôn đốc.", field="assignments")
    for plan in {one.plan_id: one.plan for one in assignments}.values():
        access.require_on_plan(by, plan, allowed=access.may_remind(by, plan))
    now = clock.now()
    # Locked, then read again: of two people who remind at once, the second finds that it was done.
    chosen = Assignment.objects.filter(pk__in=[one.pk for one in assignments]).order_by("pk")
    list(chosen.select_for_update().values_list("pk"))
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    unreminded = Q(reminded_at=None) | Q(reminded_at__lt=midnight)
    wanted = chosen.filter(unreminded, state__in=OPEN, plan__state="issued")
    fresh = list(wanted.select_related("plan", "task", "unit"))
    if not fresh:
        raise Conflict("Các việc này đã được đôn đốc hôm nay hoặc không còn mở.")
    reminders = Reminder.objects.bulk_create(
        Reminder(assignment=one, words=words.strip(), by=by, at=now) for one in fresh
    )
    Assignment.objects.filter(pk__in=[one.pk for one in fresh]).update(reminded_at=now)
    people = people_near(Permission.TASK_REPORT, units=list({one.unit_id: one.unit for one in fresh}.values()))
    for one in fresh:
        late = rules.standing(one.state, due_on=one.due_on, on=now.date())
        opening = f"{by.actor_name} đôn đốc việc này" + (f", đã trễ {late.days} ngày." if late.kind == "late" else ".")
        if words.strip():
            opening += f"\nLời nhắc: {words.strip()}"
        for person in people[one.unit_id]:
            outbox.post(
                to=person.email,
                subject=f"Đôn đốc: {one.task.text[:90]}",
                body=letter_about(one, opening=opening),
                key=f"remind:{one.pk}:{person.pk}:{now.date().isoformat()}",
            )
    trail.record_many(by=by, deeds=[trail.Deed("plans.assignment.remind", one, words) for one in fresh])
    return reminders


@transaction.atomic
def renew_calendar(*, by: User) -> CalendarFeed:
    """Give the user a new secret calendar address; the old one stops working."""
    feed, _ = CalendarFeed.objects.update_or_create(
        user=by, defaults={"token": secrets.token_urlsafe(32), "made_at": clock.now()}
    )
    trail.record(by=by, deed="plans.calendar.renew", what=feed)
    return feed
