"""Where the marks of a line chart go. Across in percent of the width, so that words keep their size on a phone."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import ceil, floor, log10

from hieuhoc.foundation.ui.charts.bars import Number

LEFT, RIGHT = 13.0, 93.0  # percent: left of it stand the numbers of the axis
TOP, BOTTOM = 26, 34  # pixels above and below the lines
STYLES = 5  # as many sorts of line as the style sheet knows; each has its colour, its dashes and its mark
MOST_LABELS = 5


@dataclass(frozen=True)
class Series:
    """One line: a number for each label, None where it is not known; `forecast` holds those that are expected."""

    name: str
    values: Sequence[Number | None]
    forecast: Sequence[Number | None] = ()
    url: str = ""

    @property
    def known(self) -> list[Number]:
        """Every number of the line, forecasts among them."""
        return [value for value in (*self.values, *self.forecast) if value is not None]


@dataclass(frozen=True)
class Stroke:
    """A straight piece from one known number to the next; `x` in percent, `y` in pixels."""

    x1: str
    y1: str
    x2: str
    y2: str
    is_forecast: bool = False


@dataclass(frozen=True)
class Mark:
    """A number on the line."""

    x: str
    y: str
    label: str
    value: Number
    is_forecast: bool = False


@dataclass(frozen=True)
class Line:
    """A series as it is drawn: style 1 to `STYLES`."""

    name: str
    style: int
    strokes: tuple[Stroke, ...]
    marks: tuple[Mark, ...]
    url: str = ""


@dataclass(frozen=True)
class Tick:
    """A number of the axis, at `y` pixels from the top, or a label at `x` percent from the left."""

    at: str
    label: str = ""
    value: Number = 0


@dataclass(frozen=True)
class LineDrawing:
    """Everything that the template draws, and the table beside it: for each label the numbers of all series."""

    height: int
    lines: tuple[Line, ...]
    levels: tuple[Tick, ...]
    labels: tuple[Tick, ...]
    target: Number | None = None
    target_y: str = ""
    table: tuple[tuple[str, tuple[tuple[Number | None, bool], ...]], ...] = field(default=())
    baseline: int = 0

    @property
    def places(self) -> int:
        """How many decimals the numbers of the axis need."""
        return max((len(_written(level.value, 3).partition(".")[2]) for level in self.levels), default=0)

    @property
    def radius(self) -> int:
        """Of the marks, in pixels: smaller where they are many."""
        return 3 if len(self.table) > 24 else 4

    @property
    def has_forecast(self) -> bool:
        """Whether any number is expected rather than known."""
        return any(mark.is_forecast for line in self.lines for mark in line.marks)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is known."""
        return not any(line.marks for line in self.lines)


def nice_ticks(low: float, high: float, *, most: int = 5, whole: bool = False) -> tuple[float, ...]:
    """Round numbers that span from `low` to `high`: steps of 1, 2, 2,5 or 5 times a power of ten.

    Example:
        >>> nice_ticks(0, 87), nice_ticks(93.2, 98.6), nice_ticks(0, 2, whole=True)
        ((0.0, 20.0, 40.0, 60.0, 80.0, 100.0), (92.0, 94.0, 96.0, 98.0, 100.0), (0.0, 1.0, 2.0))
    """
    if high - low < 1e-4:
        high = low + (abs(low) if abs(low) > 1e-3 else 1)
    rough = (high - low) / most
    power = 10.0 ** floor(log10(rough))
    step = next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= rough * 0.999)
    if whole:
        step = max(1.0, float(ceil(step)))
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return tuple(round(place * step, 10) for place in range(first, last + 1))


def _written(length: Number, places: int = 1) -> str:
    return f"{length:.{places}f}".rstrip("0").rstrip(".")


def line_drawing(
    labels: Sequence[str], series: Sequence[Series], *, target: Number | None = None, height: int = 260
) -> LineDrawing:
    """Lay out one or several lines over the same labels.

    An unknown number is a gap. The axis begins at nought unless all numbers lie close together far above it.

    Units: `height` in pixels.

    Example:
        >>> drawing = line_drawing(["2019", "2020"], [Series("Kiên Giang", [10, 20])])
        >>> [(stroke.x1, stroke.y1, stroke.x2, stroke.y2) for stroke in drawing.lines[0].strokes]
        [('13%', '126', '93%', '26')]
    """
    known = [float(value) for one in series for value in one.known] + ([float(target)] if target is not None else [])
    whole = all(isinstance(value, int) for one in series for value in one.known)
    levels = _levels(known, whole=whole)
    low, high = levels[0], levels[-1]

    def across(place: int) -> str:
        return f"{_written(LEFT + (RIGHT - LEFT) * (place / (len(labels) - 1) if len(labels) > 1 else 0.5))}%"

    def down(value: Number) -> str:
        return _written(TOP + (height - TOP - BOTTOM) * (1 - (float(value) - low) / (high - low)))

    lines = []
    for place, one in enumerate(series):
        marks = tuple(
            Mark(across(at), down(value), labels[at], value, is_forecast)
            for at, value, is_forecast in _placed(one, len(labels))
            if value is not None
        )
        lines.append(Line(one.name, place % STYLES + 1, _strokes(one, len(labels), across, down), marks, one.url))
    return LineDrawing(
        height=height,
        lines=tuple(lines),
        levels=tuple(Tick(down(level), value=int(level) if whole else level) for level in levels),
        labels=_labels(labels, across),
        target=target,
        target_y="" if target is None else down(target),
        table=tuple(
            (label, tuple((_at(one.values, at, one.forecast), _is_expected(one, at)) for one in series))
            for at, label in enumerate(labels)
        ),
        baseline=height - BOTTOM,
    )


def _levels(known: Sequence[float], *, whole: bool) -> tuple[float, ...]:
    if not known:
        return (0.0, 1.0)
    low, high = min(known), max(known)
    if low >= 0 and high - low > 0.25 * high:
        low = 0.0
    return nice_ticks(low, high, whole=whole)


def _is_expected(one: Series, at: int) -> bool:
    has_value = at < len(one.values) and one.values[at] is not None
    return not has_value and at < len(one.forecast) and one.forecast[at] is not None


def _at(values: Sequence[Number | None], at: int, otherwise: Sequence[Number | None] = ()) -> Number | None:
    found = values[at] if at < len(values) else None
    return found if found is not None else (otherwise[at] if at < len(otherwise) else None)


def _placed(one: Series, count: int) -> list[tuple[int, Number | None, bool]]:
    return [(at, _at(one.values, at, one.forecast), _is_expected(one, at)) for at in range(count)]


def _strokes(
    one: Series, count: int, across: Callable[[int], str], down: Callable[[Number], str]
) -> tuple[Stroke, ...]:
    found: list[Stroke] = []
    before: tuple[int, Number] | None = None
    for at, value, is_forecast in _placed(one, count):
        if value is None:
            # A forecast is joined to the last known number, however far away; between known numbers a gap stays a gap.
            before = before if before and _only_forecast_follows(one, at) else None
            continue
        if before:
            found.append(Stroke(across(before[0]), down(before[1]), across(at), down(value), is_forecast))
        before = (at, value)
    return tuple(found)


def _only_forecast_follows(one: Series, at: int) -> bool:
    return all(value is None for value in one.values[at:])


def _labels(labels: Sequence[str], across: Callable[[int], str]) -> tuple[Tick, ...]:
    """At most `MOST_LABELS` of the labels: the last, and others at even steps before it."""
    step = max(1, ceil(len(labels) / MOST_LABELS))
    shown = range(len(labels) - 1, -1, -step)
    return tuple(Tick(across(at), labels[at]) for at in reversed(shown))


# ---- small multiples ------------------------------------------------------------------------------------------

CELL_HEIGHT = 56


@dataclass(frozen=True)
class Cell:
    """One of many small lines: its last known number and where its marks go."""

    name: str
    url: str
    last: Number | None
    last_label: str
    strokes: tuple[Stroke, ...]
    end: Mark | None
    alone: tuple[Mark, ...]
    target_y: str
    values: tuple[Number | None, ...]


@dataclass(frozen=True)
class Multiples:
    """Small lines, all on one scale from `low` to `high`, so that they may be held against each other."""

    labels: tuple[str, ...]
    cells: tuple[Cell, ...]
    low: Number
    high: Number
    target: Number | None = None
    height: int = CELL_HEIGHT


def multiples(labels: Sequence[str], series: Sequence[Series], *, target: Number | None = None) -> Multiples:
    """Lay out one small line for each series; an unknown number is a gap."""
    known = [float(value) for one in series for value in one.known] + ([float(target)] if target is not None else [])
    levels = _levels(known, whole=False)
    low, high = levels[0], levels[-1]

    def across(place: int) -> str:
        return f"{_written(3 + 94 * (place / (len(labels) - 1) if len(labels) > 1 else 0.5))}%"

    def down(value: Number) -> str:
        return _written(4 + (CELL_HEIGHT - 8) * (1 - (float(value) - low) / (high - low)))

    cells = []
    for one in series:
        placed = [(at, value) for at, value in enumerate(one.values) if value is not None]
        end = Mark(across(placed[-1][0]), down(placed[-1][1]), labels[placed[-1][0]], placed[-1][1]) if placed else None
        cells.append(
            Cell(
                name=one.name,
                url=one.url,
                last=end.value if end else None,
                last_label=end.label if end else "",
                strokes=_strokes(one, len(labels), across, down),
                end=end,
                alone=tuple(
                    Mark(across(at), down(value), labels[at], value)
                    for at, value in placed
                    if not {at - 1, at + 1} & {place for place, _value in placed}
                ),
                target_y="" if target is None else down(target),
                values=tuple(one.values),
            )
        )
    return Multiples(tuple(labels), tuple(cells), _plain(low), _plain(high), target)


def _plain(value: float) -> Number:
    return int(value) if value.is_integer() else value
