"""The sheet of one submission: every cell with what stands there, what was counted, what the last period had.

While a report is being filled, a unit's own figures are those of the report, else those in the register; derived ones
are worked out from them. The figures of a unit with others beneath it are the totals of the register. A locked report
shows the copy that was taken when it was handed in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from hieuhoc.kernel.errors import HouseError
from hieuhoc.kernel.periods import Calendar, Period, Rhythm
from hieuhoc.registers.indicators import rules as indicator_rules
from hieuhoc.registers.indicators import selectors as indicators
from hieuhoc.registers.indicators.selectors import At, Value
from hieuhoc.registers.places import selectors as places
from hieuhoc.reports import rules, states
from hieuhoc.reports.models import Comment, Figure, Submission
from hieuhoc.reports.selectors.forms import Asked, asked_in
from hieuhoc.reports.selectors.submissions import previous_submission

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

Meaning = indicator_rules.Definition
_UNKNOWN = Value(None)


@dataclass(frozen=True)
class SheetCell:
    """A cell of a sheet.

    `value` is what counts now, `last` that of the period before. `counted` is what the house's own rows say, `stated`
    with `reason` what this report says; `elsewhere` says that another report has stated the figure already. `is_own`:
    the unit states the figure itself; where it is not, but `takes_figure`, a remark beside the total may be written.
    Units: whole numbers of what is counted.
    """

    cell: rules.Cell
    meaning: Meaning
    value: Value
    last: Value
    is_own: bool
    takes_figure: bool
    counted: int | None = None
    stated: int | None = None
    reason: str = ""
    elsewhere: str = ""

    @property
    def is_remark(self) -> bool:
        """Whether the report says something else than the total beside which it stands."""
        return not self.is_own and self.stated is not None

    @property
    def differs(self) -> bool:
        """Whether the stated figure is another than the counted one."""
        return self.is_own and None not in (self.stated, self.counted) and self.stated != self.counted


@dataclass(frozen=True)
class Sheet:
    """A submission as it stands. `cells`, `words`, `last_words`, `comments` are by the keys of the layout."""

    submission: Submission
    asked: Asked
    cells: Mapping[str, SheetCell]
    words: Mapping[str, str]
    last_words: Mapping[str, str]
    comments: Mapping[str, Sequence[Comment]]
    findings: Sequence[rules.Finding] = ()
    series: Mapping[str, Sequence[tuple[Period | str, Value]]] = field(default_factory=dict)
    units: Mapping[str, Sequence[tuple[object, Sequence[Value]]]] = field(default_factory=dict)
    place: Unit | None = None

    @property
    def unit(self) -> Unit:
        """The unit whose figures these are."""
        return self.place or self.submission.unit

    @property
    def layout(self) -> rules.Layout:
        return self.asked.layout

    @property
    def period(self) -> Period:
        return self.submission.round.period.period

    @property
    def expected(self) -> int:
        """How many cells take a figure of the unit's own."""
        return sum(1 for one in self.cells.values() if one.is_own)

    @property
    def known(self) -> int:
        """How many of them have one."""
        return sum(1 for one in self.cells.values() if one.is_own and one.value.value is not None)


def unit_of_figures(submission: Submission) -> Unit:
    """Whose figures a report shows: its unit's; an agency has none of its own and shows those of its place."""
    if submission.level != "agency":
        return submission.unit
    return places.place_of(submission.unit) or submission.unit


def is_own(meaning: Meaning, submission: Submission) -> bool:
    """Whether the submission's unit states this figure itself.

    Otherwise it comes from the units beneath it, or from shorter periods: a figure of months is not stated for a year.
    """
    if meaning.kind != rules.BASE or not _lies_on(meaning, submission.round.period.period):
        return False
    if meaning.over_places == "sum":
        return meaning.reported_at == submission.level
    return submission.level in meaning.levels


def _lies_on(meaning: Meaning, period: Period) -> bool:
    """Whether facts of an indicator lie on such a period: of its calendar, and of the shortest of its rhythms."""
    if period.calendar is Calendar.OWN:
        return True
    if meaning.calendar != period.calendar:
        return False
    shortest = min((Rhythm(rhythm) for rhythm in meaning.rhythms), key=lambda rhythm: rhythm.months)
    return period.rhythm.value in meaning.rhythms if meaning.over_time == "none" else period.rhythm is shortest


def takes_figure(meaning: Meaning, submission: Submission) -> bool:
    """Whether a person may write a number there: the unit's own figure, or a remark beside a total."""
    return meaning.kind == rules.BASE and (is_own(meaning, submission) or submission.level in meaning.levels)


def sheet(user: User, submission: Submission) -> Sheet:
    """The sheet of a submission that the user may see, with its checks, comments, charts and tables by unit."""
    asked = asked_in(submission.round)
    figures = _Figures.read(submission, asked)
    comments: dict[str, list[Comment]] = {}
    for comment in submission.comments.select_related("author"):
        comments.setdefault(comment.key, []).append(comment)
    before = previous_submission(submission)
    return Sheet(
        submission,
        asked,
        figures.cells(),
        _words(submission),
        _words(before) if before else {},
        comments,
        figures.findings() if submission.state not in ("locked", *states.LEFT_OUT) else (),
        _series(submission, asked),
        _beneath(submission, asked),
        unit_of_figures(submission),
    )


def standing_figures(submission: Submission) -> list[SheetCell]:
    """What stands in every cell now. For services: it asks nobody."""
    return list(_Figures.read(submission, asked_in(submission.round)).cells().values())


def findings(submission: Submission, *, to_submit: bool = False) -> list[rules.Finding]:
    """What the checks say of a submission; `to_submit` also names the cells and words that are still missing."""
    asked = asked_in(submission.round)
    figures = _Figures.read(submission, asked)
    found = figures.findings()
    if to_submit:
        found = [*figures.missing(), *_unwritten(submission, asked), *found]
    return found


def _unwritten(submission: Submission, asked: Asked) -> list[rules.Finding]:
    words = _words(submission)
    return [
        rules.unwritten(block)
        for block in asked.layout.blocks
        if block.is_worded and block.required and not words.get(block.key, "").strip()
    ]


def _words(submission: Submission) -> dict[str, str]:
    return dict(submission.narratives.values_list("key", "text"))


class _Figures:
    """The figures of a submission, whoever they come from."""

    def __init__(
        self,
        submission: Submission,
        asked: Asked,
        *,
        unit: int,
        stored: Mapping[At, Value],
        facts: Mapping[tuple[str, str], indicators.OwnFact],
        kept: Mapping[str, Figure],
    ) -> None:
        self._submission, self._asked, self._stored = submission, asked, stored
        self._unit = unit
        self._facts, self._kept = facts, kept
        self._by_cell = {(cell.indicator, cell.by): cell for cell in asked.layout.cells}
        self._period = submission.round.period.period
        self._worked_out: dict[tuple[str, str, int], Value] = {}
        self._opened: dict[tuple[str, str], indicator_rules.Node | HouseError] = {}

    @classmethod
    def read(cls, submission: Submission, asked: Asked) -> _Figures:
        """A fixed number of queries, however many cells there are."""
        period = submission.round.period.period
        periods = [period] if period.calendar is Calendar.OWN else [period, period.previous()]
        layout = asked.layout
        bys = sorted({cell.by for cell in layout.cells} | {""} | _parts_read(layout.checks))
        codes = set(asked.known)
        unit = unit_of_figures(submission).pk
        stored = indicators.values([unit], periods, codes=codes, bys=bys) if codes else {}
        facts = indicators.own_facts(submission.unit_id, period, codes)
        kept = {figure.key: figure for figure in submission.figures.all()}
        return cls(submission, asked, unit=unit, stored=stored, facts=facts, kept=kept)

    def cells(self) -> dict[str, SheetCell]:
        return {cell.key: self._cell(cell) for cell in self._asked.layout.cells}

    def _cell(self, cell: rules.Cell) -> SheetCell:
        meaning = self._asked.known[cell.indicator]
        figure, fact = self._kept.get(cell.key), self._facts.get((cell.indicator, cell.by))
        shown = SheetCell(
            cell,
            meaning,
            self.value(cell.indicator, cell.by, 0),
            self.value(cell.indicator, cell.by, 1),
            is_own(meaning, self._submission),
            takes_figure(meaning, self._submission),
            counted=fact.counted if fact else None,
            stated=figure.stated if figure else None,
            reason=figure.reason if figure else "",
            elsewhere=fact.source if fact and fact.source and fact.source != self._source else "",
        )
        if self._submission.state == "locked" and figure is not None:
            copied = None if figure.shown is None else Fraction(figure.shown, figure.shown_of or 1)
            value = replace(shown.value, value=copied, reported=figure.reported or 0, expected=figure.expected or 0)
            return replace(shown, value=value)
        return shown

    @property
    def _source(self) -> str:
        return f"reports.submission:{self._submission.pk}"

    def value(self, code: str, by: str, back: int) -> Value:
        """The value of an indicator now (`back` 0) or in a period before."""
        at = (code, by, back)
        if at not in self._worked_out:
            self._worked_out[at] = self._value(code, by, back)
        return self._worked_out[at]

    def figure(self, code: str, by: str, back: int) -> Fraction | int | None:
        """The same as a bare number, for formulas and checks."""
        return self.value(code, by, back).value

    def _value(self, code: str, by: str, back: int) -> Value:
        meaning = self._asked.known.get(code)
        if meaning is None:
            return _UNKNOWN
        stored = self._of_register(code, by, back)
        if back or self._submission.state in states.HANDED_IN:
            return stored
        if meaning.kind == rules.BASE:
            return self._own(code, by, stored) if is_own(meaning, self._submission) else stored
        node = self._open(code, by)
        if isinstance(node, HouseError) or not self._reads_own(node):
            return stored
        computed = indicator_rules.compute(node, self.figure)
        return Value(computed.value, reported=stored.reported, expected=stored.expected, why_unknown=computed.why)

    def _own(self, code: str, by: str, stored: Value) -> Value:
        """A figure of the unit's own: what this report says, else what was counted or said elsewhere."""
        cell = self._by_cell.get((code, by))
        figure = self._kept.get(cell.key) if cell else None
        if figure is not None and figure.stated is not None:
            return Value(Fraction(figure.stated), reported=1, expected=1, state=stored.state)
        fact = self._facts.get((code, by))
        if fact is None:
            return Value(None, expected=1)
        value = fact.counted if fact.source == self._source else fact.value
        return Value(None if value is None else Fraction(value), reported=int(value is not None), expected=1)

    def _open(self, code: str, by: str) -> indicator_rules.Node | HouseError:
        if (code, by) not in self._opened:
            known = self._asked.known
            try:
                self._opened[code, by] = indicator_rules.expand(
                    indicator_rules.Reference(code, by), lambda name: known[name].node if name in known else None
                )
            except HouseError as error:
                self._opened[code, by] = error
        return self._opened[code, by]

    def _reads_own(self, node: indicator_rules.Node) -> bool:
        known = self._asked.known
        return any(is_own(known[code], self._submission) for code in indicator_rules.codes(node) if code in known)

    def _of_register(self, code: str, by: str, back: int) -> Value:
        period = self._period
        if back and period.calendar is Calendar.OWN:
            return _UNKNOWN
        for _ in range(back):
            period = period.previous()
        return self._stored.get(At(self._unit, code, period, by), _UNKNOWN)

    def findings(self) -> list[rules.Finding]:
        asked = self._asked
        found = rules.run_checks(asked.layout, known=asked.known, breakdowns=asked.breakdowns, figure=self.figure)
        own = {cell.key for cell in asked.layout.cells if is_own(asked.known[cell.indicator], self._submission)}
        beside = [cell for cell in asked.layout.cells if cell.key not in own]
        stated = {key: figure.stated for key, figure in self._kept.items() if figure.stated is not None}
        totals = {cell.key: self.figure(cell.indicator, cell.by, 0) for cell in beside}
        found += rules.against_beneath(beside, stated=stated, totals=totals, known=asked.known)
        return [*self._unexplained(), *found]

    def _unexplained(self) -> list[rules.Finding]:
        """Figures that differ from what is counted or added up, without a word of why."""
        shown = (self._cell(cell) for cell in self._asked.layout.cells)
        return [
            rules.unexplained(one.cell, one.meaning, stated=one.stated, found=found)
            for one in shown
            if one.stated is not None and not one.reason
            for found in [one.counted if one.is_own else one.value.value]
            if found is not None and found != one.stated
        ]

    def missing(self) -> list[rules.Finding]:
        known = self._asked.known
        return rules.missing(
            self._asked.layout,
            is_asked=lambda cell: is_own(known[cell.indicator], self._submission),
            figure=self.figure,
        )


def _parts_read(checks: Iterable[rules.Check]) -> set[str]:
    sides = (side for check in checks for side in (check.comparison.left, check.comparison.right))
    return {one.by for side in sides for one in indicator_rules.references(side)}


# ---- what comes into a report by itself -------------------------------------------------------------

TURNS_DRAWN = 6


def _series(submission: Submission, asked: Asked) -> dict[str, Sequence[tuple[Period | str, Value]]]:
    """What the charts of a sheet show: by block, each point's name and value."""
    charts = [block for block in asked.layout.blocks if block.type == "chart" and block.indicators]
    if not charts:
        return {}
    period = submission.round.period.period
    turns = [period]
    while len(turns) < TURNS_DRAWN and period.calendar is not Calendar.OWN:
        turns.insert(0, turns[0].previous())
    over_time = {block.indicators[0] for block in charts if block.over == "time"}
    unit = unit_of_figures(submission).pk
    told = indicators.values([unit], turns, codes=over_time) if over_time else {}
    found: dict[str, Sequence[tuple[Period | str, Value]]] = {}
    beneath = _values_beneath(submission, {block.indicators[0] for block in charts if block.over == "units"})
    for block in charts:
        code = block.indicators[0]
        if block.over == "time":
            at = (At(unit, code, turn, "") for turn in turns)
            found[block.key] = [(one.period, told.get(one, _UNKNOWN)) for one in at]
        else:
            found[block.key] = [(str(unit), values[code]) for unit, values in beneath if code in values]
    return found


def _beneath(submission: Submission, asked: Asked) -> dict[str, Sequence[tuple[object, Sequence[Value]]]]:
    """The tables by unit: by block, each unit beneath with its values in the order of the block's indicators."""
    tables = [block for block in asked.layout.blocks if block.type == "units"]
    if not tables:
        return {}
    told = _values_beneath(submission, {code for block in tables for code in block.indicators})
    return {
        block.key: [(unit, [values.get(code, _UNKNOWN) for code in block.indicators]) for unit, values in told]
        for block in tables
    }


def _values_beneath(submission: Submission, codes: Collection[str]) -> list[tuple[object, dict[str, Value]]]:
    if not codes:
        return []
    period = submission.round.period.period
    rows = indicators.units_beneath(unit_of_figures(submission), on=period.last)
    told = indicators.values([row.unit_id for row in rows], [period], codes=codes)
    return [
        (row, {code: value for code in codes if (value := told.get(At(row.unit_id, code, period, "")))}) for row in rows
    ]
