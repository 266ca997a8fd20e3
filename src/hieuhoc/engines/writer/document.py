"""A paper or an annex as the bytes of a Word file.

Source: Decree 30/2020/NĐ-CP, Annex I (places of the components) and Annex III, templates 1.4, 1.5 and 2.1.
"""

from datetime import datetime

from hieuhoc.engines.writer.package import packed
from hieuhoc.engines.writer.paper import Annex, Block, Heading, Paper, Paragraph, Signature
from hieuhoc.engines.writer.tables import word_table
from hieuhoc.engines.writer.texts import COUNTRY, MOTTO, capitals, clean, day_line, ended, listed, number_line, roman
from hieuhoc.engines.writer.widths import balanced_mm, superior_line, width_mm
from hieuhoc.engines.writer.wordml import (
    Element,
    Jc,
    cell,
    element,
    grid,
    header_reference,
    paragraph,
    root,
    rule,
    twips,
)
from hieuhoc.kernel.vietnamese import squeeze

_SHORT_SIDE, _LONG_SIDE = 210.0, 297.0
_TOP, _BOTTOM, _LEFT, _RIGHT, _HEADER = 20.0, 20.0, 30.0, 15.0, 10.0
_COUNTRY_ROOM = 98.0  # the country's name at 13 points is 95 mm long, and must stay on one line
_LINE_SHARE = 0.4  # of the text above: the decree wants a third to a half
_JC: dict[str, Jc | None] = {"left": "left", "centre": "center", "right": "right", "both": None}


def word(paper: Paper | Annex, *, written_at: datetime | None = None) -> bytes:
    """The Word file of a paper, or of an annex that stands alone.

    The same paper gives the same bytes; `written_at` goes into the file's properties and nowhere else.
    """
    if isinstance(paper, Annex):
        parts = [_annex_part(paper)]
        title, author = clean(paper.title), ""
    else:
        parts = [_paper_part(paper), *(_annex_part(annex) for annex in paper.annexes)]
        title, author = f"{clean(paper.kind)} {clean(paper.subject)}", clean(paper.issuer)
    body: list[Element] = []
    for content, section in parts[:-1]:
        body += [*content, paragraph("Rule", section=section)]
    content, section = parts[-1]
    body += [*content, paragraph("Rule"), section]
    document = root("document", [element("body", *body)])
    return packed(document, title=squeeze(title), author=squeeze(author), written_at=written_at)


def _room_mm(landscape: bool) -> float:
    return (_LONG_SIDE if landscape else _SHORT_SIDE) - _LEFT - _RIGHT


def _section(landscape: bool) -> Element:
    """The page: A4, the decree's margins, its own page numbers from 1, none on the first page."""
    width, height = (_LONG_SIDE, _SHORT_SIDE) if landscape else (_SHORT_SIDE, _LONG_SIDE)
    turned = {"orient": "landscape"} if landscape else {}
    size = element("pgSz", w=twips(width), h=twips(height), **turned)
    margins = element(
        "pgMar",
        top=twips(_TOP),
        right=twips(_RIGHT),
        bottom=twips(_BOTTOM),
        left=twips(_LEFT),
        header=twips(_HEADER),
        footer=twips(_HEADER),
        gutter=0,
    )
    return element(
        "sectPr",
        header_reference("rIdHeader"),
        element("type", val="nextPage"),
        size,
        margins,
        element("pgNumType", start=1),
        element("titlePg"),
    )


def _paper_part(paper: Paper) -> tuple[list[Element], Element]:
    room = _room_mm(paper.landscape)
    content = [_letterhead(paper, room)]
    if paper.kind.strip():
        content += _titles(paper, room)
    content += _addressees(paper.addressed_to, first=not paper.kind.strip())
    content += [paragraph("Basis", basis) for basis in listed(paper.bases)]
    blocks = list(paper.blocks)
    if blocks and isinstance(blocks[-1], Paragraph):
        last = blocks[-1]
        blocks[-1] = Paragraph(ended(last.text), last.align, last.bold, last.italic)
    signed = bool(paper.signer or paper.recipients)
    content += _blocks(blocks, room, keep_end=signed)
    if signed:
        content.append(_signing(paper.recipients, paper.signer, room))
    return content, _section(paper.landscape)


def _annex_part(annex: Annex) -> tuple[list[Element], Element]:
    room = _room_mm(annex.landscape)
    number = f"Phụ lục {roman(annex.number)}" if annex.number else "Phụ lục"
    last_line, bold = capitals(annex.title).strip(), True
    sides = _sides(last_line, room, size=14, bold=True, least=10)
    content = [paragraph("AnnexNumber", number), paragraph("AnnexTitle", last_line, indent_mm=sides)]
    if annex.reference.strip():
        last_line, bold = clean(annex.reference), False
        content.append(paragraph("AnnexReference", last_line))
    length = min(width_mm(last_line, size=14, bold=bold), room)
    content += [rule(length * _LINE_SHARE, room, keep_next=True), paragraph("TableNumber", keep_next=True)]
    content += _blocks(list(annex.blocks), room, keep_end=annex.signer is not None)
    if annex.signer is not None:
        content.append(_signing((), annex.signer, room))
    return content, _section(annex.landscape)


def _letterhead(paper: Paper, room: float) -> Element:
    right = _COUNTRY_ROOM if not paper.landscape else room * 0.55
    left = room - right
    superior, issuer = superior_line(paper.superior, left, size=13), capitals(paper.issuer).strip()
    issuer_length = min(width_mm(issuer, size=13, bold=True), left)
    sides = _sides(issuer, left, size=13, bold=True)
    motto_length = width_mm(MOTTO, size=14, bold=True)
    issuers = [paragraph("Superior", superior, indent_mm=_sides(superior, left, size=13))] if superior else []
    issuers += [paragraph("Issuer", issuer, indent_mm=sides), rule(issuer_length * _LINE_SHARE, left)]
    nation = [paragraph("Country", COUNTRY), paragraph("Motto", MOTTO), rule(motto_length, right)]
    numbers = [paragraph("Number", number_line(paper.number))]
    if not paper.kind.strip() and paper.subject.strip():
        numbers.append(paragraph("LetterSubject", f"V/v {clean(paper.subject).strip()}"))
    day = [paragraph("PlaceDay", day_line(paper.place, paper.day))]
    widths = [twips(left), twips(right)]
    rows = [
        element("tr", element("trPr", element("cantSplit")), cell(widths[0], one), cell(widths[1], other))
        for one, other in ((issuers, nation), (numbers, day))
    ]
    return grid(widths, bordered=False, margin=0, rows=rows)


def _sides(text: str, room: float, *, size: float, bold: bool = False, least: float = 0) -> tuple[float, float] | None:
    """The indents that make the lines of a centred text alike; none for a text of one line."""
    if width_mm(text, size=size, bold=bold) <= room - 2 * least - 2:
        return None
    side = (room - balanced_mm(text, room - 2 * least, size=size, bold=bold)) / 2
    return side, side


def _titles(paper: Paper, room: float) -> list[Element]:
    subject = clean(paper.subject).strip()
    content = [paragraph("Title", capitals(paper.kind).strip())]
    above = capitals(paper.kind).strip()
    if subject:
        above = subject
        content.append(paragraph("Subtitle", subject, indent_mm=_sides(subject, room, size=14, bold=True, least=10)))
    length = min(width_mm(above, size=14, bold=True), room - 20)
    return [*content, rule(length * _LINE_SHARE, room, keep_next=True), paragraph("Recipient")]


def _addressees(addressed_to: tuple[str, ...], *, first: bool) -> list[Element]:
    """ "Kính gửi": one body on the line; several on lines of their own, their dashes under the colon."""
    names = [name for name in (clean(each).strip() for each in addressed_to) if name]
    if not names:
        return [paragraph("Recipient")] if first else []
    lead, start = "Kính gửi:", 30.0
    space = [paragraph("AddressedTo")] if first else []
    colon = start + width_mm(lead[:-1], size=14)
    if len(names) == 1:
        return [*space, paragraph("AddressedTo", f"{lead} {names[0]}", jc="center")]
    lines = [
        paragraph("AddressedTo", line, indent_mm=(colon + 3, 0), hanging_mm=3) for line in listed(tuple(names), "- ")
    ]
    return [*space, paragraph("AddressedTo", lead, indent_mm=(start, 0)), *lines]


def _blocks(blocks: list[Block], room: float, *, keep_end: bool) -> list[Element]:
    """The body. With `keep_end` its end stays on the page of the signature that follows."""
    content: list[Element] = []
    for place, block in enumerate(blocks):
        last = place == len(blocks) - 1
        if isinstance(block, Heading):
            content.append(_heading(block))
        elif isinstance(block, Paragraph):
            jc = _JC[block.align]
            sides = None if block.align == "both" else (0.0, 0.0)
            content.append(
                paragraph(
                    "BodyText",
                    block.text,
                    jc=jc,
                    bold=block.bold,
                    italic=block.italic,
                    keep_next=keep_end and last,
                    indent_mm=sides,
                )
            )
        else:
            content.append(word_table(block, room, keep_end=keep_end and last))
            if not last or keep_end:  # two tables without a paragraph between them become one
                content.append(paragraph("TableText" if not last else "Recipient", keep_next=last))
    return content


def _heading(heading: Heading) -> Element:
    text = capitals(heading.text) if heading.level == 1 else clean(heading.text)
    if heading.level == 0 and "\n" in text:
        number, _, title = text.partition("\n")
        text = f"{number}\n{title.upper()}"
    return paragraph(f"Heading{heading.level + 1}", text)


def _signing(recipients: tuple[str, ...], signer: Signature | None, room: float) -> Element:
    """The recipients at the left margin, level with the signer's authority at the right."""
    left, right = twips(room * 0.48), twips(room * 0.52)
    names = [paragraph("RecipientsTitle", "Nơi nhận:")] if recipients else []
    names += [paragraph("Recipient", line) for line in listed(recipients, "- ")]
    signature: list[Element] = []
    if signer is not None:
        titles = "\n".join(line for line in (capitals(signer.authority), capitals(signer.post)) if line.strip())
        signature = [paragraph("Authority", titles), paragraph("Signer", clean(signer.name))]
    row = element(
        "tr",
        element("trPr", element("cantSplit")),
        cell(left, names or [paragraph("Recipient")]),
        cell(right, signature or [paragraph("Recipient")]),
    )
    return grid([left, right], bordered=False, margin=0, rows=[row])
