"""The deeds of the form builder on a layout, and what was typed into a sheet."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.http import QueryDict

from hieuhoc.kernel.errors import Missing
from hieuhoc.registers.indicators.rules.measures import MEASURES, Measure
from hieuhoc.reports.forms import editing
from hieuhoc.reports.forms.sheet import merged, read_figures, remarks_in, remember, typed_in


def layout_of_two() -> dict[str, Any]:
    first, one = editing.add_section({}, "Kết quả thực hiện")
    both, other = editing.add_section(first, "Khó khăn")
    assert (one, other) == ("ket_qua_thuc", "kho_khan")
    filled, _key = editing.add_block(both, one, "figures", "Lớp học")
    return editing.add_block(filled, one, "narrative", "Đánh giá chung")[0]


def keys(layout: dict[str, Any]) -> list[list[str]]:
    return [[block["key"] for block in section["blocks"]] for section in editing.sections_of(layout)]


def test_an_edit_gives_a_new_layout_and_leaves_the_old_one() -> None:
    before = layout_of_two()
    after = editing.remove_block(before, "lop_hoc")
    assert keys(before) == [["lop_hoc", "danh_gia_chung"], []]
    assert keys(after) == [["danh_gia_chung"], []]


def test_two_blocks_of_one_name_have_two_keys() -> None:
    layout, first = editing.add_block(layout_of_two(), "kho_khan", "narrative", "Lớp học")
    assert first == "lop_hoc_2"
    assert editing.block_of(layout, "lop_hoc_2")["type"] == "narrative"


def test_a_block_moves_over_the_edge_of_its_section() -> None:
    layout = editing.move_block(layout_of_two(), "danh_gia_chung", 1)
    assert keys(layout) == [["lop_hoc"], ["danh_gia_chung"]]
    assert keys(editing.move_block(layout, "danh_gia_chung", -1)) == [["lop_hoc", "danh_gia_chung"], []]
    assert editing.move_block(layout, "danh_gia_chung", 1) == layout  # there is nothing beyond the last section


def test_sections_are_moved_renamed_and_removed() -> None:
    layout = editing.move_section(layout_of_two(), "kho_khan", -1)
    assert [one["key"] for one in layout["sections"]] == ["kho_khan", "ket_qua_thuc"]
    renamed = editing.rename_section(layout, "kho_khan", "Tồn tại, hạn chế")
    assert renamed["sections"][0] == {"key": "kho_khan", "heading": "Tồn tại, hạn chế", "blocks": []}
    assert len(editing.remove_section(renamed, "ket_qua_thuc")["sections"]) == 1
    with pytest.raises(Missing):
        editing.remove_section(renamed, "khong_co")


@dataclass(frozen=True)
class Cell:
    key: str
    measure: Measure = MEASURES["person"]
    text: str = ""
    reason: str = ""


def sent(**values: str) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, value in values.items():
        query[name.replace("__", ":").replace("_dot_", ".")] = value
    return query


def test_numbers_are_read_as_they_are_written_here_and_a_wrong_one_holds_up_no_other() -> None:
    typed = typed_in(
        sent(f__a_dot_1="1.234", f__a_dot_2="", f__a_dot_3="mười", f__a_dot_4="2,5", r__a_dot_1="Đếm lại", edition="3")
    )
    cells = [Cell("a.1"), Cell("a.2"), Cell("a.3"), Cell("a.4"), Cell("a.5")]
    given, wrong = read_figures(cells, typed)
    assert given == {"a.1": (1234, "Đếm lại"), "a.2": (None, "")}
    assert set(wrong) == {"a.3", "a.4"}
    assert "mười" in wrong["a.3"]
    assert "2,5" in wrong["a.4"]
    assert typed.edition == 3


def test_money_is_typed_as_it_is_shown() -> None:
    given, wrong = read_figures([Cell("q.tien", MEASURES["million_dong"])], typed_in(sent(f__q_dot_tien="5,45")))
    assert given == {"q.tien": (5_450_000, "")}
    assert not wrong


def test_two_people_on_one_sheet_lose_nothing() -> None:
    was = remember({"f:a.1": "10", "f:a.2": "20", "f:a.3": "30", "n:chung": "Lời cũ " * 20})
    mine = {"f__a_dot_1": "11", "f__a_dot_2": "20", "f__a_dot_3": "33", "n__chung": ("Lời cũ " * 20).strip()}
    now = {"f:a.1": "10", "f:a.2": "22", "f:a.3": "35", "n:chung": "Lời mới của người kia"}
    both = merged(typed_in(sent(**mine, was=was)), now)
    assert both.texts["f:a.1"] == "11"  # only I changed it
    assert both.texts["f:a.2"] == "22"  # only the other did
    assert both.texts["f:a.3"] == "33"
    assert both.clashes == ("f:a.3",)
    assert both.texts["n:chung"] == "Lời mới của người kia"


def test_what_was_shown_first_may_be_missing_or_broken() -> None:
    assert typed_in(sent(was="{nonsense")).was == {}
    assert typed_in(sent(was='["a"]', edition="x")).edition == -1


def test_comments_are_read_beside_cells_and_from_the_lists_of_a_table() -> None:
    query = sent(c__ttc_dot_lop="Xem lại", c__ttc_dot_hv="  ", ct__xmc="Sai cột", cr__xmc="l1", cc__xmc="nu")
    assert remarks_in(query) == {"ttc.lop": "Xem lại", "xmc.l1.nu": "Sai cột"}
