"""The same drawings as files of their own: an SVG with its few styles inside, for papers, slides and pictures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string

from hieuhoc.foundation.ui import charts

WIDTH = 800
MARGIN = 24
HEADING, LEGEND_LINE, FOOT = 58, 24, 34
CELL_WIDTH, CELL_STEP = 170, 104


@dataclass(frozen=True)
class Words:
    """What stands about a drawing: `unit` of its numbers, `places` decimals, `note` beneath it."""

    title: str
    desc: str = ""
    unit: str = ""
    places: int | None = None
    note: str = ""


def lines_file(drawing: charts.LineDrawing, words: Words) -> str:
    """A line chart as an SVG file."""
    return _sheet("lines", drawing, words, height=drawing.height, legend=len(drawing.lines) + drawing.has_forecast)


def bars_file(drawing: charts.BarDrawing, words: Words) -> str:
    """Bars, or a ranking, as an SVG file."""
    return _sheet("bars", drawing, words, height=drawing.height)


def map_file(drawing: charts.MapDrawing, words: Words) -> str:
    """A map as an SVG file, its steps in numbers beneath it."""
    legend = len(drawing.steps.steps) + bool(drawing.steps.unknown)
    wide = min(WIDTH - 2 * MARGIN, drawing.width + 6)
    height = round(wide * (drawing.height + 6) / (drawing.width + 6))
    return _sheet("map", drawing, words, height=height, legend=legend, map_width=wide)


def multiples_file(drawing: charts.Multiples, words: Words) -> str:
    """Small multiples as an SVG file."""
    across = (WIDTH - 2 * MARGIN) // (CELL_WIDTH + 10)
    cells = [
        {"cell": cell, "x": place % across * (CELL_WIDTH + 10), "y": place // across * CELL_STEP}
        for place, cell in enumerate(drawing.cells)
    ]
    return _sheet("multiples", drawing, words, height=-(-len(cells) // across) * CELL_STEP, cells=cells)


def _sheet(
    kind: str,
    drawing: object,
    words: Words,
    *,
    height: int,
    legend: int = 0,
    cells: Sequence[Any] = (),
    map_width: int = 0,
) -> str:
    context = {
        "kind": kind,
        "drawing": drawing,
        "title": words.title,
        "desc": words.desc,
        "unit": words.unit,
        "places": words.places,
        "note": words.note,
        "cells": cells,
        "id": kind,
        "plain": True,
        "map_width": map_width,
        "width": WIDTH,
        "inner_width": WIDTH - 2 * MARGIN,
        "inner_height": height,
        "margin": MARGIN,
        "top": HEADING,
        "cell_width": CELL_WIDTH,
        "legend_lines": [HEADING + height + LEGEND_LINE * (place + 1) for place in range(legend)],
        "foot": HEADING + height + LEGEND_LINE * legend + FOOT - 8,
        "height": HEADING + height + LEGEND_LINE * legend + FOOT,
    }
    return render_to_string("ui/drawings/sheet.svg", context)
