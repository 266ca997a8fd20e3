"""The desk of learning: what is on today and this week, what waits for somebody's hand; the month; feeds of days."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from hieuhoc.engines.writer import pdf
from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui import pages
from hieuhoc.foundation.ui.wording import in_words
from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.periods import Rhythm, period_of
from hieuhoc.programme.learning.documents.calendar import calendar_text
from hieuhoc.programme.learning.documents.timetable import timetable_paper
from hieuhoc.programme.learning.models import Session
from hieuhoc.programme.learning.rules.sessions import WEEKDAYS
from hieuhoc.programme.learning.selectors import activities as selectors
from hieuhoc.programme.learning.selectors import finder, grading, year_plans
from hieuhoc.programme.learning.selectors import providers as provider_selectors
from hieuhoc.programme.learning.selectors.desk import tally
from hieuhoc.programme.learning.views.activity_shown import month_of, session_badge, when
from hieuhoc.registers.accounts import access as accounts
from hieuhoc.registers.accounts.access import UserRequest
from hieuhoc.registers.accounts.roles import Permission

MOST = 12
MOST_OF_DAY = 6  # sessions that a day of the month shows; of the others how many
MOST_PRINTED = 600  # sessions of a month on paper
ICS = "text/calendar; charset=utf-8"


@require_safe
def desk(request: UserRequest) -> HttpResponse:
    """Today and the week to come, and what waits: sessions nobody marked, activities to open or end, waiting lists."""
    user, today = request.user, clock.today()
    accounts.require_somewhere(user, Permission.LEARNING_READ)
    to_come = selectors.sessions_between(user, today + timedelta(days=1), today + timedelta(days=7))
    context = {
        "title": _("Học tập"),
        "today": today,
        "most": MOST,
        "now_on": _rows(selectors.sessions_between(user, today, today)[:MOST]),
        "to_come": _rows(to_come[:MOST]),
        "unmarked": _rows(selectors.unmarked(user, on=today)[:MOST]),
        "to_finish": selectors.to_finish(user, on=today)[:MOST],
        "drafts": selectors.drafts(user)[:MOST],
        "waiting": selectors.with_waiting(user)[:MOST],
        "to_rearrange": provider_selectors.to_rearrange(user),
        "tally": tally(user, period_of(Rhythm.MONTH, today), on=today),
        "month_key": today.strftime("%Y-%m"),
        "runs": accounts.has(user, Permission.ACTIVITY_RUN),
        "takes": accounts.has(user, Permission.ATTENDANCE_TAKE),
        "sees_people": accounts.has(user, Permission.PERSON_READ),
        "to_verify": grading.waiting_for(user)[: MOST + 1],
        "returned": grading.returned_to(user)[:MOST],
        "plans_waiting": year_plans.waiting_for(user)[: MOST + 1],
        "plans_returned": year_plans.returned_to(user)[:MOST],
        "sees_money": accounts.has(user, Permission.MONEY_READ),
    }
    return pages.render(request, "learning/desk.html", context)


def _rows(sessions: Any) -> list[dict[str, Any]]:
    return [{"session": one, "when": when(one), "badge": session_badge(one)} for one in sessions]


@require_safe
def month(request: UserRequest) -> HttpResponse:
    """The sessions of a month, week by week."""
    accounts.require_somewhere(request.user, Permission.LEARNING_READ)
    first = _first_of(request.GET.get("month", ""), clock.today())
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    numbers = selectors.numbers_by_day(request.user, first, last)
    found: dict[date, list[Session]] = {}
    for session in selectors.first_of_days(request.user, first, last, most=MOST_OF_DAY):
        found.setdefault(session.on, []).append(session)
    context = {
        "title": _("Lịch học tháng %(month)s/%(year)s") % {"month": first.month, "year": first.year},
        "crumbs": [{"label": _("Học tập"), "url": reverse("learning:desk")}, {"label": _("Lịch học")}],
        "weeks": [
            [(day, day.month == first.month, found.get(day, []), numbers.get(day, 0)) for day in week] for week in weeks
        ],
        "weekdays": [in_words(name) for name in WEEKDAYS.values()],
        "most": MOST_OF_DAY,
        "counted": sum(numbers.values()),
        "month": first.strftime("%Y-%m"),
        "before": (first - timedelta(days=1)).strftime("%Y-%m"),
        "after": (last + timedelta(days=1)).strftime("%Y-%m"),
        "today": clock.today(),
    }
    return pages.render(request, "learning/month.html", context)


@require_safe
def month_pdf(request: UserRequest) -> HttpResponse:
    """The sessions of a month, to print; of one body where the address names it (`?provider=`)."""
    accounts.require_somewhere(request.user, Permission.LEARNING_READ)
    first = _first_of(request.GET.get("month", ""), clock.today())
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    rows = selectors.sessions_between(request.user, first, last)
    asked = request.GET.get("provider", "")
    provider = provider_selectors.provider_by_key(request.user, asked) if asked else None
    unit = provider.unit if provider else accounts.home(request.user)
    if unit is None:
        raise Missing("Không tìm thấy nội dung này trong phạm vi của bạn.")
    chosen = rows.filter(activity__provider=provider) if provider else rows
    paper = timetable_paper(
        chosen[:MOST_PRINTED],
        left_out=max(chosen.count() - MOST_PRINTED, 0),
        issuer=provider.name if provider else unit.name,
        unit=unit,
        subject=f"Tháng {first.month}/{first.year}",
    )
    name = _("Lịch học %(month)s.pdf") % {"month": first.strftime("%Y-%m")}
    return pages.download(pdf(paper, written_at=clock.now()), name, "application/pdf")


def _first_of(text: str, today: date) -> date:
    return month_of(text) or today.replace(day=1)


# ---- feeds for everybody's calendars ----------------------------------------------------------------


@login_not_required
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The sessions to come of everything that is shown to everybody."""
    rows = Session.objects.filter(activity__in=finder.public_activities(), on__gte=clock.today())
    ordered = rows.select_related("activity__provider", "activity__unit").order_by("starts_at", "pk")[:500]
    return _feed(ordered, name="Hiếu Học: lịch học", file="lich-hoc.ics")


@login_not_required
@require_safe
def feed_of(request: HttpRequest, code: str) -> HttpResponse:
    """The sessions of one activity that is shown to everybody."""
    activity = finder.public_activity(code)
    rows = activity.sessions.select_related("activity__provider", "activity__unit").order_by("starts_at", "pk")
    return _feed(rows, name=activity.title, file=f"{activity.code}.ics")


@login_not_required
@require_safe
def feed_at(request: HttpRequest, key: str) -> HttpResponse:
    """The sessions to come of one body, of what is shown to everybody."""
    provider = provider_selectors.public_provider(key)
    rows = Session.objects.filter(activity__in=finder.public_activities().filter(provider=provider))
    ordered = rows.filter(on__gte=clock.today()).select_related("activity__provider", "activity__unit")
    return _feed(ordered.order_by("starts_at", "pk")[:500], name=provider.name, file=f"{provider.key}.ics")


def _feed(sessions: Any, *, name: str, file: str) -> HttpResponse:
    content = calendar_text(sessions, name=name, now=clock.now(), address=settings.PUBLIC_ADDRESS)
    answer = HttpResponse(content, content_type=ICS)
    answer["Content-Disposition"] = f'inline; filename="{file}"'
    return answer


urlpatterns = [
    path("learning/", desk, name="desk"),
    path("learning/calendar/", month, name="month"),
    path("learning/calendar/timetable.pdf", month_pdf, name="month-timetable"),
    path("classes.ics", feed, name="feed"),
    path("classes/<slug:code>/calendar.ics", feed_of, name="feed-of"),
    path("centres/<slug:key>/calendar.ics", feed_at, name="feed-at"),
]
