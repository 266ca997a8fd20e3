"""Fields that several forms of learning have, and what a form does with a deed that finds something invalid."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui.forms import SearchText
from hieuhoc.foundation.ui.wording import say
from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.vietnamese import fold
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
        form.add_error(trouble.field if trouble.field in form.fields else None, say(trouble))
        return None


class UnitField(forms.CharField):
    """A unit, sent as its key or, without script, as a name that only one unit has; marks may be left out."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("label", _("Đơn vị"))
        super().__init__(widget=SearchText(options_url=reverse_lazy("units:options")), max_length=255, **given)

    def know(self, units: Iterable[Unit]) -> None:
        """Show the names of these units instead of their keys."""
        widget = self.widget
        if isinstance(widget, SearchText):
            widget.labels = {**widget.labels, **{unit.key: unit.name for unit in units}}

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        # A form that comes back shows what was chosen by its name, too.
        if form.is_bound and isinstance(self.widget, SearchText):
            sent = self.widget.value_from_datadict(form.data, form.files, form.add_prefix(field_name))
            if sent and sent not in self.widget.labels and (unit := places.unit_or_none(sent)):
                self.know([unit])
        return super().get_bound_field(form, field_name)

    def clean(self, value: Any) -> Unit | None:
        text = super().clean(value)
        if not text:
            return None
        return places.unit_or_none(text) or self._by_name(text)

    def _by_name(self, text: str) -> Unit:
        found = places.find_units(text, on=clock.today(), limit=10)
        exact = [unit for unit in found if fold(text) in {fold(unit.name), fold(unit.short_name)}]
        if len(exact) == 1 or len(found) == 1:
            return (exact or found)[0]
        if found:
            named = "; ".join(unit.name for unit in (exact or found)[:4])
            raise forms.ValidationError(
                _("Nhiều đơn vị khớp với “%(text)s”: %(named)s. Hãy chọn một."), params={"text": text, "named": named}
            )
        raise forms.ValidationError(_("Không có đơn vị nào tên “%(text)s” trong danh mục."), params={"text": text})
