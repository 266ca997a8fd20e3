"""Fields that several forms of this app have, and what a form does with a deed that finds something invalid."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui.forms import FileInput, SearchText
from hieuhoc.kernel.errors import Invalid, Missing
from hieuhoc.kernel.vietnamese import write_number
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import Unit

Done = TypeVar("Done")
MEGABYTES = 10


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


def _unit_or_none(key: str) -> Unit | None:
    try:
        return places.unit_by_key(key)
    except Missing:
        return None


class NumberField(forms.CharField):
    """A whole number as it is written here, 12.345; nothing written is not known, and not zero."""

    def __init__(self, **given: Any) -> None:
        super().__init__(max_length=20, widget=forms.TextInput({"inputmode": "numeric", "size": "14"}), **given)

    def prepare_value(self, value: Any) -> Any:
        return write_number(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        digits = text.replace(".", "").replace(" ", "")
        if not digits.isdecimal():
            raise forms.ValidationError(_("Hãy viết một số nguyên, như 12.345."))
        return int(digits)


class FileForm(forms.Form):
    """A workbook or a plain file of rows to be read. `kinds` are the endings that are taken."""

    kinds: tuple[str, ...] = (".xlsx", ".csv")

    file = forms.FileField(
        label=_("Tệp"),
        error_messages={"required": _("Hãy chọn tệp."), "empty": _("Tệp này rỗng. Hãy chọn lại tệp.")},
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["file"].widget = FileInput(kinds=self.kinds, limit=MEGABYTES)

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MEGABYTES * 1024 * 1024:
            sentence = _("Tệp lớn hơn %(limit)s MB. Hãy giảm dung lượng rồi gửi lại.")
            raise forms.ValidationError(sentence, params={"limit": MEGABYTES})
        return file
