"""What holds of the reader for any text: it never fails, invents no word, and does not mind the layout."""

import unicodedata
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hieuhoc.engines.reader import Reading, read
from hieuhoc.engines.reader.bounded import read_here
from hieuhoc.engines.reader.loading import load
from hieuhoc.kernel.errors import Invalid

# Codes and values that the reader normalises or chooses from a list of its own.
_NORMALISED = {
    "kind",
    "level",
    "recurrence",
    "lead_from",
    "role",
    "doubts",
    "notes",
    "path",
    "number",
    "section",
    "lines",
}

_AGENCIES = [
    "Sở Giáo dục và Đào tạo", "UBND các huyện, thành phố", "Hội Khuyến học tỉnh", "Các sở, ban, ngành, đoàn thể",
    "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh", "Phòng Nội vụ", "Công an tỉnh", "Chủ tịch Ủy ban nhân dân tỉnh Kiên Giang",
]  # fmt: skip
_DEEDS = [
    "chủ trì, phối hợp với các sở, ban, ngành rà soát chính sách", "báo cáo kết quả trước ngày 15/12/2026",
    "tham mưu UBND tỉnh ban hành kế hoạch hằng năm", "thường xuyên kiểm tra, đôn đốc; kịp thời khen thưởng",
    "tổ chức hội nghị, tập huấn...", "định kỳ 6 tháng tổng hợp", "phấn đấu đạt 95% trở lên vào năm 2030",
]  # fmt: skip
_LINES = [
    "ỦY BAN NHÂN DÂN TỈNH KIÊN GIANG", "Số: 144 /KH-UBND", "Kiên Giang, ngày 17 tháng 9 năm 2020", "KẾ HOẠCH",
    "QUYẾT ĐỊNH", "Về việc học tập suốt đời", "I. MỤC ĐÍCH, YÊU CẦU", "II. NHIỆM VỤ", "III. TỔ CHỨC THỰC HIỆN",
    "Căn cứ Quyết định số 489/QĐ-TTg ngày 08/4/2020 của Thủ tướng Chính phủ;", "Điều 1.", "a) Nội dung",
    "đ) Kinh phí", "2.1. Mục", "Cơ quan chủ trì: Sở Tài chính.", "Thời gian thực hiện: Quý I/2027.", "Nơi nhận:",
    "- Như trên;", "- Lưu: VT.", "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Lâm Minh Thành", "KIẾN GI.",
    "| TT | Nhiệm vụ | Chủ trì | Phối hợp | Thời gian |", "|---|---|---|---|---|", "2", "./.", "(", "“", ";", "1.", "-",
    "| 1 | Rà soát | Sở Y tế | Sở Nội vụ | 2026 |", "Đề nghị Tỉnh đoàn phối hợp vận động đoàn viên.",
    "(Giao Sở Xây dựng chủ trì)", "trong gia đình, dòng họ và cộng đồng dân cư.",
]  # fmt: skip

_sentences = st.tuples(
    st.sampled_from(_AGENCIES), st.sampled_from(_DEEDS), st.sampled_from([".", ";", "", ":", "./."])
).map(lambda parts: f"{parts[0]} {parts[1]}{parts[2]}")
_lines = st.one_of(st.sampled_from(_LINES), _sentences, st.text(max_size=40).map(lambda text: " ".join(text.split())))
_documents = st.lists(_lines, min_size=1, max_size=25)
_any = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _read(text: str) -> Reading | None:
    try:
        return read(load(text.encode("utf-8", "replace"), "a.txt"))
    except Invalid:
        return None


def _strings(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _strings(one, name)
    elif is_dataclass(value):
        for one in fields(value):
            inferred = one.name == "issuer" and getattr(value, "issuer_inferred", False)
            if one.name not in _NORMALISED and not inferred:
                yield from _strings(getattr(value, one.name), one.name)


def _letters(text: str) -> str:
    """A text as its letters and figures alone: spaces, marks of layout and the joining of lines do not matter."""
    return "".join(letter for letter in unicodedata.normalize("NFC", text).lower() if letter.isalnum())


def _without_places(value: Any) -> Any:
    """A reading without the numbers of lines."""
    if is_dataclass(value):
        return {one.name: _without_places(getattr(value, one.name)) for one in fields(value) if one.name != "lines"}
    return tuple(map(_without_places, value)) if isinstance(value, tuple) else value


def _stands(found: str, lines: tuple[str, ...]) -> bool:
    """Whether a string stands in the source, possibly over lines between which noise was dropped."""
    if _letters(found) in _letters(" ".join(lines)):
        return True
    words = iter(_letters(word) for word in " ".join(lines).split())
    return all(any(word == other for other in words) for word in map(_letters, found.split()) if word)


@_any
@given(st.text())
def test_any_text_is_read_or_found_empty(text: str) -> None:
    _read(text)


@_any
@given(st.binary(max_size=400), st.sampled_from(["a.txt", "a.md", "a.docx", "a.pdf", "a.html", "a.doc", "a", ""]))
def test_any_bytes_are_read_or_refused(content: bytes, name: str) -> None:
    for start in (
        b"",
        b"%PDF-1.5\n",
        b"PK\x03\x04word/",
        b"<html>",
        b"\xff\xfe",
        b"{\\rtf",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    ):
        try:
            read_here(start + content, name)
        except Invalid as error:
            assert error.sentence  # noqa: PT017 - a refusal is as right as a reading


@_any
@given(_documents)
def test_every_string_of_the_reading_stands_in_the_source(lines: list[str]) -> None:
    text = "\n".join(lines)
    reading = _read(text)
    if reading is not None:
        source = load(text.encode("utf-8", "replace"), "a.txt")
        for found in _strings(reading):
            assert _stands(found, source.lines), found


@_any
@given(_documents)
def test_every_place_is_a_line_of_the_source(lines: list[str]) -> None:
    reading = _read("\n".join(lines))
    if reading is not None:
        for task in reading.tasks:
            assert 1 <= task.lines[0] <= task.lines[1] <= len(lines)
            assert 0 <= task.confidence <= 1
        for section in reading.sections:
            assert 1 <= section.lines[0] <= section.lines[1] <= len(lines)


@_any
@given(_documents, st.integers(1, 3))
def test_blank_lines_change_nothing_but_places(lines: list[str], more: int) -> None:
    close = [line for line in lines if not line.startswith("|")]  # a table in bars ends at a blank line
    assert _without_places(_read("\n".join(close))) == _without_places(_read(("\n" * (more + 1)).join(close)))


@_any
@given(_documents)
def test_decomposed_letters_change_nothing(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert _read(unicodedata.normalize("NFD", text)) == _read(unicodedata.normalize("NFC", text))
