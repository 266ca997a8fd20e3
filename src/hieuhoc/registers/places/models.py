"""The register of units: administrative units, agencies and groups, each with its dated versions.

A `Unit` is one life. Its official code, name, kind and parent may change inside that life and are kept, with their
dates, in `UnitVersion`; the State uses official codes again for other units, so no code is an identity. The columns
of `Unit` repeat those of its last version, for speed; `services` writes both together and nothing else writes either.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.records.models import Dated


class Level(models.TextChoices):
    """Where in the State's order a unit stands; agencies and groups stand beside it."""

    PROVINCE = "province", _("Cấp tỉnh")
    DISTRICT = "district", _("Cấp huyện")
    COMMUNE = "commune", _("Cấp xã")
    HAMLET = "hamlet", _("Ấp, khu phố")
    AGENCY = "agency", _("Cơ quan")
    GROUP = "group", _("Nhóm đơn vị")


class Kind(models.TextChoices):
    """What a unit is called by law, or what sort of agency it is."""

    TINH = "tinh", _("tỉnh")
    THANH_PHO = "thanh_pho", _("thành phố")
    HUYEN = "huyen", _("huyện")
    THI_XA = "thi_xa", _("thị xã")
    XA = "xa", _("xã")
    PHUONG = "phuong", _("phường")
    THI_TRAN = "thi_tran", _("thị trấn")
    DAC_KHU = "dac_khu", _("đặc khu")
    AP = "ap", _("ấp")
    KHU_PHO = "khu_pho", _("khu phố")
    UY_BAN = "uy_ban", _("Ủy ban nhân dân")
    SO = "so", _("sở, ban, ngành")
    DANG = "dang", _("cơ quan Đảng")
    DOAN_THE = "doan_the", _("đoàn thể, tổ chức hội")
    BAO_CHI = "bao_chi", _("báo chí, truyền thông")
    PHONG = "phong", _("phòng, ban cấp huyện")
    TRUONG = "truong", _("trường")
    TRUC_THUOC = "truc_thuoc", _("đơn vị trực thuộc")
    KHAC = "khac", _("cơ quan khác")
    NHOM = "nhom", _("nhóm đơn vị")


class UnitState(Dated):
    """What a unit is called and where it stands, for as long as that lasts. Days are half-open."""

    name = models.CharField(_("tên"), max_length=255)
    short_name = models.CharField(_("tên ngắn"), max_length=255)
    folded = models.CharField(max_length=255, editable=False)
    sort_key = models.CharField(max_length=1000, editable=False)
    code = models.CharField(_("mã số chính thức"), max_length=20, blank=True)
    level = models.CharField(_("cấp"), max_length=10, choices=Level)
    kind = models.CharField(_("loại"), max_length=12, choices=Kind)
    path = models.CharField(max_length=255, editable=False, db_index=True)

    class Meta(Dated.Meta):
        abstract = True
        constraints = [
            *Dated.Meta.constraints,
            models.CheckConstraint(
                condition=Q(level__in=Level.values),
                name="%(app_label)s_%(class)s_known_level",
                violation_error_message=_("Cấp của đơn vị không đúng."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values),
                name="%(app_label)s_%(class)s_known_kind",
                violation_error_message=_("Loại đơn vị không đúng."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_administrative(self) -> bool:
        """Whether this is a province, district, commune or hamlet, and not an agency or a group."""
        return self.level not in (Level.AGENCY, Level.GROUP)

    @property
    def is_group(self) -> bool:
        """Whether this stands for its members."""
        return self.level == Level.GROUP


class Unit(UnitState):
    """One life of an administrative unit, an agency or a group. Ends, and is never deleted.

    The columns of its state are those of its last version; `valid_from` and `valid_to` are those of the whole life.
    """

    key = models.SlugField(_("khóa"), max_length=160, unique=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("trực thuộc")
    )
    searched = models.TextField(editable=False, default="", help_text=_("Mọi tên từng dùng, không dấu, để tìm kiếm"))

    class Meta(UnitState.Meta):
        abstract = False
        ordering = ["sort_key", "id"]
        verbose_name = _("đơn vị")
        verbose_name_plural = _("đơn vị")
        indexes = [
            models.Index(fields=["parent", "level", "sort_key"], name="places_unit_children"),
            models.Index(fields=["level", "sort_key"], name="places_unit_level"),
        ]


class UnitVersion(UnitState):
    """The state of a unit through one span of its life; the spans of one life follow one another without a gap."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="versions", verbose_name=_("đơn vị"))
    parent = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children_versions",
        verbose_name=_("trực thuộc"),
    )
    document = models.CharField(_("văn bản"), max_length=255, blank=True)

    class Meta(UnitState.Meta):
        abstract = False
        ordering = ["unit_id", "valid_from"]
        verbose_name = _("giai đoạn của đơn vị")
        verbose_name_plural = _("giai đoạn của đơn vị")
        constraints = [
            *UnitState.Meta.constraints,
            models.UniqueConstraint(
                fields=["unit", "valid_from"],
                name="places_unitversion_one_start",
                violation_error_message=_("Đơn vị đã có một thay đổi có hiệu lực từ ngày này."),
            ),
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(valid_to__isnull=True),
                name="places_unitversion_one_open",
                violation_error_message=_("Đơn vị chỉ có một giai đoạn hiện hành."),
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(valid_to__isnull=True) & ~Q(code=""),
                name="places_unitversion_one_code",
                violation_error_message=_("Mã số chính thức này đang thuộc một đơn vị khác."),
            ),
        ]
        indexes = [
            models.Index(fields=["code", "valid_from"], name="places_unitversion_code"),
            models.Index(fields=["parent", "level", "sort_key"], name="places_unitversion_children"),
            models.Index(fields=["level", "sort_key"], name="places_unitversion_level"),
        ]


class UnitAlias(Dated):
    """Another name by which documents call a unit: an abbreviation, an older or a looser name."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="aliases", verbose_name=_("đơn vị"))
    name = models.CharField(_("tên khác"), max_length=255)
    folded = models.CharField(max_length=255, editable=False)

    class Meta(Dated.Meta):
        abstract = False
        ordering = ["unit_id", "id"]
        verbose_name = _("tên khác")
        verbose_name_plural = _("tên khác")
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["unit", "name"],
                condition=Q(valid_to__isnull=True),
                name="places_unitalias_once",
                violation_error_message=_("Đơn vị đã có tên khác này."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(Dated):
    """A unit that a group stands for: a task given to the group is tracked for each member."""

    group = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("nhóm"))
    member = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="groups", verbose_name=_("thành viên"))

    class Meta(Dated.Meta):
        abstract = False
        ordering = ["group_id", "id"]
        verbose_name = _("thành viên của nhóm")
        verbose_name_plural = _("thành viên của nhóm")
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(
                fields=["group", "member"],
                condition=Q(valid_to__isnull=True),
                name="places_membership_once",
                violation_error_message=_("Đơn vị này đã là thành viên của nhóm."),
            ),
            models.CheckConstraint(
                condition=~Q(group=F("member")),
                name="places_membership_not_itself",
                violation_error_message=_("Nhóm không thể là thành viên của chính nó."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_id}: {self.member_id}"
