"""Word files are whole: every part is well formed and typed, every relation leads somewhere, elements are in order."""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import docx
import openpyxl
import pypdfium2
import pytest
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from hieuhoc.engines.writer import (
    Annex,
    Certificate,
    Chart,
    Column,
    Figure,
    Heading,
    Paper,
    Paragraph,
    Run,
    Series,
    Signature,
    Table,
    Total,
    authority,
    pdf,
    picture_png,
    word,
)
from hieuhoc.engines.writer.charts import alternative
from hieuhoc.engines.writer.texts import clean

URL = "https://hieuhoc.example.vn/figures/12?ky=2025&đv=xã"
PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9bU"
    b"\x00\x00\x00\nIDATx\x9cc`\x00\x00\x00\x02\x00\x01H\xaf\xa4q\x00\x00\x00\x00IEND\xaeB`\x82"
)
BARS = Chart("Số lớp", ("I", "II"), (Series("2024", (5, None)), Series("2025", (7, 9))), unit="lớp")
LINE = Chart("Tỷ lệ", ("2024", "2025"), (Series("Xã", (Fraction(1, 3), Fraction(2, 3))),), kind="line")
TABLE = Table(
    (Column("TT", 10, "centre"), Column("A", 30, group="G"), Column("B", 30, "right", group="G")),
    (
        Heading("I. Mục"),
        (1, Figure(Decimal("2.5"), URL, "1"), (Run("chữ", url=URL), " thường")),
        Total((None, "Cộng", 3)),
    ),
    caption="Bảng 1",
    unit="Đơn vị tính: lớp",
    remarks=(("(1) Sửa theo ", Run("biên bản", italic=True, url=URL)),),
    number_row=True,
)
WHOLE = Paper(
    superior="Bộ Giáo dục và Đào tạo",
    issuer="Sở A",
    place="B",
    number="5/QĐ-SA",
    day=date(2026, 3, 9),
    kind="Quyết định",
    subject="Việc này",
    form="A",
    blocks=(
        Heading("Chung", 1, numbered=True),
        Heading("Phạm vi", 4, numbered=True),
        Paragraph("Khoản.", level=5),
        *(Paragraph(f"Điểm {n}.", level=6) for n in range(1, 27)),
        Heading("Riêng", 1, numbered=True),
        Heading("Hiệu lực", 4, numbered=True),
        Heading("II. Viết tay", 2),
        TABLE,
        BARS,
        LINE,
        Paragraph("gạch", dash="-"),
        Paragraph("cộng", dash="+"),
    ),
    signer=authority("TL.", "Giám đốc", "Trưởng phòng", name="C"),
    cosigner=Signature("", "Thư ký", "D"),
    recipients=("E",),
    urgency="Hỏa tốc",
    circulation="Lưu hành nội bộ",
    annexes=(
        Annex("Kế hoạch", (Heading("Một", 1, numbered=True), Heading("Hai", 2, numbered=True)), kind="Kế hoạch"),
        Annex("Danh sách", (TABLE,), number=2),
    ),
)
CERTIFICATE = Certificate("Sở A", "Giấy khen", "Nguyễn B", number="1/GK", mark_png=PNG, mark_words="kiểm tra")

_P_ORDER = ("pStyle", "keepNext", "keepLines", "numPr", "pBdr", "spacing", "ind", "jc", "outlineLvl", "rPr", "sectPr")
_R_ORDER = ("rStyle", "rFonts", "b", "bCs", "i", "iCs", "color", "sz", "szCs", "u", "vertAlign", "lang")
_TBL_ORDER = ("tblW", "jc", "tblBorders", "tblLayout", "tblCellMar", "tblCaption")
_TC_ORDER = ("tcW", "gridSpan", "vMerge", "vAlign")
_LVL_ORDER = ("start", "numFmt", "lvlRestart", "pStyle", "suff", "lvlText", "lvlJc", "pPr", "rPr")
_SECT_ORDER = ("headerReference", "type", "pgSz", "pgMar", "pgBorders", "pgNumType", "titlePg")
_STYLE_ORDER = ("name", "basedOn", "qFormat", "pPr", "rPr")
_ORDERS = {
    "pPr": _P_ORDER,
    "rPr": _R_ORDER,
    "tblPr": _TBL_ORDER,
    "tcPr": _TC_ORDER,
    "lvl": _LVL_ORDER,
    "sectPr": _SECT_ORDER,
    "style": _STYLE_ORDER,
    "tbl": ("tblPr", "tblGrid", "tr"),
    "abstractNum": ("multiLevelType", "lvl"),
    "numbering": ("abstractNum", "num"),
    "num": ("abstractNumId", "lvlOverride"),
    "lvlOverride": ("startOverride", "lvl"),
    "pBdr": ("top", "left", "bottom", "right"),
    "pgBorders": ("top", "left", "bottom", "right"),
}


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len(names) == len(set(names))
        return {name: archive.read(name) for name in names}


def relations(found: dict[str, bytes]) -> Iterator[tuple[str, Any]]:
    for name, content in found.items():
        if name.endswith(".rels"):
            owner = posixpath.join(
                posixpath.dirname(posixpath.dirname(name)), posixpath.basename(name)[: -len(".rels")]
            )
            for one in etree.fromstring(content):
                yield owner, one


@pytest.mark.parametrize("paper", [WHOLE, CERTIFICATE, WHOLE.annexes[0]], ids=["decision", "certificate", "annex"])
def test_every_part_is_well_formed_typed_and_led_to(paper: Paper | Annex | Certificate) -> None:
    found = parts(word(paper))
    types = etree.fromstring(found["[Content_Types].xml"])
    endings = {one.get("Extension") for one in types if one.tag.endswith("Default")}
    named = {one.get("PartName").lstrip("/") for one in types if one.tag.endswith("Override")}
    assert named <= set(found), "nothing is typed that is not there"
    led_to = set()
    for owner, one in relations(found):
        if one.get("TargetMode") == "External":
            assert one.get("Target").isascii()
            continue
        target = posixpath.normpath(posixpath.join(posixpath.dirname(owner), one.get("Target")))
        assert target in found, f"{owner} leads to {target}, which is not there"
        led_to.add(target)
    for name, content in found.items():
        if name.endswith((".xml", ".rels")):
            etree.fromstring(content)
        if name != "[Content_Types].xml" and not name.endswith(".rels"):
            assert name in named or name.rpartition(".")[2] in endings - {"xml"}, name
            assert name in led_to, f"{name} belongs to nothing"


@pytest.mark.parametrize("paper", [WHOLE, CERTIFICATE], ids=["decision", "certificate"])
def test_every_relation_that_is_used_exists_once(paper: Paper | Certificate) -> None:
    found = parts(word(paper))
    known = [one.get("Id") for one in etree.fromstring(found["word/_rels/document.xml.rels"])]
    assert len(known) == len(set(known))
    space = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
    document = etree.fromstring(found["word/document.xml"])
    used = {value for one in document.iter() for key, value in one.attrib.items() if str(key).startswith(space)}
    assert used <= set(known)


@pytest.mark.parametrize("paper", [WHOLE, CERTIFICATE, WHOLE.annexes[0]], ids=["decision", "certificate", "annex"])
def test_elements_stand_in_the_order_of_the_schema(paper: Paper | Annex | Certificate) -> None:
    found = parts(word(paper))
    for name in ("document", "styles", "numbering"):
        for holder in etree.fromstring(found[f"word/{name}.xml"]).iter():
            order = _ORDERS.get(etree.QName(holder).localname)
            if order is None or "wordprocessingml" not in (etree.QName(holder).namespace or ""):
                continue
            places = [order.index(etree.QName(child).localname) for child in holder]
            assert places == sorted(places), etree.tostring(holder)[:300]


def test_every_style_and_list_that_is_used_exists() -> None:
    found = parts(word(WHOLE))
    styles = {one.get(qn("w:styleId")) for one in etree.fromstring(found["word/styles.xml"]).iter(qn("w:style"))}
    numbering = etree.fromstring(found["word/numbering.xml"])
    lists = {one.get(qn("w:numId")) for one in numbering.findall(qn("w:num"))}
    for name in ("document", "styles", "numbering", "header"):
        for one in etree.fromstring(found[f"word/{name}.xml"]).iter(qn("w:pStyle"), qn("w:rStyle"), qn("w:basedOn")):
            assert one.get(qn("w:val")) in styles
    document = etree.fromstring(found["word/document.xml"])
    assert {one.get(qn("w:val")) for one in document.iter(qn("w:numId"))} <= lists | {"0"}
    assert len(list(document.iter(qn("w:sectPr")))) == 3


def test_headings_are_bound_to_the_levels_of_a_list() -> None:
    found = parts(word(WHOLE))
    numbering = etree.fromstring(found["word/numbering.xml"])
    bound = {one.get(qn("w:val")): one.getparent() for one in numbering.iter(qn("w:pStyle"))}
    texts = {key: level.find(qn("w:lvlText")).get(qn("w:val")) for key, level in bound.items()}
    assert texts["Heading2"] == "Chương %2"
    assert texts["Heading5"] == "Điều %5."
    assert texts["Heading7"] == "%7)"
    styles = etree.fromstring(found["word/styles.xml"])
    for style in styles.iter(qn("w:style")):
        number = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:ilvl')}")
        if style.get(qn("w:styleId"), "").startswith("Heading"):
            assert number is not None
            assert int(number.get(qn("w:val"))) == int(style.get(qn("w:styleId"))[-1]) - 1


def test_a_heading_with_its_number_in_the_text_is_not_numbered_again() -> None:
    document = docx.Document(io.BytesIO(word(WHOLE)))
    by_hand = next(one for one in document.paragraphs if one.text == "II. Viết tay")
    assert by_hand._p.pPr.numPr.numId.val == 0


def test_a_chart_is_words_own_with_its_figures_in_a_workbook() -> None:
    found = parts(word(WHOLE))
    names = sorted(name for name in found if name.startswith("word/charts/chart"))
    assert names == ["word/charts/chart1.xml", "word/charts/chart2.xml"]
    space = {"c": "http://schemas.openxmlformats.org/drawingml/2006/chart"}
    bars = etree.fromstring(found["word/charts/chart1.xml"])
    assert [one.text for one in bars.xpath("//c:ser/c:tx//c:v", namespaces=space)] == ["2024", "2025"]
    assert [one.text for one in bars.xpath("//c:ser[1]/c:val//c:v", namespaces=space)] == ["5.0"], "unknown is no zero"
    assert bars.xpath("//c:legend", namespaces=space)
    line = etree.fromstring(found["word/charts/chart2.xml"])
    assert [one.text for one in line.xpath("//c:ser/c:val//c:v", namespaces=space)] == ["33.3", "66.7"]
    book = openpyxl.load_workbook(io.BytesIO(found["word/embeddings/chart1.xlsx"]))
    assert [[cell.value for cell in row] for row in book.active] == [
        [None, "2024", "2025"],
        ["I", 5, 7],
        ["II", None, 9],
    ]
    document = etree.fromstring(found["word/document.xml"])
    told = [one.get("descr") for one in document.iter("{*}docPr")]
    assert told == [alternative(BARS), alternative(LINE)]
    assert "không có số liệu" in told[0]


def test_links_lead_where_they_should_and_nowhere_else() -> None:
    targets = {one.get("Target") for _, one in relations(parts(word(WHOLE))) if one.get("TargetMode") == "External"}
    assert targets == {"https://hieuhoc.example.vn/figures/12?ky=2025&%C4%91v=x%C3%A3"}
    for wrong in ("javascript:alert(1)", "file:///etc/passwd", "https://a b", "ftp://a", "https://a\nb", "//a.vn"):
        with pytest.raises(ValueError, match="link"):
            Run("a", url=wrong)


def test_stamps_are_red_boxes_of_their_lengths() -> None:
    document = docx.Document(io.BytesIO(word(WHOLE)))
    cell = document.tables[0].cell(1, 0)
    stamp = next(one for one in cell.paragraphs if one.text == "HỎA TỐC")
    sides = stamp._p.pPr.find(qn("w:pBdr"))
    assert {side.get(qn("w:color")) for side in sides} == {"E4002B"}
    layout = stamp.paragraph_format
    assert cell.width.mm - layout.left_indent.mm - layout.right_indent.mm == pytest.approx(30, abs=0.2)


def test_a_certificate_is_one_framed_page_lying() -> None:
    document = docx.Document(io.BytesIO(word(CERTIFICATE)))
    (section,) = document.sections
    assert round(section.page_width.mm) == 297
    assert section._sectPr.find(qn("w:pgBorders")) is not None
    name = next(one for one in document.paragraphs if one.text == "Nguyễn B")
    assert name.style.font.size.pt >= 28
    assert len(document.inline_shapes) == 1
    assert len(pypdfium2.PdfDocument(pdf(CERTIFICATE))) == 1


def test_two_signers_stand_side_by_side() -> None:
    left, right = docx.Document(io.BytesIO(word(replace(WHOLE, annexes=())))).tables[-1].rows[0].cells
    assert (left.paragraphs[-1].text, right.paragraphs[-1].text) == ("D", "C")


def test_a_picture_has_the_size_that_was_asked_for() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><text x="9" y="50">Học tập</text></svg>'
    content = picture_png(svg, scale=2)
    assert content.startswith(b"\x89PNG")
    assert (int.from_bytes(content[16:20]), int.from_bytes(content[20:24])) == (400, 200)
    for wrong in ("", "<svg", svg.replace("</svg>", '<image href="file:///etc/passwd"/></svg>')):
        with pytest.raises(ValueError, match="SVG"):
            picture_png(wrong)


ANY = st.text(st.characters(), max_size=60) | st.sampled_from(
    [
        "#[]$*_@<>\\`~=-+/\"'",
        '#eval("1") #import "@preview/x" $x^2$ <label> @ref',
        "</w:t></w:r><!--&amp;]]>",
        "\x00\x08\x1b\ud800\uffff",
        "مرحبا בית",
        "ក្រុង 中文 😀",
        "dài" * 200,
        "\u202e\u200f\u2066đảo",
        "\t \n\n \u00a0",
        "a\u0301\u0323" * 20,
    ]
)


@settings(max_examples=40, deadline=None)
@given(ANY, ANY)
def test_any_text_goes_into_every_place_of_both_files(text: str, other: str) -> None:
    table = Table((Column(text, 10), Column(other, 20, "both")), (Heading(text), (text, other), Total((other, text))))
    table = replace(table, caption=other, unit=text, remarks=(text,))
    chart = Chart(text, (text, other), (Series(other, (1, 2)), Series(text, (None, 3))), unit=other, alt=text)
    paper = Paper(
        text,
        other,
        text,
        other,
        (
            Heading(text, 1, numbered=True),
            Paragraph((Run(other, bold=True, url="https://a.vn"), text)),
            Paragraph(text, dash="-"),
            Paragraph(other, level=2),
            table,
            chart,
            Paragraph(text),
        ),
        superior=text,
        number=text,
        bases=(text,),
        recipients=(text,),
        signer=Signature(text, text, text),
        annexes=(Annex(text, (Paragraph(other),)),),
        circulation=text,
    )
    document = docx.Document(io.BytesIO(word(paper)))
    assert clean(other) + clean(text) in [one.text for one in document.paragraphs]
    printed = pypdfium2.PdfDocument(pdf(paper))
    assert len(printed) >= 2


@settings(max_examples=40, deadline=None)
@given(st.text(st.sampled_from("#[]$*_@<>\\`~=+/\"'{}()|^;:,.!?&%aăâđêôơưĐẾỬỵ09"), min_size=1, max_size=40))
def test_markup_is_printed_as_it_was_typed(text: str) -> None:
    paper = Paper("A", "B", "C", "D", (Paragraph(f"¶{text}¶ và thế."), Paragraph("Hết.")))
    told = "".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf(paper)))
    assert f"¶{clean(text)}¶" in told.replace("\r\n", "").replace("\u200b", "").replace("\ufffe", "")
    body = [one.text for one in docx.Document(io.BytesIO(word(paper))).paragraphs]
    assert f"¶{clean(text)}¶ và thế." in body
