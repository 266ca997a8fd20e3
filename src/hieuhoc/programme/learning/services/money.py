"""A centre's money: norms and areas, estimates and allocations, spending; lines are cancelled, never removed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from django.db import transaction

from hieuhoc.foundation.records import attachments, clock, trail
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.programme.learning.models import Activity, Allocation, Area, Norm, Provider, Spending
from hieuhoc.programme.learning.rules import kinds, money, planning
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

SHIPPED = Path(__file__).resolve().parent.parent / "data" / "norms.yaml"


@transaction.atomic
def load_norms(path: Path = SHIPPED) -> list[Norm]:
    """Add the norms that ship and are not there yet; what people have written stays theirs."""
    told: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    known = set(Norm.objects.filter(unit=None).values_list("occasion", "area", "valid_from"))
    made = [
        Norm(
            occasion=one["occasion"],
            area=one["area"],
            amount=one["amount"],
            valid_from=one["from"],
            instrument=one["instrument"],
        )
        for one in told
        if (one["occasion"], one["area"], one["from"]) not in known
    ]
    for norm in made:
        norm.full_clean()
        norm.save()
    trail.record_many(by=trail.HOUSE, deeds=[trail.Deed("learning.norm.load", norm) for norm in made])
    return made


@transaction.atomic
def set_norm(
    *,
    by: User,
    occasion: str,
    area: str,
    amount: int,
    valid_from: date,
    instrument: str,
    unit: Unit | None = None,
) -> Norm:
    """Set what a centre is to receive at least from a day on; the norm before it ends that day.

    Said again for the same day, it is put right. Raises: Refused, Missing; Invalid with the field.
    """
    if unit is None:
        access.require_of_a_province(by, Permission.CATALOGUE_EDIT)
    else:
        access.require(by, Permission.CATALOGUE_EDIT, at=unit)
    money.check_amount(amount)
    if not instrument.strip():
        raise Invalid("Hãy ghi văn bản quy định mức này.", field="instrument")
    row: Norm = _from(Norm, valid_from, occasion=occasion, area=area, unit=unit)
    before = row.amount
    row.amount, row.instrument = amount, instrument.strip()
    row.full_clean()
    row.save()
    trail.record(by=by, deed="learning.norm.set", what=row, changes={"amount": [before, amount]})
    return row


@transaction.atomic
def set_area(*, by: User, unit: Unit, area: str, valid_from: date, instrument: str = "") -> Area:
    """Say of which kind of area a commune is from a day on; what was said before ends that day.

    Raises: Refused, Missing; Invalid with the field.
    """
    access.require(by, Permission.CATALOGUE_EDIT, at=unit)
    if area not in kinds.AREAS:
        raise Invalid("Hãy chọn khu vực.", field="area")
    row: Area = _from(Area, valid_from, unit=unit)
    before = row.area or None
    row.area, row.instrument = area, instrument.strip()
    row.full_clean()
    row.save()
    trail.record(by=by, deed="learning.area.set", what=row, changes={"area": [before, area]})
    return row


def _from(model: Any, day: date, **same: Any) -> Any:
    """The row of `same` that begins on a day, made when there is none; the one before it ends that day.

    Raises: Invalid (field `valid_from`) before the day from which the last one holds.
    """
    last = model.objects.select_for_update().filter(**same).order_by("-valid_from", "-pk").first()
    if last is None:
        return model(valid_from=day, **same)
    if last.valid_from == day:
        return last
    if day < last.valid_from:
        raise Invalid("Đã có mức áp dụng từ ngày muộn hơn.", field="valid_from")
    if last.valid_to is None or last.valid_to > day:
        last.valid_to = day
        last.save(update_fields=["valid_to"])
    return model(valid_from=day, **same)


@transaction.atomic
def note_allocation(
    *,
    by: User,
    provider: Provider,
    year: int,
    step: str,
    line: str,
    source: str,
    amount: int,
    document: str = "",
    note: str = "",
) -> Allocation:
    """Note what is estimated or was allocated for a centre's year. Raises: Refused, Missing; Invalid with the field."""
    access.require(by, Permission.MONEY_KEEP, at=provider.unit)
    planning.check_year(year)
    _check(line, source, amount)
    if step not in Allocation.Step.values:
        raise Invalid("Hãy chọn dự toán hay giao.", field="step")
    if step == Allocation.Step.ALLOCATION and not document.strip():
        raise Invalid("Hãy ghi văn bản giao kinh phí.", field="document")
    row = Allocation(
        provider=provider,
        year=year,
        step=step,
        line=line,
        source=source,
        amount=amount,
        document=document.strip(),
        note=note.strip(),
        noted_at=clock.now(),
    )
    row.full_clean()
    row.save()
    trail.record(by=by, deed="learning.allocation.note", what=row, changes={"amount": [None, amount]})
    return row


@transaction.atomic
def note_spending(
    *,
    by: User,
    provider: Provider,
    on: date,
    voucher: str,
    line: str,
    source: str,
    amount: int,
    note: str = "",
    activity: Activity | None = None,
    content: bytes | None = None,
    file_name: str = "",
) -> Spending:
    """Note what was spent, by its voucher, with the voucher's file when there is one.

    Raises: Refused, Missing; Invalid with the field.
    """
    access.require(by, Permission.MONEY_KEEP, at=provider.unit)
    planning.check_year(on.year)
    _check(line, source, amount)
    if on > clock.today():
        raise Invalid("Ngày chi không thể ở sau hôm nay.", field="on")
    if not voucher.strip():
        raise Invalid("Hãy ghi số chứng từ.", field="voucher")
    if activity is not None and activity.provider_id != provider.pk:
        raise Invalid("Lớp này thuộc trung tâm khác.", field="activity")
    row = Spending(
        provider=provider,
        on=on,
        voucher=voucher.strip(),
        line=line,
        source=source,
        amount=amount,
        note=note.strip(),
        activity=activity,
        noted_at=clock.now(),
    )
    row.full_clean(exclude=["file"])
    if content is not None:
        row.file = attachments.keep(content=content, name=file_name)
    row.save()
    trail.record(by=by, deed="learning.spending.note", what=row, changes={"amount": [None, amount]})
    return row


@transaction.atomic
def cancel_line(*, by: User, row: Allocation | Spending, why: str) -> Allocation | Spending:
    """Count a line no more; it stays to be read, with the reason.

    Raises: Refused, Missing; Invalid (field `why`) without a reason; Conflict when it was cancelled before.
    """
    kept: Allocation | Spending
    if isinstance(row, Allocation):
        kept = Allocation.objects.select_for_update(of=("self",)).select_related("provider__unit").get(pk=row.pk)
    else:
        kept = Spending.objects.select_for_update(of=("self",)).select_related("provider__unit").get(pk=row.pk)
    access.require(by, Permission.MONEY_KEEP, at=kept.provider.unit)
    if not why.strip():
        raise Invalid("Hãy ghi lý do.", field="why")
    if kept.cancelled_at is not None:
        raise Conflict("Dòng này đã được hủy trước đó.")
    kept.cancelled_at, kept.why_cancelled = clock.now(), why.strip()
    kept.full_clean(exclude=["provider"])
    kept.save(update_fields=["cancelled_at", "why_cancelled"])
    deed = "learning.allocation.cancel" if isinstance(kept, Allocation) else "learning.spending.cancel"
    trail.record(by=by, deed=deed, what=kept, why=kept.why_cancelled, changes={"amount": [kept.amount, None]})
    return kept


def _check(line: str, source: str, amount: int) -> None:
    money.check_amount(amount)
    money.check_kinds(line=line, source=source, lines=kinds.LINES, sources=kinds.SOURCES)
