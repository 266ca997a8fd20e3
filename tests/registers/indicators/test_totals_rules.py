"""On which periods facts lie, for which they make totals, and how many are expected: without a database."""

from datetime import date
from typing import Any

import pytest

from hieuhoc.engines.rollup import Life, Span, Tree
from hieuhoc.engines.rollup.grid import OverTime
from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.periods import Calendar, Period, Rhythm, period_from
from hieuhoc.registers.indicators.rules import adding
from hieuhoc.registers.indicators.rules.adding import Cell, Key, Recorded, Sum
from hieuhoc.registers.indicators.rules.expecting import Expecting
from hieuhoc.registers.indicators.rules.reckoning import Reckoning, reckoning_in, sheet_of, year_of

BEGIN, MOVED = date(2018, 1, 1), date(2020, 7, 1)
SPAN = Period(date(2020, 9, 1), date(2020, 9, 20), Rhythm.YEAR, Calendar.OWN)


def reckoned(*rhythms: str, **over: Any) -> Reckoning:
    given: dict[str, Any] = {
        "indicator": 1,
        "code": "LIT.TEST",
        "valid_from": BEGIN,
        "valid_to": None,
        "calendar": Calendar.CLOSING,
        "rhythms": tuple(Rhythm(one) for one in rhythms),
        "over_places": "sum",
        "over_time": "sum",
        "reported_at": "commune",
        "levels": ("commune", "district", "province"),
    }
    return Reckoning(**given | over)


@pytest.mark.parametrize(
    ("rhythms", "over_time", "period", "takes", "columns", "asked"),
    [
        (("month", "quarter", "half", "year"), "sum", "2020-09", True, 12, 19),
        (("month", "quarter", "half", "year"), "sum", "2020-Q3", False, 12, 19),
        (("half", "year"), "last", "2020-H1", True, 2, 3),
        (("half", "year"), "last", "2020", False, 2, 3),
        (("half", "year"), "none", "2020", True, 1, 1),
        (("year",), "mean", "2020", True, 1, 1),
    ],
)
def test_facts_lie_on_the_shortest_rhythm_and_make_totals_of_all(
    rhythms: tuple[str, ...], over_time: str, period: str, takes: bool, columns: int, asked: int
) -> None:
    one, told = reckoned(*rhythms, over_time=over_time), period_from(period)
    sheet = sheet_of(one, told)
    assert sheet is not None
    assert (one.takes(told), len(sheet.columns), len(sheet.asked)) == (takes, columns, asked)
    assert told in sheet.asked


def test_a_period_of_another_calendar_or_rhythm_has_no_sheet_and_a_span_of_its_own_always_has() -> None:
    one = reckoned("half", "year")
    for key in ("2020-09", "dl-2020", "xmc-2020"):
        assert sheet_of(one, period_from(key)) is None
        assert not one.takes(period_from(key))
    assert one.takes(SPAN)
    sheet = sheet_of(one, SPAN)
    assert sheet is not None
    assert sheet.columns == sheet.asked == (SPAN,)
    assert year_of(SPAN) == SPAN


def test_a_year_goes_by_the_last_version_that_holds_in_it() -> None:
    first = reckoned("year", valid_to=MOVED)
    second = reckoned("half", "year", valid_from=MOVED)
    found = [reckoning_in([first, second], period_from(key)) for key in ("2017", "2019", "2020", "2021")]
    assert found == [None, first, second, second]
    assert [one.holds_in(period_from("2020-H1")) for one in (first, second)] == [True, False]


@pytest.mark.parametrize(
    ("over", "depth"),
    [
        ({}, "commune"),
        ({"reported_at": "district"}, "district"),
        ({"over_places": "distinct", "levels": ("province", "district")}, "district"),
        ({"over_places": "none", "levels": ()}, "commune"),
    ],
)
def test_the_tree_goes_down_to_where_facts_are(over: dict[str, Any], depth: str) -> None:
    assert reckoned("year", **over).depth == depth


@pytest.fixture
def tree() -> Tree:
    """A province of two districts; the third commune moves from the first to the second on 1/7/2020."""
    return Tree(
        [
            Life(1, (Span(BEGIN),)),
            *(Life(unit, (Span(BEGIN, None, 1),)) for unit in (2, 3)),
            *(Life(unit, (Span(BEGIN, None, above),)) for unit, above in ((4, 2), (5, 3))),
            Life(6, (Span(BEGIN, MOVED, 2), Span(MOVED, None, 3))),
            Life(7, (Span(BEGIN, MOVED, 3),)),
        ]
    )


def test_as_many_facts_are_expected_as_units_report_in_each_turn(tree: Tree) -> None:
    expecting, year = Expecting(tree), period_from("2020")
    by_half = reckoned("half", "year")
    assert [expecting.expected(by_half, unit, year) for unit in (1, 2, 3, 4, 7, 99)] == [4 + 3, 2 + 1, 2 + 2, 2, 1, 0]
    last = reckoned("half", "year", over_time="last")
    assert [expecting.expected(last, unit, year) for unit in (1, 3, 7)] == [3, 2, 1]
    assert expecting.expected(by_half, 1, period_from("dl-2020")) == 0


def test_a_fact_of_a_unit_that_does_not_report_is_in_no_total_and_named(tree: Tree) -> None:
    sheet = sheet_of(reckoned("half", "year"), period_from("2020"))
    assert sheet is not None
    facts = [Recorded(7, 0, 0, 5, 1), Recorded(7, 1, 0, 6, 1), Recorded(2, 0, 0, 7, 1), Recorded(99, 0, 0, 8, 0)]
    added = adding.add_up(tree, sheet, [Cell(1, "")], [OverTime.SUM], facts)
    assert added.homeless == tuple(facts[1:])
    assert added.sums[Key(1, Cell(1, ""), "2020")] == Sum(5, 1, 1, 7, 1)
    assert adding.add_up(tree, sheet, [], [], []).sums == {}


def test_sums_over_time_beyond_64_bits_are_refused(tree: Tree) -> None:
    sheet, cell = sheet_of(reckoned("half", "year"), period_from("2020")), Cell(1, "")
    assert sheet is not None
    sums = {Key(1, cell, key): Sum(2**62, 1, 1, 4, 0) for key in ("2020-H1", "2020-H2")}
    asked = [period_from("2020")]
    with pytest.raises(Invalid, match="quá lớn"):
        adding.add_up_over_time(tree, sheet, {cell: OverTime.SUM}, sums, asked=asked, units=[1])
    sums = {key: told._replace(value=5) for key, told in sums.items()}
    found = adding.add_up_over_time(tree, sheet, {cell: OverTime.SUM}, sums, asked=asked, units=[1])
    assert found == {Key(1, cell, "2020"): Sum(10, 1, 2, 7, 0)}
    assert adding.add_up_over_time(tree, sheet, {cell: OverTime.SUM}, sums, asked=asked, units=[99]) == {}
