"""The named alternative to the house's reads: the same answers, got with a query for each row or each cell."""

import statistics
from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

from benchmarks.record import Measure, runs_ms
from hieuhoc.foundation.records import clock
from hieuhoc.programme.plans import selectors
from hieuhoc.programme.plans.models import Assignment, Plan, Section
from hieuhoc.programme.plans.states import OPEN
from hieuhoc.registers.accounts.models import User

TIMES = 5


def beside(user: User, plan: Plan) -> list[Measure]:
    """Each read of the house and its naive form, which must answer alike; the ratio of their times."""
    keys = list(selectors.overdue(user, on=clock.today()).values_list("pk", flat=True)[:50])
    found = list(selectors.plans(user).filter(state="issued")[:50])
    pairs: list[tuple[str, Callable[[], object], Callable[[], object]]] = [
        ("50 rows of late work", lambda: rows(user), lambda: rows_one_by_one(keys)),
        ("how 50 plans stand", lambda: standing(found), lambda: standing_one_by_one(found)),
        ("the matrix of a plan", lambda: matrix(plan), lambda: matrix_cell_by_cell(plan)),
    ]
    measures = []
    for what, ours, naive in pairs:
        assert ours() == naive(), what
        mine, theirs = (statistics.median(runs_ms(one, times=TIMES)) for one in (ours, naive))
        measures += [
            Measure(f"{what}", mine, "ms", None, TIMES),
            Measure(f"{what}: queries", _asked(ours), "queries"),
            Measure(f"{what}, naive", theirs, "ms", None, TIMES),
            Measure(f"{what}, naive: queries", _asked(naive), "queries"),
            Measure(f"{what}: naive / ours", theirs / mine, "times"),
        ]
    return measures


def _asked(do: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        do()
    return len(queries)


def rows(user: User) -> list[tuple[str, str, str]]:
    """What a row of a list says: task, agency, plan."""
    return [_words(one) for one in selectors.overdue(user, on=clock.today())[:50]]


def rows_one_by_one(keys: list[int]) -> list[tuple[str, str, str]]:
    return [_words(Assignment.objects.get(pk=key)) for key in keys]


def _words(one: Assignment) -> tuple[str, str, str]:
    return one.task.text, one.unit.name, one.plan.number


def standing(plans: list[Plan]) -> dict[int, tuple[int, int, int]]:
    """For each plan: all work, what is confirmed, what is late."""
    tallies = selectors.tallies(plans, on=clock.today())
    return {key: (one.total, one.confirmed, one.late) for key, one in tallies.items()}


def standing_one_by_one(plans: list[Plan]) -> dict[int, tuple[int, int, int]]:
    today = clock.today()
    found = {}
    for plan in plans:
        held = plan.assignments.exclude(state="cancelled")
        late = held.filter(state__in=OPEN, due_on__lt=today)
        found[plan.pk] = (held.count(), held.filter(state="confirmed").count(), late.count())
    return found


Cells = dict[tuple[int, int], tuple[int, int]]


def matrix(plan: Plan) -> Cells:
    """For each agency and section with work: how much, and how much of it late."""
    whole = selectors.matrix(plan, on=clock.today())
    return {
        (agency.unit_id, section.pk): tuple(cell)
        for agency, cells in whole.rows
        for section, cell in zip(whole.columns, cells, strict=True)
        if cell[0]
    }


def matrix_cell_by_cell(plan: Plan) -> Cells:
    today = clock.today()
    cells: Cells = {}
    for unit in set(plan.assignments.values_list("unit_id", flat=True)):
        for section in Section.objects.filter(plan=plan):
            held = plan.assignments.exclude(state="cancelled").filter(unit=unit, task__section=section)
            if total := held.count():
                cells[unit, section.pk] = (total, held.filter(state__in=OPEN, due_on__lt=today).count())
    return cells
