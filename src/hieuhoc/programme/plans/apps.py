from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    name = "hieuhoc.programme.plans"
    label = "plans"
    verbose_name = _("Kế hoạch")

    # What the changes in the trail are called that are no columns.
    changes = {
        "evidence": _("minh chứng"),
        "tasks": _("số nhiệm vụ"),
        "assignments": _("số việc"),
        "links": _("số đề xuất"),
    }

    # What each deed in the trail is called.
    deeds = {
        "plans.plan.take_in": _("Đưa văn bản vào"),
        "plans.plan.edit_header": _("Sửa thông tin văn bản"),
        "plans.plan.issue": _("Xác nhận và giao nhiệm vụ"),
        "plans.plan.discard": _("Bỏ bản đọc"),
        "plans.plan.restore": _("Lấy lại bản đọc"),
        "plans.plan.close": _("Kết thúc kế hoạch"),
        "plans.plan.reopen": _("Mở lại kế hoạch"),
        "plans.draft.correct": _("Sửa bản đọc"),
        "plans.draft.undo": _("Hoàn tác trên bản đọc"),
        "plans.assignment.assign": _("Giao việc"),
        "plans.assignment.open_turn": _("Mở kỳ mới"),
        "plans.assignment.accept": _("Nhận việc"),
        "plans.assignment.report": _("Báo tiến độ"),
        "plans.assignment.complete": _("Báo hoàn thành"),
        "plans.assignment.withdraw": _("Rút báo hoàn thành"),
        "plans.assignment.confirm": _("Xác nhận hoàn thành"),
        "plans.assignment.return": _("Trả lại"),
        "plans.assignment.hand_over": _("Chuyển việc"),
        "plans.assignment.cancel": _("Hủy việc"),
        "plans.assignment.reinstate": _("Giao lại việc đã hủy"),
        "plans.assignment.succeed": _("Chuyển sang đơn vị kế thừa"),
        "plans.assignment.join": _("Gộp vào việc của đơn vị kế thừa"),
        "plans.assignment.take_back": _("Trở lại như trước sắp xếp đơn vị"),
        "plans.task.succeed": _("Vai trò trong nhiệm vụ chuyển sang đơn vị kế thừa"),
        "plans.plan.succeed": _("Đầu mối chuyển sang đơn vị kế thừa"),
        "plans.plan.take_back": _("Đầu mối trở lại như trước sắp xếp đơn vị"),
        "plans.obstacle.succeed": _("Vướng mắc chuyển sang đơn vị kế thừa"),
        "plans.obstacle.take_back": _("Vướng mắc trở lại như trước sắp xếp đơn vị"),
        "plans.assignment.set_due": _("Đặt hạn"),
        "plans.assignment.remind": _("Đôn đốc"),
        "plans.evidence.add": _("Thêm minh chứng"),
        "plans.evidence.remove": _("Gỡ minh chứng"),
        "plans.evidence.restore": _("Lấy lại minh chứng"),
        "plans.comment.add": _("Ý kiến"),
        "plans.calendar.renew": _("Đổi địa chỉ lịch"),
        "plans.obstacle.raise": _("Nêu vướng mắc"),
        "plans.obstacle.answer": _("Trả lời vướng mắc"),
        "plans.obstacle.escalate": _("Chuyển vướng mắc lên cấp trên"),
        "plans.obstacle.close": _("Đóng vướng mắc"),
        "plans.obstacle.reopen": _("Nêu lại vướng mắc"),
        "plans.obstacle.withdraw": _("Rút vướng mắc"),
        "plans.link.propose": _("Tìm nhiệm vụ tương ứng của cấp trên"),
        "plans.tasklink.add": _("Gắn với nhiệm vụ cấp trên"),
        "plans.tasklink.confirm": _("Xác nhận gắn với nhiệm vụ cấp trên"),
        "plans.tasklink.reject": _("Bỏ gắn với nhiệm vụ cấp trên"),
    }
