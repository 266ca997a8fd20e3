"""The forms in which an indicator is defined, ended, and a breakdown is added to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.ui.forms import DateField, SearchSelect
from hieuhoc.foundation.ui.wording import choices, say
from hieuhoc.kernel.errors import Invalid
from hieuhoc.registers.indicators import rules
from hieuhoc.registers.indicators.models import Definition
from hieuhoc.registers.indicators.rules.definition import MOST_DECIMALS

if TYPE_CHECKING:
    from hieuhoc.registers.indicators.models import Family

_SPARE_ROWS = 4


class DefinitionForm(forms.Form):
    """What an indicator means. `told()` gives the definition once the form is valid."""

    family = forms.ChoiceField(label=_("Nhóm"))
    code = forms.CharField(
        label=_("Mã"), max_length=60, help_text=_("Chữ hoa không dấu, chữ số, ví dụ CLC.READERS. Mã không đổi về sau.")
    )
    name = forms.CharField(label=_("Tên"), max_length=255)
    name_en = forms.CharField(label=_("Tên tiếng Anh"), max_length=255, required=False)
    meaning = forms.CharField(
        label=_("Ý nghĩa, cách tính"), widget=forms.Textarea({"rows": 3}), max_length=4000, required=False
    )
    kind = forms.ChoiceField(label=_("Loại"), choices=Definition.Kind.choices, widget=forms.RadioSelect)
    measure = forms.ChoiceField(label=_("Đơn vị tính"), widget=SearchSelect)
    formula = forms.CharField(
        label=_("Công thức"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(
            {
                "rows": 2,
                "spellcheck": "false",
                "autocomplete": "off",
                "hx-get": reverse_lazy("indicators:formula-check"),
                "hx-trigger": "input changed delay:500ms",
                "hx-include": "closest form",
                "hx-target": "#formula-check",
            }
        ),
        help_text=_(
            "Chỉ cho loại tính từ chỉ số khác. Ví dụ: percent(LIT.L1_15_25[sex=female], LIT.POP_15_25[sex=female]); "
            "mean(a over b); sum(a, b); previous(a); change(a); whole(a); các dấu + - * / và ngoặc."
        ),
    )
    numerator = forms.CharField(label=_("Tử số"), max_length=255, required=False)
    denominator = forms.CharField(label=_("Mẫu số"), max_length=255, required=False)
    over_places = forms.ChoiceField(
        label=_("Tổng hợp theo địa bàn"),
        choices=Definition.OverPlaces.choices,
        required=False,
        help_text=_("Chỉ cho số liệu gốc; chỉ số có công thức được tính lại ở từng cấp."),
    )
    over_time = forms.ChoiceField(
        label=_("Tổng hợp theo thời gian"), choices=Definition.OverTime.choices, required=False
    )
    breakdowns = forms.MultipleChoiceField(label=_("Phân tổ"), required=False, widget=forms.CheckboxSelectMultiple)
    levels = forms.MultipleChoiceField(label=_("Cấp có số liệu"), widget=forms.CheckboxSelectMultiple)
    reported_at = forms.ChoiceField(label=_("Cấp báo số liệu gốc"))
    calendar = forms.ChoiceField(label=_("Lịch báo cáo"))
    rhythms = forms.MultipleChoiceField(label=_("Kỳ"), widget=forms.CheckboxSelectMultiple)
    decimals = forms.IntegerField(label=_("Số chữ số thập phân"), min_value=0, max_value=MOST_DECIMALS, initial=0)
    direction = forms.ChoiceField(label=_("Chiều tốt"), choices=Definition.Direction.choices, initial="none")
    fact = forms.CharField(
        label=_("Đếm từ sổ sách"),
        max_length=80,
        required=False,
        help_text=_("Tên số đếm của hệ thống, ví dụ plans.tasks_due. Để trống nếu đơn vị tự báo."),
    )
    is_key = forms.BooleanField(label=_("Là chỉ số chính"), required=False)
    valid_from = DateField(label=_("Có hiệu lực từ ngày"))
    source = forms.CharField(label=_("Văn bản, nguồn"), max_length=255, required=False)
    source_url = forms.URLField(label=_("Địa chỉ nguồn"), max_length=500, required=False, assume_scheme="https")
    note = forms.CharField(label=_("Ghi chú"), widget=forms.Textarea({"rows": 2}), max_length=4000, required=False)

    def __init__(
        self,
        *given: Any,
        families: Iterable[Family],
        breakdowns: Iterable[rules.Breakdown],
        of: rules.Definition | None = None,
        **named: Any,
    ) -> None:
        """`of` is the definition that is revised: its indicator's family and code stay."""
        if of is not None:
            named["initial"] = _initial(of) | named.get("initial", {})
        super().__init__(*given, **named)
        self._of = of
        self._told: rules.Definition | None = None
        listed = {
            "family": [(family.code, family.name) for family in families],
            "measure": choices((code, one.name) for code, one in rules.MEASURES.items()),
            "breakdowns": [(one.code, one.name) for one in breakdowns],
            "levels": choices(rules.LEVELS.items()),
            "reported_at": choices(rules.LEVELS.items()),
            "calendar": choices(rules.CALENDARS.items()),
            "rhythms": choices(rules.RHYTHMS.items()),
        }
        for name, options in listed.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]  # all of these are choices
        if of is not None:
            del self.fields["family"], self.fields["code"]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if self.errors:
            return told
        try:
            self._told = self._definition(told)
        except Invalid as problem:
            self.add_error(problem.field if problem.field in self.fields else None, say(problem))
        return told

    def told(self) -> rules.Definition:
        """The definition that the form holds. Raises: ValueError for a form that is not valid."""
        if self._told is None:
            raise ValueError("a form that is not valid holds no definition")
        return self._told

    def _definition(self, told: dict[str, Any]) -> rules.Definition:
        is_base = told["kind"] == "base"
        given = {name: value for name, value in told.items() if name != "family"}
        given |= {name: tuple(told[name]) for name in ("breakdowns", "levels", "rhythms")}
        given |= {
            "code": self._of.code if self._of else told["code"].strip().upper(),
            "over_places": told["over_places"] or "sum" if is_base else "none",
            "over_time": told["over_time"] or "sum" if is_base else "none",
            "formula": told["formula"].strip(),
        }
        made = rules.Definition(**given)
        return replace(made, formula=rules.write(made.node)) if made.node is not None else made


def _initial(of: rules.Definition) -> dict[str, Any]:
    names = [name for name in DefinitionForm.base_fields if name not in ("family", "code")]
    initial = {name: getattr(of, name) for name in names}
    return initial | {name: list(initial[name]) for name in ("breakdowns", "levels", "rhythms")}


class EndForm(forms.Form):
    """From which day an indicator is no more, and why."""

    on = DateField(label=_("Không dùng từ ngày"), help_text=_("Số liệu của các kỳ trước đó giữ nguyên."))
    why = forms.CharField(label=_("Lý do"), widget=forms.Textarea({"rows": 2}), max_length=1000)


class BreakdownForm(forms.Form):
    """The parts of a breakdown: those there are, each with its name, and room for more where it is open."""

    note = forms.CharField(label=_("Ghi chú"), widget=forms.Textarea({"rows": 2}), max_length=1000, required=False)

    def __init__(self, *given: Any, of: rules.Breakdown, **named: Any) -> None:
        super().__init__(*given, **{"initial": {"note": of.note}, **named})
        self.of = of
        for number, value in enumerate(of.values):
            label = _("Tên của “%(code)s”") % {"code": value.code}
            self.fields[f"name_{number}"] = forms.CharField(label=label, max_length=120, initial=value.name)
        for number in range(_SPARE_ROWS if of.is_open else 0):
            self.fields[f"code_more_{number}"] = forms.CharField(
                label=_("Mã giá trị thêm"),
                max_length=40,
                required=False,
                help_text=_("Chữ thường không dấu, chữ số, ví dụ nong-nghiep."),
            )
            self.fields[f"name_more_{number}"] = forms.CharField(
                label=_("Tên giá trị thêm"), max_length=120, required=False
            )
        self.order_fields([*(name for name in self.fields if name != "note"), "note"])

    def values(self) -> list[rules.BreakdownValue]:
        """The parts as they are to be. Raises: Invalid (field of the form) for a code or a name that will not do."""
        told = self.cleaned_data
        kept = [
            rules.BreakdownValue(value.code, told[f"name_{number}"], value.name_en)
            for number, value in enumerate(self.of.values)
        ]
        for number in range(_SPARE_ROWS if self.of.is_open else 0):
            code, name = told[f"code_more_{number}"].strip(), told[f"name_more_{number}"].strip()
            if not code and not name:
                continue
            try:
                kept.append(rules.BreakdownValue(code, name))
            except Invalid as problem:
                raise Invalid("{problem}", field=f"code_more_{number}", problem=problem) from problem
        return kept
