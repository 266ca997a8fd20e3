"""How values are written, the tags, and where the marks of a chart go."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import RequestContext, Template, TemplateDoesNotExist
from django.test import RequestFactory
from django.utils import translation

from hieuhoc.foundation.ui import charts
from hieuhoc.foundation.ui.templatetags import ui


def rendered(source: str, address: str = "/", **values: object) -> str:
    return Template(source).render(RequestContext(RequestFactory().get(address), values))


def test_an_instant_is_shown_in_local_time() -> None:
    assert ui.vn_datetime(datetime(2020, 11, 15, 18, 30, tzinfo=UTC)) == "16/11/2020 01:30"
    assert ui.vn_date(datetime(2020, 11, 15, 18, 30, tzinfo=UTC)) == "16/11/2020"


def test_a_day_has_its_name() -> None:
    with translation.override("vi"):
        assert ui.vn_weekday(date(2020, 11, 16)) == "Thứ Hai, 16/11/2020"
        assert ui.vn_weekday(date(2020, 11, 22)) == "Chủ nhật, 22/11/2020"


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (date(2020, 11, 4), "Trễ 12 ngày"),
        (date(2020, 11, 15), "Trễ 1 ngày"),
        (date(2020, 11, 16), "Hạn hôm nay"),
        (date(2020, 11, 17), "Còn 1 ngày"),
        (None, "Không có hạn"),
    ],
)
def test_how_far_a_due_day_is(due: date | None, words: str) -> None:
    with translation.override("vi"):
        assert ui.due_words(due, date(2020, 11, 16)) == words


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0"), (1234567, "1.234.567"), (Decimal("1234.50"), "1.234,50"), (None, "–"), (-1200, "-1.200")],
)
def test_unknown_is_not_nought(value: int | Decimal | None, written: str) -> None:
    assert ui.vn_number(value) == written


def test_the_query_keeps_what_is_not_changed() -> None:
    assert rendered("{% query_string page=2 q=None %}", "/?q=x&page=1&state=late") == "?page=2&amp;state=late"
    assert rendered("{% query_string page=None %}", "/?page=3") == "?"


def test_a_heading_sorts_one_way_and_then_the_other() -> None:
    source = '{% sort_header "due" "Hạn" %}'
    assert 'href="?q=x&amp;sort=due"' in rendered(source, "/?q=x&page=4")
    up = rendered(source, "/?sort=due")
    assert 'aria-sort="ascending"' in up
    assert 'href="?sort=-due"' in up
    assert 'aria-sort="descending"' in rendered(source, "/?sort=-due")
    assert 'aria-sort="ascending"' in rendered('{% sort_header "due" "Hạn" default="due" %}')


def test_a_component_sees_only_what_it_is_given() -> None:
    page = rendered(
        '{% component "card" title="Thẻ" %}{{ secret }}{% endcomponent %}', secret="<b>", text="không được thấy"
    )
    assert "&lt;b&gt;" in page
    assert "Thẻ" in page
    assert "không được thấy" not in page


def test_a_missing_icon_is_an_error_and_no_icon_is_nothing() -> None:
    assert rendered("{% icon name %}", name="") == ""
    assert 'aria-hidden="true"' in rendered('{% icon "check" %}')
    with pytest.raises(TemplateDoesNotExist):
        rendered('{% icon "nothing-like-it" %}')


def test_the_longest_bar_leaves_room_for_its_number() -> None:
    drawing = charts.bar_drawing([{"label": "A", "value": 30, "target": 40}, {"label": "B", "value": None}])
    assert [bar.width for bar in drawing.bars] == ["63%", "0%"]
    assert [bar.target_x for bar in drawing.bars] == ["84%", ""]


@pytest.mark.parametrize("rows", [[], [{"label": "A", "value": 0}], [{"label": "A", "value": None}]])
def test_a_chart_of_nothing_is_drawn_without_error(rows: list[dict[str, object]]) -> None:
    assert charts.bar_drawing(rows).height == len(rows) * charts.ROW_HEIGHT


def test_a_chart_has_a_title_a_description_and_its_numbers_as_a_table() -> None:
    page = rendered('{% bar_chart title="Tỷ lệ" desc="Tháng 11" rows=rows %}', rows=[{"label": "A", "value": 0.5}])
    assert '<title id="bars-title">Tỷ lệ</title>' in page
    assert 'aria-labelledby="bars-title bars-desc"' in page
    assert '<td class="num">0,5</td>' in page
    assert "Chỉ tiêu" not in page


@pytest.mark.parametrize(("values", "strokes"), [([], 0), ([None], 0), ([5], 1), ([1, None, 2], 2), ([3, 3, 3], 1)])
def test_an_unknown_value_is_a_gap_in_a_trend(values: list[int | None], strokes: int) -> None:
    assert len(charts.sparkline_points(values)) == strokes


@pytest.mark.parametrize(("value", "alarming"), [(3, True), (0, False), (None, False)])
def test_nothing_late_is_not_shown_in_the_colour_of_alarm(value: int | None, alarming: bool) -> None:
    page = rendered(
        '{% include "ui/components/stat.html" with value=value label="Trễ hạn" state="late" only %}', value=value
    )
    assert ('class="stat late"' in page) is alarming
