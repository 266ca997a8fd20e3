"""What is asked of figures: each answer names its cells and says both numbers."""

from fractions import Fraction
from typing import Any

import pytest
from tests.reports.test_layout import KNOWN, SEX

from hieuhoc.reports.rules import Finding, against_beneath, layout_from, missing, run_checks

LAYOUT: dict[str, Any] = {
    "sections": [
        {
            "key": "kq",
            "heading": "Kết quả",
            "blocks": [
                {
                    "type": "table",
                    "key": "xmc",
                    "label": "Bảng 1",
                    "columns": [
                        {"key": "tong", "label": "Tổng số", "by": ""},
                        {"key": "nu", "label": "Nữ", "by": "sex=female"},
                        {"key": "nam", "label": "Nam", "by": "sex=male"},
                    ],
                    "rows": [
                        {"key": "l1", "indicator": "LIT.L1", "label": "Biết chữ", "required": True, "most": 9000},
                        {"key": "dan", "indicator": "LIT.POP", "label": "Số người"},
                    ],
                }
            ],
        }
    ],
    "checks": [
        {"key": "k1", "rule": "LIT.L1 <= LIT.POP", "level": "error", "words": "Biết chữ không thể nhiều hơn số người"},
        {"key": "k2", "rule": "LIT.L1 >= previous(LIT.L1)", "level": "warning", "words": "Biết chữ thường không giảm."},
    ],
}
FORM = layout_from(LAYOUT, known=KNOWN, breakdowns={"sex": SEX})


def check(**values: int | None) -> list[Finding]:
    """Findings for figures given as l1, l1_nu, l1_nam, dan …, and of the last period as last_l1 …"""
    names = {"": "", "_nu": "sex=female", "_nam": "sex=male"}
    rows = {"l1": "LIT.L1", "dan": "LIT.POP"}
    figures: dict[tuple[str, str, int], int | None] = {}
    for name, value in values.items():
        back = int(name.startswith("last_"))
        bare = name.removeprefix("last_")
        row, column = (bare, "") if bare in rows else (bare.rpartition("_")[0], f"_{bare.rpartition('_')[2]}")
        figures[rows[row], names[column], back] = value
    return run_checks(
        FORM, known=KNOWN, breakdowns={"sex": SEX}, figure=lambda code, by, back: figures.get((code, by, back))
    )


def said(found: list[Finding]) -> list[tuple[str, tuple[str, ...], str]]:
    return [(one.level, one.keys, one.error.sentence) for one in found]


def test_figures_that_hold_together_are_let_be() -> None:
    assert check(l1=90, l1_nu=50, l1_nam=40, dan=100, last_l1=85) == []


def test_nothing_is_said_of_what_is_unknown() -> None:
    assert check(l1=None, l1_nu=50, dan=None) == []


def test_a_figure_beyond_its_bound_says_the_bound() -> None:
    assert said(check(l1=9001, dan=9999)) == [
        ("error", ("xmc.l1.tong",), "“Biết chữ (tổng số)” là 9.001, lớn hơn mức lớn nhất 9.000.")
    ]
    assert said(check(dan=-1)) == [("error", ("xmc.dan.tong",), "“Số người (tổng số)” là -1, nhỏ hơn mức nhỏ nhất 0.")]


def test_a_part_that_is_larger_than_the_whole_names_both_cells() -> None:
    assert said(check(l1=40, l1_nu=50)) == [
        ("error", ("xmc.l1.nu", "xmc.l1.tong"), "“Biết chữ” (Nữ) là 50, lớn hơn tổng số 40.")
    ]


def test_parts_of_a_complete_breakdown_make_the_whole() -> None:
    found = said(check(l1=90, l1_nu=50, l1_nam=30))
    assert [(level, keys) for level, keys, _words in found] == [("error", ("xmc.l1.tong", "xmc.l1.nu", "xmc.l1.nam"))]
    assert "cộng lại là 80, khác tổng số 90" in found[0][2]
    assert check(l1=90, l1_nu=50) == []  # the men are unknown


def test_the_forms_own_rule_says_its_words_and_both_figures() -> None:
    assert said(check(l1=120, dan=100)) == [
        (
            "error",
            ("xmc.l1.tong", "xmc.dan.tong"),
            "Biết chữ không thể nhiều hơn số người. Hiện nay: Biết chữ (tổng số) 120; Số người (tổng số) 100.",
        )
    ]


def test_a_rule_may_look_at_the_last_period_and_a_warning_holds_nothing_back() -> None:
    found = check(l1=80, last_l1=85)
    assert [(one.level, one.is_error) for one in found] == [("warning", False)]


@pytest.mark.parametrize(
    ("now", "before", "is_asked"),
    [(210, 100, True), (200, 100, False), (45, 100, True), (50, 100, False), (12, 3, False), (100, 0, True)],
)
def test_a_figure_far_from_the_last_period_is_asked_about_unless_it_is_small(
    now: int, before: int, is_asked: bool
) -> None:
    found = [one for one in check(dan=now, last_dan=before) if "kỳ trước" in one.error.sentence]
    assert bool(found) is is_asked
    if is_asked:
        assert (found[0].level, found[0].keys) == ("warning", ("xmc.dan.tong",))
        assert f"là {now}, kỳ trước là {before}" in found[0].error.sentence


def test_what_must_be_there_and_is_not_is_named_and_a_zero_is_there() -> None:
    figures: dict[tuple[str, str], int] = {("LIT.L1", ""): 0}
    found = missing(FORM, is_asked=lambda _cell: True, figure=lambda code, by, _back: figures.get((code, by)))
    assert [one.keys for one in found] == [("xmc.l1.nu",), ("xmc.l1.nam",)]
    assert missing(FORM, is_asked=lambda _cell: False, figure=lambda *_: None) == []


def test_a_remark_that_differs_from_the_sum_beneath_says_both() -> None:
    cells = list(FORM.cells)
    totals: dict[str, Fraction | int | None] = {"xmc.l1.tong": 9, "xmc.dan.tong": 20}
    found = list(against_beneath(cells, stated={"xmc.l1.tong": 10, "xmc.dan.tong": 20}, totals=totals, known=KNOWN))
    assert said(found) == [
        ("warning", ("xmc.l1.tong",), "“Biết chữ (tổng số)”: số ghi 10 khác tổng 9 của các đơn vị trực thuộc.")
    ]
