"""A paper as a row of simple pieces, one above the other: what Word and PDF both set, by the same numbers.

Every decision of layout is taken here; `document` and `pdf` only write the pieces down.
Source: Decree 30/2020/NĐ-CP, Annex I (places of the components) and Annex III, templates 1.2 to 1.5, 1.9 and 2.1.
"""

from dataclasses import dataclass, replace

from hieuhoc.engines.writer.numbering import Number, numbers
from hieuhoc.engines.writer.paper import (
    URGENCIES,
    Annex,
    Block,
    Certificate,
    Chart,
    Form,
    Heading,
    Paper,
    Paragraph,
    Signature,
    Table,
    Words,
)
from hieuhoc.engines.writer.texts import (
    COUNTRY,
    MOTTO,
    capitals,
    clean,
    day_line,
    ended_words,
    listed,
    number_line,
    roman,
    runs,
)
from hieuhoc.engines.writer.widths import balanced_mm, issuer_lines, superior_line, width_mm
from hieuhoc.kernel.vietnamese import squeeze

SHORT_SIDE, LONG_SIDE = 210.0, 297.0
TOP, BOTTOM, LEFT, RIGHT, HEADER = 20.0, 20.0, 30.0, 15.0, 10.0
_COUNTRY_ROOM = 98.0  # the country's name at 13 points is 95 mm long, and must stay on one line
_LINE_SHARE = 0.4  # of the text above: the decree wants a third to a half
_FRAMED = 22.0  # the margins of a certificate, on all sides: the frame stands in them
_BOX_HEIGHT = 8.0


@dataclass(frozen=True)
class Line:
    """A paragraph in a named style; the rest says only what the style leaves open.

    Units: `indent_mm` is left and right, `hanging_mm` how far the first line hangs out to the left; `box_mm` is the
    length of a red box around it.
    """

    style: str
    words: Words = ""
    align: str = ""
    bold: bool = False
    italic: bool = False
    keep_next: bool = False
    indent_mm: tuple[float, float] | None = None
    hanging_mm: float = 0
    number: Number | None = None
    counted_in: int = 0
    unnumbered: bool = False
    box_mm: float = 0


@dataclass(frozen=True)
class Stroke:
    """A solid line, centred in its room."""

    length_mm: float
    room_mm: float
    keep_next: bool = False


@dataclass(frozen=True)
class Ruled:
    """A table with lines; with `keep_end` its last rows stay on the page of what comes after."""

    table: Table
    room_mm: float
    keep_end: bool = False


@dataclass(frozen=True)
class Drawn:
    """A chart as wide as its room."""

    chart: Chart
    room_mm: float
    keep_next: bool = False


@dataclass(frozen=True)
class Picture:
    """A square picture, centred."""

    png: bytes
    side_mm: float
    words: str


@dataclass(frozen=True)
class Grid:
    """Pieces side by side, without lines; what stands in one row stays on one page."""

    widths_mm: tuple[float, ...]
    rows: tuple[tuple[tuple["Piece", ...], ...], ...]
    ends_paper: bool = False


Piece = Line | Stroke | Ruled | Drawn | Picture | Grid


@dataclass(frozen=True)
class Part:
    """What has its own pages, numbered from 1: the paper, and each of its annexes."""

    pieces: tuple[Piece, ...]
    landscape: bool = False
    framed: bool = False

    @property
    def sides_mm(self) -> tuple[float, float]:
        """Width and height of the page."""
        return (LONG_SIDE, SHORT_SIDE) if self.landscape else (SHORT_SIDE, LONG_SIDE)

    @property
    def margins_mm(self) -> tuple[float, float, float, float]:
        """Top, right, bottom, left."""
        return (_FRAMED,) * 4 if self.framed else (TOP, RIGHT, BOTTOM, LEFT)


@dataclass(frozen=True)
class Laid:
    """A whole file: its parts, how they are numbered, and what stands in its properties."""

    parts: tuple[Part, ...]
    form: Form
    title: str
    author: str


def laid(what: Paper | Annex | Certificate) -> Laid:
    """Lay out a paper, an annex that stands alone, or a certificate."""
    if isinstance(what, Certificate):
        title = f"{clean(what.title)} {clean(what.name)}"
        return Laid((_certificate(what),), "B", squeeze(title), squeeze(clean(what.issuer)))
    if isinstance(what, Annex):
        return Laid((_annex_part(what, 0, what.form),), what.form, squeeze(clean(what.title)), "")
    annexes = tuple(_annex_part(annex, place, what.form) for place, annex in enumerate(what.annexes, start=1))
    title = squeeze(f"{clean(what.kind)} {clean(what.subject)}")
    return Laid((_paper_part(what), *annexes), what.form, title, squeeze(clean(what.issuer)))


def room_mm(*, landscape: bool) -> float:
    """How wide a text may be.

    Units: millimetres.
    """
    return (LONG_SIDE if landscape else SHORT_SIDE) - LEFT - RIGHT


def _paper_part(paper: Paper) -> Part:
    room = room_mm(landscape=paper.landscape)
    pieces: list[Piece] = [_letterhead(paper, room)]
    if paper.kind.strip():
        pieces += _titles(paper, room)
    pieces += _addressees(paper.addressed_to, first=not paper.kind.strip())
    pieces += [Line("Basis", basis) for basis in listed(paper.bases)]
    blocks = list(paper.blocks)
    if blocks and isinstance(last := blocks[-1], Paragraph):
        blocks[-1] = replace(last, text=ended_words(last.text))
    signed = bool(paper.signer or paper.recipients or paper.cosigner)
    pieces += _blocks(blocks, room, paper.form, counted_in=0, keep_end=signed)
    if signed:
        pieces.append(_signing(paper.recipients, paper.signer, paper.cosigner, room))
    return Part(tuple(pieces), paper.landscape)


def _annex_part(annex: Annex, place: int, main: Form) -> Part:
    room = room_mm(landscape=annex.landscape)
    own_kind = clean(annex.kind).strip() != "Phụ lục"
    number = capitals(annex.kind).strip() if own_kind else "Phụ lục"
    if annex.number and not own_kind:
        number = f"{number} {roman(annex.number)}"
    last_line, bold = capitals(annex.title).strip(), True
    sides = _sides(last_line, room, size=14, bold=True, least=10)
    pieces: list[Piece] = [Line("AnnexNumber", number), Line("AnnexTitle", last_line, indent_mm=sides)]
    if annex.reference.strip():
        last_line, bold = clean(annex.reference), False
        pieces.append(Line("AnnexReference", last_line))
    length = min(width_mm(last_line, size=14, bold=bold), room)
    pieces += [Stroke(length * _LINE_SHARE, room, keep_next=True), Line("TableNumber", keep_next=True)]
    body = _blocks(list(annex.blocks), room, annex.form, counted_in=place, keep_end=annex.signer is not None)
    pieces += body if annex.form == main else [_of_annex(piece) for piece in body]
    if annex.signer is not None:
        pieces.append(_signing((), annex.signer, None, room))
    return Part(tuple(pieces), annex.landscape)


def _of_annex(piece: Piece) -> Piece:
    """A heading in an annex that is numbered in another way than its paper."""
    if isinstance(piece, Line) and piece.style.startswith("Heading"):
        return replace(piece, style=f"Annex{piece.style}")
    return piece


# ---- the components of the first page ----------------------------------------------------------------


def _letterhead(paper: Paper, room: float) -> Grid:
    right = _COUNTRY_ROOM if not paper.landscape else room * 0.55
    left = room - right
    numbering: list[Piece] = [Line("Number", number_line(paper.number))]
    if not paper.kind.strip() and paper.subject.strip():
        numbering.append(Line("LetterSubject", f"V/v {clean(paper.subject).strip()}"))
    if paper.urgency:
        numbering.append(_box(capitals(paper.urgency), URGENCIES[paper.urgency], left))
    if paper.circulation.strip():
        words = capitals(paper.circulation).strip()
        numbering.append(_box(words, width_mm(words, size=13, bold=True) + 8, left))
    rows = (
        (_issuers(paper.superior, paper.issuer, left), _nation(right)),
        (tuple(numbering), (Line("PlaceDay", day_line(paper.place, paper.day)),)),
    )
    return Grid((left, right), rows)


def _issuers(superior_name: str, issuer_name: str, room: float) -> tuple[Piece, ...]:
    superior = superior_line(superior_name, room, size=13)
    issuer = issuer_lines(issuer_name, room, size=13)
    length = min(width_mm(issuer, size=13, bold=True), room)
    above = (Line("Superior", superior, indent_mm=_sides(superior, room, size=13)),) if superior else ()
    sides = _sides(issuer, room, size=13, bold=True)
    return (*above, Line("Issuer", issuer, indent_mm=sides), Stroke(length * _LINE_SHARE, room))


def _nation(room: float) -> tuple[Piece, ...]:
    return Line("Country", COUNTRY), Line("Motto", MOTTO), Stroke(width_mm(MOTTO, size=14, bold=True), room)


def _box(words: str, length: float, room: float) -> Line:
    side = max(0.0, (room - length) / 2)
    return Line("Stamp", words, indent_mm=(side, side), box_mm=min(length, room))


def _sides(text: str, room: float, *, size: float, bold: bool = False, least: float = 0) -> tuple[float, float] | None:
    """The indents that make the lines of a centred text alike; none for a text of one line."""
    if width_mm(text, size=size, bold=bold) <= room - 2 * least - 2:
        return None
    side = (room - balanced_mm(text, room - 2 * least, size=size, bold=bold)) / 2
    return side, side


def _titles(paper: Paper, room: float) -> list[Piece]:
    subject = clean(paper.subject).strip()
    pieces: list[Piece] = [Line("Title", capitals(paper.kind).strip())]
    above = capitals(paper.kind).strip()
    if subject:
        above = subject
        pieces.append(Line("Subtitle", subject, indent_mm=_sides(subject, room, size=14, bold=True, least=10)))
    length = min(width_mm(above, size=14, bold=True), room - 20)
    return [*pieces, Stroke(length * _LINE_SHARE, room, keep_next=True), Line("Recipient")]


def _addressees(addressed_to: tuple[str, ...], *, first: bool) -> list[Piece]:
    """ "Kính gửi": one body on the line; several on lines of their own, their dashes under the colon."""
    names = [name for name in (clean(each).strip() for each in addressed_to) if name]
    if not names:
        return [Line("Recipient")] if first else []
    lead, start = "Kính gửi:", 30.0
    space: list[Piece] = [Line("AddressedTo")] if first else []
    colon = start + width_mm(lead[:-1], size=14)
    if len(names) == 1:
        return [*space, Line("AddressedTo", f"{lead} {names[0]}", align="center")]
    lines = [Line("AddressedTo", line, indent_mm=(colon + 3, 0), hanging_mm=3) for line in listed(tuple(names), "- ")]
    return [*space, Line("AddressedTo", lead, indent_mm=(start, 0)), *lines]


# ---- the body ----------------------------------------------------------------------------------------


def _blocks(blocks: list[Block], room: float, form: Form, *, counted_in: int, keep_end: bool) -> list[Piece]:
    """The body. With `keep_end` its end stays on the page of the signature that follows."""
    pieces: list[Piece] = []
    for place, (block, number) in enumerate(zip(blocks, numbers(blocks, form), strict=True)):
        last = place == len(blocks) - 1
        if isinstance(block, Heading):
            pieces.append(_heading(block, number, form, counted_in))
        elif isinstance(block, Paragraph):
            pieces.append(_paragraph(block, number, counted_in, keep_next=keep_end and last))
        elif isinstance(block, Chart):
            pieces.append(Drawn(block, room, keep_next=keep_end and last))
        else:
            pieces += _table(block, room, last=last, keep_end=keep_end)
    return pieces


def _paragraph(block: Paragraph, number: Number | None, counted_in: int, *, keep_next: bool) -> Line:
    styles = {"": "BodyText", "-": "Dash", "+": "Plus"}
    return Line(
        styles[block.dash],
        block.text,
        align={"centre": "center", "both": ""}.get(block.align, block.align),
        bold=block.bold,
        italic=block.italic,
        keep_next=keep_next,
        indent_mm=None if block.align == "both" else (0.0, 0.0),
        number=number,
        counted_in=counted_in,
    )


def _table(table: Table, room: float, *, last: bool, keep_end: bool) -> list[Piece]:
    pieces: list[Piece] = []
    if table.caption.strip():
        pieces.append(Line("TableCaption", table.caption, keep_next=True))
    if table.unit.strip():
        pieces.append(Line("TableUnit", table.unit, keep_next=True))
    pieces.append(Ruled(table, room, keep_end and last))
    pieces += [Line("Remark", remark, keep_next=keep_end and last) for remark in table.remarks]
    if not last or keep_end:  # two tables without a paragraph between them become one
        pieces.append(Line("TableText" if not last else "Recipient", keep_next=last))
    return pieces


def _heading(heading: Heading, number: Number | None, form: Form, counted_in: int) -> Line:
    apart = heading.level == 0 or (form == "A" and heading.level <= 3)
    text = clean(heading.text)
    if number is not None and number.apart:
        text = text.upper()
    elif apart and "\n" in text:
        above, _, title = text.partition("\n")
        text = f"{above}\n{title.upper()}"
    elif form == "B" and heading.level == 1:
        text = text.upper()
    return Line(
        f"Heading{heading.level + 1}", text, number=number, counted_in=counted_in, unnumbered=not heading.numbered
    )


# ---- signatures, certificates ------------------------------------------------------------------------


def _signature(signer: Signature) -> tuple[Piece, ...]:
    titles = "\n".join(line for line in (capitals(signer.authority), capitals(signer.post)) if line.strip())
    return Line("Authority", titles), Line("Signer", clean(signer.name))


def _signing(recipients: tuple[str, ...], signer: Signature | None, cosigner: Signature | None, room: float) -> Grid:
    """The recipients at the left margin, level with the signer's authority at the right; a second signer above them."""
    names: tuple[Piece, ...] = (Line("RecipientsTitle", "Nơi nhận:"),) if recipients else ()
    names += tuple(Line("Recipient", line) for line in listed(recipients, "- "))
    empty: tuple[Piece, ...] = (Line("Recipient"),)
    signature = _signature(signer) if signer is not None else empty
    widths = (room * 0.48, room * 0.52)
    if cosigner is None:
        return Grid(widths, ((names or empty, signature),), ends_paper=True)
    rows: tuple[tuple[tuple[Piece, ...], ...], ...] = ((_signature(cosigner), signature),)
    return Grid(widths, (*rows, (names, empty)) if names else rows, ends_paper=True)


def _certificate(one: Certificate) -> Part:
    room = LONG_SIDE - 2 * _FRAMED
    left = room * 0.46
    head = Grid((left, room - left), ((_issuers(one.superior, one.issuer, left), _nation(room - left)),))
    body = [Line("CertificateTitle", capitals(one.title).strip())]
    body += [Line("CertificateText", line) for line in one.before]
    body.append(Line("CertificateName", clean(one.name).strip()))
    body += [Line("CertificateText", line) for line in one.lines]
    entry: list[Piece] = [Line("CertificateEntry", number_line(one.number))] if one.number.strip() else []
    if one.entry.strip():
        entry.append(Line("CertificateEntry", clean(one.entry)))
    if one.mark_png:
        entry += [Picture(one.mark_png, 24, one.mark_words or "Mã kiểm tra giấy chứng nhận")]
        entry += [Line("CertificateMark", one.mark_words)] if runs(one.mark_words) else []
    day = Line("PlaceDay", day_line(one.place, one.day))
    signature = _signature(one.signer) if one.signer is not None else ()
    foot = Grid((left, room - left), ((tuple(entry) or (Line("Recipient"),), (day, *signature)),), ends_paper=True)
    return Part((head, *body, foot), landscape=True, framed=True)
