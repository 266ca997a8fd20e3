"""Who may do what, on one page: every permission, and the roles that carry them.

A grant gives one role at one unit, with all units beneath it, for a span of days. This page is read by
administrators in the application and in `docs/reference/roles.md`; both are made from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    """Every deed that somebody may or may not be allowed to do."""

    PLAN_READ = "plan.read"
    PLAN_TAKE_IN = "plan.take_in"
    PLAN_ISSUE = "plan.issue"
    PLAN_EXPORT = "plan.export"
    TASK_READ = "task.read"
    TASK_REPORT = "task.report"
    TASK_HAND_OVER = "task.hand_over"
    TASK_CONFIRM = "task.confirm"
    TASK_REMIND = "task.remind"
    TASK_COMMENT = "task.comment"
    OBSTACLE_RAISE = "obstacle.raise"
    OBSTACLE_ANSWER = "obstacle.answer"
    OBSTACLE_ESCALATE = "obstacle.escalate"
    OBSTACLE_DECIDE = "obstacle.decide"
    REPORT_READ = "report.read"
    REPORT_FILL = "report.fill"
    REPORT_SUBMIT = "report.submit"
    REPORT_REVIEW = "report.review"
    REPORT_ARRANGE = "report.arrange"
    INDICATOR_READ = "indicator.read"
    INDICATOR_EDIT = "indicator.edit"
    TARGET_SET = "target.set"
    FIGURE_PUBLISH = "figure.publish"
    LEARNING_READ = "learning.read"
    PROVIDER_EDIT = "provider.edit"
    PROVIDER_FOUND = "provider.found"
    CATALOGUE_EDIT = "catalogue.edit"
    ACTIVITY_RUN = "activity.run"
    ATTENDANCE_TAKE = "attendance.take"
    PERSON_READ = "person.read"
    PERSON_EDIT = "person.edit"
    YEAR_PLAN_MAKE = "year_plan.make"
    YEAR_PLAN_APPROVE = "year_plan.approve"
    MONEY_READ = "money.read"
    MONEY_KEEP = "money.keep"
    GRADE_ASSESS = "grade.assess"
    GRADE_VERIFY = "grade.verify"
    MATERIAL_SHARE = "material.share"
    UNIT_READ = "unit.read"
    UNIT_EDIT = "unit.edit"
    REORGANISATION_PREPARE = "reorganisation.prepare"
    REORGANISATION_APPROVE = "reorganisation.approve"
    USER_READ = "user.read"
    USER_MANAGE = "user.manage"
    TRAIL_READ = "trail.read"


# What each permission lets somebody do, as a sentence that begins with "được …" (may …).
MEANING: Mapping[Permission, Promise] = {
    Permission.PLAN_READ: _("xem kế hoạch của đơn vị trong phạm vi"),
    Permission.PLAN_TAKE_IN: _("tải văn bản lên, kiểm lại kết quả đọc và lập kế hoạch nháp"),
    Permission.PLAN_ISSUE: _("xác nhận kế hoạch nháp để giao nhiệm vụ cho các đơn vị"),
    Permission.PLAN_EXPORT: _("tải bảng phân công, bảng tiến độ về Word, Excel"),
    Permission.TASK_READ: _("xem nhiệm vụ của đơn vị trong phạm vi"),
    Permission.TASK_REPORT: _("nhận việc, báo tiến độ và gửi minh chứng cho nhiệm vụ của đơn vị"),
    Permission.TASK_HAND_OVER: _("chuyển nhiệm vụ của đơn vị cho đơn vị cấp dưới"),
    Permission.TASK_CONFIRM: _("xác nhận, trả lại, gia hạn, hủy và mở lại nhiệm vụ"),
    Permission.TASK_REMIND: _("đôn đốc đơn vị chậm tiến độ"),
    Permission.TASK_COMMENT: _("trao đổi ý kiến trong nhiệm vụ"),
    Permission.OBSTACLE_RAISE: _("nêu khó khăn, vướng mắc và khép lại khi đã được giải quyết"),
    Permission.OBSTACLE_ANSWER: _("trả lời khó khăn, vướng mắc của đơn vị cấp dưới"),
    Permission.OBSTACLE_ESCALATE: _("chuyển khó khăn, vướng mắc lên cấp trên"),
    Permission.OBSTACLE_DECIDE: _("quyết định về khó khăn, vướng mắc được chuyển lên"),
    Permission.REPORT_READ: _("xem báo cáo và số liệu của đơn vị trong phạm vi"),
    Permission.REPORT_FILL: _("nhập số liệu và nội dung báo cáo của đơn vị"),
    Permission.REPORT_SUBMIT: _("nộp và rút báo cáo của đơn vị"),
    Permission.REPORT_REVIEW: _("góp ý, trả lại, duyệt, khóa, gia hạn báo cáo của đơn vị cấp dưới"),
    Permission.REPORT_ARRANGE: _("lập biểu mẫu, loại báo cáo và mở đợt báo cáo"),
    Permission.INDICATOR_READ: _("xem định nghĩa chỉ số và chỉ tiêu"),
    Permission.INDICATOR_EDIT: _("soạn, đưa vào dùng và kết thúc định nghĩa chỉ số"),
    Permission.TARGET_SET: _("giao chỉ tiêu cho đơn vị"),
    Permission.FIGURE_PUBLISH: _("công bố và thôi công bố số liệu của một kỳ"),
    Permission.LEARNING_READ: _("xem cơ sở học tập, lớp, chuyên đề và số liệu học tập trong phạm vi"),
    Permission.PROVIDER_EDIT: _("sửa thông tin, nhân sự, phòng và trang thiết bị của cơ sở học tập"),
    Permission.PROVIDER_FOUND: _("thành lập, bổ nhiệm, sắp xếp và giải thể cơ sở học tập"),
    Permission.CATALOGUE_EDIT: _("soạn danh mục chủ đề, định mức hỗ trợ và bộ tiêu chí xếp loại"),
    Permission.ACTIVITY_RUN: _("lập, mở, dời, hủy lớp, chuyên đề; ghi danh và cấp giấy chứng nhận"),
    Permission.ATTENDANCE_TAKE: _("điểm danh buổi học"),
    Permission.PERSON_READ: _("xem thông tin cá nhân của người học (mỗi lần xem được ghi lại)"),
    Permission.PERSON_EDIT: _("sửa, gộp và xóa thông tin cá nhân của người học"),
    Permission.YEAR_PLAN_MAKE: _("lập kế hoạch năm của trung tâm và ghi nhu cầu học tập"),
    Permission.YEAR_PLAN_APPROVE: _("duyệt kế hoạch năm của trung tâm"),
    Permission.MONEY_READ: _("xem kinh phí của cơ sở học tập"),
    Permission.MONEY_KEEP: _("ghi dự toán, kinh phí được giao và chứng từ chi"),
    Permission.GRADE_ASSESS: _("khảo sát và tự xếp loại trung tâm hằng năm"),
    Permission.GRADE_VERIFY: _("thẩm định, trả lại và xếp loại trung tâm"),
    Permission.MATERIAL_SHARE: _("chia sẻ, sửa và rút học liệu"),
    Permission.UNIT_READ: _("xem danh mục đơn vị"),
    Permission.UNIT_EDIT: _("thêm đơn vị, đổi tên và kết thúc đơn vị"),
    Permission.REORGANISATION_PREPARE: _("soạn cuộc sắp xếp đơn vị, thực hiện và lùi lại (vai trò ở cấp tỉnh)"),
    Permission.REORGANISATION_APPROVE: _("duyệt cuộc sắp xếp đơn vị do người khác soạn (vai trò ở cấp tỉnh)"),
    Permission.USER_READ: _("xem người dùng và vai trò của họ"),
    Permission.USER_MANAGE: _("mời người dùng, giao và kết thúc vai trò, khóa và mở khóa tài khoản"),
    Permission.TRAIL_READ: _("xem nhật ký thay đổi"),
}

# Permissions by the field of work they belong to, in the order of the page of roles.
FIELDS: tuple[tuple[Promise, str], ...] = (
    (_("Kế hoạch"), "plan."),
    (_("Nhiệm vụ"), "task."),
    (_("Khó khăn, vướng mắc"), "obstacle."),
    (_("Báo cáo"), "report."),
    (_("Chỉ số"), "indicator."),
    (_("Chỉ tiêu"), "target."),
    (_("Số liệu"), "figure."),
    (_("Học tập"), "learning."),
    (_("Cơ sở học tập"), "provider."),
    (_("Danh mục học tập"), "catalogue."),
    (_("Lớp, chuyên đề"), "activity."),
    (_("Điểm danh"), "attendance."),
    (_("Người học"), "person."),
    (_("Kế hoạch năm của trung tâm"), "year_plan."),
    (_("Kinh phí"), "money."),
    (_("Xếp loại trung tâm"), "grade."),
    (_("Học liệu"), "material."),
    (_("Đơn vị"), "unit."),
    (_("Sắp xếp đơn vị"), "reorganisation."),
    (_("Người dùng"), "user."),
    (_("Nhật ký"), "trail."),
)

# Where a role may be given, in words.
LEVEL_NAMES: Mapping[str, Promise] = {
    "province": _("tỉnh"),
    "district": _("huyện, thành phố"),
    "commune": _("xã, phường, thị trấn"),
    "agency": _("sở, ban, ngành, đoàn thể, cơ quan"),
}


@dataclass(frozen=True)
class Role:
    """A role: what it is called, whom it is for, what it may do, and at which levels it may be given."""

    code: str
    name: Promise
    description: Promise
    permissions: frozenset[Permission]
    levels: tuple[str, ...]

    @property
    def level_names(self) -> list[Promise]:
        """Where it may be given, in words."""
        return [LEVEL_NAMES[level] for level in self.levels]

    def may(self, permission: Permission) -> bool:
        """Whether the role carries a permission."""
        return permission in self.permissions


_READING = {
    Permission.PLAN_READ,
    Permission.PLAN_EXPORT,
    Permission.TASK_READ,
    Permission.REPORT_READ,
    Permission.INDICATOR_READ,
    Permission.LEARNING_READ,
    Permission.UNIT_READ,
}
_TEACHING = {Permission.ACTIVITY_RUN, Permission.ATTENDANCE_TAKE, Permission.PERSON_READ, Permission.PERSON_EDIT}
_RUNNING_A_CENTRE = _TEACHING | {
    Permission.PROVIDER_EDIT,
    Permission.YEAR_PLAN_MAKE,
    Permission.MONEY_READ,
    Permission.MONEY_KEEP,
    Permission.GRADE_ASSESS,
    Permission.MATERIAL_SHARE,
}
_OWN_PLANS = {Permission.PLAN_TAKE_IN, Permission.PLAN_ISSUE}
_OWN_TASKS = {Permission.TASK_REPORT, Permission.TASK_COMMENT, Permission.OBSTACLE_RAISE}
_OWN_REPORTS = {Permission.REPORT_FILL, Permission.REPORT_SUBMIT}
_GATHERING = {*_OWN_REPORTS, Permission.REPORT_REVIEW}
_MEASURING = {Permission.INDICATOR_EDIT, Permission.TARGET_SET, Permission.FIGURE_PUBLISH}
_LEADING = {
    Permission.TASK_HAND_OVER,
    Permission.TASK_CONFIRM,
    Permission.TASK_REMIND,
    Permission.OBSTACLE_ANSWER,
    Permission.OBSTACLE_ESCALATE,
}

_ALL_ROLES = (
    Role(
        "province_leader",
        _("Lãnh đạo tỉnh"),
        _("Chủ tịch, Phó Chủ tịch UBND tỉnh và người được ủy quyền: theo dõi toàn tỉnh, đôn đốc, quyết định."),
        frozenset(
            _READING
            | {
                Permission.PLAN_ISSUE,
                Permission.TASK_CONFIRM,
                Permission.TASK_REMIND,
                Permission.TASK_COMMENT,
                Permission.OBSTACLE_ANSWER,
                Permission.OBSTACLE_DECIDE,
                Permission.REPORT_REVIEW,
                Permission.TARGET_SET,
                Permission.FIGURE_PUBLISH,
                Permission.MONEY_READ,
                Permission.REORGANISATION_APPROVE,
                Permission.USER_READ,
                Permission.TRAIL_READ,
            }
        ),
        ("province",),
    ),
    Role(
        "lead_department",
        _("Cơ quan thường trực"),
        _("Sở được giao làm đầu mối của kế hoạch: nhập kế hoạch, giao việc, đôn đốc, xác nhận, trả lời vướng mắc."),
        # Reporting for an agency is that agency's: its people hold the role of officer there besides.
        frozenset(
            _READING
            | _OWN_PLANS
            | _LEADING
            | _GATHERING
            | _MEASURING
            | {
                Permission.TASK_COMMENT,
                Permission.REPORT_ARRANGE,
                Permission.PROVIDER_EDIT,
                Permission.PROVIDER_FOUND,
                Permission.CATALOGUE_EDIT,
                Permission.MONEY_READ,
                Permission.GRADE_VERIFY,
                Permission.MATERIAL_SHARE,
            }
        ),
        ("province", "agency"),
    ),
    Role(
        "agency_officer",
        _("Chuyên viên cơ quan"),
        _("Người theo dõi nhiệm vụ ở sở, ban, ngành, đoàn thể, cơ quan báo chí: báo tiến độ, nêu vướng mắc."),
        frozenset(
            _READING
            | _OWN_PLANS
            | _OWN_TASKS
            | _OWN_REPORTS
            | {Permission.TASK_HAND_OVER, Permission.GRADE_ASSESS, Permission.MATERIAL_SHARE}
        ),
        ("agency",),
    ),
    Role(
        "district_officer",
        _("Chuyên viên cấp huyện"),
        _("Người theo dõi nhiệm vụ ở huyện, thành phố: báo tiến độ, giao việc, đôn đốc và trả lời vướng mắc của xã."),
        frozenset(
            _READING
            | _OWN_PLANS
            | _OWN_TASKS
            | _LEADING
            | _GATHERING
            | {
                Permission.PROVIDER_FOUND,
                Permission.MONEY_READ,
                Permission.GRADE_ASSESS,
                Permission.GRADE_VERIFY,
                Permission.MATERIAL_SHARE,
            }
        ),
        ("district",),
    ),
    Role(
        "commune_clerk",
        _("Công chức cấp xã"),
        _("Người theo dõi nhiệm vụ ở xã, phường, thị trấn: nhập kế hoạch của xã, báo tiến độ, nêu vướng mắc."),
        frozenset(
            _READING
            | _OWN_PLANS
            | _OWN_TASKS
            | _OWN_REPORTS
            | _RUNNING_A_CENTRE
            | {
                Permission.TASK_CONFIRM,
                Permission.TASK_REMIND,
                Permission.PROVIDER_FOUND,
                Permission.YEAR_PLAN_APPROVE,
            }
        ),
        ("commune",),
    ),
    Role(
        "centre_director",
        _("Quản lý trung tâm"),
        _("Giám đốc, phó giám đốc trung tâm học tập cộng đồng: lập kế hoạch, mở lớp, ghi danh, chi tiêu, tự xếp loại."),
        frozenset(_READING | _RUNNING_A_CENTRE),
        ("commune",),
    ),
    Role(
        "class_helper",
        _("Người giúp lớp"),
        _("Cộng tác viên ở ấp, khu phố: điểm danh trên điện thoại, kể cả khi không có sóng."),
        frozenset({Permission.LEARNING_READ, Permission.ATTENDANCE_TAKE, Permission.PERSON_READ, Permission.UNIT_READ}),
        ("commune",),
    ),
    Role(
        "finance_officer",
        _("Người theo dõi kinh phí"),
        _("Cơ quan tài chính: xem kinh phí, định mức và chứng từ của cơ sở học tập trong phạm vi; không thay đổi gì."),
        frozenset({Permission.LEARNING_READ, Permission.MONEY_READ, Permission.INDICATOR_READ, Permission.UNIT_READ}),
        ("province", "district", "commune"),
    ),
    Role(
        "reader",
        _("Người xem"),
        _("Chỉ xem kế hoạch, nhiệm vụ và tải bảng tổng hợp trong phạm vi; không thay đổi gì."),
        frozenset(_READING),
        ("province", "district", "commune", "agency"),
    ),
    Role(
        "administrator",
        _("Quản trị"),
        _("Quản lý người dùng, vai trò và danh mục đơn vị trong phạm vi; không làm thay việc của đơn vị."),
        frozenset(
            _READING
            | {
                Permission.UNIT_EDIT,
                Permission.REORGANISATION_PREPARE,
                Permission.USER_READ,
                Permission.USER_MANAGE,
                Permission.TRAIL_READ,
            }
        ),
        ("province", "district", "commune", "agency"),
    ),
)
ROLES: Mapping[str, Role] = {role.code: role for role in _ALL_ROLES}


def roles_with(permission: Permission) -> frozenset[str]:
    """The codes of the roles that carry a permission."""
    return frozenset(code for code, role in ROLES.items() if role.may(permission))


def role_choices() -> list[tuple[str, Promise]]:
    """Code and name of every role, for a form."""
    return [(role.code, role.name) for role in ROLES.values()]


def role_table() -> list[tuple[Promise, list[tuple[Permission, Promise, list[bool]]]]]:
    """Each field of work with its permissions, what they mean, and for every role in turn whether it carries them."""
    table = []
    for field, start in FIELDS:
        rows = [
            (permission, MEANING[permission], [role.may(permission) for role in ROLES.values()])
            for permission in Permission
            if permission.startswith(start)
        ]
        table.append((field, rows))
    return table


def describe() -> str:
    """This page as Markdown, for `docs/reference/roles.md`."""
    lines = [
        "# Vai trò và quyền",
        "",
        "Trang này được tạo từ `src/hieuhoc/registers/accounts/roles.py`; sửa ở đó rồi chạy",
        "`hieuhoc manage write_roles`. Một vai trò được giao cho một người, ở một đơn vị (gồm mọi đơn vị bên dưới),",
        "trong một khoảng thời gian. Ngoài phạm vi thì không thấy; trong phạm vi mà vai trò không cho phép thì bị",
        "từ chối.",
        "",
    ]
    for role in ROLES.values():
        lines += [f"## {role.name} (`{role.code}`)", "", f"{role.description}", ""]
        lines += [f"Giao được ở: {', '.join(str(LEVEL_NAMES[level]) for level in role.levels)}.", ""]
        lines += [f"- `{one}`: được {MEANING[one]}" for one in Permission if role.may(one)]
        lines += [""]
    return "\n".join(lines).rstrip() + "\n"
