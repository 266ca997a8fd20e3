"""State machines: a table that cannot lie, and a machine that never leaves its table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.kernel.states import Machine, Move

DOOR = Machine(
    "door",
    start="shut",
    states={"shut": "Đóng", "open": "Mở", "locked": "Khóa"},
    moves={
        "open": Move(("shut",), "open"),
        "shut": Move(("open",), "shut"),
        "lock": Move(("shut",), "locked", reason=True),
        "unlock": Move(("locked",), "shut"),
    },
)


def test_a_move_leads_to_its_target() -> None:
    assert DOOR.after("open", state="shut") == "open"


def test_a_move_that_does_not_exist_from_here_is_a_conflict_that_names_the_state() -> None:
    with pytest.raises(Conflict, match="Khóa"):
        DOOR.after("open", state="locked")


@pytest.mark.parametrize("why", ["", "   ", "\n\t"])
def test_a_move_that_needs_a_reason_is_invalid_without_one(why: str) -> None:
    with pytest.raises(Invalid) as refused:
        DOOR.after("lock", state="shut", why=why)
    assert refused.value.field == "why"


def test_where_a_move_does_not_exist_the_missing_reason_is_not_asked_for() -> None:
    with pytest.raises(Conflict):
        DOOR.after("lock", state="open")


def test_a_reason_lets_the_move_pass() -> None:
    assert DOOR.after("lock", state="shut", why="Hết giờ.") == "locked"


def test_what_is_possible_stands_in_the_order_of_the_table() -> None:
    assert DOOR.possible("shut") == ("open", "lock")
    assert DOOR.possible("locked") == ("unlock",)


@pytest.mark.parametrize(
    ("start", "moves"),
    [
        ("ajar", {}),
        ("shut", {"break": Move(("shut",), "broken")}),
        ("shut", {"mend": Move(("broken",), "shut")}),
    ],
)
def test_a_table_that_names_an_unknown_state_cannot_be_built(start: str, moves: dict[str, Move]) -> None:
    with pytest.raises(ValueError, match="unknown states"):
        Machine("door", start=start, states={"shut": "Đóng"}, moves=moves)


def test_the_choices_are_the_states_with_their_names() -> None:
    assert DOOR.choices() == [("shut", "Đóng"), ("open", "Mở"), ("locked", "Khóa")]


@given(st.lists(st.sampled_from(sorted(DOOR.moves)), max_size=30))
def test_whatever_is_tried_the_machine_stays_in_its_table(deeds: list[str]) -> None:
    state = DOOR.start
    for deed in deeds:
        before = state
        if DOOR.may(deed, state=state):
            state = DOOR.after(deed, state=state, why="Vì thế.")
            assert state == DOOR.moves[deed].target
        else:
            with pytest.raises(Conflict):
                DOOR.after(deed, state=state, why="Vì thế.")
            assert state == before
        assert state in DOOR.states
