"""Invented values for the gallery: no row of any table, no real person."""

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from hieuhoc.foundation.ui import charts
from hieuhoc.foundation.ui.forms import DateField, FileInput, SearchSelect, SearchText

DAY = date(2020, 11, 16)
UNITS = (
    ("thanh-hung", "Xã Thạnh Hưng", "Huyện Giồng Riềng"),
    ("thanh-loc", "Xã Thạnh Lộc", "Huyện Giồng Riềng"),
    ("hoa-thuan", "Xã Hòa Thuận", "Huyện Giồng Riềng"),
    ("ngoc-chuc", "Xã Ngọc Chúc", "Huyện Giồng Riềng"),
    ("giong-rieng", "Thị trấn Giồng Riềng", "Huyện Giồng Riềng"),
)


class SampleForm(forms.Form):
    """Every kind of control once."""

    name = forms.CharField(label=lazy("Tên nhiệm vụ"), help_text=lazy("Viết như trong văn bản, không viết tắt."))
    due = DateField(label=lazy("Hạn"), required=False, help_text=lazy("Ví dụ: 30/11/2020"))
    percent = forms.IntegerField(label=lazy("Đã làm được (%)"), min_value=0, max_value=100)
    kind = forms.ChoiceField(
        label=lazy("Loại"),
        choices=[("once", lazy("Một lần")), ("yearly", lazy("Hằng năm")), ("always", lazy("Thường xuyên"))],
    )
    unit = forms.ChoiceField(
        label=lazy("Xã, phường, thị trấn"),
        choices=[("", "---------"), *[(key, name) for key, name, _note in UNITS]],
        widget=SearchSelect,
        required=False,
    )
    agency = forms.CharField(
        label=lazy("Cơ quan phối hợp"), required=False, widget=SearchText(reverse_lazy("ui:gallery-options"))
    )
    note = forms.CharField(label=lazy("Kết quả"), widget=forms.Textarea(attrs={"rows": 4}))
    evidence = forms.FileField(
        label=lazy("Minh chứng"), required=False, widget=FileInput(kinds=(".pdf", ".docx", ".xlsx"), limit=10)
    )
    way = forms.ChoiceField(
        label=lazy("Cách giao"),
        choices=[("each", lazy("Giao từng xã")), ("all", lazy("Giao chung"))],
        widget=forms.RadioSelect,
    )
    helpers = forms.MultipleChoiceField(
        label=lazy("Gửi thông báo cho"),
        choices=[("lead", lazy("Cơ quan chủ trì")), ("coordinate", lazy("Cơ quan phối hợp"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    sure = forms.BooleanField(
        label=lazy("Tôi đã đối chiếu với bản giấy"), help_text=lazy("Đánh dấu khi số liệu đã được kiểm tra.")
    )


class SampleSignInForm(forms.Form):
    email = forms.EmailField(label=lazy("Thư điện tử"))
    password = forms.CharField(label=lazy("Mật khẩu"), widget=forms.PasswordInput)


class SampleReasonForm(forms.Form):
    why = forms.CharField(label=lazy("Lý do trả lại"), widget=forms.Textarea(attrs={"rows": 3}))


def _forms() -> dict[str, Any]:
    answers = {
        "name": "Khảo sát trung tâm <học tập>",
        "due": "31/02/2020",
        "percent": "140",
        "kind": "once",
        "agency": "Sở GDĐT",
    }
    return {
        "empty_form": SampleForm(auto_id="new_%s"),
        "wrong_form": SampleForm(answers, auto_id="wrong_%s"),
        "reason_form": SampleReasonForm(auto_id="reason_%s"),
    }


def _entries() -> list[dict[str, Any]]:
    return [
        {
            "at": datetime(2020, 11, 14, 9, 5, tzinfo=UTC),
            "who": "Nguyễn Thị Lan",
            "deed": _("Trả lại báo cáo"),
            "state": "returned",
            "why": _("Chưa có biên bản khảo sát của 5 xã."),
        },
        {
            "at": datetime(2020, 11, 12, 8, 30, tzinfo=UTC),
            "who": "Trần Văn An",
            "deed": _("Báo tiến độ"),
            "state": "wait",
            "changes": [{"label": _("Đã làm được"), "before": "40 %", "after": "75 %"}],
        },
        {
            "at": datetime(2020, 10, 9, 2, 0, tzinfo=UTC),
            "who": "Lê Minh Bình",
            "deed": _("Giao nhiệm vụ"),
            "state": "done",
        },
        {"at": datetime(2020, 10, 8, 2, 0, tzinfo=UTC), "who": "", "deed": _("Đọc từ văn bản"), "state": "neutral"},
    ]


def _table() -> dict[str, Any]:
    return {
        "columns": [
            {"label": _("Nhiệm vụ")},
            {"label": _("Chủ trì")},
            {"label": _("Số xã"), "number": True},
            {"label": _("Tình trạng")},
        ],
        "rows": [
            [
                {"text": _("Rà soát người mù chữ"), "url": "#table"},
                "UBND huyện Giồng Riềng",
                {"text": 1234, "url": "#table"},
                {"text": _("Trễ 12 ngày"), "state": "late"},
            ],
            [_("Khảo sát trung tâm học tập cộng đồng"), "Phòng GD&ĐT", 19, {"text": _("Còn 1 ngày"), "state": "due"}],
            [_("Bố trí ngân sách năm 2021"), "Phòng Tài chính – Kế hoạch", None, {"text": _("Xong"), "state": "done"}],
        ],
    }


def _matrix() -> dict[str, Any]:
    def cells(*values: int | None) -> list[dict[str, Any]]:
        return [
            {"value": value, "url": "#matrix", "state": "late" if place == 2 and value else ""}
            for place, value in enumerate(values)
        ]

    return {
        "columns": [
            {"label": _("Đang làm"), "url": "#matrix"},
            {"label": _("Đến hạn")},
            {"label": _("Trễ")},
            {"label": _("Xong")},
        ],
        "rows": [
            {"label": "UBND huyện Giồng Riềng", "url": "#matrix", "cells": cells(12, 4, 3, 20)},
            {"label": "UBND huyện An Biên", "url": "#matrix", "cells": cells(9, 0, 0, 25)},
            {"label": "Sở Giáo dục và Đào tạo", "url": "#matrix", "cells": cells(7, 2, 1, None)},
        ],
        "totals": [28, 6, 4, 45],
    }


def _tree() -> list[dict[str, Any]]:
    return [
        {
            "code": "III",
            "label": _("Nhiệm vụ và giải pháp"),
            "open": True,
            "count": 3,
            "children": [
                {
                    "code": "1",
                    "label": _("Nâng cao nhận thức về xây dựng xã hội học tập"),
                    "url": "#tree",
                    "state": "done",
                    "state_label": _("Xong"),
                },
                {
                    "code": "12",
                    "label": _("Tổ chức thực hiện"),
                    "children": [
                        {"code": "a)", "label": "Sở Giáo dục và Đào tạo", "url": "#tree", "note": _("dòng 165")},
                        {"code": "b)", "label": "Sở Tài chính", "url": "#tree"},
                    ],
                },
            ],
        },
        {"code": "IV", "label": _("Kinh phí"), "url": "#tree"},
    ]


def _filters() -> dict[str, Any]:
    return {
        "selects": [
            {
                "name": "state",
                "label": _("Tình trạng"),
                "options": [
                    {"value": "", "label": _("Tất cả")},
                    {"value": "late", "label": _("Trễ hạn"), "selected": True},
                ],
            },
            {
                "name": "unit",
                "label": _("Đơn vị"),
                "options": [{"value": "", "label": _("Tất cả")}, {"value": "gr", "label": "Huyện Giồng Riềng"}],
            },
        ],
        "chips": [{"label": _("Trễ hạn"), "url": "?"}, {"label": "Huyện Giồng Riềng", "url": "?state=late"}],
    }


# Invented units about a town, one of them of unknown place, one on an island far out.
NAMES = (
    "Thạnh Hưng", "Thạnh Lộc", "Hòa Thuận", "Ngọc Chúc", "Giồng Riềng", "Vĩnh Thanh Vân", "An Hòa", "Long Thạnh",
    "Bàn Thạch", "Thạnh Hòa", "Hòa Hưng", "Hòa Lợi", "Hòa An", "Ngọc Thành", "Vĩnh Phú", "Thạnh Phước", "Thổ Châu",
)  # fmt: skip


def _map_units(shift: int = 0) -> tuple[list[charts.MapUnit], dict[str, tuple[float, float]]]:
    units, points = [], {}
    for place, name in enumerate(NAMES):
        value = None if place in {4, 11} else 40 + (place * 37 + shift) % 59
        units.append(charts.MapUnit(f"u{place}", f"Xã {name}", name, value, url="#maps"))
        points[f"u{place}"] = (9.9 + (place * 7 % 17) / 40, 105.1 + (place * 11 % 17) / 40)
    points["u16"] = (9.3, 103.5)
    del points["u15"]
    return units, points


def _shapes() -> charts.Shapes:
    """Seventeen invented fields of a plain, neighbours sharing their crooked borders."""

    def corner(row: int, column: int) -> tuple[float, float]:
        return 105 + column / 10 + (row * 5 + column * 3) % 7 / 200, 10 - row / 12 + (row * 3 + column * 5) % 7 / 220

    rings = {}
    for place in range(len(NAMES) - 1):
        row, column = divmod(place, 6)
        around = ((0, 0), (0, 1), (1, 1), (1, 0), (0, 0))
        rings[f"u{place}"] = [tuple(corner(row + down, column + right) for down, right in around)]
    return charts.shapes_of(charts.simplified(rings))


def _charts() -> dict[str, Any]:
    months = [f"{month}/2020" for month in range(1, 13)]
    before, points = _map_units()
    after, _points = _map_units(shift=9)
    scale = charts.quantile_steps([unit.value for unit in (*before, *after)])
    rows = [
        {"key": unit.key, "label": unit.label, "value": unit.value, "url": unit.url, "target": 90} for unit in before
    ]
    return {
        "months": months,
        "lines": [
            charts.Series(
                "Huyện Giồng Riềng",
                [52, 55, 57, None, 61, 64, 66, 69, 71],
                [None, None, None, None, None, None, None, None, None, 74, 76, 79],
                url="#charts",
            ),
            charts.Series("Toàn tỉnh", [60, 61, 61, 62, 64, 65, 65, 66, 68]),
            charts.Series("Huyện An Biên", [48, 47, 50, 52, 51, 55, 58, 57, 59]),
        ],
        "many": [
            charts.Series(
                unit.label, [unit.value, None if place == 3 else (unit.value or 50) + place, 70 + place], (), "#"
            )
            for place, unit in enumerate(before[:7])
        ],
        "many_labels": ["2018", "2019", "2020"],
        "ranked": charts.ranking(rows, own="u9"),
        "tiles": charts.map_drawing(before, points, own="u0"),
        "shapes": charts.map_drawing(before, points, shapes=_shapes(), own="u2"),
        "before": charts.map_drawing(before, points, steps=scale),
        "after": charts.map_drawing(after, points, steps=scale),
        "unknown_line": [charts.Series("Xã Hòa An", [None, None])],
    }


def gallery_values() -> dict[str, Any]:
    """Everything the gallery shows."""
    return {
        "day": DAY,
        **_forms(),
        "table": _table(),
        "matrix": _matrix(),
        "tree": _tree(),
        "filters": _filters(),
        "entries": _entries(),
        "meta": [_("Chủ trì: UBND huyện Giồng Riềng"), _("Minh chứng: chưa có")],
        "bars": [
            {"label": "Huyện Giồng Riềng", "value": 73.5, "target": 90, "url": "#chart"},
            {"label": "Huyện An Biên", "value": 91, "target": 90},
            {"label": "Thành phố Rạch Giá", "value": None, "target": 90},
        ],
        "trend": [12, 14, None, 15, 19, 22],
        "drawn": _charts(),
        "tabs": [
            {"label": _("Nhiệm vụ"), "url": "#tabs", "active": True, "count": 12},
            {"label": _("Tiến độ"), "url": "#tabs"},
            {"label": _("Lịch sử"), "url": "#tabs", "count": 0},
        ],
        "crumbs": [
            {"label": _("Kế hoạch"), "url": "#crumbs"},
            {"label": "144/KH-UBND", "url": "#crumbs"},
            {"label": _("Nhiệm vụ 12")},
        ],
        "facts": [
            {"term": _("Số, ký hiệu"), "text": "144/KH-UBND", "url": "#facts"},
            {"term": _("Hạn"), "text": "30/11/2020", "note": _("(theo mục III.12)")},
            {"term": _("Tình trạng"), "text": _("Đang làm"), "state": "wait"},
            {"term": _("Ghi chú"), "text": ""},
        ],
        "files": [
            {
                "name": "Biên bản khảo sát.pdf",
                "url": "#files",
                "size": 245_000,
                "kind": "PDF",
                "who": "Trần Văn An",
                "at": datetime(2020, 11, 12, 8, 30, tzinfo=UTC),
                "remove_url": "#files",
            },
            {"name": "Danh sách xã.xlsx", "url": "#files", "size": 18_300, "kind": "Excel"},
        ],
        "notices": [
            Message(constants.SUCCESS, _("Đã lưu tiến độ: 75 %.")),
            Message(constants.INFO, _("Văn bản đang được đọc, còn khoảng một phút.")),
            Message(constants.WARNING, _("Còn 5 xã chưa gửi phiếu.")),
            Message(constants.ERROR, _("Tệp không phải Word hay PDF.")),
        ],
    }
