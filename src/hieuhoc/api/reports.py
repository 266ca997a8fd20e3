"""Reports of units: which rounds there are, what is owed, one report cell by cell; filling it and handing it in.

A round and a report are known by the number in the address of their page: none of them is ever deleted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext_noop
from ninja import Field, Query, Router, Schema
from pydantic import ConfigDict

from hieuhoc.api import base
from hieuhoc.api.base import Number, Words
from hieuhoc.api.figures import FigureState, PeriodName, period_name
from hieuhoc.api.units import UnitName, unit_name
from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui.wording import say
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.indicators.rules.measures import round_half_up
from hieuhoc.registers.indicators.selectors import Value
from hieuhoc.reports import rules, services
from hieuhoc.reports import selectors as reports

if TYPE_CHECKING:
    from hieuhoc.reports.models import Round, Submission

_ = gettext_noop

router = Router(tags=[_("Báo cáo")])

SubmissionState = Literal["waiting", "draft", "submitted", "returned", "approved", "locked", "joined", "cancelled"]
StandingName = Literal["overdue", "returned", "due", "not_yet_due", "submitted", "approved", "left_out"]
_STATES = _(
    "Trạng thái: waiting (chưa làm), draft (đang làm), submitted (đã nộp), returned (bị trả lại), approved (đã duyệt), "
    "locked (đã khóa), joined (đã gộp khi đơn vị sáp nhập), cancelled (không phải nộp)."
)
_STANDINGS = _(
    "Tình trạng vào ngày hỏi: overdue (quá hạn), due (đến hạn trong 7 ngày), not_yet_due (chưa đến hạn), returned, "
    "submitted, approved, left_out (không phải nộp)."
)
_CELL = _("Khóa của ô trong biểu mẫu.")
_NUMBER = _("Số của dòng này, như trong địa chỉ trang; không dùng lại.")


class RoundLine(Schema):
    """One turn of a kind of report."""

    id: int = Field(description=_NUMBER)
    kind: str = Field(description=_("Mã loại báo cáo."))
    name: str = Field(description=_("Tên loại báo cáo."))
    form: str = Field(description=_("Mã biểu mẫu."))
    form_version: int = Field(description=_("Phiên bản biểu mẫu."))
    period: PeriodName = Field(description=_("Kỳ."))
    closes_on: date = Field(description=_("Ngày chốt số liệu."))
    dues: dict[str, date] = Field(description=_("Hạn gửi theo cấp."))
    state: Literal["open", "closed", "cancelled"] = Field(description=_("open (đang mở), closed (đã khép)."))
    standings: dict[str, int] = Field(description=_("Số báo cáo theo tình trạng, trong phạm vi của người hỏi."))


class RoundPage(base.Listed):
    """Rounds, those that close last first."""

    items: list[RoundLine]


class SubmissionLine(Schema):
    """The report of one unit in one round."""

    id: int = Field(description=_NUMBER)
    round: int = Field(description=_("Đợt báo cáo (số)."))
    kind: str = Field(description=_("Mã loại báo cáo."))
    unit: UnitName = Field(description=_("Đơn vị."))
    level: str = Field(description=_("Cấp báo cáo."))
    period: PeriodName = Field(description=_("Kỳ."))
    state: SubmissionState = Field(description=_STATES)
    standing: StandingName = Field(description=_STANDINGS)
    deadline: date = Field(description=_("Hạn gửi, kể cả gia hạn."))
    submitted_at: datetime | None = Field(description=_("Nộp lúc."))
    submitted_by: str = Field(description=_("Người nộp."))
    returned_at: datetime | None = Field(description=_("Trả lại lúc."))
    returned_by: str = Field(description=_("Người trả lại."))
    returned_why: str = Field(description=_("Lý do trả lại."))
    approved_at: datetime | None = Field(description=_("Duyệt lúc."))
    approved_by: str = Field(description=_("Người duyệt."))
    edition: int = Field(description=_("Lần lưu; gửi kèm khi ghi để không đè lên người khác."))


class SubmissionPage(base.Listed):
    """Reports, the most urgent first."""

    items: list[SubmissionLine]


class CellLine(Schema):
    """One number of a report. Counts are whole numbers of what is counted: đồng, persons."""

    key: str = Field(description=_CELL)
    label: str = Field(description=_("Tên dòng."))
    column: str = Field(description=_("Tên cột; rỗng nếu không ở trong bảng."))
    code: str = Field(description=_("Mã chỉ số."))
    by: str = Field(description=_("Phân tổ."))
    measure: str = Field(description=_("Mã đơn vị tính."))
    takes_figure: bool = Field(description=_("Ô nhận số của đơn vị, hoặc ghi chú cạnh số tổng hợp."))
    is_own: bool = Field(description=_("Số của chính đơn vị; nếu không thì là số tổng hợp hoặc tính ra."))
    value: float | None = Field(description=_("Số đang có, theo đơn vị tính, làm tròn; null là chưa biết."))
    counted: int | None = Field(description=_("Số đếm được từ sổ sách."))
    stated: int | None = Field(description=_("Số báo cáo này ghi."))
    reason: str = Field(description=_("Lý do số ghi khác số có sẵn."))
    last: float | None = Field(description=_("Số của kỳ trước."))
    reported: int = Field(description=_("Số phần đã có số liệu."))
    expected: int = Field(description=_("Số phần phải có số liệu."))
    state: FigureState = Field(description=_("Trạng thái của số liệu."))


class FindingLine(Schema):
    """What a check says."""

    level: Literal["error", "warning"] = Field(description=_("error: chưa nộp được; warning: nhắc."))
    cells: list[str] = Field(description=_("Các ô được nói đến (khóa)."))
    message: str = Field(description=_("Câu giải thích."))


class SubmissionWhole(SubmissionLine):
    """A report with its cells, words and what its checks say."""

    as_of: date = Field(description=_("Ngày mà câu trả lời này nói về."))
    cells: list[CellLine] = Field(description=_("Các ô, theo thứ tự của biểu mẫu."))
    words: dict[str, str] = Field(description=_("Phần lời và mục đã chọn, theo khóa."))
    findings: list[FindingLine] = Field(description=_("Kết quả kiểm tra."))


class RoundFilter(base.Paging):
    """Which rounds are wanted."""

    kind: Words = Field("", description=_("Chỉ một loại báo cáo (mã)."))
    state: Literal["", "open", "closed"] = Field("", description=_("Chỉ đợt đang mở hoặc đã khép."))


class SubmissionFilter(base.Paging):
    """Which reports are wanted: the user's own, or those of a round."""

    round: int | None = Field(None, ge=1, le=base.MOST, description=_("Chỉ của đợt này; bỏ trống là báo cáo của tôi."))
    standing: Literal["", "overdue", "returned", "due", "not_yet_due", "submitted", "approved", "left_out"] = Field(
        "", description=_STANDINGS
    )
    level: Words = Field("", description=_("Chỉ một cấp."))


class FigureSent(Schema):
    """A number that a unit states."""

    model_config = ConfigDict(extra="forbid")

    value: int | None = Field(
        ge=-(10**15), le=10**15, description=_("Số nguyên theo đơn vị đếm gốc (đồng, người); null là bỏ số đã ghi.")
    )
    reason: Words = Field("", max_length=500, description=_("Lý do, khi khác số có sẵn."))


class FilledSent(Schema):
    """What is written into a report; what is not named stays."""

    model_config = ConfigDict(extra="forbid")

    edition: int = Field(ge=0, le=base.MOST, description=_("Lần lưu mà chương trình đã đọc."))
    figures: dict[Words, FigureSent] = Field({}, max_length=5000, description=_("Số theo khóa của ô."))
    words: dict[Words, Words] = Field({}, max_length=200, description=_("Lời theo khóa của phần."))
    submit: bool = Field(False, description=_("Nộp luôn sau khi ghi."))


@router.get("/rounds", response={200: RoundPage, **base.READ_PROBLEMS}, summary=_("Các đợt báo cáo"))
def list_rounds(request: UserRequest, asked: Query[RoundFilter]) -> object:
    access.require_somewhere(request.user, Permission.REPORT_READ)
    found = reports.rounds_seen(request.user, kind=asked.kind, state=asked.state)
    rows, said = base.piece(found, asked)
    tallies = reports.tallies(request.user, list(rows), on=clock.today())
    return {"as_of": clock.today(), "items": [_round(row, tallies[row.pk]) for row in rows], **said}


@router.get("/rounds/{number}", response={200: RoundLine, **base.READ_PROBLEMS}, summary=_("Một đợt báo cáo"))
def read_round(request: UserRequest, number: Number) -> object:
    row = reports.round_by_key(request.user, number)
    return _round(row, reports.tallies(request.user, [row], on=clock.today())[row.pk])


@router.get(
    "/submissions",
    response={200: SubmissionPage, **base.READ_PROBLEMS},
    summary=_("Báo cáo phải nộp, hoặc báo cáo của một đợt"),
)
def list_submissions(request: UserRequest, asked: Query[SubmissionFilter]) -> object:
    access.require_somewhere(request.user, Permission.REPORT_READ)
    today = clock.today()
    if asked.round is None:
        rows = reports.owed(request.user, on=today, standing=asked.standing)
        rows = [row for row in rows if not asked.level or row[0].level == asked.level]
    else:
        one = reports.round_by_key(request.user, asked.round)
        rows = reports.submissions_in(request.user, one, on=today, level=asked.level, standing=asked.standing)
    start = (asked.page - 1) * asked.per_page
    said = {
        "count": len(rows),
        "page": asked.page,
        "per_page": asked.per_page,
        "pages": max(1, -(-len(rows) // asked.per_page)),
    }
    items = [_submission(row, standing) for row, standing in rows[start : start + asked.per_page]]
    return {"as_of": today, "items": items, **said}


@router.get(
    "/submissions/{number}",
    response={200: SubmissionWhole, **base.READ_PROBLEMS},
    summary=_("Một báo cáo, từng ô một"),
)
def read_submission(request: UserRequest, number: Number) -> object:
    return _whole(request, number)


@router.post(
    "/submissions/{number}/figures",
    response={201: SubmissionWhole, **base.WRITE_PROBLEMS},
    summary=_("Ghi số liệu và lời vào một báo cáo, nộp nếu muốn"),
)
def fill_submission(
    request: UserRequest, response: HttpResponse, number: Number, sent: FilledSent, key: base.OnceKey = None
) -> object:
    base.may_report(request)

    @transaction.atomic
    def answer() -> Schema:
        submission = reports.submission_by_key(request.user, number)
        services.fill(
            by=request.user,
            submission=submission,
            figures={name: services.Given(one.value, one.reason) for name, one in sent.figures.items()},
            narratives=sent.words,
            edition=sent.edition,
        )
        if sent.submit:
            services.submit(by=request.user, submission=submission)
        return SubmissionWhole.model_validate(_whole(request, number))

    return base.once(request, response, key, sent, answer)


def _round(row: Round, standings: Mapping[str, int]) -> dict[str, object]:
    return {
        "id": row.pk,
        "kind": row.kind.code,
        "name": row.kind.name,
        "form": row.version.form.code,
        "form_version": row.version.number,
        "period": period_name(row.period.period),
        "closes_on": row.closes_on,
        "dues": row.dues,
        "state": row.state,
        "standings": standings,
    }


def _submission(row: Submission, standing: str) -> dict[str, object]:
    hands = {
        f"{deed}_by": person.full_name if person else ""
        for deed, person in (
            ("submitted", row.submitted_by),
            ("returned", row.returned_by),
            ("approved", row.approved_by),
        )
    }
    kept = ("level", "state", "deadline", "submitted_at", "returned_at", "returned_why", "approved_at", "edition")
    return {
        **{name: getattr(row, name) for name in kept},
        **hands,
        "id": row.pk,
        "round": row.round_id,
        "kind": row.round.kind.code,
        "unit": unit_name(row.unit),
        "period": period_name(row.round.period.period),
        "standing": standing,
    }


def _whole(request: UserRequest, number: int) -> dict[str, object]:
    row = reports.submission_by_key(request.user, number)
    sheet = reports.sheet(request.user, row)
    findings = [{"level": one.level, "cells": list(one.keys), "message": say(one.error)} for one in sheet.findings]
    return {
        **_submission(row, rules.standing(row, on=clock.today())),
        "as_of": clock.today(),
        "cells": [_cell(one) for one in sheet.cells.values()],
        "words": dict(sheet.words),
        "findings": findings,
    }


def _cell(one: reports.SheetCell) -> dict[str, object]:
    kept = ("is_own", "takes_figure", "counted", "stated", "reason")
    return {
        **{name: getattr(one, name) for name in kept},
        "key": one.cell.key,
        "label": one.cell.label,
        "column": one.cell.column,
        "code": one.cell.indicator,
        "by": one.cell.by,
        "measure": one.meaning.measure,
        "value": _shown(one, one.value),
        "last": _shown(one, one.last),
        "reported": one.value.reported,
        "expected": one.value.expected,
        "state": one.value.state,
    }


def _shown(one: reports.SheetCell, value: Value) -> float | None:
    if value.value is None:
        return None
    return float(round_half_up(one.meaning.shown_in.shown(value.value), one.meaning.decimals))
