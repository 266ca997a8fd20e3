"""Grading of centres: sets of criteria, points, who assesses and who verifies, and the pages of it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook
from tests.factories.cast import Cast
from tests.factories.learning import make_provider

from hieuhoc.kernel.errors import Conflict, Invalid, Missing, Refused
from hieuhoc.programme.learning.models import Assessment, GradingSet, Provider
from hieuhoc.programme.learning.rules import grading as rules
from hieuhoc.programme.learning.selectors import grading as selectors
from hieuhoc.programme.learning.services import grading, grading_sets
from hieuhoc.registers.accounts.models import User

YEAR = 2020
GROUPS = "# Bộ máy\nCó quyết định | 40 | Xem quyết định\n# Hiệu quả\nCó người học | 60"
GRADES = "tốt | 80\nkhá | 65\ntrung bình | 50\nyếu | 0"
CONTENT = rules.from_text(groups=GROUPS, grades=GRADES, questions="Khó khăn gì? | chữ")


@pytest.fixture
def centre(cast: Cast) -> Provider:
    return make_provider(cast.commune)


@pytest.fixture
def draft(cast: Cast) -> GradingSet:
    return grading_sets.draft_set(
        by=cast.binh, code="bo-tinh", name="Bộ tỉnh", content=CONTENT, valid_from=date(2019, 1, 1)
    )


@pytest.fixture
def begun(cast: Cast, centre: Provider, draft: GradingSet) -> Assessment:
    return grading.begin_assessment(by=cast.hue, provider=centre, year=YEAR)


def _points(first: object, second: object) -> dict[str, dict[str, object]]:
    return {"g1-1": {"points": first}, "g2-1": {"points": second}}


def _submitted(cast: Cast, begun: Assessment) -> Assessment:
    row = grading.assess(by=cast.hue, assessment=begun, edition=begun.edition, own=_points(40, "45,5"))
    return grading.move_assessment(by=cast.hue, assessment=row, deed="submit")


# ---- rules -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("total", "name"), [("100", "tốt"), ("80", "tốt"), ("79.99", "khá"), ("64.5", "trung bình"), ("0", "yếu")]
)
def test_a_grade_begins_at_its_limit(total: str, name: str) -> None:
    assert rules.read(CONTENT).grade_of(Decimal(total)).name == name


@pytest.mark.parametrize(
    ("groups", "grades", "questions", "field"),
    [
        ("", GRADES, "", "groups"),
        ("Có quyết định | 40", GRADES, "", "groups"),
        ("# Bộ máy", GRADES, "", "groups"),
        ("# Bộ máy\nCó quyết định", GRADES, "", "groups"),
        ("# Bộ máy\nCó quyết định | nhiều", GRADES, "", "groups"),
        ("# Bộ máy\nCó quyết định | 0", GRADES, "", "groups"),
        (GROUPS, "", "", "grades"),
        (GROUPS, "tốt | 80\nkhá | 80\nyếu | 0", "", "grades"),
        (GROUPS, "tốt | 80\nyếu | 10", "", "grades"),
        (GROUPS, "tốt | 101\nyếu | 0", "", "grades"),
        (GROUPS, GRADES, "Khó khăn gì? | thơ", "questions"),
    ],
)
def test_a_set_that_cannot_grade_is_not_read(groups: str, grades: str, questions: str, field: str) -> None:
    with pytest.raises(Invalid) as wrong:
        rules.from_text(groups=groups, grades=grades, questions=questions)
    assert wrong.value.field == field


def test_grades_that_reports_tell_apart_have_their_keys_whoever_wrote_them() -> None:
    content = rules.read(rules.from_text(groups=GROUPS, grades="Tốt | 80\nxuất sắc | 90\nTrung  bình | 0"))
    assert [(one.key, one.name) for one in content.grades] == [
        ("m2", "xuất sắc"),
        ("good", "Tốt"),
        ("average", "Trung  bình"),
    ]


def test_a_set_goes_to_lines_of_text_and_back_unchanged() -> None:
    texts = {
        "groups": rules.groups_text(CONTENT),
        "grades": rules.grades_text(CONTENT),
        "questions": rules.questions_text(CONTENT),
    }
    assert rules.from_text(**texts) == CONTENT


@pytest.mark.parametrize("points", ["41", "-1", "nhiều", "1.234", "NaN"])
def test_points_beyond_the_most_or_that_are_none_are_refused_at_their_criterion(points: str) -> None:
    with pytest.raises(Invalid) as wrong:
        rules.check_points(rules.read(CONTENT), _points(points, 1))
    assert wrong.value.field == "g1-1"


# ---- sets --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_draft_that_ships_has_the_four_groups_and_a_hundred_points_and_stays_a_draft() -> None:
    made = grading_sets.load_grading()
    assert made is not None
    content = rules.read(made.content)
    assert (len(content.groups), content.most, made.state) == (4, 100, "draft")
    assert [grade.name for grade in content.grades] == ["tốt", "khá", "trung bình", "yếu"]
    assert "dự thảo" in made.name
    assert grading_sets.load_grading() is None


def test_only_the_lead_department_writes_sets(cast: Cast, draft: GradingSet) -> None:
    told: dict[str, Any] = {"name": "Khác", "content": CONTENT, "valid_from": date(2020, 1, 1)}
    for nobody in (cast.hue, cast.an, cast.dung, cast.xuan, cast.chi):
        with pytest.raises(Refused):
            grading_sets.draft_set(by=nobody, code="khac", **told)
        with pytest.raises(Refused):
            grading_sets.put_in_force(by=nobody, row=draft, valid_from=date(2020, 1, 1), source="QĐ 1")
    with pytest.raises(Conflict):
        grading_sets.edit_set(by=cast.binh, row=draft, edition=draft.edition + 1, **told)
    assert grading_sets.edit_set(by=cast.binh, row=draft, edition=draft.edition, **told).name == "Khác"


def test_a_set_in_force_is_not_changed_and_gives_way_to_its_next_version(cast: Cast, draft: GradingSet) -> None:
    first = grading_sets.put_in_force(by=cast.binh, row=draft, valid_from=date(2019, 1, 1), source="QĐ 1")
    with pytest.raises(Conflict):
        grading_sets.edit_set(
            by=cast.binh, row=first, edition=first.edition, name="X", content=CONTENT, valid_from=date(2019, 1, 1)
        )
    second = grading_sets.new_version(by=cast.binh, row=first)
    with pytest.raises(Invalid):
        grading_sets.put_in_force(by=cast.binh, row=second, valid_from=date(2018, 1, 1), source="QĐ 2")
    grading_sets.put_in_force(by=cast.binh, row=second, valid_from=date(2020, 6, 1), source="QĐ 2")
    first.refresh_from_db()
    assert (first.state, first.valid_to) == ("retired", date(2020, 6, 1))
    assert selectors.set_for("clc", 2019) == first
    assert selectors.set_for("clc", 2020) == second


def test_a_draft_that_a_centre_was_assessed_by_is_not_changed(cast: Cast, begun: Assessment) -> None:
    row = begun.grading
    with pytest.raises(Conflict):
        grading_sets.edit_set(
            by=cast.binh, row=row, edition=row.edition, name="X", content=CONTENT, valid_from=row.valid_from
        )


# ---- assessments -------------------------------------------------------------------------------------


def test_a_centre_assesses_itself_and_the_level_above_verifies(cast: Cast, begun: Assessment) -> None:
    row = _submitted(cast, begun)
    with pytest.raises(Conflict):
        grading.assess(by=cast.hue, assessment=row, edition=row.edition, own=_points(1, 1))
    for nobody in (cast.hue, cast.an, cast.xuan):
        with pytest.raises(Refused):
            grading.move_assessment(by=nobody, assessment=row, deed="verify", verified=_points(40, 30))
    row = grading.move_assessment(by=cast.dung, assessment=row, deed="verify", verified=_points(40, "24.99"))
    assert (row.state, row.total, selectors.grade_name(row)) == ("verified", Decimal("64.99"), "trung bình")
    assert row.own["g2-1"]["points"] == 45.5
    row = grading.move_assessment(by=cast.binh, assessment=row, deed="reopen", why="Có minh chứng mới")
    assert (row.total, row.grade) == (None, "")
    row = grading.move_assessment(by=cast.binh, assessment=row, deed="verify", verified=_points(40, 40))
    assert selectors.grade_name(row) == "tốt"


def test_an_assessment_with_a_criterion_without_points_is_neither_submitted_nor_verified(
    cast: Cast, begun: Assessment
) -> None:
    row = grading.assess(by=cast.hue, assessment=begun, edition=begun.edition, own=_points(40, ""))
    with pytest.raises(Invalid) as lacking:
        grading.move_assessment(by=cast.hue, assessment=row, deed="submit")
    assert lacking.value.field == "g2-1"
    row = _submitted(cast, row)
    with pytest.raises(Invalid):
        grading.move_assessment(by=cast.dung, assessment=row, deed="verify", verified=_points(0, None))
    row = grading.move_assessment(by=cast.dung, assessment=row, deed="verify", verified=_points(0, 0))
    assert selectors.grade_name(row) == "yếu"


def test_what_is_returned_needs_a_reason_and_can_be_changed_again(cast: Cast, begun: Assessment) -> None:
    row = _submitted(cast, begun)
    with pytest.raises(Invalid):
        grading.move_assessment(by=cast.dung, assessment=row, deed="return")
    row = grading.move_assessment(by=cast.dung, assessment=row, deed="return", why="Thiếu minh chứng")
    row = grading.assess(by=cast.hue, assessment=row, edition=row.edition, own=_points(30, 30))
    assert row.state == "returned"


def test_nobody_outside_assesses_and_no_year_to_come_is_assessed(
    cast: Cast, centre: Provider, begun: Assessment
) -> None:
    with pytest.raises(Missing):
        grading.assess(by=cast.chi, assessment=begun, edition=begun.edition, own={})
    for reader in (cast.xuan, cast.dung, cast.lan):
        with pytest.raises(Refused):
            grading.assess(by=reader, assessment=begun, edition=begun.edition, own={})
    with pytest.raises(Invalid):
        grading.begin_assessment(by=cast.hue, provider=centre, year=2021)
    with pytest.raises(Conflict):
        grading.assess(by=cast.hue, assessment=begun, edition=begun.edition + 1, own={})


def test_a_trend_in_points_is_told_only_between_years_of_one_set(
    cast: Cast, centre: Provider, draft: GradingSet
) -> None:
    for year, points in ((2019, 20), (2020, 50)):
        row = grading.begin_assessment(by=cast.hue, provider=centre, year=year)
        row = _submitted(cast, row)
        grading.move_assessment(by=cast.dung, assessment=row, deed="verify", verified=_points(20, points))
    assert selectors.rows_of([centre], year=2020)[0].change == 30
    other = grading_sets.new_version(by=cast.binh, row=draft)
    Assessment.objects.filter(year=2019).update(grading=other)
    assert selectors.rows_of([centre], year=2020)[0].change is None


def test_a_body_is_assessed_only_for_years_in_which_it_stood(cast: Cast, draft: GradingSet) -> None:
    young = make_provider(cast.commune, since=date(2020, 3, 1))
    with pytest.raises(Invalid) as early:
        grading.begin_assessment(by=cast.hue, provider=young, year=2019)
    assert early.value.field == "year"
    assert grading.begin_assessment(by=cast.hue, provider=young, year=2020).grading == draft


def test_what_was_sent_again_is_not_verified_on_the_old_paper(cast: Cast, begun: Assessment) -> None:
    row = _submitted(cast, begun)
    seen = row.edition
    row = grading.move_assessment(by=cast.hue, assessment=row, deed="withdraw")
    row = _submitted(cast, row)
    with pytest.raises(Conflict):
        grading.move_assessment(by=cast.dung, assessment=row, deed="verify", verified=_points(40, 30), edition=seen)


def test_what_waits_is_shown_to_whoever_may_verify_it_and_what_was_returned_to_its_own(
    cast: Cast, begun: Assessment
) -> None:
    row = _submitted(cast, begun)
    assert [list(selectors.waiting_for(who)) for who in (cast.dung, cast.binh)] == [[row], [row]]
    assert [list(selectors.waiting_for(who)) for who in (cast.hue, cast.an, cast.chi)] == [[], [], []]
    grading.move_assessment(by=cast.dung, assessment=row, deed="return", why="Thiếu minh chứng")
    assert [list(selectors.returned_to(who)) for who in (cast.hue, cast.dung, cast.chi)] == [[row], [], []]


# ---- pages -------------------------------------------------------------------------------------------


def test_a_year_is_assessed_and_verified_through_the_pages(
    cast: Cast, centre: Provider, draft: GradingSet, signed_in: Callable[[User], Client]
) -> None:
    client, address = signed_in(cast.hue), f"/learning/grading/{centre.key}/{YEAR}/"
    assert client.post(f"{address}begin/").status_code == 302
    assert "bản dự thảo" in client.get(address).content.decode()
    told = {"edition": "1", "g1-1": "40", "g2-1": "61", "note_g1-1": "QĐ 15", "answer_q1": "Thiếu phòng"}
    wrong = client.post(f"{address}edit/", told)
    assert wrong.status_code == 422
    assert "QĐ 15" in wrong.content.decode()
    client.post(f"{address}edit/", {**told, "g2-1": "45,5"})
    client.post(f"{address}move/submit/")
    assert client.get(f"{address}verify/").status_code == 403
    above = signed_in(cast.dung)
    assert "45,5" in above.get(f"{address}verify/").content.decode()
    above.post(f"{address}verify/", {"g1-1": "40", "g2-1": "30", "note_g2-1": "Danh sách thiếu"})
    page = client.get(address).content.decode()
    for said in ("85,5", "Khá", "Danh sách thiếu", "Thiếu phòng", "bản dự thảo"):
        assert said in page
    listed = client.get("/learning/grading/?year=2020&state=verified").content.decode()
    assert "theo bản dự thảo" in listed
    assert centre.name not in client.get("/learning/grading/?year=2020&state=none").content.decode()
    sheet = load_workbook(BytesIO(client.get("/learning/grading/file/?year=2020").content)).active
    assert sheet is not None
    assert "khá" in {cell.value for row in sheet.iter_rows() for cell in row}
    assert signed_in(cast.chi).get(address).status_code == 404


def test_the_lead_department_writes_a_set_through_the_pages(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    told = {
        "code": "bo-moi",
        "provider_kind": "clc",
        "name": "Bộ mới",
        "valid_from": "01/01/2020",
        "groups": GROUPS,
        "grades": GRADES,
    }
    assert signed_in(cast.hue).post("/learning/grading/sets/new/", told).status_code == 403
    client, address = signed_in(cast.binh), "/learning/grading/sets/bo-moi/1/"
    wrong = client.post("/learning/grading/sets/new/", {**told, "grades": "tốt | 80"})
    assert wrong.status_code == 422
    client.post("/learning/grading/sets/new/", told)
    client.post(f"{address}edit/", {**told, "name": "Bộ của tỉnh", "edition": "1"})
    assert "Bộ của tỉnh" in client.get(address).content.decode()
    client.post(f"{address}in-force/", {"valid_from": "01/01/2020", "source": "Quyết định 7"})
    client.post(f"{address}version/")
    assert list(GradingSet.objects.order_by("number").values_list("number", "state")) == [(1, "in_force"), (2, "draft")]
    assert "Quyết định 7" in client.get("/learning/grading/sets/").content.decode()


def test_a_library_is_graded_by_a_set_of_its_own_and_reported_by_its_kind(
    cast: Cast, centre: Provider, draft: GradingSet, signed_in: Callable[[User], Client]
) -> None:
    library = make_provider(cast.commune, "Thư viện xã", kind="library")
    province, client = signed_in(cast.binh), signed_in(cast.hue)
    address = f"/learning/grading/{library.key}/{YEAR}/"
    assert "Chưa có bộ tiêu chí" in client.get(address).content.decode()
    assert client.post(f"{address}begin/").status_code == 409
    province.post(
        "/learning/grading/sets/new/",
        {
            "code": "thu-vien",
            "provider_kind": "library",
            "name": "Bộ thư viện",
            "valid_from": "01/01/2020",
            "groups": "# Hoạt động\nCó tủ sách | 10\n# Bạn đọc\nSố lượt mượn | 10",
            "grades": "tốt | 16\nyếu | 0",
            "questions": "Có bao nhiêu đầu sách? | số",
        },
    )
    client.post(f"{address}begin/")
    client.post(f"{address}edit/", {"edition": "1", "g1-1": "9", "g2-1": "9", "answer_q1": "1200"})
    client.post(f"{address}move/submit/")
    above = signed_in(cast.dung)
    above.post(f"{address}verify/", {"edition": "3", "g1-1": "9", "g2-1": "8"})
    assert selectors.grade_name(Assessment.objects.get(provider=library)) == "tốt"
    listed = above.get(f"/learning/grading/?year={YEAR}&kind=library&grade=good").content.decode()
    assert "Thư viện xã" in listed
    assert centre.name not in listed
    book = load_workbook(BytesIO(above.get(f"/learning/grading/file/?year={YEAR}&kind=library").content))
    told = [{cell.value for row in sheet.iter_rows() for cell in row} for sheet in book]
    assert {"Thư viện xã", "tốt", 17} <= told[0]
    assert {"Tốt", "Cộng", 1} <= told[1]
    assert {"Có bao nhiêu đầu sách?", "1200"} <= told[2]
    assert centre.name not in told[0]


def test_the_list_is_sorted_by_points_with_those_without_any_last(
    cast: Cast, centre: Provider, draft: GradingSet
) -> None:
    other, third = (make_provider(cast.commune, f"Trung tâm {word}") for word in ("B", "C"))
    for body, points in ((centre, 20), (other, 50)):
        row = _submitted(cast, grading.begin_assessment(by=cast.hue, provider=body, year=YEAR))
        grading.move_assessment(by=cast.dung, assessment=row, deed="verify", verified=_points(20, points))
    found = {sort: list(selectors.find_bodies(cast.dung, year=YEAR, sort=sort)) for sort in ("total", "-total")}
    assert found == {"total": [centre, other, third], "-total": [other, centre, third]}
    standing = selectors.standing_of(selectors.find_bodies(cast.dung, year=YEAR), year=YEAR)
    assert (standing.bodies, standing.graded, standing.not_begun) == (3, 2, 1)
    assert standing.grades == [("khá", 1), ("yếu", 1)]
