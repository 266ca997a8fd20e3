"""What every page shows around its content: where one can go from here, how much waits there, and which day it is."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.programme.plans import selectors as plans
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.reports import selectors as reports


@dataclass(frozen=True)
class Place:
    """One entry: `view` is where it leads, `views` how the names of the pages within it begin."""

    label: Promise
    icon: str
    view: str
    views: tuple[str, ...]
    permission: Permission


# In the order of the page; the first four stay at hand on a phone.
PLACES = (
    Place(
        _("Việc của tôi"), "desk", "plans:desk", ("plans:desk", "plans:assignment", "plans:cal"), Permission.TASK_READ
    ),
    Place(_("Kế hoạch"), "plan", "plans:plan-list", ("plans:plan", "plans:task"), Permission.PLAN_READ),
    Place(
        _("Báo cáo"),
        "report",
        "reports:desk",
        (
            "reports:desk",
            "reports:review",
            "reports:submission",
            "reports:round",
            "reports:consolidated",
            "reports:kind",
            "reports:form",
            "reports:version",
            "reports:workbook",
            "reports:paper",
        ),
        Permission.REPORT_READ,
    ),
    Place(
        _("Số liệu"),
        "chart",
        "reports:dashboard-home",
        ("reports:dashboard", "reports:figure"),
        Permission.INDICATOR_READ,
    ),
    Place(_("Học tập"), "calendar", "learning:desk", ("learning:", "people:"), Permission.LEARNING_READ),
    Place(_("Chỉ số"), "list", "indicators:list", ("indicators:",), Permission.INDICATOR_READ),
    Place(_("Vướng mắc"), "obstacle", "plans:obstacle-list", ("plans:obstacle",), Permission.TASK_READ),
    Place(_("Đôn đốc"), "bell", "plans:reminder-list", ("plans:reminder",), Permission.TASK_REMIND),
    Place(_("Đơn vị"), "unit", "units:list", ("units:",), Permission.UNIT_READ),
    Place(
        _("Người dùng"),
        "people",
        "accounts:user-list",
        ("accounts:user", "accounts:invitation", "accounts:grant"),
        Permission.USER_READ,
    ),
    Place(_("Nhật ký"), "history", "accounts:trail", ("accounts:trail",), Permission.TRAIL_READ),
)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """The context of `ui/base.html`. Costs nothing where a template does not ask for it."""
    user = getattr(request, "user", None)
    context: dict[str, Any] = {"demonstration": settings.DEMONSTRATION, "today": clock.today()}
    if not isinstance(user, User):
        return context
    return context | {
        "navigation": SimpleLazyObject(lambda: _entries(request, user)),
        "search_url": reverse("plans:search"),
        "search_text": request.GET.get("q", "") if _view(request) == "plans:search" else "",
        "user_note": SimpleLazyObject(lambda: _note(user)),
        "user_links": [
            {"url": reverse("accounts:profile"), "label": _("Thông tin của tôi"), "icon": "user"},
            {"url": reverse("jobs:list"), "label": _("Việc chạy nền của tôi"), "icon": "clock"},
            {"url": reverse("accounts:role-list"), "label": _("Vai trò và quyền"), "icon": "info"},
        ],
    }


def _view(request: HttpRequest) -> str:
    match = request.resolver_match
    return match.view_name if match else ""


def _entries(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    waiting = {} if pages.IN_TROUBLE in request.META else _waiting(user)
    return [
        {
            "label": place.label,
            "icon": place.icon,
            "url": reverse(place.view),
            "active": _view(request).startswith(place.views),
            "count": waiting.get(place.view, 0),
        }
        for place in PLACES
        if access.has(user, place.permission)
    ]


def _waiting(user: User) -> dict[str, int]:
    """How much waits for the user behind an entry: late work and work to confirm; reports; obstacles to answer."""
    today, waiting = clock.today(), {}
    if access.has(user, Permission.TASK_READ):
        late = plans.find_assignments(user, pile="late", on=today).order_by().count()
        waiting["plans:desk"] = late + plans.awaiting_word(user).order_by().count()
        waiting["plans:obstacle-list"] = plans.obstacles_to_answer(user).order_by().count()
    if access.has(user, Permission.REPORT_READ):
        waiting["reports:desk"] = reports.count_waiting(user, on=today)
    return waiting


def _note(user: User) -> str:
    unit = access.home(user)
    return str(unit) if unit else user.title
