"""In a real browser with a real server: nothing that was tapped is lost, and nothing is doubled."""

import random
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from tests.conftest import BROWSERS
from tests.programme.learning import offline_run
from tests.programme.plans.test_killed import surroundings

__all__ = ["surroundings"]


@pytest.mark.browser
def test_forty_taps_without_signal_a_closed_browser_and_a_killed_server_lose_nothing_and_double_nothing(
    browser: Browser, surroundings: dict[str, str], repository: Path, tmp_path: Path
) -> None:
    path = next(found for found in map(shutil.which, BROWSERS) if found)
    house = offline_run.House(surroundings, repository, classes=1, learners=40)
    try:
        chance = random.Random(20201116)  # noqa: S311  # for moments, not for secrets
        offline_run.run(browser.browser_type, path, tmp_path / "phone", house, house.sessions[0], chance)
    finally:
        house.close()
