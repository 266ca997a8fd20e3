"""Reading a formula: text to tree by hand, no `eval`. What cannot be read is named with its place in the text."""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from hieuhoc.kernel.errors import Invalid
from hieuhoc.registers.indicators.rules.breakdown import read_by
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
)

LONGEST = 2000
DEEPEST = 40
# A chain of signs is as deep a tree as it is long, and trees are walked by calls within calls.
MOST_PIECES = 400
FUNCTIONS = ("percent", "mean", "sum", "previous", "change", "whole")
CODE = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*(?:\.[A-Z0-9]+(?:_[A-Z0-9]+)*)+")

_TOKEN = re.compile(
    r"(?P<blank>\s+)"
    r"|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<word>[A-Za-z][A-Za-z0-9_.]*)"
    r"|(?P<by>\[[^\]]*\])"
    r"|(?P<sign>[-+*/(),×·÷:–−])"
)
# Signs that people type or paste for the four of the language.
_OF_ONE = {"previous": Previous, "change": Change, "whole": Whole}
_SIGNS = {"×": "*", "·": "*", "÷": "/", ":": "/", "–": "-", "−": "-"}


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    at: int


@lru_cache(maxsize=4096)
def parse(text: str) -> Node:
    """The tree of a formula.

    Raises: FormulaError, with the place in the text.
    """
    if len(text) > LONGEST:
        raise FormulaError(Invalid("Công thức dài quá {most} ký tự.", most=LONGEST), at=LONGEST)
    tokens = _tokens(text)
    if len(tokens) > MOST_PIECES:
        problem = Invalid("Công thức có hơn {most} mã, số và dấu. Hãy tách thành nhiều chỉ số.", most=MOST_PIECES)
        raise FormulaError(problem, at=tokens[MOST_PIECES].at)
    return _Reader(tokens, end=len(text)).whole()


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            if text[at] == "[":
                raise FormulaError(Invalid("Thiếu dấu “]” đóng phần phân tổ."), at=at)
            raise FormulaError(Invalid("Không hiểu ký tự “{sign}”.", sign=text[at]), at=at)
        kind = match.lastgroup or ""
        if kind != "blank":
            found.append(_Token(kind, _SIGNS.get(match[0], match[0]), at))
        at = match.end()
    return found


class _Reader:
    """Goes through the tokens once, from left to right."""

    def __init__(self, tokens: list[_Token], *, end: int) -> None:
        self._tokens = tokens
        self._next = 0
        self._end = end
        self._depth = 0

    def whole(self) -> Node:
        if not self._tokens:
            raise FormulaError(Invalid("Công thức còn trống."), at=0)
        node = self._added()
        if self._next < len(self._tokens):
            self._refuse_rest()
        return node

    def _refuse_rest(self) -> None:
        rest = self._tokens[self._next]
        if rest.text == ")":
            raise FormulaError(Invalid("Dấu “)” này không có dấu “(” mở."), at=rest.at)
        if rest.text == ",":
            raise FormulaError(
                Invalid("Dấu phẩy chỉ đứng giữa các phần của một hàm; số thập phân viết với dấu chấm: 0.5."),
                at=rest.at,
            )
        raise FormulaError(
            Invalid("Thiếu dấu + - * / trước “{text}”.", text=rest.text), at=rest.at, length=len(rest.text)
        )

    def _peek(self) -> str:
        return self._tokens[self._next].text if self._next < len(self._tokens) else ""

    def _place(self) -> int:
        return self._tokens[self._next].at if self._next < len(self._tokens) else self._end

    def _take(self) -> _Token:
        if self._next >= len(self._tokens):
            raise FormulaError(Invalid("Công thức dừng giữa chừng."), at=self._end)
        self._next += 1
        return self._tokens[self._next - 1]

    def _expect(self, text: str, problem: Invalid) -> None:
        if self._peek().lower() != text:
            raise FormulaError(problem, at=self._place())
        self._next += 1

    def _added(self) -> Node:
        node = self._multiplied()
        while self._peek() in ("+", "-"):
            sign = self._take()
            node = Operation(sign.text, node, self._multiplied(), at=sign.at)
        return node

    def _multiplied(self) -> Node:
        node = self._signed()
        while self._peek() in ("*", "/"):
            sign = self._take()
            node = Operation(sign.text, node, self._signed(), at=sign.at)
        return node

    def _signed(self) -> Node:
        self._depth += 1
        if self._depth > DEEPEST:
            raise FormulaError(Invalid("Công thức lồng quá {most} lớp.", most=DEEPEST), at=self._place())
        if self._peek() == "-":
            sign = self._take()
            node: Node = Negated(self._signed(), at=sign.at)
        else:
            node = self._single()
        self._depth -= 1
        return node

    def _single(self) -> Node:
        token = self._take()
        if token.kind == "number":
            return Number(Fraction(token.text), at=token.at)
        if token.kind == "word":
            return self._function(token) if self._peek() == "(" else self._reference(token)
        if token.text == "(":
            node = self._added()
            self._expect(")", Invalid("Thiếu dấu “)”."))
            return node
        raise FormulaError(
            Invalid("Chỗ này cần một chỉ số, một số hoặc dấu “(”, không phải “{text}”.", text=token.text),
            at=token.at,
            length=len(token.text),
        )

    def _reference(self, token: _Token) -> Node:
        code = token.text.upper()
        if not CODE.fullmatch(code):
            raise FormulaError(
                Invalid("“{text}” không phải là mã chỉ số (mã viết như LIT.POP_15_25).", text=token.text),
                at=token.at,
                length=len(token.text),
            )
        if self._next < len(self._tokens) and self._tokens[self._next].kind == "by":
            chosen = self._take()
            try:
                by = read_by(chosen.text[1:-1])
            except Invalid as problem:
                raise FormulaError(problem, at=chosen.at, length=len(chosen.text)) from problem
            return Reference(code, by, at=token.at)
        return Reference(code, at=token.at)

    def _function(self, token: _Token) -> Node:
        name = token.text.lower()
        if name not in FUNCTIONS:
            raise FormulaError(
                Invalid(
                    "Không có hàm “{name}”. Các hàm có: {functions}.", name=token.text, functions=", ".join(FUNCTIONS)
                ),
                at=token.at,
                length=len(token.text),
            )
        self._take()
        if name == "mean":
            part = self._added()
            self._expect("over", Invalid("mean cần chữ “over” giữa hai phần: mean(a over b)."))
            per = self._added()
            self._expect(")", Invalid("Thiếu dấu “)”."))
            return Mean(part, per, at=token.at)
        return _built(name, self._arguments(), token)

    def _arguments(self) -> list[Node]:
        given = [self._added()]
        while self._peek() == ",":
            self._take()
            given.append(self._added())
        self._expect(")", Invalid("Thiếu dấu “)”."))
        return given


def _built(name: str, given: list[Node], token: _Token) -> Node:
    if name == "sum":
        return Sum(tuple(given), at=token.at)
    needed = 2 if name == "percent" else 1
    if len(given) != needed:
        raise FormulaError(
            Invalid("{name} cần {needed} phần, đang có {given}.", name=name, needed=needed, given=len(given)),
            at=token.at,
            length=len(name),
        )
    if name == "percent":
        return Percent(given[0], given[1], at=token.at)
    return _OF_ONE[name](given[0], at=token.at)
