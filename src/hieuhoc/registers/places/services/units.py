"""Deeds on one unit: it begins, is called otherwise, moves, ends.

Who may do this is asked by the caller (`accounts`): places lie below accounts and know no user.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.kernel.vietnamese import fold, squeeze
from hieuhoc.registers.places import rules
from hieuhoc.registers.places.models import Kind, Membership, Unit, UnitAlias, UnitVersion
from hieuhoc.registers.places.services import versions

_TOLD = ("name", "short_name", "code", "kind")


@transaction.atomic
def create_unit(
    *,
    by: trail.Actor,
    name: str,
    level: str,
    kind: str,
    parent: Unit | None,
    valid_from: date,
    short_name: str = "",
    code: str = "",
    document: str = "",
    aliases: Sequence[str] = (),
    key: str = "",
) -> Unit:
    """Begin the life of a unit.

    Raises: Invalid (with the field) for an empty name, a kind or parent that does not fit the level, a day to come,
        a parent that does not stand on that day, a code that another unit holds, or a key that is taken.
    """
    name = _named(name)
    if parent is not None:
        # Locked, so that it does not end meanwhile.
        parent = Unit.objects.select_for_update(of=("self",)).get(pk=parent.pk)
    rules.check_place(level=level, kind=kind, parent_level=parent.level if parent else None)
    if valid_from > clock.today():
        raise Invalid(_("Ngày có hiệu lực chưa đến; hãy ghi thay đổi khi đến ngày."), field="valid_from")
    _check_parent(parent, on=valid_from)
    code = _free_code(code, holder=None, start=valid_from)
    unit = Unit(
        key=_free_key(key, name=name, parent=parent),
        name=name,
        short_name=squeeze(short_name) or rules.bare_name(name, kind_label=str(Kind(kind).label)),
        code=code,
        level=level,
        kind=kind,
        parent=parent,
        valid_from=valid_from,
        valid_to=None,
    )
    versions.begin([unit], documents={unit.key: document})
    changes = {name: ["", getattr(unit, name)] for name in _TOLD} | {"parent": ["", str(parent or "")]}
    trail.record(by=by, deed="places.unit.create", what=unit, why=document, changes=changes)
    for other in aliases:
        add_alias(by=by, unit=unit, name=other, on=valid_from)
    return unit


@transaction.atomic
def change_unit(
    *,
    by: trail.Actor,
    unit: Unit,
    on: date,
    document: str = "",
    name: str | None = None,
    short_name: str | None = None,
    code: str | None = None,
    kind: str | None = None,
    parent: Unit | None = None,
) -> Unit:
    """Give a unit, from `on`, another name, code, kind or parent; what is not given stays as it is.

    With another parent everything beneath the unit comes along. A change on the day of the last one corrects it.

    Raises: Invalid (with the field) when nothing changes, when the day is to come or lies before an earlier change,
        or when name, code, kind or parent cannot be; Conflict when the unit would stand beneath itself.
    """
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    before = _told(unit)
    if name is not None:
        unit.name = _named(name)
    if kind is not None:
        unit.kind = kind
    if short_name is not None or name is not None or kind is not None:
        given = squeeze(short_name or "")
        unit.short_name = given or rules.bare_name(unit.name, kind_label=str(Kind(unit.kind).label))
    if code is not None:
        unit.code = _free_code(code, holder=unit, start=on)
    moved = [unit]
    if parent is not None and parent.pk != unit.parent_id:
        moved = _moved(unit, parent, on=on)
    rules.check_place(level=unit.level, kind=unit.kind, parent_level=unit.parent.level if unit.parent else None)
    changes = {field: [before[field], value] for field, value in _told(unit).items() if before[field] != value}
    if not changes:
        raise Invalid(_("Không có gì thay đổi."))
    versions.change(moved, on=on, document=document)
    if len(moved) > 1 or parent is not None:
        versions.settle_present_paths()
    trail.record(by=by, deed="places.unit.change", what=unit, why=document, changes=changes | {"on": ["", f"{on}"]})
    return unit


def rename_unit(
    *, by: trail.Actor, unit: Unit, name: str, on: date, short_name: str | None = None, document: str = ""
) -> Unit:
    """Give a unit another name from `on`; documents and searches still find it under the old one.

    Raises: as `change_unit`.
    """
    return change_unit(by=by, unit=unit, on=on, name=name, short_name=short_name, document=document)


def move_unit(*, by: trail.Actor, unit: Unit, parent: Unit, on: date, document: str = "") -> Unit:
    """Place a unit, with everything beneath it, under another one from `on`.

    Raises: as `change_unit`.
    """
    return change_unit(by=by, unit=unit, on=on, parent=parent, document=document)


@transaction.atomic
def end_unit(*, by: trail.Actor, unit: Unit, on: date, why: str, document: str = "") -> Unit:
    """End the life of a unit: `on` is the first day on which it is no more. It is never deleted.

    Raises: Invalid without a reason or for a day that cannot be; Conflict while units beneath it go on.
    """
    if not why.strip():
        raise Invalid(_("Hãy ghi lý do."), field="why")
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    going_on = Unit.objects.on(on).filter(parent=unit).count()
    if going_on:
        raise Conflict(
            _("Còn %(count)d đơn vị trực thuộc đang hoạt động; hãy kết thúc hoặc chuyển các đơn vị đó trước.")
            % {"count": going_on}
        )
    versions.end(unit, on=on, document=document)
    Membership.objects.on(on).filter(member=unit, valid_from__lt=on).update(valid_to=on)
    trail.record(by=by, deed="places.unit.end", what=unit, why=why, changes={"valid_to": ["", f"{on}"]})
    return unit


@transaction.atomic
def add_alias(*, by: trail.Actor, unit: Unit, name: str, on: date) -> UnitAlias:
    """Let a unit be known, from `on`, by another name as well.

    Raises: Invalid (field `name`) for an empty name or one it has already.
    """
    name = _named(name)
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    if name in (unit.name, unit.short_name) or unit.aliases.filter(name=name, valid_to__isnull=True).exists():
        raise Invalid(_("Đơn vị đã có tên này."), field="name")
    alias = UnitAlias.objects.create(unit=unit, name=name, folded=fold(name), valid_from=on)
    unit.searched = rules.searched_text([*unit.searched.split(" | "), name])
    unit.save(update_fields=["searched"])
    trail.record(by=by, deed="places.unit.add_alias", what=unit, changes={"alias": ["", name]})
    return alias


@transaction.atomic
def end_alias(*, by: trail.Actor, alias: UnitAlias, on: date) -> UnitAlias:
    """Let a unit no longer be known by another name; `on` is the first day without it.

    Search goes on finding the unit by it, as by every former name; only linking of names stops.

    Raises: Invalid for a day not after the alias began; Conflict when it has ended already.
    """
    if on <= alias.valid_from:
        raise Invalid(_("Ngày hết hiệu lực phải sau ngày có hiệu lực."), field="on")
    if not UnitAlias.objects.filter(pk=alias.pk, valid_to__isnull=True).update(valid_to=on):
        raise Conflict(_("Tên khác này đã hết hiệu lực."))
    alias.valid_to = on
    trail.record(by=by, deed="places.unit.end_alias", what=alias.unit, changes={"alias": [alias.name, ""]})
    return alias


def _named(name: str) -> str:
    name = squeeze(name)
    if not name:
        raise Invalid(_("Hãy ghi tên đơn vị."), field="name")
    if len(name) > 255:
        raise Invalid(_("Tên đơn vị dài quá 255 ký tự."), field="name")
    return name


def _check_parent(parent: Unit | None, *, on: date) -> None:
    if parent is not None and not parent.holds_on(on):
        raise Invalid(_("Đơn vị cấp trên không tồn tại vào ngày đã chọn."), field="parent")


def _free_code(code: str, *, holder: Unit | None, start: date) -> str:
    code = squeeze(code)
    if code:
        later = UnitVersion.objects.filter(code=code).exclude(valid_to__lte=start)
        if holder is not None:
            later = later.exclude(unit=holder)
        if later.exists():
            raise Invalid(_("Mã số chính thức này đang thuộc một đơn vị khác."), field="code")
    return code


def _free_key(key: str, *, name: str, parent: Unit | None) -> str:
    if key:
        if Unit.objects.filter(key=key).exists():
            raise Invalid(_("Khóa này đã có đơn vị khác dùng."), field="key")
        return key
    stem = rules.key_for([name, parent.key if parent else ""], taken=())
    taken = set(Unit.objects.filter(key__startswith=stem).values_list("key", flat=True))
    return rules.key_for([stem], taken=taken)


def _moved(unit: Unit, parent: Unit, *, on: date) -> list[Unit]:
    """The unit and everything beneath it that goes on, with their paths under the new parent."""
    parent = Unit.objects.get(pk=parent.pk)
    _check_parent(parent, on=on)
    beneath = Unit.objects.select_for_update().on(on).filter(path__startswith=unit.path).exclude(pk=unit.pk)
    moved = [unit, *beneath]
    root = unit.path
    for one in moved:
        one.path = rules.moved_path(one.path, root=root, parent_path=parent.path)
    unit.parent = parent
    return moved


def _told(unit: Unit) -> dict[str, Any]:
    return {field: getattr(unit, field) for field in _TOLD} | {"parent": unit.parent.name if unit.parent else ""}
