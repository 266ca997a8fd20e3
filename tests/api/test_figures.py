"""Indicators and figures for programs: each value with its measure, its period and how complete it is."""

from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from tests.api.conftest import Program
from tests.factories.cast import Cast
from tests.factories.indicators import make_indicator, month

from hieuhoc.registers.indicators import services
from hieuhoc.registers.indicators.services import Aim, Stated

V1 = "/api/v1/"


def read(client: Client, address: str, status: int = 200, **asked: Any) -> Any:
    answer = client.get(V1 + address, asked)
    assert answer.status_code == status, answer.content.decode()
    return answer.json()


@pytest.fixture
def counted(cast: Cast) -> Cast:
    """Learners and adults of An's commune in September; of the commune next door nothing is known."""
    make_indicator("LIT.LEARNING", name="Người học")
    make_indicator("LIT.ADULTS", name="Người lớn")
    make_indicator(
        "LIT.SHARE",
        name="Tỷ lệ người học",
        kind="derived",
        formula="percent(LIT.LEARNING, LIT.ADULTS)",
        measure="percent",
        decimals=1,
        over_places="none",
        over_time="none",
    )
    figures = [Stated("LIT.LEARNING", 1), Stated("LIT.ADULTS", 3)]
    services.state_figures(by=cast.an, unit=cast.commune, period=month(2020, 9), figures=figures, source="tests:1")
    return cast


def test_a_figure_comes_with_measure_period_and_completeness(counted: Cast, program: Program) -> None:
    told = read(program(counted.dung), f"units/{counted.district.key}/figures", period="2020-09", code="LIT.SHARE")
    (figure,) = told["items"]
    assert figure["unit"]["id"] == counted.district.key
    assert (figure["value"], figure["exact"], figure["measure"]) == (33.3, "100/3", "percent")
    assert (figure["numerator"], figure["denominator"]) == ("1", "3")
    assert (figure["reported"], figure["expected"], figure["state"]) == (1, 2, "provisional")
    assert figure["period"] == {"key": "2020-09", "name": "tháng 9/2020", "first": "2020-08-15", "last": "2020-09-14"}


def test_what_is_unknown_is_null_and_says_why(counted: Cast, program: Program) -> None:
    told = read(
        program(counted.dung),
        f"units/{counted.district.key}/figures",
        period="2020-09",
        beneath="children",
        code="LIT.SHARE",
    )
    by_unit = {one["unit"]["id"]: one for one in told["items"]}
    assert by_unit[counted.commune.key]["value"] == 33.3
    unknown = by_unit[counted.next_door.key]
    assert unknown["value"] is None
    assert unknown["why_unknown"]


def test_a_figure_opens_to_the_facts_beneath_it(counted: Cast, program: Program) -> None:
    path = f"units/{counted.province.key}/figures/LIT.LEARNING/2020"
    told = read(program(counted.binh), path)
    assert told["figure"]["value"] == 1
    assert [(one["unit"]["id"], one["value"], one["source"]) for one in told["facts"]] == [
        (counted.commune.key, 1, "tests:1")
    ]
    assert [one["id"] for one in told["silent"]] == [counted.next_door.key]
    parts = read(program(counted.binh), f"units/{counted.province.key}/figures/LIT.SHARE/2020-09")["parts"]
    assert [(one["code"], one["value"]) for one in parts] == [("LIT.LEARNING", 1), ("LIT.ADULTS", 3)]


def test_nobody_reads_the_figures_of_the_commune_next_door(counted: Cast, program: Program) -> None:
    client = program(counted.chi)
    read(client, f"units/{counted.commune.key}/figures", 404, period="2020-09")
    read(client, f"units/{counted.commune.key}/figures/LIT.SHARE/2020-09", 404)
    read(program(counted.nobody), "indicators", 403)


@pytest.mark.parametrize("key", ["2020-13", "x", "9999-Q4", "rieng-1", ""])
def test_a_period_that_does_not_exist_is_refused(counted: Cast, program: Program, key: str) -> None:
    answer = program(counted.binh).get(f"{V1}units/{counted.province.key}/figures", {"period": key})
    assert answer.status_code == 422


def test_indicators_are_listed_and_explained(counted: Cast, program: Program) -> None:
    listed = read(program(counted.an), "indicators", q="ty le nguoi hoc")
    assert [one["code"] for one in listed["items"]] == ["LIT.SHARE"]
    whole = read(program(counted.an), "indicators/LIT.SHARE")
    assert whole["formula"] == "percent(LIT.LEARNING, LIT.ADULTS)"
    assert "Người học" in whole["formula_in_words"]
    read(program(counted.an), "indicators/KHONG.CO", 404)


def test_targets_name_the_document_that_set_them(counted: Cast, program: Program) -> None:
    services.set_target(
        by=counted.binh,
        aim=Aim(unit=counted.district, code="LIT.SHARE", year=2020, value=Fraction(40), document="12/KH-UBND"),
    )
    told = read(program(counted.dung), "targets", year=2020)
    assert [(one["value"], one["document"], one["period"]["key"]) for one in told["items"]] == [
        (40.0, "12/KH-UBND", "2020")
    ]
    assert read(program(counted.chi), "targets")["items"] == []
