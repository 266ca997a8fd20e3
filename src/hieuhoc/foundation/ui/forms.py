"""Form fields and widgets of the house: days as they are written here, searching in a long list, files."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DAY_FORMATS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d")


class DateInput(forms.DateInput):
    """A day as text, dd/mm/yyyy: the browser's own calendar would follow the machine's language instead."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        given = {"inputmode": "numeric", "placeholder": _("ngày/tháng/năm"), "autocomplete": "off", "size": "12"}
        super().__init__(attrs={**given, **(attrs or {})}, format="%d/%m/%Y")


class DateField(forms.DateField):
    """Reads 5/9/2026, 05-09-2026, 5.9.2026 and 2026-09-05.

    Example:
        >>> DateField().clean(" 5/9/2026 ")
        datetime.date(2026, 9, 5)
    """

    widget = DateInput
    default_error_messages = {"invalid": _("Ngày chưa đúng. Hãy viết như 05/09/2026.")}

    def __init__(self, **given: Any) -> None:
        super().__init__(input_formats=DAY_FORMATS, **given)


class SearchSelect(forms.Select):
    """A list to choose from, in which one may type to find (accents may be left out).

    Without JavaScript it is the browser's own list.
    """

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Sequence[Any] = ()) -> None:
        super().__init__(attrs={"data-search-select": "", **(attrs or {})}, choices=choices)


class SearchText(forms.TextInput):
    """A text in which suggestions come from an address (`pages.options` answers it).

    The form gets the key of the suggestion that was chosen, or else the text as it was typed, so that
    it also works without JavaScript: the field that reads it must accept a full name as well as a key.
    `label_of` turns a key that is shown again into its words.
    """

    template_name = "ui/widgets/search_text.html"

    def __init__(
        self,
        options_url: str | Promise = "",
        attrs: dict[str, Any] | None = None,
        labels: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(attrs={"autocomplete": "off", **(attrs or {})})
        self.options_url = options_url
        self.labels = dict(labels or {})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        key = "" if value in (None, "") else str(value)
        known = key in self.labels
        context["widget"].update(
            options_url=str(self.options_url),
            key=key if known else "",
            words=self.labels[key] if known else key,
        )
        return context

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str:
        return str(data.get(f"{name}_key") or data.get(name) or "").strip()

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return name not in data and f"{name}_key" not in data


class FileInput(forms.FileInput):
    """A file to send, with what is accepted said beside it.

    Units: `limit` in megabytes, only told to the reader; the service checks it.
    """

    template_name = "ui/widgets/file.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, kinds: Sequence[str] = (), limit: int = 0) -> None:
        super().__init__(attrs={"accept": ",".join(kinds), **(attrs or {})} if kinds else attrs)
        self.kinds = tuple(kinds)
        self.limit = limit

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"].update(kinds=self.kinds, limit=self.limit)
        return context
