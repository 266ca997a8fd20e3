"""Formulas as trees: what a derived indicator is made of, and the one way in which each tree is written.

    percent(LIT.L1_15_25[sex=female], LIT.POP_15_25[sex=female])
    mean(FUND.RAISED over POP.ALL)
    sum(A.X, A.Y) - 0.5 * previous(A.Z)

`parsing` reads them, `checking` judges them, `computing` works them out, `wording` says them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.terms import Term


class FormulaError(Invalid):
    """What is wrong with a formula, and where: `at` counts characters from 0, `length` says how many are meant."""

    def __init__(self, problem: Invalid, *, at: int, length: int = 1) -> None:
        sentence = Term("Công thức, ký tự thứ {place}: {problem}")
        super().__init__(sentence, field="formula", place=at + 1, problem=problem)
        self.problem = problem
        self.at = at
        self.length = length


@dataclass(frozen=True)
class Node:
    """A part of a formula. `at` is where it begins in the text; two parts are equal wherever they stood."""

    at: int = field(default=0, compare=False, kw_only=True)

    @property
    def parts(self) -> tuple[Node, ...]:
        return ()


@dataclass(frozen=True)
class Number(Node):
    """A constant, not negative, with an end to its decimals."""

    value: Fraction


@dataclass(frozen=True)
class Reference(Node):
    """Another indicator; `by` picks a part of it, as facts do: "sex=female"."""

    code: str
    by: str = ""


@dataclass(frozen=True)
class Negated(Node):
    of: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.of,)


@dataclass(frozen=True)
class Operation(Node):
    """Two parts joined by one of + - * /."""

    sign: str
    left: Node
    right: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True)
class Percent(Node):
    """How many of a hundred of the whole the part is; both count the same thing."""

    part: Node
    whole: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.part, self.whole)


@dataclass(frozen=True)
class Mean(Node):
    """How much falls to one of something else: đồng per person, persons per class."""

    part: Node
    per: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.part, self.per)


@dataclass(frozen=True)
class Sum(Node):
    terms: tuple[Node, ...]

    @property
    def parts(self) -> tuple[Node, ...]:
        return self.terms


@dataclass(frozen=True)
class Previous(Node):
    """The same in the period before."""

    of: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.of,)


@dataclass(frozen=True)
class Whole(Node):
    """The same for everybody, whatever part of the formula is asked for: a share of a structure leans on it."""

    of: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.of,)


@dataclass(frozen=True)
class Change(Node):
    """By how much it differs from the period before."""

    of: Node

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.of,)


def references(node: Node) -> Iterator[Reference]:
    """Every mention of an indicator in a formula, in the order of the text, repeated ones too."""
    if isinstance(node, Reference):
        yield node
    for part in node.parts:
        yield from references(part)


def codes(node: Node) -> frozenset[str]:
    """The codes of the indicators that a formula names."""
    return frozenset(one.code for one in references(node))


_STRENGTH = {"+": 1, "-": 1, "*": 2, "/": 2}


def write(node: Node) -> str:
    """The formula as text, with no more parentheses than it needs; reading it gives the same tree."""
    if isinstance(node, Number):
        return write_constant(node.value)
    if isinstance(node, Reference):
        return node.code + (f"[{node.by}]" if node.by else "")
    if isinstance(node, Negated):
        return "-" + _held(node.of, 3)
    if isinstance(node, Operation):
        strength = _STRENGTH[node.sign]
        return f"{_held(node.left, strength)} {node.sign} {_held(node.right, strength + 1)}"
    if isinstance(node, Mean):
        return f"mean({write(node.part)} over {write(node.per)})"
    name = type(node).__name__.lower()
    return f"{name}({', '.join(write(part) for part in node.parts)})"


def write_constant(value: Fraction) -> str:
    """A constant as formulas write it: 12, 0.5."""
    places = 0
    while (value * 10**places).denominator != 1:
        places += 1
    digits = f"{(value * 10**places).numerator:0{places + 1}d}"
    return digits if not places else f"{digits[:-places]}.{digits[-places:]}"


def _held(node: Node, strength: int) -> str:
    own = _STRENGTH[node.sign] if isinstance(node, Operation) else 3 if isinstance(node, Negated) else 4
    return write(node) if own >= strength else f"({write(node)})"
