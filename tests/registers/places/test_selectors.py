"""Reading the register: as of a day, in a fixed number of queries."""

from datetime import date

import pytest
from pytest_django import DjangoAssertNumQueries
from tests.factories import places as factory
from tests.factories.places import PLAN_DAY

from hieuhoc.foundation.records import trail
from hieuhoc.kernel.errors import Missing
from hieuhoc.registers.places import selectors, services
from hieuhoc.registers.places.models import Unit, UnitVersion


def keys(units: list[Unit]) -> list[str]:
    return [unit.key.removesuffix("-kien-giang") for unit in units]


def test_the_units_of_a_day_can_be_of_one_level_and_beneath_one_unit(kien_giang: Unit) -> None:
    district = selectors.unit_by_key("huyen-an-bien-kien-giang")
    communes = selectors.units_on(PLAN_DAY, level="commune", under=district)
    assert [row.short_name for row in communes] == [
        "Đông Thái", "Đông Yên", "Hưng Yên", "Nam Thái", "Nam Thái A", "Nam Yên", "Tây Yên", "Tây Yên A", "Thứ Ba",
    ]  # fmt: skip
    assert selectors.units_on(date(2018, 10, 31)).count() == 0


def test_a_code_leads_to_its_holder_of_that_day(kien_giang: Unit) -> None:
    assert selectors.unit_by_code("30742", on=PLAN_DAY).name == "Phường Vĩnh Bảo"
    assert selectors.unit_by_code("91", on=PLAN_DAY).unit == kien_giang
    for code, day in (("901", PLAN_DAY), ("", PLAN_DAY), ("91", date(2010, 1, 1))):
        with pytest.raises(Missing):
            selectors.unit_by_code(code, on=day)


def test_an_unknown_key_and_a_day_before_the_life_are_missing(kien_giang: Unit) -> None:
    with pytest.raises(Missing):
        selectors.unit_by_key("tinh-ca-mau")
    with pytest.raises(Missing):
        selectors.state_on(kien_giang, date(2000, 1, 1))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("dong thai", "xa-dong-thai-an-bien"),
        ("Phú Quốc", "huyen-phu-quoc"),
        ("SỞ GIÁO", "so-giao-duc-va-dao-tao"),
        ("gd&dt", "so-giao-duc-va-dao-tao"),
        ("899", "thanh-pho-rach-gia"),
        ("kien giang", "tinh-kien-giang"),
        ("mat tran to quoc", "mat-tran-to-quoc-tinh"),
        ("gia rach", "thanh-pho-rach-gia"),
    ],
)
def test_search_ignores_marks_case_and_order_of_words(kien_giang: Unit, text: str, first: str) -> None:
    found = selectors.find_units(text, on=PLAN_DAY)
    assert found[0].key.removesuffix("-kien-giang") == first.removesuffix("-kien-giang")


def test_search_keeps_to_the_levels_asked_and_to_the_limit(kien_giang: Unit) -> None:
    found = selectors.find_units("an", on=PLAN_DAY, levels=["district"], limit=3)
    assert len(found) == 3
    assert {unit.level for unit in found} == {"district"}
    assert selectors.find_units("", on=PLAN_DAY) == []
    assert selectors.find_units("an bien %", on=PLAN_DAY) == []


def test_the_list_of_the_register_narrows_by_words_level_and_kind(kien_giang: Unit) -> None:
    assert selectors.filtered_units(on=PLAN_DAY, level="commune", kind="thi_tran").count() == 12
    assert selectors.filtered_units(on=PLAN_DAY, text="thứ trấn", level="commune").count() == 3
    assert selectors.filtered_units(on=PLAN_DAY)[0].unit == kien_giang


def test_children_come_places_first_with_the_number_beneath_each(kien_giang: Unit) -> None:
    top = selectors.tree_children(None, PLAN_DAY)
    assert [row.unit for row in top] == [kien_giang]
    children = list(selectors.tree_children(kien_giang, PLAN_DAY, levels=selectors.ADMINISTRATIVE_LEVELS))
    assert len(children) == 15
    beneath = {row.code: row.beneath for row in children}  # type: ignore[attr-defined]  # annotated by the query
    assert beneath["906"] == 19 + 5  # communes, and the committee, two divisions, the association and a group


def test_ancestors_lead_from_the_top_down(kien_giang: Unit) -> None:
    commune = selectors.unit_by_code("30787", on=PLAN_DAY)
    assert [row.name for row in selectors.ancestors(commune, PLAN_DAY)] == ["Tỉnh Kiên Giang", "Huyện Kiên Lương"]
    assert selectors.ancestors(kien_giang, PLAN_DAY) == []


def test_every_agency_belongs_to_a_place_and_every_place_has_its_committee(kien_giang: Unit) -> None:
    centre = selectors.unit_by_key("trung-tam-gdtx-tinh-kien-giang")
    assert selectors.place_of(centre) == kien_giang
    assert selectors.place_of(kien_giang) == kien_giang
    committee = selectors.committee_of(kien_giang, on=PLAN_DAY)
    assert committee is not None
    assert committee.short_name == "UBND tỉnh"


def test_a_life_is_told_newest_first_without_what_changed_only_above_it(db: None) -> None:
    province, other = factory.make_province("Tỉnh A"), factory.make_province("Tỉnh B")
    district = factory.make_district(province)
    commune = factory.make_commune(district, "Xã A")
    services.move_unit(by=trail.HOUSE, unit=district, parent=other, on=date(2020, 1, 1))
    services.rename_unit(by=trail.HOUSE, unit=commune, name="Xã B", on=date(2021, 1, 1))
    assert [(row.name, row.valid_from, row.valid_to) for row in selectors.life(commune)] == [
        ("Xã B", date(2021, 1, 1), None),
        ("Xã A", factory.SINCE, date(2021, 1, 1)),
    ]
    assert commune.versions.count() == 3


def test_the_group_of_districts_stands_for_fifteen_committees(kien_giang: Unit) -> None:
    group = selectors.unit_by_key("ubnd-cac-huyen-thanh-pho-kien-giang")
    members = selectors.members(group, on=PLAN_DAY)
    assert len(members) == 15
    assert {unit.kind for unit in members} == {"uy_ban"}
    assert selectors.holders(group, on=PLAN_DAY) == members
    assert group in selectors.groups_of(members[0], on=PLAN_DAY)


def test_a_unit_holds_for_itself_and_so_does_a_group_without_members(kien_giang: Unit) -> None:
    office = selectors.unit_by_key("so-tai-chinh-kien-giang")
    schools = selectors.unit_by_key("cac-truong-dai-hoc-cao-dang-trung-cap-kien-giang")
    assert selectors.holders(office, on=PLAN_DAY) == [office]
    assert selectors.holders(schools, on=PLAN_DAY) == [schools]


def test_holders_of_many_units_take_one_query(
    kien_giang: Unit, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    units = list(Unit.objects.filter(level__in=["group", "agency"], parent=kien_giang))
    with django_assert_num_queries(1):
        holders = selectors.holders_of(units, on=PLAN_DAY)
    assert len(holders) == len(units)
    wards = selectors.unit_by_key("ubnd-cac-xa-phuong-thi-tran-kien-giang")
    assert len(holders[wards.pk]) == 145


@pytest.mark.parametrize("day", [PLAN_DAY, date(2026, 1, 1)])
def test_reads_take_a_fixed_number_of_queries(
    kien_giang: Unit, django_assert_num_queries: DjangoAssertNumQueries, day: date
) -> None:
    district = selectors.unit_by_key("huyen-an-bien-kien-giang")
    with django_assert_num_queries(1):
        list(selectors.tree_children(kien_giang, day))
    with django_assert_num_queries(2):
        list(selectors.units_on(day, under=district))
    with django_assert_num_queries(2):
        selectors.ancestors(district, day)
    with django_assert_num_queries(1):
        selectors.counts_on(day)
    with django_assert_num_queries(1):
        selectors.find_units("an", on=day)
    with django_assert_num_queries(1):
        list(selectors.export_rows(day))
    with django_assert_num_queries(1):
        selectors.life(district)


def test_the_census_counts_levels_and_kinds(kien_giang: Unit) -> None:
    census = selectors.counts_on(PLAN_DAY)
    assert census.levels["hamlet"] == 0
    assert census.kinds["commune", "thi_tran"] == 12
    district = selectors.unit_by_key("huyen-an-bien-kien-giang")
    assert selectors.counts_on(PLAN_DAY, under=district).levels["commune"] == 9


def test_the_export_has_a_row_for_each_unit_under_its_headings(kien_giang: Unit) -> None:
    rows = list(selectors.export_rows(PLAN_DAY))
    assert {len(row) for row in rows} == {len(selectors.EXPORT_HEADINGS)}
    assert len(rows) == sum(selectors.counts_on(PLAN_DAY).levels.values())
    town = next(row for row in rows if row[1] == "30985")
    assert town[2:7] == ("Thị trấn Thứ Ba", "Thứ Ba", "Cấp xã", "thị trấn", "Huyện An Biên")


def test_a_subtree_as_plain_values_is_the_list_of_the_register_in_one_query(
    kien_giang: Unit, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    district = selectors.unit_by_code("906", on=PLAN_DAY)
    for under, level in ((kien_giang, None), (kien_giang, "commune"), (district, None)):
        listed = selectors.units_on(PLAN_DAY, under=under, level=level)
        state = under if isinstance(under, UnitVersion) else selectors.state_on(under, PLAN_DAY)
        with django_assert_num_queries(1):
            found = selectors.subtree_on(PLAN_DAY, under=state, level=level)
        assert found == [(one.unit_id, one.code, one.name, one.level, one.kind, one.parent_id) for one in listed]
        assert state.unit_id not in {row[0] for row in found}


def test_a_path_that_only_looks_alike_is_not_beneath(db: None) -> None:
    province = factory.make_province()
    districts = [factory.make_district(province, f"Huyện {number}") for number in range(12)]
    for district in districts:
        factory.make_commune(district, f"Xã của {district.name}")
    for district in districts:
        under = selectors.units_on(factory.PLAN_DAY, under=district)
        assert [one.name for one in under] == [f"Xã của {district.name}"]
