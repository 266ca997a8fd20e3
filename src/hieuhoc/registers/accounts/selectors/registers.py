"""The register of units line by line, as it leaves the house in a file and comes back into it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hieuhoc.kernel.vietnamese import fold, write_date
from hieuhoc.registers.places import selectors as places
from hieuhoc.registers.places.selectors import comparing

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import Succession, Unit, UnitSize, UnitVersion

# The columns of the file in their order, by what they hold.
UNIT_COLUMNS: dict[str, Promise] = {
    "key": _("Khóa"),
    "code": _("Mã số"),
    "name": _("Tên"),
    "short_name": _("Tên ngắn"),
    "level": _("Cấp"),
    "kind": _("Loại"),
    "parent_code": _("Mã cấp trên"),
    "parent": _("Trực thuộc"),
    "valid_from": _("Từ ngày"),
    "valid_to": _("Đến ngày"),
    "document": _("Văn bản"),
    "people": _("Dân số"),
    "households": _("Số hộ"),
    "area_ha": _("Diện tích (ha)"),
    "size_on": _("Quy mô tại ngày"),
    "size_estimated": _("Ước tính"),
    "size_source": _("Nguồn quy mô"),
    "predecessors": _("Tiền thân"),
    "heirs": _("Kế thừa"),
}
# What a file may bring in; the rest is only told by it.
IMPORTED_COLUMNS: tuple[str, ...] = (
    "key",
    "code",
    "name",
    "short_name",
    "level",
    "kind",
    "parent_code",
    "valid_from",
    "document",
    "people",
    "households",
    "area_ha",
    "size_on",
    "size_estimated",
    "size_source",
)
_CHUNK = 2000


@dataclass(frozen=True)
class UnitLine:
    """A unit on a day with its size and whom it came from and went to, as a file tells it.

    `parent_code` is the code of the unit above, or its key where it has none.
    """

    key: str
    code: str
    name: str
    short_name: str
    level: str
    kind: str
    parent_code: str
    parent: str
    valid_from: date
    valid_to: date | None
    document: str
    people: int | None
    households: int | None
    area_ha: int | None
    size_on: date | None
    size_estimated: str
    size_source: str
    predecessors: str
    heirs: str


def unit_lines(found: QuerySet[UnitVersion], *, on: date) -> Iterator[UnitLine]:
    """The units of a list as lines of a file; a handful of queries for every two thousand of them."""
    rows = found.select_related("unit", "parent").iterator(chunk_size=_CHUNK)
    while part := list(islice(rows, _CHUNK)):
        numbers = [row.unit_id for row in part]
        before, after = comparing.beside(numbers)
        sizes = places.sizes_on(on, numbers)
        for row in part:
            gone = [one for one in before.get(row.unit_id, ()) if one.on <= on]
            yield _line(row, sizes.get(row.unit_id), gone, after.get(row.unit_id, ()))


def _line(
    row: UnitVersion, size: UnitSize | None, before: Sequence[Succession], after: Sequence[Succession]
) -> UnitLine:
    return UnitLine(
        key=row.unit.key,
        code=row.code,
        name=row.name,
        short_name=row.short_name,
        level=str(row.get_level_display()),
        kind=str(row.get_kind_display()),
        parent_code=(row.parent.code or row.parent.key) if row.parent else "",
        parent=row.parent.name if row.parent else "",
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        document=row.document,
        people=size.people if size else None,
        households=size.households if size else None,
        area_ha=size.area_ha if size else None,
        size_on=size.on if size else None,
        size_estimated="x" if size and size.is_estimated else "",
        size_source=size.source if size else "",
        predecessors="; ".join(f"{one.predecessor.name} ({write_date(one.on)})" for one in before),
        heirs="; ".join(f"{one.heir.name} ({write_date(one.on)})" for one in after),
    )


_STEPS_BACK = 5  # events through which a name that somebody looks for is followed


def former_words(units: Iterable[Unit], *, text: str = "") -> dict[int, str]:
    """Of which units each is the heir, in words: "trước 01/07/2025: Xã A, Xã B"; by row number.

    Where somebody looks for `text`, the names that hold its words are told, from earlier events too when the last
    ones have none such. Beyond three names the rest is only counted.
    """
    words = fold(text).split()
    known = {unit.pk: unit for unit in units}
    rows = places.former_names(known.values())
    told = {number: former_word(known[number], gone) for number, gone in rows.items()}
    if words:
        told |= _named_so(rows, words)
    return told


def former_word(unit: Unit, gone: Sequence[Succession]) -> str:
    """Of which units one is the heir by its last event, in words; nothing for a unit that took over from none.

    Those that stood as high are told: what a province took over from its abolished districts is on its page.
    """
    last = max((row.on for row in gone), default=None)
    if last is None:
        return ""
    before = [row.predecessor for row in gone if row.on == last]
    peers = [one for one in before if one.level == unit.level] or before
    return _before(last, [one.name for one in peers])


def _named_so(gone: Mapping[int, Sequence[Succession]], words: Sequence[str]) -> dict[int, str]:
    """For each unit the predecessors whose names hold the words, of its latest event that has some."""
    told: dict[int, str] = {}
    for _step in range(_STEPS_BACK):
        still: dict[int, Sequence[Succession]] = {}
        for number, rows in gone.items():
            found = [row for row in rows if _holds(row.predecessor.name, words)]
            if found:
                last = max(row.on for row in found)
                told[number] = _before(last, [row.predecessor.name for row in found if row.on == last])
            else:
                still[number] = rows
        if not still:
            break
        earlier = places.former_names(row.predecessor for rows in still.values() for row in rows)
        gone = {
            number: before
            for number, rows in still.items()
            if (before := [one for row in rows for one in earlier.get(row.predecessor_id, ())])
        }
    return told


def _holds(name: str, words: Sequence[str]) -> bool:
    folded = fold(name)
    return all(word in folded for word in words)


def _before(day: date, names: Sequence[str]) -> str:
    listed = list(dict.fromkeys(names))
    if not listed:
        return ""
    more = gettext(" và %(count)d đơn vị khác") % {"count": len(listed) - 3} if len(listed) > 3 else ""
    return gettext("trước %(day)s: %(names)s") % {"day": write_date(day), "names": ", ".join(listed[:3]) + more}
