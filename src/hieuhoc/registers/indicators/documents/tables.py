"""Definitions and targets as workbooks: what is downloaded can be changed and brought in again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from hieuhoc.engines.writer import Column, Sheet, Table, workbook
from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.registers.indicators import rules

if TYPE_CHECKING:
    from hieuhoc.registers.indicators.models import Target

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTHS = {"name": 60.0, "meaning": 70.0, "formula": 60.0, "source": 50.0, "note": 50.0, "document": 50.0}
_LISTS = ("breakdowns", "levels", "rhythms")


def definitions_workbook(rows: Iterable[tuple[str, rules.Definition]], *, on: date) -> bytes:
    """Definitions, each with the code of its family, as a workbook."""
    table = Table(_columns(rules.DEFINITION_COLUMNS), tuple(_definition(family, one) for family, one in rows))
    return workbook([_sheet("Chỉ số", "Danh mục chỉ số", table, on)])


def targets_workbook(rows: Iterable[tuple[Target, rules.Definition | None]], *, on: date) -> bytes:
    """Targets, each with what its indicator means, as a workbook; nobody's targets make an empty form."""
    table = Table(_columns(rules.TARGET_COLUMNS), tuple(_target(target, one) for target, one in rows))
    return workbook([_sheet("Chỉ tiêu", "Chỉ tiêu giao cho các đơn vị", table, on)])


def _columns(headings: Mapping[str, str]) -> tuple[Column, ...]:
    return tuple(Column(heading, _WIDTHS.get(name, 24.0)) for name, heading in headings.items())


def _sheet(name: str, title: str, table: Table, on: date) -> Sheet:
    return Sheet(name, title, table, lines=(f"Tính đến ngày {write_date(on)}",), landscape=True)


def _definition(family: str, one: rules.Definition) -> tuple[str | int | date | None, ...]:
    cells: dict[str, str | int | date | None] = {
        name: getattr(one, name) for name in rules.DEFINITION_COLUMNS if name not in ("family", *_LISTS)
    }
    cells |= {name: ", ".join(getattr(one, name)) for name in _LISTS}
    cells |= {"family": family, "is_key": "x" if one.is_key else ""}
    return tuple(cells[name] if cells[name] != "" else None for name in rules.DEFINITION_COLUMNS)


def _target(target: Target, one: rules.Definition | None) -> tuple[str | int | Decimal | None, ...]:
    value = target.value.normalize()
    return (
        target.unit.key,
        target.unit.name,
        target.indicator.code,
        one.name if one else None,
        str(target.period.period.year),
        int(value) if value == value.to_integral_value() else value,
        one.shown_in.sign if one else None,
        target.document,
        target.note or None,
        target.set_by_name,
    )
