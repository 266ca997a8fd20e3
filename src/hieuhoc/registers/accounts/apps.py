from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "hieuhoc.registers.accounts"
    label = "accounts"
    verbose_name = _("Tài khoản")

    # What the deeds of this app, and of the register beneath it, are called on the page of the trail.
    deeds = {
        "accounts.invitation.send": _("Gửi thư mời"),
        "accounts.invitation.send_again": _("Gửi lại thư mời"),
        "accounts.invitation.withdraw": _("Thu hồi thư mời"),
        "accounts.invitation.accept": _("Chấp nhận thư mời"),
        "accounts.invitation.pass_on": _("Chuyển thư mời sang đơn vị kế thừa"),
        "accounts.invitation.restore": _("Khôi phục thư mời như trước khi sắp xếp đơn vị"),
        "accounts.user.open": _("Mở tài khoản"),
        "accounts.user.change": _("Sửa thông tin cá nhân"),
        "accounts.user.suspend": _("Khóa tài khoản"),
        "accounts.user.restore": _("Mở khóa tài khoản"),
        "accounts.user.give_grant": _("Giao vai trò"),
        "accounts.user.end_grant": _("Kết thúc vai trò"),
        "accounts.user.take_back_grant": _("Thu hồi vai trò chưa có hiệu lực"),
        "accounts.user.restore_grant": _("Khôi phục vai trò như trước khi sắp xếp đơn vị"),
        "accounts.user.undo_grant": _("Bỏ vai trò có từ sắp xếp đơn vị"),
        "accounts.token.make": _("Tạo mã truy cập"),
        "accounts.token.withdraw": _("Thu hồi mã truy cập"),
        "places.unit.create": _("Thêm đơn vị"),
        "places.unit.change": _("Đổi thông tin đơn vị"),
        "places.unit.end": _("Kết thúc đơn vị"),
        "places.unit.add_alias": _("Thêm tên khác của đơn vị"),
        "places.unit.end_alias": _("Bỏ tên khác của đơn vị"),
        "places.unit.set_members": _("Đổi thành viên của nhóm"),
        "places.unit.record_size": _("Ghi số liệu quy mô"),
        "places.unit.remove_size": _("Bỏ số liệu quy mô"),
        "places.unit.take_back": _("Khôi phục đơn vị như trước khi sắp xếp"),
        "places.reorganisation.prepare": _("Soạn cuộc sắp xếp"),
        "places.reorganisation.change": _("Sửa thông tin cuộc sắp xếp"),
        "places.reorganisation.set_rows": _("Nạp các dòng sắp xếp"),
        "places.reorganisation.add_row": _("Thêm dòng sắp xếp"),
        "places.reorganisation.change_row": _("Sửa dòng sắp xếp"),
        "places.reorganisation.remove_row": _("Bỏ dòng sắp xếp"),
        "places.reorganisation.submit": _("Trình duyệt cuộc sắp xếp"),
        "places.reorganisation.return": _("Trả lại cuộc sắp xếp"),
        "places.reorganisation.approve": _("Duyệt cuộc sắp xếp"),
        "places.reorganisation.execute": _("Thực hiện cuộc sắp xếp"),
        "places.reorganisation.take_back": _("Lùi lại cuộc sắp xếp"),
        "places.reorganisation.discard": _("Bỏ bản soạn cuộc sắp xếp"),
        "places.reorganisation.restore": _("Lấy lại bản soạn cuộc sắp xếp"),
        "places.unit.load": _("Nạp danh mục đơn vị"),
    }
