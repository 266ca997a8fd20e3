"""Semicolons and full stops that cut, and those that do not."""

import pytest

from hieuhoc.engines.reader.clauses import clauses

CUT = [
    ("Mở lớp cho người lớn; kịp thời kiện toàn Ban Chỉ đạo.", 2),
    ("Nâng cao chất lượng; đa dạng hóa các hình thức học tập.", 2),
    ("Bố trí đủ kinh phí cho trung tâm. rà soát và bổ sung chính sách.", 2),
    ("Xây dựng mô hình trong lực lượng vũ trang... Tiếp tục củng cố tổ chức Hội.", 2),
    ("Tuyên truyền sâu rộng; các tổ chức thành viên tăng cường các hoạt động.", 2),
    ("Xây dựng kế hoạch; Khắc phục điểm ngẽn; Tăng cường duy tu.", 3),
    ("Chủ trì triển khai; định kỳ 6 tháng báo cáo UBND huyện.", 2),
]
WHOLE = [
    "Biểu dương những cá nhân học giỏi; những đơn vị có nhiều đóng góp.",
    "Gắn kết giữa giáo dục chính quy với giáo dục thường xuyên; giữa nhà trường với gia đình.",
    "Các trường đại học trên địa bàn tỉnh; Trung tâm Giáo dục thường xuyên tỉnh củng cố tổ chức.",
    "Gắn các phong trào với khuyến học; đặc biệt gắn với việc học tập và làm theo Bác.",
    "Trực tiếp chỉ đạo Phòng Giáo dục và Đào tạo các huyện; các trường phổ thông trực thuộc trong "
    "việc tổ chức thực hiện.",
    "Vận động Hội Phụ nữ tỉnh,... tham gia học tập, văn hóa...",
    "Triển khai ở các xã (xã A; tổ chức ở xã B) trong năm.",
    "Chủ trì, phối hợp với Chủ tịch UBND huyện; thủ trưởng các ngành có liên quan hướng dẫn thực hiện.",
    "Quán triệt Chỉ thị số 24-CT/TW; Quyết định số 1753/QĐ-TTg của Thủ tướng Chính phủ.",
    "Xây dựng kho học liệu số dùng chung; hoàn thành trong Quý I/2027.",
    "Trang bị theo Thông tư số 96/2008/TT-BTC và TP. Hồ Chí Minh đã làm.",
]


@pytest.mark.parametrize(("text", "count"), CUT)
def test_a_new_order_is_a_new_clause(text: str, count: int) -> None:
    assert len(clauses(text)) == count


@pytest.mark.parametrize("text", WHOLE)
def test_what_only_goes_on_is_not_cut(text: str) -> None:
    assert len(clauses(text)) == 1


def test_the_end_mark_of_a_document_is_dropped() -> None:
    assert [clause.text for clause in clauses("Báo cáo UBND tỉnh./.")] == ["Báo cáo UBND tỉnh"]
