"""The chain as pure values: whatever is done to it, the first broken entry is named."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hieuhoc.foundation.records import chain

AT = "2020-11-16T08:00:00.000000+00:00"


@dataclass(frozen=True)
class Line:
    number: int
    deed: str = "plans.plan.issue"
    why: str = ""
    actor: str = "user:1"
    actor_name: str = "Trần Thị Bình"
    subject_type: str = "plans.plan"
    subject_key: str = "1"
    subject_name: str = "144/KH-UBND"
    changes: dict[str, Any] = field(default_factory=dict)
    previous_digest: str = chain.FIRST
    digest: str = ""


def chained(lines: list[Line]) -> list[Line]:
    """The lines tied to one another from the first on."""
    tied: list[Line] = []
    for line in lines:
        line = replace(line, previous_digest=tied[-1].digest if tied else chain.FIRST)
        tied.append(replace(line, digest=chain.digest_of(line, instant=AT)))
    return tied


def broken(lines: list[Line]) -> int | None:
    found = chain.first_broken((line, AT) for line in lines)
    return found and found[0]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
changes = st.dictionaries(st.text(max_size=5), values, max_size=3)
trails = st.lists(st.tuples(st.text(max_size=20), changes), min_size=1, max_size=12).map(
    lambda rows: chained([Line(place, why=why, changes=kept) for place, (why, kept) in enumerate(rows, start=1)])
)


@given(trails)
def test_a_trail_that_nobody_touched_holds(trail: list[Line]) -> None:
    assert broken(trail) is None


def test_an_empty_trail_holds() -> None:
    assert broken([]) is None


@given(trails, st.data())
def test_a_changed_line_is_named(trail: list[Line], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(trail) - 1))
    column = data.draw(st.sampled_from(["why", "deed", "actor", "actor_name", "subject_key", "subject_name"]))
    trail[place] = replace(trail[place], **{column: getattr(trail[place], column) + "!"})
    assert broken(trail) == place + 1


@given(trails, st.data())
def test_a_changed_line_with_a_digest_made_anew_breaks_the_next(trail: list[Line], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(trail) - 1))
    forged = replace(trail[place], why=trail[place].why + "!")
    trail[place] = replace(forged, digest=chain.digest_of(forged, instant=AT))
    # The last line has none after it that would tell: the head of the trail does (test_trail).
    assert broken(trail) == (place + 2 if place + 1 < len(trail) else None)


@given(trails, st.data())
def test_a_removed_line_is_named_unless_it_was_the_last(trail: list[Line], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(trail) - 1))
    del trail[place]
    assert broken(trail) == (place + 1 if place < len(trail) else None)


@given(trails, st.data())
def test_an_inserted_line_is_named(trail: list[Line], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(trail) - 1))
    trail.insert(place, replace(trail[place], why="Chen vào."))
    assert broken(trail) == place + 1


@given(trails.filter(lambda trail: len(trail) > 1), st.data())
def test_lines_that_changed_places_are_named(trail: list[Line], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(trail) - 2))
    here, there = trail[place], trail[place + 1]
    trail[place] = replace(there, number=here.number)
    trail[place + 1] = replace(here, number=there.number)
    assert broken(trail) == place + 1


def test_the_moment_is_part_of_the_digest() -> None:
    line = Line(1)
    assert chain.digest_of(line, instant=AT) != chain.digest_of(line, instant=AT.replace("08:00", "08:01"))


@pytest.mark.parametrize("order", [["a", "b"], ["b", "a"]])
def test_the_order_of_keys_does_not_matter(order: list[str]) -> None:
    whole = {"a": 1, "b": 2}
    line = Line(1, changes={key: whole[key] for key in order})
    assert chain.digest_of(line, instant=AT) == chain.digest_of(Line(1, changes=whole), instant=AT)
