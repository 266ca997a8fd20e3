"""Tables drawn with lines: from edges to cells to a full grid. Unruled tables are left as lines of text."""

from bisect import bisect
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

from hieuhoc.engines.reader.loading.pages import Edge, Page

_SNAP = 3.0  # points within which two edges are one
_SHORTEST = 6.0  # points; shorter strokes are no border
_MOST_EDGES = 600  # after merging; a page of a table has some dozens


@dataclass(frozen=True)
class Box:
    """A cell: its place in the grid, how far it reaches (exclusive), and its sides on the page."""

    row: int
    column: int
    row_end: int
    column_end: int
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True)
class Grid:
    """A table on one page."""

    boxes: tuple[Box, ...]
    rows: int
    columns: int
    x0: float
    top: float
    x1: float
    bottom: float
    uprights: tuple[float, ...]
    levels: tuple[float, ...]

    def box_at(self, x: float, y: float) -> Box | None:
        """The cell around a point; None where the table has a hole."""
        return self._covered.get((bisect(self.levels, y) - 1, bisect(self.uprights, x) - 1))

    @cached_property
    def _covered(self) -> dict[tuple[int, int], Box]:
        return {
            (row, column): box
            for box in self.boxes
            for row in range(box.row, min(box.row_end, self.rows))
            for column in range(box.column, min(box.column_end, self.columns))
        }

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies inside the table."""
        return self.x0 - 1 <= x <= self.x1 + 1 and self.top - 1 <= y <= self.bottom + 1


def find_grids(page: Page) -> list[Grid]:
    """The ruled tables of a page with at least two rows and two columns, from the top."""
    if len(page.edges) < 6:
        return []
    edges: list[Any] = merge_edges([_plain(edge) for edge in page.edges], _SNAP, _SNAP, _SNAP, _SNAP)
    edges = [edge for edge in edges if max(edge["width"], edge["height"]) >= _SHORTEST]
    if not 6 <= len(edges) <= _MOST_EDGES:
        return []
    cells = intersections_to_cells(edges_to_intersections(edges, _SNAP, _SNAP))
    grids = [_grid(group) for group in cells_to_tables(cells)]
    return sorted((grid for grid in grids if grid.rows > 1 and grid.columns > 1), key=lambda grid: grid.top)


def _plain(edge: Edge) -> dict[str, Any]:
    level = edge.x1 - edge.x0 >= edge.bottom - edge.top
    return {
        "x0": edge.x0,
        "x1": edge.x1,
        "top": edge.top,
        "bottom": edge.top if level else edge.bottom,
        "width": edge.x1 - edge.x0,
        "height": edge.bottom - edge.top,
        "orientation": "h" if level else "v",
        "object_type": "line",
    }


def _grid(cells: list[tuple[float, float, float, float]]) -> Grid:
    xs = _apart([cell[0] for cell in cells] + [cell[2] for cell in cells])
    ys = _apart([cell[1] for cell in cells] + [cell[3] for cell in cells])
    boxes = []
    for x0, top, x1, bottom in sorted(cells, key=lambda cell: (cell[1], cell[0])):
        row, column = _place(ys, top), _place(xs, x0)
        row_end, column_end = max(row + 1, _place(ys, bottom)), max(column + 1, _place(xs, x1))
        boxes.append(Box(row, column, row_end, column_end, x0, top, x1, bottom))
    return Grid(tuple(boxes), len(ys) - 1, len(xs) - 1, xs[0], ys[0], xs[-1], ys[-1], tuple(xs), tuple(ys))


def _apart(places: list[float]) -> list[float]:
    kept: list[float] = []
    for place in sorted(places):
        if not kept or place - kept[-1] > _SNAP:
            kept.append(place)
    return kept


def _place(places: list[float], value: float) -> int:
    return min(range(len(places)), key=lambda index: abs(places[index] - value))
