"""Opening the next turn of recurrent tasks when the calendar reaches it."""

from datetime import date

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.periods import Rhythm
from hieuhoc.programme.plans import rules
from hieuhoc.programme.plans.models import Assignment, Task
from hieuhoc.programme.plans.states import LEFT_OUT
from hieuhoc.registers.places import selectors as places


@transaction.atomic
def open_occurrences(*, on: date | None = None) -> int:
    """Open this turn's assignment for every agency that held a recurrent task in its last turn.

    Whoever was freed of the work in that turn, or handed it over, is not asked again.
    Units: returns how many were opened. Asked again on the same day it opens none.
    """
    now = clock.now()
    day = on or now.date()
    opened: list[Assignment] = []
    for rhythm in Rhythm:
        period = rules.occurrence(rhythm, on=day)
        if period is None:
            continue
        tasks = Task.objects.filter(recurrence=rhythm, plan__state="issued").exclude(state="dismissed")
        current = set(Assignment.objects.filter(task__in=tasks, period=period.code).values_list("task_id", "unit_id"))
        last = list(_last_turns(tasks, before=period.code))
        heirs = places.living_heirs({assignment.unit_id for assignment in last})
        for assignment in last:
            # What an ended unit did in its last turn, its heir is asked for in the next.
            unit = heirs.get(assignment.unit_id)
            if unit is None or (assignment.task_id, unit) in current:
                continue
            current.add((assignment.task_id, unit))
            opened.append(
                Assignment(
                    plan_id=assignment.plan_id,
                    task=assignment.task,
                    unit_id=unit,
                    group_id=assignment.group_id,
                    period=period.code,
                    due_on=rules.due_of_occurrence(period, deadline=assignment.task.due_on),
                    assigned_at=now,
                )
            )
    made = Assignment.objects.bulk_create(opened, batch_size=500)
    units = places.units_by_number({one.unit_id for one in made})
    for one in made:
        one.unit = units[one.unit_id]
    trail.record_many(by=trail.HOUSE, deeds=[trail.Deed("plans.assignment.open_turn", one) for one in made])
    return len(made)


def _last_turns(tasks: QuerySet[Task], *, before: str) -> QuerySet[Assignment]:
    """What was held in the last turn of each task before this one, cancelled work left out."""
    earlier = Assignment.objects.filter(task=OuterRef("task"), period__lt=before).exclude(period="")
    last = Subquery(earlier.order_by("-period").values("period")[:1])
    held = Assignment.objects.filter(task__in=tasks, period=last).exclude(state__in=LEFT_OUT)
    return held.select_related("task").order_by("pk")
