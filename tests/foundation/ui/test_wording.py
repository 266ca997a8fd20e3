"""How the house's own words are put into the reader's language."""

from datetime import date

import pytest
from django.utils import translation

from hieuhoc.foundation.ui.wording import period_words, say
from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.periods import Calendar, Period, Rhythm, period_of

KNOWN = [calendar for calendar in Calendar if calendar is not Calendar.OWN]


@pytest.mark.parametrize("calendar", KNOWN)
@pytest.mark.parametrize("rhythm", Rhythm)
def test_in_vietnamese_a_period_is_called_by_its_own_name(calendar: Calendar, rhythm: Rhythm) -> None:
    period = period_of(rhythm, date(2019, 12, 20), calendar)
    for _turn in range(13):
        assert period_words(period) == period.name == str(period)
        period = period.following()


def test_a_span_of_its_own_is_called_by_its_days() -> None:
    span = Period(date(2020, 3, 1), date(2020, 4, 16), Rhythm.YEAR, Calendar.OWN)
    assert period_words(span) == span.name == "từ 01/03/2020 đến 15/04/2020"


def test_a_period_is_said_in_english_also_within_an_error() -> None:
    period = period_of(Rhythm.QUARTER, date(2020, 11, 16))
    problem = Invalid("Chưa có số liệu nào của {period} để công bố.", period=period)
    assert problem.sentence == "Chưa có số liệu nào của quý IV/2020 để công bố."
    with translation.override("en"):
        assert period_words(period) == "quarter IV of 2020"
        assert "quarter IV of 2020" in say(problem)
