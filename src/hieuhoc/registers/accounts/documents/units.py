"""The register of units as a workbook and as plain rows, and the empty workbook in which new units are entered."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from hieuhoc.registers.accounts import selectors
from hieuhoc.registers.accounts.documents.workbook import Column, lead_of, plain_rows, workbook
from hieuhoc.registers.places import selectors as places

_WIDTHS = {
    "key": 24,
    "code": 10,
    "name": 38,
    "short_name": 26,
    "level": 13,
    "kind": 18,
    "parent_code": 24,
    "parent": 30,
    "valid_from": 12,
    "valid_to": 12,
    "document": 36,
    "people": 12,
    "households": 12,
    "area_ha": 12,
    "size_on": 12,
    "size_estimated": 9,
    "size_source": 26,
    "predecessors": 40,
    "heirs": 40,
}


def _columns(names: Iterable[str]) -> list[Column]:
    choices = {
        "level": [name for _code, name in places.level_choices()],
        "kind": [name for _code, name in places.kind_choices()],
        "size_estimated": ["x"],
    }
    return [Column(selectors.UNIT_COLUMNS[name], _WIDTHS[name], choices.get(name, ())) for name in names]


def units_workbook(rows: Iterable[selectors.UnitLine], *, on: date) -> bytes:
    """The register of units as it stood on a day."""
    names = list(selectors.UNIT_COLUMNS)
    # What is only read here is no field to choose in: no drop-downs in a list that is a document.
    columns = [Column(column.heading, column.width) for column in _columns(names)]
    return workbook(
        _("DANH MỤC ĐƠN VỊ"), lead_of(on), columns, ([getattr(row, name) for name in names] for row in rows)
    )


def units_csv(rows: Iterable[selectors.UnitLine]) -> bytes:
    """The same as plain rows, for other programs and for coming back."""
    names = list(selectors.UNIT_COLUMNS)
    return plain_rows(_columns(names), ([getattr(row, name) for name in names] for row in rows))


def units_template() -> bytes:
    """The empty workbook in which units and sizes are entered, with what may stand in a cell to choose from."""
    notes = [
        _("Mỗi dòng là một đơn vị. Đơn vị đã có thì ghi mã số hoặc khóa, cùng quy mô cần bổ sung; tên phải khớp."),
        _("Đơn vị mới thì để trống khóa và ghi tên, cấp, loại, mã hoặc khóa cấp trên, ngày bắt đầu."),
        _("Cấp trên có thể là một đơn vị mới ở dòng phía trên trong cùng tệp."),
        _("Ngày viết như 01/07/2025. Số viết như 12.345. Diện tích tính bằng héc-ta. Ước tính thì ghi x."),
        _("Nhập tệp không bao giờ xóa, đổi tên hay kết thúc đơn vị; các việc đó làm ở trang của đơn vị."),
        _("Một ô sai thì cả tệp không được nhập; mỗi chỗ sai được nêu rõ dòng, cột và lý do."),
    ]
    columns = _columns(selectors.IMPORTED_COLUMNS)
    return workbook(_("MẪU NHẬP ĐƠN VỊ"), _("(Điền từ dòng 5)"), columns, [], signed=False, notes=notes)
