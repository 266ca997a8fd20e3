"""Where the marks of a chart go: numbers in, coordinates out. The drawing itself is in the templates."""

from hieuhoc.foundation.ui.charts.bars import ROW_HEIGHT, Bar, BarDrawing, Number, bar_drawing, sparkline_points
from hieuhoc.foundation.ui.charts.lines import LineDrawing, Multiples, Series, line_drawing, multiples, nice_ticks
from hieuhoc.foundation.ui.charts.maps import MapDrawing, MapUnit, Tile, map_drawing
from hieuhoc.foundation.ui.charts.ranking import Ranked, excerpt, ranking, ranking_bars
from hieuhoc.foundation.ui.charts.shapes import (
    MOST_OCTETS,
    Feature,
    Ring,
    Shapes,
    read_boundaries,
    shapes_of,
    simplified,
)
from hieuhoc.foundation.ui.charts.steps import Step, Steps, quantile_steps
from hieuhoc.foundation.ui.charts.tiles import tile_grid

__all__ = [
    "MOST_OCTETS",
    "ROW_HEIGHT",
    "Bar",
    "BarDrawing",
    "Feature",
    "LineDrawing",
    "MapDrawing",
    "MapUnit",
    "Multiples",
    "Number",
    "Ranked",
    "Ring",
    "Series",
    "Shapes",
    "Step",
    "Steps",
    "Tile",
    "bar_drawing",
    "excerpt",
    "line_drawing",
    "map_drawing",
    "multiples",
    "nice_ticks",
    "quantile_steps",
    "ranking",
    "ranking_bars",
    "read_boundaries",
    "shapes_of",
    "simplified",
    "sparkline_points",
    "tile_grid",
]
