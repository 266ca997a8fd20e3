"""What is filled in about a person. What is allowed is said by the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.ui.forms import DateField
from hieuhoc.registers.accounts.forms import UnitField
from hieuhoc.registers.people import rules
from hieuhoc.registers.people.models import Person
from hieuhoc.registers.people.services import About


class PersonForm(forms.Form):
    """What is known of somebody. The number of an identity card is typed and never shown again."""

    name = forms.CharField(label=_("Họ và tên"), max_length=120, widget=forms.TextInput({"autocomplete": "off"}))
    birth_year = forms.IntegerField(
        label=_("Năm sinh"), required=False, widget=forms.TextInput({"inputmode": "numeric", "size": "6"})
    )
    birth_on = DateField(label=_("Ngày sinh"), required=False, help_text=_("Nếu biết đủ ngày, không cần ghi năm sinh."))
    sex = forms.ChoiceField(label=_("Giới tính"), required=False, choices=[("", _("Chưa rõ")), *rules.SEXES.items()])
    phone = forms.CharField(
        label=_("Số điện thoại"),
        required=False,
        max_length=20,
        widget=forms.TextInput({"type": "tel", "inputmode": "tel", "autocomplete": "off", "size": "16"}),
    )
    unit = UnitField(label=_("Nơi ở"), required=False, help_text=_("Xã, phường, thị trấn hoặc ấp, khu phố."))
    identity = forms.CharField(
        label=_("Số định danh"),
        required=False,
        max_length=20,
        help_text=_("Chỉ dùng để nhận ra cùng một người; phần mềm không lưu số này, chỉ lưu bốn số cuối."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "size": "16"}),
    )
    ethnicity = forms.ChoiceField(
        label=_("Dân tộc"),
        required=False,
        choices=[("", _("Không ghi")), *rules.ETHNICITIES.items()],
        help_text=_("Thông tin nhạy cảm: chỉ ghi khi người học đồng ý; chỉ dùng để đếm."),
    )

    def about(self) -> About:
        """What was filled in."""
        return About(**{name: self.cleaned_data[name] for name in self._names()})

    @staticmethod
    def _names() -> tuple[str, ...]:
        return ("name", "birth_year", "birth_on", "sex", "ethnicity", "phone", "identity", "unit")


class EditForm(PersonForm):
    """The same of somebody who is known; an empty identity number keeps the one that is known."""

    drop_identity = forms.BooleanField(label=_("Bỏ số định danh đang lưu"), required=False)

    def __init__(self, *given: Any, person: Person, **named: Any) -> None:
        initial = {
            name: getattr(person, name) for name in ("name", "birth_year", "birth_on", "sex", "phone", "ethnicity")
        }
        initial["unit"] = person.unit.key if person.unit else ""
        super().__init__(*given, **(named | {"initial": initial}))
        if person.identity_end:
            self.fields["identity"].help_text = _("Đang lưu số có bốn số cuối %(end)s. Để trống nếu không đổi.") % {
                "end": person.identity_end
            }
        else:
            del self.fields["drop_identity"]


class ForgetForm(forms.Form):
    """Why somebody's data are deleted."""

    why = forms.CharField(
        label=_("Căn cứ"),
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        help_text=_("Ví dụ: đơn đề nghị ngày 16/11/2020. Không ghi tên người học."),
    )
