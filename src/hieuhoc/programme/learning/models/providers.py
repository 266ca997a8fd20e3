"""Bodies that offer learning: what they are, who leads them, what they have, what they came from."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.records.models import Dated
from hieuhoc.foundation.ui.wording import choices
from hieuhoc.programme.learning.rules import kinds


class Provider(Dated):
    """A body that offers learning, from its founding to its end. Ends, and is never deleted.

    What a centre has (premises, seal, internet …) is unknown until somebody says yes or no.
    """

    key = models.SlugField(_("khóa"), max_length=160, unique=True)
    kind = models.CharField(_("loại"), max_length=16, choices=choices(kinds.PROVIDERS.items()))
    name = models.CharField(_("tên"), max_length=255)
    folded = models.CharField(max_length=255, editable=False)
    sort_key = models.CharField(max_length=1000, editable=False)
    unit = models.ForeignKey(
        "places.Unit", models.PROTECT, related_name="providers", verbose_name=_("xã, phường, thị trấn")
    )
    decision = models.CharField(_("quyết định thành lập, giấy phép"), max_length=120, blank=True)
    decided_on = models.DateField(_("ngày quyết định"), null=True, blank=True)
    decided_by = models.CharField(_("cơ quan quyết định"), max_length=255, blank=True)
    licensed_to = models.DateField(_("giấy phép có hiệu lực đến"), null=True, blank=True)
    address = models.CharField(_("địa chỉ"), max_length=255, blank=True)
    latitude = models.DecimalField(_("vĩ độ"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("kinh độ"), max_digits=8, decimal_places=5, null=True, blank=True)
    phone = models.CharField(_("điện thoại của cơ sở"), max_length=20, blank=True)
    email = models.EmailField(_("thư điện tử của cơ sở"), blank=True)
    website = models.URLField(_("trang tin"), blank=True)
    opening_hours = models.CharField(_("giờ mở cửa"), max_length=255, blank=True)
    programmes = models.TextField(_("chương trình"), blank=True, help_text=_("Mỗi dòng một chương trình."))
    is_public = models.BooleanField(_("hiện trên trang công khai"), default=True)
    is_model = models.BooleanField(_("trung tâm điểm"), null=True, blank=True)
    with_culture_house = models.BooleanField(_("kết hợp nhà văn hóa"), null=True, blank=True)
    own_premises = models.BooleanField(_("có trụ sở riêng"), null=True, blank=True)
    has_seal = models.BooleanField(_("có con dấu"), null=True, blank=True)
    has_internet = models.BooleanField(_("có internet"), null=True, blank=True)
    has_bookshelf = models.BooleanField(_("có tủ sách cộng đồng"), null=True, blank=True)
    has_sound = models.BooleanField(_("có loa đài"), null=True, blank=True)
    uses_computing = models.BooleanField(_("ứng dụng CNTT trong quản lý, dạy học"), null=True, blank=True)
    edition = models.PositiveIntegerField(default=1, editable=False)

    class Meta(Dated.Meta):
        abstract = False
        ordering = ["sort_key", "pk"]
        verbose_name = _("cơ sở học tập")
        verbose_name_plural = _("cơ sở học tập")
        indexes = [models.Index(fields=["unit", "kind"], name="learning_provider_of_unit")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("learning:provider-detail", args=[self.key])


class Succession(models.Model):
    """One body goes on in another: merged, divided, or founded anew in its place."""

    class Manner(models.TextChoices):
        MERGED = "merged", _("sáp nhập")
        DIVIDED = "divided", _("chia, tách")
        FOUNDED = "founded", _("thành lập mới trên cơ sở cũ")

    before = models.ForeignKey(
        Provider, models.PROTECT, related_name="successions_after", verbose_name=_("cơ sở trước")
    )
    after = models.ForeignKey(Provider, models.PROTECT, related_name="successions_before", verbose_name=_("cơ sở sau"))
    manner = models.CharField(_("cách thức"), max_length=8, choices=Manner)
    on = models.DateField(_("từ ngày"))
    document = models.CharField(_("văn bản"), max_length=255, blank=True)

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["before", "after"], name="learning_succession_once"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="learning_succession_of_another"),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class Post(Dated):
    """Who holds which post at a body, from when to when, by which decision."""

    provider = models.ForeignKey(Provider, models.PROTECT, related_name="posts", verbose_name=_("cơ sở"))
    role = models.CharField(_("vị trí"), max_length=12, choices=choices(kinds.POSTS.items()))
    name = models.CharField(_("họ và tên"), max_length=120)
    occupation = models.CharField(_("chức vụ chính"), max_length=160, blank=True)
    decision = models.CharField(_("quyết định"), max_length=120, blank=True)
    allowance = models.PositiveBigIntegerField(_("phụ cấp mỗi tháng (đồng)"), null=True, blank=True)

    class Meta(Dated.Meta):
        abstract = False
        ordering = ["provider", "valid_from", "pk"]
        verbose_name = _("vị trí")
        verbose_name_plural = _("nhân sự")

    def __str__(self) -> str:
        return f"{self.name}, {self.get_role_display()}"


class Room(models.Model):
    """A room where people learn; many are borrowed."""

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="rooms", verbose_name=_("cơ sở"))
    name = models.CharField(_("phòng"), max_length=120)
    seats = models.PositiveIntegerField(_("số chỗ"), null=True, blank=True)
    is_own = models.BooleanField(_("của cơ sở"), default=True)
    lender = models.CharField(_("mượn của"), max_length=160, blank=True)

    class Meta:
        ordering = ["provider", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "name"],
                name="learning_room_named_once",
                violation_error_message=_("Cơ sở đã có phòng mang tên này."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Equipment(models.Model):
    """What a body has to work with."""

    provider = models.ForeignKey(Provider, models.CASCADE, related_name="equipment", verbose_name=_("cơ sở"))
    name = models.CharField(_("trang thiết bị"), max_length=160)
    quantity = models.PositiveIntegerField(_("số lượng"), default=1)
    is_own = models.BooleanField(_("của cơ sở"), default=True)
    lender = models.CharField(_("mượn của"), max_length=160, blank=True)
    since_year = models.PositiveSmallIntegerField(_("từ năm"), null=True, blank=True)

    class Meta:
        ordering = ["provider", "name"]

    def __str__(self) -> str:
        return self.name
