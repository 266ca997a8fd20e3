"""What several pages of indicators show alike: drop-down lists, facts, states of definitions, days in the address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from hieuhoc.foundation.ui.forms import DateField
from hieuhoc.foundation.ui.wording import in_words
from hieuhoc.registers.indicators import selectors

if TYPE_CHECKING:
    from datetime import date

    from django.http import HttpRequest, QueryDict

    from hieuhoc.registers.indicators.models import Definition


def select(name: str, label: str, options: Iterable[tuple[str, Any]], chosen: str) -> dict[str, Any]:
    """A drop-down list of a filter bar."""
    return {
        "name": name,
        "label": label,
        "options": [{"value": value, "label": text, "selected": value == chosen} for value, text in options],
    }


def fact(term: str, text: object, *, url: str = "", note: str = "") -> dict[str, str]:
    """One line of a list of facts, for the component `definitions`."""
    return {"term": term, "text": str(text), "url": url, "note": note}


def listed(names: Mapping[str, str], codes: Iterable[str]) -> str:
    """The names of some codes, in the reader's language."""
    return ", ".join(in_words(names[code]) for code in codes if code in names)


def badge_of(row: Definition, on: date) -> dict[str, str]:
    """The state of a definition on a day, for the component `badge`."""
    if row.state == selectors.DRAFT:
        return {"state": "wait", "label": _("Bản nháp")}
    if row.valid_from > on:
        return {"state": "due", "label": _("Sắp dùng")}
    if row.valid_to is None or row.valid_to > on:
        return {"state": "done", "label": _("Đang dùng")}
    return {"state": "neutral", "label": _("Hết hiệu lực")}


def day_asked(request: HttpRequest, name: str, *, default: date) -> date:
    """The day in the address; the default where there is none or it cannot be read."""
    try:
        return DateField(required=False).clean(request.GET.get(name, "")) or default
    except ValidationError:
        return default


def number_asked(request: HttpRequest, name: str) -> int | None:
    """The number in the address; none where there is none."""
    text = request.GET.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, though it be nothing; none where the page is only read."""
    return request.POST if request.method == "POST" else None
