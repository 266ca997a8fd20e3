"""Rounds: opened by the calendar or by hand for every unit that owes a report, closed, opened again, published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from hieuhoc.foundation.records import clock, trail
from hieuhoc.foundation.records.trail import Actor
from hieuhoc.kernel.errors import Conflict, Invalid, Missing
from hieuhoc.kernel.periods import Calendar, Period, Rhythm
from hieuhoc.registers.indicators import services as indicators
from hieuhoc.registers.places import selectors as places
from hieuhoc.reports import access, rules, selectors, states
from hieuhoc.reports.models import ReportKind, Round, Submission

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit


def open_round(
    *,
    by: User,
    kind: ReportKind,
    period: Period,
    dues: Mapping[str, date] | None = None,
    closes_on: date | None = None,
) -> Round:
    """Open a round for a period: a submission for every unit that owes one.

    `dues` are the days of sending by level; those not given are the kind's days after closing.

    Raises: Refused, Missing; Conflict when the period has its round already; Invalid with the field.
    """
    access.require_arranging_of(by, kind)
    return _open(by, kind, period, dues=dues or {}, closes_on=closes_on)


@transaction.atomic
def _open(
    by: Actor, kind: ReportKind, period: Period, *, dues: Mapping[str, date], closes_on: date | None = None
) -> Round:
    kind = ReportKind.objects.select_for_update(of=("self",)).select_related("root", "form").get(pk=kind.pk)
    version = kind.form.versions.filter(state="in_force").first()
    if version is None:
        raise Invalid("Biểu mẫu chưa có phiên bản đang dùng.", field="kind")
    if kind.calendar != period.calendar or (kind.calendar != Calendar.OWN and kind.rhythm != period.rhythm):
        raise Invalid("Kỳ này không thuộc lịch của loại báo cáo.", field="period")
    row = indicators.open_period(period)
    if kind.rounds.filter(period=row).exclude(state="cancelled").exists():
        raise Conflict("Kỳ này đã có một đợt báo cáo.")
    closes = closes_on or period.last
    if closes < period.first:
        raise Invalid("Ngày chốt số liệu không được trước ngày đầu kỳ.", field="closes_on")
    days = rules.dues_of(kind.sending, kind.levels, closes) | dict(dues)
    rules.check_dues(days, closes)
    one = Round.objects.create(
        kind=kind,
        period=row,
        version=version,
        opens_on=min(clock.today(), period.last - timedelta(days=kind.opens_before)),
        closes_on=closes,
        dues={level: day.isoformat() for level, day in days.items()},
    )
    owed = [
        Submission(round=one, unit=unit, level=level, due_on=days[level])
        for level, unit in _reporting(kind, period.last)
    ]
    if not owed:
        raise Invalid("Không có đơn vị nào phải báo cáo trong kỳ này.", field="kind")
    Submission.objects.bulk_create(owed, batch_size=500)
    trail.record(by=by, deed="reports.round.open", what=one, changes={"submissions": [0, len(owed)]})
    return one


def _reporting(kind: ReportKind, on: date) -> Iterator[tuple[str, Unit]]:
    """Who owes a report of a kind, as the tree stands on a day: the level as which, and the unit."""
    try:
        root = places.state_on(kind.root, on)
    except Missing:
        return
    for level in kind.levels:
        if level == "agency":
            yield from (("agency", unit) for unit in kind.agencies.all() if unit.holds_on(on))
        elif root.level == level:
            yield level, kind.root
        else:
            yield from ((level, row.unit) for row in places.units_on(on, level=level, under=root))


def open_rounds(*, on: date | None = None) -> int:
    """Open the rounds that the calendar asks for; how many. Asked again on the same day it opens none.

    A round that would be over for everybody when it opens (a regime that was just set up) is left to a person.
    """
    day = on or clock.today()
    opened = 0
    kinds = ReportKind.objects.on(day).filter(category="periodic").select_related("root")
    for kind in kinds.filter(form__versions__state="in_force"):
        calendar, rhythm = Calendar(kind.calendar), Rhythm(kind.rhythm)
        for period in rules.periods_to_open(calendar, rhythm, on=day, opens_before=kind.opens_before):
            is_ours = kind.valid_from <= period.last and any(_reporting(kind, period.last))
            last_due = max(rules.dues_of(kind.sending, kind.levels, period.last).values())
            if is_ours and day <= last_due and not kind.rounds.filter(period__key=period.key).exists():
                with suppress(Conflict):  # another house process was quicker
                    _open(trail.HOUSE, kind, period, dues={})
                    opened += 1
    return opened


@transaction.atomic
def close_round(*, by: User, round: Round) -> Round:
    """Take no more reports for a round. Raises: Refused, Missing, Conflict."""
    return _turn(by, round, "close")


@transaction.atomic
def reopen_round(*, by: User, round: Round, why: str) -> Round:
    """Take reports for a closed round again. Raises: Refused, Missing, Conflict; Invalid without a reason."""
    return _turn(by, round, "reopen", why)


@transaction.atomic
def cancel_round(*, by: User, round: Round, why: str) -> Round:
    """Ask for no report after all; the figures that came in stay in the register.

    Raises: Refused, Missing, Conflict; Invalid without a reason.
    """
    return _turn(by, round, "cancel", why)


def _turn(by: User, round: Round, deed: str, why: str = "") -> Round:
    found: Round = Round.objects.select_for_update(of=("self",)).select_related("kind__root").get(pk=round.pk)
    access.require_arranging_of(by, found.kind)
    trail.move(by=by, row=found, machine=states.ROUND, deed=deed, why=why)
    return found


@transaction.atomic
def publish_round(*, by: User, round: Round) -> int:
    """Publish the figures of a round in its whole scope; how many.

    Raises: Refused, Missing; Invalid when nothing is known, or a figure among them is not approved.
    """
    found = Round.objects.select_related("kind__root", "period", "version__form").get(pk=round.pk)
    access.require_publishing(by, found.kind)
    asked = selectors.asked_in(found)
    codes = {code for code in asked.layout.codes if asked.known[code].kind == rules.BASE}
    done = indicators.publish_totals(by=by, unit=found.kind.root, period=found.period.period, codes=codes)
    trail.record(by=by, deed="reports.round.publish", what=found, changes={"totals": [0, done]})
    return done
