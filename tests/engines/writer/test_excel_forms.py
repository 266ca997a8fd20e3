"""Excel forms are opened again with two other libraries."""

import io
import time
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from hieuhoc.engines.writer import Column, Heading, Sheet, Signature, Table, workbook
from hieuhoc.engines.writer.texts import clean

COLUMNS = (
    Column("TT", 10, "centre"),
    Column("Nhiệm vụ", 90),
    Column("Chủ trì", 40, group="Cơ quan thực hiện"),
    Column("Phối hợp", 40, group="Cơ quan thực hiện"),
    Column("Thời hạn", 25, "centre"),
    Column("Tiến độ", 20, "right"),
)
ROWS = (
    Heading("I. Tuyên truyền"),
    (1, "Mở chuyên mục", "Đài PT-TH", None, date(2025, 12, 31), Fraction(45, 100)),
    (2, "Báo cáo " * 40, "Sở A", "Sở B", "Hằng năm", Fraction(1, 3)),
)
FORM = Sheet(
    name="Phân công",
    title="Phụ lục phân công nhiệm vụ",
    table=Table(COLUMNS, ROWS, number_row=True),
    superior="Ủy ban nhân dân tỉnh Kiên Giang",
    issuer="Sở Giáo dục và Đào tạo",
    lines=("(Kèm theo Kế hoạch số 144/KH-UBND)",),
    notes=("Ghi chú: số liệu đến 14/12/2025.",),
    place="Kiên Giang",
    day=date(2025, 12, 5),
    signer=Signature("", "KT. Giám đốc\nPhó Giám đốc", "Nguyễn Văn A"),
)


def opened(*sheets: Sheet) -> Any:
    return openpyxl.load_workbook(io.BytesIO(workbook(sheets)))


def page_of(sheet: Sheet = FORM) -> Any:
    return opened(sheet).worksheets[0]


def cell_with(page: Any, value: Any) -> Any:
    return next(cell for row in page.iter_rows() for cell in row if cell.value == value)


def plain(*rows: Any) -> Sheet:
    width = max(len(row) for row in rows)
    return Sheet("A", "B", Table(tuple(Column(f"C{n}", 20) for n in range(width)), rows))


def test_the_form_reads_from_letterhead_to_signature() -> None:
    page = page_of()
    words = [str(cell.value) for row in page.iter_rows() for cell in row if cell.value is not None]
    wanted = [
        "ỦY BAN NHÂN DÂN TỈNH KIÊN GIANG",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "SỞ GIÁO DỤC VÀ ĐÀO TẠO",
        "Độc lập - Tự do - Hạnh phúc",
        "PHỤ LỤC PHÂN CÔNG NHIỆM VỤ",
        "(Kèm theo Kế hoạch số 144/KH-UBND)",
        "TT",
        "I. Tuyên truyền",
        "Mở chuyên mục",
        "Ghi chú: số liệu đến 14/12/2025.",
        "Kiên Giang, ngày 05 tháng 12 năm 2025",
        "KT. GIÁM ĐỐC",
        "PHÓ GIÁM ĐỐC",
        "Nguyễn Văn A",
    ]
    places = [words.index(each) for each in wanted]
    assert places == sorted(places)


def test_everything_that_is_written_is_in_times_new_roman() -> None:
    fonts = {cell.font.name for row in page_of().iter_rows() for cell in row if cell.value is not None}
    assert fonts == {"Times New Roman"}


def test_the_page_is_a4_landscape_as_wide_as_the_table_with_titles_on_every_page() -> None:
    page = page_of()
    first, last = cell_with(page, "TT").row, cell_with(page, "(1)").row
    assert page.page_setup.paperSize == 9
    assert page.page_setup.orientation == "landscape"
    assert page.page_setup.fitToWidth in (None, 1)  # one page is what nothing said means
    assert page.page_setup.fitToHeight == 0
    assert page.sheet_properties.pageSetUpPr.fitToPage
    assert page.print_title_rows == f"${first}:${last}"
    assert page.freeze_panes == f"A{last + 1}"
    assert page.print_area.endswith(f"$A$1:$F${page.max_row}")
    assert page.HeaderFooter.oddHeader.center.text.endswith("&P")
    assert page.HeaderFooter.differentFirst


def test_a_portrait_form_stays_portrait() -> None:
    assert page_of(replace(FORM, landscape=False)).page_setup.orientation == "portrait"


def test_columns_share_the_width_of_the_page() -> None:
    page = page_of()
    groups = page.column_dimensions.values()  # neighbours of one width are kept as one
    widths = {letter: group.width for group in groups for letter in range(group.min, group.max + 1)}
    assert widths[2] == pytest.approx(widths[3] * 90 / 40, rel=0.03)
    assert sum(widths.values()) * 7 * 25.4 / 96 == pytest.approx(297 - 35, rel=0.03)


def test_headings_and_common_titles_are_merged() -> None:
    page = page_of()
    merged = {str(area) for area in page.merged_cells.ranges}
    titles = cell_with(page, "TT").row
    assert f"C{titles}:D{titles}" in merged
    assert {f"{letter}{titles}:{letter}{titles + 1}" for letter in "ABEF"} <= merged
    group = cell_with(page, "I. Tuyên truyền").row
    assert f"A{group}:F{group}" in merged


def test_days_are_days_shares_are_percent_and_counts_are_numbers() -> None:
    page = page_of(plain((date(2026, 9, 5), Fraction(45, 100), Fraction(1, 3), 12345, Decimal("1234.50"), None)))
    day, whole, third, count, amount, nothing = page[page.max_row]
    assert (day.value, day.number_format) == (datetime(2026, 9, 5), "dd/mm/yyyy")
    assert (whole.value, whole.number_format) == (0.45, "[$-42A]0%")
    assert third.number_format == "[$-42A]0.0%"
    assert (count.value, count.number_format) == (12345, "[$-42A]#,##0")
    assert (amount.value, amount.number_format) == (1234.5, "[$-42A]#,##0.00")
    assert nothing.value is None


def test_what_excel_would_change_is_written_as_text() -> None:
    page = page_of(plain((date(1899, 1, 2), date(1900, 2, 28), 12345678901234567, Decimal("0.1234567890123456"))))
    assert [cell.value for cell in page[page.max_row]] == [
        "02/01/1899",
        "28/02/1900",
        "12.345.678.901.234.567",
        "0,1234567890123456",
    ]


@pytest.mark.parametrize("text", ["=1+1", "+84", "-5", "@SUM(A1)", "\t=1", "\r=1", "{=1}", "http://a.vn", "'x", "007"])
def test_text_is_text_whatever_it_begins_with(text: str) -> None:
    content = workbook([plain((text,), (Heading(text).text,))])
    page = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    cell = page.cell(page.max_row, 1)
    assert (cell.value, cell.data_type) == (clean(text), "s")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
        assert not [name for name in parts.namelist() if "externalLink" in name]


@pytest.mark.parametrize("text", ["=1+1", "+84", "-5", "@SUM(A1)"])
def test_text_that_looks_like_a_formula_stays_text_when_somebody_edits_it(text: str) -> None:
    page = page_of(plain((text,)))
    assert page.cell(page.max_row, 1).quotePrefix


def test_every_place_for_words_refuses_formulas() -> None:
    bad = "=1+1"
    sheet = Sheet(
        bad, bad, Table((Column(bad, 10, group=bad), Column(bad, 10, group=bad), Column(bad, 10)), (Heading(bad),)),
        superior=bad, issuer=bad, lines=(bad,), notes=(bad,), place=bad, signer=Signature(bad, bad, bad),
    )  # fmt: skip
    page = page_of(sheet)
    cells = [cell for row in page.iter_rows() for cell in row if cell.value is not None]
    assert len([cell for cell in cells if cell.value == bad]) >= 9
    assert {cell.data_type for cell in cells} == {"s"}


def test_a_row_is_as_high_as_its_longest_cell_needs() -> None:
    page = page_of()
    short, long = cell_with(page, "Mở chuyên mục").row, cell_with(page, "Sở B").row
    assert page.row_dimensions[long].height > 3 * page.row_dimensions[short].height


def test_no_row_is_higher_than_excel_allows_and_no_text_longer() -> None:
    page = page_of(plain(("a\n" * 20_000,), ("b" * 40_000,)))
    assert max(row.height or 0 for row in page.row_dimensions.values()) <= 409
    assert len(page.cell(page.max_row, 1).value) == 32_767


def test_more_rows_than_excel_has_are_refused() -> None:
    table = Table((Column("A", 10),), (Heading("x"),) * 1_048_570)
    with pytest.raises(ValueError, match="more than a sheet can hold"):
        workbook([Sheet("A", "B", table)])


def test_tabs_have_names_that_excel_takes_and_no_two_alike() -> None:
    names = [
        "Tiến độ",
        "tiến độ",
        "a/b:c?",
        "",
        "'x'",
        "😀" * 20,
        "History",
        "Kế hoạch triển khai thực hiện Kết luận số 49",
    ] * 2
    book = opened(*(replace(FORM, name=name) for name in names))
    assert len({name.lower() for name in book.sheetnames}) == len(names)
    assert all(1 <= len(name.encode("utf-16-le")) <= 62 for name in book.sheetnames)
    assert book.sheetnames[:3] == ["Tiến độ", "tiến độ (2)", "a b c"]


@pytest.mark.parametrize("columns", [1, 2, 3, 12])
def test_a_letterhead_fits_any_number_of_columns(columns: int) -> None:
    table = Table(tuple(Column(f"C{n}", 20) for n in range(columns)), (tuple(range(columns)),))
    page = page_of(replace(FORM, table=table))
    assert cell_with(page, "Độc lập - Tự do - Hạnh phúc")
    assert cell_with(page, "Nguyễn Văn A")


def test_calamine_reads_the_same_values() -> None:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(workbook([FORM]))).get_sheet_by_index(0).to_python()
    assert [1.0, "Mở chuyên mục", "Đài PT-TH", "", date(2025, 12, 31), 0.45] in rows


def test_the_same_sheets_give_the_same_bytes_and_properties_come_from_the_caller() -> None:
    assert workbook([FORM]) == workbook([replace(FORM)])
    moment = datetime(2026, 9, 5, 8, 30, tzinfo=UTC)
    properties = openpyxl.load_workbook(io.BytesIO(workbook([FORM], written_at=moment))).properties
    assert (properties.title, properties.creator) == (FORM.title, FORM.issuer)
    assert properties.created == moment.replace(tzinfo=None)


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(), max_size=60).filter(lambda text: "_x" not in text))
def test_any_text_goes_in_and_comes_out_again(text: str) -> None:
    page = page_of(plain((text, 1)))
    assert (page.cell(page.max_row, 1).value or "") == clean(text)
    assert opened(Sheet(text, text, Table((Column(text, 5),)), text, text, (text,), (text,), text)).sheetnames


def test_two_thousand_rows_are_written_within_two_seconds() -> None:
    rows = tuple(
        (n, f"Nhiệm vụ {n} " * 12, "Sở A", "Sở B; Sở C", date(2026, 1, 1), Fraction(n, 2000)) for n in range(2000)
    )
    begun = time.process_time()
    content = workbook([replace(FORM, table=Table(COLUMNS, rows))])
    assert time.process_time() - begun < 2
    assert len(CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()) > 2000
