"""Loading units out of files: those that ship with the app, and any other written in the same way.

What is in the register already is left as it is: loading again adds only what a later file has more. All of a
loading comes about or nothing of it. Tens of thousands of units take a number of statements that grows with their
batches only.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from django.db import transaction

from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.vietnamese import fold, write_date
from hieuhoc.registers.places import rules
from hieuhoc.registers.places.models import Membership, Unit, UnitAlias, UnitSize, UnitVersion
from hieuhoc.registers.places.services import reading, sizes, versions
from hieuhoc.registers.places.services.reading import Entry

SHIPPED = Path(__file__).resolve().parent.parent / "data"
KIEN_GIANG_2020 = ("kien-giang-2020.csv", "kien-giang-agencies.csv")
COUNTRY_2025 = "country-2025.csv"
SIZES = "sizes.csv"
_BATCH = 500
_PART = 5000


@dataclass(frozen=True)
class Loaded:
    """What a loading added to the register."""

    units: int
    aliases: int
    memberships: int


def load_province(
    *, by: trail.Actor = trail.HOUSE, files: Sequence[str] = KIEN_GIANG_2020, folder: Path = SHIPPED
) -> Loaded:
    """Load a province: its administrative units, then its agencies and groups. All of it or nothing.

    Raises: Invalid as `load_units`.
    """
    return load_units(by=by, files=files, folder=folder)


@transaction.atomic
def load_units(*, files: Sequence[str | Path], by: trail.Actor = trail.HOUSE, folder: Path = SHIPPED) -> Loaded:
    """Load units from files, in their order; a file of agencies stands for the places of the files before it.

    A unit is known when its code and its name stand together on the day it begins, or when its key does. A parent is
    looked for by its code in these files, then in the register on that day.

    Raises: Invalid with the file, the line, the column and the reason; nothing is loaded then.
    """
    register = _Register()
    places: list[Entry] = []
    entries: list[Entry] = []
    for name in files:
        read = reading.read(folder / name, places=places)
        if read and read[0].level in rules.ADMINISTRATIVE:
            read = register.settle(read, places)
            places += read
        entries += read
    fresh = [entry for entry in entries if not register.knows(entry)]
    units = _begin(fresh, register)
    wanted = [entry for entry in entries if entry.aliases or entry.groups]
    units |= register.units(key for entry in wanted for key in (entry.key, *entry.groups) if key not in units)
    loaded = Loaded(len(fresh), _load_aliases(wanted, units), _load_memberships(wanted, units))
    if any((loaded.units, loaded.aliases, loaded.memberships)):
        changes = {"units": [0, loaded.units], "aliases": [0, loaded.aliases], "memberships": [0, loaded.memberships]}
        first = entries[0].key
        what = units.get(first) or register.units([first])[first]
        why = ", ".join(Path(name).name for name in files)
        trail.record(by=by, deed="places.unit.load", what=what, why=why, changes=changes)
    return loaded


def load_sizes(*, by: trail.Actor = trail.HOUSE, name: str = SIZES, folder: Path = SHIPPED) -> int:
    """Enter the known sizes of units that stood on the day of a figure, where none is on file yet; returns how many.

    A unit is looked for by its key alone: its code may be another unit's while an event is still to be carried out.
    One that this register does not hold is passed over, and so is a figure of a day to come.

    Raises: Invalid with the file, the line, the column and the reason.
    """
    entered = 0
    for size in reading.read_sizes(folder / name):
        unit = Unit.objects.on(size.on).filter(key=size.key).first()
        if unit is None or size.on > clock.today() or unit.sizes.filter(on=size.on).exists():
            continue
        sizes.record_size(
            by=by,
            unit=unit,
            on=size.on,
            source=size.told_by,
            people=size.people,
            households=size.households,
            area_ha=size.area_ha,
        )
        entered += 1
    return entered


def unload_sizes(*, by: trail.Actor, units: Iterable[int], why: str) -> None:
    """Take out again, of these units, the sizes that are still as the shipped file says; a person's figures stay."""
    for size in reading.read_sizes(SHIPPED / SIZES):
        for kept in UnitSize.objects.filter(unit__in=list(units), unit__key=size.key, on=size.on):
            told = (kept.people, kept.households, kept.area_ha, kept.source)
            if told == (size.people, size.households, size.area_ha, size.told_by):
                sizes.remove_size(by=by, size=kept, why=why)


@dataclass(frozen=True)
class _Held:
    """That a unit of the register held a code from a day on, and what it was called while it did."""

    folded: str
    name: str
    key: str
    path: str
    since: date
    until: date | None

    def on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


class _Register:
    """What the register holds, read once: keys with row numbers, and who held which code when."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = dict(Unit.objects.values_list("key", "pk"))
        self.codes: dict[str, list[_Held]] = defaultdict(list)
        held = UnitVersion.objects.exclude(code="")
        columns = ("code", "folded", "name", "unit__key", "path", "valid_from", "valid_to")
        for code, *state in held.order_by().values_list(*columns):
            self.codes[code].append(_Held(*state))

    def knows(self, entry: Entry) -> bool:
        """Whether the unit of an entry stands in the register already."""
        return entry.key in self.numbers

    def units(self, keys: Iterable[str]) -> dict[str, Unit]:
        """The units of the register that have these keys."""
        numbers = sorted({self.numbers[key] for key in keys if key in self.numbers})
        found: dict[str, Unit] = {}
        for start in range(0, len(numbers), _PART):
            found.update((one.key, one) for one in Unit.objects.filter(pk__in=numbers[start : start + _PART]))
        return found

    def settle(self, read: Sequence[Entry], before: Sequence[Entry]) -> list[Entry]:
        """Give every administrative entry its key and its parent's: of a unit that stands, the key that it has.

        Raises: Invalid for a code or key used twice, held by another unit, or a parent that nobody is.
        """
        settled: list[Entry] = []
        by_code = {entry.code: entry for entry in before if entry.code}
        keys = {entry.key for entry in before}
        for entry in read:
            if entry.code and entry.code in by_code:
                other = by_code[entry.code].source
                raise entry.source.wrong("code", "Mã {code} đã có ở dòng {line}.", code=entry.code, line=other.line)
            parent = self._parent(entry, by_code)
            key = self._key(entry, parent, keys)
            if key in keys:
                raise entry.source.wrong("key", "Khóa “{key}” đã dùng ở dòng khác.", key=key)
            keys.add(key)
            one = replace(entry, key=key, parent=parent)
            settled.append(one)
            if one.code:
                by_code[one.code] = one
        return settled

    def _parent(self, entry: Entry, by_code: dict[str, Entry]) -> str:
        code, day = entry.parent_code, entry.valid_from
        if not code:
            return ""
        above = by_code.get(code)
        if above is not None and above.valid_from <= day:
            return above.key
        held = next((one for one in self.codes.get(code, ()) if one.on(day)), None)
        if held is None:
            sentence = "Không có đơn vị mang mã {code} vào ngày {day}."
            raise entry.source.wrong("parent_code", sentence, code=code, day=write_date(day))
        return held.key

    def _key(self, entry: Entry, parent: str, taken: set[str]) -> str:
        day, held = entry.valid_from, self.codes.get(entry.code, ()) if entry.code else ()
        standing = next((one for one in held if one.on(day)), None)
        if standing is not None and standing.folded == fold(entry.name)[:255]:
            return standing.key
        if entry.key and any(one.key == entry.key for one in held):
            return entry.key  # this very unit, since renamed by people
        later = standing or next((one for one in held if one.until is None or one.until > day), None)
        if later is not None:
            sentence = "Mã {code} từ ngày {day} thuộc “{name}” trong sổ."
            since = write_date(max(day, later.since))
            raise entry.source.wrong("code", sentence, code=entry.code, day=since, name=later.name)
        if entry.key and entry.code and entry.key in self.numbers:
            raise entry.source.wrong("key", "Khóa “{key}” là của một đơn vị khác trong sổ.", key=entry.key)
        return entry.key or rules.key_for([entry.name, parent], taken=taken)


def _begin(fresh: Sequence[Entry], register: _Register) -> dict[str, Unit]:
    """Write new units in waves, each wave's parents being written already; all of them, and those parents, by key."""
    new = {entry.key for entry in fresh}
    units = register.units(entry.parent for entry in fresh if entry.parent not in new)
    waiting = list(fresh)
    while waiting:
        wave = [entry for entry in waiting if not entry.parent or entry.parent in units]
        if not wave:
            entry = waiting[0]
            sentence = "Không tìm thấy đơn vị cấp trên “{parent}” của “{name}”."
            raise entry.source.wrong("parent", sentence, parent=entry.parent, name=entry.name)
        made = [_unit(entry, units, register) for entry in wave]
        versions.begin(made, documents={entry.key: entry.document for entry in wave if entry.document})
        units.update((unit.key, unit) for unit in made)
        waiting = [entry for entry in waiting if entry.key not in units]
    return units


def _unit(entry: Entry, known: dict[str, Unit], register: _Register) -> Unit:
    parent = known[entry.parent] if entry.parent else None
    if parent is not None:
        _check_parent(entry, parent, register)
    try:
        rules.check_place(level=entry.level, kind=entry.kind, parent_level=parent.level if parent else None)
    except Invalid as error:
        column = {"parent": "parent_code"}.get(error.field, error.field)
        raise entry.source.wrong(column, error.sentence) from error
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


def _check_parent(entry: Entry, parent: Unit, register: _Register) -> None:
    """That the parent has stood there since the unit began: nothing is written beneath what came later."""
    column = "parent_code" if entry.parent_code else "parent"
    if parent.valid_to is not None:
        sentence = "“{parent}” đã kết thúc từ ngày {day}; không thể thêm đơn vị cấp dưới."
        raise entry.source.wrong(column, sentence, parent=parent.name, day=write_date(parent.valid_to))
    for held in register.codes.get(parent.code, ()) if parent.code else ():
        has_moved = held.key == parent.key and held.path != parent.path
        if has_moved and held.until is not None and held.until > entry.valid_from:
            sentence = "“{parent}” đã đổi cấp trên từ ngày {day}; đơn vị cấp dưới phải bắt đầu từ ngày đó trở đi."
            raise entry.source.wrong(column, sentence, parent=parent.name, day=write_date(held.until))


def _load_aliases(entries: Sequence[Entry], known: dict[str, Unit]) -> int:
    """Write the other names that no unit of this key has had yet; one that a person has ended stays ended."""
    named = [entry for entry in entries if entry.aliases]
    held = set(UnitAlias.objects.filter(unit__in=_numbers(named, known)).values_list("unit_id", "name"))
    fresh = [
        UnitAlias(unit=known[entry.key], name=name, folded=fold(name), valid_from=entry.valid_from)
        for entry in named
        for name in dict.fromkeys(entry.aliases)
        if (known[entry.key].pk, name) not in held
    ]
    UnitAlias.objects.bulk_create(fresh, batch_size=_BATCH)
    return len(fresh)


def _load_memberships(entries: Sequence[Entry], known: dict[str, Unit]) -> int:
    """Write the memberships that have never been; one that a person has ended stays ended."""
    joining = [entry for entry in entries if entry.groups]
    held = set(Membership.objects.filter(member__in=_numbers(joining, known)).values_list("group_id", "member_id"))
    fresh = []
    for entry in joining:
        for key in entry.groups:
            if key not in known:
                sentence = "Không tìm thấy nhóm “{group}” của “{name}”."
                raise entry.source.wrong("groups", sentence, group=key, name=entry.name)
            group, member = known[key], known[entry.key]
            if (group.pk, member.pk) not in held:
                fresh.append(Membership(group=group, member=member, valid_from=entry.valid_from))
    Membership.objects.bulk_create(fresh, batch_size=_BATCH)
    return len(fresh)


def _numbers(entries: Sequence[Entry], known: dict[str, Unit]) -> list[int]:
    return [known[entry.key].pk for entry in entries]
