"""Writing to those who owe reports: by whoever reviews them, and by the house itself on its days.

A report is spoken of at most once a day, and nobody gets more than one letter for all of one occasion.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse

from hieuhoc.foundation.outbox import services as outbox
from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Conflict, Refused
from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.registers.accounts.access import people_near
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.reports import access, rules, states
from hieuhoc.reports.models import Round, Submission

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User

_CLOSING = "Thư này do phần mềm Hiếu Học gửi tự động; vui lòng không trả lời thư."
_LISTED = 20  # so many reports are named in a letter; of more, the desk tells


@transaction.atomic
def remind_late(*, by: User, round: Round, submissions: Iterable[Submission] | None = None, words: str = "") -> int:
    """Remind the units that were chosen, or all that are late in a round; how many.

    Those of which the user is not the reviewer, those that owe nothing, and those reminded today are passed over.

    Raises: Refused, Missing when the user reviews none of them; Conflict when the round is not open.
    """
    if round.state != "open":
        raise Conflict("Đợt báo cáo này đã khép hoặc đã hủy.")
    today = clock.today()
    wanted = Submission.objects.filter(round=round, state__in=states.OWED)
    wanted = _late(wanted, today) if submissions is None else wanted.filter(pk__in=[one.pk for one in submissions])
    found = _fresh(wanted, today)
    mine = [one for one in found if access.may_review(by, one)]
    if found and not mine:
        if submissions is None and access.reviews_somewhere(by):
            return 0
        access.require_deed(by, found[0], "extend")
        raise Refused("Vai trò của bạn không bao gồm thao tác này.")
    opening = f"{by.actor_name} nhắc nộp báo cáo."
    if words.strip():
        opening += f"\nLời nhắc: {words.strip()}"
    _write_to(mine, opening, today, occasion=f"{by.actor_key}:{round.pk}")
    trail.record_many(by=by, deeds=[trail.Deed("reports.submission.remind", one, words.strip()) for one in mine])
    return len(mine)


@transaction.atomic
def remind_owed(*, on: date | None = None) -> int:
    """Write, in the name of the house, of every report whose day of reminding it is; how many. For the tick."""
    today = on or clock.today()
    wanted = Submission.objects.filter(round__state="open", state__in=states.OWED, round__opens_on__lte=today)
    numbers = [one.pk for one in wanted.only("pk", "due_on", "extended_to") if _is_day(one, today)]
    if not numbers:
        return 0
    found = _fresh(Submission.objects.filter(pk__in=numbers, state__in=states.OWED), today)
    _write_to(found, "Nhắc nộp báo cáo.", today, occasion="house")
    trail.record_many(by=trail.HOUSE, deeds=[trail.Deed("reports.submission.remind", one) for one in found])
    return len(found)


def _is_day(one: Submission, today: date) -> bool:
    return rules.is_reminded_on(one.deadline, on=today)


def _late(rows: QuerySet[Submission], today: date) -> QuerySet[Submission]:
    return rows.filter(Q(extended_to__lt=today) | Q(extended_to__isnull=True, due_on__lt=today))


def _fresh(rows: QuerySet[Submission], today: date) -> list[Submission]:
    """Those of which nobody has written today, marked as reminded: of two who remind at once one does."""
    unreminded = rows.filter(Q(reminded_on__isnull=True) | Q(reminded_on__lt=today)).order_by("pk")
    numbers = list(unreminded.select_for_update(of=("self",)).values_list("pk", flat=True))
    found = Submission.objects.filter(pk__in=numbers).filter(Q(reminded_on__isnull=True) | Q(reminded_on__lt=today))
    with_all = found.select_related("unit__parent", "round__kind__recipient", "round__period")
    return list(with_all.order_by(F("extended_to").asc(nulls_last=True), "due_on", "pk"))


def _write_to(found: Sequence[Submission], opening: str, today: date, *, occasion: str) -> None:
    """One letter to everybody who fills reports in for these units, with all of theirs in it."""
    Submission.objects.filter(pk__in=[one.pk for one in found]).update(reminded_on=today)
    people = people_near(Permission.REPORT_FILL, units=list({one.unit_id: one.unit for one in found}.values()))
    theirs: dict[User, list[Submission]] = defaultdict(list)
    for one in found:
        for person in people.get(one.unit_id, []):
            theirs[person].append(one)
    outbox.post_many(
        outbox.Letter(
            to=person.email,
            subject=_subject(rows),
            body=_letter(opening, rows, today),
            key=f"reports:{occasion}:{today.isoformat()}:{person.pk}:{rows[0].pk}"[:200],
        )
        for person, rows in theirs.items()
    )


def _subject(rows: Sequence[Submission]) -> str:
    if len(rows) == 1:
        return f"Nhắc nộp: {rows[0].round.kind.name}"[:200]
    return f"Nhắc nộp {len(rows)} báo cáo"


def _letter(opening: str, rows: Sequence[Submission], today: date) -> str:
    told = [f"- {_line(one, today)}\n  {settings.PUBLIC_ADDRESS}{one.get_absolute_url()}" for one in rows[:_LISTED]]
    if len(rows) > _LISTED:
        told.append(f"… và {len(rows) - _LISTED} báo cáo khác: {settings.PUBLIC_ADDRESS}{reverse('reports:desk')}")
    listed = "\n".join(told)
    return f"{opening}\n\n{listed}\n\n{_CLOSING}\n"


def _line(one: Submission, today: date) -> str:
    late = (today - one.deadline).days
    standing = f"trễ {late} ngày" if late > 0 else "hạn hôm nay" if late == 0 else f"còn {-late} ngày"
    returned = f"; bị trả lại: {one.returned_why[:200]}" if one.state == "returned" and one.returned_why else ""
    return (
        f"{one.unit.name}: {one.round.kind.name}, {one.round.period.period}, hạn {write_date(one.deadline)} "
        f"({standing}){returned}"
    )
