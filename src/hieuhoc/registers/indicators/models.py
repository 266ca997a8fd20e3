"""The register of indicators: what is counted and how, what was counted, and what it adds up to.

Whole numbers only. A *fact* is the figure of one unit that has nobody beneath it, for one base indicator and one
period; a *total* is what the facts beneath a unit add up to, kept by `services` and proved by `prove_totals`. Ratios
and other derived indicators are never stored: they are computed from totals by their formula.
"""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.records.models import Dated
from hieuhoc.foundation.ui.wording import choices, period_words
from hieuhoc.kernel.periods import Calendar, Period, Rhythm
from hieuhoc.registers.indicators import states


class Family(models.Model):
    """Indicators that belong together: literacy, community learning centres, titles."""

    code = models.CharField(_("mã"), max_length=20, unique=True)
    name = models.CharField(_("tên"), max_length=200)
    name_en = models.CharField(_("tên tiếng Anh"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("nhóm chỉ số")
        verbose_name_plural = _("nhóm chỉ số")

    def __str__(self) -> str:
        return self.name


class Indicator(models.Model):
    """A number for a unit and a period. What it means is said by its definitions, one after another in time."""

    code = models.CharField(_("mã"), max_length=60, unique=True)
    family = models.ForeignKey(Family, models.PROTECT, related_name="indicators", verbose_name=_("nhóm"))

    class Meta:
        ordering = ["family__position", "code"]
        verbose_name = _("chỉ số")
        verbose_name_plural = _("chỉ số")

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("indicators:detail", args=[self.code])


class Breakdown(models.Model):
    """A way of breaking figures down, with its parts: `values` is a list of {"code", "name", "name_en"}.

    `is_complete`: the parts together make the whole. `is_open`: no source settles the parts; they may be added to.
    """

    code = models.CharField(_("mã"), max_length=40, unique=True)
    name = models.CharField(_("tên"), max_length=120)
    name_en = models.CharField(_("tên tiếng Anh"), max_length=120, blank=True)
    values = models.JSONField(_("các giá trị"), default=list, blank=True)
    is_complete = models.BooleanField(_("các giá trị cộng lại đủ tổng số"), default=False)
    is_open = models.BooleanField(_("còn thêm giá trị được"), default=False)
    note = models.TextField(_("ghi chú"), blank=True)
    position = models.PositiveSmallIntegerField(_("thứ tự"), default=0)
    is_shipped = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["position", "code"]
        verbose_name = _("phân tổ")
        verbose_name_plural = _("phân tổ")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("indicators:breakdown-edit", args=[self.code])


class Definition(Dated):
    """One version of what an indicator means, from a day until another. Once in force it is not changed but followed.

    `measure` is a code of `rules.measures`; `breakdowns`, `levels` and `rhythms` are lists of codes.
    """

    class Kind(models.TextChoices):
        BASE = "base", _("số liệu gốc")
        DERIVED = "derived", _("tính từ chỉ số khác")

    class OverPlaces(models.TextChoices):
        SUM = "sum", _("cộng các đơn vị")
        DISTINCT = "distinct", _("đếm không trùng ở từng cấp")
        NONE = "none", _("không tổng hợp")

    class OverTime(models.TextChoices):
        SUM = "sum", _("cộng các kỳ")
        LAST = "last", _("lấy kỳ sau cùng")
        MEAN = "mean", _("trung bình các kỳ")
        NONE = "none", _("chỉ theo đúng kỳ")

    class Direction(models.TextChoices):
        UP = "up", _("càng cao càng tốt")
        DOWN = "down", _("càng thấp càng tốt")
        NONE = "none", _("không xét")

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="definitions", verbose_name=_("chỉ số"))
    version = models.PositiveSmallIntegerField(_("phiên bản"))
    state = models.CharField(
        _("trạng thái"), max_length=10, choices=choices(states.DEFINITION.choices()), default=states.DEFINITION.start
    )
    name = models.CharField(_("tên"), max_length=255)
    name_en = models.CharField(_("tên tiếng Anh"), max_length=255, blank=True)
    folded = models.CharField(max_length=600, editable=False, db_index=True)
    meaning = models.TextField(_("ý nghĩa, cách tính"), blank=True)
    measure = models.CharField(_("đơn vị tính"), max_length=30)
    kind = models.CharField(_("loại"), max_length=8, choices=Kind)
    formula = models.TextField(_("công thức"), blank=True)
    numerator = models.CharField(_("tử số"), max_length=255, blank=True)
    denominator = models.CharField(_("mẫu số"), max_length=255, blank=True)
    over_places = models.CharField(_("tổng hợp theo địa bàn"), max_length=8, choices=OverPlaces)
    over_time = models.CharField(_("tổng hợp theo thời gian"), max_length=8, choices=OverTime)
    breakdowns = models.JSONField(_("phân tổ"), default=list, blank=True)
    levels = models.JSONField(_("cấp có số liệu"), default=list)
    reported_at = models.CharField(_("cấp báo số liệu gốc"), max_length=10, default="commune")
    calendar = models.CharField(_("lịch báo cáo"), max_length=10)
    rhythms = models.JSONField(_("kỳ"), default=list)
    decimals = models.PositiveSmallIntegerField(_("số chữ số thập phân"), default=0)
    direction = models.CharField(_("chiều tốt"), max_length=4, choices=Direction, default=Direction.NONE)
    fact = models.CharField(_("đếm từ sổ sách"), max_length=80, blank=True)
    is_key = models.BooleanField(_("chỉ số chính"), default=False)
    source = models.CharField(_("văn bản, nguồn"), max_length=255, blank=True)
    source_url = models.URLField(_("địa chỉ nguồn"), max_length=500, blank=True)
    note = models.TextField(_("ghi chú"), blank=True)
    is_shipped = models.BooleanField(default=False, editable=False)

    class Meta(Dated.Meta):
        abstract = False
        ordering = ["indicator__family__position", "indicator__code", "version"]
        verbose_name = _("định nghĩa chỉ số")
        verbose_name_plural = _("định nghĩa chỉ số")
        constraints = [
            *Dated.Meta.constraints,
            models.UniqueConstraint(fields=["indicator", "version"], name="indicators_definition_version"),
            models.UniqueConstraint(
                fields=["indicator"],
                condition=Q(state="draft"),
                name="indicators_definition_one_draft",
                violation_error_message=_("Chỉ số đã có một bản nháp."),
            ),
            models.CheckConstraint(
                condition=Q(kind="base", formula="") | (Q(kind="derived") & ~Q(formula="")),
                name="indicators_definition_formula_if_derived",
                violation_error_message=_("Chỉ số tính từ chỉ số khác phải có công thức; số liệu gốc thì không."),
            ),
        ]
        indexes = [models.Index(fields=["state", "valid_from"], name="indicators_definition_state")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("indicators:detail", args=[self.indicator.code])


class ReportingPeriod(models.Model):
    """A period to which figures belong; its key names it once and for all (`kernel.periods`)."""

    key = models.CharField(_("kỳ"), max_length=40, unique=True)
    calendar = models.CharField(_("lịch"), max_length=10)
    rhythm = models.CharField(_("nhịp"), max_length=8)
    first = models.DateField(_("từ ngày"))
    end = models.DateField(_("đến hết ngày trước"))

    class Meta:
        ordering = ["end", "first", "key"]
        verbose_name = _("kỳ báo cáo")
        verbose_name_plural = _("kỳ báo cáo")
        constraints = [models.CheckConstraint(condition=Q(end__gt=F("first")), name="indicators_period_days_in_order")]
        indexes = [models.Index(fields=["calendar", "rhythm", "end"], name="indicators_period_turns")]

    def __str__(self) -> str:
        return period_words(self.period)

    @property
    def period(self) -> Period:
        """The period as the kernel knows it."""
        return Period(self.first, self.end, Rhythm(self.rhythm), Calendar(self.calendar))


class Fact(models.Model):
    """The figure of a unit with nobody beneath it, for one base indicator, breakdown and period.

    `counted` comes from the house's own records, `stated` from a person; what counts is `stated` when it is there.
    `by` is empty for the whole, else such as "sex=female". `source` names the row from which a stated figure came
    ("reports.submission:12").
    """

    # The two indexes below serve every question that is asked; one for each key would double the table.
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="facts", db_index=False, verbose_name=_("chỉ số")
    )
    by = models.CharField(_("phân tổ"), max_length=120, blank=True, default="")
    unit = models.ForeignKey(
        "places.Unit", models.PROTECT, related_name="facts", db_index=False, verbose_name=_("đơn vị")
    )
    period = models.ForeignKey(
        ReportingPeriod, models.PROTECT, related_name="facts", db_index=False, verbose_name=_("kỳ")
    )
    counted = models.BigIntegerField(_("đếm được"), null=True, blank=True)
    stated = models.BigIntegerField(_("đơn vị báo"), null=True, blank=True)
    value = models.BigIntegerField(_("số liệu"))
    reason = models.TextField(_("lý do khác số đếm được"), blank=True, default="")
    source = models.CharField(_("nguồn"), max_length=80, blank=True, default="")
    is_approved = models.BooleanField(_("đã duyệt"), default=False)
    changed_at = models.DateTimeField(_("cập nhật lúc"))

    class Meta:
        ordering = ["indicator", "period", "unit", "by"]
        verbose_name = _("số liệu gốc")
        verbose_name_plural = _("số liệu gốc")
        constraints = [
            models.UniqueConstraint(fields=["unit", "period", "indicator", "by"], name="indicators_fact_once"),
            models.CheckConstraint(
                condition=Q(stated__isnull=False, value=F("stated"))
                | Q(stated__isnull=True, counted__isnull=False, value=F("counted")),
                name="indicators_fact_value_is_stated_or_counted",
            ),
        ]
        indexes = [models.Index(fields=["indicator", "period", "by"], name="indicators_fact_of_period")]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.unit_id} {self.period_id} {self.by}".strip()


class Computation(models.Model):
    """One time at which totals were computed: when, and by which version of the arithmetic."""

    at = models.DateTimeField(_("tính lúc"))
    version = models.CharField(_("phiên bản cách tính"), max_length=20)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("lần tính")
        verbose_name_plural = _("lần tính")

    def __str__(self) -> str:
        return f"{self.version} {self.at}"


class Total(models.Model):
    """What the facts of a unit, and of all beneath it, make in a period: `value / count`. Where none is known, no row.

    It stands on `reported` of `expected` facts, `approved` of them approved; `computation` is the one that last
    changed it. A total is published as it is: when its number changes, it is provisional again.
    """

    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="totals", db_index=False, verbose_name=_("chỉ số")
    )
    by = models.CharField(_("phân tổ"), max_length=120, blank=True, default="")
    unit = models.ForeignKey(
        "places.Unit", models.PROTECT, related_name="totals", db_index=False, verbose_name=_("đơn vị")
    )
    period = models.ForeignKey(
        ReportingPeriod, models.PROTECT, related_name="totals", db_index=False, verbose_name=_("kỳ")
    )
    value = models.BigIntegerField(_("giá trị"))
    count = models.PositiveIntegerField(_("số kỳ"), default=1)
    reported = models.PositiveIntegerField(_("đã báo"))
    expected = models.PositiveIntegerField(_("phải báo"))
    approved = models.PositiveIntegerField(_("đã duyệt"), default=0)
    state = models.CharField(_("trạng thái"), max_length=12, choices=choices(states.FIGURE.items()))
    computation = models.ForeignKey(
        Computation, models.PROTECT, related_name="totals", db_index=False, verbose_name=_("lần tính")
    )

    class Meta:
        ordering = ["indicator", "period", "unit", "by"]
        verbose_name = _("số tổng hợp")
        verbose_name_plural = _("số tổng hợp")
        constraints = [
            models.UniqueConstraint(fields=["unit", "period", "indicator", "by"], name="indicators_total_once"),
            models.CheckConstraint(
                condition=Q(count__gt=0, reported__gt=0, reported__lte=F("expected"), approved__lte=F("reported")),
                name="indicators_total_counts",
            ),
        ]
        indexes = [models.Index(fields=["indicator", "period", "by"], name="indicators_total_of_period")]

    def __str__(self) -> str:
        return f"{self.indicator} {self.by} · {self.unit} · {self.period}"


class Target(models.Model):
    """A number that a unit is to reach by the end of a period, with the document that set it.

    `value` is in the units in which the indicator is shown: percent, persons, million đồng.
    """

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets", verbose_name=_("chỉ số"))
    unit = models.ForeignKey("places.Unit", models.PROTECT, related_name="targets", verbose_name=_("đơn vị"))
    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="targets", verbose_name=_("kỳ"))
    value = models.DecimalField(_("chỉ tiêu"), max_digits=20, decimal_places=4)
    document = models.CharField(_("văn bản giao"), max_length=255)
    note = models.TextField(_("ghi chú"), blank=True, default="")
    set_at = models.DateTimeField(_("giao lúc"))
    set_by_name = models.CharField(_("người nhập"), max_length=200)

    class Meta:
        ordering = ["unit", "period", "indicator"]
        verbose_name = _("chỉ tiêu")
        verbose_name_plural = _("chỉ tiêu")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "period", "indicator"],
                name="indicators_target_once",
                violation_error_message=_("Đơn vị đã có chỉ tiêu này trong kỳ."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.unit_id} {self.period_id}"
