"""Facts come in at the leaves, totals follow: what is stored, what is refused, what falls back."""

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from tests.factories import places
from tests.factories.cast import Cast
from tests.factories.indicators import make_indicator, month, turn

from hieuhoc.engines.rollup import Fact as Counted
from hieuhoc.foundation.records import trail
from hieuhoc.foundation.records.models import Entry
from hieuhoc.kernel.errors import Conflict, HouseError, Invalid, Missing
from hieuhoc.kernel.periods import Calendar, Period, Rhythm
from hieuhoc.registers.indicators import services
from hieuhoc.registers.indicators.models import Computation, Fact, Total
from hieuhoc.registers.indicators.services import Stated
from hieuhoc.registers.places.models import Unit

SEPTEMBER, OCTOBER = month(2020, 9), month(2020, 10)
YEAR = turn(Rhythm.YEAR, 2020)

pytestmark = pytest.mark.django_db


def state(unit: Unit, value: int | None, *, period: Period = SEPTEMBER, code: str = "LIT.TEST", **over: str) -> None:
    services.state_figures(
        by=trail.HOUSE, unit=unit, period=period, figures=[Stated(code, value, **over)], source="reports.submission:1"
    )


def told(unit: Unit, period: Period = SEPTEMBER, by: str = "") -> tuple[Fraction | int, int, int] | None:
    row = Total.objects.filter(unit=unit, period__key=period.key, by=by).first()
    return None if row is None else (Fraction(row.value, row.count), row.reported, row.expected)


def test_a_fact_of_a_commune_is_in_the_totals_of_all_above_it_and_of_all_longer_periods(cast: Cast) -> None:
    make_indicator()
    state(cast.commune, 40)
    state(cast.next_door, 7, period=OCTOBER)
    for unit in (cast.commune, cast.district, cast.province):
        places_ = 1 if unit == cast.commune else 2
        assert told(unit) == (40, 1, places_)
        assert told(unit, YEAR) == (40 if unit == cast.commune else 47, places_, 12 * places_)
    assert told(cast.province, turn(Rhythm.QUARTER, 2020, 4)) == (7, 1, 6)
    assert told(cast.next_door) is None  # unknown is never zero
    assert list(services.prove()) == []


def test_zero_is_a_figure(cast: Cast) -> None:
    make_indicator()
    state(cast.commune, 0)
    assert told(cast.province) == (0, 1, 2)


def test_what_people_state_is_used_instead_of_what_is_counted_and_says_why(cast: Cast) -> None:
    make_indicator(fact="learning.attended")
    services.count_facts(by=trail.HOUSE, facts=[Counted("learning.attended", cast.commune.pk, SEPTEMBER, 30)])
    with pytest.raises(Invalid, match=r"số báo 34 khác số đếm được 30"):
        state(cast.commune, 34)
    state(cast.commune, 34, reason="Có 4 người học ở xã bên.")
    assert told(cast.province) == (34, 1, 2)
    services.count_facts(by=trail.HOUSE, facts=[Counted("learning.attended", cast.commune.pk, SEPTEMBER, 31)])
    fact = Fact.objects.get()
    assert (fact.counted, fact.stated, fact.value, fact.reason) == (31, 34, 34, "Có 4 người học ở xã bên.")
    state(cast.commune, None)
    assert told(cast.province) == (31, 1, 2)
    assert Fact.objects.get().source == ""
    assert list(services.prove()) == []


def test_what_is_no_longer_counted_is_taken_back_with_its_totals(cast: Cast) -> None:
    make_indicator(fact="learning.attended")
    counted = [Counted("learning.attended", unit.pk, SEPTEMBER, 3) for unit in (cast.commune, cast.next_door)]
    services.count_facts(by=trail.HOUSE, facts=counted)
    assert told(cast.province) == (6, 2, 2)
    complete = [("learning.attended", SEPTEMBER)]
    assert services.count_facts(by=trail.HOUSE, facts=counted, complete=complete).facts == 0
    done = services.count_facts(by=trail.HOUSE, facts=counted[:1], complete=complete)
    assert (done.facts, done.totals.removed, done.totals.changed) == (1, 4, 8)
    assert told(cast.province) == (3, 1, 2)
    services.count_facts(by=trail.HOUSE, facts=[], complete=complete)
    assert not Fact.objects.exists()
    assert not Total.objects.exists()


def test_what_no_indicator_asks_for_is_named_and_left(cast: Cast) -> None:
    make_indicator(fact="learning.attended")
    done = services.count_facts(by=trail.HOUSE, facts=[Counted("plans.done", cast.commune.pk, SEPTEMBER, 1)])
    assert (done.facts, done.unused) == (0, frozenset({"plans.done"}))


def test_one_thing_counted_twice_is_refused(cast: Cast) -> None:
    make_indicator(fact="learning.attended")
    twice = [Counted("learning.attended", cast.commune.pk, SEPTEMBER, 3)] * 2
    with pytest.raises(Conflict):
        services.count_facts(by=trail.HOUSE, facts=twice)


def test_figures_of_one_source_are_withdrawn_and_those_of_another_stay(cast: Cast) -> None:
    make_indicator("LIT.A")
    make_indicator("LIT.B")
    state(cast.commune, 5, code="LIT.A")
    other = [Stated("LIT.B", 6)]
    services.state_figures(by=trail.HOUSE, unit=cast.commune, period=SEPTEMBER, figures=other, source="other:2")
    done = services.withdraw_figures(by=trail.HOUSE, unit=cast.commune, period=SEPTEMBER, source="reports.submission:1")
    assert done.facts == 1
    assert list(Fact.objects.values_list("indicator__code", "value")) == [("LIT.B", 6)]
    assert set(Total.objects.values_list("indicator__code", flat=True)) == {"LIT.B"}


def test_parts_are_added_up_beside_the_whole(cast: Cast) -> None:
    make_indicator(breakdowns=["sex"])
    state(cast.commune, 40)
    state(cast.commune, 25, by="sex=female")
    state(cast.next_door, 5, by="sex=female")
    assert told(cast.province) == (40, 1, 2)
    assert told(cast.province, by="sex=female") == (30, 2, 2)


def test_figures_of_many_units_and_periods_come_in_at_once(cast: Cast) -> None:
    for number in range(60):
        make_indicator(f"LIT.I{number}")
    rows = [
        (unit.pk, period, Stated(f"LIT.I{number}", 10**place + number))
        for number in range(60)
        for place, (unit, period) in enumerate([(cast.commune, SEPTEMBER), (cast.next_door, OCTOBER)])
    ]
    done = services.import_figures(by=trail.HOUSE, rows=rows, source="import:1")
    assert done.facts == 120
    year = Total.objects.get(unit=cast.province, period__key="2020", indicator__code="LIT.I7")
    assert (year.value, year.reported) == (1 + 7 + 10 + 7, 2)
    assert list(services.prove()) == []
    with pytest.raises(Conflict):
        services.import_figures(by=trail.HOUSE, rows=[rows[0], rows[0]], source="import:1")
    above = (cast.district.pk, SEPTEMBER, Stated("LIT.I0", 1))
    with pytest.raises(Invalid):
        services.import_figures(by=trail.HOUSE, rows=[above], source="import:1")


@pytest.mark.parametrize(
    ("definition", "period", "figure", "sentence"),
    [
        ({}, SEPTEMBER, Stated("LIT.TEST", -1), "không thể âm"),
        ({}, SEPTEMBER, Stated("LIT.TEST", 10**16), "quá lớn"),
        ({}, SEPTEMBER, Stated("LIT.TEST", 1, by="sex=female"), "không phân tổ"),
        ({"breakdowns": ["age", "sex"]}, SEPTEMBER, Stated("LIT.TEST", 1, by="sex=f,age=9"), "không phân tổ"),
        ({}, YEAR, Stated("LIT.TEST", 1), "không có số liệu gốc cho năm 2020"),
        ({}, month(2020, 9, Calendar.CIVIL), Stated("LIT.TEST", 1), "không có số liệu gốc"),
        ({"state": "draft"}, SEPTEMBER, Stated("LIT.TEST", 1), "bản nháp"),
        ({"state": "ended", "valid_to": date(2020, 9, 14)}, SEPTEMBER, Stated("LIT.TEST", 1), "không được dùng vào"),
        ({"kind": "derived", "formula": "A.B"}, SEPTEMBER, Stated("LIT.TEST", 1), "tính từ chỉ số khác"),
        ({}, SEPTEMBER, Stated("LIT.NONE", 1), "Không có chỉ số"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    cast: Cast, definition: dict[str, Any], period: Period, figure: Stated, sentence: str
) -> None:
    make_indicator(**definition)
    with pytest.raises((Invalid, Missing), match=sentence):
        services.state_figures(by=trail.HOUSE, unit=cast.commune, period=period, figures=[figure], source="x:1")
    assert not Fact.objects.exists()
    assert not Total.objects.exists()


def test_a_unit_with_others_beneath_it_has_no_figure_of_its_own(cast: Cast) -> None:
    make_indicator()
    for unit in (cast.district, cast.province):
        with pytest.raises(Invalid, match="là tổng của các đơn vị trực thuộc"):
            state(unit, 1)
    for unit in (cast.education, places.make_commune(cast.district, "Xã Mới", valid_from=date(2020, 10, 1))):
        with pytest.raises(Invalid, match="không tồn tại, hoặc không thuộc cấp"):
            state(unit, 1)


def test_a_district_reports_what_is_reported_by_districts(cast: Cast) -> None:
    make_indicator(reported_at="district")
    state(cast.district, 3)
    assert (told(cast.province), told(cast.commune)) == ((3, 1, 1), None)
    with pytest.raises(HouseError):
        state(cast.commune, 1)


@pytest.mark.parametrize("over_places", ["none", "distinct"])
def test_what_is_not_summed_over_places_is_each_units_own(cast: Cast, over_places: str) -> None:
    make_indicator(over_places=over_places, levels=["commune", "province"])
    state(cast.commune, 3)
    state(cast.province, 100)
    assert (told(cast.commune), told(cast.district), told(cast.province)) == ((3, 1, 1), None, (100, 1, 1))
    with pytest.raises(Invalid, match="không thuộc cấp có chỉ số"):
        state(cast.district, 5)


@pytest.mark.parametrize(("over_time", "half"), [("sum", 44), ("last", 4), ("mean", 22)])
def test_over_time_by_the_rule_of_the_definition(cast: Cast, over_time: str, half: int) -> None:
    make_indicator(over_time=over_time, rhythms=["month", "half"])
    state(cast.commune, 40)
    state(cast.commune, 4, period=month(2020, 11))
    found = told(cast.province, turn(Rhythm.HALF, 2020, 2))
    assert found is not None
    assert found[0] == half
    assert told(cast.province, YEAR) is None  # the definition knows no year


def test_what_is_asked_for_no_time_but_its_own_is_kept_period_by_period(cast: Cast) -> None:
    make_indicator(over_time="none", rhythms=["half", "year"])
    state(cast.commune, 5, period=turn(Rhythm.HALF, 2020, 2))
    state(cast.commune, 9, period=YEAR)
    assert (told(cast.province, turn(Rhythm.HALF, 2020, 2)), told(cast.province, YEAR)) == ((5, 1, 2), (9, 1, 2))


def test_a_span_of_its_own_stands_alone(cast: Cast) -> None:
    make_indicator(rhythms=["year"])
    span = Period(date(2020, 9, 1), date(2020, 9, 20), Rhythm.YEAR, Calendar.OWN)
    state(cast.commune, 5, period=span)
    assert (told(cast.province, span), told(cast.province, YEAR)) == ((5, 1, 2), None)
    assert list(services.prove()) == []


def test_a_total_is_approved_when_everything_beneath_it_is_in_and_approved(cast: Cast) -> None:
    make_indicator(rhythms=["month"])
    state(cast.commune, 1)
    state(cast.next_door, 2)
    for unit, expected in ((cast.commune, "provisional"), (cast.next_door, "approved")):
        services.approve_figures(by=cast.binh, unit=unit, period=SEPTEMBER, codes=["LIT.TEST"])
        assert Total.objects.get(unit=unit).state == "approved"
        assert Total.objects.get(unit=cast.province).state == expected
    state(cast.commune, 3)
    assert Total.objects.get(unit=cast.province).state == "provisional"
    assert Fact.objects.get(unit=cast.commune).is_approved is False


def test_the_same_figure_again_writes_nothing(cast: Cast) -> None:
    make_indicator()
    state(cast.commune, 40)
    before = Computation.objects.count(), Entry.objects.count()
    state(cast.commune, 40)
    assert (Computation.objects.count(), Entry.objects.count()) == before


def test_a_figure_given_twice_is_refused(cast: Cast) -> None:
    make_indicator()
    with pytest.raises(Conflict):
        services.state_figures(
            by=trail.HOUSE,
            unit=cast.commune,
            period=SEPTEMBER,
            figures=[Stated("LIT.TEST", 1), Stated("LIT.TEST", 1)],
            source="x:1",
        )


def test_the_trail_says_who_gave_which_figure(cast: Cast) -> None:
    make_indicator()
    services.state_figures(
        by=cast.an, unit=cast.commune, period=SEPTEMBER, figures=[Stated("LIT.TEST", 40)], source="x:1"
    )
    entry = trail.history(cast.commune).filter(deed="indicators.fact.state").get()
    assert entry.actor_name == cast.an.actor_name
    assert entry.changes == {"period": ["", "2020-09"], "LIT.TEST": [None, 40]}


def test_proof_names_what_differs_and_computing_anew_mends_it(cast: Cast) -> None:
    make_indicator()
    state(cast.commune, 40)
    Total.objects.filter(unit=cast.province, period__key="2020-09").update(value=41)
    Total.objects.filter(unit=cast.district, period__key="2020-09").delete()
    found = [one for one in services.prove() if isinstance(one, services.Difference)]
    assert [(one.unit, one.stored and one.stored.value, one.proved and one.proved.value) for one in found] == [
        (cast.province.pk, 41, 40),
        (cast.district.pk, None, 40),
    ]
    done = services.recompute()
    assert (done.made, done.changed, done.removed) == (1, 1, 0)
    assert list(services.prove()) == []


def test_a_total_that_no_definition_explains_is_found_and_removed(cast: Cast) -> None:
    indicator = make_indicator()
    state(cast.commune, 40)
    indicator.definitions.update(rhythms=["month", "quarter"])
    assert len([*services.prove()]) == 6  # half-year and year, of three units
    assert services.recompute().removed == 6
    assert list(services.prove()) == []
