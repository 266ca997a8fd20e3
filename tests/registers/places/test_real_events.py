"""The real events of Kiên Giang and An Giang, 2020 to 1/7/2025, carried out on the register as they happened."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import pytest
from django.db import transaction
from django.test.utils import override_settings
from pytest_django import DjangoDbBlocker
from tests.factories import places as factory

from hieuhoc.foundation.records import trail
from hieuhoc.registers.places import selectors, services
from hieuhoc.registers.places.models import Reorganisation, Succession, Unit, UnitVersion

EVE, DAY = date(2025, 6, 30), date(2025, 7, 1)
UNTOUCHED = ("Xã Mỹ Hòa Hưng", "Xã Bình Giang", "Xã Bình Sơn", "Xã Hòn Nghệ", "Xã Sơn Hải", "Xã Tiên Hải")


@pytest.fixture(scope="module")
def _carried_on(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The register after the last real event, made once for all who only look at it, and taken away after them."""
    with django_db_blocker.unblock(), override_settings(TODAY=factory.LATER, FOLLOWERS=[]):
        around = transaction.atomic()
        around.__enter__()
        factory.load_kien_giang()
        services.execute_shipped(until=DAY)
        yield
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def an_giang(_carried_on: None, db: None) -> Unit:
    """The province of An Giang on 1/7/2025."""
    return selectors.unit_by_code("91", on=DAY).unit


def kinds(day: date, *, under: str | None = None) -> dict[str, int]:
    above = selectors.unit_by_code(under, on=day) if under else None
    return dict(Counter(row.kind for row in selectors.units_on(day, level="commune", under=above)))


def test_the_counts_of_each_day_are_those_of_the_documents(an_giang: Unit) -> None:
    assert kinds(date(2020, 9, 17)) == {"xa": 117, "phuong": 16, "thi_tran": 12}
    assert kinds(date(2021, 2, 28)) == {"xa": 117, "phuong": 16, "thi_tran": 12}
    assert kinds(date(2021, 3, 1)) == {"xa": 116, "phuong": 18, "thi_tran": 10}
    assert kinds(EVE, under="91") == {"xa": 116, "phuong": 17, "thi_tran": 10}
    assert kinds(EVE, under="89") == {"xa": 110, "phuong": 27, "thi_tran": 18}
    assert kinds(DAY) == {"xa": 85, "phuong": 14, "dac_khu": 3}


def test_the_level_of_districts_is_gone(an_giang: Unit) -> None:
    assert selectors.counts_on(EVE).levels["district"] == 26
    assert selectors.counts_on(DAY).levels["district"] == 0
    parents = {row.parent_id for row in selectors.units_on(DAY, level="commune")}
    assert parents == {an_giang.pk}


def test_one_code_is_another_life_on_each_day(an_giang: Unit) -> None:
    days = (date(2020, 9, 17), date(2025, 2, 1), DAY)
    lives = [selectors.unit_by_code("30742", on=day) for day in days]
    assert [life.name for life in lives] == ["Phường Vĩnh Bảo", "Phường Vĩnh Thanh Vân", "Phường Rạch Giá"]
    assert len({life.unit_id for life in lives}) == 3
    provinces = [selectors.unit_by_code("91", on=day) for day in (EVE, DAY)]
    assert [one.name for one in provinces] == ["Tỉnh Kiên Giang", "Tỉnh An Giang"]
    assert provinces[0].unit_id != provinces[1].unit_id


def test_the_untouched_communes_are_the_same_lives_under_another_parent(an_giang: Unit) -> None:
    for name in UNTOUCHED:
        after = selectors.units_on(DAY, level="commune").get(name=name)
        before = selectors.state_on(after.unit, EVE)
        assert before.name == name
        assert before.level == "commune"
        assert before.parent_id != after.parent_id == an_giang.pk
        assert not Succession.objects.filter(heir=after.unit).exists()


def test_kinds_change_inside_a_life(an_giang: Unit) -> None:
    phu_quoc = [selectors.unit_by_code("911", on=day) for day in (date(2021, 2, 28), date(2021, 3, 1))]
    assert [one.kind for one in phu_quoc] == ["huyen", "thanh_pho"]
    assert phu_quoc[0].unit_id == phu_quoc[1].unit_id
    tho_chau = [selectors.unit_by_code("31105", on=day) for day in (EVE, DAY)]
    assert [one.kind for one in tho_chau] == ["xa", "dac_khu"]
    assert tho_chau[0].unit_id == tho_chau[1].unit_id


def test_every_old_commune_has_heirs_whose_shares_are_the_whole(an_giang: Unit) -> None:
    old = [row.unit for row in selectors.units_on(EVE, level="commune")]
    shares: Counter[int] = Counter()
    for row in Succession.objects.filter(predecessor__in=old, on=DAY):
        shares[row.predecessor_id] += Fraction(row.share_over, row.share_of)  # type: ignore[assignment]  # exact
    ended = {unit.pk for unit in old if unit.valid_to == DAY}
    assert len(old) == 298
    assert len(ended) == 298 - 6 - 1  # the untouched, and Thổ Châu
    assert set(shares) == ended
    assert set(shares.values()) == {Fraction(1)}


def test_only_three_old_communes_are_divided_and_their_shares_are_marked_as_estimates(an_giang: Unit) -> None:
    rows = Succession.objects.filter(on=DAY, share_of__gt=1, predecessor__level="commune")
    assert {row.predecessor.code for row in rows} == {"30355", "30358", "30334"}
    assert all(row.is_estimated for row in rows)
    assert not Succession.objects.filter(is_estimated=True).exclude(share_of__gt=1).exists()


def test_every_additive_figure_is_the_same_on_either_map(an_giang: Unit) -> None:
    old = [row.unit_id for row in selectors.units_on(EVE, level="commune")]
    series = {(unit, EVE): 7 * place + 3 for place, unit in enumerate(old)}
    restated = selectors.restated(series, on=DAY)
    assert len(restated) == 102
    assert sum(one.value for one in restated.values() if isinstance(one.value, int)) == sum(series.values())
    assert {one.is_estimated for one in restated.values()} == {True, False}


def test_two_communes_that_reported_forty_each_make_eighty(an_giang: Unit) -> None:
    dong_yen, hung_yen = (selectors.unit_by_code(code, on=EVE).unit_id for code in ("31009", "30997"))
    heir = selectors.unit_by_code("30985", on=DAY).unit_id
    restated = selectors.restated({(dong_yen, EVE): 40, (hung_yen, EVE): 40}, on=DAY)
    assert restated[heir, EVE].value == 80


def test_the_register_knows_between_which_days_the_lenses_differ(an_giang: Unit) -> None:
    old = selectors.unit_by_code("30733", on=EVE).unit_id
    assert selectors.reshaped_on([old]) == [date(2025, 1, 4), DAY]


def test_no_living_unit_stands_beneath_an_ended_one(an_giang: Unit) -> None:
    living = UnitVersion.objects.on(DAY).select_related("parent")
    assert not [row.name for row in living if row.parent and not row.parent.holds_on(DAY)]
    assert not [unit.name for unit in Unit.objects.filter(valid_to__isnull=True) if unit.path != unit.present_path]


def test_everything_that_was_stands_beneath_the_new_province_today(an_giang: Unit) -> None:
    outside = Unit.objects.exclude(present_path__startswith=an_giang.path)
    assert not [unit.name for unit in outside]


def test_the_committees_of_all_communes_stand_in_one_group(an_giang: Unit) -> None:
    group = selectors.unit_by_key("ubnd-cac-xa-phuong-thi-tran-kien-giang")
    assert len(selectors.members(group, on=EVE)) == 143
    assert len(selectors.members(group, on=DAY)) == 102


def test_a_department_that_succeeds_another_is_known(an_giang: Unit) -> None:
    labour = selectors.unit_by_key("so-lao-dong-thuong-binh-va-xa-hoi-kien-giang")
    heir = selectors.main_heir(labour)
    assert heir is not None
    assert heir.name == "Sở Nội vụ"


def test_each_event_names_its_document_and_the_trail_holds(an_giang: Unit) -> None:
    events = list(Reorganisation.objects.order_by("effective_on"))
    assert [event.state for event in events] == ["executed"] * 4
    assert "1654/NQ-UBTVQH15" in selectors.life(an_giang)[-1].document
    assert trail.verify() is None


def test_carrying_on_a_second_time_does_nothing(an_giang: Unit) -> None:
    count = UnitVersion.objects.count()
    assert services.execute_shipped(until=DAY) == []
    assert UnitVersion.objects.count() == count
