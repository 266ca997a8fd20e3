"""How long the reports of a province's communes take as Word and as PDF: 145 papers of about four pages each.

Beside it, in the same run and on fewer of the same papers: python-docx styling every cell by hand, and LibreOffice
turning our own Word files into PDF.
"""

import io
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import docx
import pypdfium2
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from docx.text.run import Run as WordRun

from benchmarks.record import Measure
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
    authority,
    pdf,
    sources_annex,
    word,
)
from hieuhoc.engines.writer.paper import Block
from hieuhoc.engines.writer.texts import cell_text

COMMUNES = 145
COMPARED = 6
PAGE = "https://hieuhoc.example.vn/figures"
COLUMNS = (
    Column("TT", 10, "centre"),
    Column("Ấp, khóm", 55),
    Column("Lớp", 18, "right", group="Học tập cộng đồng"),
    Column("Lượt người", 24, "right", group="Học tập cộng đồng"),
    Column("Tỷ lệ nữ", 20, "right"),
    Column("Kinh phí (nghìn đồng)", 30, "right"),
)


def measure() -> list[Measure]:
    papers = [commune(number) for number in range(COMMUNES)]
    found = [Measure("pages of one paper", _pages(pdf(papers[0])), "pages")]
    for name, write, limit in (("Word", word, 30), ("PDF", pdf, 60)):
        found.append(Measure(f"{COMMUNES} papers to {name}, in one process", _seconds(write, papers), "s", limit))
    return found + _beside(papers[:COMPARED])


def _beside(papers: Sequence[Paper]) -> list[Measure]:
    """Ours and what would be used instead, on the same papers."""
    ours, by_hand = _seconds(word, papers), _seconds(_by_hand, papers)
    found = [
        Measure(f"{len(papers)} papers to Word", ours, "s"),
        Measure("the same by python-docx, every cell styled by hand", by_hand, "s"),
        Measure("python-docx : ours", by_hand / ours, "times"),
    ]
    if office := shutil.which("soffice"):
        ours = _seconds(pdf, papers)
        converted = _converted(office, [word(paper) for paper in papers])
        found += [
            Measure(f"{len(papers)} papers to PDF", ours, "s"),
            Measure("the same, our Word files turned by LibreOffice", converted, "s"),
            Measure("LibreOffice : ours", converted / ours, "times"),
        ]
    return found


def commune(number: int) -> Paper:
    """The yearly report of a made-up commune: three tables, a chart, an annex of sources. No two are alike."""
    rows = [
        (
            place,
            f"Ấp Vĩnh Thạnh {number}.{place}",
            Figure((number * 7 + place * 3) % 40, f"{PAGE}/{number}/{place}"),
            Figure((number * 131 + place * 37) % 2000, f"{PAGE}/{number}/{place}/luot", "1" if place == 3 else ""),
            Fraction(40 + (number + place) % 30, 101),
            None if place % 7 == 0 else Decimal((number * 17 + place * 911) % 90_000) / 10,
        )
        for place in range(1, 25)
    ]
    tables = [
        Table(
            COLUMNS,
            tuple(rows[:length]),
            number_row=True,
            caption=f"Bảng {place}. Kết quả theo ấp",
            remarks=("(1) Sửa theo sổ điểm danh.",),
        )
        for place, length in ((1, 20), (2, 20), (3, 24))
    ]
    chart = Chart(
        f"Biểu đồ 1. Lượt người học của xã số {number}",
        tuple(f"Quý {quarter}/{year}" for year in (2024, 2025) for quarter in ("I", "II", "III", "IV")),
        tuple(
            Series(name, tuple((number * 13 + place * shift) % 900 for place in range(8)))
            for name, shift in (("Kế hoạch", 71), ("Thực hiện", 83))
        ),
        unit="lượt người",
    )
    text = "Ủy ban nhân dân xã đã triển khai các nhiệm vụ xây dựng xã hội học tập trên địa bàn. " * 2
    told = (text, Run(f"{number * 11} người", bold=True, url=f"{PAGE}/{number}"), " biết chữ mức độ 1.")
    blocks: tuple[Block, ...] = (
        Heading("Công tác chỉ đạo, điều hành", 1, numbered=True),
        Paragraph(text),
        Heading("Kết quả thực hiện", 1, numbered=True),
        Heading("Xóa mù chữ", 2, numbered=True),
        Paragraph(told),
        tables[0],
        Heading("Học tập cộng đồng", 2, numbered=True),
        Paragraph(text, level=3),
        chart,
        *tables[1:],
        Heading("Khó khăn, vướng mắc", 1, numbered=True),
        *(Paragraph(f"Điều thứ {place}: {text}", level=2) for place in range(1, 4)),
    )
    sources = [
        Source(
            f"Lượt người học, {row[1]}",
            place,
            "Báo cáo của ấp",
            f"{PAGE}/{number}",
            "lượt",
            "Năm 2025",
            1,
            1,
            "Đã duyệt",
        )
        for place, row in enumerate(rows, start=1)
    ]
    return Paper(
        superior="Ủy ban nhân dân tỉnh An Giang",
        issuer=f"Ủy ban nhân dân xã số {number}",
        place=f"Xã số {number}",
        number=f"{number + 1}/BC-UBND",
        day=date(2025, 12, 20),
        kind="Báo cáo",
        subject="Kết quả xây dựng xã hội học tập năm 2025",
        bases=("Căn cứ Quyết định số 1373/QĐ-TTg ngày 30 tháng 7 năm 2021 của Thủ tướng Chính phủ",),
        blocks=blocks,
        recipients=("Ủy ban nhân dân tỉnh", "Lưu: VT"),
        signer=authority("KT.", "Chủ tịch", body="Ủy ban nhân dân", name="Nguyễn Văn An"),
        annexes=(sources_annex(sources, number=1),),
    )


def _seconds(write: Callable[[Paper], bytes], papers: Sequence[Paper]) -> float:
    write(papers[0])  # the template is read, the fonts are found
    started = time.perf_counter()
    for paper in papers:
        write(paper)
    return time.perf_counter() - started


def _pages(content: bytes) -> int:
    return len(pypdfium2.PdfDocument(content))


def _by_hand(paper: Paper) -> bytes:
    """The body of the same paper as one would write it with python-docx; no links, no chart, no lists."""
    document = docx.Document()
    for block in paper.blocks:
        if isinstance(block, Table):
            _table_by_hand(document, block)
        elif isinstance(block, Heading | Paragraph):
            paragraph = document.add_paragraph()
            paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
            paragraph.paragraph_format.first_line_indent = Mm(12.7)
            _styled(paragraph.add_run(cell_text(block.text)), 14, bold=isinstance(block, Heading))
    for annex in paper.annexes:
        for block in annex.blocks:
            if isinstance(block, Table):
                _table_by_hand(document, block)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _table_by_hand(document: WordDocument, table: Table) -> None:
    made = document.add_table(rows=1, cols=len(table.columns))
    made.style = "Table Grid"
    for cell, column in zip(made.rows[0].cells, table.columns, strict=True):
        _styled(cell.paragraphs[0].add_run(column.title), 12, bold=True)
    for row in table.rows:
        if isinstance(row, tuple):
            for cell, value in zip(made.add_row().cells, row, strict=True):
                cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
                _styled(cell.paragraphs[0].add_run(cell_text(value)), 12)


def _styled(run: WordRun, size: int, *, bold: bool = False) -> None:
    run.font.name, run.font.size, run.bold = "Times New Roman", Pt(size), bold


def _converted(office: str, files: Sequence[bytes]) -> float:
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for place, content in enumerate(files):
            name = Path(folder) / f"{place}.docx"
            name.write_bytes(content)
            names.append(str(name))
        settings = f"-env:UserInstallation=file://{folder}/settings"
        order = [office, "--headless", settings, "--convert-to", "pdf", "--outdir", folder, *names]
        started = time.perf_counter()
        subprocess.run(order, check=True, capture_output=True)
        return time.perf_counter() - started
