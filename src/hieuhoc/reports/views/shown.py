"""What several pages of reports show alike: where one is, how a report stands, in words and shape."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.reports.models import Submission

# How a report stands in the eyes of whoever owes it, in the order of urgency, with the shape of its badge.
STANDINGS: tuple[tuple[str, Promise, str], ...] = (
    ("overdue", gettext_lazy("Quá hạn"), "late"),
    ("returned", gettext_lazy("Bị trả lại"), "returned"),
    ("due", gettext_lazy("Đến hạn"), "due"),
    ("not_yet_due", gettext_lazy("Chưa đến hạn"), "neutral"),
    ("submitted", gettext_lazy("Đã nộp"), "wait"),
    ("approved", gettext_lazy("Đã duyệt"), "done"),
    ("left_out", gettext_lazy("Không phải nộp"), "neutral"),
)
LEVEL_NAMES: dict[str, Promise] = {
    "commune": gettext_lazy("Xã, phường, thị trấn"),
    "district": gettext_lazy("Huyện, thành phố"),
    "agency": gettext_lazy("Sở, ban, ngành"),
    "province": gettext_lazy("Tỉnh"),
}
NAMES = {code: name for code, name, _shape in STANDINGS}
SHAPES = {code: shape for code, _name, shape in STANDINGS}


def desk_tabs(active: str) -> list[dict[str, Any]]:
    """The pages of reporting."""
    named = [
        ("desk", _("Báo cáo của tôi"), "reports:desk"),
        ("review", _("Chờ tôi duyệt"), "reports:review"),
        ("rounds", _("Các đợt báo cáo"), "reports:round-list"),
        ("kinds", _("Loại báo cáo"), "reports:kind-list"),
        ("forms", _("Biểu mẫu"), "reports:form-list"),
    ]
    return [{"label": label, "url": reverse(url), "active": tab == active} for tab, label, url in named]


def crumbs(*rest: dict[str, Any]) -> list[dict[str, Any]]:
    """From the desk of reports down to here."""
    return [{"label": _("Báo cáo"), "url": reverse("reports:desk")}, *rest]


def deadline_words(deadline: date, today: date) -> str:
    """How far away a deadline is, in words: "còn 5 ngày", "hạn hôm nay", "trễ 3 ngày"."""
    days = (deadline - today).days
    if days < 0:
        return ngettext("trễ %(days)d ngày", "trễ %(days)d ngày", -days) % {"days": -days}
    if days == 0:
        return _("hạn hôm nay")
    return ngettext("còn %(days)d ngày", "còn %(days)d ngày", days) % {"days": days}


def badge(standing: str, submission: Submission, today: date) -> dict[str, str]:
    """How a report stands: the shape of the badge and its words, with the days where they matter."""
    words = str(NAMES[standing])
    if standing in {"overdue", "due", "not_yet_due"}:
        words = f"{words}, {deadline_words(submission.deadline, today)}"
    elif standing == "approved" and submission.state == "locked":
        words = _("Đã khóa")
    elif standing == "left_out" and submission.state == "joined":
        words = _("Đã gộp")
    return {"state": SHAPES[standing], "label": words}


def hands(submission: Submission) -> list[dict[str, Any]]:
    """Who handed a report in, who returned it and who approved it, with the time; newest last."""
    told = [
        (_("Nộp"), submission.submitted_by, submission.submitted_at),
        (_("Trả lại"), submission.returned_by, submission.returned_at),
        (_("Duyệt"), submission.approved_by, submission.approved_at),
    ]
    rows = [{"deed": deed, "who": who.full_name, "at": at} for deed, who, at in told if who is not None and at]
    return sorted(rows, key=lambda row: row["at"])


def dues_words(dues: dict[str, str]) -> list[tuple[Promise | str, str]]:
    """The days of sending by level, from the ground up."""
    return [
        (name, write_date(date.fromisoformat(dues[level]))) for level, name in LEVEL_NAMES.items() if dues.get(level)
    ]


def counted(found: Iterable[str]) -> dict[str, int]:
    """How often each word occurs."""
    counts: dict[str, int] = {}
    for one in found:
        counts[one] = counts.get(one, 0) + 1
    return counts
