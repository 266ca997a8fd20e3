"""Where the marks of a chart go: numbers in, coordinates out. The drawing itself is in the templates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Number = int | float | Decimal

ROW_HEIGHT = 34
LABEL_WIDTH = 200
VALUE_WIDTH = 84
WIDTH = 640


@dataclass(frozen=True)
class Bar:
    """One bar with its words. Units: lengths in the drawing's own points, written as SVG wants them."""

    label: str
    value: Number | None
    target: Number | None
    url: str
    y: str
    text_y: str
    width: str
    value_x: str
    target_x: str


@dataclass(frozen=True)
class BarDrawing:
    bars: tuple[Bar, ...]
    height: int
    width: int = WIDTH
    left: int = LABEL_WIDTH
    bar_height: int = ROW_HEIGHT - 14


def _points(length: float) -> str:
    return f"{length:.1f}".rstrip("0").rstrip(".")


def bar_drawing(rows: Sequence[Mapping[str, Any]]) -> BarDrawing:
    """Lay out horizontal bars from nought to the greatest value or target; an unknown value draws no bar.

    Example:
        >>> drawing = bar_drawing([{"label": "Xã A", "value": 5}, {"label": "Xã B", "value": 10}])
        >>> [bar.width for bar in drawing.bars], drawing.height
        (['178', '356'], 68)
    """
    known = [float(row[key]) for row in rows for key in ("value", "target") if row.get(key) is not None]
    greatest = max(known, default=0) or 1
    room = WIDTH - LABEL_WIDTH - VALUE_WIDTH
    bars = []
    for place, row in enumerate(rows):
        value, target = row.get("value"), row.get("target")
        length = room * float(value or 0) / greatest
        bars.append(
            Bar(
                label=str(row["label"]),
                value=value,
                target=target,
                url=str(row.get("url") or ""),
                y=_points(place * ROW_HEIGHT + 7),
                text_y=_points(place * ROW_HEIGHT + ROW_HEIGHT / 2 + 5),
                width=_points(length),
                value_x=_points(LABEL_WIDTH + length + 8),
                target_x="" if target is None else _points(LABEL_WIDTH + room * float(target) / greatest),
            )
        )
    return BarDrawing(bars=tuple(bars), height=len(rows) * ROW_HEIGHT)


def sparkline_points(values: Sequence[Number | None], *, width: int = 96, height: int = 28) -> tuple[str, ...]:
    """The strokes of a sparkline: one polyline for each unbroken run, so that an unknown value is a gap.

    Example:
        >>> sparkline_points([0, 10, None, 5, 10])
        ('2,26 25,2', '71,14 94,2')
    """
    known = [float(value) for value in values if value is not None]
    if not known:
        return ()
    low, high = min(known), max(known)
    span = (high - low) or 1
    step = (width - 4) / max(len(values) - 1, 1)
    strokes: list[list[str]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            strokes.append([])
            continue
        level = 0.5 if high == low else (float(value) - low) / span
        strokes[-1].append(f"{_points(2 + place * step)},{_points(height - 2 - level * (height - 4))}")
    return tuple(" ".join(stroke) for stroke in strokes if stroke)
