"""A chart as strokes on paper: where each bar, line and word stands, for a PDF.

Units: millimetres from the upper left corner; sizes of type in points.
"""

import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from hieuhoc.engines.writer.charts import COLORS, decimals, is_labelled, plotted, unit_of
from hieuhoc.engines.writer.paper import Chart
from hieuhoc.engines.writer.texts import clean
from hieuhoc.engines.writer.widths import lines_in, width_mm
from hieuhoc.kernel.vietnamese import write_number

_TITLE, _SMALL, _TINY = 13.0, 11.0, 10.0
_ROW = 4.6  # a line of small type
_GREY, _LIGHT = "7F7F7F", "D9D9D9"


@dataclass(frozen=True)
class Stroke:
    """A line through points; `wide` in points."""

    points: tuple[tuple[float, float], ...]
    color: str
    wide: float
    kind: str = "stroke"


@dataclass(frozen=True)
class Bar:
    """A filled rectangle: a bar, a sign in the legend."""

    x: float
    y: float
    width: float
    height: float
    color: str
    kind: str = "bar"


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    radius: float
    color: str
    kind: str = "dot"


@dataclass(frozen=True)
class Label:
    """Words at a point: it is their left end, middle or right end (`anchor`); `turned` reads upwards."""

    x: float
    y: float
    text: str
    size: float
    anchor: str = "center"
    bold: bool = False
    turned: bool = False
    kind: str = "label"


Mark = Stroke | Bar | Dot | Label


def drawn(chart: Chart, width: float) -> list[dict[str, Any]]:
    """The marks of a chart, as plain values."""
    return [asdict(mark) for mark in _Drawing(chart, width).marks()]


class _Drawing:
    """The rooms of a chart: title above, values at the left, labels and legend below, bars between."""

    def __init__(self, chart: Chart, width: float) -> None:
        self.chart, self.width, self.height = chart, width, float(chart.height_mm)
        values = [plotted(value) for one in chart.series for value in one.values if value is not None]
        self.low, self.high, self.step = scale(values, touches_zero=chart.kind == "bar", is_whole=decimals(chart) == 0)
        self.places = max(decimals(chart) if self.step < 1 else 0, _places(self.step))
        self.title = _wrapped(clean(chart.title), width - 10, size=_TITLE, bold=True)
        self.legend = _legend_rows(chart, width) if len(chart.series) > 1 else []
        ticks = max((width_mm(self._written(tick), size=_SMALL) for tick in self._ticks()), default=0.0)
        unit = unit_of(chart)
        self.left = ticks + 3 + (6 if unit else 1)
        self.right = width - 3
        self.top = 2.5 + 5.6 * len(self.title) + (5 if is_labelled(chart) else 2)
        self.slot = (self.right - self.left) / len(chart.labels)
        self.turned = any(width_mm(line, size=_TINY) > self.slot - 1 for label in self._wrapped() for line in label)
        longest = max((width_mm(clean(label), size=_TINY) for label in chart.labels), default=0.0)
        below = min(longest, self.height * 0.3) if self.turned else _ROW * max(len(lines) for lines in self._wrapped())
        self.bottom = self.height - below - 3 - (_ROW + 1) * len(self.legend)
        self.below = below

    def marks(self) -> Iterator[Mark]:
        for place, line in enumerate(self.title):
            yield Label(self.width / 2, 4 + 5.6 * place, line, _TITLE, bold=True)
        yield from self._axis()
        yield from self._bars() if self.chart.kind == "bar" else self._lines()
        zero = self._y(min(max(Decimal(0), self.low), self.high))
        yield Stroke(((self.left, zero), (self.right, zero)), _GREY, 0.75)
        yield from self._labels()
        yield from self._legend()

    def _y(self, value: Decimal) -> float:
        share = float((value - self.low) / (self.high - self.low))
        return self.bottom - share * (self.bottom - self.top)

    def _ticks(self) -> list[Decimal]:
        count = int((self.high - self.low) / self.step)
        return [self.low + self.step * place for place in range(count + 1)]

    def _written(self, value: Decimal) -> str:
        return write_number(value, places=self.places)

    def _axis(self) -> Iterator[Mark]:
        for tick in self._ticks():
            y = self._y(tick)
            yield Stroke(((self.left, y), (self.right, y)), _LIGHT, 0.5)
            yield Label(self.left - 1.5, y, self._written(tick), _SMALL, "right")
        if unit := unit_of(self.chart):
            yield Label(3, (self.top + self.bottom) / 2, unit.replace("\n", " "), _SMALL, turned=len(unit) > 4)

    def _bars(self) -> Iterator[Mark]:
        count = len(self.chart.series)
        bar = self.slot * 0.72 / count
        zero = self._y(min(max(Decimal(0), self.low), self.high))
        for rank, one in enumerate(self.chart.series):
            for place, value in enumerate(one.values):
                if value is None:
                    continue
                x = self.left + self.slot * (place + 0.14) + bar * rank
                y = self._y(plotted(value))
                yield Bar(x, min(y, zero), bar * 0.96, abs(y - zero), COLORS[rank])
                if is_labelled(self.chart):
                    above = y - 2.4 if y <= zero else y + 2.4
                    yield Label(x + bar * 0.48, above, self._value(plotted(value)), _TINY)

    def _lines(self) -> Iterator[Mark]:
        for rank, one in enumerate(self.chart.series):
            run: list[tuple[float, float]] = []
            for place, value in enumerate((*one.values, None)):
                if value is not None:
                    run.append((self.left + self.slot * (place + 0.5), self._y(plotted(value))))
                    continue
                if len(run) > 1:
                    yield Stroke(tuple(run), COLORS[rank], 2)
                for x, y in run:
                    yield Dot(x, y, 0.9, COLORS[rank])
                run = []
            if is_labelled(self.chart):
                for place, value in enumerate(one.values):
                    if value is not None:
                        x, y = self.left + self.slot * (place + 0.5), self._y(plotted(value))
                        yield Label(x, y - 3, self._value(plotted(value)), _TINY)

    def _value(self, value: Decimal) -> str:
        return write_number(value, places=decimals(self.chart))

    def _wrapped(self) -> list[list[str]]:
        return [_wrapped(clean(label), self.slot - 1, size=_TINY)[:3] for label in self.chart.labels]

    def _labels(self) -> Iterator[Mark]:
        every = max(1, math.ceil(3.8 / self.slot))
        for place, lines in enumerate(self._wrapped()):
            x = self.left + self.slot * (place + 0.5)
            if self.turned:
                if place % every == 0:
                    text = _cut(clean(self.chart.labels[place]).replace("\n", " "), self.below, size=_TINY)
                    yield Label(x, self.bottom + 1.5, text, _TINY, "right", turned=True)
                continue
            for row, line in enumerate(lines):
                yield Label(x, self.bottom + 3.2 + row * _ROW, line, _TINY)

    def _legend(self) -> Iterator[Mark]:
        y = self.height - 2.5 - (_ROW + 1) * (len(self.legend) - 1)
        for row in self.legend:
            x = (self.width - sum(length for _, _, length in row)) / 2
            for rank, name, length in row:
                yield Bar(x, y - 1.3, 4, 2.6, COLORS[rank])
                yield Label(x + 5.5, y, name, _SMALL, "left")
                x += length
            y += _ROW + 1


def _legend_rows(chart: Chart, width: float) -> list[list[tuple[int, str, float]]]:
    rows: list[list[tuple[int, str, float]]] = [[]]
    used = 0.0
    for rank, one in enumerate(chart.series):
        name = _cut(clean(one.name).replace("\n", " "), width - 15, size=_SMALL)
        length = width_mm(name, size=_SMALL) + 11
        if rows[-1] and used + length > width:
            rows.append([])
            used = 0.0
        rows[-1].append((rank, name, length))
        used += length
    return rows


def scale(values: list[Decimal], *, touches_zero: bool, is_whole: bool = False) -> tuple[Decimal, Decimal, Decimal]:
    """The lowest and highest value of an axis and the step between its marks: eight at most, of round numbers.

    Example:
        >>> [str(n) for n in scale([Decimal(12), Decimal(45)], touches_zero=True)]
        ['0', '50', '10']
        >>> [str(n) for n in scale([Decimal("97.1"), Decimal("98.9")], touches_zero=False)]
        ['97.0', '99.0', '0.5']
    """
    low, high = min(values, default=Decimal(0)), max(values, default=Decimal(1))
    if touches_zero:
        low, high = min(low, Decimal(0)), max(high, Decimal(0))
    if low == high:  # one value, or the same everywhere: seen against zero
        low, high = min(low, Decimal(0)), max(high, Decimal(0)) or Decimal(1)
    rough = max((high - low) / 6, Decimal(is_whole))
    ten = Decimal(10) ** rough.adjusted()
    step = next(ten * times for times in (1, 2, 5, 10) if ten * times >= rough)
    least = (low / step).to_integral_value(rounding="ROUND_FLOOR") * step
    most = (high / step).to_integral_value(rounding="ROUND_CEILING") * step
    return least, most, step


def _places(step: Decimal) -> int:
    exponent = step.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _wrapped(text: str, room: float, *, size: float, bold: bool = False) -> list[str]:
    """The lines of a text in a given width; a word that is longer stays whole."""
    lines: list[str] = []
    for given in text.split("\n"):
        line = ""
        for word in given.split(" "):
            longer = f"{line} {word}" if line else word
            if line and lines_in(longer, room, size=size, bold=bold) > 1:
                lines.append(line)
                line = word
            else:
                line = longer
        lines.append(line)
    return lines


def _cut(text: str, room: float, *, size: float) -> str:
    if width_mm(text, size=size) <= room:
        return text
    while text and width_mm(f"{text}…", size=size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"
