"""The shapes of what a browser sends about people, roles and invitations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.ui.forms import DateField
from hieuhoc.registers.accounts.forms.fields import UnitField
from hieuhoc.registers.accounts.models import LANGUAGES
from hieuhoc.registers.accounts.roles import role_choices


def _roles() -> list[tuple[str, Any]]:
    return [("", _("Chọn vai trò")), *role_choices()]


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
