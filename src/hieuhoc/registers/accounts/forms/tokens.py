"""The shape of what a browser sends about access tokens."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hieuhoc.registers.accounts import services


def _lasts() -> list[tuple[int, Any]]:
    words = {30: _("30 ngày"), 90: _("90 ngày"), 180: _("180 ngày"), 365: _("một năm")}
    return [(days, words[days]) for days in services.TOKEN_DAYS]


class TokenForm(forms.Form):
    """What a token is for, how long it holds, and whether it may report."""

    name = forms.CharField(
        label=_("Tên mã"), max_length=80, help_text=_("Để sau này bạn nhận ra, ví dụ: bảng tổng hợp hằng tuần của Sở.")
    )
    days = forms.TypedChoiceField(label=_("Thời hạn"), choices=_lasts, coerce=int, initial=services.TOKEN_LASTS)
    may_report = forms.BooleanField(
        label=_("Được báo tiến độ và nêu vướng mắc thay tôi"),
        required=False,
        help_text=_("Không đánh dấu thì mã chỉ để đọc. Chỉ đánh dấu khi chương trình cần gửi báo cáo."),
    )
