"""Grades of centres: who has been graded for a year and how it goes, one assessment, the sets of criteria."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.learning.models import Assessment, GradingSet, Provider
from hieuhoc.programme.learning.rules import grading
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission

if TYPE_CHECKING:
    from decimal import Decimal

    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

NONE_YET = "none"
YEARS_OF_TREND = 5


@dataclass(frozen=True)
class Row:
    """A centre's line of the list: its assessment of the year, and the grade that comes to, if any."""

    centre: Provider
    assessment: Assessment | None
    grade: str
    before: Assessment | None
    grade_before: str

    @property
    def change(self) -> Decimal | None:
        """Points more or fewer than the year before; None unless both were graded by the same set."""
        now, before = self.assessment, self.before
        if now is None or before is None or now.total is None or before.total is None:
            return None
        return now.total - before.total if now.grading_id == before.grading_id else None


def find_centres(
    user: User, *, year: int, text: str = "", state: str = "", unit: Unit | None = None
) -> QuerySet[Provider]:
    """The centres that stood in a year, by words, unit and how their assessment stands (`none`: not begun)."""
    rows = Provider.objects.filter(kind="clc", valid_from__lte=date(year, 12, 31)).exclude(
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
    return found.order_by("unit__sort_key", "sort_key", "pk")


def rows_of(centres: Collection[Provider], *, year: int) -> list[Row]:
    """The lines of the list; one query."""
    told = Assessment.objects.filter(provider__in=centres, year__in=(year - 1, year)).select_related("grading")
    by_year = {(one.provider_id, one.year): one for one in told}
    rows = []
    for centre in centres:
        now, before = by_year.get((centre.pk, year)), by_year.get((centre.pk, year - 1))
        rows.append(Row(centre, now, grade_name(now), before, grade_name(before)))
    return rows


def grade_name(assessment: Assessment | None) -> str:
    """What the grade of an assessment is called in its set; empty while it has none."""
    if assessment is None or not assessment.grade:
        return ""
    return grading.read(assessment.grading.content).grade_name(assessment.grade)


def assessment_of(centre: Provider, year: int) -> Assessment | None:
    """The assessment of a centre's year; whoever asks sees the centre."""
    found = Assessment.objects.filter(provider=centre, year=year)
    return found.select_related("provider__unit", "grading", "submitted_by").first()


def trend_of(centre: Provider, year: int) -> list[tuple[int, Any, str]]:
    """Year, total and grade of the years up to one that were graded, the latest first."""
    told = Assessment.objects.filter(provider=centre, year__lte=year, state="verified").select_related("grading")
    return [(one.year, one.total, grade_name(one)) for one in told.order_by("-year")[:YEARS_OF_TREND]]


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
