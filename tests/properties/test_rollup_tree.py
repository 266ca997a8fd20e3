"""What holds of the tree of units for any history, and that the plain way of saying it agrees with the fast one."""

from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.properties import slow_tree
from tests.properties.histories import START, World, telling_days, worlds

from hieuhoc.engines.rollup import Block, Life, Ratio, Span, Succession, Tree, restate, restate_block
from hieuhoc.engines.rollup.apportioning import apportion, apportion_block
from hieuhoc.kernel.errors import Invalid

_many = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
_amounts = st.integers(-(10**6), 10**15)


def _recorded(draw: st.DataObject, tree: Tree, day: date, level: str = "commune") -> dict[str, int]:
    """What some of the units of a level have recorded on a day."""
    amounts = st.one_of(st.none(), st.integers(0, 30), _amounts)
    drawn = {str(unit): draw.draw(amounts) for unit in tree.units(day, level)}
    return {unit: amount for unit, amount in drawn.items() if amount is not None}


@_many
@given(worlds())
def test_the_tree_of_every_day_is_the_one_found_by_looking_at_every_life(world: World) -> None:
    tree = world.tree()
    for day in telling_days(world):
        plain = slow_tree.standing(tree, day)
        assert set(tree.units(day)) == set(plain)
        for unit, (parent, level, code) in plain.items():
            assert tree.parent(unit, day) == parent
            assert tree.level(unit, day) == level
            assert not code or tree.holder(code, day) == unit
            assert list(tree.ancestors(unit, day)) == slow_tree.ancestors(tree, unit, day)
            assert tree.path(unit, day) == (*tree.ancestors(unit, day)[::-1], unit)
            assert set(tree.descendants(unit, day)) == slow_tree.descendants(tree, unit, day)
            assert set(tree.children(unit, day)) == {one for one in plain if plain[one][0] == unit}


@_many
@given(worlds())
def test_heirs_through_any_chain_of_events_are_those_of_going_day_by_day(world: World) -> None:
    tree = world.tree()
    days = telling_days(world)
    for figures in (False, True):
        for since, until in [(days[0], day) for day in days] + [(day, days[-1]) for day in days]:
            plain = slow_tree.matrix(tree, since, until, figures)
            fast = tree.succession_matrix(since, until, figures=figures)
            assert {u: {one.unit: (one.share, one.is_estimated) for one in fast[u]} for u in fast} == plain
            for unit in tree.units(until):
                back = {one.unit: one.share for one in tree.predecessors(unit, since, until, figures=figures)}
                assert back == {other: plain[other][str(unit)][0] for other in plain if unit in plain[other]}


@_many
@given(worlds(), st.data())
def test_figures_on_another_map_are_those_of_the_plain_way(world: World, draw: st.DataObject) -> None:
    tree = world.tree()
    days = telling_days(world)
    on = draw.draw(st.sampled_from(days))
    told = draw.draw(st.lists(st.sampled_from(days), min_size=1, max_size=3, unique=True))
    level = draw.draw(st.sampled_from(["commune", "commune", "hamlet", "district"]))
    known = {day: _recorded(draw, tree, day, level) for day in told}
    series = {(unit, day): value for day in told for unit, value in known[day].items()}
    targets = tree.units(on, level)
    restated = restate(tree, series or {(str(tree.lives[0].unit), START): None}, on, onto=targets)
    for day in told if series else ():
        for target in targets:
            cell = restated.get((target, day))
            if cell is None:
                assert not known[day]
                continue
            answer = (cell.value, cell.reported, cell.expected, cell.is_estimated, cell.bar is not None)
            assert answer == slow_tree.tell(tree, known[day], day, on, str(target))


@_many
@given(worlds(), st.data())
def test_not_one_person_and_not_one_dong_is_lost_on_the_way_to_a_later_map(world: World, draw: st.DataObject) -> None:
    tree = world.tree()
    days = telling_days(world)
    day = draw.draw(st.sampled_from(days))
    on = draw.draw(st.sampled_from([one for one in days if one >= day]))
    known = _recorded(draw, tree, day)
    restated = restate(tree, {(unit, day): value for unit, value in known.items()}, on)
    assert sum(cell.value for cell in restated.values() if isinstance(cell.value, int)) == sum(known.values())


@_many
@given(worlds(), st.data())
def test_there_and_back_is_the_same_wherever_there_is_a_way_back(world: World, draw: st.DataObject) -> None:
    tree = world.tree()
    days = telling_days(world)
    day, on = sorted((draw.draw(st.sampled_from(days)), draw.draw(st.sampled_from(days))))
    known = {(unit, day): draw.draw(_amounts) for unit in tree.units(day, "commune")}
    there = restate(tree, known, on)
    back = restate(tree, {(unit, on): cell.value for (unit, _), cell in there.items()}, day)
    for (unit, _), cell in back.items():
        assert cell.bar is not None or cell.value == known[unit, day]


@_many
@given(worlds(), st.integers(2, 4), _amounts, st.data())
def test_what_was_divided_and_came_together_again_is_whole_and_exact(
    world: World, count: int, amount: int, draw: st.DataObject
) -> None:
    tree = world.tree()
    last = max([START, *world.days])
    standing = tree.units(last, "commune")
    if not standing:
        return
    unit = draw.draw(st.sampled_from(standing))
    divided, joined = last + timedelta(days=5), last + timedelta(days=9)
    world.end(str(unit), divided, world.form("phần 0", divided, "tỉnh", "commune", ""))
    parts = ["phần 0", *(world.form(f"phần {n}", divided, "tỉnh", "commune", "") for n in range(1, count))]
    world.passed += [Succession(unit, p, divided, s, True) for p, s in zip(parts, world.shares(count), strict=True)]
    world.form("lại", joined, "tỉnh", "commune", "")
    for part in parts:
        world.end(part, joined, "lại")
        world.passed.append(Succession(part, "lại", joined))
    cell = restate(world.tree(), {(unit, last): amount}, joined)["lại", last]
    assert (cell.value, cell.reported, cell.expected, cell.is_estimated) == (amount, 1, 1, False)


@_many
@given(worlds(), st.data())
def test_a_ratio_is_told_by_its_two_parts(world: World, draw: st.DataObject) -> None:
    tree = world.tree()
    days = telling_days(world)
    day, on = draw.draw(st.sampled_from(days)), draw.draw(st.sampled_from(days))
    known = _recorded(draw, tree, day)
    ratios = restate(tree, {(unit, day): Ratio(value // 2, value) for unit, value in known.items()}, on)
    above = restate(tree, {(unit, day): value // 2 for unit, value in known.items()}, on)
    below = restate(tree, {(unit, day): value for unit, value in known.items()}, on)
    for cell, ratio in ratios.items():
        parts = above[cell].value, below[cell].value
        assert ratio.value == (None if None in parts else Ratio(*parts))
        assert ratio.bar == below[cell].bar


@_many
@given(worlds(), st.data())
def test_a_block_is_told_as_each_of_its_series_is(world: World, draw: st.DataObject) -> None:
    tree = world.tree()
    days = tuple(telling_days(world))
    on = draw.draw(st.sampled_from(days))
    units = tuple(life.unit for life in tree.lives)
    shape = (len(units), len(days), 2)
    chance = np.random.default_rng(draw.draw(st.integers(0, 99)))
    stands = np.array([[[tree.stands(unit, day)] * 2 for day in days] for unit in units])
    known = (chance.random(shape) < 0.7) & stands
    values = chance.integers(-5, 10**12, shape)
    found = restate_block(tree, Block(units, days, values, known), on)
    for indicator in range(2):
        series = {
            (unit, day): int(values[row, column, indicator]) if known[row, column, indicator] else None
            for row, unit in enumerate(units)
            for column, day in enumerate(days)
        }
        for (unit, day), cell in restate(tree, series, on).items():
            place = found.units.index(unit), days.index(day), indicator
            assert cell.value == (int(found.values[place]) if found.known[place] else None)
            assert (cell.reported, cell.is_estimated) == (found.reported[place], found.estimated[place])


@_many
@given(st.integers(-(10**18), 10**18), st.lists(st.integers(1, 10**12), min_size=1, max_size=5), st.booleans())
def test_parts_are_whole_near_their_share_and_together_the_whole(
    total: int, weights: list[int], has_rest: bool
) -> None:
    of = sum(weights) + (weights[0] if has_rest else 0)
    shares = [Fraction(weight, of) for weight in weights]
    parts = apportion(total, shares)
    assert has_rest or sum(parts) == total
    assert all(abs(part - total * share) < 1 for part, share in zip(parts, shares, strict=True))
    block = apportion_block(np.array([[total, 0], [7, -7]], dtype=np.int64), shares)
    assert block[:, 0, 0].tolist() == list(parts)
    assert block[:, 1, 1].tolist() == list(apportion(-7, shares))


@_many
@given(worlds(), st.data())
def test_a_parent_in_a_circle_is_refused_on_any_day(world: World, draw: st.DataObject) -> None:
    tree = world.tree()
    day = draw.draw(st.sampled_from(telling_days(world)))
    below = [unit for unit in tree.units(day) if tree.parent(unit, day) is not None]
    if not below:
        return
    unit = draw.draw(st.sampled_from(below))
    top = tree.path(unit, day)[0]
    lives = [
        Life(one.unit, tuple(Span(s.valid_from, s.valid_to, unit, s.level, s.code) for s in one.spans))
        if one.unit == top
        else one
        for one in tree.lives
    ]
    with pytest.raises(Invalid):
        Tree(lives, tree.successions)
