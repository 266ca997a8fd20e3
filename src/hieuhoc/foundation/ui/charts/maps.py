"""A map of values by unit: on tiles that keep the neighbourhood, or on real shapes where there are any."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hieuhoc.foundation.ui.charts.bars import Number
from hieuhoc.foundation.ui.charts.shapes import Shapes
from hieuhoc.foundation.ui.charts.steps import Steps, quantile_steps
from hieuhoc.foundation.ui.charts.tiles import Place, tile_grid

TILE, GAP = 58, 3  # the side of a tile, and between two, in the drawing's own units
LINE_LENGTH = 9  # letters that fit a tile
HATCH = 6  # the side of the pattern of what is not known


@dataclass(frozen=True)
class MapUnit:
    """A unit with its value; `short` is its name without the word for its kind."""

    key: str
    label: str
    short: str
    value: Number | None
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Tile:
    """A unit on the map: `step` 1 to 5, 0 where its value is not known; `path` is empty on a tile."""

    unit: MapUnit
    step: int
    x: int
    y: int
    lines: tuple[str, ...]
    path: str = ""
    is_own: bool = False

    @property
    def middle(self) -> int:
        """Where the words of a tile are centred."""
        return self.x + TILE // 2


@dataclass(frozen=True)
class MapDrawing:
    """What the template draws: tiles (or shapes), those without a place in a row beneath, and the steps."""

    width: int
    height: int
    tiles: tuple[Tile, ...]
    steps: Steps
    beside: int = 0  # how many tiles stand in the row beneath, their place not being known
    is_real: bool = False
    side: int = TILE
    hatch: int = HATCH

    @property
    def is_empty(self) -> bool:
        """Whether there is no unit at all."""
        return not self.tiles


def map_drawing(
    units: Sequence[MapUnit],
    points: Mapping[str, Place],
    *,
    shapes: Shapes | None = None,
    own: str = "",
    steps: Steps | None = None,
) -> MapDrawing:
    """Every unit once, coloured by its step; two maps that are to be compared share one scale, `steps`.

    `points` are latitude and longitude. With `shapes`, units that have none stand in the row beneath, as units
    without a point do on tiles.
    """
    values = [unit.value for unit in units]
    scale = steps.counting(values) if steps else quantile_steps(values)
    if shapes and any(unit.key in shapes.paths for unit in units):
        placed = [unit for unit in units if unit.key in shapes.paths]
        tiles = sorted((_shape(unit, shapes, scale, own) for unit in placed), key=lambda tile: tile.is_own)
        width, height = shapes.width, shapes.height
    else:
        shapes = None
        grid = tile_grid({unit.key: points[unit.key] for unit in units if unit.key in points})
        placed = [unit for unit in units if unit.key in grid]
        tiles = [_tile(unit, grid[unit.key], scale, own) for unit in placed]
        width = max((tile.x + TILE + GAP for tile in tiles), default=0)
        height = max((tile.y + TILE + GAP for tile in tiles), default=0)
    known = {unit.key for unit in placed}
    others = [unit for unit in units if unit.key not in known]
    across = max(1, (width or (TILE + GAP) * 10) // (TILE + GAP))
    top = -(-height // (TILE + GAP)) + (1 if height and others else 0)
    for at, unit in enumerate(others):
        tiles.append(_tile(unit, (top + at // across, at % across), scale, own))
    return MapDrawing(
        width=max(width, min(len(others), across) * (TILE + GAP)),
        height=max((tile.y + TILE + GAP for tile in tiles if not tile.path), default=height) if others else height,
        tiles=tuple(tiles),
        steps=scale,
        beside=len(others),
        is_real=shapes is not None,
    )


def _tile(unit: MapUnit, cell: tuple[int, int], steps: Steps, own: str) -> Tile:
    row, column = cell
    x, y = column * (TILE + GAP), row * (TILE + GAP)
    return Tile(unit, steps.of(unit.value), x, y, name_lines(unit.short), is_own=unit.key == own)


def _shape(unit: MapUnit, shapes: Shapes, steps: Steps, own: str) -> Tile:
    x, y = shapes.middles[unit.key]
    return Tile(unit, steps.of(unit.value), x, y, (), shapes.paths[unit.key], unit.key == own)


def name_lines(name: str) -> tuple[str, ...]:
    """A name in at most two short lines; what is too long keeps its first letters and its last word.

    Example:
        >>> name_lines("Thạnh Hưng"), name_lines("Vĩnh Thanh Vân"), name_lines("An")
        (('Thạnh', 'Hưng'), ('Vĩnh', 'T. Vân'), ('An',))
    """
    words = name.split()
    if len(words) < 2:
        return (name[:LINE_LENGTH],)
    rest = " ".join(words[1:])
    if len(rest) > LINE_LENGTH - 1 and len(words) > 2:
        rest = " ".join([*(f"{word[0]}." for word in words[1:-1]), words[-1]])
    return words[0][:LINE_LENGTH], rest[: LINE_LENGTH + 2]
