"""The definitions that ship: each makes sense alone, and all of them together."""

import re
from pathlib import Path

import pytest
import yaml

from hieuhoc.registers.indicators import rules
from hieuhoc.registers.indicators.services import shipping

FAMILIES = shipping.shipped_families()
ALL = {one.code: (one, state) for family in FAMILIES for one, state in family.definitions}
BREAKDOWNS = shipping.shipped_breakdowns()
SOURCES = Path(__file__).parent / "source_codes.yaml"


def test_all_definitions_fit_together() -> None:
    found = rules.check_all([one for one, _ in ALL.values()], breakdowns=BREAKDOWNS)
    assert [(code, str(problem)) for code, problem in found] == []


def test_an_indicator_in_force_leans_on_indicators_in_force_at_least_as_long() -> None:
    for one, state in ALL.values():
        for code in rules.leans_on(one):
            other, its_state = ALL[code]
            assert state == "draft" or its_state == "in_force", (one.code, code)
            assert other.valid_from <= one.valid_from, (one.code, code)
            assert other.valid_to is None or (one.valid_to is not None and one.valid_to <= other.valid_to), one.code


def test_every_indicator_of_the_sources_ships_and_the_unconfirmed_ones_as_drafts() -> None:
    told = yaml.safe_load(SOURCES.read_text(encoding="utf-8"))
    assert {code for code in told["confirmed"] if ALL[code][1] != "in_force"} == set()
    assert {code for code in told["partial"] if ALL[code][1] != "draft"} == set()


def test_a_code_belongs_to_one_family() -> None:
    codes = [one.code for family in FAMILIES for one, _ in family.definitions]
    assert len(codes) == len(set(codes)) == 218


def test_a_formula_is_written_in_its_one_spelling() -> None:
    for one, _ in ALL.values():
        if one.node is not None:
            assert rules.write(one.node) == one.formula


def test_about_a_dozen_indicators_are_key() -> None:
    assert len([one for one, _ in ALL.values() if one.is_key]) == 12


def test_every_definition_names_its_source_and_what_is_meant() -> None:
    for one, _ in ALL.values():
        assert one.source, one.code
        assert one.meaning, one.code
        assert one.name_en, one.code


def test_money_is_counted_in_dong_and_shown_in_millions() -> None:
    one, _ = ALL["FUND.RAISED"]
    sign = one.shown_in.sign
    assert rules.write_value(68_600_000_000, one.shown_in, decimals=one.decimals, sign=sign) == "68.600,0 triệu đồng"


def test_the_share_of_members_is_worked_out_from_its_two_sums() -> None:
    one, _ = ALL["KH.MEMBER_RATE"]
    figures = {"KH.MEMBERS": 314_978, "GEN.POPULATION": 1_710_000}
    assert one.node is not None
    computed = rules.compute(one.node, lambda code, by, back: figures[code])
    assert rules.write_value(computed.value, one.shown_in, decimals=one.decimals) == "18,42"


def test_a_grade_of_centres_is_a_share_of_all_that_were_graded() -> None:
    one, _ = ALL["CLC.GRADE_SHARE"]
    assert one.node is not None
    opened = rules.expand(one.node, lambda code: ALL[code][0].node, by="centre_grade=good")
    assert rules.write(opened) == "percent(CLC.GRADED[centre_grade=good], CLC.GRADED)"


@pytest.mark.parametrize("path", sorted(shipping.SHIPPED.glob("*.yaml")), ids=lambda path: path.name)
def test_a_file_of_a_family_is_named_after_it(path: Path) -> None:
    named = {f"{family.code.lower()}.yaml" for family in FAMILIES} | {"families.yaml", "breakdowns.yaml"}
    assert path.name in named


def test_a_source_address_is_a_web_address() -> None:
    for one, _ in ALL.values():
        assert not one.source_url or re.match(r"https?://[\w.-]+/", one.source_url), one.code
