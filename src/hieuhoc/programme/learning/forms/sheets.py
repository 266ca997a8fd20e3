"""Handing a filled sheet of attendance over."""

from django import forms
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.ui.forms import FileInput


class SheetForm(forms.Form):
    """A filled sheet of attendance."""

    file = forms.FileField(
        label=_("Phiếu điểm danh đã điền"),
        help_text=_("Tệp Excel tải từ trang này, của đúng lớp này."),
        widget=FileInput(kinds=(".xlsx",), limit=5),
    )
