"""The register of units out of a file and into one: each wrong cell named, nothing half-imported, nothing lost."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.utils import override_settings
from pytest_django import DjangoAssertNumQueries
from tests.factories.accounts import make_administrator
from tests.factories.cast import TODAY, Cast
from tests.factories.places import make_commune
from tests.factories.reorganisations import carry_out, make_event, workbook

from hieuhoc.foundation.records import trail
from hieuhoc.registers.accounts import intake, selectors, services
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.places import selectors as places
from hieuhoc.registers.places.models import Unit, UnitSize

SignIn = Callable[[User], Client]
IMPORT = "/units/import/"
COLUMNS = selectors.IMPORTED_COLUMNS


@pytest.fixture(autouse=True)
def _followers() -> Iterator[None]:
    with override_settings(FOLLOWERS=["hieuhoc.registers.accounts.heirs.follower"]):
        yield


def headings() -> list[str]:
    return [str(selectors.UNIT_COLUMNS[name]) for name in COLUMNS]


def line(**cells: Any) -> list[Any]:
    """One row of the file; a hamlet unless said otherwise."""
    return [cells.get(name) for name in COLUMNS]


def hamlet(cast: Cast, name: str, **over: Any) -> list[Any]:
    given = {
        "name": name,
        "level": "Ấp, khu phố",
        "kind": "ấp",
        "parent_code": cast.commune.key,
        "valid_from": "01/01/2020",
    }
    return line(**(given | over))


def sent(rows: Sequence[Sequence[Any]]) -> SimpleUploadedFile:
    return SimpleUploadedFile("don-vi.xlsx", workbook(headings(), rows, title="Đơn vị").read())


def seal_in(page: str) -> str:
    return page.split('name="seal" value="')[1].split('"')[0]


def everything() -> tuple[int, int]:
    return Unit.objects.count(), UnitSize.objects.count()


# ---- in ------------------------------------------------------------------------------------------------


def test_a_file_is_shown_first_and_entered_when_that_is_confirmed(cast: Cast, signed_in: SignIn) -> None:
    tri = signed_in(cast.tri)
    rows = [
        hamlet(cast, "Ấp Một", people="1.234", size_on=date(2020, 6, 1), size_source="Xã báo", size_estimated="x"),
        hamlet(cast, "Ấp Hai", valid_from=date(2020, 2, 1), document="1/QĐ-UBND"),
        line(key=cast.commune.key, name="Xã An Phú", households=1500, size_on="01/06/2020", size_source="Niên giám"),
    ]
    before = everything()
    page = tri.post(IMPORT, {"file": sent(rows)}).content.decode()
    assert "Ấp Một" in page
    assert "2 đơn vị mới, 2 số liệu quy mô" in page
    assert everything() == before
    assert tri.post(IMPORT, {"seal": seal_in(page)}).headers["Location"] == "/units/"
    made = Unit.objects.get(name="Ấp Một")
    assert (made.parent, made.level, made.kind) == (cast.commune, "hamlet", "ap")
    size = made.sizes.get()
    assert (size.people, size.households, size.is_estimated, size.on) == (1234, None, True, date(2020, 6, 1))
    assert cast.commune.sizes.get().households == 1500
    assert trail.history(made).filter(deed="places.unit.create").exists()
    assert trail.verify() is None


def test_each_wrong_cell_is_named_by_sheet_row_column_and_reason_and_nothing_changes(
    cast: Cast, signed_in: SignIn
) -> None:
    rows = [
        hamlet(cast, "Ấp Một"),
        hamlet(cast, "Ấp Hai", level="Thôn", kind="làng", valid_from="31/02/2020"),
        hamlet(cast, "Ấp Ba", parent_code="khong-co"),
        hamlet(cast, "Ấp Bốn", people="12,5", size_on="01/06/2020", size_source="Xã"),
        hamlet(cast, "Ấp Năm", valid_from="01/01/2030"),
        line(key=cast.commune.key, name="Xã Tên Khác"),
        hamlet(cast, "Ấp Một"),
        hamlet(cast, "Ấp Sáu", kind="xã"),
        hamlet(cast, "Ấp Bảy", people=10, size_on="01/06/2020"),
        line(code="1", name="Chỉ có tên"),
    ]
    before = everything()
    answer = signed_in(cast.tri).post(IMPORT, {"file": sent(rows)})
    assert answer.status_code == 422
    assert everything() == before
    lines = [line_.cells for line_ in _lines(rows)]
    faults = services.try_import(by=cast.tri, rows=lines).faults
    assert [(fault.place, fault.column) for fault in faults] == [
        (1, "level"),
        (1, "kind"),
        (1, "valid_from"),
        (2, "parent_code"),
        (3, "people"),
        (4, "valid_from"),
        (5, "name"),
        (6, "name"),
        (7, "kind"),
        (8, "size_source"),
        (9, "level"),
        (9, "kind"),
        (9, "parent_code"),
        (9, "valid_from"),
    ]
    page = answer.content.decode()
    for words in ("Đơn vị", "<span>3</span>", "Cấp", "“Thôn”", "“31/02/2020”", "Mã cấp trên", "“khong-co”", "“12,5”"):
        assert words in page


def _lines(rows: Sequence[Sequence[Any]]) -> list[Any]:
    from_file = SimpleUploadedFile("x.xlsx", workbook(headings(), rows).read())
    names = dict(zip(COLUMNS, headings(), strict=True))
    return intake.read_lines(content=from_file.read(), name="x.xlsx", headings=names, needed=("name",))


def test_beneath_a_new_commune_of_the_same_file_its_hamlets_may_stand(cast: Cast) -> None:
    rows = [
        line(
            name="Xã Mới",
            code=31000,
            level="commune",
            kind="xa",
            parent_code=cast.district.key,
            valid_from="01/01/2020",
        ),
        hamlet(cast, "Ấp Một", parent_code=31000),
    ]
    brought = services.import_units(by=cast.tri, rows=[one.cells for one in _lines(rows)])
    assert [unit.name for unit in brought.units] == ["Xã Mới", "Ấp Một"]
    assert Unit.objects.get(name="Ấp Một").parent == Unit.objects.get(code="31000")


def test_outside_ones_units_nothing_is_entered(cast: Cast, signed_in: SignIn) -> None:
    huyen = make_administrator(cast.district, "huyen")
    rows = [
        hamlet(cast, "Ấp Một"),
        hamlet(cast, "Cơ quan lạ", parent_code=cast.finance.key, level="Cơ quan", kind="so"),
    ]
    page = signed_in(huyen).post(IMPORT, {"file": sent(rows)}).content.decode()
    assert "ngoài phạm vi bạn được sửa" in page
    assert not Unit.objects.filter(name="Ấp Một").exists()


def test_a_seal_of_somebody_else_or_a_broken_one_enters_nothing(cast: Cast, signed_in: SignIn) -> None:
    page = signed_in(cast.tri).post(IMPORT, {"file": sent([hamlet(cast, "Ấp Một")])}).content.decode()
    huyen = make_administrator(cast.district, "huyen")
    assert signed_in(huyen).post(IMPORT, {"seal": seal_in(page)}).status_code == 409
    assert signed_in(cast.tri).post(IMPORT, {"seal": "gia-mao"}).status_code == 409
    assert not Unit.objects.filter(name="Ấp Một").exists()


def test_what_has_changed_since_it_was_shown_is_judged_again(cast: Cast, signed_in: SignIn) -> None:
    tri = signed_in(cast.tri)
    page = tri.post(IMPORT, {"file": sent([hamlet(cast, "Ấp Một")])}).content.decode()
    services.end_unit(by=cast.tri, unit=cast.commune, on=TODAY, why="Nhập vào xã khác")
    answer = tri.post(IMPORT, {"seal": seal_in(page)})
    assert answer.status_code == 422
    assert not Unit.objects.filter(name="Ấp Một").exists()


@pytest.mark.parametrize("person", ["minh", "an", "xuan", "nobody"])
def test_who_edits_no_unit_imports_none(cast: Cast, signed_in: SignIn, person: str) -> None:
    client = signed_in(cast.people[person])
    assert client.get(IMPORT).status_code == 403
    assert client.post(IMPORT, {"file": sent([hamlet(cast, "Ấp Một")])}).status_code == 403
    assert client.get(f"{IMPORT}template/").status_code == 403


def test_a_plain_file_with_semicolons_and_quoted_formulas_is_read(cast: Cast) -> None:
    text = "Tên;Cấp;Loại;Mã cấp trên;Từ ngày;Văn bản\r\n"
    text += f"Ấp Một;hamlet;ap;{cast.commune.key};1/1/2020;'=1+1\r\n"
    names = dict(zip(COLUMNS, headings(), strict=True))
    for content in (b"\xef\xbb\xbf" + text.encode(), text.encode(), text.encode("utf-16")):
        lines = intake.read_lines(content=content, name="x.csv", headings=names, needed=("name",))
        assert lines[0].cells["document"] == "=1+1"
        assert (lines[0].number, lines[0].cells["name"]) == (2, "Ấp Một")


def test_the_template_can_be_filled_in_and_sent(cast: Cast, signed_in: SignIn) -> None:
    tri = signed_in(cast.tri)
    book = openpyxl.load_workbook(io.BytesIO(tri.get(f"{IMPORT}template/").content))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet[4]] == headings()
    for place, value in enumerate(hamlet(cast, "Ấp Một"), start=1):
        sheet.cell(5, place, value)
    file = io.BytesIO()
    book.save(file)
    page = tri.post(IMPORT, {"file": SimpleUploadedFile("mau.xlsx", file.getvalue())}).content.decode()
    assert "1 đơn vị mới" in page


# ---- out -----------------------------------------------------------------------------------------------


def test_what_leaves_as_a_workbook_or_plainly_comes_back_and_changes_nothing(cast: Cast, signed_in: SignIn) -> None:
    services.record_size(by=cast.tri, unit=cast.commune, on=date(2020, 6, 1), people=4321, source="Niên giám")
    tri = signed_in(cast.tri)
    before = everything()
    for query, name in (("", "a.xlsx"), ("?format=csv", "a.csv")):
        content = tri.get(f"/units/download/{query}").content
        page = tri.post(IMPORT, {"file": SimpleUploadedFile(name, content)}).content.decode()
        assert "Mọi dòng của tệp đã có trong danh mục và không đổi" in page, page
    assert everything() == before


def test_the_file_tells_code_key_parent_dates_sizes_predecessors_and_heirs(cast: Cast, signed_in: SignIn) -> None:
    Unit.objects.filter(pk=cast.district.pk).update(code="899")
    services.record_size(
        by=cast.tri, unit=cast.commune, on=date(2020, 6, 1), people=4321, source="Niên giám", is_estimated=True
    )
    carry_out(cast, make_event(cast))
    tri = signed_in(cast.tri)
    for day, name, expected in (
        ("31/10/2020", "Xã An Phú", {"Dân số": "4321", "Ước tính": "x", "Kế thừa": "Xã Hòa Phú (01/11/2020)"}),
        ("16/11/2020", "Xã Hòa Phú", {"Mã số": "30999", "Mã cấp trên": "899", "Từ ngày": "01/11/2020"}),
    ):
        text = tri.get(f"/units/download/?format=csv&on={day}").content.decode("utf-8-sig")
        row = next(row for row in csv.DictReader(io.StringIO(text)) if row["Tên"] == name)
        assert {heading: row[heading] for heading in expected} == expected
    assert row["Tiền thân"] == "Xã An Phú (01/11/2020); Xã Chí Hòa (01/11/2020)"
    assert row["Trực thuộc"] == "Huyện Bình Trung"


def test_nothing_that_was_typed_becomes_a_formula(cast: Cast, signed_in: SignIn) -> None:
    names = ["=HYPERLINK(1)", "+84 mét", "-Xã", "@SUM(1)"]
    for name in names:
        make_commune(cast.district, name)
    tri = signed_in(cast.tri)
    sheet = openpyxl.load_workbook(io.BytesIO(tri.get("/units/download/").content)).worksheets[0]
    cells = {cell.value: cell for row in sheet.iter_rows(min_row=5) for cell in row if cell.value}
    for name in names:
        assert (cells[name].data_type, cells[name].quotePrefix) == ("s", True)
    text = tri.get("/units/download/?format=csv").content.decode("utf-8-sig")
    written = {row["Tên"] for row in csv.DictReader(io.StringIO(text))}
    assert {f"'{name}" for name in names} <= written


def test_the_export_asks_as_often_for_many_units_as_for_few(
    cast: Cast, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        make_commune(cast.district, f"Xã Số {number}")
    with django_assert_num_queries(4):
        assert len(list(selectors.unit_lines(places.filtered_units(on=TODAY), on=TODAY))) > 20
