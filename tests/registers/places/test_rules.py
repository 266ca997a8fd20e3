"""The shape of the register: kinds, spans, paths, keys. No database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.registers.places import rules
from hieuhoc.registers.places.models import Kind, Level

DAY = date(2020, 9, 17)


def test_the_levels_and_kinds_of_the_rules_are_those_of_the_models() -> None:
    assert set(rules.LEVELS) == set(Level.values)
    assert set().union(*rules.KINDS_OF_LEVEL.values()) == set(Kind.values)


@pytest.mark.parametrize(
    ("level", "kind", "parent_level"),
    [
        ("province", "tinh", None),
        ("district", "thanh_pho", "province"),
        ("commune", "thi_tran", "district"),
        ("commune", "dac_khu", "province"),
        ("hamlet", "ap", "commune"),
        ("agency", "truc_thuoc", "agency"),
        ("agency", "khac", None),
        ("group", "nhom", "province"),
    ],
)
def test_a_unit_may_stand_where_the_law_puts_it(level: str, kind: str, parent_level: str | None) -> None:
    rules.check_place(level=level, kind=kind, parent_level=parent_level)


@pytest.mark.parametrize(
    ("level", "kind", "parent_level", "field"),
    [
        ("village", "ap", "commune", "level"),
        ("commune", "huyen", "district", "kind"),
        ("commune", "xa", None, "parent"),
        ("district", "huyen", "district", "parent"),
        ("hamlet", "ap", "province", "parent"),
        ("province", "tinh", "province", "parent"),
        ("group", "nhom", "agency", "parent"),
    ],
)
def test_a_unit_in_the_wrong_place_is_refused(level: str, kind: str, parent_level: str | None, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.check_place(level=level, kind=kind, parent_level=parent_level)
    assert refused.value.field == field


def test_a_span_holds_its_first_day_and_not_its_last() -> None:
    span = rules.Span(date(2020, 1, 1), date(2021, 1, 1))
    assert span.holds(date(2020, 1, 1))
    assert not span.holds(date(2021, 1, 1))
    assert rules.Span(date(2020, 1, 1)).holds(date(2999, 1, 1))


@pytest.mark.parametrize(
    "spans",
    [
        [(2018, 2020), (2019, None)],
        [(2018, 2020), (2021, None)],
        [(2018, None), (2020, None)],
        [(2020, 2019)],
    ],
)
def test_versions_that_overlap_or_leave_a_gap_are_no_life(spans: list[tuple[int, int | None]]) -> None:
    life = [rules.Span(date(start, 1, 1), date(end, 1, 1) if end else None) for start, end in spans]
    with pytest.raises(Conflict):
        rules.check_life(life)


def test_versions_that_follow_one_another_are_a_life_in_any_order() -> None:
    rules.check_life([rules.Span(date(2020, 1, 1)), rules.Span(date(2018, 1, 1), date(2020, 1, 1))])


@pytest.mark.parametrize("day", [date(2019, 12, 31), date(2026, 1, 2), date(2025, 1, 1)])
def test_a_change_before_the_last_one_after_the_end_or_to_come_is_refused(day: date) -> None:
    last = rules.Span(date(2020, 1, 1), date(2025, 1, 1))
    with pytest.raises(Invalid) as refused:
        rules.check_change_day(day=day, last=last, today=date(2026, 1, 1))
    assert refused.value.field == "on"


def test_a_change_on_the_day_of_the_last_one_and_today_are_possible() -> None:
    rules.check_change_day(day=DAY, last=rules.Span(DAY), today=DAY)


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (DAY, rules.Span(DAY)),
        (date(2027, 1, 1), rules.Span(DAY)),
        (date(2021, 1, 1), rules.Span(DAY, date(2022, 1, 1))),
    ],
)
def test_a_life_cannot_end_on_its_first_day_in_the_future_or_twice(day: date, last: rules.Span) -> None:
    with pytest.raises(Invalid):
        rules.check_end_day(day=day, last=last, today=date(2026, 1, 1))


def test_a_unit_cannot_come_to_stand_beneath_itself() -> None:
    with pytest.raises(Conflict):
        rules.moved_path("/1/2/3/", root="/1/2/", parent_path="/1/2/3/")
    with pytest.raises(Conflict):
        rules.moved_path("/1/2/", root="/1/2/", parent_path="/1/2/")


numbers = st.lists(st.integers(1, 10**6), min_size=1, max_size=5, unique=True)


@given(above=numbers, beneath=st.lists(st.integers(1, 10**6), max_size=4), target=st.lists(st.integers(1, 10**6)))
def test_a_moved_path_is_the_new_parents_path_and_all_that_was_beneath(
    above: list[int], beneath: list[int], target: list[int]
) -> None:
    root, path, parent = "", "", ""
    for number in above:
        root = rules.path_under(root, number)
    path = root
    for number in beneath:
        path = rules.path_under(path, number)
    for number in target:
        parent = rules.path_under(parent, number)
    if rules.is_within(parent, root):
        with pytest.raises(Conflict):
            rules.moved_path(path, root=root, parent_path=parent)
        return
    moved = rules.moved_path(path, root=root, parent_path=parent)
    assert rules.path_numbers(moved) == (*target, above[-1], *beneath)


def test_a_key_that_is_taken_gets_a_number() -> None:
    assert rules.key_for(["Xã Đông Thái", "An Biên"], taken=()) == "xa-dong-thai-an-bien"
    assert rules.key_for(["Sở A"], taken=["so-a", "so-a-2"]) == "so-a-3"
    assert rules.key_for(["???"], taken=()) == "don-vi"


def test_places_sort_by_their_bare_name_and_agencies_by_the_whole() -> None:
    commune = rules.columns_for(name="Xã An Sơn", short_name="An Sơn", level="commune")["sort_key"]
    town = rules.columns_for(name="Thị trấn Minh Lương", short_name="Minh Lương", level="commune")["sort_key"]
    office = rules.columns_for(name="Sở Y tế", short_name="A", level="agency")["sort_key"]
    assert commune < town < office
