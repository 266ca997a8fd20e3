"""From a reading to a running plan and to its end: who may, what is checked, what is given out, what the trail says."""

from collections.abc import Callable
from datetime import date

import pytest
from tests.factories.cast import TODAY, Cast
from tests.factories.places import make_group
from tests.factories.plans import make_draft, make_plan, make_task

from hieuhoc.foundation.outbox.models import Message
from hieuhoc.foundation.records import trail
from hieuhoc.foundation.records.models import Entry
from hieuhoc.kernel.errors import Conflict, HouseError, Invalid, Missing, Refused
from hieuhoc.programme.plans import services
from hieuhoc.programme.plans.models import Assignment, Plan
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.places import services as places

pytestmark = pytest.mark.django_db

EVERYBODY = ("minh", "binh", "hanh", "dung", "an", "chi", "xuan", "tri", "nobody")


def headed(cast: Cast, draft: Plan, **over: object) -> Plan:
    """The draft with its lead agency, and what else is wanted of its head."""
    given: dict[str, object] = {"subject": draft.subject, "number": draft.number, "issued_on": draft.issued_on}
    lead = over.pop("lead", cast.education)
    header = services.Header(**(given | over))  # type: ignore[arg-type]  # the test's own values
    return services.edit_header(by=cast.binh, plan=draft, header=header, issuer=draft.issuer, lead=lead)  # type: ignore[arg-type]  # a unit or None


@pytest.fixture
def draft(cast: Cast) -> Plan:
    tasks = [
        make_task("Mở lớp.", leads=[cast.commune, cast.finance]),
        make_task("Rà soát.", leads=[("Sở Lạ", None)]),
    ]
    return make_draft(by=cast.binh, issuer=cast.committee, tasks=tasks)


# ---- taking in -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("minh", Refused),
        ("binh", None),
        ("hanh", Missing),
        ("dung", Missing),
        ("an", Missing),
        ("chi", Missing),
        ("xuan", Refused),
        ("tri", Refused),
        ("nobody", Missing),
    ],
)
def test_a_plan_of_the_province_is_taken_in_by_the_lead_department(
    cast: Cast, name: str, answer: type[HouseError] | None
) -> None:
    def take_in() -> Plan:
        return make_draft(by=getattr(cast, name), issuer=cast.committee, tasks=[make_task()])

    if answer is None:
        assert take_in().state == "draft"
    else:
        with pytest.raises(answer):
            take_in()
        assert Plan.objects.count() == 0


def test_everybody_takes_in_for_the_own_unit(cast: Cast) -> None:
    for by, issuer in ((cast.hanh, cast.finance), (cast.dung, cast.district), (cast.an, cast.commune)):
        assert make_draft(by=by, issuer=issuer, tasks=[make_task()]).issuer == issuer


def test_the_same_document_is_recognised_for_the_same_issuer_only(cast: Cast, draft: Plan) -> None:
    with pytest.raises(services.TakenInBefore) as stopped:
        make_draft(by=cast.binh, issuer=cast.committee, tasks=list(_same_tasks(cast)))
    assert stopped.value.plan == draft
    assert make_draft(by=cast.dung, issuer=cast.district, tasks=list(_same_tasks(cast))).pk != draft.pk


def _same_tasks(cast: Cast) -> list[services.ProposedTask]:
    return [
        make_task("Mở lớp.", leads=[cast.commune, cast.finance]),
        make_task("Rà soát.", leads=[("Sở Lạ", None)]),
    ]


def test_a_draft_put_aside_is_not_taken_up_again_beside_its_like(cast: Cast, draft: Plan) -> None:
    services.discard_draft(by=cast.binh, plan=draft)
    again = make_draft(by=cast.binh, issuer=cast.committee, tasks=_same_tasks(cast))
    with pytest.raises(services.TakenInBefore) as stopped:
        services.restore_draft(by=cast.binh, plan=draft)
    assert stopped.value.plan == again
    services.discard_draft(by=cast.binh, plan=again)
    assert services.restore_draft(by=cast.binh, plan=draft).state == "draft"


def test_a_draft_is_not_given_to_an_issuer_who_has_the_document(cast: Cast, draft: Plan) -> None:
    other = make_draft(by=cast.binh, issuer=cast.province, tasks=_same_tasks(cast))
    header = services.Header(subject=other.subject)
    with pytest.raises(services.TakenInBefore):
        services.edit_header(by=cast.binh, plan=other, header=header, issuer=cast.committee, lead=None)
    other.refresh_from_db()
    assert other.issuer == cast.province


def test_the_trail_says_who_took_it_in_and_how_much_was_read(cast: Cast, draft: Plan) -> None:
    entry = trail.history(draft).get()
    assert (entry.deed, entry.actor, entry.changes) == ("plans.plan.take_in", cast.binh.actor_key, {"tasks": [None, 2]})


# ---- the head --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("subject", "field"), [("", "subject"), ("  \n", "subject")])
def test_a_head_without_a_subject_is_invalid(cast: Cast, draft: Plan, subject: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        headed(cast, draft, subject=subject)
    assert refused.value.field == field


def test_a_plan_does_not_carry_itself_out(cast: Cast, draft: Plan) -> None:
    with pytest.raises(Invalid) as refused:
        services.edit_header(
            by=cast.binh, plan=draft, header=services.Header(subject="x"), issuer=cast.committee, lead=None, above=draft
        )
    assert refused.value.field == "above"


def test_of_two_who_correct_the_head_the_second_is_told(cast: Cast, draft: Plan) -> None:
    mark = services.header_mark(draft)
    headed(cast, draft, place="Hòa Bắc")
    with pytest.raises(Conflict):
        services.edit_header(
            by=cast.binh, plan=draft, header=services.Header(subject="x"), issuer=cast.committee, lead=None, seen=mark
        )


# ---- issuing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"lead": None}, "lead"),
        ({"number": ""}, "number"),
        ({"number": "  "}, "number"),
        ({"issued_on": None}, "issued_on"),
    ],
)
def test_a_plan_without_lead_number_or_date_is_not_issued(
    cast: Cast, draft: Plan, over: dict[str, object], field: str
) -> None:
    draft = headed(cast, draft, **over)
    with pytest.raises(Invalid) as refused:
        services.issue_plan(by=cast.binh, plan=draft)
    assert refused.value.field == field
    assert (Plan.objects.get().state, Assignment.objects.count()) == ("draft", 0)


def test_a_plan_without_a_task_is_not_issued(cast: Cast, draft: Plan) -> None:
    draft = headed(cast, draft)
    for task in draft.tasks.all():
        services.mark_task(by=cast.binh, plan=draft, task=task.pk, deed="dismiss")
    with pytest.raises(Invalid):
        services.issue_plan(by=cast.binh, plan=draft)


def test_a_number_is_used_once_a_year_by_an_issuer(cast: Cast, draft: Plan) -> None:
    services.issue_plan(by=cast.binh, plan=headed(cast, draft))
    like = make_draft(by=cast.binh, issuer=cast.committee, tasks=[make_task("Khác.", leads=[cast.finance])])
    with pytest.raises(Conflict, match="12/kh-ubnd"):
        services.issue_plan(by=cast.binh, plan=headed(cast, like, number="12/kh-ubnd"))
    assert services.issue_plan(by=cast.binh, plan=headed(cast, like, issued_on=date(2019, 9, 17))).state == "issued"


@pytest.mark.parametrize("name", ["hanh", "dung", "an", "chi", "xuan", "tri", "nobody"])
def test_a_draft_is_out_of_sight_for_who_does_not_work_on_it(cast: Cast, draft: Plan, name: str) -> None:
    draft = headed(cast, draft)
    with pytest.raises(Missing):
        services.issue_plan(by=getattr(cast, name), plan=draft)


def test_the_leader_of_the_province_issues_what_was_prepared_and_corrects_nothing(cast: Cast, draft: Plan) -> None:
    draft = headed(cast, draft)
    with pytest.raises((Refused, Missing)):
        services.discard_draft(by=cast.minh, plan=draft)
    assert services.issue_plan(by=cast.minh, plan=draft).state == "issued"


def test_issuing_gives_each_task_to_its_leads_and_leaves_unknown_names_out(cast: Cast, draft: Plan) -> None:
    plan = services.issue_plan(by=cast.binh, plan=headed(cast, draft))
    given = Assignment.objects.filter(plan=plan)
    assert {(one.unit, one.state, one.percent, one.group) for one in given} == {
        (cast.commune, "assigned", 0, None),
        (cast.finance, "assigned", 0, None),
    }
    assert plan.issued_at is not None
    assert trail.history(plan)[0].deed == "plans.plan.issue"
    assert Entry.objects.filter(deed="plans.assignment.assign").count() == 2
    assert trail.verify() is None


def test_each_person_gets_one_letter_however_many_tasks(cast: Cast) -> None:
    tasks = [make_task(f"Việc {number}.", leads=[cast.commune]) for number in range(5)]
    make_plan(by=cast.binh, issuer=cast.committee, lead=cast.education, tasks=tasks)
    letters = Message.objects.filter(to=cast.an.email)
    assert [letter.subject for letter in letters] == ["Xã An Phú được giao 5 nhiệm vụ: 12/KH-UBND"]


def test_a_task_given_to_a_group_is_tracked_per_member_and_once_for_who_is_named_beside_it(cast: Cast) -> None:
    group = make_group(cast.district, "UBND các xã")
    places.set_members(by=trail.HOUSE, group=group, members=[cast.commune, cast.next_door], on=TODAY)
    plan = make_plan(
        by=cast.binh,
        issuer=cast.committee,
        lead=cast.education,
        tasks=[make_task("Mở lớp.", leads=[cast.commune, group, cast.commune])],
    )
    held = Assignment.objects.filter(plan=plan).order_by("pk").values_list("unit", "group")
    assert sorted(held, key=lambda row: row[0]) == [(cast.commune.pk, None), (cast.next_door.pk, group.pk)]


def test_a_dismissed_task_is_given_to_nobody(cast: Cast, draft: Plan) -> None:
    draft = headed(cast, draft)
    services.mark_task(by=cast.binh, plan=draft, task=draft.tasks.order_by("position")[0].pk, deed="dismiss")
    services.issue_plan(by=cast.binh, plan=draft)
    assert Assignment.objects.count() == 0


@pytest.mark.parametrize("deed", ["issue", "discard", "edit_header"])
def test_what_was_issued_is_no_draft_any_more(cast: Cast, draft: Plan, deed: str) -> None:
    draft = headed(cast, draft)
    services.issue_plan(by=cast.binh, plan=draft)
    again: dict[str, Callable[[], object]] = {
        "issue": lambda: services.issue_plan(by=cast.binh, plan=draft),
        "discard": lambda: services.discard_draft(by=cast.binh, plan=draft),
        "edit_header": lambda: headed(cast, draft),
    }
    with pytest.raises(Conflict):
        again[deed]()
    assert Plan.objects.get().state == "issued"


# ---- the end ---------------------------------------------------------------------------------------


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return make_plan(by=cast.binh, issuer=cast.committee, lead=cast.education, tasks=[make_task(leads=[cast.commune])])


@pytest.mark.parametrize("name", EVERYBODY)
def test_only_who_follows_the_plan_ends_it(cast: Cast, plan: Plan, name: str) -> None:
    by: User = getattr(cast, name)
    if name in {"minh", "binh"}:
        assert services.close_plan(by=by, plan=plan, why="Hết thời gian.").state == "closed"
        assert services.reopen_plan(by=by, plan=plan, why="Còn việc.").state == "issued"
        assert [entry.why for entry in trail.history(plan)[:2]] == ["Còn việc.", "Hết thời gian."]
        return
    with pytest.raises(Missing if name == "nobody" else Refused):
        services.close_plan(by=by, plan=plan, why="Hết thời gian.")
    assert Plan.objects.get(pk=plan.pk).state == "issued"


def test_ending_and_reopening_need_a_reason_and_the_right_state(cast: Cast, plan: Plan) -> None:
    with pytest.raises(Invalid):
        services.close_plan(by=cast.binh, plan=plan, why=" ")
    with pytest.raises(Conflict):
        services.reopen_plan(by=cast.binh, plan=plan, why="Còn việc.")
    services.close_plan(by=cast.binh, plan=plan, why="Hết thời gian.")
    stale = Plan.objects.get(pk=plan.pk)
    services.reopen_plan(by=cast.binh, plan=plan, why="Còn việc.")
    with pytest.raises(Conflict):
        services.reopen_plan(by=cast.minh, plan=stale, why="Còn việc.")


# ---- links -----------------------------------------------------------------------------------------


@pytest.fixture
def below(cast: Cast, plan: Plan) -> Plan:
    return make_draft(
        by=cast.dung,
        issuer=cast.district,
        above=plan,
        number="7/KH",
        tasks=[make_task("Rà soát, cập nhật số liệu của huyện."), make_task("Kiểm tra an toàn lao động.")],
    )


def test_links_are_proposed_for_what_is_alike_and_what_was_decided_stays(cast: Cast, plan: Plan, below: Plan) -> None:
    assert services.propose_links(by=cast.dung, plan=below) == 1
    (link,) = below.tasks.order_by("position")[0].links_up.all()
    services.decide_link(by=cast.dung, link=link, deed="reject")
    assert services.propose_links(by=cast.dung, plan=below) == 0
    link.refresh_from_db()
    assert link.state == "rejected"


def test_a_plan_without_one_above_has_nothing_to_be_linked_to(cast: Cast, plan: Plan) -> None:
    with pytest.raises(Invalid):
        services.propose_links(by=cast.binh, plan=plan)


@pytest.mark.parametrize("least", [-1, 0, 44, 101])
def test_only_a_percentage_from_the_floor_confirms_many_links(cast: Cast, below: Plan, least: int) -> None:
    with pytest.raises(Invalid) as refused:
        services.confirm_links(by=cast.dung, plan=below, least=least)
    assert refused.value.field == "least"


@pytest.mark.parametrize(
    ("name", "kind"), [("hanh", Missing), ("an", Missing), ("chi", Missing), ("xuan", Missing), ("tri", Missing)]
)
def test_links_of_a_draft_are_for_who_works_on_it(cast: Cast, below: Plan, name: str, kind: type[HouseError]) -> None:
    with pytest.raises(kind):
        services.propose_links(by=getattr(cast, name), plan=below)


def test_a_task_is_tied_by_hand_once_and_only_to_the_plan_above(cast: Cast, plan: Plan, below: Plan) -> None:
    task, above = below.tasks.order_by("position")[1], plan.tasks.get()
    assert services.add_link(by=cast.dung, below=task, above=above).state == "confirmed"
    with pytest.raises(Conflict):
        services.add_link(by=cast.dung, below=task, above=above)
    with pytest.raises(Invalid):
        services.add_link(by=cast.dung, below=task, above=below.tasks.order_by("position")[0])
