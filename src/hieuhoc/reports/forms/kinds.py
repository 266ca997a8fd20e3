"""Forms on the pages of report kinds and rounds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui.forms import DateField
from hieuhoc.foundation.ui.wording import capital_choices, in_words, period_words
from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.periods import Calendar, Period, Rhythm, period_of
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.plans.forms.units import UnitField
from hieuhoc.registers.indicators.rules.definition import CALENDARS, RHYTHMS
from hieuhoc.registers.places import selectors as places
from hieuhoc.reports.models import Form, ReportKind

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import Unit

LEVELS = (
    ("commune", gettext_lazy("Xã, phường, thị trấn")),
    ("district", gettext_lazy("Huyện, thành phố")),
    ("agency", gettext_lazy("Sở, ban, ngành, cơ quan")),
    ("province", gettext_lazy("Tỉnh")),
)
OWN = (Calendar.OWN.value, gettext_lazy("ngày riêng của từng đợt (đột xuất, chuyên đề)"))


class UnitsField(forms.CharField):
    """Several units, each on its own line by its name or key."""

    def __init__(self, **given: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 4}), **given)

    def clean(self, value: Any) -> list[Unit]:
        lines = [line.strip() for line in (super().clean(value) or "").splitlines() if line.strip()]
        return [self._unit(line) for line in dict.fromkeys(lines)]

    def _unit(self, line: str) -> Unit:
        try:
            return places.unit_by_key(line)
        except Missing:
            pass
        found = places.find_units(line, on=clock.today(), limit=10)
        exact = [unit for unit in found if fold(line) in {fold(unit.name), fold(unit.short_name)}]
        if len(exact) == 1:
            return exact[0]
        said = _("Nhiều đơn vị tên “%(text)s”.") if exact else _("Không có đơn vị nào tên “%(text)s” trong danh mục.")
        raise forms.ValidationError(said, params={"text": line[:80]})


class KindForm(forms.Form):
    """A regime of reporting, new or changed."""

    name = forms.CharField(label=gettext_lazy("Tên loại báo cáo"), max_length=255)
    code = forms.SlugField(
        label=gettext_lazy("Mã"),
        max_length=60,
        help_text=gettext_lazy("Chữ không dấu, số và gạch nối, như quy-xhht. Không đổi được về sau."),
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Loại"), choices=[(value, capfirst(name)) for value, name in ReportKind.Category.choices]
    )
    form = forms.ModelChoiceField(
        label=gettext_lazy("Biểu mẫu"), queryset=Form.objects.none(), empty_label=gettext_lazy("Chọn biểu mẫu")
    )
    root = UnitField(label=gettext_lazy("Phạm vi"), help_text=gettext_lazy("Thường là tỉnh."))
    recipient = UnitField(label=gettext_lazy("Cơ quan nhận, tổng hợp"))
    calendar = forms.ChoiceField(
        label=gettext_lazy("Lịch báo cáo"), choices=[*capital_choices(CALENDARS.items()), (OWN[0], capfirst(OWN[1]))]
    )
    rhythm = forms.ChoiceField(label=gettext_lazy("Nhịp"), choices=capital_choices(RHYTHMS.items()))
    levels = forms.MultipleChoiceField(
        label=gettext_lazy("Cấp phải báo cáo"), choices=LEVELS, widget=forms.CheckboxSelectMultiple
    )
    sending_commune = forms.IntegerField(label=gettext_lazy("Hạn gửi của xã"), min_value=0, max_value=120)
    sending_district = forms.IntegerField(label=gettext_lazy("Hạn gửi của huyện"), min_value=0, max_value=120)
    sending_agency = forms.IntegerField(label=gettext_lazy("Hạn gửi của sở, ngành"), min_value=0, max_value=120)
    sending_province = forms.IntegerField(label=gettext_lazy("Hạn gửi của tỉnh"), min_value=0, max_value=120)
    agencies = UnitsField(
        label=gettext_lazy("Các cơ quan phải báo cáo"),
        required=False,
        help_text=gettext_lazy("Khi chọn cấp “Sở, ban, ngành, cơ quan”: mỗi dòng một tên."),
    )
    opens_before = forms.IntegerField(
        label=gettext_lazy("Mở trước ngày chốt (ngày)"), min_value=0, max_value=120, initial=15
    )
    subject = forms.CharField(
        label=gettext_lazy("Trích yếu của báo cáo"),
        max_length=300,
        help_text=gettext_lazy("Như in trên văn bản: “Kết quả công tác khuyến học, khuyến tài …”."),
    )
    bases = forms.CharField(
        label=gettext_lazy("Căn cứ"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Mỗi dòng một văn bản, viết như trong báo cáo."),
    )
    document = forms.CharField(label=gettext_lazy("Văn bản quy định"), max_length=255, required=False)
    valid_from = DateField(label=gettext_lazy("Áp dụng từ"))

    SENDING = ("commune", "district", "agency", "province")

    def __init__(self, *given: Any, kind: ReportKind | None = None, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["form"].queryset = Form.objects.filter(  # type: ignore[attr-defined]  # a ModelChoiceField
            versions__state="in_force"
        ).distinct()
        for level in self.SENDING:
            field = self.fields[f"sending_{level}"]
            field.required, field.help_text = False, _("Số ngày sau ngày cuối kỳ; cần ghi khi cấp này phải báo cáo.")
        if kind is not None:
            del self.fields["code"]

    def know_units(self, initial: Mapping[str, Any]) -> None:
        """Show the units that the form begins with by their names."""
        for name in ("root", "recipient"):
            field, unit = self.fields[name], places.unit_or_none(str(initial.get(name, "")))
            if unit is not None and isinstance(field, UnitField):
                field.know([unit])

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for level in given.get("levels") or ():
            if given.get(f"sending_{level}") is None and f"sending_{level}" not in self.errors:
                self.add_error(f"sending_{level}", _("Hãy ghi hạn gửi của cấp này."))
        return given

    def content(self) -> dict[str, Any]:
        """What the services take."""
        told = dict(self.cleaned_data)
        days = {level: told.pop(f"sending_{level}") for level in self.SENDING}
        told["sending"] = {level: days[level] for level in told["levels"]}
        told["bases"] = [line.strip() for line in told["bases"].splitlines() if line.strip()]
        return told


def kind_initial(kind: ReportKind) -> dict[str, Any]:
    """What the form of a kind shows first."""
    shown: dict[str, Any] = {
        name: getattr(kind, name)
        for name in (
            "name",
            "category",
            "form",
            "calendar",
            "rhythm",
            "levels",
            "opens_before",
            "subject",
            "document",
            "valid_from",
        )
    }
    shown |= {f"sending_{level}": days for level, days in kind.sending.items()}
    shown |= {"root": kind.root.key, "recipient": kind.recipient.key, "bases": "\n".join(kind.bases)}
    return shown | {"agencies": "\n".join(unit.name for unit in kind.agencies.all())}


class EndForm(forms.Form):
    """From when on something no longer holds."""

    valid_to = DateField(label=gettext_lazy("Không áp dụng từ ngày"))


class RoundForm(forms.Form):
    """A round: of a turn of its calendar, or with days of its own."""

    kind = forms.ModelChoiceField(
        label=gettext_lazy("Loại báo cáo"),
        queryset=ReportKind.objects.none(),
        empty_label=gettext_lazy("Chọn loại báo cáo"),
    )
    first = DateField(
        label=gettext_lazy("Số liệu từ ngày"),
        required=False,
        help_text=gettext_lazy("Chỉ điền cho đợt đột xuất, chuyên đề có ngày riêng."),
    )
    last = DateField(label=gettext_lazy("Đến hết ngày"), required=False)
    period = forms.ChoiceField(
        label=gettext_lazy("Kỳ"),
        required=False,
        help_text=gettext_lazy("Cho loại báo cáo theo lịch."),
    )
    closes_on = DateField(
        label=gettext_lazy("Ngày chốt số liệu"),
        required=False,
        help_text=gettext_lazy("Để trống thì lấy ngày cuối kỳ."),
    )
    due_commune = DateField(label=gettext_lazy("Hạn gửi của xã"), required=False)
    due_district = DateField(label=gettext_lazy("Hạn gửi của huyện"), required=False)
    due_agency = DateField(label=gettext_lazy("Hạn gửi của sở, ngành"), required=False)
    due_province = DateField(label=gettext_lazy("Hạn gửi của tỉnh"), required=False)

    field_order = ("kind", "period", "first", "last")

    def __init__(self, *given: Any, kinds: Iterable[ReportKind] = (), **named: Any) -> None:
        super().__init__(*given, **named)
        self.kinds = list(kinds)
        field = self.fields["kind"]
        field.queryset = ReportKind.objects.filter(  # type: ignore[attr-defined]  # a ModelChoiceField
            pk__in=[kind.pk for kind in self.kinds]
        )
        self.fields["period"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", _("Chọn kỳ")),
            *(
                (one.key, f"{capfirst(period_words(one))} ({in_words(CALENDARS[one.calendar])})")
                for one in self._turns()
            ),
        ]

    def _turns(self) -> list[Period]:
        """The present turn of every kind's calendar, the two before and the one after."""
        found: set[Period] = set()
        for kind in self.kinds:
            if kind.calendar == Calendar.OWN:
                continue
            now = period_of(Rhythm(kind.rhythm), clock.today(), Calendar(kind.calendar))
            found |= {now, now.previous(), now.previous().previous(), now.following()}
        return sorted(found, key=lambda one: (one.calendar, one.rhythm, one.first), reverse=True)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        kind = given.get("kind")
        if kind is None:
            return given
        if kind.calendar == Calendar.OWN:
            first, last = given.get("first"), given.get("last")
            for name in ("first", "last"):
                if not given.get(name) and name not in self.errors:
                    self.add_error(name, _("Hãy ghi ngày."))
            if first and last and last < first:
                self.add_error("last", _("Ngày cuối không được trước ngày đầu."))
        elif not given.get("period") and "period" not in self.errors:
            self.add_error("period", _("Hãy chọn kỳ."))
        return given

    def dues(self) -> dict[str, Any]:
        """The days of sending that were given, by level."""
        return {level: day for level, _name in LEVELS if (day := self.cleaned_data.get(f"due_{level}"))}
