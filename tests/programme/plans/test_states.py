"""The machines of a plan: which ways lead where, and that none leads out of its table or into a corner."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hieuhoc.kernel.states import Machine
from hieuhoc.programme.plans import states

MACHINES = [states.PLAN, states.TASK, states.ASSIGNMENT, states.OBSTACLE, states.LINK]
# From which states no move leads on.
ENDS = {"plan": set(), "task": set(), "assignment": {"joined"}, "obstacle": {"withdrawn"}, "link": set()}


def named(machine: Machine) -> str:
    return machine.name


@pytest.mark.parametrize("machine", MACHINES, ids=named)
def test_every_state_can_be_reached(machine: Machine) -> None:
    reached, waiting = set[str](), [machine.start]
    while waiting:
        state = waiting.pop()
        reached.add(state)
        waiting += [target for deed in machine.possible(state) if (target := machine.moves[deed].target) not in reached]
    assert reached == set(machine.states)


@pytest.mark.parametrize("machine", MACHINES, ids=named)
def test_only_ends_have_no_way_on(machine: Machine) -> None:
    assert {state for state in machine.states if not machine.possible(state)} == ENDS[machine.name]


@pytest.mark.parametrize("machine", MACHINES, ids=named)
@given(data=st.data())
def test_no_chain_of_moves_leaves_the_table(machine: Machine, data: st.DataObject) -> None:
    state = machine.start
    for _ in range(data.draw(st.integers(0, 20))):
        possible = machine.possible(state)
        if not possible:
            break
        state = machine.after(data.draw(st.sampled_from(possible)), state=state, why="Vì thế.")
        assert state in machine.states


# The whole table of the assignment: from each state, each deed, and where it ends ("" where it does not exist).
WAYS = {
    "accept": {"assigned": "underway"},
    "report": {"assigned": "underway", "underway": "underway", "returned": "underway"},
    "complete": {"assigned": "done", "underway": "done", "returned": "done"},
    "withdraw": {"done": "underway"},
    "confirm": {"done": "confirmed"},
    "return": {"done": "returned", "confirmed": "returned"},
    "hand_over": {"assigned": "assigned", "underway": "assigned", "returned": "assigned"},
    "cancel": {"assigned": "cancelled", "underway": "cancelled", "returned": "cancelled", "done": "cancelled"},
    "reinstate": {"cancelled": "assigned"},
    "join": {"assigned": "joined", "underway": "joined", "returned": "joined", "done": "joined"},
}


@pytest.mark.parametrize("deed", list(states.ASSIGNMENT.moves))
@pytest.mark.parametrize("state", list(states.ASSIGNMENT.states))
def test_an_assignment_goes_only_these_ways(deed: str, state: str) -> None:
    target = WAYS[deed].get(state)
    assert states.ASSIGNMENT.may(deed, state=state) is (target is not None)
    if target:
        assert states.ASSIGNMENT.after(deed, state=state, why="Vì thế.") == target


def test_what_takes_work_away_or_back_needs_a_reason() -> None:
    reasons = {deed for deed, move in states.ASSIGNMENT.moves.items() if move.reason}
    assert reasons == {"return", "hand_over", "cancel", "reinstate", "join"}


def test_open_and_ended_leave_only_what_waits_to_be_confirmed() -> None:
    assert set(states.ASSIGNMENT.states) - set(states.OPEN) - set(states.ENDED) == {"done"}
    assert not set(states.OPEN) & set(states.ENDED)


def test_an_obstacle_is_closed_only_after_an_answer() -> None:
    assert [state for state in states.OBSTACLE.states if states.OBSTACLE.may("close", state=state)] == ["answered"]
