"""The register of two days beside each other: what each unit of the one has become in the other, with what share."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from hieuhoc.kernel.vietnamese import fold
from hieuhoc.registers.places import rules
from hieuhoc.registers.places.models import Level, Succession, Unit, UnitVersion
from hieuhoc.registers.places.selectors.units import units_on

SAME, MOVED, CHANGED, ENLARGED, PARTED = "same", "moved", "changed", "enlarged", "parted"
MERGED, DIVIDED, ABOLISHED, ENDED, NEW = "merged", "divided", "abolished", "ended", "new"
CHANGES: Mapping[str, Promise] = {
    SAME: _("Giữ nguyên"),
    MOVED: _("Giữ nguyên, đổi cấp trên"),
    CHANGED: _("Đổi tên, loại hoặc mã"),
    ENLARGED: _("Mở rộng, giữ tên"),
    PARTED: _("Chuyển đi một phần"),
    MERGED: _("Nhập vào đơn vị khác"),
    DIVIDED: _("Chia ra"),
    ABOLISHED: _("Bỏ cấp"),
    ENDED: _("Kết thúc"),
    NEW: _("Mới lập"),
}
# With which levels a unit of each level is to be compared: an abolished district goes into what stands above it.
_BESIDE = {
    Level.HAMLET: (Level.HAMLET,),
    Level.AGENCY: (Level.AGENCY, Level.GROUP),
    Level.GROUP: (Level.GROUP, Level.AGENCY),
}
_PLACES = (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE)


@dataclass(frozen=True)
class Part:
    """A share of a unit of the earlier day, in the unit in which it is on the later one."""

    unit: UnitVersion
    share: Fraction
    is_estimated: bool

    @property
    def is_whole(self) -> bool:
        """Whether the whole of the unit is here."""
        return self.share == 1


@dataclass(frozen=True)
class Compared:
    """A unit on the earlier day, where it is on the later one, and what happened to it; without `then` it is new."""

    then: UnitVersion | None
    parts: tuple[Part, ...]
    change: str

    @property
    def change_name(self) -> Promise:
        """What happened, in words."""
        return CHANGES[self.change]


def compare(then: date, now: date, *, level: str, under: str = "", text: str = "", change: str = "") -> list[Compared]:
    """Every unit of a level on `then` with what it is on `now`, in Vietnamese order; then the units formed of none.

    `under` is the key of a unit: only what stood beneath it then or stands beneath it now. `text` looks in the names
    and codes of both days. Three queries, whatever the number of units; `attach` gives the rows that are shown what
    stands beside them.
    """
    levels = _BESIDE.get(Level(level), _PLACES)
    before = list(units_on(then, level=level).select_related(None))
    after = {row.unit_id: row for row in units_on(now).filter(level__in=levels).select_related(None)}
    passed = _passed(then, now)
    receivers = {given.heir for gone in passed.values() for given in gone}
    rows = [_compared(row, after, passed, receivers) for row in before]
    known = {row.unit_id for row in before} | {part.unit.unit_id for row in rows for part in row.parts}
    fresh = [row for row in after.values() if row.level == level and row.unit_id not in known]
    rows += [Compared(None, (Part(row, Fraction(1), False),), NEW) for row in fresh]
    above = _paths(under, (then, now)) if under else {}
    return [
        row
        for row in rows
        if (not change or row.change == change)
        and (not under or _is_under(row, above, then, now))
        and _mentions(row, fold(text).split())
    ]


def attach(rows: Iterable[Compared]) -> None:
    """Give the units of some rows their keys and the units above them, in one query for every thousand or so."""
    shown = [unit for row in rows for unit in [*([row.then] if row.then else []), *(part.unit for part in row.parts)]]
    numbers = {unit.unit_id for unit in shown} | {unit.parent_id for unit in shown if unit.parent_id}
    known = Unit.objects.in_bulk(numbers)
    for unit in shown:
        unit.unit = known[unit.unit_id]
        unit.parent = known[unit.parent_id] if unit.parent_id else None


class _Passed(NamedTuple):
    """That a share of a unit went into another on a day."""

    unit: int
    heir: int
    on: date
    over: int
    of: int
    is_estimated: bool


def _passed(then: date, now: date) -> dict[int, list[_Passed]]:
    """What passed from each unit in between, in the order of days."""
    found: dict[int, list[_Passed]] = defaultdict(list)
    rows = Succession.objects.filter(on__gt=then, on__lte=now).order_by("on", "-takes_duties", "pk")
    for row in rows.values_list("predecessor_id", "heir_id", "on", "share_over", "share_of", "is_estimated"):
        found[row[0]].append(_Passed(*row))
    return found


def _compared(
    row: UnitVersion,
    after: Mapping[int, UnitVersion],
    passed: Mapping[int, Sequence[_Passed]],
    receivers: Collection[int],
) -> Compared:
    shares = _shares(row.unit_id, passed)
    parts = tuple(
        Part(after[number], share, is_estimated) for number, (share, is_estimated) in shares.items() if number in after
    )
    return Compared(
        row, parts, _change(row, parts, after, has_parted=row.unit_id in passed, has_received=row.unit_id in receivers)
    )


def beside(units: Collection[int]) -> tuple[dict[int, list[Succession]], dict[int, list[Succession]]]:
    """What went into units and what they went into, by row number, each in the order of days; two queries."""
    before: dict[int, list[Succession]] = defaultdict(list)
    after: dict[int, list[Succession]] = defaultdict(list)
    for row in Succession.objects.filter(heir__in=units).select_related("predecessor").order_by("on", "pk"):
        before[row.heir_id].append(row)
    rows = Succession.objects.filter(predecessor__in=units).select_related("heir")
    for row in rows.order_by("on", "-takes_duties", "pk"):
        after[row.predecessor_id].append(row)
    return before, after


def _shares(number: int, passed: Mapping[int, Sequence[_Passed]]) -> dict[int, tuple[Fraction, bool]]:
    """In which units the whole of one has come to be, through however many events."""
    if number not in passed:
        return {number: (Fraction(1), False)}
    shares: dict[int, tuple[Fraction, bool]] = {}
    waiting: list[tuple[int, Fraction, bool, date]] = [(number, Fraction(1), False, date.min)]
    while waiting:
        holder, share, is_estimated, since = waiting.pop(0)
        rest = share
        for row in passed.get(holder, ()):
            if row.on < since:
                continue  # given away before this share came
            given = share * Fraction(row.over, row.of)
            rest -= given
            waiting.append((row.heir, given, is_estimated or row.is_estimated, row.on))
        if rest:
            has_parted = rest != share
            before, was_estimated = shares.get(holder, (Fraction(0), False))
            estimated = was_estimated or is_estimated or (has_parted and any(r.is_estimated for r in passed[holder]))
            shares[holder] = (before + rest, estimated)
    return dict(sorted(shares.items(), key=lambda pair: -pair[1][0]))


def _change(
    row: UnitVersion,
    parts: Sequence[Part],
    after: Mapping[int, UnitVersion],
    *,
    has_parted: bool,
    has_received: bool,
) -> str:
    if not parts:
        return ENDED
    now = after.get(row.unit_id)
    if now is None:
        if len(parts) > 1:
            return DIVIDED
        heir = parts[0].unit
        if heir.level != row.level:
            return ABOLISHED
        return ENLARGED if fold(heir.name) == fold(row.name) else MERGED
    if has_parted:
        return PARTED
    if has_received:
        return ENLARGED
    if (now.name, now.kind, now.code) != (row.name, row.kind, row.code):
        return CHANGED
    return SAME if now.parent_id == row.parent_id else MOVED


def _paths(key: str, days: Iterable[date]) -> dict[date, str]:
    found: dict[date, str] = {}
    for day in days:
        state = UnitVersion.objects.on(day).filter(unit__key=key).values_list("path", flat=True).first()
        if state:
            found[day] = state
    return found


def _is_under(row: Compared, above: Mapping[date, str], then: date, now: date) -> bool:
    stood = row.then is not None and then in above and rules.is_within(row.then.path, above[then])
    return stood or (now in above and any(rules.is_within(part.unit.path, above[now]) for part in row.parts))


def _mentions(row: Compared, words: Sequence[str]) -> bool:
    units = [part.unit for part in row.parts] + ([row.then] if row.then else [])
    told = " ".join(f"{unit.folded} {unit.code}" for unit in units)
    return all(word in told for word in words)
