from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LearningConfig(AppConfig):
    name = "hieuhoc.programme.learning"
    label = "learning"
    verbose_name = _("Học tập")

    # What each deed in the trail is called; each area adds its own lines in order.
    deeds = {
        "learning.provider.add": _("Ghi cơ sở vào danh bạ"),
        "learning.provider.edit": _("Sửa thông tin cơ sở"),
    }
