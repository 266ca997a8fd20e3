"""Where marks go: lines, steps, places, tiles and shapes; and that drawings stay small and say everything in words."""

import gzip
import json
import xml.etree.ElementTree as ElementTree
from itertools import combinations, pairwise
from time import perf_counter

import pytest
from django.template import RequestContext, Template
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from hieuhoc.foundation.ui import charts, drawn, samples
from hieuhoc.kernel.errors import Invalid

Ring = tuple[tuple[float, float], ...]

PLACES = st.dictionaries(
    st.text("abcdefgh", min_size=1, max_size=4),
    st.tuples(st.floats(8.0, 23.5).map(lambda x: round(x, 3)), st.floats(102.0, 110.0).map(lambda x: round(x, 3))),
    min_size=1,
    max_size=60,
)


def rendered(source: str, **values: object) -> str:
    return Template(source).render(RequestContext(RequestFactory().get("/"), values))


# ---- tiles --------------------------------------------------------------------------------------------------


@given(PLACES)
def test_every_unit_gets_a_cell_of_its_own_and_none_is_turned_about(points: dict[str, tuple[float, float]]) -> None:
    grid = charts.tile_grid(points)
    assert set(grid) == set(points)
    assert len(set(grid.values())) == len(points)
    for one, other in combinations(points, 2):
        south, east = points[one][0] - points[other][0], points[other][1] - points[one][1]
        down, across = grid[other][0] - grid[one][0], grid[other][1] - grid[one][1]
        if south > 0 and east > 0:  # `other` lies south and east of `one`
            assert not (down < 0 and across < 0)
        if south > 0 and east < 0:
            assert not (down < 0 and across > 0)


@given(PLACES)
def test_the_same_points_give_the_same_grid_in_whatever_order_they_come(points: dict[str, tuple[float, float]]) -> None:
    backwards = dict(reversed(list(points.items())))
    assert charts.tile_grid(points) == charts.tile_grid(backwards)


def test_order_by_latitude_and_longitude_is_kept_on_the_whole_and_150_units_take_less_than_half_a_second() -> None:
    points = {f"u{n:03d}": (9.3 + (n * 61 % 150) / 130, 103.5 + (n * 97 % 151) / 80) for n in range(150)}
    began = perf_counter()
    grid = charts.tile_grid(points)
    assert perf_counter() - began < 0.5
    pairs = list(combinations(points, 2))
    down = [(points[b][0] - points[a][0]) * (grid[a][0] - grid[b][0]) for a, b in pairs]
    across = [(points[b][1] - points[a][1]) * (grid[b][1] - grid[a][1]) for a, b in pairs]
    for moves in (down, across):
        assert sum(move >= 0 for move in moves) / len(moves) > 0.95


def test_units_without_a_point_stand_in_a_row_beneath_the_map() -> None:
    units = [charts.MapUnit(key, key, key, 1) for key in ("a", "b", "c")]
    drawing = charts.map_drawing(units, {"a": (10.0, 105.0), "b": (9.0, 105.0)})
    rows = {tile.unit.key: tile.y for tile in drawing.tiles}
    assert drawing.beside == 1
    assert rows["a"] < rows["b"] < rows["c"]


def test_names_on_a_tile_are_text_and_never_markup() -> None:
    evil = '<b onclick="x">&{0}'
    drawing = charts.map_drawing([charts.MapUnit("a", evil, evil, 5, '/x?a="<', evil)], {"a": (10.0, 105.0)})
    told = rendered('{% map_tiles drawing "m" %}', drawing=drawing)
    assert "<b" not in told
    assert "&lt;b onclick=&quot;x&quot;&gt;&amp;{0}" in told
    assert 'href="/x?a=&quot;&lt;"' in told


# ---- lines, steps, places -------------------------------------------------------------------------------------


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_the_axis_holds_every_number_on_a_few_round_marks(one: float, other: float) -> None:
    low, high = min(one, other), max(one, other)
    ticks = charts.nice_ticks(low, high)
    slack = 1e-6 * max(1.0, abs(low), abs(high))
    assert ticks[0] <= low + slack
    assert ticks[-1] >= high - slack
    assert 2 <= len(ticks) <= 8
    steps = [after - before for before, after in pairwise(ticks)]
    assert max(steps) - min(steps) < 1e-2 * max(steps)


def test_an_unknown_number_is_a_gap_in_a_line_and_never_nought() -> None:
    line = charts.line_drawing(["1", "2", "3", "4", "5"], [charts.Series("A", [5, 6, None, 7, 8])]).lines[0]
    assert len(line.strokes) == 2
    assert [mark.value for mark in line.marks] == [5, 6, 7, 8]


def test_a_forecast_goes_on_from_the_last_known_number_and_says_so() -> None:
    series = charts.Series("A", [5, 6, None], [None, None, None, 9])
    line = charts.line_drawing(["1", "2", "3", "4"], [series]).lines[0]
    assert [stroke.is_forecast for stroke in line.strokes] == [False, True]
    page = rendered(
        '{% line_chart title="T" labels=labels series=series %}', labels=["1", "2", "3", "4"], series=[series]
    )
    assert "9 (dự báo)" in page
    assert "Dự báo theo đà hiện nay" in page


def test_a_line_chart_of_nothing_says_so() -> None:
    page = rendered(
        '{% line_chart title="T" labels=labels series=series %}', labels=["1"], series=[charts.Series("A", [None])]
    )
    assert "Chưa có số liệu nào để vẽ." in page


@given(st.lists(st.none() | st.integers(-50, 50), max_size=60))
def test_steps_count_everybody_once_and_higher_values_are_never_lighter(values: list[int | None]) -> None:
    steps = charts.quantile_steps(values)
    known = sorted(value for value in values if value is not None)
    assert sum(step.count for step in steps.steps) == len(known)
    assert steps.unknown == len(values) - len(known)
    assert [steps.of(value) for value in known] == sorted(steps.of(value) for value in known)
    assert all(steps.of(value) >= 1 for value in known)
    assert steps.of(None) == 0


@given(st.lists(st.none() | st.integers(0, 9), min_size=1, max_size=30), st.booleans())
def test_a_place_is_one_more_than_the_number_of_those_who_are_better(values: list[int | None], falling: bool) -> None:
    rows = [{"key": str(at), "label": str(at), "value": value} for at, value in enumerate(values)]
    for one in charts.ranking(rows, own="0", falling=falling):
        if one.value is None:
            assert one.place == 0
        else:
            known = [value for value in values if value is not None]
            better = [value for value in known if (value > one.value if falling else value < one.value)]
            assert one.place == len(better) + 1


def test_ones_own_unit_is_always_among_the_bars_and_what_is_left_out_is_said() -> None:
    rows = [{"key": str(at), "label": f"Xã {at}", "value": at} for at in range(145)]
    ranked = charts.ranking(rows, own="70")
    shown = charts.excerpt(ranked, most=12)
    assert any(one.is_own for one in shown)
    assert len(shown) + sum(one.leaves_out for one in shown) == 145
    page = rendered('{% ranking title="T" ranked=ranked %}', ranked=ranked)
    assert "▸ 75. Xã 70" in page
    assert "đơn vị ở giữa" in page
    assert page.count('<th scope="row">') == 145


# ---- shapes ---------------------------------------------------------------------------------------------------


def plain(rows: int, columns: int, *, bends: int = 12) -> dict[str, tuple[Ring, ...]]:
    """Fields of a plain that share crooked borders, each border with the same bends on both sides."""

    def corner(row: int, column: int) -> tuple[float, float]:
        return round(104 + column / 10 + (row * 5 + column * 3) % 7 / 300, 5), round(10 - row / 10, 5)

    def border(one: tuple[float, float], other: tuple[float, float]) -> list[tuple[float, float]]:
        first, last = min(one, other), max(one, other)
        inner = [
            (
                round(first[0] + (last[0] - first[0]) * step / bends + (step * 7 % 5 - 2) / 900, 5),
                round(first[1] + (last[1] - first[1]) * step / bends + (step * 3 % 5 - 2) / 900, 5),
            )
            for step in range(1, bends)
        ]
        whole = [first, *inner, last]
        return whole if one == first else whole[::-1]

    found: dict[str, tuple[Ring, ...]] = {}
    for row in range(rows):
        for column in range(columns):
            around = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column), (row, column)]
            ring: list[tuple[float, float]] = []
            for one, other in pairwise(around):
                ring += border(corner(*one), corner(*other))[:-1]
            found[f"u{row:02d}{column:02d}"] = ((*ring, ring[0]),)
    return found


def edges(units: dict[str, tuple[Ring, ...]]) -> dict[frozenset[tuple[float, float]], int]:
    counted: dict[frozenset[tuple[float, float]], int] = {}
    for rings in units.values():
        for ring in rings:
            for pair in pairwise(ring):
                counted[frozenset(pair)] = counted.get(frozenset(pair), 0) + 1
    return counted


def test_neighbours_keep_their_border_in_common_when_it_is_thinned() -> None:
    whole = plain(4, 5)
    thin = charts.simplified(whole, most=150)
    before, after = edges(whole), edges(thin)
    assert len(after) < len(before) / 2
    inner_borders = 3 * 5 + 4 * 4
    assert sum(count == 2 for count in before.values()) == inner_borders * 12
    outline = {place for pair, count in after.items() if count == 1 for place in pair}
    within = [pair for pair, count in after.items() if count == 2]
    assert len(within) >= inner_borders
    # An edge within the map that only one neighbour has would be a gap: every edge of one side only is on the outline.
    edge_of_map = {place for pair, count in before.items() if count == 1 for place in pair}
    assert outline <= edge_of_map


def test_a_province_of_114_communes_weighs_at_most_15_kb_compressed() -> None:
    shapes = charts.shapes_of(charts.simplified(plain(6, 19, bends=40)))
    units = [
        charts.MapUnit(key, f"Xã số {key}", key, at, url=f"/dashboard/xa-so-{key}/")
        for at, key in enumerate(shapes.paths)
    ]
    drawing = charts.map_drawing(units, {}, shapes=shapes)
    page = rendered('{% unit_map title="Bản đồ" drawing=drawing with_table=False %}', drawing=drawing)
    assert len(units) == 114
    assert drawing.is_real
    assert len(gzip.compress(page.encode())) <= 15_000


def test_degrees_east_are_drawn_as_long_as_they_are_at_their_latitude() -> None:
    square: Ring = ((105.0, 59.5), (106.0, 59.5), (106.0, 60.5), (105.0, 60.5), (105.0, 59.5))
    shapes = charts.shapes_of({"u": (square,)})
    assert shapes.width / shapes.height == pytest.approx(0.5, abs=0.01)


def collection(*geometries: object) -> bytes:
    features = [
        {"type": "Feature", "properties": {"code": f"{at}"}, "geometry": one} for at, one in enumerate(geometries)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


GOOD = {"type": "Polygon", "coordinates": [[[105, 10], [106, 10], [106, 11], [105, 10]]]}


def test_a_file_of_boundaries_is_read_with_its_properties() -> None:
    found = charts.read_boundaries(collection(GOOD, {"type": "MultiPolygon", "coordinates": [GOOD["coordinates"]]}))
    assert [feature.properties["code"] for feature in found] == ["0", "1"]
    assert found[0].rings == (((105.0, 10.0), (106.0, 10.0), (106.0, 11.0), (105.0, 10.0)),)


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        b"\xff\xfe",
        b"[1, 2]",
        b"{}",
        b"[" * 100_000,
        b'{"type": "FeatureCollection", "features": []}',
        b'{"type": "FeatureCollection", "features": [null]}',
        collection({"type": "Point", "coordinates": [1, 2]}),
        collection({"type": "Polygon", "coordinates": None}),
        collection({"type": "Polygon", "coordinates": [[["a", "b"]]]}),
        collection({"type": "Polygon", "coordinates": [[[True, 2]]]}),
        collection({"type": "Polygon", "coordinates": [[[1_180_000, 560_000]]]}),
        b" " * (charts.MOST_OCTETS + 1),
    ],
)
def test_a_file_that_is_no_map_in_degrees_is_refused_in_a_sentence(octets: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        charts.read_boundaries(octets)
    assert refused.value.sentence.endswith(".")


# ---- what is drawn ----------------------------------------------------------------------------------------------


def test_a_map_says_each_value_in_words_and_hatches_what_is_not_known() -> None:
    units = [charts.MapUnit("a", "Xã <A>", "A", 12.5, url="/a/"), charts.MapUnit("b", "Xã B", "B", None)]
    drawing = charts.map_drawing(units, {"a": (10.0, 105.0), "b": (9.0, 105.0)})
    page = rendered('{% unit_map title="T" drawing=drawing unit="%" places=1 id="m" %}', drawing=drawing)
    assert "<title>Xã &lt;A&gt;: 12,5 %</title>" in page
    assert "<title>Xã B: chưa có số liệu</title>" in page
    assert 'fill="url(#m-hatch)"' in page
    assert "Chưa có số liệu" in page
    assert '<a href="/a/">12,5</a>' in page


def test_every_drawing_is_a_file_of_its_own_that_any_program_reads() -> None:
    shown = samples.gallery_values()["drawn"]
    words = drawn.Words("Tỷ lệ <hoàn thành> & hơn thế", "Phần trăm", "%", 1, "Nguồn")
    files = {
        "lines": drawn.lines_file(charts.line_drawing(shown["months"], shown["lines"], target=90), words),
        "bars": drawn.bars_file(charts.ranking_bars(charts.excerpt(shown["ranked"])), words),
        "map": drawn.map_file(shown["tiles"], words),
        "shapes": drawn.map_file(shown["shapes"], words),
        "multiples": drawn.multiples_file(charts.multiples(shown["many_labels"], shown["many"], target=90), words),
    }
    for file in files.values():
        root = ElementTree.fromstring(file)  # noqa: S314  # our own drawing
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert "Tỷ lệ <hoàn thành> & hơn thế" in "".join(root.itertext())
        assert "href" not in file
        assert "var(" not in file


def test_a_comparison_of_two_maps_uses_one_scale_and_counts_each_map_by_itself() -> None:
    before = [charts.MapUnit(str(at), str(at), str(at), at) for at in range(10)]
    after = [charts.MapUnit(str(at), str(at), str(at), at + 10) for at in range(10)]
    scale = charts.quantile_steps([unit.value for unit in (*before, *after)])
    one, other = (charts.map_drawing(units, {}, steps=scale) for units in (before, after))
    assert [step.least for step in one.steps.steps] == [step.least for step in other.steps.steps]
    assert sum(step.count for step in one.steps.steps) == 10
    assert max(tile.step for tile in one.tiles) <= min(tile.step for tile in other.tiles)
