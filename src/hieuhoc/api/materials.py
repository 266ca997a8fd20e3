"""The library of learning materials: what there is, under which licence, how often it was used in classes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_noop
from ninja import Field, Query, Router, Schema

from hieuhoc.api import base
from hieuhoc.api.base import Number, Words
from hieuhoc.foundation.records import clock
from hieuhoc.programme.learning.selectors import materials as selectors
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.roles import Permission

_ = gettext_noop

router = Router(tags=[_("Học liệu")])


class MaterialLine(Schema):
    """Something to learn from."""

    id: int = Field(description=_("Số của học liệu."))
    title: str = Field(description=_("Tên."))
    author: str = Field(description=_("Tác giả."))
    summary: str = Field(description=_("Giới thiệu."))
    topic: str | None = Field(description=_("Mã chủ đề; null là chưa chọn."))
    field: str = Field(description=_("Lĩnh vực (mã)."))
    language: str = Field(description=_("Ngôn ngữ theo ISO 639; zxx là không dùng lời, other là ngôn ngữ khác."))
    licence: str = Field(description=_("Giấy phép: mã như cc-by, hoặc lời của kho nguồn; rỗng là chưa rõ."))
    form: str = Field(description=_("Dạng (mã), như text, video, course."))
    url: str = Field(description=_("Địa chỉ; rỗng khi là tệp."))
    has_file: bool = Field(description=_("Có tệp ở đây; tải ở trang của học liệu."))
    source: str = Field(description=_("Đơn vị chia sẻ hoặc kho nguồn."))
    uses: int = Field(description=_("Số lớp, chuyên đề đã dùng (lớp)."))
    changed_at: datetime = Field(description=_("Lúc sửa gần nhất."))


class MaterialPage(base.Listed):
    """Materials, by name."""

    items: list[MaterialLine]


class MaterialFilter(base.Paging):
    """Which materials are wanted."""

    words: Words = Field("", max_length=200, description=_("Chữ trong tên, tác giả, chủ đề."))
    field: Words = Field("", description=_("Lĩnh vực (mã)."))
    language: Words = Field("", description=_("Ngôn ngữ (mã)."))
    licence: Words = Field("", description=_("Giấy phép (mã); open là mọi giấy phép mở."))
    form: Words = Field("", description=_("Dạng (mã)."))


@router.get("/materials", response={200: MaterialPage, **base.READ_PROBLEMS}, summary=_("Kho học liệu"))
def list_materials(request: UserRequest, asked: Query[MaterialFilter]) -> object:
    access.require_somewhere(request.user, Permission.LEARNING_READ)
    wanted = selectors.Wanted(
        text=asked.words, field=asked.field, language=asked.language, licence=asked.licence, form=asked.form
    )
    rows, said = base.piece(selectors.find_materials(wanted), asked)
    return {"as_of": clock.today(), "items": [_material(row) for row in rows], **said}


@router.get("/materials/{number}", response={200: MaterialLine, **base.READ_PROBLEMS}, summary=_("Một học liệu"))
def read_material(request: UserRequest, number: Number) -> object:
    access.require_somewhere(request.user, Permission.LEARNING_READ)
    return _material(selectors.public_material(number))


def _material(row: Any) -> dict[str, object]:
    kept = ("title", "author", "summary", "field", "language", "licence", "form", "url", "changed_at")
    repository = row.repository
    return {
        **{name: getattr(row, name) for name in kept},
        "id": row.pk,
        "topic": row.topic.code if row.topic else None,
        "has_file": row.file_id is not None,
        "source": repository.name if repository else (row.unit.name if row.unit else ""),
        "uses": row.used,
    }
