"""A comparison of two formulas, as a form's checks write it: "LIT.L1_15_25 <= LIT.POP_15_25"."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.terms import Term
from hieuhoc.registers.indicators import rules as indicators

SIGNS: Mapping[str, tuple[str, Callable[[Fraction, Fraction], bool]]] = {
    "<=": (Term("không lớn hơn"), operator.le),
    ">=": (Term("không nhỏ hơn"), operator.ge),
    "!=": (Term("khác"), operator.ne),
    "=": (Term("bằng"), operator.eq),
    "<": (Term("nhỏ hơn"), operator.lt),
    ">": (Term("lớn hơn"), operator.gt),
}
_PARTS = re.compile(r"(<=|>=|!=|==|<|>|=)(?![^\[]*\])")


@dataclass(frozen=True)
class Comparison:
    """Two formulas and what must hold between them."""

    left: indicators.Node
    sign: str
    right: indicators.Node

    @property
    def codes(self) -> set[str]:
        """The indicators that it reads."""
        return set(indicators.codes(self.left)) | set(indicators.codes(self.right))

    @property
    def words(self) -> str:
        """What must hold between the two: "không lớn hơn"."""
        return SIGNS[self.sign][0]

    def holds(self, figures: Callable[[str, str, int], Fraction | int | None]) -> bool | None:
        """Whether it holds for some figures; None while one of them is unknown."""
        left, right = (indicators.compute(node, figures).value for node in (self.left, self.right))
        return None if left is None or right is None else SIGNS[self.sign][1](left, right)


def parse_comparison(text: str) -> Comparison:
    """The comparison that a text says. An equals sign within brackets belongs to a breakdown.

    Raises: Invalid for no sign or several, and whatever the formulas are refused for.

    Example:
        >>> parse_comparison("LIT.L1[sex=female] <= LIT.L1").sign
        '<='
    """
    parts = _PARTS.split(text)
    if len(parts) != 3:
        raise Invalid("Hãy viết hai vế và một dấu so sánh, như LIT.L1_15_25 <= LIT.POP_15_25.", field="rule")
    left, sign, right = (part.strip() for part in parts)
    return Comparison(indicators.parse(left), "=" if sign == "==" else sign, indicators.parse(right))
