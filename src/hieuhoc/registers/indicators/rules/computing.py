"""Working a formula out, exactly: over fractions, where unknown stays unknown and says why."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from hieuhoc.kernel.errors import HouseError, Invalid
from hieuhoc.registers.indicators.rules.formula import (
    Change,
    Mean,
    Negated,
    Node,
    Number,
    Operation,
    Percent,
    Previous,
    Reference,
    Sum,
    Whole,
)

Figures = Callable[[str, str, int], Fraction | int | None]
"""The figure of an indicator: its code, its part ("" for the whole), and how many periods before this one."""


@dataclass(frozen=True)
class Computed:
    """The value of a formula; unknown is None, with the reason."""

    value: Fraction | None
    why: HouseError | None = None


class _Unknown(Exception):
    def __init__(self, why: HouseError) -> None:
        super().__init__(why.sentence)
        self.why = why


def compute(node: Node, figures: Figures) -> Computed:
    """The value of a formula over figures.

    Units: what is counted; percent of a hundred. Money in đồng, whatever the measure shows.
    """
    try:
        return Computed(_value(node, figures, 0))
    except _Unknown as stopped:
        return Computed(None, stopped.why)


def _value(node: Node, figures: Figures, back: int) -> Fraction:
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Reference):
        return _figure(node, figures, back)
    if isinstance(node, Negated):
        return -_value(node.of, figures, back)
    if isinstance(node, Sum):
        return sum((_value(term, figures, back) for term in node.terms), Fraction(0))
    if isinstance(node, Whole):
        return _value(node.of, figures, back)
    if isinstance(node, Previous):
        return _value(node.of, figures, back + 1)
    if isinstance(node, Change):
        return _value(node.of, figures, back) - _value(node.of, figures, back + 1)
    if isinstance(node, Percent):
        return 100 * _divided(_value(node.part, figures, back), _value(node.whole, figures, back))
    if isinstance(node, Mean):
        return _divided(_value(node.part, figures, back), _value(node.per, figures, back))
    if isinstance(node, Operation):
        left, right = _value(node.left, figures, back), _value(node.right, figures, back)
        return _operated(node.sign, left, right)
    raise AssertionError(node)


def _operated(sign: str, left: Fraction, right: Fraction) -> Fraction:
    if sign == "+":
        return left + right
    if sign == "-":
        return left - right
    return left * right if sign == "*" else _divided(left, right)


def _divided(part: Fraction, whole: Fraction) -> Fraction:
    if not whole:
        raise _Unknown(Invalid("Mẫu số bằng 0."))
    return part / whole


def _figure(node: Reference, figures: Figures, back: int) -> Fraction:
    value = figures(node.code, node.by, back)
    if value is not None:
        return Fraction(value)
    what = f"{node.code}[{node.by}]" if node.by else node.code
    if back:
        raise _Unknown(Invalid("Chưa có số liệu kỳ trước của {what}.", what=what))
    raise _Unknown(Invalid("Chưa có số liệu của {what}.", what=what))
