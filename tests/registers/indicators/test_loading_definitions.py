"""Shipped definitions come into the register once, and again only where their file has changed."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from tests.factories.cast import TODAY, Cast

from hieuhoc.foundation.records.models import Entry
from hieuhoc.registers.indicators import rules, selectors, services
from hieuhoc.registers.indicators.models import Breakdown, Definition, Family, Indicator
from hieuhoc.registers.indicators.services import shipping

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(shipping.SHIPPED, tmp_path / "shipped")


def change(folder: Path, name: str, old: str, new: str) -> Path:
    """A second state of the files: the folder is another one, for what was read once is kept."""
    following = folder.parent / f"{folder.name}-next"
    shutil.copytree(folder, following)
    path = following / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")
    return following


def test_all_ships_once_with_a_line_of_history_each() -> None:
    done = services.load_indicators()
    assert len(done.made) == Indicator.objects.count() == Definition.objects.count() == 218
    assert Family.objects.first().name == "Số liệu nền"  # type: ignore[union-attr]  # just loaded
    assert Breakdown.objects.count() == 23
    assert Entry.objects.filter(deed="indicators.definition.load").count() == 218
    row = selectors.definition_on("KH.MEMBER_RATE", TODAY)
    assert selectors.meaning_of(row) == next(
        one for family in shipping.shipped_families() for one, _ in family.definitions if one.code == "KH.MEMBER_RATE"
    )


def test_loading_again_changes_nothing() -> None:
    services.load_indicators()
    before = list(Definition.objects.order_by("pk").values())
    lines = Entry.objects.count()
    assert services.load_indicators() == services.Loaded()
    assert list(Definition.objects.order_by("pk").values()) == before
    assert Entry.objects.count() == lines


def test_a_changed_file_is_followed_from_today(folder: Path) -> None:
    services.load_indicators(folder=folder)
    following = change(folder, "kh.yaml", "meaning: Phân hội tại thời điểm cuối kỳ.", "meaning: Phân hội ở cuối kỳ.")
    assert services.load_indicators(folder=following).followed == ["KH.SUBBRANCHES"]
    latest, before = selectors.versions_of(selectors.indicator_by_code("KH.SUBBRANCHES"))
    assert (before.valid_to, before.state) == (TODAY, "ended")
    assert (latest.version, latest.valid_from, latest.meaning) == (2, TODAY, "Phân hội ở cuối kỳ.")
    assert services.load_indicators(folder=following) == services.Loaded()


def test_a_file_can_name_the_day_from_which_it_holds(folder: Path) -> None:
    services.load_indicators(folder=folder)
    following = change(folder, "gen.yaml", "name_en: Population\n", "name_en: People\n  valid_from: 2021-01-01\n")
    assert services.load_indicators(folder=following).followed == ["GEN.POPULATION"]
    assert selectors.definition_on("GEN.POPULATION", date(2020, 12, 31)).name_en == "Population"
    assert selectors.definition_on("GEN.POPULATION", date(2021, 1, 1)).name_en == "People"
    assert services.load_indicators(folder=following) == services.Loaded()


def test_what_people_changed_stays_theirs(folder: Path, cast: Cast) -> None:
    services.load_indicators(folder=folder)
    indicator = selectors.indicator_by_code("KH.SUBBRANCHES")
    told = selectors.meaning_of(selectors.definition_on("KH.SUBBRANCHES", TODAY))
    own = replace(told, name="Phân hội của tỉnh", valid_from=TODAY)
    services.revise_indicator(by=cast.binh, indicator=indicator, told=own)
    following = change(folder, "kh.yaml", "meaning: Phân hội tại thời điểm cuối kỳ.", "meaning: Khác.")
    assert services.load_indicators(folder=following).left == ["KH.SUBBRANCHES"]
    assert {row.meaning for row in selectors.versions_of(indicator)} == {"Phân hội tại thời điểm cuối kỳ."}


def test_a_shipped_draft_is_renewed_in_its_place(folder: Path) -> None:
    services.load_indicators(folder=folder)
    following = change(folder, "clc.yaml", "meaning: Số đã chi trừ mức hỗ trợ tối thiểu.", "meaning: Số còn thiếu.")
    assert services.load_indicators(folder=following).renewed == ["CLC.NORM_GAP"]
    row = Definition.objects.get(indicator__code="CLC.NORM_GAP")
    assert (row.version, row.state, row.meaning) == (1, "draft", "Số còn thiếu.")


def test_a_breakdown_that_people_added_to_is_left(cast: Cast) -> None:
    services.load_indicators()
    breakdown = selectors.breakdown_by_code("beneficiary")
    farming = rules.breakdown.BreakdownValue("farming", "nông nghiệp")
    services.edit_breakdown(by=cast.binh, breakdown=breakdown, values=[farming], note="")
    services.load_indicators()
    assert [value["code"] for value in Breakdown.objects.get(code="beneficiary").values] == ["farming"]


def test_the_command_says_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_indicators")
    assert "+218 chỉ số" in capsys.readouterr().out
    call_command("load_indicators")
    assert "+0 chỉ số, 0 chỉ số có bản mới" in capsys.readouterr().out
