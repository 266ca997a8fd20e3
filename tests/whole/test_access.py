"""Every address, as every role, within one's units and outside them: one table of expected answers, `access.yaml`.

An address that the table does not name fails. `HIEUHOC_WRITE_TABLES=1` adds a first row for it from what happens now:
read each number of it before it is committed.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from pytest_django import DjangoDbBlocker

from hieuhoc.registers.accounts.models import User
from tests.whole.stage import Things, make_stage

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("access.yaml")
# Addresses of others' apps: they are asked about as one, by their own tests.
NOT_OURS = ("admin:", "mfa_", "account_", "socialaccount_")
# What an address's own words stand for, unless its row says otherwise.
USUAL = {"pk": "user", "grant_pk": "grant", "secret": "secret", "token": "calendar", "task": "draft_task"}


@dataclass(frozen=True)
class Address:
    """A named address and the words in it."""

    name: str
    words: tuple[str, ...]


def addresses() -> list[Address]:
    """Every named address of the house, in its order."""
    return [found for found in _walk(get_resolver(), ()) if not found.name.startswith(NOT_OURS)]


def _walk(resolver: URLResolver, spaces: tuple[str, ...]) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield Address(":".join([*spaces, pattern.name]), tuple(pattern.pattern.converters))


def table() -> dict[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = yaml.safe_load(TABLE.read_text(encoding="utf-8")) or {}
    return rows


@dataclass(frozen=True)
class Stage:
    """Who asks, and about what."""

    people: dict[str, User | None]
    inside: Things
    outside: Things


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    """Built once, in a transaction that is undone; each question is undone as well."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast, inside, outside = make_stage()
        people: dict[str, User | None] = {"anonymous": None, **cast.people}
        yield Stage(people, inside, outside)
        transaction.set_rollback(True)


def test_every_address_is_in_the_table_and_the_table_names_no_other() -> None:
    names = {address.name for address in addresses()}
    if os.environ.get("HIEUHOC_WRITE_TABLES") != "1":
        assert sorted(names - set(table())) == [], "these addresses are not in tests/whole/access.yaml"
    assert sorted(set(table()) - names) == [], "tests/whole/access.yaml names addresses that do not exist"


@pytest.mark.parametrize("address", addresses(), ids=lambda address: address.name)
def test_everybody_gets_the_answer_of_the_table(address: Address, stage: Stage) -> None:
    row = table().get(address.name)
    if row is None:
        if os.environ.get("HIEUHOC_WRITE_TABLES") != "1":
            pytest.fail(f"{address.name} is not in tests/whole/access.yaml")
        row = _first_row(address, stage)
        with TABLE.open("a", encoding="utf-8") as file:
            yaml.safe_dump({address.name: row}, file, allow_unicode=True, sort_keys=False, default_flow_style=None)
    assert _asked(address, row, stage) == {
        side: _whole(row[side], stage) for side in ("inside", "outside") if side in row
    }


def _whole(answers: int | dict[str, int], stage: Stage) -> dict[str, int]:
    """The answers with everybody named: one number stands for all, `others` for whoever is not named."""
    if isinstance(answers, int):
        return dict.fromkeys(stage.people, answers)
    return {name: answers.get(name, answers.get("others", 0)) for name in stage.people}


def _asked(address: Address, row: dict[str, Any], stage: Stage) -> dict[str, dict[str, int]]:
    return {
        side: {name: _ask(address, row, user, getattr(stage, side)) for name, user in stage.people.items()}
        for side in ("inside", "outside")
        if side in row
    }


def _ask(address: Address, row: dict[str, Any], user: User | None, things: Things) -> int:
    named = {word: things[row.get("words", {}).get(word) or USUAL[word]] for word in address.words}
    client = Client(raise_request_exception=True)
    with transaction.atomic():
        if user is not None:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        ask = client.post if row.get("method") == "post" else client.get
        status: int = ask(reverse(address.name, kwargs=named), row.get("sends", {})).status_code
        transaction.set_rollback(True)
    return status


def _first_row(address: Address, stage: Stage) -> dict[str, Any]:
    """A row from what happens now, for a person to judge. A `key` needs its thing: `words: {key: assignment}`."""
    guessed = {"key": _thing_of(address.name)}
    row: dict[str, Any] = {}
    if words := {word: guessed[word] for word in address.words if word in guessed}:
        row["words"] = words
    if (
        _ask(address, row, stage.people["binh"], stage.inside) == 405
        or _ask(address, row, stage.people["tri"], stage.inside) == 405
    ):
        row["method"] = "post"
    sides: dict[str, Any] = {"inside": None} | ({"outside": None} if address.words else {})
    asked = _asked(address, row | sides, stage)
    return row | {side: _short(answers) for side, answers in asked.items()}


def _thing_of(name: str) -> str:
    """Which thing the `key` of an address most likely is."""
    if name.startswith("units:"):
        return "unit"
    if name == "plans:obstacle-raise":
        return "assignment"
    if name in {"plans:plan-review", "plans:plan-issue", "plans:plan-discard", "plans:plan-restore"}:
        return "draft"
    first = name.split(":")[-1].split("-")[0]
    return first if first in {"assignment", "obstacle", "evidence", "link", "draft", "task"} else "plan"


def _short(answers: dict[str, int]) -> int | dict[str, int]:
    numbers = list(answers.values())
    usual = max(set(numbers), key=numbers.count)
    if len(set(numbers)) == 1:
        return usual
    return {name: status for name, status in answers.items() if status != usual} | {"others": usual}
