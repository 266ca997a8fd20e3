"""Where the marks of bars and sparklines go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

Number = int | float | Decimal

ROW_HEIGHT = 48
GAP_HEIGHT = 24  # of a row's own line above it that says how many are left out
BAR_HEIGHT = 16
FULL_LENGTH = 84  # percent of the drawing's width, so that the number still fits behind the longest bar


@dataclass(frozen=True)
class Bar:
    """One bar with its words.

    Units: `label_y` and `y` in pixels from the top; `width` and `target_x` in percent of the drawing's width,
    so that the words keep their size on a phone. `leaves_out` rows stand between this one and the one above.
    """

    label: str
    value: Number | None
    target: Number | None
    url: str
    label_y: int
    y: int
    value_y: int
    width: str
    target_x: str
    is_own: bool = False
    leaves_out: int = 0


@dataclass(frozen=True)
class BarDrawing:
    bars: tuple[Bar, ...]
    height: int
    bar_height: int = BAR_HEIGHT

    @property
    def has_targets(self) -> bool:
        return any(bar.target is not None for bar in self.bars)


def _written(length: float) -> str:
    return f"{length:.1f}".rstrip("0").rstrip(".")


def bar_drawing(rows: Sequence[Mapping[str, Any]]) -> BarDrawing:
    """Lay out horizontal bars from nought to the greatest value or target; an unknown value draws no bar.

    A row has a label and a value (or None), and if wanted target, url, is_own and leaves_out.

    Example:
        >>> drawing = bar_drawing([{"label": "Xã A", "value": 5}, {"label": "Xã B", "value": 10}])
        >>> [bar.width for bar in drawing.bars], drawing.height
        (['42%', '84%'], 96)
    """
    known = [float(row[key]) for row in rows for key in ("value", "target") if row.get(key) is not None]
    greatest = max(known, default=0) or 1
    bars, top = [], 0
    for row in rows:
        value, target = row.get("value"), row.get("target")
        top += GAP_HEIGHT if row.get("leaves_out") else 0
        bars.append(
            Bar(
                label=str(row["label"]),
                value=value,
                target=target,
                url=str(row.get("url") or ""),
                label_y=top + 16,
                y=top + 23,
                value_y=top + 36,
                width=f"{_written(FULL_LENGTH * float(value or 0) / greatest)}%",
                is_own=bool(row.get("is_own")),
                leaves_out=int(row.get("leaves_out") or 0),
                target_x="" if target is None else f"{_written(FULL_LENGTH * float(target) / greatest)}%",
            )
        )
        top += ROW_HEIGHT
    return BarDrawing(bars=tuple(bars), height=top)


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
        strokes[-1].append(f"{_written(2 + place * step)},{_written(height - 2 - level * (height - 4))}")
    return tuple(" ".join(stroke) for stroke in strokes if stroke)
