"""What changes after its period has closed is counted again, for every period that it touches."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db.models import F
from tests.factories.cast import TODAY, Cast
from tests.factories.indicators import assert_totals_hold, month, turn
from tests.factories.learning import make_activity, make_person, make_provider, make_session
from tests.programme.learning.test_attendance import mark, take

from hieuhoc.foundation.records import trail
from hieuhoc.kernel.periods import Period, Rhythm
from hieuhoc.programme.learning.facts import changed_days, classes
from hieuhoc.programme.learning.models import Enrolment, Session
from hieuhoc.programme.learning.services.enrolments import enrol
from hieuhoc.programme.learning.services.money import note_allocation, note_spending
from hieuhoc.registers.indicators import selectors as indicators
from hieuhoc.registers.indicators import services as definitions
from hieuhoc.registers.people.services import join_people, see_person
from hieuhoc.registers.places.models import Unit
from hieuhoc.reports import collect
from hieuhoc.reports.models import Counting

pytestmark = pytest.mark.django_db
SEPTEMBER, YEAR, LAST_YEAR = month(2020, 9), turn(Rhythm.YEAR, 2020), turn(Rhythm.YEAR, 2019)
MONEY = ("CLC.ALLOCATED", "CLC.SPENT", "CLC.UNSUPPORTED")
DAY = date(2020, 9, 5)


@pytest.fixture
def lesson(cast: Cast) -> tuple[Session, list[Enrolment]]:
    """A session of September with two learners, of whom one has a mark; September is counted and closed."""
    definitions.load_indicators()
    activity = make_activity(make_provider(cast.commune))
    session = make_session(activity, DAY)
    make_session(activity, TODAY, hour=0)
    names = ("Nguyễn Thị Sáu", "Danh Văn Bảy")
    enrolled = [enrol(by=cast.hue, activity=activity, person=make_person(name, birth_year=1960)) for name in names]
    take(cast.lan, session, mark(enrolled[0], "present"))
    collect.collect_open()
    collect.collect(SEPTEMBER)
    collect.collect(YEAR, names={"learning.learners"})
    return session, enrolled


def value(unit: Unit, code: str, period: Period) -> Any:
    return indicators.values([unit.pk], [period], codes=[code])[indicators.At(unit.pk, code, period)].value


def an_hour_passes() -> None:
    Counting.objects.update(whole_at=F("whole_at") - timedelta(hours=1))


def figures(cast: Cast) -> list[Any]:
    """Turns of September, people of September, people of the year; of the commune."""
    told = (("CLC.TURNS", SEPTEMBER), ("CLC.LEARNERS", SEPTEMBER), ("CLC.LEARNERS", YEAR))
    return [value(cast.commune, code, period) for code, period in told]


def test_a_mark_that_comes_weeks_late_is_in_every_figure_within_the_hour(
    cast: Cast, lesson: tuple[Session, list[Enrolment]]
) -> None:
    session, enrolled = lesson
    assert figures(cast) == [1, 1, 1]
    take(cast.lan, session, mark(enrolled[1], "late"))
    collect.collect_open()
    assert figures(cast) == [1, 1, 1]  # the last hour's closed months are not gone through each minute
    an_hour_passes()
    assert collect.collect_open() > 0
    assert figures(cast) == [2, 2, 2]
    assert_totals_hold()


def test_people_found_to_be_one_are_one_in_closed_months_too(
    cast: Cast, lesson: tuple[Session, list[Enrolment]]
) -> None:
    session, enrolled = lesson
    take(cast.lan, session, mark(enrolled[1], "present"))
    an_hour_passes()
    collect.collect_open()
    join_people(by=cast.hue, kept=enrolled[0].person, gone=enrolled[1].person)
    an_hour_passes()
    collect.collect_open()
    assert figures(cast)[1:] == [1, 1]


def test_what_nobody_touched_is_not_counted_again(cast: Cast, lesson: tuple[Session, list[Enrolment]]) -> None:
    session, enrolled = lesson
    since = trail.last_number()
    see_person(by=cast.hue, pk=enrolled[0].person.pk)
    assert trail.last_number() > since
    assert not any(changed_days(after=since).values())
    take(cast.lan, session, mark(enrolled[1], "present"))
    changed = {name: days for name, days in changed_days(after=since).items() if days}
    assert set(changed) == set(classes.FIGURES)
    assert changed["learning.turns"] == {DAY, TODAY}


def test_a_voucher_found_after_the_year_is_in_the_figures_of_its_year(cast: Cast) -> None:
    definitions.load_indicators()
    centre = make_provider(cast.commune)

    def give(amount: int) -> None:
        given = {"step": "allocation", "document": "QĐ 12", "line": "sessions", "source": "state"}
        note_allocation(by=cast.hue, provider=centre, year=2019, amount=amount, **given)

    give(25_000_000)
    collect.collect(LAST_YEAR)
    collect.collect_open()
    assert [value(cast.commune, code, LAST_YEAR) for code in MONEY] == [25_000_000, 0, 0]
    spent = {"voucher": "PC-06", "line": "sessions", "source": "state"}
    note_spending(by=cast.hue, provider=centre, on=date(2019, 6, 5), amount=3_000_000, **spent)
    give(1_000_000)
    collect.collect_open()
    assert [value(cast.commune, code, LAST_YEAR) for code in MONEY] == [25_000_000, 0, 0]
    an_hour_passes()
    collect.collect_open()
    assert [value(cast.commune, code, LAST_YEAR) for code in MONEY] == [26_000_000, 3_000_000, 0]
    assert_totals_hold()
