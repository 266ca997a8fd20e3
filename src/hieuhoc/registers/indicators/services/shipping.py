"""The definitions that ship with the app, read from their files and put into the register.

A file that changed makes a new version from a day; what people changed since is never overwritten.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from hieuhoc.registers.indicators import rules

SHIPPED = Path(__file__).resolve().parent.parent / "data"
USUAL_START = date(2020, 1, 1)
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
