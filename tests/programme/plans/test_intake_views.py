"""Taking a document in, checking its reading, issuing it: every page and every correction."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from hieuhoc.programme.plans import services
from hieuhoc.programme.plans.models import Assignment, Plan, Task
from hieuhoc.registers.accounts.models import User
from tests.factories.cast import Cast
from tests.factories.plans import make_draft, make_task

SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def draft(cast: Cast) -> Plan:
    """Three tasks: a sure one, a doubtful one, and one whose lead is not in the register."""
    return make_draft(
        by=cast.binh,
        issuer=cast.province,
        tasks=[
            make_task("Rà soát, cập nhật số liệu.", leads=[cast.education], values={"confidence": 95}),
            make_task(
                "Bố trí kinh phí; báo cáo kết quả.",
                leads=[cast.finance],
                first_line=6,
                last_line=6,
                values={"confidence": 55, "doubts": ["long"]},
            ),
            make_task("Tuyên truyền sâu rộng.", leads=[], first_line=7, last_line=7, values={"confidence": 70}),
        ],
    )


@pytest.fixture
def third(draft: Plan) -> Task:
    """The third task, led by a name that the register does not know."""
    task = draft.tasks.get(position=3)
    task.agencies.create(role="lead", name="Đài Phát thanh")
    return task


def _url(name: str, plan: Plan, task: Task | None = None) -> str:
    return reverse(f"plans:{name}", args=[plan.pk] if task is None else [plan.pk, task.pk])


def test_review_shows_the_text_and_the_doubtful_task_first(signed_in: SignIn, cast: Cast, draft: Plan) -> None:
    page = signed_in(cast.binh).get(_url("plan-review", draft)).content.decode()
    assert page.index("Bố trí kinh phí", page.index('id="proposals"')) < page.index(
        "Rà soát", page.index('id="proposals"')
    )
    assert 'id="line-6"' in page
    assert "có thể gồm nhiều việc" in page
