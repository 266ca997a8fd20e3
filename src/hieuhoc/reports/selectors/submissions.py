"""Which submissions a user sees, owes and reviews; how they stand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from hieuhoc.kernel.errors import Conflict, Missing
from hieuhoc.kernel.vietnamese import fold, write_date
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.places import selectors as places
from hieuhoc.reports import rules, states
from hieuhoc.reports.models import Round, Submission

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User

Row = tuple[Submission, str]
"""A submission, and how it stands on the day that was asked for."""
_URGENCY = {
    name: place
    for place, name in enumerate(("overdue", "returned", "due", "not_yet_due", "submitted", "approved", "left_out"))
}
_WITH = (
    "unit__parent",
    "round__kind__recipient",
    "round__kind__root",
    "round__period",
    "round__version__form",
    "submitted_by",
    "returned_by",
    "approved_by",
)
_SORTS: dict[str, Callable[[Row], Any]] = {
    "": lambda row: (_URGENCY[row[1]], row[0].deadline, row[0].pk),
    "due": lambda row: (row[0].deadline, row[0].pk),
    "-due": lambda row: (-row[0].deadline.toordinal(), row[0].pk),
    "unit": lambda row: (row[0].unit.sort_key, row[0].deadline, row[0].pk),
    "-unit": lambda row: (row[0].unit.sort_key, row[0].deadline, row[0].pk),
    "kind": lambda row: (row[0].round.kind.name, row[0].deadline, row[0].pk),
}


def submissions_seen(user: User) -> QuerySet[Submission]:
    """The submissions of the units where `user` may read reports."""
    rows = Submission.objects.exclude(round__state="cancelled").select_related(*_WITH)
    return access.visible(user, rows, Permission.REPORT_READ)


def submission_by_key(user: User, key: int) -> Submission:
    """One submission. Raises: Missing when there is none, or none for this user."""
    found = submissions_seen(user).filter(pk=key).first()
    if found is None:
        raise Missing("Không tìm thấy báo cáo này trong phạm vi của bạn.")
    return found


def _named(rows: QuerySet[Submission], words: str) -> QuerySet[Submission]:
    """Those whose unit, or whose kind and period, hold every word, marks and capitals left out."""
    told = list(Round.objects.order_by().values_list("pk", "kind__name", "kind__code", "period__key")) if words else []
    rounds = [(number, fold(" ".join(texts))) for number, *texts in told]
    for word in fold(words).split():
        held = [number for number, text in rounds if word in text]
        rows = rows.filter(Q(unit__searched__contains=word) | Q(round__in=held))
    return rows


def own_submissions(user: User) -> QuerySet[Submission]:
    """The submissions of the very units for which `user` fills reports in, not of those beneath.

    What a unit that went into one of them still owes for a period of the old map is theirs to hand in too.
    """
    units = {grant.unit_id for grant in access.grants(user) if grant.role_named.may(Permission.REPORT_FILL)}
    left = Q(unit__in=places.predecessors_of(units) - units, state__in=states.OWED)
    rows = Submission.objects.filter(Q(unit__in=units) | left).exclude(round__state="cancelled")
    return rows.select_related(*_WITH)


def owed(user: User, *, on: date, q: str = "", standing: str = "", sort: str = "") -> list[Row]:
    """What the user's units owe and have handed in, the most urgent first; what is late never goes away."""
    return _listed(_named(own_submissions(user), q), on=on, standing=standing, sort=sort)


def _listed(rows: QuerySet[Submission], *, on: date, standing: str = "", sort: str = "") -> list[Row]:
    told = [(one, rules.standing(one, on=on)) for one in rows]
    kept = [row for row in told if not standing or row[1] == standing]
    ordered = sorted(kept, key=_SORTS.get(sort, _SORTS[""]))
    return ordered[::-1] if sort == "-unit" else ordered


def owed_counts(user: User, *, on: date) -> dict[str, int]:
    """How many of the user's own reports stand in which way."""
    return dict(Counter(standing for _one, standing in owed(user, on=on)))


def next_owed(user: User, *, after: Submission, on: date) -> Submission | None:
    """The most urgent report that the user's units owe beside this one."""
    waiting = (row[0] for row in owed(user, on=on) if row[0].state in states.OWED and row[0].pk != after.pk)
    return next((one for one in waiting if one.round.state == "open"), None)


def to_review(user: User, *, words: str = "") -> QuerySet[Submission]:
    """The reports that wait for the user's word, those sent longest ago first."""
    scopes = access.scopes(user, Permission.REPORT_REVIEW)
    at_the_top = Q(unit__parent__isnull=True) & access.within(scopes)
    beneath = Q(unit__parent__isnull=False) & access.within(scopes, unit="unit__parent")
    rows = Submission.objects.filter(beneath | at_the_top, state="submitted").exclude(submitted_by=user)
    rows = rows.exclude(round__state="cancelled").select_related(*_WITH)
    return _named(rows, words).order_by("submitted_at", "pk")


def submissions_in(
    user: User, round: Round, *, on: date, q: str = "", level: str = "", standing: str = "", sort: str = ""
) -> list[Row]:
    """The submissions of a round that the user may see; in the order of their units unless sorted otherwise."""
    rows = _named(submissions_seen(user).filter(round=round), q)
    if level:
        rows = rows.filter(level=level)
    return _listed(rows, on=on, standing=standing, sort=sort or "unit")


def beside(user: User, submission: Submission) -> list[Submission]:
    """The reports of the same unit and kind in other periods, the latest first."""
    rows = submissions_seen(user).filter(round__kind=submission.round.kind_id, unit=submission.unit_id)
    return list(rows.exclude(pk=submission.pk).order_by("-round__period__end")[:6])


def previous_submission(submission: Submission) -> Submission | None:
    """The report of the same unit and kind in the period before."""
    before = submission.round.period.first
    rows = Submission.objects.filter(
        round__kind=submission.round.kind_id, unit=submission.unit_id, round__period__end__lte=before
    )
    return rows.exclude(round__state="cancelled").order_by("-round__period__end").first()


def why_final(submission: Submission) -> Conflict | None:
    """Why a report cannot be taken back or returned, though its round is open: nobody could hand it in once more."""
    unit = submission.unit
    if rules.stands_to_the_end(unit, submission.round.period.period):
        return None
    values = {"unit": unit.name, "day": write_date(unit.valid_to) if unit.valid_to else ""}
    heir = places.main_heir(unit)
    if heir is None or heir.level != unit.level:
        return Conflict(
            "“{unit}” đã kết thúc ngày {day}, trước cuối kỳ, nên không rút hay trả lại báo cáo này được nữa.", **values
        )
    return Conflict(
        "“{unit}” đã kết thúc ngày {day}, trước cuối kỳ, nên không rút hay trả lại báo cáo này được nữa. "
        "Số liệu của kỳ do “{heir}” báo cáo; cần sửa thì sửa trong báo cáo của đơn vị ấy.",
        heir=heir.name,
        **values,
    )


def count_waiting(user: User, *, on: date) -> int:
    """How many reports call for the user: own ones that are late or were returned, and those to review."""
    own = own_submissions(user).filter(state__in=states.OWED, round__state="open").select_related(None)
    urgent = own.filter(Q(state="returned") | Q(extended_to__lt=on) | Q(extended_to__isnull=True, due_on__lt=on))
    count: int = urgent.order_by().count()
    if access.has(user, Permission.REPORT_REVIEW):
        count += to_review(user).select_related(None).order_by().count()
    return count
