"""The shapes of what a browser sends about people, roles and units. What is allowed is said by the services."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.contrib.auth import password_validation
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui.forms import DateField, SearchText
from hieuhoc.kernel.errors import Invalid, Missing
from hieuhoc.registers.accounts.models import LANGUAGES
from hieuhoc.registers.accounts.roles import role_choices
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import Unit

Done = TypeVar("Done")


def attempt(form: forms.Form, deed: Callable[[], Done]) -> Done | None:
    """Do the deed; what it finds invalid is said at the form's field, with what was typed kept.

    None is returned when it was invalid, so a deed that succeeds must return something.
    """
    try:
        return deed()
    except Invalid as trouble:
        form.add_error(trouble.field if trouble.field in form.fields else None, trouble.sentence)
        return None


class UnitField(forms.CharField):
    """A unit of the register, by its key or by the one name that fits."""

    def __init__(self, *, options: Mapping[str, str] | None = None, **given: Any) -> None:
        query = "&".join(f"{name}={value}" for name, value in (options or {}).items())
        url = reverse_lazy("units:options")
        given.setdefault("label", _("Đơn vị"))
        given.setdefault("help_text", _("Gõ vài chữ của tên đơn vị, không cần dấu, rồi chọn."))
        super().__init__(widget=SearchText(options_url=""), max_length=255, **given)
        self.options_query, self.options_path = query, url

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        # The address is known only once the table of urls is loaded.
        widget = form.fields[field_name].widget
        widget.options_url = f"{self.options_path}?{self.options_query}"
        bound = super().get_bound_field(form, field_name)
        value = bound.value()
        if value and isinstance(value, str) and (unit := _unit_or_none(value)):
            widget.labels = {value: unit.name}
        return bound

    def clean(self, value: Any) -> Unit | None:
        text = super().clean(value)
        if not text:
            return None
        if unit := _unit_or_none(text):
            return unit
        found = places.find_units(text, on=clock.today(), limit=2)
        exact = [unit for unit in found if unit.name.casefold() == text.casefold()]
        if len(exact) == 1:
            return exact[0]
        if len(found) == 1:
            return found[0]
        raise forms.ValidationError(
            _("Có nhiều đơn vị khớp với tên này. Hãy gõ đủ tên hoặc chọn trong danh sách.")
            if found
            else _("Không tìm thấy đơn vị nào có tên này.")
        )


def _roles() -> list[tuple[str, Any]]:
    return [("", _("Chọn vai trò")), *role_choices()]


def _levels() -> list[tuple[str, Any]]:
    return [("", _("Chọn cấp")), *places.level_choices()]


def _kinds() -> list[tuple[str, Any]]:
    return [("", _("Chọn loại")), *places.kind_choices()]


def _unit_or_none(key: str) -> Unit | None:
    try:
        return places.unit_by_key(key)
    except Missing:
        return None


# ---- people ----------------------------------------------------------------------------------------


class GrantForm(forms.Form):
    """One role at one unit, with its days."""

    role = forms.ChoiceField(label=_("Vai trò"), choices=_roles)
    unit = UnitField(options={"within": "user.manage"})
    valid_from = DateField(label=_("Có hiệu lực từ ngày"))
    valid_to = DateField(
        label=_("Hết hiệu lực từ ngày"),
        required=False,
        help_text=_("Không kể ngày này. Để trống nếu chưa rõ."),
    )
    note = forms.CharField(
        label=_("Ghi chú"), required=False, max_length=300, help_text=_("Ví dụ: số quyết định phân công.")
    )


class InvitationForm(forms.Form):
    """Whom to invite, and to which role."""

    email = forms.EmailField(
        label=_("Thư điện tử"), help_text=_("Thư mời gửi tới địa chỉ này; liên kết trong thư dùng được trong 7 ngày.")
    )
    full_name = forms.CharField(label=_("Họ và tên"), max_length=120)
    title = forms.CharField(label=_("Chức vụ"), max_length=160, required=False)
    role = forms.ChoiceField(label=_("Vai trò"), choices=_roles)
    unit = UnitField(options={"within": "user.manage"})
    valid_from = DateField(label=_("Có hiệu lực từ ngày"))
    valid_to = DateField(
        label=_("Hết hiệu lực từ ngày"),
        required=False,
        help_text=_("Không kể ngày này. Để trống nếu chưa rõ."),
    )


class AcceptanceForm(forms.Form):
    """A user name and a password, chosen by the person invited."""

    username = forms.CharField(
        label=_("Tên đăng nhập"),
        max_length=60,
        help_text=_("Chữ thường không dấu, số, dấu chấm. Khi đăng nhập có thể dùng tên này hoặc địa chỉ thư."),
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Mật khẩu"), strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )
    password_again = forms.CharField(
        label=_("Nhập lại mật khẩu"), strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"})
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["password"].help_text = " ".join(password_validation.password_validators_help_texts())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, again = cleaned.get("password"), cleaned.get("password_again")
        if first and again and first != again:
            self.add_error("password_again", _("Hai lần nhập mật khẩu không giống nhau."))
        return cleaned


class WhyForm(forms.Form):
    """A reason, for a deed that needs one."""

    why = forms.CharField(
        label=_("Lý do"),
        widget=forms.Textarea({"rows": 3}),
        max_length=1000,
        error_messages={"required": _("Hãy ghi lý do.")},
    )


class EndGrantForm(WhyForm):
    """When a role ends, and why."""

    on = DateField(label=_("Kết thúc từ ngày"), help_text=_("Từ ngày này người dùng không còn vai trò."))
    field_order = ("on", "why")


class ProfileForm(forms.Form):
    """What a person says of themselves."""

    full_name = forms.CharField(label=_("Họ và tên"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    title = forms.CharField(
        label=_("Chức vụ"),
        max_length=160,
        required=False,
        widget=forms.TextInput({"autocomplete": "organization-title"}),
    )
    phone = forms.CharField(
        label=_("Điện thoại"), max_length=30, required=False, widget=forms.TelInput({"autocomplete": "tel"})
    )
    language = forms.ChoiceField(label=_("Ngôn ngữ"), choices=LANGUAGES)


class TrailFilter(forms.Form):
    """Which lines of the trail to show."""

    actor = forms.CharField(required=False, max_length=100)
    deed = forms.CharField(required=False, max_length=80)
    since = DateField(label=_("Từ ngày"), required=False)
    until = DateField(label=_("Đến hết ngày"), required=False)


# ---- units -----------------------------------------------------------------------------------------


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
