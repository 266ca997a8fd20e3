"""How often each page asks the database: a committed list, `query_counts.json`.

A rise fails, and so does a fall that is not written down. `HIEUHOC_WRITE_TABLES=1` writes down what is counted now.

Each page is asked with few rows and with several times as many: a page that asks once for each row shows.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoDbBlocker

from tests.factories import plans as factory
from tests.factories.cast import Cast
from tests.whole.stage import Things, make_stage
from tests.whole.test_access import addresses, client_of, named, table

pytestmark = pytest.mark.django_db

LIST = Path(__file__).with_name("query_counts.json")


def pages() -> list[str]:
    """The addresses of the table that show a page to Bình or Trí."""
    return [name for name, row in table().items() if row.get("method") != "post" and _reader(row)]


def _reader(row: dict[str, object]) -> str:
    """Who opens a page: Bình where Bình may, else Trí."""
    answers = row.get("inside")
    for name in ("binh", "tri"):
        answer = answers.get(name, answers.get("others")) if isinstance(answers, dict) else answers
        if answer == 200:
            return name
    return ""


@dataclass(frozen=True)
class Stage:
    cast: Cast
    things: Things
    clients: dict[str, Client]


@pytest.fixture(scope="module")
def stage(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Stage]:
    with django_db_blocker.unblock(), transaction.atomic():
        cast, things, _ = make_stage()
        yield Stage(cast, things, {"binh": client_of(cast.binh), "tri": client_of(cast.tri)})
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def fuller(stage: Stage) -> Iterator[Stage]:
    """The same with several times as many rows; asked for by the last tests of this module."""
    with transaction.atomic():
        _add_rows(stage)
        yield stage
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", pages())
def test_a_page_asks_the_database_as_often_as_the_list_says(name: str, stage: Stage) -> None:
    counts: dict[str, int] = json.loads(LIST.read_text(encoding="utf-8"))
    asked = _count(name, stage)
    if os.environ.get("HIEUHOC_WRITE_TABLES") == "1":
        # Read again at the last moment: other processes write their pages too.
        kept = json.loads(LIST.read_text(encoding="utf-8")) | {name: asked}
        LIST.write_text(json.dumps(dict(sorted(kept.items())), indent=2) + "\n", encoding="utf-8")
        return
    assert asked == counts.get(name), f"{name}: {asked} queries; the list says {counts.get(name)}"


def test_the_list_names_no_page_that_is_gone() -> None:
    assert sorted(set(json.loads(LIST.read_text(encoding="utf-8"))) - set(pages())) == []


@pytest.mark.parametrize("name", pages())
def test_a_page_asks_no_more_often_when_there_is_more_to_show(name: str, fuller: Stage) -> None:
    listed = json.loads(LIST.read_text(encoding="utf-8"))[name]
    asked = _count(name, fuller)
    assert asked <= listed, f"{name}: {listed} queries with few rows, {asked} with more"


def _count(name: str, stage: Stage) -> int:
    row = table()[name]
    found = next(address for address in addresses() if address.name == name.split()[0])
    client = stage.clients[_reader(row)]
    address = reverse(found.name, kwargs=named(found, row, stage.things))
    client.get(address)  # what is asked once in a session or a process is not the page's
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(address)
    assert response.status_code == 200
    return len([query for query in queries if not query["sql"].startswith(("SAVEPOINT", "RELEASE"))])


def _add_rows(stage: Stage) -> None:
    """More of what most pages list."""
    cast = stage.cast
    for number in range(3):
        factory.make_plan(
            by=cast.binh,
            issuer=cast.province,
            lead=cast.education,
            number=f"{50 + number}/KH-UBND",
            tasks=[
                factory.make_task(f"Việc thứ {step} của kế hoạch {number}.", leads=[cast.commune, cast.finance])
                for step in range(4)
            ],
        )
