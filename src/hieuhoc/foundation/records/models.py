"""The trail of who did what, the files that people hand in, and the span of days in which a row holds."""

from datetime import date
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class DatedQuerySet(models.QuerySet[Any]):
    def on(self, day: date) -> Self:
        """The rows that hold on a day."""
        return self.filter(Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day)))


class Dated(models.Model):
    """Something that holds from a day until another, the last day not included; without an end it still holds."""

    valid_from = models.DateField(_("có hiệu lực từ ngày"))
    valid_to = models.DateField(_("hết hiệu lực từ ngày"), null=True, blank=True)

    objects: ClassVar[Any] = DatedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="%(app_label)s_%(class)s_days_in_order",
                violation_error_message=_("Ngày hết hiệu lực phải sau ngày có hiệu lực."),
            )
        ]

    def holds_on(self, day: date) -> bool:
        """Whether the row holds on a day."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class TrailHead(models.Model):
    """The last link of the trail. Locking this one row makes entries follow one another."""

    number = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64, default="0" * 64)

    def __str__(self) -> str:
        return str(self.number)


class Entry(models.Model):
    """One line of history: who did what to which row, when and why.

    Each entry carries the digest of the one before, so that a changed, removed or inserted line shows.
    Rows are added and read, never changed.
    """

    number = models.BigIntegerField(_("số thứ tự"), primary_key=True)
    at = models.DateTimeField(_("thời điểm"), db_index=True)
    actor = models.CharField(_("mã người thực hiện"), max_length=60, db_index=True)
    actor_name = models.CharField(_("người thực hiện"), max_length=200)
    deed = models.CharField(_("việc"), max_length=80, db_index=True)
    subject_type = models.CharField(max_length=80)
    subject_key = models.CharField(max_length=60)
    subject_name = models.CharField(_("đối tượng"), max_length=300)
    why = models.TextField(_("lý do"), blank=True)
    changes = models.JSONField(_("thay đổi"), default=dict)
    previous_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["-number"]
        verbose_name = _("dòng nhật ký")
        verbose_name_plural = _("nhật ký")
        indexes = [models.Index(fields=["subject_type", "subject_key", "-number"], name="records_entry_subject")]

    def __str__(self) -> str:
        return f"{self.number} {self.deed}"


class Attachment(models.Model):
    """A file that somebody handed in, stored under the digest of its content."""

    name = models.CharField(_("tên tệp"), max_length=255)
    kind = models.CharField(_("loại"), max_length=10)
    content_type = models.CharField(max_length=120)
    size = models.PositiveIntegerField(_("dung lượng"))
    digest = models.CharField(max_length=64, db_index=True)
    stored_at = models.CharField(max_length=200)
    kept_at = models.DateTimeField(_("nhận lúc"))

    class Meta:
        verbose_name = _("tệp")
        verbose_name_plural = _("tệp")

    def __str__(self) -> str:
        return self.name
