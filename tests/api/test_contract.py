"""The promise itself: its document, what nobody expects sent to it, how often it asks the database, and its errors."""

import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.api.conftest import Program
from tests.factories import plans as factory
from tests.factories.cast import Cast
from tests.whole import source
from tests.whole.stage import make_stage

from hieuhoc.api import base, v1
from hieuhoc.registers.accounts import services
from hieuhoc.registers.accounts.models import User

SNAPSHOT = Path(__file__).with_name("openapi.json")
# `rules` are pure: values in, value out.
DOORS = {"selectors", "services", "access", "roles", "rules"}


def test_the_document_equals_its_snapshot() -> None:
    """A difference is a changed promise. `HIEUHOC_WRITE_TABLES=1` writes down what is promised now."""
    now = json.dumps(v1.document(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if os.environ.get("HIEUHOC_WRITE_TABLES") == "1":
        SNAPSHOT.write_text(now, encoding="utf-8")
    assert now == SNAPSHOT.read_text(encoding="utf-8")


def test_every_operation_and_every_field_is_described() -> None:
    document = v1.document()
    silent = [
        f"{method} {path} {one['name']}"
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        for one in operation["parameters"]
        if not one.get("description")
    ]
    for name, schema in document["components"]["schemas"].items():
        silent += [
            f"{name}.{field}"
            for field, one in schema["properties"].items()
            if field != "items" and not one.get("description")
        ]
    assert silent == []


def test_every_operation_asks_for_a_token() -> None:
    open_to_all = [
        path
        for path, methods in v1.document()["paths"].items()
        for operation in methods.values()
        if operation.get("security") != [{"TokenAuth": []}]
    ]
    assert open_to_all == []


def test_the_contract_enters_apps_by_selectors_services_and_access_alone() -> None:
    trespasses = []
    for name, module in source.modules("api"):
        for imported, line in source.imports(module):
            words = imported.split(".")
            if words[0] == "hieuhoc" and words[1] in {"registers", "programme"} and words[3] not in DOORS:
                trespasses.append(f"{name}:{line} enters by {imported}")
    assert trespasses == []


# ---- how often the database is asked ---------------------------------------------------------------

LISTS = {
    "/api/v1/own": 2,
    "/api/v1/units": 4,
    "/api/v1/reorganisations": 4,
    "/api/v1/plans": 7,
    "/api/v1/assignments": 4,
    "/api/v1/obstacles": 4,
    "/api/v1/indicators": 4,
    "/api/v1/targets": 4,
    "/api/v1/rounds": 5,
    "/api/v1/submissions": 4,
}


def _queries(client: Client, address: str) -> int:
    client.get(address)  # the first use of a day is written down
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(asked)


@pytest.mark.parametrize(("address", "expected"), LISTS.items())
def test_a_list_asks_the_database_as_often_with_many_rows_as_with_few(
    address: str, expected: int, program: Program, db: None
) -> None:
    cast, _things, _other = make_stage()
    client = program(cast.binh)
    assert _queries(client, address) <= expected
    few = _queries(client, address)
    _more(cast)
    assert _queries(client, address) == few


def test_the_tasks_of_a_plan_are_asked_for_together(program: Program, db: None) -> None:
    cast, things, _other = make_stage()
    client = program(cast.binh)
    plan = _more(cast)
    address = f"/api/v1/plans/{things['plan']}/tasks"
    assert _queries(client, address) == _queries(client, f"/api/v1/plans/{plan}/tasks") <= 9


def _more(cast: Cast) -> int:
    tasks = [factory.make_task(f"Việc thứ {step}.", leads=[cast.commune, cast.finance]) for step in range(6)]
    plan = factory.make_plan(by=cast.binh, issuer=cast.province, lead=cast.education, number="50/KH-UBND", tasks=tasks)
    return plan.pk


# ---- errors, languages, limits ---------------------------------------------------------------------


def test_an_address_that_does_not_exist_is_said_to_be_missing_in_json(program: Program, an: User) -> None:
    answer = program(an).get("/api/v1/khong-co")
    assert (answer.status_code, answer.json()["code"]) == (404, "missing")
    assert Client().post("/api/khac").json()["code"] == "missing"


def test_a_method_that_is_not_taken_is_named_with_those_that_are(program: Program, an: User) -> None:
    answer = program(an).delete("/api/v1/units")
    assert (answer.status_code, answer["Allow"], answer.json()["code"]) == (405, "GET", "wrong_method")


def test_what_no_database_takes_is_refused_in_json(program: Program, an: User) -> None:
    for address in ("/api/v1/units?q=%00", "/api/v1/units/%00", "/api/v1/plans/9999999999999999999999"):
        answer = program(an).get(address)
        assert answer.status_code in {400, 422}
        assert answer.json()["code"] in {"wrong_request", "invalid"}


def test_every_wrong_field_is_named(program: Program, an: User) -> None:
    answer = program(an).get("/api/v1/units", {"page": "0", "on": "1/7/2025", "level": "xom"})
    assert answer.status_code == 422
    assert {one["field"]: one["message"] for one in answer.json()["fields"]} == {
        "page": "Số này nằm ngoài khoảng cho phép.",
        "on": "Hãy ghi ngày như 2025-07-01.",
        "level": "Giá trị này không có trong danh sách cho phép.",
    }


def test_sentences_come_in_the_language_that_is_asked_for_else_in_the_owners(program: Program, an: User) -> None:
    address = "/api/v1/units/khong-co"
    vietnamese = program(an).get(address).json()["message"]
    assert vietnamese == "Không tìm thấy đơn vị này."
    english = program(an, **{"Accept-Language": "en-GB,vi;q=0.5"}).get(address).json()["message"]
    services.change_profile(by=an, user=an, full_name=an.full_name, title="", phone="", language="en")
    assert program(an).get(address).json()["message"] == english != vietnamese


def test_whoever_asks_too_often_is_told_when_to_come_again(
    program: Program, an: User, chi: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "PER_MINUTE", 3)
    # Two minutes may meet within the test: then the count begins again once.
    client = program(an)
    answers = [client.get("/api/v1/own") for _ in range(7)]
    refused = [one for one in answers if one.status_code == 429]
    assert refused
    assert 1 <= int(refused[0]["Retry-After"]) <= 60
    assert refused[0].json()["code"] == "too_many"
    assert program(chi).get("/api/v1/own").status_code == 200


def test_no_answer_is_kept_on_the_way(program: Program, an: User) -> None:
    answer = program(an).get("/api/v1/own")
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies


def test_a_failure_is_said_in_json_too(program: Program, an: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_given: object, **_named: object) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(base, "piece", fails)
    client = program(an)
    client.raise_request_exception = False
    answer = client.get("/api/v1/units")
    assert (answer.status_code, answer.json()["code"]) == (500, "broken")
    assert "disk" not in answer.content.decode()


# ---- the page --------------------------------------------------------------------------------------


def test_the_description_is_open_and_complete(db: None) -> None:
    assert Client().get("/api/v1/openapi.json").json() == json.loads(SNAPSHOT.read_text(encoding="utf-8"))
    page = Client().get("/api/v1/docs").content.decode()
    for path, methods in v1.document()["paths"].items():
        assert path in page
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in page
    for name in v1.document()["components"]["schemas"]:
        assert f'id="{name}"' in page


def test_the_description_is_english_for_whoever_asks_in_english(db: None) -> None:
    document = Client(headers={"Accept-Language": "en"}).get("/api/v1/openapi.json").json()
    assert document["paths"]["/api/v1/units"]["get"]["summary"] == "Units on a day"
