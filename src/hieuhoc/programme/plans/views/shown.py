"""What several pages of plans show alike: tabs, drop-down lists, the chips of a filter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from hieuhoc.programme.plans.models import Plan


def plan_title(plan: Plan) -> str:
    """What a plan is called at the top of its pages."""
    return f"{plan.kind} {plan.number}" if plan.number else plan.subject[:90]


def plan_tabs(plan: Plan, *, active: str) -> list[dict[str, Any]]:
    """The pages of one plan."""
    named = [
        ("overview", _("Toàn cảnh"), "plans:plan-overview"),
        ("tasks", _("Nhiệm vụ"), "plans:plan-detail"),
        ("matrix", _("Ma trận"), "plans:plan-matrix"),
        ("coverage", _("Kế hoạch cấp dưới"), "plans:plan-coverage"),
        ("text", _("Văn bản"), "plans:plan-text"),
        ("history", _("Lịch sử"), "plans:plan-history"),
    ]
    if plan.above_id:
        named.insert(4, ("links", _("Gắn với cấp trên"), "plans:plan-links"))
    return [{"label": label, "url": reverse(url, args=[plan.pk]), "active": tab == active} for tab, label, url in named]


def select(name: str, label: str, options: Iterable[tuple[str, Any]], chosen: str) -> dict[str, Any]:
    """A drop-down list of a filter bar."""
    return {
        "name": name,
        "label": label,
        "options": [{"value": value, "label": text, "selected": value == chosen} for value, text in options],
    }


def asked(request: HttpRequest, labels: Mapping[str, str]) -> list[dict[str, str]]:
    """The filters that are on, each with the address without it."""
    chips = []
    for name, label in labels.items():
        if value := request.GET.get(name):
            rest = request.GET.copy()
            rest.pop(name)
            rest.pop("page", None)
            chips.append({"label": f"{label}: {value}", "url": f"?{rest.urlencode()}"})
    return chips
