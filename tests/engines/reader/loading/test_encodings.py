"""Text in every encoding that a Vietnamese office may still send."""

import unicodedata
from pathlib import Path

import pytest

from hieuhoc.engines.reader.loading import encodings, load

SAMPLE = (Path(__file__).parents[3] / "fixtures/documents/09-ttg-ncc-2018.txt").read_text(encoding="utf-8")
SENTENCE = "Sở Giáo dục và Đào tạo chủ trì, phối hợp với Hội Khuyến học tỉnh tổ chức thực hiện Kế hoạch này hằng năm."


def _as_tcvn3(text: str) -> bytes:
    back = {shown: chr(code) for code, shown in encodings._TCVN3.items()}
    typed = "".join(back.get(letter, back.get(letter.lower(), letter)) for letter in text)
    return typed.encode("latin-1", "ignore")


def _as_vni(text: str) -> bytes:
    back: dict[str, str] = {}
    for typed, shown in encodings._VNI.items():
        back.setdefault(shown, typed)
    return "".join(back.get(letter, letter) for letter in text).encode("latin-1", "ignore")


def _words(content: bytes) -> list[str]:
    return " ".join(load(content, "a.txt").lines).split()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_with_and_without_a_mark(encoding: str) -> None:
    assert _words(SAMPLE.encode(encoding)) == SAMPLE.split()


def test_decomposed_letters_are_read_as_composed_ones() -> None:
    assert load(unicodedata.normalize("NFD", SAMPLE).encode(), "a.txt") == load(SAMPLE.encode(), "a.txt")


def test_vni_is_told_and_turned() -> None:
    text = SAMPLE.replace("“", '"').replace("”", '"')
    assert _words(_as_vni(text)) == text.split()
    assert load(_as_vni(text), "a.txt").encoding == "vni"


def test_tcvn3_is_told_and_turned_but_for_capitals_that_it_cannot_write() -> None:
    text = SAMPLE.replace("“", '"').replace("”", '"')
    source = load(_as_tcvn3(text), "a.txt")
    wrong = [
        (got, want)
        for got, want in zip(" ".join(source.lines).split(), text.split(), strict=True)
        if got.lower() != want.lower()
    ]
    assert wrong == []
    assert source.encoding == "tcvn3"
    assert "KẾ HOẠCH" in source.lines


def test_windows_1258_is_told_and_turned() -> None:
    split = {"ấ": "â\u0301", "ầ": "â\u0300", "ậ": "â\u0323", "ế": "ê\u0301", "ề": "ê\u0300", "ệ": "ê\u0323"}
    typed = "".join(
        split.get(letter, letter) if letter in split else letter if letter in "âêôăđơưÂÊÔĂĐƠƯ" else _tone_apart(letter)
        for letter in SENTENCE * 3
    )
    source = load(typed.encode("cp1258"), "a.txt")
    assert source.lines == (SENTENCE * 3,)
    assert source.encoding == "cp1258"


def _tone_apart(letter: str) -> str:
    parts = unicodedata.normalize("NFD", letter)
    tones = [part for part in parts if part in "\u0300\u0301\u0303\u0309\u0323"]
    rest = unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones))
    return rest + "".join(tones)


def test_legacy_letters_inside_unicode_are_turned_too() -> None:
    pasted = _as_tcvn3(SENTENCE).decode("latin-1").encode("utf-8")
    assert load(pasted, "a.txt").lines == (SENTENCE,)


def test_french_stays_french() -> None:
    french = "Le comité a décidé : la fête aura lieu à l'hôtel, près du marché où l'été dernier déjà Noël fut célébré."
    assert load(french.encode(), "a.txt").lines == (french,)


def test_a_damaged_place_is_shown_and_noted() -> None:
    source = load(SAMPLE.encode()[:2000] + b"\xff\xfe\xfd" + SAMPLE.encode()[2000:], "a.txt")
    assert source.notes
    assert source.encoding == "utf-8"


@pytest.mark.parametrize(
    ("font", "typed", "shown"),
    [
        (".VnTime", "Céng hoµ x· héi", "Cộng hoà xã hội"),
        (".VnTimeH", "quyÕt ®Þnh", "QUYẾT ĐỊNH"),
        ("VNI-Times", "Coäng hoøa xaõ hoäi", "Cộng hòa xã hội"),
        ("Times New Roman", "Céng", "Céng"),
        (".VnTime", "Quyết định", "Quyết định"),
    ],
)
def test_a_font_tells_the_encoding_of_its_letters(font: str, typed: str, shown: str) -> None:
    assert encodings.from_font(typed, font)[0] == shown
