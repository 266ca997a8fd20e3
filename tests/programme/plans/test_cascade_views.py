"""Coverage of a plan by those below, and the links between the tasks of a local plan and those above."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories.cast import Cast
from tests.factories.places import make_agency, make_district
from tests.factories.plans import make_draft, make_plan, make_task

from hieuhoc.foundation.records import trail
from hieuhoc.programme.plans import selectors, services
from hieuhoc.programme.plans.models import Plan, Task, TaskLink
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.places.models import Unit

SignIn = Callable[[User], Client]


@pytest.fixture
def committee(cast: Cast) -> Unit:
    """The People's Committee of Dũng's district."""
    return make_agency(cast.district, "Ủy ban nhân dân huyện Bình Trung", kind="uy_ban")


@pytest.fixture
def far(cast: Cast) -> Unit:
    """The People's Committee of another district, which has issued nothing."""
    return make_agency(make_district(cast.province, "Huyện Xa"), "Ủy ban nhân dân huyện Xa", kind="uy_ban")


@pytest.fixture
def above(cast: Cast, committee: Unit, far: Unit) -> Plan:
    """The province's plan: two tasks for both committees, one for the finance department."""
    return make_plan(
        by=cast.binh,
        issuer=cast.committee,
        lead=cast.education,
        tasks=[
            make_task("Mở lớp xóa mù chữ cho người lớn tuổi", leads=[committee, far]),
            make_task("Củng cố trung tâm học tập cộng đồng ở các xã", leads=[committee, far]),
            make_task("Bố trí kinh phí cho khuyến học", leads=[cast.finance]),
        ],
    )


@pytest.fixture
def local(cast: Cast, committee: Unit, above: Plan) -> Plan:
    """The district's plan under it, issued, its likenesses proposed."""
    plan = make_plan(
        by=cast.dung,
        issuer=committee,
        lead=committee,
        above=above,
        number="7/KH-UBND",
        tasks=[
            make_task("Mở lớp xóa mù chữ cho người lớn tuổi ở các xã", leads=[cast.commune]),
            make_task("Tặng quà học sinh nghèo vượt khó dịp Tết", leads=[cast.commune]),
        ],
    )
    services.propose_links(by=cast.dung, plan=plan)
    return plan


@pytest.fixture
def link(local: Plan) -> TaskLink:
    """The proposal that the two tasks on literacy are one."""
    return TaskLink.objects.get(below__plan=local, above__text__startswith="Mở lớp", below__text__startswith="Mở lớp")


def _links(plan: Plan, query: str = "") -> str:
    return reverse("plans:plan-links", args=[plan.pk]) + query


def test_coverage_names_who_has_a_plan_who_drafts_one_and_who_has_nothing(
    signed_in: SignIn, cast: Cast, above: Plan, local: Plan, far: Unit
) -> None:
    client = signed_in(cast.binh)
    here = reverse("plans:plan-coverage", args=[above.pk])
    page = client.get(here)
    assert page.context["counts"] == {"issued": 1, "draft": 0, "none": 1}
    assert "7/KH-UBND" in page.content.decode()
    make_draft(by=cast.binh, issuer=far, above=above, number="9/KH-UBND", tasks=[make_task()])
    assert client.get(here).context["counts"] == {"issued": 1, "draft": 1, "none": 0}
    names = [row.row.unit.name for row in client.get(f"{here}?state=draft").context["page"].object_list]
    assert names == ["Ủy ban nhân dân huyện Xa"]
    assert "Không có cơ quan nào khớp" in client.get(f"{here}?q=khong+co").content.decode()


def test_a_draft_of_others_is_not_told(signed_in: SignIn, cast: Cast, above: Plan, local: Plan, far: Unit) -> None:
    make_draft(by=cast.binh, issuer=far, above=above, number="9/KH-UBND", tasks=[make_task()])
    page = signed_in(cast.dung).get(reverse("plans:plan-coverage", args=[above.pk]))
    assert page.context["counts"] == {"issued": 1, "draft": 0, "none": 1}
    assert "9/KH-UBND" not in page.content.decode()


def test_departments_with_duties_stand_apart_from_the_committees(signed_in: SignIn, cast: Cast, above: Plan) -> None:
    page = signed_in(cast.binh).get(reverse("plans:plan-coverage", args=[above.pk]) + "?who=agencies")
    assert [row.row.unit for row in page.context["page"].object_list] == [cast.finance]


def test_a_task_is_taken_up_once_a_link_from_an_issued_plan_is_confirmed(
    signed_in: SignIn, cast: Cast, above: Plan, local: Plan, link: TaskLink
) -> None:
    assert len(selectors.coverage(above).untouched) == 2
    services.decide_link(by=cast.dung, link=link, deed="confirm")
    covered = selectors.coverage(above)
    assert [task.text for task in covered.untouched] == ["Củng cố trung tâm học tập cộng đồng ở các xã"]
    assert [(row.covered, row.duties) for row in covered.units if row.plan] == [(1, 2)]
    client = signed_in(cast.binh)
    page = client.get(reverse("plans:plan-untouched", args=[above.pk])).content.decode()
    assert "Củng cố trung tâm" in page
    assert "Mở lớp xóa mù chữ" not in page


def test_links_show_likeness_in_words_and_percent(signed_in: SignIn, cast: Cast, local: Plan, link: TaskLink) -> None:
    page = signed_in(cast.dung).get(_links(local)).content.decode()
    assert f"({link.likeness} %)" in page
    assert "giống" in page
    assert reverse("plans:link-confirm", args=[link.pk]) in page


def test_whoever_only_reads_the_plan_sees_links_without_buttons(
    signed_in: SignIn, cast: Cast, local: Plan, link: TaskLink
) -> None:
    page = signed_in(cast.xuan).get(_links(local))
    assert page.status_code == 200
    assert reverse("plans:link-confirm", args=[link.pk]) not in page.content.decode()


def test_a_link_is_confirmed_rejected_and_confirmed_again(
    signed_in: SignIn, cast: Cast, local: Plan, link: TaskLink
) -> None:
    client = signed_in(cast.dung)
    for deed, state in (("confirm", "confirmed"), ("reject", "rejected"), ("confirm", "confirmed")):
        answer = client.post(reverse(f"plans:link-{deed}", args=[link.pk]), {"back": "show=all&q=lop"})
        assert answer.status_code == 302
        assert answer["Location"] == _links(local, f"?show=all&q=lop#task-{link.below_id}")
        link.refresh_from_db()
        assert link.state == state
    assert trail.history(link).count() == 3


def test_with_htmx_only_the_card_and_the_counts_come_back(
    signed_in: SignIn, cast: Cast, local: Plan, link: TaskLink
) -> None:
    answer = signed_in(cast.dung).post(reverse("plans:link-confirm", args=[link.pk]), headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'id="task-{link.below_id}"' in page
    assert 'id="link-counts" hx-swap-oob="true"' in page
    assert "<html" not in page
    assert "Đã xác nhận" in page


def test_what_another_confirmed_a_moment_ago_is_not_confirmed_twice(
    signed_in: SignIn, cast: Cast, local: Plan, link: TaskLink
) -> None:
    client = signed_in(cast.dung)
    client.post(reverse("plans:link-confirm", args=[link.pk]))
    assert client.post(reverse("plans:link-confirm", args=[link.pk])).status_code == 409


def test_deeds_on_links_are_refused_inside_and_missing_outside_of_ones_scope(
    signed_in: SignIn, cast: Cast, local: Plan, link: TaskLink
) -> None:
    deeds = [
        reverse("plans:link-confirm", args=[link.pk]),
        reverse("plans:link-reject", args=[link.pk]),
        reverse("plans:links-propose", args=[local.pk]),
        reverse("plans:links-confirm", args=[local.pk]),
        reverse("plans:link-add", args=[local.pk]),
    ]
    assert {signed_in(cast.xuan).post(deed, {"least": "80"}).status_code for deed in deeds} == {403}
    assert {signed_in(cast.hanh).post(deed, {"least": "80"}).status_code for deed in deeds} == {404}
    assert {signed_in(cast.dung).get(deed).status_code for deed in deeds} == {405}
    link.refresh_from_db()
    assert link.state == "proposed"


def test_all_above_a_likeness_are_confirmed_at_once_and_the_others_wait(
    signed_in: SignIn, cast: Cast, local: Plan, link: TaskLink
) -> None:
    client = signed_in(cast.dung)
    here = reverse("plans:links-confirm", args=[local.pk])
    client.post(here, {"least": "100"})
    link.refresh_from_db()
    assert link.state == "proposed"
    client.post(here, {"least": str(link.likeness)})
    states = set(TaskLink.objects.filter(likeness__gte=link.likeness).values_list("state", flat=True))
    assert states == {"confirmed"}
    assert not TaskLink.objects.filter(likeness__lt=link.likeness, state="confirmed").exists()


@pytest.mark.parametrize("least", ["5", "101", "nhiều", ""])
def test_a_likeness_that_is_no_percentage_comes_back_to_the_page(
    signed_in: SignIn, cast: Cast, local: Plan, link: TaskLink, least: str
) -> None:
    answer = signed_in(cast.dung).post(reverse("plans:links-confirm", args=[local.pk]), {"least": least})
    assert answer.status_code == 422
    assert not TaskLink.objects.filter(state="confirmed").exists()


def test_two_tasks_are_tied_by_hand_after_a_search_without_marks(
    signed_in: SignIn, cast: Cast, above: Plan, local: Plan
) -> None:
    client = signed_in(cast.dung)
    below = local.tasks.get(text__startswith="Tặng quà")
    page = client.get(_links(local, f"?add={below.pk}&find=kinh+phi")).content.decode()
    assert "Bố trí kinh phí cho khuyến học" in page
    wanted = above.tasks.get(text__startswith="Bố trí")
    here = reverse("plans:link-add", args=[local.pk])
    assert client.post(here, {"below": below.pk, "above": wanted.pk}).status_code == 302
    assert TaskLink.objects.get(below=below, above=wanted).state == "confirmed"
    again = client.post(here, {"below": below.pk, "above": wanted.pk}, follow=True).content.decode()
    assert "đã được gắn với nhau" in again
    assert client.post(here, {"below": below.pk, "above": "x"}).status_code == 422
    assert client.post(here, {"below": below.pk, "above": below.pk}).status_code == 404


def test_proposing_again_leaves_what_was_decided(signed_in: SignIn, cast: Cast, local: Plan, link: TaskLink) -> None:
    services.decide_link(by=cast.dung, link=link, deed="reject")
    before = TaskLink.objects.count()
    page = signed_in(cast.dung).post(reverse("plans:links-propose", args=[local.pk]), follow=True).content.decode()
    assert "Không có đề xuất mới" in page
    link.refresh_from_db()
    assert (link.state, TaskLink.objects.count()) == ("rejected", before)


def test_the_list_of_links_is_narrowed_to_what_is_open(
    signed_in: SignIn, cast: Cast, local: Plan, link: TaskLink
) -> None:
    services.decide_link(by=cast.dung, link=link, deed="confirm")
    client = signed_in(cast.dung)

    def shown(query: str) -> list[str]:
        return [card["task"].text[:7] for card in client.get(_links(local, query)).context["cards"]]

    assert shown("?show=linked") == ["Mở lớp "]
    assert shown("?show=alone") == ["Tặng qu"]
    assert shown("?q=tang+qua") == ["Tặng qu"]
    assert shown("?show=vo-nghia") == ["Mở lớp ", "Tặng qu"]


def test_a_plan_without_one_above_says_what_to_do(signed_in: SignIn, cast: Cast, above: Plan) -> None:
    page = signed_in(cast.binh).get(_links(above))
    assert page.status_code == 200
    assert "chưa gắn với kế hoạch cấp trên" in page.content.decode()
    assert signed_in(cast.binh).post(reverse("plans:links-propose", args=[above.pk])).status_code == 422


def test_the_task_above_shows_how_the_work_below_stands(
    signed_in: SignIn, cast: Cast, local: Plan, link: TaskLink
) -> None:
    services.decide_link(by=cast.dung, link=link, deed="confirm")
    work = link.below.assignments.get()
    services.accept_assignment(by=cast.an, assignment=work)
    services.report_progress(by=cast.an, assignment=work, percent=100, note="Xong", is_done=True)
    services.confirm_assignment(by=cast.dung, assignment=work)
    page = signed_in(cast.binh).get(reverse("plans:task-detail", args=[link.above_id]))
    assert [(row.below, tally.confirmed, tally.total) for row, tally in page.context["below"]] == [(link.below, 1, 1)]
    assert "Việc của cấp dưới đã hoàn thành" in page.content.decode()


@pytest.mark.parametrize("name", ["plan-coverage", "plan-links"])
def test_pages_of_the_cascade_ask_the_database_as_often_for_many_tasks_as_for_few(
    signed_in: SignIn, cast: Cast, committee: Unit, far: Unit, name: str
) -> None:
    client = signed_in(cast.dung)

    def queries(count: int, number: str) -> int:
        words = ["Mở lớp xóa mù chữ", "Củng cố trung tâm học tập", "Tuyên truyền sâu rộng"]
        tasks = [make_task(f"{words[place % 3]} {place}", leads=[committee, far]) for place in range(count)]
        upper = make_plan(by=cast.binh, issuer=cast.committee, lead=cast.education, tasks=tasks, number=f"{number}1")
        lower_tasks = [make_task(f"{words[place % 3]} {place}", leads=[cast.commune]) for place in range(count)]
        lower = make_plan(
            by=cast.dung, issuer=committee, lead=committee, above=upper, tasks=lower_tasks, number=f"{number}2"
        )
        services.propose_links(by=cast.dung, plan=lower)
        Task.objects.filter(plan=upper).update(product="")
        plan = upper if name == "plan-coverage" else lower
        with CaptureQueriesContext(connection) as asked:
            assert client.get(reverse(f"plans:{name}", args=[plan.pk])).status_code == 200
        return len(asked)

    queries(1, "0")
    assert queries(2, "1") == queries(20, "2")
