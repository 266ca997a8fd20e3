"""Indicators are defined, revised, put in force and ended; once in force a definition is followed, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.indicators import rules, selectors, states
from hieuhoc.registers.indicators.models import Breakdown, Definition, Family, Indicator
from hieuhoc.registers.indicators.services.totals import recompute

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User


@transaction.atomic
def define_indicator(*, by: User, family: Family, told: rules.Definition) -> Definition:
    """Enter an indicator that is new, as a draft.

    Raises: Refused; Invalid when the code is taken, or the definition does not fit the others.
    """
    access.require_somewhere(by, Permission.INDICATOR_EDIT)
    if Indicator.objects.filter(code=told.code).exists():
        raise Invalid("Đã có chỉ số mang mã {code}.", field="code", code=told.code)
    check_fits(told)
    indicator = Indicator.objects.create(code=told.code, family=family)
    return _drafted(by=by, indicator=indicator, told=told)


@transaction.atomic
def revise_indicator(*, by: User, indicator: Indicator, told: rules.Definition) -> Definition:
    """Write the draft of an indicator: the one there is, or the one that is to follow the definition in force.

    Raises: Refused; Invalid when the definition does not fit the others, or begins before the one that it follows.
    """
    access.require_somewhere(by, Permission.INDICATOR_EDIT)
    told = replace(told, code=indicator.code)
    Indicator.objects.select_for_update().get(pk=indicator.pk)
    _before(indicator, told.valid_from)
    check_fits(told)
    draft: Definition | None = Definition.objects.filter(indicator=indicator, state=selectors.DRAFT).first()
    if draft is None:
        return _drafted(by=by, indicator=indicator, told=told)
    columns = selectors.columns_of(told)
    changes = {
        name: [_plain(getattr(draft, name)), _plain(value)]
        for name, value in columns.items()
        if getattr(draft, name) != value and name != "folded"
    }
    if not changes:
        return draft
    for name, value in (columns | {"is_shipped": False}).items():
        setattr(draft, name, value)
    draft.full_clean(exclude=["folded"])
    draft.save()
    trail.record(by=by, deed="indicators.definition.revise", what=draft, changes=changes)
    return draft


@transaction.atomic
def put_in_force(*, by: User, definition: Definition) -> Definition:
    """Let a draft hold from its day on; the definition before it ends on that day.

    Raises: Refused; Conflict when it is no draft any more; Invalid when it leans on what is not in force, begins
        before the one it follows, or an indicator in force that leans on it would no longer fit.
    """
    access.require_somewhere(by, Permission.INDICATOR_EDIT)
    told = selectors.meaning_of(definition)
    known = selectors.meanings_on(told.valid_from)
    rules.check_among(told, known=known, breakdowns=selectors.breakdowns())
    _check_those_above(told, known)
    before = _before(definition.indicator, told.valid_from)
    if before is not None:
        _end(by=by, row=before, on=told.valid_from, why=f"Phiên bản {definition.version} thay từ ngày này.")
    trail.move(by=by, row=definition, machine=states.DEFINITION, deed="put_in_force")
    if told.kind == "base":
        recompute(by=by, indicators=[definition.indicator_id])
    return definition


@transaction.atomic
def end_definition(*, by: User, definition: Definition, on: date, why: str) -> Definition:
    """Let an indicator be no more from a day on, without another definition after it.

    Raises: Refused; Conflict when it is not in force; Invalid without a reason, for a day that is not after its
        first, or while another indicator leans on it.
    """
    access.require_somewhere(by, Permission.INDICATOR_EDIT)
    code = definition.indicator.code
    above = [row for row in selectors.leaning_on(code, on) if row.state == selectors.IN_FORCE and row.holds_on(on)]
    if above:
        listed = ", ".join(row.indicator.code for row in above)
        raise Invalid("Các chỉ số đang dùng chỉ số này: {listed}. Hãy sửa hoặc kết thúc chúng trước.", listed=listed)
    Definition.objects.filter(pk=definition.pk).update(is_shipped=False)
    definition.is_shipped = False
    _end(by=by, row=definition, on=on, why=why)
    if definition.kind == "base":
        recompute(by=by, indicators=[definition.indicator_id])
    return definition


@transaction.atomic
def edit_breakdown(*, by: User, breakdown: Breakdown, values: Sequence[rules.BreakdownValue], note: str) -> Breakdown:
    """Name or add parts of a breakdown; a part that is there stays, for figures may lie under it.

    Raises: Refused; Invalid when a part is left out, or added to a breakdown whose parts are settled.
    """
    access.require_somewhere(by, Permission.INDICATOR_EDIT)
    known = selectors.breakdown_meaning(breakdown)
    kept = {value.code for value in values}
    lost = [value.name for value in known.values if value.code not in kept]
    if lost:
        raise Invalid("Không bỏ được giá trị đã có: {lost}.", field="values", lost=", ".join(lost))
    if not known.is_open and len(kept) > len(known.values):
        raise Invalid("Phân tổ này đã đủ giá trị theo nguồn, chỉ sửa được tên.", field="values")
    checked = rules.Breakdown(known.code, known.name, tuple(values), is_open=known.is_open)
    before = [*breakdown.values]
    breakdown.values = [{"code": one.code, "name": one.name, "name_en": one.name_en} for one in checked.values]
    breakdown.note, breakdown.is_shipped = note, False
    breakdown.save(update_fields=["values", "note", "is_shipped"])
    changes = {"values": [before, breakdown.values]}
    trail.record(by=by, deed="indicators.breakdown.edit", what=breakdown, changes=changes)
    return breakdown


def check_fits(told: rules.Definition) -> None:
    """That a definition fits the others, drafts included. Raises: Invalid, FormulaError."""
    known = selectors.meanings_planned(told.valid_from)
    rules.check_among(told, known=known, breakdowns=selectors.breakdowns())


def _drafted(*, by: User, indicator: Indicator, told: rules.Definition) -> Definition:
    last = Definition.objects.filter(indicator=indicator).order_by("-version").first()
    columns: dict[str, Any] = selectors.columns_of(told)
    draft = Definition(indicator=indicator, version=last.version + 1 if last else 1, **columns)
    draft.full_clean(exclude=["folded"])
    draft.save()
    trail.record(by=by, deed="indicators.definition.draft", what=draft)
    return draft


def _before(indicator: Indicator, day: date) -> Definition | None:
    """The definition that a new one from a day on follows. Raises: Invalid when it begins on that day or later."""
    last = Definition.objects.filter(indicator=indicator).exclude(state=selectors.DRAFT).order_by("-valid_from").first()
    if last is None:
        return None
    if last.valid_from >= day:
        raise Invalid(
            "Phiên bản trước có hiệu lực từ {day}; phiên bản này phải bắt đầu sau ngày đó.",
            field="valid_from",
            day=write_date(last.valid_from),
        )
    return last if last.holds_on(day) else None


def _end(*, by: trail.Actor, row: Definition, on: date, why: str) -> None:
    if row.valid_to is not None and row.valid_to <= on:
        raise Conflict("Định nghĩa này đã hết hiệu lực từ ngày {day}.", day=write_date(row.valid_to))
    if on <= row.valid_from:
        raise Invalid("Ngày kết thúc phải sau ngày bắt đầu {day}.", field="on", day=write_date(row.valid_from))
    if row.state == selectors.IN_FORCE:
        trail.move(by=by, row=row, machine=states.DEFINITION, deed="end", why=why, changes=_until(row, on))
    elif row.state != selectors.ENDED:
        raise Conflict("Bản nháp chưa được dùng nên không có gì để kết thúc.")
    else:
        trail.record(by=by, deed="indicators.definition.end", what=row, why=why, changes=_until(row, on))
    Definition.objects.filter(pk=row.pk).update(valid_to=on)
    row.valid_to = on


def _until(row: Definition, on: date) -> dict[str, object]:
    return {"valid_to": [row.valid_to.isoformat() if row.valid_to else None, on.isoformat()]}


def _check_those_above(told: rules.Definition, known: dict[str, rules.Definition]) -> None:
    """That indicators in force that lean on this one still fit."""
    among = {**known, told.code: told}
    ways = selectors.breakdowns()
    for one in known.values():
        if told.code not in rules.leans_on(one):
            continue
        try:
            rules.check_among(one, known=among, breakdowns=ways)
        except Invalid as problem:
            raise Invalid(
                "Chỉ số {code} dựa vào chỉ số này sẽ không còn đúng: {problem}", code=one.code, problem=problem
            ) from problem


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def next_day(definition: Definition) -> date:
    """The first day from which another definition may follow one: today, or the day after its first."""
    day_after = date.fromordinal(definition.valid_from.toordinal() + 1)
    return max(clock.today(), day_after)
