"""What the register counts: communes and districts, by the map of a period's last day."""

from datetime import date

import pytest
from tests.factories.cast import Cast

from hieuhoc.foundation.records import trail
from hieuhoc.kernel.periods import Calendar, Period, Rhythm, period_of
from hieuhoc.registers.indicators import selectors, services
from hieuhoc.registers.places import facts
from hieuhoc.registers.places import services as places

pytestmark = pytest.mark.django_db

YEAR = period_of(Rhythm.YEAR, date(2020, 5, 1), Calendar.CLOSING)


def counted(period: Period) -> dict[tuple[str, int, str], int]:
    return {(one.what, one.unit, one.by): one.value for one in facts.facts(period)}


def test_each_commune_counts_itself_and_its_kind(cast: Cast) -> None:
    found = counted(YEAR)
    here = cast.commune.pk
    assert found["places.communes", here, ""] == 1
    assert [found["places.communes", here, f"place_kind={kind}"] for kind in ("xa", "phuong", "thi_tran")] == [1, 0, 0]
    assert found["places.districts", cast.district.pk, ""] == 1
    assert ("places.communes", cast.district.pk, "") not in found


def test_a_unit_counts_while_it_stands(cast: Cast) -> None:
    places.change_unit(
        by=trail.HOUSE, unit=cast.commune, kind="phuong", name="Phường An Phú", on=date(2020, 12, 14), document=""
    )
    before = period_of(Rhythm.MONTH, date(2020, 11, 1), Calendar.CLOSING)
    kinds = [counted(period)["places.communes", cast.commune.pk, "place_kind=phuong"] for period in (before, YEAR)]
    assert kinds == [0, 1]


def test_the_rows_of_a_figure_are_the_units_it_counts(cast: Cast) -> None:
    rows = facts.rows_beneath(cast.an, "places.communes", unit=cast.province, period=YEAR)
    assert [row.title for row in rows] == ["Xã An Phú", "Xã Chí Hòa"]
    assert rows[0].url == f"/units/{cast.commune.key}/"
    own = facts.rows_beneath(cast.an, "places.communes", unit=cast.commune, period=YEAR)
    assert [row.title for row in own] == ["Xã An Phú"]


def test_the_number_of_communes_adds_up_in_the_register_of_indicators(cast: Cast) -> None:
    services.load_indicators()
    complete = [(what, YEAR) for what in facts.COUNTED]
    services.count_facts(by=trail.HOUSE, facts=facts.facts(YEAR), complete=complete)
    found = selectors.values_of(cast.binh, cast.province, periods=[YEAR], codes=["GEN.COMMUNES", "GEN.DISTRICTS"])
    assert {code: value.value for (code, _period, _by), value in found.items()} == {
        "GEN.COMMUNES": 2,
        "GEN.DISTRICTS": 1,
    }
    by_kind = selectors.breakdown_of(cast.binh, cast.province, code="GEN.COMMUNES", period=YEAR)
    assert by_kind["place_kind=xa"].value == 2
