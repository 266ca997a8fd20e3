"""Every address, as every role, within one's units and outside them: one table of expected answers, `access.yaml`.

An address that the table does not name fails. `HIEUHOC_WRITE_TABLES=1` writes the table from what happens now: read
each changed number before it is committed. `name post` is the second row of an address that shows a form and takes it.
"""

import copy
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
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
# Addresses of others' apps, and those for programs: they are asked about as one, by their own tests.
NOT_OURS = ("admin:", "mfa_", "account_", "socialaccount_", "api:")
# What an address's own words stand for, unless its row says otherwise.
USUAL = {
    "pk": "user",
    "grant_pk": "grant",
    "secret": "secret",
    "token": "calendar",
    "task": "draft_task",
    "position": "position",
    "code": "indicator",
    "period": "period",
    "name": "drawing",
}


@dataclass(frozen=True)
class Address:
    """A named address and the words in it."""

    name: str
    words: tuple[str, ...]


@cache
def addresses() -> list[Address]:
    """Every named address of the house, in its order."""
    return [found for found in _walk(get_resolver(), ()) if not found.name.startswith(NOT_OURS)]


def _walk(resolver: URLResolver, spaces: tuple[str, ...]) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield Address(":".join([*spaces, pattern.name]), tuple(pattern.pattern.converters))


@cache
def table() -> dict[str, dict[str, Any]]:
    """The table by address; read once, for it is long and every test asks it."""
    rows: dict[str, dict[str, Any]] = yaml.safe_load(TABLE.read_text(encoding="utf-8")) or {}
    return rows


@dataclass(frozen=True)
class Stage:
    """Who asks, and about what."""

    clients: dict[str, Client]  # by the names of the cast, and "anonymous"
    inside: Things
    outside: Things


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    """Built once, in a transaction that is undone; each question is undone as well."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast, inside, outside = make_stage()
        clients = {"anonymous": Client()} | {name: client_of(user) for name, user in cast.people.items()}
        yield Stage(clients, inside, outside)
        transaction.set_rollback(True)


def client_of(user: User) -> Client:
    # One client a person: each new one would start the whole chain of middleware again.
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_every_address_is_in_the_table_and_the_table_names_no_other() -> None:
    names = {address.name for address in addresses()}
    if os.environ.get("HIEUHOC_WRITE_TABLES") != "1":
        assert sorted(names - set(table())) == [], "these addresses are not in tests/whole/access.yaml"
    assert sorted({key.split()[0] for key in table()} - names) == [], (
        "tests/whole/access.yaml names addresses that do not exist"
    )


def _questions() -> list[tuple[str, Address]]:
    """Each row of the table with its address, and each address that has no row yet."""
    known = {address.name: address for address in addresses()}
    asked = [(key, known[key.split()[0]]) for key in table() if key.split()[0] in known]
    return asked + [(name, address) for name, address in known.items() if name not in table()]


@pytest.mark.parametrize(("key", "address"), _questions(), ids=[key for key, _ in _questions()])
def test_everybody_gets_the_answer_of_the_table(key: str, address: Address, stage: Stage) -> None:
    row = table().get(key)
    if os.environ.get("HIEUHOC_WRITE_TABLES") == "1":
        _write(key, _row_of_now(address, row or _first_row(address, stage), stage))
        return
    assert row is not None, f"{key} is not in tests/whole/access.yaml"
    expected = {side: _whole(row[side], stage) for side in ("inside", "outside") if side in row}
    assert _asked(address, row, stage) == expected


def _write(key: str, row: dict[str, Any]) -> None:
    rows = table() | {key: row}
    parts = [
        yaml.safe_dump({name: one}, allow_unicode=True, sort_keys=False, default_flow_style=None, width=118)
        for name, one in rows.items()
    ]
    TABLE.write_text("".join(parts), encoding="utf-8")
    table.cache_clear()


def _whole(answers: int | dict[str, int], stage: Stage) -> dict[str, int]:
    """The answers with everybody named: one number stands for all, `others` for whoever is not named."""
    if isinstance(answers, int):
        return dict.fromkeys(stage.clients, answers)
    return {name: answers.get(name, answers.get("others", 0)) for name in stage.clients}


def _asked(address: Address, row: dict[str, Any], stage: Stage) -> dict[str, dict[str, int]]:
    return {
        side: {name: _ask(address, row, client, getattr(stage, side)) for name, client in stage.clients.items()}
        for side in ("inside", "outside")
        if side in row
    }


def named(address: Address, row: dict[str, Any], things: Things) -> Things:
    """The words of an address, each with the thing on the stage that the row names for it."""
    return {word: things[row.get("words", {}).get(word) or USUAL[word]] for word in address.words}


def _ask(address: Address, row: dict[str, Any], client: Client, things: Things) -> int:
    cookies = copy.deepcopy(client.cookies)
    with transaction.atomic():
        ask = client.post if row.get("method") == "post" else client.get
        sends = {name: _value(value, things) for name, value in row.get("sends", {}).items()}
        status: int = ask(reverse(address.name, kwargs=named(address, row, things)), sends).status_code
        transaction.set_rollback(True)
    client.cookies = cookies
    return status


def _value(value: Any, things: Things) -> Any:
    """What a form sends; `@unit` is the thing of that name on the stage."""
    return things[value[1:]] if isinstance(value, str) and value.startswith("@") else value


def _first_row(address: Address, stage: Stage) -> dict[str, Any]:
    """How to ask for an address that the table does not know yet, as far as it can be guessed."""
    words = {word: _thing_of(address.name, word) for word in address.words if word in ("key", "code", "pk")}
    words = {word: thing for word, thing in words.items() if thing != USUAL.get(word)}
    row: dict[str, Any] = {"words": words} if words else {}
    if 405 in {_ask(address, row, stage.clients[name], stage.inside) for name in ("binh", "tri")}:
        row["method"] = "post"
    return row | {"inside": 0} | ({"outside": 0} if address.words else {})


def _row_of_now(address: Address, row: dict[str, Any], stage: Stage) -> dict[str, Any]:
    """The row with the answers that are given now, for a person to judge."""
    return row | {side: _short(answers) for side, answers in _asked(address, row, stage).items()}


def _thing_of(name: str, word: str) -> str:
    """Which thing a word of an address most likely is."""
    space, _, last = name.rpartition(":")
    first = last.split("-")[0]
    if space == "reports":
        if word == "code":
            return {"kind": "kind", "form": "form", "version": "form"}.get(first, "indicator")
        usual = {"dashboard": "unit", "figure": "unit", "consolidated": "round", "workbook": "submission"}
        return usual.get(first, first)
    if space in ("indicators", "jobs"):
        return {"breakdown": "breakdown", "target": "target"}.get(first, "indicator" if word == "code" else "job")
    if word != "key":
        return USUAL[word]
    if space == "units":
        return "unit"
    if name == "plans:obstacle-raise":
        return "assignment"
    if name in {"plans:plan-review", "plans:plan-issue", "plans:plan-discard", "plans:plan-restore"}:
        return "draft"
    return first if first in {"assignment", "obstacle", "evidence", "link", "draft", "task"} else "plan"


def _short(answers: dict[str, int]) -> int | dict[str, int]:
    numbers = list(answers.values())
    usual = max(set(numbers), key=numbers.count)
    if len(set(numbers)) == 1:
        return usual
    return {name: status for name, status in answers.items() if status != usual} | {"others": usual}
