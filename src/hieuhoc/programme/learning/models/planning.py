"""What a centre means to do in a year: topics, what people need, planned classes."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.records.models import Dated
from hieuhoc.foundation.ui.wording import choices
from hieuhoc.programme.learning import states
from hieuhoc.programme.learning.models.providers import Provider
from hieuhoc.programme.learning.rules import kinds


class Topic(Dated):
    """A topic of the catalogue, in one of the fields of Circular 18/2024/TT-BGDĐT."""

    code = models.SlugField(_("mã"), max_length=60, unique=True)
    name = models.CharField(_("chủ đề"), max_length=255)
    folded = models.CharField(max_length=255, editable=False)
    field = models.CharField(_("lĩnh vực"), max_length=12, choices=choices(kinds.FIELDS.items()))
    source = models.CharField(_("văn bản"), max_length=255, blank=True)
    tags = models.CharField(_("từ khóa"), max_length=255, blank=True, help_text=_("Cách nhau bằng dấu phẩy."))

    class Meta(Dated.Meta):
        abstract = False
        ordering = ["field", "name"]
        verbose_name = _("chủ đề")
        verbose_name_plural = _("chủ đề")

    def __str__(self) -> str:
        return self.name


class YearPlan(models.Model):
    """A centre's plan of one year, approved by its commune."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="year_plans", verbose_name=_("trung tâm"))
    year = models.PositiveSmallIntegerField(_("năm"))
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=choices(states.YEAR_PLAN.choices()), default=states.YEAR_PLAN.start
    )
    summary = models.TextField(_("mục tiêu, ghi chú"), blank=True)
    submitted_at = models.DateTimeField(_("trình lúc"), null=True, blank=True)
    submitted_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(_("duyệt lúc"), null=True, blank=True)
    edition = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["-year", "provider"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "year"],
                name="learning_yearplan_once",
                violation_error_message=_("Trung tâm đã có kế hoạch của năm này."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider}, {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("learning:year-plan", args=[self.provider.key, self.year])


class Need(models.Model):
    """What people of a place said that they would learn, gathered for a year."""

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="needs", verbose_name=_("trung tâm"))
    year = models.PositiveSmallIntegerField(_("năm"))
    unit = models.ForeignKey("places.Unit", models.PROTECT, related_name="+", verbose_name=_("ấp, khu phố"))
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="needs", verbose_name=_("chủ đề")
    )
    words = models.CharField(_("nhu cầu khác"), max_length=255, blank=True)
    people = models.PositiveIntegerField(_("số người"))
    noted_at = models.DateTimeField(_("ghi lúc"))

    class Meta:
        ordering = ["year", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(topic__isnull=False) | ~Q(words=""),
                name="learning_need_says_what",
                violation_error_message=_("Chọn chủ đề hoặc ghi nhu cầu."),
            )
        ]

    def __str__(self) -> str:
        return self.words or str(self.topic)


class PlannedClass(models.Model):
    """One class that a year's plan holds in view."""

    plan = models.ForeignKey(YearPlan, models.CASCADE, related_name="classes")
    title = models.CharField(_("tên lớp, chuyên đề"), max_length=255)
    kind = models.CharField(_("hình thức"), max_length=12, choices=choices(kinds.ACTIVITIES.items()), default="talk")
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="planned", verbose_name=_("chủ đề")
    )
    month = models.PositiveSmallIntegerField(_("tháng"))
    place = models.CharField(_("địa điểm"), max_length=255, blank=True)
    speaker = models.CharField(_("báo cáo viên"), max_length=255, blank=True)
    organisers = models.CharField(_("đơn vị phối hợp"), max_length=255, blank=True)
    learners = models.PositiveIntegerField(_("số người dự kiến"), null=True, blank=True)
    cost = models.PositiveBigIntegerField(_("kinh phí dự kiến (đồng)"), null=True, blank=True)
    source = models.CharField(_("nguồn kinh phí"), max_length=12, blank=True, choices=choices(kinds.SOURCES.items()))

    class Meta:
        ordering = ["plan", "month", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(month__gte=1, month__lte=12),
                name="learning_plannedclass_month",
                violation_error_message=_("Tháng phải từ 1 đến 12."),
            )
        ]

    def __str__(self) -> str:
        return self.title
