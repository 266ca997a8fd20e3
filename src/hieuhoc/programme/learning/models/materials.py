"""Learning materials and open educational resources: our own, and those harvested from other repositories."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.ui.wording import choices
from hieuhoc.programme.learning.models.activities import Activity
from hieuhoc.programme.learning.models.planning import Topic
from hieuhoc.programme.learning.rules import kinds


class Repository(models.Model):
    """Another repository from which descriptions of materials are harvested (OAI-PMH)."""

    name = models.CharField(_("tên kho"), max_length=160)
    address = models.URLField(_("địa chỉ OAI-PMH"), unique=True)
    part = models.CharField(_("bộ (set)"), max_length=120, blank=True)
    is_active = models.BooleanField(_("đang lấy"), default=True)
    harvested_to = models.DateTimeField(_("đã lấy đến"), null=True, blank=True)
    tried_at = models.DateTimeField(_("thử lấy lúc"), null=True, blank=True)
    trouble = models.CharField(_("lỗi lần gần nhất"), max_length=255, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Material(models.Model):
    """Something to learn from: a file or a link, under a licence. Withdrawn, never deleted."""

    title = models.CharField(_("tên học liệu"), max_length=255)
    folded = models.CharField(max_length=255, editable=False)
    author = models.CharField(_("tác giả"), max_length=255, blank=True)
    summary = models.TextField(_("giới thiệu"), blank=True)
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="materials", verbose_name=_("chủ đề")
    )
    field = models.CharField(_("lĩnh vực"), max_length=12, choices=choices(kinds.FIELDS.items()), default="other")
    language = models.CharField(_("ngôn ngữ"), max_length=10, default="vi")
    licence = models.CharField(_("giấy phép"), max_length=60, blank=True)
    form = models.CharField(_("dạng"), max_length=20, default="text")
    url = models.URLField(_("địa chỉ"), max_length=500, blank=True)
    file = models.ForeignKey(
        "records.Attachment", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("tệp")
    )
    unit = models.ForeignKey(
        "places.Unit", models.PROTECT, null=True, blank=True, related_name="materials", verbose_name=_("đơn vị chia sẻ")
    )
    repository = models.ForeignKey(Repository, models.PROTECT, null=True, blank=True, related_name="materials")
    identifier = models.CharField(max_length=255, blank=True)  # in the repository it came from
    changed_at = models.DateTimeField(_("sửa lúc"))
    is_withdrawn = models.BooleanField(_("đã rút"), default=False)
    is_gone = models.BooleanField(default=False)  # withdrawn because the repository it came from has deleted it
    edition = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["title", "pk"]
        indexes = [
            models.Index(fields=["is_withdrawn", "folded"], name="learning_material_by_title"),
            models.Index(fields=["changed_at", "id"], name="learning_material_by_change"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["repository", "identifier"],
                condition=Q(repository__isnull=False),
                name="learning_material_harvested_once",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("learning:material-detail", args=[self.pk])


class MaterialUse(models.Model):
    """A material is used in an activity."""

    material = models.ForeignKey(Material, models.PROTECT, related_name="uses")
    activity = models.ForeignKey(Activity, models.CASCADE, related_name="material_uses")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["material", "activity"], name="learning_materialuse_once")]

    def __str__(self) -> str:
        return f"{self.material}"
