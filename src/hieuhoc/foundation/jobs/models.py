"""Jobs and what became of each of their items."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.jobs import states
from hieuhoc.foundation.ui.wording import choices


class Job(models.Model):
    """One piece of long work. `done` of `total` items are through; each has a `Result`.

    `seen_at` is the last sign of life, by the machine's own clock: of the queue while the job waits, of its worker
    while it runs. `attempts` counts the workers that took it; a worker that was overtaken by another writes nothing.
    """

    kind = models.CharField(max_length=60)
    title = models.CharField(_("việc"), max_length=255)
    owner_key = models.CharField(max_length=60)
    owner_name = models.CharField(_("người giao"), max_length=200)
    state = models.CharField(
        _("trạng thái"), max_length=8, choices=choices(states.JOB.choices()), default=states.JOB.start
    )
    parameters = models.JSONField(default=dict)
    done = models.PositiveIntegerField(_("đã làm"), default=0)
    total = models.PositiveIntegerField(_("tất cả"), default=0)
    note = models.TextField(_("ghi chú"), blank=True, default="")
    result = models.ForeignKey(
        "records.Attachment", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tệp kết quả")
    )
    attempts = models.PositiveSmallIntegerField(_("số lần thử"), default=0)
    task = models.UUIDField(null=True, blank=True)
    worker = models.CharField(max_length=64, blank=True, default="")
    seen_at = models.DateTimeField()
    queued_at = models.DateTimeField(_("giao lúc"))
    started_at = models.DateTimeField(_("bắt đầu lúc"), null=True, blank=True)
    ended_at = models.DateTimeField(_("kết thúc lúc"), null=True, blank=True)

    class Meta:
        ordering = ["-queued_at", "-pk"]
        verbose_name = _("việc chạy nền")
        verbose_name_plural = _("việc chạy nền")
        indexes = [
            models.Index(fields=["owner_key", "-queued_at"], name="jobs_job_of_owner"),
            models.Index(fields=["state", "seen_at"], condition=Q(state__in=states.OPEN), name="jobs_job_open"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("jobs:detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether something may still happen to it."""
        return self.state in states.OPEN


class Result(models.Model):
    """What became of one item of a job; `faults` are sentences."""

    class Outcome(models.TextChoices):
        OK = "ok", _("đã nhận")
        REFUSED = "refused", _("không nhận")

    job = models.ForeignKey(Job, models.CASCADE, related_name="results")
    name = models.CharField(_("tên"), max_length=300)
    outcome = models.CharField(_("kết quả"), max_length=8, choices=Outcome)
    message = models.TextField(_("nội dung"), blank=True, default="")
    url = models.CharField(max_length=300, blank=True, default="")
    faults = models.JSONField(_("lỗi"), default=list, blank=True)

    class Meta:
        ordering = ["job", "pk"]
        verbose_name = _("kết quả của việc chạy nền")
        verbose_name_plural = _("kết quả của việc chạy nền")
        constraints = [models.UniqueConstraint(fields=["job", "name"], name="jobs_result_once")]

    def __str__(self) -> str:
        return self.name
