"""PDF files: lines to paragraphs, tables over pages, and what is no text of the document."""

from pathlib import Path

from tests.factories.pdf_files import Sheet, pdf_file

from hieuhoc.engines.reader.loading import load
from hieuhoc.engines.reader.source import Paragraph, Source, Table

DOCUMENTS = Path(__file__).parents[3] / "fixtures/documents"
FULL = "Cac so ban nganh va Uy ban nhan dan cac huyen thanh pho to chuc thuc hien ke hoach"


def _texts(source: Source) -> list[str]:
    return [block.text for block in source.blocks if isinstance(block, Paragraph)]


def _body(sheet: Sheet, y: float, paragraphs: list[list[str]]) -> float:
    """Paragraphs with a first line indented by 36 points."""
    for lines in paragraphs:
        for place, line in enumerate(lines):
            sheet.write(85 if place else 121, y, line)
            y -= 18
    return y


def _plain(number: int) -> Sheet:
    """A page of four paragraphs of two full lines and a short one."""
    sheet = Sheet()
    _body(sheet, 760, [[f"{FULL} {number}", f"{FULL} lan hai", "va bao cao dung han."]] * 4)
    return sheet


def test_wrapped_lines_become_paragraphs_that_know_their_lines() -> None:
    source = load(pdf_file(_plain(1)), "a.pdf")
    assert _texts(source) == [f"{FULL} 1 {FULL} lan hai va bao cao dung han."] * 4
    assert [(block.first, block.last) for block in source.blocks] == [(1, 3), (4, 6), (7, 9), (10, 12)]
    assert source.wrapped


def test_a_paragraph_goes_on_over_the_page_and_page_numbers_are_left_out() -> None:
    first, second = _plain(1), Sheet()
    _body(first, 500, [[f"{FULL} phan dau", f"{FULL} con dang do"]])
    second.write(290, 800, "2")
    second.write(85, 760, "va tiep tuc o trang sau.")
    _body(second, 742, [[f"{FULL} moi", "het."]])
    texts = _texts(load(pdf_file(first, second), "a.pdf"))
    assert texts[4] == f"{FULL} phan dau {FULL} con dang do va tiep tuc o trang sau."
    assert texts[5:] == [f"{FULL} moi het."]


def test_running_heads_and_feet_are_left_out() -> None:
    sheets = [_plain(number) for number in (1, 2, 3, 4)]
    for number, sheet in enumerate(sheets, start=1):
        sheet.write(85, 815, "CONG BAO TINH So 12", 9).write(400, 25, f"Trang {number} / 4", 9)
    texts = " ".join(_texts(load(pdf_file(*sheets), "a.pdf")))
    assert "CONG BAO" not in texts
    assert "Trang" not in texts


def test_footnotes_and_their_marks_are_left_out() -> None:
    sheet = _plain(1)
    sheet.write(85, 400, "Giao cho 12 xa", 12).write(166, 405, "1", 7).write(171, 400, "thuoc huyen.", 12)
    sheet.write(85, 90, "1", 6).write(90, 86, "Xa Dong Thai, xa Tay Yen va cac xa khac", 9).write(
        85, 75, "cua huyen.", 9
    )
    texts = _texts(load(pdf_file(sheet), "a.pdf"))
    assert "Giao cho 12 xa thuoc huyen." in texts
    assert "Dong Thai" not in " ".join(texts)


def test_the_stamp_of_a_digital_signature_is_left_out_wherever_it_was_drawn() -> None:
    sheet = Sheet().write(400, 780, "Signed by: UY BAN NHAN DAN", 7).write(400, 772, "Email: ubnd@example.vn", 7)
    sheet.write(400, 764, "Date: 2024-03-12 08:00", 7)
    _body(sheet, 740, [[f"{FULL} 1", f"{FULL} lan hai", "va bao cao dung han."]] * 4)
    assert len(_texts(load(pdf_file(sheet), "a.pdf"))) == 4


def test_a_number_broken_at_its_hyphen_is_whole_and_its_paragraph_goes_on() -> None:
    sheet = _plain(1)
    _body(
        sheet,
        500,
        [
            [
                "Can cu Phap lenh uu dai nguoi co cong voi cach mang cua Uy ban va so 26/2005/PL-",
                "UBTVQH11 va cac van ban.",
            ]
        ],
    )
    text = _texts(load(pdf_file(sheet), "a.pdf"))[-1]
    assert (
        text
        == "Can cu Phap lenh uu dai nguoi co cong voi cach mang cua Uy ban va so 26/2005/PL-UBTVQH11 va cac van ban."
    )


def test_a_number_stamped_into_its_line_stands_where_it_is_seen() -> None:
    sheet = _plain(1)
    sheet.write(85, 300, "So:").write(140, 300, "/KH-UBND").write(110, 302, "144", 13)
    assert "So: 144 /KH-UBND" in _texts(load(pdf_file(sheet), "a.pdf"))


def test_a_list_keeps_its_items_apart_and_its_wrapped_lines_together() -> None:
    sheet = _plain(1)
    _body(sheet, 500, [["1. So Tai chinh"], [f"a) {FULL}", "- chu khong phai muc moi; het."], ["b) Bao cao."]] * 3)
    assert _texts(load(pdf_file(sheet), "a.pdf"))[4:7] == [
        "1. So Tai chinh", f"a) {FULL} - chu khong phai muc moi; het.", "b) Bao cao.",
    ]  # fmt: skip


def test_a_turned_page_is_read_like_an_upright_one() -> None:
    upright = load(pdf_file(_plain(1)), "a.pdf")
    for rotate in (0, 90):
        turned = _plain(1)
        turned.turned, turned.rotate = True, rotate
        assert load(pdf_file(turned), "a.pdf") == upright


def _table_pages() -> tuple[Sheet, Sheet]:
    xs = [85.0, 120.0, 330.0, 480.0]
    first, second = _plain(1), Sheet()
    first.grid(xs, [100.0, 160.0, 220.0, 260.0])
    first.write(90, 240, "TT").write(125, 240, "Nhiem vu").write(335, 240, "Chu tri")
    first.write(90, 200, "1").write(125, 200, "Ra soat danh sach").write(335, 200, "So Tai chinh")
    first.write(90, 140, "2").write(125, 140, "Tap huan can bo").write(125, 124, "lam cong tac").write(
        335, 140, "So Noi vu"
    )
    second.grid(xs, [600.0, 660.0, 720.0, 760.0])
    second.write(90, 740, "TT").write(125, 740, "Nhiem vu").write(335, 740, "Chu tri")
    second.write(125, 700, "khuyen hoc o co so")
    second.write(90, 640, "3").write(125, 640, "Bao cao ket qua").write(335, 640, "So Y te")
    second.write(121, 560, "Het.")
    return first, second


def test_a_table_over_two_pages_is_one_without_its_second_head() -> None:
    source = load(pdf_file(*_table_pages()), "a.pdf")
    (table,) = [block for block in source.blocks if isinstance(block, Table)]
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["TT", "Nhiem vu", "Chu tri"],
        ["1", "Ra soat danh sach", "So Tai chinh"],
        ["2", "Tap huan can bo lam cong tac khuyen hoc o co so", "So Noi vu"],
        ["3", "Bao cao ket qua", "So Y te"],
    ]
    assert _texts(source)[-1] == "Het."


def test_a_table_whose_lines_are_thin_bars_is_a_table_too() -> None:
    sheet = _plain(1).barred_grid([85.0, 120.0, 330.0, 480.0], [100.0, 160.0, 220.0, 260.0])
    sheet.write(90, 240, "TT").write(125, 240, "Nhiem vu").write(335, 240, "Chu tri")
    sheet.write(90, 200, "1").write(125, 200, "Ra soat").write(335, 200, "So Tai chinh")
    sheet.write(90, 140, "2").write(125, 140, "Tap huan").write(335, 140, "So Noi vu")
    (table,) = [block for block in load(pdf_file(sheet), "a.pdf").blocks if isinstance(block, Table)]
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["TT", "Nhiem vu", "Chu tri"], ["1", "Ra soat", "So Tai chinh"], ["2", "Tap huan", "So Noi vu"],
    ]  # fmt: skip


def test_a_line_of_a_cell_that_was_ended_early_ends_a_paragraph() -> None:
    sheet = _plain(1).grid([85.0, 200.0, 330.0, 480.0], [100.0, 220.0, 260.0])
    sheet.write(90, 240, "TT").write(205, 240, "Nhiem vu").write(335, 240, "Chu tri")
    sheet.write(90, 200, "1").write(205, 200, "Ra soat danh sach").write(205, 184, "nguoi hoc").write(
        335, 200, "So Y te"
    )
    sheet.write(335, 184, "So Giao duc va Dao tao").write(335, 168, "tinh Hai Giang")
    (table,) = [block for block in load(pdf_file(sheet), "a.pdf").blocks if isinstance(block, Table)]
    assert [cell.text for cell in table.rows[1]] == [
        "1", "Ra soat danh sach nguoi hoc", "So Y te\nSo Giao duc va Dao tao tinh Hai Giang",
    ]  # fmt: skip


def test_every_line_of_a_table_stands_in_the_source() -> None:
    source = load(pdf_file(*_table_pages()), "a.pdf")
    (table,) = [block for block in source.blocks if isinstance(block, Table)]
    for row in table.rows:
        for cell in row:
            assert " ".join(cell.text.split()) in " ".join(source.lines[cell.first - 1 : cell.last])


def test_the_real_plan_has_its_letterhead_its_recipients_and_its_signature_in_order() -> None:
    source = load((DOCUMENTS / "12-hanoi-qd2280-2026.pdf").read_bytes(), "a.pdf")
    texts = _texts(source)
    assert texts[:6] == [
        "ỦY BAN NHÂN DÂN", "THÀNH PHỐ HÀ NỘI", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
        "Số: /QĐ-UBND", "Hà Nội, ngày tháng năm 2026",
    ]  # fmt: skip
    start = texts.index("Nơi nhận:")
    assert texts[start + 1] == "- Đ/c Bí thư Thành ủy;"
    assert texts[start + 12 : start + 17] == [
        "- Lưu: VT, ĐTDG", "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Trương Việt Dũng",
    ]  # fmt: skip


def test_the_real_plan_has_no_page_number_no_footnote_and_no_broken_sentence() -> None:
    texts = _texts(load((DOCUMENTS / "12-hanoi-qd2280-2026.pdf").read_bytes(), "a.pdf"))
    assert not any(text.isdigit() for text in texts)
    assert not any("Phường Hoàn Kiếm: 01 điểm" in text for text in texts)
    assert not any(text[0].islower() and not text.startswith(("a.", "b.")) for text in texts)


def test_the_plan_as_pdf_has_the_table_of_the_plan_as_word() -> None:
    def table(name: str) -> list[list[str]]:
        source = load((DOCUMENTS / name).read_bytes(), name)
        (found,) = [block for block in source.blocks if isinstance(block, Table)]
        return [[" ".join(cell.text.split()) for cell in row] for row in found.rows]

    assert table("syn-ke-hoach-huyen-pdf.pdf") == table("syn-ke-hoach-huyen.docx")
