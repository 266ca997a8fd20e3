"""A form, a monthly regime and its round for the cast, with figures typed as clerks type them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from hieuhoc.foundation.records import clock
from hieuhoc.kernel.periods import Period
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.indicators.models import Breakdown
from hieuhoc.registers.places.models import Unit
from hieuhoc.reports import services
from hieuhoc.reports.models import Form, FormVersion, ReportKind, Round, Submission
from hieuhoc.reports.services import Given
from tests.factories.cast import Cast
from tests.factories.indicators import make_indicator, month

NOVEMBER = month(2020, 11)  # of reports: from 15 October to 14 November
LAYOUT: dict[str, Any] = {
    "sections": [
        {
            "key": "kq",
            "heading": "Kết quả",
            "blocks": [
                {
                    "type": "figures",
                    "key": "ttc",
                    "label": "Trung tâm học tập cộng đồng",
                    "cells": [
                        {"key": "lop", "indicator": "RP.CLASSES", "required": True},
                        {"key": "binh_quan", "indicator": "RP.PER_CLASS"},
                    ],
                },
                {
                    "type": "table",
                    "key": "luot",
                    "label": "Lượt người học",
                    "columns": [
                        {"key": "tong", "label": "Tổng số", "by": ""},
                        {"key": "nu", "label": "Nữ", "by": "sex=female"},
                        {"key": "nam", "label": "Nam", "by": "sex=male"},
                    ],
                    "rows": [{"key": "luot", "indicator": "RP.TURNS"}],
                },
                {"type": "narrative", "key": "chung", "label": "Đánh giá chung", "required": True, "most": 200},
                {"type": "choice", "key": "muc", "label": "Mức", "options": [["dat", "Đạt"], ["chua", "Chưa đạt"]]},
            ],
        }
    ],
    "checks": [{"key": "k1", "rule": "RP.TURNS >= RP.CLASSES", "level": "error", "words": "Mỗi lớp có người học."}],
}


def make_definitions() -> None:
    """The indicators that the form asks for: two that are stated or counted, and one that is worked out."""
    values = [{"code": "female", "name": "nữ", "name_en": ""}, {"code": "male", "name": "nam", "name_en": ""}]
    Breakdown.objects.get_or_create(code="sex", defaults={"name": "Giới tính", "values": values, "is_complete": True})
    make_indicator("RP.CLASSES", measure="class", name="Số lớp", fact="test.classes")
    make_indicator("RP.TURNS", measure="turn", name="Lượt người học", breakdowns=["sex"])
    make_indicator(
        "RP.PER_CLASS",
        measure="turn_per_class",
        name="Lượt một lớp",
        kind="derived",
        formula="mean(RP.TURNS over RP.CLASSES)",
        over_places="none",
        over_time="none",
        decimals=1,
    )


def make_kind(cast: Cast, **over: Any) -> ReportKind:
    """A monthly regime of communes, the district and the province."""
    make_definitions()
    form = Form.objects.create(code="bieu-thu", name="Biểu thử", owner=cast.education)
    FormVersion.objects.create(form=form, number=1, layout=LAYOUT, state="in_force", put_in_force_at=clock.now())
    given: dict[str, Any] = {
        "code": "thang",
        "name": "Báo cáo tháng",
        "category": "periodic",
        "form": form,
        "root": cast.province,
        "recipient": cast.education,
        "calendar": "closing",
        "rhythm": "month",
        "levels": ["commune", "district", "province"],
        "sending": {"commune": 3, "district": 6, "province": 10},
        "opens_before": 5,
        "subject": "Kết quả tháng",
        "valid_from": date(2020, 1, 1),
    } | over
    return services.define_kind(by=cast.binh, **given)


def make_round(cast: Cast, kind: ReportKind | None = None, *, period: Period = NOVEMBER) -> Round:
    """An open round, of November unless another period is named."""
    return services.open_round(by=cast.binh, kind=kind or make_kind(cast), period=period)


def report_of(one: Round, unit: Unit) -> Submission:
    """The report of a unit, as it stands now."""
    return Submission.objects.select_related("unit", "round__kind", "round__period").get(round=one, unit=unit)


def fill(
    by: User, submission: Submission, *, classes: int = 4, turns: Sequence[int | None] = (90, 50, 40)
) -> Submission:
    """A report that nothing is wrong with, unless it is made so."""
    submission = report_of(submission.round, submission.unit)
    names = ("luot.luot.tong", "luot.luot.nu", "luot.luot.nam")
    figures = {"ttc.lop": Given(classes)} | {key: Given(value) for key, value in zip(names, turns, strict=True)}
    told = services.fill(
        by=by, submission=submission, figures=figures, narratives={"chung": "Tốt."}, edition=submission.edition
    )
    return told.submission


def hand_in(by: User, submission: Submission, **over: Any) -> Submission:
    """The same, handed in."""
    return services.submit(by=by, submission=fill(by, submission, **over))
