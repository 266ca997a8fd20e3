"""How bodies that offer learning follow a reorganisation of units: they go on at the heir, and so does what is to come.

A body that stood in an ended unit stands in its main heir from then on; what it held before keeps the unit in which it
was held, and counts there. A class that had not been held yet will be held in the heir. Two centres that meet in one
commune both go on until the commune rearranges them: its desk says how many there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from hieuhoc.foundation.records import trail
from hieuhoc.foundation.records.trail import Actor, Deed
from hieuhoc.kernel.errors import Conflict
from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.programme.learning.models import Activity, Provider
from hieuhoc.registers.places import selectors as places
from hieuhoc.registers.places.services import Followed, Journal, Line, Turn

PROVIDER, CLASSES = gettext_noop("Cơ sở học tập"), gettext_noop("Lớp, chuyên đề chưa học")
PASSED = gettext_noop("chuyển sang đơn vị kế thừa")
_BATCH = 400
_PART = 4000


@dataclass(frozen=True)
class _LearningFollower:
    """Bodies that stand in ended units, and their activities that have not been held."""

    name: str = "learning"

    def follow(self, *, by: Actor, turn: Turn) -> Followed:
        """Let every body that stands in an ended unit stand in its main heir, with what it has yet to hold."""
        units = places.units_by_number({*turn.passings, *(passing.heir for passing in turn.passings.values())})
        rows = _standing(turn)
        journal = []
        lines, deeds = [], []
        for row in rows:
            old, heir = row.unit_id, turn.passings[row.unit_id].heir
            journal.append([row.pk, old, heir])
            row.unit = units[heir]
            lines.append(Line(PROVIDER, row.name, old, heir, PASSED))
            changes = {"unit": [units[old].name, units[heir].name]}
            deeds.append(Deed("learning.provider.follow", row, turn.document, changes))
        Provider.objects.bulk_update(rows, ["unit"], batch_size=_BATCH)
        moved, more = _pass_classes(turn)
        trail.record_many(by=by, deeds=deeds)
        return Followed([*lines, *more], {"providers": journal, "activities": moved, "last": _last_activity()})

    def take_back(self, *, by: Actor, turn: Turn, journal: Journal) -> None:
        """Put every body back into the unit where it stood.

        Raises: Conflict when one was rearranged or ended since, was founded at an heir, or has a new class there.
        """
        rows = {row.pk: row for row in _locked([number for number, _old, _heir in journal["providers"]])}
        _check_nothing_new(turn, journal, rows)
        units = places.units_by_number({old for _number, old, _heir in journal["providers"]})
        for number, old, _heir in journal["providers"]:
            rows[number].unit = units[old]
        Provider.objects.bulk_update(rows.values(), ["unit"], batch_size=_BATCH)
        for number, old, heir in journal["activities"]:
            Activity.objects.filter(pk=number, unit=heir).update(unit=old)
        why = _("Lùi cuộc sắp xếp đơn vị")
        trail.record_many(by=by, deeds=[Deed("learning.provider.take_back", row, why) for row in rows.values()])


follower = _LearningFollower()


def _standing(turn: Turn) -> list[Provider]:
    """The bodies in ended units that have not ended before the event, locked."""
    found: list[Provider] = []
    for part in _parts(turn.passings):
        rows = Provider.objects.select_for_update(of=("self",)).select_related("unit").filter(unit__in=part)
        found += rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=turn.on)).order_by("pk")
    return found


def _locked(numbers: Iterable[int]) -> list[Provider]:
    found: list[Provider] = []
    for part in _parts(numbers):
        rows = Provider.objects.select_for_update(of=("self",)).select_related("unit")
        found += rows.filter(pk__in=part).order_by("pk")
    return found


def _parts(numbers: Iterable[int]) -> Iterable[list[int]]:
    ordered = sorted(numbers)
    return (ordered[start : start + _PART] for start in range(0, len(ordered), _PART))


def _pass_classes(turn: Turn) -> tuple[list[list[int]], list[Line]]:
    """What has not been held before the event will be held, and count, in the heir; one line for each ended unit."""
    moved: list[list[int]] = []
    counts: dict[int, int] = {}
    for part in _parts(turn.passings):
        rows = Activity.objects.select_for_update().filter(unit__in=part).exclude(state="cancelled")
        rows = rows.filter(Q(held_on__isnull=True) | Q(held_on__gte=turn.on)).order_by("pk")
        for number, unit in rows.values_list("pk", "unit"):
            moved.append([number, unit, turn.passings[unit].heir])
            counts[unit] = counts.get(unit, 0) + 1
    for unit in counts:
        heir = turn.passings[unit].heir
        for part in _parts(number for number, old, _heir in moved if old == unit):
            Activity.objects.filter(pk__in=part).update(unit=heir)
    names = places.units_by_number(counts)
    lines = [
        Line(CLASSES, names[unit].name, unit, turn.passings[unit].heir, PASSED, detail=str(count))
        for unit, count in sorted(counts.items())
    ]
    return moved, lines


def _last_activity() -> int:
    last = Activity.objects.order_by("-pk").first()
    return last.pk if last else 0


# ---- taking back -------------------------------------------------------------------------------------


def _check_nothing_new(turn: Turn, journal: Journal, rows: Mapping[int, Provider]) -> None:
    for number, _old, heir in journal["providers"]:
        row = rows.get(number)
        if row is None or row.unit_id != heir or (row.valid_to is not None and row.valid_to >= turn.on):
            raise _worked_on(row, turn)
    fresh = Activity.objects.filter(pk__gt=journal["last"], provider__in=list(rows)).select_related("provider")
    if (one := fresh.first()) is not None:
        raise _worked_on(one.provider, turn)
    begun = _begun(turn)
    founded = Provider.objects.filter(unit__in=begun).exclude(pk__in=list(rows)).first()
    if founded is not None:
        raise _worked_on(founded, turn)


def _begun(turn: Turn) -> Sequence[int]:
    """The heirs that the event itself formed: they go when it is taken back."""
    units: Mapping[int, Any] = places.units_by_number({passing.heir for passing in turn.passings.values()})
    return [number for number, unit in units.items() if unit.valid_from == turn.on]


def _worked_on(one: Provider | None, turn: Turn) -> Conflict:
    sentence = "Cơ sở “{name}” đã được làm tiếp sau cuộc sắp xếp ngày {day}; không thể lùi."
    return Conflict(sentence, name=one.name if one else "", day=write_date(turn.on))
