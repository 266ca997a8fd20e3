"""The consolidated workbook adds up: as stored, and as LibreOffice computes it anew."""

import io
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tests.factories.office import recalculated

from hieuhoc.engines.writer.consolidated import Consolidated, Measured, Part, UnitRow, consolidated_workbook

CLASSES, TURNS = "classes", "turns"
MEAN = '=IF(COUNT({turns},{classes})<2,"",IFERROR({turns}/{classes},""))'
BOOK = Consolidated(
    "Tổng hợp hoạt động trung tâm học tập cộng đồng",
    (
        Part(
            "I. Lớp học",
            (
                Measured(CLASSES, "Số lớp", "Hoạt động"),
                Measured("halls", "Số nhà"),
                Measured("visitors", "Người đến, không trùng", way="given"),
            ),
        ),
        Part(
            "II. Người học",
            (
                Measured(TURNS, "Lượt người", "Hoạt động"),
                Measured("mean", "Lượt mỗi lớp", "Hoạt động", "ratio", MEAN, decimals=2),
            ),
        ),
    ),
    (
        UnitRow("=Xã A", "đã duyệt", {CLASSES: 3, TURNS: 100, "mean": Fraction(100, 3), "visitors": 5}),
        UnitRow("Xã B", "chưa nộp", {}),
        UnitRow("Xã C", "đã nộp", {CLASSES: 4, TURNS: 120, "mean": 30, "visitors": 6}),
    ),
    {CLASSES: 7, TURNS: 220, "mean": Fraction(220, 7), "visitors": 9},
    notes=("Một xã chưa nộp.",),
)


def page(content: bytes, sheet: int, *, values: bool) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values).worksheets[sheet]


def test_totals_are_sums_and_ratios_are_of_sums() -> None:
    content = consolidated_workbook(BOOK)
    first, second = page(content, 0, values=False), page(content, 1, values=False)
    assert first["D13"].value == '=IF(COUNT(D10:D12)=0,"",SUM(D10:D12))'
    assert first["F13"].value == 9
    assert second["E13"].value == MEAN.format(turns="'Phần 2'!D13", classes="'Phần 1'!D13")
    assert first["B10"].value == "=Xã A"
    assert first["B10"].data_type == "s"


def test_a_viewer_that_does_not_calculate_shows_the_stored_totals() -> None:
    content = consolidated_workbook(BOOK)
    first, second = page(content, 0, values=True), page(content, 1, values=True)
    assert [first[f"D{row}"].value for row in (10, 11, 12, 13)] == [3, None, 4, 7]
    assert second["E13"].value == pytest.approx(220 / 7)
    assert not first["E13"].value


def test_without_a_column_there_is_nothing_to_write() -> None:
    with pytest.raises(ValueError, match="side by side"):
        consolidated_workbook(replace(BOOK, parts=()))


def test_libreoffice_computes_the_very_same_totals(tmp_path: Path) -> None:
    book = recalculated(consolidated_workbook(BOOK), tmp_path)
    first, second = book.worksheets
    assert first["D13"].value == BOOK.totals[CLASSES]
    assert second["D13"].value == BOOK.totals[TURNS]
    assert second["E13"].value == pytest.approx(220 / 7)
    assert second["E11"].value in (None, "")
    assert first["E13"].value in (None, "")


def test_a_changed_figure_changes_the_total_when_it_is_computed_anew(tmp_path: Path) -> None:
    changed = replace(BOOK, rows=(UnitRow("Xã A", "", {CLASSES: 10, TURNS: 100}), *BOOK.rows[1:]))
    first, second = recalculated(consolidated_workbook(changed), tmp_path).worksheets
    assert first["D13"].value == 14
    assert second["E10"].value == 10
    assert second["E13"].value == pytest.approx(220 / 14)
