"""Rounds of reports: which a user sees, and how far each has come."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from hieuhoc.kernel.errors import Missing
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.reports import rules
from hieuhoc.reports.models import Round, Submission
from hieuhoc.reports.selectors.forms import named
from hieuhoc.reports.selectors.submissions import submissions_seen

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User

_LEVELS = ("province", "district", "commune", "agency")


def rounds_seen(user: User, *, words: str = "", state: str = "", kind: str = "") -> QuerySet[Round]:
    """The rounds that `user` arranges, or in which a unit that the user may see has to report; newest first."""
    owing = access.visible(user, Submission.objects.all(), Permission.REPORT_READ).values("round")
    arranged = access.within(access.scopes(user, Permission.REPORT_ARRANGE), unit="kind__root")
    rows = Round.objects.filter(arranged | Q(pk__in=owing))
    rows = rows.filter(named(Round.objects.all(), words, "kind__name", "period__key"))
    if state:
        rows = rows.filter(state=state)
    if kind:
        rows = rows.filter(kind__code=kind)
    return rows.select_related("kind__root", "kind__recipient", "period", "version__form").order_by("-closes_on", "-pk")


def round_by_key(user: User, key: int) -> Round:
    """One round. Raises: Missing."""
    found = rounds_seen(user).filter(pk=key).first()
    if found is None:
        raise Missing("Không tìm thấy đợt báo cáo này trong phạm vi của bạn.")
    return found


def tallies(user: User, rounds: Collection[Round], *, on: date) -> dict[int, dict[str, int]]:
    """How many submissions of each round stand in which way, as far as the user may see them."""
    counts: dict[int, dict[str, int]] = {one.pk: {} for one in rounds}
    for round_pk, _level, standing in _standings(user, rounds, on):
        counts[round_pk][standing] = counts[round_pk].get(standing, 0) + 1
    return counts


def progress(user: User, round: Round, *, on: date) -> dict[str, dict[str, int]]:
    """The same for one round, level by level from the top."""
    counts: dict[str, dict[str, int]] = {}
    for _round, level, standing in _standings(user, [round], on):
        of_level = counts.setdefault(level, {})
        of_level[standing] = of_level.get(standing, 0) + 1
    return {level: counts[level] for level in _LEVELS if level in counts}


def _standings(user: User, rounds: Collection[Round], on: date) -> list[tuple[int, str, str]]:
    rows = submissions_seen(user).filter(round__in=[one.pk for one in rounds]).select_related(None)
    told = rows.only("round_id", "level", "state", "due_on", "extended_to").order_by()
    return [(one.round_id, one.level, rules.standing(one, on=on)) for one in told]
