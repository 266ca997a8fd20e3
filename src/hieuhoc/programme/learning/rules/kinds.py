"""The kinds of things in learning, by code and name: bodies, posts, activities, fields, organisers, money."""

from collections.abc import Mapping

from hieuhoc.kernel.terms import Term

PROVIDERS: Mapping[str, str] = {
    "clc": Term("trung tâm học tập cộng đồng"),
    "vocational": Term("trung tâm giáo dục nghề nghiệp – giáo dục thường xuyên"),
    "school": Term("trường phổ thông, mầm non"),
    "college": Term("trường cao đẳng, trung cấp"),
    "university": Term("trường đại học"),
    "language": Term("trung tâm ngoại ngữ"),
    "computing": Term("trung tâm tin học"),
    "life_skills": Term("trung tâm giáo dục kỹ năng sống"),
    "study_abroad": Term("tổ chức tư vấn du học"),
    "library": Term("thư viện"),
    "museum": Term("bảo tàng"),
    "culture_house": Term("nhà văn hóa"),
    "club": Term("câu lạc bộ"),
    "enterprise": Term("doanh nghiệp"),
    "political": Term("trường chính trị, trung tâm chính trị"),
}

POSTS: Mapping[str, str] = {
    "director": Term("giám đốc"),
    "deputy": Term("phó giám đốc"),
    "accountant": Term("kế toán"),
    "cashier": Term("thủ quỹ"),
    "seconded": Term("giáo viên biệt phái"),
    "instructor": Term("giáo viên, hướng dẫn viên"),
    "collaborator": Term("cộng tác viên, báo cáo viên"),
}
LEADERS = ("director", "deputy")
INSTRUCTING = ("seconded", "instructor", "collaborator")

ACTIVITIES: Mapping[str, str] = {
    "class": Term("lớp học"),
    "talk": Term("chuyên đề, nói chuyện"),
    "workshop": Term("tập huấn, thực hành"),
    "club": Term("sinh hoạt câu lạc bộ"),
    "exhibition": Term("triển lãm"),
    "reading_day": Term("ngày hội đọc sách"),
    "broadcast": Term("bài học phát thanh, trực tuyến"),
}

# The eight fields of Circular 18/2024/TT-BGDĐT, and what they do not name.
FIELDS: Mapping[str, str] = {
    "law": Term("pháp luật"),
    "culture": Term("văn hóa – xã hội"),
    "environment": Term("bảo vệ môi trường"),
    "health": Term("bảo vệ sức khỏe"),
    "economy": Term("phát triển kinh tế"),
    "life_skills": Term("kỹ năng sống và tư vấn tâm lý"),
    "career": Term("hướng nghiệp, khởi nghiệp"),
    "digital": Term("chuyển đổi số trong cộng đồng"),
    "other": Term("lĩnh vực khác"),
}

ORGANISERS: Mapping[str, str] = {
    "clc": Term("trung tâm học tập cộng đồng"),
    "learning_promotion": Term("hội khuyến học"),
    "women": Term("hội phụ nữ"),
    "farmers": Term("hội nông dân"),
    "youth": Term("đoàn thanh niên"),
    "veterans": Term("hội cựu chiến binh"),
    "elderly": Term("hội người cao tuổi"),
    "front": Term("mặt trận Tổ quốc"),
    "union": Term("công đoàn"),
    "health": Term("ngành y tế"),
    "extension": Term("khuyến nông, khuyến ngư"),
    "school": Term("nhà trường"),
    "culture": Term("ngành văn hóa"),
    "police": Term("công an, quân sự"),
    "other": Term("đơn vị khác"),
}

SOURCES: Mapping[str, str] = {
    "state": Term("ngân sách nhà nước"),
    "programme": Term("chương trình, dự án"),
    "fund": Term("quỹ khuyến học"),
    "contribution": Term("đóng góp, tài trợ"),
    "learners": Term("người học đóng"),
}

LINES: Mapping[str, str] = {
    "founding": Term("hỗ trợ ban đầu khi mới thành lập"),
    "allowance": Term("phụ cấp người quản lý kiêm nhiệm"),
    "materials": Term("tài liệu, học liệu"),
    "equipment": Term("trang thiết bị"),
    "sessions": Term("tổ chức lớp, chuyên đề"),
    "other": Term("chi khác"),
}

AREAS: Mapping[str, str] = {
    "I": Term("khu vực I"),
    "II": Term("khu vực II"),
    "III": Term("khu vực III"),
    "other": Term("khu vực khác"),
}
