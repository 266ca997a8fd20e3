"""Where a figure comes from: its formula, the units beneath it, the facts, the reports and records that gave them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.wording import in_words, period_words
from hieuhoc.kernel.periods import Period
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.indicators import rules, states
from hieuhoc.registers.indicators import selectors as indicators
from hieuhoc.registers.indicators.models import Definition
from hieuhoc.registers.indicators.rules.facts import is_imported
from hieuhoc.registers.indicators.selectors import Lineage, Source, Value
from hieuhoc.registers.places.models import Unit
from hieuhoc.reports import collect
from hieuhoc.reports.models import Submission
from hieuhoc.reports.selectors import dashboards as reading
from hieuhoc.reports.views import dashboard_shown as shown

MOST_ROWS = 150
MOST_FACTS = 200  # on one page
MOST_PARTS = 6  # side by side for each unit beneath: a table of more is not read


@dataclass(frozen=True)
class FactShown:
    """A fact with the report from which it came, where the reader may see that."""

    source: Source
    period: str
    report: Submission | None

    @property
    def is_imported(self) -> bool:
        """Whether it was taken in from before the house was used."""
        return is_imported(self.source.source)


@dataclass(frozen=True)
class FactsShown:
    """Facts in a list; `left` more are on the page at `url`. `origin` where all of them have come the same way."""

    rows: tuple[FactShown, ...]
    left: int = 0
    url: str = ""
    origin: str = ""

    @property
    def count(self) -> int:
        return len(self.rows) + self.left


@dataclass(frozen=True)
class CountedRows:
    """The rows of the house's own records that a figure counts, as far as the reader may see them."""

    rows: tuple[Any, ...] = ()
    left: int = 0

    @property
    def count(self) -> int:
        return len(self.rows) + self.left


@dataclass(frozen=True)
class PartShown:
    """A figure that a formula reads, with all that is beneath it."""

    name: str
    period: Period
    number: Any
    places: int
    sign: str
    value: Value
    url: str
    complete: str
    scaled: str
    facts: FactsShown
    silent: tuple[Unit, ...]
    counted: CountedRows


@require_safe
def figure(request: UserRequest, key: str, code: str, period: str) -> HttpResponse:
    """What a figure is made of, down to the records that the reader may open."""
    unit = shown.unit_seen(request.user, key)
    told = shown.period_named(period)
    by = rules.read_by(request.GET.get("by", ""))
    definition = reading.definition_for(code, told)
    code = definition.indicator.code
    found = indicators.lineage_of(request.user, unit, code=code, period=told, by=by)
    page = pages.page_of(request, found.facts, per_page=MOST_FACTS)
    below = {
        part: indicators.lineage_of(
            request.user, unit, code=part.code, period=part.period, by=part.by, limit=MOST_FACTS
        )
        for part in found.parts
    }
    listed = [*page.object_list, *(fact for one in below.values() for fact in one.facts)]
    reports = reading.reports_behind(request.user, [fact.source for fact in listed])
    breakdowns = indicators.breakdowns()
    name = shown.name_of(definition)
    context: dict[str, Any] = {
        "unit": unit,
        "title": name,
        "definition": definition,
        "by_words": rules.by_words(by, breakdowns),
        "period": told,
        "value": found.value,
        "number": reading.shown(found.value.value, definition),
        "places": definition.decimals,
        "sign": shown.sign_of(definition),
        "scaled": _counted_in(definition),
        "why": shown.why_unknown(found.value),
        "facts": _about(unit, definition, told, found.value, rules.by_words(by, breakdowns)),
        "crumbs": shown.crumbs(
            request.user,
            unit,
            {"label": name, "url": shown.indicator_page(unit.key, code, period=told.key)},
            {"label": _("Nguồn số liệu")},
        ),
        "parts": [_part(request.user, unit, part, one, reports, told) for part, one in below.items()],
        "counted": _counted(request.user, unit, definition, told, by, found),
        "formula": _formula(definition, told),
        "beneath": [
            (one, value, reading.shown(value.value, definition), shown.source_page(one.unit.key, code, told, by))
            for one, value in found.beneath
        ],
        "turns": [
            (
                shown.capital(period_words(turn)),
                value,
                reading.shown(value.value, definition),
                shown.source_page(key, code, turn, by),
            )
            for turn, value in found.turns
        ],
        "told": _facts(list(page.object_list), reports, told),
        "page": page,
        "shares": _shares(request.user, unit, definition, told, by, found.parts),
        "version": found.value.version.rpartition("-")[2],
        "silent": found.silent,
        "definition_url": reverse("indicators:detail", args=[code]),
    }
    return pages.render(request, "reports/dashboards/figure.html", context)


def _about(unit: Unit, definition: Definition, period: Period, value: Value, by: str) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [
        {"term": _("Đơn vị"), "text": unit.name, "url": shown.page_of(unit.key)},
        {"term": _("Kỳ"), "text": shown.capital(period_words(period))},
    ]
    if by:
        facts.append({"term": _("Phân tổ"), "text": shown.capital(by)})
    complete = shown.counted_in(value, definition, period)
    if complete:
        facts.append({"term": _("Đầy đủ"), "text": complete})
    if value.state:
        facts.append({"term": _("Trạng thái"), "text": in_words(states.FIGURE[value.state])})
    return facts


def _counted_in(definition: Definition) -> str:
    """In what the facts are counted, where a reader is shown something larger: đồng beneath million đồng."""
    one = rules.measure(definition.measure)
    return in_words(one.dimension.words) if one.scale != 1 else ""


def _formula(definition: Definition, period: Period) -> str:
    if definition.kind != "derived":
        return ""
    node = rules.parse(definition.formula)
    names = indicators.names_on(period.last, rules.codes(node))
    return indicators.formula_words(node, names, indicators.breakdowns())


def _fact(one: Source, reports: dict[str, Submission], period: Period) -> FactShown:
    name = "" if one.period == period else shown.capital(period_words(one.period))
    return FactShown(one, name, reports.get(one.source))


def _facts(
    found: Sequence[Source], reports: dict[str, Submission], period: Period, *, left: int = 0, url: str = ""
) -> FactsShown:
    """A list of facts; what all of them have in common of where they come from is said once."""
    origin = ""
    if found and all(is_imported(one.source) for one in found):
        origin = _("Số liệu có từ trước khi dùng hệ thống, nhập từ báo cáo cũ.")
    return FactsShown(tuple(_fact(one, reports, period) for one in found), left, url, origin)


def _shares(
    user: User, unit: Unit, definition: Definition, period: Period, by: str, parts: Sequence[indicators.Part]
) -> dict[str, Any] | None:
    """The units beneath, each with the parts and with what they make; a formula of many parts only with that."""
    code, shown_parts = definition.indicator.code, parts if len(parts) <= MOST_PARTS else ()
    rows = indicators.beneath_of_parts(user, unit, code=code, period=period, parts=parts, by=by)
    if not rows:
        return None
    told = [(part, reading.definition_for(part.code, part.period)) for part in shown_parts]
    columns = [_part_name(part, meaning, period) for part, meaning in told]
    return {
        "columns": columns,
        "rows": [
            {
                "name": one.name,
                "parts": [
                    (column, reading.shown(value.value, meaning), meaning.decimals)
                    for column, value, (_named, meaning) in zip(columns, values, told, strict=False)
                ],
                "value": made,
                "number": reading.shown(made.value, definition),
                "url": shown.source_page(one.unit.key, code, period, by),
            }
            for one, made, values in rows
        ],
    }


def _part_name(part: indicators.Part, meaning: Definition, period: Period) -> str:
    """What a part is called, with its own breakdown and period where these are not those of the whole."""
    words = rules.by_words(part.by, indicators.breakdowns()) if part.by else ""
    name = f"{shown.name_of(meaning)} ({words})" if words else shown.name_of(meaning)
    return name if part.period == period else f"{name}, {period_words(part.period)}"


def _counted(user: User, unit: Unit, definition: Definition, period: Period, by: str, found: Lineage) -> CountedRows:
    """What was counted in the period; in its last known turn where the period takes the figure of that."""
    if not definition.fact or by or found.value.value is None:
        return CountedRows()
    turn = period
    if definition.over_time == "last" and found.turns:
        turn = max((one for one, value in found.turns if value.value is not None), default=period)
    rows = collect.rows_beneath(user, definition.fact, unit=unit, period=turn)
    return CountedRows(tuple(rows[:MOST_ROWS]), max(len(rows) - MOST_ROWS, 0))


def _part(
    user: User, unit: Unit, part: indicators.Part, found: Lineage, reports: dict[str, Submission], period: Period
) -> PartShown:
    definition = reading.definition_for(part.code, part.period)
    address = shown.source_page(unit.key, part.code, part.period, part.by)
    return PartShown(
        name=_part_name(part, definition, part.period),
        period=part.period,
        number=reading.shown(part.value.value, definition),
        places=definition.decimals,
        sign=shown.sign_of(definition),
        value=part.value,
        url=address,
        complete=shown.counted_in(part.value, definition, part.period),
        scaled=_counted_in(definition),
        facts=_facts(found.facts, reports, period, left=found.facts_left, url=address),
        silent=found.silent,
        counted=_counted(user, unit, definition, part.period, part.by, found),
    )


urlpatterns = [path("figures/<slug:key>/<str:code>/<str:period>/", figure, name="figure")]
