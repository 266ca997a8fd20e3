"""A centre's money: norms of support, the area of a commune, estimates and allocations, spending with vouchers.

Amounts are whole đồng. A line is cancelled with a reason, never removed.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.records.models import Dated
from hieuhoc.foundation.ui.wording import choices
from hieuhoc.programme.learning.models.activities import Activity
from hieuhoc.programme.learning.models.providers import Provider
from hieuhoc.programme.learning.rules import kinds


class Norm(Dated):
    """How much a centre is to receive at least, at its founding or each year, by kind of area and instrument."""

    class Occasion(models.TextChoices):
        FOUNDING = "founding", _("khi mới thành lập")
        YEARLY = "yearly", _("mỗi năm")

    occasion = models.CharField(_("khi nào"), max_length=8, choices=Occasion)
    area = models.CharField(
        _("khu vực"), max_length=5, blank=True, choices=choices(kinds.AREAS.items()), help_text=_("Trống: mọi khu vực.")
    )
    amount = models.PositiveBigIntegerField(_("mức tối thiểu (đồng)"))
    unit = models.ForeignKey(
        "places.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("áp dụng ở"),
        help_text=_("Trống: cả nước."),
    )
    instrument = models.CharField(_("văn bản"), max_length=255)

    class Meta(Dated.Meta):
        abstract = False
        ordering = ["valid_from", "occasion", "area"]

    def __str__(self) -> str:
        return f"{self.get_occasion_display()} {self.area}"


class Area(Dated):
    """Which kind of area a commune belongs to, by which list."""

    unit = models.ForeignKey("places.Unit", models.PROTECT, related_name="areas", verbose_name=_("xã, phường"))
    area = models.CharField(_("khu vực"), max_length=5, choices=choices(kinds.AREAS.items()))
    instrument = models.CharField(_("văn bản"), max_length=255, blank=True)

    class Meta(Dated.Meta):
        abstract = False
        ordering = ["unit", "valid_from"]

    def __str__(self) -> str:
        return f"{self.unit} {self.area}"


class Line(models.Model):
    """What money is for, and where it comes from."""

    line = models.CharField(_("khoản"), max_length=10, choices=choices(kinds.LINES.items()))
    source = models.CharField(_("nguồn"), max_length=12, choices=choices(kinds.SOURCES.items()))
    amount = models.PositiveBigIntegerField(_("số tiền (đồng)"))
    note = models.CharField(_("diễn giải"), max_length=255, blank=True)
    noted_at = models.DateTimeField(_("ghi lúc"))
    cancelled_at = models.DateTimeField(_("hủy lúc"), null=True, blank=True)
    why_cancelled = models.CharField(_("lý do hủy"), max_length=255, blank=True)

    class Meta:
        abstract = True


class Allocation(Line):
    """Money estimated or allocated for a centre's year."""

    class Step(models.TextChoices):
        ESTIMATE = "estimate", _("dự toán")
        ALLOCATION = "allocation", _("giao")

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="allocations", verbose_name=_("trung tâm"))
    year = models.PositiveSmallIntegerField(_("năm"))
    step = models.CharField(_("bước"), max_length=10, choices=Step)
    document = models.CharField(_("văn bản"), max_length=160, blank=True)

    class Meta:
        ordering = ["provider", "year", "step", "pk"]
        indexes = [models.Index(fields=["year", "provider"], name="learning_allocation_year")]

    def __str__(self) -> str:
        return f"{self.provider}, {self.year}"


class Spending(Line):
    """Money spent, with its voucher."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="spendings", verbose_name=_("trung tâm"))
    on = models.DateField(_("ngày chi"))
    voucher = models.CharField(_("số chứng từ"), max_length=60)
    activity = models.ForeignKey(
        Activity, models.PROTECT, null=True, blank=True, related_name="spendings", verbose_name=_("lớp, chuyên đề")
    )
    file = models.ForeignKey(
        "records.Attachment", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tệp chứng từ")
    )

    class Meta:
        ordering = ["provider", "-on", "-pk"]
        indexes = [models.Index(fields=["on", "provider"], name="learning_spending_on")]

    def __str__(self) -> str:
        return self.voucher
