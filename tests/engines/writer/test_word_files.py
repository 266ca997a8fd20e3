"""Word files are opened again and compared with what the decree prescribes."""

import io
import time
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from itertools import pairwise
from typing import Any

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph as WordParagraph
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from hieuhoc.engines.writer import Annex, Column, Heading, Paper, Paragraph, Signature, Table, word
from hieuhoc.engines.writer.texts import clean

SIGNER = Signature("TM. Ủy ban nhân dân", "KT. Chủ tịch\nPhó Chủ tịch", "Mai Văn Huỳnh")
COLUMNS = (
    Column("TT", 10, "centre"),
    Column("Nhiệm vụ", 90),
    Column("Chủ trì", 40, group="Cơ quan thực hiện"),
    Column("Phối hợp", 40, group="Cơ quan thực hiện"),
    Column("Tiến độ", 20, "right"),
)
TASKS = Table(
    COLUMNS,
    (
        Heading("I. Tuyên truyền"),
        (1, "Mở chuyên mục", "Đài PT-TH", None, Fraction(1, 2)),
        (2, "Báo cáo", "Sở A", "Sở B", None),
    ),
    number_row=True,
)
ANNEX = Annex("Phân công nhiệm vụ", (TASKS,), number=2, reference="(Kèm theo Kế hoạch số 144/KH-UBND)", signer=SIGNER)
PLAN = Paper(
    superior="Hội đồng A",
    issuer="Ủy ban nhân dân tỉnh Kiên Giang",
    place="Kiên Giang",
    number="144/KH-UBND",
    day=date(2020, 9, 17),
    kind="Kế hoạch",
    subject="Xây dựng xã hội học tập",
    bases=("Căn cứ Luật Giáo dục", "Căn cứ Quyết định số 489/QĐ-TTg."),
    blocks=(Heading("I. Mục đích"), Heading("1. Yêu cầu", 2), Paragraph("Một."), TASKS, Paragraph("Hai.")),
    recipients=("Thường trực Tỉnh ủy", "Lưu: VT"),
    signer=SIGNER,
)


def opened(paper: Paper | Annex) -> Any:
    return docx.Document(io.BytesIO(word(paper)))


def in_style(document: Any, name: str) -> list[str]:
    """The texts in a style, those in tables too."""
    found = []
    for paragraph in document.element.body.iter(qn("w:p")):
        one = WordParagraph(paragraph, document)
        if one.style is not None and one.style.name == name:
            found.append(one.text)
    return found


def test_the_page_is_a4_with_the_margins_of_the_decree() -> None:
    section = opened(PLAN).sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    low = (20, 20, 30, 15)
    high = (25, 25, 35, 20)
    assert all(
        Mm(least - 0.1) <= margin <= Mm(most + 0.1) for least, margin, most in zip(low, margins, high, strict=True)
    )


def test_pages_are_numbered_in_the_top_margin_but_not_the_first() -> None:
    section = opened(PLAN).sections[0]
    assert section.different_first_page_header_footer
    number = section.header.paragraphs[0]
    assert number._p.find(qn("w:fldSimple")).get(qn("w:instr")).strip() == "PAGE"
    assert number.style.paragraph_format.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert Pt(13) <= number.style.font.size <= Pt(14)


@pytest.mark.parametrize(
    ("style", "low", "high", "bold", "italic"),
    [
        ("Quốc hiệu", 12, 13, True, None),
        ("Tiêu ngữ", 13, 14, True, None),
        ("Cơ quan chủ quản", 12, 13, None, None),
        ("Cơ quan ban hành", 12, 13, True, None),
        ("Số, ký hiệu", 13, 13, None, None),
        ("Địa danh, thời gian", 13, 14, None, True),
        ("Title", 13, 14, True, None),
        ("Subtitle", 13, 14, True, None),
        ("Trích yếu công văn", 12, 13, None, None),
        ("Căn cứ", 13, 14, None, True),
        ("Body Text", 13, 14, None, None),
        ("Quyền hạn, chức vụ", 13, 14, True, None),
        ("Người ký", 13, 14, True, None),
        ("Nơi nhận", 12, 12, True, True),
        ("Nơi nhận - danh sách", 11, 11, None, None),
        ("Phụ lục", 14, 14, True, None),
        ("Tiêu đề phụ lục", 13, 14, True, None),
        ("Kèm theo", 13, 14, None, True),
        ("Bảng - chữ", 10, 12, None, None),
    ],
)
def test_every_component_has_a_style_of_the_prescribed_type(
    style: str, low: int, high: int, bold: bool | None, italic: bool | None
) -> None:
    font = opened(PLAN).styles[style].font
    assert Pt(low) <= font.size <= Pt(high)
    assert (font.bold, font.italic) == (bold, italic)


def test_everything_is_in_times_new_roman_and_in_vietnamese() -> None:
    with zipfile.ZipFile(io.BytesIO(word(PLAN))) as parts:
        styles = etree.fromstring(parts.read("word/styles.xml"))
        body = etree.fromstring(parts.read("word/document.xml"))
    (fonts,) = styles.iter(qn("w:rFonts"))
    assert {fonts.get(qn(f"w:{kind}")) for kind in ("ascii", "hAnsi", "eastAsia", "cs")} == {"Times New Roman"}
    assert next(styles.iter(qn("w:lang"))).get(qn("w:val")) == "vi-VN"
    assert not list(body.iter(qn("w:rFonts")))
    assert not list(body.iter(qn("w:sz"))), "sizes come from styles alone"


def test_the_body_is_justified_indented_and_spaced() -> None:
    layout = opened(PLAN).styles["Body Text"].paragraph_format
    assert layout.alignment == WD_ALIGN_PARAGRAPH.JUSTIFY
    assert layout.first_line_indent.mm == pytest.approx(12.7, abs=0.1)
    assert layout.space_after >= Pt(6)
    assert 1 <= layout.line_spacing <= 1.5


def test_the_letterhead_says_who_where_and_when() -> None:
    document = opened(PLAN)
    assert in_style(document, "Quốc hiệu") == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]
    assert in_style(document, "Tiêu ngữ") == ["Độc lập - Tự do - Hạnh phúc"]
    assert in_style(document, "Cơ quan chủ quản") == ["HỘI ĐỒNG A"]
    assert in_style(document, "Cơ quan ban hành") == ["ỦY BAN NHÂN DÂN\nTỈNH KIÊN GIANG"]
    assert in_style(document, "Số, ký hiệu") == ["Số: 144/KH-UBND"]
    assert in_style(document, "Địa danh, thời gian") == ["Kiên Giang, ngày 17 tháng 9 năm 2020"]
    assert in_style(document, "Title") == ["KẾ HOẠCH"]
    assert in_style(document, "Subtitle") == ["Xây dựng xã hội học tập"]


def rules_mm(document: Any) -> list[float]:
    """The lengths of the lines in the letterhead, from their indents."""
    lengths = []
    for holder in document.tables[0].rows[0].cells:
        for paragraph in holder.paragraphs:
            if paragraph._p.pPr.find(qn("w:pBdr")) is not None:
                layout = paragraph.paragraph_format
                lengths.append(holder.width.mm - layout.left_indent.mm - layout.right_indent.mm)
    return lengths


def test_the_line_under_the_motto_is_as_long_as_the_motto_and_the_issuers_a_third_to_a_half() -> None:
    issuer, motto = rules_mm(opened(replace(PLAN, issuer="Ủy ban nhân dân")))
    assert motto == pytest.approx(60.4, abs=0.5)
    assert 43.0 / 3 <= issuer <= 43.0 / 2


def test_the_country_fits_on_one_line_in_both_directions() -> None:
    for landscape in (False, True):
        table = opened(replace(PLAN, landscape=landscape)).tables[0]
        assert table.cell(0, 1).width.mm >= 95.5


def test_bases_are_in_italics_and_end_as_a_list() -> None:
    assert in_style(opened(PLAN), "Căn cứ") == ["Căn cứ Luật Giáo dục;", "Căn cứ Quyết định số 489/QĐ-TTg."]


def test_the_last_paragraph_alone_ends_with_the_mark() -> None:
    assert in_style(opened(PLAN), "Body Text") == ["Một.", "Hai./."]


def test_a_paragraph_may_be_bold_italic_or_set_to_a_side_and_keeps_tabs_and_breaks() -> None:
    document = opened(
        replace(PLAN, blocks=(Paragraph("Một\thai\n ba ", "centre", bold=True, italic=True), *PLAN.blocks))
    )
    first = next(one for one in document.paragraphs if one.style.name == "Body Text")
    assert first.text == "Một\thai\n ba "
    assert first.alignment == WD_ALIGN_PARAGRAPH.CENTER
    assert first.paragraph_format.first_line_indent == 0
    assert all(run.bold and run.italic for run in first.runs)


def test_recipients_and_signer_stand_side_by_side() -> None:
    left, right = opened(PLAN).tables[-1].rows[0].cells
    assert [p.text for p in left.paragraphs] == ["Nơi nhận:", "- Thường trực Tỉnh ủy;", "- Lưu: VT."]
    assert [p.text for p in right.paragraphs] == ["TM. ỦY BAN NHÂN DÂN\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH", "Mai Văn Huỳnh"]


def test_headings_are_real_headings_and_the_first_level_is_in_capitals() -> None:
    document = opened(replace(PLAN, blocks=(Heading("Phần I\nQuy định chung", 0), *PLAN.blocks)))
    assert in_style(document, "Heading 1") == ["Phần I\nQUY ĐỊNH CHUNG"]
    assert in_style(document, "Heading 2") == ["I. MỤC ĐÍCH"]
    assert in_style(document, "Heading 3") == ["1. Yêu cầu"]


def test_an_official_letter_has_its_subject_under_the_number() -> None:
    document = opened(replace(PLAN, kind="", addressed_to=("Sở A", "Sở B")))
    assert document.tables[0].cell(1, 0).text == "Số: 144/KH-UBND\nV/v Xây dựng xã hội học tập"
    assert [text for text in in_style(document, "Kính gửi") if text] == ["Kính gửi:", "- Sở A;", "- Sở B."]
    assert in_style(document, "Title") == []


def test_one_addressee_stands_on_the_line_itself() -> None:
    assert in_style(opened(replace(PLAN, addressed_to=("Tỉnh ủy",))), "Kính gửi") == ["Kính gửi: Tỉnh ủy"]


def test_titles_are_repeated_rows_unbroken_and_every_cell_has_a_width() -> None:
    (table,) = opened(replace(ANNEX, signer=None)).tables
    repeated = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert repeated == [True, True, True, False, False, False]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    for row in table._tbl.tr_lst:
        widths = [int(cell.tcPr.find(qn("w:tcW")).get(qn("w:w"))) for cell in row.tc_lst]
        assert sum(widths) == pytest.approx((297 - 45) * 1440 / 25.4, abs=5)


def test_common_titles_cover_their_columns_and_lone_titles_both_rows() -> None:
    table = opened(ANNEX).tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["TT", "Nhiệm vụ", *["Cơ quan thực hiện"] * 2, "Tiến độ"]
    assert [cell.text for cell in table.rows[1].cells] == ["TT", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Tiến độ"]
    assert [cell.text for cell in table.rows[2].cells] == ["(1)", "(2)", "(3)", "(4)", "(5)"]


def test_a_heading_spans_the_table_and_values_are_written_in_words() -> None:
    table = opened(ANNEX).tables[0]
    assert len({id(cell._tc) for cell in table.rows[3].cells}) == 1
    assert table.rows[3].cells[0].text == "I. Tuyên truyền"
    assert [cell.text for cell in table.rows[4].cells] == ["1", "Mở chuyên mục", "Đài PT-TH", "", "50%"]


def test_the_last_rows_stay_with_the_signature() -> None:
    rows = opened(ANNEX).tables[0].rows
    kept = [all(p.paragraph_format.keep_with_next for cell in row.cells for p in cell.paragraphs) for row in rows]
    assert kept[-2:] == [True, True]


def test_an_annex_alone_is_landscape_and_says_what_it_belongs_to() -> None:
    document = opened(ANNEX)
    (section,) = document.sections
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    assert in_style(document, "Phụ lục") == ["Phụ lục II"]
    assert in_style(document, "Tiêu đề phụ lục") == ["PHÂN CÔNG NHIỆM VỤ"]
    assert in_style(document, "Kèm theo") == ["(Kèm theo Kế hoạch số 144/KH-UBND)"]


def test_a_lone_annex_has_no_number_and_an_electronic_one_no_reference() -> None:
    document = opened(replace(ANNEX, number=None, reference=""))
    assert in_style(document, "Phụ lục") == ["Phụ lục"]
    assert in_style(document, "Kèm theo") == []


def test_every_annex_of_a_paper_has_its_own_pages() -> None:
    document = opened(replace(PLAN, annexes=(replace(ANNEX, number=1), ANNEX)))
    assert [round(section.page_width.mm) for section in document.sections] == [210, 297, 297]
    for section in document.sections:
        assert section._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"
        assert section.different_first_page_header_footer


def test_tables_never_touch_or_word_would_join_them() -> None:
    document = opened(replace(PLAN, blocks=(TASKS, TASKS)))
    names = [child.tag for child in document.element.body]
    assert not any(one == other == qn("w:tbl") for one, other in pairwise(names))


def test_the_same_paper_gives_the_same_bytes_and_properties_come_from_the_caller() -> None:
    assert word(PLAN) == word(replace(PLAN))
    moment = datetime(2026, 9, 5, 8, 30, tzinfo=UTC)
    properties = docx.Document(io.BytesIO(word(PLAN, written_at=moment))).core_properties
    assert properties.title == "Kế hoạch Xây dựng xã hội học tập"
    assert properties.author == "Ủy ban nhân dân tỉnh Kiên Giang"
    assert properties.language == "vi-VN"
    assert properties.created == moment


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(), max_size=60), st.text(st.characters(), max_size=60))
def test_any_text_goes_in_and_comes_out_again(text: str, cell: str) -> None:
    table = Table((Column(text, 10), Column("B", 20, "both")), (Heading(cell), (cell, text)))
    paper = Paper(
        text, text, text, text, (Paragraph(text), table, Heading(text, 3)), text, text, None, (text,), (text,)
    )
    document = opened(replace(paper, recipients=(text, text), signer=Signature(text, text, text)))
    assert clean(text) in in_style(document, "Body Text")
    assert in_style(document, "Bảng - chữ")[:2] == [clean(cell), clean(text)]
    assert in_style(document, "Bảng - mục") == [clean(cell)]
    assert in_style(document, "Người ký") == [clean(text)]


def test_two_thousand_rows_are_written_within_a_second() -> None:
    rows = [
        (n, f"Nhiệm vụ số {n} về xây dựng xã hội học tập", "Sở A", "Sở B; Sở C", Fraction(n, 2000)) for n in range(2000)
    ]
    annex = replace(ANNEX, blocks=(Table(COLUMNS, tuple(rows)),))
    begun = time.process_time()
    content = word(annex)
    assert time.process_time() - begun < 1
    assert len(docx.Document(io.BytesIO(content)).tables[0]._tbl.tr_lst) == 2002
