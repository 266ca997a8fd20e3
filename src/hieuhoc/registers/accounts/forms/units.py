"""The shapes of what a browser sends about units of the register."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.ui.forms import DateField
from hieuhoc.registers.accounts.forms.fields import FileForm, NumberField, UnitField
from hieuhoc.registers.accounts.forms.people import WhyForm
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import Unit

MORE_MEMBERS = 5


def _levels() -> list[tuple[str, Any]]:
    return [("", _("Chọn cấp")), *places.level_choices()]


def _kinds() -> list[tuple[str, Any]]:
    return [("", _("Chọn loại")), *places.kind_choices()]


class UnitCreateForm(forms.Form):
    """A unit to enter in the register."""

    name = forms.CharField(label=_("Tên đầy đủ"), max_length=255)
    short_name = forms.CharField(
        label=_("Tên ngắn"), max_length=255, required=False, help_text=_("Để trống thì hệ thống tự rút từ tên đầy đủ.")
    )
    level = forms.ChoiceField(label=_("Cấp"), choices=_levels)
    kind = forms.ChoiceField(label=_("Loại"), choices=_kinds)
    parent = UnitField(label=_("Trực thuộc"), options={"within": "unit.edit"})
    code = forms.CharField(label=_("Mã số chính thức"), max_length=20, required=False)
    valid_from = DateField(label=_("Hoạt động từ ngày"))
    document = forms.CharField(
        label=_("Văn bản"), max_length=255, required=False, help_text=_("Số, ký hiệu của văn bản thành lập.")
    )


class UnitChangeForm(forms.Form):
    """Another name or code of a unit, from a day."""

    name = forms.CharField(label=_("Tên đầy đủ"), max_length=255)
    short_name = forms.CharField(
        label=_("Tên ngắn"), max_length=255, required=False, help_text=_("Để trống thì hệ thống tự rút từ tên đầy đủ.")
    )
    code = forms.CharField(label=_("Mã số chính thức"), max_length=20, required=False)
    on = DateField(label=_("Áp dụng từ ngày"), help_text=_("Trước ngày này đơn vị vẫn mang tên cũ."))
    document = forms.CharField(
        label=_("Văn bản"), max_length=255, required=False, help_text=_("Số, ký hiệu của văn bản đổi tên.")
    )


class UnitEndForm(WhyForm):
    """When a unit ends, and why."""

    on = DateField(label=_("Kết thúc từ ngày"), help_text=_("Từ ngày này đơn vị không còn hoạt động."))
    document = forms.CharField(label=_("Văn bản"), max_length=255, required=False)
    field_order = ("on", "why", "document")


class UnitKindForm(forms.Form):
    """Another kind of a unit, from a day, with the name that goes with it."""

    kind = forms.ChoiceField(label=_("Loại mới"), choices=_kinds)
    name = forms.CharField(
        label=_("Tên đầy đủ"), max_length=255, help_text=_("Tên thường đổi theo loại: Thị trấn A thành Phường A.")
    )
    on = DateField(label=_("Áp dụng từ ngày"), help_text=_("Trước ngày này đơn vị vẫn thuộc loại cũ."))
    document = forms.CharField(label=_("Văn bản"), max_length=255, required=False)


class UnitMoveForm(forms.Form):
    """Another unit above, from a day."""

    parent = UnitField(
        label=_("Cấp trên mới"),
        options={"within": "unit.edit"},
        help_text=_("Mọi đơn vị bên dưới chuyển theo. Gõ vài chữ của tên, không cần dấu, rồi chọn."),
    )
    on = DateField(label=_("Áp dụng từ ngày"), help_text=_("Trước ngày này đơn vị vẫn ở cấp trên cũ."))
    document = forms.CharField(label=_("Văn bản"), max_length=255, required=False)


class AliasForm(forms.Form):
    """Another name of a unit, from a day."""

    name = forms.CharField(
        label=_("Tên khác"),
        max_length=255,
        help_text=_("Tên viết tắt hoặc tên quen gọi trong văn bản, ví dụ: Sở GDĐT."),
    )
    on = DateField(label=_("Dùng từ ngày"))


class AliasEndForm(forms.Form):
    """When a unit is no longer called so."""

    on = DateField(label=_("Thôi dùng từ ngày"), help_text=_("Tìm kiếm vẫn thấy đơn vị theo tên này."))


class MembersForm(forms.Form):
    """For whom a group stands, from a day: those who stay, and those who come."""

    stay = forms.MultipleChoiceField(
        label=_("Thành viên hiện nay"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Bỏ chọn đơn vị không còn thuộc nhóm."),
    )
    on = DateField(label=_("Áp dụng từ ngày"), help_text=_("Việc đã giao trước ngày này vẫn ở đơn vị đang giữ."))

    def __init__(self, *given: Any, members: Sequence[Unit], **named: Any) -> None:
        super().__init__(*given, **named)
        self.members = {unit.key: unit for unit in members}
        stay = self.fields["stay"]
        if isinstance(stay, forms.MultipleChoiceField):
            stay.choices = [(unit.key, unit.name) for unit in members]
            stay.initial = list(self.members)
        if not members:
            del self.fields["stay"]
        for number in range(1, MORE_MEMBERS + 1):
            name = f"more_{number}"
            self.fields[name] = UnitField(label=_("Thêm thành viên"), required=False, help_text="")
        self.order_fields(["stay", *(f"more_{number}" for number in range(1, MORE_MEMBERS + 1)), "on"])

    def chosen(self) -> list[Unit]:
        """Those who stay and those who come, each once."""
        stay = [self.members[key] for key in self.cleaned_data.get("stay", ())]
        more = [self.cleaned_data.get(f"more_{number}") for number in range(1, MORE_MEMBERS + 1)]
        return list({unit.pk: unit for unit in [*stay, *more] if unit is not None}.values())


class SizeForm(forms.Form):
    """How large a unit was on a day, and who says so."""

    on = DateField(label=_("Tại ngày"), help_text=_("Đã có số liệu của ngày này thì được thay bằng số liệu mới."))
    people = NumberField(label=_("Dân số (người)"), required=False, help_text=_("Để trống ô chưa biết."))
    households = NumberField(label=_("Số hộ"), required=False)
    area_ha = NumberField(label=_("Diện tích (ha)"), required=False)
    is_estimated = forms.BooleanField(label=_("Là số ước tính"), required=False)
    source = forms.CharField(
        label=_("Nguồn"), max_length=255, help_text=_("Ví dụ: Niên giám thống kê 2020; báo cáo của UBND xã.")
    )


class UnitsFileForm(FileForm):
    """Units and sizes to bring in."""
