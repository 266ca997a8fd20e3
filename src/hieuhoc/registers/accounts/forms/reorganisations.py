"""The shapes of what a browser sends about a reorganisation and its rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hieuhoc.foundation.ui.forms import DateField, SearchText
from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.registers.accounts.forms.fields import FileForm
from hieuhoc.registers.places import selectors as places
from hieuhoc.registers.places.selectors import rows


def _acts() -> list[tuple[str, Any]]:
    return [("", _("Chọn cách sắp xếp")), *rows.act_choices()]


def _levels() -> list[tuple[str, Any]]:
    return [("", _("Không đổi, hoặc đã có")), *places.level_choices()]


def _kinds() -> list[tuple[str, Any]]:
    return [("", _("Không đổi, hoặc đã có")), *places.kind_choices()]


class ReorganisationForm(forms.Form):
    """What an event is called, on what paper it stands and when it takes effect."""

    title = forms.CharField(
        label=_("Tên cuộc sắp xếp"), max_length=250, help_text=_("Ví dụ: Sắp xếp phường của thành phố Rạch Giá.")
    )
    effective_on = DateField(
        label=_("Ngày có hiệu lực"), help_text=_("Ngày đầu tiên theo đơn vị mới. Có thể là ngày đã qua hoặc sắp tới.")
    )
    document_number = forms.CharField(
        label=_("Số, ký hiệu văn bản"),
        max_length=120,
        required=False,
        help_text=_("Nghị quyết, quyết định làm căn cứ, như 1654/NQ-UBTVQH15."),
    )
    document_on = DateField(label=_("Ngày ban hành"), required=False)
    document_issuer = forms.CharField(label=_("Cơ quan ban hành"), max_length=200, required=False)
    note = forms.CharField(label=_("Ghi chú"), required=False, widget=forms.Textarea({"rows": 3}))


class RowForm(forms.Form):
    """One row of an event, as it is typed; whether it can be is said by the dry run."""

    act = forms.ChoiceField(label=_("Cách sắp xếp"), choices=_acts)
    source = forms.CharField(
        label=_("Mã cũ"),
        max_length=160,
        required=False,
        help_text=_("Đơn vị được sắp xếp: gõ mã hoặc vài chữ của tên rồi chọn. Chỉ để trống khi lập mới."),
    )
    source_name = forms.CharField(
        label=_("Tên cũ"), max_length=255, required=False, help_text=_("Để đối chiếu; có thể để trống.")
    )
    target = forms.CharField(
        label=_("Mã mới"),
        max_length=160,
        required=False,
        help_text=_("Mã của đơn vị nhận, kể từ ngày có hiệu lực. Các dòng cùng mã mới là cùng một đơn vị."),
    )
    target_name = forms.CharField(
        label=_("Tên mới"), max_length=255, required=False, help_text=_("Cần ghi khi đơn vị mới được lập ở đây.")
    )
    target_kind = forms.ChoiceField(label=_("Loại mới"), choices=_kinds, required=False)
    target_level = forms.ChoiceField(label=_("Cấp mới"), choices=_levels, required=False)
    target_parent = forms.CharField(
        label=_("Cấp trên mới"), max_length=160, required=False, help_text=_("Mã hoặc khóa, kể từ ngày có hiệu lực.")
    )
    target_key = forms.CharField(
        label=_("Khóa mới"), max_length=160, required=False, help_text=_("Để trống thì hệ thống tự đặt.")
    )
    share = forms.CharField(
        label=_("Tỷ lệ"),
        max_length=40,
        required=False,
        help_text=_("Phần được nhận: 1/2, 0,4 hoặc 40%. Để trống là toàn bộ."),
    )
    is_estimated = forms.BooleanField(label=_("Tỷ lệ là ước tính"), required=False)
    takes_duties = forms.BooleanField(
        label=pgettext_lazy("đơn vị kế thừa", "Nhận việc"),
        required=False,
        help_text=_("Đơn vị này nhận vai trò và việc còn dở. Không cần chọn khi chỉ có một đơn vị nhận."),
    )
    note = forms.CharField(label=_("Ghi chú"), max_length=500, required=False)

    def __init__(self, *given: Any, on: date, **named: Any) -> None:
        super().__init__(*given, **named)
        # The left side speaks of the eve of the event, the right side of units that stand then or are to come.
        url = format_lazy("{url}?value=code&on={on}", url=reverse_lazy("units:options"), on=write_date(on))
        for name in ("source", "target", "target_parent"):
            self.fields[name].widget = SearchText(options_url=url, attrs={"maxlength": "160"})


class RowsFileForm(FileForm):
    """The rows of an event as a workbook."""

    kinds = (".xlsx",)
    keep_wrong = forms.BooleanField(
        label=_("Nạp cả khi còn chỗ chưa đúng, để sửa trên trang"),
        required=False,
        help_text=_("Không chọn thì tệp có chỗ sai không thay đổi gì."),
    )


class ShippedForm(forms.Form):
    """How far the demonstration is to go."""

    until = forms.ChoiceField(label=_("Đến hết ngày"))

    def __init__(self, *given: Any, events: Sequence[tuple[date, str]], **named: Any) -> None:
        super().__init__(*given, **named)
        until = self.fields["until"]
        if isinstance(until, forms.ChoiceField):
            until.choices = [(day.isoformat(), f"{write_date(day)}: {title}") for day, title in events]
            until.initial = events[-1][0].isoformat() if events else ""

    def clean_until(self) -> date:
        return date.fromisoformat(self.cleaned_data["until"])
