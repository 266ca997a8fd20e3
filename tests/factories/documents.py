"""Builds official documents from their parts, as Word or as a web page, and their gold annotation.

The forms are those of real documents: automatic numbering, header and signature tables, merged cells, a decision that
encloses a plan. `tests.factories.synthetic` has the contents.
"""

import hashlib
import html
import io
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Pt
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

FOLDER = Path(__file__).parents[1] / "fixtures" / "documents"
_LEVELS = (("upperRoman", "%1."), ("decimal", "%2."), ("lowerLetter", "%3)"), ("bullet", "-"))
_ARTICLES = (("decimal", "Điều %1."), ("decimal", "%2."))


@dataclass
class Piece:
    """A task: a stretch of a paragraph or a cell of a table, and what a reader should find in it."""

    text: str
    lead: tuple[str, ...] = ()
    lead_from: str = "none"
    coordinate: tuple[str, ...] = ()
    recurrence: str | None = None
    deadline: str | None = None
    more: dict[str, Any] = field(default_factory=dict)


@dataclass
class Item:
    """A paragraph: its level in the list (0 is the highest, None stands outside), section, text, tasks."""

    text: str
    level: int | None = None
    path: str = ""
    tasks: tuple[Piece, ...] = ()
    optional: bool = False  # as a section: a numbered sentence


@dataclass
class TaskTable:
    """A table of tasks; a cell of None goes on with the cell above, a row of one cell goes across."""

    section: str
    head: tuple[str, ...]
    rows: tuple[tuple[str | None, ...], ...]
    tasks: tuple[Piece, ...]


@dataclass
class Plan:
    """A whole document with the annotation of its head and foot."""

    name: str
    kind: str
    number: str
    place: str
    date: str
    date_text: str
    issuer: str
    letterhead: tuple[str, ...]
    title: str
    opening: tuple[str, ...]
    bases: tuple[dict[str, Any], ...]
    content: tuple[Item | TaskTable, ...]
    recipients: tuple[str, ...]
    position: tuple[str, ...]
    signer: str
    enclosed: str = ""  # title of the plan that follows the signature of a decision
    level: str = "huyện"

    @property
    def sections(self) -> list[dict[str, Any]]:
        return [
            {"path": item.path, "heading": item.text.rstrip(" :"), **({"optional": True} if item.optional else {})}
            for item in self.content
            if isinstance(item, Item) and item.path and item.level is not None and item.level < 3
        ]

    def gold(self, file: str, content: bytes) -> dict[str, Any]:
        """The annotation, in the schema that the score reads."""
        tasks: list[dict[str, Any]] = []
        section = ""
        for item in self.content:
            section = item.section if isinstance(item, TaskTable) else item.path or section
            for piece in item.tasks:
                tasks.append(_task(f"{section}#{len(tasks) + 1}", section, piece))
        return {
            "schema": "reader-gold/1",
            "file": file,
            "sha256": hashlib.sha256(content).hexdigest(),
            "header": {
                "doc_type": self.kind,
                "number": self.number,
                "issuer": self.issuer,
                "issuer_inferred": False,
                "place": self.place,
                "date": self.date,
                "title": self.title,
                "level": self.level,
            },
            "bases": list(self.bases),
            "sections": self.sections,
            "tasks": tasks,
            "numeric_targets": [],
            "recipients": [{"text": text} for text in self.recipients],
            "signer": {
                "name": self.signer,
                "position": self.position[-1],
                "signs_for": self.position[-2] if len(self.position) > 1 else None,
            },
            "noise": [],
            "agency_aliases": [],
        }


def _task(key: str, section: str, piece: Piece) -> dict[str, Any]:
    small = piece.text.lower()
    role = "chu_tri" if "chủ trì" in small else "phoi_hop" if small.startswith("phối hợp") else "thuc_hien"
    return {
        "id": key,
        "section": section,
        "first60": piece.text[:60].strip(),
        "text": piece.text,
        "lead": list(piece.lead),
        "lead_from": piece.lead_from,
        "role": role,
        "coordinate": list(piece.coordinate),
        "recurrence": piece.recurrence,
        "deadline": piece.deadline,
        **piece.more,
    }


# --- Word ---


def word(plan: Plan) -> bytes:
    """The document as .docx with automatic numbers, a letterhead and a signature in tables without borders."""
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(13)
    section = document.sections[0]
    section.left_margin, section.right_margin = Cm(3), Cm(2)
    lists = _numbering(document, _LEVELS), _numbering(document, _ARTICLES)
    _letterhead(document, plan)
    _centred(document, plan.kind.upper())
    _centred(document, plan.title)
    for text in plan.opening:
        document.add_paragraph(text).paragraph_format.first_line_indent = Cm(1.27)
    signed = False
    for item in plan.content:
        if plan.enclosed and not signed and isinstance(item, Item) and item.path == "I":
            _signature(document, plan)
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
            _centred(document, "KẾ HOẠCH")
            _centred(document, plan.enclosed)
            signed = True
        if isinstance(item, TaskTable):
            _task_table(document, item)
        else:
            _paragraph(document, item, lists)
    if not signed:
        _signature(document, plan)
    _page_number(document)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def _numbering(document: Document, levels: tuple[tuple[str, str], ...]) -> int:
    """Adds a list of several levels and returns its number."""
    root = document.part.numbering_part.element
    key = 900 + len(root.findall("{*}num"))
    inner = "".join(
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/>'
        f'<w:lvlJc w:val="left"/></w:lvl>'
        for place, (form, text) in enumerate(levels)
    )
    abstract = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{key}"><w:multiLevelType w:val="multilevel"/>{inner}'
        f"</w:abstractNum>"
    )
    first = root.find("{*}num")
    if first is None:
        root.append(abstract)
    else:
        first.addprevious(abstract)
    root.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="{key}"><w:abstractNumId w:val="{key}"/></w:num>'))
    return key


def _numbered(paragraph: Paragraph, key: int, level: int) -> None:
    properties = paragraph._p.get_or_add_pPr()
    properties.append(parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/><w:numId w:val="{key}"/></w:numPr>'))


def _paragraph(document: Document, item: Item, lists: tuple[int, int]) -> None:
    paragraph = document.add_paragraph()
    run = paragraph.add_run(item.text)
    run.bold = item.level is not None and item.level < 2 and not item.optional
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    paragraph.paragraph_format.first_line_indent = Cm(1.27)
    if item.level is not None and item.path.startswith("Điều"):
        _numbered(paragraph, lists[1], item.level)
    elif item.level is not None:
        _numbered(paragraph, lists[0], item.level)


def _centred(document: Document, text: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run(text).bold = True


def _lines(cell: _Cell, texts: tuple[str, ...], *, bold: bool = False) -> None:
    for place, text in enumerate(texts):
        paragraph = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if bold else WD_ALIGN_PARAGRAPH.LEFT
        paragraph.add_run(text).bold = bold


def _letterhead(document: Document, plan: Plan) -> None:
    table = document.add_table(2, 2)
    _lines(table.cell(0, 0), (*plan.letterhead, "-------"), bold=True)
    _lines(
        table.cell(0, 1),
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc", "---------------"),
        bold=True,
    )
    _lines(table.cell(1, 0), (f"Số: {plan.number}",))
    _lines(table.cell(1, 1), (f"{plan.place}, {plan.date_text}",))


def _signature(document: Document, plan: Plan) -> None:
    table = document.add_table(1, 2)
    *others, last = plan.recipients
    _lines(table.cell(0, 0), ("Nơi nhận:", *(f"- {text};" for text in others), f"- {last}."))
    _lines(table.cell(0, 1), (*plan.position, "", "", plan.signer), bold=True)


def _task_table(document: Document, source: TaskTable) -> None:
    table = document.add_table(1 + len(source.rows), len(source.head))
    table.style = "Table Grid"
    table.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))
    for place, text in enumerate(source.head):
        _lines(table.cell(0, place), (text,), bold=True)
    for number, row in enumerate(source.rows, start=1):
        if len(row) == 1:
            whole = table.cell(number, 0).merge(table.cell(number, len(source.head) - 1))
            whole.text = row[0] or ""
            continue
        for place, written in enumerate(row):
            if written is not None:
                table.cell(number, place).text = written
    _merge_down(table, source)


def _merge_down(table: Table, source: TaskTable) -> None:
    for place in range(len(source.head)):
        top = 0
        for number, row in enumerate(source.rows, start=1):
            if len(row) > 1 and row[place] is None:
                kept = table.cell(top, place).text
                table.cell(top, place).merge(table.cell(number, place)).text = kept
            else:
                top = number


def _page_number(document: Document) -> None:
    paragraph = document.sections[0].header.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph._p.append(parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:t>1</w:t></w:r></w:fldSimple>'))


# --- HTML ---


def web_page(plan: Plan) -> bytes:
    """The document as a web page of an agency's site: navigation, a script, a letterhead in a table."""
    out = [
        "<!DOCTYPE html><html lang=vi><head><meta charset=utf-8><title>", html.escape(plan.title), "</title>",
        "<style>p{margin:0}</style><script>var Số = 'không phải văn bản';</script></head><body>",
        "<nav><ul><li>Trang chủ</li><li>Văn bản</li></ul></nav><main>",
        '<table style="border:none"><tr><td><p align=center><b>', "<br>".join(plan.letterhead), "</b></p></td>",
        "<td><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br/>Độc lập - Tự do - Hạnh phúc</b></td></tr>",
        f"<tr><td>Số:&nbsp;{plan.number}</td><td><i>{plan.place}, {plan.date_text}</i></td></tr></table>",
        f'<p style="text-align:center"><strong>{plan.kind.upper()}</strong></p>',
        f'<p style="text-align:center"><strong>{html.escape(plan.title)}</strong></p>',
    ]  # fmt: skip
    out += [f"<p>{html.escape(text)}</p>" for text in plan.opening]
    counters = [0, 0, 0, 0]
    for item in plan.content:
        if isinstance(item, TaskTable):
            out.append(_html_table(item))
            continue
        mark = ""
        if item.level is not None:
            counters[item.level] += 1
            counters[item.level + 1 :] = [0] * (3 - item.level)
            mark = ("", f"{counters[1]}. ", f"{'abcdđegh'[counters[2] - 1]}) ", "- ")[item.level]
        text = html.escape(item.text)
        out.append(f"<p>{mark}<b>{text}</b></p>" if item.level == 1 and not item.optional else f"<p>{mark}{text}</p>")
    listed = "<br>".join(f"- {text};" for text in plan.recipients)
    foot = "<br>".join((*plan.position, "", plan.signer))
    out.append(f"<table><tr><td><b><i>Nơi nhận:</i></b><br>{listed}</td><td>{foot}</td></tr></table></main>")
    out.append("<footer>Cổng thông tin điện tử huyện</footer></body></html>")
    return "".join(out).encode()


def _html_table(source: TaskTable) -> str:
    rows = [list(row) for row in source.rows]
    out = ["<table border=1><tr>", *(f"<th>{html.escape(text)}</th>" for text in source.head), "</tr>"]
    for number, row in enumerate(rows):
        out.append("<tr>")
        for place, text in enumerate(row):
            if text is None:
                continue
            down = 1
            while number + down < len(rows) and len(rows[number + down]) > 1 and rows[number + down][place] is None:
                down += 1
            across = len(source.head) if len(row) == 1 else 1
            out.append(f"<td rowspan={down} colspan={across}>{html.escape(text)}</td>")
        out.append("</tr>")
    return "".join([*out, "</table>"])
