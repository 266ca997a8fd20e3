"""Taking a document in, checking its reading, issuing it: every page and every correction."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from tests.factories.cast import Cast
from tests.factories.plans import make_draft, make_plan, make_task

from hieuhoc.foundation.records import clock
from hieuhoc.programme.plans import selectors, services
from hieuhoc.programme.plans.models import Assignment, Plan, Task
from hieuhoc.registers.accounts.models import User

SignIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}

DOCUMENT = """ỦY BAN NHÂN DÂN
TỈNH HÒA BẮC
Số: 15/KH-UBND
Hòa Bắc, ngày 17 tháng 9 năm 2020

KẾ HOẠCH
Xây dựng xã hội học tập trên địa bàn tỉnh Hòa Bắc

II. TỔ CHỨC THỰC HIỆN

1. Sở Giáo dục và Đào tạo

Chủ trì, phối hợp với Sở Tài chính rà soát, cập nhật số liệu người học hằng năm.

2. Sở Tài chính

Tham mưu bố trí kinh phí thực hiện Kế hoạch, hoàn thành trước ngày 30/11/2020.
"""


@pytest.fixture
def draft(cast: Cast) -> Plan:
    """Three tasks: a sure one, a doubtful one, and one whose lead is not in the register."""
    tasks = [
        make_task("Rà soát, cập nhật số liệu.", leads=[cast.education], values={"confidence": 95}),
        make_task(
            "Bố trí kinh phí; báo cáo kết quả.",
            leads=[cast.finance],
            first_line=6,
            last_line=6,
            values={"confidence": 55, "doubts": ["long"]},
        ),
        make_task(
            "Tuyên truyền sâu rộng.",
            leads=[("Đài Phát thanh", None)],
            first_line=7,
            last_line=7,
            values={"confidence": 70},
        ),
    ]
    return make_draft(by=cast.binh, issuer=cast.province, tasks=tasks)


def task_at(plan: Plan, place: int) -> Task:
    return plan.tasks.get(position=place)


def url(name: str, plan: Plan, task: Task | None = None) -> str:
    return reverse(f"plans:{name}", args=[plan.pk] if task is None else [plan.pk, task.pk])


def sent(task: Task, **over: Any) -> dict[str, Any]:
    """What the browser sends of an edited task."""
    agencies = list(task.agencies.select_related("unit"))
    form: dict[str, Any] = {
        "version": task.version,
        "text": task.text,
        "recurrence": task.recurrence,
        "due_on": "",
        "product": "",
    }
    for role in ("lead", "coordinate"):
        rows = [one for one in agencies if one.role == role]
        form |= {f"{role}-TOTAL_FORMS": len(rows) + 1, f"{role}-INITIAL_FORMS": len(rows)}
        for place, one in enumerate(rows):
            form[f"{role}-{place}-name"] = one.name
            form[f"{role}-{place}-unit_key"] = one.unit.key if one.unit else ""
    return form | over


# ---- taking in ---------------------------------------------------------------------------------------


def upload(client: Client, content: bytes = DOCUMENT.encode(), name: str = "ke-hoach.txt", **more: Any) -> Any:
    return client.post(reverse("plans:plan-take-in"), {"file": SimpleUploadedFile(name, content), **more})


def test_an_uploaded_document_becomes_a_draft_to_check(signed_in: SignIn, cast: Cast) -> None:
    response = upload(signed_in(cast.binh))
    plan = Plan.objects.get()
    assert response.status_code == 302
    assert response["Location"] == url("plan-review", plan)
    assert (plan.number, plan.state, plan.issuer) == ("15/KH-UBND", "draft", cast.committee)
    leads = {task.text: [one.unit for one in task.agencies.filter(role="lead")] for task in plan.tasks.all()}
    assert any(units == [cast.education] for units in leads.values())
    assert any(units == [cast.finance] for units in leads.values())


def test_the_file_itself_is_kept_to_be_downloaded(signed_in: SignIn, cast: Cast) -> None:
    client = signed_in(cast.binh)
    upload(client)
    response = client.get(url("plan-file", Plan.objects.get()))
    assert response.getvalue() == DOCUMENT.encode()
    assert response["Content-Disposition"].startswith("attachment")


def test_the_same_document_again_is_recognised_and_leads_to_what_is_there(signed_in: SignIn, cast: Cast) -> None:
    client = signed_in(cast.binh)
    upload(client)
    response = upload(client, DOCUMENT.replace("\n\n", "\n\n\n").encode(), "ban-khac.txt")
    assert response.status_code == 409
    assert url("plan-review", Plan.objects.get()) in response.content.decode()


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "trong.txt", "rỗng"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "cu.doc", ".docx"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "anh.png", "anh.png"),
        ("Chào bạn.".encode(), "thu.txt", "thu.txt"),
    ],
)
def test_a_refused_file_comes_back_with_what_to_do(
    signed_in: SignIn, cast: Cast, content: bytes, name: str, words: str
) -> None:
    response = upload(signed_in(cast.binh), content, name)
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Plan.objects.exists()


def test_nobody_takes_in_for_a_unit_that_is_not_theirs(signed_in: SignIn, cast: Cast) -> None:
    assert upload(signed_in(cast.an), issuer_key=cast.next_door.key).status_code == 404
    assert upload(signed_in(cast.xuan)).status_code == 403
    assert not Plan.objects.exists()


def test_drafts_are_found_again_where_documents_are_taken_in(signed_in: SignIn, cast: Cast, draft: Plan) -> None:
    services.mark_task(by=cast.binh, plan=draft, task=task_at(draft, 1).pk, deed="check")
    page = signed_in(cast.binh).get(reverse("plans:plan-take-in")).content.decode()
    assert url("plan-review", draft) in page
    assert "1/3" in page


def test_a_local_plan_names_the_plan_that_it_carries_out(signed_in: SignIn, cast: Cast) -> None:
    above = make_plan(
        by=cast.binh, issuer=cast.province, lead=cast.education, tasks=[make_task(leads=[cast.education])]
    )
    upload(signed_in(cast.dung), issuer_key=cast.district.key, above=above.pk)
    assert Plan.objects.get(issuer=cast.district).above == above


# ---- the page of checking ------------------------------------------------------------------------------


def test_review_shows_the_text_and_the_doubtful_task_first(signed_in: SignIn, cast: Cast, draft: Plan) -> None:
    page = signed_in(cast.binh).get(url("plan-review", draft)).content.decode()
    proposals = page[page.index('id="proposals"') :]
    assert proposals.index("Bố trí kinh phí") < proposals.index("Rà soát, cập nhật")
    assert "có thể gồm nhiều việc" in proposals
    task = task_at(draft, 2)
    assert f'<span class="sentence found" data-tasks="{task.pk}">{task.text}</span>' in page
    assert f'href="#task-{task.pk}"' in page
    assert f'href="#line-{task.first_line}"' in page


def test_review_is_open_only_to_those_who_may_correct_it(signed_in: SignIn, cast: Cast, draft: Plan) -> None:
    seen = {name: signed_in(user).get(url("plan-review", draft)).status_code for name, user in cast.people.items()}
    assert seen.pop("binh") == 200
    assert set(seen.values()) == {404}


def test_a_task_on_another_page_is_reached_from_its_line(signed_in: SignIn, cast: Cast) -> None:
    tasks = [make_task(f"Nhiệm vụ số {n}.", first_line=n + 4, last_line=n + 4) for n in range(1, 71)]
    draft = make_draft(by=cast.binh, issuer=cast.province, tasks=tasks)
    page = signed_in(cast.binh).get(url("plan-review", draft), {"show": "order"}).content.decode()
    last = task_at(draft, 70)
    assert (
        f'href="?show=order&amp;page=2#task-{last.pk}"' in page or f'href="?show=order&page=2#task-{last.pk}"' in page
    )


@pytest.mark.parametrize("show", ["doubtful", "order", "unassigned", "dismissed", "names"])
def test_the_number_of_queries_does_not_grow_with_the_draft(
    signed_in: SignIn, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries, show: str
) -> None:
    tasks = [
        make_task(
            f"Việc {n} phải làm.", leads=[cast.finance, (f"Cơ quan lạ {n}", None)], first_line=n + 4, last_line=n + 4
        )
        for n in range(1, 120)
    ]
    draft = make_draft(by=cast.binh, issuer=cast.province, tasks=tasks)
    client = signed_in(cast.binh)
    with django_assert_max_num_queries(25):
        assert client.get(url("plan-review", draft), {"show": show}).status_code == 200


# ---- corrections --------------------------------------------------------------------------------------


@pytest.mark.parametrize("deed", ["check", "dismiss"])
def test_marking_a_task_is_saved_at_once_and_can_be_undone(
    signed_in: SignIn, cast: Cast, draft: Plan, deed: str
) -> None:
    client, task = signed_in(cast.binh), task_at(draft, 1)
    response = client.post(url(f"draft-{deed}", draft, task) + "?show=order")
    assert response["Location"] == f"{url('plan-review', draft)}?show=order#task-{task.pk}"
    task.refresh_from_db()
    assert task.state == {"check": "checked", "dismiss": "dismissed"}[deed]
    client.post(url("draft-undo", draft))
    task.refresh_from_db()
    assert task.state == "proposed"


def test_htmx_gets_the_card_its_line_and_the_counters(signed_in: SignIn, cast: Cast, draft: Plan) -> None:
    task = task_at(draft, 2)
    response = signed_in(cast.binh).post(url("draft-check", draft, task), headers=HTMX)
    body = response.content.decode()
    assert body.lstrip().startswith(f'<article class="draft checked" id="task-{task.pk}"')
    assert 'id="review-head" hx-swap-oob="true"' in body
    assert 'id="line-6" hx-swap-oob="true"' in body
    assert "1/3" in body
    assert "<html" not in body


def test_edit_writes_words_agencies_and_due_date(signed_in: SignIn, cast: Cast, draft: Plan) -> None:
    task = task_at(draft, 1)
    form = sent(
        task,
        text="Rà soát  số liệu người học.",
        due_on="30/11/2020",
        recurrence="year",
        is_requested="on",
        **{"lead-0-DELETE": "on", "lead-1-name": "Sở TC", "lead-1-unit": "so tai chinh"},
        **{"coordinate-0-unit_key": cast.education.key},
    )
    response = signed_in(cast.binh).post(url("draft-edit", draft, task), form)
    assert response.status_code == 302, response.content.decode()
    task.refresh_from_db()
    assert (task.text, task.state, task.recurrence) == ("Rà soát số liệu người học.", "checked", "year")
    assert task.is_requested
    assert task.due_on is not None
    named = [(one.role, one.name, one.unit) for one in task.agencies.order_by("position")]
    assert named == [("lead", "Sở TC", cast.finance), ("coordinate", "Sở Giáo dục và Đào tạo", cast.education)]


def test_edit_comes_back_with_what_was_typed_and_why(signed_in: SignIn, cast: Cast, draft: Plan) -> None:
    client, task = signed_in(cast.binh), task_at(draft, 1)
    early = client.post(url("draft-edit", draft, task), sent(task, text="Chữ mới", due_on="1/1/2020"))
    assert early.status_code == 422
    assert "trước ngày ban hành" in early.content.decode()
    assert "Chữ mới" in early.content.decode()
    unknown = client.post(url("draft-edit", draft, task), sent(task, **{"lead-1-unit": "Sở Mây Gió"}))
    assert unknown.status_code == 422
    assert "Không có đơn vị nào tên “Sở Mây Gió”" in unknown.content.decode()
    task.refresh_from_db()
    assert task.state == "proposed"


def test_one_more_row_for_an_agency_keeps_what_was_typed(signed_in: SignIn, cast: Cast, draft: Plan) -> None:
    task = task_at(draft, 1)
    response = signed_in(cast.binh).post(url("draft-edit", draft, task), sent(task, text="Dở dang", more="coordinate"))
    page = response.content.decode()
    assert response.status_code == 200
    assert "Dở dang" in page
    assert 'name="coordinate-1-name"' in page
    task.refresh_from_db()
    assert task.text == "Rà soát, cập nhật số liệu."


def test_of_two_who_edit_at_once_the_second_is_told_and_loses_nothing(
    signed_in: SignIn, cast: Cast, draft: Plan
) -> None:
    client, task = signed_in(cast.binh), task_at(draft, 1)
    mine = sent(task, text="Bản của tôi")
    client.post(url("draft-edit", draft, task), sent(task, text="Bản của người khác"))
    told = client.post(url("draft-edit", draft, task), mine)
    page = told.content.decode()
    assert told.status_code == 409
    assert "Bản của tôi" in page
    assert "Bản của người khác" in page
    task.refresh_from_db()
    assert task.text == "Bản của người khác"
    client.post(url("draft-edit", draft, task), mine | {"version": task.version})
    task.refresh_from_db()
    assert task.text == "Bản của tôi"


def test_split_offers_the_marks_and_makes_two(signed_in: SignIn, cast: Cast, draft: Plan) -> None:
    client, task = signed_in(cast.binh), task_at(draft, 2)
    page = client.get(url("draft-split", draft, task)).content.decode()
    at = len("Bố trí kinh phí; ")
    assert f'name="at" value="{at}"' in page
    client.post(url("draft-split", draft, task), {"version": task.version, "at": at})
    texts = list(draft.tasks.order_by("position").values_list("text", flat=True))
    assert texts[1:3] == ["Bố trí kinh phí;", "báo cáo kết quả."]
    assert [one.name for one in draft.tasks.get(text="báo cáo kết quả.").agencies.all()] == ["Sở Tài chính"]


def test_split_without_a_place_comes_back(signed_in: SignIn, cast: Cast, draft: Plan) -> None:
    task = task_at(draft, 2)
    for at in ("", "0", "9999"):
        response = signed_in(cast.binh).post(url("draft-split", draft, task), {"version": task.version, "at": at})
        assert response.status_code == 422
    assert draft.tasks.count() == 3


def test_merge_joins_with_the_next_and_undo_parts_them(signed_in: SignIn, cast: Cast, draft: Plan) -> None:
    client, task = signed_in(cast.binh), task_at(draft, 1)
    response = client.post(url("draft-merge", draft, task), {"version": task.version}, headers=HTMX)
    assert response["HX-Retarget"] == "#review"
    task.refresh_from_db()
    assert task.text == "Rà soát, cập nhật số liệu. Bố trí kinh phí; báo cáo kết quả."
    assert draft.tasks.count() == 2
    client.post(url("draft-undo", draft))
    assert list(draft.tasks.order_by("position").values_list("text", flat=True))[:2] == [
        "Rà soát, cập nhật số liệu.",
        "Bố trí kinh phí; báo cáo kết quả.",
    ]
    assert draft.tasks.get(text__startswith="Bố trí").agencies.get().unit == cast.finance


def test_the_last_task_has_nothing_to_merge_with(signed_in: SignIn, cast: Cast, draft: Plan) -> None:
    task = task_at(draft, 3)
    assert signed_in(cast.binh).post(url("draft-merge", draft, task), {"version": 1}).status_code == 409


def test_a_missed_task_is_added_from_its_line(signed_in: SignIn, cast: Cast, draft: Plan) -> None:
    client = signed_in(cast.binh)
    page = client.get(url("draft-add", draft), {"line": "5"}).content.decode()
    assert "Rà soát, cập nhật số liệu." in page
    section = draft.sections.get()
    response = client.post(url("draft-add", draft), {"text": "Việc còn sót.", "section": section.pk, "line": "5"})
    added = draft.tasks.get(is_added=True)
    assert response["Location"].startswith(url("draft-edit", draft, added))
    assert list(draft.tasks.order_by("position"))[1] == added
    assert (added.section, added.first_line) == (section, 5)


@pytest.mark.parametrize(("text", "line"), [("", "5"), ("Việc", "999"), ("Việc", "x")])
def test_a_task_that_cannot_be_added_comes_back(
    signed_in: SignIn, cast: Cast, draft: Plan, text: str, line: str
) -> None:
    response = signed_in(cast.binh).post(url("draft-add", draft), {"text": text, "line": line})
    assert response.status_code == 422
    assert draft.tasks.count() == 3


def test_a_name_is_linked_wherever_it_is_used(signed_in: SignIn, cast: Cast, draft: Plan) -> None:
    client = signed_in(cast.binh)
    page = client.get(url("plan-review", draft), {"show": "names"}).content.decode()
    assert "“Đài Phát thanh”" in page
    client.post(url("draft-link", draft), {"name": "Đài Phát thanh", "unit_key": cast.education.key})
    agency = task_at(draft, 3).agencies.get()
    assert (agency.name, agency.unit) == ("Đài Phát thanh", cast.education)
    assert selectors.unlinked_names(draft) == []


def test_an_unknown_unit_for_a_name_comes_back_at_its_field(signed_in: SignIn, cast: Cast, draft: Plan) -> None:
    response = signed_in(cast.binh).post(
        url("draft-link", draft) + "?show=names", {"name": "Đài Phát thanh", "unit": "Sở Mây Gió"}
    )
    assert response.status_code == 422
    assert "Không có đơn vị nào tên “Sở Mây Gió”" in response.content.decode()


def test_all_that_are_sure_are_checked_in_one_step_and_undone_in_one(
    signed_in: SignIn, cast: Cast, draft: Plan
) -> None:
    client = signed_in(cast.binh)
    client.post(url("draft-check-rest", draft))
    assert [task_at(draft, n).state for n in (1, 2, 3)] == ["checked", "proposed", "proposed"]
    client.post(url("draft-undo", draft))
    assert task_at(draft, 1).state == "proposed"
    assert client.post(url("draft-undo", draft)).status_code == 409


@pytest.mark.parametrize("name", ["check", "uncheck", "dismiss", "restore", "edit", "split", "merge", "card"])
def test_a_task_of_another_plan_is_not_touched(signed_in: SignIn, cast: Cast, draft: Plan, name: str) -> None:
    other = make_draft(by=cast.dung, issuer=cast.district, tasks=[make_task()], number="3/KH-UBND")
    theirs = task_at(other, 1)
    client = signed_in(cast.binh)
    ask = client.get if name in {"edit", "split"} else client.post
    assert ask(url(f"draft-{name}", draft, theirs)).status_code in {404, 405, 409}
    theirs.refresh_from_db()
    assert (theirs.state, theirs.version) == ("proposed", 1)


def test_nobody_else_corrects_a_draft(signed_in: SignIn, cast: Cast, draft: Plan) -> None:
    task = task_at(draft, 1)
    for user in (cast.an, cast.hanh, cast.xuan, cast.minh):
        client = signed_in(user)
        for name in ("draft-check", "draft-dismiss", "draft-edit", "draft-split", "draft-merge"):
            assert client.post(url(name, draft, task)).status_code == 404
        for name in ("draft-undo", "draft-check-rest", "draft-link", "draft-add", "plan-discard", "draft-header"):
            assert client.post(url(name, draft)).status_code == 404
        assert client.post(url("plan-issue", draft)).status_code == 404
    task.refresh_from_db()
    assert task.version == 1


# ---- head, issue, discard --------------------------------------------------------------------------------


def header(plan: Plan, **over: Any) -> dict[str, Any]:
    return {
        "seen": services.header_mark(plan),
        "kind": plan.kind,
        "number": plan.number,
        "issued_on": "17/9/2020",
        "subject": plan.subject,
        "issuer_key": plan.issuer.key,
    } | over


def test_the_head_is_corrected(signed_in: SignIn, cast: Cast, draft: Plan) -> None:
    form = header(
        draft, number="13/KH-UBND", lead_key=cast.education.key, issuer_name="UBND tỉnh", signer_name="Lê Văn A"
    )
    assert signed_in(cast.binh).post(url("draft-header", draft), form).status_code == 302
    draft.refresh_from_db()
    assert (draft.number, draft.lead, draft.issuer_name) == ("13/KH-UBND", cast.education, "UBND tỉnh")


def test_a_head_without_subject_comes_back(signed_in: SignIn, cast: Cast, draft: Plan) -> None:
    response = signed_in(cast.binh).post(url("draft-header", draft), header(draft, subject=" ", number="13/KH"))
    assert response.status_code == 422
    assert "13/KH" in response.content.decode()


def test_of_two_who_correct_the_head_the_second_is_told(signed_in: SignIn, cast: Cast, draft: Plan) -> None:
    client = signed_in(cast.binh)
    mine = header(draft, subject="Trích yếu của tôi")
    client.post(url("draft-header", draft), header(draft, subject="Trích yếu của người khác"))
    told = client.post(url("draft-header", draft), mine)
    page = told.content.decode()
    assert told.status_code == 409
    assert "Trích yếu của tôi" in page
    assert "Trích yếu của người khác" in page
    draft.refresh_from_db()
    assert draft.subject == "Trích yếu của người khác"


def test_issuing_says_first_what_it_will_do_and_then_does_exactly_that(
    signed_in: SignIn, cast: Cast, draft: Plan
) -> None:
    client = signed_in(cast.binh)
    assert "Hãy chọn cơ quan đầu mối" in client.get(url("plan-issue", draft)).content.decode()
    assert client.post(url("plan-issue", draft)).status_code == 422
    client.post(url("draft-header", draft), header(draft, lead_key=cast.education.key))
    draft.refresh_from_db()
    said = selectors.outcome(draft, on=clock.today())
    assert (said.tasks, said.works, said.agencies, said.without_lead, said.unchecked) == (3, 2, 2, 1, 3)
    assert "“Đài Phát thanh”" in client.get(url("plan-issue", draft)).content.decode()
    response = client.post(url("plan-issue", draft))
    assert response["Location"] == url("plan-detail", draft)
    assert Assignment.objects.filter(plan=draft).count() == said.works
    assert client.get(url("plan-review", draft))["Location"] == url("plan-detail", draft)


def test_after_issuing_nothing_of_the_draft_can_be_corrected(signed_in: SignIn, cast: Cast, draft: Plan) -> None:
    client = signed_in(cast.binh)
    client.post(url("draft-header", draft), header(draft, lead_key=cast.education.key))
    client.post(url("plan-issue", draft))
    task = task_at(draft, 1)
    assert client.post(url("draft-check", draft, task)).status_code == 409
    assert client.get(url("draft-edit", draft, task)).status_code == 409
    assert client.post(url("plan-discard", draft)).status_code == 409


def test_a_number_used_before_in_the_year_is_said_before_issuing(signed_in: SignIn, cast: Cast, draft: Plan) -> None:
    make_plan(by=cast.binh, issuer=cast.province, lead=cast.education, tasks=[make_task("Khác")], number=draft.number)
    page = signed_in(cast.binh).get(url("plan-issue", draft)).content.decode()
    assert f"đã có văn bản số {draft.number}" in page


def test_a_draft_put_aside_is_taken_up_again_whole(signed_in: SignIn, cast: Cast, draft: Plan) -> None:
    client = signed_in(cast.binh)
    client.post(url("draft-check", draft, task_at(draft, 1)))
    client.post(url("plan-discard", draft))
    page = client.get(url("plan-review", draft)).content.decode()
    assert "Lấy lại bản đọc" in page
    assert client.post(url("draft-check", draft, task_at(draft, 2))).status_code == 409
    client.post(url("plan-restore", draft))
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert task_at(draft, 1).state == "checked"


def test_no_word_of_a_document_becomes_markup(signed_in: SignIn, cast: Cast) -> None:
    evil = "<script>alert(1)</script> & “giao”"
    draft = make_draft(
        by=cast.binh,
        issuer=cast.province,
        tasks=[make_task(f"Rà soát {evil}", leads=[(evil, None)]), make_task(evil, first_line=2, last_line=3)],
        subject=evil,
    )
    client = signed_in(cast.binh)
    task = task_at(draft, 1)
    pages = [client.get(url("plan-review", draft), {"show": show}) for show in ("order", "names", evil)]
    pages += [client.get(url(name, draft)) for name in ("draft-header", "plan-issue", "draft-add")]
    pages += [client.get(url(name, draft, task)) for name in ("draft-edit", "draft-split")]
    pages.append(client.post(url("draft-check", draft, task), headers=HTMX))
    for page in pages:
        assert page.status_code == 200
        assert "<script>alert" not in page.content.decode()
