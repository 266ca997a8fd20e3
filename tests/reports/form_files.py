"""A form with everything in it, and filled workbooks made by another library than the one that writes them."""

import io
from collections.abc import Callable
from typing import Any

import openpyxl

from hieuhoc.engines.writer.form_workbook import form_workbook
from hieuhoc.engines.writer.forms import Box, Choice, Entry, Form, Grid, Line, Section, Stamp, places

MEAN = '=IF(COUNT({a.turns},{a.classes})<2,"",IFERROR({a.turns}/{a.classes},""))'
FIGURES = Grid(
    "Lớp và học viên",
    ("Số liệu",),
    (
        Line("Số lớp", "lớp", (Entry("a.classes", value=12, previous=10, most=500),), "a.classes#reason"),
        Line("Lượt người học", "lượt", (Entry("a.turns", previous=300),), "a.turns#reason"),
        Line("Lượt mỗi lớp", "lượt/lớp", (Entry("a.mean", "computed", formula=MEAN, decimals=1),)),
    ),
)
TABLE = Grid(
    "Bảng 1. Xóa mù chữ",
    ("Tổng số", "Nữ"),
    tuple(
        Line(f"=Mức {number}, chia theo", "người", (Entry(f"b.{number}.all"), Entry(f"b.{number}.female")))
        for number in (1, 2)
    ),
)
FORM = Form(
    Stamp("clc-2020", "2", "xa-thanh-hung", "2020-Q3", "Xã Thạnh Hưng", "quý III năm 2020"),
    "Báo cáo hoạt động trung tâm học tập cộng đồng",
    (
        Section("I. Kết quả", (FIGURES, TABLE)),
        Section(
            "II. Đánh giá",
            (
                Box("words", "Đánh giá chung", "Nêu ngắn gọn.", text="Kỳ trước tốt.", most=200),
                Choice("level", "Mức độ", (("ok", "Đạt"), ("no", "Chưa đạt, cần cố gắng"))),
            ),
        ),
    ),
    superior="Ủy ban nhân dân huyện Giồng Riềng",
    issuer="Ủy ban nhân dân xã Thạnh Hưng",
    lines=("Kỳ báo cáo: quý III năm 2020", "Biểu mẫu clc-2020, phiên bản 2"),
    notes=("Chưa có số liệu thì để trống.",),
)
CELLS = {place.key: place for place in places(FORM) if place.key}


def changed(change: Callable[[Any], None], form: Form = FORM) -> bytes:
    """The form's workbook after somebody has worked on it."""
    book = openpyxl.load_workbook(io.BytesIO(form_workbook(form)))
    change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def filled(values: dict[str, Any], form: Form = FORM) -> bytes:
    """The form's workbook with values in its cells, by key."""
    cells = {place.key: place for place in places(form) if place.key}

    def fill(book: Any) -> None:
        for key, value in values.items():
            book[cells[key].sheet][cells[key].reference] = value

    return changed(fill, form)
