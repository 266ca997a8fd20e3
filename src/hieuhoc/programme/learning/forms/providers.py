"""Forms about bodies that offer learning: founding, telling anew, ending, rearranging; staff, rooms, equipment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.ui.forms import DateField, FileInput
from hieuhoc.foundation.ui.wording import capital_choices
from hieuhoc.programme.learning.forms.fields import UnitField
from hieuhoc.programme.learning.models import Provider, Succession
from hieuhoc.programme.learning.rules import kinds
from hieuhoc.programme.learning.rules.provider_columns import FEATURES

if TYPE_CHECKING:
    from hieuhoc.programme.learning.models import Equipment, Room

MEGABYTES = 10
ANSWERS = (("", _("Chưa rõ")), ("yes", _("Có")), ("no", _("Không")))
FEATURE_NAMES = {one.name: one.verbose_name for one in Provider._meta.fields if one.name in FEATURES}
_READ = {"yes": True, "no": False}
_SAID: dict[bool | None, str] = {None: "", True: "yes", False: "no"}


class AnswerField(forms.TypedChoiceField):
    """Yes, no, or not known."""

    def __init__(self, **given: Any) -> None:
        super().__init__(
            choices=ANSWERS, coerce=lambda value: _READ.get(value), empty_value=None, required=False, **given
        )


class ProviderForm(forms.Form):
    """A body, new or known."""

    kind = forms.ChoiceField(label=_("Loại"), choices=capital_choices(kinds.PROVIDERS.items()))
    name = forms.CharField(label=_("Tên"), max_length=255)
    unit = UnitField(label=_("Xã, phường, thị trấn"), help_text=_("Gõ vài chữ của tên, không cần dấu, rồi chọn."))
    valid_from = DateField(label=_("Thành lập từ ngày"))
    decision = forms.CharField(
        label=_("Quyết định thành lập, giấy phép"), max_length=120, required=False, help_text=_("Như 123/QĐ-UBND.")
    )
    decided_on = DateField(label=_("Ngày quyết định"), required=False)
    decided_by = forms.CharField(
        label=_("Cơ quan quyết định"),
        max_length=255,
        required=False,
        help_text=_("Với trung tâm học tập cộng đồng: để trống thì ghi theo ngày quyết định."),
    )
    licensed_to = DateField(label=_("Giấy phép có hiệu lực đến"), required=False)

    address = forms.CharField(label=_("Địa chỉ"), max_length=255, required=False)
    latitude = forms.DecimalField(
        label=_("Vĩ độ"), min_value=8, max_value=24, max_digits=8, decimal_places=5, required=False, localize=True
    )
    longitude = forms.DecimalField(
        label=_("Kinh độ"), min_value=102, max_value=118, max_digits=8, decimal_places=5, required=False, localize=True
    )
    phone = forms.CharField(
        label=_("Điện thoại của cơ sở"),
        max_length=20,
        required=False,
        help_text=_("Hiện trên trang công khai; không ghi số riêng của ai."),
    )
    email = forms.EmailField(label=_("Thư điện tử của cơ sở"), required=False, max_length=254)
    website = forms.URLField(label=_("Trang tin"), required=False, assume_scheme="https", max_length=200)
    opening_hours = forms.CharField(
        label=_("Giờ mở cửa"), max_length=255, required=False, help_text=_("Như “Thứ hai – thứ sáu, 7 giờ – 17 giờ”.")
    )
    programmes = forms.CharField(
        label=_("Chương trình"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Mỗi dòng một chương trình."),
    )
    is_public = forms.BooleanField(label=_("Hiện trên trang công khai"), required=False, initial=True)

    ABOUT = ("name", "kind", "unit", "valid_from", "decision", "decided_on", "decided_by", "licensed_to")
    CONTACT = (
        "address",
        "latitude",
        "longitude",
        "phone",
        "email",
        "website",
        "opening_hours",
        "programmes",
        "is_public",
    )

    def __init__(self, *given: Any, provider: Provider | None = None, decides: bool = True, **named: Any) -> None:
        super().__init__(*given, **named)
        for name, label in FEATURE_NAMES.items():
            self.fields[name] = AnswerField(label=capfirst(label))
        if provider is None:
            return
        self.fields["edition"] = forms.IntegerField(widget=forms.HiddenInput)
        for name in ("kind", "unit", *(() if decides else self.ABOUT)):
            self.fields.pop(name, None)

    def part(self, names: Iterable[str]) -> list[forms.BoundField]:
        """The fields of one part of the form."""
        return [self[name] for name in names if name in self.fields]

    @property
    def about(self) -> list[forms.BoundField]:
        return self.part(self.ABOUT)

    @property
    def contact(self) -> list[forms.BoundField]:
        return self.part(self.CONTACT)

    @property
    def features(self) -> list[forms.BoundField]:
        return self.part(FEATURES)


def provider_initial(provider: Provider) -> dict[str, Any]:
    """What the form of a body shows first."""
    names = (*ProviderForm.ABOUT, *ProviderForm.CONTACT, "edition")
    shown = {name: getattr(provider, name) for name in names if name not in ("unit", "kind")}
    return shown | {name: _SAID[getattr(provider, name)] for name in FEATURES}


class EndForm(forms.Form):
    """From when on a body is no more, and by which paper."""

    on = DateField(label=_("Kết thúc từ ngày"))
    document = forms.CharField(label=_("Văn bản"), max_length=255)


class RearrangeForm(forms.Form):
    """Which centres of a place go on in which."""

    KEPT, FOUNDED = "kept", "new"

    before = forms.MultipleChoiceField(
        label=_("Các trung tâm được sắp xếp"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Hãy chọn ít nhất một trung tâm.")},
    )
    manner = forms.ChoiceField(label=_("Cách thức"), choices=capital_choices(Succession.Manner.choices))
    after = forms.ChoiceField(label=_("Trung tâm kế tục"))
    name = forms.CharField(
        label=_("Tên trung tâm mới"),
        max_length=255,
        required=False,
        help_text=_("Khi trung tâm kế tục là một trung tâm mới."),
    )
    on = DateField(label=_("Từ ngày"))
    document = forms.CharField(label=_("Văn bản"), max_length=255, help_text=_("Như 45/QĐ-UBND ngày 05/07/2025."))
    goes_on = forms.BooleanField(
        label=_("Trung tâm trước vẫn hoạt động"), required=False, help_text=_("Chỉ khi tách một phần thành cơ sở mới.")
    )

    def __init__(self, *given: Any, centres: list[Provider], **named: Any) -> None:
        super().__init__(*given, **named)
        self.centres = {one.key: one for one in centres}
        named_centres = [(one.key, one.name) for one in centres]
        self.fields["before"].choices = named_centres  # type: ignore[attr-defined]  # a MultipleChoiceField
        self.fields["after"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            (self.FOUNDED, _("Thành lập trung tâm mới")),
            *((key, name) for key, name in named_centres),
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("after") == self.FOUNDED and not given.get("name"):
            self.add_error("name", _("Hãy ghi tên trung tâm mới."))
        return given

    def content(self) -> dict[str, Any]:
        """What the service takes. A centre that is kept is not among those that go into it."""
        told = self.cleaned_data
        after = self.centres.get(told["after"])
        before = [self.centres[key] for key in told["before"] if after is None or key != after.key]
        named = {name: told[name] for name in ("manner", "on", "document", "name")}
        return {**named, "before": before, "after": after, "ends": not told["goes_on"]}


class UndoForm(forms.Form):
    """Why something is taken back."""

    why = forms.CharField(label=_("Lý do"), max_length=255)


class PostForm(forms.Form):
    """Somebody who holds a post."""

    role = forms.ChoiceField(label=_("Vị trí"))
    name = forms.CharField(label=_("Họ và tên"), max_length=120)
    occupation = forms.CharField(
        label=_("Chức vụ chính"), max_length=160, required=False, help_text=_("Như “Phó Chủ tịch UBND xã”.")
    )
    decision = forms.CharField(label=_("Quyết định"), max_length=120, required=False)
    allowance = forms.IntegerField(label=_("Phụ cấp mỗi tháng (đồng)"), min_value=0, required=False)
    valid_from = DateField(label=_("Từ ngày"))
    valid_to = DateField(label=_("Đến ngày"), required=False, help_text=_("Để trống khi còn giữ vị trí."))

    def __init__(self, *given: Any, roles: Iterable[str], **named: Any) -> None:
        super().__init__(*given, **named)
        allowed = set(roles)
        named_roles = capital_choices((role, name) for role, name in kinds.POSTS.items() if role in allowed)
        self.fields["role"].choices = named_roles  # type: ignore[attr-defined]  # a ChoiceField


class EndPostForm(forms.Form):
    """From when on somebody no longer holds a post."""

    on = DateField(label=_("Thôi giữ vị trí từ ngày"))
    why = forms.CharField(label=_("Quyết định, lý do"), max_length=255, required=False)


class _LentForm(forms.Form):
    is_own = forms.BooleanField(label=_("Của cơ sở"), required=False, initial=True)
    lender = forms.CharField(
        label=_("Mượn của"), max_length=160, required=False, help_text=_("Khi không phải của cơ sở.")
    )


class RoomForm(_LentForm):
    """A room."""

    name = forms.CharField(label=_("Phòng"), max_length=120)
    seats = forms.IntegerField(label=_("Số chỗ"), min_value=0, max_value=100_000, required=False)

    field_order = ("name", "seats", "is_own", "lender")


class EquipmentForm(_LentForm):
    """A line of equipment."""

    name = forms.CharField(label=_("Trang thiết bị"), max_length=160)
    quantity = forms.IntegerField(label=_("Số lượng"), min_value=0, max_value=1_000_000, initial=1)
    since_year = forms.IntegerField(label=_("Từ năm"), min_value=1900, max_value=2100, required=False)

    field_order = ("name", "quantity", "since_year", "is_own", "lender")


def thing_initial(thing: Room | Equipment, form: type[forms.Form]) -> dict[str, Any]:
    """What the form of a room or of a line of equipment shows first."""
    return {name: getattr(thing, name) for name in form.base_fields}


class ProvidersFileForm(forms.Form):
    """A workbook of bodies."""

    file = forms.FileField(
        label=_("Tệp"),
        widget=FileInput(kinds=(".xlsx",), limit=MEGABYTES),
        error_messages={"required": _("Hãy chọn tệp."), "empty": _("Tệp này rỗng. Hãy chọn lại tệp.")},
    )
    only_right = forms.BooleanField(
        label=_("Nhập các dòng đúng, bỏ qua các dòng sai"),
        required=False,
        help_text=_("Không chọn thì có một ô sai là không nhập gì."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MEGABYTES * 1024 * 1024:
            sentence = _("Tệp lớn hơn %(limit)s MB. Hãy giảm dung lượng rồi gửi lại.")
            raise forms.ValidationError(sentence, params={"limit": MEGABYTES})
        return file
