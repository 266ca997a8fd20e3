from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "hieuhoc.reports"
    label = "reports"
    verbose_name = _("Báo cáo")

    # What the changes in the trail are called that are no columns.
    changes = {
        "units": _("số đơn vị"),
    }

    # What each deed in the trail is called.
    deeds = {
        "reports.boundary.import": _("Nhập ranh giới đơn vị"),
    }
