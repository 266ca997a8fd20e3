"""One search over plans, tasks, units and obstacles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.kernel.vietnamese import write_number
from hieuhoc.programme.plans import selectors
from hieuhoc.registers.accounts.access import UserRequest

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User

PER_GROUP = 5
PER_PAGE = 30


def _names() -> dict[str, str]:
    return {"plans": _("Kế hoạch"), "tasks": _("Nhiệm vụ"), "units": _("Đơn vị"), "obstacles": _("Vướng mắc")}


def _address(request: UserRequest, **changes: str) -> str:
    query = request.GET.copy()
    for name in ("group", "page"):
        query.pop(name, None)
    query.update(changes)
    return f"?{query.urlencode()}"


def _tabs(request: UserRequest, found: list[selectors.Found], group: str) -> list[dict[str, Any]]:
    tabs: list[dict[str, Any]] = [{"label": _("Tất cả"), "url": _address(request), "active": not group}]
    names = _names()
    for one in found:
        url = _address(request, group=one.group)
        tabs.append({"label": names[one.group], "url": url, "active": one.group == group, "count": one.count})
    return tabs


def _found(user: User, text: str, group: str) -> list[selectors.Found]:
    """What was found of each kind; where one kind is paged, the others are only counted."""
    today = clock.today()
    if group in selectors.GROUPS:
        counted = selectors.search_all(user, text, on=today, most=0)
        if any(one.group == group for one in counted):
            return counted
    return selectors.search_all(user, text, on=today, most=PER_GROUP)


@require_safe
def search(request: UserRequest) -> HttpResponse:
    """What holds the words of the box at the top of every page, by kind; one kind alone is paged."""
    text = " ".join(request.GET.get("q", "")[: selectors.MOST_LETTERS].split())
    today, names = clock.today(), _names()
    group = request.GET.get("group", "")
    found = _found(request.user, text, group)
    kinds = {one.group: one for one in found}
    page = None
    if group in kinds:
        page = pages.page_of(request, selectors.found_in(request.user, group, text, on=today), per_page=PER_PAGE)
    shown = [(group, page.object_list)] if page else [(one.group, one.rows) for one in found]
    context = {
        "q": text,
        "page": page,
        "total": sum(one.count for one in found),
        "tabs": _tabs(request, found, group if page else ""),
        "groups": [
            {
                "group": name,
                "id": f"found-{name}",
                "count_text": write_number(kinds[name].count),
                "title": names[name],
                "rows": [_row(name, row) for row in rows],
                "more_url": _address(request, group=name) if not page and kinds[name].count > len(rows) else "",
            }
            for name, rows in shown
        ],
    }
    return pages.render(request, "plans/search.html", context)


def _row(group: str, row: Any) -> Any:
    """A unit is found as itself or, in the whole list, as what it is on this day."""
    return getattr(row, "unit", row) if group == "units" else row


urlpatterns = [path("search/", search, name="search")]
