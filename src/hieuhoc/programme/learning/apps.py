from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LearningConfig(AppConfig):
    name = "hieuhoc.programme.learning"
    label = "learning"
    verbose_name = _("Học tập")

    # The ways from a person to the units where they learn, for whoever may see people there.
    people_at = ("enrolments__activity__provider__unit",)
    # What the page of a person leads to: the name of an address that takes the person's number, and its words.
    people_pages = (("learning:person-learning", _("Các lớp đã học")),)

    # What each deed in the trail is called; each area adds its own lines in order.
    deeds = {
        "learning.provider.add": _("Ghi cơ sở vào danh bạ"),
        "learning.provider.found": _("Thành lập, ghi cơ sở vào danh bạ"),
        "learning.provider.edit": _("Sửa thông tin cơ sở"),
        "learning.provider.end": _("Kết thúc cơ sở"),
        "learning.provider.succeed": _("Sắp xếp cơ sở"),
        "learning.provider.undo": _("Lùi lần sắp xếp cơ sở"),
        "learning.provider.follow": _("Chuyển cơ sở sang đơn vị kế thừa"),
        "learning.provider.take_back": _("Chuyển cơ sở về đơn vị cũ"),
        "learning.post.appoint": _("Bổ nhiệm, ghi người giữ vị trí"),
        "learning.post.end": _("Cho thôi giữ vị trí"),
        "learning.room.add": _("Thêm phòng"),
        "learning.room.edit": _("Sửa phòng"),
        "learning.room.remove": _("Bỏ phòng"),
        "learning.equipment.add": _("Thêm trang thiết bị"),
        "learning.equipment.edit": _("Sửa trang thiết bị"),
        "learning.equipment.remove": _("Bỏ trang thiết bị"),
        "learning.topic.load": _("Nạp chủ đề kèm theo phần mềm"),
        "learning.topic.add": _("Thêm chủ đề"),
        "learning.topic.edit": _("Sửa chủ đề"),
        "learning.topic.end": _("Thôi dùng chủ đề"),
        "learning.yearplan.begin": _("Lập kế hoạch năm"),
        "learning.yearplan.edit": _("Sửa mục tiêu của kế hoạch năm"),
        "learning.yearplan.plan_class": _("Đưa lớp vào kế hoạch năm"),
        "learning.yearplan.drop_class": _("Bỏ lớp khỏi kế hoạch năm"),
        "learning.yearplan.copy": _("Chép kế hoạch năm trước"),
        "learning.yearplan.submit": _("Trình kế hoạch năm"),
        "learning.yearplan.withdraw": _("Rút kế hoạch năm"),
        "learning.yearplan.return": _("Trả lại kế hoạch năm"),
        "learning.yearplan.approve": _("Duyệt kế hoạch năm"),
        "learning.yearplan.reopen": _("Mở lại kế hoạch năm"),
        "learning.need.note": _("Ghi nhu cầu học tập"),
        "learning.need.drop": _("Bỏ dòng nhu cầu học tập"),
        "learning.enrolment.ask": _("Ghi danh"),
        "learning.enrolment.admit": _("Nhận vào lớp từ danh sách chờ"),
        "learning.enrolment.complete": _("Ghi là hoàn thành"),
        "learning.enrolment.undo": _("Bỏ ghi hoàn thành"),
        "learning.enrolment.cancel": _("Thôi học"),
        "learning.enrolment.return": _("Ghi danh lại"),
        "learning.activity.make": _("Lập lớp, chuyên đề"),
        "learning.activity.edit": _("Sửa lớp, chuyên đề"),
        "learning.activity.open": _("Mở lớp"),
        "learning.activity.end": _("Kết thúc lớp"),
        "learning.activity.reopen": _("Mở lại lớp"),
        "learning.activity.cancel": _("Hủy lớp"),
        "learning.activity.add_organiser": _("Thêm đơn vị phối hợp"),
        "learning.activity.remove_organiser": _("Bỏ đơn vị phối hợp"),
        "learning.activity.pass_on": _("Đổi đơn vị chủ trì"),
        "learning.activity.link_task": _("Gắn lớp với nhiệm vụ"),
        "learning.activity.unlink_task": _("Thôi gắn lớp với nhiệm vụ"),
        "learning.activity.add_speaker": _("Thêm báo cáo viên"),
        "learning.activity.remove_speaker": _("Bỏ báo cáo viên"),
        "learning.activity.keep_photo": _("Gửi ảnh, minh chứng của lớp"),
        "learning.session.add": _("Thêm buổi học"),
        "learning.session.move": _("Dời, sửa buổi học"),
        "learning.session.cancel": _("Hủy buổi học"),
        "learning.session.restore": _("Khôi phục buổi học"),
        "learning.session.undo": _("Bỏ ghi là đã học"),
        "learning.session.hold": _("Ghi là đã học"),
        "learning.attendance.take": _("Điểm danh"),
        "learning.attendance.settle": _("Xử lý chỗ điểm danh khác nhau"),
        "learning.certificate.issue": _("Cấp giấy chứng nhận"),
        "learning.certificate.revoke": _("Thu hồi giấy chứng nhận"),
        "learning.session.remind": _("Nhắc người học về buổi học"),
        "learning.norm.load": _("Nạp mức hỗ trợ kèm theo phần mềm"),
        "learning.norm.set": _("Đặt định mức hỗ trợ"),
        "learning.area.set": _("Ghi khu vực của xã"),
        "learning.allocation.note": _("Ghi dự toán, kinh phí được giao"),
        "learning.allocation.cancel": _("Hủy dòng dự toán, kinh phí được giao"),
        "learning.spending.note": _("Ghi khoản chi"),
        "learning.spending.cancel": _("Hủy khoản chi"),
        "learning.gradingset.load": _("Nạp bộ tiêu chí kèm theo phần mềm"),
        "learning.gradingset.draft": _("Soạn bộ tiêu chí xếp loại"),
        "learning.gradingset.edit": _("Sửa bộ tiêu chí xếp loại"),
        "learning.gradingset.put_in_force": _("Ban hành bộ tiêu chí xếp loại"),
        "learning.gradingset.retire": _("Thôi dùng bộ tiêu chí xếp loại"),
        "learning.assessment.begin": _("Bắt đầu tự xếp loại"),
        "learning.assessment.assess": _("Tự chấm điểm"),
        "learning.assessment.submit": _("Gửi phiếu tự xếp loại"),
        "learning.assessment.withdraw": _("Rút phiếu tự xếp loại"),
        "learning.assessment.return": _("Trả lại phiếu tự xếp loại"),
        "learning.assessment.verify": _("Thẩm định, xếp loại trung tâm"),
        "learning.assessment.reopen": _("Mở lại thẩm định"),
        "learning.topicwatch.ask": _("Đăng ký báo tin khi có lớp mới"),
        "learning.topicwatch.drop": _("Thôi nhận tin khi có lớp mới"),
    }

    # Changes in the trail that are no column of the row they belong to.
    changes = {
        "predecessors": _("cơ sở trước"),
        "successor": _("cơ sở kế tục"),
        "manner": _("cách thức"),
    }
