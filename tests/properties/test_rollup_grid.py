"""What is added up on the grid is what adding up one by one gives, for any history of the tree and any facts."""

from datetime import date
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.properties import slow_totals, slow_tree
from tests.properties.histories import START, World, worlds

from hieuhoc.engines.rollup import Tree
from hieuhoc.engines.rollup.grid import Grid, OverTime, Totals
from hieuhoc.engines.rollup.parts import Facts, Question, add_up, add_up_crown, split
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.kernel.periods import Calendar, Period, Rhythm, period_of

_many = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
_RULES = list(OverTime)


def _year(first: date) -> list[Period]:
    return [period_of(Rhythm.MONTH, date(first.year, month, 1)) for month in range(1, 13)]


def _reporting(tree: Tree, month: Period) -> list[str]:
    """The leaves of a month: who stands beneath somebody, or alone, with nobody beneath."""
    map_ = slow_tree.standing(tree, month.last)
    return sorted(set(map_) - {parent for parent, _, _ in map_.values() if parent})


@st.composite
def recorded(draw: st.DrawFn) -> tuple[World, slow_totals.Facts]:
    """A history that begins with the year, and what some of the leaves have recorded in some months."""
    world = draw(worlds())
    tree = world.tree()
    chance = draw(st.randoms(use_true_random=False))
    often = draw(st.sampled_from([0.1, 0.6, 1.0]))
    largest = draw(st.sampled_from([9, 10**6, 10**15]))
    facts = {
        (unit, month): chance.randint(-largest // 9, largest)
        for month in _year(START)
        for unit in _reporting(tree, month)
        if chance.random() < often
    }
    return world, facts


def _filled(world: World, facts: slow_totals.Facts, threads: int = 1) -> Grid:
    """A grid with the same facts for three indicators, one for each rule."""
    grid = Grid(world.tree(), _year(START), len(_RULES))
    for indicator in range(len(_RULES)):
        rows = [grid.row(unit) for unit, _ in facts]
        columns = [grid.periods.index(month) for _, month in facts]
        grid.put(rows, columns, [indicator] * len(facts), list(facts.values()), threads=threads)
    grid.add_up()
    return grid


def _told(totals: Totals, at: tuple[int, int]) -> slow_totals.Told:
    known = Fraction(int(totals.values[at]), int(totals.count[at]))
    return known if totals.reported[at] else None, int(totals.reported[at]), int(totals.expected[at])


@_many
@given(recorded(), st.sampled_from([1, 2]))
def test_every_unit_of_every_level_has_what_adding_up_one_by_one_gives(
    given_: tuple[World, slow_totals.Facts], threads: int
) -> None:
    world, facts = given_
    grid = _filled(world, facts, threads)
    for rhythm in (Rhythm.MONTH, Rhythm.QUARTER, Rhythm.YEAR):
        for period in {period_of(rhythm, month.first) for month in grid.periods}:
            totals = grid.over(period, _RULES)
            for row, unit in enumerate(totals.units):
                for indicator, rule in enumerate(_RULES):
                    plain = slow_totals.period_told(grid.tree, facts, str(unit), period, rule)
                    assert (plain is not None) == totals.stands[row]
                    if plain is not None:
                        assert plain == _told(totals, (row, indicator))


@_many
@given(
    worlds(),
    st.sampled_from([Calendar.CLOSING, Calendar.LITERACY, Calendar.SCHOOL]),
    st.sampled_from([(Rhythm.MONTH, Rhythm.HALF), (Rhythm.QUARTER, Rhythm.YEAR), (Rhythm.HALF, Rhythm.YEAR)]),
    st.randoms(use_true_random=False),
)
def test_it_is_so_for_other_rhythms_and_other_calendars(
    world: World, calendar: Calendar, rhythms: tuple[Rhythm, Rhythm], chance: Random
) -> None:
    tree = world.tree()
    year = period_of(Rhythm.YEAR, START.replace(year=START.year + 1), calendar)
    periods = [period_of(rhythms[0], year.first, calendar)]
    while periods[-1].end < year.end:
        periods.append(periods[-1].following())
    places = [(unit, period) for period in periods for unit in _reporting(tree, period)]
    facts = {place: chance.randint(-9, 10**6) for place in places if chance.random() < 0.6}
    grid = Grid(tree, periods, len(_RULES))
    for (unit, period), value in facts.items():
        for indicator in range(len(_RULES)):
            grid.put([grid.row(unit)], [periods.index(period)], [indicator], [value])
    grid.add_up()
    for asked in {period_of(rhythm, period.first, calendar) for rhythm in rhythms for period in periods}:
        totals = grid.over(asked, _RULES)
        for row, unit in enumerate(totals.units):
            for indicator, rule in enumerate(_RULES):
                plain = slow_totals.period_told(tree, facts, str(unit), asked, rule, rhythms[0])
                assert (plain is not None) == totals.stands[row]
                if plain is not None:
                    assert plain == _told(totals, (row, indicator))


@_many
@given(recorded(), st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(given_: tuple[World, slow_totals.Facts], chance: Random) -> None:
    world, facts = given_
    turned = dict(chance.sample([*facts.items()], len(facts)))
    one, other = _filled(world, facts), _filled(world, turned)
    for month in one.periods:
        assert np.array_equal(one.over(month, _RULES).values, other.over(month, _RULES).values)


@_many
@given(recorded(), st.integers(1, 9))
def test_part_by_part_is_what_all_at_once_is(given_: tuple[World, slow_totals.Facts], at_least: int) -> None:
    world, facts = given_
    grid = _filled(world, facts)
    places = {life.unit: place for place, life in enumerate(grid.tree.lives)}
    columns = Facts(
        np.array([places[unit] for unit, _ in facts for _ in _RULES], np.int32),
        np.array([grid.periods.index(month) for _, month in facts for _ in _RULES], np.int16),
        np.array([*range(len(_RULES))] * len(facts), np.int32),
        np.array([value for value in facts.values() for _ in _RULES], np.int64),
    )
    periods = tuple(
        period_of(rhythm, month.first) for rhythm in (Rhythm.QUARTER, Rhythm.YEAR) for month in grid.periods
    )
    question = Question(grid.periods, tuple(_RULES), periods)
    crown, parts = split(grid.tree, [columns.those(slice(0, 7)), columns.those(slice(7, None))], at_least=at_least)
    done = [add_up(part, question) for part in parts]
    found = [totals for one in done for totals in one.totals]
    if crown is not None:
        found += add_up_crown(crown, done, question)
    together = {(unit, told.period): _row(told, row) for told in found for row, unit in enumerate(told.units)}
    whole = [grid.over(period, _RULES) for period in periods]
    assert together == {(unit, told.period): _row(told, row) for told in whole for row, unit in enumerate(told.units)}


def _row(totals: Totals, row: int) -> object:
    return bool(totals.stands[row]), [_told(totals, (row, indicator)) for indicator in range(len(_RULES))]


@_many
@given(recorded(), st.data())
def test_a_fact_that_has_no_place_is_refused(given_: tuple[World, slow_totals.Facts], draw: st.DataObject) -> None:
    tree = given_[0].tree()
    month = draw.draw(st.sampled_from(_year(START)))
    leaves = set(_reporting(tree, month))
    wrong = [str(life.unit) for life in tree.lives if str(life.unit) not in leaves]
    grid = Grid(tree, _year(START), 1)
    wrong = [unit for unit in wrong if unit in grid.units]
    if wrong:
        grid.put([grid.row(draw.draw(st.sampled_from(wrong)))], [grid.periods.index(month)], [0], [1])
        with pytest.raises(Invalid, match=r"số liệu riêng|không tồn tại"):
            grid.add_up()


@_many
@given(recorded())
def test_a_fact_told_twice_is_refused_even_when_it_says_the_same(given_: tuple[World, slow_totals.Facts]) -> None:
    world, facts = given_
    if facts:
        (unit, month), value = next(iter(facts.items()))
        grid = Grid(world.tree(), _year(START), 1)
        for _ in range(2):
            grid.put([grid.row(unit)], [grid.periods.index(month)], [0], [value])
        with pytest.raises(Conflict):
            grid.add_up()
