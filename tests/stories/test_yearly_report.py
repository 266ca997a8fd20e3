"""The demonstration's yearly report on literacy: every figure in it is what the rows beneath it make."""

from datetime import date
from fractions import Fraction

import pytest
from django.test import override_settings

from hieuhoc.engines.writer import Paper
from hieuhoc.kernel.periods import Calendar, Rhythm, period_of
from hieuhoc.project.demonstration import figures, reporting, story
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.indicators import rules
from hieuhoc.registers.indicators import selectors as indicators
from hieuhoc.reports import selectors
from hieuhoc.reports.documents.paper import report_paper
from hieuhoc.reports.models import Submission
from hieuhoc.reports.selectors import Sheet, SheetCell

YEAR = period_of(Rhythm.YEAR, date(2020, 5, 1), Calendar.LITERACY)
ADDRESS = "https://hieuhoc.example"

pytestmark = pytest.mark.django_db


@override_settings(DEMONSTRATION=True)
def test_every_figure_of_the_provinces_report_opens_to_the_rows_that_make_it() -> None:
    story.load_register()
    story.open_accounts()
    reporting.load_definitions()
    reporting.hold_past_round("xmc-nam", YEAR, lambda place: figures.literacy(place, 2020))
    reader = User.objects.get(username="minh.ubnd")
    sheet = selectors.sheet(reader, Submission.objects.get(level="province", state="locked"))
    known = [cell for cell in sheet.cells.values() if cell.value.value is not None]
    assert len(known) == len(sheet.cells) > 60
    for cell in known:
        if cell.meaning.kind == "base":
            assert _added_up(sheet, cell, reader) == cell.value.value, cell.cell.key
        else:
            assert _worked_out(sheet, cell, reader) == cell.value.value, cell.cell.key
    _says_what_the_communes_say(sheet, reader)
    _names_its_sources(report_paper(reader, sheet, address=ADDRESS), sheet)


def _added_up(sheet: Sheet, cell: SheetCell, reader: User) -> int:
    """A count: the sum of what 145 communes reported, each by its own report."""
    told = indicators.lineage_of(reader, sheet.submission.unit, code=cell.cell.indicator, period=YEAR, by=cell.cell.by)
    assert (len(told.facts), told.facts_left, told.silent) == (145, 0, ())
    assert all(fact.source.startswith("reports.submission:") for fact in told.facts)
    return sum(fact.value for fact in told.facts)


def _worked_out(sheet: Sheet, cell: SheetCell, reader: User) -> Fraction | None:
    """A share: its formula over the rows to which its parts open."""
    unit, code = sheet.submission.unit, cell.cell.indicator
    parts = indicators.lineage_of(reader, unit, code=code, period=YEAR, by=cell.cell.by).parts
    totals = {}
    for part in parts:
        rows = indicators.lineage_of(reader, unit, code=part.code, period=part.period, by=part.by).facts
        totals[part.code, part.by] = sum(row.value for row in rows)
    formulas = {code: cell.meaning.node}
    node = rules.expand(rules.Reference(code, cell.cell.by), formulas.get)
    return rules.compute(node, lambda name, by, _back: totals[name, by]).value


def _says_what_the_communes_say(sheet: Sheet, reader: User) -> None:
    """A fact leads to the report of the commune, in which the same figure stands."""
    told = indicators.lineage_of(reader, sheet.submission.unit, code="LIT.MC1_36_60", period=YEAR, by="sex=female")
    for fact in told.facts[::24]:
        submission = Submission.objects.get(pk=int(fact.source.partition(":")[2]))
        assert submission.unit.key == fact.unit_key
        assert selectors.sheet(reader, submission).cells["mc.m1_36_60.nu"].stated == fact.value


def _names_its_sources(paper: Paper, sheet: Sheet) -> None:
    """The paper ends with an annex in which each figure has its source and how complete it is."""
    told = repr(paper.annexes)
    assert paper.annexes
    for cell in sheet.cells.values():
        assert cell.cell.label in told
    assert "145" in told
