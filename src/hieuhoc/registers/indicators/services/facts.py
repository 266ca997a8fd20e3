"""The one door by which facts come in: what the house has counted, what a person states, and taking it back.

Everything is checked before anything is written; then the facts that differ are written at once and the totals that
they touch are computed anew, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import transaction

from hieuhoc.engines.rollup import Fact as Counted
from hieuhoc.foundation.records import clock, trail
from hieuhoc.foundation.records.trail import Actor, Deed
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.kernel.periods import Period
from hieuhoc.registers.indicators import selectors
from hieuhoc.registers.indicators.models import Fact
from hieuhoc.registers.indicators.rules import adding
from hieuhoc.registers.indicators.rules import facts as rules
from hieuhoc.registers.indicators.rules.reckoning import Reckoning, Sheet, sheet_of
from hieuhoc.registers.indicators.services import rows
from hieuhoc.registers.indicators.services.periods import open_periods
from hieuhoc.registers.indicators.services.totals import Changed, Touched, lock, refresh

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import Unit

_KEPT = ("counted", "stated", "value", "reason", "source", "is_approved", "changed_at")


@dataclass(frozen=True)
class Stated:
    """A figure as a person gives it; None takes it back. `reason` says why it differs from what is counted."""

    code: str
    value: int | None
    by: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Written:
    """How many facts have changed, what that did to the totals, and what was counted that no indicator asks for."""

    facts: int = 0
    totals: Changed = field(default_factory=Changed)
    unused: frozenset[str] = frozenset()


class Place(NamedTuple):
    """Where a fact lies."""

    unit: int
    cell: adding.Cell
    period: Period


Wishes = Mapping[Place, Mapping[str, Any]]
"""By place, the columns of a fact that shall have another value."""


@transaction.atomic
@trail.gathered()
def count_facts(*, by: Actor, facts: Iterable[Counted], complete: Collection[tuple[str, Period]] = ()) -> Written:
    """Take in what the house has counted in its own records, for every indicator that asks for it.

    For what is `complete` (a name and a period), everything counted earlier that is not counted now is taken back.

    Raises: Conflict when one thing is counted twice; Invalid for what `rules.check_fact` refuses.
    """
    told = list(facts)
    known = selectors.reckonings()
    asking: dict[str, list[Sequence[Reckoning]]] = {}
    for versions in known.values():
        for what in {one.fact for one in versions if one.fact}:
            asking.setdefault(what, []).append(versions)
    wishes: dict[Place, dict[str, Any]] = {}
    unused = set()
    for one in told:
        taking = list(_taking(asking.get(one.what, ()), one.what, one.period))
        unused |= set() if taking else {one.what}
        for reckoning in taking:
            place = Place(one.unit, adding.Cell(reckoning.indicator, one.by), one.period)
            if place in wishes:
                raise Conflict("“{what}” được đếm hai lần cho cùng một đơn vị và kỳ.", what=one.what)
            wishes[place] = {"counted": one.value}
    for what, period in complete:
        named = [reckoning.indicator for reckoning in _taking(asking.get(what, ()), what, period)]
        for unit, cell in selectors.places_counted(named, period):
            wishes.setdefault(Place(unit, cell, period), {"counted": None})
    done = _put(by=by, wishes=wishes, known=known)
    return replace(done, unused=frozenset(unused))


def _taking(asking: Iterable[Sequence[Reckoning]], what: str, period: Period) -> Iterable[Reckoning]:
    """The indicators that take what is counted under a name in a period."""
    for versions in asking:
        for one in versions:
            if one.fact == what and one.holds_in(period) and one.takes(period):
                yield one


@transaction.atomic
@trail.gathered()
def state_figures(
    *, by: Actor, unit: Unit, period: Period, figures: Sequence[Stated], source: str, is_approved: bool = False
) -> Written:
    """Take in the figures that a unit's people give for a period. Where the house has counted too, theirs is used.

    `source` names the row from which they come ("reports.submission:12").

    Raises: Missing for an unknown indicator; Invalid for a figure that differs from what is counted without a reason,
        and for what `rules.check_fact` refuses; Conflict when one figure is given twice.
    """
    numbers = selectors.indicator_numbers({one.code for one in figures})
    wishes: dict[Place, dict[str, Any]] = {}
    for one in figures:
        place = Place(unit.pk, adding.Cell(numbers[one.code], one.by), period)
        if place in wishes:
            raise Conflict("Chỉ số {code} được ghi hai lần cho cùng một đơn vị và kỳ.", code=one.code)
        wishes[place] = _statement(one, source, is_approved=is_approved)
    return _put(by=by, wishes=wishes, of=unit)


@transaction.atomic
@trail.gathered()
def import_figures(
    *,
    by: Actor,
    rows: Iterable[tuple[int, Period, Stated]],
    source: str | Mapping[int, str],
    is_approved: bool = False,
) -> Written:
    """Take in figures of many units and periods at once: those of the years before the house was used.

    Each row is a unit (row number), a period and a figure. `source` may be told by unit.

    Raises: as `state_figures`, for the first row that cannot be taken; nothing is written then.
    """
    told = list(rows)
    numbers = selectors.indicator_numbers({one.code for _unit, _period, one in told})
    wishes: dict[Place, dict[str, Any]] = {}
    for unit, period, one in told:
        place = Place(unit, adding.Cell(numbers[one.code], one.by), period)
        if place in wishes:
            raise Conflict("Chỉ số {code} được ghi hai lần cho cùng một đơn vị và kỳ.", code=one.code)
        origin = source if isinstance(source, str) else source[unit]
        wishes[place] = _statement(one, origin, is_approved=is_approved)
    return _put(by=by, wishes=wishes)


def _statement(one: Stated, source: str, *, is_approved: bool) -> dict[str, Any]:
    if one.value is None:
        return {"stated": None, "reason": "", "source": ""}
    return {"stated": one.value, "reason": one.reason.strip(), "source": source, "is_approved": is_approved}


@transaction.atomic
@trail.gathered()
def withdraw_figures(
    *, by: Actor, unit: Unit, period: Period, source: str, codes: Collection[str] | None = None
) -> Written:
    """Take back the figures that came from a row, all or those of some indicators; what was counted is used again."""
    wishes = {
        Place(unit.pk, cell, period): {"stated": None, "reason": "", "source": "", "is_approved": False}
        for cell in selectors.cells_stated(unit.pk, period, source=source, codes=codes)
    }
    return _put(by=by, wishes=wishes, of=unit)


@transaction.atomic
@trail.gathered()
def approve_figures(
    *, by: Actor, unit: Unit, period: Period, codes: Collection[str], is_approved: bool = True
) -> Written:
    """Mark a unit's figures of a period as approved, or as approved no longer; figures that are not there stay so."""
    cells = selectors.cells_known(unit.pk, period, codes=codes)
    return _put(by=by, wishes={Place(unit.pk, cell, period): {"is_approved": is_approved} for cell in cells}, of=unit)


# ---- the door --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Change:
    """A fact as it was (None: not there) and as it shall be (None: no more)."""

    place: Place
    number: int | None
    before: rules.Figures | None
    after: rules.Figures | None
    is_stated: bool = False

    @property
    def touches_totals(self) -> bool:
        return rules.used(self.before) != rules.used(self.after)


def _put(
    *,
    by: Actor,
    wishes: Wishes,
    known: Mapping[int, Sequence[Reckoning]] | None = None,
    of: Unit | None = None,
) -> Written:
    if not wishes:
        return Written()
    indicators = {place.cell.indicator for place in wishes}
    lock(indicators)
    known = selectors.reckonings(indicators) if known is None else known
    changes = _changes(wishes)
    _check([one for one in changes if one.after is not None], known)
    if not changes:
        return Written()
    _write(changes, open_periods({one.place.period for one in changes}))
    _record(by, changes, known, of)
    touched = [Touched(*one.place) for one in changes if one.touches_totals]
    return Written(len(changes), refresh(by=by, touched=touched))


def _changes(wishes: Wishes) -> list[_Change]:
    """What differs from what is stored."""
    stored = selectors.figures_at(wishes)
    found = []
    for place, wish in wishes.items():
        number, before = stored.get(place, (None, None))
        after = rules.changed(before, wish)
        if after != before:
            found.append(_Change(place, number, before, after, "stated" in wish))
    return found


def _check(changes: Sequence[_Change], known: Mapping[int, Sequence[Reckoning]]) -> None:
    """That every fact may lie where it shall. Raises: Invalid."""
    maps: dict[tuple[Sheet, bool, str], Any] = {}
    units = {one.place.unit for one in changes}
    for one in changes:
        unit, cell, period = one.place
        versions = known.get(cell.indicator, ())
        reckoning = next((version for version in versions if version.holds_in(period)), None)
        if reckoning is None:
            raise selectors.why_not_taken(cell.indicator, period)
        sheet = sheet_of(reckoning, period)
        if sheet is None or not reckoning.takes(period):
            raise Invalid("Chỉ số {code} không có số liệu gốc cho {period}.", code=reckoning.code, period=period)
        key = sheet, reckoning.adds_up, reckoning.depth
        if key not in maps:
            maps[key] = selectors.tree_for(reckoning, sheet, units)
        if one.after is not None:
            rules.check_fact(reckoning, maps[key], unit, period, cell.by, one.after)
            if one.is_stated:
                rules.check_reason(reckoning.code, one.after)


def _write(changes: Sequence[_Change], numbers: Mapping[Period, int]) -> None:
    now = clock.now()
    rows.delete(Fact, [one.number for one in changes if one.after is None and one.number is not None])
    rows.update(
        Fact,
        _KEPT,
        ((*one.after, now, one.number) for one in changes if one.after is not None and one.number is not None),
    )
    rows.insert(
        Fact,
        ("unit_id", "indicator_id", "by", "period_id", *_KEPT),
        (
            (one.place.unit, *one.place.cell, numbers[one.place.period], *one.after, now)
            for one in changes
            if one.after is not None and one.number is None
        ),
    )


def _record(by: Actor, changes: Sequence[_Change], known: Mapping[int, Sequence[Reckoning]], of: Unit | None) -> None:
    """A line for a unit's figures, which tells them; or one for each period that was counted, which says how many."""
    if of is not None:
        told = {
            f"{known[one.place.cell.indicator][0].code} {one.place.cell.by}".strip(): [
                one.before and one.before.value,
                one.after and one.after.value,
            ]
            for one in changes
        }
        period = changes[0].place.period.key
        trail.record(by=by, deed="indicators.fact.state", what=of, changes={"period": ["", period], **told})
        return
    counts: dict[Period, int] = {}
    for one in changes:
        counts[one.place.period] = counts.get(one.place.period, 0) + 1
    opened = selectors.periods_named(counts)
    deeds = [
        Deed("indicators.fact.count", opened[period], changes={"facts": [0, number]})
        for period, number in sorted(counts.items())
    ]
    trail.record_many(by=by, deeds=deeds)
