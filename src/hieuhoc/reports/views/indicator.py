"""One indicator of a unit, closely: through time, by the units beneath, by parts, against another unit or period.

What is drawn on the page is downloaded from the same reads: a drawing as .svg or .png, its tables as .xlsx.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hieuhoc.engines.writer import picture_png
from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import charts, drawn, pages
from hieuhoc.foundation.ui.wording import period_words
from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.periods import Period
from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.indicators import rules
from hieuhoc.registers.indicators import selectors as indicators
from hieuhoc.registers.indicators.models import Definition
from hieuhoc.registers.places import selectors as places
from hieuhoc.registers.places.models import Unit
from hieuhoc.reports.documents import dashboards as documents
from hieuhoc.reports.documents.dashboards import Told
from hieuhoc.reports.selectors import dashboards as reading
from hieuhoc.reports.selectors.dashboards import Beneath, Figure
from hieuhoc.reports.views import dashboard_shown as shown

SVG = "image/svg+xml"
MOST_CHOICES = 60


@dataclass
class Sight:
    """What is looked at: an indicator of a unit for a period, and what it is held against. Reads when it is asked."""

    user: User
    unit: Unit
    definition: Definition
    chosen: Period
    today: date
    level: str = ""
    by: str = ""
    beside: str = ""  # the key of another unit
    against: str = ""  # the key of another period

    @property
    def code(self) -> str:
        return self.definition.indicator.code

    @cached_property
    def period(self) -> Period:
        return reading.period_of_indicator(self.definition, self.chosen) or self.chosen

    @cached_property
    def what(self) -> shown.Shown:
        return shown.Shown(self.definition, self.period, self.by)

    @cached_property
    def figure(self) -> Figure:
        return self._figure(self.unit)

    def _figure(self, unit: Unit) -> Figure:
        told = reading.figures(self.user, unit, [self.definition], chosen=self.period, today=self.today, by=self.by)
        return told[0]

    @cached_property
    def other(self) -> tuple[str, Figure] | None:
        """The unit beside which it is held. Raises: Missing for one out of reach."""
        if not self.beside:
            return None
        unit = shown.unit_seen(self.user, self.beside)
        return unit.name, self._figure(unit)

    @cached_property
    def levels(self) -> list[str]:
        found = reading.levels_beneath(self.unit, on=min(self.period.last, self.today))
        return [level for level in found if level in self.definition.levels]

    @cached_property
    def level_shown(self) -> str:
        return self.level if self.level in self.levels else (self.levels[-1] if self.levels else "")

    @cached_property
    def rows(self) -> list[Beneath]:
        if not self.level_shown:
            return []
        return reading.beneath(self.user, self.unit, self.definition, self.period, level=self.level_shown, by=self.by)

    @cached_property
    def earlier(self) -> Period | None:
        """The other period. Raises: Missing for what is none."""
        return shown.period_named(self.against) if self.against else None

    @cached_property
    def rows_earlier(self) -> list[Beneath]:
        if self.earlier is None or not self.level_shown:
            return []
        return reading.beneath(self.user, self.unit, self.definition, self.earlier, level=self.level_shown, by=self.by)

    @cached_property
    def scale(self) -> charts.Steps | None:
        if self.earlier is None:
            return None
        return charts.quantile_steps([one.number for one in (*self.rows, *self.rows_earlier)])

    @cached_property
    def lines(self) -> tuple[list[str], list[charts.Series]]:
        return shown.lines_of(self.unit.name, self.figure, *([self.other] if self.other else []))

    @cached_property
    def histories(self) -> tuple[list[str], list[charts.Series]]:
        """Small lines of the units right beneath, where they are not too many to be looked at together."""
        turns = [one.period for one in self.figure.history]
        told = reading.histories_beneath(self.user, self.unit, self.definition, turns, by=self.by)
        if not 1 < len(told) <= shown.MOST_SMALL:
            return [], []
        return [shown.short_period(one) for one in turns], [
            charts.Series(name, numbers, (), shown.indicator_page(key, self.code, period=self.chosen.key))
            for key, name, numbers in told
        ]

    @cached_property
    def parts(self) -> list[dict[str, Any]]:
        """The figure by parts, such as are known."""
        known = indicators.breakdowns()
        found = indicators.breakdown_of(self.user, self.unit, code=self.code, period=self.period)
        return [
            {
                "by": by,
                "label": shown.capital(rules.by_words(by, known)) if by else _("Toàn bộ"),
                "value": reading.shown(value.value, self.definition),
                "url": shown.source_page(self.unit.key, self.code, self.period, by),
            }
            for by, value in found.items()
        ]

    @property
    def target(self) -> Any:
        return self.figure.target.value if self.figure.target else None

    @property
    def words(self) -> drawn.Words:
        """What stands about a drawing that leaves the page."""
        name = shown.name_of(self.definition)
        told = _("Nguồn: Hiếu Học, tính đến ngày %(day)s.") % {"day": write_date(self.today)}
        return drawn.Words(
            name,
            f"{self.unit.name}, {period_words(self.period)}",
            shown.sign_of(self.definition),
            self.definition.decimals,
            told,
        )


def _sight(request: UserRequest, key: str, code: str) -> tuple[Sight, list[Period]]:
    unit = shown.unit_seen(request.user, key)
    today = clock.today()
    chosen, choices = shown.chosen_period(request, today=today)
    asked = {name: request.GET.get(name, "") for name in ("level", "beside", "against")}
    by = rules.read_by(request.GET.get("by", ""))
    return Sight(request.user, unit, reading.definition_for(code, chosen), chosen, today, by=by, **asked), choices


@require_safe
def indicator(request: UserRequest, key: str, code: str) -> HttpResponse:
    """An indicator of a unit."""
    sight, choices = _sight(request, key, code)
    [placed] = reading.with_standings(sight.unit, [sight.figure]) if not sight.by else [sight.figure]
    name = shown.name_of(sight.definition)
    labels, series = sight.lines
    small_labels, small = sight.histories
    query = request.GET.urlencode()
    context: dict[str, Any] = {
        "unit": sight.unit,
        "title": name,
        "crumbs": shown.crumbs(request.user, sight.unit, {"label": name}),
        "definition": sight.definition,
        "definition_url": reverse("indicators:detail", args=[sight.code]),
        "period": sight.period,
        "card": shown.card(sight.unit, placed, chosen=sight.period) | {"name": sight.unit.name, "url": ""},
        "sign": shown.sign_of(sight.definition),
        "places": sight.definition.decimals,
        "selects": _selects(sight, choices),
        "labels": labels,
        "series": series,
        "trend_note": shown.partial_words(sight.figure),
        "target": sight.target,
        "parts": sight.parts if len(sight.parts) > 1 else [],
        "small_labels": small_labels,
        "small": small,
        "ranked": shown.ranking_of(sight.rows, sight.what) if sight.rows else (),
        "drawing": shown.map_of(sight.rows, sight.what, steps=sight.scale) if sight.rows else None,
        "query": f"?{query}" if query else "",
    }
    if sight.earlier is not None and sight.rows:
        before = shown.Shown(sight.definition, sight.earlier, sight.by)
        context |= {
            "earlier": sight.earlier,
            "drawing_before": shown.map_of(sight.rows_earlier, before, steps=sight.scale),
            "changes": reading.changes(sight.rows_earlier, sight.rows),
        }
    return pages.render(request, "reports/dashboards/indicator.html", context)


def _selects(sight: Sight, choices: Sequence[Period]) -> list[dict[str, Any]]:
    found = [shown.period_select(choices, sight.chosen)]
    parts = [(one["by"], one["label"]) for one in sight.parts]
    if len(parts) > 1:
        found.append(shown.select("by", _("Phân tổ"), parts, sight.by))
    if len(sight.levels) > 1:
        names = [(level, shown.LEVELS[level]) for level in sight.levels]
        found.append(shown.select("level", _("Theo"), names, sight.level_shown))
    units = [("", _("Không")), *_comparable(sight)]
    if len(units) > 1:
        found.append(shown.select("beside", _("So với đơn vị"), units, sight.beside))
    turns = [(one.period.key, shown.capital(period_words(one.period))) for one in reversed(sight.figure.history[:-1])]
    if turns:
        found.append(shown.select("against", _("So với kỳ"), [("", _("Không")), *turns], sight.against))
    return found


def _comparable(sight: Sight) -> list[tuple[str, str]]:
    """The units beside which this one may be held: those above it, beside it and right beneath it within reach."""
    day = min(sight.period.last, sight.today)
    if not reading.stands(sight.unit, day):
        return []
    above = [
        one.unit
        for one in places.ancestors(sight.unit, day)
        if access.may(sight.user, Permission.INDICATOR_READ, at=one.unit)
    ]
    beside = indicators.units_beneath(above[-1], on=day) if above else []
    below = indicators.units_beneath(sight.unit, on=day)
    units = [*((one.key, one.name) for one in above), *((one.unit.key, one.name) for one in (*beside, *below))]
    return [one for one in dict.fromkeys(units) if one[0] != sight.unit.key][:MOST_CHOICES]


# ---- what is taken away ----------------------------------------------------------------------------------------


def _trend(sight: Sight) -> str:
    labels, series = sight.lines
    return drawn.lines_file(charts.line_drawing(labels, series, target=sight.target), sight.words)


def _ranking(sight: Sight) -> str:
    ranked = charts.excerpt(shown.ranking_of(sight.rows, sight.what), most=20)
    return drawn.bars_file(charts.ranking_bars(ranked), sight.words)


def _map(sight: Sight) -> str:
    return drawn.map_file(shown.map_of(sight.rows, sight.what, steps=sight.scale), sight.words)


def _multiples(sight: Sight) -> str:
    labels, series = sight.histories
    return drawn.multiples_file(charts.multiples(labels, series, target=sight.target), sight.words)


def _breakdown(sight: Sight) -> str:
    return drawn.bars_file(charts.bar_drawing(sight.parts), sight.words)


DRAWINGS: dict[str, Callable[[Sight], str]] = {
    "trend": _trend,
    "ranking": _ranking,
    "map": _map,
    "multiples": _multiples,
    "breakdown": _breakdown,
}


@require_safe
def drawing(request: UserRequest, key: str, code: str, name: str) -> HttpResponse:
    """One drawing of the page as a file."""
    which, _dot, ending = name.partition(".")
    if which not in DRAWINGS or ending not in {"svg", "png"}:
        raise Missing("Không có hình này.")
    sight, _choices = _sight(request, key, code)
    content = DRAWINGS[which](sight)
    called = f"{sight.code} {sight.unit.name} {sight.period.key}.{ending}"
    if ending == "png":
        return pages.download(picture_png(content), called, "image/png")
    return pages.download(content.encode(), called, SVG)


@require_safe
def tables(request: UserRequest, key: str, code: str) -> HttpResponse:
    """The tables of the page as an Excel workbook, a sheet each."""
    sight, _choices = _sight(request, key, code)
    name, sign = sight.definition.name, sight.figure.measure.sign
    unit = f" ({sign})" if sign else ""
    lines = [(sight.unit.name, sight.figure), *([sight.other] if sight.other else [])]
    told = [
        Told(
            "Theo thời gian",
            name,
            ["Kỳ", *(f"{called}{unit}" for called, _figure in lines)],
            [
                (item.period.name, *(figure.history[at].number for _called, figure in lines))
                for at, item in enumerate(sight.figure.history)
            ],
        )
    ]
    if sight.rows:
        told.append(
            Told(
                "Theo đơn vị",
                f"{name}, {sight.period.name}",
                ["Đơn vị", f"Số liệu{unit}", "Hạng", "Đã có", "Phải có"],
                _ranked_rows(sight),
            )
        )
    if sight.earlier is not None and sight.rows:
        told.append(
            Told(
                "So sánh kỳ",
                name,
                ["Đơn vị", sight.earlier.name, sight.period.name, "Chênh lệch"],
                [
                    (one.name, one.before, one.after, one.difference)
                    for one in reading.changes(sight.rows_earlier, sight.rows)
                ],
            )
        )
    if len(sight.parts) > 1:
        told.append(
            Told(
                "Phân tổ",
                f"{name}, {sight.period.name}",
                ["Phân tổ", f"Số liệu{unit}"],
                [(one["label"], one["value"]) for one in sight.parts],
            )
        )
    content = documents.tables_workbook(told, unit=sight.unit, on=sight.today, written_at=clock.now())
    return pages.download(content, f"{sight.code} {sight.unit.name} {sight.period.key}.xlsx", documents.XLSX)


def _ranked_rows(sight: Sight) -> list[tuple[Any, ...]]:
    values = {one.key: one.value for one in sight.rows}
    return [
        (one.label, one.value, one.place or None, values[one.key].reported, values[one.key].expected or None)
        for one in shown.ranking_of(sight.rows, sight.what)
    ]


urlpatterns = [
    path("dashboard/<slug:key>/indicators/<str:code>/", indicator, name="dashboard-indicator"),
    path("dashboard/<slug:key>/indicators/<str:code>/tables.xlsx", tables, name="dashboard-tables"),
    path("dashboard/<slug:key>/indicators/<str:code>/<str:name>", drawing, name="dashboard-drawing"),
]
