"""The definitions that ship with the app, read from their files and put into the register.

A file that changed makes a new version from a day; what people changed since is never overwritten.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from hieuhoc.foundation.records import clock, trail
from hieuhoc.registers.indicators import rules, selectors
from hieuhoc.registers.indicators.models import Breakdown, Definition, Family, Indicator

SHIPPED = Path(__file__).resolve().parent.parent / "data"
USUAL_START = date(2016, 1, 1)
IN_FORCE, DRAFT = "in_force", "draft"
_LISTS = ("breakdowns", "levels", "rhythms")
_FIELDS = frozenset(one.name for one in fields(rules.Definition) if one.init)


@dataclass(frozen=True)
class ShippedFamily:
    """A family and the definitions in its file, each with the state in which it ships."""

    code: str
    name: str
    name_en: str
    definitions: tuple[tuple[rules.Definition, str], ...]


@lru_cache(maxsize=4)
def shipped_families(folder: Path = SHIPPED) -> tuple[ShippedFamily, ...]:
    """The families in the order of the screen. Raises: Invalid for a definition that makes no sense."""
    told = _read(folder / "families.yaml")
    return tuple(
        ShippedFamily(
            code=one["code"],
            name=one["name"],
            name_en=one["name_en"],
            definitions=tuple(_definition(item) for item in _read(folder / f"{one['code'].lower()}.yaml")),
        )
        for one in told
    )


@lru_cache(maxsize=4)
def shipped_breakdowns(folder: Path = SHIPPED) -> Mapping[str, rules.Breakdown]:
    """The ways of breaking figures down, by code, in the order of the file. Raises: Invalid."""
    found = {}
    for one in _read(folder / "breakdowns.yaml"):
        values = tuple(rules.BreakdownValue(**value) for value in one.pop("values", []))
        found[one["code"]] = rules.Breakdown(values=values, **one)
    return found


def _definition(told: dict[str, Any]) -> tuple[rules.Definition, str]:
    given = dict(told)
    state = given.pop("status", IN_FORCE)
    if unknown := given.keys() - _FIELDS:
        raise ValueError(f"{told.get('code')}: no field is called {sorted(unknown)}")
    if state not in (IN_FORCE, DRAFT):
        raise ValueError(f"{told.get('code')}: no definition ships as {state!r}")
    for name in _LISTS:
        given[name] = tuple(given.get(name, ()))
    return rules.Definition(**{"valid_from": USUAL_START, **given}), state


def _read(path: Path) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return told


# ---- loading ---------------------------------------------------------------------------------------


@dataclass
class Loaded:
    """What a loading did, by codes: made, given a new version, a shipped draft renewed, left as people have it."""

    made: list[str] = field(default_factory=list)
    followed: list[str] = field(default_factory=list)
    renewed: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


@transaction.atomic
def load_indicators(*, by: trail.Actor = trail.HOUSE, folder: Path = SHIPPED) -> Loaded:
    """Put the shipped families, breakdowns and definitions into the register; what is there already stays.

    A definition whose file has changed is followed by another one: from the day that the file names, when that lies
    after the first day of the one before, else from today. What people changed, ended or drafted is left alone.
    """
    done = Loaded()
    _load_breakdowns(by=by, folder=folder)
    known: dict[str, list[Definition]] = {}
    for row in Definition.objects.select_related("indicator").order_by("-version"):
        known.setdefault(row.indicator.code, []).append(row)
    fresh: list[tuple[Family, rules.Definition, str]] = []
    for place, shipped in enumerate(shipped_families(folder)):
        told = {"name": shipped.name, "name_en": shipped.name_en, "position": place}
        family = Family.objects.update_or_create(code=shipped.code, defaults=told)[0]
        for one, state in shipped.definitions:
            if versions := known.get(one.code):
                _load_again(versions, one, state, by=by, done=done)
            else:
                fresh.append((family, one, state))
    _make(fresh, by=by)
    done.made = [one.code for _family, one, _state in fresh]
    return done


def _load_breakdowns(*, by: trail.Actor, folder: Path) -> None:
    known = {row.code: row for row in Breakdown.objects.all()}
    for place, one in enumerate(shipped_breakdowns(folder).values()):
        columns = {
            "name": one.name,
            "name_en": one.name_en,
            "values": [{"code": value.code, "name": value.name, "name_en": value.name_en} for value in one.values],
            "is_complete": one.is_complete,
            "is_open": one.is_open,
            "note": one.note,
            "position": place,
        }
        row = known.get(one.code)
        if row is None:
            Breakdown.objects.create(code=one.code, is_shipped=True, **columns)
        elif row.is_shipped and any(getattr(row, name) != value for name, value in columns.items()):
            Breakdown.objects.filter(pk=row.pk).update(**columns)
            trail.record(by=by, deed="indicators.breakdown.load", what=row)


def _make(fresh: list[tuple[Family, rules.Definition, str]], *, by: trail.Actor) -> None:
    indicators = Indicator.objects.bulk_create([Indicator(code=one.code, family=family) for family, one, _ in fresh])
    rows = [_row(indicator, 1, one, state) for indicator, (_family, one, state) in zip(indicators, fresh, strict=True)]
    rows = Definition.objects.bulk_create(rows)
    trail.record_many(by=by, deeds=[trail.Deed("indicators.definition.load", row) for row in rows])


def _row(indicator: Indicator, version: int, told: rules.Definition, state: str) -> Definition:
    columns: dict[str, Any] = selectors.columns_of(told)
    return Definition(indicator=indicator, version=version, state=state, is_shipped=True, **columns)


def _load_again(
    versions: list[Definition], told: rules.Definition, state: str, *, by: trail.Actor, done: Loaded
) -> None:
    """`versions` are those of the register, the latest first."""
    last = versions[0]
    if not all(row.is_shipped for row in versions):
        done.left.append(told.code)
    elif last.state == DRAFT:
        _renew(last, told, state, by=by, done=done)
    elif not _says_the_same(last, told) and state == IN_FORCE:
        _follow(last, told, by=by)
        done.followed.append(told.code)


def _says_the_same(row: Definition, told: rules.Definition) -> bool:
    """Whether a row says what a file says; one that was made on a later day keeps its day."""
    if told.valid_from > row.valid_from:
        return False
    return replace(told, valid_from=row.valid_from) == selectors.meaning_of(row)


def _renew(row: Definition, told: rules.Definition, state: str, *, by: trail.Actor, done: Loaded) -> None:
    columns: dict[str, Any] = selectors.columns_of(told) | {"state": state}
    if all(getattr(row, name) == value for name, value in columns.items()):
        return
    for name, value in columns.items():
        setattr(row, name, value)
    row.save()
    trail.record(by=by, deed="indicators.definition.load", what=row)
    done.renewed.append(told.code)


def _follow(row: Definition, told: rules.Definition, *, by: trail.Actor) -> None:
    day = told.valid_from
    if day <= row.valid_from:
        day = max(clock.today(), row.valid_from + timedelta(days=1))
    row.valid_to, row.state = day, "ended"
    row.save(update_fields=["valid_to", "state"])
    after = _row(row.indicator, row.version + 1, replace(told, valid_from=day), IN_FORCE)
    after.save()
    deeds = [trail.Deed("indicators.definition.end", row), trail.Deed("indicators.definition.load", after)]
    trail.record_many(by=by, deeds=deeds)
