"""A reorganisation from the first row to the day after, and back: what stands, what is refused, what is left."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.test.utils import override_settings
from tests.factories import places as factory

from hieuhoc.foundation.records import trail
from hieuhoc.kernel.errors import Conflict, Invalid, Missing, Refused
from hieuhoc.registers.places import selectors, services
from hieuhoc.registers.places.models import Membership, Reorganisation, Succession, Unit, UnitVersion
from hieuhoc.registers.places.rules import Row

ON = date(2025, 7, 1)
EVE = date(2025, 6, 30)


@dataclass(frozen=True)
class Person:
    actor_key: str
    actor_name: str = "Người thử"


ADMINISTRATOR, LEADER = Person("user:1"), Person("user:2")
MERGER = [
    Row("merge", "30733", target="30742", target_name="Phường Rạch Giá"),
    Row("merge", "30742", "Phường Vĩnh Bảo", "30742", "Phường Rạch Giá"),
    Row("rekind", "31078", target_name="Phường Dương Đông"),
]


def prepared(rows: Sequence[Row] = MERGER, *, on: date = ON) -> Reorganisation:
    event = services.prepare_reorganisation(
        by=ADMINISTRATOR, title="Sắp xếp thử", effective_on=on, document_number="1/NQ"
    )
    services.set_rows(by=ADMINISTRATOR, event=event, rows=rows)
    return event


def executed(rows: Sequence[Row] = MERGER, *, on: date = ON) -> Reorganisation:
    event = services.submit_reorganisation(by=ADMINISTRATOR, event=prepared(rows, on=on))
    return services.approve_reorganisation(by=LEADER, event=event)


def everything() -> list[list[tuple[Any, ...]]]:
    """The whole register, row by row, without row numbers of versions."""
    state = ("name", "short_name", "folded", "sort_key", "code", "level", "kind", "parent__key", "path")
    return [
        sorted(Unit.objects.values_list("key", *state, "present_path", "searched", "valid_from", "valid_to"), key=str),
        sorted(UnitVersion.objects.values_list("unit__key", *state, "valid_from", "valid_to", "document"), key=str),
        sorted(
            Membership.objects.values_list("group__key", "member__key", "valid_from", "valid_to"), key=str
        ),
        sorted(Succession.objects.values_list("predecessor__key", "heir__key"), key=str),
    ]  # fmt: skip


def unit_with(code: str, *, on: date) -> Unit:
    return selectors.unit_by_code(code, on=on).unit


def test_one_code_is_two_lives_on_two_days(kien_giang: Unit) -> None:
    executed()
    before, after = selectors.unit_by_code("30742", on=EVE), selectors.unit_by_code("30742", on=ON)
    assert (before.name, after.name) == ("Phường Vĩnh Bảo", "Phường Rạch Giá")
    assert before.unit.key != after.unit.key
    with pytest.raises(Missing):
        selectors.unit_by_code("30733", on=ON)


def test_a_life_that_goes_on_keeps_its_key_through_another_kind(kien_giang: Unit) -> None:
    executed()
    before, after = selectors.unit_by_code("31078", on=EVE), selectors.unit_by_code("31078", on=ON)
    assert (before.kind, after.kind) == ("thi_tran", "phuong")
    assert before.unit.key == after.unit.key


def test_the_heir_knows_its_predecessors_and_they_their_heir(kien_giang: Unit) -> None:
    executed()
    heir = unit_with("30742", on=ON)
    assert [row.predecessor.name for row in selectors.inheritances_of(heir)] == ["Phường Vĩnh Bảo", "Phường Vĩnh Thanh"]
    old = unit_with("30733", on=EVE)
    assert selectors.main_heir(old) == heir
    assert [row.heir for row in selectors.successions_of(old)] == [heir]


def test_an_ended_unit_stands_beneath_its_heir_and_keeps_its_own_path(kien_giang: Unit) -> None:
    executed()
    heir, old = unit_with("30742", on=ON), unit_with("30733", on=EVE)
    assert old.present_path == f"{heir.path}{old.pk}/"
    assert not old.path.startswith(heir.path)


def test_an_old_name_finds_the_successor(kien_giang: Unit) -> None:
    executed()
    assert "Phường Rạch Giá" in [unit.name for unit in selectors.find_units("vinh thanh", on=ON, levels=["commune"])]


def test_the_heirs_committee_stands_in_for_the_old_ones_in_their_groups(kien_giang: Unit) -> None:
    group = selectors.unit_by_key("ubnd-cac-xa-phuong-thi-tran-kien-giang")
    assert len(selectors.members(group, on=EVE)) == 145
    executed()
    names = [unit.name for unit in selectors.members(group, on=ON)]
    assert len(names) == 144
    assert "Ủy ban nhân dân phường Rạch Giá" in names
    assert not {"Ủy ban nhân dân phường Vĩnh Thanh", "Ủy ban nhân dân phường Vĩnh Bảo"} & set(names)


def test_the_register_of_the_day_before_is_what_it_was(kien_giang: Unit) -> None:
    before = [(row.unit.key, row.name, row.code, row.parent_id) for row in selectors.units_on(EVE)]
    executed()
    assert [(row.unit.key, row.name, row.code, row.parent_id) for row in selectors.units_on(EVE)] == before


def test_a_dry_run_tells_everything_and_leaves_nothing(kien_giang: Unit) -> None:
    event, before = prepared(), everything()
    trial = services.try_reorganisation(event)
    assert not trial.problems
    assert {"Đơn vị kết thúc", "Đơn vị lập mới", "Đơn vị thay đổi"} <= set(trial.numbers)
    assert everything() == before
    assert trail.verify() is None


def test_a_dry_run_looks_ahead_of_the_day(kien_giang: Unit) -> None:
    with override_settings(TODAY=date(2025, 1, 1)):
        trial = services.try_reorganisation(prepared())
        assert not trial.problems
        assert trial.lines


def test_taking_back_leaves_the_register_as_it_was(kien_giang: Unit) -> None:
    before = everything()
    event = executed()
    assert everything() != before
    event = services.take_back_reorganisation(by=LEADER, event=event, why="Nhầm ngày")
    assert event.state == "draft"
    assert everything() == before
    assert trail.verify() is None
    again = services.approve_reorganisation(
        by=LEADER, event=services.submit_reorganisation(by=ADMINISTRATOR, event=event)
    )
    assert again.state == "executed"


def test_what_has_been_built_upon_is_not_taken_back(kien_giang: Unit) -> None:
    event = executed()
    heir = unit_with("30742", on=ON)
    hamlet = factory.make_unit("Khu phố 1", "hamlet", "khu_pho", heir, valid_from=date(2025, 8, 1))
    with pytest.raises(Conflict, match="Phường Rạch Giá"):
        services.take_back_reorganisation(by=LEADER, event=event, why="Nhầm")
    assert Unit.objects.filter(pk=hamlet.pk).exists()
    assert selectors.reorganisation(event.pk).state == "executed"


def test_a_unit_that_has_changed_since_is_not_taken_back(kien_giang: Unit) -> None:
    event = executed()
    services.rename_unit(by=LEADER, unit=unit_with("30742", on=ON), name="Phường Mới", on=date(2025, 9, 1))
    with pytest.raises(Conflict, match="Phường Mới"):
        services.take_back_reorganisation(by=LEADER, event=event, why="Nhầm")


def test_nobody_approves_what_they_prepared(kien_giang: Unit) -> None:
    event = services.submit_reorganisation(by=ADMINISTRATOR, event=prepared())
    with pytest.raises(Refused):
        services.approve_reorganisation(by=ADMINISTRATOR, event=event)


def test_an_event_with_a_problem_is_not_handed_in(kien_giang: Unit) -> None:
    with pytest.raises(Invalid, match="Dòng 1"):
        services.submit_reorganisation(by=ADMINISTRATOR, event=prepared([Row("merge", "99999", target="30742")]))


def test_what_was_typed_stays_even_when_it_is_wrong(kien_giang: Unit) -> None:
    event = prepared([Row("merge", "không có", target="30742", share="nhiều")])
    (row,) = selectors.rows_of(event)
    assert (row.source, row.share) == ("không có", "nhiều")


def test_an_approved_event_waits_for_its_day(kien_giang: Unit) -> None:
    with override_settings(TODAY=date(2025, 6, 1)):
        event = executed()
        assert event.state == "approved"
        assert services.execute_due() == 0
        with pytest.raises(Invalid):
            services.execute_reorganisation(by=LEADER, event=event)
    with override_settings(TODAY=ON):
        assert services.execute_due() == 1
    assert selectors.reorganisation(event.pk).state == "executed"


def test_an_approved_event_that_no_longer_fits_is_handed_back_on_its_day_with_the_reason(kien_giang: Unit) -> None:
    with override_settings(TODAY=date(2025, 6, 1)):
        event = executed()
        committee = selectors.unit_by_key("ubnd-phuong-vinh-thanh-rach-gia-kien-giang")
        services.end_unit(by=LEADER, unit=committee, on=date(2025, 5, 1), why="Thử")
        services.end_unit(by=LEADER, unit=unit_with("30733", on=EVE), on=date(2025, 5, 1), why="Thử")
    with override_settings(TODAY=ON):
        assert services.execute_due() == 0
    assert selectors.reorganisation(event.pk).state == "draft"
    entry = trail.history(event)[0]
    assert "Dòng 1" in entry.why


def test_rows_are_added_changed_and_removed_in_place(kien_giang: Unit) -> None:
    event = prepared()
    services.add_row(by=ADMINISTRATOR, event=event, row=Row("rename", "31006", target_name="Xã X"))
    services.change_row(by=ADMINISTRATOR, event=event, position=4, row=Row("rename", "31006", target_name="Xã Y"))
    services.remove_row(by=ADMINISTRATOR, event=event, position=2)
    assert [(row.position, row.source, row.target_name) for row in selectors.rows_of(event)] == [
        (1, "30733", "Phường Rạch Giá"),
        (2, "31078", "Phường Dương Đông"),
        (3, "31006", "Xã Y"),
    ]


def test_a_submitted_event_is_written_by_nobody(kien_giang: Unit) -> None:
    event = services.submit_reorganisation(by=ADMINISTRATOR, event=prepared())
    with pytest.raises(Conflict):
        services.set_rows(by=ADMINISTRATOR, event=event, rows=[])
    event = services.return_reorganisation(by=LEADER, event=event, why="Thiếu căn cứ")
    services.set_rows(by=ADMINISTRATOR, event=event, rows=MERGER[:1])


def test_history_goes_through_two_events(kien_giang: Unit) -> None:
    executed(on=date(2024, 1, 1))
    executed([Row("merge", "30742", target="30745", target_name="Phường Vĩnh Lạc")])
    oldest, last = unit_with("30733", on=date(2023, 1, 1)), unit_with("30745", on=ON)
    assert selectors.main_heir(oldest) == last
    assert oldest.present_path.startswith(last.path)
    assert "Phường Vĩnh Lạc" in [unit.name for unit in selectors.find_units("vinh thanh", on=ON, levels=["commune"])]
