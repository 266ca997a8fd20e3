"""How often, and by when."""

from datetime import date

import pytest

from hieuhoc.engines.reader.deadlines import deadline, deadline_in_label
from hieuhoc.engines.reader.recurrence import recurrence, recurrence_in_label


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Hàng năm, căn cứ khả năng cân đối ngân sách tham mưu bố trí kinh phí", "hằng năm"),
        ("Hằng năm, bố trí ngân sách", "hằng năm"),
        ("định kỳ báo cáo UBND tỉnh theo yêu cầu.", "định kỳ"),
        ("thường xuyên cập nhật chương trình", "thường xuyên"),
        ("xây dựng chuyên mục thường xuyên tuyên truyền về khuyến học", "thường xuyên"),
        ("Định kỳ 6 tháng, hằng năm tổng hợp báo cáo", "6 tháng"),
        ("kiểm tra 3 tháng một lần", "3 tháng"),
        ("Định kỳ hằng quý báo cáo trước ngày 20 tháng cuối quý", "hằng quý"),
        ("các trung tâm Giáo dục thường xuyên củng cố tổ chức", None),
        ("đưa vào kế hoạch hàng năm của mỗi đơn vị", None),
        ("đưa các chỉ tiêu vào kế hoạch phát triển kinh tế - xã hội hàng năm của địa phương", None),
        ("bồi dưỡng chính trị hằng năm tại trường Chính trị tỉnh", None),
        ("từ nguồn hỗ trợ chi thường xuyên", None),
        ("vận động người dân học tập thường xuyên, suốt đời", None),
        ("đặt hàng nhiệm vụ khoa học và công nghệ hằng năm", None),
    ],
)
def test_only_an_adverb_of_the_order_says_how_often(text: str, value: str | None) -> None:
    assert recurrence(text)[0] == value


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("hoàn thành trước ngày 15/12/2026", date(2026, 12, 15)),
        ("gửi trước ngày 15 tháng 12 năm 2026", date(2026, 12, 15)),
        ("trình Thủ tướng Chính phủ trong quý 1/2019", date(2019, 3, 31)),
        ("hoàn thành trong Quý I/2027", date(2027, 3, 31)),
        ("hoàn thành trong tháng 6/2024", date(2024, 6, 30)),
        ("hỗ trợ nhà ở đến hết năm 2025", date(2025, 12, 31)),
        ("Năm 2018, hoàn thành việc hỗ trợ", date(2018, 12, 31)),
        ("Đề án “Đẩy mạnh học tập suốt đời đến năm 2020”", None),
        ("triển khai giai đoạn 2012-2020", None),
        ("thực hiện Đề án tìm kiếm từ nay đến năm 2020", None),
    ],
)
def test_a_deadline_is_no_part_of_a_name(text: str, day: date | None) -> None:
    assert deadline(text)[0] == day


def test_a_deadline_of_every_quarter_has_words_and_no_date() -> None:
    assert deadline("báo cáo trước ngày 20 tháng cuối quý")[:2] == (None, "trước ngày 20 tháng cuối quý")


def test_a_label_may_give_a_bare_time() -> None:
    assert deadline_in_label("Quý II/2026")[0] == date(2026, 6, 30)
    assert deadline_in_label("2026")[0] == date(2026, 12, 31)
    assert deadline_in_label("Từ năm 2013 đến năm 2020 và tiếp theo")[0] is None
    assert recurrence_in_label("6 tháng, hằng năm và định kỳ")[0] == "6 tháng"
