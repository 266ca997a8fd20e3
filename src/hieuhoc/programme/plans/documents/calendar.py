"""Due dates as a calendar (iCalendar, RFC 5545) for the programs in which people keep their days."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from icalendar import Calendar, Event

from hieuhoc.programme.plans.models import Assignment


def calendar_text(assignments: Iterable[Assignment], *, now: datetime, address: str) -> bytes:
    """One whole-day event for each due date; assignments without one are passed over.

    `address` is that of the house, in front of each event's own.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Hieu Hoc//Due dates//VI")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Hiếu Học: hạn nhiệm vụ")
    calendar.add("method", "PUBLISH")
    for one in assignments:
        if one.due_on is None:
            continue
        event = Event()
        event.add("uid", f"assignment-{one.pk}@hieuhoc")
        event.add("dtstamp", now)
        event.add("dtstart", one.due_on)
        event.add("dtend", one.due_on + timedelta(days=1))
        event.add("summary", f"Hạn: {one.task.text[:120]}")
        event.add("description", f"{one.unit.name}\n{one.plan} · {one.task.code}\n{one.task.text}")
        event.add("url", f"{address}{one.get_absolute_url()}")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text
