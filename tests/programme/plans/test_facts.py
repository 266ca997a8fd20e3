"""What plans count for a period, and the rows that each figure counts."""

from datetime import date

import pytest
from tests.factories import plans as factory
from tests.factories.cast import Cast

from hieuhoc.kernel.periods import Calendar, Period, Rhythm, period_of
from hieuhoc.programme.plans import facts, services
from hieuhoc.programme.plans.models import Assignment

NOVEMBER = period_of(Rhythm.MONTH, date(2020, 11, 10), Calendar.CLOSING)
DECEMBER = NOVEMBER.following()
DUE = date(2020, 11, 10)


@pytest.fixture
def work(cast: Cast) -> dict[str, Assignment]:
    """One task that the commune, the district and a department hold, due on 10 November."""
    task = factory.make_task("Mở lớp.", leads=[cast.commune, cast.district, cast.finance], values={"due_on": DUE})
    plan = factory.make_plan(by=cast.binh, issuer=cast.committee, lead=cast.education, tasks=[task])
    return {one.unit.key: one for one in plan.assignments.select_related("unit", "plan", "task")}


def told(what: str, period: Period) -> dict[int, int]:
    return {one.unit: one.value for one in facts.facts(period) if one.what == what}


def test_work_is_counted_once_for_every_unit_above_it(cast: Cast, work: dict[str, Assignment]) -> None:
    due = told("plans.tasks_due", NOVEMBER)
    assert due == {
        cast.province.pk: 3,
        cast.district.pk: 2,
        cast.commune.pk: 1,
        cast.next_door.pk: 0,
    }
    assert told("plans.tasks_due", DECEMBER)[cast.province.pk] == 0


def test_what_is_confirmed_is_done_and_no_longer_late(cast: Cast, work: dict[str, Assignment]) -> None:
    # Given on 16 November, it was late on no day of the period that ended on the 14th; today it is.
    assert told("plans.tasks_overdue", NOVEMBER)[cast.district.pk] == 0
    assert told("plans.tasks_overdue", DECEMBER)[cast.district.pk] == 2
    mine = work[cast.commune.key]
    services.report_progress(by=cast.an, assignment=mine, percent=100, note="Xong.", is_done=True)
    mine.refresh_from_db()
    services.confirm_assignment(by=cast.binh, assignment=mine)
    assert told("plans.tasks_done", NOVEMBER)[cast.district.pk] == 1
    assert told("plans.tasks_overdue", DECEMBER)[cast.district.pk] == 1


def test_every_figure_equals_the_rows_it_names(cast: Cast, work: dict[str, Assignment]) -> None:
    services.raise_obstacle(
        by=cast.an, assignment=work[cast.commune.key], topic="money", title="Thiếu kinh phí", text="Chưa có."
    )
    for period in (NOVEMBER, DECEMBER):
        for one in facts.facts(period):
            unit = next(
                unit for unit in (cast.province, cast.district, cast.commune, cast.next_door) if unit.pk == one.unit
            )
            assert len(facts.rows_beneath(cast.binh, one.what, unit=unit, period=period)) == one.value, one


def test_rows_out_of_reach_are_not_named(cast: Cast, work: dict[str, Assignment]) -> None:
    assert facts.rows_beneath(cast.chi, "plans.tasks_due", unit=cast.commune, period=NOVEMBER) == []
    rows = facts.rows_beneath(cast.an, "plans.tasks_due", unit=cast.commune, period=NOVEMBER)
    assert [(row.title, row.url) for row in rows] == [("Mở lớp.", work[cast.commune.key].get_absolute_url())]
