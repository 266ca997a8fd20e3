"""Units and their sizes out of a file: all of it or nothing, each row judged by the register itself.

The check is the import itself, undone: what it finds wrong is exactly what the register would refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from hieuhoc.foundation.records import clock
from hieuhoc.foundation.ui.forms import DateField
from hieuhoc.foundation.ui.wording import say
from hieuhoc.kernel.errors import Conflict, HouseError, Invalid, Missing, Refused
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.accounts.services.units import create_unit, record_size
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.places.models import Unit

Read = TypeVar("Read")
MOST_ROWS = 3000
_DIGITS = {"province": 2, "district": 3, "commune": 5}  # of an official code, which a spreadsheet takes for a number
_FIGURES = ("people", "households", "area_ha")
# What the services call a field, and the column of the file in which it stands.
_COLUMN_OF = {"parent": "parent_code", "on": "size_on", "source": "size_source"}


@dataclass(frozen=True)
class Fault:
    """Why a row cannot be taken in: which row of those given, which column, the reason in the reader's language."""

    place: int
    column: str
    reason: str


@dataclass
class Import:
    """What a file brings, or would bring: new units, sizes, and what is wrong with it."""

    units: list[Unit] = field(default_factory=list)
    sizes: list[tuple[Unit, date]] = field(default_factory=list)
    same: int = 0
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True)
class _Size:
    on: date
    source: str
    people: int | None
    households: int | None
    area_ha: int | None
    is_estimated: bool


def try_import(*, by: User, rows: Sequence[Mapping[str, str]]) -> Import:
    """What these rows would bring, found out by bringing them in and leaving nothing of it."""
    with transaction.atomic():
        brought = _bring(by, rows)
        transaction.set_rollback(True)
    return brought


@transaction.atomic
def import_units(*, by: User, rows: Sequence[Mapping[str, str]]) -> Import:
    """Enter the units and sizes of a file. Nothing is ever ended, renamed or taken out by it.

    Raises: Invalid when a row cannot be taken in; nothing is then entered.
    """
    brought = _bring(by, rows)
    if brought.faults:
        raise Invalid("Tệp có {count} chỗ chưa đúng; chưa nhập gì.", field="file", count=len(brought.faults))
    return brought


def _bring(by: User, rows: Sequence[Mapping[str, str]]) -> Import:
    brought = Import()
    if len(rows) > MOST_ROWS:
        raise Invalid("Mỗi tệp nhập nhiều nhất {most} dòng. Hãy chia tệp.", field="file", most=MOST_ROWS)
    seen: dict[str, int] = {}
    for place, row in enumerate(rows):
        try:
            with transaction.atomic():
                _bring_row(by, row, place, brought, seen)
        except _SeveralFaults as several:
            brought.faults += [_fault(place, error) for error in several.errors]
        except Invalid as error:
            brought.faults.append(_fault(place, error))
        except (Refused, Missing, Conflict) as error:
            brought.faults.append(Fault(place, "parent_code", _outside(error)))
    return brought


class _SeveralFaults(Exception):
    """A row with more than one wrong cell: all are told at once."""

    def __init__(self, errors: Sequence[Invalid]) -> None:
        super().__init__()
        self.errors = errors


class _Cells:
    """The cells of one row, read one after the other; what is wrong with each is gathered."""

    def __init__(self) -> None:
        self.errors: list[Invalid] = []

    def read(self, reader: Callable[[], Read]) -> Read | None:
        """What a cell says; None when it is wrong."""
        try:
            return reader()
        except Invalid as error:
            self.errors.append(error)
            return None

    def done(self) -> None:
        """Raises: _SeveralFaults when a cell was wrong."""
        if self.errors:
            raise _SeveralFaults(self.errors)


def _fault(place: int, error: Invalid) -> Fault:
    return Fault(place, _COLUMN_OF.get(error.field, error.field), say(error))


def _outside(error: HouseError) -> str:
    return say(error) if isinstance(error, Conflict) else _("Đơn vị này ngoài phạm vi bạn được sửa.")


def _bring_row(by: User, row: Mapping[str, str], place: int, brought: Import, seen: dict[str, int]) -> None:
    cells = _Cells()
    level = cells.read(lambda: _choice(row.get("level", ""), places.level_choices(), "level", needed=False)) or ""
    code = _code(row.get("code", ""), level)
    size = cells.read(lambda: _size(row))
    before = len(cells.errors)
    unit = cells.read(lambda: _known(row.get("key", ""), code, row))
    if len(cells.errors) > before:
        cells.done()  # it is not known which unit is meant: nothing else can be said of the row
    once = unit.key if unit else "\n".join((fold(row.get("name", "")), row.get("parent_code", "")))
    if once in seen:
        raise Invalid("Đơn vị này đã có ở dòng khác của tệp.", field="name")
    seen[once] = place
    if unit is None:
        unit = _create(by, row, level, code, cells)
        brought.units.append(unit)
    else:
        cells.done()
        if size is None or _is_on_file(unit, size):
            brought.same += 1
            return
    if size is not None:
        _record(by, unit, size)
        brought.sizes.append((unit, size.on))


def _record(by: User, unit: Unit, size: _Size) -> None:
    record_size(
        by=by,
        unit=unit,
        on=size.on,
        source=size.source,
        people=size.people,
        households=size.households,
        area_ha=size.area_ha,
        is_estimated=size.is_estimated,
    )


def _is_on_file(unit: Unit, size: _Size) -> bool:
    known = unit.sizes.filter(on=size.on).first()
    return known is not None and size == _Size(
        known.on, known.source, known.people, known.households, known.area_ha, known.is_estimated
    )


def _known(key: str, code: str, row: Mapping[str, str]) -> Unit | None:
    """The unit on file that a row speaks of, by its key or else by the code it holds today."""
    unit: Unit | None = None
    if key:
        try:
            unit = places.unit_by_key(key)
        except Missing as error:
            raise Invalid("Không có đơn vị mang khóa “{key}”.", field="key", key=key) from error
    elif code:
        try:
            unit = places.unit_by_code(code, on=clock.today()).unit
        except Missing:
            return None
    if unit is not None and row.get("name") and fold(row["name"]) not in {fold(unit.name), fold(unit.short_name)}:
        sentence = "Trong danh mục, đơn vị này là “{name}”. Muốn đổi tên hãy dùng trang Đổi tên, mã số."
        raise Invalid(sentence, field="name", name=unit.name)
    return unit


def _create(by: User, row: Mapping[str, str], level: str, code: str, cells: _Cells) -> Unit:
    for column in ("name", "level", "kind", "parent_code", "valid_from"):
        if not row.get(column):
            cells.errors.append(Invalid("Đơn vị mới cần ghi ô này.", field=column))
    kind = cells.read(lambda: _choice(row.get("kind", ""), places.kind_choices(), "kind", needed=False))
    start = cells.read(lambda: _day(row["valid_from"], "valid_from")) if row.get("valid_from") else None
    parent = cells.read(lambda: _parent(row["parent_code"], start or clock.today())) if row.get("parent_code") else None
    name = row.get("name", "")
    if parent is not None and parent.children.filter(folded=fold(name), valid_to__isnull=True).exists():
        sentence = "“{parent}” đã có đơn vị tên này; hãy ghi khóa của nó."
        cells.errors.append(Invalid(sentence, field="name", parent=parent.name))
    cells.done()
    if parent is None or start is None or kind is None:
        raise TypeError("a row without a fault has a parent, a day and a kind")
    return create_unit(
        by=by,
        name=name,
        short_name=row.get("short_name", ""),
        level=level,
        kind=kind,
        parent=parent,
        code=code,
        valid_from=start,
        document=row.get("document", ""),
    )


def _parent(written: str, start: date) -> Unit:
    for code in dict.fromkeys((written, *(written.zfill(width) for width in _DIGITS.values() if written.isdigit()))):
        try:
            return places.unit_by_code(code, on=start).unit
        except Missing:
            continue
    try:
        return places.unit_by_key(written)
    except Missing as error:
        sentence = "Không có đơn vị mang mã hoặc khóa “{code}” vào ngày bắt đầu."
        raise Invalid(sentence, field="parent_code", code=written) from error


def _code(written: str, level: str) -> str:
    return written.zfill(_DIGITS[level]) if written.isdigit() and level in _DIGITS else written


def _choice(written: str, choices: Sequence[tuple[str, str]], column: str, *, needed: bool) -> str:
    if not written and not needed:
        return ""
    wanted = fold(written)
    for code, name in choices:
        if wanted in {fold(code), fold(name)}:
            return code
    listed = ", ".join(name for _code, name in choices)
    raise Invalid("“{text}” không có trong danh sách: {listed}.", field=column, text=written, listed=listed)


def _size(row: Mapping[str, str]) -> _Size | None:
    figures = {name: _number(row.get(name, ""), name) for name in _FIGURES}
    if all(value is None for value in figures.values()):
        return None
    if not row.get("size_on"):
        raise Invalid("Có số liệu quy mô thì phải ghi ngày của số liệu.", field="size_on")
    return _Size(
        on=_day(row["size_on"], "size_on"),
        source=row.get("size_source", ""),
        people=figures["people"],
        households=figures["households"],
        area_ha=figures["area_ha"],
        is_estimated=fold(row.get("size_estimated", "")) in {"x", "co", "1"},
    )


def _number(written: str, column: str) -> int | None:
    """A whole number as it is written here: 12.345. Nothing written is not known, and not zero."""
    if not written:
        return None
    groups = written.split(".")
    is_grouped = len(groups) > 1 and len(groups[0]) <= 3 and all(len(group) == 3 for group in groups[1:])
    digits = "".join(groups) if is_grouped else written
    if not digits.isdecimal() or len(digits) > 12:
        raise Invalid("“{text}” không phải số nguyên. Hãy viết như 12.345.", field=column, text=written)
    return int(digits)


def _day(written: str, column: str) -> date:
    try:
        day: date = DateField().clean(written)
    except ValidationError as error:
        raise Invalid("“{text}” không phải ngày. Hãy viết như 05/09/2026.", field=column, text=written) from error
    return day
