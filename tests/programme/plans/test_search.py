"""One search over plans, tasks, units and obstacles: what is found, by whom, and what it costs."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.factories.cast import Cast
from tests.factories.places import make_agency
from tests.factories.plans import make_draft, make_plan, make_task

from hieuhoc.foundation.records import clock
from hieuhoc.programme.plans import selectors, services
from hieuhoc.programme.plans.models import Assignment, Plan
from hieuhoc.registers.accounts.models import User

SignIn = Callable[[User], Client]
HERE = "plans:search"


@pytest.fixture
def plan(cast: Cast) -> Plan:
    """The province's plan with a task for the commune."""
    return make_plan(
        by=cast.binh,
        issuer=cast.committee,
        lead=cast.education,
        subject="Đẩy mạnh xóa mù chữ",
        tasks=[
            make_task("Mở lớp xóa mù chữ cho người lớn tuổi", leads=[cast.commune]),
            make_task("Người mù được học chữ nổi; xóa rào cản", leads=[cast.finance], first_line=6, last_line=6),
        ],
    )


def _found(client: Client, text: str, **more: str) -> dict[str, list[object]]:
    page = client.get(reverse(HERE), {"q": text, **more})
    assert page.status_code == 200
    return {one["group"]: list(one["rows"]) for one in page.context["groups"]}


def test_words_are_found_without_marks_in_every_kind(signed_in: SignIn, cast: Cast, plan: Plan) -> None:
    work = Assignment.objects.get(unit=cast.commune)
    services.raise_obstacle(by=cast.an, assignment=work, topic="staff", title="Thiếu người dạy xóa mù", text="Chữ")
    found = _found(signed_in(cast.binh), "XOA mu  chu")
    assert found["plans"] == [plan]
    assert found["tasks"][0] == work.task
    assert len(found["obstacles"]) == 1
    assert "units" not in found
    assert _found(signed_in(cast.binh), "an phu")["units"] == [cast.commune]


def test_the_words_as_a_phrase_come_before_the_words_apart(signed_in: SignIn, cast: Cast, plan: Plan) -> None:
    found = _found(signed_in(cast.binh), "mù chữ")
    texts = [getattr(task, "text", "")[:6] for task in found["tasks"]]
    assert texts == ["Mở lớp", "Người "]


def test_a_plan_is_found_by_its_number_and_a_task_by_its_place(signed_in: SignIn, cast: Cast, plan: Plan) -> None:
    client = signed_in(cast.binh)
    assert _found(client, "12/kh-ubnd")["plans"] == [plan]
    assert len(_found(client, "I#2")["tasks"]) == 1


def test_nobody_finds_what_lies_outside_of_their_scope(signed_in: SignIn, cast: Cast, plan: Plan) -> None:
    committee = make_agency(cast.district, "Ủy ban nhân dân huyện Bình Trung", kind="uy_ban")
    make_plan(
        by=cast.dung,
        issuer=committee,
        lead=committee,
        subject="Kế hoạch đom đóm",
        number="7/KH-UBND",
        tasks=[make_task("Bắt đom đóm bỏ vào vỏ trứng", leads=[cast.commune])],
    )
    work = Assignment.objects.get(unit=cast.commune, plan__subject="Kế hoạch đom đóm")
    services.raise_obstacle(by=cast.an, assignment=work, topic="other", title="Hết đom đóm", text="Mùa khô.")
    assert set(_found(signed_in(cast.dung), "dom dom")) == {"plans", "tasks", "obstacles"}
    assert set(_found(signed_in(cast.chi), "dom dom")) == {"plans", "tasks"}
    assert _found(signed_in(cast.hanh), "dom dom") == {}
    assert _found(signed_in(cast.nobody), "dom dom") == {}
    assert _found(signed_in(cast.nobody), "an phu") == {}


def test_a_draft_is_found_by_those_who_work_on_it_and_its_tasks_by_nobody(signed_in: SignIn, cast: Cast) -> None:
    tasks = [make_task("Gió lốc xoáy")]
    draft = make_draft(by=cast.binh, issuer=cast.committee, subject="Phòng lốc xoáy", tasks=tasks)
    assert _found(signed_in(cast.binh), "loc xoay") == {"plans": [draft]}
    assert _found(signed_in(cast.xuan), "loc xoay") == {}


def test_one_kind_alone_is_paged(signed_in: SignIn, cast: Cast) -> None:
    tasks = [make_task(f"Trồng cây bàng số {place}", leads=[cast.commune]) for place in range(40)]
    make_plan(by=cast.binh, issuer=cast.committee, lead=cast.education, tasks=tasks)
    client = signed_in(cast.binh)
    page = client.get(reverse(HERE), {"q": "cay bang"})
    assert len(page.context["groups"][0]["rows"]) == 5
    assert "Xem tất cả 40" in page.content.decode()
    assert len(_found(client, "cay bang", group="tasks")["tasks"]) == 30
    assert len(_found(client, "cay bang", group="tasks", page="2")["tasks"]) == 10
    assert len(_found(client, "cay bang", group="khong-co")["tasks"]) == 5
    assert len(_found(client, "cay bang", group="obstacles")["tasks"]) == 5


def test_nothing_asked_and_nothing_found_say_what_to_do(signed_in: SignIn, cast: Cast, plan: Plan) -> None:
    client = signed_in(cast.binh)
    assert "Gõ vài chữ" in client.get(reverse(HERE)).content.decode()
    assert "ít chữ hơn" in client.get(reverse(HERE), {"q": "chữ-không-có"}).content.decode()


@pytest.mark.parametrize("text", ["%", "_", "'; DROP TABLE", "<script>alert(1)</script>", "x" * 5000, "   "])
def test_no_text_breaks_the_search(signed_in: SignIn, cast: Cast, plan: Plan, text: str) -> None:
    page = signed_in(cast.binh).get(reverse(HERE), {"q": text})
    assert page.status_code == 200
    assert "<script>alert" not in page.content.decode()


def test_a_search_asks_the_database_as_often_for_many_finds_as_for_few(
    signed_in: SignIn, cast: Cast, plan: Plan
) -> None:
    client = signed_in(cast.binh)
    client.get(reverse(HERE), {"q": "xóa"})

    def queries(text: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse(HERE), {"q": text})
        return len(asked)

    for name, count in (("Chuồn chuồn", 1), ("Bươm bướm", 30)):
        make_plan(
            by=cast.binh,
            issuer=cast.committee,
            lead=cast.education,
            subject=name,
            number=f"{count}/KH-UBND",
            tasks=[make_task(f"{name} thứ {place}", leads=[cast.commune]) for place in range(count)],
        )
    assert queries("chuồn chuồn") == queries("bươm bướm")


def test_selectors_leave_out_kinds_without_finds(cast: Cast, plan: Plan) -> None:
    kinds = [one.group for one in selectors.search_all(cast.binh, "an phu", on=clock.today())]
    assert kinds == ["units"]
