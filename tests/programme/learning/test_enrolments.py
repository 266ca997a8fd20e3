"""Places in an activity: given once, waited for in order of arrival, given up, completed; and a burst of people."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks
from tests.factories.cast import TODAY, Cast, make_cast
from tests.factories.learning import make_activity, make_person, make_provider, make_session

from hieuhoc.foundation.records import clock, trail
from hieuhoc.foundation.records.models import Entry
from hieuhoc.kernel.errors import Conflict, Invalid, Missing, Refused
from hieuhoc.programme.learning.models import Activity, Enrolment
from hieuhoc.programme.learning.rules.enrolments import free_of, is_free, why_closed
from hieuhoc.programme.learning.services import enrolments
from hieuhoc.programme.learning.services.enrolment_reminders import remind_learners
from hieuhoc.registers.people.models import Person
from hieuhoc.registers.people.services import About, join_people, note_people


@dataclass(frozen=True)
class Class:
    """A class of two places at An's commune."""

    cast: Cast
    activity: Activity

    def enrol(self, name: str, **given: object) -> Enrolment:
        person = make_person(name, unit=self.cast.commune)
        by = given.pop("by", self.cast.hue)
        return enrolments.enrol(by=by, activity=self.activity, person=person, **given)  # type: ignore[arg-type]


@pytest.fixture
def small(cast: Cast) -> Class:
    return Class(cast, make_activity(make_provider(cast.commune), capacity=2))


def states(activity: Activity) -> list[str]:
    return list(activity.enrolments.order_by("place").values_list("state", flat=True))


# ---- rules -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "is_open"),
    [
        ({}, True),
        ({"state": "draft"}, False),
        ({"state": "ended"}, False),
        ({"state": "cancelled"}, False),
        ({"enrolling": "staff"}, False),
        ({"enrolling": "none"}, False),
        ({"is_public": False}, False),
        ({"until": TODAY}, True),
        ({"until": TODAY - timedelta(days=1)}, False),
        ({"last_on": TODAY}, True),
        ({"last_on": TODAY - timedelta(days=1)}, False),
    ],
)
def test_a_citizen_enrols_while_the_class_is_open_to_them(changed: dict[str, str | bool | date], is_open: bool) -> None:
    usual = {"state": "open", "enrolling": "open", "is_public": True, "until": None, "last_on": None}
    why = why_closed(**(usual | changed), on=TODAY)  # type: ignore[arg-type]  # a table of values
    assert (why is None) == is_open


def test_whoever_waits_is_not_overtaken() -> None:
    assert is_free(capacity=3, taken=2, in_front=False)
    assert not is_free(capacity=3, taken=2, in_front=True)
    assert free_of(7, capacity=40, taken=50, in_front=False) == 0


# ---- services ----------------------------------------------------------------------------------------


def test_the_third_for_two_places_waits(small: Class) -> None:
    rows = [small.enrol(name) for name in ("Một", "Hai Ba", "Tư Năm")]
    assert [(row.place, row.state) for row in rows] == [(1, "enrolled"), (2, "enrolled"), (3, "waiting")]


def test_giving_a_place_up_admits_the_first_who_waits(small: Class) -> None:
    first = small.enrol("Người Một")
    for name in ("Người Hai", "Người Ba", "Người Bốn"):
        small.enrol(name)
    enrolments.cancel_enrolment(by=small.cast.hue, enrolment=first)
    assert states(small.activity) == ["cancelled", "enrolled", "enrolled", "waiting"]


def test_whoever_comes_back_comes_last(small: Class) -> None:
    first = small.enrol("Người Một")
    small.enrol("Người Hai")
    small.enrol("Người Ba")
    enrolments.cancel_enrolment(by=None, enrolment=first)
    again = enrolments.enrol(by=small.cast.hue, activity=small.activity, person=first.person)
    assert (again.pk, again.state, again.place) == (first.pk, "waiting", 4)


def test_enrolling_again_changes_nothing(small: Class) -> None:
    first = small.enrol("Người Một")
    again = enrolments.enrol(by=small.cast.hue, activity=small.activity, person=first.person)
    assert again == first
    assert small.activity.enrolments.count() == 1


def test_a_joined_row_has_the_place_of_the_person_kept(small: Class) -> None:
    first = small.enrol("Người Một")
    other = make_person("Người Mốt", unit=small.cast.commune)
    join_people(by=small.cast.hue, kept=other, gone=first.person)
    assert enrolments.enrol(by=small.cast.hue, activity=small.activity, person=other) == first


def test_whoever_sits_in_the_room_is_in_whatever_the_places(small: Class) -> None:
    for name in ("Người Một", "Người Hai", "Người Ba"):
        small.enrol(name)
    assert small.enrol("Người Bốn", by=small.cast.lan, source="session").state == "enrolled"
    waiting = small.activity.enrolments.get(state="waiting")
    kept = enrolments.enrol(by=small.cast.lan, activity=small.activity, person=waiting.person, source="session")
    assert kept.state == "enrolled"


def test_more_places_are_filled_in_order(small: Class) -> None:
    for number in range(5):
        small.enrol(f"Người Thứ {['Một', 'Hai', 'Ba', 'Bốn', 'Năm'][number]}")
    Activity.objects.filter(pk=small.activity.pk).update(capacity=4)
    assert [row.place for row in enrolments.fill_places(by=small.cast.hue, activity=small.activity)] == [3, 4]
    assert states(small.activity) == ["enrolled"] * 4 + ["waiting"]


def test_whoever_was_there_stays_in_the_list(small: Class) -> None:
    row = small.enrol("Người Một")
    Enrolment.objects.filter(pk=row.pk).update(first_on=TODAY)
    with pytest.raises(Conflict):
        enrolments.cancel_enrolment(by=small.cast.hue, enrolment=row)


def test_staff_enrol_where_they_run_classes(small: Class) -> None:
    with pytest.raises(Missing):
        small.enrol("Người Một", by=small.cast.chi)
    with pytest.raises(Refused):
        small.enrol("Người Hai", by=small.cast.lan)
    with pytest.raises(Refused):
        small.enrol("Người Ba", by=small.cast.xuan)
    assert small.enrol("Người Tư", by=small.cast.an).state == "enrolled"


def test_nobody_is_enrolled_in_what_was_cancelled(small: Class) -> None:
    Activity.objects.filter(pk=small.activity.pk).update(state="cancelled")
    with pytest.raises(Conflict):
        small.enrol("Người Một")
    with pytest.raises(Conflict):
        small.enrol("Người Hai", by=None, source="citizen")


def test_nobody_is_admitted_to_what_has_ended_or_was_cancelled(small: Class) -> None:
    first, *_others, last = [small.enrol(name) for name in ("Lê Thị Một", "Lê Thị Hai", "Lê Thị Ba")]
    for state in ("ended", "cancelled"):
        Activity.objects.filter(pk=small.activity.pk).update(state=state, capacity=9)
        assert enrolments.fill_places(by=small.cast.hue, activity=small.activity) == []
    enrolments.cancel_enrolment(by=None, enrolment=first)
    last.refresh_from_db()
    assert last.state == "waiting"


def test_whoever_gave_up_and_stands_in_a_list_comes_back(small: Class) -> None:
    row = small.enrol("Lê Thị Một")
    enrolments.cancel_enrolment(by=small.cast.hue, enrolment=row)
    people = [row.person, make_person("Lê Thị Hai"), make_person("Lê Thị Ba")]
    told = enrolments.enrol_many(by=small.cast.hue, activity=small.activity, people=people)
    row.refresh_from_db()
    assert (told, row.state, row.place) == ((2, 1, 0), "waiting", 4)
    assert enrolments.enrol_many(by=small.cast.hue, activity=small.activity, people=people) == (0, 0, 3)


def test_a_list_is_enrolled_whole_and_in_its_order(small: Class) -> None:
    known = small.enrol("Người Một")
    people = note_people(by=small.cast.hue, people=[About(f"Người {word}") for word in ("Hai", "Ba", "Tư")])
    done = enrolments.enrol_many(by=small.cast.hue, activity=small.activity, people=[known.person, *people, people[0]])
    assert done == (1, 2, 1)
    assert states(small.activity) == ["enrolled", "enrolled", "waiting", "waiting"]
    assert Entry.objects.filter(deed="learning.enrolment.ask").count() == 4


def test_only_who_has_a_place_completes_and_a_reason_takes_it_back(small: Class) -> None:
    rows = [small.enrol(name) for name in ("Người Một", "Người Hai", "Người Ba")]
    with pytest.raises(Invalid):
        enrolments.complete(by=small.cast.hue, activity=small.activity, enrolments=[row.pk for row in rows])
    assert enrolments.complete(by=small.cast.hue, activity=small.activity, enrolments=[rows[0].pk]) == 1
    assert enrolments.complete(by=small.cast.hue, activity=small.activity, enrolments=[rows[0].pk, rows[1].pk]) == 1
    with pytest.raises(Invalid):
        enrolments.undo_completion(by=small.cast.hue, enrolment=rows[0], why="")
    assert enrolments.undo_completion(by=small.cast.hue, enrolment=rows[0], why="Nhầm").state == "enrolled"


# ---- reminders ---------------------------------------------------------------------------------------

sent: list[tuple[str, str]] = []


def gateway(phone: str, text: str) -> None:
    """What a house plugs in to send messages: here they are only gathered."""
    sent.append((phone, text))


def test_whoever_has_a_place_is_reminded_once_on_the_day_before(
    small: Class, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    sent.clear()
    make_session(small.activity, TODAY + timedelta(days=1))
    make_session(small.activity, TODAY + timedelta(days=2))
    for turn, name in enumerate(("Người Một", "Người Hai", "Người Ba")):
        row = small.enrol(name)
        Person.objects.filter(pk=row.person_id).update(phone=f"091234567{turn}" if turn else "")
    nine = timezone.make_aware(datetime.combine(TODAY, time(9)))
    with clock.pinned(nine):
        assert remind_learners() == 0  # nothing leaves a house without a gateway
    with override_settings(MESSAGE_GATEWAY=f"{__name__}.gateway"):
        with clock.pinned(nine.replace(hour=5)):
            assert remind_learners() == 0  # and nobody is woken
        with clock.pinned(nine), django_capture_on_commit_callbacks(execute=True):
            assert remind_learners() == 1
            assert remind_learners() == 0
    ((phone, text),) = sent
    assert phone == "0912345671"
    assert "08:00" in text


# ---- a burst -----------------------------------------------------------------------------------------

PEOPLE, PLACES, CONNECTIONS = 500, 40, 50


@pytest.mark.django_db(transaction=True)
def test_of_five_hundred_who_come_at_once_forty_get_a_place_and_the_rest_wait_in_order() -> None:
    cast = make_cast()
    activity = make_activity(make_provider(cast.commune), capacity=PLACES)
    people = [make_person(f"Người {number}", unit=cast.commune) for number in range(PEOPLE)]
    turns: Iterator[int] = iter(range(CONNECTIONS))

    def one_connection(turn: int) -> list[Enrolment]:
        try:
            return [
                enrolments.enrol(by=None, activity=activity, person=person, source="citizen")
                for person in people[turn::CONNECTIONS]
            ]
        finally:
            connection.close()

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        answers = [row for rows in pool.map(one_connection, turns) for row in rows]
    rows = list(activity.enrolments.order_by("place"))
    assert [row.place for row in rows] == list(range(1, PEOPLE + 1))
    assert [row.state for row in rows] == ["enrolled"] * PLACES + ["waiting"] * (PEOPLE - PLACES)
    assert [row.asked_at for row in rows] == sorted(row.asked_at for row in rows)
    assert {(row.pk, row.state, row.place) for row in answers} == {(row.pk, row.state, row.place) for row in rows}
    assert trail.verify() is None
