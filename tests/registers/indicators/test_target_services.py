"""Who sets which targets, for which units and years."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest
from tests.factories.cast import Cast
from tests.factories.indicators import make_indicator, turn

from hieuhoc.foundation.records import clock, trail
from hieuhoc.foundation.records.models import Entry
from hieuhoc.kernel.errors import Invalid, Missing, Refused
from hieuhoc.kernel.periods import Rhythm
from hieuhoc.registers.indicators import selectors, services
from hieuhoc.registers.indicators.models import Target
from hieuhoc.registers.places.models import Unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shipped() -> None:
    services.load_indicators()


def aim(unit: Unit, code: str = "KH.MEMBER_RATE", year: int = 2021, value: str = "17.5", **more: str) -> services.Aim:
    return services.Aim(unit=unit, code=code, year=year, value=Fraction(value), **{"document": "QĐ 12/QĐ-UBND", **more})


def test_a_target_is_set_with_its_document_and_who_set_it(cast: Cast) -> None:
    row = services.set_target(by=cast.binh, aim=aim(cast.province))
    assert (str(row.value), row.period.key, row.set_by_name) == ("17.5", "2021", "Trần Thị Bình, Phó Giám đốc Sở")
    assert list(selectors.find_targets(cast.binh, text="hoi vien", year=2021)) == [row]
    assert selectors.years_with_targets(cast.binh) == [2021]


def test_the_year_is_that_of_the_indicators_own_calendar(cast: Cast) -> None:
    keys = [
        services.set_target(by=cast.binh, aim=aim(cast.province, code)).period.key
        for code in ("TITLE.FAMILY_RATE", "LIT.L2_RATE_15_60", "LIT.LEARNERS")
    ]
    assert keys == ["dl-2021", "xmc-2021", "nh-2021"]
    assert selectors.find_targets(cast.binh, year=2021).count() == 3


def test_another_value_replaces_the_one_before_and_both_stay_in_the_trail(cast: Cast) -> None:
    services.set_target(by=cast.binh, aim=aim(cast.province))
    services.set_target(by=cast.minh, aim=aim(cast.province, value="18"))
    services.set_target(by=cast.minh, aim=aim(cast.province, value="18"))
    assert Target.objects.get().set_by_name.startswith("Nguyễn Hoàng Minh")
    lines = Entry.objects.filter(deed="indicators.target.set").order_by("number")
    assert [line.changes["value"] for line in lines] == [[None, "17.5"], ["17.5", "18"]]


def test_targets_belong_to_those_who_may_set_them_for_the_unit(cast: Cast) -> None:
    with pytest.raises(Refused):
        services.set_target(by=cast.an, aim=aim(cast.commune))
    with pytest.raises(Missing):
        services.set_target(by=cast.chi, aim=aim(cast.commune))
    row = services.set_target(by=cast.binh, aim=aim(cast.commune))
    assert list(selectors.targets_seen(cast.an)) == [row]
    assert list(selectors.targets_seen(cast.chi)) == []
    with pytest.raises(Missing):
        selectors.target_seen(cast.chi, row.pk)
    with pytest.raises(Refused):
        services.take_back_target(by=cast.an, target=row, why="Nhầm")


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"code": "XHHT.DIGITAL_UNI"}, "code"),  # no figures of communes
        ({"code": "FUND.DISCLOSED"}, "code"),  # a draft
        ({"year": 1999}, "year"),
        ({"document": "  "}, "document"),
        ({"value": "-1"}, "value"),
        ({"value": "1/3"}, "value"),
    ],
)
def test_a_target_that_makes_no_sense_is_refused(cast: Cast, changed: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as caught:
        services.set_target(by=cast.binh, aim=aim(cast.commune, **changed))  # type: ignore[arg-type]  # a year is a number
    assert caught.value.field == field
    assert not Target.objects.exists()


def test_many_targets_are_set_all_or_none(cast: Cast) -> None:
    with pytest.raises(Invalid):
        services.set_targets(by=cast.binh, aims=[aim(cast.commune), aim(cast.next_door, year=1990)])
    assert not Target.objects.exists()
    assert services.set_targets(by=cast.binh, aims=[aim(cast.commune), aim(cast.next_door)]) == 2


def test_a_target_is_taken_back_with_a_reason(cast: Cast) -> None:
    row = services.set_target(by=cast.binh, aim=aim(cast.province))
    with pytest.raises(Invalid, match="lý do"):
        services.take_back_target(by=cast.binh, target=row, why=" ")
    services.take_back_target(by=cast.binh, target=row, why="Nhập nhầm đơn vị")
    assert not Target.objects.exists()
    assert Entry.objects.get(deed="indicators.target.take_back").changes["value"] == ["17.5", None]


def test_a_unit_whose_level_ended_may_have_had_targets(cast: Cast) -> None:
    with pytest.raises(Invalid, match="không còn dùng"):
        services.set_target(by=cast.binh, aim=aim(cast.province, "LIT.DISTRICTS_L1", year=2026))
    services.set_target(by=cast.binh, aim=aim(cast.province, "LIT.DISTRICTS_L1", year=2024))


def test_a_target_is_set_against_the_figures_of_the_years_before(cast: Cast) -> None:
    for code in ("T.KNOW", "T.ALL"):
        make_indicator(code, rhythms=["year"], over_time="last")
    formula = "percent(T.KNOW, T.ALL)"
    make_indicator("T.RATE", rhythms=["year"], kind="derived", formula=formula, measure="percent", direction="up")
    for year, know in ((2019, 80), (2020, 85)):
        figures = [services.Stated("T.KNOW", know), services.Stated("T.ALL", 100)]
        period = turn(Rhythm.YEAR, year)
        services.state_figures(by=trail.HOUSE, unit=cast.commune, period=period, figures=figures, source="t.t:1")

    def standing(value: str) -> tuple[str, Fraction | None]:
        with clock.pinned(datetime(2021, 3, 1, tzinfo=UTC)):
            target = services.set_target(by=cast.binh, aim=aim(cast.commune, "T.RATE", year=2022, value=value))
            found = selectors.aimed(cast.an, target).prospect
        return found.verdict, found.gap

    assert standing("85") == ("reached", 0)
    assert standing("95") == ("on_course", 10)
    assert standing("96") == ("behind", 11)
    target = services.set_target(by=cast.binh, aim=aim(cast.commune, "T.RATE", year=2022))
    assert [point.value for point in selectors.aimed(cast.an, target).points] == [80]  # 2020 has not ended today
    with pytest.raises(Missing):
        selectors.aimed(cast.chi, target)
