"""The real events that ship, by their files alone: what went into what, to the last unit, against what is published."""

from collections import Counter, defaultdict
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
import yaml
from tests.factories import places_files as files

from hieuhoc.registers.places import rules

EVENTS = (
    "phu-quoc-2021-03-01",
    "rach-gia-2025-01-04",
    "kien-giang-2025-03-01",
    "an-giang-2025-07-01",
    "country-2025-07-01",
)
TABLE = Path(__file__).resolve().parents[2] / "fixtures/places"
UNTOUCHED = {
    "Xã Mỹ Hòa Hưng": "30313", "Xã Bình Giang": "30826", "Xã Bình Sơn": "30823", "Xã Hòn Nghệ": "30814",
    "Xã Sơn Hải": "30811", "Xã Tiên Hải": "30781",
}  # fmt: skip
DIVIDED = {
    "30355": {"Xã An Phú", "Xã Nhơn Hội"},
    "30358": {"Xã An Phú", "Xã Nhơn Hội", "Xã Phú Hữu"},
    "30334": {"Phường Châu Đốc", "Phường Vĩnh Tế"},
}
ENDING = ("merge", "divide", "abolish")


@cache
def event(slug: str) -> list[files.Row]:
    return files.rows(f"events/{slug}.csv")


@cache
def kien_giang_in_june_2025() -> list[files.Row]:
    """The province of 2020 carried through the events of 2021 and 2025."""
    units = files.rows("kien-giang-2020.csv")
    for slug in EVENTS[:2]:
        units = files.after(units, event(slug))
    return units


def kinds(units: list[files.Row]) -> dict[str, int]:
    return dict(Counter(unit["kind"] for unit in units if unit["level"] == "commune"))


def heirs(slug: str, codes: set[str]) -> dict[str, dict[str, str]]:
    """For each of the codes, its heirs after the event: code and name."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in event(slug):
        if row["source"] in codes and row["act"] in ENDING:
            found[row["source"]][row["target"]] = row["target_name"]
    return found


def test_phu_quoc_became_a_city_with_144_communes_in_the_province() -> None:
    units = files.after(files.rows("kien-giang-2020.csv"), event("phu-quoc-2021-03-01"))
    assert kinds(units) == {"xa": 116, "phuong": 18, "thi_tran": 10}
    assert Counter(unit["kind"] for unit in units if unit["level"] == "district") == {"thanh_pho": 3, "huyen": 12}
    city = next(unit for unit in units if unit["code"] == "911")
    assert (city["name"], city["key"]) == ("Thành phố Phú Quốc", "huyen-phu-quoc-kien-giang")
    duong_dong = next(unit for unit in units if unit["code"] == "31078")
    assert (duong_dong["name"], duong_dong["key"]) == (
        "Phường Dương Đông",
        "thi-tran-duong-dong-phu-quoc-kien-giang",
    )
    assert {row["source"] for row in event("phu-quoc-2021-03-01") if row["act"] == "merge"} == {"31081", "31099"}


def test_the_merger_in_rach_gia_leaves_143_communes_and_passes_the_code_on() -> None:
    units = kien_giang_in_june_2025()
    assert kinds(units) == {"xa": 116, "phuong": 17, "thi_tran": 10}
    names = files.communes(units)
    assert names["30742"] == "Phường Vĩnh Thanh Vân"
    assert "30730" not in names


def test_the_province_carried_through_the_events_is_the_one_of_the_countrys_file() -> None:
    country = files.rows("country-2025.csv")
    districts = {row["code"] for row in country if row["parent_code"] == "91"}
    listed = {row["code"]: row["name"] for row in country if row["parent_code"] in districts}
    assert files.communes(kien_giang_in_june_2025()) == listed


def test_what_became_of_kien_giang_is_the_published_table_code_by_code() -> None:
    table = files.rows("kien-giang-48.csv", folder=TABLE)
    old = files.communes(kien_giang_in_june_2025())
    assert {row["old_code"]: row["old_name"] for row in table} == old
    assert len(table) == len(old) == 143
    went = heirs("an-giang-2025-07-01", set(old))
    goes_on = {row["source"]: row for row in event("an-giang-2025-07-01") if row["act"] not in ENDING}
    for row in table:
        if row["old_code"] in went:
            assert went[row["old_code"]] == {row["new_code"]: row["new_name"]}
        else:
            changed = goes_on.get(row["old_code"], {})
            assert (changed.get("target") or row["old_code"]) == row["new_code"]
            assert (changed.get("target_name") or row["old_name"]) == row["new_name"]


def test_kien_giang_became_48_units_and_none_of_it_was_divided() -> None:
    table = files.rows("kien-giang-48.csv", folder=TABLE)
    new = {row["new_code"]: row["new_name"].split()[0] for row in table}
    assert Counter(new.values()) == {"Xã": 41, "Phường": 4, "Đặc": 3}
    codes = {row["old_code"] for row in table}
    assert not [row for row in event("an-giang-2025-07-01") if row["act"] == "divide" and row["source"] in codes]


def test_three_communes_of_the_old_an_giang_were_divided_by_estimate() -> None:
    rows = [row for row in event("an-giang-2025-07-01") if row["act"] == "divide"]
    parts: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        parts[row["source"]].add(row["target_name"])
        assert row["estimated"] == "x"
        assert row["note"]
    assert parts == DIVIDED


def test_both_provinces_together_became_102_units() -> None:
    before = kien_giang_in_june_2025() + files.rows("an-giang-2025.csv")
    units = files.after(before, event("an-giang-2025-07-01"))
    assert kinds(units) == {"xa": 85, "phuong": 14, "dac_khu": 3}
    assert Counter(unit["level"] for unit in units) == {"province": 1, "commune": 102}
    assert [(unit["code"], unit["name"]) for unit in units if unit["level"] == "province"] == [("91", "Tỉnh An Giang")]


def test_six_communes_are_named_by_no_row_and_one_only_changes_its_kind() -> None:
    before = kien_giang_in_june_2025() + files.rows("an-giang-2025.csv")
    named = {row["source"] for row in event("an-giang-2025-07-01")}
    left = {unit["name"]: unit["code"] for unit in before if unit["code"] not in named}
    assert left == UNTOUCHED
    changed = [row for row in event("an-giang-2025-07-01") if row["act"] == "rekind"]
    assert [(row["source"], row["target_name"]) for row in changed] == [("31105", "Đặc khu Thổ Châu")]


def test_the_country_became_34_provinces_and_3321_communes() -> None:
    rows = [*event("an-giang-2025-07-01"), *event("country-2025-07-01")]
    units = files.after(files.rows("country-2025.csv"), rows)
    assert Counter(unit["level"] for unit in units) == {"province": 34, "commune": 3321}
    assert kinds(units) == {"xa": 2621, "phuong": 687, "dac_khu": 13}
    codes = Counter(unit["code"] for unit in units)
    assert max(codes.values()) == 1


def test_471_communes_of_the_country_were_divided() -> None:
    rows = [*event("an-giang-2025-07-01"), *event("country-2025-07-01")]
    divided = {row["source"] for row in rows if row["act"] == "divide"}
    assert len(divided) == 471


@pytest.mark.parametrize("slug", EVENTS)
def test_shares_sum_to_one_and_one_heir_takes_the_duties(slug: str) -> None:
    shares: dict[str, Fraction] = defaultdict(Fraction)
    mains: Counter[str] = Counter()
    targets: dict[str, list[str]] = defaultdict(list)
    for row in event(slug):
        if row["act"] in ENDING:
            shares[row["source"]] += rules.read_share(row["share"])
            mains[row["source"]] += row["duties"] == "x"
            targets[row["source"]].append(row["target"])
    assert {source: share for source, share in shares.items() if share != 1} == {}
    for source, heirs_of in targets.items():
        assert len(set(heirs_of)) == len(heirs_of)
        assert mains[source] == (1 if len(heirs_of) > 1 else 0)


@pytest.mark.parametrize("slug", EVENTS)
def test_every_share_below_one_is_marked_as_an_estimate(slug: str) -> None:
    for row in event(slug):
        assert (rules.read_share(row["share"]) < 1) == (row["estimated"] == "x"), row


@pytest.mark.parametrize("slug", EVENTS)
def test_a_formed_unit_is_described_once_and_under_one_name(slug: str) -> None:
    names: dict[str, set[str]] = defaultdict(set)
    keys: dict[str, set[str]] = defaultdict(set)
    for row in event(slug):
        if row["act"] in ENDING and row["target_name"]:
            names[row["target"]].add(row["target_name"])
        if row["target_key"]:
            keys[row["target"]].add(row["target_key"])
    assert {target: said for target, said in {**names, **keys}.items() if len(said) > 1} == {}


def test_no_key_of_a_new_unit_is_an_old_units_key() -> None:
    taken = Counter({row["key"]: 1 for row in [*files.rows("kien-giang-2020.csv"), *files.rows("country-2025.csv")]})
    for slug in EVENTS:
        taken.update({row["target_key"] for row in event(slug) if row["target_key"]})
    # The country's own file calls one ward as the event of 2021 does: it is the same unit.
    assert [key for key, times in taken.items() if times > 1] == ["phuong-an-thoi-phu-quoc-kien-giang"]


@pytest.mark.parametrize("slug", EVENTS)
def test_rows_name_known_acts_and_known_kinds(slug: str) -> None:
    for row in event(slug):
        assert row["act"] in rules.ACTS
        level, kind = row["target_level"], row["target_kind"]
        assert not level or kind in rules.KINDS_OF_LEVEL[level]


def test_the_list_of_events_is_in_order_and_says_how_sure_each_is() -> None:
    told = yaml.safe_load((files.SHIPPED / "events.yaml").read_text(encoding="utf-8"))
    assert tuple(one["slug"] for one in told) == EVENTS
    days = [one["effective_on"] for one in told]
    assert days == sorted(days)
    assert days[0] == date(2021, 3, 1)
    for one in told:
        assert one["certainty"] in ("CONFIRMED", "PARTIAL", "UNKNOWN")
        assert one["certainty"] == "CONFIRMED" or one["note"]
        assert (files.SHIPPED / one["rows"]).exists()
        assert all((files.SHIPPED / name).exists() for name in one["loads"])


def test_what_is_not_known_is_left_empty_and_said() -> None:
    told = {one["slug"]: one for one in yaml.safe_load((files.SHIPPED / "events.yaml").read_text(encoding="utf-8"))}
    merger = told["rach-gia-2025-01-04"]
    assert not merger["document"]
    assert "chưa rõ" in merger["note"]
    assert told["an-giang-2025-07-01"]["document"]["number"] == "1654/NQ-UBTVQH15"
    assert "chưa rõ số" in told["an-giang-2025-07-01"]["note"]


def test_every_agency_called_by_a_district_has_an_heir() -> None:
    patterns = files.rows("kien-giang-agencies.csv") + files.rows("an-giang-agencies.csv")
    ended = {row["source"] for row in event("an-giang-2025-07-01")}
    for name, province in (("kien-giang-2020.csv", "kien-giang"), ("an-giang-2025.csv", "an-giang")):
        for place in files.rows(name):
            for row in patterns:
                own = (row in files.rows("an-giang-agencies.csv")) == (province == "an-giang")
                if own and row["level"] == "agency" and place["level"] == row["at"] == "district":
                    assert row["key"].format(key=place["key"]) in ended
