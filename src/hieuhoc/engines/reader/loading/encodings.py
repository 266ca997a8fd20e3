"""Bytes to text: Unicode in its forms, and the encodings in which Vietnam wrote before it.

The legacy encodings look like Western European text; which one it is, is told by how many of the words
become Vietnamese syllables. TCVN3 (TCVN 5712:1993, fonts .VnTime …) gives each letter one byte and has no
capitals with a tone; VNI writes a plain letter and a mark after it; cp1258 composes tones.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

_TCVN3_LOW = {
    0xA8: "ă", 0xA9: "â", 0xAA: "ê", 0xAB: "ô", 0xAC: "ơ", 0xAD: "ư", 0xAE: "đ",
    0xB5: "à", 0xB6: "ả", 0xB7: "ã", 0xB8: "á", 0xB9: "ạ",
    0xBB: "ằ", 0xBC: "ẳ", 0xBD: "ẵ", 0xBE: "ắ", 0xC6: "ặ",
    0xC7: "ầ", 0xC8: "ẩ", 0xC9: "ẫ", 0xCA: "ấ", 0xCB: "ậ",
    0xCC: "è", 0xCE: "ẻ", 0xCF: "ẽ", 0xD0: "é", 0xD1: "ẹ",
    0xD2: "ề", 0xD3: "ể", 0xD4: "ễ", 0xD5: "ế", 0xD6: "ệ",
    0xD7: "ì", 0xD8: "ỉ", 0xDC: "ĩ", 0xDD: "í", 0xDE: "ị",
    0xDF: "ò", 0xE1: "ỏ", 0xE2: "õ", 0xE3: "ó", 0xE4: "ọ",
    0xE5: "ồ", 0xE6: "ổ", 0xE7: "ỗ", 0xE8: "ố", 0xE9: "ộ",
    0xEA: "ờ", 0xEB: "ở", 0xEC: "ỡ", 0xED: "ớ", 0xEE: "ợ",
    0xEF: "ù", 0xF1: "ủ", 0xF2: "ũ", 0xF3: "ú", 0xF4: "ụ",
    0xF5: "ừ", 0xF6: "ử", 0xF7: "ữ", 0xF8: "ứ", 0xF9: "ự",
    0xFA: "ỳ", 0xFB: "ỷ", 0xFC: "ỹ", 0xFD: "ý", 0xFE: "ỵ",
}  # fmt: skip
_TCVN3_HIGH = {0xA1: "Ă", 0xA2: "Â", 0xA3: "Ê", 0xA4: "Ô", 0xA5: "Ơ", 0xA6: "Ư", 0xA7: "Đ"}
_TCVN3 = _TCVN3_LOW | _TCVN3_HIGH

_VNI_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_HAT = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_VNI_BREVE = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_VNI_ALONE = {"ô": "ơ", "ö": "ư", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "í": "í", "ì": "ì"}


def _vni_pairs() -> dict[str, str]:
    pairs: dict[str, str] = {}
    for letter in "aeouyôö":
        base = _VNI_ALONE.get(letter, letter)
        marks = {mark: base + tone for mark, tone in _VNI_TONES.items()}
        if letter in "aeo":
            marks |= {mark: base + "\u0302" + tone for mark, tone in _VNI_HAT.items()}
        if letter == "a":
            marks |= {mark: base + "\u0306" + tone for mark, tone in _VNI_BREVE.items()}
        for mark, whole in marks.items():
            made = unicodedata.normalize("NFC", whole)
            for shown in {mark, mark.upper()}:
                pairs[letter + shown] = made
                pairs[letter.upper() + shown] = made.upper()
    return pairs


_VNI = _vni_pairs() | _VNI_ALONE | {low.upper(): high.upper() for low, high in _VNI_ALONE.items()}
_VNI_PATTERN = re.compile("|".join(sorted(map(re.escape, _VNI), key=len, reverse=True)))

_ONSET = "ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnprstvx]"
_NUCLEUS = (
    "iê|yê|ươ|uô|uyê|oă|oa|oe|uâ|uê|uơ|uy|ia|ya|ua|ưa|uya|ai|ao|au|âu|ay|ây|eo|êu|iu|iêu|yêu|oi|ôi|ơi|oai|oay|oeo"
    "|ui|uôi|ưi|ươi|ưu|ươu|uây|uyu|uêu|uao|oo|[aăâeêioôơuưy]"
)
_CODA = "ng|nh|ch|[cmnpt]"
_SYLLABLE = re.compile(f"(?:{_ONSET})?(?:{_NUCLEUS})(?:{_CODA})?")
_WORD = re.compile(r"[^\W\d_]+")
_TONE_MARKS = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))
_WESTERN = re.compile("[\u00a1-\u00ff]")
_ONLY_VIETNAMESE = re.compile("[\u0102\u0103\u0110\u0111\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]")
# The places 0x80-0x9f of Western European Windows: quotation marks, dashes, the ellipsis.
_CP1252 = {byte: shown for byte in range(0x80, 0xA0) if (shown := bytes([byte]).decode("cp1252", "ignore"))}
_SAMPLE = 40_000  # characters looked at to tell an encoding


@dataclass(frozen=True)
class Decoded:
    """A text, the encoding that it was found to have, and what was lost (a sentence in Vietnamese, or "")."""

    text: str
    encoding: str
    note: str = ""


def decode(content: bytes) -> Decoded | None:
    """The text of a plain text file in composed letters, or None where the bytes are no text.

    Source: byte order marks first, then valid UTF-8, then UTF-16 by its zero bytes, then letter statistics.
    """
    found = _unicode(content)
    if found is None:
        if b"\0" in content:
            return None
        found = _legacy(content)
    return Decoded(unicodedata.normalize("NFC", found.text), found.encoding, found.note)


def legacy_of(text: str) -> str:
    """The legacy encoding whose codes a text keeps as Western letters: "tcvn3", "vni", or "" where it has none."""
    sample = text[:_SAMPLE]
    western = len(_WESTERN.findall(sample))
    if western < 8 or len(_ONLY_VIETNAMESE.findall(sample)) * 4 > western:
        return ""
    best, name = max((_likeness(turn(sample)), name) for name, turn in _TURNS.items())
    return name if best >= 0.6 and best > _likeness(sample) + 0.2 else ""


def turned(text: str, encoding: str) -> str:
    """A text of legacy codes as Vietnamese; `encoding` is "tcvn3", "vni" or "" for none."""
    return unicodedata.normalize("NFC", _TURNS[encoding](text)) if encoding else text


def from_font(text: str, font: str) -> tuple[str, str]:
    """Text as a font shows it, and the legacy encoding of that font, "" for any other.

    A text that has Vietnamese letters of Unicode already is left alone, whatever its font is called.
    """
    name = font.lower()
    encoding = "tcvn3" if name.startswith(".vn") else "vni" if name.startswith("vni-") else ""
    if not encoding or _ONLY_VIETNAMESE.search(text):
        return text, ""
    shown = turned(text, encoding)
    return (shown.upper() if encoding == "tcvn3" and name.endswith("h") else shown), encoding


def _unicode(content: bytes) -> Decoded | None:
    for mark, name in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if content.startswith(mark):
            return Decoded(content[len(mark) :].decode(name, "replace"), name)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = ""
    if text and "\0" not in text:
        legacy = legacy_of(text)
        return Decoded(turned(text, legacy), legacy or "utf-8")
    if not content:
        return Decoded("", "utf-8")
    return _without_mark(content) if content[:4000].count(b"\0") * 5 >= len(content[:4000]) else None


def _without_mark(content: bytes) -> Decoded | None:
    """UTF-16 without its mark, told by its zero bytes; None where that gives control characters, as in a program."""
    name = "utf-16-le" if content[1:4000:2].count(0) > content[0:4000:2].count(0) else "utf-16-be"
    text = content.decode(name, "replace")
    strange = sum((letter < " " and letter not in "\t\r\n") or letter == "\ufffd" for letter in text[:_SAMPLE])
    return Decoded(text, name) if strange * 50 <= len(text[:_SAMPLE]) else None


def _legacy(content: bytes) -> Decoded:
    broken = content.decode("utf-8", "replace")
    if broken.count("\ufffd") * 50 <= len(_WESTERN.findall(broken)) + len(_ONLY_VIETNAMESE.findall(broken)):
        return Decoded(broken, "utf-8", "Tệp có vài chỗ hỏng mã chữ; các chỗ đó hiện dấu �.")
    western = content.decode("latin-1").translate(_CP1252)
    candidates = {name: turn(western) for name, turn in _TURNS.items()}
    candidates["cp1258"] = unicodedata.normalize("NFC", content.decode("cp1258", "replace"))
    candidates["cp1252"] = content.decode("cp1252", "replace")
    name = max(candidates, key=lambda key: _likeness(candidates[key][:_SAMPLE]))
    note = "" if _likeness(candidates[name][:_SAMPLE]) >= 0.6 else "Không chắc về bảng mã chữ của tệp; hãy đối chiếu."
    return Decoded(candidates[name], name, note)


def _likeness(text: str) -> float:
    """The share of words with a letter outside ASCII that are Vietnamese syllables; 0 to 1."""
    marked = [word for word in _WORD.findall(text.lower()) if not word.isascii()]
    if not marked:
        return 0.0
    return sum(_is_syllable(word) for word in marked) / len(marked)


def _is_syllable(word: str) -> bool:
    toneless = unicodedata.normalize("NFC", unicodedata.normalize("NFD", word).translate(_TONE_MARKS))
    return _SYLLABLE.fullmatch(toneless) is not None


def _from_tcvn3(text: str) -> str:
    return re.sub(r"\S.*", lambda found: _capitals(found[0]), text.translate(_TCVN3))


def _capitals(line: str) -> str:
    """Capitals with a tone, which TCVN3 lacks: a word whose plain letters are all capitals is all capitals."""
    words = line.split(" ")
    small = [any(letter.isascii() and letter.islower() for letter in word) for word in words]
    shouted = [
        not low and sum(letter.isascii() and letter.isupper() for letter in word) >= 2
        for word, low in zip(words, small, strict=True)
    ]
    whole = sum(shouted) > 2 * sum(small)  # a heading in capitals
    for place, word in enumerate(words):
        between = 0 < place < len(words) - 1 and shouted[place - 1] and shouted[place + 1] and word[-1:].isalpha()
        if shouted[place] or (not small[place] and (whole or between)):
            words[place] = word.upper()
    return " ".join(words)


def _from_vni(text: str) -> str:
    return _VNI_PATTERN.sub(lambda found: _VNI[found[0]], text)


_TURNS: dict[str, Callable[[str], str]] = {"tcvn3": _from_tcvn3, "vni": _from_vni}
