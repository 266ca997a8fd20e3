"""The kinds of things in learning, by code and name: bodies, posts, activities, fields, organisers, money."""

from collections.abc import Mapping

PROVIDERS: Mapping[str, str] = {
    "clc": "trung tâm học tập cộng đồng",
    "vocational": "trung tâm giáo dục nghề nghiệp – giáo dục thường xuyên",
    "school": "trường phổ thông, mầm non",
    "college": "trường cao đẳng, trung cấp",
    "university": "trường đại học",
    "language": "trung tâm ngoại ngữ",
    "computing": "trung tâm tin học",
    "life_skills": "trung tâm giáo dục kỹ năng sống",
    "study_abroad": "tổ chức tư vấn du học",
    "library": "thư viện",
    "museum": "bảo tàng",
    "culture_house": "nhà văn hóa",
    "club": "câu lạc bộ",
    "enterprise": "doanh nghiệp",
    "political": "trường chính trị, trung tâm chính trị",
}

POSTS: Mapping[str, str] = {
    "director": "giám đốc",
    "deputy": "phó giám đốc",
    "accountant": "kế toán",
    "cashier": "thủ quỹ",
    "seconded": "giáo viên biệt phái",
    "instructor": "giáo viên, hướng dẫn viên",
    "collaborator": "cộng tác viên, báo cáo viên",
}
LEADERS = ("director", "deputy")
INSTRUCTING = ("seconded", "instructor", "collaborator")

ACTIVITIES: Mapping[str, str] = {
    "class": "lớp học",
    "talk": "chuyên đề, nói chuyện",
    "workshop": "tập huấn, thực hành",
    "club": "sinh hoạt câu lạc bộ",
    "exhibition": "triển lãm",
    "reading_day": "ngày hội đọc sách",
    "broadcast": "bài học phát thanh, trực tuyến",
}

# The eight fields of Circular 18/2024/TT-BGDĐT, and what they do not name.
FIELDS: Mapping[str, str] = {
    "law": "pháp luật",
    "culture": "văn hóa – xã hội",
    "environment": "bảo vệ môi trường",
    "health": "bảo vệ sức khỏe",
    "economy": "phát triển kinh tế",
    "life_skills": "kỹ năng sống và tư vấn tâm lý",
    "career": "hướng nghiệp, khởi nghiệp",
    "digital": "chuyển đổi số trong cộng đồng",
    "other": "lĩnh vực khác",
}

ORGANISERS: Mapping[str, str] = {
    "clc": "trung tâm học tập cộng đồng",
    "learning_promotion": "hội khuyến học",
    "women": "hội phụ nữ",
    "farmers": "hội nông dân",
    "youth": "đoàn thanh niên",
    "veterans": "hội cựu chiến binh",
    "elderly": "hội người cao tuổi",
    "front": "mặt trận Tổ quốc",
    "union": "công đoàn",
    "health": "ngành y tế",
    "extension": "khuyến nông, khuyến ngư",
    "school": "nhà trường",
    "culture": "ngành văn hóa",
    "police": "công an, quân sự",
    "other": "đơn vị khác",
}

SOURCES: Mapping[str, str] = {
    "state": "ngân sách nhà nước",
    "programme": "chương trình, dự án",
    "fund": "quỹ khuyến học",
    "contribution": "đóng góp, tài trợ",
    "learners": "người học đóng",
}

LINES: Mapping[str, str] = {
    "founding": "hỗ trợ ban đầu khi mới thành lập",
    "allowance": "phụ cấp người quản lý kiêm nhiệm",
    "materials": "tài liệu, học liệu",
    "equipment": "trang thiết bị",
    "sessions": "tổ chức lớp, chuyên đề",
    "other": "chi khác",
}

AREAS: Mapping[str, str] = {"I": "khu vực I", "II": "khu vực II", "III": "khu vực III", "other": "khu vực khác"}
