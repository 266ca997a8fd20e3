"""The consolidated table of a round as its page shows it: sorted, narrowed, each number with its completeness."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from hieuhoc.kernel.vietnamese import fold
from hieuhoc.registers.indicators.rules.measures import write_value
from hieuhoc.registers.indicators.selectors import Value
from hieuhoc.reports import rules
from hieuhoc.reports.models import Round
from hieuhoc.reports.rules import Cell
from hieuhoc.reports.selectors import Consolidation, UnitFigures
from hieuhoc.reports.views.dashboard_shown import source_page
from hieuhoc.reports.views.shown import badge
from hieuhoc.reports.views.shown_sheet import cell_label


def table_shown(found: Consolidation, round: Round, *, wanted: Mapping[str, str], on: date) -> dict[str, Any]:
    """The rows that are asked for, in the order that is asked for; the totals stay those of all."""
    cells = tuple(found.asked.layout.cells)
    rows = [row for row in found.rows if _is_wanted(row, wanted)]
    name, down = wanted.get("sort", "").removeprefix("-"), wanted.get("sort", "").startswith("-")
    place = next((place for place, cell in enumerate(cells) if cell.key == name), None)
    if place is not None:
        known = [row for row in rows if row.values[place].value is not None]
        known.sort(key=lambda row: row.values[place].value or 0, reverse=down)
        rows = [*known, *(row for row in rows if row.values[place].value is None)]
    elif down:
        rows.reverse()
    return {
        "columns": [{"key": cell.key, "label": cell_label(cell)} for cell in cells],
        "rows": [_row(found, cells, row, round, on) for row in rows],
        "totals": [_cell(found, cell, value, "") for cell, value in zip(cells, found.totals, strict=True)],
        "total_label": _("Cộng %(name)s") % {"name": found.unit.name},
        "silent": [
            {"label": row.unit.name, "url": row.submission.get_absolute_url()}
            for row in found.silent
            if row.submission is not None
        ],
    }


def _is_wanted(row: UnitFigures, wanted: Mapping[str, str]) -> bool:
    words = fold(wanted.get("q", ""))
    if words and not all(word in fold(row.unit.name) for word in words.split()):
        return False
    sent = row.submission is not None and row.submission.state in ("submitted", "approved", "locked")
    return {"sent": sent, "silent": not sent}.get(wanted.get("sent", ""), True)


def _row(found: Consolidation, cells: Sequence[Cell], row: UnitFigures, round: Round, on: date) -> dict[str, Any]:
    one, unit = row.submission, row.unit.unit
    return {
        "label": row.unit.name,
        "url": one.get_absolute_url() if one is not None else "",
        "badge": badge(rules.standing(one, on=on), one, on) if one is not None else None,
        "cells": [
            _cell(found, cell, value, source_page(unit.key, cell.indicator, round.period.period, cell.by))
            for cell, value in zip(cells, row.values, strict=True)
        ],
    }


def _cell(found: Consolidation, cell: Cell, value: Value, url: str) -> dict[str, str]:
    meaning = found.asked.known[cell.indicator]
    is_partial = value.value is not None and value.expected > 1 and value.reported < value.expected
    return {
        "shown": write_value(value.value, meaning.shown_in, decimals=meaning.decimals),
        "url": url if value.value is not None else "",
        "note": f"{value.reported}/{value.expected}" if is_partial else "",
    }
