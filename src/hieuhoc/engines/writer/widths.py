"""How long a text stands on paper in Times New Roman: the decree measures lines by the text above them.

The widths are those of the typeface itself, so they hold for every font that is metrically alike (Tinos).
"""

import re
import unicodedata

from hieuhoc.engines.writer.texts import capitals

# Thousandths of the type size; letters with marks are as wide as without (but for the horn of ơ and ư).
_REGULAR = {
    180: "'", 200: "|", 250: " ,.\u00a0", 278: "/:;\\ijlt", 333: "!()-I[]`fr‘’", 350: "•", 389: "Js", 400: "°",
    408: '"', 444: "?acez“”", 469: "^", 480: "{}", 500: "#$*0123456789_bdghknopquvxyđ–", 541: "~", 556: "FPS",
    564: "+<=>×", 611: "ELTZ", 667: "BCR", 722: "ADGHKNOQUVXYwĐ", 778: "&m", 833: "%", 889: "M", 921: "@",
    944: "W", 1000: "—…",
}  # fmt: skip
_BOLD = {
    220: "|", 250: " ,.\u00a0", 278: "'/\\il", 333: "!()-:;[]`fjt‘’", 350: "•", 389: "Is", 394: "{}", 400: "°",
    444: "cerz", 500: "#$*0123456789?J_agovxy–“”", 520: "~", 555: '"', 556: "Sbdhknpquđ", 570: "+<=>×", 581: "^",
    611: "FP", 667: "BELTZ", 722: "ACDNRUVXYwĐ", 778: "GHKOQ", 833: "&m", 930: "@", 944: "M", 1000: "%W—…",
}  # fmt: skip
_WIDTHS = {
    bold: {letter: width for width, letters in table.items() for letter in letters}
    for bold, table in ((False, _REGULAR), (True, _BOLD))
}
_PLACE = re.compile(r" (?=(TỈNH|THÀNH PHỐ|HUYỆN|QUẬN|THỊ XÃ|THỊ TRẤN|XÃ|PHƯỜNG|ĐẶC KHU) )")
_WORD = re.compile(r"[^ \n\t-]+")
_LETTER = re.compile(r".[\u0300-\u036f]*", re.DOTALL)
_NO_WIDTH = "\u200b"
_HORN = "\u031b"
_MM_PER_POINT = 25.4 / 72


def width_mm(text: str, *, size: float, bold: bool = False) -> float:
    """The length of a text on one line; of several lines, the longest.

    Units: `size` in points; millimetres.

    Example:
        >>> round(width_mm("Độc lập - Tự do - Hạnh phúc", size=14, bold=True), 1)
        60.4
    """
    widths = _WIDTHS[bold]
    longest = 0
    for line in text.split("\n"):
        marks_apart = unicodedata.normalize("NFD", line)
        length = sum(widths.get(sign, 722) for sign in marks_apart if not unicodedata.combining(sign))
        longest = max(longest, length + 40 * marks_apart.count(_HORN))
    return longest / 1000 * size * _MM_PER_POINT


def lines_in(text: str, room_mm: float, *, size: float, bold: bool = False) -> int:
    """How many lines a text fills in a given width, words unbroken: an estimate on the safe side.

    Units: `size` in points; lines.
    """
    space = width_mm(" ", size=size, bold=bold)
    count = 0
    for line in text.split("\n"):
        count += 1
        used = 0.0
        for word in line.split(" "):
            length = width_mm(word, size=size, bold=bold)
            if used and used + space + length > room_mm:
                count, used = count + 1, length
            else:
                used += (space if used else 0) + length
            if used > room_mm:
                count, used = count + int(used // room_mm), used % room_mm
    return count


def balanced_mm(text: str, room_mm: float, *, size: float, bold: bool = False) -> float:
    """The narrowest width in which a text fills no more lines than in the whole room, so that its lines are alike.

    Units: `size` in points; millimetres, with a little to spare.
    """
    wanted = lines_in(text, room_mm, size=size, bold=bold)
    narrow = room_mm
    while narrow > room_mm / 3 and lines_in(text, narrow - 3, size=size, bold=bold) == wanted:
        narrow -= 1
    return narrow


def issuer_lines(name: str, room_mm: float, *, size: float) -> str:
    """The name of the issuing body in capitals; one that needs a second line is broken before the name of its place.

    Example:
        >>> issuer_lines("Ủy ban nhân dân xã Tân Hội", 67, size=13)
        'ỦY BAN NHÂN DÂN\\nXÃ TÂN HỘI'
    """
    whole = capitals(name).strip()
    if "\n" in whole or width_mm(whole, size=size, bold=True) <= room_mm - 2:
        return whole
    broken = _PLACE.sub("\n", whole, count=1)
    fits = all(width_mm(line, size=size, bold=True) <= room_mm for line in broken.split("\n"))
    return broken if fits else whole


def breakable(text: str, room_mm: float, *, size: float, bold: bool = False) -> str:
    """The text with places to break in words that are longer than a line.

    Units: `size` in points; millimetres.
    """
    if width_mm(text, size=size, bold=bold) <= room_mm:
        return text
    return _WORD.sub(lambda found: _broken(found.group(), room_mm, size, bold), text)


def _broken(word: str, room_mm: float, size: float, bold: bool) -> str:
    if width_mm(word, size=size, bold=bold) <= room_mm:
        return word
    return _NO_WIDTH.join(_LETTER.findall(word))


def superior_line(name: str, room_mm: float, *, size: float) -> str:
    """The name of the superior body in capitals; its common words are abbreviated where it would need a second line.

    Example:
        >>> superior_line("Ủy ban nhân dân tỉnh Kiên Giang", 67, size=13)
        'UBND TỈNH KIÊN GIANG'
    """
    whole = capitals(name).strip()
    if width_mm(whole, size=size) <= room_mm:
        return whole
    return whole.replace("ỦY BAN NHÂN DÂN", "UBND").replace("UỶ BAN NHÂN DÂN", "UBND").replace("UBND\n", "UBND ")
