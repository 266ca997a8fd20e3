"""A filled workbook into its submission: read whole, and kept only when nothing in it is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hieuhoc.reports import access, selectors, services
from hieuhoc.reports.intake.filled import Fault, Filled, read_opened
from hieuhoc.reports.intake.opening import OpenWorkbook
from hieuhoc.reports.rules.form_sheets import REASON
from hieuhoc.reports.selectors import workbooks

if TYPE_CHECKING:
    from hieuhoc.engines.writer.forms import Form
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.reports.models import Submission


@dataclass(frozen=True)
class Taken:
    """What came of a workbook: its faults, then nothing was kept; or how many of its cells changed."""

    faults: tuple[Fault, ...] = ()
    changed: int = 0


@dataclass(frozen=True)
class Expected:
    """What a unit's report asks for: the form by which a workbook is read, and what stands behind it."""

    form: Form
    asked: selectors.Asked


def expected_of(submission: Submission) -> Expected:
    """What a report asks for."""
    asked = selectors.asked_in(submission.round)
    return Expected(workbooks.blank_form(submission, asked), asked)


def take_in(*, by: User, submission: Submission, book: OpenWorkbook, expected: Expected | None = None) -> Taken:
    """Fill a report from an open workbook; only what differs from what stands there is given.

    Its checks are left for whoever opens the report.

    Raises: Refused, Conflict for a report that the user may not fill now; Invalid (field `file`) for a workbook of
        another form, version, unit or period.
    """
    access.require_deed(by, submission, "fill")
    known = expected or expected_of(submission)
    filled = read_opened(book, known.form)
    if filled.faults:
        return Taken(filled.faults)
    figures, narratives = _differing(submission, known.asked, filled)
    if figures or narratives:
        services.fill(
            by=by,
            submission=submission,
            figures=figures,
            narratives=narratives,
            edition=submission.edition,
            checked=False,
        )
    return Taken(changed=len(figures) + len(narratives))


def _differing(
    submission: Submission, asked: selectors.Asked, filled: Filled
) -> tuple[dict[str, services.Given], dict[str, str]]:
    """What a workbook says otherwise than the report does now. What is left as it was keeps counting from the books."""
    standing, figures = workbooks.own_figures(submission, asked), {}
    for cell in asked.layout.cells:
        if cell.key not in filled.figures:
            continue
        now, value = standing[cell.key], filled.figures[cell.key]
        reason = filled.words.get(f"{cell.row}{REASON}", "")
        # A row's reason speaks for those of its figures that differ from what was counted.
        own_reason = reason if value is not None and value != now.counted else ""
        if value != now.value or (now.stated is not None and own_reason != now.reason):
            figures[cell.key] = services.Given(value, own_reason)
    said = workbooks.words_of(submission)
    narratives = {
        block.key: filled.words[block.key]
        for block in asked.layout.blocks
        if block.is_worded and block.key in filled.words and filled.words[block.key] != said.get(block.key, "")
    }
    return figures, narratives
