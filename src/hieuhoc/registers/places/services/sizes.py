"""How large units are: entered, corrected and taken out again, each with its source.

Who may do this is asked by the caller (`accounts`): places lie below accounts and know no user.
"""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.vietnamese import squeeze
from hieuhoc.registers.places.models import Unit, UnitSize

_FIGURES = ("people", "households", "area_ha")


@transaction.atomic
def record_size(
    *,
    by: trail.Actor,
    unit: Unit,
    on: date,
    source: str,
    people: int | None = None,
    households: int | None = None,
    area_ha: int | None = None,
    is_estimated: bool = False,
) -> UnitSize:
    """Enter how large a unit was on a day, or correct what is on file for that day. What is not known stays empty.

    Units: people, households, hectares.
    Raises: Invalid (with the field) without any figure or source, for a day to come or one on which the unit did not
        stand.
    """
    figures = {"people": people, "households": households, "area_ha": area_ha}
    if all(value is None for value in figures.values()):
        raise Invalid(_("Hãy ghi ít nhất một trong dân số, số hộ, diện tích."), field="people")
    for name, value in figures.items():
        if value is not None and not 0 <= value <= 10**12:
            raise Invalid(_("Số liệu quy mô phải là số nguyên không âm."), field=name)
    if not squeeze(source):
        raise Invalid(_("Hãy ghi nguồn của số liệu."), field="source")
    if on > clock.today():
        raise Invalid(_("Ngày của số liệu chưa đến."), field="on")
    unit = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
    if not unit.holds_on(on):
        raise Invalid(_("Đơn vị này không tồn tại vào ngày đã chọn."), field="on")
    size = UnitSize.objects.filter(unit=unit, on=on).first() or UnitSize(unit=unit, on=on)
    before = _told(size)
    for name, value in figures.items():
        setattr(size, name, value)
    size.is_estimated, size.source = is_estimated, squeeze(source)[:255]
    size.save()
    changes = {name: [was, now] for (name, was), now in zip(before.items(), _told(size).values(), strict=True)}
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if changes:
        trail.record(by=by, deed="places.unit.record_size", what=unit, changes=changes | {"on": ["", f"{on}"]})
    return size


@transaction.atomic
def remove_size(*, by: trail.Actor, size: UnitSize, why: str) -> None:
    """Take out figures that were entered for a wrong day or unit; the trail keeps them.

    Raises: Invalid without a reason.
    """
    if not why.strip():
        raise Invalid(_("Hãy ghi lý do."), field="why")
    changes = {name: [value, ""] for name, value in _told(size).items()} | {"on": [f"{size.on}", ""]}
    trail.record(by=by, deed="places.unit.remove_size", what=size.unit, why=why.strip(), changes=changes)
    size.delete()


def _told(size: UnitSize) -> dict[str, int | str | bool]:
    told: dict[str, int | str | bool] = {}
    for name in _FIGURES:
        value = getattr(size, name)
        told[name] = "" if value is None else value
    return told | {"size_source": size.source, "is_estimated": size.is_estimated}
