"""A chart as Word's own: a DrawingML part that can be edited, with the workbook that holds its figures."""

import io
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

import xlsxwriter
from lxml import etree

from hieuhoc.engines.writer.paper import Amount, Chart, Series
from hieuhoc.engines.writer.texts import cell_text, clean, percent_of, places_of
from hieuhoc.engines.writer.wordml import Element, xml_bytes

COLORS = ("1F4E79", "C55A11", "7F7F7F", "2E8B57", "9DC3E6", "7030A0", "BF9000", "404040")
"""Apart from one another in lightness too, so that they can be told on a black and white print."""

_C = "http://schemas.openxmlformats.org/drawingml/2006/chart"
_A = "http://schemas.openxmlformats.org/drawingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET = "'Số liệu'"
_CATEGORIES, _VALUES = "111111111", "222222222"
_FONT = "Times New Roman"
_LABELLED = 12  # so many bars or points at most have their value written at them


def unit_of(chart: Chart) -> str:
    """What the values are counted in."""
    return clean(chart.unit) or ("%" if is_share(chart) else "")


def is_share(chart: Chart) -> bool:
    return any(isinstance(value, Fraction) for one in chart.series for value in one.values)


def is_labelled(chart: Chart) -> bool:
    """Whether there is room for the values beside their marks."""
    return len(chart.series) * len(chart.labels) <= _LABELLED and (chart.kind == "bar" or len(chart.series) == 1)


def alternative(chart: Chart) -> str:
    """What is to be seen on the chart, in words.

    Example:
        >>> alternative(Chart("Số lớp", ("2024", "2025"), (Series("Tỉnh", (5, None)),)))
        'Biểu đồ cột: Số lớp. Tỉnh: 2024: 5; 2025: không có số liệu.'
    """
    if chart.alt.strip():
        return clean(chart.alt).strip()
    unit = unit_of(chart)
    kind = "cột" if chart.kind == "bar" else "đường"
    title = f"Biểu đồ {kind}: {clean(chart.title).strip()}" + (f" ({unit})" if unit and unit != "%" else "")
    rows = []
    for one in chart.series:
        pairs = zip(chart.labels, one.values, strict=True)
        told = "; ".join(
            f"{clean(label)}: {'không có số liệu' if value is None else cell_text(value)}" for label, value in pairs
        )
        rows.append(f"{clean(one.name)}: {told}")
    return f"{title}. {'. '.join(rows)}."


def plotted(value: Amount) -> Decimal:
    """The length of a bar: shares in percent."""
    return percent_of(value) if isinstance(value, Fraction) else Decimal(value)


def decimals(chart: Chart) -> int:
    """How many decimals the values of a chart are written with."""
    values = [plotted(value) for one in chart.series for value in one.values if value is not None]
    return min(4, max((places_of(value) for value in values), default=0))


# ---- the part of the chart ----------------------------------------------------------------------------


def chart_part(chart: Chart, workbook: str) -> bytes:
    """The part of a chart; `workbook` is the relation that leads to its figures."""
    whole = etree.Element(f"{{{_C}}}chartSpace", nsmap={"c": _C, "a": _A, "r": _R})
    pattern = "#,##0" + ("." + "0" * decimals(chart) if decimals(chart) else "")
    several = len(chart.series) > 1
    shown = _c(
        "chart",
        _title(clean(chart.title), 1300, bold=True),
        _c("autoTitleDeleted", val=0),
        _c("plotArea", _c("layout"), _plot(chart, pattern), *_axes(chart, pattern)),
        *([_c("legend", _c("legendPos", val="b"), _c("overlay", val=0), _type(1100))] if several else []),
        _c("plotVisOnly", val=1),
        _c("dispBlanksAs", val="gap"),
    )
    data = _c("externalData", _c("autoUpdate", val=0))
    data.set(f"{{{_R}}}id", workbook)
    plain = _c("spPr", _a("solidFill", _a("srgbClr", val="FFFFFF")), _a("ln", _a("noFill")))
    whole.extend(
        (_c("date1904", val=0), _c("lang", val="vi-VN"), _c("roundedCorners", val=0), shown, plain, _type(1100), data)
    )
    return xml_bytes(whole)


def chart_workbook(chart: Chart) -> bytes:
    """The workbook behind a chart: labels in the first column, a column for each series."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    book.set_properties({"created": datetime(1980, 1, 1)})
    page = book.add_worksheet("Số liệu")
    page.set_column(0, 0, 30)
    for column, one in enumerate(chart.series, start=1):
        page.write_string(0, column, clean(one.name)[:30_000])
        for row, value in enumerate(one.values, start=1):
            if value is not None:
                page.write_number(row, column, float(plotted(value)))
    for row, label in enumerate(chart.labels, start=1):
        page.write_string(row, 0, clean(label)[:30_000])
    book.close()
    return file.getvalue()


def _plot(chart: Chart, pattern: str) -> Element:
    series = [_series(chart, place, one, pattern) for place, one in enumerate(chart.series)]
    axes = [_c("axId", val=_CATEGORIES), _c("axId", val=_VALUES)]
    if chart.kind == "line":
        kind = [_c("grouping", val="standard"), _c("varyColors", val=0)]
        return _c("lineChart", *kind, *series, _c("marker", val=1), *axes)
    kind = [_c("barDir", val="col"), _c("grouping", val="clustered"), _c("varyColors", val=0)]
    return _c("barChart", *kind, *series, _c("gapWidth", val=60), *axes)


def _series(chart: Chart, place: int, one: Series, pattern: str) -> Element:
    column = chr(ord("B") + place)
    last = len(chart.labels) + 1
    color = _a("solidFill", _a("srgbClr", val=COLORS[place]))
    name = _c("tx", _c("strRef", _f(f"{_SHEET}!${column}$1"), _strings("strCache", [one.name])))
    made = _c("ser", _c("idx", val=place), _c("order", val=place), name)
    if chart.kind == "line":
        stroke = _a("ln", color, _a("round"), w=28575, cap="rnd")
        dot = _c("spPr", _a("solidFill", _a("srgbClr", val=COLORS[place])))
        sign = ("circle", "square", "diamond", "triangle")[place % 4]
        made.extend((_c("spPr", stroke), _c("marker", _c("symbol", val=sign), _c("size", val=6), dot)))
    else:
        made.extend((_c("spPr", color), _c("invertIfNegative", val=0)))
    if is_labelled(chart):
        made.append(_value_labels(chart, pattern))
    made.append(_c("cat", _c("strRef", _f(f"{_SHEET}!$A$2:$A${last}"), _strings("strCache", list(chart.labels)))))
    numbers = _c("numRef", _f(f"{_SHEET}!${column}$2:${column}${last}"), _numbers(one, pattern))
    made.append(_c("val", numbers))
    if chart.kind == "line":
        made.append(_c("smooth", val=0))
    return made


def _value_labels(chart: Chart, pattern: str) -> Element:
    made = _c("dLbls", _number_format(pattern), _c("spPr", _a("noFill"), _a("ln", _a("noFill"))), _type(1000))
    made.append(_c("dLblPos", val="t" if chart.kind == "line" else "outEnd"))
    shown = ("showLegendKey", "showVal", "showCatName", "showSerName", "showPercent", "showBubbleSize")
    made.extend(_c(name, val=int(name == "showVal")) for name in shown)
    return made


def _axes(chart: Chart, pattern: str) -> list[Element]:
    thin = _c("spPr", _a("ln", _a("solidFill", _a("srgbClr", val="7F7F7F")), w=9525))
    marks = [_c("majorTickMark", val="out"), _c("minorTickMark", val="none"), _c("tickLblPos", val="low")]
    turn = [_c("auto", val=0), _c("lblAlgn", val="ctr"), _c("lblOffset", val=100), _c("noMultiLvlLbl", val=0)]
    categories = _c("catAx", _c("axId", val=_CATEGORIES), _c("scaling", _c("orientation", val="minMax")))
    categories.extend((_c("delete", val=0), _c("axPos", val="b"), _c("numFmt", formatCode="General", sourceLinked=0)))
    categories.extend((*marks, thin, _type(1100), _c("crossAx", val=_VALUES), _c("crosses", val="autoZero"), *turn))
    grid = _c("majorGridlines", _c("spPr", _a("ln", _a("solidFill", _a("srgbClr", val="D9D9D9")), w=6350)))
    values = _c("valAx", _c("axId", val=_VALUES), _c("scaling", _c("orientation", val="minMax")))
    values.extend((_c("delete", val=0), _c("axPos", val="l"), grid))
    if unit := unit_of(chart):
        values.append(_title(unit, 1100, turned=len(unit) > 4))
    marks = [_c("majorTickMark", val="none"), _c("minorTickMark", val="none"), _c("tickLblPos", val="nextTo")]
    bare = _c("spPr", _a("ln", _a("noFill")))
    values.extend((_number_format(pattern), *marks, bare, _type(1100), _c("crossAx", val=_CATEGORIES)))
    values.extend((_c("crosses", val="autoZero"), _c("crossBetween", val="between")))
    return [categories, values]


def _title(text: str, size: int, *, bold: bool = False, turned: bool = False) -> Element:
    letters = {"sz": size, "b": int(bold)}
    body = _a("bodyPr", rot=-5400000, vert="horz") if turned else _a("bodyPr", rot=0, vert="horz")
    words = _a("t")
    words.text = text.replace("\n", " ")
    run = _a("r", _a("rPr", _a("latin", typeface=_FONT), lang="vi-VN", **letters), words)
    rich = _c("rich", body, _a("lstStyle"), _a("p", _a("pPr", _a("defRPr", **letters)), run))
    return _c("title", _c("tx", rich), _c("overlay", val=0))


def _type(size: int) -> Element:
    black = _a("solidFill", _a("srgbClr", val="000000"))
    letters = _a("defRPr", black, _a("latin", typeface=_FONT), _a("cs", typeface=_FONT), sz=size, b=0)
    return _c("txPr", _a("bodyPr"), _a("lstStyle"), _a("p", _a("pPr", letters), _a("endParaRPr", lang="vi-VN")))


def _number_format(pattern: str) -> Element:
    return _c("numFmt", formatCode=pattern, sourceLinked=0)


def _strings(name: str, texts: list[str]) -> Element:
    made = _c(name, _c("ptCount", val=len(texts)))
    made.extend(_c("pt", _v(clean(text)), idx=place) for place, text in enumerate(texts))
    return made


def _numbers(one: Series, pattern: str) -> Element:
    code = _c("formatCode")
    code.text = pattern
    made = _c("numCache", code, _c("ptCount", val=len(one.values)))
    known = ((place, value) for place, value in enumerate(one.values) if value is not None)
    made.extend(_c("pt", _v(repr(float(plotted(value)))), idx=place) for place, value in known)
    return made


def _v(text: str) -> Element:
    made = _c("v")
    made.text = text
    return made


def _f(formula: str) -> Element:
    made = _c("f")
    made.text = formula
    return made


def _c(name: str, /, *children: Element, **attributes: str | int) -> Element:
    return _made(_C, name, children, attributes)


def _a(name: str, /, *children: Element, **attributes: str | int) -> Element:
    return _made(_A, name, children, attributes)


def _made(space: str, name: str, children: tuple[Element, ...], attributes: dict[str, str | int]) -> Element:
    made = etree.Element(f"{{{space}}}{name}", {key: str(value) for key, value in attributes.items()})
    made.extend(children)
    return made
