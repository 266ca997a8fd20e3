"""Grades of bodies: who has been graded for a year and how it goes, one assessment, the sets of criteria."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.learning.models import Assessment, GradingSet, Provider
from hieuhoc.programme.learning.rules import grading
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

CENTRE, NONE_YET = "clc", "none"
YEARS_OF_TREND = 5


@dataclass(frozen=True)
class Standing:
    """How many bodies there are, how their assessments stand, and how many have which grade, the highest first."""

    bodies: int
    states: Mapping[str, int]
    grades: Sequence[tuple[str, int]]

    @property
    def graded(self) -> int:
        """The bodies that have a grade."""
        return sum(number for _name, number in self.grades)

    @property
    def not_begun(self) -> int:
        """The bodies that have not begun."""
        return self.bodies - sum(self.states.values())


@dataclass(frozen=True)
class Row:
    """A body's line of the list: its assessment of the year, and the grade that comes to, if any."""

    body: Provider
    assessment: Assessment | None
    grade: str
    before: Assessment | None
    grade_before: str

    @property
    def total(self) -> int | float | None:
        """The points that the level above gave."""
        return (
            None if self.assessment is None or self.assessment.total is None else grading.plain(self.assessment.total)
        )

    @property
    def change(self) -> int | float | None:
        """Points more or fewer than the year before; None unless both were graded by the same set."""
        now, before = self.assessment, self.before
        if now is None or before is None or now.total is None or before.total is None:
            return None
        return grading.plain(now.total - before.total) if now.grading_id == before.grading_id else None

    @property
    def moved(self) -> int | float | None:
        """How far, whichever way."""
        return None if self.change is None else abs(self.change)


def body_seen(user: User, key: str) -> Provider:
    """One body, of any kind, whose grading the user reads. Raises: Missing when there is none, or not for the user."""
    bodies = Provider.objects.filter(key=key).select_related("unit__parent")
    found: Provider | None = access.visible(user, bodies, Permission.LEARNING_READ).first()
    if found is None:
        raise Missing("Không tìm thấy cơ sở này trong phạm vi của bạn.")
    return found


def find_bodies(
    user: User,
    *,
    year: int,
    kind: str = CENTRE,
    text: str = "",
    state: str = "",
    grade: str = "",
    unit: Unit | None = None,
    sort: str = "",
) -> QuerySet[Provider]:
    """The bodies of a kind that stood in a year, by words, unit, grade and how their assessment stands.

    `state` is that of the assessment, or `none` where it was not begun.
    """
    rows = Provider.objects.filter(kind=kind, valid_from__lte=date(year, 12, 31)).exclude(
        valid_to__lte=date(year, 1, 1)
    )
    found: QuerySet[Provider] = access.visible(user, rows, Permission.LEARNING_READ).select_related("unit__parent")
    if unit is not None:
        found = found.filter(access.within([unit]))
    for word in fold(text).split()[:8]:
        found = found.filter(Q(folded__contains=word) | Q(unit__searched__contains=word))
    told = Assessment.objects.filter(provider=OuterRef("pk"), year=year)
    if state == NONE_YET:
        found = found.filter(~Exists(told))
    elif state:
        found = found.filter(Exists(told.filter(state=state)))
    if grade:
        found = found.filter(Exists(told.filter(grade=grade)))
    return _sorted(found, told, sort)


def _sorted(found: QuerySet[Provider], told: QuerySet[Assessment], sort: str) -> QuerySet[Provider]:
    """By place unless asked otherwise; by points those without any come last."""
    column = sort.removeprefix("-")
    if column == "total":
        points = F("points").desc(nulls_last=True) if sort.startswith("-") else F("points").asc(nulls_last=True)
        return found.annotate(points=Subquery(told.values("total")[:1])).order_by(points, "sort_key", "pk")
    first = "sort_key" if column == "name" else "unit__sort_key"
    return found.order_by(f"-{first}" if sort.startswith("-") else first, "sort_key", "pk")


def standing_of(bodies: QuerySet[Provider], *, year: int) -> Standing:
    """How the assessments of some bodies stand in a year, and how many have which grade; two queries."""
    told = Assessment.objects.filter(provider__in=bodies.order_by().values("pk"), year=year).order_by()
    counted = list(told.values_list("state", "grading", "grade").annotate(number=Count("pk")))
    sets = GradingSet.objects.in_bulk({pk for _state, pk, grade, _number in counted if grade})
    states: Counter[str] = Counter()
    grades: Counter[tuple[int, str]] = Counter()
    for state, pk, grade, number in counted:
        states[state] += number
        if grade:
            place, name = grading.placed(sets[pk].content, grade)
            grades[place, name] += number
    return Standing(bodies.count(), states, [(name, number) for (_place, name), number in sorted(grades.items())])


def rows_of(bodies: Collection[Provider], *, year: int) -> list[Row]:
    """The lines of the list; one query."""
    told = Assessment.objects.filter(provider__in=bodies, year__in=(year - 1, year)).select_related("grading")
    by_year = {(one.provider_id, one.year): one for one in told}
    rows = []
    for body in bodies:
        now, before = by_year.get((body.pk, year)), by_year.get((body.pk, year - 1))
        rows.append(Row(body, now, grade_name(now), before, grade_name(before)))
    return rows


def grade_name(assessment: Assessment | None) -> str:
    """What the grade of an assessment is called in its set; empty while it has none."""
    if assessment is None or not assessment.grade:
        return ""
    return grading.placed(assessment.grading.content, assessment.grade)[1]


def assessment_of(body: Provider, year: int) -> Assessment | None:
    """The assessment of a body's year; whoever asks sees the body."""
    found = Assessment.objects.filter(provider=body, year=year)
    return found.select_related("provider__unit", "grading", "submitted_by").first()


def trend_of(body: Provider, year: int) -> list[tuple[int, int | float, str]]:
    """Year, total and grade of the years up to one that were graded, the latest first."""
    told = Assessment.objects.filter(provider=body, year__lte=year, state="verified").select_related("grading")
    return [
        (one.year, grading.plain(one.total or Decimal(0)), grade_name(one))
        for one in told.order_by("-year")[:YEARS_OF_TREND]
    ]


def waiting_for(user: User) -> QuerySet[Assessment]:
    """The assessments that wait for the user to verify them, the longest waiting first."""
    own = [unit.pk for unit in access.scopes(user, Permission.GRADE_VERIFY) if unit.level != "province"]
    rows = Assessment.objects.filter(state="submitted").exclude(submitted_by=user.pk).exclude(provider__unit__in=own)
    rows = rows.select_related("provider__unit")
    seen: QuerySet[Assessment] = access.visible(user, rows, Permission.GRADE_VERIFY, unit="provider__unit")
    return seen.order_by("submitted_at", "pk")


def returned_to(user: User) -> QuerySet[Assessment]:
    """The assessments that were returned to bodies that are the user's own to assess."""
    scopes, way = access.scopes(user, Permission.GRADE_ASSESS), "provider__unit"
    wide = [unit for unit in scopes if grading.assesses(scope=unit.level, body="")]
    own = access.within(wide, unit=way) | Q(provider__unit__in=[unit.pk for unit in scopes])
    rows = Assessment.objects.filter(own, state="returned").select_related("provider__unit")
    return rows.order_by("-year", "pk")


def sets() -> list[Any]:
    """Every set of criteria, each with how many were assessed by it (`used`)."""
    return list(GradingSet.objects.annotate(used=Count("assessments")).order_by("-valid_from", "code", "-number"))


def set_by_number(code: str, number: int) -> GradingSet:
    """One set. Raises: Missing."""
    found: GradingSet | None = GradingSet.objects.filter(code=code, number=number).first()
    if found is None:
        raise Missing("Không tìm thấy bộ tiêu chí này.")
    return found


def set_for(kind: str, year: int) -> GradingSet | None:
    """The set by which a kind of body is graded for a year: in force at its end, else the newest draft."""
    sets = GradingSet.objects.filter(provider_kind=kind)
    end = date(year, 12, 31)
    held = sets.on(end).filter(state__in=("in_force", "retired")).order_by("-valid_from").first()
    found: GradingSet | None = held or sets.filter(state="draft").order_by("-valid_from", "-number", "-pk").first()
    return found
