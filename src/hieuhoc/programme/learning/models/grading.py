"""The yearly survey and grading of a body, by a versioned set that the province writes for its kind."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.records.models import Dated
from hieuhoc.foundation.ui.wording import choices
from hieuhoc.programme.learning import states
from hieuhoc.programme.learning.models.providers import Provider
from hieuhoc.programme.learning.rules import kinds


class GradingSet(Dated):
    """A set of criteria in groups, with points and the limits of the grades.

    `content` is {"groups": [{"key", "name", "criteria": [{"key", "name", "most", "guidance"}]}],
    "grades": [{"key", "name", "from"}], "questions": [{"key", "name", "kind"}]}; rules/grading.py reads and checks it.
    """

    code = models.SlugField(_("mã"), max_length=60)
    number = models.PositiveSmallIntegerField(_("phiên bản"), default=1)
    name = models.CharField(_("tên"), max_length=255)
    provider_kind = models.CharField(
        _("dùng cho"), max_length=16, choices=choices(kinds.PROVIDERS.items()), default="clc"
    )
    source = models.CharField(_("văn bản"), max_length=255, blank=True)
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=choices(states.GRADING.choices()), default=states.GRADING.start
    )
    content = models.JSONField(_("nội dung"), default=dict)
    edition = models.PositiveIntegerField(default=1, editable=False)

    class Meta(Dated.Meta):
        abstract = False
        ordering = ["code", "-number"]
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["code", "number"], name="learning_gradingset_number"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.number})"


class Assessment(models.Model):
    """A body's year by a grading set: its own points, those of the level above, and the grade."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="assessments", verbose_name=_("trung tâm"))
    year = models.PositiveSmallIntegerField(_("năm"))
    grading = models.ForeignKey(GradingSet, models.PROTECT, related_name="assessments", verbose_name=_("bộ tiêu chí"))
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=choices(states.ASSESSMENT.choices()), default=states.ASSESSMENT.start
    )
    own = models.JSONField(_("tự chấm"), default=dict)  # {criterion: {"points": 8, "note": "…"}}
    verified = models.JSONField(_("thẩm định"), default=dict)
    answers = models.JSONField(_("khảo sát"), default=dict)  # {question: answer}
    total = models.DecimalField(_("tổng điểm"), max_digits=6, decimal_places=2, null=True, blank=True)
    grade = models.CharField(_("xếp loại"), max_length=10, blank=True)
    submitted_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(_("gửi lúc"), null=True, blank=True)
    verified_at = models.DateTimeField(_("thẩm định lúc"), null=True, blank=True)
    edition = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["-year", "provider"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "year"],
                name="learning_assessment_once",
                violation_error_message=_("Trung tâm đã có phiếu của năm này."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider}, {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("learning:assessment", args=[self.provider.key, self.year])
