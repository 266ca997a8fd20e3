"""The workbook in which a list of learners is written."""

from __future__ import annotations

from django.utils.translation import gettext as _

from hieuhoc.engines.writer import Column, Sheet, Table, workbook
from hieuhoc.foundation.ui.wording import in_words
from hieuhoc.programme.learning.models import Activity
from hieuhoc.programme.learning.rules import lists as rules

_WIDTHS = {"name": 50.0, "unit": 45.0, "phone": 28.0, "identity": 32.0}


def list_template(activity: Activity) -> bytes:
    """An empty list with the columns that are read, for one activity."""
    columns = tuple(
        Column(in_words(heading), width_mm=_WIDTHS.get(name, 22.0)) for name, heading in rules.COLUMNS.items()
    )
    notes = (
        _("Chỉ cột “Họ và tên” là bắt buộc. Năm sinh và nơi ở giúp nhận ra người đã học lớp khác."),
        _("Giới tính: nam hoặc nữ. Ngày sinh: ngày/tháng/năm. Nơi ở: tên ấp, khu phố hoặc xã."),
        _("Số định danh chỉ dùng để nhận ra cùng một người, phần mềm không lưu; dân tộc chỉ ghi khi người học đồng ý."),
    )
    sheet = Sheet(
        name=_("Danh sách"), title=_("Danh sách người học"), lines=(activity.title, *notes), table=Table(columns, ())
    )
    return workbook([sheet])
