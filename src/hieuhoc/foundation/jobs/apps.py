from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    name = "hieuhoc.foundation.jobs"
    label = "jobs"
    verbose_name = _("Việc chạy nền")

    # What each deed in the trail is called.
    deeds = {
        "jobs.job.queue": _("Giao việc chạy nền"),
        "jobs.job.start": _("Bắt đầu việc chạy nền"),
        "jobs.job.put_back": _("Xếp lại việc chạy nền"),
        "jobs.job.finish": _("Xong việc chạy nền"),
        "jobs.job.fail": _("Việc chạy nền không xong"),
        "jobs.job.stop": _("Dừng việc chạy nền"),
    }
