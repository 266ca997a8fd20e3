"""Submissions as sheets of numbers: the form of one unit, and the units of a place side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from hieuhoc.engines.writer.consolidated import Consolidated, UnitRow
from hieuhoc.engines.writer.forms import Form, Number, Stamp
from hieuhoc.foundation.ui.wording import in_words
from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.registers.indicators import selectors as indicators
from hieuhoc.registers.places import selectors as places
from hieuhoc.reports import states
from hieuhoc.reports.models import Figure, Narrative, Round, Submission
from hieuhoc.reports.rules import form_sheets
from hieuhoc.reports.rules.form_sheets import Sheets, Standing
from hieuhoc.reports.rules.layout import Cell, Layout, Meanings, layout_from

if TYPE_CHECKING:
    from fractions import Fraction

    from hieuhoc.kernel.periods import Period
    from hieuhoc.registers.places.models import Unit

_RANK = {"province": 0, "district": 1, "commune": 2}


def layout_of(one: Round) -> tuple[Layout, Meanings]:
    """The layout that a round follows, and what its indicators mean on the last day of its period."""
    meanings = indicators.meanings_on(one.period.period.last)
    return layout_from(one.version.layout, known=meanings, breakdowns=indicators.breakdowns()), meanings


def blank_form(submission: Submission) -> Form:
    """The form of a unit without what stands in it: enough to know a filled one by."""
    layout, meanings = layout_of(submission.round)
    sheets = Sheets(layout, meanings, form_sheets.stated_at(submission.level))
    return Form(_stamp(submission), str(submission.round.kind), sheets.sections())


def for_another(form: Form, submission: Submission) -> Form:
    """The same form for another unit of the same level and round."""
    return replace(form, stamp=_stamp(submission))


def _stamp(submission: Submission) -> Stamp:
    one = submission.round
    return Stamp(
        one.version.form.code,
        str(one.version.number),
        submission.unit.key,
        one.period.key,
        submission.unit.name,
        one.period.period.name,
    )


def filled_form(submission: Submission) -> Form:
    """The form of a unit with what stands in it now, and the last period beside it."""
    one = submission.round
    layout, meanings = layout_of(one)
    sheets = Sheets(
        layout,
        meanings,
        form_sheets.stated_at(submission.level),
        _standing(submission, list(layout.cells)),
        dict(Narrative.objects.filter(submission=submission).values_list("key", "text")),
    )
    above = submission.unit.parent
    return Form(
        _stamp(submission),
        str(one.kind),
        sheets.sections(),
        superior=above.name if above else "",
        issuer=submission.unit.name,
        lines=(
            _("Kỳ báo cáo: %(period)s") % {"period": one.period.period.name},
            _("Biểu mẫu %(code)s, phiên bản %(number)s; hạn gửi %(due)s")
            % {"code": one.version.form.code, "number": one.version.number, "due": write_date(submission.deadline)},
        ),
        notes=(
            _("Chỉ nhập vào các ô có nền màu vàng nhạt. Chưa có số liệu thì để trống; có mà bằng không thì nhập 0."),
            _("Số khác với số đếm được từ sổ sách thì ghi lý do ở cột cuối của dòng."),
        ),
    )


def _standing(submission: Submission, wanted: list[Cell]) -> dict[str, Standing]:
    period = submission.round.period.period
    stated = {figure.key: figure for figure in Figure.objects.filter(submission=submission)}
    now = _values([submission.unit_id], [period, period.previous()], wanted)
    found = {}
    for one in wanted:
        figure = stated.get(one.key)
        value = figure.stated if figure and figure.stated is not None else now.get(_at(submission, one, period))
        before = now.get(_at(submission, one, period.previous()))
        found[one.key] = Standing(value, before, figure.reason if figure else "")
    return found


def _at(submission: Submission, one: Cell, period: Period) -> indicators.At:
    return indicators.At(submission.unit_id, one.indicator, period, one.by)


def _values(units: list[int], periods: list[Period], asked: list[Cell]) -> dict[indicators.At, Number | None]:
    if not asked:
        return {}
    found = indicators.values(units, periods, codes={one.indicator for one in asked}, bys={one.by for one in asked})
    return {at: _plain(value.value) for at, value in found.items()}


def _plain(value: Fraction | None) -> Number | None:
    return int(value) if value is not None and value.denominator == 1 else value


def beneath(one: Round, unit: Unit) -> list[Submission]:
    """The submissions whose figures a unit's consolidated table shows side by side: of the highest level beneath it."""
    day = one.period.period.last
    within = places.units_on(day, under=unit).values("unit")
    found = [
        submission
        for submission in Submission.objects.filter(round=one, unit__in=within)
        .exclude(state__in=states.LEFT_OUT)
        .exclude(unit=unit)
        .select_related("unit")
        .order_by("unit__sort_key", "pk")
        if submission.level in _RANK
    ]
    highest = min((_RANK[submission.level] for submission in found), default=0)
    return [submission for submission in found if _RANK[submission.level] == highest]


def consolidated_form(one: Round, unit: Unit) -> Consolidated:
    """A round's figures of the units beneath a unit, and what they add up to."""
    layout, meanings = layout_of(one)
    asked = list(layout.cells)
    rows = beneath(one, unit)
    period = one.period.period
    known = _values([unit.pk, *(row.unit_id for row in rows)], [period], asked)

    def figures(number: int) -> dict[str, Number | None]:
        return {item.key: known.get(indicators.At(number, item.indicator, period, item.by)) for item in asked}

    missing = sum(row.state in states.OWED for row in rows)
    notes = (_("%(missing)s đơn vị chưa nộp.") % {"missing": missing},) if missing else ()
    return Consolidated(
        _("Tổng hợp: %(kind)s") % {"kind": one.kind},
        form_sheets.parts_of(layout, meanings),
        tuple(
            UnitRow(row.unit.name, in_words(states.SUBMISSION.states[row.state]), figures(row.unit_id)) for row in rows
        ),
        figures(unit.pk),
        total_name=_("Tổng cộng"),
        superior=unit.parent.name if unit.parent else "",
        issuer=unit.name,
        lines=(_("Kỳ báo cáo: %(period)s") % {"period": period.name},),
        notes=notes,
    )
