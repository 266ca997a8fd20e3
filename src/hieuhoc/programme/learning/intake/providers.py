"""The list of bodies that offer learning as people fill it in: new ones are founded, known ones told anew."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from hieuhoc.kernel.errors import Invalid, Missing
from hieuhoc.kernel.vietnamese import squeeze
from hieuhoc.programme.learning.intake.rows import Line, Reading, Taken, read_day, read_rows, take_in
from hieuhoc.programme.learning.models import Provider
from hieuhoc.programme.learning.rules import provider_columns as columns
from hieuhoc.programme.learning.selectors.providers import provider_by_key
from hieuhoc.programme.learning.services import providers as services
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

_WORDS = ("decision", "decided_by", "address", "phone", "email", "website", "opening_hours")


def take_in_providers(*, by: User, content: bytes, name: str, only_right: bool = False) -> Taken:
    """Found the bodies of a workbook that are new, and tell anew those that are known by their key or their name.

    With one wrong cell nothing is written, unless `only_right` is accepted. Raises: Invalid (field `file`).
    """
    lines = read_rows(content=content, name=name, headings=columns.COLUMNS, needed=columns.NEEDED)

    units: dict[str, Unit] = {}
    register = services.Register()

    def write(line: Line) -> bool:
        return _write(by, line.cells, units, register)

    return take_in(lines, write, headings=columns.COLUMNS, only_right=only_right)


def _write(by: User, cells: Mapping[str, str], units: dict[str, Unit], register: services.Register) -> bool:
    """Whether a row brought anything new."""
    reading = Reading()
    kind = reading.read(lambda: columns.read_kind(_asked(cells, "kind")))
    name = reading.read(lambda: _asked(cells, "name"))
    unit = reading.read(lambda: _unit(cells, units))
    valid_from = reading.read(lambda: read_day(_asked(cells, "valid_from"), "valid_from"))
    told = _told(cells, reading)
    reading.check()
    if kind is None or name is None or unit is None or valid_from is None:
        raise Invalid("Ô này không được để trống.", field="valid_from")
    known = _known(by, cells.get("key", ""), kind, unit, name, register)
    if known is None:
        services.found_provider(
            by=by, kind=kind, unit=unit, name=name, valid_from=valid_from, register=register, **told
        )
        return True
    if known.kind != kind:
        raise Invalid("Cơ sở mang khóa này thuộc loại khác.", field="kind")
    if known.unit_id != unit.pk:
        raise Invalid("Cơ sở mang khóa này ở nơi khác.", field="unit")
    told |= {"name": name, "valid_from": valid_from}
    before = known.edition
    is_new = services.edit_provider(by=by, provider=known, edition=before, **told).edition != before
    if is_new:
        register.forget(unit)
    return is_new


def _asked(cells: Mapping[str, str], column: str) -> str:
    text = squeeze(cells.get(column, ""))
    if not text:
        raise Invalid("Ô này không được để trống.", field=column)
    return text


def _unit(cells: Mapping[str, str], known: dict[str, Unit]) -> Unit:
    """The unit of a row; `known` keeps those that rows before it named."""
    key = _asked(cells, "unit")
    if key not in known:
        try:
            known[key] = places.unit_by_key(key)
        except Missing as problem:
            raise Invalid("Không có đơn vị mang mã này.", field="unit") from problem
    return known[key]


def _known(by: User, key: str, kind: str, unit: Unit, name: str, register: services.Register) -> Provider | None:
    if key:
        try:
            return provider_by_key(by, key)
        except Missing as problem:
            raise Invalid(
                "Không có cơ sở mang khóa này trong phạm vi của bạn. Để trống khi là cơ sở mới.", field="key"
            ) from problem
    # Whether `by` may change it is asked when it is changed.
    return register.named(kind, unit, name)


def _told(cells: Mapping[str, str], reading: Reading) -> dict[str, Any]:
    """What the columns that the workbook has say; a column that it leaves out is not touched."""
    told: dict[str, Any] = {name: cells[name] for name in _WORDS if name in cells}
    readers: dict[str, Callable[[str, str], Any]] = dict.fromkeys(columns.FEATURES, columns.read_answer)
    readers |= dict.fromkeys(("decided_on", "licensed_to"), read_day)
    readers |= dict.fromkeys(("latitude", "longitude"), columns.read_degrees)
    for name, reader in readers.items():
        if name in cells:
            told[name] = reading.read(partial(reader, cells[name], name))
    return told
