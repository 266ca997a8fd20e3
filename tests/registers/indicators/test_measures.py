"""How values are written and read in Vietnamese, and in what they are counted."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hieuhoc.kernel.errors import Invalid
from hieuhoc.registers.indicators import rules
from hieuhoc.registers.indicators.rules.measures import round_half_up

PERSON, PERCENT, MILLION = (rules.MEASURES[code] for code in ("person", "percent", "million_dong"))


@pytest.mark.parametrize(
    ("value", "measure", "decimals", "written"),
    [
        (1_234_567, PERSON, 0, "1.234.567"),
        (Fraction(12345, 10), PERCENT, 1, "1.234,5"),
        (Fraction(1, 3) * 100, PERCENT, 1, "33,3"),
        (2_700_000_000, MILLION, 1, "2.700,0"),
        (-1_500_000, MILLION, 0, "-2"),
        (0, PERSON, 0, "0"),
        (None, PERSON, 0, ""),
    ],
)
def test_a_value_is_written_as_vietnamese_read_it(
    value: Fraction | int | None, measure: rules.Measure, decimals: int, written: str
) -> None:
    assert rules.write_value(value, measure, decimals=decimals) == written


@given(st.integers(-(10**12), 10**12), st.sampled_from(list(rules.MEASURES.values())))
def test_what_is_written_with_enough_decimals_reads_back(value: int, measure: rules.Measure) -> None:
    assert rules.read_value(rules.write_value(value, measure, decimals=6), measure) == value


@given(st.fractions(), st.integers(0, 4))
def test_rounding_never_strays_by_more_than_half(value: Fraction, decimals: int) -> None:
    assert abs(Fraction(round_half_up(value, decimals)) - value) * 10**decimals * 2 <= 1


def test_halves_go_away_from_zero() -> None:
    assert [round_half_up(Fraction(n, 2), 0) for n in (1, 3, -1)] == [Decimal(1), Decimal(2), Decimal(-1)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,5", Fraction(12345, 10)),
        ("1.234", 1234),
        ("12.5", Fraction(25, 2)),
        ("0.125", 125),
        ("1 234", 1234),
        ("18,42 %", Fraction(1842, 100)),
        ("-3", -3),
    ],
)
def test_a_typed_value_is_read(text: str, value: Fraction | int) -> None:
    assert rules.read_value(text, PERCENT) == value


@pytest.mark.parametrize("text", ["", "abc", "1.23.4", "1,2,3", "1e9", "--1", "٣", "9" * 30, ".5", "1.2345,0"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        rules.read_value(text, PERCENT)


def test_an_unknown_measure_is_refused() -> None:
    with pytest.raises(Invalid, match="Không có đơn vị tính “tấn”"):
        rules.measure("tấn")


def test_money_can_be_shown_plain_or_in_millions() -> None:
    assert [one.code for one in rules.measures_for(MILLION.dimension)] == ["dong", "million_dong"]
