"""Figures of classes: how many, sessions, turns of attendance, distinct people; and the rows beneath them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from hieuhoc.kernel.periods import Period
from hieuhoc.kernel.vietnamese import write_number
from hieuhoc.programme.learning import access
from hieuhoc.programme.learning.facts.book import Book, Figure, Row, Told
from hieuhoc.programme.learning.models import Activity
from hieuhoc.programme.learning.rules import counting, kinds
from hieuhoc.programme.learning.selectors import counts
from hieuhoc.registers.accounts import access as accounts
from hieuhoc.registers.accounts.roles import Permission

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

_FIELDS = tuple(f"field={one}" for one in kinds.FIELDS)
_ORGANISERS = tuple(f"organiser={one}" for one in kinds.ORGANISERS)
_TRAITS = (counting.SEX_PARTS, counting.AGE_PARTS, (counting.MINORITY,))


def _classes(book: Book) -> Told:
    by_field = ((unit, f"field={field}", number) for unit, field, number in counts.activities_by_field(book.period))
    held = ((unit, f"organiser={kind}", number) for unit, kind, number in counts.activities_by_organiser(book.period))
    found, organised = book.by_commune(by_field), book.by_commune(held, is_whole=False)
    return {one: dict(counting.told(found[one] + organised[one], (_FIELDS, _ORGANISERS))) for one in book.recording}


def _sessions(book: Book) -> Told:
    found = book.by_commune((unit, "", number) for unit, number in counts.sessions_by_unit(book.period))
    return {one: {"": found[one][""]} for one in book.recording}


def _turns(book: Book) -> Told:
    return {
        one: dict(counting.told(_joined(book.named[one], book.unnamed[one]), (_FIELDS, *_TRAITS)))
        for one in book.recording
    }


def _joined(one: Counter[str], other: Counter[str]) -> Counter[str]:
    """The sum of both; a zero that is known stays."""
    return Counter({part: one[part] + other[part] for part in {*one, *other}})


def _turns_named(book: Book) -> Told:
    return {one: {"": book.named[one][""]} for one in book.recording}


def _attendances(book: Book) -> Told:
    found = book.by_commune((unit, "", number) for unit, number in counts.attendances_by(book.period).items())
    return {one: {"": found[one][""]} for one in book.recording}


def _learners(book: Book) -> Told:
    found = counting.people_by_part(counts.learners(book.period), book.ground)
    known = {unit for commune in book.recording for unit in book.ground.above[commune]}
    return {one: dict(counting.told(found.get(one, {}), _TRAITS)) for one in known}


def _activities(user: User, unit: Unit) -> QuerySet[Activity]:
    return access.activities_seen(user).filter(accounts.within([unit])).select_related("unit")


def _class_rows(user: User, unit: Unit, period: Period) -> list[Row]:
    held = _activities(user, unit).filter(pk__in=counts.activities_held(period).order_by().values("pk"))
    return [
        Row(one.title, str(one.unit), one.held_on, one.get_absolute_url()) for one in held.order_by("held_on", "pk")
    ]


def _with_counts(user: User, unit: Unit, numbers: Mapping[int, int], words: str) -> list[Row]:
    """Activities, each with how much of the figure it is."""
    found = _activities(user, unit).filter(pk__in=[pk for pk, number in numbers.items() if number])
    return [
        Row(
            f"{one.title}: {write_number(numbers[one.pk])} {words}",
            str(one.unit),
            one.first_on,
            one.get_absolute_url(),
            numbers[one.pk],
        )
        for one in found.order_by("first_on", "pk")
    ]


def _session_rows(user: User, unit: Unit, period: Period) -> list[Row]:
    return _with_counts(user, unit, counts.sessions_by_activity(period), _("buổi"))


def _turn_rows(user: User, unit: Unit, period: Period) -> list[Row]:
    return _with_counts(user, unit, _turns_by_activity(period), _("lượt"))


def _turns_by_activity(period: Period, *, only_rural: bool = False) -> Counter[int]:
    numbers = counts.turns_named_by_activity(period, only_rural=only_rural)
    for one in counting.fullest_sessions(counts.heads(period, only_rural=only_rural)):
        if period.first <= one.on < period.end:
            numbers[one.activity] += one.number
    return numbers


def _rural_turns(book: Book) -> Told:
    """Turns in activities for rural workers; not known of a commune where none was ever said to be for them."""
    units = counts.units_of_rural_activities(book.day)
    turns = _turns_by_activity(book.period, only_rural=True) if units else Counter[int]()
    found = book.by_commune((unit, "", turns[activity]) for activity, unit in units.items())
    return {one: {"": parts[""]} for one, parts in found.items()}


def _rural_rows(user: User, unit: Unit, period: Period) -> list[Row]:
    return _with_counts(user, unit, _turns_by_activity(period, only_rural=True), _("lượt"))


def _named_rows(user: User, unit: Unit, period: Period) -> list[Row]:
    return _with_counts(user, unit, counts.turns_named_by_activity(period), _("lượt"))


def _attendance_rows(user: User, unit: Unit, period: Period) -> list[Row]:
    return _with_counts(user, unit, counts.attendances_by(period, "session__activity_id"), _("lần có mặt"))


def _learner_rows(user: User, unit: Unit, period: Period) -> list[Row]:
    """The people, without their names, for those who may open their pages."""
    activities = access.activities_where(user, Permission.PERSON_READ).filter(accounts.within([unit]))
    found = counts.learners_first_seen(period, Q(session__activity__in=activities.order_by().values("pk")))
    words = _("Người học")
    return [Row(f"{words} #{person}", str(unit), on, reverse("people:detail", args=[person])) for person, on in found]


FIGURES: Mapping[str, Figure] = {
    "learning.classes": Figure(_classes, _class_rows),
    "learning.sessions": Figure(_sessions, _session_rows),
    "learning.turns": Figure(_turns, _turn_rows),
    "learning.turns_rural": Figure(_rural_turns, _rural_rows),
    "learning.turns_named": Figure(_turns_named, _named_rows),
    "learning.attendances": Figure(_attendances, _attendance_rows),
    "learning.learners": Figure(_learners, _learner_rows),
}
