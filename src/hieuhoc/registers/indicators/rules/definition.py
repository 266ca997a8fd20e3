"""What an indicator means, checked when it is built: nothing downstream asks again whether a definition makes sense."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from hieuhoc.kernel.errors import HouseError, Invalid
from hieuhoc.kernel.periods import Calendar, Rhythm
from hieuhoc.kernel.terms import Term
from hieuhoc.registers.indicators.rules import checking
from hieuhoc.registers.indicators.rules.breakdown import Breakdown, check_by
from hieuhoc.registers.indicators.rules.formula import Node, Reference, codes, references
from hieuhoc.registers.indicators.rules.measures import Measure, measure
from hieuhoc.registers.indicators.rules.parsing import CODE, parse

BASE, DERIVED = "base", "derived"
SUM, DISTINCT, NONE, LAST, MEAN = "sum", "distinct", "none", "last", "mean"
LEVELS: Mapping[str, str] = {
    "commune": Term("xã"),
    "district": Term("huyện"),
    "province": Term("tỉnh"),
}
"""The levels that have figures, from the ground up."""
CALENDARS: Mapping[str, str] = {
    Calendar.CLOSING: Term("kỳ báo cáo hành chính (chốt ngày 14)"),
    Calendar.CIVIL: Term("năm dương lịch (1/1–31/12)"),
    Calendar.LITERACY: Term("năm phổ cập, xóa mù chữ (1/10–30/9)"),
    Calendar.SCHOOL: Term("năm học (1/6–31/5)"),
}
RHYTHMS: Mapping[str, str] = {
    Rhythm.MONTH: Term("tháng"),
    Rhythm.QUARTER: Term("quý"),
    Rhythm.HALF: Term("6 tháng"),
    Rhythm.YEAR: Term("năm"),
}
OVER_PLACES = (SUM, DISTINCT, NONE)
OVER_TIME = (SUM, LAST, MEAN, NONE)
DIRECTIONS = ("up", "down", "none")
_FACT = re.compile(r"[a-z_]+\.[a-z_]+")
MOST_DECIMALS = 4


@dataclass(frozen=True)
class Definition:
    """One version of an indicator's meaning.

    A base indicator is stated or counted in whole numbers and rolls up `over_places` and `over_time`; a derived one
    is its `formula` over others, at every level from what they add up to there, so that nothing of it rolls up.
    `fact` names what the house's own records count for it; without one the figure is stated by people.
    """

    code: str
    name: str
    measure: str
    kind: str
    levels: tuple[str, ...]
    calendar: str
    rhythms: tuple[str, ...]
    valid_from: date
    over_places: str = NONE
    over_time: str = NONE
    name_en: str = ""
    meaning: str = ""
    formula: str = ""
    numerator: str = ""
    denominator: str = ""
    breakdowns: tuple[str, ...] = ()
    reported_at: str = "commune"
    decimals: int = 0
    direction: str = "none"
    fact: str = ""
    is_key: bool = False
    source: str = ""
    source_url: str = ""
    note: str = ""
    valid_to: date | None = None
    node: Node | None = field(init=False, compare=False, default=None)

    def __post_init__(self) -> None:
        if not CODE.fullmatch(self.code):
            raise Invalid("Mã “{code}” không đúng: viết như LIT.POP_15_25.", field="code", code=self.code)
        if not self.name.strip():
            raise Invalid("Chỉ số chưa có tên.", field="name")
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise Invalid("Ngày hết hiệu lực phải sau ngày có hiệu lực.", field="valid_to")
        self._check_words()
        one = measure(self.measure)
        if self.kind == BASE:
            self._check_base(one)
        elif self.kind == DERIVED:
            self._check_derived()
        else:
            raise Invalid("Loại chỉ số không đúng.", field="kind")

    @cached_property
    def shown_in(self) -> Measure:
        return measure(self.measure)

    def _check_words(self) -> None:
        _among("levels", self.levels, LEVELS)
        _among("rhythms", self.rhythms, RHYTHMS)
        _among("calendar", (self.calendar,), CALENDARS)
        _among("direction", (self.direction,), DIRECTIONS)
        if self.reported_at not in LEVELS:
            raise Invalid("Cấp báo số liệu gốc không đúng.", field="reported_at")
        if not 0 <= self.decimals <= MOST_DECIMALS:
            raise Invalid("Số chữ số thập phân từ 0 đến {most}.", field="decimals", most=MOST_DECIMALS)
        if len(set(self.breakdowns)) != len(self.breakdowns):
            raise Invalid("Một phân tổ được chọn hai lần.", field="breakdowns")
        if self.fact and not _FACT.fullmatch(self.fact):
            raise Invalid("Tên số đếm từ sổ sách viết như plans.tasks_due.", field="fact")

    def _check_base(self, one: Measure) -> None:
        if self.formula:
            raise Invalid("Số liệu gốc không có công thức.", field="formula")
        if not one.is_whole:
            raise Invalid(
                "Số liệu gốc là số nguyên; “{name}” là chỉ số tính từ số khác.", field="measure", name=Term(one.name)
            )
        _among("over_places", (self.over_places,), OVER_PLACES)
        _among("over_time", (self.over_time,), OVER_TIME)
        if self.decimals and one.scale == 1 and self.over_time != MEAN:
            raise Invalid("Số đếm không có chữ số thập phân.", field="decimals")
        if self.over_places == SUM and self.reported_at not in self.levels:
            raise Invalid("Cấp báo số liệu gốc phải là một cấp có số liệu.", field="reported_at")

    def _check_derived(self) -> None:
        if not self.formula.strip():
            raise Invalid("Chỉ số tính từ chỉ số khác phải có công thức.", field="formula")
        if self.fact:
            raise Invalid("Chỉ số có công thức không đếm từ sổ sách.", field="fact")
        if (self.over_places, self.over_time) != (NONE, NONE):
            raise Invalid("Chỉ số có công thức được tính lại ở từng cấp, từng kỳ, không cộng lên.", field="over_places")
        object.__setattr__(self, "node", parse(self.formula))


def check_among(one: Definition, *, known: Mapping[str, Definition], breakdowns: Mapping[str, Breakdown]) -> None:
    """That a definition fits the others it leans on; `known` gives the meaning of every other code that day.

    Raises: Invalid, FormulaError: a breakdown nobody knows, an indicator nobody knows, measures that do not fit, a
        circle, a part that is not kept, a period or a level for which a part has no figure.
    """
    for code in one.breakdowns:
        if code not in breakdowns:
            raise Invalid("Không có phân tổ “{code}”.", field="breakdowns", code=code)
    if one.node is None:
        return
    among = {**known, one.code: one}
    checking.check_known(one.node, among)
    checking.check_no_circle(_formulas_beneath(one, among))
    _check_measure(one, one.node, among)
    for part in _parts(one, one.node, among, breakdowns):
        base = among[part.code]
        try:
            check_by(part.by, breakdowns=base.breakdowns, known=breakdowns)
            _check_part(one, base)
        except Invalid as problem:
            raise Invalid(
                "{code}: {problem}", field=problem.field or "formula", code=part.code, problem=problem
            ) from problem


def check_all(
    definitions: Iterable[Definition], *, breakdowns: Mapping[str, Breakdown]
) -> list[tuple[str, HouseError]]:
    """What is wrong among definitions that hold together: code and reason, none when all is well."""
    known = {one.code: one for one in definitions}
    found: list[tuple[str, HouseError]] = []
    for one in known.values():
        try:
            check_among(one, known=known, breakdowns=breakdowns)
        except Invalid as problem:
            found.append((one.code, problem))
    return found


def leans_on(one: Definition) -> frozenset[str]:
    """The codes that its formula names."""
    return codes(one.node) if one.node is not None else frozenset()


def _formulas_beneath(one: Definition, among: Mapping[str, Definition]) -> dict[str, Node]:
    found: dict[str, Node] = {}
    waiting = [one.code]
    while waiting:
        code = waiting.pop()
        node = among[code].node if code in among else None
        if node is not None and code not in found:
            found[code] = node
            waiting.extend(codes(node))
    return found


def _parts(
    one: Definition, node: Node, among: Mapping[str, Definition], breakdowns: Mapping[str, Breakdown]
) -> Iterator[Reference]:
    """Every base figure that is needed for the whole, and for one part of each breakdown."""
    samples = [next((value.code for value in breakdowns[code].values), "x") for code in one.breakdowns]
    for by in ("", *(f"{code}={value}" for code, value in zip(one.breakdowns, samples, strict=True))):
        yield from references(checking.expand(node, lambda code: among[code].node, by=by))


def _check_measure(one: Definition, node: Node, among: Mapping[str, Definition]) -> None:
    given = checking.dimension_of(node, lambda code: among[code].shown_in.dimension)
    wanted = one.shown_in.dimension
    if given != wanted:
        raise Invalid(
            "Công thức cho ra “{given}”, đơn vị tính đã chọn là “{wanted}”.",
            field="measure",
            given=given.words,
            wanted=wanted.words,
        )


def _check_part(one: Definition, base: Definition) -> None:
    if base.calendar != one.calendar:
        raise Invalid(
            "theo {other}, khác {own}.",
            field="calendar",
            other=Term(CALENDARS[base.calendar]),
            own=Term(CALENDARS[one.calendar]),
        )
    for rhythm in one.rhythms:
        if rhythm not in base.rhythms:
            raise Invalid("không có số liệu theo {rhythm}.", field="rhythms", rhythm=Term(RHYTHMS[rhythm]))
    order = list(LEVELS)
    for level in one.levels:
        if order.index(level) < order.index(base.reported_at):
            raise Invalid("không có số liệu ở cấp {level}.", field="levels", level=Term(LEVELS[level]))


def _among(name: str, given: Iterable[str], allowed: Iterable[str]) -> None:
    chosen = list(given)
    if not chosen:
        raise Invalid("Hãy chọn ít nhất một mục.", field=name)
    if len(set(chosen)) != len(chosen) or any(one not in set(allowed) for one in chosen):
        raise Invalid("Mục đã chọn không có trong danh sách.", field=name)
