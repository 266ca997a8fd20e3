"""What a turn is, who is counted once, and what is not known."""

from collections import defaultdict
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from hieuhoc.programme.learning.rules import counting
from hieuhoc.programme.learning.rules.counting import Ground, Heads, Learner, Traits, Turns

# Two districts of two communes each beneath one province.
ABOVE = {11: (11, 1, 9), 12: (12, 1, 9), 21: (21, 2, 9), 22: (22, 2, 9)}
GROUND = Ground(ABOVE, {5: 11})


def heads(activity: int, session: int, day: int, count: int, sex: str = "") -> Heads:
    return Heads(activity, 11, "law", session, date(2020, 11, day), sex, "", count)


def test_an_activity_has_as_many_turns_without_names_as_its_fullest_session_had_heads() -> None:
    rows = [heads(1, 1, 2, 10), heads(1, 2, 4, 7, "female"), heads(1, 2, 4, 8, "male"), heads(2, 3, 5, 4)]
    assert sum(one.number for one in counting.fullest_sessions(rows)) == 19
    assert {one.session for one in counting.fullest_sessions(rows)} == {2, 3}


def test_of_sessions_equally_full_the_first_is_taken() -> None:
    assert counting.fullest_sessions([heads(1, 8, 9, 5), heads(1, 9, 2, 5)]) == [heads(1, 9, 2, 5)]


def test_someone_of_unknown_sex_is_in_the_whole_alone() -> None:
    rows = [Turns(11, "law", Traits(), 3), Turns(11, "law", Traits("female", "61", True), 2)]
    found = counting.turns_by_part(rows, GROUND)[11]
    assert found == {"": 5, "field=law": 5, "sex=female": 2, "learner_age=61": 2, "ethnic_minority=yes": 2}


def test_the_rows_of_a_unit_that_has_ended_count_in_its_heir_and_of_one_without_heir_nowhere() -> None:
    found = counting.turns_by_part([Turns(5, "law", Traits(), 3), Turns(77, "law", Traits(), 4)], GROUND)
    assert {unit: parts[""] for unit, parts in found.items()} == {11: 3}


def test_parts_that_nobody_recorded_are_left_out_and_known_zeros_are_told() -> None:
    breakdowns = [counting.SEX_PARTS, (counting.MINORITY,)]
    assert dict(counting.told({"": 4}, breakdowns)) == {"": 4}
    kinh = counting.turns_by_part([Turns(11, "law", Traits("", "", is_minority=False), 4)], GROUND)[11]
    assert dict(counting.told(kinh, breakdowns)) == {"": 4, "ethnic_minority=yes": 0}
    nobody = {"": 0, "sex=female": 0, "sex=male": 0, "ethnic_minority=yes": 0}
    assert dict(counting.told({}, breakdowns)) == nobody


PEOPLE = st.lists(st.tuples(st.integers(1, 12), st.sampled_from([11, 12, 21, 22, 5])), max_size=40)


@given(PEOPLE)
def test_people_are_distinct_at_every_level_as_a_plain_count_says(seen: list[tuple[int, int]]) -> None:
    women = {person for person, _unit in seen if person % 2}
    rows = [Learner(person, unit, Traits("female" if person in women else "male")) for person, unit in seen]
    reference: dict[int, set[int]] = defaultdict(set)
    for person, unit in seen:
        for above in ABOVE[11 if unit == 5 else unit]:
            reference[above].add(person)
    found = counting.people_by_part(rows, GROUND)
    assert {unit: parts[""] for unit, parts in found.items()} == {unit: len(who) for unit, who in reference.items()}
    for unit, who in reference.items():
        assert found[unit]["sex=female"] == len(who & women)
