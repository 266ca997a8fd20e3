"""Tags that draw charts (a builtin library: nothing to load). Pages that use them link `ui/charts.css`."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from hieuhoc.foundation.ui import charts
from hieuhoc.foundation.ui.templatetags.ui import vn_number

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
        "unknown": sum(one.value is None for one in ranked),
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


# The many tiles of a map are put together here: as nodes of a template they would take most of a page's time.
_LINE = '<text lang="vi" class="t{}" x="{}" y="{}" dy="{}">{}</text>'
_TILE = (
    "<title>{}</title>"
    '<rect class="q{}{}"{} x="{}" y="{}" width="{}" height="{}" rx="5"/>{}'
    '<text class="t{} v" x="{}" y="{}" dy="49">{}</text>'
)


@register.simple_tag
def map_tiles(
    drawing: charts.MapDrawing, id: str, unit: str = "", places: int | str | None = None, plain: bool | str = False
) -> SafeString:
    """The units of a map, each with its words; links to their figures unless the drawing is a file (`plain`)."""
    hatch = format_html(' fill="url(#{}-hatch)"', id)
    unknown = _("chưa có số liệu")
    return format_html_join(
        "\n", "{}", ((_tile(one, drawing.side, hatch, unknown, unit, places, plain),) for one in drawing.tiles)
    )


def _tile(
    tile: charts.Tile,
    side: int,
    hatch: SafeString,
    unknown: str,
    unit: str,
    places: int | str | None,
    plain: bool | str,
) -> SafeString:
    one = tile.unit
    number = vn_number(one.value, places)
    said = f"{one.label}: {f'{number} {unit}'.strip() if tile.step else unknown}{f' ({one.note})' if one.note else ''}"
    own, fill = " own" if tile.is_own else "", "" if tile.step else hatch
    if tile.path:
        shape = format_html('<title>{}</title><path class="q{}{}"{} d="{}"/>', said, tile.step, own, fill, tile.path)
    else:
        lines = "".join(
            _LINE.format(tile.step, tile.middle, tile.y, 29 if place else 16, escape(line))
            for place, line in enumerate(tile.lines)
        )
        box = (tile.step, own, fill, tile.x, tile.y, side, side)
        told = (escape(said), *box, lines, tile.step, tile.middle, tile.y, escape(number))
        shape = mark_safe(_TILE.format(*told))  # noqa: S308  # its words are escaped; all else is numbers
    if one.url and not plain:
        return format_html('<a href="{}" tabindex="-1">{}</a>', one.url, shape)
    return format_html("<g>{}</g>", shape)
