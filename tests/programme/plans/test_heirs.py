"""What of the plans follows a reorganisation, and that it can be put back exactly."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories import places as factory
from tests.factories.cast import Cast
from tests.factories.plans import make_draft, make_plan, make_task

from hieuhoc.foundation.records import trail
from hieuhoc.kernel.errors import Conflict
from hieuhoc.programme.plans import services
from hieuhoc.programme.plans.heirs import follower
from hieuhoc.programme.plans.models import Assignment, Obstacle, Plan, TaskAgency
from hieuhoc.registers.places.models import Unit
from hieuhoc.registers.places.services import Passing, Turn

pytestmark = pytest.mark.django_db

ON = date(2020, 11, 16)


@pytest.fixture
def heir(cast: Cast) -> Unit:
    """A commune that stands already and takes both others over."""
    return factory.make_commune(cast.district, "Xã An Hòa")


def turn(*pairs: tuple[Unit, Unit]) -> Turn:
    return Turn(ON, "Nghị quyết 9", {old.pk: Passing(old.pk, new.pk, is_peer=True) for old, new in pairs})


def merge(cast: Cast, heir: Unit) -> Turn:
    return turn((cast.commune, heir), (cast.next_door, heir))


def plan_for(cast: Cast, *leads: Unit, tasks: int = 1) -> Plan:
    proposed = [make_task(f"Việc thứ {number}.", leads=list(leads), first_line=number + 5) for number in range(tasks)]
    return make_plan(by=cast.binh, issuer=cast.committee, lead=cast.education, tasks=proposed)


def rows() -> list[Any]:
    columns = ("pk", "unit__key", "state", "percent", "note", "due_on", "ended_at", "joined_into")
    return [
        list(Assignment.objects.order_by("pk").values_list(*columns)),
        list(TaskAgency.objects.order_by("pk").values_list("pk", "unit__key", "name")),
        list(Obstacle.objects.order_by("pk").values_list("pk", "unit__key", "holder__key", "state")),
        list(Plan.objects.order_by("pk").values_list("pk", "issuer__key", "lead__key", "state")),
    ]


def test_the_heirs_own_row_goes_on_and_the_others_lead_to_it(cast: Cast, heir: Unit) -> None:
    plan = plan_for(cast, cast.commune, cast.next_door, heir)
    follower.follow(by=trail.HOUSE, turn=merge(cast, heir))
    kept = plan.assignments.get(unit=heir)
    assert kept.state == "assigned"
    assert set(kept.joined.values_list("unit", "state")) == {
        (cast.commune.pk, "joined"),
        (cast.next_door.pk, "joined"),
    }


def test_of_the_predecessors_the_first_row_goes_on(cast: Cast, heir: Unit) -> None:
    plan = plan_for(cast, cast.commune, cast.next_door)
    first = plan.assignments.order_by("pk").first()
    follower.follow(by=trail.HOUSE, turn=merge(cast, heir))
    assert plan.assignments.get(unit=heir) == first


def test_work_that_the_heir_had_finished_is_taken_up_again(cast: Cast, heir: Unit) -> None:
    plan = plan_for(cast, cast.commune, heir)
    own = plan.assignments.get(unit=heir)
    services.report_progress(by=cast.dung, assignment=own, percent=100, note="Xong.", is_done=True)
    services.confirm_assignment(by=cast.minh, assignment=own)
    follower.follow(by=trail.HOUSE, turn=merge(cast, heir))
    own.refresh_from_db()
    assert (own.state, own.percent, own.ended_at) == ("underway", 50, None)


def test_finished_work_and_the_plans_that_are_over_stay_as_they_are(cast: Cast, heir: Unit) -> None:
    plan = plan_for(cast, cast.commune)
    services.close_plan(by=cast.minh, plan=plan, why="Hết giai đoạn")
    before = rows()
    follower.follow(by=trail.HOUSE, turn=merge(cast, heir))
    assert rows() == before


def test_a_draft_names_the_heir_and_is_issued_to_it_once(cast: Cast, heir: Unit) -> None:
    draft = make_draft(
        by=cast.binh, issuer=cast.committee, tasks=[make_task("Việc.", leads=[cast.commune, cast.next_door])]
    )
    follower.follow(by=trail.HOUSE, turn=merge(cast, heir))
    header = services.Header(subject=draft.subject, number=draft.number, issued_on=draft.issued_on)
    services.edit_header(by=cast.binh, plan=draft, header=header, issuer=cast.committee, lead=cast.education)
    services.issue_plan(by=cast.binh, plan=draft)
    assert [one.unit for one in draft.assignments.all()] == [heir]


def test_what_passes_twice_ends_with_the_last_heir(cast: Cast, heir: Unit) -> None:
    plan = plan_for(cast, cast.commune, cast.next_door)
    last = factory.make_commune(cast.district, "Xã Cuối Cùng")
    before = rows()
    first = follower.follow(by=trail.HOUSE, turn=merge(cast, heir))
    between = rows()
    second = follower.follow(by=trail.HOUSE, turn=turn((heir, last)))
    assert plan.assignments.exclude(state="joined").get().unit == last
    follower.take_back(by=trail.HOUSE, turn=turn((heir, last)), journal=second.journal)
    assert rows() == between
    follower.take_back(by=trail.HOUSE, turn=merge(cast, heir), journal=first.journal)
    assert rows() == before


def test_a_lead_and_an_obstacles_holder_pass_to_the_department_that_succeeds(cast: Cast) -> None:
    plan = plan_for(cast, cast.commune)
    services.raise_obstacle(by=cast.an, assignment=plan.assignments.get(), topic="money", title="Thiếu", text="Chưa có")
    before = rows()
    passed = turn((cast.education, cast.finance))
    done = follower.follow(by=trail.HOUSE, turn=passed)
    plan.refresh_from_db()
    assert (plan.lead, plan.issuer) == (cast.finance, cast.committee)
    assert Obstacle.objects.get().holder == cast.finance
    follower.take_back(by=trail.HOUSE, turn=passed, journal=done.journal)
    assert rows() == before
    assert trail.verify() is None


def report(cast: Cast, work: Assignment) -> None:
    services.report_progress(by=cast.dung, assignment=work, percent=work.percent, note=work.note)


def comment(cast: Cast, work: Assignment) -> None:
    services.add_comment(by=cast.dung, assignment=work, text="Đang làm.")


def prove(cast: Cast, work: Assignment) -> None:
    services.add_evidence(by=cast.dung, assignment=work, link="https://example.vn/anh")


def remind(cast: Cast, work: Assignment) -> None:
    services.remind(by=cast.binh, assignments=[work])


def block(cast: Cast, work: Assignment) -> None:
    services.raise_obstacle(by=cast.dung, assignment=work, topic="money", title="Thiếu", text="Chưa có")


def cancel(cast: Cast, work: Assignment) -> None:
    services.cancel_assignment(by=cast.minh, assignment=work, why="Không làm nữa")


@pytest.mark.parametrize("deed", [report, comment, prove, remind, block, cancel])
def test_what_was_worked_on_since_is_not_put_back(
    cast: Cast, heir: Unit, deed: Callable[[Cast, Assignment], None]
) -> None:
    plan = plan_for(cast, cast.commune, cast.next_door)
    done = follower.follow(by=trail.HOUSE, turn=merge(cast, heir))
    deed(cast, plan.assignments.get(unit=heir))
    before = rows()
    with pytest.raises(Conflict, match="đã được cập nhật sau cuộc sắp xếp"):
        follower.take_back(by=trail.HOUSE, turn=merge(cast, heir), journal=done.journal)
    assert rows() == before


def test_following_takes_as_many_queries_for_many_rows_as_for_one(cast: Cast, heir: Unit) -> None:
    few, many = (_queries(cast, heir, tasks=tasks) for tasks in (1, 12))
    assert few == many


def _queries(cast: Cast, heir: Unit, *, tasks: int) -> int:
    number = f"{tasks}/KH"
    proposed = [
        make_task(f"Việc {n}.", leads=[cast.commune, cast.next_door], first_line=n + 5, section="I")
        for n in range(tasks)
    ]
    make_plan(
        by=cast.binh,
        issuer=cast.committee,
        lead=cast.education,
        tasks=proposed,
        number=number,
        subject=f"Việc {number}",
    )
    with CaptureQueriesContext(connection) as asked:
        follower.follow(by=trail.HOUSE, turn=merge(cast, heir))
    return len(asked)
