"""The register of two days beside each other, as a workbook."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.registers.accounts.documents.workbook import Cell, Column, workbook
from hieuhoc.registers.places.selectors.comparing import Compared


def compared_workbook(rows: Iterable[Compared], *, then: date, now: date) -> bytes:
    """A line for each share of each unit of the earlier day, and for each unit that is new."""
    days = {"then": write_date(then), "now": write_date(now)}
    columns = [
        Column(_("Mã số ngày %(then)s") % days, 11),
        Column(_("Đơn vị ngày %(then)s") % days, 32),
        Column(_("Trực thuộc ngày %(then)s") % days, 28),
        Column(_("Thay đổi"), 22),
        Column(_("Tỷ lệ"), 9),
        Column(_("Ước tính"), 9),
        Column(_("Mã số ngày %(now)s") % days, 11),
        Column(_("Đơn vị ngày %(now)s") % days, 32),
        Column(_("Trực thuộc ngày %(now)s") % days, 28),
    ]
    lead = _("(Từ ngày %(then)s đến ngày %(now)s)") % days
    return workbook(_("ĐƠN VỊ XƯA VÀ NAY"), lead, columns, (line for row in rows for line in _lines(row)))


def _lines(row: Compared) -> list[list[Cell]]:
    left: list[Cell] = ["", "", ""]
    if row.then is not None:
        left = [row.then.code, row.then.name, row.then.parent.name if row.then.parent else ""]
    lines: list[list[Cell]] = []
    for part in row.parts:
        right: list[Cell] = [part.unit.code, part.unit.name, part.unit.parent.name if part.unit.parent else ""]
        share = "" if part.is_whole else str(part.share)
        lines.append([*left, str(row.change_name), share, "x" if part.is_estimated else "", *right])
    return lines or [[*left, str(row.change_name), "", "", "", "", ""]]
