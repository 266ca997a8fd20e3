"""What an event does to the units that no row names: what stands beneath a unit that ends goes with its main heir.

An agency that is called by its place ("Ủy ban nhân dân xã A") goes into the agency of the same sort of the heir, which
is formed where there is none; one that is not ("Sở Nội vụ") goes on beneath the heir, or into its twin there. Where a
level ends, an agency of that level has no obvious heir on the level above: a row must say who takes over.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from hieuhoc.kernel.vietnamese import fold
from hieuhoc.registers.places.rules.reorganisation import (
    COMMITTEE,
    Changed,
    Ended,
    Formed,
    Heir,
    Outcome,
    Ref,
    Register,
    Sketch,
    Standing,
    check_shapes,
    in_order,
)
from hieuhoc.registers.places.rules.rows import Row
from hieuhoc.registers.places.rules.tree import ADMINISTRATIVE, AGENCY, GROUP, PARENTS_OF_LEVEL, PROVINCE


def work_out(rows: Sequence[Row], register: Register, *, on: date) -> Outcome:
    """What an event makes of the register, with everything that follows from its rows.

    An outcome with problems may not be carried out; it is worked out as far as it goes, so that all are told at once.
    """
    outcome = Sketch(rows, register, on=on).work_out()
    if not rows:
        outcome.refuse(0, "", "Cuộc sắp xếp chưa có dòng nào.")
    Consequences(outcome, register).follow()
    check_shapes(outcome, {unit.number: unit for unit in register.units})
    outcome.problems = in_order(outcome.problems)
    return outcome


class Consequences:
    """Goes down the register from the top and lets what stands beneath an ended unit follow it."""

    def __init__(self, outcome: Outcome, register: Register) -> None:
        self.outcome = outcome
        self.register = register
        self.units = {unit.number: unit for unit in register.units}
        self.called: dict[tuple[Ref | None, str], Ref] = {}

    def follow(self) -> None:
        """Find a place for every unit whose parent ends."""
        self._place_formed()
        going_on: list[Ref] = [*self.outcome.formed, *(one for one in self.units if one not in self.outcome.ended)]
        for ref in going_on:
            self._call(ref)
        self._rename_with_places()
        for unit in sorted(self.units.values(), key=lambda one: (one.path.count("/"), one.path)):
            above = self.outcome.parent_of(unit.number, self.units)
            if unit.number in self.outcome.ended or not isinstance(above, int) or above not in self.outcome.ended:
                continue
            if unit.level in ADMINISTRATIVE:
                self._follow_place(unit, self.outcome.ended[above])
            else:
                self._follow_agency(unit, self.outcome.ended[above])
        self._end_empty_groups()

    def _call(self, ref: Ref) -> None:
        if self.outcome.level_of(ref, self.units) not in ADMINISTRATIVE:
            parent = self.outcome.parent_of(ref, self.units)
            self.called.setdefault((parent, fold(self.outcome.name_of(ref, self.units))), ref)

    def _place_formed(self) -> None:
        """A new unit of which no row says where it stands is placed where the first unit that went into it stood."""
        first: dict[Ref, Standing] = {}
        for fate in self.outcome.ended.values():
            for heir in fate.heirs:
                first.setdefault(heir.ref, self.units[fate.number])
        for number, heirs in self.outcome.parted.items():
            for heir in heirs:
                first.setdefault(heir.ref, self.units[number])
        for formed in self.outcome.formed.values():
            if formed.parent is None and formed.level != PROVINCE and formed.ref in first:
                above = first[formed.ref].parent
                ended = self.outcome.ended.get(above) if above is not None else None
                formed.parent = ended.main.ref if ended else above

    def _rename_with_places(self) -> None:
        """An agency or group called by a place that goes on under another name is called by the new name."""
        renamed = {n for n, one in self.outcome.changed.items() if one.name != self.units[n].name}
        for unit in self.units.values():
            if unit.level in ADMINISTRATIVE or unit.parent not in renamed or unit.number in self.outcome.ended:
                continue
            place = self.units[unit.parent]
            name = self._called_by(unit.name, place, unit.parent)
            if name == unit.name or unit.number in self.outcome.changed:
                continue
            short = self._called_by(unit.short_name, place, unit.parent)
            self.outcome.changed[unit.number] = Changed(
                unit.number, unit.code, name, short, unit.kind, unit.parent, row=self.outcome.changed[unit.parent].row
            )
            self.called.setdefault((unit.parent, fold(name)), unit.number)

    def _follow_place(self, unit: Standing, above: Ended) -> None:
        heir = above.main.ref
        changed = self.outcome.changed.get(unit.number)
        row = changed.row if changed else 0
        if len(above.heirs) > 1:
            sentence = "“{name}” nằm trong “{above}” bị chia; hãy ghi một dòng cho biết đơn vị này về đâu."
            self.outcome.refuse(row, "source", sentence, name=unit.name, above=self.units[above.number].name)
        elif self.outcome.level_of(heir, self.units) not in PARENTS_OF_LEVEL[unit.level]:
            sentence = "“{name}” trực thuộc “{above}” sẽ kết thúc, nhưng “{heir}” không thể là cấp trên của đơn vị này."
            self.outcome.refuse(
                row,
                "source",
                sentence,
                name=unit.name,
                above=self.units[above.number].name,
                heir=self.outcome.name_of(heir, self.units),
            )
        else:
            self._move(unit, heir)

    def _follow_agency(self, unit: Standing, above: Ended) -> None:
        place = self.units[above.number]
        is_level = self.outcome.level_of(above.main.ref, self.units) == place.level
        changed = self.outcome.changed.get(unit.number)
        if changed is not None:
            self._move(unit, above.main.ref)
            return
        if unit.level == GROUP and not is_level:
            self._end(unit, (Heir(above.main.ref),))
            return
        renamed = self._called_by(unit.name, place, above.main.ref)
        twin = self.called.get((above.main.ref, fold(renamed)))
        if twin is not None and twin != unit.number:
            if renamed != unit.name and is_level:
                self._into_twins(unit, above)
            else:
                self._end(unit, (Heir(twin),))
        elif not is_level:
            sentence = "“{name}” của “{place}” chưa có đơn vị kế thừa; hãy ghi một dòng cho đơn vị này."
            self.outcome.refuse(0, "source", sentence, name=unit.name, place=place.name)
        elif self._names(unit.name, place):
            self._into_twins(unit, above)
        else:
            self._move(unit, above.main.ref)
            self._call(unit.number)

    def _into_twins(self, unit: Standing, above: Ended) -> None:
        """An agency called by its place goes where the place goes: into the agency of its sort of every heir."""
        self._end(unit, tuple(replace(heir, ref=self._twin(unit, above, heir.ref)) for heir in above.heirs))

    def _twin(self, unit: Standing, above: Ended, heir: Ref) -> Ref:
        place = self.units[above.number]
        name = self._called_by(unit.name, place, heir)
        known = self.called.get((heir, fold(name)))
        if known is not None:
            return known
        ref = f"twin:{heir}:{fold(name)}"
        key = self._key(heir)
        self.outcome.formed[ref] = Formed(
            ref=ref,
            name=name,
            short_name=self._called_by(unit.short_name, place, heir),
            level=unit.level,
            kind=unit.kind,
            parent=heir,
            key=unit.key.replace(place.key, key) if key and place.key in unit.key else "",
            row=above.row,
        )
        self._call(ref)
        return ref

    def _key(self, ref: Ref) -> str:
        return self.outcome.formed[ref].key if isinstance(ref, str) else self.units[ref].key

    def _names(self, name: str, place: Standing) -> bool:
        return re.search(rf"{re.escape(place.name)}\b", name, re.IGNORECASE) is not None

    def _called_by(self, name: str, place: Standing, heir: Ref) -> str:
        """A name with the place in it written as the heir is called."""
        new = self.outcome.name_of(heir, self.units)
        found = re.search(rf"{re.escape(place.name)}\b", name, re.IGNORECASE)
        if found is None:
            return name
        inner = new[:1].lower() + new[1:]
        return name[: found.start()] + (new if found.start() == 0 else inner) + name[found.end() :]

    def _move(self, unit: Standing, parent: Ref) -> None:
        known = self.outcome.changed.get(unit.number)
        if known is not None:
            self.outcome.changed[unit.number] = replace(known, parent=parent)
        else:
            self.outcome.changed[unit.number] = Changed(
                unit.number, unit.code, unit.name, unit.short_name, unit.kind, parent
            )

    def _end(self, unit: Standing, heirs: tuple[Heir, ...]) -> None:
        self.outcome.ended[unit.number] = Ended(unit.number, heirs)
        self.outcome.changed.pop(unit.number, None)

    def _end_empty_groups(self) -> None:
        """A group whose members have all ended, with no peer to stand in for any, ends with them."""
        for number, members in self.register.members.items():
            if not members or number in self.outcome.ended or number not in self.units:
                continue
            if all(one in self.outcome.ended and not is_peer(self.outcome, self.units, one) for one in members):
                place = self.outcome.parent_of(number, self.units)
                if place is not None:
                    self._end(self.units[number], (Heir(self._committee(place)),))

    def _committee(self, place: Ref) -> Ref:
        everything: list[Ref] = [*self.outcome.formed, *self.units]
        for ref in everything:
            if ref in self.outcome.ended or self.outcome.parent_of(ref, self.units) != place:
                continue
            kind = self.outcome.formed[ref].kind if isinstance(ref, str) else self.units[ref].kind
            if kind == COMMITTEE:
                return ref
        return place


def is_peer(outcome: Outcome, units: Mapping[int, Standing], number: int) -> bool:
    """Whether an ended unit's main heir stands as high as it did: power may then pass to it without growing."""
    heir = outcome.ended[number].main.ref
    ended = units[number]
    if (ended.level in ADMINISTRATIVE) != (outcome.level_of(heir, units) in ADMINISTRATIVE):
        return False
    before: Standing | None = ended
    while before is not None and before.level in (AGENCY, GROUP):
        before = units[before.parent] if before.parent is not None else None
    after: Ref | None = heir
    while after is not None and outcome.level_of(after, units) in (AGENCY, GROUP):
        after = outcome.parent_of(after, units)
    return (before.level if before else None) == (outcome.level_of(after, units) if after is not None else None)
