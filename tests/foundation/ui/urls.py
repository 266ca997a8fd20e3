"""Addresses and views of a small house, so that the floor `ui` is tested without the floors above it."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path

from hieuhoc.foundation.ui import pages
from hieuhoc.kernel.errors import Conflict, HouseError, Invalid, Missing, Refused

handler404 = pages.handler404
handler500 = pages.handler500

ERRORS: dict[str, HouseError] = {
    "refused": Refused("Bạn không được duyệt báo cáo của xã khác."),
    "missing": Missing("Không có nhiệm vụ này."),
    "conflict": Conflict("Chị Lan vừa sửa <nhiệm vụ> này."),
    "invalid": Invalid("Hạn phải sau ngày giao.", field="due"),
}


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """What the project's context processor will give to every page."""
    entries = [
        ("Việc của tôi", "desk", 9), ("Kế hoạch", "plan", 3), ("Nhiệm vụ", "task", 0),
        ("Toàn cảnh", "report", 0), ("Đơn vị", "unit", 0), ("Nhật ký", "history", 0),
    ]  # fmt: skip
    return {
        "navigation": [
            {"label": label, "icon": icon, "count": count, "url": f"/{icon}/", "active": icon == "desk"}
            for label, icon, count in entries
        ],
        "user": SimpleNamespace(is_authenticated=True, get_full_name="Trần Văn An", get_username="an"),
        "user_note": "Phòng GD&ĐT Giồng Riềng",
        "search_url": "/tim/",
        "demonstration": True,
        "today": date(2020, 11, 16),
    }


@login_not_required
def fails(request: HttpRequest, name: str) -> HttpResponse:
    raise ERRORS[name]


@login_not_required
def lost(request: HttpRequest) -> HttpResponse:
    raise Http404


@login_not_required
def breaks(request: HttpRequest) -> HttpResponse:
    raise ZeroDivisionError


@login_not_required
def rows(request: HttpRequest) -> HttpResponse:
    context = {"title": "Danh sách", "page": pages.page_of(request, range(1, 121), per_page=50)}
    return pages.render(request, "ui/pages/list.html", context, fragment="ui/components/pager.html")


@login_not_required
def sends(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [
    path("", include("hieuhoc.foundation.ui.urls")),
    path("fails/<str:name>/", fails),
    path("lost/", lost),
    path("breaks/", breaks),
    path("rows/", rows),
    path("ngon-ngu/", sends, name="set_language"),
    path("ra/", sends, name="account_logout"),
    path("hai-lop/", sends, name="mfa_index"),
]
