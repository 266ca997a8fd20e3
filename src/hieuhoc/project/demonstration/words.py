"""Words of the demonstration: names of invented people, what is taught, who speaks. None of it is about anybody."""

from collections.abc import Mapping

SURNAMES = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Huỳnh", "Phan", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Trương",
    "Lâm", "Mai", "Tô", "Cao", "Quách",
)  # fmt: skip
KHMER = ("Danh", "Thị", "Tiên", "Kim", "Thạch", "Sơn")
MIDDLE: Mapping[str, tuple[str, ...]] = {
    "female": ("Thị", "Ngọc", "Thị Kim", "Thị Mỹ", "Thu", "Thị Hồng", "Thúy", "Bích", "Thị Cẩm", "Diễm"),
    "male": ("Văn", "Hữu", "Minh", "Quốc", "Hoàng", "Thanh", "Tấn", "Đức", "Công", "Trung"),
}
GIVEN: Mapping[str, tuple[str, ...]] = {
    "female": (
        "An", "Ánh", "Bé", "Chi", "Diệu", "Dung", "Duyên", "Đào", "Điệp", "Gấm", "Giang", "Hà", "Hạnh", "Hiền", "Hoa",
        "Huệ", "Hương", "Kiều", "Lài", "Lan", "Liên", "Loan", "Mai", "Mến", "Nga", "Ngân", "Nhàn", "Nhung", "Nương",
        "Oanh", "Phượng", "Quyên", "Sương", "Thảo", "Thơm", "Thúy", "Trang", "Tuyết", "Út", "Vân", "Xuân", "Yến",
    ),
    "male": (
        "An", "Ân", "Bảy", "Bình", "Cường", "Danh", "Dũng", "Đạt", "Điền", "Đông", "Giàu", "Hải", "Hiếu", "Hòa", "Hùng",
        "Hưng", "Khanh", "Khoa", "Kiên", "Lâm", "Lộc", "Long", "Lực", "Mẫn", "Nam", "Nghĩa", "Nhân", "Phong", "Phúc",
        "Quang", "Sang", "Sáu", "Sơn", "Tài", "Tâm", "Thành", "Thắng", "Tiến", "Toàn", "Trí", "Út", "Vinh",
    ),
}  # fmt: skip

# By the code of a topic: what a talk on it is called, and what a course, if it is ever one.
TITLES: Mapping[str, tuple[str, ...]] = {
    "nong-lam-ngu": (
        "Kỹ thuật trồng lúa chất lượng cao", "Nuôi tôm – lúa luân canh", "Phòng bệnh cho gia súc, gia cầm",
        "Trồng khóm VietGAP", "Nuôi cá trong mương vườn", "Chăm sóc vườn cây ăn trái",
    ),
    "thoi-su-phap-luat": (
        "Phổ biến Luật Hôn nhân và gia đình", "Luật Phòng, chống bạo lực gia đình", "Luật Đất đai và đời sống",
        "Thời sự và chính sách mới", "Luật An toàn thực phẩm",
    ),
    "lai-xe": ("Luật Giao thông đường bộ", "An toàn giao thông đường thủy"),
    "suc-khoe-sinh-san": (
        "Phòng, chống sốt xuất huyết", "Chăm sóc sức khỏe sinh sản", "Phòng bệnh tăng huyết áp, đái tháo đường",
        "Dinh dưỡng cho trẻ nhỏ", "Phòng, chống dịch bệnh tại gia đình",
    ),
    "ve-sinh-moi-truong": (
        "Phân loại rác tại nhà", "Nước sạch và vệ sinh nông thôn", "Thu gom bao bì thuốc bảo vệ thực vật",
    ),
    "van-hoa-van-nghe": ("Xây dựng gia đình văn hóa", "Sinh hoạt đờn ca tài tử", "Giữ gìn lễ hội của đồng bào Khmer"),
    "tin-hoc": ("Tin học căn bản", "Dùng điện thoại thông minh an toàn", "Tra cứu dịch vụ công trên mạng"),
    "ky-nang-nghe": ("Nghề may gia dụng", "Nấu ăn đãi tiệc", "Sửa chữa máy nông nghiệp"),
    "nghe-thu-cong": ("Đan lục bình", "Đan cỏ bàng", "Làm bánh dân gian"),
    "xoa-mu-chu": ("Đọc, viết và tính toán trong đời sống", "Đọc sách cùng người lớn tuổi"),
    "pho-cap-giao-duc": ("Cùng con học ở nhà", "Khuyến học trong dòng họ"),
}  # fmt: skip
COURSES = frozenset({"tin-hoc", "ky-nang-nghe", "nghe-thu-cong", "xoa-mu-chu", "nong-lam-ngu"})

SPEAKERS = (
    "Trạm Y tế xã", "Cán bộ tư pháp – hộ tịch", "Trạm Khuyến nông huyện", "Giáo viên trường THCS", "Hội Nông dân xã",
    "Công an xã", "Cán bộ văn hóa – xã hội", "Bưu điện xã",
)  # fmt: skip
COMING_FROM: Mapping[str, str] = {
    "women": "Hội Liên hiệp Phụ nữ",
    "farmers": "Hội Nông dân",
    "youth": "Đoàn Thanh niên",
    "learning_promotion": "Hội Khuyến học",
    "veterans": "Hội Cựu chiến binh",
    "health": "Trạm Y tế",
    "front": "Ủy ban Mặt trận Tổ quốc",
    "elderly": "Hội Người cao tuổi",
}
RURAL = "Nông dân trong xã"
AUDIENCES = ("Mọi người dân", RURAL, "Hội viên phụ nữ", "Thanh niên", "Người cao tuổi", "Cha mẹ học sinh")
EQUIPMENT = ("Máy chiếu", "Loa kéo tay", "Máy vi tính", "Bàn ghế (bộ)", "Tủ sách", "Bảng viết", "Quạt điện", "Tivi")
ROOMS = ("Hội trường", "Phòng học 1", "Phòng đọc", "Phòng học 2")
