"""The register over a stretch of days as one tree: whole, or only what hangs together with some units."""

from datetime import date

import pytest
from tests.factories import places as factory

from hieuhoc.engines.rollup import Tree
from hieuhoc.foundation.records import trail
from hieuhoc.registers.places import selectors, services
from hieuhoc.registers.places.models import Unit

pytestmark = pytest.mark.django_db

JANUARY, JUNE, DECEMBER = date(2020, 1, 31), date(2020, 6, 15), date(2020, 12, 31)


@pytest.fixture
def units() -> dict[str, Unit]:
    """Three provinces with a district and a commune each; a hamlet and a department in the first."""
    found: dict[str, Unit] = {}
    for name in "ABC":
        found[name] = factory.make_province(f"Tỉnh {name}")
        found[f"h{name}"] = factory.make_district(found[name], f"Huyện {name}")
        found[f"x{name}"] = factory.make_commune(found[f"h{name}"], f"Xã {name}")
    found["ấp"] = factory.make_unit("Ấp Một", "hamlet", "ap", found["xA"])
    found["sở"] = factory.make_agency(found["A"])
    return found


def tree(level: str = "commune", first: date = JANUARY, last: date = DECEMBER, only: list[Unit] | None = None) -> Tree:
    numbers = None if only is None else [unit.pk for unit in only]
    return selectors.tree_between(first, last, level=level, units=numbers)


def standing(found: Tree) -> set[int]:
    return {int(life.unit) for life in found.lives}


def test_it_goes_down_to_a_level_and_knows_no_agencies(units: dict[str, Unit]) -> None:
    assert standing(tree()) == {units[name].pk for name in ("A", "B", "C", "hA", "hB", "hC", "xA", "xB", "xC")}
    assert standing(tree("district")) == {units[name].pk for name in ("A", "B", "C", "hA", "hB", "hC")}
    assert units["ấp"].pk in standing(tree("hamlet"))
    assert tree().parent(units["xA"].pk, JUNE) == units["hA"].pk


def test_a_new_name_makes_no_new_map_and_a_new_parent_does(units: dict[str, Unit]) -> None:
    services.change_unit(by=trail.HOUSE, unit=units["xA"], on=JUNE, name="Phường Mới", kind="phuong")
    assert [len(life.spans) for life in tree().lives if life.unit == units["xA"].pk] == [1]
    assert tree().turn(JANUARY) == tree().turn(DECEMBER)
    services.change_unit(by=trail.HOUSE, unit=units["xB"], on=JUNE, parent=units["hC"])
    found = tree()
    assert found.turn(JANUARY) != found.turn(DECEMBER)
    assert [found.parent(units["xB"].pk, day) for day in (JANUARY, JUNE)] == [units["hB"].pk, units["hC"].pk]


def test_only_what_hangs_together_with_some_units_is_read(units: dict[str, Unit]) -> None:
    assert standing(tree(only=[units["xA"]])) == {units[name].pk for name in ("A", "hA", "xA")}
    services.change_unit(by=trail.HOUSE, unit=units["xB"], on=JUNE, parent=units["hC"])
    both = {units[name].pk for name in ("B", "hB", "C", "hC", "xB", "xC")}
    assert standing(tree(only=[units["hB"]])) == both
    assert standing(tree(only=[units["C"]])) == both
    # After the day, the two have nothing in common any more.
    assert standing(tree(first=JUNE, only=[units["B"]])) == {units["B"].pk, units["hB"].pk}
    assert standing(tree(only=[])) == set()


def test_a_unit_that_ended_before_or_begins_after_is_not_there(units: dict[str, Unit]) -> None:
    services.end_unit(by=trail.HOUSE, unit=units["xC"], on=JUNE, why="Giải thể")
    assert units["xC"].pk in standing(tree())
    assert units["xC"].pk not in standing(tree(first=JUNE))
    later = factory.make_commune(units["hC"], "Xã Sau", valid_from=DECEMBER)
    assert later.pk in standing(tree())
    assert later.pk not in standing(tree(last=JUNE))
