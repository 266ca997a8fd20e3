"""A centre's year: topics, needs, planned classes, who submits and who approves, and the pages of all that."""

from collections.abc import Callable
from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook
from tests.factories.cast import Cast
from tests.factories.learning import make_activity, make_provider, make_session, make_topic

from hieuhoc.kernel.errors import Conflict, Invalid, Missing, Refused
from hieuhoc.programme.learning.models import Need, PlannedClass, Provider, Topic, YearPlan
from hieuhoc.programme.learning.selectors import year_plans as selectors
from hieuhoc.programme.learning.services import activities, topics, year_plans
from hieuhoc.registers.accounts.models import User

YEAR = 2021


@pytest.fixture
def centre(cast: Cast) -> Provider:
    return make_provider(cast.commune)


@pytest.fixture
def plan(cast: Cast, centre: Provider) -> YearPlan:
    plan = year_plans.begin_year_plan(by=cast.hue, provider=centre, year=YEAR)
    year_plans.plan_class(by=cast.hue, plan=plan, title="Trồng rau sạch", month=3, cost=2_000_000, source="state")
    return plan


# ---- topics ------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_topics_that_ship_are_loaded_once_and_those_of_circular_18_wait_for_their_day() -> None:
    made = topics.load_topics()
    assert {"kh144-nong-nghiep", "tt18-phap-luat", "xoa-mu-chu"} <= set(made)
    assert topics.load_topics() == []
    law = Topic.objects.get(code="tt18-phap-luat")
    assert not law.holds_on(date(2025, 1, 13))
    assert law.holds_on(date(2025, 1, 14))


def test_only_the_lead_department_writes_topics(cast: Cast) -> None:
    told = {"code": "nuoi-tom", "name": "Nuôi tôm", "field": "economy", "valid_from": date(2020, 1, 1)}
    with pytest.raises(Refused):
        topics.add_topic(by=cast.hue, **told)  # type: ignore[arg-type]
    topic = topics.add_topic(by=cast.binh, **told)  # type: ignore[arg-type]
    with pytest.raises(Invalid) as taken:
        topics.add_topic(by=cast.binh, **told)  # type: ignore[arg-type]
    assert taken.value.field == "code"
    topics.edit_topic(by=cast.binh, topic=topic, name="Nuôi tôm sú")
    assert Topic.objects.get(code="nuoi-tom").folded == "nuoi tom su"
    with pytest.raises(Invalid):
        topics.end_topic(by=cast.binh, topic=topic, on=date(2020, 1, 1))


# ---- needs -------------------------------------------------------------------------------------------


def test_needs_of_hamlets_add_up_by_topic(cast: Cast, centre: Provider) -> None:
    health = make_topic()
    for people in (12, 8):
        year_plans.note_needs(by=cast.hue, provider=centre, year=YEAR, unit=cast.commune, people={health: people})
    year_plans.note_needs(
        by=cast.hue, provider=centre, year=YEAR, unit=cast.commune, people={}, words="Sửa máy nổ", others=5
    )
    assert selectors.needs_summed(centre, YEAR) == [(health.name, 20, 1), ("Sửa máy nổ", 5, 1)]


@pytest.mark.parametrize(("words", "others"), [("", 0), ("Sửa máy nổ", 0)])
def test_a_need_of_nobody_is_not_noted(cast: Cast, centre: Provider, words: str, others: int) -> None:
    with pytest.raises(Invalid):
        year_plans.note_needs(
            by=cast.hue, provider=centre, year=YEAR, unit=cast.commune, people={}, words=words, others=others
        )
    assert not Need.objects.exists()


def test_needs_of_another_commune_are_not_noted_here(cast: Cast, centre: Provider) -> None:
    with pytest.raises(Invalid) as elsewhere:
        year_plans.note_needs(by=cast.hue, provider=centre, year=YEAR, unit=cast.next_door, people={make_topic(): 3})
    assert elsewhere.value.field == "unit"


# ---- the plan ----------------------------------------------------------------------------------------


def test_a_plan_goes_to_the_commune_and_somebody_else_approves_it(cast: Cast, plan: YearPlan) -> None:
    plan = year_plans.move_year_plan(by=cast.hue, plan=plan, deed="submit")
    with pytest.raises(Refused):
        year_plans.move_year_plan(by=cast.hue, plan=plan, deed="approve")
    with pytest.raises(Conflict):
        year_plans.plan_class(by=cast.hue, plan=plan, title="Thêm sau", month=4)
    plan = year_plans.move_year_plan(by=cast.an, plan=plan, deed="return", why="Thiếu lớp về sức khỏe")
    year_plans.plan_class(by=cast.hue, plan=plan, title="Phòng sốt xuất huyết", month=6)
    plan = year_plans.move_year_plan(by=cast.hue, plan=plan, deed="submit")
    plan = year_plans.move_year_plan(by=cast.an, plan=plan, deed="approve")
    assert (plan.state, plan.submitted_by, plan.classes.count()) == ("approved", cast.hue, 2)


def test_whoever_submitted_a_plan_does_not_approve_it(cast: Cast, plan: YearPlan) -> None:
    plan = year_plans.move_year_plan(by=cast.an, plan=plan, deed="submit")
    with pytest.raises(Refused):
        year_plans.move_year_plan(by=cast.an, plan=plan, deed="approve")


def test_an_empty_plan_is_not_submitted_and_a_strange_year_not_planned(cast: Cast, centre: Provider) -> None:
    empty = year_plans.begin_year_plan(by=cast.hue, provider=centre, year=YEAR)
    with pytest.raises(Invalid):
        year_plans.move_year_plan(by=cast.hue, plan=empty, deed="submit")
    with pytest.raises(Invalid):
        year_plans.begin_year_plan(by=cast.hue, provider=centre, year=1999)


def test_nobody_outside_plans_or_sees_a_centres_year(cast: Cast, centre: Provider, plan: YearPlan) -> None:
    with pytest.raises(Missing):
        year_plans.begin_year_plan(by=cast.chi, provider=centre, year=YEAR)
    with pytest.raises(Refused):
        year_plans.begin_year_plan(by=cast.xuan, provider=centre, year=YEAR)
    assert not selectors.centres_seen(cast.chi).exists()


def test_last_years_classes_are_taken_over_once(cast: Cast, centre: Provider, plan: YearPlan) -> None:
    following = year_plans.begin_year_plan(by=cast.hue, provider=centre, year=YEAR + 1)
    assert year_plans.copy_classes(by=cast.hue, plan=following) == 1
    with pytest.raises(Invalid):
        year_plans.copy_classes(by=cast.hue, plan=following)
    assert PlannedClass.objects.count() == 2


def test_progress_counts_what_was_made_and_held_and_not_what_was_cancelled(
    cast: Cast, centre: Provider, plan: YearPlan
) -> None:
    planned = plan.classes.get()
    activity = make_activity(centre)
    activity.planned = planned
    activity.state = "cancelled"
    activity.save()
    assert selectors.plans_of([centre], year=YEAR)[centre.pk][1].made == 0
    activity.state = "open"
    activity.save()
    assert selectors.plans_of([centre], year=YEAR)[centre.pk][1].made == 1
    make_session(activity, date(2021, 3, 5))
    activity.held_on = date(2021, 3, 5)
    activity.save()
    assert selectors.plans_of([centre], year=YEAR)[centre.pk][1].share == 100
    with pytest.raises(Conflict):
        year_plans.drop_class(by=cast.hue, planned=planned)


# ---- pages -------------------------------------------------------------------------------------------


def test_a_director_plans_a_year_through_the_pages(
    cast: Cast, centre: Provider, signed_in: Callable[[User], Client]
) -> None:
    health = make_topic()
    client = signed_in(cast.hue)
    address = f"/learning/year-plans/{centre.key}/{YEAR}/"
    client.post(f"{address}needs/", {"unit": cast.commune.pk, f"topic_{health.pk}": "14"})
    client.post(
        f"{address}classes/new/", {"title": "Phòng sốt xuất huyết", "kind": "talk", "topic": health.pk, "month": 6}
    )
    page = client.get(address).content.decode()
    assert "Phòng sốt xuất huyết" in page
    assert "14 người, 1 nơi" in page
    wrong = client.post(f"{address}classes/new/", {"title": "", "kind": "talk", "month": 6, "place": "Nhà văn hóa"})
    assert wrong.status_code == 422
    assert "Nhà văn hóa" in wrong.content.decode()
    client.post(f"{address}move/submit/")
    assert YearPlan.objects.get().state == "submitted"
    clerk = signed_in(cast.an)
    clerk.post(f"{address}move/approve/")
    assert YearPlan.objects.get().state == "approved"
    sheet = load_workbook(BytesIO(client.get(f"{address}file/").content)).active
    assert sheet is not None
    assert "Phòng sốt xuất huyết" in {cell.value for row in sheet.iter_rows() for cell in row}


def test_a_class_is_made_from_a_plan_once_it_is_approved(cast: Cast, plan: YearPlan) -> None:
    planned = plan.classes.get()
    told = {"provider": plan.provider, "kind": "talk", "title": planned.title, "planned": planned}
    with pytest.raises(Invalid) as trouble:
        activities.make_activity(by=cast.hue, **told)
    assert trouble.value.field == "planned"
    YearPlan.objects.filter(pk=plan.pk).update(state="approved")
    told["planned"] = PlannedClass.objects.get(pk=planned.pk)
    assert activities.make_activity(by=cast.hue, **told).planned == planned


def test_the_desk_says_whose_plan_waits_and_whose_came_back(
    cast: Cast, plan: YearPlan, signed_in: Callable[[User], Client]
) -> None:
    def desk(user: User) -> str:
        return signed_in(user).get("/learning/").content.decode()

    assert "chờ bạn duyệt" not in desk(cast.an)
    year_plans.move_year_plan(by=cast.hue, plan=plan, deed="submit")
    assert "Kế hoạch năm chờ bạn duyệt" in desk(cast.an)
    assert "chờ bạn duyệt" not in desk(cast.hue)
    assert "chờ bạn duyệt" not in desk(cast.chi)
    year_plans.move_year_plan(by=cast.an, plan=plan, deed="return", why="Thêm lớp cho người cao tuổi")
    assert "Kế hoạch năm bị trả lại" in desk(cast.hue)
