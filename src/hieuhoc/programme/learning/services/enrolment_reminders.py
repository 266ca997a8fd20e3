"""Reminding those who have a place, by telephone, on the day before a session."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from hieuhoc.foundation.records import clock, trail
from hieuhoc.foundation.records.models import Entry
from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.programme.learning.models import Session
from hieuhoc.programme.learning.rules.enrolments import reminder_text
from hieuhoc.registers.people.services.telling import has_gateway, tell_later

DEED = "learning.session.remind"
FIRST_HOUR = 8  # nobody is woken by a reminder


def remind_learners() -> int:
    """Remind whoever has a place in a session of tomorrow, once for each session; how many messages are due.

    For the tick; may be called twice at once. Nothing is due where no messages leave the house.
    """
    if not has_gateway() or timezone.localtime(clock.now()).hour < FIRST_HOUR:
        return 0
    tomorrow = clock.today() + timedelta(days=1)
    due = Session.objects.filter(on=tomorrow, state="planned", activity__state="open").order_by("pk")
    numbers = list(due.values_list("pk", flat=True))
    told = Entry.objects.filter(
        deed=DEED, subject_type=Session._meta.label_lower, subject_key__in=[str(number) for number in numbers]
    )
    reminded = set(told.values_list("subject_key", flat=True))
    return sum(_remind(number) for number in numbers if str(number) not in reminded)


@transaction.atomic
def _remind(number: int) -> int:
    session = Session.objects.select_for_update(of=("self",)).select_related("activity").get(pk=number)
    if session.state != "planned" or trail.history(session).filter(deed=DEED).exists():
        return 0
    rows = session.activity.enrolments.filter(state="enrolled").exclude(person__phone="").select_related("person")
    url = settings.PUBLIC_ADDRESS + reverse("learning:class", args=[session.activity.code])
    starts = timezone.localtime(session.starts_at)
    text = reminder_text(title=session.activity.title, when=f"{starts:%H:%M} {write_date(starts.date())}", url=url)
    phones = {row.person.phone for row in rows}
    for phone in sorted(phones):
        tell_later(phone=phone, text=text)
    trail.record(by=trail.HOUSE, deed=DEED, what=session, changes={"messages": len(phones)})
    return len(phones)
