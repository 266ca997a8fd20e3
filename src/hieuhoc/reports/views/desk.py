"""What one owes and what waits for one's word: the first pages of reporting."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.shown import chips, select
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.reports import access, selectors
from hieuhoc.reports.models import Submission
from hieuhoc.reports.views.shown import STANDINGS, badge, deadline_words, desk_tabs, hands

PER_PAGE = 30
ORDERS = (
    ("", gettext_lazy("Hạn gần trước")),
    ("-due", gettext_lazy("Hạn xa trước")),
    ("unit", gettext_lazy("Theo đơn vị")),
    ("kind", gettext_lazy("Theo loại báo cáo")),
)
# Standings in which the next step is the reader's own.
OPEN = {"overdue", "returned", "due", "not_yet_due"}


@require_safe
def desk(request: UserRequest) -> HttpResponse:
    """What do I owe, by when, is it done: everything of one's units, late things first and never gone."""
    today = clock.today()
    wanted = {name: request.GET.get(name, "") for name in ("q", "standing", "sort")}
    found = selectors.owed(request.user, on=today, q=wanted["q"], standing=wanted["standing"], sort=wanted["sort"])
    page = pages.page_of(request, found, per_page=PER_PAGE)
    counts = selectors.owed_counts(request.user, on=today)
    selects = [
        select(
            "standing",
            _("Tình trạng"),
            [("", _("Tất cả")), *((code, name) for code, name, _shape in STANDINGS)],
            wanted["standing"],
        ),
        select("sort", _("Sắp theo"), ORDERS, wanted["sort"]),
    ]
    context: dict[str, Any] = {
        "today": today,
        "page": page,
        "rows": [_row(one, standing, today) for one, standing in page.object_list],
        "q": wanted["q"],
        "selects": selects,
        "chips": chips(request, selects[:1]),
        "tabs": _tabs("desk", request, today),
        "stats": [(code, name, shape, counts.get(code, 0)) for code, name, shape in STANDINGS if code != "left_out"],
        "is_narrowed": bool(wanted["q"] or wanted["standing"]),
        "fills": access.fills_somewhere(request.user),
        "may_arrange": access.may_arrange_somewhere(request.user),
    }
    return pages.render(request, "reports/desk.html", context, fragment="reports/_owed_rows.html")


@require_safe
def review(request: UserRequest) -> HttpResponse:
    """Reports that wait for the reader's word, those sent longest ago first."""
    today, words = clock.today(), request.GET.get("q", "")
    page = pages.page_of(request, selectors.to_review(request.user, words=words), per_page=PER_PAGE)
    context = {
        "today": today,
        "page": page,
        "rows": [_row(one, "submitted", today) for one in page.object_list],
        "q": words,
        "tabs": _tabs("review", request, today),
        "is_narrowed": bool(words),
    }
    return pages.render(request, "reports/review.html", context, fragment="reports/_review_rows.html")


def _tabs(active: str, request: UserRequest, today: date) -> list[dict[str, Any]]:
    """The tabs of reporting, with how much waits behind them."""
    tabs = desk_tabs(active)
    if access.reviews_somewhere(request.user):
        tabs[1]["count"] = selectors.to_review(request.user).count()
    else:
        del tabs[1]
    return tabs


def _row(submission: Submission, standing: str, today: date) -> dict[str, Any]:
    sheet = submission.get_absolute_url()
    steps = {
        "waiting": (_("Làm báo cáo"), f"{sheet}"),
        "draft": (_("Làm tiếp"), f"{sheet}"),
        "returned": (_("Sửa và nộp lại"), f"{sheet}"),
    }
    return {
        "submission": submission,
        "badge": badge(standing, submission, today),
        "deadline": deadline_words(submission.deadline, today),
        "is_open": standing in OPEN,
        "hands": hands(submission)[-1:],
        "step": steps.get(submission.state, (_("Xem báo cáo"), sheet)),
    }


urlpatterns = [
    path("reports/", desk, name="desk"),
    path("reports/review/", review, name="review"),
]
