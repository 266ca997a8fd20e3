"""A centre's plan of a year as a workbook."""

from __future__ import annotations

from collections.abc import Iterable

from hieuhoc.engines.writer import Column, Sheet, Table, workbook
from hieuhoc.programme.learning.models import PlannedClass, Provider, YearPlan

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_COLUMNS = (
    Column("STT", 8.0),
    Column("Tháng", 10.0),
    Column("Lớp, chuyên đề", 60.0),
    Column("Hình thức", 30.0),
    Column("Chủ đề", 40.0),
    Column("Địa điểm", 40.0),
    Column("Báo cáo viên", 30.0),
    Column("Đơn vị phối hợp", 40.0),
    Column("Số người dự kiến", 20.0),
    Column("Kinh phí dự kiến (đồng)", 26.0),
    Column("Nguồn kinh phí", 30.0),
    Column("Đã tổ chức", 16.0),
)


def year_plan_workbook(centre: Provider, plan: YearPlan, classes: Iterable[PlannedClass]) -> bytes:
    """The planned classes by month, as they stand now; `classes` know whether each was `held`."""
    rows = tuple(
        (
            place,
            row.month,
            row.title,
            row.get_kind_display(),
            row.topic.name if row.topic else None,
            row.place or None,
            row.speaker or None,
            row.organisers or None,
            row.learners,
            row.cost,
            row.get_source_display() or None,
            "x" if getattr(row, "held", False) else None,
        )
        for place, row in enumerate(classes, start=1)
    )
    title = f"Kế hoạch năm {plan.year} của {centre.name}"
    lines = (centre.unit.name, f"Tình trạng: {plan.get_state_display()}")
    return workbook([Sheet(f"Kế hoạch {plan.year}", title, Table(_COLUMNS, rows), lines=lines, landscape=True)])
