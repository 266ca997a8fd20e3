"""Fields of the form builder: an indicator found by its words, a part of a breakdown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui.forms import SearchText
from hieuhoc.reports.selectors import choosing


class IndicatorField(forms.CharField):
    """An indicator, sent as its code or, without script, as a name that only one has; gives the code."""

    def __init__(self, **given: Any) -> None:
        given.setdefault("label", _("Chỉ số"))
        widget = SearchText(options_url=reverse_lazy("reports:indicator-options"))
        super().__init__(widget=widget, max_length=300, **given)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        found = choosing.definition_of(text.partition(" · ")[0], on=clock.today())
        found = found or choosing.definition_of(text, on=clock.today())
        if found is None:
            raise forms.ValidationError(
                _("Không có chỉ số đang dùng nào là “%(text)s”. Hãy gõ vài chữ rồi chọn trong gợi ý."),
                params={"text": text[:60]},
            )
        return found.indicator.code


class NamesIndicators(forms.Form):
    """A form whose indicators are shown by code and name: `names` says what each code is called."""

    def __init__(self, *given: Any, names: Mapping[str, str] | None = None, **named: Any) -> None:
        super().__init__(*given, **named)
        widget = self.fields["indicator"].widget
        if isinstance(widget, SearchText):
            widget.labels = dict(names or {})
