"""Where the names of bodies begin and end."""

import pytest

from hieuhoc.engines.reader.agencies import mentions, only_mentions
from hieuhoc.engines.reader.lexicon import Tokens

CASES = {
    "các sở, ban, ngành, UBND các huyện, thành phố, các tổ chức, đoàn thể liên quan triển khai thực hiện": [
        "các sở, ban, ngành", "UBND các huyện, thành phố", "các tổ chức, đoàn thể liên quan",
    ],
    "Sở Tài chính, Sở Giáo dục và Đào tạo và các sở, ngành, địa phương có liên quan đảm bảo nguồn": [
        "Sở Tài chính", "Sở Giáo dục và Đào tạo", "các sở, ngành, địa phương có liên quan",
    ],
    "các cơ quan truyền thông, báo chí, các tổ chức chính trị - xã hội, xã hội nghề nghiệp và tổ "
"chức xã hội tăng cường": [
        "các cơ quan truyền thông, báo chí", "các tổ chức chính trị - xã hội, xã hội nghề nghiệp và tổ chức xã hội",
    ],
    "các tổ chức đảng và cấp ủy cùng cấp tổ chức nghiên cứu": ["các tổ chức đảng", "cấp ủy cùng cấp"],
    "Liên đoàn Lao động tỉnh, Tỉnh đoàn, Hội Liên hiệp Phụ nữ tỉnh,... tăng cường": [
        "Liên đoàn Lao động tỉnh", "Tỉnh đoàn", "Hội Liên hiệp Phụ nữ tỉnh",
    ],
    "Sở Lao động - Thương binh và Xã hội, Sở Văn hóa, Thể thao và Du lịch hướng dẫn": [
        "Sở Lao động - Thương binh và Xã hội", "Sở Văn hóa, Thể thao và Du lịch",
    ],
    "Sở Nông nghiệp và Môi trường, Sở Dân tộc và Tôn giáo, UBND các xã, phường, đặc khu rà soát": [
        "Sở Nông nghiệp và Môi trường", "Sở Dân tộc và Tôn giáo", "UBND các xã, phường, đặc khu",
    ],
    "Sở GD&ĐT, Sở LĐ-TB&XH, Phòng GD&ĐT các huyện báo cáo": ["Sở GD&ĐT", "Sở LĐ-TB&XH", "Phòng GD&ĐT các huyện"],
    "Giám đốc các sở: Giáo dục và Đào tạo, Tài chính; Chủ tịch Ủy ban nhân dân huyện, thành phố chịu trách nhiệm": [
        "Giám đốc Sở Giáo dục và Đào tạo", "Giám đốc Sở Tài chính", "Chủ tịch Ủy ban nhân dân huyện, thành phố",
    ],
    "Bộ Chỉ huy Quân sự tỉnh, Công an tỉnh, Bảo hiểm xã hội tỉnh phối hợp": [
        "Bộ Chỉ huy Quân sự tỉnh", "Công an tỉnh", "Bảo hiểm xã hội tỉnh",
    ],
    "Công ty TNHH MTV Thoát nước Hà Nội và các đơn vị duy trì thoát nước chịu trách nhiệm": [
        "Công ty TNHH MTV Thoát nước Hà Nội", "các đơn vị duy trì thoát nước",
    ],
    "Ban Chỉ đạo các quân khu, Ban Chỉ đạo các tỉnh triển khai": ["Ban Chỉ đạo các quân khu", "Ban Chỉ đạo các tỉnh"],
    "các cơ sở giáo dục nghề nghiệp mở rộng quy mô": ["các cơ sở giáo dục nghề nghiệp"],
    "các sở, ban, ngành tổ chức tuyên truyền": ["các sở, ban, ngành"],
    "Ban hành kế hoạch": [],
    "Phòng, chống dịch bệnh": [],
    "Báo cáo kịp thời": [],
    "Bộ tiêu chí công nhận": [],
    "Tổ chức quản lý, vận hành": [],
}  # fmt: skip


@pytest.mark.parametrize(("text", "names"), CASES.items())
def test_names_end_where_they_should(text: str, names: list[str]) -> None:
    assert [mention.text for mention in mentions(Tokens(text), 0, semicolons=True)] == names


def test_a_heading_that_names_one_group_stays_one() -> None:
    heading = "Các sở, ban, ngành, đoàn thể, các tổ chức hội có liên quan"
    assert only_mentions(heading) == (heading,)


def test_a_line_of_capitals_is_no_body_by_chance() -> None:
    assert only_mentions("TỔ CHỨC THỰC HIỆN") == ()
    assert only_mentions("SỞ GIÁO DỤC VÀ ĐÀO TẠO") == ("SỞ GIÁO DỤC VÀ ĐÀO TẠO",)


def test_a_lost_space_does_not_hide_a_place() -> None:
    assert only_mentions("Ban Quản lý dự án đầu tư xây dựng thuộcThành phố") == (
        "Ban Quản lý dự án đầu tư xây dựng thuộcThành phố",
    )
