"""Reading the register as it was on any day. The register is open to every user: no read here asks who asks.

Two sorts of answers: `UnitVersion` rows say what a unit was on a day; `Unit` rows say which unit it is (with its last
state). Both give `name`, `code`, `kind`, `path`; `version.unit` leads from one to the other.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, CharField, Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.lookups import StartsWith
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hieuhoc.kernel.errors import Missing
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.registers.places import rules
from hieuhoc.registers.places.models import Kind, Level, Membership, Unit, UnitVersion

ADMINISTRATIVE_LEVELS: tuple[str, ...] = rules.ADMINISTRATIVE
ALL_LEVELS: tuple[str, ...] = rules.LEVELS


def _order_of_levels(column: str) -> Case:
    steps = (When(**{column: level}, then=Value(place)) for place, level in enumerate(rules.LEVELS))
    return Case(*steps, default=Value(-1), output_field=IntegerField())


_ORDER_OF_LEVELS = _order_of_levels("level")
_ORDER_OF_PARENTS = _order_of_levels("parent__level")


class Beneath(StartsWith):
    """`path__beneath`: the path begins with another and goes on.

    SQLite is given a range: its LIKE, deaf to case, uses no index.
    """

    param_pattern = "%s_%%"

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, values = self.process_lhs(compiler, connection)
        after = self.rhs[:-1] + chr(ord(self.rhs[-1]) + 1)
        return f"({column} > %s AND {column} < %s)", [*values, self.rhs, *values, after]


CharField.register_lookup(Beneath, "beneath")


def units_on(day: date, *, level: str | None = None, under: Unit | UnitVersion | None = None) -> QuerySet[UnitVersion]:
    """The units that stood on `day`, as they were then, in Vietnamese order; optionally of one level, beneath one unit.

    `under` is a unit (as it stood on `day`) or its version; the unit itself is not among the answers.
    """
    found: QuerySet[UnitVersion] = UnitVersion.objects.on(day).select_related("unit", "parent")
    if level is not None:
        found = found.filter(level=level)
    if under is not None:
        above = under if isinstance(under, UnitVersion) else state_on(under, day)
        found = found.filter(path__beneath=above.path)
    return found.order_by("sort_key", "unit_id")


Branch = tuple[int, str, str, str, str, int | None]
"""A unit of a subtree as plain values: row number, code, name, level, kind, row number of the unit above."""


def subtree_on(day: date, *, under: Unit | UnitVersion, level: str | None = None) -> list[Branch]:
    """Everything beneath a unit on a day, as plain values, in Vietnamese order: for thousands of units at once.

    From the versions alone: to join the units for their keys, PostgreSQL reads the whole register.
    """
    above = under if isinstance(under, UnitVersion) else state_on(under, day)
    rows = UnitVersion.objects.on(day).filter(path__beneath=above.path, **({"level": level} if level else {}))
    columns = ("unit_id", "code", "name", "level", "kind", "parent_id")
    return list(rows.order_by("sort_key", "unit_id").values_list(*columns))


def unit_by_key(key: str) -> Unit:
    """The unit with this key.

    Raises: Missing.
    """
    unit: Unit | None = Unit.objects.select_related("parent").filter(key=key).first()
    if unit is None:
        raise Missing(_("Không tìm thấy đơn vị này."))
    return unit


def unit_or_none(key: str) -> Unit | None:
    """The unit with this key, if there is one."""
    return Unit.objects.filter(key=key).first()


def unit_by_code(code: str, *, on: date) -> UnitVersion:
    """The unit that held an official code on a day. On another day the same code may be another unit's.

    Raises: Missing.
    """
    held: QuerySet[UnitVersion] = UnitVersion.objects.on(on).filter(code=code).exclude(code="")
    found = held.select_related("unit", "parent").first()
    if found is None:
        raise Missing(_("Không có đơn vị mang mã %(code)s vào ngày đã chọn.") % {"code": code})
    return found


def state_on(unit: Unit, day: date) -> UnitVersion:
    """What a unit was on a day.

    Raises: Missing when it did not exist then.
    """
    states: QuerySet[UnitVersion] = UnitVersion.objects.on(day).filter(unit=unit)
    found = states.select_related("unit", "parent").first()
    if found is None:
        raise Missing(_("Đơn vị này không tồn tại vào ngày đã chọn."))
    return found


def units_by_number(numbers: Iterable[int]) -> dict[int, Unit]:
    """Units by their row number, in one query."""
    return Unit.objects.select_related("parent").in_bulk(list(numbers))


def find_units(text: str, *, on: date, levels: Sequence[str] | None = None, limit: int = 20) -> list[Unit]:
    """Units that stood on `on` and whose present, former or other name holds every word of `text`, marks or none.

    Names that begin with the text come first, then higher levels, then Vietnamese order. An official code finds too.
    """
    words = fold(text).split()
    if not words:
        return []
    found = Unit.objects.on(on).select_related("parent")
    if levels is not None:
        found = found.filter(level__in=list(levels))
    holds = Q()
    for word in words:
        holds &= Q(searched__contains=word)
    whole = " ".join(words)
    rank = Case(
        When(Q(code=whole) | Q(folded=whole), then=Value(0)),
        When(Q(searched__startswith=whole) | Q(searched__contains=f"| {whole}"), then=Value(1)),
        When(searched__contains=whole, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    ranked = found.filter(holds | Q(code=whole)).annotate(rank=rank, step=_ORDER_OF_LEVELS, above=_ORDER_OF_PARENTS)
    return list(ranked.order_by("rank", "step", "above", "sort_key", "id")[:limit])


def filtered_units(
    *, on: date, text: str = "", level: str = "", kind: str = "", under: Unit | UnitVersion | None = None
) -> QuerySet[UnitVersion]:
    """The list of the register on a day: words without marks, one level, one kind, beneath one unit; higher first."""
    found = units_on(on, level=level or None, under=under)
    if kind:
        found = found.filter(kind=kind)
    for word in fold(text).split():
        found = found.filter(Q(unit__searched__contains=word) | Q(code=word))
    return found.annotate(step=_ORDER_OF_LEVELS).order_by("step", "sort_key", "unit_id")


def tree_children(parent: Unit | None, on: date, *, levels: Sequence[str] | None = None) -> QuerySet[UnitVersion]:
    """The units right beneath `parent` on a day (at the top for None), places first, then agencies, then groups.

    Each has `beneath`, the number of units right beneath it on that day.
    """
    count = Count("unit__children_versions", filter=Q(unit__children_versions__valid_from__lte=on) & _open_on(on))
    found: QuerySet[UnitVersion] = UnitVersion.objects.on(on).filter(parent=parent).select_related("unit", "parent")
    if levels is not None:
        found = found.filter(level__in=list(levels))
    return found.annotate(beneath=count, step=_ORDER_OF_LEVELS).order_by("step", "sort_key", "unit_id")


def _open_on(day: date) -> Q:
    return Q(unit__children_versions__valid_to__isnull=True) | Q(unit__children_versions__valid_to__gt=day)


def ancestors(unit: Unit | UnitVersion, on: date) -> list[UnitVersion]:
    """The units above one on a day, from the top down, itself not included."""
    state = unit if isinstance(unit, UnitVersion) else state_on(unit, on)
    numbers = rules.path_numbers(state.path)[:-1]
    found = {row.unit_id: row for row in UnitVersion.objects.on(on).filter(unit__in=numbers).select_related("unit")}
    return [found[number] for number in numbers if number in found]


def place_of(unit: Unit) -> Unit | None:
    """The province, district, commune or hamlet to which a unit belongs: itself when it is one."""
    if unit.is_administrative:
        return unit
    above = Unit.objects.filter(pk__in=rules.path_numbers(unit.path), level__in=ADMINISTRATIVE_LEVELS)
    return max(above, key=lambda found: len(found.path), default=None)


def committee_of(place: Unit, *, on: date) -> Unit | None:
    """The People's Committee of an administrative unit on a day."""
    found = UnitVersion.objects.on(on).filter(parent=place, kind=Kind.UY_BAN).select_related("unit").first()
    return found.unit if found else None


def last_day(unit: Unit) -> date:
    """The last day of a unit's life; for one that goes on or has not begun, the day it began."""
    return unit.valid_to - timedelta(days=1) if unit.valid_to else unit.valid_from


def life(unit: Unit) -> list[UnitVersion]:
    """What a unit has been, newest first.

    A version in which only something above the unit changed (its district came under another province) is folded
    into the one before it: nothing of its own was different.
    """
    told: list[UnitVersion] = []
    for version in unit.versions.select_related("parent").order_by("valid_from"):
        last = told[-1] if told else None
        if last is not None and _own(last) == _own(version):
            last.valid_to = version.valid_to
        else:
            told.append(version)
    return told[::-1]


def _own(version: UnitVersion) -> tuple[str, str, str, str, str, int | None]:
    return version.name, version.short_name, version.code, version.level, version.kind, version.parent_id


def members(group: Unit, *, on: date) -> list[Unit]:
    """The units that a group stands for on a day, in Vietnamese order; none for a unit that is no group."""
    return members_of([group], on=on)[group.pk]


def members_of(groups: Iterable[Unit], *, on: date) -> dict[int, list[Unit]]:
    """The members of many groups at once, by the group's row number, in one query."""
    found: dict[int, list[Unit]] = {group.pk: [] for group in groups}
    rows = Membership.objects.on(on).filter(group__in=found).select_related("member", "member__parent")
    for row in rows.order_by("member__sort_key", "member_id"):
        if row.member.holds_on(on):
            found[row.group_id].append(row.member)
    return found


def holders(unit: Unit, *, on: date) -> list[Unit]:
    """Those who hold what is given to a unit: the members of a group, otherwise the unit itself.

    A group whose members are not on file stands for itself.
    """
    return holders_of([unit], on=on)[unit.pk]


def holders_of(units: Iterable[Unit], *, on: date) -> dict[int, list[Unit]]:
    """The holders of many units at once, by row number, in at most one query."""
    given = list(units)
    groups = [unit for unit in given if unit.is_group]
    known = members_of(groups, on=on) if groups else {}
    return {unit.pk: known.get(unit.pk) or [unit] for unit in given}


def groups_of(unit: Unit, *, on: date) -> list[Unit]:
    """The groups in which a unit is on a day."""
    rows = Membership.objects.on(on).filter(member=unit).select_related("group").order_by("group__sort_key")
    return [row.group for row in rows if row.group.holds_on(on)]


def aliases_of(unit: Unit, *, on: date) -> list[str]:
    """The other names by which a unit is known on a day."""
    return list(unit.aliases.on(on).order_by("id").values_list("name", flat=True))


@dataclass(frozen=True)
class Census:
    """How many units of each level and kind there are on a day."""

    levels: dict[str, int]
    kinds: dict[tuple[str, str], int]


def counts_on(day: date, *, under: Unit | UnitVersion | None = None) -> Census:
    """How many units of each level, and of each (level, kind), stand on a day."""
    rows = units_on(day, under=under).order_by().values_list("level", "kind").annotate(number=Count("pk"))
    kinds = {(level, kind): number for level, kind, number in rows}
    levels: Counter[str] = Counter(dict.fromkeys(rules.LEVELS, 0))
    for (level, _kind), number in kinds.items():
        levels[level] += number
    return Census(levels=dict(levels), kinds=kinds)


EXPORT_HEADINGS = (
    gettext_lazy("Khóa"),
    gettext_lazy("Mã số"),
    gettext_lazy("Tên"),
    gettext_lazy("Tên ngắn"),
    gettext_lazy("Cấp"),
    gettext_lazy("Loại"),
    gettext_lazy("Trực thuộc"),
    gettext_lazy("Từ ngày"),
    gettext_lazy("Đến ngày"),
    gettext_lazy("Văn bản"),
)
ExportRow = tuple[str, str, str, str, str, str, str, date, date | None, str]


def export_rows(on: date, *, found: QuerySet[UnitVersion] | None = None) -> Iterator[ExportRow]:
    """The register on a day, a row for each unit in the order of `EXPORT_HEADINGS`, for a workbook.

    `found` limits the rows to a list made by `filtered_units`.
    """
    rows = filtered_units(on=on) if found is None else found
    for row in rows.iterator(chunk_size=2000):
        yield (
            row.unit.key,
            row.code,
            row.name,
            row.short_name,
            str(Level(row.level).label),
            str(Kind(row.kind).label),
            row.parent.name if row.parent else "",
            row.valid_from,
            row.valid_to,
            row.document,
        )


def level_choices() -> list[tuple[str, str]]:
    """Code and name of every level, for a form."""
    return [(level.value, str(level.label)) for level in Level]


def kind_choices() -> list[tuple[str, str]]:
    """Code and name of every kind, for a form."""
    return [(kind.value, str(kind.label)) for kind in Kind]
