"""Tables of the dashboards as Excel sheets that may be printed and signed; their words are Vietnamese, as on paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from hieuhoc.engines.writer import Column, Heading, Sheet, Table, workbook
from hieuhoc.engines.writer.paper import Cell, Row
from hieuhoc.kernel.periods import Period
from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.registers.indicators import states
from hieuhoc.registers.places.models import Unit
from hieuhoc.reports.selectors.dashboards import Figure

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def indicators_workbook(
    unit: Unit, figures: Iterable[Figure], *, chosen: Period, on: date, written_at: datetime
) -> bytes:
    """The indicators of a unit: one row an indicator, under the names of their families."""
    columns = (
        Column("Mã", 32),
        Column("Chỉ số", 78),
        Column("Đơn vị tính", 24, "centre"),
        Column("Kỳ", 36, "centre"),
        Column("Số liệu", 26, "right"),
        Column("Kỳ trước", 26, "right"),
        Column("Chỉ tiêu", 26, "right"),
        Column("Đã có / phải có", 26, "centre"),
        Column("Trạng thái", 26, "centre"),
    )
    rows: list[Row] = []
    family = None
    for one in figures:
        if one.definition.indicator.family != family:
            family = one.definition.indicator.family
            rows.append(Heading(family.name))
        rows.append(_row(one))
    lines = (f"{chosen.name[:1].upper()}{chosen.name[1:]}, tính đến ngày {write_date(on)}",)
    sheet = Sheet("Chỉ số", f"Chỉ số của {unit.name}", Table(columns, tuple(rows)), lines=lines)
    return workbook([sheet], written_at=written_at)


def _row(one: Figure) -> tuple[Cell, ...]:
    before = one.before
    return (
        one.definition.indicator.code,
        one.definition.name,
        one.measure.sign,
        one.period.name,
        one.number,
        before.number if before else None,
        one.target.value.normalize() if one.target else None,
        f"{one.value.reported}/{one.value.expected}" if one.value.expected else None,
        states.FIGURE.get(one.value.state),
    )


@dataclass(frozen=True)
class Told:
    """A table of a page: its name, titles of columns (the first is of words, the others of numbers), and rows."""

    name: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str | Decimal | Fraction | int | None]]


def tables_workbook(tables: Iterable[Told], *, unit: Unit, on: date, written_at: datetime) -> bytes:
    """Some tables of a page, a sheet each."""
    sheets = [
        Sheet(
            one.name,
            one.title,
            Table(
                tuple(
                    Column(title, 60 if place == 0 else 26, "left" if place == 0 else "right")
                    for place, title in enumerate(one.columns)
                ),
                tuple(tuple(row) for row in one.rows),
            ),
            lines=(f"{unit.name}, tính đến ngày {write_date(on)}",),
        )
        for one in tables
    ]
    return workbook(sheets, written_at=written_at)
