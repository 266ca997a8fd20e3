"""The one place that writes a unit's versions, its path and the last state kept on the unit itself."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.db.models import F, Q

from hieuhoc.foundation.records import clock
from hieuhoc.registers.places import rules
from hieuhoc.registers.places.models import Unit, UnitVersion

STATE = ("name", "short_name", "folded", "sort_key", "code", "level", "kind", "parent_id", "path")
_FIELDS = [name.removesuffix("_id") for name in STATE]
_BATCH = 400


def begin(units: Sequence[Unit], *, documents: Mapping[str, str]) -> None:
    """Write units that begin their life, with their first versions. Their parents are already written.

    `documents` names, by the unit's key, the document by which it began, where one is known.
    """
    for unit in units:
        _derive(unit)
    Unit.objects.bulk_create(units, batch_size=_BATCH)
    for unit in units:
        unit.path = unit.present_path = rules.path_under(unit.parent.path if unit.parent else "", unit.pk)
    Unit.objects.bulk_update(units, ["path", "present_path"], batch_size=_BATCH)
    versions = [_version(unit, documents.get(unit.key, ""), unit.valid_from, unit.valid_to) for unit in units]
    UnitVersion.objects.bulk_create(versions, batch_size=_BATCH)


def change(units: Sequence[Unit], *, on: date, document: str) -> None:
    """Write the state that the given units now bear, from `on` to the end of their lives.

    A second change on the same day replaces the first: no version lasts less than a day.

    Raises: Invalid when a unit has changed after `on`, has ended, or `on` is still to come.
    """
    is_last = Q(valid_to__isnull=True) | Q(valid_to=F("unit__valid_to"))
    rows = UnitVersion.objects.select_for_update(of=("self",)).filter(is_last, unit__in=units)
    lasts = {version.unit_id: version for version in rows}
    today = clock.today()
    closed, amended, opened = [], [], []
    for unit in units:
        _derive(unit)
        last = lasts[unit.pk]
        rules.check_change_day(day=on, last=rules.Span(last.valid_from, last.valid_to), today=today)
        if last.valid_from == on:
            for name in STATE:
                setattr(last, name, getattr(unit, name))
            last.document = document or last.document
            amended.append(last)
        else:
            opened.append(_version(unit, document, on, last.valid_to))
            last.valid_to = on
            closed.append(last)
    UnitVersion.objects.bulk_update(closed, ["valid_to"], batch_size=_BATCH)
    UnitVersion.objects.bulk_update(amended, [*_FIELDS, "document"], batch_size=_BATCH)
    UnitVersion.objects.bulk_create(opened, batch_size=_BATCH)
    Unit.objects.bulk_update(units, [*_FIELDS, "searched"], batch_size=_BATCH)


def end(unit: Unit, *, on: date, document: str) -> None:
    """Write the end of a unit's life: `on` is the first day on which it is no more.

    Raises: Invalid when the unit has changed on or after `on`, has ended, or `on` is still to come.
    """
    last = unit.versions.select_for_update(of=("self",)).order_by("-valid_from")[0]
    rules.check_end_day(day=on, last=rules.Span(last.valid_from, last.valid_to), today=clock.today())
    last.valid_to = unit.valid_to = on
    last.document = "; ".join(filter(None, [last.document, document]))[:255]
    last.save(update_fields=["valid_to", "document"])
    unit.save(update_fields=["valid_to"])


def _derive(unit: Unit) -> None:
    columns = rules.columns_for(name=unit.name, short_name=unit.short_name, level=unit.level)
    unit.folded, unit.sort_key = columns["folded"], columns["sort_key"]
    unit.searched = rules.searched_text([unit.name, unit.short_name, *unit.searched.split(" | ")])


def _version(unit: Unit, document: str, start: date, end: date | None) -> UnitVersion:
    state = {name: getattr(unit, name) for name in STATE}
    return UnitVersion(unit=unit, document=document, valid_from=start, valid_to=end, **state)
