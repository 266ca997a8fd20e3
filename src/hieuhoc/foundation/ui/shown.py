"""What the pages of every app show alike: drop-down lists and chips of a filter bar, one line of a list of facts."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest


def select(name: str, label: str, options: Iterable[tuple[str, Any]], chosen: str) -> dict[str, Any]:
    """A drop-down list of a filter bar."""
    return {
        "name": name,
        "label": label,
        "options": [{"value": value, "label": text, "selected": value == chosen} for value, text in options],
    }


def chips(request: HttpRequest, selects: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """The filters that are on, in the words of their lists, each with the address without it."""
    found = []
    for one in selects:
        chosen = next((option for option in one["options"] if option["selected"]), None)
        if chosen and chosen["value"] and request.GET.get(one["name"]):
            rest = request.GET.copy()
            for name in (one["name"], "page"):
                rest.pop(name, None)
            found.append({"label": f"{one['label']}: {chosen['label']}", "url": f"?{rest.urlencode()}"})
    return found


def fact(term: str, text: object, *, url: str = "", note: str = "") -> dict[str, str]:
    """One line of a list of facts, for the component `definitions`."""
    return {"term": term, "text": str(text), "url": url, "note": note}
