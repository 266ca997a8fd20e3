"""The pages on which targets are read, set, taken back, and their files."""

import io
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.factories.cast import Cast

from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.indicators import services
from hieuhoc.registers.indicators.models import Target
from hieuhoc.registers.places.models import Unit

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(autouse=True)
def _shipped() -> None:
    services.load_indicators()


def set_for(cast: Cast, unit: Unit, code: str = "KH.MEMBER_RATE", value: str = "17.5") -> Target:
    aim = services.Aim(unit=unit, code=code, year=2021, value=Fraction(value), document="QĐ 12/QĐ-UBND")
    return services.set_target(by=cast.binh, aim=aim)


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_each_sees_the_targets_of_the_own_units(cast: Cast, signed_in: SignIn) -> None:
    row = set_for(cast, cast.commune)
    for user, seen in ((cast.binh, True), (cast.an, True), (cast.chi, False)):
        client = signed_in(user)
        assert ("17,50 %" in text_of(client.get("/indicators/targets/"))) is seen
        assert client.get(f"/indicators/targets/{row.pk}/").status_code == (200 if seen else 404)
    assert signed_in(cast.nobody).get("/indicators/targets/").status_code == 403


def test_only_those_who_set_targets_have_the_pages_for_it(cast: Cast, signed_in: SignIn) -> None:
    row = set_for(cast, cast.commune)
    table = f"/indicators/targets/edit/?unit={cast.commune.key}&year=2021"
    for url in (table, "/indicators/targets/edit/", "/indicators/targets/upload/"):
        answers = [signed_in(user).get(url).status_code for user in (cast.binh, cast.minh, cast.an, cast.chi)]
        assert answers == [200, 200, 403, 403], url
    url = f"/indicators/targets/{row.pk}/take-back/"
    assert [signed_in(user).get(url).status_code for user in (cast.binh, cast.an, cast.chi)] == [200, 403, 404]


def test_targets_are_set_in_a_table_for_a_unit_and_a_year(cast: Cast, signed_in: SignIn) -> None:
    client = signed_in(cast.binh)
    url = f"/indicators/targets/edit/?unit={cast.province.key}&year=2021"
    form = text_of(client.get(url))
    assert 'name="value_KH-MEMBER_RATE"' in form
    sent = {
        "document": "QĐ 12/QĐ-UBND",
        "value_KH-MEMBER_RATE": "17,5",
        "value_FUND-RAISED": "1.250,5",
        "more_0": "KH.BRANCHES",
        "more_value_0": "2.411",
    }
    assert client.post(url, sent).status_code == 302
    assert dict(Target.objects.values_list("indicator__code", "value")) == {
        "KH.MEMBER_RATE": 17.5,
        "FUND.RAISED": 1250.5,
        "KH.BRANCHES": 2411,
    }
    page = text_of(client.get("/indicators/targets/", {"unit": cast.province.key, "year": "2021"}))
    assert "1.250,5 triệu đồng" in page
    assert "2.411 chi hội" in page
    again = text_of(client.get(url))
    assert 'value="1.250,5"' in again
    assert "QĐ 12/QĐ-UBND · Trần Thị Bình" in again


def test_only_what_changed_is_written_with_the_new_document(cast: Cast, signed_in: SignIn) -> None:
    set_for(cast, cast.province)
    set_for(cast, cast.province, "FUND.RAISED", "1000")
    url = f"/indicators/targets/edit/?unit={cast.province.key}&year=2021"
    sent = {"document": "QĐ 99", "value_KH-MEMBER_RATE": "17,50", "value_FUND-RAISED": "1.100"}
    assert signed_in(cast.minh).post(url, sent).status_code == 302
    assert dict(Target.objects.values_list("indicator__code", "document")) == {
        "KH.MEMBER_RATE": "QĐ 12/QĐ-UBND",
        "FUND.RAISED": "QĐ 99",
    }


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"value_KH-MEMBER_RATE": "nhiều"}, "không phải là một số"),
        ({"document": "", "value_KH-MEMBER_RATE": "5"}, "Trường này là bắt buộc"),
        ({"value_KH-MEMBER_RATE": ""}, "Chưa có chỉ tiêu nào thay đổi"),
        ({"more_0": "KH.BRANCHES"}, "Hãy chọn cả chỉ số và chỉ tiêu"),
        ({"value_FUND-RAISED": ""}, "hãy dùng nút Bỏ"),
    ],
)
def test_a_table_that_will_not_do_comes_back_with_the_reason(
    cast: Cast, signed_in: SignIn, sent: dict[str, str], says: str
) -> None:
    if "Bỏ" in says:
        set_for(cast, cast.province, "FUND.RAISED", "1000")
    url = f"/indicators/targets/edit/?unit={cast.province.key}&year=2021"
    answer = signed_in(cast.binh).post(url, {"document": "QĐ 12"} | sent)
    assert answer.status_code == 422
    assert says in text_of(answer)


def test_a_target_says_what_is_lacking_and_where_it_leads(cast: Cast, signed_in: SignIn) -> None:
    row = set_for(cast, cast.commune)
    page = text_of(signed_in(cast.an).get(f"/indicators/targets/{row.pk}/"))
    assert "Chưa đủ số liệu" in page
    assert "17,50 %" in page


def test_a_target_is_taken_back_with_a_reason(cast: Cast, signed_in: SignIn) -> None:
    row = set_for(cast, cast.commune)
    client = signed_in(cast.binh)
    assert client.post(f"/indicators/targets/{row.pk}/take-back/", {"why": ""}).status_code == 422
    assert client.post(f"/indicators/targets/{row.pk}/take-back/", {"why": "Nhầm"}).status_code == 302
    assert not Target.objects.exists()


def book_of(client: Client) -> tuple[openpyxl.Workbook, Any, dict[str, int], int]:
    """The downloaded workbook, its sheet, its columns, and the first row beneath the headings."""
    book = openpyxl.load_workbook(io.BytesIO(client.get("/indicators/targets/download/").content))
    sheet = book.worksheets[0]
    head = next(row for row in sheet.iter_rows() if "Mã đơn vị" in {cell.value for cell in row})
    return book, sheet, {str(cell.value): cell.column for cell in head if cell.value}, head[0].row + 1


def upload(client: Client, book: openpyxl.Workbook) -> Any:
    stream = io.BytesIO()
    book.save(stream)
    return client.post("/indicators/targets/upload/", {"file": SimpleUploadedFile("tep.xlsx", stream.getvalue(), XLSX)})


def test_targets_leave_as_a_workbook_and_come_back_changed(cast: Cast, signed_in: SignIn) -> None:
    set_for(cast, cast.commune)
    set_for(cast, cast.commune, "KH.BRANCHES", "12")
    client = signed_in(cast.binh)
    book, sheet, columns, first = book_of(client)
    for row in (first, first + 1):
        if sheet.cell(row, columns["Mã chỉ số"]).value == "KH.MEMBER_RATE":
            sheet.cell(row, columns["Chỉ tiêu"]).value = 18.25
    assert upload(client, book).status_code == 302
    assert dict(Target.objects.values_list("indicator__code", "value")) == {"KH.MEMBER_RATE": 18.25, "KH.BRANCHES": 12}


def test_one_wrong_cell_and_no_target_is_set(cast: Cast, signed_in: SignIn) -> None:
    set_for(cast, cast.commune)
    client = signed_in(cast.binh)
    book, sheet, columns, first = book_of(client)
    good = {
        "Mã đơn vị": cast.next_door.key,
        "Mã chỉ số": "KH.BRANCHES",
        "Năm": 2021,
        "Chỉ tiêu": 9,
        "Văn bản giao": "QĐ",
    }
    wrong = good | {"Mã đơn vị": "khong-co"}
    for row, told in ((first + 1, good), (first + 2, wrong)):
        for heading, value in told.items():
            sheet.cell(row, columns[heading]).value = value
    answer = upload(client, book)
    assert answer.status_code == 422
    assert "Không có đơn vị mang mã này." in text_of(answer)
    assert Target.objects.count() == 1


def test_a_file_cannot_reach_beyond_ones_units(cast: Cast, signed_in: SignIn) -> None:
    assert signed_in(cast.an).get("/indicators/targets/upload/").status_code == 403
