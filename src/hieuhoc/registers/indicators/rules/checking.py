"""Judging formulas: known indicators, measures that fit, no circle; and opening them to base figures."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches

from hieuhoc.kernel.errors import Invalid
from hieuhoc.registers.indicators.rules.breakdown import chosen_by, write_by
from hieuhoc.registers.indicators.rules.formula import (
    Change,
    FormulaError,
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
    codes,
    references,
)
from hieuhoc.registers.indicators.rules.measures import BARE, PERCENT, Dimension, of


def check_known(node: Node, known: Mapping[str, object]) -> None:
    """That every indicator of a formula is one of these.

    Raises: FormulaError, with the nearest code as a guess.
    """
    for one in references(node):
        if one.code in known:
            continue
        guesses = get_close_matches(one.code, known, n=1, cutoff=0.6)
        problem = (
            Invalid("không có chỉ số “{code}”. Có phải là “{guess}”?", code=one.code, guess=guesses[0])
            if guesses
            else Invalid("không có chỉ số “{code}”.", code=one.code)
        )
        raise FormulaError(problem, at=one.at, length=len(one.code))


def dimension_of(node: Node, dimension_of_code: Callable[[str], Dimension]) -> Dimension:
    """What a formula counts, after its parts.

    Raises: FormulaError where parts are joined that do not fit: persons added to classes, a share of another thing.
    """

    def here(part: Node) -> Dimension:
        return dimension_of(part, dimension_of_code)

    if isinstance(node, Number):
        return BARE
    if isinstance(node, Reference):
        return dimension_of_code(node.code)
    if isinstance(node, Negated | Previous | Change | Whole):
        return here(node.of)
    if isinstance(node, Sum):
        first = here(node.terms[0])
        for term in node.terms[1:]:
            _same(node, first, here(term))
        return first
    if isinstance(node, Percent):
        _not_zero(node.whole)
        part, whole = here(node.part), here(node.whole)
        if part != whole:
            raise FormulaError(
                Invalid(
                    "phần trăm cần tử và mẫu cùng đơn vị tính, đang là “{part}” và “{whole}”.",
                    part=part.words,
                    whole=whole.words,
                ),
                at=node.at,
            )
        return of(PERCENT)
    if isinstance(node, Mean):
        _not_zero(node.per)
        return here(node.part) / here(node.per)
    if isinstance(node, Operation):
        return _joined(node, here(node.left), here(node.right))
    raise AssertionError(node)


def _joined(node: Operation, left: Dimension, right: Dimension) -> Dimension:
    if node.sign in "+-":
        _same(node, left, right)
        return left
    if node.sign == "*":
        return left * right
    _not_zero(node.right)
    return left / right


def _same(node: Node, left: Dimension, right: Dimension) -> None:
    if left != right:
        raise FormulaError(
            Invalid("không cộng, trừ “{left}” với “{right}” được.", left=left.words, right=right.words), at=node.at
        )


def _not_zero(node: Node) -> None:
    if isinstance(node, Number) and not node.value:
        raise FormulaError(Invalid("không chia cho 0 được."), at=node.at)


def find_circle(uses: Mapping[str, frozenset[str]]) -> tuple[str, ...]:
    """Codes that need one another, the first repeated at the end; empty when nothing goes round."""
    done: set[str] = set()
    for start in sorted(uses):
        way: list[str] = []
        waiting = [(start, iter(sorted(uses.get(start, ()))))] if start not in done else []
        way.extend(code for code, _ in waiting)
        while waiting:
            code, rest = waiting[-1]
            following = next((one for one in rest if one not in done), None)
            if following is None:
                done.add(code)
                waiting.pop()
                way.pop()
            elif following in way:
                return (*way[way.index(following) :], following)
            else:
                way.append(following)
                waiting.append((following, iter(sorted(uses.get(following, ())))))
    return ()


def check_no_circle(formulas: Mapping[str, Node]) -> None:
    """That no indicator needs itself, by whatever way round. Raises: Invalid (field `formula`) with the circle."""
    circle = find_circle({code: codes(node) for code, node in formulas.items()})
    if circle:
        raise Invalid("Các công thức cần lẫn nhau thành vòng: {circle}.", field="formula", circle=" → ".join(circle))


def expand(node: Node, formula_of: Callable[[str], Node | None], *, by: str = "") -> Node:
    """The formula with every derived indicator opened, until only base ones are left.

    A part chosen of a derived indicator is chosen in all that it is made of. `formula_of` gives None for a base
    indicator; there must be no circle.

    Raises: FormulaError when two parts of one breakdown are asked for at once.
    """

    def opened(part: Node) -> Node:
        return expand(part, formula_of, by=by)

    if isinstance(node, Reference):
        chosen = _both(node, by)
        inner = formula_of(node.code)
        return Reference(node.code, chosen, at=node.at) if inner is None else expand(inner, formula_of, by=chosen)
    if isinstance(node, Negated):
        return Negated(opened(node.of), at=node.at)
    if isinstance(node, Previous):
        return Previous(opened(node.of), at=node.at)
    if isinstance(node, Change):
        return Change(opened(node.of), at=node.at)
    if isinstance(node, Whole):
        return expand(node.of, formula_of)
    if isinstance(node, Sum):
        return Sum(tuple(opened(term) for term in node.terms), at=node.at)
    if isinstance(node, Percent):
        return Percent(opened(node.part), opened(node.whole), at=node.at)
    if isinstance(node, Mean):
        return Mean(opened(node.part), opened(node.per), at=node.at)
    if isinstance(node, Operation):
        return Operation(node.sign, opened(node.left), opened(node.right), at=node.at)
    return node


def _both(node: Reference, by: str) -> str:
    own, asked = chosen_by(node.by), chosen_by(by)
    for key in own.keys() & asked.keys():
        if own[key] != asked[key]:
            raise FormulaError(
                Invalid("“{code}” đã chọn {key}={value}.", code=node.code, key=key, value=own[key]), at=node.at
            )
    return write_by(own | asked)
