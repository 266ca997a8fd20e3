from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "hieuhoc.reports"
    label = "reports"
    verbose_name = _("Báo cáo")

    # What the changes in the trail are called that are no columns.
    changes = {
        "units": _("số đơn vị"),
        "figures": _("ô số liệu"),
        "submissions": _("số báo cáo"),
        "totals": _("số tổng hợp"),
    }

    # What each deed in the trail is called.
    deeds = {
        "reports.boundary.import": _("Nhập ranh giới đơn vị"),
        "reports.form.draft": _("Lập biểu mẫu"),
        "reports.formversion.draft": _("Lập phiên bản biểu mẫu"),
        "reports.formversion.edit": _("Sửa bản nháp biểu mẫu"),
        "reports.formversion.load": _("Nạp biểu mẫu kèm theo phần mềm"),
        "reports.formversion.put_in_force": _("Đưa biểu mẫu vào dùng"),
        "reports.formversion.retire": _("Ngừng dùng phiên bản biểu mẫu"),
        "reports.formversion.discard": _("Bỏ bản nháp biểu mẫu"),
        "reports.reportkind.define": _("Lập loại báo cáo"),
        "reports.reportkind.edit": _("Sửa loại báo cáo"),
        "reports.reportkind.end": _("Kết thúc loại báo cáo"),
        "reports.reportkind.succeed": _("Loại báo cáo chuyển sang đơn vị kế thừa"),
        "reports.round.open": _("Mở đợt báo cáo"),
        "reports.round.close": _("Khép đợt báo cáo"),
        "reports.round.reopen": _("Mở lại đợt báo cáo"),
        "reports.round.cancel": _("Hủy đợt báo cáo"),
        "reports.round.publish": _("Công bố số liệu của đợt"),
        "reports.submission.fill": _("Lưu báo cáo"),
        "reports.submission.submit": _("Nộp báo cáo"),
        "reports.submission.withdraw": _("Rút báo cáo"),
        "reports.submission.return": _("Trả lại báo cáo"),
        "reports.submission.approve": _("Duyệt báo cáo"),
        "reports.submission.lock": _("Khóa báo cáo"),
        "reports.submission.unlock": _("Mở khóa báo cáo"),
        "reports.submission.excuse": _("Cho không phải nộp"),
        "reports.submission.ask_again": _("Yêu cầu nộp lại"),
        "reports.submission.extend": _("Gia hạn"),
        "reports.submission.comment": _("Ý kiến về báo cáo"),
        "reports.submission.note_paper": _("Ghi thông tin văn bản"),
        "reports.submission.import": _("Nhập báo cáo đã có"),
        "reports.submission.remind": _("Nhắc nộp báo cáo"),
        "reports.submission.join": _("Gộp vào báo cáo của đơn vị kế thừa"),
        "reports.submission.succeed": _("Lập báo cáo cho đơn vị kế thừa"),
        "reports.submission.take_back": _("Trở lại như trước sắp xếp đơn vị"),
    }
