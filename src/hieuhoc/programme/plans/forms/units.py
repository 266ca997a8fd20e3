"""Choosing a unit of the register in a form of plans."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui.forms import SearchText
from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import Unit


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
            if sent and sent not in self.widget.labels and (unit := _unit_or_none(sent)):
                self.know([unit])
        return super().get_bound_field(form, field_name)

    def clean(self, value: Any) -> Unit | None:
        text = super().clean(value)
        if not text:
            return None
        return _unit_or_none(text) or self._by_name(text)

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


def _unit_or_none(key: str) -> Unit | None:
    try:
        return places.unit_by_key(key)
    except Missing:
        return None
