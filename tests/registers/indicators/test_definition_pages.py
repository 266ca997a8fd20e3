"""The pages on which indicators are read, defined, put in force and ended, and their files."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.factories.cast import TODAY, Cast

from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.indicators import selectors, services
from hieuhoc.registers.indicators.models import Definition, Indicator

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BASE: dict[str, Any] = {
    "family": "CULTURE",
    "code": "LIB.READERS",
    "name": "Số bạn đọc thư viện",
    "kind": "base",
    "measure": "person",
    "over_places": "sum",
    "over_time": "last",
    "levels": ["commune", "district", "province"],
    "reported_at": "commune",
    "calendar": "closing",
    "rhythms": ["half", "year"],
    "decimals": "0",
    "direction": "up",
    "valid_from": "01/01/2020",
}
SHARE = BASE | {
    "code": "LIB.READER_RATE",
    "name": "Tỷ lệ bạn đọc",
    "kind": "derived",
    "measure": "percent",
    "decimals": "1",
    "formula": "percent(LIB.READERS, GEN.POPULATION)",
}


@pytest.fixture(autouse=True)
def _shipped() -> None:
    services.load_indicators()


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_everybody_with_a_role_reads_and_only_some_change(cast: Cast, signed_in: SignIn) -> None:
    reading = ["/indicators/", "/indicators/KH.MEMBERS/", "/indicators/download/", "/indicators/breakdowns/"]
    changing = [
        "/indicators/new/",
        "/indicators/upload/",
        "/indicators/check/?formula=1",
        "/indicators/KH.MEMBERS/edit/",
        "/indicators/KH.MEMBERS/end/",
        "/indicators/CLC.NORM_GAP/put-in-force/",
        "/indicators/breakdowns/beneficiary/",
    ]
    for url in reading:
        answers = [signed_in(user).get(url).status_code for user in (cast.binh, cast.an, cast.chi, cast.nobody)]
        assert answers == [200, 200, 200, 403], url
    for url in changing:
        answers = [signed_in(user).get(url).status_code for user in (cast.binh, cast.an, cast.minh, cast.nobody)]
        assert answers == [200, 403, 403, 403], url
    assert Client().get("/indicators/").status_code == 302


def test_the_list_is_searched_narrowed_down_and_sorted(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.an)
    found = text_of(client.get("/indicators/", {"q": "hoc vien xoa mu chu"}))
    assert "LIT.LEARNERS" in found
    assert "KH.MEMBERS" not in found
    drafts = text_of(client.get("/indicators/", {"state": "draft", "family": "XHHT"}))
    assert "XHHT.INFO" in drafts
    assert "XHHT.DIGITAL_UNI" not in drafts
    backwards = text_of(client.get("/indicators/", {"sort": "-code"}))
    assert backwards.index("XHHT.WORKER_THPT") < backwards.index("XHHT.TRAINED")
    assert "Không có chỉ số nào khớp" in text_of(client.get("/indicators/", {"q": "zzz"}))
    fragment = text_of(client.get("/indicators/", {"q": "quỹ"}, headers={"HX-Request": "true"}))
    assert "<html" not in fragment


def test_an_indicator_says_its_formula_in_words_and_what_leans_on_what(cast: Cast, signed_in: SignIn) -> None:
    page = text_of(signed_in(cast.an).get("/indicators/KH.MEMBER_RATE/"))
    assert "Số hội viên chia cho dân số, nhân 100." in page
    assert 'href="/indicators/GEN.POPULATION/"' in page
    population = text_of(signed_in(cast.an).get("/indicators/GEN.POPULATION/"))
    assert "Tỷ lệ hội viên trên dân số" in population
    assert signed_in(cast.an).get("/indicators/NO.SUCH/").status_code == 404


def test_an_indicator_is_defined_put_in_force_revised_and_ended(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.binh)
    assert client.post("/indicators/new/", BASE).headers["Location"] == "/indicators/LIB.READERS/"
    assert client.post("/indicators/new/", SHARE).status_code == 302
    for code in ("LIB.READERS", "LIB.READER_RATE"):
        assert client.post(f"/indicators/{code}/put-in-force/").status_code == 302
    assert client.post("/indicators/LIB.READERS/put-in-force/").status_code == 409

    form = text_of(client.get("/indicators/LIB.READERS/edit/"))
    assert 'value="16/11/2020"' in form
    changed = {name: value for name, value in BASE.items() if name not in ("family", "code")}
    changed |= {"name": "Số bạn đọc có thẻ", "valid_from": "15/12/2020"}
    answer = client.post("/indicators/LIB.READERS/edit/", changed)
    assert answer.headers["Location"] == "/indicators/LIB.READERS/?version=2"
    client.post("/indicators/LIB.READERS/put-in-force/")
    detail = text_of(client.get("/indicators/LIB.READERS/"))
    assert "đến trước 15/12/2020" in detail
    assert "Sắp dùng" in detail

    refused = client.post("/indicators/LIB.READERS/end/", {"on": "01/01/2021", "why": "Thôi dùng"})
    assert refused.status_code == 422
    assert "LIB.READER_RATE" in text_of(refused)
    ended = client.post("/indicators/LIB.READER_RATE/end/", {"on": "01/01/2021", "why": "Thôi dùng"})
    assert ended.status_code == 302


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"code": "readers"}, "không đúng: viết như"),
        ({"code": "KH.MEMBERS"}, "Đã có chỉ số mang mã"),
        ({"formula": "percent(LIB.READER, GEN.POPULATION)"}, "không có chỉ số"),
        ({"formula": "percent(KH.MEMBERS, GEN.POPULATION"}, "Thiếu dấu “)”"),
        ({"formula": "KH.MEMBERS / GEN.POPULATION"}, "đơn vị tính đã chọn là"),
        ({"kind": "base"}, "Số liệu gốc không có công thức"),
        ({"rhythms": ["month"], "formula": "percent(KH.MEMBERS, GEN.POPULATION)"}, "không có số liệu theo tháng"),
        ({"levels": []}, "Trường này là bắt buộc"),
    ],
)
def test_a_definition_that_will_not_do_comes_back_with_the_reason(
    cast: Cast, signed_in: SignIn, changed: dict[str, Any], says: str
) -> None:
    answer = signed_in(cast.binh).post("/indicators/new/", SHARE | {"code": "LIB.X"} | changed)
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert not Indicator.objects.filter(code="LIB.X").exists()


def test_a_formula_is_checked_while_it_is_typed(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.binh)
    good = text_of(client.get("/indicators/check/", {"formula": "mean(FUND.RAISED over GEN.POPULATION)"}))
    assert "Bình quân số tiền quỹ khuyến học vận động trong kỳ trên dân số." in good
    assert "đồng/người" in good
    wrong = text_of(client.get("/indicators/check/", {"formula": "KH.MEMBERS + CLC.CLASSES"}))
    assert "KH.MEMBERS <mark>+</mark>" in wrong
    assert "“người” với “lớp”" in wrong
    assert text_of(client.get("/indicators/check/")).strip() == ""


def test_without_script_a_button_checks_the_formula_and_saves_nothing(cast: Cast, signed_in: SignIn) -> None:
    answer = signed_in(cast.binh).post("/indicators/new/", SHARE | {"check": "1", "formula": "KH.MEMBERS"})
    assert answer.status_code == 200
    assert "Công thức đọc là" in text_of(answer)
    assert not Indicator.objects.filter(code="LIB.READER_RATE").exists()


def test_parts_are_added_to_an_open_breakdown(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.binh)
    sent = {"code_more_0": "nong-nghiep", "name_more_0": "nông nghiệp", "note": ""}
    assert client.post("/indicators/breakdowns/beneficiary/", sent).status_code == 302
    assert "nông nghiệp (nong-nghiep)" in text_of(client.get("/indicators/breakdowns/"))
    wrong = client.post(
        "/indicators/breakdowns/beneficiary/", {"name_0": "nông nghiệp", "code_more_0": "Sai mã", "name_more_0": "x"}
    )
    assert wrong.status_code == 422
    assert client.get("/indicators/breakdowns/zzz/").status_code == 404


def upload(client: Client, url: str, book: openpyxl.Workbook) -> Any:
    stream = io.BytesIO()
    book.save(stream)
    return client.post(url, {"file": SimpleUploadedFile("tep.xlsx", stream.getvalue(), XLSX)})


def downloaded(client: Client, url: str) -> openpyxl.Workbook:
    answer = client.get(url)
    assert answer.headers["Content-Type"] == XLSX
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def rows_of(book: openpyxl.Workbook) -> tuple[Any, dict[str, int], dict[str, int]]:
    """The sheet, the columns by heading, and the rows by code."""
    sheet = book.worksheets[0]
    head = next(row for row in sheet.iter_rows() if {"Mã", "Tên"} <= {cell.value for cell in row})
    columns = {str(cell.value): cell.column for cell in head if cell.value}
    rows = {str(sheet.cell(n, columns["Mã"]).value): n for n in range(head[0].row + 1, sheet.max_row + 1)}
    return sheet, columns, rows


def test_what_is_downloaded_comes_back_as_the_same(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.binh)
    book = downloaded(client, "/indicators/download/")
    assert len(set(rows_of(book)[2]) - {"None"}) == 218
    before = list(Definition.objects.order_by("pk").values())
    assert upload(client, "/indicators/upload/", book).status_code == 302
    assert list(Definition.objects.order_by("pk").values()) == before


def test_a_changed_row_becomes_a_draft_and_a_new_one_an_indicator(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.binh)
    book = downloaded(client, "/indicators/download/?family=KH")
    sheet, columns, rows = rows_of(book)
    place = rows["KH.SUBBRANCHES"]
    sheet.cell(place, columns["Tên"]).value = "Số phân hội cơ sở"
    sheet.cell(place, columns["Từ ngày"]).value = "01/01/2021"
    last = max(rows.values()) + 1
    for heading, column in columns.items():
        sheet.cell(last, column).value = sheet.cell(place, columns[heading]).value
    sheet.cell(last, columns["Mã"]).value = "KH.GROUPS"
    assert upload(client, "/indicators/upload/", book).status_code == 302
    drafts = selectors.find_definitions(on=TODAY, state="draft", family="KH")
    assert {(row.indicator.code, row.name) for row in drafts} == {
        ("KH.SUBBRANCHES", "Số phân hội cơ sở"),
        ("KH.GROUPS", "Số phân hội cơ sở"),
    }


def test_one_wrong_cell_and_nothing_is_taken_in(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.binh)
    book = downloaded(client, "/indicators/download/?family=KH")
    sheet, columns, rows = rows_of(book)
    sheet.cell(rows["KH.SUBBRANCHES"], columns["Tên"]).value = "Tên khác"
    sheet.cell(rows["KH.SUBBRANCHES"], columns["Từ ngày"]).value = "01/01/2021"
    sheet.cell(rows["KH.MEMBER_RATE"], columns["Từ ngày"]).value = "01/01/2021"
    sheet.cell(rows["KH.MEMBER_RATE"], columns["Công thức"]).value = "percent(KH.MEMBERS, DAN.SO)"
    sheet.cell(rows["KH.BRANCHES"], columns["Đơn vị tính"]).value = "tấn"
    answer = upload(client, "/indicators/upload/", book)
    page = text_of(answer)
    assert answer.status_code == 422
    assert "2 chỗ cần sửa" in page
    assert "không có chỉ số “DAN.SO”" in page
    assert "Không có đơn vị tính “tấn”" in page
    assert str(rows["KH.BRANCHES"]) in page
    assert not selectors.find_definitions(on=TODAY, state="draft", family="KH").exists()


def test_a_file_that_is_none_of_ours_is_refused(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.binh)
    book = openpyxl.Workbook()
    assert upload(client, "/indicators/upload/", book).status_code == 422
    wrong = client.post(
        "/indicators/upload/", {"file": SimpleUploadedFile("tep.xlsx", b"PK\x03\x04 no workbook", XLSX)}
    )
    assert wrong.status_code == 422
    assert client.post("/indicators/upload/", {}).status_code == 422


def test_names_are_read_in_english_where_there_are_some(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.an)
    client.cookies["django_language"] = "en"
    page = text_of(client.get("/indicators/KH.MEMBER_RATE/"))
    assert "Members per population" in page
    assert "Learning Promotion Association" in page
    assert "Sex" in text_of(client.get("/indicators/breakdowns/"))
