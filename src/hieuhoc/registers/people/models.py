"""People who learn, known by name. The only personal data in the house lies here.

A number of an identity card is never kept: only a keyed digest, by which the same number is known again, and its last
four digits, by which a person recognises it.
"""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.ui.wording import choices
from hieuhoc.registers.people import rules


class Person(models.Model):
    """Somebody who learns. Two rows found to be one person are joined: `same_as` names the one that is kept."""

    name = models.CharField(_("họ và tên"), max_length=120)
    folded = models.CharField(max_length=120, editable=False)
    sort_key = models.CharField(max_length=400, editable=False)
    sex = models.CharField(_("giới tính"), max_length=6, blank=True, choices=choices(rules.SEXES.items()))
    birth_year = models.PositiveSmallIntegerField(_("năm sinh"), null=True, blank=True)
    birth_on = models.DateField(_("ngày sinh"), null=True, blank=True)
    ethnicity = models.CharField(_("dân tộc"), max_length=20, blank=True, choices=choices(rules.ETHNICITIES.items()))
    phone = models.CharField(_("số điện thoại"), max_length=15, blank=True, db_index=True)
    identity_digest = models.CharField(max_length=64, blank=True, editable=False)
    identity_end = models.CharField(_("bốn số cuối của số định danh"), max_length=4, blank=True, editable=False)
    unit = models.ForeignKey(
        "places.Unit",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("nơi ở"),
        help_text=_("Xã, phường, thị trấn hoặc ấp, khu phố."),
    )
    same_as = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="joined", editable=False)
    noted_at = models.DateTimeField(_("ghi vào sổ lúc"))

    class Meta:
        ordering = ["sort_key", "birth_year", "pk"]
        verbose_name = _("người học")
        verbose_name_plural = _("người học")
        indexes = [models.Index(fields=["folded", "birth_year"], name="people_person_known_by")]
        constraints = [
            models.UniqueConstraint(
                fields=["identity_digest"],
                condition=~Q(identity_digest="") & Q(same_as__isnull=True),
                name="people_person_one_identity",
                violation_error_message=_("Số định danh này đã có trong sổ."),
            ),
            models.CheckConstraint(condition=~Q(same_as=F("id")), name="people_person_not_same_as_self"),
            models.CheckConstraint(
                condition=Q(birth_year__isnull=True) | Q(birth_year__gte=1900, birth_year__lte=2100),
                name="people_person_birth_year",
                violation_error_message=_("Năm sinh phải từ 1900 đến 2100."),
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk}"  # what the trail keeps: never the name

    def get_absolute_url(self) -> str:
        return reverse("people:detail", args=[self.pk])

    @property
    def is_forgotten(self) -> bool:
        """Whether their data were deleted on request: the row stays, to be counted."""
        return not self.folded

    @property
    def phone_shown(self) -> str:
        """The telephone number as it stands in lists: only its ends."""
        return rules.masked_phone(self.phone)

    @property
    def identity_shown(self) -> str:
        """The identity number as it stands in lists: its last four digits."""
        return f"********{self.identity_end}" if self.identity_end else ""
