"""Every operation, for everybody's token, within one's units and outside them: one table, `access.yaml`.

An operation that the table does not name fails. `HIEUHOC_WRITE_TABLES=1` writes the table from what happens now: read
each changed number before it is committed. `reading` is An's token that may only read.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache as kept
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker
from tests.factories.cast import Cast
from tests.whole.stage import Things, make_stage

from hieuhoc.api import v1
from hieuhoc.foundation.records import trail
from hieuhoc.registers.accounts import services
from hieuhoc.registers.accounts.models import User
from hieuhoc.registers.places import rules
from hieuhoc.registers.places import services as places

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).with_name("access.yaml")
SENT = {
    "report_progress": {"percent": 40, "note": "Đã họp."},
    "raise_obstacle": {"topic": "staff", "title": "Thiếu người", "text": "Chưa có."},
    "fill_submission": {"edition": 0, "figures": {"ttc.lop": {"value": 3}}, "words": {}},
    "take_marks": {"heads": [{"key": "0d4ff1c4-3c2b-4a51-9d6e-9f4f0c1b2a33", "count": 12}]},
}
# What a question asks for beside its address.
ASKED = {"list_figures": "?period=2020-Q3"}
# What the word in an operation's address stands for.
THINGS = {
    "units": "unit",
    "plans": "plan",
    "tasks": "task",
    "assignments": "assignment",
    "obstacles": "obstacle",
    "indicators": "indicator",
    "rounds": "round",
    "submissions": "submission_owed",
    "providers": "provider",
    "activities": "class",
    "sessions": "lesson",
    "materials": "material",
}


@dataclass(frozen=True)
class Operation:
    name: str
    method: str
    path: str

    @property
    def thing(self) -> str:
        """The thing on the stage that the address speaks of; empty where it speaks of none."""
        first = self.path.removeprefix("/api/v1/").split("/")[0]
        return THINGS.get(first, "reorganisation") if "{" in self.path else ""

    def address(self, things: Things) -> str:
        words = dict.fromkeys(("id", "number", "key"), things[self.thing]) if self.thing else {}
        named = self.thing if self.thing == "class" else "indicator"
        words |= {"code": things[named], "period": things["period"]}
        return self.path.format(**words) + ASKED.get(self.name, "")


def operations() -> list[Operation]:
    found = v1.document()["paths"].items()
    return [Operation(one["operationId"], method, path) for path, all in found for method, one in all.items()]


@kept
def table() -> dict[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = yaml.safe_load(TABLE.read_text(encoding="utf-8")) if TABLE.exists() else {}
    return rows


def client_of(user: User, *, may_report: bool = True) -> Client:
    _token, secret = services.make_token(by=user, name="Bảng tổng hợp", may_report=may_report)
    return Client(headers={"Authorization": f"Bearer {secret}"})


@dataclass(frozen=True)
class Stage:
    programs: dict[str, Client]
    inside: Things
    outside: Things


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    """Built once, in a transaction that is undone; each question is undone as well."""
    with django_db_blocker.unblock(), transaction.atomic():
        cast, inside, outside = make_stage()
        inside["reorganisation"] = outside["reorganisation"] = str(_decided(cast))
        programs = {name: client_of(user) for name, user in cast.people.items()}
        programs |= {"no_token": Client(), "reading": client_of(cast.an, may_report=False)}
        yield Stage(programs, inside, outside)
        transaction.set_rollback(True)


def _decided(cast: Cast) -> int:
    """A reorganisation that is approved and waits for its day. The register is open to all: it is nobody's own."""
    event = places.prepare_reorganisation(by=trail.HOUSE, title="Đổi tên huyện", effective_on=date(2021, 1, 1))
    row = rules.Row(act="rename", source=cast.district.key, target_name="Huyện Bình Tân")
    places.set_rows(by=trail.HOUSE, event=event, rows=[row])
    places.submit_reorganisation(by=trail.HOUSE, event=event)
    event.refresh_from_db()
    places.approve_reorganisation(by=cast.minh, event=event)
    return event.pk


def test_every_operation_is_in_the_table_and_the_table_names_no_other() -> None:
    names = {one.name for one in operations()}
    if os.environ.get("HIEUHOC_WRITE_TABLES") != "1":
        assert sorted(names - set(table())) == []
    assert sorted(set(table()) - names) == []


@pytest.mark.parametrize("operation", operations(), ids=lambda one: one.name)
def test_everybody_gets_the_answer_of_the_table(operation: Operation, stage: Stage) -> None:
    answers = {"inside": _asked(operation, stage, stage.inside)}
    if operation.thing:
        answers["outside"] = _asked(operation, stage, stage.outside)
    if os.environ.get("HIEUHOC_WRITE_TABLES") == "1":
        _write(operation.name, {side: _short(found) for side, found in answers.items()})
        return
    expected = {side: _whole(row, stage) for side, row in table()[operation.name].items()}
    assert answers == expected


def _asked(operation: Operation, stage: Stage, things: Things) -> dict[str, int]:
    cache.clear()
    return {name: _ask(operation, client, things) for name, client in stage.programs.items()}


def _ask(operation: Operation, client: Client, things: Things) -> int:
    with transaction.atomic():
        address = operation.address(things)
        if operation.method == "post":
            answer = client.post(address, SENT[operation.name], content_type="application/json")
        else:
            answer = client.get(address)
        transaction.set_rollback(True)
    return answer.status_code


def _whole(answers: int | dict[str, int], stage: Stage) -> dict[str, int]:
    if isinstance(answers, int):
        return dict.fromkeys(stage.programs, answers)
    return {name: answers.get(name, answers.get("others", 0)) for name in stage.programs}


def _short(answers: dict[str, int]) -> dict[str, int]:
    numbers = list(answers.values())
    usual = max(set(numbers), key=numbers.count)
    return {name: status for name, status in answers.items() if status != usual} | {"others": usual}


def _write(name: str, row: dict[str, Any]) -> None:
    parts = [
        yaml.safe_dump({key: one}, allow_unicode=True, sort_keys=False, default_flow_style=None, width=118)
        for key, one in (table() | {name: row}).items()
    ]
    TABLE.write_text("".join(parts), encoding="utf-8")
    table.cache_clear()
