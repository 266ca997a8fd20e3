"""What is counted: definitions of indicators, facts, totals, targets."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndicatorsConfig(AppConfig):
    name = "hieuhoc.registers.indicators"
    label = "indicators"
    verbose_name = _("Chỉ số")

    # What the changes in the trail are called that are no columns.
    changes = {
        "facts": _("số liệu gốc"),
        "period": _("kỳ"),
        "totals": _("số tổng hợp"),
        "unit": _("đơn vị"),
        "value": _("giá trị"),
    }

    # What each deed in the trail is called.
    deeds = {
        "indicators.definition.load": _("Nạp định nghĩa chỉ số"),
        "indicators.definition.draft": _("Soạn định nghĩa chỉ số"),
        "indicators.definition.revise": _("Sửa bản nháp của chỉ số"),
        "indicators.definition.put_in_force": _("Đưa chỉ số vào dùng"),
        "indicators.definition.end": _("Kết thúc chỉ số"),
        "indicators.breakdown.load": _("Nạp phân tổ"),
        "indicators.breakdown.edit": _("Sửa phân tổ"),
        "indicators.target.set": _("Giao chỉ tiêu"),
        "indicators.target.take_back": _("Bỏ chỉ tiêu"),
        "indicators.fact.state": _("Nhập số liệu"),
        "indicators.fact.count": _("Đếm số liệu từ sổ sách"),
        "indicators.reportingperiod.publish": _("Công bố số liệu"),
        "indicators.reportingperiod.unpublish": _("Thôi công bố số liệu"),
        "indicators.total.fall_back": _("Số tổng hợp trở lại tạm tính"),
    }
