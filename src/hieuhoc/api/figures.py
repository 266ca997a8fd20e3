"""Indicators, their values and targets, and what a value is made of: what the pages show, for programs.

One line per figure, each with its measure, period and completeness. Unknown is null and says why; it is never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Literal

from django.utils.translation import gettext_noop
from ninja import Field, Path, Query, Router, Schema

from hieuhoc.api import base
from hieuhoc.api.base import Words
from hieuhoc.api.units import UnitName, unit_name
from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui.wording import in_words, say
from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.periods import Period, period_from
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.indicators import rules
from hieuhoc.registers.indicators import selectors as indicators
from hieuhoc.registers.indicators.rules.measures import round_half_up
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.indicators.models import Definition, Target
    from hieuhoc.registers.places.models import Unit

_ = gettext_noop

router = Router(tags=[_("Chỉ số và số liệu")])

FigureState = Literal["", "provisional", "approved", "published"]
_CODE = _("Mã chỉ số, như LIT.L1_RATE_15_60.")
_PERIOD = _(
    "Mã kỳ: 2020, 2020-H1, 2020-Q3, 2020-09 (kỳ báo cáo hành chính, chốt ngày 14); dl-2020 (năm dương lịch); "
    "xmc-2020 (năm phổ cập, xóa mù chữ); nh-2020 (năm học 2019–2020)."
)
_BY = _("Phân tổ, như sex=female; bỏ trống là toàn bộ.")
_TEXT = {"max_length": 160, "pattern": r"^[^\x00]*$"}
Code = Annotated[str, Path(description=_CODE, **_TEXT)]
PeriodKey = Annotated[str, Path(description=_PERIOD, **_TEXT)]
UnitKey = Annotated[str, Path(description=_("Khóa của đơn vị."), **_TEXT)]
MOST_PERIODS = 60


class PeriodName(Schema):
    """A period by its key and its days."""

    key: str = Field(description=_PERIOD)
    name: str = Field(description=_("Tên kỳ."))
    first: date = Field(description=_("Ngày đầu."))
    last: date = Field(description=_("Ngày cuối, là ngày chốt số liệu."))


class IndicatorLine(Schema):
    """What an indicator means on a day."""

    code: str = Field(description=_CODE)
    name: str = Field(description=_("Tên."))
    name_en: str = Field(description=_("Tên tiếng Anh."))
    family: str = Field(description=_("Mã nhóm chỉ số."))
    kind: Literal["base", "derived"] = Field(description=_("Số liệu gốc (base) hoặc tính từ chỉ số khác (derived)."))
    measure: str = Field(description=_("Mã đơn vị tính."))
    measure_name: str = Field(description=_("Đơn vị tính bằng chữ."))
    decimals: int = Field(description=_("Số chữ số thập phân khi hiện."))
    direction: Literal["up", "down", "none"] = Field(description=_("Chiều tốt: up, down hoặc none (không xét)."))
    is_key: bool = Field(description=_("Là chỉ số chính."))
    state: Literal["draft", "in_force", "ended"] = Field(description=_("Trạng thái của định nghĩa."))
    valid_from: date = Field(description=_("Định nghĩa có hiệu lực từ ngày."))
    valid_to: date | None = Field(description=_("Định nghĩa hết hiệu lực từ ngày; rỗng là còn."))


class IndicatorWhole(IndicatorLine):
    """A definition in full."""

    meaning: str = Field(description=_("Ý nghĩa, cách tính."))
    formula: str = Field(description=_("Công thức; rỗng với số liệu gốc."))
    formula_in_words: str = Field(description=_("Công thức bằng lời."))
    over_places: Literal["sum", "distinct", "none"] = Field(description=_("Cách tổng hợp theo địa bàn."))
    over_time: Literal["sum", "last", "mean", "none"] = Field(description=_("Cách tổng hợp theo thời gian."))
    breakdowns: list[str] = Field(description=_("Các phân tổ (mã)."))
    levels: list[str] = Field(description=_("Các cấp có số liệu."))
    reported_at: str = Field(description=_("Cấp báo số liệu gốc."))
    calendar: str = Field(description=_("Lịch báo cáo (mã)."))
    rhythms: list[str] = Field(description=_("Các nhịp: month, quarter, half, year."))
    source: str = Field(description=_("Văn bản, nguồn."))
    note: str = Field(description=_("Ghi chú: điều chưa rõ."))


class IndicatorPage(base.Listed):
    """Indicators by family and code."""

    items: list[IndicatorLine]


class Figure(Schema):
    """A value of an indicator for a unit and a period."""

    unit: UnitName = Field(description=_("Đơn vị."))
    code: str = Field(description=_CODE)
    period: PeriodName = Field(description=_("Kỳ."))
    by: str = Field(description=_BY)
    value: float | None = Field(
        description=_("Giá trị theo đơn vị tính, làm tròn như khi hiện; null là chưa biết, không phải số không.")
    )
    measure: str = Field(description=_("Mã đơn vị tính."))
    exact: str | None = Field(description=_("Giá trị chính xác theo đơn vị đếm gốc (đồng, người), là phân số."))
    numerator: str | None = Field(description=_("Tử số chính xác, với tỷ lệ và trung bình."))
    denominator: str | None = Field(description=_("Mẫu số chính xác, với tỷ lệ và trung bình."))
    reported: int = Field(description=_("Số phần đã có số liệu (đơn vị × kỳ)."))
    expected: int = Field(description=_("Số phần phải có số liệu (đơn vị × kỳ)."))
    state: FigureState = Field(
        description=_("provisional (tạm tính), approved (đã duyệt), published (đã công bố); rỗng nếu chưa có số.")
    )
    computed_at: datetime | None = Field(description=_("Số tổng hợp đổi gần nhất vào lúc."))
    why_unknown: str = Field(description=_("Vì sao chưa biết; rỗng nếu đã biết."))


class Figures(Schema):
    """Values that were asked for, in the order of the question."""

    as_of: date = Field(description=_("Ngày mà câu trả lời này nói về."))
    items: list[Figure]


class FactLine(Schema):
    """One figure of a unit that has nobody beneath it."""

    unit: UnitName = Field(description=_("Đơn vị."))
    period: PeriodName = Field(description=_("Kỳ."))
    counted: int | None = Field(description=_("Số đếm được từ sổ sách (theo đơn vị đếm gốc); null nếu không đếm."))
    stated: int | None = Field(description=_("Số đơn vị báo (theo đơn vị đếm gốc); null nếu không báo."))
    value: int = Field(description=_("Số được dùng: số đơn vị báo nếu có, nếu không thì số đếm được."))
    reason: str = Field(description=_("Lý do số báo khác số đếm được."))
    source: str = Field(description=_("Dòng mà số liệu đến từ, như reports.submission:12."))
    is_approved: bool = Field(description=_("Đã duyệt."))
    changed_at: datetime = Field(description=_("Cập nhật lúc."))


class FigureLineage(Schema):
    """What a figure is made of, one step down in every direction."""

    as_of: date = Field(description=_("Ngày mà câu trả lời này nói về."))
    figure: Figure = Field(description=_("Số liệu được hỏi."))
    parts: list[Figure] = Field(description=_("Các số mà công thức dùng; rỗng với số liệu gốc."))
    beneath: list[Figure] = Field(description=_("Số liệu của các đơn vị trực thuộc."))
    turns: list[Figure] = Field(description=_("Số liệu của các kỳ ngắn hơn."))
    facts: list[FactLine] = Field(description=_("Số liệu gốc, nhiều nhất 500 dòng."))
    facts_left: int = Field(description=_("Số dòng số liệu gốc chưa nêu (dòng)."))
    silent: list[UnitName] = Field(description=_("Các đơn vị phải báo mà chưa có số liệu."))


class TargetLine(Schema):
    """What a unit is to reach by the end of a period."""

    unit: UnitName = Field(description=_("Đơn vị."))
    code: str = Field(description=_CODE)
    period: PeriodName = Field(description=_("Kỳ."))
    value: float = Field(description=_("Chỉ tiêu, theo đơn vị tính của chỉ số."))
    document: str = Field(description=_("Văn bản giao."))
    note: str = Field(description=_("Ghi chú."))
    set_at: datetime = Field(description=_("Giao lúc."))


class TargetPage(base.Listed):
    """Targets, the latest year first."""

    items: list[TargetLine]


class IndicatorFilter(base.Paging):
    """Which indicators are wanted."""

    on: date | None = Field(None, description=_("Định nghĩa vào ngày này; bỏ trống là hôm nay."))
    family: Words = Field("", description=_("Chỉ một nhóm (mã)."))
    kind: Literal["", "base", "derived"] = Field("", description=_("Chỉ số liệu gốc hoặc chỉ số tính."))
    q: Words = Field("", description=_("Từ trong tên, mã hoặc ý nghĩa, có dấu hoặc không."))


class FigureFilter(Schema):
    """Which values of a unit are wanted."""

    period: list[Words] = Field(description=_PERIOD, min_length=1, max_length=MOST_PERIODS)
    code: list[Words] = Field([], description=_("Chỉ các chỉ số này (mã); bỏ trống là mọi chỉ số."), max_length=200)
    by: list[Words] = Field([""], description=_BY, min_length=1, max_length=20)
    beneath: Literal["", "children", "commune", "district"] = Field(
        "", description=_("children: của các đơn vị trực thuộc; commune, district: của mọi xã, huyện bên dưới.")
    )


class PartFilter(Schema):
    """Which part of a figure is wanted."""

    by: Words = Field("", description=_BY)


class TargetFilter(base.Paging):
    """Which targets are wanted."""

    unit: Words = Field("", description=_("Chỉ của đơn vị có khóa này."))
    code: Words = Field("", description=_("Chỉ của chỉ số này."))
    year: int | None = Field(None, ge=1900, le=9000, description=_("Chỉ của năm này."))


@router.get("/indicators", response={200: IndicatorPage, **base.READ_PROBLEMS}, summary=_("Danh sách chỉ số"))
def list_indicators(request: UserRequest, asked: Query[IndicatorFilter]) -> object:
    access.require_somewhere(request.user, Permission.INDICATOR_READ)
    on = asked.on or clock.today()
    found = indicators.find_definitions(on=on, text=asked.q, family=asked.family, kind=asked.kind)
    rows, said = base.piece(found, asked)
    return {"as_of": on, "items": [_indicator(row) for row in rows], **said}


@router.get("/indicators/{code}", response={200: IndicatorWhole, **base.READ_PROBLEMS}, summary=_("Một chỉ số"))
def read_indicator(request: UserRequest, code: Code) -> object:
    access.require_somewhere(request.user, Permission.INDICATOR_READ)
    row = indicators.shown_version(indicators.versions_of(indicators.indicator_by_code(code)), clock.today())
    meaning = indicators.meaning_of(row)
    words = ""
    if meaning.node is not None:
        names = indicators.names_on(clock.today(), rules.leans_on(meaning))
        words = indicators.formula_words(meaning.node, names, indicators.breakdowns())
    kept = ("meaning", "formula", "over_places", "over_time", "breakdowns", "levels", "reported_at", "calendar")
    told = {name: getattr(row, name) for name in (*kept, "rhythms", "source", "note")}
    return {**_indicator(row), **told, "formula_in_words": words}


@router.get("/units/{id}/figures", response={200: Figures, **base.READ_PROBLEMS}, summary=_("Số liệu của một đơn vị"))
def list_figures(request: UserRequest, id: UnitKey, asked: Query[FigureFilter]) -> object:
    unit = places.unit_by_key(id)
    access.require(request.user, Permission.INDICATOR_READ, at=unit)
    periods = [_period(key) for key in dict.fromkeys(asked.period)]
    units = {one.pk: one for one in _asked_units(unit, asked.beneath, on=max(period.last for period in periods))}
    found = indicators.values(list(units), periods, codes=asked.code or None, bys=list(dict.fromkeys(asked.by)))
    known = indicators.meanings_on(clock.today())
    return {
        "as_of": clock.today(),
        "items": [_figure(units[at.unit], at.code, at.period, at.by, value, known) for at, value in found.items()],
    }


@router.get(
    "/units/{id}/figures/{code}/{period}",
    response={200: FigureLineage, **base.READ_PROBLEMS},
    summary=_("Một số liệu và nguồn của nó"),
)
def read_figure(request: UserRequest, id: UnitKey, code: Code, period: PeriodKey, asked: Query[PartFilter]) -> object:
    unit, turn = places.unit_by_key(id), _period(period)
    told = indicators.lineage_of(request.user, unit, code=code, period=turn, by=asked.by, limit=500)
    known = indicators.meanings_on(clock.today())
    return {
        "as_of": clock.today(),
        "figure": _figure(unit, code, turn, asked.by, told.value, known),
        "parts": [_figure(unit, one.code, one.period, one.by, one.value, known) for one in told.parts],
        "beneath": [_figure(row.unit, code, turn, asked.by, value, known) for row, value in told.beneath],
        "turns": [_figure(unit, code, one, asked.by, value, known) for one, value in told.turns],
        "facts": [_fact(one) for one in told.facts],
        "facts_left": told.facts_left,
        "silent": [unit_name(one) for one in told.silent],
    }


@router.get("/targets", response={200: TargetPage, **base.READ_PROBLEMS}, summary=_("Chỉ tiêu được giao"))
def list_targets(request: UserRequest, asked: Query[TargetFilter]) -> object:
    access.require_somewhere(request.user, Permission.INDICATOR_READ)
    unit = places.unit_by_key(asked.unit) if asked.unit else None
    found = indicators.find_targets(request.user, unit=unit, year=asked.year, code=asked.code)
    rows, said = base.piece(found, asked)
    return {"as_of": clock.today(), "items": [_target(row) for row in rows], **said}


def period_name(period: Period) -> dict[str, object]:
    """A period as other parts of the contract name it."""
    return {"key": period.key, "name": period.name, "first": period.first, "last": period.last}


def _period(key: str) -> Period:
    try:
        return period_from(key)
    except (ValueError, OverflowError) as error:
        raise Invalid("Không có kỳ nào mang mã “{key}”.", field="period", key=key) from error


def _asked_units(unit: Unit, beneath: str, *, on: date) -> Iterable[Unit]:
    if not beneath:
        return [unit]
    level = None if beneath == "children" else beneath
    return [row.unit for row in indicators.units_beneath(unit, on=on, level=level)]


def _indicator(row: Definition) -> dict[str, object]:
    kept = ("name", "name_en", "kind", "measure", "decimals", "direction", "is_key", "state", "valid_from", "valid_to")
    told = {name: getattr(row, name) for name in kept}
    named = {"code": row.indicator.code, "family": row.indicator.family.code}
    return {**told, **named, "measure_name": in_words(rules.measure(row.measure).name)}


def _figure(
    unit: Unit,
    code: str,
    period: Period,
    by: str,
    value: indicators.Value,
    known: dict[str, rules.Definition],
) -> dict[str, object]:
    meaning = known.get(code)
    shown = None
    if value.value is not None:
        exact = rules.measure(meaning.measure).shown(value.value) if meaning else value.value
        shown = float(round_half_up(exact, meaning.decimals if meaning else 4))
    return {
        "unit": unit_name(unit),
        "code": code,
        "period": period_name(period),
        "by": by,
        "value": shown,
        "measure": meaning.measure if meaning else "",
        "exact": _written(value.value),
        "numerator": _written(value.numerator),
        "denominator": _written(value.denominator),
        "reported": value.reported,
        "expected": value.expected,
        "state": value.state,
        "computed_at": value.computed_at,
        "why_unknown": say(value.why_unknown) if value.why_unknown else "",
    }


def _written(exact: Fraction | int | None) -> str | None:
    return None if exact is None else str(exact)


def _fact(one: indicators.Source) -> dict[str, object]:
    kept: Sequence[str] = ("counted", "stated", "value", "reason", "source", "is_approved", "changed_at")
    unit = {"id": one.unit_key, "code": "", "name": one.unit_name}
    return {"unit": unit, "period": period_name(one.period), **{name: getattr(one, name) for name in kept}}


def _target(row: Target) -> dict[str, object]:
    return {
        "unit": unit_name(row.unit),
        "code": row.indicator.code,
        "period": period_name(row.period.period),
        "value": float(row.value),
        "document": row.document,
        "note": row.note,
        "set_at": row.set_at,
    }
