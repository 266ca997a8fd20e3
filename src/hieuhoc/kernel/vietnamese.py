"""Vietnamese text: folding for search, alphabetical order, and the way dates and numbers are written."""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from functools import lru_cache

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER = {letter: f"{place:02d}" for place, letter in enumerate(_ALPHABET, start=10)}
# The five marks in the order of Vietnamese dictionaries: none, grave, hook, tilde, acute, dot below.
_TONE = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_SHAPE = {"\u0306", "\u0302", "\u031b"}
# The same word may carry its tone on either vowel (hoá/hóa); the older place is turned into the newer one.
_TONE_PLACE = {
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip
_TONE_PATTERN = re.compile(r"(?<![q])(" + "|".join(_TONE_PLACE) + r")(?!\w)")


def squeeze(text: str) -> str:
    """The text with runs of white space as one space, and none at the ends."""
    return " ".join(text.split())


def one_spelling(text: str) -> str:
    """The text in lower case and composed letters, with one of the two usual places for a tone mark.

    Example:
        >>> one_spelling("Xã hội HOÁ")
        'xã hội hóa'
    """
    return _TONE_PATTERN.sub(lambda found: _TONE_PLACE[found[0]], unicodedata.normalize("NFC", text).lower())


def fold(text: str) -> str:
    """The text without marks, in lower case, for search: "Sở Giáo dục" and "so giao duc" fold alike.

    Example:
        >>> fold("Xã Đông Thái – huyện An Biên")
        'xa dong thai - huyen an bien'
    """
    loose = unicodedata.normalize("NFD", text.lower().replace("đ", "d").replace("–", "-").replace("—", "-"))
    return squeeze("".join(letter for letter in loose if not unicodedata.combining(letter)))


@lru_cache(maxsize=65536)
def sort_key(text: str) -> str:
    """A key that sorts as a Vietnamese dictionary does, in any database: letters first, tones to break ties.

    Example:
        >>> sorted(["Ẩn", "Đào", "Ăn", "An", "Dương", "Ung", "Áo"], key=sort_key)
        ['An', 'Áo', 'Ăn', 'Ẩn', 'Dương', 'Đào', 'Ung']
        >>> sorted(["Nam Thái A", "Nam Yên", "Nam Thái"], key=sort_key)
        ['Nam Thái', 'Nam Thái A', 'Nam Yên']
    """
    letters: list[str] = []
    tones: list[str] = []
    for word in squeeze(text.lower()).split():
        for letter in unicodedata.normalize("NFC", word):
            parts = unicodedata.normalize("NFD", letter)
            bare = "".join(part for part in parts if not unicodedata.combining(part) or part in _SHAPE)
            kept = unicodedata.normalize("NFC", bare)
            letters.append(_LETTER.get(kept, f"0{kept}"))
            tones.append(next((_TONE[p] for p in parts if p in _TONE), "0"))
        letters.append("  ")
    # A space before the tones, lower than any letter: "Tân Hiệp" comes before "Tân Hiệp A".
    return "".join(letters) + " " + "".join(tones)


def write_date(day: date) -> str:
    """A date as it is written on screen: 05/09/2026.

    Example:
        >>> write_date(date(2026, 9, 5))
        '05/09/2026'
    """
    return f"{day:%d/%m/%Y}"


def write_number(value: int | float | Decimal, *, places: int | None = None) -> str:
    """A number with a dot between thousands and a comma before decimals.

    Units: `places` decimals; none given keeps the value's own decimals.

    Example:
        >>> write_number(Decimal("1234.5")), write_number(1234567)
        ('1.234,5', '1.234.567')
    """
    written = f"{value:,}" if places is None else f"{value:,.{places}f}"
    return written.replace(",", "\0").replace(".", ",").replace("\0", ".")
