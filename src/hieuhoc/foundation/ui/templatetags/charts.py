"""Tags that draw charts (a builtin library: nothing to load). Pages that use them link `ui/charts.css`."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

from hieuhoc.foundation.ui import charts

register = template.Library()

Number = charts.Number


@register.inclusion_tag("ui/components/bar_chart.html")
def bar_chart(
    *,
    title: str,
    rows: Sequence[Mapping[str, Any]],
    desc: str = "",
    unit: str = "",
    id: str = "bars",
    places: int | None = None,
) -> dict[str, Any]:
    """Horizontal bars drawn on the server. Each row: label, value (or None), and if wanted target and url."""
    drawing = charts.bar_drawing(rows)
    return {"title": title, "desc": desc, "unit": unit, "id": id, "places": places, "drawing": drawing}


@register.inclusion_tag("ui/components/sparkline.html")
def sparkline(values: Sequence[Number | None], label: str) -> dict[str, Any]:
    """A trend in the size of a word; `label` says the same to those who do not see it."""
    return {"strokes": charts.sparkline_points(values), "label": label}


@register.inclusion_tag("ui/components/line_chart.html")
def line_chart(
    *,
    title: str,
    labels: Sequence[str],
    series: Sequence[charts.Series],
    desc: str = "",
    unit: str = "",
    target: Number | None = None,
    places: int | None = None,
    across: str = "",
    id: str = "lines",
) -> dict[str, Any]:
    """One or several lines over the same labels, with a target and a forecast if there are any."""
    drawing = charts.line_drawing(labels, series, target=target)
    return {
        "title": title,
        "desc": desc,
        "unit": unit,
        "id": id,
        "places": places,
        "across": across,
        "drawing": drawing,
    }


@register.inclusion_tag("ui/components/small_multiples.html")
def small_multiples(
    *,
    title: str,
    labels: Sequence[str],
    series: Sequence[charts.Series],
    desc: str = "",
    target: Number | None = None,
    places: int | None = None,
) -> dict[str, Any]:
    """Many small lines on one scale, each with its last number."""
    drawing = charts.multiples(labels, series, target=target)
    return {"title": title, "desc": desc, "places": places, "drawing": drawing}


@register.inclusion_tag("ui/components/ranking.html")
def ranking(
    *,
    title: str,
    ranked: Sequence[charts.Ranked],
    desc: str = "",
    unit: str = "",
    places: int | None = None,
    most: int = 12,
    id: str = "ranking",
) -> dict[str, Any]:
    """Units in their order (`charts.ranking`): the head, the foot and one's own as bars, all of them as a table."""
    return {
        "title": title,
        "desc": desc,
        "unit": unit,
        "id": id,
        "places": places,
        "ranked": ranked,
        "has_targets": any(one.target is not None for one in ranked),
        "drawing": charts.ranking_bars(charts.excerpt(ranked, most=most)),
    }


@register.inclusion_tag("ui/components/unit_map.html")
def unit_map(
    *,
    title: str,
    drawing: charts.MapDrawing,
    desc: str = "",
    unit: str = "",
    places: int | None = None,
    with_table: bool = True,
    id: str = "map",
) -> dict[str, Any]:
    """A map (`charts.map_drawing`) with its steps in numbers; `with_table=False` where a ranking beside it has them."""
    return {
        "title": title,
        "desc": desc,
        "unit": unit,
        "id": id,
        "places": places,
        "drawing": drawing,
        "with_table": with_table,
    }
