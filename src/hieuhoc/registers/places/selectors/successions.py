"""Reading reorganisations, who took over from whom, and how large units were. Open to every user, as the register."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from hieuhoc.kernel.errors import Missing
from hieuhoc.registers.places import rules
from hieuhoc.registers.places.models import (
    Kind,
    Membership,
    Reorganisation,
    ReorganisationRow,
    Succession,
    Unit,
    UnitSize,
    UnitVersion,
)

_PART = 5000
# What an event did, line by line, and its journal are long: they are read where they are shown.
_LONG = ("reorganisation__account", "reorganisation__journal")


def reorganisations() -> QuerySet[Reorganisation]:
    """Every reorganisation, the latest day first, with `size`, the number of its rows."""
    return Reorganisation.objects.annotate(size=Count("rows")).defer("account", "journal")


def reorganisation(pk: int) -> Reorganisation:
    """One reorganisation. Raises: Missing."""
    found = Reorganisation.objects.filter(pk=pk).first()
    if found is None:
        raise Missing(_("Không tìm thấy cuộc sắp xếp này."))
    return found


def rows_of(event: Reorganisation) -> list[ReorganisationRow]:
    """The rows of an event in their order."""
    return list(event.rows.order_by("position"))


def row_values(row: ReorganisationRow) -> rules.Row:
    """A stored row as the rules take it."""
    return rules.Row(**{field: getattr(row, field) for field, _heading in rules.COLUMNS})


def successions_of(unit: Unit) -> list[Succession]:
    """What a unit went into, the main heir of each day first."""
    rows = unit.successions.select_related("heir", "heir__parent", "reorganisation")
    return list(rows.defer(*_LONG))


def inheritances_of(unit: Unit) -> list[Succession]:
    """What went into a unit, in Vietnamese order of each day."""
    rows = unit.inheritances.select_related("predecessor", "predecessor__parent", "reorganisation")
    return list(rows.defer(*_LONG).order_by("on", "predecessor__sort_key", "predecessor_id"))


def main_heir(unit: Unit) -> Unit | None:
    """The living unit that has the duties of an ended one, through however many events; None when there is none."""
    found = Unit.objects.filter(pk=unit.pk).first()
    while found is not None and found.valid_to is not None:
        row = Succession.objects.filter(predecessor=found, takes_duties=True).select_related("heir").first()
        found = row.heir if row else None
    return found


def predecessors_of(units: Iterable[int]) -> set[int]:
    """The units (by row number) whose duties have come to these, through however many events, on the same level."""
    found: set[int] = set()
    fresh = set(units)
    while fresh:
        rows = Succession.objects.filter(heir__in=fresh, takes_duties=True, predecessor__level=F("heir__level"))
        fresh = set(rows.values_list("predecessor_id", flat=True)) - found
        found |= fresh
    return found


def everything_above(units: Iterable[Unit]) -> set[int]:
    """The units (by row number) above some units, themselves included: today, and in their predecessors' time.

    One query where nothing has been reorganised.
    """
    own = list(units)
    above = {number for unit in own for number in rules.path_numbers(unit.path)}
    found = predecessors_of(above)
    if not found:
        return above
    before = Unit.objects.filter(pk__in=predecessors_of(unit.pk for unit in own))
    above |= {number for path in before.values_list("path", flat=True) for number in rules.path_numbers(path)}
    return above | predecessors_of(above)


def living_heirs(units: Iterable[int]) -> dict[int, int]:
    """For each unit (by row number) the living one that has its duties: itself while it lives; none left out."""
    wanted = set(units)
    ended = set(Unit.objects.filter(pk__in=wanted, valid_to__isnull=False).values_list("pk", flat=True))
    heirs = {number: number for number in wanted}
    fresh = ended
    while fresh:
        step = dict(
            Succession.objects.filter(predecessor__in=fresh, takes_duties=True).values_list("predecessor_id", "heir_id")
        )
        for number, at in list(heirs.items()):
            if at in fresh and at in step:
                heirs[number] = step[at]
            elif at in fresh:
                del heirs[number]
        fresh = set(Unit.objects.filter(pk__in=set(step.values()), valid_to__isnull=False).values_list("pk", flat=True))
    return heirs


def heirs_on(units: Iterable[int], day: date) -> dict[int, int]:
    """For each unit (by row number) the one that has its duties on a day: itself until it has ended; none left out."""
    heirs = {number: number for number in units}
    fresh = set(heirs)
    while fresh:
        ended = set(Unit.objects.filter(pk__in=fresh, valid_to__lte=day).values_list("pk", flat=True))
        rows = Succession.objects.filter(predecessor__in=ended, takes_duties=True, on__lte=day) if ended else ()
        step = {row.predecessor_id: row.heir_id for row in rows}
        for number, at in list(heirs.items()):
            if at in step:
                heirs[number] = step[at]
            elif at in ended:
                del heirs[number]
        fresh = set(step.values())
    return heirs


def former_names(units: Iterable[Unit]) -> dict[int, list[Succession]]:
    """What went wholly or in part into each unit, by its row number, in one query: "trước 1/7/2025: xã A, xã B"."""
    found: dict[int, list[Succession]] = defaultdict(list)
    wanted = [unit.pk for unit in units]
    rows = Succession.objects.filter(heir__in=wanted).select_related("predecessor")
    for row in rows.order_by("on", "predecessor__sort_key", "predecessor_id"):
        found[row.heir_id].append(row)
    return dict(found)


def sizes_of(unit: Unit) -> list[UnitSize]:
    """How large a unit was, the latest day first."""
    return list(unit.sizes.order_by("-on"))


def sizes_on(day: date, units: Collection[int]) -> dict[int, UnitSize]:
    """The last known size of each unit (by row number) up to a day."""
    found: dict[int, UnitSize] = {}
    for row in UnitSize.objects.filter(unit__in=units, on__lte=day).order_by("on"):
        found[row.unit_id] = row
    return found


def register_on(day: date, *, written: Collection[str] = ()) -> rules.Register:
    """The whole register as the rules of a reorganisation take it, on a day before the event.

    `written` are the codes and keys that its rows name; of those that nobody holds on the day it is told who held
    them at another time.
    """
    columns = ("unit_id", "unit__key", "code", "name", "short_name", "level", "kind", "parent_id", "valid_from", "path")
    rows = UnitVersion.objects.on(day).values_list(*columns, "valid_to").order_by("unit_id")
    units = [rules.Standing(*row) for row in rows.iterator(chunk_size=_PART)]
    members: dict[int, list[int]] = defaultdict(list)
    for group, member in Membership.objects.on(day).values_list("group_id", "member_id"):
        members[group].append(member)
    known = {unit.code for unit in units} | {unit.key for unit in units}
    return rules.Register(
        units=units,
        kind_labels={kind.value: str(kind.label) for kind in Kind},
        members=dict(members),
        elsewhen=_elsewhen([one for one in dict.fromkeys(written) if one and one not in known]),
    )


def _elsewhen(written: Sequence[str]) -> dict[str, list[rules.Once]]:
    found: dict[str, list[rules.Once]] = defaultdict(list)
    for start in range(0, len(written), _PART):
        part = written[start : start + _PART]
        rows = UnitVersion.objects.filter(Q(code__in=part) | Q(unit__key__in=part)).select_related("unit")
        for row in rows.order_by("valid_from"):
            for name in {row.code, row.unit.key} & set(part):
                found[name].append(rules.Once(row.name, row.valid_from, row.valid_to))
    return dict(found)
