"""A formula said in words, and written as a formula of a workbook."""

from collections.abc import Callable, Iterator

from hieuhoc.kernel.terms import Term
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
    write_constant,
)

_JOINED = {
    "+": Term("{left} cộng {right}"),
    "-": Term("{left} trừ {right}"),
    "*": Term("{left} nhân {right}"),
    "/": Term("{left} chia cho {right}"),
}


def in_words(node: Node, name_of: Callable[[Reference], str], *, word: Callable[[str], str] = str) -> str:
    """The formula as a sentence: "Số người biết chữ chia cho số người trong độ tuổi, nhân 100".

    `name_of` names an indicator or a part of it; `word` puts the house's own words into the reader's language.
    """
    said = _said(node, name_of, word)
    return said[:1].upper() + said[1:]


def _said(node: Node, name_of: Callable[[Reference], str], word: Callable[[str], str]) -> str:
    def held(part: Node) -> str:
        text = _said(part, name_of, word)
        return text if isinstance(part, Number | Reference) else f"({text})"

    if isinstance(node, Number):
        return write_constant(node.value).replace(".", ",")
    if isinstance(node, Reference):
        return _beginning_small(name_of(node))
    if isinstance(node, Negated):
        return word(Term("số âm của {of}")).format(of=held(node.of))
    if isinstance(node, Percent):
        sentence = word(Term("{part} chia cho {whole}, nhân 100"))
        return sentence.format(part=held(node.part), whole=held(node.whole))
    if isinstance(node, Mean):
        return word(Term("bình quân {part} trên {per}")).format(part=held(node.part), per=held(node.per))
    if isinstance(node, Sum):
        return word(Term("tổng của {terms}")).format(terms="; ".join(held(term) for term in node.terms))
    if isinstance(node, Previous):
        return word(Term("{of} kỳ trước")).format(of=held(node.of))
    if isinstance(node, Whole):
        return word(Term("{of} (toàn bộ)")).format(of=held(node.of))
    if isinstance(node, Change):
        return word(Term("{of} kỳ này trừ kỳ trước")).format(of=held(node.of))
    if isinstance(node, Operation):
        return word(_JOINED[node.sign]).format(left=held(node.left), right=held(node.right))
    raise AssertionError(node)


def _beginning_small(name: str) -> str:
    # A word all in capitals, such as an abbreviation, keeps them.
    first = name.split(" ", 1)[0]
    return name if len(first) > 1 and first.isupper() else name[:1].lower() + name[1:]


CellOf = Callable[[str, str, int], str]
"""The cell in which a figure stands: code, part, periods back; raises KeyError where the workbook has none."""


def as_excel(node: Node, cell_of: CellOf) -> str:
    """The formula for a cell of a workbook, with "=": empty while a figure is missing or it would divide by zero.

    Works alike in Excel and LibreOffice. Raises: KeyError for a figure without a cell.
    """
    cells = list(dict.fromkeys(_cells(node, cell_of, 0)))
    counted = f"COUNT({','.join(cells)})<{len(cells)}"
    computed = f'IFERROR({_excel(node, cell_of, 0)},"")'
    return f'=IF({counted},"",{computed})' if cells else f"={computed}"


def _cells(node: Node, cell_of: CellOf, back: int) -> Iterator[str]:
    if isinstance(node, Reference):
        yield cell_of(node.code, node.by, back)
    elif isinstance(node, Previous):
        yield from _cells(node.of, cell_of, back + 1)
    elif isinstance(node, Change):
        yield from _cells(node.of, cell_of, back)
        yield from _cells(node.of, cell_of, back + 1)
    else:
        for part in node.parts:
            yield from _cells(part, cell_of, back)


def _excel(node: Node, cell_of: CellOf, back: int) -> str:
    def here(part: Node) -> str:
        return _excel(part, cell_of, back)

    if isinstance(node, Number):
        return write_constant(node.value)
    if isinstance(node, Reference):
        return cell_of(node.code, node.by, back)
    if isinstance(node, Negated):
        return f"(-{here(node.of)})"
    if isinstance(node, Percent):
        return f"(100*{here(node.part)}/{here(node.whole)})"
    if isinstance(node, Mean):
        return f"({here(node.part)}/{here(node.per)})"
    if isinstance(node, Sum):
        return f"SUM({','.join(here(term) for term in node.terms)})"
    if isinstance(node, Whole):
        return here(node.of)
    if isinstance(node, Previous):
        return _excel(node.of, cell_of, back + 1)
    if isinstance(node, Change):
        return f"({here(node.of)}-{_excel(node.of, cell_of, back + 1)})"
    if isinstance(node, Operation):
        return f"({here(node.left)}{node.sign}{here(node.right)})"
    raise AssertionError(node)
