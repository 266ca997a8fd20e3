"""Two communes merge, a district ends, one department succeeds another: nothing open is left, nothing is lost."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db.models import Q
from django.test import Client
from django.test.utils import override_settings
from django.urls import reverse
from tests.factories.cast import Cast
from tests.factories.plans import make_plan, make_task

from hieuhoc.foundation.outbox.models import Message
from hieuhoc.foundation.records import trail
from hieuhoc.kernel.errors import Conflict
from hieuhoc.programme.plans import selectors, services
from hieuhoc.programme.plans.models import Assignment, Obstacle, Plan, TaskAgency
from hieuhoc.programme.plans.states import UNFINISHED
from hieuhoc.registers.accounts.models import Grant, User
from hieuhoc.registers.places import selectors as places
from hieuhoc.registers.places import services as registers
from hieuhoc.registers.places.models import Reorganisation, Unit
from hieuhoc.registers.places.rules import Row

pytestmark = pytest.mark.django_db

ON, AFTER = date(2021, 1, 1), date(2021, 2, 1)


@pytest.fixture
def plan(cast: Cast) -> Plan:
    return make_work(cast)


def make_work(cast: Cast) -> Plan:
    """Work for both communes, for the district, for both departments: some begun, some finished, one blocked."""
    tasks = [
        make_task("Mở lớp xóa mù chữ.", leads=[cast.commune, cast.next_door]),
        make_task("Rà soát số liệu người học.", leads=[cast.commune, cast.district], first_line=6),
        make_task("Bố trí kinh phí.", leads=[cast.finance], first_line=7),
        make_task("Tuyên truyền tuần lễ học tập.", leads=[cast.commune, cast.next_door], first_line=8),
    ]
    plan = make_plan(by=cast.binh, issuer=cast.committee, lead=cast.finance, tasks=tasks)
    _report(cast.an, plan, cast.commune, 0, 80, "Đã mở 4 lớp.")
    _report(cast.chi, plan, cast.next_door, 0, 41, "Đã mở 2 lớp.")
    finished = _report(cast.chi, plan, cast.next_door, 3, 100, "Đã xong.", is_done=True)
    services.confirm_assignment(by=cast.minh, assignment=finished)
    blocked = plan.assignments.get(unit=cast.commune, task__position=_position(plan, 1))
    services.raise_obstacle(by=cast.an, assignment=blocked, topic="money", title="Thiếu kinh phí", text="Chưa có.")
    return plan


def _position(plan: Plan, place: int) -> Any:
    return list(plan.tasks.order_by("position"))[place].position


def _report(by: User, plan: Plan, unit: Unit, place: int, percent: int, note: str, **over: Any) -> Assignment:
    work = plan.assignments.get(unit=unit, task__position=_position(plan, place))
    services.report_progress(by=by, assignment=work, percent=percent, note=note, **over)
    work.refresh_from_db()
    return work


@pytest.fixture
def later() -> Iterator[None]:
    with override_settings(TODAY=AFTER):
        yield


def rows_of(cast: Cast) -> list[Row]:
    return [
        Row("merge", cast.commune.key, target="xa-an-hoa", target_name="Xã An Hòa", target_parent=cast.province.key),
        Row("merge", cast.next_door.key, target="xa-an-hoa"),
        Row("abolish", cast.district.key, target=cast.province.key),
        Row("merge", cast.finance.key, target=cast.education.key),
    ]


def reorganise(cast: Cast) -> Reorganisation:
    event = registers.prepare_reorganisation(by=cast.tri, title="Sắp xếp thử", effective_on=ON, document_number="9/NQ")
    registers.set_rows(by=cast.tri, event=event, rows=rows_of(cast))
    return registers.approve_reorganisation(
        by=cast.minh, event=registers.submit_reorganisation(by=cast.tri, event=event)
    )


def everything() -> list[list[Any]]:
    """All that an event may touch above the register."""
    return [
        list(Assignment.objects.order_by("pk").values_list("pk", "unit__key", "state", "percent", "note", "due_on")),
        list(TaskAgency.objects.order_by("pk").values_list("pk", "unit__key", "name")),
        list(Plan.objects.order_by("pk").values_list("pk", "lead__key", "issuer__key")),
        list(Obstacle.objects.order_by("pk").values_list("pk", "unit__key", "holder__key", "state")),
        sorted(Grant.objects.values_list("user__username", "role", "unit__key", "valid_from", "valid_to"), key=str),
    ]


def heir() -> Unit:
    return places.unit_by_key("xa-an-hoa")


def test_everything_open_has_exactly_one_holder_that_lives(cast: Cast, plan: Plan, later: None) -> None:
    reorganise(cast)
    ended = Q(unit__valid_to__isnull=False)
    assert not Assignment.objects.filter(ended, state__in=UNFINISHED).exists()
    assert not TaskAgency.objects.filter(ended).exists()
    assert not Obstacle.objects.filter(ended | Q(holder__valid_to__isnull=False)).exists()
    assert not Plan.objects.filter(lead__valid_to__isnull=False).exists()
    held = Grant.objects.on(AFTER)
    assert held.filter(user=cast.an).count() == held.filter(user=cast.chi).count() == 1
    assert {grant.unit for grant in held.filter(user__in=[cast.an, cast.chi])} == {heir()}
    assert trail.verify() is None


def test_what_two_communes_held_becomes_one_prefilled_with_both(cast: Cast, plan: Plan, later: None) -> None:
    reorganise(cast)
    kept = plan.assignments.get(unit=heir(), task__position=_position(plan, 0))
    assert (kept.state, kept.percent) == ("underway", 60)
    assert "Xã An Phú (80%): Đã mở 4 lớp." in kept.note
    assert "Xã Chí Hòa (41%): Đã mở 2 lớp." in kept.note
    (joined,) = selectors.joined_work(kept)
    assert joined.state == "joined"
    assert joined.unit in (cast.commune, cast.next_door)


def test_finished_work_stays_with_who_did_it_and_the_heirs_people_read_it(
    cast: Cast, plan: Plan, later: None, signed_in: Callable[[User], Client]
) -> None:
    reorganise(cast)
    finished = plan.assignments.get(unit=cast.next_door, state="confirmed")
    an = User.objects.get(pk=cast.an.pk)
    assert finished in selectors.assignments(an)
    assert signed_in(an).get(reverse("plans:assignment-detail", args=[finished.pk])).status_code == 200
    services.return_assignment(by=User.objects.get(pk=cast.minh.pk), assignment=finished, why="Bổ sung số liệu")
    services.report_progress(by=an, assignment=finished, percent=100, note="Đã bổ sung.", is_done=True)


def test_the_words_of_the_document_are_not_touched(cast: Cast, plan: Plan, later: None) -> None:
    names = list(TaskAgency.objects.order_by("pk").values_list("name", flat=True))
    reorganise(cast)
    assert list(TaskAgency.objects.order_by("pk").values_list("name", flat=True)) == names
    assert plan.issuer == cast.committee


def test_the_heirs_people_see_the_plan_and_go_on_with_the_work(cast: Cast, plan: Plan, later: None) -> None:
    reorganise(cast)
    chi = User.objects.get(pk=cast.chi.pk)
    assert plan in selectors.plans(chi)
    work = plan.assignments.get(unit=heir(), task__position=_position(plan, 0))
    services.report_progress(by=chi, assignment=work, percent=90, note="Mở thêm 2 lớp.")


def test_a_district_officer_reads_what_was_the_districts_and_does_no_more(
    cast: Cast, plan: Plan, later: None, signed_in: Callable[[User], Client]
) -> None:
    reorganise(cast)
    dung = User.objects.get(pk=cast.dung.pk)
    (grant,) = Grant.objects.on(AFTER).filter(user=dung)
    assert (grant.role, grant.unit) == ("reader", cast.district)
    finished = plan.assignments.get(unit=cast.next_door, state="confirmed")
    assert signed_in(dung).get(reverse("plans:assignment-detail", args=[finished.pk])).status_code == 200


def test_an_obstacle_waits_with_the_heir_of_whom_it_waited_for(cast: Cast, plan: Plan, later: None) -> None:
    reorganise(cast)
    obstacle = Obstacle.objects.get()
    assert (obstacle.unit, obstacle.holder) == (heir(), cast.education)


def test_the_people_of_the_heir_are_told_once(cast: Cast, plan: Plan, later: None) -> None:
    Message.objects.all().delete()
    reorganise(cast)
    letters = Message.objects.filter(to=cast.an.email)
    assert letters.count() == 1
    assert "Xã An Hòa" in letters.get().subject


def test_the_two_lenses_have_the_same_totals(cast: Cast, plan: Plan, later: None) -> None:
    reorganise(cast)
    reported = selectors.tally_by_agency(plan, on=AFTER)
    restated = selectors.agencies_restated(reported, on=AFTER, tree=selectors.map_of_agencies(reported))
    assert {one.name for one in reported} > {one.name for one in restated}
    for count in ("total", "confirmed", "waiting", "underway", "late", "unstarted"):
        assert sum(getattr(one.tally, count) for one in reported) == sum(getattr(one.tally, count) for one in restated)
    mine = next(one for one in restated if one.key == "xa-an-hoa")
    assert mine.tally.confirmed == 1


def test_the_next_turn_of_recurrent_work_is_asked_of_the_heir(cast: Cast, later: None) -> None:
    with override_settings(TODAY=date(2020, 11, 16)):
        task = make_task("Báo cáo hằng quý.", leads=[cast.commune, cast.next_door], values={"recurrence": "quarter"})
        plan = make_plan(by=cast.binh, issuer=cast.committee, lead=cast.education, tasks=[task], number="14/KH")
        for work in plan.assignments.order_by("pk"):
            person = cast.an if work.unit == cast.commune else cast.chi
            services.report_progress(by=person, assignment=work, percent=100, note="Đã gửi.", is_done=True)
            services.confirm_assignment(by=cast.minh, assignment=work)
    reorganise(cast)
    assert services.open_occurrences() == 1
    fresh = plan.assignments.exclude(state="confirmed").get()
    assert fresh.unit == heir()


def test_a_dry_run_names_everything_that_is_touched_and_changes_nothing(cast: Cast, plan: Plan, later: None) -> None:
    before = everything()
    event = registers.prepare_reorganisation(by=cast.tri, title="Thử", effective_on=ON)
    registers.set_rows(by=cast.tri, event=event, rows=rows_of(cast))
    trial = registers.try_reorganisation(event)
    assert not trial.problems
    sorts = {"Đơn vị kết thúc", "Vai trò", "Việc được giao", "Vai trò trong nhiệm vụ", "Đầu mối kế hoạch", "Vướng mắc"}
    assert sorts <= set(trial.numbers)
    assert everything() == before


def test_taking_back_restores_all_of_it(cast: Cast, plan: Plan, later: None) -> None:
    before = everything()
    event = reorganise(cast)
    assert everything() != before
    registers.take_back_reorganisation(by=cast.minh, event=event, why="Nhầm ngày")
    assert everything() == before
    assert trail.verify() is None


def test_what_has_been_worked_on_since_is_not_taken_back(cast: Cast, plan: Plan, later: None) -> None:
    event = reorganise(cast)
    work = plan.assignments.get(unit=heir(), task__position=_position(plan, 0))
    services.report_progress(by=User.objects.get(pk=cast.an.pk), assignment=work, percent=95, note="Thêm một lớp.")
    after = everything()
    with pytest.raises(Conflict, match="đã được cập nhật"):
        registers.take_back_reorganisation(by=cast.minh, event=event, why="Nhầm")
    assert everything() == after


def test_an_old_name_finds_the_work_of_the_heir(
    cast: Cast, plan: Plan, later: None, signed_in: Callable[[User], Client]
) -> None:
    reorganise(cast)
    answer = signed_in(User.objects.get(pk=cast.xuan.pk)).get(reverse("plans:search"), {"q": "Chí Hòa"})
    assert "Xã An Hòa" in answer.content.decode()


def test_taken_back_and_carried_out_again_it_is_the_same(cast: Cast, plan: Plan, later: None) -> None:
    event = reorganise(cast)
    after = everything()
    registers.take_back_reorganisation(by=cast.minh, event=event, why="Nhầm ngày")
    event.refresh_from_db()
    registers.approve_reorganisation(by=cast.minh, event=registers.submit_reorganisation(by=cast.tri, event=event))
    assert everything() == after
    assert trail.verify() is None


def test_the_pages_say_where_work_came_from_and_where_it_went(
    cast: Cast, plan: Plan, later: None, signed_in: Callable[[User], Client]
) -> None:
    reorganise(cast)
    client = signed_in(User.objects.get(pk=cast.an.pk))
    kept = plan.assignments.get(unit=heir(), task__position=_position(plan, 0))
    (joined,) = selectors.joined_work(kept)
    page = client.get(kept.get_absolute_url()).content.decode()
    assert "Nhận từ" in page
    assert "Xã Chí Hòa, Xã An Phú" in page
    assert "(kế thừa từ 01/01/2021)" in page
    assert joined.get_absolute_url() in page
    page = client.get(joined.get_absolute_url()).content.decode()
    assert "đã gộp vào việc của Xã An Hòa" in page
    assert kept.get_absolute_url() in page


def divided(cast: Cast) -> list[Row]:
    """One commune is divided, two thirds of it become a new one; the other goes on."""
    return [
        Row("divide", cast.commune.key, target="xa-lon", target_name="Xã Lớn", target_kind="xa", share="2/3",
            target_parent=cast.district.key, takes_duties=True, is_estimated=True),
        Row("divide", cast.commune.key, target="xa-nho", target_name="Xã Nhỏ", target_kind="xa", share="1/3",
            target_parent=cast.district.key, is_estimated=True),
    ]  # fmt: skip


def test_finished_work_of_a_divided_unit_is_shared_out_and_marked_as_estimated(
    cast: Cast, later: None, signed_in: Callable[[User], Client]
) -> None:
    tasks = [make_task(f"Việc {n}.", leads=[cast.commune, cast.next_door], first_line=n + 5) for n in range(5)]
    plan = make_plan(by=cast.binh, issuer=cast.committee, lead=cast.finance, tasks=tasks)
    for place in range(4):
        work = _report(cast.an, plan, cast.commune, place, 100, "Đã xong.", is_done=True)
        services.confirm_assignment(by=cast.minh, assignment=work)
    event = registers.prepare_reorganisation(by=cast.tri, title="Chia xã", effective_on=ON)
    registers.set_rows(by=cast.tri, event=event, rows=divided(cast))
    registers.approve_reorganisation(by=cast.minh, event=registers.submit_reorganisation(by=cast.tri, event=event))
    reported = selectors.tally_by_agency(plan, on=AFTER)
    restated = selectors.agencies_restated(reported, on=AFTER, tree=selectors.map_of_agencies(reported))
    found = {one.name: (one.tally.confirmed, one.tally.unstarted, one.is_estimated) for one in restated}
    assert found == {"Xã Lớn": (3, 1, True), "Xã Nhỏ": (1, 0, True), "Xã Chí Hòa": (0, 5, False)}
    client = signed_in(User.objects.get(pk=cast.xuan.pk))
    for name in ("plans:plan-overview", "plans:plan-matrix"):
        page = client.get(reverse(name, args=[plan.pk])).content.decode()
        assert "Số liệu theo bản đồ ngày 01/02/2021" in page
        assert "An Phú" not in page
        assert "ước tính" in page.lower()
        page = client.get(reverse(name, args=[plan.pk]), {"lens": "reported"}).content.decode()
        assert "Số liệu theo đơn vị lúc báo" in page
        assert "An Phú" in page
        assert "đến 31/12/2020" in page
        assert "Ước tính" not in page


def test_a_paper_says_by_which_lens_it_tells(
    cast: Cast, plan: Plan, later: None, signed_in: Callable[[User], Client]
) -> None:
    reorganise(cast)
    client = signed_in(User.objects.get(pk=cast.binh.pk))
    here = reverse("plans:plan-print", args=[plan.pk])
    page = client.get(here, {"table": "progress"}).content.decode()
    assert "theo bản đồ ngày 01/02/2021" in page
    assert "Xã An Hòa (trước 01/01/2021: Xã Chí Hòa)" in page
    page = client.get(here, {"table": "progress", "lens": "reported"}).content.decode()
    assert "theo đơn vị lúc báo" in page
    assert "(trước 01/01/2021" not in page


def test_what_predecessors_planned_and_owe_is_their_heirs_by_todays_map(cast: Cast, plan: Plan, later: None) -> None:
    local = make_plan(
        by=cast.binh, issuer=cast.next_door, lead=cast.next_door, tasks=[make_task("Mở lớp.", leads=[cast.next_door])],
        number="3/KH-UBND", above=plan,
    )  # fmt: skip
    reorganise(cast)
    own = {one.unit.name: one for one in selectors.coverage(plan).agencies}
    assert own["Xã An Hòa"].plan == local
    assert own["Xã An Hòa"].duties == 3
    reported = selectors.coverage(plan, is_restated=False)
    assert reported.has_ended
    assert {one.unit.name: one.plan for one in reported.agencies}["Xã Chí Hòa"] == local
