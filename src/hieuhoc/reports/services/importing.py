"""Taking in the reports of a round as they once were: those of the time before the house was used, many at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from hieuhoc.foundation.records import trail
from hieuhoc.foundation.records.trail import Actor, Deed
from hieuhoc.kernel.errors import Invalid
from hieuhoc.registers.indicators import selectors as indicators
from hieuhoc.registers.indicators import services as figures
from hieuhoc.registers.indicators.selectors import At
from hieuhoc.registers.indicators.services import Stated
from hieuhoc.reports import selectors
from hieuhoc.reports.models import Figure, Narrative, Round, Submission
from hieuhoc.reports.services.submissions import source_of

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User


@dataclass(frozen=True)
class PastReport:
    """What a unit once reported: figures by the keys of cells, words by the keys of blocks, who and when.

    Without `approved_by` it waits for review; it is locked where `is_locked`.
    """

    figures: Mapping[str, int]
    words: Mapping[str, str]
    submitted_by: User
    submitted_at: datetime
    approved_by: User | None = None
    approved_at: datetime | None = None
    is_locked: bool = False
    reasons: Mapping[str, str] = field(default_factory=dict)

    @property
    def state(self) -> str:
        if self.approved_by is None:
            return "submitted"
        return "locked" if self.is_locked else "approved"


@transaction.atomic
def import_reports(*, by: Actor, round: Round, told: Mapping[int, PastReport]) -> int:
    """Put past reports into the submissions of a round, by the row numbers of their units; how many.

    The figures of units that state them themselves go into the register, approved where the report is.

    Raises: Invalid for a unit that owes no report in the round, or has begun one; and what the register refuses.
    """
    rows = {
        one.unit_id: one
        for one in round.submissions.select_for_update(of=("self",)).select_related("unit", "round__period")
    }
    for unit in told:
        if unit not in rows or rows[unit].state != "waiting":
            raise Invalid("Đơn vị này không còn chờ báo cáo trong đợt.")
    asked = selectors.asked_in(round)
    cells = {cell.key: cell for cell in asked.layout.cells}
    period = round.period.period
    for is_approved in (True, False):
        chosen = {unit: one for unit, one in told.items() if (one.approved_by is not None) is is_approved}
        stated = [
            (unit, period, Stated(cells[key].indicator, value, cells[key].by, one.reasons.get(key, "")))
            for unit, one in chosen.items()
            for key, value in one.figures.items()
            if selectors.is_own(asked.known[cells[key].indicator], rows[unit])
        ]
        if stated:
            sources = {unit: source_of(rows[unit]) for unit in chosen}
            figures.import_figures(by=by, rows=stated, source=sources, is_approved=is_approved)
    _write(asked, rows, told)
    _move(by, rows, told)
    return len(told)


def _write(asked: selectors.Asked, rows: Mapping[int, Submission], told: Mapping[int, PastReport]) -> None:
    """The figures and words of the reports, with the copy of what stood in every cell."""
    cells = list(asked.layout.cells)
    numbers = selectors.numbers_of_indicators({cell.indicator for cell in cells})
    period = next(iter(rows.values())).round.period.period
    bys = sorted({cell.by for cell in cells})
    found = indicators.values(list(told), [period], codes={cell.indicator for cell in cells}, bys=bys)
    made = []
    for unit, one in told.items():
        for cell in cells:
            value = found.get(At(unit, cell.indicator, period, cell.by))
            known = value.value if value else None
            made.append(
                Figure(
                    submission=rows[unit],
                    key=cell.key,
                    indicator_id=numbers[cell.indicator],
                    by=cell.by,
                    stated=one.figures.get(cell.key),
                    reason=one.reasons.get(cell.key, ""),
                    shown=known.numerator if known is not None else None,
                    shown_of=known.denominator if known is not None else None,
                    reported=value.reported if value else None,
                    expected=value.expected if value else None,
                )
            )
    Figure.objects.bulk_create(made, batch_size=500)
    words = [
        Narrative(submission=rows[unit], key=key, text=text)
        for unit, one in told.items()
        for key, text in one.words.items()
    ]
    Narrative.objects.bulk_create(words, batch_size=500)


def _move(by: Actor, rows: Mapping[int, Submission], told: Mapping[int, PastReport]) -> None:
    deeds = []
    for unit, one in told.items():
        row = rows[unit]
        row.state, row.edition = one.state, 1
        row.submitted_by, row.submitted_at = one.submitted_by, one.submitted_at
        row.approved_by, row.approved_at = one.approved_by, one.approved_at
        deeds.append(Deed("reports.submission.import", row, changes={"state": ["waiting", one.state]}))
    columns = ["state", "edition", "submitted_by", "submitted_at", "approved_by", "approved_at"]
    Submission.objects.bulk_update([rows[unit] for unit in told], columns, batch_size=200)
    trail.record_many(by=by, deeds=deeds)
