"""The invented people of the demonstration, each with a post, a role and a unit."""

from dataclasses import dataclass

PLACE = "kien-giang"


@dataclass(frozen=True)
class Person:
    """Somebody who can be signed in as with one click. `unit` is the key of a unit of the register."""

    username: str
    full_name: str
    title: str
    role: str
    unit: str


PROVINCE = f"tinh-{PLACE}"
LEAD = f"so-giao-duc-va-dao-tao-{PLACE}"

CAST = (
    Person("minh.ubnd", "Nguyễn Hoàng Minh", "Phó Chủ tịch UBND tỉnh", "province_leader", PROVINCE),
    Person("binh.sgddt", "Trần Thị Bình", "Phó Giám đốc Sở GD&ĐT", "lead_department", PROVINCE),
    Person(
        "dung.giongrieng",
        "Lê Văn Dũng",
        "Chuyên viên UBND huyện Giồng Riềng",
        "district_officer",
        f"huyen-giong-rieng-{PLACE}",
    ),
    Person(
        "an.thanhhung",
        "Phạm Thị An",
        "Công chức Văn hóa - Xã hội xã Thạnh Hưng",
        "commune_clerk",
        f"xa-thanh-hung-giong-rieng-{PLACE}",
    ),
    Person(
        "hue.thanhhung",
        "Trương Thị Huệ",
        "Giám đốc Trung tâm học tập cộng đồng xã Thạnh Hưng",
        "centre_director",
        f"xa-thanh-hung-giong-rieng-{PLACE}",
    ),
    Person(
        "lan.thanhhung",
        "Ngô Ngọc Lan",
        "Cộng tác viên Trung tâm học tập cộng đồng xã Thạnh Hưng",
        "class_helper",
        f"xa-thanh-hung-giong-rieng-{PLACE}",
    ),
    Person(
        "chi.thanhhoa",
        "Danh Thị Chi",
        "Công chức Văn hóa - Xã hội xã Thạnh Hòa",
        "commune_clerk",
        f"xa-thanh-hoa-giong-rieng-{PLACE}",
    ),
    Person("hanh.stc", "Võ Thị Hạnh", "Chuyên viên Sở Tài chính", "agency_officer", f"so-tai-chinh-{PLACE}"),
    Person(
        "khoa.hkh",
        "Huỳnh Đăng Khoa",
        "Chánh Văn phòng Hội Khuyến học tỉnh",
        "agency_officer",
        f"hoi-khuyen-hoc-tinh-{PLACE}",
    ),
    Person("xem.hdnd", "Lý Thu Xuân", "Chuyên viên Văn phòng HĐND tỉnh", "reader", PROVINCE),
    Person("quantri", "Đỗ Quốc Trí", "Quản trị hệ thống", "administrator", PROVINCE),
)

# Those who report for the other agencies and districts; they too can be signed in as.
OFFICERS = tuple(
    Person(f"cv.{word}", name, f"Chuyên viên {agency}", "agency_officer", f"{unit}-{PLACE}")
    for word, name, agency, unit in (
        ("sgddt", "Ngô Thị Lan", "Sở GD&ĐT", "so-giao-duc-va-dao-tao"),
        ("sldtbxh", "Trương Văn Hải", "Sở LĐ-TB&XH", "so-lao-dong-thuong-binh-va-xa-hoi"),
        ("skhdt", "Bùi Thanh Tâm", "Sở KH&ĐT", "so-ke-hoach-va-dau-tu"),
        ("snv", "Đặng Ngọc Ánh", "Sở Nội vụ", "so-noi-vu"),
        ("snnptnt", "Lâm Văn Phước", "Sở NN&PTNT", "so-nong-nghiep-va-phat-trien-nong-thon"),
        ("skhcn", "Hồ Minh Quân", "Sở KH&CN", "so-khoa-hoc-va-cong-nghe"),
        ("svhtt", "Mai Thị Hồng", "Sở VH&TT", "so-van-hoa-va-the-thao"),
        ("stttt", "Phan Đức Thắng", "Sở TT&TT", "so-thong-tin-va-truyen-thong"),
        ("btg", "Cao Thị Yến", "Ban Tuyên giáo Tỉnh ủy", "ban-tuyen-giao-tinh-uy"),
        ("mttq", "Thị Sô Phia", "Ủy ban MTTQ Việt Nam tỉnh", "mat-tran-to-quoc-tinh"),
        ("ldld", "Dương Văn Lợi", "Liên đoàn Lao động tỉnh", "lien-doan-lao-dong-tinh"),
        ("hlhpn", "Quách Thị Mỹ", "Hội LHPN tỉnh", "hoi-lien-hiep-phu-nu-tinh"),
        ("tinhdoan", "Trịnh Công Danh", "Tỉnh đoàn", "tinh-doan"),
        ("dai", "Vương Thị Thảo", "Đài PT&TH Kiên Giang", "dai-phat-thanh-va-truyen-hinh"),
        ("bao", "Tô Văn Sang", "Báo Kiên Giang", "bao"),
    )
) + tuple(
    Person(f"cv.{word}", name, f"Chuyên viên UBND {place}", "district_officer", f"{unit}-{PLACE}")
    for word, name, place, unit in (
        ("rachgia", "Nguyễn Thị Kim Ngân", "thành phố Rạch Giá", "thanh-pho-rach-gia"),
        ("hatien", "Lưu Quốc Bảo", "thành phố Hà Tiên", "thanh-pho-ha-tien"),
        ("kienluong", "Trần Văn Út", "huyện Kiên Lương", "huyen-kien-luong"),
        ("hondat", "Phùng Thị Diễm", "huyện Hòn Đất", "huyen-hon-dat"),
        ("tanhiep", "Nguyễn Tấn Lực", "huyện Tân Hiệp", "huyen-tan-hiep"),
        ("chauthanh", "Danh Út", "huyện Châu Thành", "huyen-chau-thanh"),
        ("goquao", "Thị Ngọc Hà", "huyện Gò Quao", "huyen-go-quao"),
        ("anbien", "Trần Hữu Nghĩa", "huyện An Biên", "huyen-an-bien"),
        ("anminh", "Lê Thị Thu Ba", "huyện An Minh", "huyen-an-minh"),
        ("vinhthuan", "Huỳnh Văn Tám", "huyện Vĩnh Thuận", "huyen-vinh-thuan"),
        ("phuquoc", "Đoàn Thị Biển", "huyện Phú Quốc", "huyen-phu-quoc"),
        ("kienhai", "Trần Hải Đăng", "huyện Kiên Hải", "huyen-kien-hai"),
        ("uminhthuong", "Nguyễn Văn Rừng", "huyện U Minh Thượng", "huyen-u-minh-thuong"),
        ("giangthanh", "Tiên Thị Giang", "huyện Giang Thành", "huyen-giang-thanh"),
    )
)

# Those who report for the other communes of one district, so that its officer has reports to look at.
CLERKS = tuple(
    Person(f"vhxh.{word}", name, f"Công chức Văn hóa - Xã hội {place}", "commune_clerk", f"{unit}-giong-rieng-{PLACE}")
    for word, name, place, unit in (
        ("bantandinh", "Lê Thị Mộng Tuyền", "xã Bàn Tân Định", "xa-ban-tan-dinh"),
        ("banthach", "Danh Sà Rinh", "xã Bàn Thạch", "xa-ban-thach"),
        ("ttgiongrieng", "Nguyễn Thị Bích Liên", "thị trấn Giồng Riềng", "thi-tran-giong-rieng"),
        ("hoaan", "Trần Quốc Khởi", "xã Hòa An", "xa-hoa-an"),
        ("hoahung", "Phạm Văn Đầy", "xã Hòa Hưng", "xa-hoa-hung"),
        ("hoaloi", "Thị Hường", "xã Hòa Lợi", "xa-hoa-loi"),
        ("hoathuan", "Huỳnh Thị Cẩm Nhung", "xã Hòa Thuận", "xa-hoa-thuan"),
        ("longthanh", "Võ Thanh Nhã", "xã Long Thạnh", "xa-long-thanh"),
        ("ngocchuc", "Danh Thị Sa Rây", "xã Ngọc Chúc", "xa-ngoc-chuc"),
        ("ngochoa", "Lâm Quốc Việt", "xã Ngọc Hòa", "xa-ngoc-hoa"),
        ("ngocthanh", "Ngô Thị Diệu Hiền", "xã Ngọc Thành", "xa-ngoc-thanh"),
        ("ngocthuan", "Bùi Minh Kha", "xã Ngọc Thuận", "xa-ngoc-thuan"),
        ("thanhbinh", "Trương Thị Ánh Nguyệt", "xã Thạnh Bình", "xa-thanh-binh"),
        ("thanhloc", "Cao Hoàng Vũ", "xã Thạnh Lộc", "xa-thanh-loc"),
        ("thanhphuoc", "Đặng Thị Út Em", "xã Thạnh Phước", "xa-thanh-phuoc"),
        ("vinhphu", "Quách Văn Tám", "xã Vĩnh Phú", "xa-vinh-phu"),
        ("vinhthanh", "Mai Thị Kiều Oanh", "xã Vĩnh Thạnh", "xa-vinh-thanh"),
    )
)
