"""What apps count of a period comes into the register by itself, and only what has changed is written."""

from datetime import date
from typing import Any

import pytest
from django.test.utils import override_settings
from tests.factories import plans as factory
from tests.factories.cast import Cast
from tests.factories.indicators import assert_totals_hold, make_indicator, month, turn
from tests.factories.reports import make_kind, report_of

from hieuhoc.foundation.records.models import Entry
from hieuhoc.kernel.periods import Calendar, Period, Rhythm
from hieuhoc.programme.plans import services as plans
from hieuhoc.programme.plans.models import Assignment
from hieuhoc.project.management.commands import tick
from hieuhoc.registers.indicators import selectors as indicators
from hieuhoc.registers.indicators.models import Fact
from hieuhoc.registers.places.models import Unit
from hieuhoc.reports import collect
from hieuhoc.reports import services as reports

pytestmark = pytest.mark.django_db
NOVEMBER, DECEMBER = month(2020, 11), month(2020, 12)
DUE = date(2020, 11, 10)


@pytest.fixture
def work(cast: Cast) -> list[Assignment]:
    """One task of the commune and the district, due in the November of reports."""
    for code, fact in (("PLAN.DUE", "plans.tasks_due"), ("PLAN.DONE", "plans.tasks_done")):
        make_indicator(code, measure="task", fact=fact, over_places="distinct", over_time="sum")
    task = factory.make_task("Mở lớp.", leads=[cast.commune, cast.district], values={"due_on": DUE})
    plan = factory.make_plan(by=cast.binh, issuer=cast.committee, lead=cast.education, tasks=[task])
    return list(plan.assignments.select_related("unit", "plan", "task"))


def value(unit: Unit, code: str, period: Period) -> Any:
    return indicators.values([unit.pk], [period], codes=[code])[indicators.At(unit.pk, code, period)].value


def test_a_month_is_counted_for_every_unit_above_the_work(cast: Cast, work: list[Assignment]) -> None:
    assert collect.collect(NOVEMBER) > 0
    assert [value(unit, "PLAN.DUE", NOVEMBER) for unit in (cast.province, cast.district, cast.commune)] == [2, 2, 1]
    assert value(cast.next_door, "PLAN.DUE", NOVEMBER) == 0  # the house knows all of its own rows
    assert_totals_hold()


def test_counted_again_nothing_is_written(cast: Cast, work: list[Assignment]) -> None:
    collect.collect(NOVEMBER)
    lines = Entry.objects.count()
    assert collect.collect(NOVEMBER) == 0
    assert Entry.objects.count() == lines


def test_only_what_has_changed_is_written(cast: Cast, work: list[Assignment]) -> None:
    collect.collect(NOVEMBER)
    mine = next(one for one in work if one.unit == cast.commune)
    plans.report_progress(by=cast.an, assignment=mine, percent=100, note="Xong.", is_done=True)
    mine.refresh_from_db()
    plans.confirm_assignment(by=cast.binh, assignment=mine)
    assert collect.collect(NOVEMBER) == 3  # the commune, its district, its province
    assert value(cast.province, "PLAN.DONE", NOVEMBER) == 1


def test_a_quarter_is_counted_by_its_months_that_have_begun(cast: Cast, work: list[Assignment]) -> None:
    quarter = turn(Rhythm.QUARTER, 2020, 4)
    collect.collect(quarter)
    assert value(cast.province, "PLAN.DUE", quarter) == 2
    counted = set(Fact.objects.values_list("period__key", flat=True))
    assert counted == {"2020-10", "2020-11", "2020-12"}


def test_a_period_that_has_not_begun_is_not_counted(cast: Cast, work: list[Assignment]) -> None:
    assert collect.collect(DECEMBER.following()) == 0
    assert not Fact.objects.exists()


def test_a_period_of_another_calendar_is_not_counted(cast: Cast, work: list[Assignment]) -> None:
    assert collect.collect(turn(Rhythm.YEAR, 2020, calendar=Calendar.LITERACY)) == 0


def test_rows_are_named_for_the_reader_alone_and_nobody_counts_what_is_unknown(
    cast: Cast, work: list[Assignment]
) -> None:
    rows = collect.rows_beneath(cast.binh, "plans.tasks_due", unit=cast.province, period=NOVEMBER)
    assert len(rows) == 2
    assert collect.rows_beneath(cast.chi, "plans.tasks_due", unit=cast.commune, period=NOVEMBER) == []
    assert collect.rows_beneath(cast.binh, "learning.attended", unit=cast.province, period=NOVEMBER) == []


def test_what_nobody_asks_for_is_not_kept(cast: Cast) -> None:
    assert collect.collect(NOVEMBER) == 0
    assert not Fact.objects.exists()


def test_every_collector_of_the_house_counts_and_names_its_rows() -> None:
    for one in collect.collectors():
        assert one.COUNTED
        assert callable(one.facts)
        assert callable(one.rows_beneath)


def test_an_app_that_is_no_longer_named_counts_nothing(cast: Cast, work: list[Assignment]) -> None:
    with override_settings(COLLECTORS=[]):
        assert collect.collectors() == ()
        assert collect.collect(NOVEMBER) == 0


def test_the_tick_counts_the_month_that_runs(cast: Cast, work: list[Assignment]) -> None:
    done = dict(tick.do_round())
    assert done["figures counted"] > 0
    assert dict(tick.do_round())["figures counted"] == 0
    assert value(cast.province, "PLAN.DUE", DECEMBER) == 0  # 16 November lies in the December of reports


def test_a_report_that_is_handed_in_has_what_the_house_counts_at_that_moment(
    cast: Cast, work: list[Assignment]
) -> None:
    layout = {
        "sections": [
            {
                "key": "muc",
                "heading": "Kế hoạch",
                "blocks": [
                    {
                        "type": "figures",
                        "key": "kh",
                        "label": "Việc",
                        "cells": [{"key": "due", "indicator": "PLAN.DUE"}],
                    }
                ],
            }
        ],
        "checks": [],
    }
    version = reports.draft_form(by=cast.binh, name="Việc", code="viec", owner=cast.education)
    reports.edit_layout(by=cast.binh, version=version, layout=layout)
    reports.put_in_force(by=cast.binh, version=version)
    kind = make_kind(cast, code="viec", form=version.form, levels=["commune"], sending={"commune": 3})
    one = reports.open_round(by=cast.binh, kind=kind, period=NOVEMBER)
    assert not Fact.objects.exists()
    done = reports.submit(by=cast.an, submission=report_of(one, cast.commune))
    assert done.figures.get(key="kh.due").shown == 1
    assert value(cast.province, "PLAN.DUE", NOVEMBER) == 2
    assert_totals_hold()
