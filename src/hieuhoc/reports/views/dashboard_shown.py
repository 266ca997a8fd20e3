"""Figures as the dashboards show them: cards, drawings, addresses, words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import quote, urlencode

from django.urls import get_script_prefix, reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import charts
from hieuhoc.foundation.ui.wording import in_words, period_words, say
from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.periods import Calendar, Period, Rhythm, period_from
from hieuhoc.kernel.vietnamese import write_date, write_number
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.indicators import rules
from hieuhoc.registers.indicators import states as indicator_states
from hieuhoc.registers.indicators.models import Definition
from hieuhoc.registers.indicators.rules import targets as aims
from hieuhoc.registers.indicators.selectors import Value
from hieuhoc.registers.places import selectors as places
from hieuhoc.registers.places.models import Unit
from hieuhoc.reports.selectors import dashboards as reading
from hieuhoc.reports.selectors.dashboards import Beneath, Figure

# The badge of a verdict on a target, and of the state of a figure without one.
_SHAPES = {
    aims.REACHED: "done",
    aims.ON_COURSE: "wait",
    aims.BEHIND: "due",
    aims.NOT_YET: "due",
    aims.MISSED: "late",
    indicator_states.PROVISIONAL: "neutral",
    indicator_states.APPROVED: "done",
    indicator_states.PUBLISHED: "done",
}
LEVELS = {"district": gettext_lazy("Cấp huyện"), "commune": gettext_lazy("Cấp xã")}
MOST_SMALL = 30  # small multiples: beyond that nobody compares them


def unit_seen(user: User, key: str) -> Unit:
    """The unit of a page. Raises: Missing outside the user's reach; Refused."""
    unit = places.unit_by_key(key)
    access.require(user, Permission.INDICATOR_READ, at=unit)
    return unit


def crumbs(user: User, unit: Unit, *rest: dict[str, str]) -> list[dict[str, str]]:
    """From the outermost unit that the user may see down to this one."""
    day = clock.today() if unit.valid_to is None else places.last_day(unit)
    above = places.ancestors(unit, day) if unit.parent_id and unit.valid_from <= day else []
    seen = [one for one in above if access.may(user, Permission.INDICATOR_READ, at=one.unit)]
    found = [{"label": one.name, "url": page_of(one.unit.key)} for one in seen]
    here = {"label": unit.name, "url": page_of(unit.key)} if rest else {"label": unit.name}
    return [*found, here, *rest]


# ---- periods and addresses -----------------------------------------------------------------------------------


def chosen_period(request: UserRequest, *, today: date) -> tuple[Period, list[Period]]:
    """The period that is asked for, and those to choose from; the year of today where none is asked for.

    Raises: Missing for what is no period.
    """
    choices = reading.periods_to_choose(on=today)
    asked = request.GET.get("period", "")
    if not asked:
        return next(one for one in choices if one.rhythm is Rhythm.YEAR and one.first <= today), choices
    return period_named(asked), choices


def period_named(key: str) -> Period:
    """The period that an address names. Raises: Missing."""
    try:
        return period_from(key)
    except ValueError as error:
        raise Missing("Không có kỳ “{key}”.", key=key) from error


def period_select(choices: Iterable[Period], chosen: Period) -> dict[str, Any]:
    """The list of periods of a filter bar."""
    listed = list(choices)
    if chosen not in listed:
        listed.insert(0, chosen)
    return select("period", _("Kỳ"), [(one.key, capital(period_words(one))) for one in listed], chosen.key)


def select(name: str, label: str, options: Iterable[tuple[str, Any]], chosen: str) -> dict[str, Any]:
    """A drop-down list of a filter bar."""
    return {
        "name": name,
        "label": label,
        "options": [{"value": value, "label": text, "selected": value == chosen} for value, text in options],
    }


def page_of(key: str, **query: str) -> str:
    """The page of a unit."""
    return _with(reverse("reports:dashboard", args=[key]), query)


def indicator_page(key: str, code: str, **query: str) -> str:
    """The page of an indicator of a unit."""
    return _with(reverse("reports:dashboard-indicator", args=[key, code]), query)


def source_page(key: str, code: str, period: Period, by: str = "") -> str:
    """Where a figure says what it is made of."""
    before, between, then, after = _around_a_source(get_script_prefix())
    return _with(f"{before}{quote(key)}{between}{quote(code)}{then}{quote(period.key)}{after}", {"by": by})


@lru_cache(maxsize=4)
def _around_a_source(_prefix: str) -> list[str]:
    """What stands around unit, code and period in an address: a page leads to hundreds, each takes long to find."""
    return re.split("a-unit|a-code|a-period", reverse("reports:figure", args=["a-unit", "a-code", "a-period"]))


def _with(address: str, query: dict[str, str]) -> str:
    given = {name: value for name, value in query.items() if value}
    return f"{address}?{urlencode(given)}" if given else address


# ---- words -----------------------------------------------------------------------------------------------------


def capital(text: str) -> str:
    """With a capital at the beginning."""
    return text[:1].upper() + text[1:]


def name_of(told: Definition) -> str:
    """What an indicator is called in the reader's language."""
    return told.name_en if get_language() == "en" and told.name_en else told.name


def sign_of(told: Definition) -> str:
    """What stands behind its numbers."""
    return in_words(rules.measure(told.measure).sign)


def short_period(period: Period) -> str:
    """A period under an axis: 2020, Q4/2020, 11/2020."""
    if period.calendar is Calendar.OWN:
        return write_date(period.last)
    if period.rhythm is Rhythm.MONTH:
        return f"{period.last.month}/{period.last.year}"
    if period.rhythm is Rhythm.YEAR:
        return f"{period.year - 1}–{period.year % 100:02d}" if period.calendar is Calendar.SCHOOL else str(period.year)
    turn = period.code.partition("-")[2]
    return f"{turn}/{period.year}"


def counted_in(value: Value, told: Definition, period: Period) -> str:
    """How complete a figure is: "12/15 đơn vị đã báo"; by turns where the period holds several."""
    if not value.expected:
        return ""
    numbers = {"known": write_number(value.reported), "of": write_number(value.expected)}
    shortest = min((Rhythm(one).months for one in told.rhythms), default=12)
    if told.kind == "base" and period.calendar is not Calendar.OWN and shortest == period.rhythm.months:
        return _("%(known)s/%(of)s đơn vị đã báo") % numbers
    return _("%(known)s/%(of)s số liệu gốc đã có") % numbers


def state_of(one: Figure) -> tuple[str, str]:
    """The badge of a figure and its word: how it stands to its target, else how settled it is."""
    if one.number is None:
        return "neutral", _("Chưa có số liệu")
    if one.prospect is not None and one.prospect.verdict not in (aims.UNJUDGED, aims.UNKNOWN):
        return _SHAPES[one.prospect.verdict], in_words(one.prospect.words)
    return _SHAPES.get(one.value.state, "neutral"), in_words(indicator_states.FIGURE.get(one.value.state, ""))


def written(value: Decimal | None, told: Definition) -> str:
    """A number with what it counts behind it."""
    if value is None:
        return "–"
    sign = sign_of(told)
    return f"{write_number(value, places=told.decimals)} {sign}".strip()


def gap_words(one: Figure) -> str:
    """How much is lacking to the target, or by how much it is passed."""
    if one.prospect is None or one.prospect.gap is None or one.definition.direction == "none":
        return ""
    number = written(reading.shown(abs(one.prospect.gap), one.definition), one.definition)
    if one.prospect.gap <= 0:
        return _("đạt") if one.prospect.gap == 0 else _("vượt %(number)s") % {"number": number}
    too_much = one.definition.direction == "down"
    return (_("còn cao hơn %(number)s") if too_much else _("còn thiếu %(number)s")) % {"number": number}


def is_partial(one: Figure) -> bool:
    """Whether the figure is a sum of which something is still missing: held against a whole one it would mislead."""
    return one.number is not None and one.definition.kind == "base" and not one.value.is_complete


def partial_words(one: Figure) -> str:
    """What a drawing says of a last figure that is not whole."""
    if not is_partial(one):
        return ""
    return _("Kỳ cuối chưa đủ: %(words)s.") % {"words": counted_in(one.value, one.definition, one.period)}


def trend_words(one: Figure) -> str:
    """What has changed since the turn before, in words."""
    before = one.before
    if one.number is None or before is None or before.number is None:
        return ""
    if is_partial(one):
        return _("Chưa đủ số liệu để so với %(period)s") % {"period": period_words(before.period)}
    values = {"number": written(abs(one.number - before.number), one.definition), "period": period_words(before.period)}
    if one.number == before.number:
        return _("Bằng %(period)s") % values
    rises = one.number > before.number
    said = (_("Tăng %(number)s so với %(period)s") if rises else _("Giảm %(number)s so với %(period)s")) % values
    if one.is_better is None:
        return said
    return f"{said} ({_('tốt hơn') if one.is_better else _('kém hơn')})"


def forecast_words(one: Figure) -> str:
    """Where the figure is heading at the present pace."""
    if one.prospect is None or one.prospect.forecast is None or one.target is None:
        return ""
    number = written(reading.shown(one.prospect.forecast, one.definition), one.definition)
    return _("Theo đà hiện nay, %(period)s: %(number)s") % {"period": one.target.period, "number": number}


def card(unit: Unit, one: Figure, *, chosen: Period) -> dict[str, Any]:
    """An indicator as the component `indicator_card` takes it."""
    state, word = state_of(one)
    code = one.definition.indicator.code
    place = ""
    if one.standing is not None:
        place = _("Hạng %(place)s trong %(of)s đơn vị cùng cấp") % {"place": one.standing.place, "of": one.standing.of}
    told = [item.number for item in (one.history[:-1] if is_partial(one) else one.history)]
    known = [number for number in told if number is not None]
    return {
        "name": name_of(one.definition),
        "url": indicator_page(unit.key, code, period=chosen.key),
        "source_url": source_page(unit.key, code, one.period),
        "value": one.number,
        "unit": sign_of(one.definition),
        "places": one.definition.decimals,
        "state": state,
        "state_label": word,
        "target": one.target.value if one.target else None,
        "gap": gap_words(one),
        "trend": told if len(known) > 1 else None,
        "trend_label": _("%(count)s kỳ gần nhất, từ %(first)s đến %(last)s")
        % {
            "count": len(told),
            "first": written(known[0], one.definition) if known else "–",
            "last": written(known[-1], one.definition) if known else "–",
        },
        "trend_words": trend_words(one),
        "forecast": forecast_words(one),
        "place": place,
        "complete": counted_in(one.value, one.definition, one.period),
        "note": capital(period_words(one.period)) if one.period != chosen else "",
    }


def why_unknown(value: Value) -> str:
    """Why a figure is not known, in the reader's language."""
    return say(value.why_unknown) if value.why_unknown is not None else ""


def row(unit: Unit, one: Figure, *, chosen: Period) -> dict[str, Any]:
    """An indicator as a row of the list of all."""
    state, word = state_of(one)
    code = one.definition.indicator.code
    return {
        "figure": one,
        "code": code,
        "name": name_of(one.definition),
        "family": one.definition.indicator.family.name,
        "url": indicator_page(unit.key, code, period=chosen.key),
        "source_url": source_page(unit.key, code, one.period),
        "number": one.number,
        "places": one.definition.decimals,
        "sign": sign_of(one.definition),
        "period": capital(period_words(one.period)),
        "before": one.before.number if one.before else None,
        "target": one.target.value if one.target else None,
        "complete": counted_in(one.value, one.definition, one.period),
        "state": state,
        "state_label": word,
    }


def lens_select(lens: str, period: Period, today: date) -> dict[str, Any]:
    """By which map the figures of an earlier period are told."""
    lenses = [
        ("", _("Đơn vị lúc báo (%(day)s)") % {"day": write_date(period.last)}),
        ("now", _("Đơn vị hiện nay (%(day)s)") % {"day": write_date(today)}),
        ("both", _("Cả hai, đặt cạnh nhau")),
    ]
    return select("lens", _("Số liệu theo"), lenses, lens)


# ---- drawings --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """What a drawing is of: an indicator for a period, the whole or a part."""

    definition: Definition
    period: Period
    by: str = ""

    @property
    def code(self) -> str:
        return self.definition.indicator.code


def map_of(rows: Sequence[Beneath], what: Shown, *, steps: charts.Steps | None = None) -> charts.MapDrawing:
    """The units beneath as a map: their imported shapes where there are any, else tiles by their points."""
    keys = [one.key for one in rows]
    units = [
        charts.MapUnit(
            one.key,
            one.name,
            one.short_name,
            one.number,
            source_page(one.key, what.code, what.period, what.by),
            _noted(one),
        )
        for one in rows
    ]
    rings = reading.boundaries_on(what.period.last, keys)
    shapes = charts.shapes_of({key: [tuple(map(_pair, ring)) for ring in told] for key, told in rings.items()})
    return charts.map_drawing(units, places.points_of(keys), shapes=shapes if rings else None, steps=steps)


def _pair(place: Sequence[float]) -> tuple[float, float]:
    return place[0], place[1]


def _noted(one: Beneath) -> str:
    return _("ước tính") if one.note == reading.ESTIMATED else ""


def ranking_of(rows: Sequence[Beneath], what: Shown, *, own: str = "") -> tuple[charts.Ranked, ...]:
    """The units beneath in their order, the best first; by size where nobody says which way is good."""
    return charts.ranking(
        [
            {
                "key": one.key,
                "label": one.name,
                "value": one.number,
                "url": source_page(one.key, what.code, what.period, what.by),
                "note": _noted(one)
                or (
                    ""
                    if one.value.is_complete or not one.value.expected
                    else counted_in(one.value, what.definition, what.period)
                ),
            }
            for one in rows
        ],
        own=own,
        falling=what.definition.direction != "down",
    )


def lines_of(name: str, one: Figure, *others: tuple[str, Figure]) -> tuple[list[str], list[charts.Series]]:
    """A figure through time as a line, with its forecast at the target's period, and others beside it."""
    labels = [short_period(item.period) for item in one.history]
    own: list[Decimal | None] = [item.number for item in one.history]
    beyond: list[Decimal | None] = []
    aim = one.target.period.period if one.target else None
    if one.prospect is not None and one.prospect.forecast is not None and aim is not None and aim.end > one.period.end:
        labels.append(short_period(aim))
        beyond = [*[None] * len(own), reading.shown(one.prospect.forecast, one.definition)]
    return labels, [
        charts.Series(name, own, beyond),
        *(charts.Series(called, [item.number for item in other.history]) for called, other in others),
    ]
