"""Of which days of learning something has changed, by the trail: late marks, joined people, sessions undone."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from hieuhoc.foundation.records.models import Entry
from hieuhoc.programme.learning.models import Activity, Enrolment, Session

_SUBJECTS = ("learning.activity", "learning.enrolment", "learning.session", "people.person")
_LOOKS = ("people.person.see",)


def changed_days(*, after: int) -> set[date]:
    """The days of every activity of which a line of the trail tells, of those after a number.

    An activity counts on the day of its first session, and a person once in it: when something of it changes, every
    day of it may count otherwise. Only sessions that were not held are moved, so no day is left behind.
    """
    told: dict[str, set[int]] = {subject: set() for subject in _SUBJECTS}
    lines = Entry.objects.filter(number__gt=after, subject_type__in=_SUBJECTS).exclude(deed__in=_LOOKS).order_by()
    for subject, key in lines.values_list("subject_type", "subject_key").distinct():
        told[subject].add(int(key))
    people = told["people.person"]
    named = Q(pk__in=told["learning.enrolment"]) | Q(person__in=people) | Q(person__same_as__in=people)
    touched = told["learning.activity"]
    touched |= set(Enrolment.objects.filter(named).order_by().values_list("activity", flat=True).distinct())
    touched |= set(
        Session.objects.filter(pk__in=told["learning.session"]).order_by().values_list("activity", flat=True)
    )
    days = set(Session.objects.filter(activity__in=touched).order_by().values_list("on", flat=True).distinct())
    held = Activity.objects.filter(pk__in=touched).order_by().values_list("held_on", flat=True).distinct()
    return days | {day for day in held if day is not None}
