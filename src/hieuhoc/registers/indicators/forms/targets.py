"""The forms in which targets are set, for one unit and one year at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.ui.forms import SearchSelect
from hieuhoc.foundation.ui.wording import say
from hieuhoc.kernel.errors import Invalid
from hieuhoc.registers.indicators import rules
from hieuhoc.registers.indicators.forms.fields import UnitField

if TYPE_CHECKING:
    from hieuhoc.registers.indicators.models import Target

SPARE_ROWS = 4


class TargetsOfForm(forms.Form):
    """For which unit and year targets are set."""

    unit = UnitField()
    year = forms.IntegerField(label=_("Năm"), min_value=2000, max_value=2100)


class TakeBackForm(forms.Form):
    """Why a target is taken back."""

    why = forms.CharField(label=_("Lý do"), widget=forms.Textarea({"rows": 2}), max_length=1000)


@dataclass(frozen=True)
class Line:
    """One row of the table: an indicator with what the unit is to reach, as it stands in the form."""

    code: str
    name: str
    sign: str
    set_by: str
    document: str
    field: forms.BoundField


class TargetsForm(forms.Form):
    """The targets of a unit for a year as a table; only what was changed is written, with the document that sets it."""

    document = forms.CharField(
        label=_("Văn bản giao chỉ tiêu"), max_length=255, help_text=_("Ví dụ: Quyết định 12/QĐ-UBND ngày 05/01/2021.")
    )
    note = forms.CharField(label=_("Ghi chú"), max_length=1000, required=False)

    def __init__(
        self,
        *given: Any,
        known: Mapping[str, rules.Definition],
        rows: Sequence[str],
        before: Mapping[str, Target],
        **named: Any,
    ) -> None:
        """`known` may be aimed at, `rows` of them have a row of their own; `before` are the targets there are."""
        super().__init__(*given, **named)
        self.known, self.rows, self.before = known, list(rows), before
        for code in rows:
            initial = _written(before[code], known[code]) if code in before else ""
            self.fields[_name(code)] = _value_field(known[code], initial)
        others = [("", "–"), *((code, f"{code} – {one.name}") for code, one in known.items() if code not in rows)]
        for number in range(SPARE_ROWS):
            self.fields[f"more_{number}"] = forms.ChoiceField(
                label=_("Chỉ số khác"), choices=others, required=False, widget=SearchSelect
            )
            self.fields[f"more_value_{number}"] = _value_field(None, "")

    def lines(self) -> list[Line]:
        """The rows of the table."""
        return [self._line(code) for code in self.rows]

    def more(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The rows in which another indicator may be chosen."""
        return [(self[f"more_{number}"], self[f"more_value_{number}"]) for number in range(SPARE_ROWS)]

    def changed(self) -> list[tuple[str, Fraction]]:
        """What is to be written: code and value as it is shown. Raises: Invalid (with the field)."""
        found: dict[str, Fraction] = {}
        for code in self.rows:
            text = self.cleaned_data[_name(code)].strip()
            if text and text != self.fields[_name(code)].initial:
                found[code] = self._read(text, code, _name(code))
            elif not text and code in self.before:
                raise Invalid("Muốn bỏ chỉ tiêu này hãy dùng nút Bỏ ở danh sách.", field=_name(code))
        for number in range(SPARE_ROWS):
            code, text = self.cleaned_data[f"more_{number}"], self.cleaned_data[f"more_value_{number}"].strip()
            if bool(code) != bool(text):
                raise Invalid("Hãy chọn cả chỉ số và chỉ tiêu.", field=f"more_value_{number}")
            if code:
                found[code] = self._read(text, code, f"more_value_{number}")
        if not found:
            raise Invalid("Chưa có chỉ tiêu nào thay đổi.")
        return list(found.items())

    def _read(self, text: str, code: str, field: str) -> Fraction:
        one = self.known[code].shown_in
        try:
            return one.shown(rules.read_value(text, one))
        except Invalid as problem:
            raise Invalid("{problem}", field=field, problem=say(problem)) from problem

    def _line(self, code: str) -> Line:
        one, target = self.known[code], self.before.get(code)
        return Line(
            code=code,
            name=one.name,
            sign=one.shown_in.sign,
            set_by=target.set_by_name if target else "",
            document=target.document if target else "",
            field=self[_name(code)],
        )


def _name(code: str) -> str:
    return f"value_{code.replace('.', '-')}"


def _value_field(one: rules.Definition | None, initial: str) -> forms.CharField:
    label = one.name if one else _("Chỉ tiêu")
    widget = forms.TextInput({"inputmode": "decimal", "size": "12", "autocomplete": "off"})
    return forms.CharField(label=label, max_length=30, required=False, initial=initial, widget=widget)


def _written(target: Target, one: rules.Definition) -> str:
    places = max(one.decimals, -min(int(target.value.normalize().as_tuple().exponent), 0))
    return rules.write_value(one.shown_in.counted(Fraction(target.value)), one.shown_in, decimals=places)
