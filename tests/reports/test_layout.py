"""A layout: whole or refused with its place, and a rule between figures."""

from copy import deepcopy
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.indicators import SINCE

from hieuhoc.kernel.errors import Invalid
from hieuhoc.registers.indicators.rules import Breakdown, BreakdownValue, Definition
from hieuhoc.reports.rules import layout_faults, layout_from, layout_so_far, parse_comparison

SEX = Breakdown("sex", "Giới tính", (BreakdownValue("female", "nữ"), BreakdownValue("male", "nam")), is_complete=True)


def definition(code: str, **over: Any) -> Definition:
    given_: dict[str, Any] = {
        "name": f"Chỉ số {code}",
        "measure": "person",
        "kind": "base",
        "levels": ("commune", "district", "province"),
        "calendar": "closing",
        "rhythms": ("month", "year"),
        "valid_from": SINCE,
        "over_places": "sum",
        "over_time": "sum",
        "breakdowns": ("sex",),
    } | over
    return Definition(code=code, **given_)


KNOWN = {
    "LIT.L1": definition("LIT.L1"),
    "LIT.POP": definition("LIT.POP"),
    "LIT.RATE": definition(
        "LIT.RATE",
        measure="percent",
        kind="derived",
        formula="percent(LIT.L1, LIT.POP)",
        over_places="none",
        over_time="none",
        decimals=1,
    ),
}
WHOLE: dict[str, Any] = {
    "sections": [
        {
            "key": "kq",
            "heading": "Kết quả",
            "blocks": [
                {"type": "narrative", "key": "chung", "label": "Chung", "required": True, "most": 100},
                {
                    "type": "figures",
                    "key": "so",
                    "label": "Số",
                    "cells": [{"key": "ty_le", "indicator": "LIT.RATE", "required": True}],
                },
                {
                    "type": "table",
                    "key": "xmc",
                    "label": "Bảng 1",
                    "columns": [
                        {"key": "tong", "label": "Tổng số", "by": ""},
                        {"key": "nu", "label": "Nữ", "by": "sex=female"},
                    ],
                    "rows": [{"key": "l1", "indicator": "LIT.L1", "required": True, "most": 500}],
                },
                {"type": "choice", "key": "muc", "label": "Mức", "options": [["dat", "Đạt"], ["chua", "Chưa"]]},
                {"type": "units", "key": "donvi", "label": "Theo đơn vị", "indicators": ["LIT.L1"]},
                {"type": "chart", "key": "bd", "label": "Biểu đồ", "indicator": "LIT.L1", "over": "units"},
                {"type": "progress", "key": "tiendo", "label": "Tiến độ"},
                {"type": "obstacles", "key": "vm", "label": "Vướng mắc"},
            ],
        }
    ],
    "checks": [{"key": "k1", "rule": "LIT.L1 <= LIT.POP", "level": "error", "words": "Không thể nhiều hơn."}],
}


def read(told: dict[str, Any]) -> Any:
    return layout_from(told, known=KNOWN, breakdowns={"sex": SEX})


def changed(path: list[Any], value: Any) -> dict[str, Any]:
    """The whole layout with one value replaced, or added where the path ends in "+"."""
    told = deepcopy(WHOLE)
    place: Any = told
    for step in path[:-1]:
        place = place[step]
    if path[-1] == "+":
        place.append(value)
    else:
        place[path[-1]] = value
    return told


BLOCKS = ["sections", 0, "blocks"]


def test_every_kind_of_block_is_read_and_cells_have_their_places() -> None:
    layout = read(WHOLE)
    assert [block.type for block in layout.blocks] == [block["type"] for block in WHOLE["sections"][0]["blocks"]]
    assert [(cell.key, cell.indicator, cell.by) for cell in layout.cells] == [
        ("so.ty_le", "LIT.RATE", ""),
        ("xmc.l1.tong", "LIT.L1", ""),
        ("xmc.l1.nu", "LIT.L1", "sex=female"),
    ]
    assert layout.codes == {"LIT.RATE", "LIT.L1", "LIT.POP"}


def test_an_empty_label_takes_the_name_of_the_indicator_and_a_derived_cell_is_never_required() -> None:
    first = next(iter(read(WHOLE).cells))
    assert (first.label, first.required) == ("Chỉ số LIT.RATE", False)


FAULTS: list[tuple[list[Any], Any, str]] = [
    (["sections"], [], "chưa có mục nào"),
    (["sections", 0, "heading"], " ", "Mục chưa có tên"),
    ([*BLOCKS], [], "chưa có phần nào"),
    ([*BLOCKS, 0, "type"], "picture", "Không có loại phần"),
    ([*BLOCKS, 0, "key"], "Có dấu", "chỉ gồm chữ không dấu"),
    ([*BLOCKS, 0, "key"], "xmc", "có hai lần"),
    ([*BLOCKS, 1, "cells"], [], "chưa có ô số liệu nào"),
    ([*BLOCKS, 1, "cells", "+"], {"key": "ty_le", "indicator": "LIT.L1"}, "có hai lần"),
    ([*BLOCKS, 1, "cells", 0, "indicator"], "LIT.NONE", "Không có chỉ số LIT.NONE"),
    ([*BLOCKS, 2, "rows"], [], "ít nhất một cột và một dòng"),
    ([*BLOCKS, 2, "columns", 1, "by"], "age=15-25", "không phân tổ theo"),
    ([*BLOCKS, 2, "columns", 1, "by"], "sex=other", "không có giá trị"),
    ([*BLOCKS, 2, "rows", 0, "least"], 501, "nhỏ nhất lớn hơn số lớn nhất"),
    ([*BLOCKS, 3, "options"], [["dat", "Đạt"]], "ít nhất hai mục"),
    ([*BLOCKS, 3, "options"], [["dat", "Đạt"], ["dat", "Chưa"]], "cùng khóa"),
    ([*BLOCKS, 4, "indicators"], [], "Hãy chọn chỉ số"),
    ([*BLOCKS, 5, "over"], "moon", "theo thời gian hoặc theo đơn vị"),
    (["checks", 0, "rule"], "LIT.L1", "hai vế và một dấu so sánh"),
    (["checks", 0, "rule"], "LIT.L1 <= LIT.NONE", "Không có chỉ số LIT.NONE"),
    (["checks", 0, "level"], "grave", "lỗi hoặc nhắc"),
]


@pytest.mark.parametrize(("path", "value", "said"), FAULTS, ids=[said for _path, _value, said in FAULTS])
def test_what_does_not_hold_together_is_refused_with_its_place(path: list[Any], value: Any, said: str) -> None:
    told = changed(path, value)
    with pytest.raises(Invalid, match=said) as refused:
        read(told)
    assert refused.value.field == "layout"
    assert layout_faults(told, known=KNOWN, breakdowns={"sex": SEX})


def test_the_place_is_named_by_its_section_and_block() -> None:
    told = changed([*BLOCKS, 2, "rows", 0, "indicator"], "LIT.NONE")
    with pytest.raises(Invalid, match=r"Kết quả – Bảng 1: Không có chỉ số LIT\.NONE"):
        read(told)


def test_while_it_is_made_all_that_holds_is_shown() -> None:
    told = changed([*BLOCKS, 2, "rows", "+"], {"key": "sai", "indicator": "LIT.NONE"})
    layout = layout_so_far(told, known=KNOWN, breakdowns={"sex": SEX})
    assert [cell.key for cell in layout.cells] == ["so.ty_le", "xmc.l1.tong", "xmc.l1.nu"]
    faults = layout_faults(told, known=KNOWN, breakdowns={"sex": SEX})
    assert {fault.place for fault in faults} == {"xmc"}


# ---- rules between figures --------------------------------------------------------------------------


@pytest.mark.parametrize("sign", ["<=", ">=", "<", ">", "=", "!="])
def test_a_rule_compares_two_formulas_and_says_nothing_of_what_is_unknown(sign: str) -> None:
    rule = parse_comparison(f"LIT.L1[sex=female] {sign} LIT.POP - 1")
    figures = {("LIT.L1", "sex=female"): 4, ("LIT.POP", ""): 5}
    expected = {"<=": True, ">=": True, "<": False, ">": False, "=": True, "!=": False}[sign]
    assert rule.holds(lambda code, by, _back: figures.get((code, by))) is expected
    assert rule.holds(lambda _code, _by, _back: None) is None


@pytest.mark.parametrize("text", ["", "LIT.L1", "LIT.L1 <=", "LIT.L1 <= LIT.POP <= LIT.ALL", "<= LIT.L1", "a ~ b"])
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        parse_comparison(text)


@given(st.integers(-10, 10), st.integers(-10, 10))
def test_a_rule_is_as_exact_as_arithmetic(left: int, right: int) -> None:
    figures = {"A.X": Fraction(left, 3), "A.Y": Fraction(right, 3)}
    for sign, holds in (("<=", left <= right), ("=", left == right), (">", left > right)):
        assert parse_comparison(f"A.X {sign} A.Y").holds(lambda code, _by, _back: figures[code]) is holds
