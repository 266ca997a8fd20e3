"""How the words of a paper are put, and what a paper may be made of."""

import doctest
import importlib
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hieuhoc.engines import writer
from hieuhoc.engines.writer import Annex, Column, Heading, Paper, Paragraph, Sheet, Table
from hieuhoc.engines.writer.texts import cell_text, clean, day_line, ended, listed, number_line, roman
from hieuhoc.engines.writer.widths import balanced_mm, lines_in, superior_line, width_mm

ONE = (Column("A", 10),)


def test_the_readme_shows_what_really_happens() -> None:
    readme = Path(writer.__file__).with_name("README.md")
    assert doctest.testfile(str(readme), module_relative=False).failed == 0


@pytest.mark.parametrize("module", ["texts", "widths", "numbering", "signing", "charts", "drawing"])
def test_the_examples_in_the_code_hold(module: str) -> None:
    assert doctest.testmod(importlib.import_module(f"hieuhoc.engines.writer.{module}")).failed == 0


def test_the_door_names_only_what_exists_each_once() -> None:
    assert len(writer.__all__) == len(set(writer.__all__))
    assert all(hasattr(writer, name) for name in writer.__all__)


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2020, 9, 17), "Kiên Giang, ngày 17 tháng 9 năm 2020"),
        (date(2020, 9, 7), "Kiên Giang, ngày 07 tháng 9 năm 2020"),
        (date(2021, 1, 10), "Kiên Giang, ngày 10 tháng 01 năm 2021"),
        (date(2021, 2, 1), "Kiên Giang, ngày 01 tháng 02 năm 2021"),
        (date(2021, 3, 1), "Kiên Giang, ngày 01 tháng 3 năm 2021"),
        (date(2021, 12, 31), "Kiên Giang, ngày 31 tháng 12 năm 2021"),
    ],
)
def test_days_below_ten_and_the_first_two_months_get_a_zero(day: date, written: str) -> None:
    assert day_line("Kiên Giang", day) == written


def test_without_a_day_there_is_room_for_one() -> None:
    assert day_line("Kiên Giang", None).split() == ["Kiên", "Giang,", "ngày", "tháng", "năm", "20"]


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("144/KH-UBND", "Số: 144/KH-UBND"),
        ("144 / KH-UBND", "Số: 144/KH-UBND"),
        ("7/KH-UBND", "Số: 07/KH-UBND"),
        ("07/KH-UBND", "Số: 07/KH-UBND"),
        ("/KH-UBND", f"Số: {chr(160) * 8}/KH-UBND"),
        ("", f"Số: {chr(160) * 8}"),
    ],
)
def test_number_and_symbol_stand_as_the_decree_has_them(number: str, written: str) -> None:
    assert number_line(number) == written


@pytest.mark.parametrize(
    ("lines", "written"),
    [
        ((), []),
        (("Như trên",), ["- Như trên."]),
        (("- Như trên;", "Sở Nội vụ,", " Lưu: VT. "), ["- Như trên;", "- Sở Nội vụ;", "- Lưu: VT."]),
        (("Sở A", "", "Sở A"), ["- Sở A;", "- Sở A."]),
    ],
)
def test_a_list_ends_with_semicolons_and_one_full_stop(lines: tuple[str, ...], written: list[str]) -> None:
    assert listed(lines, "- ") == written


@pytest.mark.parametrize("text", ["Hết", "Hết.", "Hết./.", "Hết ./.", " Hết.\n"])
def test_the_last_sentence_ends_once(text: str) -> None:
    assert ended(text).count("./.") == 1
    assert ended(text).endswith("./.")


@pytest.mark.parametrize(("number", "written"), [(1, "I"), (9, "IX"), (14, "XIV"), (49, "XLIX"), (399, "CCCXCIX")])
def test_annexes_are_numbered_in_roman(number: int, written: str) -> None:
    assert roman(number) == written


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (0, "0"),
        (1234567, "1.234.567"),
        (Decimal("1234.50"), "1.234,50"),
        (Decimal("1E+3"), "1.000"),
        (Fraction(1, 3), "33,3%"),
        (Fraction(1), "100%"),
        (Fraction(999, 1000), "99,9%"),
        (date(2026, 9, 5), "05/09/2026"),
        ("a\x00b\r\nc", "ab\nc"),
    ],
)
def test_a_cell_is_written_as_vietnamese_offices_write_it(value: Any, written: str) -> None:
    assert cell_text(value) == written


@given(st.text(st.characters()))
def test_cleaned_text_has_no_sign_that_a_file_cannot_carry_and_is_cleaned_once(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert all(sign in "\n\t" or ord(sign) >= 32 for sign in once)
    once.encode("utf-8")


def test_signs_that_turn_the_reading_direction_are_left_out() -> None:
    assert clean("lượt: \u202e123\u202c, \u2067456\u2069") == "lượt: 123, 456"


def test_vietnamese_quotes_and_dashes_are_kept() -> None:
    text = "“Học tập suốt đời” – giai đoạn 2021–2030… ‘XHHT’"
    assert clean(text) == text


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: Table(()),
        lambda: Table(ONE, ((1, 2),)),
        lambda: Table(ONE, ((1.5,),)),  # type: ignore[arg-type]  # the wrong value is the test
        lambda: Table(ONE, ((True,),)),
        lambda: Table(ONE, ((Decimal("NaN"),),)),
        lambda: Table(ONE, ((datetime(2026, 1, 1),),)),
        lambda: Column("A", 0),
        lambda: Column("A", 10, "middle"),  # type: ignore[arg-type]  # the wrong value is the test
        lambda: Paragraph("A", "top"),  # type: ignore[arg-type]  # the wrong value is the test
        lambda: Heading("A", 7),
        lambda: Annex("A", (), number=0),
        lambda: Paper("A", "B", "C", "D", (), recipients="Sở Nội vụ"),  # type: ignore[arg-type]  # the test
        lambda: Sheet("A", "B", Table(ONE), notes="một dòng"),  # type: ignore[arg-type]  # the wrong value is the test
        lambda: writer.workbook([]),
    ],
)
def test_what_cannot_be_written_cannot_be_built(wrong: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        wrong()


def test_widths_are_those_of_the_typeface() -> None:
    # Measured once with Tinos Bold without kerning, which is metrically Times New Roman.
    assert width_mm("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=13, bold=True) == pytest.approx(95.7, abs=0.3)
    assert width_mm("ỦY BAN NHÂN DÂN\nTỈNH", size=13, bold=True) == pytest.approx(43.0, abs=0.3)


@given(st.text(st.sampled_from("aâBờ W\n-"), max_size=80), st.floats(5, 200))
def test_balancing_never_costs_a_line(text: str, room: float) -> None:
    narrow = balanced_mm(text, room, size=14, bold=True)
    assert narrow <= room
    assert lines_in(text, narrow, size=14, bold=True) == lines_in(text, room, size=14, bold=True)


def test_a_superior_body_is_abbreviated_only_when_it_must() -> None:
    assert superior_line("Ủy ban nhân dân tỉnh Kiên Giang", 90, size=13) == "ỦY BAN NHÂN DÂN TỈNH KIÊN GIANG"
    assert superior_line("Ủy ban nhân dân\ntỉnh Kiên Giang và bảy chữ rất dài", 67, size=13).startswith("UBND TỈNH")
