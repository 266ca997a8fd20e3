"""Two people at one report at once, in real threads with connections of their own: one wins, the other is told."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from tests.factories.cast import Cast, make_cast
from tests.factories.indicators import assert_totals_hold
from tests.factories.reports import NOVEMBER, fill, hand_in, make_kind, make_round, report_of

from hieuhoc.foundation.outbox.models import Message
from hieuhoc.foundation.records import trail
from hieuhoc.foundation.records.models import Entry
from hieuhoc.kernel.errors import Conflict, HouseError
from hieuhoc.registers.indicators import selectors as indicators
from hieuhoc.registers.indicators.models import Fact
from hieuhoc.reports import services
from hieuhoc.reports.models import Round, Submission
from hieuhoc.reports.services import Given

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds: Callable[[], object]) -> list[object]:
    """What each deed gave back, or the error it ended with; all begin at the same moment."""
    together = threading.Barrier(len(deeds))
    answers: list[object] = [None] * len(deeds)

    def run(place: int, deed: Callable[[], object]) -> None:
        try:
            together.wait(20)
            answers[place] = deed()
        except HouseError as error:
            answers[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return answers


def winners(answers: list[object]) -> int:
    """How many won; all others must have been told that somebody was quicker."""
    lost = [answer for answer in answers if isinstance(answer, HouseError)]
    assert all(isinstance(answer, Conflict) for answer in lost), lost
    assert not any(answer is None for answer in answers), answers
    return len(answers) - len(lost)


@pytest.fixture
def people() -> Cast:
    return make_cast()


@pytest.fixture
def turn(people: Cast) -> Round:
    return make_round(people)


def test_of_two_who_fill_from_the_same_page_one_wins_and_its_figures_alone_are_kept(people: Cast, turn: Round) -> None:
    report = report_of(turn, people.commune)

    def save(number: int) -> Callable[[], object]:
        figures = {"ttc.lop": Given(number), "luot.luot.tong": Given(10 * number)}
        return lambda: services.fill(by=people.an, submission=report, figures=figures, edition=0)

    answers = at_once(save(4), save(7))
    assert winners(answers) == 1
    kept = dict(report.figures.values_list("key", "stated"))
    assert kept in ({"ttc.lop": 4, "luot.luot.tong": 40}, {"ttc.lop": 7, "luot.luot.tong": 70})
    report.refresh_from_db()
    assert report.edition == 1
    assert trail.verify() is None


def test_of_two_who_hand_in_the_same_report_one_wins_and_its_figures_count_once(people: Cast, turn: Round) -> None:
    report = fill(people.an, report_of(turn, people.commune))
    answers = at_once(
        lambda: services.submit(by=people.an, submission=report),
        lambda: services.submit(by=people.dung, submission=report),
    )
    assert winners(answers) == 1
    assert Fact.objects.filter(indicator__code="RP.CLASSES").count() == 1
    assert Entry.objects.filter(deed="reports.submission.submit").count() == 1
    assert_totals_hold()


def test_of_two_who_approve_and_return_one_wins_and_the_facts_say_the_same(people: Cast, turn: Round) -> None:
    report = hand_in(people.an, report_of(turn, people.commune))
    answers = at_once(
        lambda: services.approve(by=people.dung, submission=report),
        lambda: services.withdraw(by=people.an, submission=report),
    )
    assert winners(answers) == 1
    report.refresh_from_db()
    facts = set(Fact.objects.values_list("is_approved", flat=True))
    assert facts == ({True} if report.state == "approved" else set())
    assert_totals_hold()
    assert trail.verify() is None


def test_who_fills_while_it_is_handed_in_is_told_or_hands_in_what_was_filled(people: Cast, turn: Round) -> None:
    report = fill(people.an, report_of(turn, people.commune))
    edition = report.edition
    answers = at_once(
        lambda: services.submit(by=people.an, submission=report),
        lambda: services.fill(by=people.dung, submission=report, figures={"ttc.lop": Given(9)}, edition=edition),
    )
    assert winners(answers) >= 1
    report.refresh_from_db()
    stated = report.figures.get(key="ttc.lop").stated
    facts = list(Fact.objects.filter(indicator__code="RP.CLASSES").values_list("value", flat=True))
    assert report.state in ("submitted", "draft")
    assert facts == ([stated] if report.state == "submitted" else [])


def test_reports_of_two_communes_that_come_in_at_once_are_both_in_the_provinces_total(
    people: Cast, turn: Round
) -> None:
    one = fill(people.an, report_of(turn, people.commune), classes=4)
    other = fill(people.chi, report_of(turn, people.next_door), classes=5)
    answers = at_once(
        lambda: services.submit(by=people.an, submission=one), lambda: services.submit(by=people.chi, submission=other)
    )
    assert winners(answers) == 2
    at = indicators.At(people.province.pk, "RP.CLASSES", NOVEMBER)
    assert indicators.values([people.province.pk], [NOVEMBER], codes=["RP.CLASSES"])[at].value == 9
    assert_totals_hold()
    assert trail.verify() is None


def test_two_ticks_at_once_open_a_round_once(people: Cast) -> None:
    make_kind(people)
    answers = at_once(services.open_rounds, services.open_rounds)
    assert sorted(str(answer) for answer in answers) == ["0", "1"]
    assert Round.objects.count() == 1


def test_of_two_who_remind_at_once_each_unit_gets_one_letter(people: Cast) -> None:
    one = make_round(people)
    Submission.objects.update(due_on="2020-11-10")
    Message.objects.all().delete()
    answers = at_once(
        lambda: services.remind_late(by=people.dung, round=one), lambda: services.remind_late(by=people.dung, round=one)
    )
    assert sorted(str(answer) for answer in answers) == ["0", "2"]
    assert Message.objects.count() == 2
