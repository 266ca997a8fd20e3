"""Submissions as sheets of numbers: the form of one unit, and the units of a place side by side.

Their own words are Vietnamese in any language of the screen, as on paper.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hieuhoc.engines.writer.consolidated import Consolidated, UnitRow
from hieuhoc.engines.writer.forms import Form, Number, Stamp
from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.indicators import selectors as indicators
from hieuhoc.reports import states
from hieuhoc.reports.models import Figure, Round, Submission
from hieuhoc.reports.rules.form_sheets import Sheets, Standing, parts_of
from hieuhoc.reports.selectors.consolidated import consolidated
from hieuhoc.reports.selectors.forms import asked_in
from hieuhoc.reports.selectors.sheets import SheetCell, is_own, standing_figures

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.indicators.rules import Definition
    from hieuhoc.registers.indicators.selectors import Value
    from hieuhoc.registers.places.models import Unit
    from hieuhoc.reports.selectors.forms import Asked

_RELATED = ("unit__parent", "round__kind__root", "round__period", "round__version__form")


def blank_form(submission: Submission, asked: Asked | None = None) -> Form:
    """The form of a unit without what stands in it: enough to know a filled one by."""
    return Form(_stamp(submission), str(submission.round.kind), _sheets(submission, asked).sections())


def for_another(form: Form, submission: Submission) -> Form:
    """The same form for another unit of the same level and round."""
    return replace(form, stamp=_stamp(submission))


def _sheets(submission: Submission, asked: Asked | None = None) -> Sheets:
    told = asked or asked_in(submission.round)

    def typed(meaning: Definition) -> bool:
        return is_own(meaning, submission)

    return Sheets(told.layout, told.known, typed)


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
    """The form of a unit with what stands in it now, and the last period beside it.

    Raises: Missing for a form without anything to fill in.
    """
    one, unit = submission.round, submission.unit
    standing = {
        cell.cell.key: Standing(_number(cell.value), _number(cell.last), cell.reason, _overridden(cell))
        for cell in standing_figures(submission)
    }
    sections = replace(_sheets(submission), standing=standing, words=words_of(submission)).sections()
    if not sections:
        raise Missing("Biểu mẫu này không có phần nào để điền bằng tệp Excel.")
    return Form(
        _stamp(submission),
        str(one.kind),
        sections,
        superior="" if unit.is_administrative or not unit.parent else _body(unit.parent),
        issuer=_body(unit),
        lines=(
            f"Kỳ báo cáo: {one.period.period.name}",
            f"Biểu mẫu {one.version.form.code}, phiên bản {one.version.number}; "
            f"hạn gửi {write_date(submission.deadline)}",
        ),
        notes=(
            "Chỉ nhập vào các ô có nền màu vàng nhạt. Chưa có số liệu thì để trống; có mà bằng không thì nhập 0.",
            "Số khác với số đếm được từ sổ sách thì ghi lý do ở cột cuối của dòng.",
        ),
    )


@dataclass(frozen=True)
class Own:
    """A figure that a unit states itself, as it stands: what counts now, what was counted, what the report says."""

    value: int | None = None
    counted: int | None = None
    stated: int | None = None
    reason: str = ""


def own_figures(submission: Submission, asked: Asked) -> dict[str, Own]:
    """The figures of a report that is being filled which its unit states itself, by cell; nothing is worked out."""
    source = f"reports.submission:{submission.pk}"
    facts = indicators.own_facts(submission.unit_id, submission.round.period.period, set(asked.known))
    kept = {figure.key: figure for figure in submission.figures.all()}
    found = {}
    for cell in asked.layout.cells:
        figure, fact = kept.get(cell.key), facts.get((cell.indicator, cell.by))
        counted = fact.counted if fact else None
        known = None if fact is None else counted if fact.source == source else fact.value
        stated = figure.stated if figure else None
        found[cell.key] = Own(known if stated is None else stated, counted, stated, figure.reason if figure else "")
    return found


def _body(unit: Unit) -> str:
    """Who issues a paper for a unit: of a place, its People's Committee."""
    name = unit.name
    return f"Ủy ban nhân dân {name[:1].lower()}{name[1:]}" if unit.is_administrative else name


def words_of(submission: Submission) -> dict[str, str]:
    """What a report says in words, by place."""
    return dict(submission.narratives.values_list("key", "text"))


def _overridden(shown: SheetCell) -> str:
    """What is said beside a figure that a person gave instead of the one counted or added up; else nothing.

    In what is counted, as the cells themselves.
    """
    if shown.is_remark and shown.stated != shown.value.value:
        was, says = _number(shown.value), "đơn vị cho là"
    elif shown.differs:
        was, says = shown.counted, "sửa thành"
    else:
        return ""
    reason = f" vì {shown.reason[:1].lower()}{shown.reason[1:]}".rstrip(". ") if shown.reason else ""
    return f"Số tính được {'chưa có' if was is None else was}, {says} {shown.stated}{reason}."


def _number(value: Value) -> Number | None:
    exact = value.value
    return int(exact) if exact is not None and exact.denominator == 1 else exact


def consolidated_form(user: User, one: Round, unit: Unit) -> Consolidated:
    """A round's figures of the units beneath a unit, and what they add up to.

    Raises: Missing for a form without figures.
    """
    table = consolidated(user, one, unit)
    keys = [cell.key for cell in table.asked.layout.cells]

    def figures(values: Sequence[Value]) -> dict[str, Number | None]:
        return {key: _number(value) for key, value in zip(keys, values, strict=True)}

    parts = parts_of(table.asked.layout, table.asked.known)
    if not parts:
        raise Missing("Biểu mẫu này không có số liệu để tổng hợp.")
    given = _given([row.submission.pk for row in table.rows if row.submission])
    notes = [f"{len(table.silent)} đơn vị chưa nộp."] if table.silent else []
    if given:
        notes.append("Ô có dấu ở góc: đơn vị báo số khác với số tính được; lý do ghi trong chú thích của ô.")
    return Consolidated(
        f"Tổng hợp: {one.kind}",
        parts,
        tuple(
            UnitRow(
                row.unit.name,
                _stands(row.submission),
                figures(row.values),
                given.get(row.submission.pk, {}) if row.submission else {},
            )
            for row in table.rows
        ),
        figures(table.totals),
        superior="" if unit.is_administrative or not unit.parent else _body(unit.parent),
        issuer=_body(unit),
        lines=(f"Kỳ báo cáo: {one.period.period.name}",),
        notes=tuple(notes),
    )


def _given(submissions: Collection[int]) -> dict[int, dict[str, str]]:
    """What is said beside the figures that units gave instead of those counted or added up: by report and cell.

    Only such a figure has a reason.
    """
    found: dict[int, dict[str, str]] = {}
    rows = Figure.objects.filter(submission__in=submissions, stated__isnull=False).exclude(reason="")
    for submission, key, stated, reason in rows.values_list("submission", "key", "stated", "reason"):
        found.setdefault(submission, {})[key] = f"Đơn vị báo {stated}: {reason.rstrip('. ')}."
    return found


def _stands(submission: Submission | None) -> str:
    return states.SUBMISSION.states[submission.state] if submission else ""


def submission_of(one: Round, unit: str) -> Submission | None:
    """The report of a unit, named by its key, in a round; none where it owes none."""
    found = Submission.objects.filter(round=one, unit__key=unit).exclude(state__in=states.LEFT_OUT)
    return found.select_related(*_RELATED).first()


def fillable(user: User, one: Round) -> list[Submission]:
    """The reports of a round that a user may fill now."""
    rows = Submission.objects.filter(round=one, state__in=states.OWED).select_related(*_RELATED)
    return list(access.visible(user, rows, Permission.REPORT_FILL).order_by("unit__sort_key", "pk"))
