"""Regimes of reporting: made, changed and ended by whoever arranges reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction

from hieuhoc.foundation.records import trail
from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.periods import Calendar, Rhythm
from hieuhoc.reports import access, rules
from hieuhoc.reports.models import Form, ReportKind

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

LEVELS = ("commune", "district", "province", "agency")


@transaction.atomic
def define_kind(
    *,
    by: User,
    code: str,
    root: Unit,
    valid_from: date,
    agencies: Iterable[Unit] = (),
    levels: Sequence[str],
    sending: Mapping[str, int],
    **columns: Any,
) -> ReportKind:
    """Begin a regime of reporting.

    `columns` are the others of the table: name, category, form, recipient, calendar, rhythm, opens_before, subject,
    bases, document.

    Raises: Refused, Missing; Invalid with the field.
    """
    access.require_arranging_at(by, root)
    if ReportKind.objects.filter(code=code).exists():
        raise Invalid("Mã “{code}” đã có loại báo cáo khác dùng.", field="code", code=code)
    agencies = list(agencies)
    _check(levels=levels, sending=sending, agencies=agencies, **columns)
    kind = ReportKind.objects.create(
        code=code, root=root, valid_from=valid_from, levels=list(levels), sending=dict(sending), **columns
    )
    kind.agencies.set(agencies)
    trail.record(by=by, deed="reports.reportkind.define", what=kind)
    return kind


@transaction.atomic
def edit_kind(*, by: User, kind: ReportKind, agencies: Iterable[Unit] | None = None, **columns: Any) -> ReportKind:
    """Change a regime; rounds that are open keep their days. Raises: Refused, Missing; Invalid with the field."""
    kind = ReportKind.objects.select_for_update(of=("self",)).select_related("root", "form").get(pk=kind.pk)
    access.require_arranging_of(by, kind)
    if "root" in columns:
        access.require_arranging_at(by, columns["root"])
    asked = list(kind.agencies.all() if agencies is None else agencies)
    told = {name: getattr(kind, name) for name in ("form", "calendar", "rhythm", "levels", "sending")}
    _check(agencies=asked, **{**told, **columns})
    changes = {}
    for name, value in columns.items():
        if getattr(kind, name) != value:
            changes[name] = [_plain(getattr(kind, name)), _plain(value)]
            setattr(kind, name, value)
    kind.save()
    kind.agencies.set(asked)
    trail.record(by=by, deed="reports.reportkind.edit", what=kind, changes=changes)
    return kind


@transaction.atomic
def end_kind(*, by: User, kind: ReportKind, on: date) -> ReportKind:
    """Open no round from a day on. Raises: Refused, Missing; Invalid (field `valid_to`)."""
    kind = ReportKind.objects.select_for_update(of=("self",)).select_related("root").get(pk=kind.pk)
    access.require_arranging_of(by, kind)
    if on <= kind.valid_from:
        raise Invalid("Ngày hết hiệu lực phải sau ngày có hiệu lực.", field="valid_to")
    before, kind.valid_to = kind.valid_to, on
    kind.save(update_fields=["valid_to"])
    trail.record(by=by, deed="reports.reportkind.end", what=kind, changes={"valid_to": [_plain(before), _plain(on)]})
    return kind


def _check(
    *,
    form: Form,
    calendar: str,
    rhythm: str,
    levels: Sequence[str],
    sending: Mapping[str, int],
    agencies: Sequence[Unit],
    **_others: Any,
) -> None:
    if calendar not in set(Calendar):
        raise Invalid("Không có lịch báo cáo này.", field="calendar")
    if rhythm not in set(Rhythm):
        raise Invalid("Không có nhịp báo cáo này.", field="rhythm")
    if not levels or set(levels) - set(LEVELS):
        raise Invalid("Hãy chọn ít nhất một cấp phải báo cáo.", field="levels")
    if ("agency" in levels) != bool(agencies):
        raise Invalid("Hãy nêu các cơ quan phải báo cáo, hoặc bỏ chọn cấp cơ quan.", field="agencies")
    if not form.versions.filter(state="in_force").exists():
        raise Invalid("Biểu mẫu chưa có phiên bản đang dùng.", field="form")
    rules.check_sending(sending, levels)


def _plain(value: Any) -> Any:
    """A value as the trail keeps it."""
    return value if isinstance(value, str | int | list | dict | None) else str(value)
