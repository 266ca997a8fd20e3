"""Whose token this is, and what it may do: the first thing a program asks."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_noop
from ninja import Field, Router, Schema

from hieuhoc.api import base
from hieuhoc.api.units import UnitName, unit_name
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.access import UserRequest

_ = gettext_noop

router = Router(tags=[_("Mã truy cập của tôi")])


class Token(Schema):
    """The token with which this request came."""

    name: str = Field(description=_("Tên mã."))
    may_report: bool = Field(description=_("Được báo tiến độ và nêu vướng mắc; nếu không thì chỉ đọc."))
    expires_at: datetime = Field(description=_("Hết hạn lúc."))


class Role(Schema):
    """A role that the owner holds today, at a unit with all beneath it."""

    role: str = Field(description=_("Vai trò (mã)."))
    name: str = Field(description=_("Tên vai trò."))
    unit: UnitName = Field(description=_("Đơn vị, kể cả mọi đơn vị bên dưới."))
    valid_from: date = Field(description=_("Từ ngày."))
    valid_to: date | None = Field(description=_("Hết hiệu lực từ ngày; rỗng nếu chưa rõ."))


class Own(Schema):
    """The token, its owner, and the owner's roles."""

    owner: str = Field(description=_("Họ tên chủ mã."))
    token: Token = Field(description=_("Mã truy cập."))
    roles: list[Role] = Field(description=_("Các vai trò hôm nay. Mã làm được đúng như các vai trò này."))


@router.get("/own", response={200: Own, **base.READ_PROBLEMS}, summary=_("Mã này là của ai, được làm gì"))
def read_own(request: UserRequest) -> object:
    return {
        "owner": str(request.user),
        "token": request.auth,  # type: ignore[attr-defined]  # set by ninja
        "roles": [
            {
                "role": grant.role,
                "name": str(grant.role_named.name),
                "unit": unit_name(grant.unit),
                "valid_from": grant.valid_from,
                "valid_to": grant.valid_to,
            }
            for grant in access.grants(request.user)
        ],
    }
