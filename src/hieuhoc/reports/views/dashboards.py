"""Pages of a unit: the few numbers that matter, what is late, what has changed, its map; and all its indicators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import charts, pages
from hieuhoc.foundation.ui.wording import period_words
from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.periods import Period
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.indicators.models import Definition
from hieuhoc.registers.places import selectors as places
from hieuhoc.registers.places.models import Unit
from hieuhoc.reports.documents import dashboards as documents
from hieuhoc.reports.selectors import dashboards as reading
from hieuhoc.reports.selectors.dashboards import Figure
from hieuhoc.reports.services.visits import note_visit
from hieuhoc.reports.views import dashboard_shown as shown

READ = Permission.INDICATOR_READ


@require_safe
def home(request: UserRequest) -> HttpResponse:
    """To the page of the unit at which the user works: the place of an agency, where the user may see that."""
    unit = access.home(request.user)
    if unit is None:
        raise Missing("Tài khoản của bạn chưa được giao vai trò ở đơn vị nào.")
    place = places.place_of(unit)
    if place is not None and access.may(request.user, READ, at=place):
        unit = place
    return redirect(shown.page_of(unit.key))


@require_safe
def dashboard(request: UserRequest, key: str) -> HttpResponse:
    """How a unit is doing."""
    unit = shown.unit_seen(request.user, key)
    today = clock.today()
    chosen, choices = shown.chosen_period(request, today=today)
    definitions = reading.definitions_shown(unit, on=today, key_only=True)
    told = reading.with_standings(unit, reading.figures(request.user, unit, definitions, chosen=chosen, today=today))
    since = note_visit(by=request.user, unit=unit)
    context: dict[str, Any] = {
        "unit": unit,
        "title": unit.name,
        "crumbs": shown.crumbs(request.user, unit),
        "period": chosen,
        "cards": [shown.card(unit, one, chosen=chosen) for one in told if one.number is not None],
        "unknown": [shown.row(unit, one, chosen=chosen) for one in told if one.number is None],
        "late": reading.late_in(unit, on=today),
        "changed": reading.changed_in(request.user, unit, since=since, on=today) if since else None,
        "tabs": tabs(unit, chosen, active="dashboard"),
        "may_import": access.may(request.user, Permission.UNIT_EDIT, at=unit),
        "relatives": [
            # Where the reader may not go there is a name and no link.
            (shown.page_of(one.key, period=chosen.key) if access.may(request.user, READ, at=one) else "", one.name)
            for one in reading.relatives(unit, on=chosen.last, today=today)
        ],
        "is_before": chosen.last < unit.valid_from,
        "all_url": reverse("reports:dashboard-indicators", args=[unit.key]) + f"?period={chosen.key}",
    }
    context |= _map(request, unit, definitions, chosen, choices, today)
    return pages.render(request, "reports/dashboards/unit.html", context)


def tabs(unit: Unit, chosen: Period, *, active: str) -> list[dict[str, Any]]:
    """The pages of one unit."""
    named = [
        ("dashboard", _("Toàn cảnh"), reverse("reports:dashboard", args=[unit.key])),
        ("indicators", _("Mọi chỉ số"), reverse("reports:dashboard-indicators", args=[unit.key])),
    ]
    return [{"label": label, "url": f"{url}?period={chosen.key}", "active": tab == active} for tab, label, url in named]


def _map(
    request: UserRequest,
    unit: Unit,
    definitions: Sequence[Definition],
    chosen: Period,
    choices: Sequence[Period],
    today: date,
) -> dict[str, Any]:
    """The map and the ranking of one indicator among the units beneath, by the lens that is chosen."""
    selects = [shown.period_select(choices, chosen)]
    levels = reading.levels_beneath(unit, on=min(chosen.last, today))
    restated_levels = reading.levels_beneath(unit, on=today)
    is_reshaped = bool(restated_levels) and reading.was_reshaped(unit, since=chosen.last, on=today)
    lens = request.GET.get("lens", "") if is_reshaped else ""
    lens = lens if levels else "now"  # a unit that was not there yet is told by its units of today
    level = request.GET.get("level", "")
    offered = restated_levels if lens == "now" else levels
    if not offered:
        return {"selects": selects}
    level = level if level in offered else offered[-1]
    mapped = [row for row in definitions if level in row.levels]
    definition = next((row for row in mapped if row.indicator.code == request.GET.get("indicator")), None)
    definition = definition or next(iter(mapped), None)
    if definition is None:
        return {"selects": selects}
    names = [(row.indicator.code, shown.name_of(row)) for row in mapped]
    selects.append(shown.select("indicator", _("Bản đồ của"), names, definition.indicator.code))
    if len(offered) > 1:
        selects.append(shown.select("level", _("Theo"), [(one, shown.LEVELS[one]) for one in offered], level))
    if is_reshaped and levels:
        selects.append(shown.lens_select(lens, chosen, today))
    period = reading.period_of_indicator(definition, chosen) or chosen
    what = shown.Shown(definition, period)
    return {"selects": selects, "what": what, "map_period": shown.capital(period_words(period))} | _drawn(
        request, unit, what, level=level, lens=lens, today=today
    )


def _drawn(
    request: UserRequest, unit: Unit, what: shown.Shown, *, level: str, lens: str, today: date
) -> dict[str, Any]:
    then = reading.beneath(request.user, unit, what.definition, what.period, level=level) if lens != "now" else []
    now = []
    if lens in {"now", "both"}:
        there = reading.levels_beneath(unit, on=today)
        now = reading.restated(
            request.user, unit, what.definition, what.period, on=today, level=level if level in there else ""
        )
    scale = charts.quantile_steps([one.number for one in (*then, *now)]) if lens == "both" else None
    rows = now if lens == "now" else then
    return {
        "name": shown.name_of(what.definition),
        "sign": shown.sign_of(what.definition),
        "places": what.definition.decimals,
        "drawing": shown.map_of(rows, what, steps=scale),
        "drawing_now": shown.map_of(now, what, steps=scale) if lens == "both" else None,
        "ranked": shown.ranking_of(rows, what),
        "indicator_url": shown.indicator_page(unit.key, what.code, period=what.period.key),
        "lens": lens,
    }


# ---- all indicators of a unit ----------------------------------------------------------------------------------


def _rows(request: UserRequest, unit: Unit, chosen: Period, today: date) -> tuple[list[Figure], list[Definition]]:
    """The indicators that are asked for, in the order that is asked for; and all of them."""
    definitions = reading.definitions_shown(unit, on=today)
    words = fold(request.GET.get("q", "")).split()
    family = request.GET.get("family", "")
    wanted = [
        row
        for row in definitions
        if (not family or row.indicator.family.code == family) and all(word in row.folded for word in words)
    ]
    told = reading.figures(request.user, unit, wanted, chosen=chosen, today=today, depth=2)
    known = request.GET.get("known", "")
    if known:
        told = [one for one in told if (one.number is not None) == (known == "yes")]
    sort = request.GET.get("sort", "family")
    if sort.lstrip("-") in {"name", "value", "target"}:
        told.sort(key=lambda one: _order(one, sort.lstrip("-")), reverse=sort.startswith("-"))
    return told, definitions


def _order(one: Figure, sort: str) -> Any:
    if sort == "name":
        return fold(one.definition.name)
    number = one.number if sort == "value" else one.target.value if one.target else None
    return number is not None, number or 0


@require_safe
def indicator_list(request: UserRequest, key: str) -> HttpResponse:
    """Every indicator of a unit, a row each."""
    unit = shown.unit_seen(request.user, key)
    today = clock.today()
    chosen, choices = shown.chosen_period(request, today=today)
    told, definitions = _rows(request, unit, chosen, today)
    page = pages.page_of(request, told, per_page=60)
    families = dict.fromkeys((row.indicator.family.code, row.indicator.family.name) for row in definitions)
    known = [("", _("Tất cả")), ("yes", _("Đã có số liệu")), ("no", _("Chưa có số liệu"))]
    context = {
        "unit": unit,
        "title": _("Mọi chỉ số"),
        "crumbs": shown.crumbs(request.user, unit, {"label": _("Mọi chỉ số")}),
        "tabs": tabs(unit, chosen, active="indicators"),
        "period": chosen,
        "q": request.GET.get("q", ""),
        "selects": [
            shown.period_select(choices, chosen),
            shown.select("family", _("Nhóm"), [("", _("Tất cả")), *families], request.GET.get("family", "")),
            shown.select("known", _("Số liệu"), known, request.GET.get("known", "")),
        ],
        "page": page,
        "rows": [shown.row(unit, one, chosen=chosen) for one in page.object_list],
        "sort": request.GET.get("sort", "family"),
        "is_narrowed": any(request.GET.get(name) for name in ("q", "family", "known")),
    }
    return pages.render(
        request, "reports/dashboards/indicators.html", context, fragment="reports/dashboards/_indicator_rows.html"
    )


@require_safe
def indicator_workbook(request: UserRequest, key: str) -> HttpResponse:
    """The same rows as an Excel sheet, a row an indicator."""
    unit = shown.unit_seen(request.user, key)
    today = clock.today()
    chosen, _choices = shown.chosen_period(request, today=today)
    told, _definitions = _rows(request, unit, chosen, today)
    content = documents.indicators_workbook(unit, told, chosen=chosen, on=today, written_at=clock.now())
    return pages.download(content, f"Chỉ số {unit.name} {chosen.key}.xlsx", documents.XLSX)


urlpatterns = [
    path("dashboard/", home, name="dashboard-home"),
    path("dashboard/<slug:key>/", dashboard, name="dashboard"),
    path("dashboard/<slug:key>/indicators/", indicator_list, name="dashboard-indicators"),
    path("dashboard/<slug:key>/indicators.xlsx", indicator_workbook, name="dashboard-indicators-workbook"),
]
