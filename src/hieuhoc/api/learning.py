"""Where learning happens: bodies that offer it, classes, who was there; attendance, each mark taken once by its key.

No personal data but the names on the list of a session, for whoever takes its attendance.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext_noop
from ninja import Field, Path, Query, Router, Schema
from pydantic import ConfigDict

from hieuhoc.api import base
from hieuhoc.api.base import Number, Words
from hieuhoc.api.units import UnitName, unit_name
from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui.wording import say
from hieuhoc.programme.learning.selectors import activities, attendance, providers
from hieuhoc.programme.learning.services import attendance as marking
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.people.services import see_roster
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.programme.learning.models import Activity, Provider, Session

_ = gettext_noop

router = Router(tags=[_("Học tập")])

_TEXT = {"max_length": 160, "pattern": r"^[^\x00]*$"}
Key = Annotated[str, Path(description=_("Khóa của cơ sở, như trong địa chỉ trang; không đổi."), **_TEXT)]
Code = Annotated[str, Path(description=_("Mã của lớp, chuyên đề; không dùng lại."), **_TEXT)]
ActivityState = Literal["draft", "open", "ended", "cancelled"]
_UNIT = _("Khóa của một đơn vị: chỉ những gì ở đơn vị ấy và cấp dưới.")
_KIND = _("Mã loại cơ sở, như clc (trung tâm học tập cộng đồng), library, club.")
_EDITION = _("Lần ghi của dấu này; 0 là chưa ghi.")
_FEATURES = (
    "is_model",
    "with_culture_house",
    "own_premises",
    "has_seal",
    "has_internet",
    "has_bookshelf",
    "has_sound",
    "uses_computing",
)


class ProviderLine(Schema):
    """A body that offers learning."""

    id: str = Field(description=_("Khóa của cơ sở."))
    kind: str = Field(description=_KIND)
    name: str = Field(description=_("Tên."))
    unit: UnitName = Field(description=_("Xã, phường, thị trấn."))
    valid_from: date = Field(description=_("Ngày thành lập."))
    valid_to: date | None = Field(description=_("Ngày không còn hoạt động; null là đang hoạt động."))
    is_model: bool | None = Field(description=_("Trung tâm điểm; null là chưa ai ghi."))
    with_culture_house: bool | None = Field(description=_("Kết hợp nhà văn hóa; null là chưa ai ghi."))
    own_premises: bool | None = Field(description=_("Có trụ sở riêng; null là chưa ai ghi."))
    has_seal: bool | None = Field(description=_("Có con dấu; null là chưa ai ghi."))
    has_internet: bool | None = Field(description=_("Có internet; null là chưa ai ghi."))
    has_bookshelf: bool | None = Field(description=_("Có tủ sách cộng đồng; null là chưa ai ghi."))
    has_sound: bool | None = Field(description=_("Có loa đài; null là chưa ai ghi."))
    uses_computing: bool | None = Field(description=_("Ứng dụng CNTT; null là chưa ai ghi."))


class ProviderPage(base.Listed):
    """Bodies, by name."""

    items: list[ProviderLine]


class ActivityLine(Schema):
    """A class, talk or the like."""

    code: str = Field(description=_("Mã của lớp, chuyên đề."))
    kind: str = Field(description=_("Hình thức (mã), như class, talk."))
    title: str = Field(description=_("Tên."))
    field: str = Field(description=_("Lĩnh vực (mã), như law, health."))
    provider: str = Field(description=_("Khóa của cơ sở tổ chức."))
    unit: UnitName = Field(description=_("Xã, phường, thị trấn mà lớp được đếm."))
    state: ActivityState = Field(description=_("draft (bản nháp), open (đang mở), ended (đã kết thúc), cancelled."))
    for_rural_workers: bool = Field(description=_("Dành cho lao động nông thôn."))
    capacity: int | None = Field(description=_("Số chỗ; null là không giới hạn."))
    fee: int = Field(description=_("Học phí (đồng)."))
    first_on: date | None = Field(description=_("Ngày của buổi đầu."))
    last_on: date | None = Field(description=_("Ngày của buổi cuối."))
    held_on: date | None = Field(description=_("Ngày của buổi đầu đã học; theo đó lớp được đếm vào một kỳ."))


class ActivityPage(base.Listed):
    """Classes, the latest first."""

    items: list[ActivityLine]


class OrganiserLine(Schema):
    """Who holds a class."""

    kind: str = Field(description=_("Loại đơn vị (mã), như women, clc."))
    name: str = Field(description=_("Tên đơn vị."))
    is_owner: bool = Field(description=_("Đơn vị chủ trì; lớp chỉ đếm một lần trong tổng số."))


class SessionLine(Schema):
    """One meeting of a class, and how many were there."""

    id: int = Field(description=_("Số của buổi học."))
    number: int = Field(description=_("Buổi thứ mấy."))
    starts_at: datetime = Field(description=_("Bắt đầu."))
    ends_at: datetime = Field(description=_("Kết thúc."))
    state: Literal["planned", "held", "cancelled"] = Field(
        description=_("planned (sắp học), held (đã học), cancelled.")
    )
    named: int = Field(description=_("Số người có ghi tên đã có mặt (người)."))
    heads: int = Field(description=_("Số người không ghi tên đã đếm (người)."))


class ActivityWhole(ActivityLine):
    """A class with its meetings."""

    as_of: date = Field(description=_("Ngày mà câu trả lời này nói về."))
    organisers: list[OrganiserLine] = Field(description=_("Các đơn vị tổ chức, đơn vị chủ trì trước."))
    sessions: list[SessionLine] = Field(description=_("Các buổi học."))
    enrolments: dict[str, int] = Field(
        description=_("Số người ghi danh theo trạng thái: enrolled, waiting, completed…")
    )


class LearnerLine(Schema):
    """Somebody on the list of a session."""

    enrolment: int = Field(description=_("Số của ghi danh."))
    place: int = Field(description=_("Thứ tự trong lớp."))
    name: str = Field(description=_("Họ và tên."))
    mark: str = Field(description=_("present (có mặt), late (đến muộn), absent (vắng); rỗng là chưa ghi."))
    edition: int = Field(description=_EDITION)


class Roll(Schema):
    """The list of a session."""

    as_of: date = Field(description=_("Ngày mà câu trả lời này nói về."))
    id: int = Field(description=_("Số của buổi học."))
    activity: str = Field(description=_("Mã của lớp, chuyên đề."))
    learners: list[LearnerLine] = Field(description=_("Danh sách lớp."))


class ProviderFilter(base.Paging):
    """Which bodies are wanted."""

    kind: Words = Field("", description=_KIND)
    unit: Words = Field("", description=_UNIT)
    words: Words = Field("", max_length=200, description=_("Chữ trong tên, nơi hoặc địa chỉ."))
    standing: Literal["active", "ended", "all"] = Field("active", description=_("active (đang hoạt động), ended, all."))


class ActivityFilter(base.Paging):
    """Which classes are wanted."""

    kind: Words = Field("", description=_("Hình thức (mã)."))
    field: Words = Field("", description=_("Lĩnh vực (mã)."))
    state: Literal["", "draft", "open", "ended", "cancelled"] = Field("", description=_("Trạng thái."))
    organiser: Words = Field("", description=_("Loại đơn vị tổ chức (mã)."))
    unit: Words = Field("", description=_UNIT)
    words: Words = Field("", max_length=200, description=_("Chữ trong tên lớp."))


class MarkSent(Schema):
    """One mark of somebody on the list."""

    model_config = ConfigDict(extra="forbid")

    key: UUID = Field(description=_("Khóa do máy gửi đặt; gửi lại cùng khóa thì nhận câu trả lời đầu tiên."))
    enrolment: int = Field(ge=1, le=base.MOST, description=_("Số của ghi danh."))
    mark: Literal["present", "late", "absent", ""] = Field(description=_("Rỗng là bỏ dấu đã ghi."))
    seen: int = Field(0, ge=0, le=2_000_000_000, description=_("Lần ghi mà máy đã thấy, để không đè lên người khác."))
    at: datetime | None = Field(None, description=_("Lúc ghi, theo đồng hồ của máy."))


class HeadsSent(Schema):
    """How many there are of a group whose names are not kept."""

    model_config = ConfigDict(extra="forbid")

    key: UUID = Field(description=_("Khóa do máy gửi đặt."))
    count: int = Field(ge=0, le=100_000, description=_("Số người của nhóm (người), không phải số thêm."))
    sex: Literal["", "female", "male"] = Field("", description=_("Giới tính; rỗng là không tách."))
    age_band: Literal["", "0-14", "15-25", "26-35", "36-60", "61"] = Field("", description=_("Nhóm tuổi."))
    seen: int = Field(0, ge=0, le=2_000_000_000, description=_("Lần ghi mà máy đã thấy."))
    at: datetime | None = Field(None, description=_("Lúc đếm, theo đồng hồ của máy."))


class MarksSent(Schema):
    """What a device has to say of a session."""

    model_config = ConfigDict(extra="forbid")

    marks: list[MarkSent] = Field([], max_length=1000, description=_("Các dấu."))
    heads: list[HeadsSent] = Field([], max_length=20, description=_("Số người không ghi tên."))


class OutcomeLine(Schema):
    """What became of one key."""

    key: UUID = Field(description=_("Khóa đã gửi."))
    outcome: Literal["taken", "conflict", "refused"] = Field(
        description=_("taken (đã nhận), conflict (khác với người khác đã ghi; người phụ trách sẽ chọn), refused.")
    )
    why: str = Field(description=_("Lý do không nhận; rỗng nếu đã nhận."))


class Outcomes(Schema):
    """What became of everything sent, in its order: marks, then heads."""

    items: list[OutcomeLine] = Field(description=_("Kết quả của từng khóa."))


@router.get("/providers", response={200: ProviderPage, **base.READ_PROBLEMS}, summary=_("Các cơ sở học tập"))
def list_providers(request: UserRequest, asked: Query[ProviderFilter]) -> object:
    access.require_somewhere(request.user, Permission.LEARNING_READ)
    unit = places.unit_by_key(asked.unit) if asked.unit else None
    found = providers.find_providers(
        request.user, text=asked.words, kind=asked.kind, unit=unit, standing=asked.standing
    )
    rows, said = base.piece(found, asked)
    return {"as_of": clock.today(), "items": [_provider(row) for row in rows], **said}


@router.get("/providers/{key}", response={200: ProviderLine, **base.READ_PROBLEMS}, summary=_("Một cơ sở học tập"))
def read_provider(request: UserRequest, key: Key) -> object:
    return _provider(providers.provider_by_key(request.user, key))


@router.get("/activities", response={200: ActivityPage, **base.READ_PROBLEMS}, summary=_("Các lớp, chuyên đề"))
def list_activities(request: UserRequest, asked: Query[ActivityFilter]) -> object:
    access.require_somewhere(request.user, Permission.LEARNING_READ)
    found = activities.find_activities(
        request.user,
        text=asked.words,
        kind=asked.kind,
        field=asked.field,
        state=asked.state,
        organiser=asked.organiser,
        unit=places.unit_by_key(asked.unit) if asked.unit else None,
    )
    rows, said = base.piece(found.select_related("provider", "unit"), asked)
    return {"as_of": clock.today(), "items": [_activity(row) for row in rows], **said}


@router.get(
    "/activities/{code}",
    response={200: ActivityWhole, **base.READ_PROBLEMS},
    summary=_("Một lớp, chuyên đề với các buổi học và số người"),
)
def read_activity(request: UserRequest, code: Code) -> object:
    row = activities.activity_by_code(request.user, code)
    sessions = attendance.sessions_of(row)
    crowds = activities.crowds(sessions)
    return {
        **_activity(row),
        "as_of": clock.today(),
        "organisers": [{"kind": one.kind, "name": one.name, "is_owner": one.is_owner} for one in row.organisers.all()],
        "sessions": [_session(one, crowds[one.pk]) for one in sessions],
        "enrolments": activities.enrolled(row),
    }


@router.get(
    "/sessions/{number}/roll",
    response={200: Roll, **base.READ_PROBLEMS},
    summary=_("Danh sách của một buổi học, cho người điểm danh"),
)
def read_roll(request: UserRequest, number: Number) -> object:
    session = attendance.session_to_mark(request.user, number)
    kept = ("enrolment", "place", "name", "mark", "edition")
    learners = [{name: getattr(one, name) for name in kept} for one in attendance.roll(session).learners]
    see_roster(by=request.user, what=session, number=len(learners))
    return {"as_of": clock.today(), "id": session.pk, "activity": session.activity.code, "learners": learners}


@router.post(
    "/sessions/{number}/marks",
    response={200: Outcomes, **base.WRITE_PROBLEMS},
    summary=_("Điểm danh: mỗi khóa chỉ được nhận một lần"),
)
def take_marks(request: UserRequest, number: Number, sent: MarksSent) -> object:
    base.may_report(request)
    session = attendance.session_to_mark(request.user, number)
    items: list[marking.Item] = [
        marking.Sent(one.key, one.enrolment, one.mark, seen=one.seen, at=one.at) for one in sent.marks
    ]
    items += [marking.Heads(one.key, one.count, one.sex, one.age_band, seen=one.seen, at=one.at) for one in sent.heads]
    outcomes = marking.take_marks(by=request.user, session=session, marks=items)
    return {
        "items": [{"key": one.key, "outcome": one.outcome, "why": say(one.why) if one.why else ""} for one in outcomes]
    }


def _provider(row: Provider) -> dict[str, object]:
    kept = ("kind", "name", "valid_from", "valid_to", *_FEATURES)
    return {**{name: getattr(row, name) for name in kept}, "id": row.key, "unit": unit_name(row.unit)}


def _activity(row: Activity) -> dict[str, object]:
    kept = (
        "code",
        "kind",
        "title",
        "field",
        "for_rural_workers",
        "state",
        "capacity",
        "fee",
        "first_on",
        "last_on",
        "held_on",
    )
    return {
        **{name: getattr(row, name) for name in kept},
        "provider": row.provider.key,
        "unit": unit_name(row.unit),
    }


def _session(row: Session, crowd: activities.Crowd) -> dict[str, object]:
    kept = ("number", "starts_at", "ends_at", "state")
    return {
        **{name: getattr(row, name) for name in kept},
        "id": row.pk,
        "named": crowd.named,
        "heads": crowd.heads,
    }
