"""The words of a paper: cleaned for a file, and put as the decree wants them put.

Source: Decree 30/2020/NĐ-CP, Annex I, Part II (number, date, legal bases, recipients, end of the text).
"""

import re
import unicodedata
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from hieuhoc.engines.writer.paper import Cell, Figure, Run, Words
from hieuhoc.kernel.vietnamese import write_date, write_number

COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"

_NEW_LINES = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Control characters, halves of surrogate pairs, and what XML 1.0 does not take; tab and line break stay. And signs
# that turn the reading direction: unseen on paper, they would let a figure be read from behind.
_UNWRITABLE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")
_ROOM = "\u00a0"  # a space that neither breaks nor shrinks: room for a pen


def clean(text: str) -> str:
    """The text in composed letters, with line breaks as one sign, and nothing in it that a file cannot carry.

    Example:
        >>> clean("Ho\\u0323c\\x00 tập\\r\\nsuốt đời")
        'Học tập\\nsuốt đời'
    """
    return unicodedata.normalize("NFC", _UNWRITABLE.sub("", _NEW_LINES.sub("\n", text)))


def runs(words: Words) -> list[Run]:
    """The pieces of a text, cleaned; those without letters are left out."""
    pieces = [words] if isinstance(words, str) else words
    made = [Run(piece) if isinstance(piece, str) else piece for piece in pieces]
    return [replace(piece, text=text) for piece in made if (text := clean(piece.text))]


def plain(words: Words) -> str:
    """What a text says, without its pieces.

    Example:
        >>> plain(("Cả tỉnh có ", Run("45", bold=True), " lớp"))
        'Cả tỉnh có 45 lớp'
    """
    return clean(words) if isinstance(words, str) else "".join(run.text for run in runs(words))


def capitals(text: str) -> str:
    return clean(text).upper()


def cell_text(value: Cell) -> str:
    """A cell's value in words.

    Example:
        >>> [cell_text(v) for v in (12345, Decimal("1234.50"), Fraction(91, 200), date(2026, 9, 5), None)]
        ['12.345', '1.234,50', '45,5%', '05/09/2026', '']
    """
    if value is None:
        return ""
    if isinstance(value, Figure):
        return cell_text(value.value)
    if isinstance(value, str | tuple):
        return plain(value)
    if isinstance(value, date):
        return write_date(value)
    if isinstance(value, Fraction):
        return f"{write_number(percent_of(value))}%"
    if isinstance(value, Decimal):
        return write_number(value, places=places_of(value))
    return write_number(value)


def percent_of(share: Fraction) -> Decimal:
    """A share in percent, with one decimal where there is one: 91/200 is 45.5.

    Units: percent, rounded half up for the eye.
    """
    percent = share * 100
    rounded = Decimal(percent.numerator) / Decimal(percent.denominator)
    tenths = rounded.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return tenths.quantize(Decimal(1)) if tenths == tenths.to_integral_value() else tenths


def places_of(amount: Decimal) -> int:
    """How many decimals an amount is written with."""
    exponent = amount.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def number_line(number: str) -> str:
    """The line of number and symbol; without a number there is room to write one.

    Example:
        >>> number_line("144/KH-UBND"), number_line("7 /KH-UBND")
        ('Số: 144/KH-UBND', 'Số: 07/KH-UBND')
    """
    series, slash, symbol = clean(number).partition("/")
    series = series.strip()
    if series.isdecimal() and len(series) == 1:
        series = f"0{series}"
    return f"Số: {series or _ROOM * 8}{slash}{symbol.strip()}"


def day_line(place: str, day: date | None) -> str:
    """The line of place and day; days below 10 and the months 1 and 2 get a leading zero, other months do not.

    Example:
        >>> day_line("Kiên Giang", date(2020, 9, 7)), day_line("Rạch Giá", date(2021, 2, 17))
        ('Kiên Giang, ngày 07 tháng 9 năm 2020', 'Rạch Giá, ngày 17 tháng 02 năm 2021')
    """
    where = f"{clean(place).strip()}, " if place.strip() else ""
    if day is None:
        return f"{where}ngày{_ROOM * 6}tháng{_ROOM * 6}năm 20{_ROOM * 4}"
    month = f"{day.month:02d}" if day.month <= 2 else f"{day.month}"
    return f"{where}ngày {day.day:02d} tháng {month} năm {day.year}"


def listed(lines: tuple[str, ...], dash: str = "") -> list[str]:
    """Lines of one list: a semicolon ends each, a full stop the last.

    Example:
        >>> listed(("Như trên;", "Lưu: VT"), dash="- ")
        ['- Như trên;', '- Lưu: VT.']
    """
    bare = [clean(line).strip().removeprefix("- ").rstrip(" ;.,") for line in lines]
    bare = [line for line in bare if line]
    return [f"{dash}{line}{';' if place < len(bare) else '.'}" for place, line in enumerate(bare, start=1)]


def ended(text: str) -> str:
    """The last sentence of a paper, with the mark that nothing follows.

    Example:
        >>> ended("Các đơn vị nghiêm túc thực hiện."), ended("Trân trọng./.")
        ('Các đơn vị nghiêm túc thực hiện./.', 'Trân trọng./.')
    """
    bare = clean(text).rstrip()
    return bare if bare.endswith("./.") else f"{bare.rstrip('.')}./."


def ended_words(words: Words) -> Words:
    """The same for a text in pieces: the mark comes after the last."""
    if isinstance(words, str):
        return ended(words)
    pieces = runs(words)
    return (*pieces[:-1], replace(pieces[-1], text=ended(pieces[-1].text))) if pieces else ended("")


def roman(number: int) -> str:
    """A number from 1 to 399 in Roman numerals: 4 is IV.

    Example:
        >>> roman(4), roman(19), roman(40)
        ('IV', 'XIX', 'XL')
    """
    signs = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
    written = ""
    for worth, sign in signs:
        written += sign * (number // worth)
        number %= worth
    return written
