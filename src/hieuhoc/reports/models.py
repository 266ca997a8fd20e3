"""Forms and their versions, kinds of report and their rounds, the submissions of units with their figures and words.

A figure that counts lives in the register of indicators; what a submission keeps of it is what the unit stated, why,
and a copy of what stood there when it was handed in.
"""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.records.models import Dated
from hieuhoc.foundation.ui.wording import choices
from hieuhoc.reports import states


class Form(models.Model):
    """What a report asks for, under one code through all its versions. Made by the lead department `owner`."""

    code = models.SlugField(_("mã"), max_length=60, unique=True)
    name = models.CharField(_("tên"), max_length=255)
    description = models.TextField(_("mô tả"), blank=True)
    owner = models.ForeignKey("places.Unit", models.PROTECT, related_name="forms", verbose_name=_("đơn vị lập"))

    class Meta:
        ordering = ["name"]
        verbose_name = _("biểu mẫu")
        verbose_name_plural = _("biểu mẫu")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("reports:form-detail", args=[self.code])


class FormVersion(models.Model):
    """One version of a form. `layout` is checked by `rules.layout`; in force it is followed, never changed."""

    form = models.ForeignKey(Form, models.PROTECT, related_name="versions", verbose_name=_("biểu mẫu"))
    number = models.PositiveSmallIntegerField(_("phiên bản"))
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=choices(states.FORM.choices()), default=states.FORM.start
    )
    layout = models.JSONField(_("nội dung"), default=dict)
    put_in_force_at = models.DateTimeField(_("đưa vào dùng lúc"), null=True, blank=True)

    class Meta:
        ordering = ["form", "-number"]
        verbose_name = _("phiên bản biểu mẫu")
        verbose_name_plural = _("phiên bản biểu mẫu")
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="reports_formversion_number"),
            models.UniqueConstraint(
                fields=["form"],
                condition=Q(state="draft"),
                name="reports_formversion_one_draft",
                violation_error_message=_("Biểu mẫu đã có một bản nháp."),
            ),
            models.UniqueConstraint(
                fields=["form"],
                condition=Q(state="in_force"),
                name="reports_formversion_one_in_force",
                violation_error_message=_("Biểu mẫu chỉ có một phiên bản đang dùng."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form} ({self.number})"


class ReportKind(Dated):
    """A regime of reporting: which form, on which calendar, by whom and to whom, closed and sent on which days.

    `levels` lists who reports among the units beneath `root` ("commune", "district", "province", "agency"); `sending`
    gives for each of them the days after the period's last day by which it is sent. Rounds open `opens_before` days
    before that last day.
    """

    class Category(models.TextChoices):
        PERIODIC = "periodic", _("định kỳ")
        THEMATIC = "thematic", _("chuyên đề")
        AD_HOC = "ad_hoc", _("đột xuất")

    code = models.SlugField(_("mã"), max_length=60, unique=True)
    name = models.CharField(_("tên"), max_length=255)
    category = models.CharField(_("loại"), max_length=10, choices=Category)
    form = models.ForeignKey(Form, models.PROTECT, related_name="kinds", verbose_name=_("biểu mẫu"))
    root = models.ForeignKey(
        "places.Unit",
        models.PROTECT,
        related_name="report_kinds",
        verbose_name=_("phạm vi"),
        help_text=_("Thường là tỉnh."),
    )
    recipient = models.ForeignKey(
        "places.Unit", models.PROTECT, related_name="reports_received", verbose_name=_("cơ quan nhận, tổng hợp")
    )
    agencies = models.ManyToManyField(
        "places.Unit", blank=True, related_name="report_kinds_owed", verbose_name=_("cơ quan phải báo cáo")
    )
    calendar = models.CharField(_("lịch báo cáo"), max_length=10)
    rhythm = models.CharField(_("nhịp"), max_length=8)
    levels = models.JSONField(_("cấp báo cáo"), default=list)
    sending = models.JSONField(_("hạn gửi theo cấp"), default=dict)
    opens_before = models.PositiveSmallIntegerField(_("mở trước ngày chốt (ngày)"), default=15)
    subject = models.CharField(_("trích yếu của báo cáo"), max_length=300)
    bases = models.JSONField(_("căn cứ"), default=list, blank=True)
    document = models.CharField(_("văn bản quy định"), max_length=255, blank=True)

    class Meta(Dated.Meta):
        abstract = False
        ordering = ["name"]
        verbose_name = _("loại báo cáo")
        verbose_name_plural = _("loại báo cáo")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("reports:kind-detail", args=[self.code])


class Round(models.Model):
    """One turn of a kind: all submissions of one period. `dues` gives the day of sending by level."""

    kind = models.ForeignKey(ReportKind, models.PROTECT, related_name="rounds", verbose_name=_("loại báo cáo"))
    period = models.ForeignKey(
        "indicators.ReportingPeriod", models.PROTECT, related_name="rounds", verbose_name=_("kỳ báo cáo")
    )
    version = models.ForeignKey(FormVersion, models.PROTECT, related_name="rounds", verbose_name=_("biểu mẫu"))
    opens_on = models.DateField(_("mở từ ngày"))
    closes_on = models.DateField(_("chốt số liệu"))
    dues = models.JSONField(_("hạn gửi"), default=dict)
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=choices(states.ROUND.choices()), default=states.ROUND.start
    )

    class Meta:
        ordering = ["-closes_on", "kind"]
        verbose_name = _("đợt báo cáo")
        verbose_name_plural = _("đợt báo cáo")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "period"],
                condition=~Q(state="cancelled"),
                name="reports_round_once",
                violation_error_message=_("Kỳ này đã có một đợt báo cáo."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind}, {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("reports:round-detail", args=[self.pk])


class Submission(models.Model):
    """The report of one unit in one round. Who handed it in, who returned and who approved it stays in view."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="submissions", verbose_name=_("đợt báo cáo"))
    unit = models.ForeignKey("places.Unit", models.PROTECT, related_name="submissions", verbose_name=_("đơn vị"))
    level = models.CharField(_("cấp"), max_length=10)
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=choices(states.SUBMISSION.choices()), default=states.SUBMISSION.start
    )
    due_on = models.DateField(_("hạn gửi"))
    extended_to = models.DateField(_("gia hạn đến"), null=True, blank=True)
    extended_why = models.TextField(_("lý do gia hạn"), blank=True, default="")
    joined_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="joined", verbose_name=_("gộp vào")
    )
    submitted_at = models.DateTimeField(_("nộp lúc"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("người nộp")
    )
    returned_at = models.DateTimeField(_("trả lại lúc"), null=True, blank=True)
    returned_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("người trả lại")
    )
    returned_why = models.TextField(_("lý do trả lại"), blank=True, default="")
    approved_at = models.DateTimeField(_("duyệt lúc"), null=True, blank=True)
    approved_by = models.ForeignKey(
        "accounts.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("người duyệt")
    )
    edition = models.PositiveIntegerField(default=0, editable=False)  # counts saves, so that two editors notice
    paper = models.JSONField(_("thông tin văn bản"), default=dict, blank=True)
    reminded_on = models.DateField(_("nhắc gần nhất"), null=True, blank=True)

    class Meta:
        ordering = ["round", "unit__sort_key"]
        verbose_name = _("báo cáo")
        verbose_name_plural = _("báo cáo")
        constraints = [
            models.UniqueConstraint(fields=["round", "unit"], name="reports_submission_once"),
            models.CheckConstraint(
                condition=Q(joined_into__isnull=True) | Q(state="joined"), name="reports_submission_joined_says_so"
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True, submitted_by__isnull=True)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="reports_submission_who_and_when",
            ),
            models.CheckConstraint(
                condition=Q(extended_to__isnull=True) | Q(extended_to__gte=F("due_on")),
                name="reports_submission_extended_later",
                violation_error_message=_("Hạn mới không được sớm hơn hạn cũ."),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state", "due_on"], name="reports_submission_owed"),
            models.Index(fields=["round", "state"], name="reports_submission_of_round"),
        ]

    def __str__(self) -> str:
        return f"{self.round}: {self.unit}"

    def get_absolute_url(self) -> str:
        return reverse("reports:submission-detail", args=[self.pk])

    @property
    def deadline(self) -> date:
        """The day by which it is to be sent, an extension included."""
        return self.extended_to or self.due_on


class Figure(models.Model):
    """One cell of a submission: what the unit stated, and what stood there when it was handed in.

    `key` names the cell in the layout. `stated` (with `reason` where it differs) is what a person gave; in the report
    of a unit with others beneath it, a remark beside the total, never a part of it. `shown / shown_of` is the copy of
    the computed value at the hand-in (unknown: none), standing on `reported` of `expected`.
    """

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="figures")
    key = models.CharField(max_length=160)
    indicator = models.ForeignKey("indicators.Indicator", models.PROTECT, related_name="+", null=True, blank=True)
    by = models.CharField(max_length=120, blank=True, default="")
    stated = models.BigIntegerField(_("số đơn vị báo"), null=True, blank=True)
    reason = models.TextField(_("lý do"), blank=True, default="")
    shown = models.BigIntegerField(null=True, blank=True)
    shown_of = models.BigIntegerField(null=True, blank=True)
    reported = models.PositiveIntegerField(null=True, blank=True)
    expected = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["submission", "key"]
        verbose_name = _("số liệu của báo cáo")
        verbose_name_plural = _("số liệu của báo cáo")
        constraints = [models.UniqueConstraint(fields=["submission", "key"], name="reports_figure_once")]

    def __str__(self) -> str:
        return self.key


class Narrative(models.Model):
    """What a submission says in words, or chose from a list, in one place of the layout."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="narratives")
    key = models.CharField(max_length=160)
    text = models.TextField(_("nội dung"), blank=True, default="")

    class Meta:
        ordering = ["submission", "key"]
        verbose_name = _("phần lời của báo cáo")
        verbose_name_plural = _("phần lời của báo cáo")
        constraints = [models.UniqueConstraint(fields=["submission", "key"], name="reports_narrative_once")]

    def __str__(self) -> str:
        return self.key


class Comment(models.Model):
    """A word on one cell, or on the whole when `key` is empty, that waits until it is settled."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="comments")
    key = models.CharField(max_length=160, blank=True, default="")
    text = models.TextField(_("ý kiến"))
    author = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name=_("người viết"))
    at = models.DateTimeField(_("lúc"))
    settled_at = models.DateTimeField(_("xong lúc"), null=True, blank=True)

    class Meta:
        ordering = ["submission", "at", "pk"]
        verbose_name = _("ý kiến về báo cáo")
        verbose_name_plural = _("ý kiến về báo cáo")

    def __str__(self) -> str:
        return self.text[:80]


class Visit(models.Model):
    """When somebody last looked at the page of a unit, so that the page can say what changed since."""

    user = models.ForeignKey("accounts.User", models.CASCADE, related_name="+")
    unit = models.ForeignKey("places.Unit", models.CASCADE, related_name="+")
    at = models.DateTimeField()
    before = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "unit"], name="reports_visit_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.unit_id}"


class Boundary(Dated):
    """The shape of a unit on the map, as an administrator imported it: GeoJSON rings of longitude and latitude."""

    unit = models.ForeignKey("places.Unit", models.PROTECT, related_name="boundaries", verbose_name=_("đơn vị"))
    rings = models.JSONField()
    source = models.CharField(_("nguồn"), max_length=255)

    class Meta(Dated.Meta):
        abstract = False
        verbose_name = _("ranh giới")
        verbose_name_plural = _("ranh giới")
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["unit", "valid_from"], name="reports_boundary_once"),
        ]

    def __str__(self) -> str:
        return str(self.unit)


class Counting(models.Model):
    """How far what the apps count has been taken in; one row."""

    line = models.BigIntegerField(default=0)  # of the trail, up to which changes are in the figures
    whole_at = models.DateTimeField()  # when everything open was last counted, in every rhythm

    def __str__(self) -> str:
        return str(self.line)
