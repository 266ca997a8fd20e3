"""The sizes that ship: entered with the event that forms their units, gone with it, never in place of a person's."""

from datetime import date
from pathlib import Path

import pytest

from hieuhoc.foundation.records import trail
from hieuhoc.kernel.errors import Conflict, Invalid
from hieuhoc.registers.places import selectors, services
from hieuhoc.registers.places.models import Reorganisation, Unit, UnitSize
from hieuhoc.registers.places.services import loading

DAY = date(2025, 7, 1)


def test_a_size_waits_for_the_unit_that_it_is_of(kien_giang: Unit) -> None:
    assert loading.load_sizes() == 0  # code 91 is Kiên Giang's still
    services.execute_shipped(until=DAY)
    ward = selectors.unit_by_code("30742", on=DAY).unit
    assert [(size.people, size.households, size.area_ha) for size in ward.sizes.all()] == [(250661, None, 4553)]
    assert loading.load_sizes() == 0


def test_taking_the_event_back_takes_the_shipped_sizes_with_it(kien_giang: Unit) -> None:
    services.execute_shipped(until=DAY)
    event = Reorganisation.objects.get(slug="an-giang-2025-07-01")
    services.take_back_reorganisation(by=trail.HOUSE, event=event, why="Thử")
    assert not UnitSize.objects.exists()
    assert trail.verify() is None
    services.execute_shipped(until=DAY)
    assert UnitSize.objects.count() == 2


def test_a_figure_that_a_person_corrected_holds_the_event(kien_giang: Unit) -> None:
    services.execute_shipped(until=DAY)
    size = UnitSize.objects.get(unit__key="phuong-rach-gia-an-giang")
    UnitSize.objects.filter(pk=size.pk).update(people=250662)
    event = Reorganisation.objects.get(slug="an-giang-2025-07-01")
    with pytest.raises(Conflict, match="Rạch Giá"):
        services.take_back_reorganisation(by=trail.HOUSE, event=event, why="Thử")


def test_a_wrong_figure_names_file_line_and_column(db: None, tmp_path: Path) -> None:
    head = "unit,code,on,people,households,area_ha,source,certainty\n"
    (tmp_path / "sizes.csv").write_text(f"# Ghi chú\n{head}xa-a,30001,2025-07-01,nhiều,,,báo,CONFIRMED\n")
    with pytest.raises(Invalid, match=r"sizes\.csv, dòng 3, cột people.*nhiều"):
        loading.load_sizes(folder=tmp_path)
