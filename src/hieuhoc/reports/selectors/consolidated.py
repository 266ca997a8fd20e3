"""A round for a unit: the units beneath side by side, with their totals; and how far one entry has gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hieuhoc.kernel.errors import Missing
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.indicators import rules as indicator_rules
from hieuhoc.registers.indicators import selectors as indicators
from hieuhoc.registers.indicators.selectors import At, Value
from hieuhoc.registers.places import selectors as places
from hieuhoc.reports.models import FormVersion, Round, Submission
from hieuhoc.reports.selectors.forms import Asked, asked_in, codes_in
from hieuhoc.reports.selectors.submissions import submissions_seen

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit, UnitVersion

_UNKNOWN = Value(None)


@dataclass(frozen=True)
class UnitFigures:
    """A unit beneath: its report in the round, where it owes one, and its values in the order of the cells."""

    unit: UnitVersion
    submission: Submission | None
    values: Sequence[Value]


@dataclass(frozen=True)
class Consolidation:
    """The units beneath a unit side by side. `totals` are the unit's own values; `silent` have handed in nothing."""

    unit: Unit
    asked: Asked
    rows: Sequence[UnitFigures]
    totals: Sequence[Value]

    @property
    def silent(self) -> list[UnitFigures]:
        owing = ("waiting", "draft", "returned")
        return [row for row in self.rows if row.submission is not None and row.submission.state in owing]


def consolidating_unit(user: User, round: Round, key: str = "") -> Unit:
    """The unit whose reports are put together: that of a key, else the highest of the round that the user sees.

    Raises: Missing when the user sees no reports there.
    """
    root = round.kind.root
    if key:
        unit = places.unit_by_key(key)
        if not access.may(user, Permission.REPORT_READ, at=unit) or not access.covers(root, unit):
            raise Missing("Không tìm thấy đơn vị này trong phạm vi của bạn.")
        return unit
    if access.may(user, Permission.REPORT_READ, at=root):
        return root
    scopes = access.scopes(user, Permission.REPORT_READ)
    within = [unit for unit in scopes if access.covers(root, unit)]
    if not within:
        raise Missing("Không tìm thấy đợt báo cáo này trong phạm vi của bạn.")
    return within[0]


def consolidated(user: User, round: Round, unit: Unit) -> Consolidation:
    """The figures of the units right beneath a unit in a round. A fixed number of queries."""
    access.require(user, Permission.REPORT_READ, at=unit)
    asked, period = asked_in(round), round.period.period
    beneath = indicators.units_beneath(unit, on=period.last)
    cells = list(asked.layout.cells)
    codes, bys = {cell.indicator for cell in cells}, {cell.by for cell in cells} | {""}
    numbers = [unit.pk, *(row.unit_id for row in beneath)]
    told = indicators.values(numbers, [period], codes=codes, bys=sorted(bys)) if codes else {}
    sent = {one.unit_id: one for one in submissions_seen(user).filter(round=round, unit__in=numbers)}

    def values(number: int) -> list[Value]:
        return [told.get(At(number, cell.indicator, period, cell.by), _UNKNOWN) for cell in cells]

    rows = [UnitFigures(row, sent.get(row.unit_id), values(row.unit_id)) for row in beneath]
    return Consolidation(unit, asked, rows, values(unit.pk))


def fed_by(user: User, submission: Submission) -> dict[str, int]:
    """How many forms in use each entry of a report reaches, by the key of its cell, this one among them.

    A form is reached when it asks for the indicator itself, or for one that is worked out from it.
    """
    asked = asked_in(submission.round)
    versions = list(FormVersion.objects.filter(state="in_force").select_related("form"))
    known = indicators.meanings_on(submission.round.period.period.last)
    reached = [_read_by(codes_in(version), known) for version in versions]
    return {cell.key: sum(1 for codes in reached if cell.indicator in codes) for cell in asked.layout.cells}


def _read_by(codes: set[str], known: dict[str, indicator_rules.Definition]) -> set[str]:
    """The indicators, and all that their formulas lean on."""
    found: set[str] = set()
    wanted = set(codes)
    while wanted:
        found |= wanted
        wanted = {one for code in wanted if code in known for one in indicator_rules.leans_on(known[code])} - found
    return found
