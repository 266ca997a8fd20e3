# ruff: noqa: E501 - pieces of XML are clearer whole
"""Word files: numbers, tables, changes, frames."""

from tests.factories.word_files import cell, in_list, level, lists, paragraph, table, word_file

from hieuhoc.engines.reader.loading import load
from hieuhoc.engines.reader.loading.numbering import written
from hieuhoc.engines.reader.source import Paragraph, Source, Table


def _load(body: str, **parts: str) -> Source:
    return load(word_file(body, **parts), "a.docx")


def _texts(source: Source) -> list[str]:
    return [block.text for block in source.blocks if isinstance(block, Paragraph)]


def _grid(source: Source) -> list[list[str]]:
    (found,) = [block for block in source.blocks if isinstance(block, Table)]
    return [[inner.text for inner in row] for row in found.rows]


FOUR = (
    level(0, "upperRoman", "%1.")
    + level(1, "decimal", "%2.")
    + level(2, "decimal", "%2.%3.")
    + level(3, "lowerLetter", "%4)")
    + level(4, "bullet", "-")
)


def test_numbers_are_written_as_word_prints_them() -> None:
    places = (0, 1, 2, 2, 3, 3, 4, 1, 2, 0, 1)
    body = "".join(paragraph("x", in_list(1, place)) for place in places)
    assert _texts(_load(body, numbering=lists(FOUR))) == [
        "I. x", "1. x", "1.1. x", "1.2. x", "a) x", "b) x", "- x", "2. x", "2.1. x", "II. x", "1. x",
    ]  # fmt: skip


def test_letters_go_on_as_word_has_them_without_vietnamese_ones() -> None:
    assert [written(value, "lowerLetter") for value in (4, 5, 26, 27)] == ["d", "e", "z", "aa"]
    assert [written(value, "upperRoman") for value in (4, 9, 40, 1994)] == ["IV", "IX", "XL", "MCMXCIV"]


def test_a_start_override_restarts_and_an_other_list_of_the_same_kind_goes_on() -> None:
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    body = "".join(paragraph("x", in_list(key, 0)) for key in (1, 1, 2, 2, 3))
    numbering = lists(level(0, "decimal", "%1)"), "", restart, "")
    assert _texts(_load(body, numbering=numbering)) == ["1) x", "2) x", "5) x", "6) x", "7) x"]


def test_a_level_that_never_restarts_counts_on() -> None:
    numbering = lists(level(0, "decimal", "Phần %1.") + level(1, "decimal", "Điều %2.", '<w:lvlRestart w:val="0"/>'))
    body = "".join(paragraph("x", in_list(1, place)) for place in (0, 1, 1, 0, 1))
    assert _texts(_load(body, numbering=numbering)) == ["Phần 1. x", "Điều 1. x", "Điều 2. x", "Phần 2. x", "Điều 3. x"]


def test_legal_numbering_shows_arabic_figures() -> None:
    numbering = lists(level(0, "upperRoman", "%1.") + level(1, "decimal", "%1.%2.", "<w:isLgl/>"))
    body = paragraph("x", in_list(1, 0)) + paragraph("x", in_list(1, 1))
    assert _texts(_load(body, numbering=numbering)) == ["I. x", "1.1. x"]


def test_a_style_carries_its_number_and_its_outline_level() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Muc"><w:name w:val="heading 2"/><w:pPr><w:numPr><w:numId w:val="1"/>'
        '</w:numPr><w:jc w:val="center"/></w:pPr><w:rPr><w:b/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Con"><w:name w:val="x"/><w:basedOn w:val="Muc"/></w:style>'
    )
    numbering = lists(level(0, "decimal", "%1.") + level(1, "lowerLetter", "%2)", '<w:pStyle w:val="Muc"/>'))
    body = paragraph("Sở Y tế", '<w:pStyle w:val="Muc"/>') + paragraph("Sở Nội vụ", '<w:pStyle w:val="Con"/>')
    first, second = _load(body, numbering=numbering, styles=styles).blocks
    assert isinstance(first, Paragraph)
    assert isinstance(second, Paragraph)
    assert (first.text, first.heading, first.bold, first.centred) == ("a) Sở Y tế", 2, True, True)
    assert second.heading == 2


def test_a_paragraph_may_leave_the_list_of_its_style() -> None:
    styles = '<w:style w:type="paragraph" w:styleId="M"><w:name w:val="m"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    body = paragraph("x", '<w:pStyle w:val="M"/><w:numPr><w:numId w:val="0"/></w:numPr>')
    assert _texts(_load(body, numbering=lists(FOUR), styles=styles)) == ["x"]


def test_cells_merged_sideways_and_downwards_stand_in_every_place() -> None:
    source = _load(
        table(
            cell("TT") + cell("Nhiệm vụ") + cell("Chủ trì"),
            cell("Nhóm 1", '<w:gridSpan w:val="3"/>'),
            cell("1") + cell("Rà soát") + cell("Sở Tài chính", '<w:vMerge w:val="restart"/>'),
            cell("2") + cell("Báo cáo") + cell("", "<w:vMerge/>"),
        )
    )
    assert _grid(source) == [
        ["TT", "Nhiệm vụ", "Chủ trì"],
        ["Nhóm 1"] * 3,
        ["1", "Rà soát", "Sở Tài chính"],
        ["2", "Báo cáo", "Sở Tài chính"],
    ]
    (found,) = source.blocks
    assert isinstance(found, Table)
    assert found.rows[3][2] is found.rows[2][2]
    assert (found.rows[3][2].row, found.rows[1][2].column) == (2, 0)


def test_rows_that_begin_late_are_filled_and_nested_tables_are_part_of_their_cell() -> None:
    nested = f"<w:tc>{paragraph('ngoài')}{table(cell('trong 1') + cell('trong 2'))}{paragraph('')}</w:tc>"
    late = f'<w:tr><w:trPr><w:gridBefore w:val="1"/></w:trPr>{cell("b")}</w:tr>'
    body = f"<w:tbl><w:tr>{cell('a')}{nested}</w:tr>{late}</w:tbl>"
    assert _grid(_load(body)) == [["a", "ngoài\ntrong 1\ntrong 2"], ["", "b"]]


def test_every_paragraph_of_a_cell_has_a_line_of_its_own() -> None:
    body = (
        paragraph("Trước")
        + f"<w:tbl><w:tr>{cell('a')}<w:tc>{paragraph('b')}{paragraph('c')}</w:tc></w:tr><w:tr>{cell('d')}{cell('e')}</w:tr></w:tbl>"
    )
    source = _load(body)
    assert source.lines == ("Trước", "a", "b", "c", "d", "e")
    found = source.blocks[1]
    assert isinstance(found, Table)
    assert (found.rows[0][1].first, found.rows[0][1].last, found.first, found.last) == (3, 4, 2, 6)


def test_a_letterhead_table_becomes_lines_left_before_right() -> None:
    left = f"<w:tc>{paragraph('ỦY BAN NHÂN DÂN')}{paragraph('TỈNH X')}</w:tc>"
    right = f"<w:tc>{paragraph('CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM')}</w:tc>"
    body = f"<w:tbl><w:tr>{left}{right}</w:tr><w:tr>{cell('Số: 1/KH')}{cell('X, ngày 1')}</w:tr></w:tbl>"
    assert _texts(_load(body)) == [
        "ỦY BAN NHÂN DÂN", "TỈNH X", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Số: 1/KH", "X, ngày 1",
    ]  # fmt: skip


def test_a_table_of_one_cell_is_a_frame_around_text() -> None:
    body = f"<w:tbl><w:tr><w:tc>{paragraph('x', in_list(1, 0))}{table(cell('1') + cell('2'), cell('3') + cell('4'))}</w:tc></w:tr></w:tbl>"
    source = _load(body + paragraph("x", in_list(1, 0)), numbering=lists(FOUR))
    assert _texts(source) == ["I. x", "II. x"]
    assert _grid(source) == [["1", "2"], ["3", "4"]]


def test_insertions_stay_and_deletions_go() -> None:
    body = (
        "<w:p><w:r><w:t>Giao </w:t></w:r><w:del><w:r><w:delText>Sở Y tế</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>Sở Nội vụ</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>đi</w:t></w:r></w:moveFrom></w:p>"
        f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr>{cell('bỏ')}{cell('bỏ')}</w:tr><w:tr>{cell('a')}{cell('b')}</w:tr></w:tbl>"
    )
    source = _load(body)
    assert _texts(source) == ["Giao Sở Nội vụ"]
    assert _grid(source) == [["a", "b"]]


def test_a_paragraph_deleted_with_its_mark_takes_no_number() -> None:
    gone = f"<w:p><w:pPr>{in_list(1, 1)}<w:rPr><w:del/></w:rPr></w:pPr><w:del><w:r><w:delText>x</w:delText></w:r></w:del></w:p>"
    body = paragraph("x", in_list(1, 1)) + gone + paragraph("y", in_list(1, 1))
    assert _texts(_load(body, numbering=lists(FOUR))) == ["1. x", "2. y"]


def test_fields_show_their_result_and_footnotes_and_hidden_text_nothing() -> None:
    body = (
        '<w:p><w:r><w:t>Trang </w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText>'
        '</w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/>'
        '</w:r><w:r><w:footnoteReference w:id="2"/></w:r><w:r><w:rPr><w:vanish/></w:rPr><w:t>ẩn</w:t></w:r>'
        "<w:hyperlink><w:r><w:t> xem</w:t></w:r></w:hyperlink><w:smartTag><w:r><w:t> thêm</w:t></w:r></w:smartTag></w:p>"
    )
    assert _texts(_load(body)) == ["Trang 7 xem thêm"]


def test_a_soft_line_break_begins_a_new_line_and_a_tab_is_a_space() -> None:
    body = "<w:p><w:r><w:t>Nơi nhận:</w:t><w:br/><w:t>-</w:t><w:tab/><w:t>Như trên</w:t><w:noBreakHyphen/><w:t>X</w:t></w:r></w:p>"
    assert _texts(_load(body)) == ["Nơi nhận:", "- Như trên-X"]


def test_content_controls_are_opened() -> None:
    body = f"<w:sdt><w:sdtContent>{paragraph('a')}</w:sdtContent></w:sdt><w:p><w:sdt><w:sdtContent><w:r><w:t>b</w:t></w:r></w:sdtContent></w:sdt></w:p>"
    assert _texts(_load(body)) == ["a", "b"]


def test_a_text_box_is_read_once_after_its_paragraph() -> None:
    box = f"<w:txbxContent>{paragraph('trong khung')}</w:txbxContent>"
    body = (
        '<w:p><w:r><w:t>ngoài</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:wsp>'
        f"<wps:txbx>{box}</wps:txbx></wps:wsp></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{box}"
        "</v:textbox></v:shape></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert _texts(_load(body)) == ["ngoài", "trong khung"]


def test_capitals_by_format_are_written_as_capitals() -> None:
    body = "<w:p><w:r><w:rPr><w:caps/></w:rPr><w:t>Kế hoạch</w:t></w:r></w:p>"
    assert _texts(_load(body)) == ["KẾ HOẠCH"]


def test_legacy_fonts_are_turned() -> None:
    body = '<w:p><w:r><w:rPr><w:rFonts w:ascii=".VnTime"/></w:rPr><w:t>Céng hoµ x· héi chñ nghÜa ViÖt Nam</w:t></w:r></w:p>'
    source = _load(body)
    assert _texts(source) == ["Cộng hoà xã hội chủ nghĩa Việt Nam"]
    assert source.encoding == "tcvn3"
