"""Deeds on units: they write a version and the last state together, and refuse what cannot be."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.factories import places as factory

from hieuhoc.foundation.records import trail
from hieuhoc.kernel.errors import Conflict, HouseError, Invalid
from hieuhoc.registers.places import rules, selectors, services
from hieuhoc.registers.places.models import Membership, Unit, UnitVersion

BY = trail.HOUSE
DAY = date(2021, 3, 1)


def spans(unit: Unit) -> list[rules.Span]:
    return [rules.Span(row.valid_from, row.valid_to) for row in unit.versions.order_by("valid_from")]


def state_of(row: Any) -> tuple[Any, ...]:
    return row.name, row.short_name, row.folded, row.sort_key, row.code, row.level, row.kind, row.parent_id, row.path


@pytest.fixture
def province(db: None) -> Unit:
    return factory.make_province("Tỉnh Kiên Giang", code="91")


@pytest.fixture
def district(province: Unit) -> Unit:
    return factory.make_district(province, "Huyện Phú Quốc", code="911")


def test_a_new_unit_has_a_key_a_path_a_version_and_a_line_of_history(province: Unit, district: Unit) -> None:
    assert district.key == "huyen-phu-quoc-tinh-kien-giang"
    assert district.short_name == "Phú Quốc"
    assert district.path == f"/{province.pk}/{district.pk}/"
    assert [state_of(version) for version in district.versions.all()] == [state_of(district)]
    entry = trail.history(district).get()
    assert (entry.deed, entry.changes["code"]) == ("places.unit.create", ["", "911"])


def test_two_units_of_one_name_get_two_keys(province: Unit) -> None:
    first, second = factory.make_agency(province, "Ban Dự án"), factory.make_agency(province, "Ban Dự án")
    assert second.key == f"{first.key}-2"


@pytest.mark.parametrize(
    ("over", "field"),
    [
        ({"name": "   "}, "name"),
        ({"name": "x" * 256}, "name"),
        ({"kind": "xa"}, "kind"),
        ({"level": "commune", "kind": "huyen"}, "kind"),
        ({"valid_from": date(2018, 1, 1)}, "parent"),
        ({"valid_from": factory.LATER + timedelta(days=1)}, "valid_from"),
        ({"code": "911"}, "code"),
        ({"key": "tinh-kien-giang"}, "key"),
    ],
)
def test_a_unit_that_cannot_be_is_refused_with_its_field(district: Unit, over: dict[str, Any], field: str) -> None:
    given = {"name": "Huyện Mới", "level": "district", "kind": "huyen", "parent": district.parent} | over
    before = Unit.objects.count()
    with pytest.raises(Invalid) as refused:
        factory.make_unit(**given)
    assert refused.value.field == field
    assert Unit.objects.count() == before


def test_a_district_becomes_a_city_and_both_names_stay_true_on_their_days(district: Unit) -> None:
    city = services.change_unit(
        by=BY, unit=district, on=DAY, name="Thành phố Phú Quốc", kind="thanh_pho", document="1109/NQ-UBTVQH14"
    )
    assert (city.name, city.short_name, city.kind, city.code) == ("Thành phố Phú Quốc", "Phú Quốc", "thanh_pho", "911")
    assert selectors.state_on(district, date(2021, 2, 28)).name == "Huyện Phú Quốc"
    assert selectors.state_on(district, DAY).name == "Thành phố Phú Quốc"
    rules.check_life(spans(district))
    assert city in selectors.find_units("huyen phu quoc", on=date(2022, 1, 1))
    assert trail.history(district)[0].changes["name"] == ["Huyện Phú Quốc", "Thành phố Phú Quốc"]


def test_a_second_change_on_one_day_corrects_the_first(district: Unit) -> None:
    services.rename_unit(by=BY, unit=district, name="Thành phố Phú Qốc", on=DAY, document="1109/NQ-UBTVQH14")
    services.rename_unit(by=BY, unit=district, name="Thành phố Phú Quốc", on=DAY)
    assert [(row.name, row.valid_from) for row in district.versions.order_by("valid_from")] == [
        ("Huyện Phú Quốc", factory.SINCE),
        ("Thành phố Phú Quốc", DAY),
    ]
    assert district.versions.get(valid_from=DAY).document == "1109/NQ-UBTVQH14"
    rules.check_life(spans(district))


@pytest.mark.parametrize("day", [date(2018, 12, 31), factory.LATER + timedelta(days=1)])
def test_a_change_before_the_life_or_in_the_future_is_refused(district: Unit, day: date) -> None:
    with pytest.raises(Invalid):
        services.rename_unit(by=BY, unit=district, name="Thành phố Phú Quốc", on=day)
    assert district.versions.count() == 1


def test_a_change_of_nothing_is_refused(district: Unit) -> None:
    with pytest.raises(Invalid):
        services.rename_unit(by=BY, unit=district, name="Huyện  Phú Quốc ", on=DAY)


def test_a_code_is_one_units_at_a_time_and_anothers_later(province: Unit, district: Unit) -> None:
    ward = factory.make_unit("Phường Vĩnh Bảo", "commune", "phuong", district, code="30742")
    other = factory.make_unit("Phường Vĩnh Thanh Vân", "commune", "phuong", district, code="30730")
    with pytest.raises(Invalid):
        services.change_unit(by=BY, unit=other, on=DAY, code="30742")
    services.end_unit(by=BY, unit=ward, on=DAY, why="Sáp nhập")
    services.change_unit(by=BY, unit=other, on=DAY, code="30742")
    assert selectors.unit_by_code("30742", on=date(2021, 2, 28)).unit == ward
    assert selectors.unit_by_code("30742", on=DAY).unit == other


def test_a_moved_unit_takes_everything_beneath_it_along(province: Unit, district: Unit) -> None:
    commune = factory.make_commune(district, "Xã Thổ Châu", code="31105")
    hamlet = factory.make_unit("Ấp Bãi Ngự", "hamlet", "ap", commune)
    committee = factory.make_agency(commune, "Ủy ban nhân dân xã Thổ Châu", kind="uy_ban")
    neighbour = factory.make_district(province, "Huyện Kiên Hải", code="912")
    services.move_unit(by=BY, unit=commune, parent=neighbour, on=DAY, document="NQ")
    for unit in (commune, hamlet, committee):
        unit.refresh_from_db()
        assert rules.is_within(unit.path, neighbour.path)
        rules.check_life(spans(unit))
    assert set(selectors.units_on(DAY, under=neighbour).values_list("unit", flat=True)) == {
        commune.pk,
        hamlet.pk,
        committee.pk,
    }
    assert selectors.units_on(date(2021, 2, 28), under=district).count() == 3
    assert not selectors.units_on(DAY, under=district).exists()


def test_what_has_ended_beneath_a_moved_unit_keeps_the_path_of_its_day(province: Unit, district: Unit) -> None:
    commune = factory.make_commune(district, "Xã Cũ")
    services.end_unit(by=BY, unit=commune, on=date(2020, 1, 1), why="Giải thể")
    services.move_unit(by=BY, unit=district, parent=factory.make_province("Tỉnh An Giang"), on=DAY)
    commune.refresh_from_db()
    assert commune.path == f"/{province.pk}/{district.pk}/{commune.pk}/"


def test_a_unit_cannot_move_beneath_itself_or_under_a_wrong_level(province: Unit, district: Unit) -> None:
    office = factory.make_agency(province, "Sở Y tế")
    centre = factory.make_agency(office, "Trung tâm Y tế", kind="truc_thuoc")
    with pytest.raises(Conflict):
        services.move_unit(by=BY, unit=office, parent=centre, on=DAY)
    with pytest.raises(Invalid):
        services.move_unit(by=BY, unit=district, parent=office, on=DAY)
    office.refresh_from_db()
    assert office.parent == province


def test_a_unit_with_others_beneath_it_does_not_end(district: Unit) -> None:
    commune = factory.make_commune(district)
    with pytest.raises(Conflict):
        services.end_unit(by=BY, unit=district, on=DAY, why="Bỏ cấp huyện")
    services.end_unit(by=BY, unit=commune, on=DAY, why="Sáp nhập", document="NQ 1")
    ended = services.end_unit(by=BY, unit=district, on=DAY, why="Bỏ cấp huyện")
    assert ended.valid_to == DAY
    assert Unit.objects.filter(pk=district.pk).exists()
    with pytest.raises(HouseError):
        services.rename_unit(by=BY, unit=district, name="Huyện Khác", on=DAY)


def test_an_end_needs_a_reason(district: Unit) -> None:
    with pytest.raises(Invalid):
        services.end_unit(by=BY, unit=district, on=DAY, why=" ")


def test_an_ended_unit_leaves_its_groups(province: Unit) -> None:
    office, group = factory.make_agency(province), factory.make_group(province)
    services.set_members(by=BY, group=group, members=[office], on=factory.SINCE)
    services.end_unit(by=BY, unit=office, on=DAY, why="Giải thể")
    assert selectors.members(group, on=date(2021, 2, 28)) == [office]
    assert selectors.members(group, on=DAY) == []
    assert Membership.objects.get().valid_to == DAY


def test_another_name_finds_and_links_a_unit_until_it_ends(province: Unit) -> None:
    office = factory.make_agency(province, "Sở Giáo dục và Đào tạo")
    alias = services.add_alias(by=BY, unit=office, name="Ngành học", on=factory.SINCE)
    assert selectors.find_units("nganh hoc", on=DAY) == [office]
    assert selectors.NameIndex(DAY).best("ngành học", within=province) == office
    services.end_alias(by=BY, alias=alias, on=DAY)
    assert selectors.NameIndex(DAY).best("ngành học", within=province) is None
    with pytest.raises(Conflict):
        services.end_alias(by=BY, alias=alias, on=date(2022, 1, 1))


@pytest.mark.parametrize("name", ["", "Sở Giáo dục và Đào tạo", "Ngành học"])
def test_an_empty_or_a_known_other_name_is_refused(province: Unit, name: str) -> None:
    office = factory.make_agency(province, "Sở Giáo dục và Đào tạo", aliases=["Ngành học"])
    with pytest.raises(Invalid):
        services.add_alias(by=BY, unit=office, name=name, on=DAY)


def test_a_group_stands_for_other_members_from_a_day(province: Unit) -> None:
    group = factory.make_group(province)
    one, two, three = (factory.make_agency(province, f"Sở {name}") for name in "ABC")
    services.set_members(by=BY, group=group, members=[one, two], on=factory.SINCE)
    services.set_members(by=BY, group=group, members=[two, three], on=DAY)
    assert selectors.members(group, on=date(2021, 2, 28)) == [one, two]
    assert selectors.members(group, on=DAY) == [two, three]
    assert trail.history(group)[0].changes["members"] == [["Sở A"], ["Sở C"]]


def test_a_member_taken_in_and_out_on_one_day_never_was_one(province: Unit) -> None:
    group, office = factory.make_group(province), factory.make_agency(province)
    services.set_members(by=BY, group=group, members=[office], on=DAY)
    services.set_members(by=BY, group=group, members=[], on=DAY)
    assert selectors.members(group, on=DAY) == []
    assert trail.history(group).count() == 3  # created, taken in, taken out


def test_only_a_group_has_members_and_no_group_is_one(province: Unit) -> None:
    group, other, office = (
        factory.make_group(province),
        factory.make_group(province, "B"),
        factory.make_agency(province),
    )
    for wrong, members in ((office, [office]), (group, [other])):
        with pytest.raises(Invalid):
            services.set_members(by=BY, group=wrong, members=members, on=DAY)
    late = factory.make_agency(province, "Sở Mới", valid_from=date(2022, 1, 1))
    with pytest.raises(Invalid):
        services.set_members(by=BY, group=group, members=[late], on=DAY)


@pytest.mark.parametrize(
    "change",
    [
        {"valid_to": factory.SINCE},
        {"level": "village"},
        {"kind": "bang"},
    ],
)
def test_the_database_itself_refuses_days_out_of_order_and_unknown_kinds(
    district: Unit, change: dict[str, Any]
) -> None:
    for table in (Unit.objects.filter(pk=district.pk), UnitVersion.objects.filter(unit=district)):
        with pytest.raises(IntegrityError), transaction.atomic():
            table.update(**change)


def test_the_database_itself_refuses_a_second_open_version_and_a_second_holder_of_a_code(
    province: Unit, district: Unit
) -> None:
    twin = district.versions.get()
    twin.pk, twin.valid_from = None, DAY
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitVersion.objects.filter(unit=province).update(code="911")


class RandomHistories(TestCase):
    """After any chain of moves, renames and ends the two records of the register agree."""

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11), st.integers(0, 2)), max_size=15))
    def test_paths_follow_parents_and_lives_have_no_gaps(self, deeds: list[tuple[int, int, int]]) -> None:
        units = self._start()
        day = DAY
        for which, target, deed in deeds:
            day += timedelta(days=which % 3)
            unit = Unit.objects.get(pk=units[which].pk)
            try:
                if deed == 0:
                    services.rename_unit(by=BY, unit=unit, name=f"{unit.name} {target}", on=day)
                elif deed == 1:
                    services.move_unit(by=BY, unit=unit, parent=units[target], on=day)
                else:
                    services.end_unit(by=BY, unit=unit, on=day, why="thử")
            except HouseError:
                continue
        self._agree(day)

    def _start(self) -> list[Unit]:
        provinces = [factory.make_province(f"Tỉnh {name}") for name in "AB"]
        districts = [factory.make_district(provinces[n % 2], f"Huyện {n}") for n in range(4)]
        communes = [factory.make_commune(districts[n % 4], f"Xã {n}") for n in range(4)]
        return (
            provinces
            + districts
            + communes
            + [factory.make_agency(one, "Ủy ban", kind="uy_ban") for one in communes[:2]]
        )

    def _agree(self, day: date) -> None:
        for unit in Unit.objects.all():
            rules.check_life(spans(unit))
            last = unit.versions.order_by("-valid_from")[0]
            assert state_of(last) == state_of(unit)
            assert last.valid_to == unit.valid_to
        standing = {row.unit_id: row for row in UnitVersion.objects.on(day)}
        for row in standing.values():
            above = standing[row.parent_id].path if row.parent_id else ""
            assert row.path == rules.path_under(above, row.unit_id)
