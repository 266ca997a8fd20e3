"""What the demonstration invents of learning: as much as it says, the same each time, and in accord with itself."""

from datetime import date

import pytest
from django.apps import apps
from django.test import override_settings

from hieuhoc.kernel.periods import Calendar, Rhythm, period_of
from hieuhoc.programme.learning import facts
from hieuhoc.programme.learning.models import (
    Activity,
    Assessment,
    Attendance,
    Enrolment,
    GradingSet,
    HeadCount,
    Material,
    MaterialUse,
    Provider,
    Session,
    Spending,
    YearPlan,
)
from hieuhoc.programme.learning.selectors import money
from hieuhoc.project.demonstration import story
from hieuhoc.project.demonstration.learning import INVENTED, TODAY, Scale
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.people.models import Person

pytestmark = pytest.mark.django_db
SMALL = Scale(since=date(2020, 8, 20), classes=60, known=10)
OCTOBER = period_of(Rhythm.MONTH, date(2020, 10, 1), Calendar.CLOSING)


@pytest.fixture
def _house() -> None:
    with override_settings(DEMONSTRATION=True):
        story.load_register()
        story.open_accounts()
        story.learn(SMALL)


def _told() -> list[object]:
    """Enough of what was made to notice any difference."""
    return [
        list(Activity.objects.order_by("pk").values_list("code", "title", "unit__key", "held_on", "state")),
        list(Person.objects.order_by("pk").values_list("name", "birth_year")[::37]),
        list(Enrolment.objects.order_by("pk").values_list("person__name", "first_on")[::101]),
        list(HeadCount.objects.order_by("pk").values_list("count", flat=True)),
        list(Spending.objects.order_by("pk").values_list("amount", flat=True)),
        list(MaterialUse.objects.order_by("pk").values_list("material__title", "activity__code")),
    ]


@pytest.mark.usefixtures("_house")
def test_every_commune_has_a_centre_with_its_year_and_every_class_says_that_it_is_invented() -> None:
    assert Provider.objects.filter(kind="clc").count() == 145
    assert YearPlan.objects.filter(year=2020, state="approved").count() == 145
    assert Assessment.objects.filter(year=2019, state="verified", provider__kind="clc").count() == 145
    assert Assessment.objects.filter(year=2020, state="submitted", provider__kind="clc").count() > 30
    assert Assessment.objects.filter(year=2019, state="verified", provider__kind="library").count() == 15
    assert GradingSet.objects.get(code="clc-du-thao").state == "draft"
    rows = money.with_norms(list(money.find_centres(_reader(), year=2019)), year=2019)
    assert sum(row.norm is None for row in rows) in range(1, 20)
    assert 0 < money.totals_of(rows).without < 30
    assert {one.source for one in Spending.objects.all()} == {"state", "fund", "contribution", "learners"}
    assert Spending.objects.exclude(file=None).count() == 1
    assert not Activity.objects.exclude(summary__contains=INVENTED).exists()


def _reader() -> User:
    return User.objects.get(username="minh.ubnd")


@pytest.mark.usefixtures("_house")
def test_what_is_kept_of_a_class_is_in_accord_with_its_sessions() -> None:
    for one in Activity.objects.prefetch_related("sessions"):
        days = [session.on for session in one.sessions.all()]
        held = [session.on for session in one.sessions.all() if session.state == "held"]
        assert (one.first_on, one.last_on) == (min(days), max(days))
        assert one.held_on == (min(held) if held else None)
    for enrolment in Enrolment.objects.filter(first_on__isnull=False).prefetch_related("attendances__session")[:300]:
        came = [one.session.on for one in enrolment.attendances.all() if one.mark != "absent"]
        assert (enrolment.first_on, enrolment.last_on) == (min(came), max(came))
    assert not Attendance.objects.exclude(session__state="held").exists()


@pytest.mark.usefixtures("_house")
def test_there_is_a_class_of_today_and_places_are_free_and_waited_for() -> None:
    live = Session.objects.get(on=TODAY, activity__unit__key__startswith="xa-thanh-hung-giong-rieng")
    assert (live.state, live.activity.enrolments.count()) == ("planned", min(40, _known()))
    coming = Activity.objects.filter(first_on__gt=TODAY, state="open", is_public=True)
    assert coming.count() > 145
    assert Enrolment.objects.filter(activity__in=coming, state="waiting").exists()


def _known() -> int:
    return Person.objects.filter(unit__key__startswith="xa-thanh-hung-giong-rieng").count()


@pytest.mark.usefixtures("_house")
def test_about_half_of_the_turns_are_of_people_known_by_name() -> None:
    found = {"learning.turns": 0, "learning.turns_named": 0}
    for one in facts.facts(OCTOBER, names=found):
        found[one.what] += one.value if not one.by else 0
    assert 0.3 < found["learning.turns_named"] / found["learning.turns"] < 0.7


@pytest.mark.usefixtures("_house")
def test_the_library_has_invented_materials_that_classes_used() -> None:
    rows = list(Material.objects.all())
    assert len(rows) == 30
    assert all(INVENTED in one.summary for one in rows)
    assert all(one.file or one.url.startswith("https://example.org/") for one in rows)
    assert MaterialUse.objects.filter(activity__held_on__isnull=False).count() > 100


def test_it_is_the_same_each_time() -> None:
    with override_settings(DEMONSTRATION=True):
        story.load_register()
        story.open_accounts()
        story.learn(SMALL)
        first = _told()
        for model in (Spending, HeadCount, Attendance, Enrolment):
            model.objects.all().delete()
        _clear()
        story.learn(SMALL)
    assert _told() == first


def _clear() -> None:
    for name in (
        "MaterialUse",
        "Material",
        "ActivityTask",
        "Session",
        "Organiser",
        "Speaker",
        "Activity",
        "PlannedClass",
        "Need",
        "YearPlan",
    ):
        apps.get_model("learning", name).objects.all().delete()
    for name in ("Allocation", "Assessment", "GradingSet", "Area", "Norm", "Post", "Room", "Equipment", "Provider"):
        apps.get_model("learning", name).objects.all().delete()
    Person.objects.all().delete()
