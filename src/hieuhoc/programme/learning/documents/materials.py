"""The library of learning materials as a workbook."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from hieuhoc.engines.writer import Column, Sheet, Table, workbook
from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.programme.learning.rules import kinds
from hieuhoc.programme.learning.rules import materials as rules

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_COLUMNS = (
    Column("Tên học liệu", 70.0),
    Column("Tác giả", 40.0),
    Column("Chủ đề", 44.0),
    Column("Lĩnh vực", 36.0),
    Column("Ngôn ngữ", 24.0),
    Column("Dạng", 32.0),
    Column("Giấy phép", 40.0),
    Column("Nguồn", 44.0),
    Column("Số lớp đã dùng", 24.0, "right"),
    Column("Sửa lúc", 24.0),
    Column("Địa chỉ", 70.0),
)


def materials_workbook(rows: Iterable[Any], *, on: date) -> bytes:
    """Materials with `used`, as they were found."""
    table = Table(_COLUMNS, tuple(_cells(row) for row in rows))
    lines = (f"Tính đến ngày {write_date(on)}",)
    return workbook([Sheet("Học liệu", "Kho học liệu", table, lines=lines, landscape=True)])


def _cells(row: Any) -> tuple[str | int | date | None, ...]:
    page = f"{settings.PUBLIC_ADDRESS}{reverse('learning:library-detail', args=[row.pk])}"
    return (
        row.title,
        row.author or None,
        row.topic.name if row.topic else None,
        str(kinds.FIELDS[row.field]),
        str(rules.LANGUAGES.get(row.language, row.language)),
        str(rules.FORMS.get(row.form, row.form)),
        str(rules.LICENCES.get(row.licence, row.licence)) or None,
        row.repository.name if row.repository else (row.unit.name if row.unit else None),
        row.used,
        timezone.localtime(row.changed_at).date(),
        row.url or page,
    )
