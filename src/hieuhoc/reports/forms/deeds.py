"""Forms of deeds on submissions, rounds and forms of report."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.ui.forms import DateField
from hieuhoc.programme.plans.forms.units import UnitField


class WhyForm(forms.Form):
    """A deed that needs a reason."""

    why = forms.CharField(label=_("Lý do"), widget=forms.Textarea(attrs={"rows": 3}))


class ReturnForm(forms.Form):
    """Why a report goes back."""

    why = forms.CharField(
        label=_("Cần sửa gì"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ý kiến về từng ô ghi ở cột “Ý kiến” ngay cạnh ô đó; người làm báo cáo sẽ thấy đúng chỗ."),
    )


class ExtendForm(forms.Form):
    """A later deadline, and why."""

    to = DateField(label=_("Gia hạn đến"))
    why = forms.CharField(label=_("Lý do"), widget=forms.Textarea(attrs={"rows": 2}))


class CommentForm(forms.Form):
    """A word on a cell, or on the whole report."""

    key = forms.CharField(required=False, widget=forms.HiddenInput, max_length=160)
    text = forms.CharField(label=_("Ý kiến"), widget=forms.Textarea(attrs={"rows": 2}), max_length=4000)


class ReminderForm(forms.Form):
    """What to say to those who are reminded."""

    words = forms.CharField(
        label=_("Lời nhắc"),
        widget=forms.Textarea(attrs={"rows": 2}),
        required=False,
        max_length=1000,
        help_text=_("Gửi kèm trong thư tới người làm báo cáo của từng đơn vị."),
    )


class NewFormForm(forms.Form):
    """A form of report: what it is called, and whose it is."""

    name = forms.CharField(label=_("Tên biểu mẫu"), max_length=255)
    code = forms.SlugField(
        label=_("Mã"),
        max_length=60,
        help_text=_("Chữ không dấu, số và gạch nối, như xhht-quy. Không đổi được về sau."),
    )
    description = forms.CharField(label=_("Dùng để làm gì"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    owner = UnitField(label=_("Đơn vị lập"))
