"""What pages are told: values, unknown and derived ones, on any map; and what a value is made of."""

from datetime import date
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories import places, reorganisations
from tests.factories.cast import Cast
from tests.factories.indicators import make_indicator, month, turn

from hieuhoc.engines.rollup import Ratio, Restated
from hieuhoc.foundation.records import clock, trail
from hieuhoc.kernel.errors import Invalid, Missing
from hieuhoc.kernel.periods import Period, Rhythm
from hieuhoc.registers.indicators import selectors, services
from hieuhoc.registers.indicators.selectors import Value
from hieuhoc.registers.indicators.services import Stated
from hieuhoc.registers.places.models import Unit

AUGUST, SEPTEMBER = month(2020, 8), month(2020, 9)
YEAR = turn(Rhythm.YEAR, 2020)

pytestmark = pytest.mark.django_db


def state(unit: Unit, value: int, *, code: str = "LIT.KNOW", period: Period = SEPTEMBER, by: str = "") -> None:
    services.state_figures(
        by=trail.HOUSE, unit=unit, period=period, figures=[Stated(code, value, by)], source="reports.submission:7"
    )


@pytest.fixture
def literacy(cast: Cast) -> Cast:
    """Of 100 people of An's commune 90 can read, and 5 of 10 next door; the rate is a formula."""
    make_indicator("LIT.KNOW", breakdowns=["sex"])
    make_indicator("LIT.ALL", breakdowns=["sex"])
    make_indicator(
        "LIT.RATE", kind="derived", formula="percent(LIT.KNOW, LIT.ALL)", measure="percent", over_time="none"
    )
    for unit, know, of_all in ((cast.commune, 90, 100), (cast.next_door, 5, 10)):
        state(unit, know)
        state(unit, of_all, code="LIT.ALL")
    return cast


def value(cast: Cast, unit: Unit, code: str, period: Period = SEPTEMBER, by: str = "") -> Value:
    return selectors.values_of(cast.binh, unit, periods=[period], codes=[code], bys=[by])[code, period, by]


def test_a_rate_is_worked_out_again_at_every_level_and_never_averaged(literacy: Cast) -> None:
    found = value(literacy, literacy.province, "LIT.RATE")
    assert (found.value, found.numerator, found.denominator) == (Fraction(9500, 110), 95, 110)
    assert (found.reported, found.expected, found.state, found.version) == (2, 2, "provisional", "rollup-1")
    assert value(literacy, literacy.next_door, "LIT.RATE").value == 50
    assert found.computed_at is not None


def test_unknown_is_none_and_says_why_and_of_how_many(literacy: Cast) -> None:
    found = value(literacy, literacy.province, "LIT.KNOW", AUGUST)
    assert (found.value, found.reported, found.expected) == (None, 0, 2)
    assert found.why_unknown is not None
    assert found.why_unknown.sentence == "Chưa có số liệu của LIT.KNOW."
    year = value(literacy, literacy.province, "LIT.KNOW", turn(Rhythm.YEAR, 2019))
    assert (year.value, year.expected) == (None, 24)
    rate = value(literacy, literacy.province, "LIT.RATE", AUGUST)
    assert (rate.value, rate.expected, rate.state) == (None, 2, "")
    assert rate.why_unknown is not None
    state(literacy.commune, 0, period=AUGUST)
    state(literacy.commune, 0, code="LIT.ALL", period=AUGUST)
    assert value(literacy, literacy.commune, "LIT.KNOW", AUGUST).value == 0
    zero = value(literacy, literacy.commune, "LIT.RATE", AUGUST)
    assert zero.value is None
    assert zero.why_unknown is not None
    assert zero.why_unknown.sentence == "Mẫu số bằng 0."


def test_a_derived_figure_is_as_complete_and_as_settled_as_the_least_of_its_parts(literacy: Cast) -> None:
    state(literacy.commune, 1, period=AUGUST)
    state(literacy.next_door, 1, period=AUGUST)
    state(literacy.commune, 2, code="LIT.ALL", period=AUGUST)
    for unit in (literacy.commune, literacy.next_door):
        services.approve_figures(by=literacy.binh, unit=unit, period=AUGUST, codes=["LIT.KNOW"])
    found = value(literacy, literacy.province, "LIT.RATE", AUGUST)
    assert (found.reported, found.expected, found.state) == (1, 2, "provisional")
    assert value(literacy, literacy.province, "LIT.KNOW", AUGUST).state == "approved"


def test_a_change_looks_at_the_period_before(literacy: Cast) -> None:
    make_indicator("LIT.MORE", kind="derived", formula="change(LIT.KNOW)", over_time="none")
    assert value(literacy, literacy.commune, "LIT.MORE").value is None
    state(literacy.commune, 70, period=AUGUST)
    assert value(literacy, literacy.commune, "LIT.MORE").value == 20


def test_a_mean_over_time_is_a_fraction_with_both_its_halves(literacy: Cast) -> None:
    make_indicator("LIT.MEAN", over_time="mean")
    for period, number in ((AUGUST, 3), (SEPTEMBER, 4)):
        state(literacy.commune, number, code="LIT.MEAN", period=period)
    found = value(literacy, literacy.province, "LIT.MEAN", YEAR)
    assert (found.value, found.numerator, found.denominator) == (Fraction(7, 2), 7, 2)


def test_parts_are_told_of_base_and_derived_figures(literacy: Cast) -> None:
    state(literacy.commune, 40, by="sex=female")
    state(literacy.commune, 50, code="LIT.ALL", by="sex=female")
    assert value(literacy, literacy.province, "LIT.RATE", by="sex=female").value == 80
    found = selectors.breakdown_of(literacy.binh, literacy.province, code="LIT.RATE", period=SEPTEMBER)
    assert [(by, one.value) for by, one in found.items()] == [("", Fraction(9500, 110)), ("sex=female", 80)]


def test_units_beneath_are_those_of_the_periods_last_day(literacy: Cast) -> None:
    later = places.make_commune(literacy.district, "Xã Sau", valid_from=date(2020, 9, 20))
    found = selectors.values_beneath(literacy.binh, literacy.district, code="LIT.KNOW", period=SEPTEMBER)
    assert [(one.unit_id, told.value) for one, told in found] == [
        (literacy.commune.pk, 90),
        (literacy.next_door.pk, 5),
    ]
    found = selectors.values_beneath(
        literacy.binh, literacy.province, code="LIT.KNOW", period=month(2020, 10), level="commune"
    )
    assert later.pk in {one.unit_id for one, _told in found}


def test_a_clerk_sees_the_figures_of_the_own_commune_and_nothing_of_the_one_next_door(literacy: Cast) -> None:
    assert value(literacy, literacy.commune, "LIT.RATE").value == 90
    own = selectors.series_of(literacy.an, literacy.commune, code="LIT.RATE", periods=[AUGUST, SEPTEMBER])
    assert [told.value for _period, told in own] == [None, 90]
    asked = {"code": "LIT.RATE", "period": SEPTEMBER}
    for ask in (
        lambda: selectors.series_of(literacy.chi, literacy.commune, code="LIT.RATE", periods=[SEPTEMBER]),
        lambda: selectors.values_of(literacy.chi, literacy.commune, periods=[SEPTEMBER]),
        lambda: selectors.values_beneath(literacy.chi, literacy.district, **asked),
        lambda: selectors.breakdown_of(literacy.chi, literacy.commune, **asked),
        lambda: selectors.lineage_of(literacy.chi, literacy.commune, **asked),
        lambda: selectors.place_among_peers(literacy.chi, literacy.commune, **asked),
        lambda: selectors.changed_since(literacy.chi, literacy.commune, clock.now()),
        lambda: selectors.values_restated(
            literacy.chi, literacy.district, code="LIT.RATE", periods=[SEPTEMBER], on=date(2020, 11, 1)
        ),
    ):
        with pytest.raises(Missing):
            ask()


def test_a_place_among_peers_tells_nothing_of_them_but_their_number_and_middle(literacy: Cast) -> None:
    asked = {"code": "LIT.RATE", "period": SEPTEMBER}
    found = selectors.place_among_peers(literacy.an, literacy.commune, **asked)
    assert found == selectors.Standing(1, 2, Fraction(70))
    assert selectors.place_among_peers(literacy.binh, literacy.province, **asked) is None
    make_indicator("LIT.OUT", direction="down")
    for unit, number in ((literacy.commune, 9), (literacy.next_door, 3)):
        state(unit, number, code="LIT.OUT")
    found = selectors.place_among_peers(literacy.an, literacy.commune, code="LIT.OUT", period=SEPTEMBER)
    assert found == selectors.Standing(2, 2, Fraction(6))


def test_what_has_changed_since_is_told_latest_first(literacy: Cast) -> None:
    since = clock.now()
    state(literacy.commune, 91)
    found = selectors.changed_since(literacy.binh, literacy.province, since)
    assert {(code, period.key) for code, period, _at in found} == {
        ("LIT.KNOW", key) for key in ("2020-09", "2020-Q3", "2020-H2", "2020")
    }


def test_the_number_of_queries_does_not_grow(literacy: Cast) -> None:
    def queries(periods: list[Period], codes: list[str]) -> int:
        with CaptureQueriesContext(connection) as caught:
            selectors.values_of(literacy.binh, literacy.province, periods=periods, codes=codes)
        return len(caught)

    queries([SEPTEMBER], ["LIT.RATE"])  # what the reader may do is read once
    few = queries([SEPTEMBER, AUGUST], ["LIT.RATE"])
    months = [month(year, number) for year in (2018, 2019, 2020) for number in range(1, 13)]
    many = queries(months, ["LIT.RATE", "LIT.KNOW", "LIT.ALL"])
    assert few == many <= 9


# ---- what a figure is made of ----------------------------------------------------------------------


def test_a_base_figure_opens_to_the_units_the_periods_and_the_facts_in_it(literacy: Cast) -> None:
    state(literacy.commune, 7, period=AUGUST)
    found = selectors.lineage_of(
        literacy.binh, literacy.district, code="LIT.KNOW", period=turn(Rhythm.QUARTER, 2020, 3)
    )
    assert found.value.value == 102 == sum(fact.value for fact in found.facts)
    assert [(one.name, told.value) for one, told in found.beneath] == [
        (literacy.commune.name, 97),
        (literacy.next_door.name, 5),
    ]
    assert [(period.code, told.value) for period, told in found.turns] == [
        ("2020-07", None),
        ("2020-08", 7),
        ("2020-09", 95),
    ]
    assert {(fact.unit, fact.period.code, fact.value, fact.source) for fact in found.facts} == {
        (literacy.commune.pk, "2020-08", 7, "reports.submission:7"),
        (literacy.commune.pk, "2020-09", 90, "reports.submission:7"),
        (literacy.next_door.pk, "2020-09", 5, "reports.submission:7"),
    }


def test_who_is_silent_is_named_and_long_lists_are_cut(literacy: Cast) -> None:
    asked = {"code": "LIT.KNOW", "period": AUGUST}
    found = selectors.lineage_of(literacy.binh, literacy.district, **asked)
    assert ([unit.pk for unit in found.silent], found.facts) == ([literacy.commune.pk, literacy.next_door.pk], ())
    state(literacy.commune, 7, period=AUGUST)
    state(literacy.next_door, 8, period=AUGUST)
    found = selectors.lineage_of(literacy.binh, literacy.district, limit=1, **asked)
    assert (len(found.facts), found.facts_left, found.silent) == (1, 1, ())


def test_a_derived_figure_opens_to_the_parts_of_its_formula(literacy: Cast) -> None:
    make_indicator("LIT.UP", kind="derived", formula="change(LIT.RATE)", over_time="none")
    found = selectors.lineage_of(literacy.binh, literacy.commune, code="LIT.RATE", period=SEPTEMBER)
    assert [(part.code, part.value.value) for part in found.parts] == [("LIT.KNOW", 90), ("LIT.ALL", 100)]
    found = selectors.lineage_of(literacy.binh, literacy.commune, code="LIT.UP", period=SEPTEMBER)
    assert [(part.code, part.period.code) for part in found.parts] == [
        ("LIT.KNOW", "2020-09"),
        ("LIT.ALL", "2020-09"),
        ("LIT.KNOW", "2020-08"),
        ("LIT.ALL", "2020-08"),
    ]


def test_an_indicator_that_knows_no_such_period_has_no_lineage_for_it(literacy: Cast) -> None:
    make_indicator("LIT.YEARLY", rhythms=["year"])
    with pytest.raises(Missing):
        selectors.lineage_of(literacy.binh, literacy.commune, code="LIT.YEARLY", period=SEPTEMBER)


# ---- another map -----------------------------------------------------------------------------------


def test_earlier_figures_are_told_of_the_commune_that_two_became(literacy: Cast) -> None:
    make_indicator("LIT.MEAN", over_time="mean", rhythms=["month", "quarter"])
    for period, number in ((AUGUST, 3), (SEPTEMBER, 4)):
        state(literacy.commune, number, code="LIT.MEAN", period=period)
        state(literacy.next_door, number, code="LIT.MEAN", period=period)
    event = reorganisations.make_event(literacy)
    reorganisations.carry_out(literacy, event)
    heir = reorganisations.heir()

    def told(code: str, period: Period = SEPTEMBER) -> Restated:
        found = selectors.values_restated(
            literacy.binh, literacy.district, code=code, periods=[period], on=reorganisations.DAY
        )
        assert [one.unit_id for one, _cells in found] == [heir.pk]
        return found[0][1][period]

    assert told("LIT.KNOW") == Restated(95, 2, 2)
    assert told("LIT.RATE") == Restated(Ratio(95, 110), 2, 2)
    assert told("LIT.MEAN", turn(Rhythm.QUARTER, 2020, 3)) == Restated(Fraction(7), 2, 2)
    assert told("LIT.KNOW", AUGUST) == Restated(None, 0, 2)
    with pytest.raises(Invalid, match="ngày kết thúc khác nhau"):
        selectors.values_restated(
            literacy.binh,
            literacy.district,
            code="LIT.KNOW",
            periods=[SEPTEMBER, turn(Rhythm.QUARTER, 2020, 3)],
            on=reorganisations.DAY,
        )
