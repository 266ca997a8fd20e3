"""How the rest of the house follows a reorganisation, without places knowing who the rest is.

An app whose rows hold a unit has a module `heirs` with an object of this shape, named in the setting `FOLLOWERS`.
Places calls each of them inside the one transaction of the event, in the order of the setting, and once more, the
other way round, when the event is taken back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol, runtime_checkable

from hieuhoc.foundation.records.trail import Actor

Journal = dict[str, Any]
"""What a follower needs to take its part back: plain values that JSON keeps."""


@dataclass(frozen=True)
class Passing:
    """To whom what an ended unit held passes.

    `heir` is the row number of the main heir; `is_peer` says that the heir stands as high as the ended unit (commune
    and commune, department and department): power may pass to it without growing. `heirs` are all units that took a
    share of the ended one, the main heir first.
    """

    unit: int
    heir: int
    is_peer: bool
    heirs: tuple[int, ...] = ()


@dataclass(frozen=True)
class Turn:
    """One reorganisation as the followers see it: its day, the paper behind it, and who passes what to whom."""

    on: date
    document: str
    passings: Mapping[int, Passing]


@dataclass(frozen=True)
class Line:
    """One thing that a follower did, for the dry run and the record: of which sort, what it is, from and to whom.

    `sort` is a word of the house in Vietnamese ("Vai trò", "Việc được giao"), `fate` what happened to it, both marked
    for translation where they are written; `detail` is a figure or a name that goes with the fate.
    """

    sort: str
    name: str
    unit: int
    heir: int | None
    fate: str
    detail: str = ""


@dataclass(frozen=True)
class Followed:
    """What a follower did: told line by line for people, and kept for taking it back."""

    lines: Sequence[Line] = ()
    journal: Journal = field(default_factory=dict)


class Follower(Protocol):
    """A part of the house that refers to units."""

    name: str
    """How its journal is filed; never changes."""

    def follow(self, *, by: Actor, turn: Turn) -> Followed:
        """Let everything that stood with an ended unit stand with its heir, and say what was done.

        Raises: Invalid when something has no heir; the whole event then does not happen.
        """

    def take_back(self, *, by: Actor, turn: Turn, journal: Journal) -> None:
        """Put everything back as it was before `follow`.

        Raises: Conflict when something has been built on it since.
        """


@runtime_checkable
class Settling(Protocol):
    """A follower whose part depends on the map as it is in the end, not only on who passes what to whom."""

    def settle(self, *, by: Actor, turn: Turn) -> None:
        """Called when an event has been taken back and the register is again as it was before it."""
