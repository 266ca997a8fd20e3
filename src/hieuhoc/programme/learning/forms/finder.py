"""What a citizen fills in on the public pages: a name, a year of birth, a telephone, and the code that came to it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui.forms import DateField
from hieuhoc.foundation.ui.wording import say
from hieuhoc.kernel.errors import Invalid
from hieuhoc.registers.people import rules as people


class TrapForm(forms.Form):
    """A form with a field that nobody sees: programs that fill in everything fill it in too."""

    website = forms.CharField(
        label=_("Để trống ô này"),
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )

    @property
    def is_trapped(self) -> bool:
        """Whether a program filled it in."""
        return bool(self.data.get("website"))


class ContactForm(TrapForm):
    """Who somebody is, as far as has to be known."""

    name = forms.CharField(
        label=_("Họ và tên"),
        max_length=120,
        widget=forms.TextInput({"autocomplete": "name", "autocapitalize": "words"}),
    )
    phone = forms.CharField(
        label=_("Số điện thoại"),
        max_length=20,
        widget=forms.TextInput({"type": "tel", "inputmode": "tel", "autocomplete": "tel", "size": "16"}),
    )

    field_order = ("name", "birth_year", "sex", "phone", "website")

    def clean_name(self) -> str:
        return self._kept(people.name_of, "name")

    def clean_phone(self) -> str:
        return self._kept(people.phone_of, "phone")

    def _kept(self, rule: Any, name: str) -> str:
        try:
            kept: str = rule(self.cleaned_data[name])
        except Invalid as trouble:
            raise forms.ValidationError(say(trouble)) from trouble
        return kept


class CitizenForm(ContactForm):
    """Somebody who enrols for themselves."""

    birth_year = forms.IntegerField(
        label=_("Năm sinh"),
        min_value=1900,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "bday-year", "size": "6"}),
        error_messages={"invalid": _("Hãy ghi năm sinh bằng bốn chữ số, ví dụ 1985.")},
    )
    sex = forms.ChoiceField(label=_("Giới tính"), required=False, choices=[("", _("Không ghi")), *people.SEXES.items()])

    def clean_birth_year(self) -> int:
        year: int = self.cleaned_data["birth_year"]
        if year > clock.today().year:
            raise forms.ValidationError(_("Năm sinh không thể ở sau năm nay."))
        return year


class CodeForm(forms.Form):
    """The code that came to a telephone, and what was filled in before it, sealed."""

    token = forms.CharField(widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("Mã xác nhận"),
        max_length=10,
        help_text=_("Sáu chữ số vừa gửi tới điện thoại của bạn."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "one-time-code", "size": "8"}),
    )


class FinderForm(forms.Form):
    """What somebody looks for; what makes no sense is left out."""

    q = forms.CharField(required=False, max_length=100)
    since = DateField(required=False, label=_("Từ ngày"))
    until = DateField(required=False, label=_("Đến ngày"))
    free = forms.BooleanField(required=False, label=_("Không thu phí"))
