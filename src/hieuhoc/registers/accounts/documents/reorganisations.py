"""The rows of a reorganisation as a workbook, filled or empty; the filled one comes back in by upload."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.registers.accounts.documents.workbook import Cell, Column, workbook
from hieuhoc.registers.places import selectors as places
from hieuhoc.registers.places.selectors import rows as words

_WIDTHS = {"act": 16, "source_name": 28, "target_name": 28, "target_parent": 18, "target_key": 18, "note": 30}
_MARK = "x"


def rows_workbook(rows: Iterable[words.Row], *, title: str, document: str, effective_on: date) -> bytes:
    """The rows of an event, each column as the upload reads it."""
    lead = " · ".join(filter(None, [title, document, _("hiệu lực từ %(day)s") % {"day": write_date(effective_on)}]))
    return workbook(_("BẢNG SẮP XẾP ĐƠN VỊ"), lead, _columns(), [_cells(row) for row in rows], notes=_notes())


def rows_template() -> bytes:
    """The empty workbook, with what may stand in a cell to choose from."""
    return workbook(_("BẢNG SẮP XẾP ĐƠN VỊ"), _("(Điền từ dòng 5)"), _columns(), [], signed=False, notes=_notes())


def _columns() -> list[Column]:
    choices = {
        "act": [str(name) for _code, name in words.act_choices()],
        "target_kind": [name for _code, name in places.kind_choices()],
        "target_level": [name for _code, name in places.level_choices()],
        "is_estimated": [_MARK],
        "takes_duties": [_MARK],
    }
    return [Column(heading, _WIDTHS.get(name, 12), choices.get(name, ())) for name, heading in words.row_columns()]


def _cells(row: words.Row) -> Sequence[Cell]:
    names: dict[str, Mapping[str, object]] = {
        "act": dict(words.act_choices()),
        "target_kind": dict(places.kind_choices()),
        "target_level": dict(places.level_choices()),
    }
    cells: list[Cell] = []
    for name, _heading in words.row_columns():
        value = getattr(row, name)
        if name in words.MARKED:
            cells.append(_MARK if value else "")
        else:
            cells.append(str(names.get(name, {}).get(value, value)))
    return cells


def _notes() -> list[str]:
    return [
        _("Cột bên trái (Mã cũ, Tên cũ) nói về đơn vị vào ngày trước khi có hiệu lực; cột bên phải nói về từ ngày đó."),
        _("Nhập: cả đơn vị nhập vào đơn vị mới. Chia: đơn vị kết thúc, các dòng của nó có tỷ lệ cộng lại bằng đúng 1."),
        _("Chuyển một phần: một tỷ lệ nhỏ hơn 1 sang đơn vị khác, phần còn lại ở đơn vị cũ."),
        _("Đổi tên, Đổi loại, Đổi mã, Đổi cấp trên: đơn vị vẫn là một, chỉ ghi các ô thay đổi."),
        _("Bỏ cấp: đơn vị kết thúc vì cấp của nó không còn; Mã mới là đơn vị nhận việc."),
        _("Lập mới: đơn vị không có tiền thân, để trống Mã cũ."),
        _("Các dòng cùng Mã mới mô tả một đơn vị; tên, loại, cấp, cấp trên của đơn vị mới ghi đủ ít nhất ở một dòng."),
        _("Tỷ lệ ghi như 1/2, 0,4 hoặc 40%; để trống là toàn bộ. Ước tính, Nhận việc: ghi x."),
    ]
