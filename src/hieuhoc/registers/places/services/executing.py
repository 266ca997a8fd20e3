"""Carrying a reorganisation out, and taking it back: the register first, then whoever follows it.

Everything is written in a fixed number of statements for each batch of rows, whatever the number of units.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hieuhoc.foundation.records import trail
from hieuhoc.kernel.errors import Conflict
from hieuhoc.registers.places import rules
from hieuhoc.registers.places.models import Membership, Reorganisation, Succession, Unit, UnitVersion
from hieuhoc.registers.places.services import loading, versions
from hieuhoc.registers.places.services.following import Follower, Line, Passing, Settling, Turn

_BATCH = 400
_PART = 5000
_ITSELF = "places"
ENDED, PARTED = gettext_noop("Đơn vị kết thúc"), gettext_noop("Đơn vị chuyển một phần")
FORMED, CHANGED = gettext_noop("Đơn vị lập mới"), gettext_noop("Đơn vị thay đổi")
MOVED = gettext_noop("Đơn vị đổi cấp trên")
GOES_INTO, GIVES = gettext_noop("nhập vào"), gettext_noop("chuyển một phần cho")
GOES_INTO_BY_ESTIMATE = gettext_noop("một phần về, tỷ lệ ước tính")
BEGINS, BECOMES, COMES_UNDER = gettext_noop("bắt đầu"), gettext_noop("đổi thành"), gettext_noop("chuyển về")


@dataclass(frozen=True)
class Executed:
    """What an event did: told line by line, and kept for taking it back."""

    lines: list[dict[str, Any]]
    journal: dict[str, Any]
    numbers: dict[str, int] = field(default_factory=dict)


def followers() -> list[Follower]:
    """Whoever follows a reorganisation, in the order of the setting."""
    return [import_string(path) for path in settings.FOLLOWERS]


def carry_out(*, by: trail.Actor, event: Reorganisation, outcome: rules.Outcome, register: rules.Register) -> Executed:
    """Write what an event makes of the register, and let everybody follow. Runs inside the caller's transaction.

    Raises: Conflict when a unit has changed since the register was read; Invalid when something has no heir.
    """
    work = _Work(by=by, event=event, outcome=outcome, register=register)
    work.lock()
    work.end()
    work.form()
    work.reshape()
    work.place()
    work.succeed()
    work.regroup()
    versions.settle_present_paths()
    work.record()
    turn = work.turn()
    lines = work.lines()
    journal: dict[str, Any] = {_ITSELF: work.journal, "turn": _written_turn(turn)}
    for follower in followers():
        followed = follower.follow(by=by, turn=turn)
        lines += followed.lines
        journal[follower.name] = followed.journal
    return Executed(_told(lines), journal, dict(Counter(line.sort for line in lines)))


class _Work:
    """One carrying out, step by step; each step trusts those before it."""

    def __init__(
        self, *, by: trail.Actor, event: Reorganisation, outcome: rules.Outcome, register: rules.Register
    ) -> None:
        self.by, self.event, self.outcome = by, event, outcome
        self.on = event.effective_on
        self.standing = {unit.number: unit for unit in register.units}
        self.units: dict[int, Unit] = {}
        self.formed: dict[str, Unit] = {}
        self.journal: dict[str, Any] = {}
        self.paths: dict[int, str] = {}

    def number(self, ref: rules.Ref) -> int:
        """The row number of a unit of the outcome."""
        return self.formed[ref].pk if isinstance(ref, str) else ref

    def lock(self) -> None:
        """Lock every unit that ends, changes or takes over, in one order, so that two events cannot cross."""
        heirs = [heir.ref for fate in self.outcome.ended.values() for heir in fate.heirs]
        heirs += [heir.ref for fate in self.outcome.parted.values() for heir in fate]
        touched = {*self.outcome.ended, *self.outcome.changed, *self.outcome.parted}
        touched |= {ref for ref in heirs if isinstance(ref, int)}
        self.paths = self._paths()
        moved = [number for number, path in self.paths.items() if path != self.standing[number].path]
        numbers = sorted(touched | set(moved))
        for start in range(0, len(numbers), _PART):
            part = numbers[start : start + _PART]
            self.units |= {
                u.pk: u
                for u in Unit.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=part).order_by("pk")
            }
        for number in numbers:
            unit, stood = self.units[number], self.standing[number]
            if unit.valid_to is not None or (unit.name, unit.path) != (stood.name, stood.path):
                raise Conflict(_("Sổ đơn vị vừa được người khác thay đổi. Hãy thử lại."))

    def _paths(self) -> dict[int, str]:
        """The path of every standing unit that goes on beneath standing ones; formed parents come in `form`."""
        paths: dict[int, str] = {}
        for unit in sorted(self.standing.values(), key=lambda one: one.path.count("/")):
            if unit.number in self.outcome.ended:
                continue
            parent = self.outcome.parent_of(unit.number, self.standing)
            if isinstance(parent, str):
                paths[unit.number] = f"?{unit.number}/"  # settled once its parent has a number
            elif parent is None:
                paths[unit.number] = rules.path_under("", unit.number)
            elif parent in paths:
                paths[unit.number] = rules.path_under(paths[parent], unit.number)
            else:
                paths[unit.number] = f"?{unit.number}/"  # its parent comes to stand deeper than before
        return paths

    def end(self) -> None:
        ended = [self.units[number] for number in self.outcome.ended]
        document = self.event.document
        closed = versions.end_many(ended, on=self.on, document=document)
        self.journal["ended"] = [unit.pk for unit in ended]
        self.journal["ended_versions"] = {str(number): before for number, before in closed.items()}

    def form(self) -> None:
        made = []
        taken = set(Unit.objects.values_list("key", flat=True)) if self.outcome.formed else set()
        for ref, formed in self.outcome.formed.items():
            key = formed.key
            if not key or key in taken:
                above = formed.parent
                beside = self.outcome.formed[above].name if isinstance(above, str) else ""
                beside = self.standing[above].key if isinstance(above, int) else beside
                key = rules.key_for([formed.name, beside], taken=taken)
            taken.add(key)
            unit = Unit(
                key=key,
                name=formed.name,
                short_name=formed.short_name or formed.name,
                code=formed.code,
                level=formed.level,
                kind=formed.kind,
                valid_from=self.on,
                searched="",
            )
            self.formed[ref] = unit
            made.append(unit)
        versions.form(made)
        self.units |= {unit.pk: unit for unit in made}
        paths = self._settled_paths()
        for ref, unit in self.formed.items():
            parent = self.outcome.formed[ref].parent
            unit.parent_id = self.number(parent) if parent is not None else None
            unit.path = paths[unit.pk]
        self.paths = paths
        self.journal["formed"] = [unit.pk for unit in made]

    def place(self) -> None:
        """Give the new units their first versions, now that others have let go of the codes they take."""
        made = list(self.formed.values())
        documents = {unit.key: self.event.document for unit in made}
        self.journal["formed_versions"] = [one.pk for one in versions.place(made, documents=documents)]

    def _settled_paths(self) -> dict[int, str]:
        """The path of everything that stands after the event."""
        parents: dict[int, int | None] = {}
        for number in self.standing:
            if number not in self.outcome.ended:
                above = self.outcome.parent_of(number, self.standing)
                parents[number] = self.number(above) if above is not None else None
        for ref, unit in self.formed.items():
            above = self.outcome.formed[ref].parent
            parents[unit.pk] = self.number(above) if above is not None else None
        paths: dict[int, str] = {}
        for number in parents:
            chain = []
            at: int | None = number
            while at is not None and at not in paths:
                chain.append(at)
                at = parents[at]
            for one in reversed(chain):
                above_path = paths[parents[one]] if parents[one] is not None else ""  # type: ignore[index]  # not None here
                paths[one] = rules.path_under(above_path, one)
        return paths

    def reshape(self) -> None:
        """Give the lives that go on their new state, and everything beneath a moved one its new path."""
        moved = []
        for number, stood in self.standing.items():
            if number in self.outcome.ended:
                continue
            changed = self.outcome.changed.get(number)
            if changed is None and self.paths[number] == stood.path:
                continue
            unit = self.units[number]
            if changed is not None:
                unit.name, unit.short_name = changed.name, changed.short_name
                unit.code, unit.kind = changed.code, changed.kind
                unit.parent_id = self.number(changed.parent) if changed.parent is not None else None
            unit.path = self.paths[number]
            moved.append(unit)
        # Codes may go round among those that change: these are written together, before the many that only move.
        moved.sort(key=lambda unit: unit.code == self.standing[unit.pk].code)
        self.journal["searched"] = {str(unit.pk): unit.searched for unit in moved}
        written = versions.Written()
        for start in range(0, len(moved), _PART):
            part = versions.change(moved[start : start + _PART], on=self.on, document=self.event.document)
            written.closed.extend(part.closed)
            written.opened.extend(part.opened)
            written.amended.update(part.amended)
        self.journal["reshaped"] = [unit.pk for unit in moved]
        self.journal["closed"], self.journal["opened"] = written.closed, written.opened
        self.journal["amended"] = {str(number): state for number, state in written.amended.items()}

    def succeed(self) -> None:
        fates = {number: fate.heirs for number, fate in self.outcome.ended.items()} | self.outcome.parted
        rows = [
            Succession(
                predecessor_id=number,
                heir_id=self.number(heir.ref),
                on=self.on,
                share_over=heir.share.numerator,
                share_of=heir.share.denominator,
                is_estimated=heir.is_estimated,
                takes_duties=heir.takes_duties and number in self.outcome.ended,
                reorganisation=self.event,
            )
            for number, heirs in fates.items()
            for heir in heirs
        ]
        Succession.objects.bulk_create(rows, batch_size=_BATCH)
        self._let_be_found(rows)

    def _let_be_found(self, rows: Sequence[Succession]) -> None:
        """An heir is found by the names of its peers before it; a province is not found by those of its districts."""
        found = {}
        for row in rows:
            if row.predecessor_id in self.outcome.parted or rules.is_peer(
                self.outcome, self.standing, row.predecessor_id
            ):
                heir, before = self.units[row.heir_id], self.units[row.predecessor_id]
                self.journal["searched"].setdefault(str(heir.pk), heir.searched)
                heir.searched = rules.searched_text([*heir.searched.split(" | "), *before.searched.split(" | ")])
                found[heir.pk] = heir
        Unit.objects.bulk_update(found.values(), ["searched"], batch_size=_BATCH)

    def regroup(self) -> None:
        """Let peers stand in for the members that end; what a group was passes to the group that takes it over."""
        ended = self.outcome.ended
        held = list(Membership.objects.filter(valid_to__isnull=True).order_by("pk"))
        present = {(row.group_id, row.member_id) for row in held}
        closing = [row for row in held if row.group_id in ended or row.member_id in ended]
        opening: dict[tuple[int, int], Membership] = {}
        for row in closing:
            group, member = self._stand_in(row.group_id), self._stand_in(row.member_id)
            if group is None or member is None or group == member or (group, member) in present:
                continue
            opening[group, member] = Membership(group_id=group, member_id=member, valid_from=self.on)
        fresh = [row.pk for row in closing if row.valid_from < self.on]
        Membership.objects.filter(pk__in=fresh).update(valid_to=self.on)
        # Taken in on the very day, a member was one on no day at all.
        dropped = [row for row in closing if row.valid_from >= self.on]
        Membership.objects.filter(pk__in=[row.pk for row in dropped]).delete()
        made = Membership.objects.bulk_create(opening.values(), batch_size=_BATCH)
        self.journal["memberships"] = {
            "closed": fresh,
            "opened": [row.pk for row in made],
            "dropped": [[row.group_id, row.member_id, row.valid_from.isoformat()] for row in dropped],
        }

    def _stand_in(self, number: int) -> int | None:
        fate = self.outcome.ended.get(number)
        if fate is None:
            return number
        if not rules.is_peer(self.outcome, self.standing, number):
            return None
        if self.standing[number].level == "group" and self.outcome.level_of(fate.main.ref, self.standing) != "group":
            return None
        return self.number(fate.main.ref)

    def record(self) -> None:
        """A line of history for every unit that ends, begins or changes by itself."""
        why = self.event.document or self.event.title
        deeds = []
        for number, fate in self.outcome.ended.items():
            heirs = [self.outcome.name_of(heir.ref, self.standing) for heir in fate.heirs]
            changes = {"valid_to": ["", f"{self.on}"], "heirs": ["", heirs]}
            deeds.append(trail.Deed("places.unit.end", self.units[number], why, changes))
        for unit in self.formed.values():
            changes = {"name": ["", unit.name], "code": ["", unit.code], "valid_from": ["", f"{self.on}"]}
            deeds.append(trail.Deed("places.unit.create", unit, why, changes))
        for number, changed in self.outcome.changed.items():
            stood = self.standing[number]
            told = {
                field: [getattr(stood, field), getattr(changed, field)]
                for field in ("name", "code", "kind")
                if getattr(stood, field) != getattr(changed, field)
            }
            if changed.parent != stood.parent and changed.parent is not None:
                before = self.standing[stood.parent].name if stood.parent is not None else ""
                told["parent"] = [before, self.outcome.name_of(changed.parent, self.standing)]
            deeds.append(trail.Deed("places.unit.change", self.units[number], why, told | {"on": ["", f"{self.on}"]}))
        trail.record_many(by=self.by, deeds=deeds)

    def turn(self) -> Turn:
        passings = {}
        for number, fate in self.outcome.ended.items():
            main = self.number(fate.main.ref)
            others = [self.number(heir.ref) for heir in fate.heirs if not heir.takes_duties]
            peer = rules.is_peer(self.outcome, self.standing, number)
            passings[number] = Passing(unit=number, heir=main, is_peer=peer, heirs=(main, *others))
        return Turn(on=self.on, document=self.event.document or self.event.title, passings=passings)

    def lines(self) -> list[Line]:
        lines = []
        for number, fate in self.outcome.ended.items():
            lines += [self._line(ENDED, number, heir, GOES_INTO) for heir in fate.heirs]
        for number, heirs in self.outcome.parted.items():
            lines += [self._line(PARTED, number, heir, GIVES) for heir in heirs]
        lines += [Line(FORMED, unit.name, unit.pk, None, BEGINS) for unit in self.formed.values()]
        for number, changed in self.outcome.changed.items():
            stood = self.standing[number]
            if (changed.name, changed.code, changed.kind) != (stood.name, stood.code, stood.kind):
                lines.append(Line(CHANGED, stood.name, number, number, BECOMES, changed.name))
            else:
                parent = self.number(changed.parent) if changed.parent is not None else None
                lines.append(Line(MOVED, stood.name, number, parent, COMES_UNDER))
        return lines

    def _line(self, sort: str, number: int, heir: rules.Heir, fate: str) -> Line:
        share = "" if heir.share == 1 else rules.write_share(heir.share)
        fate = GOES_INTO_BY_ESTIMATE if heir.is_estimated else fate
        return Line(sort, self.standing[number].name, number, self.number(heir.ref), fate, share)


def _told(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Lines with the names and keys of their units, as they are kept and shown."""
    numbers = {line.unit for line in lines} | {line.heir for line in lines if line.heir is not None}
    units: dict[int, tuple[str, str]] = {}
    ordered = sorted(numbers)
    for start in range(0, len(ordered), _PART):
        found = Unit.objects.filter(pk__in=ordered[start : start + _PART])
        units.update((pk, (name, key)) for pk, name, key in found.values_list("pk", "name", "key"))
    told = []
    for line in lines:
        name, key = units.get(line.unit, ("", ""))
        heir, heir_key = units.get(line.heir, ("", "")) if line.heir is not None else ("", "")
        told.append(
            {
                "sort": line.sort,
                "name": line.name,
                "unit": name,
                "unit_key": key,
                "heir": heir,
                "heir_key": heir_key,
                "fate": line.fate,
                "detail": line.detail,
            }
        )
    return told


def _written_turn(turn: Turn) -> dict[str, Any]:
    passings = [[one.unit, one.heir, one.is_peer, list(one.heirs)] for one in turn.passings.values()]
    return {"on": turn.on.isoformat(), "document": turn.document, "passings": passings}


def _read_turn(written: Mapping[str, Any]) -> Turn:
    passings = {
        unit: Passing(unit=unit, heir=heir, is_peer=is_peer, heirs=tuple(heirs))
        for unit, heir, is_peer, heirs in written["passings"]
    }
    return Turn(on=date.fromisoformat(written["on"]), document=written["document"], passings=passings)


def put_back(*, by: trail.Actor, event: Reorganisation) -> None:
    """Undo what an event wrote, the followers first. Runs inside the caller's transaction.

    Raises: Conflict when something has been built on it.
    """
    journal = event.journal
    turn = _read_turn(journal["turn"])
    own = journal[_ITSELF]
    touched = [*own["ended"], *own["formed"], *own["reshaped"]]
    list(
        Unit.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=touched)
        .order_by("pk")
        .values_list("pk")
    )
    _check_untouched(event, own)
    for follower in reversed(followers()):
        follower.take_back(by=by, turn=turn, journal=journal[follower.name])
    # What the house itself entered out of its files is nothing that people built on the new units.
    loading.unload_sizes(by=by, units=own["formed"], why=event.title)
    _restore_memberships(own["memberships"])
    event.successions.all().delete()
    names = _formed_deeds(own["formed"])
    _restore_versions(own, on=event.effective_on)
    _restore_units(own)
    try:
        UnitVersion.objects.filter(pk__in=own["formed_versions"]).delete()
        with transaction.atomic():
            formed = Unit.objects.filter(pk__in=own["formed"])
            formed.update(parent=None)  # they hold one another
            formed.delete()
    except ProtectedError as error:
        raise Conflict(
            _("Đã có dữ liệu gắn với đơn vị mới “%(name)s”; không thể lùi cuộc sắp xếp này.")
            % {"name": _protected_name(error, own["formed"])}
        ) from error
    versions.settle_present_paths()
    for follower in followers():
        if isinstance(follower, Settling):
            follower.settle(by=by, turn=turn)
    units = Unit.objects.filter(pk__in=[*own["ended"], *own["reshaped"]])
    deeds = [trail.Deed("places.unit.take_back", unit, event.title) for unit in units]
    trail.record_many(by=by, deeds=[*deeds, *names])


def _formed_deeds(formed: Sequence[int]) -> list[trail.Deed]:
    return [trail.Deed("places.unit.take_back", unit) for unit in Unit.objects.filter(pk__in=formed)]


def _protected_name(error: ProtectedError, formed: Sequence[int]) -> str:
    for row in error.protected_objects:
        for attribute in ("unit", "group", "member", "parent", "heir", "predecessor"):
            unit = getattr(row, attribute, None)
            if isinstance(unit, Unit) and unit.pk in formed:
                return unit.name
    return str(next(iter(error.protected_objects), ""))


def _check_untouched(event: Reorganisation, own: Mapping[str, Any]) -> None:
    """That no unit of the event has changed, ended or been taken over since."""
    written = {*own["formed_versions"], *own["opened"], *(int(number) for number in own["amended"])}
    units = [*own["formed"], *own["reshaped"]]
    later = UnitVersion.objects.filter(unit__in=units, valid_from__gte=event.effective_on).exclude(pk__in=written)
    ended = Unit.objects.filter(pk__in=units, valid_to__isnull=False)
    others = Succession.objects.exclude(reorganisation=event)
    passed = others.filter(predecessor__in=units, on__gte=event.effective_on) | others.filter(
        heir__in=units, on__gte=event.effective_on, reorganisation__executed_at__gt=event.executed_at
    )
    for row in (later.select_related("unit").first(), passed.select_related("predecessor").first()):
        if row is not None:
            unit = row.unit if isinstance(row, UnitVersion) else row.predecessor
            raise Conflict(_("“%(name)s” đã có thay đổi sau cuộc sắp xếp này; không thể lùi.") % {"name": unit.name})
    if (one := ended.first()) is not None:
        raise Conflict(_("“%(name)s” đã kết thúc sau cuộc sắp xếp này; không thể lùi.") % {"name": one.name})


def _restore_memberships(kept: Mapping[str, Any]) -> None:
    Membership.objects.filter(pk__in=kept["opened"]).delete()
    Membership.objects.filter(pk__in=kept["closed"]).update(valid_to=None)
    Membership.objects.bulk_create(
        [
            Membership(group_id=group, member_id=member, valid_from=date.fromisoformat(day))
            for group, member, day in kept["dropped"]
        ],
        batch_size=_BATCH,
    )


def _restore_versions(own: Mapping[str, Any], *, on: date) -> None:
    UnitVersion.objects.filter(pk__in=own["opened"]).delete()
    # The new units let go of their codes before the old ones take them again.
    UnitVersion.objects.filter(pk__in=own["formed_versions"]).update(code="")
    amended = list(UnitVersion.objects.filter(pk__in=[int(number) for number in own["amended"]]))
    for version in amended:
        for name, value in own["amended"][str(version.pk)].items():
            setattr(version, name, value)
    UnitVersion.objects.bulk_update(amended, [*versions.FIELDS, "document"], batch_size=_BATCH)
    UnitVersion.objects.filter(pk__in=own["closed"]).update(valid_to=None)
    ended = list(UnitVersion.objects.filter(pk__in=[int(number) for number in own["ended_versions"]]))
    for version in ended:
        version.valid_to, version.document = None, own["ended_versions"][str(version.pk)]
    UnitVersion.objects.bulk_update(ended, ["valid_to", "document"], batch_size=_BATCH)


def _restore_units(own: Mapping[str, Any]) -> None:
    numbers = [*own["ended"], *own["reshaped"]]
    lasts = {row.unit_id: row for row in UnitVersion.objects.filter(unit__in=numbers, valid_to__isnull=True)}
    units = list(Unit.objects.filter(pk__in=[*numbers, *(int(number) for number in own["searched"])]))
    for unit in units:
        unit.searched = own["searched"].get(str(unit.pk), unit.searched)
        if unit.pk in lasts:
            unit.valid_to = None
            for name in versions.STATE:
                setattr(unit, name, getattr(lasts[unit.pk], name))
    Unit.objects.bulk_update(units, [*versions.FIELDS, "valid_to", "searched"], batch_size=_BATCH)
