"""What is remembered for a while: counts that end when they were to end, and room that is made by what is old."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.conf import settings

from hieuhoc.project.cache import HouseCache


@pytest.fixture
def cache(tmp_path: Path) -> HouseCache:
    return HouseCache(str(tmp_path), {})


def expiry(cache: HouseCache, key: str) -> float:
    return cache._expiry_of(cache._key_to_file(key))


def test_the_house_runs_on_it() -> None:
    from hieuhoc.project import settings as own  # noqa: PLC0415  # tests stand on another

    assert own.CACHES["default"]["BACKEND"] == "hieuhoc.project.cache.HouseCache"
    assert settings.configured


def test_a_count_goes_on_until_the_moment_that_was_said_first(cache: HouseCache) -> None:
    cache.add("codes", 0, 3600)
    until = expiry(cache, "codes")
    assert [cache.incr("codes") for _turn in range(3)] == [1, 2, 3]
    assert abs(expiry(cache, "codes") - until) < 1
    assert cache.get("codes") == 3


def test_what_is_not_counted_cannot_be_counted_on(cache: HouseCache) -> None:
    with pytest.raises(ValueError, match="not found"):
        cache.incr("codes")
    cache.set("codes", 1, -1)
    with pytest.raises(ValueError, match="not found"):
        cache.incr("codes")


def test_of_many_who_count_at_once_each_is_counted(cache: HouseCache) -> None:
    with ThreadPoolExecutor(8) as pool:
        first = list(pool.map(lambda _turn: cache.add("codes", 0, 60), range(40)))
        numbers = list(pool.map(lambda _turn: cache.incr("codes"), range(40)))
    assert first.count(True) == 1
    assert sorted(numbers) == list(range(1, 41))


def test_four_hundred_codes_are_all_known(cache: HouseCache) -> None:
    for number in range(400):
        cache.set(f"code-{number}", number, 600)
    assert all(cache.get(f"code-{number}") == number for number in range(400))


def test_room_is_made_by_what_has_expired_then_by_what_expires_first(tmp_path: Path) -> None:
    cache = HouseCache(str(tmp_path), {"max_entries": 9})
    for number in range(4):
        cache.set(f"old-{number}", number, -1)
    for number in range(5):
        cache.set(f"code-{number}", number, 600 - number)
    cache.set("one-more", 1, 300)
    assert all(cache.get(f"code-{number}") == number for number in range(5))
    for number in range(5, 9):
        cache.set(f"code-{number}", number, 600 + number)
    assert cache.get("one-more") is None
    assert cache.get("code-0") == 0
