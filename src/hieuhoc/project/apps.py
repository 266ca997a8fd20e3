from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from hieuhoc.project import logs


class ProjectConfig(AppConfig):
    name = "hieuhoc.project"
    label = "project"
    verbose_name = _("Hệ thống")

    def ready(self) -> None:
        logs.configure()
