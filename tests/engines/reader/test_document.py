"""Heads, bases, joins and closings of documents as they really are."""

import time
from collections.abc import Callable

import pytest

from hieuhoc.engines.reader import Reading, Source, read
from hieuhoc.engines.reader.bases import bases
from hieuhoc.engines.reader.joining import Passage, clean
from hieuhoc.engines.reader.marks import mark
from hieuhoc.engines.reader.source import Paragraph

Read = Callable[[str], Reading]

_PLAN = """ỦY BAN NHÂN DÂN
TỈNH AN GIANG
-------
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số:        /KH-UBND
An Giang, ngày       tháng      năm 2026
K Ế  H O Ạ C H
Xây dựng xã hội học tập
trên địa bàn tỉnh An Giang
Căn cứ Luật Giáo dục ngày 14/6/2019;
I. NHIỆM VỤ
1. Sở Y tế
Mở lớp tập huấn.
Nơi nhận:                                     TM. ỦY BAN NHÂN DÂN
- Bộ GDĐT;                                        KT. CHỦ TỊCH
- Lưu: VT.                                     PHÓ CHỦ TỊCH
                                              Nguyễn Thị Minh Thúy
"""


def test_blanks_stay_blank_and_spaced_words_close_up(read_text: Read) -> None:
    reading = read_text(_PLAN)
    assert (reading.kind, reading.number, reading.date) == ("Kế hoạch", None, None)
    assert (reading.issuer, reading.place) == ("Ủy ban nhân dân tỉnh An Giang", "An Giang")
    assert reading.title == "Xây dựng xã hội học tập trên địa bàn tỉnh An Giang"
    assert reading.recipients == ("Bộ GDĐT", "Lưu: VT")
    assert (reading.signer.name, reading.signer.position) == ("Nguyễn Thị Minh Thúy", "PHÓ CHỦ TỊCH")
    assert len(reading.notes) == 2


def test_a_decision_that_encloses_a_plan_keeps_its_own_head(read_text: Read) -> None:
    reading = read_text(
        "THỦ TƯỚNG CHÍNH PHỦ\nSố: 773 /QĐ-TTg\nHà Nội, ngày 26 tháng 0 6 năm 2018\nQUYẾT ĐỊNH\nBAN HÀNH "
        "KẾ HOẠCH CHĂM SÓC\n"
        "THỦ TƯỚNG CHÍNH PHỦ\nCăn cứ Luật Tổ chức Chính phủ ngày 19 tháng 6 năm 2015;\nQUYẾT ĐỊNH:\nĐiều "
        "1. Ban hành kèm theo Kế hoạch.\n"
        "Nơi nhận:\n- Ban Bí thư;\n- Lưu: VT.\nTHỦ TƯỚNG\nNguyễn Xuân Phúc\nKẾ HOẠCH\nCHĂM SÓC\nI. NHIỆM "
        "VỤ\n1. Bộ Y tế\n- Mở lớp."
    )
    assert (reading.kind, reading.number, str(reading.date)) == ("Quyết định", "773/QĐ-TTg", "2018-06-26")
    assert (reading.title, reading.level) == ("BAN HÀNH KẾ HOẠCH CHĂM SÓC", "trung ương")
    assert reading.signer.name == "Nguyễn Xuân Phúc"
    assert [(task.section, task.lead) for task in reading.tasks] == [("I.1", ("Bộ Y tế",))]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (
            "Căn cứ Quyết định số 489/QĐ-TTg ngày 08/4/2020 của Thủ tướng ban hành Kế hoạch thực hiện Kết "
            "luận số 49-KL/TW;",
            ["489/QĐ-TTg"],
        ),
        ("Căn cứ Luật A ngày 19/6/2015; Luật sửa đổi, bổ sung một số điều của Luật A ngày 22/11/2019;", [None, None]),
        (
            "Thực hiện Quyết định số 1/QĐ-TTg ngày 1/4/2021; Kế hoạch số 2-KH/TU ngày 2/5/2021, UBND tỉnh "
            "ban hành Kế hoạch số 3/KH-UBND:",
            ["1/QĐ-TTg", "2-KH/TU"],
        ),
        (
            "Theo đề nghị của Giám đốc Sở Giáo dục và Đào tạo tại Tờ trình số 107/TTr-SGDĐT ngày 09/8/2024.",
            ["107/TTr-SGDĐT"],
        ),
        ("Xét đề nghị của Bộ trưởng Bộ Y tế,", []),
    ],
)
def test_a_base_is_the_document_itself_and_not_what_its_title_cites(text: str, numbers: list[str | None]) -> None:
    assert [basis.number for basis in bases([Passage(text, ((0, 1, 1),))])] == numbers


def test_wrapped_lines_join_and_headings_do_not(read_wrapped: Read) -> None:
    reading = read_wrapped(
        "II. TỔ CHỨC\nTHỰC HIỆN\n1. Sở Lao động - Thương binh và\nXã hội\n- Chủ trì, phối hợp với các "
        "sở, ban, ngành, đoàn thể tỉnh và Ủy ban nhân\n"
        "dân các huyện, thành phố triển khai thực hiện Kế hoạch; định kỳ hàng năm báo\ncáo Ủy ban nhân "
        "dân tỉnh.\n12\n2. Sở Y tế\n"
        "Hàng năm bố trí kinh phí."
    )
    assert [section.heading for section in reading.sections] == [
        "TỔ CHỨC THỰC HIỆN", "Sở Lao động - Thương binh và Xã hội", "Sở Y tế",
    ]  # fmt: skip
    assert reading.tasks[0].coordinate[-1] == "Ủy ban nhân dân các huyện, thành phố"


def test_a_table_flattened_to_lines_gives_recipients_and_signer(read_text: Read) -> None:
    reading = read_text(
        "I. NHIỆM VỤ\n1. Sở Y tế\nMở lớp./.\n| Nơi nhận: - Bộ Y tế; - Như Điều 3 (thực hiện); - Lưu: VT. "
        "| KT. CHỦ TỊCH PHÓ CHỦ TỊCH Hoàng Việt Phương |\n|---|---|"
    )
    assert reading.recipients == ("Bộ Y tế", "Như Điều 3 (thực hiện)", "Lưu: VT")
    assert (reading.signer.name, reading.signer.position) == ("Hoàng Việt Phương", "PHÓ CHỦ TỊCH")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("II. NHIỆM VỤ", "II"),
        ("1. Sở Y tế", "1"),
        ("đ) Tỉnh đoàn", "đ"),
        ("2.1.a Rà soát", "2.1.a"),
        ("Điều 3. Chánh Văn phòng", "Điều 3"),
        ("Phần II KẾ HOẠCH", "Phần II"),
        ("b) 90% người dân", "b"),
        ("17/9/2020 là ngày", None),
        ("5-7 xã", None),
        ("Mục tiêu chung", None),
    ],
)
def test_marks_are_told_from_dates_and_words(text: str, label: str | None) -> None:
    found = mark(text)
    assert (found.label if found else None) == label


def test_emphasis_and_escapes_of_markdown_go() -> None:
    assert clean("**KT. CHỦ TỊCH") == "KT. CHỦ TỊCH"
    assert clean("1\\. **Phòng Kinh tế**") == "1. Phòng Kinh tế"
    assert clean("- a) Tham mưu") == "a) Tham mưu"
    assert clean("để giải quyết. / *Ullg*") == "để giải quyết."


def test_cost_grows_with_the_length_of_one_line() -> None:
    def seconds(times: int) -> float:
        line = "Phối hợp với các sở, ban, ngành thường xuyên " * times
        blocks = (Paragraph("I. NHIỆM VỤ", 1, 1), Paragraph(line, 2, 2))
        start = time.perf_counter()
        read(Source(("I. NHIỆM VỤ", line), blocks, "txt"))
        return time.perf_counter() - start

    seconds(10)
    assert seconds(4000) < 12 * max(seconds(1000), 0.02)
