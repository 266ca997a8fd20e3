"""The form of what an official paper needs beside its figures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.ui.forms import DateField


class PaperForm(forms.Form):
    """Number and symbol, place and day, who signs. What is left empty is left open on paper."""

    number = forms.CharField(
        label=_("Số, ký hiệu"),
        required=False,
        max_length=60,
        help_text=_("Như 12/BC-UBND. Để trống phần số (/BC-UBND) thì văn bản chừa chỗ ghi số."),
    )
    day = DateField(label=_("Ngày ban hành"), required=False)
    place = forms.CharField(label=_("Địa danh"), required=False, max_length=100)
    post = forms.CharField(
        label=_("Chức vụ người ký"),
        required=False,
        max_length=150,
        help_text=_("Để trống là người đứng đầu. Ghi Phó Chủ tịch thì văn bản tự ghi KT. CHỦ TỊCH."),
    )
    signer = forms.CharField(label=_("Người ký"), required=False, max_length=150)

    def told(self) -> dict[str, str]:
        """What was given, as it is kept with the report."""
        given: dict[str, Any] = self.cleaned_data
        texts = {name: given[name] for name in ("number", "place", "post", "signer") if given[name]}
        return texts | ({"day": given["day"].isoformat()} if given["day"] else {})
