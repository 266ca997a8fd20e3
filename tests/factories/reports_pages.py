"""A form in force, a kind of report and an open round, for the pages of reports."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from hieuhoc.kernel.periods import Calendar, Rhythm, period_of
from hieuhoc.registers.indicators.models import Breakdown, Indicator
from hieuhoc.reports import services
from hieuhoc.reports.models import Form, FormVersion, ReportKind, Round, Submission
from tests.factories.cast import Cast
from tests.factories.indicators import make_indicator

LAYOUT: dict[str, Any] = {
    "sections": [
        {
            "key": "kq",
            "heading": "Kết quả thực hiện",
            "blocks": [
                {
                    "type": "figures",
                    "key": "ttc",
                    "label": "Trung tâm học tập cộng đồng",
                    "cells": [
                        {"key": "lop", "indicator": "CLC.LOP", "by": "", "required": True, "least": 0},
                        {"key": "hv", "indicator": "CLC.HOCVIEN", "by": "", "required": True, "least": 0},
                    ],
                },
                {
                    "type": "table",
                    "key": "xmc",
                    "label": "Bảng 1. Xóa mù chữ",
                    "columns": [
                        {"key": "tong", "label": "Tổng số", "by": ""},
                        {"key": "nu", "label": "Nữ", "by": "sex=female"},
                    ],
                    "rows": [{"key": "l1", "label": "", "indicator": "LIT.MU", "required": False}],
                },
            ],
        },
        {
            "key": "dg",
            "heading": "Đánh giá",
            "blocks": [
                {
                    "type": "narrative",
                    "key": "chung",
                    "label": "Đánh giá chung",
                    "guidance": "Nêu việc chính đã làm.",
                    "required": False,
                    "most": 4000,
                },
                {
                    "type": "choice",
                    "key": "muc",
                    "label": "Mức hoàn thành",
                    "options": [["dat", "Đạt"], ["chua", "Chưa đạt"]],
                    "required": False,
                },
            ],
        },
    ],
    "checks": [
        {"key": "k1", "rule": "CLC.HOCVIEN >= CLC.LOP", "level": "error", "words": "Học viên không ít hơn số lớp."}
    ],
}


@dataclass(frozen=True)
class Reporting:
    """A form, a kind, a round of it, and the reports of the cast's units."""

    form: Form
    version: FormVersion
    kind: ReportKind
    round: Round
    commune: Submission
    next_door: Submission
    district: Submission
    province: Submission


def make_form(cast: Cast, *, mark: str = "") -> FormVersion:
    """A form in force, of the lead department."""
    Breakdown.objects.get_or_create(
        code="sex",
        defaults={
            "name": "Giới tính",
            "values": [{"code": "female", "name": "nữ"}, {"code": "male", "name": "nam"}],
            "is_complete": True,
        },
    )
    if not _known("CLC.LOP"):
        turns = ("quarter", "half", "year")  # facts lie on the shortest turn, and the report is of a quarter
        make_indicator("CLC.LOP", name="Số lớp đã mở", measure="class", rhythms=turns)
        make_indicator("CLC.HOCVIEN", name="Số học viên", measure="class", rhythms=turns)
        make_indicator("LIT.MU", name="Số người mù chữ", breakdowns=["sex"], rhythms=turns)
    version = services.draft_form(
        by=cast.binh, name=f"Báo cáo khuyến học{mark}", code=f"khuyen-hoc{mark}", owner=cast.education, description=""
    )
    services.edit_layout(by=cast.binh, version=version, layout=LAYOUT)
    return services.put_in_force(by=cast.binh, version=version)


def _known(code: str) -> bool:
    return Indicator.objects.filter(code=code).exists()


def make_kind(cast: Cast, version: FormVersion, *, mark: str = "") -> ReportKind:
    """A quarterly report of communes, districts and the province."""
    return services.define_kind(
        by=cast.binh,
        name=f"Báo cáo quý về khuyến học{mark}",
        code=f"quy-khuyen-hoc{mark}",
        category="periodic",
        form=version.form,
        root=cast.province,
        recipient=cast.education,
        calendar="closing",
        rhythm="quarter",
        levels=["commune", "district", "province"],
        sending={"commune": 3, "district": 6, "province": 10},
        agencies=[],
        opens_before=15,
        subject="Kết quả công tác khuyến học",
        bases=[],
        document="",
        valid_from=date(2020, 1, 1),
    )


def make_reporting(cast: Cast, *, mark: str = "", on: date = date(2020, 8, 1)) -> Reporting:
    """Everything, with the round of the quarter in which a day lies."""
    version = make_form(cast, mark=mark)
    kind = make_kind(cast, version, mark=mark)
    one = services.open_round(by=cast.binh, kind=kind, period=period_of(Rhythm.QUARTER, on, Calendar.CLOSING))

    def of(unit: Any) -> Submission:
        return Submission.objects.select_related("unit", "round__kind", "round__period").get(round=one, unit=unit)

    units = (cast.commune, cast.next_door, cast.district, cast.province)
    return Reporting(version.form, version, kind, one, *(of(unit) for unit in units))
