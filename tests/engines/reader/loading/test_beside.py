"""Letterheads and signatures set with tabs or spaces."""

from tests.factories.word_files import word_file

from hieuhoc.engines.reader.loading import load
from hieuhoc.engines.reader.source import Paragraph

LETTER = """   ỦY BAN NHÂN DÂN                 CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
  HUYỆN THẠNH LỢI                      Độc lập - Tự do - Hạnh phúc
                                        ----------
  Số: 12/KH-UBND                 Thạnh Lợi, ngày 3 tháng 4 năm 2019

                     KẾ HOẠCH
       Xây dựng xã hội học tập

1. Sở Nội vụ tổ chức   thi tuyển.

                                  TM. ỦY BAN NHÂN DÂN
Nơi nhận:                           KT. CHỦ TỊCH
- Sở Nội vụ;                        PHÓ CHỦ TỊCH
- Lưu: VT.

                                   Trần Văn Bình
"""

ORDER = [
    ("ỦY BAN NHÂN DÂN", 1), ("HUYỆN THẠNH LỢI", 2), ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 1),
    ("Độc lập - Tự do - Hạnh phúc", 2), ("Số: 12/KH-UBND", 4), ("Thạnh Lợi, ngày 3 tháng 4 năm 2019", 4),
    ("KẾ HOẠCH", 6), ("Xây dựng xã hội học tập", 7), ("1. Sở Nội vụ tổ chức thi tuyển.", 9), ("Nơi nhận:", 12),
    ("- Sở Nội vụ;", 13), ("- Lưu: VT.", 14), ("TM. ỦY BAN NHÂN DÂN", 11), ("KT. CHỦ TỊCH", 12), ("PHÓ CHỦ TỊCH", 13),
    ("Trần Văn Bình", 16),
]  # fmt: skip


def test_columns_made_of_spaces_are_read_one_after_the_other() -> None:
    blocks = load(LETTER.encode(), "a.txt").blocks
    assert [(block.text, block.first) for block in blocks if isinstance(block, Paragraph)] == ORDER


def test_columns_made_of_tabs_in_word_are_read_one_after_the_other() -> None:
    lines = (
        ("ỦY BAN NHÂN DÂN", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), ("HUYỆN THẠNH LỢI", "Độc lập - Tự do - Hạnh phúc"),
        ("Số: 12/KH-UBND", "Thạnh Lợi, ngày 3 tháng 4 năm 2019"), ("KẾ HOẠCH",), ("1.", "Sở Nội vụ tổ chức thi tuyển."),
        ("Nơi nhận:", "KT. CHỦ TỊCH"), ("- Sở Nội vụ;", "PHÓ CHỦ TỊCH"), ("- Lưu: VT.", "Trần Văn Bình"),
    )  # fmt: skip
    body = "".join(
        "<w:p><w:r>" + "<w:tab/>".join(f"<w:t>{part}</w:t>" for part in line) + "</w:r></w:p>" for line in lines
    )
    assert [block.text for block in load(word_file(body), "a.docx").blocks if isinstance(block, Paragraph)] == [
        "ỦY BAN NHÂN DÂN", "HUYỆN THẠNH LỢI", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
        "Số: 12/KH-UBND", "Thạnh Lợi, ngày 3 tháng 4 năm 2019", "KẾ HOẠCH", "1. Sở Nội vụ tổ chức thi tuyển.",
        "Nơi nhận:", "- Sở Nội vụ;", "- Lưu: VT.", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Trần Văn Bình",
    ]  # fmt: skip


def test_a_letterhead_without_columns_is_left_as_it_is() -> None:
    text = "ỦY BAN NHÂN DÂN\nCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nSố: 1/KH\n\nNơi nhận:\n- Như trên;\nCHỦ TỊCH\n"
    texts = [block.text for block in load(text.encode(), "a.txt").blocks if isinstance(block, Paragraph)]
    assert texts == [line for line in text.split("\n") if line]
