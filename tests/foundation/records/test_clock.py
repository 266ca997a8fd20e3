"""The day on which a house stands: the real one at work, its own in a demonstration, which can be carried on."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.test.utils import override_settings
from django.utils import timezone

from hieuhoc.foundation.records import clock

STORY = date(2020, 11, 16)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with override_settings(DATA_DIR=tmp_path):
        yield tmp_path


def test_a_house_at_work_stands_on_the_real_day_and_is_not_moved(folder: Path) -> None:
    with override_settings(TODAY=None, DEMONSTRATION=False):
        clock.stand_on(timezone.localdate() + timedelta(days=30))
        assert clock.today() == timezone.localdate()
        assert not clock.may_stand_on(timezone.localdate() + timedelta(days=1))
        assert list(folder.iterdir()) == []


def test_a_demonstration_stands_on_its_day_until_it_is_carried_on(folder: Path) -> None:
    with override_settings(TODAY=STORY, DEMONSTRATION=True):
        clock.stand_on(STORY)
        assert clock.today() == STORY
        clock.stand_on(date(2025, 7, 1))
        assert clock.today() == date(2025, 7, 1)


def test_a_demonstration_does_not_go_back(folder: Path) -> None:
    with override_settings(TODAY=STORY, DEMONSTRATION=True):
        clock.stand_on(date(2025, 7, 1))
        clock.stand_on(date(2021, 3, 1))
        assert clock.today() == date(2025, 7, 1)


def test_a_demonstration_may_stand_on_any_real_day_but_none_to_come(folder: Path) -> None:
    with override_settings(TODAY=STORY, DEMONSTRATION=True):
        assert clock.may_stand_on(date(2025, 7, 1))
        assert not clock.may_stand_on(timezone.localdate() + timedelta(days=1))


def test_a_command_on_a_demonstrations_folder_stands_on_its_day_without_its_settings(folder: Path) -> None:
    with override_settings(TODAY=STORY, DEMONSTRATION=True):
        clock.stand_on(STORY)
    with override_settings(TODAY=None, DEMONSTRATION=False):
        assert clock.today() == STORY
        clock.stand_on(date(2025, 7, 1))
        assert clock.today() == date(2025, 7, 1)
