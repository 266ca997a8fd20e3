"""The forms of money: an estimate or allocation, spending with its voucher, a norm, the area of a commune."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.ui.forms import DateField, FileInput
from hieuhoc.foundation.ui.wording import capital_choices
from hieuhoc.programme.learning.forms.fields import UnitField
from hieuhoc.programme.learning.models import Activity, Allocation, Norm
from hieuhoc.programme.learning.rules import kinds, money


def _amount() -> forms.IntegerField:
    return forms.IntegerField(label=_("Số tiền (đồng)"), min_value=1, max_value=money.MOST)


class AllocationForm(forms.Form):
    """An estimate, or what was allocated."""

    step = forms.ChoiceField(label=_("Bước"), choices=capital_choices(Allocation.Step.choices))
    line = forms.ChoiceField(label=_("Khoản"), choices=capital_choices(kinds.LINES.items()))
    source = forms.ChoiceField(label=_("Nguồn"), choices=capital_choices(kinds.SOURCES.items()))
    amount = _amount()
    document = forms.CharField(
        label=_("Văn bản"), max_length=160, required=False, help_text=_("Cần có khi kinh phí đã được giao.")
    )
    note = forms.CharField(label=_("Diễn giải"), max_length=255, required=False)


class SpendingForm(forms.Form):
    """What was spent, with its voucher."""

    on = DateField(label=_("Ngày chi"))
    voucher = forms.CharField(label=_("Số chứng từ"), max_length=60)
    line = forms.ChoiceField(label=_("Khoản"), choices=capital_choices(kinds.LINES.items()))
    source = forms.ChoiceField(label=_("Nguồn"), choices=capital_choices(kinds.SOURCES.items()))
    amount = _amount()
    activity = forms.ModelChoiceField(
        label=_("Lớp, chuyên đề"), queryset=Activity.objects.none(), required=False, empty_label=_("Không gắn với lớp")
    )
    note = forms.CharField(label=_("Diễn giải"), max_length=255, required=False)
    file = forms.FileField(
        label=_("Tệp chứng từ"), required=False, widget=FileInput(kinds=(".pdf", ".jpg", ".png"), limit=20)
    )

    def __init__(self, *given: Any, activities: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["activity"].queryset = activities  # type: ignore[attr-defined]  # a ModelChoiceField


class NormForm(forms.Form):
    """What a centre is to receive at least."""

    occasion = forms.ChoiceField(label=_("Khi nào"), choices=capital_choices(Norm.Occasion.choices))
    area = forms.ChoiceField(
        label=_("Khu vực"), required=False, choices=[("", _("Mọi khu vực")), *capital_choices(kinds.AREAS.items())]
    )
    amount = _amount()
    valid_from = DateField(label=_("Áp dụng từ ngày"))
    instrument = forms.CharField(label=_("Văn bản"), max_length=255)
    unit = UnitField(label=_("Áp dụng ở"), required=False, help_text=_("Trống: cả nước."))


class AreaForm(forms.Form):
    """Of which kind of area a commune is."""

    unit = UnitField(label=_("Xã, phường"))
    area = forms.ChoiceField(label=_("Khu vực"), choices=capital_choices(kinds.AREAS.items()))
    valid_from = DateField(label=_("Áp dụng từ ngày"))
    instrument = forms.CharField(label=_("Văn bản"), max_length=255, required=False)
