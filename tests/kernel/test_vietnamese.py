"""Vietnamese text: search without marks, the order of dictionaries, dates and numbers as they are written."""

import unicodedata
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hieuhoc.kernel.vietnamese import fold, one_spelling, sort_key, squeeze, write_date, write_number

VIETNAMESE = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
    "AÀẢÃÁẠĂÂBCDĐEÊGHIKLMNOÔƠPQRSTUƯVXY 0123456789-.,"
)
words = st.text(VIETNAMESE, max_size=40)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Sở Giáo dục và Đào tạo", "so giao duc va dao tao"),
        ("ỦY BAN NHÂN DÂN", "uy ban nhan dan"),
        ("  Xã\u00a0Đông\tThái \n", "xa dong thai"),
        ("Trường – Sa — 2020", "truong - sa - 2020"),
        ("", ""),
    ],
)
def test_search_does_not_see_marks(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(words)
def test_composed_and_decomposed_letters_fold_and_sort_alike(text: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    assert fold(decomposed) == fold(text)
    assert sort_key(decomposed) == sort_key(text)
    assert one_spelling(decomposed) == one_spelling(text)


@given(words)
def test_what_is_folded_has_neither_marks_nor_capitals(text: str) -> None:
    assert fold(text).isascii()
    assert fold(text) == fold(text).lower()


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("xã hội hoá", "xã hội hóa"),
        ("khoẻ", "khỏe"),
        ("thuỷ", "thủy"),
        ("Uỷ ban", "ủy ban"),
        ("quý", "quý"),
        ("quỹ khuyến học", "quỹ khuyến học"),
        ("toán", "toán"),
        ("hoà bình", "hòa bình"),
    ],
)
def test_both_places_of_a_tone_mark_are_one_spelling(older: str, newer: str) -> None:
    assert one_spelling(older) == newer


@pytest.mark.parametrize(
    "in_order",
    [
        ["a", "ă", "â", "b", "d", "đ", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y"],
        ["ma", "mà", "mả", "mã", "má", "mạ"],
        ["An Biên", "An Minh", "Châu Thành", "Giang Thành", "Giồng Riềng", "Gò Quao", "Hòn Đất", "U Minh Thượng"],
        ["Đông Thái", "Đông Thạnh", "Đông Yên"],
        ["Tân Hiệp", "Tân Hiệp A", "Tân Hiệp B", "Tân Hội"],
        ["Phường 1", "Phường 2", "Phường An Hòa"],
    ],
)
def test_words_stand_as_in_a_dictionary(in_order: list[str]) -> None:
    shuffled = in_order[1::2] + in_order[::2]
    assert sorted(shuffled, key=sort_key) == in_order
    assert len({sort_key(word) for word in in_order}) == len(in_order)


@given(st.lists(words, max_size=8))
def test_order_does_not_hang_on_where_words_stood_before(texts: list[str]) -> None:
    assert [sort_key(one) for one in sorted(texts, key=sort_key)] == sorted(sort_key(one) for one in texts)


@given(words, words)
def test_words_that_differ_in_a_letter_never_tie(one: str, other: str) -> None:
    if squeeze(one.lower()) != squeeze(other.lower()):
        assert sort_key(one) != sort_key(other)


@given(st.text("abcdđeêghiklmnoôơ", min_size=1, max_size=8), st.text("aăâbcd", min_size=1, max_size=4))
def test_a_shorter_name_stands_before_the_longer_that_begins_with_it(name: str, more: str) -> None:
    for shorter, longer in pairwise([name, f"{name} {more}"]):
        assert sort_key(shorter) < sort_key(longer)


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        (0, None, "0"),
        (999, None, "999"),
        (1000, None, "1.000"),
        (-1234567, None, "-1.234.567"),
        (Decimal("1234.50"), None, "1.234,50"),
        (1234.5, 2, "1.234,50"),
        (99.95, 1, "100,0"),
        (2, 0, "2"),
    ],
)
def test_numbers_have_dots_between_thousands_and_a_comma(
    value: int | float | Decimal, places: int | None, written: str
) -> None:
    assert write_number(value, places=places) == written


def test_dates_are_written_day_first() -> None:
    assert write_date(date(2020, 9, 7)) == "07/09/2020"
