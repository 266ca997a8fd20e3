"""The real reorganisations that ship with the app, carried out on the register one after the other.

They are law already: the house prepares and approves them itself, each on its own day, with its document. What is
not known for sure (a day, a number) is said in the event's note; the rows are data and can be corrected.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.vietnamese import write_date
from hieuhoc.registers.places import rules
from hieuhoc.registers.places.models import Reorganisation, Unit, UnitVersion
from hieuhoc.registers.places.services import loading, reorganisations

EVENTS = "events.yaml"


@dataclass(frozen=True)
class Shipped:
    """One real event as the files describe it. `loads` are files of units that the register must know before it."""

    slug: str
    title: str
    effective_on: date
    document_number: str
    document_on: date | None
    document_issuer: str
    note: str
    loads: tuple[str, ...]
    rows: Path


@lru_cache(maxsize=8)
def shipped_events(folder: Path = loading.SHIPPED) -> tuple[Shipped, ...]:
    """The real events, in the order of their days."""
    told = yaml.safe_load((folder / EVENTS).read_text(encoding="utf-8"))
    return tuple(sorted((_shipped(one, folder) for one in told), key=lambda one: one.effective_on))


def execute_shipped(
    *, until: date, by: trail.Actor = trail.HOUSE, progress: Callable[[str], None] = lambda step: None
) -> list[Reorganisation]:
    """Carry out the real events up to a day that have not been carried out yet, each wholly or not at all.

    In a demonstration its clock goes along: each event happens on its day, and in the end the clock stands on `until`.
    What it stopped in the middle of goes on where it stopped when it is called again.

    Raises: Invalid when the day lies in the future, or an event does not fit the register.
    """
    if not clock.may_stand_on(until):
        raise Invalid("Ngày {day} chưa đến.", day=write_date(until))
    done = []
    for shipped in shipped_events():
        if shipped.effective_on > until or _is_done(shipped) or not _concerns_register(shipped):
            continue
        progress(f"{write_date(shipped.effective_on)}: {shipped.title}")
        with clock.pinned(reorganisations.noon_of(shipped.effective_on)):
            done.append(_execute(shipped, by=by))
        clock.stand_on(shipped.effective_on)
    clock.stand_on(until)
    loading.load_sizes(by=by)
    return done


def _execute(shipped: Shipped, *, by: trail.Actor) -> Reorganisation:
    loading.load_units(by=by, files=shipped.loads)
    event = Reorganisation.objects.filter(slug=shipped.slug).first()
    if event is None:
        event = reorganisations.prepare_reorganisation(
            by=trail.HOUSE,
            slug=shipped.slug,
            title=shipped.title,
            effective_on=shipped.effective_on,
            document_number=shipped.document_number,
            document_on=shipped.document_on,
            document_issuer=shipped.document_issuer,
            note=shipped.note,
        )
    if event.state == "discarded":
        event = reorganisations.restore_reorganisation(by=by, event=event)
    if event.state == "draft":
        if not event.rows.exists():
            reorganisations.set_rows(by=trail.HOUSE, event=event, rows=_rows_here(shipped))
        event = reorganisations.submit_reorganisation(by=trail.HOUSE, event=event)
    if event.state == "submitted":
        event = reorganisations.approve_reorganisation(by=trail.HOUSE, event=event)
    if event.state == "approved":
        event = reorganisations.execute_reorganisation(by=by, event=event)
    return event


def read_shipped_rows(path: Path) -> Iterator[rules.Row]:
    """The rows of a shipped file."""
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(line for line in lines if not line.startswith("#")):
            yield rules.Row(
                act=row["act"],
                source=row["source"],
                source_name=row["source_name"],
                target=row["target"],
                target_name=row["target_name"],
                target_kind=row["target_kind"],
                target_level=row["target_level"],
                target_parent=row["target_parent"],
                target_key=row["target_key"],
                share=row["share"],
                is_estimated=row["estimated"] == "x",
                takes_duties=row["duties"] == "x",
                note=row["note"],
            )


def _rows_here(shipped: Shipped) -> list[rules.Row]:
    """The rows of an event without those of agencies that this register has never held: it may know places only."""
    rows = list(read_shipped_rows(shipped.rows))
    keys = {row.source for row in rows if "-" in row.source}
    known = set(Unit.objects.filter(key__in=keys).values_list("key", flat=True))
    return [row for row in rows if row.source not in keys - known]


def _is_done(shipped: Shipped) -> bool:
    return Reorganisation.objects.filter(slug=shipped.slug, state="executed").exists()


def _concerns_register(shipped: Shipped) -> bool:
    """Whether the register holds anything that the event begins from: a province may have loaded only itself."""
    sources = [row.source for row in read_shipped_rows(shipped.rows) if row.source][:200]
    # On the eve: on the day itself a register may have begun with what the event made.
    standing = UnitVersion.objects.on(shipped.effective_on - timedelta(days=1))
    return bool(standing.filter(code__in=sources).exists() or standing.filter(unit__key__in=sources).exists())


def _shipped(told: Mapping[str, Any], folder: Path) -> Shipped:
    document = told.get("document") or {}
    return Shipped(
        slug=told["slug"],
        title=told["title"],
        effective_on=told["effective_on"],
        document_number=document.get("number") or "",
        document_on=document.get("issued_on"),
        document_issuer=document.get("issuer") or "",
        note=told.get("note") or "",
        loads=tuple(told.get("loads") or ()),
        rows=folder / told["rows"],
    )
