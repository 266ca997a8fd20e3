"""Bodies that offer learning: founded, told anew, ended, rearranged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify

from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.kernel.vietnamese import fold, sort_key, squeeze, write_date
from hieuhoc.programme.learning import access
from hieuhoc.programme.learning.models import Provider, Succession
from hieuhoc.programme.learning.rules import founding, kinds
from hieuhoc.programme.learning.rules.provider_columns import FEATURES
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User
    from hieuhoc.registers.places.models import Unit

# What whoever keeps a body's page may tell; the rest of its row is what was decided about it.
TOLD = (
    "address",
    "latitude",
    "longitude",
    "phone",
    "email",
    "website",
    "opening_hours",
    "programmes",
    "is_public",
    *FEATURES,
)
DECIDED = ("name", "valid_from", "decision", "decided_on", "decided_by", "licensed_to")
_LONGEST_KEY = 120
_TAKEN = {"new", "download", "upload", "rearrange"}  # words of our own addresses


@dataclass
class Register:
    """What stands in the register, read once for many bodies of one workbook: each place's bodies, and all keys.

    Good for one transaction: whoever changes a body in it forgets its place.
    """

    _keys: set[str] = field(default_factory=lambda: set(Provider.objects.values_list("key", flat=True)))
    _places: dict[int, list[Provider]] = field(default_factory=dict)

    def at(self, unit: Unit) -> list[Provider]:
        """The bodies at a place that have not ended for good, whoever asks."""
        if unit.pk not in self._places:
            ended = Provider.objects.filter(unit=unit, valid_to__lte=clock.today())
            self._places[unit.pk] = list(Provider.objects.filter(unit=unit).exclude(pk__in=ended.values("pk")))
        return self._places[unit.pk]

    def named(self, kind: str, unit: Unit, name: str) -> Provider | None:
        """The body of a kind and name at a place of which no end is known; none where there is none."""
        folded = fold(name)
        alike = (one for one in self.at(unit) if one.kind == kind and one.folded == folded and one.valid_to is None)
        return next(alike, None)

    def is_standing(self, kind: str, unit: Unit, name: str, on: date) -> bool:
        """Whether a body of the kind and name stands at a place on a day."""
        folded = fold(name)
        alike = (one for one in self.at(unit) if one.kind == kind and one.folded == folded)
        return any(one.valid_from <= on and (one.valid_to is None or one.valid_to > on) for one in alike)

    def keys(self) -> set[str]:
        """Every key that is taken."""
        return self._keys

    def add(self, provider: Provider) -> None:
        """A body has been founded."""
        self._keys.add(provider.key)
        self.at(provider.unit).append(provider)

    def forget(self, unit: Unit) -> None:
        """A body at a place has been changed."""
        self._places.pop(unit.pk, None)


@transaction.atomic
def found_provider(
    *,
    by: User,
    kind: str,
    unit: Unit,
    name: str,
    valid_from: date,
    key: str = "",
    register: Register | None = None,
    **columns: Any,
) -> Provider:
    """Enter a body in the register, from the day of its founding.

    `columns` are others of the table (`TOLD`, `DECIDED`). For a centre without a named deciding body, whoever decided
    on the day of the decision is written down. With a `register` the database is not asked what stands in it.

    Raises: Refused, Missing; Invalid with the field.
    """
    access.require_deciding(by, kind, at=unit)
    return _found(by, kind=kind, unit=unit, name=name, valid_from=valid_from, key=key, register=register, **columns)


def _found(
    by: trail.Actor,
    *,
    kind: str,
    unit: Unit,
    name: str,
    valid_from: date,
    key: str,
    register: Register | None = None,
    **columns: Any,
) -> Provider:
    name = squeeze(name)
    _check_founding(kind=kind, unit=unit, name=name, register=register)
    columns.setdefault("decided_by", "")
    if not columns["decided_by"]:
        columns["decided_by"] = _deciding_body(kind, unit, columns.get("decided_on") or valid_from)
    provider = Provider(kind=kind, unit=unit, valid_from=valid_from, **_named(name), **columns)
    provider.key = _key(key or (name if unit.short_name in name else f"{name} {unit.short_name}"), register)
    _check(provider)
    provider.save(force_insert=True)
    if register is not None:
        register.add(provider)
    trail.record(by=by, deed="learning.provider.found", what=provider, why=provider.decision)
    return provider


def _named(name: str) -> dict[str, str]:
    return {"name": name, "folded": fold(name), "sort_key": sort_key(name)[:1000]}


def _key(words: str, register: Register | None) -> str:
    stem = slugify(fold(words))[:_LONGEST_KEY].strip("-") or "co-so"
    if register is None:
        taken = _TAKEN | set(Provider.objects.filter(key__startswith=stem).values_list("key", flat=True))
    else:
        taken = register.keys()
    if stem not in taken and stem not in _TAKEN:
        return stem
    return next(key for number in range(2, len(taken) + 3) if (key := f"{stem}-{number}") not in taken)


def _check_founding(*, kind: str, unit: Unit, name: str, register: Register | None) -> None:
    if kind not in kinds.PROVIDERS:
        raise Invalid("Không có loại cơ sở này.", field="kind")
    if not unit.is_administrative:
        raise Invalid("Cơ sở đặt tại một xã, phường, thị trấn; hãy chọn nơi, không chọn cơ quan.", field="unit")
    if unit.valid_to is not None:
        sentence = "“{unit}” đã kết thúc từ ngày {day}; hãy chọn đơn vị hiện nay."
        raise Invalid(sentence, field="unit", unit=unit.name, day=write_date(unit.valid_to))
    if register is None:
        is_standing = Provider.objects.on(clock.today()).filter(unit=unit, kind=kind, folded=fold(name)).exists()
    else:
        is_standing = register.is_standing(kind, unit, name, clock.today())
    if is_standing:
        raise Invalid("Nơi này đã có một cơ sở cùng loại mang tên này.", field="name")


def _deciding_body(kind: str, unit: Unit, on: date) -> str:
    who = founding.competence(kind, on=on)
    if who is None:
        return ""
    # A centre is often older than the register of units: then what stood above its place on the register's first day.
    above = {one.level: one.name for one in places.ancestors(unit, max(on, unit.valid_from))}
    place = {**above, unit.level: unit.name}.get(who.level, "")
    return f"{who.body.removesuffix(' cấp huyện').removesuffix(' cấp xã')} {place}" if place else str(who.body)


def _check(provider: Provider) -> None:
    """Raises: Invalid with the field."""
    founding.check_place(provider.latitude, provider.longitude)
    today = clock.today()
    if provider.decided_on is not None and provider.decided_on > today:
        raise Invalid("Ngày quyết định ở sau hôm nay.", field="decided_on")
    if provider.licensed_to is not None and provider.licensed_to <= provider.valid_from:
        raise Invalid("Giấy phép phải có hiệu lực đến một ngày sau ngày thành lập.", field="licensed_to")
    if provider.valid_to is not None and provider.valid_to <= provider.valid_from:
        raise Invalid("Ngày hết hiệu lực phải sau ngày có hiệu lực.", field="valid_from")
    try:
        # The key was made to be the only one, and the days are in order: the database need not be asked.
        provider.full_clean(exclude=["folded", "sort_key", "unit"], validate_unique=False, validate_constraints=False)
    except ValidationError as problem:
        field, sentences = next(iter(problem.message_dict.items()))
        raise Invalid(sentences[0], field="" if field == "__all__" else field) from problem


def locked(provider: Provider) -> Provider:
    """The body as it stands, its row locked until the transaction ends. Raises: Conflict."""
    found = Provider.objects.select_for_update(of=("self",)).select_related("unit__parent").filter(pk=provider.pk)
    row: Provider | None = found.first()
    if row is None:
        raise Conflict("Không còn cơ sở học tập này.")
    return row


@transaction.atomic
def edit_provider(*, by: User, provider: Provider, edition: int, **columns: Any) -> Provider:
    """Tell anew what a body is and has. What was decided about it (`DECIDED`) only whoever decides may change.

    Raises: Refused, Missing; Conflict when somebody else has changed it since; Invalid with the field.
    """
    provider = locked(provider)
    access.require_editing(by, provider)
    if provider.edition != edition:
        raise Conflict("Có người vừa sửa thông tin của cơ sở này. Hãy mở lại trang rồi sửa tiếp.")
    if "name" in columns:
        columns |= _named(squeeze(columns["name"]))
    changes = {}
    for name, value in columns.items():
        if getattr(provider, name) != value:
            changes[name] = [_plain(getattr(provider, name)), _plain(value)]
            setattr(provider, name, value)
    if not changes:
        return provider
    if changes.keys() & {*DECIDED} and provider.kind == founding.CENTRE:
        access.require_deciding(by, provider.kind, at=provider.unit)
    if "valid_from" in changes and provider.posts.filter(valid_from__lt=provider.valid_from).exists():
        raise Invalid("Đã có người giữ vị trí trước ngày này.", field="valid_from")
    _check(provider)
    provider.edition += 1
    provider.save()
    for name in ("folded", "sort_key"):
        changes.pop(name, None)
    trail.record(by=by, deed="learning.provider.edit", what=provider, changes=changes)
    return provider


@transaction.atomic
def end_provider(*, by: User, provider: Provider, on: date, document: str) -> Provider:
    """A body ends on a day, and with it the posts at it. What it did stays.

    Raises: Refused, Missing; Conflict when it has ended; Invalid (field `on`).
    """
    provider = locked(provider)
    access.require_deciding(by, provider.kind, at=provider.unit)
    _end(by, provider, on=on, document=document)
    return provider


def _end(by: trail.Actor, provider: Provider, *, on: date, document: str) -> None:
    if provider.valid_to is not None:
        raise Conflict(
            "Cơ sở “{name}” đã kết thúc từ ngày {day}.", name=provider.name, day=write_date(provider.valid_to)
        )
    if on <= provider.valid_from:
        raise Invalid("Ngày kết thúc phải sau ngày thành lập.", field="on")
    provider.valid_to = on
    provider.edition += 1
    provider.save(update_fields=["valid_to", "edition"])
    provider.posts.filter(valid_to__isnull=True, valid_from__lt=on).update(valid_to=on)
    trail.record(
        by=by, deed="learning.provider.end", what=provider, why=document, changes={"valid_to": [None, on.isoformat()]}
    )


@transaction.atomic
def succeed(
    *,
    by: User,
    before: Sequence[Provider],
    after: Provider,
    manner: str,
    on: date,
    document: str,
    ends: bool = True,
) -> list[Succession]:
    """Bodies go on in another from a day; they end with it, unless a part of one only is taken out (`ends` false).

    Raises: Refused, Missing at the place of any of them; Conflict; Invalid with the field.
    """
    # In one order, so that two rearrangements cannot wait for each other.
    held = {number: locked(one) for number, one in sorted({one.pk: one for one in [*before, after]}.items())}
    after, rows = held[after.pk], [held[one.pk] for one in before]
    for one in held.values():
        access.require_deciding(by, one.kind, at=one.unit)
    if manner not in Succession.Manner.values:
        raise Invalid("Không có cách sắp xếp này.", field="manner")
    if after.valid_to is not None and after.valid_to <= on:
        raise Conflict("Cơ sở “{name}” đã kết thúc từ ngày {day}.", name=after.name, day=write_date(after.valid_to))
    founding.check_succession(
        before={one.pk for one in rows},
        after=after.pk,
        on=on,
        began=[one.valid_from for one in rows],
        after_began=after.valid_from,
    )
    made = []
    for one in rows:
        if Succession.objects.filter(before=one, after=after).exists():
            raise Conflict("“{name}” đã được ghi là nhập vào cơ sở này.", name=one.name)
        made.append(Succession.objects.create(before=one, after=after, manner=manner, on=on, document=document))
        if ends and one.valid_to != on:
            _end(by, one, on=on, document=document)
    names = ", ".join(one.name for one in rows)
    changes = {"predecessors": ["", names], "manner": ["", str(Succession.Manner(manner).label)]}
    trail.record(by=by, deed="learning.provider.succeed", what=after, why=document, changes=changes)
    return made


@transaction.atomic
def rearrange(
    *,
    by: User,
    before: Sequence[Provider],
    manner: str,
    on: date,
    document: str,
    after: Provider | None = None,
    name: str = "",
    ends: bool = True,
) -> Provider:
    """Rearrange the centres of one place: they go on in one that is kept (`after`), or in a new one of this name.

    Raises: Refused, Missing; Conflict; Invalid with the field.
    """
    if not before:
        raise Invalid("Hãy chọn ít nhất một cơ sở được sắp xếp.", field="before")
    if after is None:
        first = before[0]
        if any((one.unit_id, one.kind) != (first.unit_id, first.kind) for one in before):
            raise Invalid("Các cơ sở được sắp xếp phải cùng loại và ở cùng một nơi.", field="before")
        decided_on = min(on, clock.today())
        after = found_provider(
            by=by,
            kind=first.kind,
            unit=first.unit,
            name=name,
            valid_from=on,
            decision=document[:120],
            decided_on=decided_on,
            address=first.address,
        )
    succeed(by=by, before=before, after=after, manner=manner, on=on, document=document, ends=ends)
    return after


@transaction.atomic
def undo_succession(*, by: User, succession: Succession, why: str) -> Provider:
    """Take back what was written by mistake: the body goes on as before if it ended with it; the one after it stays.

    Raises: Refused, Missing; Conflict when its place has ended or it went into others as well.
    """
    pair = sorted((succession.before, succession.after), key=lambda one: one.pk)
    held = {one.pk: locked(one) for one in pair}
    provider, after = held[succession.before_id], held[succession.after_id]
    for one in held.values():
        access.require_deciding(by, one.kind, at=one.unit)
    others = Succession.objects.filter(before=provider).exclude(pk=succession.pk)
    if not Succession.objects.filter(pk=succession.pk).exists():
        raise Conflict("Lần sắp xếp này đã được lùi.")
    succession.delete()
    if provider.valid_to == succession.on and not others.exists():
        provider.posts.filter(valid_to=provider.valid_to).update(valid_to=None)
        provider.valid_to = None
        provider.edition += 1
        provider.save(update_fields=["valid_to", "edition"])
    changes = {"successor": [after.name, ""]}
    trail.record(by=by, deed="learning.provider.undo", what=provider, why=why, changes=changes)
    return provider


def _plain(value: Any) -> Any:
    """A value as the trail keeps it."""
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
