"""What the page of attendance, the phones and the sheets show of a session: its learners, marks, heads, conflicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from hieuhoc.kernel.errors import Missing
from hieuhoc.programme.learning.models import Activity, Attendance, Enrolment, HeadCount, SentMark, Session
from hieuhoc.programme.learning.rules import attendance as rules
from hieuhoc.programme.learning.selectors import seeing
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.people.rules import AGE_BANDS, SEXES


@dataclass(frozen=True)
class Learner:
    """One line of the roll: who, and what stands about them at the session."""

    enrolment: int
    place: int
    name: str
    birth_year: int | None
    state: str
    mark: str = ""
    edition: int = 0
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class Group:
    """Heads of one sex and age band, of those without names."""

    sex: str
    age_band: str
    count: int = 0
    edition: int = 0


@dataclass(frozen=True)
class Clash:
    """A mark that waits for a decision: what was sent, by whom, and what stands."""

    sent: SentMark
    learner: Learner | None
    group: Group | None


@dataclass(frozen=True)
class Roll:
    """All that is known of a session's attendance."""

    session: Session
    learners: list[Learner]
    groups: list[Group]
    clashes: list[Clash] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many of each mark, how many without one, and heads without names."""
        marks = [one.mark for one in self.learners]
        counted = {mark: marks.count(mark) for mark in rules.MARKS}
        return counted | {"none": marks.count(""), "heads": sum(group.count for group in self.groups)}


def session_to_mark(user: User, pk: int) -> Session:
    """A session whose attendance `user` may take. Raises: Missing; Refused where the activity is only seen."""
    found = _sessions().filter(pk=pk).first()
    if found is None:
        raise Missing("Không tìm thấy buổi học này.")
    seeing.require_with(user, Permission.ATTENDANCE_TAKE, found.activity)
    return found


def activity_to_mark(user: User, code: str) -> Activity:
    """An activity whose attendance `user` may take. Raises: Missing; Refused where it is only seen."""
    found = Activity.objects.select_related("provider__unit", "unit").filter(code=code).first()
    if found is None:
        raise Missing("Không tìm thấy lớp, chuyên đề này.")
    seeing.require_with(user, Permission.ATTENDANCE_TAKE, found)
    return found


def _sessions() -> QuerySet[Session]:
    return Session.objects.select_related("activity__provider__unit", "activity__unit", "room")


def sessions_to_mark(user: User, *, on: date, days: int = 7) -> QuerySet[Session]:
    """The sessions of the days around one whose attendance `user` takes, with how many are enrolled and marked."""
    near = Q(on__gte=on - timedelta(days=days), on__lte=on + timedelta(days=days))
    activities = seeing.activities_where(user, Permission.ATTENDANCE_TAKE).exclude(state__in=("draft", "cancelled"))
    found = _sessions().filter(near, activity__in=activities).exclude(state="cancelled")
    # Each counted by itself: joined to one another, every mark would be counted with every enrolment.
    marked = Attendance.objects.filter(session=OuterRef("pk"), mark__in=rules.ATTENDED)
    enrolled = Enrolment.objects.filter(activity=OuterRef("activity")).exclude(state="cancelled")
    counted = found.annotate(marked=_count(marked, "session"), enrolled=_count(enrolled, "activity"))
    return counted.order_by("on", "starts_at", "pk")


def _count(rows: QuerySet[Any], by: str) -> Coalesce:
    number = rows.order_by().values(by).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number), 0)


def sessions_of(activity: Activity) -> list[Session]:
    """The sessions of an activity that are not cancelled, in order."""
    return list(activity.sessions.exclude(state="cancelled").order_by("starts_at", "pk"))


def roll(session: Session) -> Roll:
    """The roll of a session, by given names. In four queries, however many learn."""
    marks = {row.enrolment_id: row for row in Attendance.objects.filter(session=session).select_related("marked_by")}
    learners = [_learner(one, marks.get(one.pk)) for one in _enrolments(session.activity_id) if _is_shown(one, marks)]
    heads = {(row.sex, row.age_band): row for row in HeadCount.objects.filter(session=session)}
    groups = _groups(heads)
    return Roll(session, learners, groups, _clashes(session, learners, groups))


def rolls(activity: Activity, sessions: Sequence[Session]) -> tuple[list[Enrolment], dict[tuple[int, int], Attendance]]:
    """The learners of an activity, and their marks by session and enrolment."""
    marks = Attendance.objects.filter(session__in=sessions)
    found = {(row.session_id, row.enrolment_id): row for row in marks}
    shown = {row.enrolment_id: row for row in found.values()}
    return [one for one in _enrolments(activity.pk) if _is_shown(one, shown)], found


def _enrolments(activity: int) -> list[Enrolment]:
    rows = Enrolment.objects.filter(activity=activity).select_related("person__same_as")
    return sorted(rows, key=lambda one: (one.learner.sort_key, one.learner.birth_year or 0, one.place))


def _is_shown(one: Enrolment, marks: dict[int, Attendance]) -> bool:
    return one.state != "cancelled" or one.pk in marks


def _learner(one: Enrolment, row: Attendance | None) -> Learner:
    person = one.learner
    told = Learner(one.pk, one.place, person.name, person.birth_year, one.state)
    if row is None:
        return told
    by = row.marked_by.full_name if row.marked_by else ""
    return Learner(
        one.pk, one.place, person.name, person.birth_year, one.state, row.mark, row.edition, by, row.marked_at
    )


def _groups(heads: dict[tuple[str, str], HeadCount]) -> list[Group]:
    """Every group that can be counted, and what was counted; the group not told apart comes first."""
    keys = [("", ""), *((sex, band) for band in AGE_BANDS for sex in SEXES)]
    keys += [key for key in sorted(heads) if key not in keys]
    return [
        Group(sex, band, heads[sex, band].count, heads[sex, band].edition) if (sex, band) in heads else Group(sex, band)
        for sex, band in keys
    ]


def _clashes(session: Session, learners: list[Learner], groups: list[Group]) -> list[Clash]:
    by_pk = {one.enrolment: one for one in learners}
    by_key = {(one.sex, one.age_band): one for one in groups}
    waiting = SentMark.objects.filter(session=session, outcome="conflict", settled_at=None).select_related("by")
    return [
        Clash(
            row,
            by_pk.get(row.answer.get("enrolment", 0)),
            by_key.get((row.content["sex"], row.content["age_band"])) if row.content["kind"] == "heads" else None,
        )
        for row in waiting.order_by("received_at", "pk")
    ]
