"""Linking names as documents write them to units: right or not at all."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries
from tests.factories.places import PLAN_DAY

from hieuhoc.registers.places import rules, selectors
from hieuhoc.registers.places.models import Unit

# Every lead and coordinating agency of plan 144/KH-UBND, as the plan writes it, and the key of the unit it means;
# None where the words name no body of the register and no link may be made.
OF_THE_PLAN = {
    "Các sở, ban, ngành": "cac-so-ban-nganh",
    "các sở, ban, ngành liên quan": "cac-so-ban-nganh",
    "các ngành liên quan": "cac-so-ban-nganh",
    "các địa phương": "ubnd-cac-huyen-thanh-pho",
    "Các huyện, thành phố": "ubnd-cac-huyen-thanh-pho",
    "UBND các huyện, thành phố": "ubnd-cac-huyen-thanh-pho",
    "Mặt trận Tổ quốc tỉnh": "mat-tran-to-quoc-tinh",
    "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh": "mat-tran-to-quoc-tinh",
    "các tổ chức chính trị - xã hội": "cac-to-chuc-chinh-tri-xa-hoi",
    "các tổ chức, đoàn thể liên quan": "cac-to-chuc-chinh-tri-xa-hoi",
    "các tổ chức đoàn thể": "cac-to-chuc-chinh-tri-xa-hoi",
    "Liên đoàn Lao động tỉnh": "lien-doan-lao-dong-tinh",
    "Tỉnh đoàn": "tinh-doan",
    "Hội Liên hiệp Phụ nữ tỉnh": "hoi-lien-hiep-phu-nu-tinh",
    "Hội Khuyến học các cấp": "hoi-khuyen-hoc-cac-cap",
    "Hội Khuyến học tỉnh": "hoi-khuyen-hoc-tinh",
    "Hội Nông dân": "hoi-nong-dan-tinh",
    "Các trường đại học, cao đẳng, trung cấp trên địa bàn tỉnh": "cac-truong-dai-hoc-cao-dang-trung-cap",
    "Trung tâm Giáo dục Thường xuyên tỉnh": "trung-tam-gdtx-tinh",
    "các Trung tâm Giáo dục nghề nghiệp, giáo dục thường xuyên cấp huyện": "cac-trung-tam-gdnn-gdtx-cap-huyen",
    "Chính quyền các cấp": "chinh-quyen-cac-cap",
    "Ban Tuyên giáo Tỉnh ủy": "ban-tuyen-giao-tinh-uy",
    "Sở Giáo dục và Đào tạo": "so-giao-duc-va-dao-tao",
    "ngành Giáo dục và Đào tạo": "so-giao-duc-va-dao-tao",
    "Sở Lao động - Thương binh và Xã hội": "so-lao-dong-thuong-binh-va-xa-hoi",
    "Sở Kế hoạch và Đầu tư": "so-ke-hoach-va-dau-tu",
    "Sở Tài chính": "so-tai-chinh",
    "Sở Nội vụ": "so-noi-vu",
    "Sở Nông nghiệp và Phát triển nông thôn": "so-nong-nghiep-va-phat-trien-nong-thon",
    "Sở Khoa học và Công nghệ": "so-khoa-hoc-va-cong-nghe",
    "Sở Văn hóa và Thể thao": "so-van-hoa-va-the-thao",
    "Sở Thông tin và Truyền thông": "so-thong-tin-va-truyen-thong",
    "Đài Phát thanh và Truyền hình Kiên Giang": "dai-phat-thanh-va-truyen-hinh",
    "Báo Kiên Giang": "bao-kien-giang",
    "Cổng Thông tin điện tử Kiên Giang": "cong-thong-tin-dien-tu",
    "các sở, ban, ngành, đoàn thể": "cac-so-ban-nganh-doan-the",
    "các sở, ban, ngành, đoàn thể liên quan": "cac-so-ban-nganh-doan-the",
    "các sở, ban, ngành, đoàn thể có liên quan": "cac-so-ban-nganh-doan-the",
    "các ban, ngành, đoàn thể": "cac-so-ban-nganh-doan-the",
    "Các sở, ban, ngành, đoàn thể, các tổ chức hội có liên quan": "cac-so-ban-nganh-doan-the-to-chuc-hoi",
    "Các sở, ban, ngành, các tổ chức, đoàn thể có liên quan": "cac-so-ban-nganh-doan-the-to-chuc-hoi",
    "các cơ quan, đơn vị, địa phương": "cac-co-quan-don-vi-dia-phuong",
    "các sở, ngành, địa phương có liên quan": "cac-so-ban-nganh-dia-phuong",
    "các cơ quan truyền thông, báo chí": "cac-co-quan-truyen-thong-bao-chi",
    "các tổ chức chính trị - xã hội, xã hội nghề nghiệp và tổ chức xã hội": (
        "cac-to-chuc-chinh-tri-xa-hoi-nghe-nghiep-xa-hoi"
    ),
    "các tổ chức đảng": None,
    "cấp ủy cùng cấp": None,
    "các cơ quan tổ chức phi Chính phủ": None,
    "doanh nghiệp trong và ngoài nước": None,
    "các cơ sở giáo dục nghề nghiệp": None,
    "các cơ quan liên quan": None,
    "các cơ quan, đơn vị liên quan": None,
    "các cơ quan, đơn vị, doanh nghiệp trường học, bệnh viện, lực lượng vũ trang": None,
    "cơ quan liên quan": None,
    "các đơn vị liên quan": None,
}

# Other ways in which provincial documents of those years write the same bodies.
AS_WRITTEN = {
    "Sở GD&ĐT": "so-giao-duc-va-dao-tao",
    "Sở GDĐT": "so-giao-duc-va-dao-tao",
    "sở GD-ĐT": "so-giao-duc-va-dao-tao",
    "Sở Giáo dục & Đào tạo": "so-giao-duc-va-dao-tao",
    "Sở Giáo dục và Đào tạo tỉnh Kiên Giang": "so-giao-duc-va-dao-tao",
    "Sở Giáo dục và Đào tạo (cơ quan thường trực)": "so-giao-duc-va-dao-tao",
    "Đề nghị Ban Tuyên giáo Tỉnh ủy": "ban-tuyen-giao-tinh-uy",
    "SỞ LAO ĐỘNG – THƯƠNG BINH VÀ XÃ HỘI": "so-lao-dong-thuong-binh-va-xa-hoi",
    "Sở LĐTBXH": "so-lao-dong-thuong-binh-va-xa-hoi",
    "Sở LĐ-TB&XH": "so-lao-dong-thuong-binh-va-xa-hoi",
    "Sở NN&PTNT": "so-nong-nghiep-va-phat-trien-nong-thon",
    "Sở KH-ĐT": "so-ke-hoach-va-dau-tu",
    "Sở TTTT": "so-thong-tin-va-truyen-thong",
    "Giám đốc Sở Tài chính": "so-tai-chinh",
    "Chánh Văn phòng UBND tỉnh": "van-phong-ubnd-tinh",
    "Trưởng Ban Dân vận Tỉnh ủy": "ban-dan-van-tinh-uy",
    "UBMTTQVN tỉnh": "mat-tran-to-quoc-tinh",
    "UBMTTQ Việt Nam tỉnh": "mat-tran-to-quoc-tinh",
    "LĐLĐ tỉnh": "lien-doan-lao-dong-tinh",
    "Hội LHPN tỉnh": "hoi-lien-hiep-phu-nu-tinh",
    "Đoàn TNCS Hồ Chí Minh tỉnh Kiên Giang": "tinh-doan",
    "Công Thông tin điện tử tỉnh": "cong-thong-tin-dien-tu",
    "Báo KG": "bao-kien-giang",
    "Đài Phát thanh và Truyền hình KG": "dai-phat-thanh-va-truyen-hinh",
    "Đài PT-TH Kiên Giang": "dai-phat-thanh-va-truyen-hinh",
    "UBND tỉnh": "ubnd-tinh",
    "Uỷ ban nhân dân tỉnh Kiên Giang": "ubnd-tinh",
    "Chủ tịch UBND các huyện, thành phố": "ubnd-cac-huyen-thanh-pho",
    "Ủy ban nhân dân các huyện, thành phố": "ubnd-cac-huyen-thanh-pho",
    "Thủ trưởng các sở, ban, ngành": "cac-so-ban-nganh",
    "Các sở, ban, ngành, đoàn thể cấp tỉnh": "cac-so-ban-nganh-doan-the",
    "Ban Chỉ đạo xây dựng XHHT tỉnh": "ban-chi-dao-xhht-tinh",
    "Bộ CHQS tỉnh": "bo-chi-huy-quan-su-tinh",
    "Ban Quản lý Khu kinh tế Phú Quốc": "ban-quan-ly-khu-kinh-te-phu-quoc",
    "Sở Gaio dục và Đào tạo": "so-giao-duc-va-dao-tao",
    "Phòng GD&ĐT các huyện, thành phố": "phong-gddt-cac-huyen-thanh-pho",
}

IN_DISTRICTS = {
    "UBND TP. Rạch Giá": "ubnd-thanh-pho-rach-gia-kien-giang",
    "thành phố Rạch Giá": "ubnd-thanh-pho-rach-gia-kien-giang",
    "Ủy ban nhân dân huyện U Minh Thượng": "ubnd-huyen-u-minh-thuong-kien-giang",
    "Phòng GD&ĐT huyện An Biên": "phong-gddt-huyen-an-bien-kien-giang",
    "Hội Khuyến học huyện Gò Quao": "hoi-khuyen-hoc-huyen-go-quao-kien-giang",
    "UBND xã Bình An, huyện Châu Thành": "ubnd-xa-binh-an-chau-thanh-kien-giang",
    "UBND xã Bình An huyện Kiên Lương": "ubnd-xa-binh-an-kien-luong-kien-giang",
    "UBND thị trấn Thứ Ba": "ubnd-thi-tran-thu-ba-an-bien-kien-giang",
}

# Near to a name of the register, and not it.
NOT_THESE = [
    "Bộ Giáo dục và Đào tạo",
    "Sở Giáo dục và Đào tạo tỉnh An Giang",
    "Sở Văn hóa, Thể thao và Du lịch",
    "Sở",
    "các báo",
    "Báo",
    "Công đoàn",
    "trường học",
    "Hội Liên hiệp Phụ nữ các cấp",
    "UBND xã Bình An",
    "UBND huyện",
    "Chi hội Khuyến học",
    "Sở Nội vụ, Sở Tài chính",
    "Trung tâm Học tập cộng đồng",
    "Hội Khuyến học Việt Nam",
    "Tổng Liên đoàn Lao động Việt Nam",
    "Phú Quốc",
    "",
    "   ",
]


def key_of(unit: Unit | None) -> str | None:
    return unit.key.removesuffix("-kien-giang") if unit else None


def test_every_lead_and_coordinating_agency_of_the_plan_is_linked_rightly_or_not_at_all(kien_giang: Unit) -> None:
    index = selectors.NameIndex(PLAN_DAY)
    found = {name: key_of(index.best(name, within=kien_giang)) for name in OF_THE_PLAN}
    wanted = {name: key.removesuffix("-kien-giang") if key else None for name, key in OF_THE_PLAN.items()}
    assert found == wanted


def test_other_ways_of_writing_a_body_are_linked_to_it(kien_giang: Unit) -> None:
    index = selectors.NameIndex(PLAN_DAY)
    found = {name: key_of(index.best(name, within=kien_giang)) for name in AS_WRITTEN}
    assert found == {name: key.removesuffix("-kien-giang") for name, key in AS_WRITTEN.items()}


def test_bodies_of_districts_and_communes_are_told_apart_by_their_place(kien_giang: Unit) -> None:
    index = selectors.NameIndex(PLAN_DAY)
    found = {name: (index.best(name, within=kien_giang) or Unit()).key for name in IN_DISTRICTS}
    assert found == IN_DISTRICTS


@pytest.mark.parametrize("within", [True, False])
def test_what_is_near_a_name_and_not_it_is_never_sure(kien_giang: Unit, within: bool) -> None:
    index = selectors.NameIndex(PLAN_DAY)
    sure = {name: index.best(name, within=kien_giang if within else None) for name in NOT_THESE}
    assert {name: unit for name, unit in sure.items() if unit} == {}


def test_a_document_of_a_district_means_the_districts_own_bodies_first(kien_giang: Unit) -> None:
    index, district = selectors.NameIndex(PLAN_DAY), selectors.unit_by_key("huyen-an-bien-kien-giang")
    wanted = {
        "Phòng Giáo dục và Đào tạo": "phong-gddt-huyen-an-bien",
        "Hội Khuyến học huyện": "hoi-khuyen-hoc-huyen-an-bien",
        "Hội Khuyến học": "hoi-khuyen-hoc-huyen-an-bien",
        "UBND huyện": "ubnd-huyen-an-bien",
        "UBND các xã, thị trấn": "ubnd-cap-xa-huyen-an-bien",
        "Sở Tài chính": "so-tai-chinh",
        "UBND tỉnh": "ubnd-tinh",
    }
    assert {name: key_of(index.best(name, within=district)) for name in wanted} == wanted


def test_two_units_that_answer_equally_well_are_both_given_and_neither_is_sure(kien_giang: Unit) -> None:
    found = selectors.match_name("UBND xã Bình An", on=PLAN_DAY, within=kien_giang)
    assert len(found) == 2
    assert all(match.score <= rules.DOUBTFUL < selectors.SURE for match in found)


def test_every_unit_is_found_by_its_own_name_and_place(kien_giang: Unit) -> None:
    index = selectors.NameIndex(PLAN_DAY)
    wrong = []
    for state in selectors.units_on(PLAN_DAY):
        if state.is_administrative:
            continue
        found = index.best(state.name, within=state.parent)
        if found != state.unit:
            wrong.append((state.name, found))
    assert wrong == []


def test_an_index_reads_the_register_in_two_queries_and_150_names_take_a_moment(
    kien_giang: Unit, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    names = [*OF_THE_PLAN, *AS_WRITTEN, *IN_DISTRICTS, *NOT_THESE][:150]
    with django_assert_num_queries(2):
        index = selectors.NameIndex(PLAN_DAY)
        started = time.process_time()
        for name in names:
            index.match(name, within=kien_giang)
    assert time.process_time() - started < 0.5


def test_without_a_register_no_name_is_linked(db: None) -> None:
    assert selectors.match_name("Sở Tài chính", on=PLAN_DAY) == []


SMALL = rules.Gazetteer(
    [
        rules.Named(1, "Tỉnh Kiên Giang", "province", "/1/"),
        rules.Named(2, "Huyện An Biên", "district", "/1/2/"),
        rules.Named(3, "Ủy ban nhân dân huyện An Biên", "agency", "/1/2/3/"),
        rules.Named(4, "Sở Nội vụ", "agency", "/1/4/"),
        rules.Named(5, "Sở Ngoại vụ", "agency", "/1/5/"),
        rules.Named(6, "Tỉnh An Giang", "province", "/6/"),
        rules.Named(7, "Sở Nội vụ", "agency", "/6/7/"),
    ]
)


def test_the_same_department_of_two_provinces_is_told_apart_by_who_writes() -> None:
    assert [answer.number for answer in SMALL.match("Sở Nội vụ", within="/6/")] == [7]
    assert [answer.number for answer in SMALL.match("Sở Nội vụ tỉnh Kiên Giang", within="/6/")] == [4]
    assert all(answer.score < rules.SURE for answer in SMALL.match("Sở Nội vụ"))


def test_a_slip_of_one_letter_in_a_short_word_is_not_forgiven() -> None:
    assert SMALL.match("Sở Ngọi vụ", within="/1/") != []
    assert [answer.number for answer in SMALL.match("Sở Ngoại vụ", within="/1/")] == [5]
    assert not rules.is_slip("so noi vu", "so ngoai vu")
    assert not rules.is_slip("hoi nong dan", "hoi nguoi dan")


@given(st.text(max_size=80))
def test_any_text_is_answered_in_order_and_within_bounds(text: str) -> None:
    answers = SMALL.match(text, within="/1/2/")
    assert all(0 <= answer.score <= 100 for answer in answers)
    assert answers == sorted(answers, key=lambda answer: (-answer.score, answer.number))
    assert answers == SMALL.match(text, within="/1/2/")


@given(
    st.sampled_from(["Sở Nội vụ", "Sở Ngoại vụ", "UBND huyện An Biên"]), st.sampled_from(["lower", "upper", "title"])
)
def test_case_and_stray_spaces_do_not_matter(name: str, change: str) -> None:
    written = "  ".join(getattr(name, change)().split())
    assert SMALL.match(written, within="/1/") == SMALL.match(name, within="/1/")
