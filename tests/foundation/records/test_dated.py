"""Rows that hold from a day until another, the last not included."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from tests.factories.cast import Cast

from hieuhoc.registers.accounts.models import Grant

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2020, 3, 31), False),
        (date(2020, 4, 1), True),
        (date(2020, 6, 29), True),
        (date(2020, 6, 30), False),
    ],
)
def test_the_first_day_counts_and_the_last_does_not(cast: Cast, day: date, holds: bool) -> None:
    grant = Grant.objects.get(user=cast.an)
    grant.valid_from, grant.valid_to = date(2020, 4, 1), date(2020, 6, 30)
    grant.save()
    assert grant.holds_on(day) is holds
    assert Grant.objects.on(day).filter(pk=grant.pk).exists() is holds


def test_without_an_end_it_still_holds(cast: Cast) -> None:
    grant = Grant.objects.get(user=cast.an)
    assert grant.holds_on(date(2999, 1, 1))
    assert Grant.objects.on(date(2999, 1, 1)).filter(pk=grant.pk).exists()


@pytest.mark.parametrize("end", [date(2020, 1, 1), date(2019, 12, 31)])
def test_an_end_that_is_not_after_the_beginning_is_refused_by_the_database(cast: Cast, end: date) -> None:
    grant = Grant.objects.get(user=cast.an)
    grant.valid_from, grant.valid_to = date(2020, 1, 1), end
    with pytest.raises(IntegrityError), transaction.atomic():
        grant.save()
