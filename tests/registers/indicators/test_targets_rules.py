"""Gap, trend, forecast and verdict."""

from datetime import date
from fractions import Fraction

import pytest

from hieuhoc.registers.indicators import rules
from hieuhoc.registers.indicators.rules.targets import gap_to, yearly_trend


def _years(*values: float, first: int = 2020) -> list[rules.Point]:
    return [rules.Point(date(first + n, 12, 31), Fraction(str(value))) for n, value in enumerate(values)]


def _judge(
    points: list[rules.Point], *, target: int, by: int = 2025, today: date = date(2023, 3, 1), direction: str = "up"
) -> rules.Prospect:
    return rules.prospect(points, target=Fraction(target), by=date(by, 12, 31), today=today, direction=direction)


@pytest.mark.parametrize(
    ("values", "target", "direction", "verdict"),
    [
        ((70, 72, 74), 72, "up", "reached"),
        ((70, 72, 74), 80, "up", "on_course"),
        ((70, 72, 74), 81, "up", "behind"),
        ((30, 20, 10), 10, "down", "reached"),
        ((30, 25, 20), 5, "down", "on_course"),
        ((30, 29, 28), 5, "down", "behind"),
        ((70, 72, 74), 80, "none", "unjudged"),
        ((70,), 80, "up", "unknown"),
        ((), 80, "up", "unknown"),
    ],
)
def test_the_verdict_follows_the_pace_and_the_direction(
    values: tuple[int, ...], target: int, direction: str, verdict: str
) -> None:
    assert _judge(_years(*values), target=target, direction=direction).verdict == verdict


def test_what_was_not_reached_when_its_day_came_is_missed() -> None:
    points = _years(70, 72, 74, 75, 76, 77)
    assert _judge(points, target=80, today=date(2026, 2, 1)).verdict == "missed"
    assert _judge(points[:-1], target=80, today=date(2026, 2, 1)).verdict == "unknown"


def test_one_odd_year_does_not_set_the_pace() -> None:
    steady, odd = _judge(_years(70, 72, 74, 76), target=99), _judge(_years(70, 72, 74, 80), target=99)
    assert steady.forecast == 80
    assert odd.forecast is not None
    assert odd.forecast < 90  # the last step alone would make 92


def test_only_the_last_five_figures_make_the_pace() -> None:
    flat = _years(0, 50, 50, 50, 50, 50, first=2015)
    assert yearly_trend(flat[-5:]) == 0
    assert _judge(flat, target=60).trend == 0


def test_the_gap_is_what_is_lacking_whichever_way_is_good() -> None:
    assert gap_to(Fraction(70), target=Fraction(80), direction="up") == 10
    assert gap_to(Fraction(8), target=Fraction(5), direction="down") == 3
    assert gap_to(Fraction(3), target=Fraction(5), direction="down") == -2


def test_a_trend_is_said_by_the_year() -> None:
    trend = yearly_trend([rules.Point(date(2020, 6, 30), Fraction(10)), rules.Point(date(2020, 12, 31), Fraction(12))])
    assert trend is not None
    assert round(float(trend), 2) == 3.98


def test_while_its_own_period_runs_a_target_is_not_reached_yet_and_nothing_is_foretold() -> None:
    running = _judge(_years(70, 72, 74), target=80, by=2022, today=date(2022, 11, 16))
    assert (running.verdict, running.forecast) == ("not_yet", None)
    over = _judge(_years(70, 72, 74), target=80, by=2022, today=date(2023, 1, 1))
    assert (over.verdict, over.forecast) == ("missed", None)


def test_nothing_is_foretold_for_a_day_that_has_passed_without_its_figure() -> None:
    told = _judge(_years(70, 72, 74), target=80, by=2023, today=date(2024, 2, 1))
    assert (told.verdict, told.forecast) == ("unknown", None)
