"""Lists of people and of units as workbooks that can be signed as they are."""

import io
from collections.abc import Iterable, Sequence
from datetime import date

import xlsxwriter
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.places import selectors as places

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_FONT = {"font_name": "Times New Roman", "font_size": 12}
Cell = str | int | date | None


def people_workbook(people: Iterable[User], *, on: date) -> bytes:
    """The list of users with their roles of a day (each carries its grants as `held`)."""
    rows: list[Sequence[Cell]] = []
    for number, user in enumerate(people, start=1):
        roles = "\n".join(f"{grant.role_named.name} – {grant.unit.name}" for grant in user.held)  # type: ignore[attr-defined]  # prefetched by selectors.people
        seen = timezone.localtime(user.last_login).date() if user.last_login else None
        state = _("Đang dùng") if user.is_active else _("Đã khóa")
        rows.append((number, user.full_name, user.title, user.email, user.phone, roles, state, seen))
    columns = [
        (_("Số TT"), 7),
        (_("Họ và tên"), 26),
        (_("Chức vụ"), 24),
        (_("Thư điện tử"), 30),
        (_("Điện thoại"), 15),
        (_("Vai trò và đơn vị"), 46),
        (_("Trạng thái"), 13),
        (_("Đăng nhập gần nhất"), 13),
    ]
    return _workbook(_("DANH SÁCH NGƯỜI DÙNG"), on, columns, rows)


def units_workbook(rows: Iterable[places.ExportRow], *, on: date) -> bytes:
    """The register of units as it stood on a day."""
    widths = (24, 10, 40, 30, 14, 22, 34, 12, 12, 40)
    columns = [(heading, width) for heading, width in zip(places.EXPORT_HEADINGS, widths, strict=True)]
    return _workbook(_("DANH MỤC ĐƠN VỊ"), on, columns, rows)


def _workbook(
    title: str, on: date, columns: Sequence[tuple[str | Promise, float]], rows: Iterable[Sequence[Cell]]
) -> bytes:
    stream = io.BytesIO()
    # Nothing a user wrote may turn into a formula or a link: every text is written as text.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as book:
        style = {
            "title": book.add_format(_FONT | {"bold": True, "font_size": 14, "align": "center"}),
            "lead": book.add_format(_FONT | {"italic": True, "align": "center"}),
            "head": book.add_format(
                _FONT | {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
            ),
            "text": book.add_format(_FONT | {"border": 1, "valign": "top", "text_wrap": True}),
            "day": book.add_format(_FONT | {"border": 1, "valign": "top", "num_format": "dd/mm/yyyy"}),
            "sign": book.add_format(_FONT | {"bold": True, "align": "center"}),
        }
        sheet = book.add_worksheet(title.capitalize()[:31])
        last = len(columns) - 1
        sheet.merge_range(0, 0, 0, last, title, style["title"])
        sheet.merge_range(1, 0, 1, last, _("(Tính đến ngày %(day)s)") % {"day": write_date(on)}, style["lead"])
        for place, (heading, width) in enumerate(columns):
            sheet.set_column(place, place, width)
            sheet.write_string(3, place, str(heading), style["head"])
        line = 3
        for line, row in enumerate(rows, start=4):
            for place, value in enumerate(row):
                _write(sheet, line, place, value, style)
        sheet.write_string(line + 2, 1, _("NGƯỜI LẬP BIỂU"), style["sign"])
        sheet.write_string(line + 2, max(last - 2, 2), _("THỦ TRƯỞNG ĐƠN VỊ"), style["sign"])
        sheet.freeze_panes(4, 0)
        sheet.repeat_rows(3)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
    return stream.getvalue()


def _write(
    sheet: "xlsxwriter.worksheet.Worksheet", line: int, place: int, value: Cell, style: dict[str, object]
) -> None:
    if isinstance(value, date):
        sheet.write_datetime(line, place, value, style["day"])
    elif isinstance(value, int):
        sheet.write_number(line, place, value, style["text"])
    elif value:
        sheet.write_string(line, place, value, style["text"])
    else:
        sheet.write_blank(line, place, None, style["text"])
