"""Sessions as a calendar (iCalendar, RFC 5545) for the programs in which people keep their days."""

from collections.abc import Iterable
from datetime import datetime

from icalendar import Calendar, Event

from hieuhoc.programme.learning.models import Session


def calendar_text(sessions: Iterable[Session], *, name: str, now: datetime, address: str) -> bytes:
    """One event for each session; a cancelled one says so. `address` is that of the house, before each page's own."""
    calendar = Calendar()
    calendar.add("prodid", "-//Hieu Hoc//Sessions//VI")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("method", "PUBLISH")
    for one in sessions:
        activity = one.activity
        event = Event()
        event.add("uid", f"session-{one.pk}@hieuhoc")
        event.add("dtstamp", now)
        event.add("dtstart", one.starts_at)
        event.add("dtend", one.ends_at)
        event.add("summary", activity.title)
        place = one.place or activity.place or activity.provider.name
        event.add("location", f"{place}, {activity.unit.name}")
        event.add("description", "\n".join(part for part in (one.subject, activity.summary) if part))
        event.add("url", f"{address}/classes/{activity.code}/")
        event.add("status", "CANCELLED" if one.state == "cancelled" else "CONFIRMED")
        calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text
