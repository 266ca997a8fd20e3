"""The files of units that ship, by themselves: the counts of their days, keys and codes used once, one spelling."""

import re
from collections import Counter

import pytest
from tests.factories import places_files as files

from hieuhoc.kernel.vietnamese import one_spelling
from hieuhoc.registers.places import rules
from hieuhoc.registers.places.models import Kind

UNITS = ("kien-giang-2020.csv", "an-giang-2025.csv", "country-2025.csv")
LABELS = {kind.value: str(kind.label) for kind in Kind}
# Districts of Kiên Giang in 2020 and how many communes each had.
COMMUNES_OF_DISTRICT = {
    "899": 12, "900": 7, "902": 8, "903": 14, "904": 11, "905": 10, "906": 19, "907": 11,
    "908": 9, "909": 11, "910": 8, "911": 10, "912": 4, "913": 6, "914": 5,
}  # fmt: skip


def kinds(units: list[files.Row], level: str = "commune") -> dict[str, int]:
    return dict(Counter(row["kind"] for row in units if row["level"] == level))


def test_kien_giang_had_145_communes_in_2020() -> None:
    units = files.rows("kien-giang-2020.csv")
    assert kinds(units) == {"xa": 117, "phuong": 16, "thi_tran": 12}
    assert kinds(units, "district") == {"thanh_pho": 2, "huyen": 13}
    assert Counter(row["parent_code"] for row in units if row["level"] == "commune") == COMMUNES_OF_DISTRICT


def test_an_giang_had_155_communes_before_the_merger() -> None:
    units = files.rows("an-giang-2025.csv")
    assert kinds(units) == {"xa": 110, "phuong": 27, "thi_tran": 18}
    assert kinds(units, "district") == {"thanh_pho": 2, "thi_xa": 2, "huyen": 7}
    assert [row["name"] for row in units if row["level"] == "province"] == ["Tỉnh An Giang"]


def test_the_country_had_63_provinces_and_696_districts() -> None:
    units = files.rows("country-2025.csv")
    assert Counter(row["level"] for row in units) == {"province": 63, "district": 696, "commune": 10035}
    assert kinds(units, "province") == {"tinh": 57, "thanh_pho": 6}
    assert kinds(units) == {"xa": 7692, "phuong": 1726, "thi_tran": 617}


def test_five_island_districts_have_no_commune() -> None:
    units = files.rows("country-2025.csv")
    above = {row["parent_code"] for row in units}
    lonely = {row["name"] for row in units if row["level"] == "district" and row["code"] not in above}
    assert lonely == {"Huyện Bạch Long Vĩ", "Huyện Cồn Cỏ", "Huyện Hoàng Sa", "Huyện Lý Sơn", "Huyện Côn Đảo"}


def test_the_file_of_an_giang_is_a_part_of_the_country_word_for_word() -> None:
    country = {row["code"]: row for row in files.rows("country-2025.csv")}
    assert all(country[row["code"]] == row for row in files.rows("an-giang-2025.csv"))


@pytest.mark.parametrize("name", UNITS)
def test_keys_and_codes_are_used_once(name: str) -> None:
    units = files.rows(name)
    for column in ("key", "code"):
        assert [value for value, times in Counter(row[column] for row in units).items() if times > 1] == []


@pytest.mark.parametrize("name", UNITS)
def test_every_unit_stands_where_it_may_beneath_one_named_before_it(name: str) -> None:
    levels: dict[str, str] = {}
    for row in files.rows(name):
        above = levels[row["parent_code"]] if row["parent_code"] else None
        rules.check_place(level=row["level"], kind=row["kind"], parent_level=above)
        levels[row["code"]] = row["level"]


@pytest.mark.parametrize("name", UNITS)
def test_the_kind_is_the_one_that_the_name_says(name: str) -> None:
    for row in files.rows(name):
        assert row["name"].lower().startswith(LABELS[row["kind"]] + " "), row


@pytest.mark.parametrize("name", UNITS)
def test_codes_have_the_width_of_their_level(name: str) -> None:
    width = {"province": 2, "district": 3, "commune": 5}
    for row in files.rows(name):
        assert re.fullmatch(rf"\d{{{width[row['level']]}}}", row["code"]), row


@pytest.mark.parametrize("name", [*UNITS, "events/an-giang-2025-07-01.csv", "events/country-2025-07-01.csv"])
def test_names_are_spelled_one_way(name: str) -> None:
    for row in files.rows(name):
        for column in ("name", "source_name", "target_name"):
            written = row.get(column) or ""
            assert written.lower() == one_spelling(written), written
            assert not re.search(r"Thị (Trấn|Xã)|\s{2}|^\s|\s$", written), written


def test_units_of_one_code_are_called_alike_in_every_file() -> None:
    country = {row["code"]: row["name"] for row in files.rows("country-2025.csv")}
    for event in ("events/an-giang-2025-07-01.csv", "events/country-2025-07-01.csv"):
        for row in files.rows(event):
            if row["source"] in country:
                assert row["source_name"] == country[row["source"]]


def test_sizes_are_numbers_of_units_that_the_files_know_each_with_its_source() -> None:
    event = files.rows("events/an-giang-2025-07-01.csv")
    keys = {row["target_key"]: row["target"] for row in event if row["target_key"]}
    sizes = files.rows("sizes.csv")
    assert len({(row["unit"], row["on"]) for row in sizes}) == len(sizes) > 0
    for row in sizes:
        assert keys[row["unit"]] == row["code"]
        assert row["source"]
        assert any(row[column] for column in ("people", "households", "area_ha"))
        assert all(row[column].isdigit() for column in ("people", "households", "area_ha") if row[column])


def test_the_file_of_agencies_of_an_giang_names_one_committee_at_each_place() -> None:
    lines = [row for row in files.rows("an-giang-agencies.csv") if row["level"] == "agency"]
    assert {row["kind"] for row in lines} == {"uy_ban"}
    assert sorted(row["at"] for row in lines) == ["commune", "district", "province"]
