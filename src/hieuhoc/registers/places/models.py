"""The register of units: administrative units, agencies and groups, each with its dated versions.

A `Unit` is one life. Its official code, name, kind and parent may change inside that life and are kept, with their
dates, in `UnitVersion`; the State uses official codes again for other units, so no code is an identity. The columns
of `Unit` repeat those of its last version, for speed; `services` writes both together and nothing else writes either.
"""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.records.models import Dated
from hieuhoc.foundation.ui.wording import choices
from hieuhoc.registers.places.states import REORGANISATION


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
    QUAN = "quan", _("quận")
    THI_XA = "thi_xa", _("thị xã")
    XA = "xa", _("xã")
    PHUONG = "phuong", _("phường")
    THI_TRAN = "thi_tran", _("thị trấn")
    DAC_KHU = "dac_khu", _("đặc khu")
    AP = "ap", _("ấp")
    KHU_PHO = "khu_pho", _("khu phố")
    KHOM = "khom", _("khóm")
    THON = "thon", _("thôn")
    TO_DAN_PHO = "to_dan_pho", _("tổ dân phố")
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
    # Where it stands today: its own path while it lives, beneath its heir once it has ended. `path` stays its last own.
    present_path = models.CharField(max_length=255, editable=False, db_index=True, default="")

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


class UnitSize(models.Model):
    """How large a unit was on a day, as far as a source says. What is not known is empty, never zero."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="sizes", verbose_name=_("đơn vị"))
    on = models.DateField(_("tại ngày"))
    people = models.PositiveBigIntegerField(_("dân số (người)"), null=True, blank=True)
    households = models.PositiveBigIntegerField(_("số hộ"), null=True, blank=True)
    area_ha = models.PositiveBigIntegerField(_("diện tích (ha)"), null=True, blank=True)
    is_estimated = models.BooleanField(_("ước tính"), default=False)
    source = models.CharField(_("nguồn"), max_length=255)

    class Meta:
        ordering = ["unit_id", "-on"]
        verbose_name = _("quy mô của đơn vị")
        verbose_name_plural = _("quy mô của đơn vị")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "on"],
                name="places_unitsize_once",
                violation_error_message=_("Đơn vị đã có số liệu quy mô tại ngày này."),
            ),
            models.CheckConstraint(
                condition=Q(people__isnull=False) | Q(households__isnull=False) | Q(area_ha__isnull=False),
                name="places_unitsize_says_something",
                violation_error_message=_("Hãy ghi ít nhất một trong dân số, số hộ, diện tích."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.on}"


class Reorganisation(models.Model):
    """One event that reshapes the register on a day: units merge, divide, move, change their names, end.

    Who prepared and who approved are kept as the trail keeps them: this register stands below the accounts.
    """

    slug = models.SlugField(max_length=80, null=True, blank=True, unique=True, editable=False)
    title = models.CharField(_("tên cuộc sắp xếp"), max_length=250)
    document_number = models.CharField(_("số, ký hiệu văn bản"), max_length=120, blank=True)
    document_on = models.DateField(_("ngày ban hành"), null=True, blank=True)
    document_issuer = models.CharField(_("cơ quan ban hành"), max_length=200, blank=True)
    effective_on = models.DateField(_("ngày có hiệu lực"))
    note = models.TextField(_("ghi chú"), blank=True)
    state = models.CharField(
        _("trạng thái"), max_length=12, choices=choices(REORGANISATION.choices()), default=REORGANISATION.start
    )
    prepared_by = models.CharField(max_length=60, editable=False)
    prepared_name = models.CharField(_("người soạn"), max_length=200, editable=False)
    prepared_at = models.DateTimeField(_("soạn lúc"), editable=False)
    approved_by = models.CharField(max_length=60, blank=True, editable=False)
    approved_name = models.CharField(_("người duyệt"), max_length=200, blank=True, editable=False)
    approved_at = models.DateTimeField(_("duyệt lúc"), null=True, blank=True, editable=False)
    executed_at = models.DateTimeField(_("thực hiện lúc"), null=True, blank=True, editable=False)
    account = models.JSONField(default=list, editable=False)  # what it did, line by line, for people
    journal = models.JSONField(default=dict, editable=False)  # what taking it back needs, by follower

    class Meta:
        ordering = ["-effective_on", "-pk"]
        verbose_name = _("cuộc sắp xếp")
        verbose_name_plural = _("cuộc sắp xếp")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=list(REORGANISATION.states)), name="places_reorganisation_state"
            ),
            models.CheckConstraint(
                condition=Q(approved_by="", approved_at__isnull=True)
                | (~Q(approved_by="") & Q(approved_at__isnull=False)),
                name="places_reorganisation_approved_by_and_at",
            ),
            models.CheckConstraint(
                condition=~Q(state="executed") | Q(executed_at__isnull=False),
                name="places_reorganisation_executed_at",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def document(self) -> str:
        """The paper behind it as one line: number, issuer."""
        return ", ".join(part for part in (self.document_number, self.document_issuer) if part)


class ReorganisationRow(models.Model):
    """One line of an event, as somebody wrote it: what becomes of a unit, or of a share of it.

    Codes on the left are those of the eve of the event, codes on the right those from its day on.
    """

    reorganisation = models.ForeignKey(Reorganisation, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField(_("dòng"))
    act = models.CharField(_("cách sắp xếp"), max_length=10)
    source = models.CharField(_("mã cũ"), max_length=160, blank=True)
    source_name = models.CharField(_("tên cũ"), max_length=255, blank=True)
    target = models.CharField(_("mã mới"), max_length=160, blank=True)
    target_name = models.CharField(_("tên mới"), max_length=255, blank=True)
    target_kind = models.CharField(_("loại mới"), max_length=40, blank=True)
    target_level = models.CharField(_("cấp mới"), max_length=40, blank=True)
    target_parent = models.CharField(_("cấp trên mới"), max_length=160, blank=True)
    target_key = models.CharField(_("khóa mới"), max_length=160, blank=True)
    share = models.CharField(_("tỷ lệ"), max_length=40, blank=True)
    is_estimated = models.BooleanField(_("ước tính"), default=False)
    takes_duties = models.BooleanField(_("nhận việc"), default=False)
    note = models.CharField(_("ghi chú"), max_length=500, blank=True)

    class Meta:
        ordering = ["reorganisation", "position"]
        verbose_name = _("dòng sắp xếp")
        verbose_name_plural = _("dòng sắp xếp")
        constraints = [
            models.UniqueConstraint(fields=["reorganisation", "position"], name="places_reorganisationrow_position")
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.source} → {self.target}"


class Succession(models.Model):
    """That a share of one life went into another on a day. What is left of a life that goes on stays with it."""

    predecessor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    heir = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="inheritances")
    on = models.DateField(_("từ ngày"))
    share_over = models.PositiveBigIntegerField(default=1)
    share_of = models.PositiveBigIntegerField(default=1)
    is_estimated = models.BooleanField(_("ước tính"), default=False)
    takes_duties = models.BooleanField(_("nhận việc"), default=False)
    reorganisation = models.ForeignKey(Reorganisation, on_delete=models.PROTECT, related_name="successions")

    class Meta:
        ordering = ["on", "predecessor_id", "-takes_duties", "heir_id"]
        verbose_name = _("kế thừa")
        verbose_name_plural = _("kế thừa")
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "heir", "on"], name="places_succession_once"),
            models.UniqueConstraint(
                fields=["predecessor"], condition=Q(takes_duties=True), name="places_succession_one_main_heir"
            ),
            models.CheckConstraint(
                condition=Q(share_over__gt=0, share_of__gt=0, share_over__lte=F("share_of")),
                name="places_succession_share",
            ),
            models.CheckConstraint(condition=~Q(predecessor=F("heir")), name="places_succession_not_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} → {self.heir_id}"
