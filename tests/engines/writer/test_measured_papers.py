"""Papers are printed and measured: the PDF by typst, and the Word file as LibreOffice prints it, by the same rules.

Numbers of the rules: Decree 30/2020/NĐ-CP, Annex I. Where LibreOffice is absent its half is left out.
"""

import io
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pdfplumber
import pypdfium2
import pytest

from hieuhoc.engines.writer import (
    Chart,
    Column,
    Figure,
    Heading,
    Paper,
    Paragraph,
    Run,
    Series,
    Source,
    Table,
    Total,
    authority,
    pdf,
    sources_annex,
    word,
)

MM = 72 / 25.4
SOURCE = "https://hieuhoc.example.vn/figures/12"
TEXT = "Ủy ban nhân dân xã đã triển khai các nhiệm vụ xây dựng xã hội học tập trên địa bàn và đạt được kết quả. " * 3
ROWS = tuple((n, f"Ấp Vĩnh Thạnh {n}", Figure(12 + n, SOURCE), Fraction(n, 60)) for n in range(1, 46))
TABLE = Table(
    (
        Column("TT", 12, "centre"),
        Column("Đơn vị hành chính", 80),
        Column("Số lớp", 30, "right"),
        Column("Nữ", 30, "right"),
    ),
    (*ROWS, Total((None, "Tổng cộng", 999, None))),
    caption="Bảng 1. Lớp học theo ấp",
    unit="Đơn vị tính: lớp",
    remarks=("(1) Ghi chú dưới bảng.",),
)
CHART = Chart("Biểu đồ lượt người", ("2023", "2024", "2025"), (Series("Lượt", (120, None, 210)),), unit="lượt")
POINTS = tuple(Paragraph(f"Điểm số {n}.", level=3) for n in range(1, 14))
PAPER = Paper(
    superior="Ủy ban nhân dân tỉnh An Giang",
    issuer="Ủy ban nhân dân xã Tân Hội",
    place="Tân Hội",
    number="7/BC-UBND",
    day=date(2026, 2, 5),
    kind="Báo cáo",
    subject="Kết quả xây dựng xã hội học tập năm 2025",
    bases=("Căn cứ Luật Giáo dục", "Căn cứ Quyết định số 1373/QĐ-TTg"),
    blocks=(
        Heading("Công tác chỉ đạo", 1, numbered=True),
        Paragraph(TEXT),
        Paragraph(("Toàn xã có ", Run("1.234 người", url=SOURCE), " biết chữ.")),
        Heading("Kết quả", 1, numbered=True),
        Heading("Xóa mù chữ", 2, numbered=True),
        *POINTS,
        Heading("Học tập cộng đồng", 2, numbered=True),
        TABLE,
        CHART,
        Paragraph("Gạch đầu dòng.", dash="-"),
        Paragraph("Trên đây là báo cáo."),
    ),
    recipients=("Ủy ban nhân dân tỉnh", "Lưu: VT"),
    signer=authority("KT.", "Chủ tịch", body="Ủy ban nhân dân", name="Nguyễn Văn An"),
    annexes=(
        sources_annex([Source(f"Số liệu {n}", n, "Sổ", SOURCE, reported=1, expected=2) for n in range(60)], number=1),
    ),
)


class Printed:
    """A printed paper: its lines with places, sizes and type. Units: millimetres from the upper left corner, points."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.pdf = pdfplumber.open(io.BytesIO(content))
        self.pages = self.pdf.pages
        self.lines = [self._lines(page) for page in self.pages]

    @staticmethod
    def _lines(page: Any) -> list[dict[str, Any]]:
        found = page.extract_text_lines(x_tolerance_ratio=0.15, y_tolerance=2)
        made = []
        for line in found:
            for chars in _apart([char for char in line["chars"] if char["text"].strip()]):
                text = _told(chars)
                made.append(
                    {
                        "text": text,
                        "left": chars[0]["x0"] / MM,
                        "right": chars[-1]["x1"] / MM,
                        "top": min(char["top"] for char in chars) / MM,
                        "base": chars[0]["bottom"] / MM,
                        "size": round(chars[0]["size"], 1),
                        "font": chars[0]["fontname"],
                    }
                )
        return made

    def line(self, beginning: str, page: int = 0) -> dict[str, Any]:
        wanted = [line for line in self.lines[page] if line["text"].startswith(beginning)]
        assert wanted, f"“{beginning}” is not on page {page + 1}: {[line['text'] for line in self.lines[page]]}"
        return wanted[0]

    def page_of(self, beginning: str) -> int:
        return next(
            place for place, lines in enumerate(self.lines) if any(one["text"].startswith(beginning) for one in lines)
        )

    def strokes(self, page: int) -> list[tuple[float, float, float]]:
        """Level lines: left, right, height."""
        there = self.pages[page]
        flat = [*there.lines, *(rect for rect in there.rects if rect["height"] < 2), *_flat(there.curves)]
        return sorted(
            {(round(one["x0"] / MM, 1), round(one["x1"] / MM, 1), round(one["top"] / MM, 1)) for one in flat},
            key=lambda stroke: stroke[2],
        )


def _flat(curves: Sequence[Any]) -> list[Any]:
    return [curve for curve in curves if curve["height"] < 2]


def _apart(chars: list[Any]) -> list[list[Any]]:
    """The letters of one line cut where there is a wide gap: two columns are two lines."""
    groups: list[list[Any]] = []
    for char in sorted(chars, key=lambda char: char["x0"]):
        if groups and char["x0"] - groups[-1][-1]["x1"] < 14:
            groups[-1].append(char)
        else:
            groups.append([char])
    return groups


def _told(chars: list[Any]) -> str:
    text = ""
    for place, char in enumerate(chars):
        gap = char["x0"] - chars[place - 1]["x1"] if place else 0
        text += (" " if gap > char["size"] * 0.15 else "") + char["text"]
    return text


def _office(content: bytes, folder: Path) -> bytes:
    name = folder / "paper.docx"
    name.write_bytes(content)
    order = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/settings", "--convert-to", "pdf"]
    subprocess.run([*order, "--outdir", str(folder), str(name)], check=True, capture_output=True, timeout=180)
    return (folder / "paper.pdf").read_bytes()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], bytes]:
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not on this machine")
    return lambda content: _office(content, tmp_path_factory.mktemp("office"))


@pytest.fixture(scope="module", params=["typst", "word"])
def printed(request: pytest.FixtureRequest) -> Printed:
    if request.param == "typst":
        return Printed(pdf(PAPER))
    return Printed(request.getfixturevalue("office")(word(PAPER)))


def test_pages_are_a4_and_the_annex_lies(printed: Printed) -> None:
    sizes = [(round(float(page.width) / MM), round(float(page.height) / MM)) for page in printed.pages]
    annex = printed.page_of("Phụ lục I")
    assert set(sizes[:annex]) == {(210, 297)}
    assert set(sizes[annex:]) == {(297, 210)}


def test_the_text_keeps_the_margins(printed: Printed) -> None:
    annex = printed.page_of("Phụ lục I")
    for place, lines in enumerate(printed.lines):
        width, height = (210, 297) if place < annex else (297, 210)
        body = [line for line in lines if line["top"] > 19]
        assert min(line["left"] for line in body) >= 29.5
        assert max(line["right"] for line in body) <= width - 15 + 0.6
        assert max(line["base"] for line in body) <= height - 19
    full = max(printed.lines[0], key=lambda line: line["right"])
    assert full["right"] == pytest.approx(195, abs=0.6), "justified text reaches the right margin"


def test_one_family_of_type_and_it_has_every_letter(printed: Printed) -> None:
    fonts = {char["fontname"].split("+")[-1].split("-")[0] for page in printed.pages for char in page.chars}
    assert len(fonts) == 1, fonts
    assert not any(char["text"] in ("\ufffd", "\x00") for page in printed.pages for char in page.chars)


def test_the_letterhead_has_its_words_in_their_sizes(printed: Printed) -> None:
    country, motto = printed.line("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), printed.line("Độc lập - Tự do - Hạnh phúc")
    assert 12 <= country["size"] <= 13
    assert 13 <= motto["size"] <= 14
    assert "Bold" in country["font"]
    assert "Bold" in motto["font"]
    assert (country["left"] + country["right"]) / 2 == pytest.approx((motto["left"] + motto["right"]) / 2, abs=0.6)
    assert country["left"] > 95, "top right"
    issuer = printed.line("XÃ TÂN HỘI") if _has(printed, "XÃ TÂN HỘI") else printed.line("ỦY BAN NHÂN DÂN XÃ TÂN HỘI")
    superior = printed.line("UBND TỈNH AN GIANG")
    assert 12 <= issuer["size"] <= 13
    assert "Bold" in issuer["font"]
    assert "Bold" not in superior["font"]
    assert superior["top"] < issuer["top"]


def _has(printed: Printed, beginning: str) -> bool:
    return any(line["text"].startswith(beginning) for line in printed.lines[0])


def test_the_line_under_the_motto_is_as_long_as_the_motto(printed: Printed) -> None:
    motto = printed.line("Độc lập - Tự do - Hạnh phúc")
    (stroke,) = [one for one in printed.strokes(0) if one[0] > 100 and motto["top"] < one[2] < motto["base"] + 4]
    assert stroke[1] - stroke[0] == pytest.approx(motto["right"] - motto["left"], abs=1.5)
    assert (stroke[0] + stroke[1]) / 2 == pytest.approx((motto["left"] + motto["right"]) / 2, abs=0.8)


def test_the_line_under_the_issuer_is_a_third_to_a_half(printed: Printed) -> None:
    lines = [line for line in printed.lines[0] if "Bold" in line["font"] and line["right"] < 100 and line["top"] < 45]
    issuer = max(lines, key=lambda line: line["right"] - line["left"])
    last = max(lines, key=lambda line: line["top"])
    (stroke,) = [one for one in printed.strokes(0) if one[1] < 100 and last["top"] < one[2] < last["base"] + 4]
    length = issuer["right"] - issuer["left"]
    assert length / 3 <= stroke[1] - stroke[0] <= length / 2


def test_number_place_and_day_stand_on_one_line(printed: Printed) -> None:
    number, day = printed.line("Số: 07/BC-UBND"), printed.line("Tân Hội, ngày 05 tháng 02 năm 2026")
    assert number["size"] == 13
    assert 13 <= day["size"] <= 14
    assert "Italic" in day["font"]
    assert number["base"] == pytest.approx(day["base"], abs=1)


def test_kind_and_subject_are_centred_and_bold_with_a_line_below(printed: Printed) -> None:
    kind, subject = printed.line("BÁO CÁO"), printed.line("Kết quả xây dựng xã hội học tập")
    for line in (kind, subject):
        assert 13 <= line["size"] <= 14
        assert "Bold" in line["font"]
        assert (line["left"] + line["right"]) / 2 == pytest.approx(112.5, abs=0.8)
    (stroke,) = [one for one in printed.strokes(0) if subject["base"] - 1 < one[2] < subject["base"] + 4]
    length = subject["right"] - subject["left"]
    assert length / 3 <= stroke[1] - stroke[0] <= length / 2


def test_the_body_is_indented_and_its_paragraphs_are_six_points_apart(printed: Printed) -> None:
    first = printed.line("Ủy ban nhân dân xã đã triển khai")
    assert first["left"] == pytest.approx(30 + 12.7, abs=0.4)
    assert 13 <= first["size"] <= 14
    inside = [
        line for line in printed.lines[0] if line["left"] == pytest.approx(30, abs=0.4) and line["top"] > first["top"]
    ]
    assert inside[0]["base"] - first["base"] == pytest.approx(inside[1]["base"] - inside[0]["base"], abs=0.3)
    step = inside[0]["base"] - first["base"]
    after = printed.line("Toàn xã có 1.234 người biết chữ.")
    last = max((line for line in inside if line["top"] < after["top"]), key=lambda line: line["top"])
    assert after["base"] - last["base"] - step == pytest.approx(6 / MM, abs=0.4)
    assert 1 <= step * MM / (first["size"] * 1.149) <= 1.5


def test_bases_are_in_italics_and_end_as_a_list(printed: Printed) -> None:
    first, last = printed.line("Căn cứ Luật Giáo dục;"), printed.line("Căn cứ Quyết định số 1373/QĐ-TTg.")
    assert "Italic" in first["font"]
    assert "Italic" in last["font"]


def test_parts_are_numbered_in_the_vietnamese_order(printed: Printed) -> None:
    told = [line["text"] for lines in printed.lines for line in lines]
    labels = [text.split(")")[0] for text in told if ") Điểm số" in text]
    assert labels == ["a", "b", "c", "d", "đ", "e", "g", "h", "i", "k", "l", "m", "n"]
    for wanted in ("I. CÔNG TÁC CHỈ ĐẠO", "II. KẾT QUẢ", "1. Xóa mù chữ", "2. Học tập cộng đồng", "- Gạch đầu dòng."):
        assert wanted in told


def test_the_page_number_stands_centred_above_from_the_second_page(printed: Printed) -> None:
    annex = printed.page_of("Phụ lục I")
    assert annex > 1
    assert len(printed.pages) > annex + 1
    for place, lines in enumerate(printed.lines):
        above = [line for line in lines if line["base"] < 20]
        own = place if place < annex else place - annex
        if own == 0:
            assert above == [], "no number on the first page of a part"
            continue
        (number,) = above
        assert number["text"] == str(own + 1)
        assert 13 <= number["size"] <= 14
        middle = 112.5 if place < annex else (30 + 282) / 2
        assert (number["left"] + number["right"]) / 2 == pytest.approx(middle, abs=0.8)


def test_column_titles_come_again_on_the_next_page(printed: Printed) -> None:
    first = printed.page_of("Bảng 1.")
    assert printed.line("TT", first)["top"] < printed.lines[first][-1]["top"]
    next_page = [line for line in printed.lines[first + 1] if line["top"] > 20]
    assert next_page[0]["text"].startswith("TT")
    assert next_page[0]["size"] == 12
    annex = printed.page_of("Phụ lục I")
    assert any(line["text"].startswith("TT") for line in printed.lines[annex + 1])


def test_no_row_of_a_table_is_broken(printed: Printed) -> None:
    shown = [line["text"] for lines in printed.lines for line in lines]
    rows = [text for text in shown if text.startswith("Ấp Vĩnh Thạnh ")]
    assert len(rows) == len(ROWS)


def test_recipients_and_signer_are_level_and_of_their_sizes(printed: Printed) -> None:
    page = printed.page_of("Nơi nhận:")
    title, first, authority_line = (
        printed.line(text, page) for text in ("Nơi nhận:", "- Ủy ban", "TM. ỦY BAN NHÂN DÂN")
    )
    assert title["size"] == 12
    assert "BoldItalic" in title["font"].replace("Bold-Italic", "BoldItalic")
    assert first["size"] == 11
    assert first["left"] == pytest.approx(30, abs=0.5)
    assert title["base"] == pytest.approx(authority_line["base"], abs=1.5)
    name = printed.line("Nguyễn Văn An", page)
    assert 13 <= name["size"] <= 14
    middle = (name["left"] + name["right"]) / 2
    assert middle == pytest.approx((authority_line["left"] + authority_line["right"]) / 2, abs=0.8)
    assert middle > 112.5
    assert name["top"] - printed.line("PHÓ CHỦ TỊCH", page)["base"] > 20, "room for hand and seal"


def test_figures_lead_to_their_source_pages(printed: Printed) -> None:
    targets = [link.get("uri") for page in printed.pages for link in page.hyperlinks]
    assert targets.count(SOURCE) >= len(ROWS) + 1


def test_the_chart_is_drawn_with_its_title_and_unit(printed: Printed) -> None:
    page = printed.page_of("Biểu đồ lượt người")
    told = " ".join(char["text"] for char in printed.pages[page].chars)
    for wanted in ("2023", "2025", "210"):
        assert wanted in told.replace(" ", "")


# ---- the PDF alone ---------------------------------------------------------------------------------------


def test_the_pdf_is_tagged_archivable_and_in_vietnamese() -> None:
    content = pdf(PAPER)
    document = pypdfium2.PdfDocument(content)
    assert document.get_metadata_value("Title") == "Báo cáo Kết quả xây dựng xã hội học tập năm 2025"
    assert document.is_tagged()
    opened = pdfplumber.open(io.BytesIO(content)).doc.catalog
    assert opened["Lang"] in (b"vi-VN", "vi-VN", b"vi", "vi")
    about = opened["Metadata"].resolve().get_data().decode("utf-8")
    assert "<pdfaid:part>2</pdfaid:part>" in about
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in about
    assert "<pdfuaid:part>1</pdfuaid:part>" in about


def test_the_same_paper_gives_the_same_pdf() -> None:
    assert pdf(PAPER) == pdf(PAPER)


def test_the_bookmarks_are_the_headings() -> None:
    told = [item.get_title() for item in pypdfium2.PdfDocument(pdf(PAPER)).get_toc()]
    assert told[:3] == ["I. CÔNG TÁC CHỈ ĐẠO", "II. KẾT QUẢ", "1. Xóa mù chữ"]
    assert told[-1].startswith("Phụ lục I")


def test_word_and_pdf_say_the_same(office: Callable[[bytes], bytes]) -> None:
    """Letter for letter, wherever lines break; without the chart, whose values each program marks in its own way."""
    paper = replace(PAPER, blocks=tuple(block for block in PAPER.blocks if not isinstance(block, Chart)))

    def letters(content: bytes) -> list[str]:
        document = pypdfium2.PdfDocument(content)
        return sorted("".join("".join(page.get_textpage().get_text_bounded() for page in document).split()))

    assert letters(pdf(paper)) == letters(office(word(paper)))
