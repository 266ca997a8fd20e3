"""The register of units through time: who stood where on a day, a unit's life, whom it came from and went to."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Literal

from django.utils.translation import gettext_noop
from ninja import Field, Path, Query, Router, Schema

from hieuhoc.api import base
from hieuhoc.api.base import Words
from hieuhoc.foundation.records import clock
from hieuhoc.kernel.errors import Missing
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import Reorganisation, Unit, UnitVersion
    from hieuhoc.registers.places.models import Succession as Passing

_ = gettext_noop

router = Router(tags=[_("Đơn vị qua thời gian")])

Level = Literal["province", "district", "commune", "hamlet", "agency", "group"]
_KEY = _("Khóa của đơn vị: không đổi suốt đời đơn vị và không dùng lại.")
_ON = _("Đơn vị như đã có vào ngày này; bỏ trống là hôm nay.")


_EVENT = _("Tên ngắn của cuộc sắp xếp, hoặc số của cuộc do người dùng soạn.")
_TEXT = {"max_length": 160, "pattern": r"^[^\x00]*$"}
Key = Annotated[str, Path(description=_KEY, **_TEXT)]
EventName = Annotated[str, Path(description=_EVENT, **_TEXT)]


class UnitName(Schema):
    """A unit by its identity and its last name."""

    id: str = Field(description=_KEY)
    code: str = Field(description=_("Mã số chính thức gần nhất; rỗng nếu không có. Nhà nước dùng lại mã số."))
    name: str = Field(description=_("Tên gần nhất."))


class UnitLine(Schema):
    """A unit as it was through one span of days."""

    id: str = Field(description=_KEY)
    code: str = Field(description=_("Mã số chính thức trong khoảng ngày này; rỗng nếu không có."))
    name: str = Field(description=_("Tên trong khoảng ngày này."))
    kind: str = Field(description=_("Loại (mã), như xa, phuong, so."))
    kind_name: str = Field(description=_("Loại bằng chữ."))
    level: Level = Field(description=_("Cấp."))
    parent: str | None = Field(description=_("Khóa của đơn vị cấp trên trực tiếp."))
    valid_from: date = Field(description=_("Ngày đầu của khoảng mà các cột này đúng."))
    valid_to: date | None = Field(description=_("Ngày sau ngày cuối của khoảng ấy; rỗng là đến nay."))


class UnitStage(UnitLine):
    """One stage of a unit's life, with the paper behind it."""

    document: str = Field(description=_("Văn bản của thay đổi mở đầu giai đoạn này; rỗng nếu chưa ghi."))


class UnitSize(Schema):
    """How large a unit was on a day. What is not known is null, never zero."""

    on: date = Field(description=_("Ngày của số liệu."))
    people: int | None = Field(description=_("Dân số (người)."))
    households: int | None = Field(description=_("Số hộ (hộ)."))
    area_ha: int | None = Field(description=_("Diện tích (ha)."))
    is_estimated: bool = Field(description=_("Số liệu là ước tính."))
    source: str = Field(description=_("Nguồn của số liệu."))


class UnitWhole(UnitStage):
    """A unit on a day: its state, what stands above it, its size, its whole life."""

    as_of: date = Field(description=_("Ngày mà câu trả lời này nói về."))
    short_name: str = Field(description=_("Tên ngắn."))
    above: list[UnitName] = Field(description=_("Các đơn vị cấp trên vào ngày ấy, từ trên xuống."))
    began_on: date = Field(description=_("Ngày đơn vị bắt đầu."))
    ended_on: date | None = Field(description=_("Ngày đơn vị thôi tồn tại; rỗng nếu còn."))
    heir: UnitName | None = Field(
        description=_("Đơn vị hiện còn đang nhận việc của đơn vị đã kết thúc; rỗng nếu đơn vị còn hoặc không có.")
    )
    size: UnitSize | None = Field(description=_("Quy mô biết được gần nhất đến ngày ấy."))


class UnitPage(base.Listed):
    """Units, higher levels first, each level in Vietnamese order."""

    items: list[UnitLine]


class UnitLife(Schema):
    """Everything a unit has been, newest first."""

    id: str = Field(description=_KEY)
    stages: list[UnitStage] = Field(description=_("Các giai đoạn, mới nhất trước; không hở ngày nào."))


class Succession(Schema):
    """That a share of one life went into another on a day."""

    unit: UnitName = Field(description=_("Đơn vị ở phía bên kia."))
    share: str = Field(description=_("Phần của đơn vị trước đi vào đơn vị sau, là phân số chính xác như 1 hoặc 1/3."))
    is_estimated: bool = Field(description=_("Tỷ lệ là ước tính."))
    takes_duties: bool = Field(description=_("Đơn vị sau nhận việc, quyền và nghĩa vụ của đơn vị trước."))
    on: date = Field(description=_("Ngày có hiệu lực."))
    document: str = Field(description=_("Văn bản của cuộc sắp xếp."))
    reorganisation: str = Field(description=_("Cuộc sắp xếp (id)."))


class Successions(Schema):
    """Whom a unit came from, and whom it went to."""

    id: str = Field(description=_KEY)
    heirs: list[Succession] = Field(description=_("Đơn vị này đã đi vào các đơn vị nào."))
    predecessors: list[Succession] = Field(description=_("Các đơn vị nào đã đi vào đơn vị này."))


class ReorganisationLine(Schema):
    """A decided reorganisation."""

    id: str = Field(description=_EVENT)
    title: str = Field(description=_("Tên cuộc sắp xếp."))
    effective_on: date = Field(description=_("Ngày có hiệu lực."))
    document_number: str = Field(description=_("Số, ký hiệu văn bản."))
    document_on: date | None = Field(description=_("Ngày ban hành văn bản."))
    document_issuer: str = Field(description=_("Cơ quan ban hành văn bản."))
    state: Literal["approved", "executed"] = Field(description=_("Đã duyệt (approved) hoặc đã thực hiện (executed)."))
    rows: int = Field(description=_("Số dòng của cuộc sắp xếp (dòng)."))


class ReorganisationRow(Schema):
    """One line of an event, as it was written: what becomes of a unit, or of a share of it."""

    act: str = Field(
        description=_(
            "Cách sắp xếp: merge (nhập), divide (chia), transfer (chuyển một phần), move (đổi cấp trên), "
            "rename (đổi tên), rekind (đổi loại), recode (đổi mã), abolish (bỏ cấp), form (lập mới)."
        )
    )
    source: str = Field(description=_("Mã số hoặc khóa của đơn vị vào hôm trước ngày có hiệu lực."))
    source_name: str = Field(description=_("Tên cũ, như đã ghi."))
    target: str = Field(description=_("Mã số hoặc khóa từ ngày có hiệu lực."))
    target_name: str = Field(description=_("Tên mới, như đã ghi."))
    share: str = Field(description=_("Tỷ lệ, như đã ghi; rỗng là toàn bộ."))
    is_estimated: bool = Field(description=_("Tỷ lệ là ước tính."))
    takes_duties: bool = Field(description=_("Đơn vị mới nhận việc của đơn vị cũ."))
    note: str = Field(description=_("Ghi chú."))


class ReorganisationWhole(ReorganisationLine):
    """A reorganisation with all its rows."""

    note: str = Field(description=_("Ghi chú của cuộc sắp xếp."))
    lines: list[ReorganisationRow] = Field(description=_("Các dòng, theo thứ tự của văn bản."))


class ReorganisationPage(base.Listed):
    """Reorganisations, the latest day first."""

    items: list[ReorganisationLine]


class UnitFilter(base.Paging):
    """Which units are wanted."""

    on: date | None = Field(None, description=_ON)
    level: Level | None = Field(None, description=_("Chỉ một cấp."))
    under: Words = Field("", description=_("Chỉ đơn vị nằm dưới đơn vị này: khóa, hoặc mã số vào ngày ấy."))
    q: Words = Field("", description=_("Từ trong tên hiện nay, tên cũ hay tên khác, có dấu hoặc không; hoặc mã."))


class Day(Schema):
    """A day in the life of the register."""

    on: date | None = Field(None, description=_ON)


@router.get("/units", response={200: UnitPage, **base.READ_PROBLEMS}, summary=_("Danh sách đơn vị vào một ngày"))
def list_units(request: UserRequest, asked: Query[UnitFilter]) -> object:
    _readable(request)
    on = asked.on or clock.today()
    under = _unit_of(asked.under, on) if asked.under else None
    found = places.filtered_units(on=on, text=asked.q, level=asked.level or "", under=under)
    rows, said = base.piece(found, asked)
    kinds = dict(places.kind_choices())
    return {"as_of": on, "items": [_line(row, row.unit.key, kinds) for row in rows], **said}


@router.get("/units/{id}", response={200: UnitWhole, **base.READ_PROBLEMS}, summary=_("Một đơn vị vào một ngày"))
def read_unit(request: UserRequest, id: Key, asked: Query[Day]) -> object:
    _readable(request)
    on, unit = asked.on or clock.today(), places.unit_by_key(id)
    # Who asks for no day means the unit, not the day: of one that has ended, how it last was.
    day = on if asked.on or unit.holds_on(on) else places.last_day(unit)
    state = places.state_on(unit, day)
    heir = places.main_heir(unit) if unit.valid_to else None
    size = places.sizes_on(day, [unit.pk]).get(unit.pk)
    return {
        **_stage(state, unit.key, dict(places.kind_choices())),
        "as_of": day,
        "short_name": state.short_name,
        "above": [{"id": one.unit.key, "code": one.code, "name": one.name} for one in places.ancestors(state, day)],
        "began_on": unit.valid_from,
        "ended_on": unit.valid_to,
        "heir": unit_name(heir),
        "size": size,
    }


@router.get("/units/{id}/life", response={200: UnitLife, **base.READ_PROBLEMS}, summary=_("Cuộc đời một đơn vị"))
def read_life(request: UserRequest, id: Key) -> object:
    _readable(request)
    unit, kinds = places.unit_by_key(id), dict(places.kind_choices())
    return {"id": unit.key, "stages": [_stage(one, unit.key, kinds) for one in places.life(unit)]}


@router.get(
    "/units/{id}/successions",
    response={200: Successions, **base.READ_PROBLEMS},
    summary=_("Tiền thân và đơn vị kế thừa"),
)
def read_successions(request: UserRequest, id: Key) -> object:
    _readable(request)
    unit = places.unit_by_key(id)
    return {
        "id": unit.key,
        "heirs": [_succession(one, one.heir) for one in places.successions_of(unit)],
        "predecessors": [_succession(one, one.predecessor) for one in places.inheritances_of(unit)],
    }


@router.get(
    "/reorganisations",
    response={200: ReorganisationPage, **base.READ_PROBLEMS},
    summary=_("Các cuộc sắp xếp đơn vị đã quyết định"),
)
def list_reorganisations(request: UserRequest, asked: Query[base.Paging]) -> object:
    _readable(request)
    rows, said = base.piece(places.decided_reorganisations(), asked)
    return {"as_of": clock.today(), "items": [_event(row, row.size) for row in rows], **said}


@router.get(
    "/reorganisations/{id}",
    response={200: ReorganisationWhole, **base.READ_PROBLEMS},
    summary=_("Một cuộc sắp xếp với mọi dòng"),
)
def read_reorganisation(request: UserRequest, id: EventName) -> object:
    _readable(request)
    event = places.decided_reorganisation(id)
    lines = places.rows_of(event)
    return {**_event(event, len(lines)), "note": event.note, "lines": lines}


def unit_name(unit: Unit | None) -> dict[str, str] | None:
    """A unit as other parts of the contract name it."""
    return {"id": unit.key, "code": unit.code, "name": unit.name} if unit else None


def _readable(request: UserRequest) -> None:
    access.require_somewhere(request.user, Permission.UNIT_READ)


def _unit_of(text: str, on: date) -> UnitVersion:
    """The unit of a key, or of an official code on the day, as it stood then."""
    try:
        return places.unit_by_code(text, on=on)
    except Missing:
        return places.state_on(places.unit_by_key(text), on)


def _line(row: UnitVersion, key: str, kinds: dict[str, str]) -> dict[str, object]:
    return {
        "id": key,
        "code": row.code,
        "name": row.name,
        "kind": row.kind,
        "kind_name": str(kinds[row.kind]),
        "level": row.level,
        "parent": row.parent.key if row.parent else None,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
    }


def _stage(row: UnitVersion, key: str, kinds: dict[str, str]) -> dict[str, object]:
    return {**_line(row, key, kinds), "document": row.document}


def _succession(row: Passing, other: Unit) -> dict[str, object]:
    return {
        "unit": unit_name(other),
        "share": str(Fraction(row.share_over, row.share_of)),
        "is_estimated": row.is_estimated,
        "takes_duties": row.takes_duties,
        "on": row.on,
        "document": row.reorganisation.document,
        "reorganisation": places.public_name(row.reorganisation),
    }


def _event(event: Reorganisation, rows: int) -> dict[str, object]:
    return {
        "id": places.public_name(event),
        "title": event.title,
        "effective_on": event.effective_on,
        "document_number": event.document_number,
        "document_on": event.document_on,
        "document_issuer": event.document_issuer,
        "state": event.state,
        "rows": rows,
    }
