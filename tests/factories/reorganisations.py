"""Reorganisations for tests: the two communes of the cast become one, prepared and approved by those who may."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import openpyxl

from hieuhoc.registers.accounts import services
from hieuhoc.registers.places.models import Reorganisation, Unit
from tests.factories.cast import Cast

DAY = date(2020, 11, 1)


def merger_rows(cast: Cast, code: str = "30999", name: str = "Xã Hòa Phú") -> list[dict[str, str]]:
    """Both communes of the cast go into a new one beneath the same district."""
    return [
        {
            "act": "merge",
            "source": cast.commune.key,
            "target": code,
            "target_name": name,
            "target_kind": "xa",
            "target_level": "commune",
            "target_parent": cast.district.key,
        },
        {"act": "merge", "source": cast.next_door.key, "target": code},
    ]


def make_event(cast: Cast, rows: Sequence[dict[str, str]] | None = None, **over: Any) -> Reorganisation:
    """An event as the administrator of the cast prepares it."""
    given: dict[str, Any] = {
        "title": "Sắp xếp xã của huyện Bình Trung",
        "effective_on": DAY,
        "document_number": "12/NQ-HĐND",
        "document_issuer": "HĐND tỉnh",
    } | over
    event = services.prepare_reorganisation(by=cast.tri, **given)
    for row in merger_rows(cast) if rows is None else rows:
        services.add_row(by=cast.tri, event=event, typed=row)
    return event


def carry_out(cast: Cast, event: Reorganisation) -> Reorganisation:
    """The event, submitted by the administrator and approved by the leader."""
    services.submit_reorganisation(by=cast.tri, event=event)
    event.refresh_from_db()
    event = services.approve_reorganisation(by=cast.minh, event=event)
    for unit in (cast.commune, cast.next_door, cast.district):
        unit.refresh_from_db()
    return event


def heir(name: str = "Xã Hòa Phú") -> Unit:
    return Unit.objects.get(name=name)


def workbook(headings: Sequence[str], rows: Sequence[Sequence[Any]], *, title: str = "Bảng") -> io.BytesIO:
    """A workbook as somebody fills one in, ready to be sent."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    sheet.append(list(headings))
    for row in rows:
        sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    file.name = "bang.xlsx"
    return file
