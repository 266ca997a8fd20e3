"""Reorganisations on the pages: who reaches them, what is written, tried, approved, carried out and taken back."""

import io
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.utils import override_settings
from tests.factories.accounts import make_administrator
from tests.factories.cast import TODAY, Cast, make_cast
from tests.factories.reorganisations import DAY, carry_out, heir, make_event, merger_rows, workbook

from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Refused
from hieuhoc.registers.accounts import services
from hieuhoc.registers.accounts.models import Grant, User
from hieuhoc.registers.places.models import Reorganisation, Unit

SignIn = Callable[[User], Client]
LIST = "/units/reorganisations/"
HEADINGS = (
    "Cách sắp xếp",
    "Mã cũ",
    "Tên cũ",
    "Mã mới",
    "Tên mới",
    "Loại mới",
    "Cấp mới",
    "Cấp trên mới",
    "Khóa mới",
    "Tỷ lệ",
    "Ước tính",
    "Nhận việc",
    "Ghi chú",
)


@pytest.fixture(autouse=True)
def _followers() -> Iterator[None]:
    """What other apps do when units are reorganised is theirs to test."""
    with override_settings(FOLLOWERS=["hieuhoc.registers.accounts.heirs.follower"]):
        yield


@pytest.fixture
def event(cast: Cast) -> Reorganisation:
    return make_event(cast)


# ---- who reaches what ------------------------------------------------------------------------------

# Each page of a draft: the province's administrator, the leader, a clerk, a reader, a district's administrator, nobody.
PAGES = [
    ("", 200, 200, 200, 200, 200, 403),
    ("new/", 200, 403, 403, 403, 403, 403),
    ("template/", 200, 200, 403, 403, 403, 403),
    ("{pk}/", 200, 200, 404, 404, 404, 403),
    ("{pk}/edit/", 200, 403, 403, 403, 403, 403),
    ("{pk}/print/", 200, 200, 404, 404, 404, 403),
    ("{pk}/trial/", 200, 200, 403, 403, 403, 403),
    ("{pk}/submit/", 200, 403, 403, 403, 403, 403),
    ("{pk}/approve/", 403, 200, 403, 403, 403, 403),
    ("{pk}/return/", 200, 200, 403, 403, 403, 403),
    ("{pk}/execute/", 200, 403, 403, 403, 403, 403),
    ("{pk}/take-back/", 200, 403, 403, 403, 403, 403),
    ("{pk}/discard/", 200, 403, 403, 403, 403, 403),
    ("{pk}/rows/new/", 200, 403, 403, 403, 403, 403),
    ("{pk}/rows/1/", 200, 403, 403, 403, 403, 403),
    ("{pk}/rows/9/", 404, 403, 403, 403, 403, 403),
    ("{pk}/rows/upload/", 200, 403, 403, 403, 403, 403),
    ("{pk}/rows/download/", 200, 200, 403, 403, 403, 403),
    ("99999/", 404, 404, 404, 404, 404, 403),
]


@pytest.mark.parametrize(("tail", "tri", "minh", "an", "xuan", "huyen", "nobody"), PAGES)
def test_every_page_of_a_draft_answers_each_as_the_table_says(
    cast: Cast,
    event: Reorganisation,
    signed_in: SignIn,
    tail: str,
    tri: int,
    minh: int,
    an: int,
    xuan: int,
    huyen: int,
    nobody: int,
) -> None:
    district = make_administrator(cast.district, "huyen")
    url = LIST + tail.format(pk=event.pk)
    people = (cast.tri, cast.minh, cast.an, cast.xuan, district, cast.nobody)
    assert [signed_in(user).get(url).status_code for user in people] == [tri, minh, an, xuan, huyen, nobody]
    assert Client().get(url).status_code == 302


def test_what_is_carried_out_is_open_to_readers_but_not_whose_roles_and_work_it_touched(
    cast: Cast, event: Reorganisation, signed_in: SignIn
) -> None:
    carry_out(cast, event)
    an = signed_in(cast.an)
    page = an.get(f"{LIST}{event.pk}/").content.decode()
    assert "12/NQ-HĐND" in page
    assert "Phạm Thị An:" not in page
    assert an.get(f"{LIST}{event.pk}/trial/").status_code == 403
    assert an.get(f"{LIST}{event.pk}/rows/download/").status_code == 200
    leader = signed_in(cast.minh).get(f"{LIST}{event.pk}/trial/?sort=Vai+trò").content.decode()
    assert "Phạm Thị An: Công chức cấp xã" in leader
    assert "giữ nguyên vai trò ở đơn vị kế thừa" in leader


def test_an_empty_list_says_what_to_do(cast: Cast, signed_in: SignIn) -> None:
    assert "Soạn một cuộc sắp xếp" in signed_in(cast.tri).get(LIST).content.decode()
    assert "Khi quản trị tỉnh soạn" in signed_in(cast.an).get(LIST).content.decode()


def test_drafts_are_listed_only_to_those_who_prepare_or_approve(
    cast: Cast, event: Reorganisation, signed_in: SignIn
) -> None:
    assert event.title in signed_in(cast.minh).get(LIST).content.decode()
    assert event.title not in signed_in(cast.an).get(LIST).content.decode()


# ---- from the first word to the day after -----------------------------------------------------------


def test_an_event_goes_from_the_form_over_two_people_to_the_register(cast: Cast, signed_in: SignIn) -> None:
    tri, minh = signed_in(cast.tri), signed_in(cast.minh)
    told = {
        "title": "Sắp xếp xã",
        "effective_on": "01/11/2020",
        "document_number": "12/NQ-HĐND",
        "document_on": "20/10/2020",
        "document_issuer": "HĐND tỉnh",
    }
    made = tri.post(f"{LIST}new/", told)
    event = Reorganisation.objects.get()
    assert made.headers["Location"] == f"{LIST}{event.pk}/"
    for row in merger_rows(cast):
        assert tri.post(f"{LIST}{event.pk}/rows/new/", row).status_code == 302
    assert "Mọi dòng đều đúng" in tri.get(f"{LIST}{event.pk}/trial/").content.decode()
    assert not Unit.objects.filter(name="Xã Hòa Phú").exists()
    assert tri.post(f"{LIST}{event.pk}/submit/").status_code == 302
    assert "Chờ người thứ hai duyệt" in tri.get(f"{LIST}{event.pk}/").content.decode()
    assert minh.post(f"{LIST}{event.pk}/approve/").status_code == 302
    assert heir().valid_from == DAY
    page = tri.get(f"{LIST}{event.pk}/").content.decode()
    assert "Đã thực hiện" in page
    assert "Lùi lại" in page
    assert Grant.objects.on(TODAY).get(user=cast.an).unit == heir()
    assert trail.verify() is None


def test_a_day_to_come_waits_until_it_has_come(cast: Cast, signed_in: SignIn) -> None:
    event = make_event(cast, effective_on=TODAY + timedelta(days=10))
    services.submit_reorganisation(by=cast.tri, event=event)
    minh, tri = signed_in(cast.minh), signed_in(cast.tri)
    assert "26/11/2020" in minh.get(f"{LIST}{event.pk}/approve/").content.decode()
    minh.post(f"{LIST}{event.pk}/approve/")
    event.refresh_from_db()
    assert event.state == "approved"
    early = tri.post(f"{LIST}{event.pk}/execute/")
    assert early.status_code == 422
    assert "chưa đến ngày" in early.content.decode()
    with clock.pinned(clock.now() + timedelta(days=10)):
        assert "Thực hiện" in tri.get(f"{LIST}{event.pk}/").content.decode()
        assert tri.post(f"{LIST}{event.pk}/execute/").status_code == 302
    assert heir().valid_from == TODAY + timedelta(days=10)


def test_nobody_approves_what_they_prepared(cast: Cast, event: Reorganisation, signed_in: SignIn) -> None:
    Grant.objects.create(user=cast.tri, role="province_leader", unit=cast.province, valid_from=date(2020, 1, 1))
    services.submit_reorganisation(by=cast.tri, event=event)
    tri = User.objects.get(pk=cast.tri.pk)
    with pytest.raises(Refused):
        services.approve_reorganisation(by=tri, event=event)
    assert signed_in(tri).post(f"{LIST}{event.pk}/approve/").status_code == 403
    event.refresh_from_db()
    assert event.state == "submitted"


def test_returning_and_taking_back_need_a_reason_and_are_told(
    cast: Cast, event: Reorganisation, signed_in: SignIn
) -> None:
    services.submit_reorganisation(by=cast.tri, event=event)
    minh, tri = signed_in(cast.minh), signed_in(cast.tri)
    assert minh.post(f"{LIST}{event.pk}/return/", {"why": " "}).status_code == 422
    assert minh.post(f"{LIST}{event.pk}/return/", {"why": "Thiếu một xã."}).status_code == 302
    assert "Thiếu một xã." in tri.get(f"{LIST}{event.pk}/").content.decode()
    event.refresh_from_db()
    carry_out(cast, event)
    assert tri.post(f"{LIST}{event.pk}/take-back/", {"why": ""}).status_code == 422
    assert tri.post(f"{LIST}{event.pk}/take-back/", {"why": "Nhầm tên xã."}).status_code == 302
    assert not Unit.objects.filter(name="Xã Hòa Phú").exists()
    assert Grant.objects.on(TODAY).get(user=cast.an).unit == cast.commune
    assert trail.verify() is None


def test_taking_back_what_something_was_built_on_is_said_as_a_conflict(
    cast: Cast, event: Reorganisation, signed_in: SignIn
) -> None:
    carry_out(cast, event)
    services.give_grant(by=cast.tri, user=cast.nobody, role="reader", unit=heir(), valid_from=TODAY)
    answer = signed_in(cast.tri).post(f"{LIST}{event.pk}/take-back/", {"why": "Nhầm."})
    assert answer.status_code == 409
    assert "Đã giao vai trò mới" in answer.content.decode()


def test_units_of_another_province_are_for_its_own_people_unless_the_provinces_become_one(
    cast: Cast, signed_in: SignIn
) -> None:
    other = make_cast(mark="-khac", province_name="Tỉnh Hòa Nam")
    event = make_event(cast, merger_rows(other))
    tri = signed_in(cast.tri)
    for tail in ("submit/", "trial/"):
        answer = tri.post(f"{LIST}{event.pk}/{tail}") if tail == "submit/" else tri.get(f"{LIST}{event.pk}/{tail}")
        assert answer.status_code == 403
        assert "nằm ngoài phạm vi của bạn" in answer.content.decode()
    new = {"target": "91", "target_name": "Tỉnh Hòa", "target_kind": "tinh", "target_level": "province"}
    both = [{"act": "merge", "source": one.province.key} | new for one in (cast, other)]
    assert tri.get(f"{LIST}{make_event(cast, both).pk}/trial/").status_code == 200


def test_a_draft_can_be_put_aside_and_taken_up_again(cast: Cast, event: Reorganisation, signed_in: SignIn) -> None:
    tri = signed_in(cast.tri)
    assert tri.post(f"{LIST}{event.pk}/discard/").status_code == 302
    assert tri.get(f"{LIST}{event.pk}/rows/new/").status_code == 409
    assert tri.post(f"{LIST}{event.pk}/restore/").status_code == 302
    event.refresh_from_db()
    assert event.state == "draft"


# ---- rows on the page ----------------------------------------------------------------------------------


def test_a_row_is_changed_and_removed_and_what_was_typed_stays_on_an_error(
    cast: Cast, event: Reorganisation, signed_in: SignIn
) -> None:
    tri = signed_in(cast.tri)
    wrong = tri.post(f"{LIST}{event.pk}/rows/2/", {"act": "", "source": "30001", "note": "Giữ lại"})
    assert wrong.status_code == 422
    assert 'value="30001"' in wrong.content.decode()
    assert "Giữ lại" in wrong.content.decode()
    tri.post(f"{LIST}{event.pk}/rows/2/", {"act": "merge", "source": "30001", "target": "30999", "takes_duties": "on"})
    row = event.rows.get(position=2)
    assert (row.source, row.takes_duties) == ("30001", True)
    assert "Không có đơn vị nào mang mã hoặc khóa" in tri.get(f"{LIST}{event.pk}/trial/").content.decode()
    assert tri.post(f"{LIST}{event.pk}/rows/1/remove/").status_code == 302
    assert list(event.rows.values_list("position", "source")) == [(1, "30001")]


def test_a_problem_leads_to_its_row_and_stops_the_submission(cast: Cast, signed_in: SignIn) -> None:
    event = make_event(cast, [*merger_rows(cast), {"act": "rename", "source": "khong-co"}])
    tri = signed_in(cast.tri)
    page = tri.get(f"{LIST}{event.pk}/trial/").content.decode()
    assert f'href="{LIST}{event.pk}/rows/3/"' in page
    assert "Mã cũ" in page
    refused = tri.post(f"{LIST}{event.pk}/submit/")
    assert refused.status_code == 422
    assert "Dòng 3" in refused.content.decode()


def test_the_picker_of_a_row_finds_by_code_on_the_day_of_the_event(cast: Cast, signed_in: SignIn) -> None:
    Unit.objects.filter(pk=cast.commune.pk).update(code="30001")
    found = signed_in(cast.tri).get("/units/options/?q=an+phu&value=code&on=01/11/2020").json()["options"]
    assert {"value": "30001", "label": "Xã An Phú", "note": "30001 · Huyện Bình Trung"} in found


def test_the_lines_of_the_dry_run_are_filtered_and_searched(
    cast: Cast, event: Reorganisation, signed_in: SignIn
) -> None:
    tri = signed_in(cast.tri)
    whole = tri.get(f"{LIST}{event.pk}/trial/").content.decode()
    assert "Danh Thị Chi: Công chức cấp xã" in whole
    found = tri.get(f"{LIST}{event.pk}/trial/?q=pham+thi+an", headers={"HX-Request": "true"}).content.decode()
    assert "Phạm Thị An: Công chức cấp xã" in found
    assert "Danh Thị Chi" not in found
    assert "<html" not in found


# ---- rows as a workbook --------------------------------------------------------------------------------


def _sent(rows: Sequence[Sequence[Any]], headings: Sequence[str] = HEADINGS) -> SimpleUploadedFile:
    return SimpleUploadedFile("bang.xlsx", workbook(headings, rows, title="Bảng sắp xếp").read())


def _good_rows(cast: Cast) -> list[list[Any]]:
    return [
        ["Nhập", cast.commune.key, "Xã An Phú", 30999, "Xã Hòa Phú", "xã", "Cấp xã", cast.district.key],
        ["Nhập", cast.next_door.key, None, 30999, None, None, None, None, None, "100%", None, "x"],
    ]


def test_a_workbook_brings_its_rows_in_place_of_the_old_ones(cast: Cast, signed_in: SignIn) -> None:
    event = make_event(cast, [{"act": "rename", "source": "cu"}])
    answer = signed_in(cast.tri).post(f"{LIST}{event.pk}/rows/upload/", {"file": _sent(_good_rows(cast))})
    assert answer.status_code == 302
    rows = list(event.rows.values_list("act", "target", "target_kind", "share", "takes_duties"))
    assert rows == [("merge", "30999", "xa", "", False), ("merge", "30999", "", "100%", True)]


def test_each_wrong_cell_is_named_by_sheet_row_column_and_reason_and_nothing_changes(
    cast: Cast, event: Reorganisation, signed_in: SignIn
) -> None:
    before = list(event.rows.values_list("source", "target"))
    wrong = [
        ["Nhập", "00000", None, 30999],
        ["Sáp nhập", cast.next_door.key, None, 30999],
        ["Chia", cast.commune.key, "Xã Khác", 30999, None, None, None, None, None, "hai phần"],
    ]
    answer = signed_in(cast.tri).post(f"{LIST}{event.pk}/rows/upload/", {"file": _sent(wrong)})
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in ("Bảng sắp xếp", "Mã cũ", "“00000”", "Cách sắp xếp", "“Sáp nhập”", "Tên cũ", "Tỷ lệ", "hai phần"):
        assert words in page
    assert list(event.rows.values_list("source", "target")) == before


def test_wrong_rows_are_taken_in_when_that_is_asked_for(cast: Cast, event: Reorganisation, signed_in: SignIn) -> None:
    sent = {"file": _sent([["Nhập", "00000", None, 30999]]), "keep_wrong": "on"}
    assert signed_in(cast.tri).post(f"{LIST}{event.pk}/rows/upload/", sent).status_code == 302
    assert list(event.rows.values_list("source", flat=True)) == ["00000"]


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "bang.xlsx", "rỗng"),
        (b"%PDF-1.7 ", "bang.xlsx", "không thuộc loại được nhận"),
        (b"PK\x03\x04 broken", "bang.xlsx", "không thuộc loại được nhận"),
        ("Tên,Tuổi\nAn,3\n".encode(), "bang.csv", "Không thấy dòng tiêu đề"),
    ],
)
def test_a_file_that_is_none_of_ours_is_refused_with_the_reason(
    cast: Cast, event: Reorganisation, signed_in: SignIn, content: bytes, name: str, said: str
) -> None:
    file = SimpleUploadedFile(name, content)
    answer = signed_in(cast.tri).post(f"{LIST}{event.pk}/rows/upload/", {"file": file})
    assert answer.status_code == 422
    assert said in answer.content.decode()


def test_a_formula_counts_as_its_value_and_is_never_kept_as_one(
    cast: Cast, event: Reorganisation, signed_in: SignIn
) -> None:
    # openpyxl saves no value beside a formula: the cell is empty to whoever reads values.
    rows = _good_rows(cast)
    rows[0].append(None)
    rows[1][2] = '=HYPERLINK("http://example.vn")'
    answer = signed_in(cast.tri).post(f"{LIST}{event.pk}/rows/upload/", {"file": _sent(rows)})
    assert answer.status_code == 302
    assert not event.rows.filter(source_name__contains="=").exists()


def test_the_rows_that_are_sent_out_come_back_the_same(cast: Cast, event: Reorganisation, signed_in: SignIn) -> None:
    tri = signed_in(cast.tri)
    columns = ("act", "source", "target", "target_name", "target_kind", "target_level", "target_parent", "share")
    before = list(event.rows.values_list(*columns, "takes_duties"))
    content = tri.get(f"{LIST}{event.pk}/rows/download/").content
    other = make_event(cast, [])
    answer = tri.post(f"{LIST}{other.pk}/rows/upload/", {"file": SimpleUploadedFile("bang.xlsx", content)})
    assert answer.status_code == 302, answer.content.decode()
    assert list(other.rows.values_list(*columns, "takes_duties")) == before


def test_the_empty_workbook_offers_what_may_stand_in_its_cells(cast: Cast, signed_in: SignIn) -> None:
    content = signed_in(cast.tri).get(f"{LIST}template/").content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert [cell.value for cell in sheet[4]] == list(HEADINGS)
    offered = {str(one.sqref).split(":")[0] for one in sheet.data_validations.dataValidation}
    assert {"A5", "F5", "G5", "K5", "L5"} <= offered


def test_nothing_that_was_typed_becomes_a_formula_in_the_workbook(cast: Cast, signed_in: SignIn) -> None:
    event = make_event(cast, [{"act": "rename", "source": "x", "target_name": "=1+1", "note": "@SUM(A1)"}])
    content = signed_in(cast.tri).get(f"{LIST}{event.pk}/rows/download/").content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    cells = {cell.value: cell for row in sheet.iter_rows(min_row=5) for cell in row if cell.value}
    for text in ("=1+1", "@SUM(A1)"):
        assert cells[text].data_type == "s"
        assert cells[text].quotePrefix


# ---- the demonstration --------------------------------------------------------------------------------


def test_only_a_demonstration_leads_through_the_real_events(cast: Cast, signed_in: SignIn) -> None:
    tri = signed_in(cast.tri)
    assert "Đưa bản trình diễn" not in tri.get(LIST).content.decode()
    assert tri.post(f"{LIST}shipped/", {"until": "2025-07-01"}).status_code == 404
    with pytest.raises(Refused):
        services.execute_shipped(by=cast.tri, until=TODAY)
    with override_settings(DEMONSTRATION=True):
        assert "Đưa bản trình diễn" in tri.get(LIST).content.decode()
        assert "Đưa bản trình diễn" not in signed_in(cast.minh).get(LIST).content.decode()
        assert signed_in(cast.an).post(f"{LIST}shipped/", {"until": "2025-07-01"}).status_code == 404
