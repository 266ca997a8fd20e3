"""Text files and Markdown."""

from hieuhoc.engines.reader.loading import load
from hieuhoc.engines.reader.source import Paragraph, Source, Table


def _load(text: str, name: str = "a.txt") -> Source:
    return load(text.encode(), name)


def test_a_line_is_a_paragraph_with_the_number_of_its_line_in_the_file() -> None:
    source = _load("\n\nKẾ HOẠCH\r\n\r\nI. MỤC ĐÍCH\n")
    assert [(block.first, block.last) for block in source.blocks] == [(3, 3), (5, 5)]
    assert source.lines == ("", "", "KẾ HOẠCH", "", "I. MỤC ĐÍCH")


def test_markdown_marks_are_left_out() -> None:
    source = _load("## II. NHIỆM VỤ ##\n**KT. CHỦ TỊCH**\n* Sở Tài chính\n- Sở Nội vụ\n", "a.md")
    texts = [block.text for block in source.blocks if isinstance(block, Paragraph)]
    assert texts == ["II. NHIỆM VỤ", "KT. CHỦ TỊCH", "- Sở Tài chính", "- Sở Nội vụ"]
    assert isinstance(source.blocks[0], Paragraph)
    assert source.blocks[0].heading == 2
    assert source.format == "md"


def test_links_slanted_type_and_backslashes_of_markdown_are_left_out() -> None:
    source = _load("1\\. *Sở Tài chính* xem [Kế hoạch](https://x.vn/a) \\- mục 2\n\n> ghi chú\n", "a.md")
    assert source.lines[:3] == ("1. Sở Tài chính xem Kế hoạch - mục 2", "", "ghi chú")
    assert _load("*Ullg* 1\\. a").lines == ("*Ullg* 1\\. a",)


def test_bars_make_a_table_and_short_rows_are_filled() -> None:
    source = _load(
        "| TT | Nhiệm vụ | Chủ trì |\n|---|:--:|---|\n| 1 | Rà soát<br>sổ sách | Sở Tài chính |\n| 2 | Báo cáo |\n"
    )
    (table,) = source.blocks
    assert isinstance(table, Table)
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["TT", "Nhiệm vụ", "Chủ trì"],
        ["1", "Rà soát sổ sách", "Sở Tài chính"],
        ["2", "Báo cáo", ""],
    ]
    assert (table.rows[1][1].first, table.last) == (3, 4)


def test_a_letterhead_and_a_signature_in_bars_become_lines() -> None:
    source = _load(
        "| ỦY BAN NHÂN DÂN TỈNH X ------- | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc ------ |\n"
        "|---|---|\n| Số: 1/KH-UBND | X, ngày 1 tháng 2 năm 2024 |\n\nNội dung.\n\n"
        "| Nơi nhận: - Như trên; - Lưu: VT. | CHỦ TỊCH Trần Văn A |\n|---|---|\n"
    )
    assert all(isinstance(block, Paragraph) for block in source.blocks)
    assert source.blocks[0].text == "ỦY BAN NHÂN DÂN TỈNH X"  # type: ignore[union-attr] # all are paragraphs
    assert source.blocks[3].first == 3


def test_drawn_lines_leave_no_paragraph() -> None:
    assert len(_load("TỈNH ỦY X\n-------\n*\n_____\nSố 5\n").blocks) == 2


def test_lines_broken_by_a_typist_are_told() -> None:
    broken = (
        "Các sở, ban, ngành, đoàn thể và Ủy ban nhân dân các huyện, thành phố tích\ncực phối hợp với các cơ quan\n" * 12
    )
    assert _load(broken).wrapped
    assert not _load("Một dòng là một đoạn đầy đủ.\nĐoạn sau cũng vậy.\n" * 12).wrapped


def test_unseen_marks_are_left_out_and_spaces_made_plain() -> None:
    assert _load("\ufeffSố:\u00a012\u200b/KH\u00adUB\tngày").lines == ("Số: 12/KHUB ngày",)
