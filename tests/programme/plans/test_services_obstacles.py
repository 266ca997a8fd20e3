"""An obstacle's way: raised, answered, passed up, closed; who may at each step, and how long it had waited."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.factories.cast import Cast
from tests.factories.plans import make_plan, make_task

from hieuhoc.foundation.outbox.models import Message
from hieuhoc.foundation.records import clock, trail
from hieuhoc.foundation.records.models import Entry
from hieuhoc.kernel.errors import Conflict, Invalid, Missing, Refused
from hieuhoc.programme.plans import selectors, services
from hieuhoc.programme.plans.models import Assignment, Obstacle, Plan
from hieuhoc.registers.accounts.models import User

pytestmark = pytest.mark.django_db

Deed = Callable[[User, Obstacle], Obstacle]
EVERYBODY = ("minh", "binh", "hanh", "dung", "an", "chi", "xuan", "tri", "nobody")
SEES = {"minh", "binh", "dung", "an", "xuan", "tri"}

DEEDS: dict[str, Deed] = {
    "answer": lambda by, one: services.answer_obstacle(by=by, obstacle=one, words="Đã bố trí."),
    "escalate": lambda by, one: services.escalate_obstacle(by=by, obstacle=one, words="Vượt thẩm quyền."),
    "close": lambda by, one: services.close_obstacle(by=by, obstacle=one),
    "reopen": lambda by, one: services.reopen_obstacle(by=by, obstacle=one, words="Chưa xong."),
    "withdraw": lambda by, one: services.withdraw_obstacle(by=by, obstacle=one),
}


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return make_plan(
        by=cast.binh, issuer=cast.committee, lead=cast.education, tasks=[make_task("Mở lớp.", leads=[cast.commune])]
    )


@pytest.fixture
def work(plan: Plan) -> Assignment:
    return Assignment.objects.select_related("task", "plan", "plan__lead", "unit").get(plan=plan)


def raise_obstacle(by: User, work: Assignment, **over: str) -> Obstacle:
    given = {"topic": "money", "title": "Thiếu kinh phí", "text": "Chưa có dự toán."} | over
    return services.raise_obstacle(by=by, assignment=work, **given)


@pytest.fixture
def obstacle(cast: Cast, work: Assignment) -> Obstacle:
    return raise_obstacle(cast.an, work)


def brought_to(state: str, obstacle: Obstacle, cast: Cast) -> Obstacle:
    steps = {
        "raised": [],
        "escalated": [(cast.binh, "escalate")],
        "answered": [(cast.binh, "answer")],
        "closed": [(cast.binh, "answer"), (cast.an, "close")],
        "withdrawn": [(cast.an, "withdraw")],
    }
    for by, deed in steps[state]:
        DEEDS[deed](by, obstacle)
    fresh = selectors.obstacle_by_key(cast.an, obstacle.pk)
    assert fresh.state == state
    return fresh


# ---- raising ---------------------------------------------------------------------------------------


def test_an_obstacle_goes_to_the_lead_agency_of_the_plan(cast: Cast, work: Assignment) -> None:
    Message.objects.all().delete()
    obstacle = raise_obstacle(cast.an, work, title="  Thiếu kinh phí ", proposal=" Bổ sung. ")
    assert (obstacle.state, obstacle.unit, obstacle.holder) == ("raised", cast.commune, cast.education)
    assert (obstacle.title, obstacle.proposal, obstacle.raised_by) == ("Thiếu kinh phí", "Bổ sung.", cast.an)
    assert [step.deed for step in obstacle.steps.all()] == ["raise"]
    assert trail.history(obstacle).get().deed == "plans.obstacle.raise"
    # Nobody works at the lead agency itself: it is asked of those nearest above it.
    assert {letter.to for letter in Message.objects.all()} == {cast.binh.email, cast.minh.email}


@pytest.mark.parametrize("name", EVERYBODY)
def test_an_obstacle_is_raised_for_the_agency_that_holds_the_work(cast: Cast, work: Assignment, name: str) -> None:
    by = getattr(cast, name)
    if name in {"an", "dung"}:
        assert raise_obstacle(by, work).unit == cast.commune
        return
    with pytest.raises(Refused if name in SEES else Missing):
        raise_obstacle(by, work)
    assert Obstacle.objects.count() == 0


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"topic": "weather"}, "topic"),
        ({"topic": ""}, "topic"),
        ({"title": " "}, "title"),
        ({"text": "\n"}, "text"),
    ],
)
def test_an_obstacle_without_topic_or_words_is_invalid(
    cast: Cast, work: Assignment, over: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        raise_obstacle(cast.an, work, **over)
    assert refused.value.field == field


def test_no_obstacle_is_raised_in_a_plan_that_has_ended(cast: Cast, plan: Plan, work: Assignment) -> None:
    services.close_plan(by=cast.binh, plan=plan, why="Hết thời gian.")
    work.refresh_from_db()
    with pytest.raises(Conflict):
        raise_obstacle(cast.an, selectors.assignment_by_key(cast.an, work.pk))


# ---- who may, from each state ----------------------------------------------------------------------

RAISERS = {"an", "dung"}
MAY = {
    ("answer", "raised"): {"binh", "minh"},
    ("answer", "escalated"): {"minh"},
    ("escalate", "raised"): {"binh"},
    ("close", "answered"): RAISERS,
    ("reopen", "answered"): RAISERS,
    ("reopen", "closed"): RAISERS,
    ("withdraw", "raised"): RAISERS,
    ("withdraw", "escalated"): RAISERS,
}


@pytest.mark.parametrize(("deed", "state"), list(MAY))
def test_each_step_is_for_some_refused_to_who_sees_it_and_missing_for_the_rest(
    cast: Cast, obstacle: Obstacle, deed: str, state: str
) -> None:
    obstacle = brought_to(state, obstacle, cast)
    lines = Entry.objects.count()
    for name in EVERYBODY:
        if name not in MAY[deed, state]:
            with pytest.raises(Refused if name in SEES else Missing):
                DEEDS[deed](getattr(cast, name), obstacle)
    assert Entry.objects.count() == lines


@pytest.mark.parametrize(
    ("deed", "state", "name"), [(deed, state, name) for (deed, state), names in MAY.items() for name in sorted(names)]
)
def test_who_may_does_it_and_the_step_is_kept(cast: Cast, obstacle: Obstacle, deed: str, state: str, name: str) -> None:
    obstacle = brought_to(state, obstacle, cast)
    by = getattr(cast, name)
    moved = DEEDS[deed](by, obstacle)
    assert moved.state != state
    last = moved.steps.order_by("-pk")[0]
    assert (last.deed, last.by) == (deed, by)
    entry = trail.history(moved)[0]
    assert (entry.deed, entry.actor, entry.changes) == (
        f"plans.obstacle.{deed}",
        by.actor_key,
        {"state": [state, moved.state]},
    )


@pytest.mark.parametrize("deed", list(DEEDS))
@pytest.mark.parametrize("state", ["raised", "escalated", "answered", "closed", "withdrawn"])
def test_what_is_not_on_the_way_is_a_conflict_or_not_ones_own(
    cast: Cast, obstacle: Obstacle, deed: str, state: str
) -> None:
    if (deed, state) in MAY:
        return
    obstacle = brought_to(state, obstacle, cast)
    for name in ("minh", "binh", "an"):
        with pytest.raises((Conflict, Refused)):
            DEEDS[deed](getattr(cast, name), obstacle)
    obstacle.refresh_from_db()
    assert obstacle.state == state


@pytest.mark.parametrize(
    "deed",
    [
        lambda by, one: services.answer_obstacle(by=by, obstacle=one, words=" "),
        lambda by, one: services.escalate_obstacle(by=by, obstacle=one, words=""),
    ],
)
def test_an_answer_and_a_way_up_need_words(cast: Cast, obstacle: Obstacle, deed: Deed) -> None:
    with pytest.raises(Invalid):
        deed(cast.binh, obstacle)
    obstacle.refresh_from_db()
    assert (obstacle.state, obstacle.holder) == ("raised", cast.education)


# ---- the way ---------------------------------------------------------------------------------------


def test_an_obstacle_passed_up_lies_with_the_issuer_and_back_with_the_lead_when_reopened(
    cast: Cast, obstacle: Obstacle
) -> None:
    assert DEEDS["escalate"](cast.binh, obstacle).holder == cast.committee
    DEEDS["answer"](cast.minh, obstacle)
    assert DEEDS["reopen"](cast.an, obstacle).holder == cast.education


def test_the_time_at_each_step_is_measured(cast: Cast, work: Assignment) -> None:
    begin = clock.now()
    with clock.pinned(begin):
        obstacle = raise_obstacle(cast.an, work)
    with clock.pinned(begin + timedelta(hours=5)):
        DEEDS["escalate"](cast.binh, obstacle)
    with clock.pinned(begin + timedelta(days=2)):
        DEEDS["answer"](cast.minh, obstacle)
    with clock.pinned(begin + timedelta(days=2, seconds=9)):
        closed = DEEDS["close"](cast.an, obstacle)
    waits = [(step.deed, step.waited_seconds) for step in selectors.steps_of(closed)]
    assert waits == [("raise", 0), ("escalate", 5 * 3600), ("answer", 43 * 3600), ("close", 9)]
    assert closed.ended_at == begin + timedelta(days=2, seconds=9)
    assert selectors.average_waits(cast.binh)["answer"] == 43


def test_who_raised_it_hears_of_the_answer_and_who_decides_of_what_was_passed_up(
    cast: Cast, obstacle: Obstacle
) -> None:
    Message.objects.all().delete()
    DEEDS["escalate"](cast.binh, obstacle)
    assert [letter.to for letter in Message.objects.all()] == [cast.minh.email]
    Message.objects.all().delete()
    DEEDS["answer"](cast.minh, obstacle)
    assert [letter.to for letter in Message.objects.all()] == [cast.an.email]


def test_an_end_has_its_moment_and_loses_it_when_taken_up_again(cast: Cast, obstacle: Obstacle) -> None:
    obstacle = brought_to("closed", obstacle, cast)
    assert obstacle.ended_at is not None
    assert DEEDS["reopen"](cast.an, obstacle).ended_at is None


# ---- reading ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EVERYBODY)
def test_an_obstacle_is_seen_where_it_was_raised_and_above(cast: Cast, obstacle: Obstacle, name: str) -> None:
    by: User = getattr(cast, name)
    seen = list(selectors.obstacles(by))
    assert seen == ([obstacle] if name in SEES else [])
    if not seen:
        with pytest.raises(Missing):
            selectors.obstacle_by_key(by, obstacle.pk)


def test_counts_tell_topics_units_and_what_waits_too_long(cast: Cast, work: Assignment) -> None:
    now = clock.now()
    with clock.pinned(now - timedelta(days=20)):
        raise_obstacle(cast.an, work)
    with clock.pinned(now - timedelta(days=2)):
        raise_obstacle(cast.an, work, topic="staff")
    last = raise_obstacle(cast.an, work, topic="staff")
    DEEDS["withdraw"](cast.an, last)
    aged = now - timedelta(days=10)
    by_topic = selectors.obstacle_counts(cast.binh, by="topic", aged_before=aged)
    assert [(one.key, one.total, one.open, one.aged) for one in by_topic] == [("staff", 2, 1, 0), ("money", 1, 1, 1)]
    by_unit = selectors.obstacle_counts(cast.binh, by="unit", aged_before=aged)
    assert [(one.name, one.total, one.open, one.aged) for one in by_unit] == [("Xã An Phú", 3, 2, 1)]
    assert [count for _, count in selectors.obstacle_ages(cast.binh, now=now)] == [1, 0, 0, 1, 0]
    assert selectors.obstacle_counts(cast.chi, by="unit", aged_before=aged) == []


def test_every_wait_falls_into_one_class_of_age(cast: Cast, work: Assignment) -> None:
    now = clock.now()
    for days in (0, 2, 3, 6, 7, 13, 14, 29, 30, 300):
        with clock.pinned(now - timedelta(days=days)):
            raise_obstacle(cast.an, work)
    assert [count for _, count in selectors.obstacle_ages(cast.binh, now=now)] == [2, 2, 2, 2, 2]


def test_the_desk_shows_the_obstacle_to_who_must_answer(cast: Cast, obstacle: Obstacle) -> None:
    waiting = {name for name in EVERYBODY if selectors.obstacles_to_answer(getattr(cast, name)).exists()}
    assert "binh" in waiting
    assert waiting <= {"binh", "minh"}
    DEEDS["escalate"](cast.binh, obstacle)
    assert {name for name in EVERYBODY if selectors.obstacles_to_answer(getattr(cast, name)).exists()} == {"minh"}
    assert list(selectors.find_obstacles(cast.binh, words="thieu kinh")) == [obstacle]
    assert list(selectors.find_obstacles(cast.binh, words="khong co")) == []
    assert list(selectors.find_obstacles(cast.binh, state="raised")) == []
