"""Of which days something has changed, by the trail: late marks, joined people, money and grades noted later."""

from __future__ import annotations

from datetime import date

from django.db.models import Q

from hieuhoc.foundation.records.models import Entry
from hieuhoc.programme.learning.models import Activity, Allocation, Assessment, Enrolment, Session, Spending

_LEARNING = ("learning.activity", "learning.enrolment", "learning.session", "people.person")
_MONEY = ("learning.allocation", "learning.spending")
_GRADES = ("learning.assessment",)
_LOOKS = ("people.person.see",)


def days_of_learning(*, after: int) -> set[date]:
    """The days of every activity of which a line of the trail tells, of those after a number.

    An activity counts on the day of its first session, and a person once in it: when something of it changes, every
    day of it may count otherwise. Only sessions that were not held are moved, so no day is left behind.
    """
    told = _told(_LEARNING, after)
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


def days_of_money(*, after: int) -> set[date]:
    """The days on which money was spent of which a line of the trail tells, of those after a number; and a day of each
    year for which such money was given.
    """
    told = _told(_MONEY, after)
    spent = Spending.objects.filter(pk__in=told["learning.spending"]).order_by().values_list("on", flat=True)
    given = Allocation.objects.filter(pk__in=told["learning.allocation"]).order_by().values_list("year", flat=True)
    return set(spent) | {_within(year) for year in given}


def days_of_grading(*, after: int) -> set[date]:
    """A day of each year for which a centre was graded of which a line of the trail tells, of those after a number."""
    graded = Assessment.objects.filter(pk__in=_told(_GRADES, after)["learning.assessment"])
    return {_within(year) for year in graded.order_by().values_list("year", flat=True)}


def _told(subjects: tuple[str, ...], after: int) -> dict[str, set[int]]:
    """The keys of the rows of which the trail tells after a number, by what they are."""
    found: dict[str, set[int]] = {subject: set() for subject in subjects}
    lines = Entry.objects.filter(number__gt=after, subject_type__in=subjects).exclude(deed__in=_LOOKS).order_by()
    for subject, key in lines.values_list("subject_type", "subject_key").distinct():
        found[subject].add(int(key))
    return found


def _within(year: int) -> date:
    """A day that lies, on every calendar, in the year that ends in a year."""
    return date(year, 3, 1)
