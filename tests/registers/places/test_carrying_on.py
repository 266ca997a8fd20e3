"""Carrying the register through the real events, and back: the command, the clock, the order."""

from datetime import date

import pytest
from django.core.management import call_command
from django.test.utils import override_settings

from hieuhoc.foundation.records import trail
from hieuhoc.kernel.errors import Invalid
from hieuhoc.registers.places import services
from hieuhoc.registers.places.models import Reorganisation, Unit

DAY = date(2025, 7, 1)


def test_the_events_can_be_taken_back_one_after_the_other(kien_giang: Unit) -> None:
    before = sorted(Unit.objects.values_list("key", "name", "path", "valid_to"), key=str)
    services.execute_shipped(until=date(2025, 3, 1))
    for event in Reorganisation.objects.order_by("-effective_on"):
        services.take_back_reorganisation(by=trail.HOUSE, event=event, why="Thử")
    assert sorted(Unit.objects.values_list("key", "name", "path", "valid_to"), key=str) == before


def test_a_house_at_work_is_not_carried_beyond_its_day(kien_giang: Unit) -> None:
    with override_settings(TODAY=date(2024, 1, 1)), pytest.raises(Invalid):
        services.execute_shipped(until=DAY)


def test_the_command_tells_what_it_did(kien_giang: Unit, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("reorganise", to=date(2021, 3, 1))
    assert "Phú Quốc" in capsys.readouterr().out
