"""Taking attendance: once by each key, in one order, with conflicts for a human; the book and the turns are exact."""

import random
import threading
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from tests.factories.cast import TODAY, Cast, give, make_user
from tests.factories.learning import make_activity, make_person, make_provider, make_session

from hieuhoc.foundation.records import trail
from hieuhoc.foundation.records.models import Entry
from hieuhoc.kernel.errors import Conflict, Invalid, Missing, Refused
from hieuhoc.programme.learning.models import Attendance, Enrolment, HeadCount, SentMark, Session
from hieuhoc.programme.learning.selectors import attendance as selectors
from hieuhoc.programme.learning.services import attendance as services
from hieuhoc.programme.learning.services.attendance import Heads, Item, Outcome, Sent, WalkIn
from hieuhoc.programme.learning.services.enrolments import enrol
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.people.models import Person

WORDS = ("An", "Ba", "Chi", "Dung", "Giang", "Hai", "Khoa", "Lan", "Mai", "Nga")
EARLY = timezone.make_aware(datetime(2020, 11, 16, 0, 5))


@dataclass
class Class:
    """A class of some learners with two sessions, the second one today."""

    cast: Cast
    first: Session
    today: Session
    learners: list[Enrolment]


def _name(place: int) -> str:
    """A name of its own for each: letters only, as names are."""
    return f"Nguyễn Văn {WORDS[place % 10]}" + (f" {WORDS[place // 10]}" if place >= 10 else "")


def make_class(cast: Cast, learners: int = 3) -> Class:
    activity = make_activity(make_provider(cast.commune))
    first = make_session(activity, TODAY - timedelta(days=7))
    today = make_session(activity, TODAY, hour=0)
    enrolled = [
        enrol(by=cast.hue, activity=activity, person=make_person(_name(place), birth_year=1950 + place))
        for place in range(learners)
    ]
    return Class(cast, first, today, enrolled)


@pytest.fixture
def lesson(cast: Cast) -> Class:
    return make_class(cast)


def mark(enrolment: Enrolment, mark: str, *, seen: int = 0, minute: int = 0, key: uuid.UUID | None = None) -> Sent:
    return Sent(key or uuid.uuid4(), enrolment.pk, mark, seen, EARLY + timedelta(minutes=minute))


def take(by: User, session: Session, *items: Item) -> list[Outcome]:
    return services.take_marks(by=by, session=session, marks=items)


def book(session: Session) -> dict[int, str]:
    return dict(Attendance.objects.filter(session=session).values_list("enrolment", "mark"))


# ---- the book, the turns, the session ------------------------------------------------------------------


@pytest.mark.django_db
def test_the_first_mark_writes_the_book_holds_the_session_and_leaves_one_line(lesson: Class) -> None:
    one, two, three = lesson.learners
    done = take(lesson.cast.lan, lesson.today, mark(one, "present"), mark(two, "late"), mark(three, "absent"))
    assert [outcome.outcome for outcome in done] == ["taken"] * 3
    assert book(lesson.today) == {one.pk: "present", two.pk: "late", three.pk: "absent"}
    lesson.today.refresh_from_db()
    assert (lesson.today.state, lesson.today.activity.__class__.objects.get().held_on) == ("held", TODAY)
    lines = Entry.objects.filter(deed="learning.attendance.take")
    assert [line.changes for line in lines] == [{"present": [0, 1], "late": [0, 1], "absent": [0, 1]}]
    assert trail.verify() is None


@pytest.mark.django_db
def test_the_days_of_a_turn_follow_every_mark(lesson: Class) -> None:
    one = lesson.learners[0]

    def days() -> tuple[date | None, date | None]:
        one.refresh_from_db()
        return one.first_on, one.last_on

    take(lesson.cast.lan, lesson.today, mark(one, "present"))
    assert days() == (TODAY, TODAY)
    take(lesson.cast.lan, lesson.first, mark(one, "late"))
    assert days() == (TODAY - timedelta(days=7), TODAY)
    take(lesson.cast.lan, lesson.today, mark(one, "absent", minute=1))
    assert days() == (TODAY - timedelta(days=7), TODAY - timedelta(days=7))
    take(lesson.cast.lan, lesson.first, mark(one, "", minute=1))
    assert days() == (None, None)
    assert book(lesson.first) == {}


@pytest.mark.django_db
def test_a_key_is_answered_once_and_for_all(lesson: Class) -> None:
    one = lesson.learners[0]
    sent = mark(one, "present")
    first = take(lesson.cast.lan, lesson.today, sent, sent)
    take(lesson.cast.lan, lesson.today, mark(one, "absent", minute=5))
    again = take(lesson.cast.lan, lesson.today, sent)
    assert first == again * 2
    assert book(lesson.today) == {one.pk: "absent"}
    assert SentMark.objects.count() == 2


@pytest.mark.django_db
def test_a_key_of_somebody_else_or_of_another_session_is_refused_and_tells_nothing(lesson: Class) -> None:
    one = lesson.learners[0]
    sent = mark(one, "present")
    take(lesson.cast.lan, lesson.today, sent)
    for by, session in ((lesson.cast.hue, lesson.today), (lesson.cast.lan, lesson.first)):
        (refused,) = take(by, session, sent)
        assert (refused.outcome, "enrolment" in refused.answer) == ("refused", False)
        assert refused.why is not None
    assert book(lesson.first) == {}


# ---- two people -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_another_person_who_marked_differently_in_between_is_a_conflict_that_a_human_settles(lesson: Class) -> None:
    one, cast = lesson.learners[0], lesson.cast
    take(cast.hue, lesson.today, mark(one, "absent"))
    (clash,) = take(cast.lan, lesson.today, mark(one, "present", minute=3))
    assert (clash.outcome, clash.answer["mark"]) == ("conflict", "absent")
    (shown,) = selectors.roll(lesson.today).clashes
    assert (shown.sent.by, shown.sent.content["mark"], shown.learner and shown.learner.mark) == (
        cast.lan,
        "present",
        "absent",
    )
    services.settle_conflict(
        by=cast.hue, session=lesson.today, key=clash.key, choice="sent", seen=clash.answer["edition"]
    )
    assert book(lesson.today) == {one.pk: "present"}
    assert selectors.roll(lesson.today).clashes == []
    with pytest.raises(Conflict):
        services.settle_conflict(by=cast.lan, session=lesson.today, key=clash.key, choice="kept")


@pytest.mark.django_db
def test_whoever_had_seen_the_other_mark_changes_it_and_the_same_mark_is_no_conflict(lesson: Class) -> None:
    one, two, _ = lesson.learners
    done = take(lesson.cast.hue, lesson.today, mark(one, "absent"), mark(two, "late"))
    seen = done[0].answer["edition"]
    answers = take(lesson.cast.lan, lesson.today, mark(one, "present", seen=seen), mark(two, "late"))
    assert [answer.outcome for answer in answers] == ["taken", "taken"]
    assert book(lesson.today) == {one.pk: "present", two.pk: "late"}


@pytest.mark.django_db
def test_a_settlement_that_comes_after_another_change_is_refused(lesson: Class) -> None:
    one, cast = lesson.learners[0], lesson.cast
    take(cast.hue, lesson.today, mark(one, "absent"))
    (clash,) = take(cast.lan, lesson.today, mark(one, "present"))
    take(cast.hue, lesson.today, mark(one, "late", minute=9))
    with pytest.raises(Conflict):
        services.settle_conflict(
            by=cast.lan, session=lesson.today, key=clash.key, choice="sent", seen=clash.answer["edition"]
        )
    assert book(lesson.today) == {one.pk: "late"}


@pytest.mark.django_db
def test_a_conflict_ends_when_its_sender_says_something_else_or_the_other_comes_round(lesson: Class) -> None:
    one, two, _ = lesson.learners
    cast = lesson.cast
    take(cast.hue, lesson.today, mark(one, "absent"), mark(two, "absent"))
    take(cast.lan, lesson.today, mark(one, "present"), mark(two, "present"))
    assert len(selectors.roll(lesson.today).clashes) == 2
    take(cast.lan, lesson.today, mark(one, "absent", minute=2))
    take(cast.hue, lesson.today, mark(two, "present", minute=2))
    assert selectors.roll(lesson.today).clashes == []


@pytest.mark.django_db
def test_of_two_phones_of_one_person_the_later_mark_holds_in_whatever_order_they_arrive(lesson: Class) -> None:
    one = lesson.learners[0]
    take(lesson.cast.lan, lesson.today, mark(one, "late", minute=8))
    take(lesson.cast.lan, lesson.today, mark(one, "present", minute=2))
    assert book(lesson.today) == {one.pk: "late"}


@pytest.mark.django_db
def test_a_mark_that_was_taken_back_and_made_anew_is_not_the_one_that_was_seen_before(lesson: Class) -> None:
    one, cast = lesson.learners[0], lesson.cast
    (first,) = take(cast.hue, lesson.today, mark(one, "present"))
    take(cast.hue, lesson.today, mark(one, "", minute=1))
    take(cast.hue, lesson.today, mark(one, "absent", minute=2))
    (clash,) = take(cast.lan, lesson.today, mark(one, "late", seen=first.answer["edition"]))
    assert clash.outcome == "conflict"


# ---- walk-ins and heads ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_walk_in_becomes_a_person_with_a_place_and_a_mark_once(lesson: Class) -> None:
    came = WalkIn(uuid.uuid4(), "Trần Thị Chín", 1990, "female")
    first, again = take(lesson.cast.lan, lesson.today, came, came)
    assert first == again
    person = Person.objects.get(name="Trần Thị Chín")
    made = Enrolment.objects.get(person=person)
    assert (made.source, made.state, made.first_on, first.answer["enrolment"]) == (
        "session",
        "enrolled",
        TODAY,
        made.pk,
    )
    assert book(lesson.today) == {made.pk: "present"}
    assert "Trần" not in str(list(SentMark.objects.values()))
    take(lesson.cast.lan, lesson.today, Sent(uuid.uuid4(), None, "late", of=came.key))
    assert book(lesson.today) == {made.pk: "late"}


@pytest.mark.django_db
def test_a_walk_in_of_a_name_that_is_in_the_list_waits_for_a_decision(lesson: Class) -> None:
    one, cast = lesson.learners[0], lesson.cast
    same, other = WalkIn(uuid.uuid4(), "nguyễn văn an", 1950), WalkIn(uuid.uuid4(), "Nguyễn Văn An")
    answers = take(cast.lan, lesson.today, same, other)
    assert [answer.outcome for answer in answers] == ["conflict", "conflict"]
    services.settle_conflict(by=cast.lan, session=lesson.today, key=same.key, choice="sent")
    assert book(lesson.today) == {one.pk: "present"}
    services.settle_conflict(by=cast.lan, session=lesson.today, key=other.key, choice="another")
    assert len(book(lesson.today)) == 2
    assert Person.objects.filter(folded="nguyen van an").count() == 2
    assert "guyễn" not in str(list(SentMark.objects.values()))


@pytest.mark.django_db
def test_what_a_phone_says_of_a_walk_in_that_waits_goes_along_with_the_decision(lesson: Class) -> None:
    one, cast = lesson.learners[0], lesson.cast
    came, gone = WalkIn(uuid.uuid4(), "Nguyễn Văn An", 1950), WalkIn(uuid.uuid4(), "Nguyễn Văn Ba", 1951)
    take(cast.lan, lesson.today, came, gone)
    take(cast.lan, lesson.today, Sent(uuid.uuid4(), None, "late", of=came.key))
    take(cast.lan, lesson.today, Sent(uuid.uuid4(), None, "", of=gone.key))
    (waiting,) = selectors.roll(lesson.today).clashes
    services.settle_conflict(by=cast.lan, session=lesson.today, key=waiting.sent.key, choice="sent")
    assert book(lesson.today) == {one.pk: "late"}


@pytest.mark.django_db
def test_heads_are_counted_not_added_and_two_counters_who_differ_are_a_conflict(lesson: Class) -> None:
    cast = lesson.cast
    women = Heads(uuid.uuid4(), 12, "female", "36-60")
    take(cast.lan, lesson.today, women, women, Heads(uuid.uuid4(), 3))
    assert set(HeadCount.objects.values_list("sex", "age_band", "count")) == {("female", "36-60", 12), ("", "", 3)}
    (clash,) = take(cast.hue, lesson.today, Heads(uuid.uuid4(), 14, "female", "36-60"))
    assert (clash.outcome, clash.answer["count"]) == ("conflict", 12)
    services.settle_conflict(
        by=cast.hue, session=lesson.today, key=clash.key, choice="sent", seen=clash.answer["edition"]
    )
    assert selectors.roll(lesson.today).counts["heads"] == 17
    lesson.today.refresh_from_db()
    assert lesson.today.state == "held"


# ---- what is refused ---------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_cannot_be_taken_is_refused_with_a_sentence_and_the_rest_is_taken(lesson: Class) -> None:
    one, two, three = lesson.learners
    foreign = make_class_of_another(lesson.cast)
    Enrolment.objects.filter(pk=two.pk).update(state="cancelled")
    answers = take(
        lesson.cast.lan,
        lesson.today,
        mark(foreign, "present"),
        mark(two, "present"),
        mark(three, "asleep"),
        WalkIn(uuid.uuid4(), "", 1990),
        Heads(uuid.uuid4(), -1),
        Heads(uuid.uuid4(), 1, "female", "200"),
        Sent(uuid.uuid4(), None, "present", of=uuid.uuid4()),
        mark(one, "present"),
    )
    assert [answer.outcome for answer in answers] == ["refused"] * 7 + ["taken"]
    assert all(answer.why and answer.why.sentence for answer in answers[:-1])
    assert book(lesson.today) == {one.pk: "present"}
    assert trail.verify() is None


def make_class_of_another(cast: Cast) -> Enrolment:
    activity = make_activity(make_provider(cast.commune, "Trung tâm khác"), "Lớp khác")
    return enrol(by=cast.hue, activity=activity, person=make_person("Người Lớp Khác"))


@pytest.mark.django_db
@pytest.mark.parametrize("closed", ["cancelled session", "cancelled activity", "draft", "tomorrow"])
def test_nothing_is_marked_where_nobody_can_have_sat(lesson: Class, closed: str) -> None:
    session = lesson.today
    if closed == "cancelled session":
        Session.objects.filter(pk=session.pk).update(state="cancelled")
    elif closed == "tomorrow":
        Session.objects.filter(pk=session.pk).update(on=TODAY + timedelta(days=1))
    else:
        session.activity.state = closed.split()[0]
        session.activity.save()
    (refused,) = take(lesson.cast.lan, session, mark(lesson.learners[0], "present"))
    assert (refused.outcome, book(session)) == ("refused", {})


@pytest.mark.django_db
def test_who_reads_is_refused_and_who_is_next_door_finds_nothing(lesson: Class) -> None:
    cast = lesson.cast
    neighbour = give(make_user("kieu", "Kiều Thị Láng Giềng"), "class_helper", cast.next_door)
    for user, error in ((cast.xuan, Refused), (cast.chi, Missing), (neighbour, Missing), (cast.nobody, Missing)):
        with pytest.raises(error):
            take(user, lesson.today, mark(lesson.learners[0], "present"))
    assert SentMark.objects.count() == 0


@pytest.mark.django_db
def test_too_much_at_once_is_refused_as_a_whole(lesson: Class) -> None:
    items = [mark(lesson.learners[0], "present") for _ in range(501)]
    with pytest.raises(Invalid):
        take(lesson.cast.lan, lesson.today, *items)


@pytest.mark.django_db
def test_a_phone_whose_clock_stands_at_its_beginning_is_believed_as_of_now(lesson: Class) -> None:
    one = lesson.learners[0]
    take(lesson.cast.lan, lesson.today, mark(one, "absent"))
    empty_battery = timezone.make_aware(datetime(1970, 1, 1))
    take(lesson.cast.lan, lesson.today, Sent(uuid.uuid4(), one.pk, "present", 0, empty_battery))
    assert book(lesson.today) == {one.pk: "present"}


def test_a_phone_whose_clock_runs_ahead_does_not_win_for_ever(lesson: Class) -> None:
    one = lesson.learners[0]
    ahead = Sent(uuid.uuid4(), one.pk, "present", at=EARLY + timedelta(days=900))
    take(lesson.cast.lan, lesson.today, ahead)
    take(lesson.cast.lan, lesson.today, Sent(uuid.uuid4(), one.pk, "late"))
    assert book(lesson.today) == {one.pk: "late"}


# ---- at once ------------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_the_same_sending_from_six_connections_at_once_is_taken_once(cast: Cast) -> None:
    lesson = make_class(cast, learners=20)
    items: list[Item] = [mark(one, "present") for one in lesson.learners]
    items += [WalkIn(uuid.uuid4(), name, 1980) for name in ("Kiều Oanh", "Lê Sáu", "Võ Tám", "Hồ Chín", "Tô Tư")]
    items += [Heads(uuid.uuid4(), 7, "male", "15-25")]
    wrong: list[BaseException] = []
    answers: list[list[Outcome]] = []

    def send(order: int) -> None:
        mine = items[:]
        random.Random(order).shuffle(mine)  # noqa: S311  # an order, not a secret
        try:
            found = take(cast.lan, lesson.today, *mine)
            answers.append(sorted(found, key=lambda one: str(one.key)))
        except BaseException as error:  # noqa: BLE001  # told by the test's own thread
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=(order,)) for order in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(answers) == 6
    assert len(book(lesson.today)) == 25
    assert (SentMark.objects.count(), Enrolment.objects.count(), Person.objects.count()) == (26, 25, 25)
    assert HeadCount.objects.get().count == 7
    assert [[one.outcome for one in row] for row in answers] == [["taken"] * 26] * 6


# ---- two hundred phones with a bad line ---------------------------------------------------------------------


@dataclass
class Phone:
    """The protocol of the page: an outbox in order, everything that is not answered is sent again."""

    user: User
    chance: random.Random
    outbox: list[Sent]
    last: dict[int, str]

    def tap(self, enrolment: int, mark: str, minute: int) -> None:
        key = uuid.UUID(int=self.chance.getrandbits(128), version=4)
        self.outbox.append(Sent(key, enrolment, mark, 0, EARLY + timedelta(minutes=minute)))
        self.last[enrolment] = mark


@pytest.mark.django_db
@pytest.mark.parametrize("block", range(4))
def test_two_hundred_random_runs_with_cuts_repeats_and_reorderings_lose_nothing_and_double_nothing(
    cast: Cast, block: int
) -> None:
    lesson = make_class(cast, learners=8)
    for run in range(50):
        chance = random.Random(1000 * block + run)  # noqa: S311  # for moments, not for secrets
        SentMark.objects.all().delete()
        Attendance.objects.all().delete()
        Enrolment.objects.update(first_on=None, last_on=None)
        phone = Phone(cast.lan, chance, [], {})
        delayed: list[list[Sent]] = []
        tapped: list[uuid.UUID] = []
        for minute in range(12):
            phone.tap(chance.choice(lesson.learners).pk, chance.choice(["present", "late", "absent", ""]), minute)
            tapped.append(phone.outbox[-1].key)
            _signal(phone, lesson.today, delayed, chance)
        while phone.outbox:
            _signal(phone, lesson.today, delayed, chance)
        chance.shuffle(delayed)
        for late in delayed:
            services.take_marks(by=phone.user, session=lesson.today, marks=late)
        assert book(lesson.today) == {pk: said for pk, said in phone.last.items() if said}, run
        assert sorted(SentMark.objects.values_list("pk", flat=True)) == sorted(tapped), run
        turns = {pk for pk, said in phone.last.items() if said in ("present", "late")}
        assert set(Enrolment.objects.filter(first_on=TODAY, last_on=TODAY).values_list("pk", flat=True)) == turns, run


def _signal(phone: Phone, session: Session, delayed: list[list[Sent]], chance: random.Random) -> None:
    """The phone tries to send all that it has: no signal, answer lost, arrives later once more, or all is well."""
    batch, fate = list(phone.outbox), chance.random()
    if not batch or fate < 0.3:
        return
    answers = services.take_marks(by=phone.user, session=session, marks=batch)
    if fate < 0.5:
        return
    if fate < 0.7:
        delayed.append(batch)
    answered = {answer.key for answer in answers}
    phone.outbox = [one for one in phone.outbox if one.key not in answered]
