"""An assignment's way: for each deed who may, what is checked and written, what the trail says, what comes back."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.factories.cast import TODAY, Cast, give, make_user
from tests.factories.places import make_agency, make_commune, make_group
from tests.factories.plans import make_draft, make_plan, make_task

from hieuhoc.foundation.outbox.models import Message
from hieuhoc.foundation.records import clock, trail
from hieuhoc.foundation.records.models import Entry
from hieuhoc.kernel.errors import Conflict, HouseError, Invalid, Missing, Refused
from hieuhoc.programme.plans import access, services
from hieuhoc.programme.plans.models import Assignment, Comment, Evidence, Plan, Progress, Task
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.places import services as places
from hieuhoc.registers.places.models import Unit

pytestmark = pytest.mark.django_db

Deed = Callable[[User, Assignment], object]


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return make_plan(
        by=cast.binh,
        issuer=cast.committee,
        lead=cast.education,
        tasks=[make_task("Mở lớp xóa mù chữ.", leads=[cast.commune, cast.finance]), make_task("Rà soát.")],
    )


@pytest.fixture
def work(cast: Cast, plan: Plan) -> Assignment:
    """An's work on the first task, as it was given out."""
    return Assignment.objects.select_related("task", "plan", "unit").get(unit=cast.commune)


def brought_to(state: str, work: Assignment, cast: Cast) -> Assignment:
    """The work brought to a state by the deeds that lead there."""
    steps: dict[str, list[tuple[User, str]]] = {
        "assigned": [],
        "underway": [(cast.an, "accept")],
        "done": [(cast.an, "complete")],
        "returned": [(cast.an, "complete"), (cast.binh, "return")],
        "confirmed": [(cast.an, "complete"), (cast.binh, "confirm")],
        "cancelled": [(cast.binh, "cancel")],
    }
    for by, deed in steps[state]:
        DEEDS[deed](by, work)
    fresh = Assignment.objects.select_related("task", "plan", "unit").get(pk=work.pk)
    assert fresh.state == state
    return fresh


def _complete(by: User, one: Assignment) -> object:
    return services.report_progress(by=by, assignment=one, percent=100, note="Đã mở hai lớp.", is_done=True)


def _evidence(by: User, one: Assignment) -> Evidence:
    return services.add_evidence(by=by, assignment=one, link="https://example.vn/bien-ban")


DEEDS: dict[str, Deed] = {
    "accept": lambda by, one: services.accept_assignment(by=by, assignment=one),
    "report": lambda by, one: services.report_progress(by=by, assignment=one, percent=40, note="Đang mở lớp."),
    "complete": _complete,
    "withdraw": lambda by, one: services.withdraw_completion(by=by, assignment=one),
    "confirm": lambda by, one: services.confirm_assignment(by=by, assignment=one),
    "return": lambda by, one: services.return_assignment(by=by, assignment=one, why="Thiếu biên bản."),
    "cancel": lambda by, one: services.cancel_assignment(by=by, assignment=one, why="Trùng việc."),
    "reinstate": lambda by, one: services.reinstate_assignment(by=by, assignment=one, why="Hủy nhầm."),
    "set_due": lambda by, one: services.set_due(by=by, assignment=one, due_on=date(2020, 12, 1), why="Gia hạn."),
    "evidence": _evidence,
    "comment": lambda by, one: services.add_comment(by=by, assignment=one, text="Đã xem."),
}
# From which state each deed is asked for below.
FROM = {
    "accept": "assigned",
    "report": "underway",
    "complete": "underway",
    "withdraw": "done",
    "confirm": "done",
    "return": "done",
    "cancel": "underway",
    "reinstate": "cancelled",
    "set_due": "underway",
    "evidence": "underway",
    "comment": "underway",
}
HOLDERS = {"an", "dung"}  # the commune itself, and the district above it
FOLLOWERS = {"binh", "minh"}
MAY = {
    **dict.fromkeys(["accept", "report", "complete", "withdraw", "evidence"], HOLDERS),
    **dict.fromkeys(["confirm", "return", "cancel", "reinstate", "set_due"], FOLLOWERS),
    "comment": HOLDERS | FOLLOWERS,
}
SEES = {"minh", "binh", "dung", "an", "xuan", "tri"}
EVERYBODY = ("minh", "binh", "hanh", "dung", "an", "chi", "xuan", "tri", "nobody")


# ---- who may ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("deed", list(DEEDS))
def test_each_deed_is_for_some_refused_to_who_sees_the_work_and_missing_for_the_rest(
    cast: Cast, work: Assignment, deed: str
) -> None:
    work = brought_to(FROM[deed], work, cast)
    before = Entry.objects.count()
    answers = {}
    for name in EVERYBODY:
        if name not in MAY[deed]:
            with pytest.raises((Refused, Missing)) as stopped:
                DEEDS[deed](getattr(cast, name), work)
            answers[name] = stopped.type
    assert answers == {name: Refused if name in SEES else Missing for name in EVERYBODY if name not in MAY[deed]}
    assert Entry.objects.count() == before
    work.refresh_from_db()
    assert work.state == FROM[deed]


@pytest.mark.parametrize(("deed", "name"), [(deed, name) for deed, names in MAY.items() for name in sorted(names)])
def test_whoever_may_does_it_and_the_trail_says_so(cast: Cast, work: Assignment, deed: str, name: str) -> None:
    work = brought_to(FROM[deed], work, cast)
    by = getattr(cast, name)
    before = Entry.objects.count()
    assert DEEDS[deed](by, work) is not None
    assert Entry.objects.count() == before + 1
    entry = Entry.objects.latest("number")
    assert (entry.actor, entry.actor_name) == (by.actor_key, by.actor_name)
    assert (entry.subject_type, entry.subject_key) == ("plans.assignment", str(work.pk))


@pytest.mark.parametrize("name", EVERYBODY)
@pytest.mark.parametrize("state", ["assigned", "underway", "done", "returned", "confirmed", "cancelled"])
def test_the_deeds_offered_are_just_those_that_pass(cast: Cast, work: Assignment, name: str, state: str) -> None:
    work = brought_to(state, work, cast)
    by = getattr(cast, name)
    offered = set(access.possible_deeds(by, work)) - {"hand_over"}
    passed = set()
    for deed, do in DEEDS.items():
        try:
            with_undo(do, by, work)
        except HouseError:
            continue
        passed.add(deed)
    assert offered == passed


def with_undo(do: Deed, by: User, work: Assignment) -> None:
    """Try a deed, and take it back."""
    with transaction.atomic():
        do(by, work)
        transaction.set_rollback(True)


@pytest.mark.parametrize("deed", list(DEEDS))
def test_in_an_ended_plan_nothing_is_updated_and_everybody_is_told(
    cast: Cast, plan: Plan, work: Assignment, deed: str
) -> None:
    work = brought_to(FROM[deed], work, cast)
    services.close_plan(by=cast.binh, plan=plan, why="Hết thời gian thực hiện.")
    for name in MAY[deed]:
        with pytest.raises(Conflict):
            DEEDS[deed](getattr(cast, name), work)
    services.reopen_plan(by=cast.binh, plan=plan, why="Còn việc.")
    DEEDS[deed](getattr(cast, sorted(MAY[deed])[0]), work)


@pytest.mark.parametrize("deed", ["accept", "report", "withdraw", "confirm", "return", "cancel", "reinstate"])
def test_whoever_saw_another_state_is_told_who_was_quicker(cast: Cast, work: Assignment, deed: str) -> None:
    seen: dict[str, Callable[[User], object]] = {
        "accept": lambda by: services.accept_assignment(by=by, assignment=work, seen="done"),
        "report": lambda by: services.report_progress(by=by, assignment=work, percent=1, note="x", seen="done"),
        "withdraw": lambda by: services.withdraw_completion(by=by, assignment=work, seen="assigned"),
        "confirm": lambda by: services.confirm_assignment(by=by, assignment=work, seen="assigned"),
        "return": lambda by: services.return_assignment(by=by, assignment=work, why="x", seen="confirmed"),
        "cancel": lambda by: services.cancel_assignment(by=by, assignment=work, why="x", seen="done"),
        "reinstate": lambda by: services.reinstate_assignment(by=by, assignment=work, why="x", seen="assigned"),
    }
    work = brought_to(FROM[deed], work, cast)
    with pytest.raises(Conflict, match="trước bạn một bước"):
        seen[deed](getattr(cast, sorted(MAY[deed])[0]))


# ---- reporting -------------------------------------------------------------------------------------


def test_a_report_is_kept_with_all_those_before_it(cast: Cast, work: Assignment) -> None:
    services.report_progress(by=cast.an, assignment=work, percent=30, note="Đã tuyên truyền. ")
    services.report_progress(by=cast.dung, assignment=work, percent=60, note="")
    work.refresh_from_db()
    assert (work.state, work.percent, work.note) == ("underway", 60, "Đã tuyên truyền.")
    assert work.reported_at is not None
    kept = list(Progress.objects.filter(assignment=work).values_list("percent", "note", "by__username"))
    assert kept == [(60, "", "dung"), (30, "Đã tuyên truyền.", "an")]
    assert [entry.changes["percent"] for entry in trail.history(work)[:2]] == [[30, 60], [0, 30]]


@pytest.mark.parametrize(
    ("percent", "note", "is_done", "field"),
    [
        (101, "x", False, "percent"),
        (-1, "x", False, "percent"),
        (10, "", False, "note"),
        (0, "", True, "note"),
        (0, "   ", True, "note"),
    ],
)
def test_a_report_that_makes_no_sense_leaves_nothing(
    cast: Cast, work: Assignment, percent: int, note: str, is_done: bool, field: str
) -> None:
    Assignment.objects.filter(pk=work.pk).update(percent=40)
    lines = Entry.objects.count()
    with pytest.raises(Invalid) as refused:
        services.report_progress(by=cast.an, assignment=work, percent=percent, note=note, is_done=is_done)
    work.refresh_from_db()
    assert refused.value.field == field
    assert (work.state, work.percent, Progress.objects.count(), Entry.objects.count()) == ("assigned", 40, 0, lines)


def test_finished_work_counts_as_whole_whatever_percent_was_given(cast: Cast, work: Assignment) -> None:
    services.report_progress(by=cast.an, assignment=work, percent=5, note="Xong.", is_done=True)
    work.refresh_from_db()
    assert (work.state, work.percent) == ("done", 100)


def test_what_was_said_before_is_enough_to_finish(cast: Cast, work: Assignment) -> None:
    services.report_progress(by=cast.an, assignment=work, percent=90, note="Gần xong.")
    services.report_progress(by=cast.an, assignment=work, percent=0, note="", is_done=True)
    work.refresh_from_db()
    assert (work.state, work.note) == ("done", "Gần xong.")


# ---- confirming, returning, cancelling -------------------------------------------------------------


def test_an_end_has_its_moment_and_loses_it_when_the_work_comes_back(cast: Cast, work: Assignment) -> None:
    work = brought_to("confirmed", work, cast)
    assert work.ended_at is not None
    services.return_assignment(by=cast.binh, assignment=work, why="Thiếu số liệu.")
    work.refresh_from_db()
    assert (work.state, work.ended_at, work.percent) == ("returned", None, 100)
    services.cancel_assignment(by=cast.binh, assignment=work, why="Trùng.")
    work.refresh_from_db()
    assert work.ended_at is not None
    services.reinstate_assignment(by=cast.binh, assignment=work, why="Hủy nhầm.")
    work.refresh_from_db()
    assert (work.state, work.ended_at) == ("assigned", None)


@pytest.mark.parametrize("why", ["", "  "])
def test_returning_cancelling_and_reinstating_need_a_reason(cast: Cast, work: Assignment, why: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.cancel_assignment(by=cast.binh, assignment=work, why=why)
    assert refused.value.field == "why"
    done = brought_to("done", work, cast)
    with pytest.raises(Invalid):
        services.return_assignment(by=cast.binh, assignment=done, why=why)
    services.cancel_assignment(by=cast.binh, assignment=done, why="Trùng.")
    with pytest.raises(Invalid):
        services.reinstate_assignment(by=cast.binh, assignment=done, why=why)


def test_whoever_reports_gets_a_letter_when_work_is_returned(cast: Cast, work: Assignment) -> None:
    work = brought_to("done", work, cast)
    Message.objects.all().delete()
    services.return_assignment(by=cast.binh, assignment=work, why="Thiếu biên bản.")
    letter = Message.objects.get()
    assert letter.to == cast.an.email
    assert "Thiếu biên bản." in letter.body
    assert work.get_absolute_url() in letter.body


# ---- due dates -------------------------------------------------------------------------------------


def test_a_due_date_moves_with_its_reason_in_the_trail(cast: Cast, work: Assignment) -> None:
    services.set_due(by=cast.binh, assignment=work, due_on=date(2020, 12, 1), why="Gia hạn.")
    services.set_due(by=cast.binh, assignment=work, due_on=None, why="Bỏ hạn.")
    work.refresh_from_db()
    assert work.due_on is None
    entry = trail.history(work)[0]
    assert (entry.why, entry.changes) == ("Bỏ hạn.", {"due_on": ["2020-12-01", None]})


@pytest.mark.parametrize(
    ("due_on", "why", "field"), [(date(2020, 12, 1), " ", "why"), (date(2020, 9, 16), "Sớm hơn.", "due_on")]
)
def test_a_due_date_without_reason_or_before_the_document_is_invalid(
    cast: Cast, work: Assignment, due_on: date, why: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        services.set_due(by=cast.binh, assignment=work, due_on=due_on, why=why)
    assert refused.value.field == field


# ---- handing over ----------------------------------------------------------------------------------


def merged_commune(cast: Cast) -> Unit:
    """A commune that is no more."""
    gone = make_commune(cast.district, "Xã Đã Nhập")
    return places.end_unit(by=trail.HOUSE, unit=gone, on=date(2020, 6, 1), why="Nhập vào xã bên cạnh.")


def hand_over(by: User, work: Assignment, to: Unit, why: str = "Thuộc địa bàn xã bạn.") -> Assignment:
    return services.hand_over(by=by, assignment=work, to=to, why=why)


def test_work_handed_over_begins_again_where_it_stopped(cast: Cast, work: Assignment) -> None:
    services.report_progress(by=cast.an, assignment=work, percent=40, note="Đã xong phần đầu.")
    Message.objects.all().delete()
    hand_over(cast.dung, work, cast.next_door)
    work.refresh_from_db()
    assert (work.unit, work.state, work.percent) == (cast.next_door, "assigned", 40)
    entry = trail.history(work)[0]
    assert entry.changes["unit"] == [cast.commune.name, cast.next_door.name]
    assert [letter.to for letter in Message.objects.all()] == [cast.chi.email]


@pytest.mark.parametrize("name", ["minh", "binh"])
def test_who_follows_the_plan_hands_over_to_any_agency(cast: Cast, work: Assignment, name: str) -> None:
    assert hand_over(getattr(cast, name), work, cast.education).unit == cast.education


def test_an_agency_hands_over_only_to_those_beneath_it(cast: Cast, plan: Plan) -> None:
    own = Assignment.objects.get(unit=cast.finance)
    with pytest.raises(Invalid) as refused:
        hand_over(cast.hanh, own, cast.education)
    assert refused.value.field == "unit"
    office = make_agency(cast.finance, "Phòng Ngân sách", kind="phong")
    assert hand_over(cast.hanh, own, office).unit == office


@pytest.mark.parametrize("name", ["an", "xuan", "tri"])
def test_handing_over_is_refused_to_who_sees_the_work_without_the_role(cast: Cast, work: Assignment, name: str) -> None:
    with pytest.raises(Refused):
        hand_over(getattr(cast, name), work, cast.next_door)


@pytest.mark.parametrize("name", ["hanh", "chi", "nobody"])
def test_work_out_of_sight_cannot_be_handed_over(cast: Cast, work: Assignment, name: str) -> None:
    with pytest.raises(Missing):
        hand_over(getattr(cast, name), work, cast.next_door)


def test_work_is_not_handed_to_a_group_nor_to_its_holder_nor_to_an_agency_that_is_no_more(
    cast: Cast, work: Assignment
) -> None:
    gone = merged_commune(cast)
    for to in (make_group(cast.province), cast.commune, gone):
        with pytest.raises(Invalid) as refused:
            hand_over(cast.binh, work, to)
        assert refused.value.field == "unit"


def test_work_is_not_handed_to_who_holds_it_already(cast: Cast, work: Assignment) -> None:
    with pytest.raises(Conflict):
        hand_over(cast.binh, work, cast.finance)
    work.refresh_from_db()
    assert work.unit == cast.commune


def test_handing_over_without_a_reason_changes_nothing(cast: Cast, work: Assignment) -> None:
    with pytest.raises(Invalid) as refused:
        hand_over(cast.binh, work, cast.next_door, why=" ")
    assert refused.value.field == "why"
    work.refresh_from_db()
    assert work.unit == cast.commune


# ---- evidence and comments -------------------------------------------------------------------------


def test_evidence_is_a_file_or_an_address(cast: Cast, work: Assignment) -> None:
    file = services.add_evidence(by=cast.an, assignment=work, content=b"%PDF-1.4 ...", name="bien-ban.pdf")
    link = services.add_evidence(by=cast.an, assignment=work, link="https://example.vn/x", title=" Ảnh lớp học ")
    assert (file.title, file.link) == ("bien-ban.pdf", "")
    assert (link.title, link.file) == ("Ảnh lớp học", None)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "file"),
        ({"content": b"a", "name": "a.txt", "link": "https://example.vn"}, "file"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "ftp://example.vn/a"}, "link"),
        ({"link": "example.vn"}, "link"),
        ({"content": b"MZ\x00\x00", "name": "bien-ban.pdf"}, "file"),
    ],
)
def test_evidence_that_is_neither_or_both_or_not_accepted_is_invalid(
    cast: Cast, work: Assignment, given: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        services.add_evidence(by=cast.an, assignment=work, **given)  # type: ignore[arg-type]  # the test's own values
    assert refused.value.field == field
    assert Evidence.objects.count() == 0


def test_evidence_taken_away_is_kept_and_can_be_put_back_once(cast: Cast, work: Assignment) -> None:
    evidence = _evidence(cast.an, work)
    services.remove_evidence(by=cast.an, evidence=evidence)
    assert evidence.removed_at is not None
    with pytest.raises(Conflict):
        services.remove_evidence(by=cast.an, evidence=evidence)
    services.restore_evidence(by=cast.an, evidence=evidence)
    evidence.refresh_from_db()
    assert evidence.removed_at is None
    with pytest.raises(Conflict):
        services.restore_evidence(by=cast.an, evidence=evidence)


@pytest.mark.parametrize(("name", "kind"), [("binh", Refused), ("xuan", Refused), ("chi", Missing), ("hanh", Missing)])
def test_evidence_of_others_is_not_touched(cast: Cast, work: Assignment, name: str, kind: type[HouseError]) -> None:
    evidence = _evidence(cast.an, work)
    with pytest.raises(kind):
        services.remove_evidence(by=getattr(cast, name), evidence=evidence)
    services.remove_evidence(by=cast.an, evidence=evidence)
    with pytest.raises(kind):
        services.restore_evidence(by=getattr(cast, name), evidence=evidence)


def test_what_proved_confirmed_work_can_neither_be_taken_away_nor_put_back(cast: Cast, work: Assignment) -> None:
    kept, removed = _evidence(cast.an, work), _evidence(cast.an, work)
    services.remove_evidence(by=cast.an, evidence=removed)
    brought_to("confirmed", work, cast)
    with pytest.raises(Conflict):
        services.remove_evidence(by=cast.an, evidence=kept)
    with pytest.raises(Conflict):
        services.restore_evidence(by=cast.an, evidence=removed)


def test_an_empty_comment_is_invalid(cast: Cast, work: Assignment) -> None:
    with pytest.raises(Invalid) as refused:
        services.add_comment(by=cast.an, assignment=work, text=" \n")
    assert refused.value.field == "text"
    assert services.add_comment(by=cast.an, assignment=work, text=" Đã rõ. ").text == "Đã rõ."
    assert Comment.objects.count() == 1


# ---- giving a task to one more agency ---------------------------------------------------------------


@pytest.fixture
def free(plan: Plan) -> Task:
    """A task that was issued without a lead."""
    return plan.tasks.get(text="Rà soát.")


def test_a_task_without_a_lead_is_given_to_one(cast: Cast, free: Task) -> None:
    (given,) = services.assign_task(by=cast.binh, task=free, unit=cast.finance, due_on=date(2020, 12, 31))
    assert (given.unit, given.due_on, given.state, given.group) == (cast.finance, date(2020, 12, 31), "assigned", None)
    assert [one.unit for one in free.agencies.filter(role="lead")] == [cast.finance]
    assert trail.history(given).get().deed == "plans.assignment.assign"


def test_a_task_given_to_a_group_is_held_by_each_member_who_does_not_hold_it(cast: Cast, free: Task) -> None:
    group = make_group(cast.district, "UBND các xã")
    places.set_members(by=trail.HOUSE, group=group, members=[cast.commune, cast.next_door], on=TODAY)
    services.assign_task(by=cast.binh, task=free, unit=cast.commune)
    (given,) = services.assign_task(by=cast.binh, task=free, unit=group)
    assert (given.unit, given.group) == (cast.next_door, group)
    with pytest.raises(Conflict):
        services.assign_task(by=cast.binh, task=free, unit=group)


def test_a_task_is_not_given_twice_nor_to_who_is_no_more_nor_before_the_document(cast: Cast, free: Task) -> None:
    services.assign_task(by=cast.binh, task=free, unit=cast.finance)
    with pytest.raises(Conflict):
        services.assign_task(by=cast.binh, task=free, unit=cast.finance)
    with pytest.raises(Invalid):
        services.assign_task(by=cast.binh, task=free, unit=cast.district, due_on=date(2020, 9, 1))
    gone = merged_commune(cast)
    with pytest.raises(Invalid):
        services.assign_task(by=cast.binh, task=free, unit=gone)
    assert free.assignments.count() == 1


def test_a_task_of_a_draft_is_not_given_out(cast: Cast) -> None:
    draft = make_draft(by=cast.binh, issuer=cast.committee, number="99/KH", tasks=[make_task("Việc nháp.")])
    with pytest.raises(Conflict):
        services.assign_task(by=cast.binh, task=draft.tasks.get(), unit=cast.finance)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("hanh", Refused), ("dung", Refused), ("an", Refused), ("chi", Refused), ("xuan", Refused), ("nobody", Missing)],
)
def test_only_who_follows_the_plan_gives_its_tasks_out(
    cast: Cast, free: Task, name: str, kind: type[HouseError]
) -> None:
    with pytest.raises(kind):
        services.assign_task(by=getattr(cast, name), task=free, unit=cast.finance)


# ---- turns of the calendar --------------------------------------------------------------------------


def quarterly(cast: Cast, *leads: Unit) -> Task:
    task = make_task("Báo cáo hằng quý.", leads=leads, values={"recurrence": "quarter"})
    return make_plan(by=cast.binh, issuer=cast.committee, lead=cast.education, number="20/KH", tasks=[task]).tasks.get()


def turns(task: Task) -> list[tuple[str, str, date | None]]:
    return sorted(task.assignments.values_list("period", "unit__name", "due_on"))


def test_a_recurrent_task_opens_once_in_each_turn(cast: Cast) -> None:
    task = quarterly(cast, cast.finance)
    assert turns(task) == [("2020-Q4", "Sở Tài chính", date(2020, 12, 31))]
    assert services.open_occurrences(on=TODAY) == 0
    assert services.open_occurrences(on=date(2021, 1, 1)) == 1
    assert services.open_occurrences(on=date(2021, 3, 31)) == 0
    assert turns(task)[1:] == [("2021-Q1", "Sở Tài chính", date(2021, 3, 31))]
    assert trail.history(task.assignments.get(period="2021-Q1")).get().actor == "house"
    assert trail.verify() is None


def test_a_turn_that_nobody_opened_is_not_made_up_for(cast: Cast) -> None:
    task = quarterly(cast, cast.finance)
    services.open_occurrences(on=date(2021, 8, 1))
    assert [period for period, *_ in turns(task)] == ["2020-Q4", "2021-Q3"]


def test_who_was_freed_of_the_work_is_not_asked_again_in_any_later_turn(cast: Cast) -> None:
    task = quarterly(cast, cast.finance, cast.commune)
    services.open_occurrences(on=date(2021, 1, 5))
    freed = task.assignments.get(unit=cast.finance, period="2021-Q1")
    services.cancel_assignment(by=cast.binh, assignment=freed, why="Không còn làm đầu mối.")
    services.open_occurrences(on=date(2021, 4, 5))
    assert [name for period, name, _ in turns(task) if period == "2021-Q2"] == ["Xã An Phú"]


def test_who_was_handed_the_work_holds_it_in_the_turns_to_come_and_who_gave_it_away_does_not(cast: Cast) -> None:
    task = quarterly(cast, cast.finance)
    services.open_occurrences(on=date(2021, 1, 5))
    hand_over(cast.binh, task.assignments.get(period="2021-Q1"), cast.education)
    services.open_occurrences(on=date(2021, 4, 5))
    assert [name for period, name, _ in turns(task) if period == "2021-Q2"] == ["Sở Giáo dục và Đào tạo"]


def test_no_turn_opens_in_a_plan_that_has_ended(cast: Cast) -> None:
    task = quarterly(cast, cast.finance)
    services.close_plan(by=cast.binh, plan=task.plan, why="Hết thời gian.")
    assert services.open_occurrences(on=date(2021, 1, 5)) == 0


def test_opening_turns_asks_the_database_as_often_for_many_as_for_few(cast: Cast) -> None:
    quarterly(cast, cast.finance)
    with CaptureQueriesContext(connection) as few:
        services.open_occurrences(on=date(2021, 1, 5))
    tasks = [
        make_task(
            f"Báo cáo {number}.", leads=[cast.finance, cast.commune, cast.district], values={"recurrence": "quarter"}
        )
        for number in range(10)
    ]
    make_plan(by=cast.binh, issuer=cast.committee, lead=cast.education, number="21/KH", tasks=tasks)
    with CaptureQueriesContext(connection) as many:
        assert services.open_occurrences(on=date(2021, 4, 5)) == 31
    assert len(many) <= len(few)


# ---- reminding -------------------------------------------------------------------------------------


def test_a_reminder_reaches_who_reports_for_the_agency_and_not_twice_a_day(cast: Cast, work: Assignment) -> None:
    give(make_user("phuc", "Trần Phúc"), "commune_clerk", cast.commune)
    Message.objects.all().delete()
    (reminder,) = services.remind(by=cast.binh, assignments=[work], words=" Gửi báo cáo. ")
    assert (reminder.assignment_id, reminder.words) == (work.pk, "Gửi báo cáo.")
    assert sorted(letter.to for letter in Message.objects.all()) == ["an@example.vn", "phuc@example.vn"]
    with pytest.raises(Conflict):
        services.remind(by=cast.minh, assignments=[work])
    assert Message.objects.count() == 2
    assert trail.history(work)[0].deed == "plans.assignment.remind"


def test_those_reminded_today_are_passed_over_even_if_they_were_read_before(cast: Cast, plan: Plan) -> None:
    stale = list(Assignment.objects.select_related("plan", "task", "unit").order_by("pk"))
    services.remind(by=cast.binh, assignments=stale[:1])
    assert [one.assignment_id for one in services.remind(by=cast.minh, assignments=stale)] == [stale[1].pk]


def test_on_the_next_day_one_may_remind_again(cast: Cast, work: Assignment) -> None:
    services.remind(by=cast.binh, assignments=[work])
    with clock.pinned(clock.now().replace(day=TODAY.day + 1, hour=0, minute=1)):
        assert len(services.remind(by=cast.binh, assignments=[work])) == 1


def test_nobody_is_reminded_of_nothing_of_finished_work_or_of_a_plan_that_ended(
    cast: Cast, plan: Plan, work: Assignment
) -> None:
    with pytest.raises(Invalid):
        services.remind(by=cast.binh, assignments=[])
    other = Assignment.objects.select_related("plan").get(unit=cast.finance)
    work = brought_to("done", work, cast)
    with pytest.raises(Conflict):
        services.remind(by=cast.binh, assignments=[work])
    services.close_plan(by=cast.binh, plan=plan, why="Hết thời gian.")
    with pytest.raises(Conflict):
        services.remind(by=cast.binh, assignments=[other])


@pytest.mark.parametrize(
    ("name", "kind"),
    [("hanh", Refused), ("dung", Refused), ("an", Refused), ("xuan", Refused), ("tri", Refused), ("nobody", Missing)],
)
def test_only_who_follows_the_plan_reminds(cast: Cast, work: Assignment, name: str, kind: type[HouseError]) -> None:
    with pytest.raises(kind):
        services.remind(by=getattr(cast, name), assignments=[work])


def test_a_calendar_address_is_secret_and_a_new_one_ends_the_old(cast: Cast) -> None:
    old = services.renew_calendar(by=cast.an).token
    new = services.renew_calendar(by=cast.an).token
    assert old != new
    assert len(new) >= 40
