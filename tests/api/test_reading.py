"""What programs read, and that nobody reads what the pages would not show."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from tests.api.conftest import Program
from tests.factories import plans as factory
from tests.factories.cast import TODAY, Cast

from hieuhoc.foundation.records import trail
from hieuhoc.programme.plans import services as plans
from hieuhoc.registers.places import rules
from hieuhoc.registers.places import services as places
from hieuhoc.registers.places.services.sizes import record_size

V1 = "/api/v1/"
MERGER = date(2020, 7, 1)
LATE, LATER = date(2020, 10, 1), date(2020, 12, 1)


def read(client: Client, address: str, **asked: Any) -> Any:
    answer = client.get(V1 + address, asked)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


# ---- units -----------------------------------------------------------------------------------------


@pytest.fixture
def merged(cast: Cast) -> str:
    """The communes next to each other become one on a day of July 2020; the name of the event outside."""
    event = places.prepare_reorganisation(
        by=trail.HOUSE,
        title="Nhập hai xã",
        effective_on=MERGER,
        document_number="12/NQ-HĐND",
        document_on=date(2020, 6, 1),
        document_issuer="Hội đồng nhân dân tỉnh",
    )
    described = {"target_name": "Xã Phú Hòa", "target_kind": "xa", "target_level": "commune"}
    described["target_parent"] = cast.district.key
    places.set_rows(
        by=trail.HOUSE,
        event=event,
        rows=[
            rules.Row(act="merge", source=unit.key, target="30999", target_key="xa-phu-hoa", **described)
            for unit in (cast.commune, cast.next_door)
        ],
    )
    places.submit_reorganisation(by=trail.HOUSE, event=event)
    event.refresh_from_db()
    places.approve_reorganisation(by=cast.minh, event=event)
    event.refresh_from_db()
    if event.state == "approved":
        places.execute_reorganisation(by=trail.HOUSE, event=event)
    return str(event.pk)


def test_units_are_listed_as_they_stood_on_a_day(program: Program, cast: Cast, merged: str) -> None:
    reader = program(cast.xuan)
    before = read(reader, "units", on="2020-06-30", level="commune")
    after = read(reader, "units", on="2020-07-01", level="commune")
    assert [one["name"] for one in before["items"]] == ["Xã An Phú", "Xã Chí Hòa"]
    assert [one["name"] for one in after["items"]] == ["Xã Phú Hòa"]
    assert before["as_of"] == "2020-06-30"
    assert before["items"][0] == {
        "id": cast.commune.key,
        "code": "",
        "name": "Xã An Phú",
        "kind": "xa",
        "kind_name": "xã",
        "level": "commune",
        "parent": cast.district.key,
        "valid_from": "2019-01-01",
        "valid_to": "2020-07-01",
    }


def test_units_are_narrowed_by_words_level_and_what_stands_above(program: Program, cast: Cast) -> None:
    reader = program(cast.an)
    assert [one["id"] for one in read(reader, "units", q="chi hoa")["items"]] == [cast.next_door.key]
    beneath = read(reader, "units", under=cast.district.key)
    assert [one["id"] for one in beneath["items"]] == [cast.commune.key, cast.next_door.key]
    assert reader.get(V1 + "units", {"under": "khong-co"}).status_code == 404


def test_an_official_code_names_the_unit_that_held_it_on_the_day(program: Program, cast: Cast) -> None:
    places.change_unit(by=trail.HOUSE, unit=cast.district, on=date(2020, 3, 1), code="905")
    reader = program(cast.an)
    assert read(reader, "units", under="905", on="2020-05-01")["count"] == 2
    assert reader.get(V1 + "units", {"under": "905", "on": "2020-02-01"}).status_code == 404


def test_an_ended_unit_is_told_as_it_last_was_with_its_heir(program: Program, cast: Cast, merged: str) -> None:
    told = read(program(cast.an), f"units/{cast.commune.key}")
    assert (told["as_of"], told["ended_on"]) == ("2020-06-30", "2020-07-01")
    assert told["heir"]["id"] == "xa-phu-hoa"
    assert [one["id"] for one in told["above"]] == [cast.province.key, cast.district.key]


def test_a_unit_outside_its_life_is_missing(program: Program, cast: Cast, merged: str) -> None:
    reader = program(cast.an)
    assert reader.get(V1 + "units/xa-phu-hoa", {"on": "2020-06-30"}).status_code == 404
    assert reader.get(V1 + "units/khong-co").status_code == 404


def test_the_size_of_a_unit_says_of_which_day_it_is(program: Program, cast: Cast) -> None:
    record_size(
        by=trail.HOUSE, unit=cast.commune, on=date(2020, 4, 1), people=8000, households=None, area_ha=2500, source="Số"
    )
    size = read(program(cast.an), f"units/{cast.commune.key}")["size"]
    assert (size["on"], size["people"], size["households"], size["area_ha"]) == ("2020-04-01", 8000, None, 2500)


def test_a_life_is_told_stage_by_stage_newest_first(program: Program, cast: Cast) -> None:
    places.change_unit(by=trail.HOUSE, unit=cast.commune, on=date(2020, 5, 1), name="Xã An Phú Mới", document="1/NQ")
    stages = read(program(cast.an), f"units/{cast.commune.key}/life")["stages"]
    assert [(one["name"], one["valid_from"], one["valid_to"]) for one in stages] == [
        ("Xã An Phú Mới", "2020-05-01", None),
        ("Xã An Phú", "2019-01-01", "2020-05-01"),
    ]


def test_successions_carry_their_share_day_and_document(program: Program, cast: Cast, merged: str) -> None:
    reader = program(cast.an)
    went = read(reader, f"units/{cast.commune.key}/successions")
    assert went["predecessors"] == []
    assert went["heirs"] == [
        {
            "unit": {"id": "xa-phu-hoa", "code": "30999", "name": "Xã Phú Hòa"},
            "share": "1",
            "is_estimated": False,
            "takes_duties": True,
            "on": "2020-07-01",
            "document": "12/NQ-HĐND, Hội đồng nhân dân tỉnh",
            "reorganisation": merged,
        }
    ]
    came = read(reader, "units/xa-phu-hoa/successions")
    assert [one["unit"]["id"] for one in came["predecessors"]] == [cast.commune.key, cast.next_door.key]


def test_a_decided_reorganisation_is_told_with_its_rows(program: Program, cast: Cast, merged: str) -> None:
    reader = program(cast.an)
    listed = read(reader, "reorganisations")["items"]
    assert [(one["id"], one["rows"], one["state"]) for one in listed] == [(merged, 2, "executed")]
    whole = read(reader, f"reorganisations/{merged}")
    assert [(line["act"], line["source"]) for line in whole["lines"]] == [
        ("merge", cast.commune.key),
        ("merge", cast.next_door.key),
    ]


def test_what_is_being_prepared_is_told_to_no_program(program: Program, cast: Cast) -> None:
    event = places.prepare_reorganisation(by=trail.HOUSE, title="Đang soạn", effective_on=MERGER)
    reader = program(cast.tri)
    assert read(reader, "reorganisations")["count"] == 0
    assert reader.get(f"{V1}reorganisations/{event.pk}").status_code == 404


# ---- plans and work --------------------------------------------------------------------------------


@pytest.fixture
def plan(cast: Cast) -> Any:
    """A plan with work for An's commune, Chi's, and the department of finance; some of it late."""
    late = factory.make_task("Lập danh sách.", leads=[cast.commune, cast.next_door], values={"due_on": LATE})
    later = factory.make_task("Mở lớp học.", leads=[cast.commune, cast.finance], values={"due_on": LATER})
    return factory.make_plan(by=cast.binh, issuer=cast.committee, lead=cast.education, tasks=[late, later])


def test_a_plan_is_told_with_the_state_of_its_work_and_the_day(program: Program, cast: Cast, plan: Any) -> None:
    told = read(program(cast.binh), f"plans/{plan.pk}")
    assert told["issuer"]["id"] == cast.committee.key
    assert told["work"] == {
        "as_of": TODAY.isoformat(),
        "unit": "assignments",
        "total": 4,
        "confirmed": 0,
        "waiting": 0,
        "underway": 0,
        "unstarted": 4,
        "late": 2,
    }


def test_a_draft_is_no_plan_for_programs(program: Program, cast: Cast) -> None:
    draft = factory.make_draft(by=cast.binh, issuer=cast.committee, tasks=[factory.make_task(leads=[cast.finance])])
    reader = program(cast.binh)
    assert read(reader, "plans")["count"] == 0
    assert reader.get(f"{V1}plans/{draft.pk}").status_code == 404
    assert reader.get(f"{V1}plans/{draft.pk}/tasks").status_code == 404


def test_the_tasks_of_a_plan_come_in_the_order_of_the_document(program: Program, cast: Cast, plan: Any) -> None:
    reader = program(cast.an)
    told = read(reader, f"plans/{plan.pk}/tasks")["items"]
    assert [one["text"] for one in told] == ["Lập danh sách.", "Mở lớp học."]
    assert [one["unit"]["id"] for one in told[1]["agencies"]] == [cast.commune.key, cast.finance.key]
    assert [one["id"] for one in read(reader, f"plans/{plan.pk}/tasks", standing="late")["items"]] == [told[0]["id"]]
    assert read(reader, f"tasks/{told[0]['id']}") == told[0]


def test_work_is_narrowed_by_plan_unit_state_and_lateness(program: Program, cast: Cast, plan: Any) -> None:
    reader = program(cast.binh)
    assert read(reader, "assignments")["count"] == 4
    assert read(reader, "assignments", unit=cast.commune.key)["count"] == 2
    assert read(reader, "assignments", overdue="true")["count"] == 2
    assert read(reader, "assignments", overdue="false", unit=cast.commune.key)["count"] == 1
    assert read(reader, "assignments", state="done")["count"] == 0
    assert read(reader, "assignments", plan=plan.pk + 1)["count"] == 0
    first = read(reader, "assignments")["items"][0]
    assert (first["is_overdue"], first["percent"], first["reported_at"]) == (True, 0, None)


def test_each_reads_the_work_that_the_pages_show(program: Program, cast: Cast, plan: Any) -> None:
    units = {
        name: sorted({one["unit"]["id"] for one in read(program(user), "assignments")["items"]})
        for name, user in (("an", cast.an), ("chi", cast.chi), ("hanh", cast.hanh), ("nobody", cast.nobody))
    }
    assert units == {
        "an": [cast.commune.key],
        "chi": [cast.next_door.key],
        "hanh": [cast.finance.key],
        "nobody": [],
    }


def test_obstacles_are_told_with_their_steps_and_without_names(program: Program, cast: Cast, plan: Any) -> None:
    work = plan.assignments.filter(unit=cast.commune).first()
    obstacle = plans.raise_obstacle(by=cast.an, assignment=work, topic="money", title="Thiếu kinh phí", text="Chưa có.")
    plans.answer_obstacle(by=cast.binh, obstacle=obstacle, words="Đã bố trí.")
    reader = program(cast.an)
    assert [one["state"] for one in read(reader, "obstacles", topic="money")["items"]] == ["answered"]
    told = read(reader, f"obstacles/{obstacle.pk}")
    assert [step["deed"] for step in told["steps"]] == ["raise", "answer"]
    assert "Bình" not in str(told)
    assert read(program(cast.chi), "obstacles", state="all")["count"] == 0


# ---- lists -----------------------------------------------------------------------------------------


def test_a_list_is_cut_into_pages_that_neither_repeat_nor_leave_out(program: Program, cast: Cast) -> None:
    reader = program(cast.an)
    whole = read(reader, "units", per_page=200)
    pieces = [read(reader, "units", per_page=2, page=number) for number in range(1, whole["count"] // 2 + 2)]
    assert [one["id"] for piece in pieces for one in piece["items"]] == [one["id"] for one in whole["items"]]
    assert pieces[0]["pages"] == (whole["count"] + 1) // 2


def test_a_page_beyond_the_last_is_empty(program: Program, cast: Cast) -> None:
    assert read(program(cast.an), "units", page=100_000)["items"] == []
