"""The roster of an activity as a workbook, to print and to sign."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from hieuhoc.engines.writer import Column, Sheet, Table, workbook
from hieuhoc.programme.learning.models import Activity

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def roster_workbook(activity: Activity, rows: Iterable[Any], *, on: date) -> bytes:
    """Who has a place or waits, in order of arrival; `came` on each row is the number of sessions it was at."""
    lines = tuple(
        (
            place,
            row.learner.name,
            "" if row.learner.birth_year is None else str(row.learner.birth_year),
            row.learner.get_sex_display(),
            row.learner.unit.name if row.learner.unit else "",
            row.learner.phone,
            row.get_state_display(),
            row.came,
        )
        for place, row in enumerate(rows, start=1)
    )
    columns = (
        Column(_("STT"), width_mm=10, align="centre"),
        Column(_("Họ và tên"), width_mm=50),
        Column(_("Năm sinh"), width_mm=16, align="centre"),
        Column(_("Giới tính"), width_mm=16, align="centre"),
        Column(_("Nơi ở"), width_mm=45),
        Column(_("Điện thoại"), width_mm=26),
        Column(_("Trạng thái"), width_mm=26),
        Column(_("Số buổi có mặt"), width_mm=20, align="right"),
    )
    sheet = Sheet(
        name=activity.code,
        title=_("Danh sách lớp"),
        issuer=activity.provider.name,
        superior=activity.unit.name,
        lines=(activity.title,),
        table=Table(columns, lines),
        day=on,
        place=activity.unit.short_name,
    )
    return workbook([sheet])
