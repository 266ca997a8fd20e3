"""Loading a province's units, agencies and groups from the files that ship with the app.

What is in the register already is left as it is: loading again adds only what a later file has more.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from django.db import transaction

from hieuhoc.foundation.records import trail
from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.registers.places import rules
from hieuhoc.registers.places.models import Kind, Membership, Unit, UnitAlias
from hieuhoc.registers.places.services import versions

SHIPPED = Path(__file__).resolve().parent.parent / "data"
KIEN_GIANG_2020 = ("kien-giang-2020.csv", "kien-giang-agencies.csv")
_BATCH = 500


@dataclass(frozen=True)
class Loaded:
    """What a loading added to the register."""

    units: int
    aliases: int
    memberships: int


@dataclass(frozen=True)
class _Entry:
    """One unit as a file describes it; `parent` and `groups` are keys."""

    key: str
    name: str
    short_name: str
    code: str
    level: str
    kind: str
    parent: str
    valid_from: date
    document: str = ""
    aliases: tuple[str, ...] = ()
    groups: tuple[str, ...] = field(default=())


@transaction.atomic
def load_province(
    *, by: trail.Actor = trail.HOUSE, files: tuple[str, str] = KIEN_GIANG_2020, folder: Path = SHIPPED
) -> Loaded:
    """Load a province: its administrative units, then its agencies and groups. All of it or nothing.

    Raises: Invalid when a file names a parent or a group that is not there.
    """
    places = list(_read_places(folder / files[0]))
    entries = places + list(_read_agencies(folder / files[1], places))
    known = Unit.objects.in_bulk([entry.key for entry in entries], field_name="key")
    fresh = [entry for entry in entries if entry.key not in known]
    _begin(fresh, known)
    loaded = Loaded(len(fresh), _load_aliases(entries, known), _load_memberships(entries, known))
    if any((loaded.units, loaded.aliases, loaded.memberships)):
        changes = {"units": [0, loaded.units], "aliases": [0, loaded.aliases], "memberships": [0, loaded.memberships]}
        trail.record(by=by, deed="places.unit.load", what=known[places[0].key], why=", ".join(files), changes=changes)
    return loaded


def _begin(fresh: Sequence[_Entry], known: dict[str, Unit]) -> None:
    """Write new units in waves, each wave's parents being written already; `known` takes them in."""
    waiting = list(fresh)
    while waiting:
        wave = [entry for entry in waiting if not entry.parent or entry.parent in known]
        if not wave:
            raise Invalid(
                "Không tìm thấy đơn vị cấp trên “{parent}” của “{name}”.",
                parent=waiting[0].parent,
                name=waiting[0].name,
            )
        units = [_unit(entry, known) for entry in wave]
        versions.begin(units, documents={entry.key: entry.document for entry in wave})
        known.update((unit.key, unit) for unit in units)
        waiting = [entry for entry in waiting if entry.key not in known]


def _unit(entry: _Entry, known: Mapping[str, Unit]) -> Unit:
    parent = known[entry.parent] if entry.parent else None
    rules.check_place(level=entry.level, kind=entry.kind, parent_level=parent.level if parent else None)
    return Unit(
        key=entry.key,
        name=entry.name,
        short_name=entry.short_name,
        code=entry.code,
        level=entry.level,
        kind=entry.kind,
        parent=parent,
        valid_from=entry.valid_from,
        searched=rules.searched_text(entry.aliases),
    )


def _load_aliases(entries: Sequence[_Entry], known: Mapping[str, Unit]) -> int:
    """Write the other names that no unit of this key has had yet; one that a person has ended stays ended."""
    held = set(UnitAlias.objects.filter(unit__in=known.values()).values_list("unit_id", "name"))
    fresh = [
        UnitAlias(unit=known[entry.key], name=name, folded=fold(name), valid_from=entry.valid_from)
        for entry in entries
        for name in dict.fromkeys(entry.aliases)
        if (known[entry.key].pk, name) not in held
    ]
    UnitAlias.objects.bulk_create(fresh, batch_size=_BATCH)
    return len(fresh)


def _load_memberships(entries: Sequence[_Entry], known: Mapping[str, Unit]) -> int:
    """Write the memberships that have never been; one that a person has ended stays ended."""
    held = set(Membership.objects.filter(member__in=known.values()).values_list("group_id", "member_id"))
    fresh = []
    for entry in entries:
        for key in entry.groups:
            if key not in known:
                raise Invalid("Không tìm thấy nhóm “{group}” của “{name}”.", group=key, name=entry.name)
            group, member = known[key], known[entry.key]
            if (group.pk, member.pk) not in held:
                fresh.append(Membership(group=group, member=member, valid_from=entry.valid_from))
    Membership.objects.bulk_create(fresh, batch_size=_BATCH)
    return len(fresh)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(line for line in lines if not line.startswith("#"))


def _read_places(path: Path) -> Iterator[_Entry]:
    keys: dict[str, str] = {}
    for row in _rows(path):
        keys[row["code"]] = row["key"]
        yield _Entry(
            key=row["key"],
            name=row["name"],
            short_name=rules.bare_name(row["name"], kind_label=str(Kind(row["kind"]).label)),
            code=row["code"],
            level=row["level"],
            kind=row["kind"],
            parent=keys[row["parent_code"]] if row["parent_code"] else "",
            valid_from=date.fromisoformat(row["valid_from"]),
            document=row["document"],
        )


def _read_agencies(path: Path, places: Sequence[_Entry]) -> Iterator[_Entry]:
    """The agencies and groups of a file; a line that stands `at` a level is repeated for each place of it."""
    for row in _rows(path):
        pattern = _Entry(
            key=row["key"],
            name=row["name"],
            short_name=row["short_name"] or row["name"],
            code="",
            level=row["level"],
            kind=row["kind"],
            parent=row["parent"],
            valid_from=places[0].valid_from,
            aliases=tuple(name.strip() for name in row["aliases"].split(";") if name.strip()),
            groups=tuple(row["groups"].split()),
        )
        for place in places:
            if place.level == row["at"]:
                yield _at(pattern, place)


def _at(pattern: _Entry, place: _Entry) -> _Entry:
    words = {"name": place.name[:1].lower() + place.name[1:], "key": place.key, "parent": place.parent}
    return replace(
        pattern,
        key=pattern.key.format(**words),
        name=pattern.name.format(**words),
        short_name=pattern.short_name.format(**words),
        parent=pattern.parent or place.key,
        valid_from=place.valid_from,
        aliases=tuple(name.format(**words) for name in pattern.aliases),
        groups=tuple(key.format(**words) for key in pattern.groups),
    )
