"""Activities: classes, talks, workshops and the like; their sessions, who holds them, what they serve, their heads."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.ui.wording import choices
from hieuhoc.programme.learning import states
from hieuhoc.programme.learning.models.planning import PlannedClass, Topic
from hieuhoc.programme.learning.models.providers import Provider, Room
from hieuhoc.programme.learning.rules import kinds
from hieuhoc.registers.people import rules as people


class Activity(models.Model):
    """One class, talk or the like, of one session or of many. It counts once, where it is held, whoever else holds it.

    `unit` is the commune in which it counts, that of the provider when it was made. `first_on` and `last_on` are the
    days of the first and last session not cancelled; `held_on` is the day of the first session held, by which the
    activity counts in a period.
    """

    class Enrolling(models.TextChoices):
        OPEN = "open", _("người dân tự ghi danh")
        STAFF = "staff", _("cơ sở ghi danh")
        NONE = "none", _("không ghi danh, ai đến cũng được")

    code = models.SlugField(_("mã"), max_length=12, unique=True)
    provider = models.ForeignKey(Provider, models.PROTECT, related_name="activities", verbose_name=_("cơ sở"))
    unit = models.ForeignKey("places.Unit", models.PROTECT, related_name="activities", verbose_name=_("nơi tổ chức"))
    kind = models.CharField(_("hình thức"), max_length=12, choices=choices(kinds.ACTIVITIES.items()))
    title = models.CharField(_("tên lớp, chuyên đề"), max_length=255)
    folded = models.CharField(max_length=255, editable=False)
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("chủ đề")
    )
    field = models.CharField(_("lĩnh vực"), max_length=12, choices=choices(kinds.FIELDS.items()), default="other")
    tags = models.CharField(_("từ khóa"), max_length=255, blank=True)
    summary = models.TextField(_("nội dung"), blank=True)
    audience = models.CharField(_("dành cho"), max_length=255, blank=True)
    for_rural_workers = models.BooleanField(_("dành cho lao động nông thôn"), default=False)
    place = models.CharField(_("địa điểm"), max_length=255, blank=True)
    planned = models.ForeignKey(
        PlannedClass, models.SET_NULL, null=True, blank=True, related_name="activities", verbose_name=_("theo kế hoạch")
    )
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=choices(states.ACTIVITY.choices()), default=states.ACTIVITY.start
    )
    enrolling = models.CharField(_("ghi danh"), max_length=6, choices=Enrolling, default=Enrolling.OPEN)
    enrol_until = models.DateField(_("ghi danh đến hết ngày"), null=True, blank=True)
    capacity = models.PositiveIntegerField(_("số chỗ"), null=True, blank=True)
    fee = models.PositiveBigIntegerField(_("học phí (đồng)"), default=0)
    is_public = models.BooleanField(_("hiện trên trang công khai"), default=True)
    first_on = models.DateField(null=True, blank=True, editable=False)
    last_on = models.DateField(null=True, blank=True, editable=False)
    held_on = models.DateField(null=True, blank=True, editable=False)
    why_cancelled = models.TextField(_("lý do hủy"), blank=True)
    made_at = models.DateTimeField(_("lập lúc"))
    edition = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["-first_on", "-pk"]
        verbose_name = _("lớp, chuyên đề")
        verbose_name_plural = _("lớp, chuyên đề")
        indexes = [
            models.Index(fields=["provider", "-first_on"], name="learning_activity_of_provider"),
            models.Index(fields=["held_on", "unit"], name="learning_activity_held"),
            models.Index(fields=["state", "last_on"], name="learning_activity_to_come"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("learning:activity-detail", args=[self.code])

    @property
    def for_whom(self) -> str:
        """Whom it is for, in words; nothing where nobody said."""
        rural = gettext("lao động nông thôn") if self.for_rural_workers else ""
        if not self.audience or not rural:
            return self.audience or rural
        return self.audience if rural in self.audience.lower() else f"{self.audience} ({rural})"


class Organiser(models.Model):
    """Who holds an activity: its one owner, and whoever holds it with them. Each sees it as theirs; it counts once."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="organisers")
    kind = models.CharField(_("loại đơn vị"), max_length=20, choices=choices(kinds.ORGANISERS.items()))
    unit = models.ForeignKey(
        "places.Unit", models.PROTECT, null=True, blank=True, related_name="organised", verbose_name=_("đơn vị")
    )
    name = models.CharField(_("tên đơn vị"), max_length=255)
    is_owner = models.BooleanField(_("chủ trì"), default=False)

    class Meta:
        ordering = ["activity", "-is_owner", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity"], condition=Q(is_owner=True), name="learning_organiser_one_owner"
            ),
            models.UniqueConstraint(
                fields=["activity", "kind", "name"],
                name="learning_organiser_once",
                violation_error_message=_("Đơn vị này đã có trong danh sách phối hợp."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ActivityTask(models.Model):
    """An activity serves a task of a plan."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="task_links")
    task = models.ForeignKey("plans.Task", models.CASCADE, related_name="activity_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["activity", "task"], name="learning_activitytask_once")]

    def __str__(self) -> str:
        return f"{self.activity} – {self.task}"


class Session(models.Model):
    """One meeting of an activity."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="sessions")
    number = models.PositiveSmallIntegerField(_("buổi"))
    starts_at = models.DateTimeField(_("bắt đầu"))
    ends_at = models.DateTimeField(_("kết thúc"))
    on = models.DateField(editable=False)  # the day on which it starts, where the house stands
    room = models.ForeignKey(
        Room, models.SET_NULL, null=True, blank=True, related_name="sessions", verbose_name=_("phòng")
    )
    place = models.CharField(_("địa điểm"), max_length=255, blank=True)
    subject = models.CharField(_("nội dung buổi học"), max_length=255, blank=True)
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=choices(states.SESSION.choices()), default=states.SESSION.start
    )
    moved_from = models.DateTimeField(_("dời từ"), null=True, blank=True)
    why = models.CharField(_("lý do hủy, dời"), max_length=255, blank=True)

    class Meta:
        ordering = ["activity", "starts_at", "pk"]
        indexes = [models.Index(fields=["on", "state"], name="learning_session_on")]
        constraints = [
            models.UniqueConstraint(fields=["activity", "number"], name="learning_session_number"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="learning_session_ends_after_start",
                violation_error_message=_("Giờ kết thúc phải sau giờ bắt đầu."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.activity}, {self.number}"


class Speaker(models.Model):
    """Who speaks or teaches at an activity."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="speakers")
    name = models.CharField(_("họ và tên"), max_length=120)
    post = models.CharField(_("chức vụ, đơn vị"), max_length=255, blank=True)

    class Meta:
        ordering = ["activity", "pk"]

    def __str__(self) -> str:
        return self.name


class Photo(models.Model):
    """A picture or paper that shows that an activity took place."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="photos")
    session = models.ForeignKey(Session, models.SET_NULL, null=True, blank=True, related_name="photos")
    file = models.ForeignKey("records.Attachment", models.PROTECT, related_name="+", verbose_name=_("tệp"))
    caption = models.CharField(_("chú thích"), max_length=255, blank=True)
    kept_at = models.DateTimeField(_("gửi lúc"))
    is_withdrawn = models.BooleanField(_("đã rút"), default=False)

    class Meta:
        ordering = ["activity", "pk"]

    def __str__(self) -> str:
        return self.caption or str(self.file)


class HeadCount(models.Model):
    """Heads counted at a session, of those whose names are not kept. Empty sex or age band: not told apart."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="heads")
    sex = models.CharField(_("giới tính"), max_length=6, blank=True, choices=choices(people.SEXES.items()))
    age_band = models.CharField(_("nhóm tuổi"), max_length=6, blank=True)
    count = models.PositiveIntegerField(_("số người"))
    counted_at = models.DateTimeField(null=True, blank=True)
    counted_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    edition = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "sex", "age_band"], name="learning_headcount_once")]

    def __str__(self) -> str:
        return str(self.count)


class TopicWatch(models.Model):
    """Somebody wishes to be told when something on a topic opens."""

    person = models.ForeignKey("people.Person", models.CASCADE, related_name="watches")
    topic = models.ForeignKey(Topic, models.CASCADE, null=True, blank=True, related_name="watches")
    field = models.CharField(max_length=12, blank=True, choices=choices(kinds.FIELDS.items()))
    unit = models.ForeignKey("places.Unit", models.PROTECT, null=True, blank=True, related_name="+")
    secret = models.CharField(max_length=32, unique=True)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.pk}"
