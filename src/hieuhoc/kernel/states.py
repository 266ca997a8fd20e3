"""State machines as tables: which moves exist, from where to where, and which need a reason."""

from collections.abc import Mapping
from dataclasses import dataclass

from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.kernel.terms import Term


@dataclass(frozen=True)
class Move:
    """One permitted move: the states it may start from, the state it ends in, and whether it needs a reason."""

    sources: tuple[str, ...]
    target: str
    reason: bool = False


@dataclass(frozen=True)
class Machine:
    """A named table of moves. A table that names an unknown state cannot be built.

    Example:
        >>> door = Machine("door", start="shut", states={"shut": "Đóng", "open": "Mở"},
        ...                moves={"unlock": Move(("shut",), "open")})
        >>> door.after("unlock", state="shut")
        'open'
    """

    name: str
    start: str
    states: Mapping[str, str]
    moves: Mapping[str, Move]

    def __post_init__(self) -> None:
        named = {self.start} | {move.target for move in self.moves.values()}
        named |= {source for move in self.moves.values() for source in move.sources}
        if unknown := named - set(self.states):
            raise ValueError(f"machine {self.name}: unknown states {sorted(unknown)}")

    def may(self, deed: str, *, state: str) -> bool:
        """Whether the move called `deed` exists from `state`."""
        return state in self.moves[deed].sources

    def possible(self, state: str) -> tuple[str, ...]:
        """The moves that exist from `state`, in the order of the table."""
        return tuple(deed for deed, move in self.moves.items() if state in move.sources)

    def after(self, deed: str, *, state: str, why: str = "") -> str:
        """The state that the move called `deed` leads to.

        Raises: Conflict when the move does not exist from `state`;
            Invalid (field `why`) when the move needs a reason and none is given.
        """
        move = self.moves[deed]
        if state not in move.sources:
            raise Conflict(
                "Việc này đang ở trạng thái “{state}”, không còn thực hiện được thao tác vừa chọn. "
                "Có thể người khác vừa xử lý; hãy tải lại trang.",
                state=Term(self.states[state]),
            )
        if move.reason and not why.strip():
            raise Invalid("Hãy ghi lý do.", field="why")
        return move.target

    def choices(self) -> list[tuple[str, str]]:
        """State and its Vietnamese name, for a form or a model field."""
        return list(self.states.items())
