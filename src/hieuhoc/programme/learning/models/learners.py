"""Who learns: enrolments, attendances, marks sent from phones, certificates."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.ui.wording import choices
from hieuhoc.programme.learning import states
from hieuhoc.programme.learning.models.activities import Activity, Session
from hieuhoc.registers.people.models import Person


class Enrolment(models.Model):
    """A person's place in an activity, or their turn in the waiting list.

    `first_on` and `last_on` are the days of the person's first and last attendance: by the first one the turn of
    attendance counts in a period.
    """

    class Source(models.TextChoices):
        STAFF = "staff", _("cơ sở ghi")
        LIST = "list", _("theo danh sách")
        CITIZEN = "citizen", _("tự ghi danh")
        SESSION = "session", _("ghi tại buổi học")

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="enrolments", verbose_name=_("lớp"))
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="enrolments", verbose_name=_("người học"))
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=choices(states.ENROLMENT.choices()), default=states.ENROLMENT.start
    )
    place = models.PositiveIntegerField(_("thứ tự"))  # order of arrival within the activity
    source = models.CharField(_("cách ghi danh"), max_length=8, choices=Source)
    secret = models.CharField(max_length=32, unique=True)
    asked_at = models.DateTimeField(_("ghi danh lúc"))
    first_on = models.DateField(null=True, blank=True, editable=False)
    last_on = models.DateField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["activity", "place"]
        verbose_name = _("ghi danh")
        verbose_name_plural = _("ghi danh")
        indexes = [models.Index(fields=["first_on"], name="learning_enrolment_turn")]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "person"],
                name="learning_enrolment_once",
                violation_error_message=_("Người này đã có trong danh sách lớp."),
            ),
            models.UniqueConstraint(fields=["activity", "place"], name="learning_enrolment_place"),
        ]

    def __str__(self) -> str:
        return f"{self.activity} {self.place}"

    @property
    def learner(self) -> Person:
        """Who is enrolled; of rows that were joined the one that is kept."""
        return self.person.same_as or self.person


class Attendance(models.Model):
    """One person at one session."""

    class Mark(models.TextChoices):
        PRESENT = "present", _("có mặt")
        LATE = "late", _("đến muộn")
        ABSENT = "absent", _("vắng")

    session = models.ForeignKey(Session, models.PROTECT, related_name="attendances")
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="attendances")
    mark = models.CharField(_("có mặt"), max_length=7, choices=Mark)
    marked_at = models.DateTimeField(_("ghi lúc"))  # by the clock of the phone or of the house
    marked_by = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    edition = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "enrolment"], name="learning_attendance_once")]

    def __str__(self) -> str:
        return f"{self.session} {self.enrolment}"


class SentMark(models.Model):
    """A mark that a phone sent, by the key that the phone made: the same key is never taken twice."""

    class Outcome(models.TextChoices):
        TAKEN = "taken", _("đã nhận")
        CONFLICT = "conflict", _("khác với người khác đã ghi")
        REFUSED = "refused", _("không nhận")

    key = models.UUIDField(primary_key=True)
    session = models.ForeignKey(Session, models.PROTECT, related_name="sent_marks")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    content = models.JSONField()
    outcome = models.CharField(max_length=8, choices=Outcome)
    answer = models.JSONField(default=dict)
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)  # when somebody decided about a conflict

    class Meta:
        indexes = [models.Index(fields=["session", "outcome"], name="learning_sentmark_conflicts")]

    def __str__(self) -> str:
        return str(self.key)


class Certificate(models.Model):
    """A certificate of completion, which anybody checks by its code; one revoked may be followed by another."""

    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="certificates")
    number = models.CharField(_("số"), max_length=40, unique=True)
    code = models.CharField(_("mã tra cứu"), max_length=16, unique=True)
    issued_on = models.DateField(_("ngày cấp"))
    revoked_on = models.DateField(_("ngày thu hồi"), null=True, blank=True)
    why_revoked = models.CharField(_("lý do thu hồi"), max_length=255, blank=True)

    class Meta:
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment"], condition=Q(revoked_on__isnull=True), name="learning_certificate_one_valid"
            )
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("learning:certificate-check", args=[self.code])
