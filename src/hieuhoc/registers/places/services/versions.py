"""The one place that writes a unit's versions, its path and the last state kept on the unit itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import CharField, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat

from hieuhoc.foundation.records import clock
from hieuhoc.registers.places import rules
from hieuhoc.registers.places.models import Succession, Unit, UnitVersion

STATE = ("name", "short_name", "folded", "sort_key", "code", "level", "kind", "parent_id", "path")
FIELDS = [name.removesuffix("_id") for name in STATE]
_BATCH = 400
_PART = 5000


def begin(units: Sequence[Unit], *, documents: Mapping[str, str]) -> None:
    """Write units that begin their life, with their first versions. Their parents are already written.

    `documents` names, by the unit's key, the document by which it began, where one is known.
    """
    form(units)
    for unit in units:
        unit.path = unit.present_path = rules.path_under(unit.parent.path if unit.parent else "", unit.pk)
    _write_first_paths()
    UnitVersion.objects.bulk_create(_first_versions(units, documents), batch_size=_BATCH)


def _write_first_paths() -> None:
    """Let the database put together the paths of the units just written, as `rules.path_under` does.

    One statement instead of a value for each row: with those, a hundred thousand hamlets take minutes.
    """
    above = Subquery(Unit.objects.filter(pk=OuterRef("parent_id")).values("path")[:1])
    path = Concat(Coalesce(above, Value("/")), Cast("pk", CharField()), Value("/"), output_field=CharField())
    Unit.objects.filter(path="").update(path=path, present_path=path)


def _first_versions(units: Sequence[Unit], documents: Mapping[str, str]) -> list[UnitVersion]:
    return [_version(unit, documents.get(unit.key, ""), unit.valid_from, unit.valid_to) for unit in units]


def form(units: Sequence[Unit]) -> None:
    """Write units that begin their life, before it is said where they stand."""
    for unit in units:
        _derive(unit)
    Unit.objects.bulk_create(units, batch_size=_BATCH)


def place(units: Sequence[Unit], *, documents: Mapping[str, str]) -> list[UnitVersion]:
    """Write where units that begin their life stand, and their first versions."""
    for unit in units:
        unit.present_path = unit.path
    Unit.objects.bulk_update(units, ["parent", "path", "present_path"], batch_size=_BATCH)
    return UnitVersion.objects.bulk_create(_first_versions(units, documents), batch_size=_BATCH)


@dataclass(frozen=True)
class Written:
    """Which versions a change closed, opened and amended; for these what they were before."""

    closed: list[int] = field(default_factory=list)
    opened: list[int] = field(default_factory=list)
    amended: dict[int, dict[str, Any]] = field(default_factory=dict)


def change(units: Sequence[Unit], *, on: date, document: str) -> Written:
    """Write the state that the given units now bear, from `on` to the end of their lives.

    A second change on the same day replaces the first: no version lasts less than a day.

    Raises: Invalid when a unit has changed after `on`, has ended, or `on` is still to come.
    """
    lasts = _lasts(units)
    today = clock.today()
    closed, amended, opened = [], [], []
    before: dict[int, dict[str, Any]] = {}
    for unit in units:
        _derive(unit)
        last = lasts[unit.pk]
        rules.check_change_day(day=on, last=rules.Span(last.valid_from, last.valid_to), today=today)
        if last.valid_from == on:
            before[last.pk] = {name: getattr(last, name) for name in (*STATE, "document")}
            for name in STATE:
                setattr(last, name, getattr(unit, name))
            last.document = document or last.document
            amended.append(last)
        else:
            opened.append(_version(unit, document, on, last.valid_to))
            last.valid_to = on
            closed.append(last)
    UnitVersion.objects.bulk_update(closed, ["valid_to"], batch_size=_BATCH)
    UnitVersion.objects.bulk_update(amended, [*FIELDS, "document"], batch_size=_BATCH)
    UnitVersion.objects.bulk_create(opened, batch_size=_BATCH)
    Unit.objects.bulk_update(units, [*FIELDS, "searched"], batch_size=_BATCH)
    return Written([one.pk for one in closed], [one.pk for one in opened], before)


def _lasts(units: Sequence[Unit]) -> dict[int, UnitVersion]:
    """The last version of each unit, locked; asked in parts, for a database takes only so many values at once."""
    is_last = Q(valid_to__isnull=True) | Q(valid_to=F("unit__valid_to"))
    found: dict[int, UnitVersion] = {}
    for start in range(0, len(units), _PART):
        rows = UnitVersion.objects.select_for_update(of=("self",)).filter(
            is_last, unit__in=units[start : start + _PART]
        )
        found.update((version.unit_id, version) for version in rows)
    return found


def end_many(units: Sequence[Unit], *, on: date, document: str) -> dict[int, str]:
    """Write the end of many lives: `on` is the first day on which they are no more.

    Returns the row numbers of their last versions, with the document that each named before.

    Raises: as `end`.
    """
    lasts, today = _lasts(units), clock.today()
    documents = {last.pk: last.document for last in lasts.values()}
    for unit in units:
        last = lasts[unit.pk]
        rules.check_end_day(day=on, last=rules.Span(last.valid_from, last.valid_to), today=today)
        unit.valid_to = on
    # Few documents are named by many units: one statement for each, instead of a value for each row.
    for known in sorted(set(documents.values())):
        same = [number for number, named in documents.items() if named == known]
        for start in range(0, len(same), _PART):
            rows = UnitVersion.objects.filter(pk__in=same[start : start + _PART])
            rows.update(valid_to=on, document=_with(known, document))
    for start in range(0, len(units), _PART):
        part = [unit.pk for unit in units[start : start + _PART]]
        Unit.objects.filter(pk__in=part).update(valid_to=on)
    return documents


def settle_present_paths() -> None:
    """Let every unit stand where it stands today: a living one at its path, an ended one beneath its main heir.

    One that ended without an heir stands beneath whoever it belonged to.
    """
    Unit.objects.filter(valid_to__isnull=True).exclude(present_path=F("path")).update(present_path=F("path"))
    ended = {unit.pk: unit for unit in Unit.objects.filter(valid_to__isnull=False)}
    heirs = dict(Succession.objects.filter(takes_duties=True).values_list("predecessor_id", "heir_id"))
    above = {pk: heirs.get(pk) or unit.parent_id for pk, unit in ended.items()}
    living = dict(Unit.objects.filter(pk__in={one for one in above.values() if one}).values_list("pk", "path"))

    def present(number: int | None) -> str:
        if number is None:
            return ""
        return rules.path_under(present(above[number]), number) if number in ended else living[number]

    moved = []
    for number, unit in ended.items():
        path = present(number)
        if unit.present_path != path:
            unit.present_path = path
            moved.append(unit)
    Unit.objects.bulk_update(moved, ["present_path"], batch_size=_BATCH)


def end(unit: Unit, *, on: date, document: str) -> None:
    """Write the end of a unit's life: `on` is the first day on which it is no more.

    Raises: Invalid when the unit has changed on or after `on`, has ended, or `on` is still to come.
    """
    last = unit.versions.select_for_update(of=("self",)).order_by("-valid_from")[0]
    rules.check_end_day(day=on, last=rules.Span(last.valid_from, last.valid_to), today=clock.today())
    last.valid_to = unit.valid_to = on
    last.document = _with(last.document, document)
    last.save(update_fields=["valid_to", "document"])
    unit.save(update_fields=["valid_to"])


def _with(known: str, document: str) -> str:
    return "; ".join(filter(None, [known, document]))[:255]


def _derive(unit: Unit) -> None:
    columns = rules.columns_for(name=unit.name, short_name=unit.short_name, level=unit.level)
    unit.folded, unit.sort_key = columns["folded"], columns["sort_key"]
    unit.searched = rules.searched_text([unit.name, unit.short_name, *unit.searched.split(" | ")])


def _version(unit: Unit, document: str, start: date, end: date | None) -> UnitVersion:
    state = {name: getattr(unit, name) for name in STATE}
    return UnitVersion(unit=unit, document=document, valid_from=start, valid_to=end, **state)
