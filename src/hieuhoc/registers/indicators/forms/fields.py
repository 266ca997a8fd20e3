"""Fields that several forms of indicators have, and what a form does with a deed that finds something invalid."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui.forms import FileInput, SearchText
from hieuhoc.foundation.ui.wording import say
from hieuhoc.kernel.errors import Invalid, Missing
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
        form.add_error(trouble.field if trouble.field in form.fields else None, say(trouble))
        return None


class UnitField(forms.CharField):
    """A unit, sent as its key or, without script, as a name that only one unit has."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("label", _("Đơn vị"))
        given.setdefault("help_text", _("Gõ vài chữ của tên đơn vị, không cần dấu, rồi chọn."))
        super().__init__(widget=SearchText(options_url=reverse_lazy("units:options")), max_length=255, **given)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        bound = super().get_bound_field(form, field_name)
        value = bound.value()
        if isinstance(value, str) and value and (unit := unit_or_none(value)):
            form.fields[field_name].widget.labels = {value: unit.name}
        return bound

    def clean(self, value: Any) -> Unit | None:
        text = super().clean(value)
        if not text:
            return None
        if unit := unit_or_none(text):
            return unit
        found = places.find_units(text, on=clock.today(), limit=10)
        exact = [unit for unit in found if unit.name.casefold() == text.casefold()]
        if len(exact) == 1 or len(found) == 1:
            return (exact or found)[0]
        raise forms.ValidationError(
            _("Có nhiều đơn vị khớp với tên này. Hãy gõ đủ tên hoặc chọn trong danh sách.")
            if found
            else _("Không tìm thấy đơn vị nào có tên này.")
        )


def unit_or_none(key: str) -> Unit | None:
    """The unit of a key; none where it names none."""
    try:
        return places.unit_by_key(key)
    except Missing:
        return None


class RowsFileForm(forms.Form):
    """A workbook, or a plain file of rows, to be read."""

    file = forms.FileField(
        label=_("Tệp"),
        widget=FileInput(kinds=(".xlsx", ".csv"), limit=MEGABYTES),
        error_messages={"required": _("Hãy chọn tệp."), "empty": _("Tệp này rỗng. Hãy chọn lại tệp.")},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MEGABYTES * 1024 * 1024:
            sentence = _("Tệp lớn hơn %(limit)s MB. Hãy giảm dung lượng rồi gửi lại.")
            raise forms.ValidationError(sentence, params={"limit": MEGABYTES})
        return file
