"""Filled workbooks: what is right comes in whole, what is wrong is named by its cell or refused."""

import io
import zipfile
from contextlib import suppress
from dataclasses import replace
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.reports.form_files import CELLS, FORM, changed, filled

from hieuhoc.engines.writer.form_workbook import form_workbook
from hieuhoc.engines.writer.forms import STAMP_SHEET
from hieuhoc.kernel.errors import Invalid
from hieuhoc.reports.intake import opening
from hieuhoc.reports.intake.filled import Filled, read_workbook

GOOD = {
    "a.classes": 15,
    "a.turns": 450,
    "a.turns#reason": "Có thêm lớp đêm",
    "b.1.all": 0,
    "b.1.female": None,
    "words": "=1+1 là phép tính",
    "level": "Chưa đạt, cần cố gắng",
}


def read(content: bytes) -> Filled:
    return read_workbook(content, FORM, name="xa.xlsx")


def the_fault(values: dict[str, Any]) -> str:
    found = read(filled(values)).faults
    assert len(found) == 1
    return found[0].error.sentence


def refusal(content: bytes) -> str:
    with pytest.raises(Invalid) as said:
        read(content)
    assert said.value.field == "file"
    return said.value.sentence


def test_a_form_that_nobody_touched_says_what_it_was_given() -> None:
    found = read(form_workbook(FORM))
    assert found.faults == ()
    assert found.figures["a.classes"] == 12
    assert found.words["words"] == "Kỳ trước tốt."
    assert found.stamp == FORM.stamp
    assert found.stamp.unit_name == "Xã Thạnh Hưng"


def test_what_is_filled_in_comes_back_and_an_empty_cell_is_unknown_not_zero() -> None:
    def fill(book: Any) -> None:
        for key, value in GOOD.items():
            cell = book[CELLS[key].sheet][CELLS[key].reference]
            cell.value = value
            if key == "words":
                cell.data_type = "s"  # typed as words, as the quote before it says

    found = read(changed(fill))
    assert found.faults == ()
    assert found.figures == {
        "a.classes": 15,
        "a.turns": 450,
        "b.1.all": 0,
        "b.1.female": None,
        "b.2.all": None,
        "b.2.female": None,
    }
    assert found.words == {
        "a.classes#reason": "",
        "a.turns#reason": "Có thêm lớp đêm",
        "words": "=1+1 là phép tính",
        "level": "no",
    }


def test_a_wrong_cell_is_named_by_file_sheet_row_column_and_label() -> None:
    assert the_fault({"b.2.female": "mười"}) == (
        "Tệp “xa.xlsx”, trang “Phần 1”, dòng 18, cột E (=Mức 2, chia theo, Nữ): “mười” không phải là số."
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"a.classes": -3}, "số âm (-3)"),
        ({"a.classes": 3.5}, "3,5 không phải là số nguyên"),
        ({"a.classes": 501}, "501 lớn hơn mức cao nhất 500"),
        ({"a.classes": 10**16}, "số quá lớn"),
        ({"a.classes": True}, "“1” không phải là số"),
        ({"a.classes": "#REF!"}, "ô bị lỗi #REF!"),
        ({"a.classes": "=1+1"}, "ô có công thức"),
        ({"words": "=A1"}, "ô có công thức"),
        ({"level": "Tốt"}, "“Tốt” không có trong danh sách"),
        ({"words": "x" * 201}, "dài 201 ký tự, nhiều nhất là 200"),
        ({"a.turns": "1.234"}, "“1.234” không phải là số"),
    ],
)
def test_each_kind_of_wrong_cell_says_what_is_wrong(values: dict[str, Any], said: str) -> None:
    assert said in the_fault(values)


def test_every_wrong_cell_is_named_at_once() -> None:
    found = read(filled({"a.classes": -1, "b.1.all": "x", "level": "Tốt"}))
    assert [(fault.sheet, fault.row, fault.column) for fault in found.faults] == [
        ("Phần 1", 11, "D"),
        ("Phần 1", 17, "D"),
        ("Phần 2", 13, "D"),
    ]


def test_digits_typed_as_words_are_a_number_and_whole_floats_are_whole() -> None:
    assert read(filled({"a.classes": " 15 ", "a.turns": 5.0})).figures["a.classes"] == 15


def test_a_row_that_was_moved_is_noticed() -> None:
    def move(book: Any) -> None:
        book["Phần 1"].insert_rows(11)

    found = read(changed(move))
    assert "mẫu đã bị sửa" in found.faults[0].error.sentence


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"form": "xmc-2020"}, "biểu mẫu “xmc-2020”, không phải biểu mẫu “clc-2020”"),
        ({"version": "1"}, "phiên bản 1 của biểu mẫu; đợt này dùng phiên bản 2"),
        ({"unit": "xa-khac", "unit_name": "Xã Khác"}, "của đơn vị “Xã Khác”, không phải của “Xã Thạnh Hưng”"),
        ({"period": "2020-Q2", "period_name": "quý II"}, "của kỳ “quý II”, không phải của kỳ “quý III năm 2020”"),
    ],
)
def test_another_form_version_unit_or_period_is_refused_and_named(other: dict[str, str], said: str) -> None:
    assert said in refusal(form_workbook(replace(FORM, stamp=replace(FORM.stamp, **other))))


def test_a_form_of_another_shape_is_refused() -> None:
    assert "bản cũ của phần mềm" in refusal(form_workbook(replace(FORM, sections=FORM.sections[:1])))


def test_a_workbook_of_somebody_s_own_is_refused() -> None:
    file = io.BytesIO()
    openpyxl.Workbook().save(file)
    assert "không phải là mẫu do phần mềm này" in refusal(file.getvalue())


def test_a_sheet_that_was_removed_is_missed() -> None:
    assert "thiếu trang “Phần 2”" in refusal(changed(lambda book: book.remove(book["Phần 2"])))


def rewritten(change: dict[str, bytes]) -> bytes:
    """The form's archive with some members added or replaced."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(form_workbook(FORM))) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in change:
                new.writestr(name, old.read(name))
        for name, content in change.items():
            new.writestr(name, content)
    return file.getvalue()


def test_a_macro_is_refused() -> None:
    assert "có macro" in refusal(rewritten({"xl/vbaProject.bin": b"x"}))
    types = zipfile.ZipFile(io.BytesIO(form_workbook(FORM))).read("[Content_Types].xml")
    main = b"spreadsheetml.sheet.main+xml"
    assert main in types
    renamed = types.replace(b"openxmlformats-officedocument." + main, b"ms-excel.sheet.macroEnabled.main+xml")
    assert "có macro" in refusal(rewritten({"[Content_Types].xml": renamed}))


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    assert "lớn bất thường" in refusal(rewritten({"xl/media/image1.bin": b"\0" * 13_000_000}))
    assert "lớn bất thường" in refusal(rewritten({f"xl/media/{n}.bin": b"" for n in range(opening.MOST_MEMBERS)}))
    assert "lớn bất thường" in refusal(rewritten({"xl/worksheets/sheet1.xml": b" " * 2_000_000}))


def test_an_entity_bomb_is_refused() -> None:
    bomb = b'<!DOCTYPE s [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]><sst><si><t>&b;</t></si></sst>'
    assert "lớn bất thường" in refusal(rewritten({"xl/sharedStrings.xml": bomb}))


def test_a_million_rows_are_refused() -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(30, 180_000))
    sheet = b'<worksheet xmlns="x"><sheetData>' + rows + b"</sheetData></worksheet>"
    assert "quá nhiều dòng ngoài mẫu" in refusal(rewritten({"xl/worksheets/sheet1.xml": sheet}))
    assert "lớn bất thường" in refusal(rewritten({"xl/worksheets/sheet1.xml": sheet + b" " * 8_000_000}))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "không phải là tệp Excel"),
        (b"%PDF-1.7", "không phải là tệp Excel"),
        (b"PK\x03\x04 nonsense", "không phải là tệp Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "định dạng Excel cũ"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "được đặt mật khẩu"),
    ],
)
def test_what_is_no_workbook_is_refused(content: bytes, said: str) -> None:
    assert said in refusal(content)


WHOLE = form_workbook(FORM)


def assert_read_or_refused(content: bytes) -> None:
    """Anything else than a reading or a sentence fails the test by itself."""
    with suppress(Invalid):
        assert isinstance(read(content), Filled)


@settings(max_examples=150, deadline=None)
@given(place=st.integers(0, len(WHOLE) - 1), junk=st.binary(min_size=1, max_size=40))
def test_a_damaged_file_is_read_or_refused_never_worse(place: int, junk: bytes) -> None:
    content = WHOLE[:place] + junk + WHOLE[place + len(junk) :]
    assert_read_or_refused(content)


@settings(max_examples=150, deadline=None)
@given(
    attribute=st.sampled_from(['r="D11"', 't="s"', "<v>12</v>", "<sheetData>", 'r="11"']),
    junk=st.text('rtsA1-9="<>/ #', max_size=12),
)
def test_a_sheet_of_nonsense_is_read_or_refused_never_worse(attribute: str, junk: str) -> None:
    sheet = zipfile.ZipFile(io.BytesIO(WHOLE)).read("xl/worksheets/sheet1.xml").decode()
    assert_read_or_refused(rewritten({"xl/worksheets/sheet1.xml": sheet.replace(attribute, junk, 1).encode()}))


def test_the_stamp_is_out_of_sight_and_the_structure_is_locked() -> None:
    book = openpyxl.load_workbook(io.BytesIO(WHOLE))
    assert book[STAMP_SHEET].sheet_state == "veryHidden"
    assert book.security.lockStructure
    page = book["Phần 1"]
    assert page.protection.sheet
    assert not page[CELLS["a.classes"].reference].protection.locked
    assert page[f"B{CELLS['a.classes'].row + 1}"].protection.locked
    assert page["D13"].value.startswith("=IF(COUNT(")
    assert {rule.type for rule in page.data_validations.dataValidation} == {"whole"}
    assert [rule.type for rule in book["Phần 2"].data_validations.dataValidation] == ["textLength", "list"]
    assert page.page_setup.paperSize == 9
    assert page.freeze_panes == "C11"
