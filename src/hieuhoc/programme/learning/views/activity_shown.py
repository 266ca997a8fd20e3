"""What several pages of activities show alike: badges, crumbs, when a session is."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from hieuhoc.foundation.ui.wording import in_words
from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.programme.learning import states
from hieuhoc.programme.learning.models import Activity, Session
from hieuhoc.programme.learning.rules.sessions import WEEKDAYS

SHAPES = {"draft": "neutral", "open": "wait", "ended": "done", "cancelled": "neutral"}
SESSION_SHAPES = {"planned": "wait", "held": "done", "cancelled": "neutral"}


def badge(activity: Activity) -> dict[str, str]:
    """How an activity stands."""
    return {"state": SHAPES[activity.state], "label": in_words(states.ACTIVITY.states[activity.state])}


def session_badge(session: Session) -> dict[str, str]:
    """How a session stands."""
    return {"state": SESSION_SHAPES[session.state], "label": in_words(states.SESSION.states[session.state])}


def month_of(text: str) -> date | None:
    """The first day of the month that an address names ("2020-11"); None for none, or one of another century."""
    try:
        first = datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        return None
    return first if 1900 <= first.year <= 2100 else None


def when(session: Session) -> str:
    """The day and hours of a session: "thứ hai 16/11/2020, 08:00–10:00"."""
    begins, ends = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    day = in_words(WEEKDAYS[begins.weekday()])
    return f"{day} {write_date(begins.date())}, {begins:%H:%M}–{ends:%H:%M}"


def crumbs(activity: Activity, *more: str) -> list[dict[str, Any]]:
    """From the list down to a page of an activity."""
    first = {"label": _("Lớp, chuyên đề"), "url": reverse("learning:activity-list")}
    own = {"label": activity.title, "url": activity.get_absolute_url()} if more else {"label": activity.title}
    return [first, own, *({"label": label} for label in more)]
