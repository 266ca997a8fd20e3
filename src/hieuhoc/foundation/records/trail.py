"""Writing and proving the trail, and the one way in which a row moves from state to state."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

from django.conf import settings
from django.db import models, transaction
from django.db.models import QuerySet
from django.utils import translation

from hieuhoc.foundation.records import chain, clock
from hieuhoc.foundation.records.models import Entry, TrailHead
from hieuhoc.kernel.errors import Conflict
from hieuhoc.kernel.states import Machine


class Actor(Protocol):
    """Whoever does a deed: a user, or the house itself."""

    @property
    def actor_key(self) -> str: ...

    @property
    def actor_name(self) -> str: ...


@dataclass(frozen=True)
class House:
    """The house itself, where no person acts: opening an occurrence, loading a register."""

    actor_key: str = "house"
    actor_name: str = "Hệ thống"


HOUSE = House()


@dataclass(frozen=True)
class Deed:
    """An entry about to be written."""

    deed: str
    what: models.Model
    why: str = ""
    changes: dict[str, Any] = field(default_factory=dict)
    at: datetime | None = None


def record(
    *,
    by: Actor,
    deed: str,
    what: models.Model,
    why: str = "",
    changes: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> Entry:
    """Write one line of history. `changes` holds plain values: {"field": [before, after]}.

    Raises: TypeError or ValueError for a value that no database keeps as it is.
    """
    return record_many(by=by, deeds=[Deed(deed, what, why, changes or {}, at)])[0]


def record_many(*, by: Actor, deeds: Iterable[Deed]) -> list[Entry]:
    """Write many lines of history at once, in the order given. Within `gathered` they get their numbers at its end."""
    now = clock.now()
    # The trail speaks one language, whatever that of the page on which the deed was done.
    with translation.override(settings.LANGUAGE_CODE):
        entries = [_entry(by, deed, now) for deed in deeds]
    held = _held_back.get()
    if held is None:
        _write(entries)
    else:
        held.extend(entries)
    return entries


def _entry(by: Actor, deed: Deed, now: datetime) -> Entry:
    return Entry(
        at=deed.at or now,
        actor=by.actor_key,
        actor_name=by.actor_name[:200],
        deed=deed.deed,
        subject_type=deed.what._meta.label_lower,
        subject_key=str(deed.what.pk),
        subject_name=str(deed.what)[:300],
        why=deed.why,
        changes=_plain(deed.changes),
    )


_held_back: ContextVar[list[Entry] | None] = ContextVar("lines of history that wait", default=None)


@contextmanager
def gathered() -> Iterator[list[Entry]]:
    """Hold every line that is written inside back until the end, so that the head of the trail is locked last.

    Every other deed locks the rows that it changes, and then the head. One of many parts that wrote lines between
    them would hold the head while it waits for a row, and whoever holds the row waits for the head: neither goes on.
    The lines of what fails are dropped; whoever rolls back inside clears the list.
    """
    around = _held_back.get()
    lines: list[Entry] = []
    token = _held_back.set(lines)
    try:
        yield lines
    finally:
        _held_back.reset(token)
    if around is None:
        _write(lines)
    else:
        around.extend(lines)


# Without a savepoint of its own: a deed whose line cannot be written must not stand either.
@transaction.atomic(savepoint=False)
def _write(entries: Sequence[Entry]) -> None:
    head = TrailHead.objects.select_for_update().get_or_create(pk=1)[0]
    for entry in entries:
        entry.number, entry.previous_digest = head.number + 1, head.digest
        entry.digest = chain.digest_of(entry, instant=_instant(entry.at))
        head.number, head.digest = entry.number, entry.digest
    if entries:
        Entry.objects.bulk_create(entries, batch_size=500)
        TrailHead.objects.filter(pk=head.pk).update(number=head.number, digest=head.digest)


def last_number() -> int:
    """The number of the last line; 0 while there is none."""
    return TrailHead.objects.values_list("number", flat=True).first() or 0


def last_digest() -> str:
    """The digest of the last line of the trail; empty while there is none. No two states of a house share one."""
    head = TrailHead.objects.filter(pk=1).first()
    return head.digest if head else ""


def history(what: models.Model) -> QuerySet[Entry]:
    """The history of one row, newest first."""
    return Entry.objects.filter(subject_type=what._meta.label_lower, subject_key=str(what.pk))


@transaction.atomic
def move(
    *,
    by: Actor,
    row: models.Model,
    machine: Machine,
    deed: str,
    why: str = "",
    changes: dict[str, Any] | None = None,
    at: datetime | None = None,
    field: str = "state",
) -> Entry:
    """Move a row from its state to the next, and write the line of history that says so.

    The change is made only if the row is still in the state in which it was read: of two people who
    press at once, one wins and the other is told.

    Raises: Conflict when the move does not exist from here, or somebody else was quicker;
        Invalid when the move needs a reason and none is given.
    """
    before = getattr(row, field)
    after = machine.after(deed, state=before, why=why)
    rows = row._meta.default_manager
    if rows is None:
        raise TypeError(f"{row._meta.label} has no manager")
    if not rows.filter(pk=row.pk, **{field: before}).update(**{field: after}):
        raise Conflict("Người khác vừa xử lý việc này trước bạn một bước. Hãy tải lại trang để xem trạng thái mới.")
    setattr(row, field, after)
    label = row._meta.label_lower
    return record(
        by=by,
        deed=f"{label}.{deed}",
        what=row,
        why=why,
        changes={field: [before, after]} | (changes or {}),
        at=at,
    )


def verify() -> tuple[int, str] | None:
    """The number of the first broken entry and what is wrong with it; None when the whole trail holds."""
    broken = chain.first_broken(_links())
    if broken is not None:
        return broken
    head = TrailHead.objects.filter(pk=1).first() or TrailHead(pk=1)
    last = Entry.objects.order_by("-number").first()
    number, digest = (last.number, last.digest) if last else (0, chain.FIRST)
    if head.number > number:
        return number + 1, "thiếu dòng này và các dòng sau (bị cắt đuôi)"
    if head.number < number:
        return head.number + 1, "dòng này không do phần mềm ghi (đầu nhật ký chưa tới)"
    return None if head.digest == digest else (number, "không khớp với đầu nhật ký")


def _links() -> Iterator[tuple[chain.Link, str]]:
    for entry in Entry.objects.order_by("number").iterator(chunk_size=2000):
        yield entry, _instant(entry.at)


def _plain(changes: dict[str, Any]) -> dict[str, Any]:
    """The changes as every database gives them back, so that their digest holds: text as keys, 2.0 as 2."""
    plain: dict[str, Any] = json.loads(json.dumps(changes, allow_nan=False), parse_float=_number)
    return plain


def _number(written: str) -> int | float:
    number = float(written)
    return int(number) if number.is_integer() else number


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
