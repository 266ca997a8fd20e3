"""A request of somebody who is signed in, and what several pages ask of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.functional import Promise

from hieuhoc.foundation.ui.forms import DateField
from hieuhoc.kernel.errors import Missing
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import UnitVersion

__all__ = ["UserRequest", "above_asked", "chosen", "day_asked"]

Option = dict[str, Any]


def chosen(choices: Iterable[tuple[str, str | Promise]], current: str, *, any_label: str | Promise) -> list[Option]:
    """The options of a filter's select, the current one marked; the first stands for no choice."""
    listed = [("", any_label), *choices]
    return [{"value": value, "label": label, "selected": value == current} for value, label in listed]


def day_asked(request: HttpRequest, name: str, *, default: date) -> date:
    """The day in the address; the default where there is none or it cannot be read."""
    try:
        return DateField(required=False).clean(request.GET.get(name, "")) or default
    except ValidationError:
        return default


def above_asked(request: HttpRequest, on: date) -> UnitVersion | None:
    """The unit in the address (?under=), as it stood on a day, to which a page keeps; none where it makes no sense."""
    key = request.GET.get("under", "")
    try:
        return places.state_on(places.unit_by_key(key), on) if key else None
    except Missing:
        return None
