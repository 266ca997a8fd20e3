"""Totals from facts: all of them anew, or those that a changed fact touches. Both by the one arithmetic of the rules.

Whoever writes facts or totals of an indicator holds a lock on its row until the end of the transaction: two who change
facts of two communes at once follow one another, and the province's total has both. The head of the trail is locked
after that, always: a caller that writes lines of its own before calling in here wraps the whole in `trail.gathered()`.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from hieuhoc.engines.rollup import Tree
from hieuhoc.engines.rollup.grid import VERSION
from hieuhoc.foundation.records import clock, trail
from hieuhoc.foundation.records.trail import Actor, Deed
from hieuhoc.kernel.periods import Period
from hieuhoc.registers.indicators import selectors
from hieuhoc.registers.indicators.models import Computation, Indicator, Total
from hieuhoc.registers.indicators.rules import adding
from hieuhoc.registers.indicators.rules.reckoning import Reckoning, Sheet, reckoning_in, sheet_of, year_of
from hieuhoc.registers.indicators.services import rows
from hieuhoc.registers.indicators.services.periods import open_periods
from hieuhoc.registers.indicators.states import APPROVED, PROVISIONAL, PUBLISHED

# So many units times indicators are added up at a time: the facts of a year and their totals then stay within 100 MB.
_AT_ONCE = 4000
# Where no more than one of so many columns has changed, longer periods are added up from stored totals.
_FEW = 3
_NUMBERS = ("value", "count", "reported", "expected", "approved")
_COLUMNS = ("unit_id", "indicator_id", "by", "period_id", *_NUMBERS, "state", "computation_id")


@dataclass(frozen=True)
class Touched:
    """A fact that has changed: of which unit, indicator and part, in which period."""

    unit: int
    cell: adding.Cell
    period: Period


@dataclass(frozen=True)
class _Work:
    """Indicators that are added up together: on the same sheet, over the same tree."""

    sheet: Sheet
    reckonings: tuple[Reckoning, ...]

    @property
    def indicators(self) -> list[int]:
        return [one.indicator for one in self.reckonings]


@dataclass
class Changed:
    """What a computation did to the stored totals."""

    made: int = 0
    changed: int = 0
    removed: int = 0
    fallen: list[int] = field(default_factory=list)

    def __add__(self, other: "Changed") -> "Changed":
        return Changed(
            self.made + other.made,
            self.changed + other.changed,
            self.removed + other.removed,
            self.fallen + other.fallen,
        )


def recompute(
    *, by: Actor = trail.HOUSE, indicators: Collection[int] | None = None, since: date | None = None
) -> Changed:
    """Compute all totals of all base indicators, or of some (by row number), anew; only rows that differ are written.

    With `since`, only those of the years that go on on that day or begin after it. A transaction for each part; the
    state of a total that has not changed stays as it is.
    """
    done = Changed()
    pairs = selectors.used(indicators)
    periods = selectors.periods_by_number()  # after the pairs: meanwhile others may open periods
    known = selectors.reckonings(indicators)
    if since is not None:
        pairs = {(indicator, number) for indicator, number in pairs if year_of(periods[number]).end > since}
    kept: dict[tuple[object, ...], Tree] = {}
    for whole in _all_work(pairs, periods, known):
        tree = _tree(whole, kept)
        for work in _parts(whole, tree):
            with transaction.atomic(), trail.gathered():
                lock(work.indicators)
                done += _settle(by, work, tree)
    return done + _remove_strange(by, pairs, periods, known)


@transaction.atomic
def follow_the_map(*, by: Actor, since: date) -> Changed:
    """Compute anew what a change of the map from a day on may have changed, all in one transaction."""
    lock(Indicator.objects.values_list("pk", flat=True))
    return recompute(by=by, since=since)


def drop_totals_of_units_begun(on: date) -> int:
    """Remove the totals of the units whose life begins on a day, which is about to be undone; how many."""
    numbers = list(Total.objects.filter(unit__valid_from=on).order_by().values_list("pk", flat=True))
    return rows.delete(Total, numbers)


@transaction.atomic(savepoint=False)
def refresh(*, by: Actor, touched: Collection[Touched]) -> Changed:
    """Compute anew what changed facts are part of: their periods and all longer ones, their units and all above."""
    done = Changed()
    if not touched:
        return done
    known = selectors.reckonings({one.cell.indicator for one in touched})
    groups: dict[tuple[Sheet, bool, str], tuple[dict[int, Reckoning], list[Touched]]] = {}
    for one in touched:
        placed = _placed(known.get(one.cell.indicator, ()), one.period)
        if placed is not None:
            reckoning, sheet = placed
            key = sheet, reckoning.adds_up, reckoning.depth
            named, mine = groups.setdefault(key, ({}, []))
            named[reckoning.indicator] = reckoning
            mine.append(one)
    for (sheet, _adds_up, _depth), (named, mine) in groups.items():
        whole = _Work(sheet, tuple(named.values()))
        tree = selectors.tree_for(whole.reckonings[0], sheet, {one.unit for one in mine})
        for work in _parts(whole, tree):
            done += _settle(by, work, tree, [one for one in mine if one.cell.indicator in work.indicators])
    return done


def lock(indicators: Collection[int]) -> None:
    """Let nobody else write facts or totals of these until the transaction ends."""
    rows_of = Indicator.objects.select_for_update(no_key=True).filter(pk__in=indicators).order_by("pk")
    list(rows_of.values_list("pk"))


@dataclass(frozen=True)
class Difference:
    """A stored total that is not what the facts say: None where there is none, or should be none."""

    unit: int
    cell: adding.Cell
    period: Period
    stored: adding.Sum | None
    proved: adding.Sum | None


@dataclass(frozen=True)
class Homeless:
    """A fact that is in no total: its unit does not report on the map of its period's last day."""

    unit: int
    cell: adding.Cell
    period: Period
    value: int


def prove(*, indicators: Collection[int] | None = None) -> Iterator[Difference | Homeless]:
    """Every stored total that differs from what its facts make, and every fact that is in none. Nothing is written."""
    pairs = selectors.used(indicators)
    periods = selectors.periods_by_number()  # after the pairs: meanwhile others may open periods
    known = selectors.reckonings(indicators)
    kept: dict[tuple[object, ...], Tree] = {}
    covered: set[tuple[int, Period]] = set()
    period_of = {period.key: period for period in periods.values()}
    for whole in _all_work(pairs, periods, known):
        period_of |= {period.key: period for period in whole.sheet.asked}
        covered |= {(indicator, period) for indicator in whole.indicators for period in whole.sheet.asked}
        tree = _tree(whole, kept)
        for work in _parts(whole, tree):
            yield from _proved(work, tree, period_of)
    for key, (_pk, told, _state) in _strange(pairs, periods, covered):
        yield Difference(key.unit, key.cell, period_of[key.period], told, None)


def _proved(work: _Work, tree: Tree, period_of: Mapping[str, Period]) -> Iterator[Difference | Homeless]:
    numbers = selectors.numbers_of({*work.sheet.columns, *work.sheet.asked})
    added, _ = _computed(work, tree, numbers)
    stored = {key: told for key, (_pk, told, _state) in _stored(work.indicators, work.sheet.asked, numbers)}
    for key in sorted(added.sums.keys() | stored.keys()):
        if stored.get(key) != added.sums.get(key):
            yield Difference(key.unit, key.cell, period_of[key.period], stored.get(key), added.sums.get(key))
    for fact in added.homeless:
        yield Homeless(fact.unit, added.cells[fact.cell], work.sheet.columns[fact.column], fact.value)


# ---- which work there is ---------------------------------------------------------------------------


def _placed(versions: Sequence[Reckoning], period: Period) -> tuple[Reckoning, Sheet] | None:
    reckoning = reckoning_in(versions, year_of(period))
    sheet = sheet_of(reckoning, period) if reckoning else None
    return (reckoning, sheet) if reckoning and sheet else None


def _all_work(
    pairs: Iterable[tuple[int, int]],
    periods: Mapping[int, Period],
    known: Mapping[int, Sequence[Reckoning]],
) -> Iterator[_Work]:
    """All there is to add up, a year of a calendar at a time."""
    groups: dict[tuple[Sheet, bool, str], dict[int, Reckoning]] = defaultdict(dict)
    for indicator, number in pairs:
        if (placed := _placed(known.get(indicator, ()), periods[number])) is not None:
            reckoning, sheet = placed
            groups[sheet, reckoning.adds_up, reckoning.depth][indicator] = reckoning
    for (sheet, _adds_up, _depth), named in groups.items():
        yield _Work(sheet, tuple(named[indicator] for indicator in sorted(named)))


def _parts(work: _Work, tree: Tree) -> Iterator[_Work]:
    """As many indicators of a piece of work at a time as fit into memory over its tree."""
    each = max(_AT_ONCE // max(len(tree.lives), 1), 1)
    for start in range(0, len(work.reckonings), each):
        yield _Work(work.sheet, work.reckonings[start : start + each])


def _tree(work: _Work, kept: dict[tuple[object, ...], Tree]) -> Tree:
    """The tree of a piece of work; the last one is kept for those that follow."""
    one = work.reckonings[0]
    key = work.sheet.columns[0].last, work.sheet.columns[-1].last, one.adds_up, one.depth
    if key not in kept:
        kept.clear()
        kept[key] = selectors.tree_for(one, work.sheet)
    return kept[key]


# ---- computing and writing -------------------------------------------------------------------------


@dataclass(frozen=True)
class _Computed:
    sums: dict[adding.Key, adding.Sum]
    homeless: tuple[adding.Recorded, ...]
    cells: Sequence[adding.Cell]


@dataclass(frozen=True)
class _Scope:
    """What of a piece of work is asked: all of it, or what changed facts touch."""

    asked: tuple[Period, ...]
    units: frozenset[int] = frozenset()
    bys: frozenset[str] = frozenset()


def _computed(
    work: _Work, tree: Tree, numbers: Mapping[Period, int], touched: Sequence[Touched] = ()
) -> tuple[_Computed, _Scope]:
    scope = _scope(work, tree, touched)
    changed = {one.period for one in touched}
    if touched and len(changed) * _FEW <= len(work.sheet.columns):
        return _Computed(_kept_up(work, tree, numbers, changed, scope), (), ()), scope
    added, cells = _from_facts(work, work.sheet, tree, numbers, scope, scope.asked)
    return _Computed(added.sums, added.homeless, cells), scope


def _kept_up(
    work: _Work, tree: Tree, numbers: Mapping[Period, int], changed: Collection[Period], scope: _Scope
) -> dict[adding.Key, adding.Sum]:
    """What few changed periods make: their own totals from their facts, the longer ones from those beside them.

    The totals beside them are what their facts make: whoever changed a fact of theirs saw to that under the same lock.
    """
    sums: dict[adding.Key, adding.Sum] = {}
    for period in changed:
        added, _cells = _from_facts(work, Sheet((period,), (period,)), tree, numbers, scope, (period,))
        sums |= added.sums
    fresh = dict(sums)
    beside = [period for period in work.sheet.columns if period not in changed]
    sums |= {key: told for key, (_pk, told, _state) in _stored(work.indicators, beside, numbers, scope)}
    rule_of = {one.indicator: one.rule for one in work.reckonings}
    cells = {cell: rule_of[cell.indicator] for cell in sorted({key.cell for key in sums})}
    longer = [period for period in scope.asked if period not in changed]
    return fresh | adding.add_up_over_time(tree, work.sheet, cells, sums, asked=longer, units=scope.units)


def _from_facts(
    work: _Work,
    sheet: Sheet,
    tree: Tree,
    numbers: Mapping[Period, int],
    scope: _Scope,
    asked: Collection[Period],
) -> tuple[adding.Added, Sequence[adding.Cell]]:
    columns = {numbers[period]: place for place, period in enumerate(sheet.columns) if period in numbers}
    units = [life.unit for life in tree.lives if isinstance(life.unit, int)] if scope.units else []
    cells, facts = selectors.facts_in(work.indicators, columns, units=units, bys=scope.bys)
    rule_of = {one.indicator: one.rule for one in work.reckonings}
    rules = [rule_of[cell.indicator] for cell in cells]
    return adding.add_up(tree, sheet, cells, rules, facts, asked=asked, units=scope.units), cells


def _scope(work: _Work, tree: Tree, touched: Sequence[Touched]) -> _Scope:
    if not touched:
        return _Scope(work.sheet.asked)
    changed = {one.period for one in touched}
    asked = tuple(period for period in work.sheet.asked if any(period.holds(one) for one in changed))
    units = {one.unit for one in touched}
    for unit, day in {(one.unit, one.period.last) for one in touched}:
        if tree.stands(unit, day):
            units |= {above for above in tree.ancestors(unit, day) if isinstance(above, int)}
    return _Scope(asked, frozenset(units), frozenset(one.cell.by for one in touched))


def _stored(
    indicators: Collection[int], asked: Iterable[Period], numbers: Mapping[Period, int], scope: _Scope | None = None
) -> Iterator[tuple[adding.Key, selectors.Stored]]:
    periods = {numbers[period]: period for period in asked if period in numbers}
    if scope is None:
        return selectors.totals_in(indicators, periods)
    return selectors.totals_in(indicators, periods, units=scope.units, bys=scope.bys)


def _settle(by: Actor, work: _Work, tree: Tree, touched: Sequence[Touched] = ()) -> Changed:
    """Make the stored totals of a piece of work what its facts say."""
    numbers = open_periods({*work.sheet.columns, *work.sheet.asked})
    computed, scope = _computed(work, tree, numbers, touched)
    before = dict(_stored(work.indicators, scope.asked, numbers, scope))
    fresh = {key: told for key, told in computed.sums.items() if key not in before}
    other = {key: told for key, told in computed.sums.items() if key in before and before[key][1] != told}
    gone = [key for key in before if key not in computed.sums]
    done = Changed(len(fresh), len(other), len(gone))
    if not fresh and not other and not gone:
        return done
    computation = Computation.objects.create(at=clock.now(), version=VERSION).pk if fresh or other else 0
    fallen = [key for key in (*other, *gone) if before[key][2] == PUBLISHED and _is_seen(before[key], other.get(key))]
    _say_fallen(by, {before[key][0]: (before[key][1], other.get(key)) for key in fallen})
    done.fallen += [before[key][0] for key in fallen]
    number_of = {period.key: number for period, number in numbers.items()}
    rows.delete(Total, [before[key][0] for key in gone])
    rows.update(
        Total,
        (*_NUMBERS, "state", "computation_id"),
        ((*told, _state(told, before[key]), computation, before[key][0]) for key, told in other.items()),
    )
    rows.insert(
        Total,
        _COLUMNS,
        ((key.unit, *key.cell, number_of[key.period], *told, _state(told), computation) for key, told in fresh.items()),
    )
    return done


def _state(told: adding.Sum, before: selectors.Stored | None = None) -> str:
    """What is published stays so while its number is the same; what is wholly approved is approved."""
    if before is not None and before[2] == PUBLISHED and not _is_seen(before, told):
        return PUBLISHED
    return APPROVED if told.approved == told.expected else PROVISIONAL


def _is_seen(before: selectors.Stored, told: adding.Sum | None) -> bool:
    """Whether a reader sees the change: all but how much of it is approved."""
    return told is None or before[1]._replace(approved=told.approved) != told


def _say_fallen(by: Actor, fallen: Mapping[int, tuple[adding.Sum, adding.Sum | None]]) -> None:
    """Write into the trail that published totals have changed, and are published no longer."""
    named = Total.objects.select_related("indicator", "unit", "period").in_bulk(list(fallen))
    trail.record_many(
        by=by,
        deeds=[
            Deed(
                "indicators.total.fall_back",
                total,
                changes={"value": [fallen[pk][0].value, told.value if (told := fallen[pk][1]) else None]},
            )
            for pk, total in sorted(named.items())
        ],
    )


# ---- what no indicator knows any more --------------------------------------------------------------


def _strange(
    pairs: Iterable[tuple[int, int]], periods: Mapping[int, Period], covered: Collection[tuple[int, Period]]
) -> Iterator[tuple[adding.Key, selectors.Stored]]:
    """Stored totals for which nothing is added up: of a period that the indicator does not know, or no longer."""
    left: dict[int, dict[int, Period]] = defaultdict(dict)
    for indicator, number in pairs:
        if (indicator, periods[number]) not in covered:
            left[indicator][number] = periods[number]
    for indicator, mine in sorted(left.items()):
        yield from selectors.totals_in([indicator], mine)


def _remove_strange(
    by: Actor,
    pairs: Collection[tuple[int, int]],
    periods: Mapping[int, Period],
    known: Mapping[int, Sequence[Reckoning]],
) -> Changed:
    covered = {
        (indicator, period)
        for work in _all_work(pairs, periods, known)
        for indicator in work.indicators
        for period in work.sheet.asked
    }
    with transaction.atomic():
        left = [told for _key, told in _strange(pairs, periods, covered)]
        published = {pk: (told, None) for pk, told, state in left if state == PUBLISHED}
        _say_fallen(by, published)
        rows.delete(Total, [pk for pk, _told, _state in left])
    return Changed(removed=len(left), fallen=list(published))
