from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    name = "hieuhoc.foundation.records"
    label = "records"
    verbose_name = _("Nhật ký và tệp")
