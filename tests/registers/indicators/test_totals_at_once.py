"""Facts written by several people at one moment, in real threads with connections of their own: none is lost."""

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection
from tests.factories import places
from tests.factories.indicators import assert_totals_hold, make_indicator, month

from hieuhoc.foundation.records import trail
from hieuhoc.registers.indicators import services
from hieuhoc.registers.indicators.models import Fact, ReportingPeriod, Total
from hieuhoc.registers.indicators.services import Stated
from hieuhoc.registers.places.models import Unit

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS, TURNS = 4, 6
PERIODS = [month(2020, number) for number in range(1, TURNS + 1)]


def together(*deeds: Callable[[], object]) -> None:
    """Do everything at the same moment, and pass on what went wrong."""
    start = threading.Barrier(len(deeds))
    failed: list[BaseException] = []

    def run(deed: Callable[[], object]) -> None:
        try:
            start.wait(20)
            deed()
        except BaseException as error:  # noqa: BLE001  # handed on to the test below
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads)
    assert failed == []


@pytest.fixture
def communes() -> list[Unit]:
    make_indicator("LIT.A")
    make_indicator("LIT.B")
    district = places.make_district(places.make_province())
    return [places.make_commune(district, f"Xã {number}") for number in range(WRITERS)]


def test_communes_that_report_at_once_are_all_in_the_provinces_total(communes: list[Unit]) -> None:
    def report(unit: Unit, codes: list[str]) -> None:
        for number, period in enumerate(PERIODS):
            figures = [Stated(code, 10 ** (number + 1)) for code in codes]
            services.state_figures(by=trail.HOUSE, unit=unit, period=period, figures=figures, source="x:1")

    orders = [["LIT.A", "LIT.B"], ["LIT.B", "LIT.A"]]
    together(*(partial(report, unit, orders[at % 2]) for at, unit in enumerate(communes)))
    assert Fact.objects.count() == 2 * WRITERS * TURNS
    assert ReportingPeriod.objects.filter(rhythm="month", calendar="closing").count() == 12
    year = Total.objects.get(unit__level="province", period__key="2020", indicator__code="LIT.A")
    assert (year.value, year.reported) == (
        WRITERS * sum(10 ** (number + 1) for number in range(TURNS)),
        WRITERS * TURNS,
    )
    assert_totals_hold()
    assert trail.verify() is None


def test_two_who_correct_the_same_figure_leave_one_of_both(communes: list[Unit]) -> None:
    def correct(value: int) -> None:
        for period in PERIODS:
            services.state_figures(
                by=trail.HOUSE, unit=communes[0], period=period, figures=[Stated("LIT.A", value)], source="x:1"
            )

    together(*(partial(correct, value) for value in range(1, WRITERS + 1)))
    assert Fact.objects.count() == TURNS
    assert_totals_hold()


def test_everything_may_be_computed_anew_while_people_report(communes: list[Unit]) -> None:
    def report(unit: Unit) -> None:
        for period in PERIODS:
            services.state_figures(
                by=trail.HOUSE, unit=unit, period=period, figures=[Stated("LIT.A", 5), Stated("LIT.B", 6)], source="x:1"
            )

    def anew() -> None:
        for _ in range(TURNS):
            services.recompute()

    together(*(partial(report, unit) for unit in communes), anew)
    year = Total.objects.get(unit__level="province", period__key="2020", indicator__code="LIT.B")
    assert year.value == 6 * WRITERS * TURNS
    assert_totals_hold()
