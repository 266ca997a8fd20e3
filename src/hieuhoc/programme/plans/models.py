"""Plans and their sections and tasks; assignments, progress and evidence; obstacles; links between plans."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.ui.wording import choices
from hieuhoc.programme.plans import rules, states


class Plan(models.Model):
    """An official document that orders tasks, from the first reading to its end."""

    kind = models.CharField(_("loại văn bản"), max_length=60, default="Kế hoạch")
    number = models.CharField(_("số, ký hiệu"), max_length=60, blank=True)
    subject = models.TextField(_("trích yếu"))
    issued_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    place = models.CharField(_("nơi ban hành"), max_length=120, blank=True)
    issuer_name = models.CharField(_("cơ quan ban hành, như văn bản ghi"), max_length=250, blank=True)
    issuer = models.ForeignKey(
        "places.Unit", models.PROTECT, related_name="plans_issued", verbose_name=_("cơ quan ban hành")
    )
    lead = models.ForeignKey(
        "places.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="plans_led",
        verbose_name=_("cơ quan đầu mối"),
        help_text=_("Theo dõi, đôn đốc, xác nhận kết quả và nhận vướng mắc của kế hoạch này."),
    )
    signer_name = models.CharField(_("người ký"), max_length=120, blank=True)
    signer_post = models.CharField(_("chức vụ người ký"), max_length=120, blank=True)
    above = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="below",
        verbose_name=_("thực hiện kế hoạch cấp trên"),
    )
    state = models.CharField(
        _("trạng thái"), max_length=12, choices=choices(states.PLAN.choices()), default=states.PLAN.start
    )
    file = models.ForeignKey("records.Attachment", models.PROTECT, related_name="+", verbose_name=_("tệp gốc"))
    text_digest = models.CharField(max_length=64, db_index=True)
    folded = models.TextField(editable=False)
    taken_in_at = models.DateTimeField(_("đưa vào lúc"))
    issued_at = models.DateTimeField(_("xác nhận lúc"), null=True, blank=True)

    class Meta:
        ordering = ["-issued_on", "-pk"]
        verbose_name = _("kế hoạch")
        verbose_name_plural = _("kế hoạch")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "discarded"]) | Q(issued_at__isnull=False, lead__isnull=False),
                name="plans_plan_issued_has_lead",
                violation_error_message=_("Kế hoạch đang thực hiện phải có cơ quan đầu mối."),
            ),
            models.UniqueConstraint(
                fields=["issuer", "text_digest"],
                condition=~Q(state="discarded"),
                name="plans_plan_document_once",
                violation_error_message=_("Văn bản này đã được đưa vào trước đây."),
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.subject[:80]

    def get_absolute_url(self) -> str:
        return reverse("plans:plan-review" if self.state == "draft" else "plans:plan-detail", args=[self.pk])


class Reading(models.Model):
    """What the reader made of a plan's file: its lines, and what hangs on the document as a whole."""

    plan = models.OneToOneField(Plan, models.CASCADE, related_name="reading")
    lines = models.JSONField()  # the text, line by line
    bases = models.JSONField(default=list)
    references = models.JSONField(default=list)
    recipients = models.JSONField(default=list)
    targets = models.JSONField(default=list)
    notes = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.plan)


class Section(models.Model):
    """A numbered heading of a plan."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="sections")
    path = models.CharField(_("mục"), max_length=60)
    number = models.CharField(max_length=20, blank=True)
    heading = models.TextField(_("tiêu đề"))
    level = models.PositiveSmallIntegerField()
    position = models.PositiveIntegerField()
    first_line = models.PositiveIntegerField(default=0)
    last_line = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["plan", "position"]
        constraints = [models.UniqueConstraint(fields=["plan", "position"], name="plans_section_position")]

    def __str__(self) -> str:
        return f"{self.path}. {self.heading}"


class Task(models.Model):
    """One thing that a plan orders (or requests) somebody to do."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="tasks")
    section = models.ForeignKey(Section, models.SET_NULL, null=True, blank=True, related_name="tasks")
    code = models.CharField(_("mã"), max_length=80)
    position = models.DecimalField(max_digits=14, decimal_places=6)  # a new task fits between two others
    text = models.TextField(_("nội dung"))
    folded = models.TextField(editable=False)
    first_line = models.PositiveIntegerField(default=0)
    last_line = models.PositiveIntegerField(default=0)
    role = models.CharField(max_length=12, default="thuc_hien")
    is_requested = models.BooleanField(_("đề nghị (không phải giao)"), default=False)
    recurrence = models.CharField(
        _("lặp lại"), max_length=12, blank=True, choices=choices(rules.RECURRENCES.items()), default=""
    )
    recurrence_text = models.CharField(_("lặp lại, như văn bản ghi"), max_length=120, blank=True)
    due_on = models.DateField(_("hạn hoàn thành"), null=True, blank=True)
    deadline_text = models.CharField(_("thời hạn, như văn bản ghi"), max_length=250, blank=True)
    product = models.TextField(_("sản phẩm"), blank=True)
    confidence = models.PositiveSmallIntegerField(_("độ chắc chắn của bản đọc (%)"), default=100)
    doubts = models.JSONField(default=list)
    is_added = models.BooleanField(_("do người soát thêm"), default=False)
    state = models.CharField(max_length=12, choices=choices(states.TASK.choices()), default=states.TASK.start)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["plan", "position"]
        verbose_name = _("nhiệm vụ")
        verbose_name_plural = _("nhiệm vụ")
        indexes = [models.Index(fields=["plan", "position"], name="plans_task_in_order")]

    def __str__(self) -> str:
        return f"{self.code} {self.text[:80]}"

    def get_absolute_url(self) -> str:
        return reverse("plans:task-detail", args=[self.pk])


class TaskAgency(models.Model):
    """An agency that a task names: its words in the document, and the unit of the register that they mean."""

    LEAD = "lead"
    COORDINATE = "coordinate"
    ROLES: ClassVar[Any] = [(LEAD, _("Chủ trì")), (COORDINATE, _("Phối hợp"))]

    task = models.ForeignKey(Task, models.CASCADE, related_name="agencies")
    role = models.CharField(max_length=12, choices=ROLES)
    name = models.CharField(_("tên, như văn bản ghi"), max_length=400)
    unit = models.ForeignKey("places.Unit", models.PROTECT, null=True, blank=True, related_name="task_roles")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["task", "role", "position"]
        indexes = [models.Index(fields=["unit", "role"], name="plans_agency_unit_role")]

    def __str__(self) -> str:
        return self.name


class Assignment(models.Model):
    """A task as one agency holds it, in one turn of the calendar where it recurs."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="assignments")
    task = models.ForeignKey(Task, models.PROTECT, related_name="assignments")
    unit = models.ForeignKey("places.Unit", models.PROTECT, related_name="assignments", verbose_name=_("cơ quan"))
    group = models.ForeignKey("places.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    period = models.CharField(_("kỳ"), max_length=10, blank=True)
    due_on = models.DateField(_("hạn"), null=True, blank=True)
    state = models.CharField(
        _("trạng thái"), max_length=12, choices=choices(states.ASSIGNMENT.choices()), default=states.ASSIGNMENT.start
    )
    percent = models.PositiveSmallIntegerField(_("tiến độ (%)"), default=0)
    note = models.TextField(_("kết quả, như cơ quan báo"), blank=True)
    assigned_at = models.DateTimeField()
    reported_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    # Where several units that merged held the same work: the one assignment that goes on for all of them.
    joined_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="joined")

    class Meta:
        ordering = [F("due_on").asc(nulls_last=True), "task__position", "pk"]
        verbose_name = _("việc được giao")
        verbose_name_plural = _("việc được giao")
        constraints = [
            models.UniqueConstraint(fields=["task", "unit", "period"], name="plans_assignment_one_per_turn"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="plans_assignment_percent"),
            models.CheckConstraint(
                condition=Q(state__in=list(dict(states.ASSIGNMENT.choices()))), name="plans_assignment_state"
            ),
            models.CheckConstraint(
                condition=Q(state="joined", joined_into__isnull=False)
                | (~Q(state="joined") & Q(joined_into__isnull=True)),
                name="plans_assignment_joined_into",
            ),
        ]
        indexes = [
            models.Index(fields=["plan", "state", "due_on"], name="plans_assignment_plan"),
            models.Index(fields=["unit", "state", "due_on"], name="plans_assignment_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.task.code} · {self.unit}"

    def get_absolute_url(self) -> str:
        return reverse("plans:assignment-detail", args=[self.pk])


class Progress(models.Model):
    """What an agency said of an assignment at one time: how far it is, and in words."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="reports")
    percent = models.PositiveSmallIntegerField(_("tiến độ (%)"))
    note = models.TextField(_("kết quả, việc đang làm"), blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.percent}%"


class Evidence(models.Model):
    """A file or an address that shows what was done. Taken away, it is only hidden."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="evidence")
    title = models.CharField(_("tên minh chứng"), max_length=250)
    file = models.ForeignKey("records.Attachment", models.PROTECT, null=True, blank=True, related_name="+")
    link = models.URLField(_("địa chỉ"), max_length=500, blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(file__isnull=False, link="") | (Q(file__isnull=True) & ~Q(link="")),
                name="plans_evidence_file_or_link",
                violation_error_message=_("Minh chứng là một tệp hoặc một địa chỉ, không phải cả hai."),
            )
        ]

    def __str__(self) -> str:
        return self.title


class Comment(models.Model):
    """A word about an assignment, between whoever holds it and whoever follows it."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="comments")
    text = models.TextField(_("ý kiến"))
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:80]


class Reminder(models.Model):
    """A nudge to whoever is late."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="reminders")
    words = models.TextField(_("lời nhắc"), blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.words[:80]


class Obstacle(models.Model):
    """What blocks an assignment, reported upwards and answered."""

    TOPICS: ClassVar[Any] = [
        ("money", _("Kinh phí")),
        ("staff", _("Nhân lực")),
        ("policy", _("Cơ chế, chính sách")),
        ("coordination", _("Phối hợp")),
        ("facilities", _("Cơ sở vật chất")),
        ("information", _("Thông tin, số liệu")),
        ("other", _("Khác")),
    ]

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="obstacles")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="obstacles")
    unit = models.ForeignKey("places.Unit", models.PROTECT, related_name="obstacles", verbose_name=_("cơ quan nêu"))
    holder = models.ForeignKey("places.Unit", models.PROTECT, related_name="+", verbose_name=_("đang chờ"))
    topic = models.CharField(_("lĩnh vực"), max_length=12, choices=TOPICS)
    title = models.CharField(_("vướng mắc"), max_length=250)
    text = models.TextField(_("mô tả"))
    proposal = models.TextField(_("đề xuất"), blank=True)
    folded = models.TextField(editable=False)
    state = models.CharField(max_length=12, choices=choices(states.OBSTACLE.choices()), default=states.OBSTACLE.start)
    raised_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    raised_at = models.DateTimeField(_("nêu lúc"), db_index=True)
    waiting_since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-raised_at", "-pk"]
        verbose_name = _("vướng mắc")
        verbose_name_plural = _("vướng mắc")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("plans:obstacle-detail", args=[self.pk])


class ObstacleStep(models.Model):
    """One step on an obstacle's way: what was done, in which words, and how long it had waited until then."""

    obstacle = models.ForeignKey(Obstacle, models.PROTECT, related_name="steps")
    deed = models.CharField(max_length=12)
    words = models.TextField(blank=True)
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    waited_seconds = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.deed


class TaskLink(models.Model):
    """That a task of a local plan carries out a task of the plan above."""

    below = models.ForeignKey(Task, models.CASCADE, related_name="links_up")
    above = models.ForeignKey(Task, models.CASCADE, related_name="links_down")
    likeness = models.PositiveSmallIntegerField(_("độ giống nhau (%)"))
    state = models.CharField(max_length=12, choices=choices(states.LINK.choices()), default=states.LINK.start)

    class Meta:
        ordering = ["below", "-likeness"]
        constraints = [models.UniqueConstraint(fields=["below", "above"], name="plans_link_once")]

    def __str__(self) -> str:
        return f"{self.below.code} → {self.above.code}"


class DraftStep(models.Model):
    """One correction of a draft, with the tasks as they were before it, so that it can be undone."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="draft_steps")
    name = models.CharField(max_length=120)
    before = models.JSONField()  # the tasks touched, whole
    made = models.JSONField(default=list)  # the keys of tasks that the step made
    at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name


class CalendarFeed(models.Model):
    """The secret address under which a user's calendar program fetches due dates."""

    user = models.OneToOneField("accounts.User", models.CASCADE, related_name="calendar_feed")
    token = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.user)
