"""From the room where people learn to the province's figure: nothing is typed, and every figure opens to its rows."""

from datetime import date, datetime, time
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from tests.factories.cast import Cast
from tests.factories.learning import make_provider

from hieuhoc.foundation.records import clock
from hieuhoc.kernel.periods import Calendar, Rhythm, period_of
from hieuhoc.programme.learning.models import Activity
from hieuhoc.programme.learning.services import activities, attendance, sessions
from hieuhoc.programme.learning.services.enrolments import enrol
from hieuhoc.registers.indicators import selectors as indicators
from hieuhoc.registers.indicators import services as definitions
from hieuhoc.registers.people.services import note_person
from hieuhoc.registers.places.models import Unit
from hieuhoc.reports import collect, selectors
from hieuhoc.reports import services as reports
from hieuhoc.reports.models import Submission

pytestmark = pytest.mark.django_db
NOVEMBER = period_of(Rhythm.MONTH, date(2020, 11, 1), Calendar.CLOSING)
LESSON = date(2020, 11, 4)
WOMEN, MEN = ("Trần Thị Ba", "Lê Thị Tư", "Danh Thị Năm"), ("Võ Văn Sáu", "Lý Văn Bảy")


def at(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def hold_a_class(cast: Cast) -> Activity:
    """The director makes a class with the Women's Union, enrols five people; the helper takes attendance."""
    with clock.pinned(at(date(2020, 11, 2), 8)):
        activity = activities.make_activity(
            by=cast.hue,
            provider=make_provider(cast.commune),
            with_=[activities.Holder("women", "Hội Phụ nữ xã An Phú")],
            kind="class",
            title="Trồng rau sạch",
            field="economy",
            capacity=40,
        )
        sessions.add_sessions(by=cast.hue, activity=activity, first=LESSON, begins=time(8), ends=time(10))
        activities.move_activity(by=cast.hue, activity=activity, deed="open")
        enrolled = [
            enrol(
                by=cast.hue,
                activity=activity,
                person=note_person(by=cast.hue, name=name, birth_year=1980, sex=sex, unit=cast.commune),
            )
            for names, sex in ((WOMEN, "female"), (MEN, "male"))
            for name in names
        ]
    session = activity.sessions.get()
    with clock.pinned(at(LESSON, 9)):
        came: list[Any] = [attendance.Sent(uuid4(), one.pk, "present") for one in enrolled[:4]]
        came += [attendance.Sent(uuid4(), enrolled[4].pk, "absent"), attendance.Heads(uuid4(), 6, sex="female")]
        outcomes = attendance.take_marks(by=cast.lan, session=session, marks=came)
    assert {one.outcome for one in outcomes} == {"taken"}
    return activity


def value(unit: Unit, code: str, by: str = "") -> Any:
    found = indicators.values([unit.pk], [NOVEMBER], codes=[code], bys=[by])
    return found[indicators.At(unit.pk, code, NOVEMBER, by)].value


def test_a_class_is_counted_reported_approved_and_found_again_beneath_the_provinces_figure(cast: Cast) -> None:
    with clock.pinned(at(date(2020, 11, 1), 8)):
        definitions.load_indicators()
        reports.load_forms(province=cast.province)
    activity = hold_a_class(cast)
    opened = reports.open_round(by=cast.binh, kind=selectors.kind_by_code(cast.binh, "ttc-thang"), period=NOVEMBER)
    collect.collect(NOVEMBER)

    submission = Submission.objects.get(round=opened, unit=cast.commune)
    shown = selectors.sheet(cast.an, submission).cells
    assert [shown[key].value.value for key in ("lop.lop", "lop.luot", "lop.luot_nu")] == [1, 10, 9]
    assert {one.stated for one in shown.values()} == {None}  # nothing is typed

    reports.submit(by=cast.an, submission=submission)
    submission.refresh_from_db()
    reports.approve(by=cast.dung, submission=submission)
    assert [value(cast.province, code) for code in ("CLC.CLASSES", "CLC.TURNS", "CLC.TURNS_NAMED", "CLC.LEARNERS")] == [
        1,
        10,
        4,
        4,
    ]
    assert value(cast.district, "CLC.CLASSES", "organiser=women") == 1
    assert value(cast.province, "CLC.NAMED_SHARE") == 40

    lineage = indicators.lineage_of(cast.binh, cast.province, code="CLC.TURNS", period=NOVEMBER)
    assert [(fact.unit_key, fact.value) for fact in lineage.facts] == [(cast.commune.key, 10)]
    rows = collect.rows_beneath(cast.binh, "learning.turns", unit=cast.province, period=NOVEMBER)
    assert [(row.title, row.count, row.url) for row in rows] == [
        ("Trồng rau sạch: 10 lượt", 10, activity.get_absolute_url())
    ]
    assert collect.rows_beneath(cast.chi, "learning.turns", unit=cast.commune, period=NOVEMBER) == []
