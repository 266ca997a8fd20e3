"""Pages for reminding whoever is late, and for the calendar of due dates."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.shown import chips, select
from hieuhoc.kernel.errors import Missing
from hieuhoc.programme.plans import access, selectors, services
from hieuhoc.programme.plans.documents.calendar import calendar_text
from hieuhoc.programme.plans.forms.assignments import ReminderForm
from hieuhoc.programme.plans.views.assignments import with_standing
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from hieuhoc.programme.plans.models import Assignment

PER_PAGE = 60


def reminder_list(request: UserRequest) -> HttpResponse:
    """What is late in the plans that the user follows: choose some, or all, and remind."""
    access.require_reminding_somewhere(request.user)
    plan, unit = request.GET.get("plan", ""), request.GET.get("unit", "")
    found = selectors.overdue(request.user, on=clock.today())
    if plan.isdecimal():
        found = found.filter(plan=int(plan))
    if unit:
        found = found.filter(unit__key=unit)
    form = ReminderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _remind(request, found, form.cleaned_data["words"])
    page = pages.page_of(request, found, per_page=PER_PAGE)
    plans = [(str(one.pk), str(one)) for one in selectors.plans(request.user).filter(state="issued")[:100]]
    late = places.units_by_number(
        selectors.overdue(request.user, on=clock.today()).order_by().values_list("unit_id", flat=True).distinct()
    )
    named = sorted(late.values(), key=lambda one: (one.sort_key, one.pk))
    selects = [
        select("plan", _("Kế hoạch"), [("", _("Tất cả")), *plans], plan),
        select("unit", _("Cơ quan"), [("", _("Tất cả")), *((one.key, one.name) for one in named)], unit),
    ]
    context = {
        "page": page,
        "rows": with_standing(page.object_list),
        "form": form,
        "total": page.paginator.count,
        "today": clock.today(),
        "selects": selects,
        "chips": chips(request, selects),
        "is_narrowed": bool(plan or unit),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return pages.render(
        request, "plans/reminder_list.html", context, fragment="plans/_reminder_rows.html", status=status
    )


def _remind(request: UserRequest, found: QuerySet[Assignment], words: str) -> HttpResponse:
    chosen = [int(key) for key in request.POST.getlist("assignments") if key.isdecimal()]
    back = request.get_full_path()
    rows = list(found if request.POST.get("all") else found.filter(pk__in=chosen))
    if not rows:
        messages.warning(request, _("Chưa chọn việc nào để đôn đốc. Hãy đánh dấu các việc rồi nhấn nút."))
        return redirect(back)
    reminded = services.remind(by=request.user, assignments=rows, words=words)
    messages.success(request, _("Đã đôn đốc %(count)s việc.") % {"count": len(reminded)})
    if passed := len(rows) - len(reminded):
        messages.info(request, _("%(count)s việc đã được đôn đốc hôm nay nên không nhắc lại.") % {"count": passed})
    return redirect(back)


@login_not_required
@require_safe
def calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The due dates of a user's agencies, for a calendar program that knows the secret address."""
    user = selectors.calendar_of(token)
    if user is None:
        raise Missing(_("Địa chỉ lịch này không còn dùng."))
    open_work = selectors.find_assignments(user, on=clock.today()).exclude(due_on=None)
    text = calendar_text(list(open_work[:2000]), now=clock.now(), address=settings.PUBLIC_ADDRESS)
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="hieuhoc.ics"'
    return response


def calendar_settings(request: UserRequest) -> HttpResponse:
    """The user's calendar address, and a new one when the old has been seen by others."""
    if request.method == "POST":
        services.renew_calendar(by=request.user)
        messages.success(request, _("Đã tạo địa chỉ lịch mới. Địa chỉ cũ không còn dùng."))
        return redirect("plans:calendar-settings")
    feed = selectors.calendar_feed(request.user)
    address = f"{settings.PUBLIC_ADDRESS}{reverse('plans:calendar', args=[feed.token])}" if feed else ""
    context = {
        "address": address,
        "crumbs": [{"label": _("Việc của tôi"), "url": reverse("plans:desk")}, {"label": _("Lịch hạn nhiệm vụ")}],
    }
    return pages.render(request, "plans/calendar_settings.html", context)


urlpatterns = [
    path("reminders/", reminder_list, name="reminder-list"),
    path("calendar/", calendar_settings, name="calendar-settings"),
    path("calendar/<str:token>.ics", calendar, name="calendar"),
]
