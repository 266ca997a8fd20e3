"""A paper given as a tree of plain values, as JSON has them: checked field by field, refused with the place at fault.

The tree is described in docs/reference/paper.md.
"""

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, NoReturn, TypeVar, cast, get_args

from hieuhoc.engines.writer.paper import (
    URGENCIES,
    Align,
    Amount,
    Annex,
    Block,
    Cell,
    Certificate,
    Chart,
    Column,
    Figure,
    Form,
    Heading,
    Paper,
    Paragraph,
    Row,
    Run,
    Series,
    Signature,
    Table,
    Total,
    Value,
    Words,
    leads_out,
)
from hieuhoc.engines.writer.signing import Prefix, authority
from hieuhoc.engines.writer.sources import Source, sources_annex
from hieuhoc.kernel.errors import Invalid

T = TypeVar("T")

LEVELS: dict[Form, tuple[str, ...]] = {
    "A": ("phan", "chuong", "muc", "tieu_muc", "dieu", "khoan", "diem"),
    "B": ("phan", "muc", "khoan", "diem"),
}
_FIRST: dict[Form, int] = {"A": 4, "B": 1}  # where a paper begins to count when it does not say so
_MOST_DIGITS, _MOST_PLACES = 15, 9
_MOST_ROWS = 20_000
_MOST_PICTURE = 2_000_000


def paper_from_json(content: bytes) -> Paper | Annex | Certificate:
    """The paper of a JSON text.

    Raises: Invalid when it is not JSON (a key given twice, NaN and Infinity count as such), or not a paper.
    """
    try:
        tree = json.loads(
            content.decode("utf-8-sig"), parse_float=Decimal, parse_constant=_no_number, object_pairs_hook=_once
        )
    except UnicodeDecodeError as error:
        raise Invalid("Tệp không phải văn bản UTF-8 (byte thứ {place}).", place=error.start + 1) from error
    except json.JSONDecodeError as error:
        template = "Tệp không phải JSON: sai ở dòng {line}, cột {column}."
        raise Invalid(template, line=error.lineno, column=error.colno) from error
    except RecursionError as error:
        raise Invalid("Tệp lồng nhau quá sâu.") from error
    except ValueError as error:  # a whole number of thousands of digits
        raise Invalid("Tệp có một số dài quá mức đọc được.") from error
    return paper_from(tree)


def paper_from(tree: object) -> Paper | Annex | Certificate:
    """The paper of a tree of mappings, lists and plain values.

    Raises: Invalid, its sentence beginning with the path of the field at fault: `sections[2].blocks[0].table.rows[3]`.
    """
    fields = Node(tree, "").fields()
    kind = fields.choice("type", ("paper", "annex", "certificate"), "paper")
    readers: dict[str, Callable[[Fields], Paper | Annex | Certificate]] = {
        "paper": _paper,
        "annex": _annex,
        "certificate": _certificate,
    }
    return readers[kind](fields)


def _no_number(name: str) -> NoReturn:
    raise Invalid("“{name}” không phải là số.", name=name)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise Invalid("Khóa “{key}” được ghi hai lần trong cùng một mục.", key=twice)
    return found


# ---- reading a tree --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Node:
    """A value with its place in the tree."""

    value: object
    path: str

    def refuse(self, problem: Invalid) -> NoReturn:
        raise Invalid("{path}: {problem}", path=self.path or "(gốc)", problem=problem)

    def fields(self) -> "Fields":
        if not isinstance(self.value, Mapping):
            self.refuse(Invalid("phải là một nhóm khóa và giá trị, không phải {what}.", what=_what(self.value)))
        return Fields(self)

    def items(self, *, most: int = _MOST_ROWS) -> Iterator["Node"]:
        if not isinstance(self.value, list | tuple):
            self.refuse(Invalid("phải là một danh sách, không phải {what}.", what=_what(self.value)))
        if len(self.value) > most:
            self.refuse(Invalid("có {count} mục, nhiều nhất là {most}.", count=len(self.value), most=most))
        for place, value in enumerate(self.value):
            yield Node(value, f"{self.path}[{place}]")

    def text(self) -> str:
        if not isinstance(self.value, str):
            self.refuse(Invalid("phải là chữ, không phải {what}.", what=_what(self.value)))
        return self.value

    def filled(self) -> str:
        text = self.text()
        if not text.strip():
            self.refuse(Invalid("không được để trống."))
        return text

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            self.refuse(Invalid("phải là true hoặc false, không phải {what}.", what=_what(self.value)))
        return self.value

    def whole(self, least: int, most: int) -> int:
        if isinstance(self.value, bool) or not isinstance(self.value, int) or not least <= self.value <= most:
            self.refuse(Invalid("phải là số nguyên từ {least} đến {most}.", least=least, most=most))
        return self.value

    def number(self) -> int | Decimal:
        if isinstance(self.value, bool) or not isinstance(self.value, int | float | Decimal):
            self.refuse(Invalid("phải là số, không phải {what}.", what=_what(self.value)))
        number = Decimal(str(self.value)) if isinstance(self.value, float) else self.value
        exact = Decimal(number)
        if not exact.is_finite() or abs(exact.adjusted()) > _MOST_DIGITS:
            self.refuse(Invalid("số này lớn hoặc nhỏ quá mức viết được."))
        exponent = exact.as_tuple().exponent
        if isinstance(exponent, int) and exponent < -_MOST_PLACES:
            self.refuse(Invalid("nhiều nhất {most} chữ số thập phân.", most=_MOST_PLACES))
        return number

    def day(self) -> date:
        try:
            return date.fromisoformat(self.text())
        except ValueError:
            self.refuse(Invalid("phải là một ngày có thật, viết như 2026-01-05."))

    def one_of(self, choices: tuple[str, ...]) -> str:
        if self.value not in choices:
            told = ", ".join(f"“{choice}”" for choice in choices)
            self.refuse(Invalid("phải là một trong: {told}.", told=told))
        return self.value

    def url(self) -> str:
        url = self.text()
        if not leads_out(url):
            self.refuse(Invalid("liên kết phải bắt đầu bằng http://, https:// hoặc mailto: và không có khoảng trắng."))
        return url


class Fields:
    """The fields of a mapping: each is taken once, and `done` refuses what nobody took."""

    def __init__(self, node: Node) -> None:
        self.node = node
        self.left: dict[str, object] = dict(cast(Mapping[str, object], node.value))

    def has(self, key: str) -> bool:
        return key in self.left

    def take(self, key: str) -> Node | None:
        """A field, or None when it is missing; null is a missing field."""
        value = self.left.pop(key, None)
        return None if value is None else Node(value, f"{self.node.path}.{key}" if self.node.path else key)

    def need(self, key: str) -> Node:
        found = self.take(key)
        if found is None:
            self.node.refuse(Invalid("thiếu “{key}”.", key=key))
        return found

    def text(self, key: str, default: str = "") -> str:
        found = self.take(key)
        return found.text() if found else default

    def flag(self, key: str, default: bool = False) -> bool:
        found = self.take(key)
        return found.flag() if found else default

    def day(self, key: str) -> date | None:
        found = self.take(key)
        return found.day() if found else None

    def choice(self, key: str, choices: tuple[str, ...], default: str) -> str:
        found = self.take(key)
        return found.one_of(choices) if found else default

    def rows(self, key: str, read: Callable[[Node], T]) -> tuple[T, ...]:
        found = self.take(key)
        return tuple(read(node) for node in found.items()) if found else ()

    def done(self) -> None:
        for key in self.left:
            self.node.refuse(Invalid("không có khóa “{key}” ở đây.", key=str(key)[:80]))


def _what(value: object) -> str:
    if value is None:
        return "trống (null)"
    if isinstance(value, bool):
        return "true/false"
    if isinstance(value, str):
        return "chữ"
    if isinstance(value, int | float | Decimal):
        return "số"
    return "danh sách" if isinstance(value, list | tuple) else "nhóm khóa và giá trị"


# ---- the kinds of papers ---------------------------------------------------------------------------------


def _paper(fields: Fields) -> Paper:
    header = fields.need("header").fields()
    form = _form(fields)
    urgency = cast(Literal["", "Hỏa tốc", "Thượng khẩn", "Khẩn"], header.choice("urgency", ("", *URGENCIES), ""))
    made = Paper(
        issuer=header.need("issuer").filled(),
        superior=header.text("superior"),
        place=header.text("place"),
        number=header.text("number"),
        day=header.day("day"),
        kind=header.text("kind"),
        subject=header.text("subject"),
        urgency=urgency,
        circulation=header.text("circulation"),
        addressed_to=fields.rows("addressed_to", Node.filled),
        bases=fields.rows("bases", Node.filled),
        blocks=_sections(fields, form),
        recipients=fields.rows("recipients", Node.filled),
        signer=_signature(fields.take("signature")),
        cosigner=_signature(fields.take("cosignature")),
        annexes=fields.rows("annexes", lambda node: _annex(node.fields())),
        landscape=fields.flag("landscape"),
        form=form,
    )
    header.done()
    fields.done()
    return made


def _annex(fields: Fields) -> Annex:
    number = fields.take("number")
    placed = number.whole(1, 399) if number else None
    reference = fields.text("reference")
    if fields.has("sources"):
        made = sources_annex(fields.rows("sources", _source), number=placed, reference=reference)
        fields.done()
        return made
    form = _form(fields)
    annex = Annex(
        title=fields.need("title").filled(),
        blocks=_sections(fields, form),
        number=placed,
        reference=reference,
        signer=_signature(fields.take("signature")),
        landscape=fields.flag("landscape", default=True),
        form=form,
        kind=fields.text("kind", "Phụ lục"),
    )
    fields.done()
    return annex


def _certificate(fields: Fields) -> Certificate:
    header = fields.need("header").fields()
    made = Certificate(
        issuer=header.need("issuer").filled(),
        superior=header.text("superior"),
        place=header.text("place"),
        number=header.text("number"),
        day=header.day("day"),
        title=fields.need("title").filled(),
        name=fields.need("name").filled(),
        before=fields.rows("before", Node.filled),
        lines=fields.rows("lines", Node.filled),
        entry=fields.text("entry"),
        signer=_signature(fields.take("signature")),
        mark_png=_picture(fields.take("mark_png")),
        mark_words=fields.text("mark_words"),
    )
    header.done()
    fields.done()
    return made


def _picture(node: Node | None) -> bytes:
    if node is None:
        return b""
    try:
        content = base64.b64decode(node.text(), validate=True)
    except (binascii.Error, ValueError):
        node.refuse(Invalid("phải là một ảnh PNG viết bằng base64."))
    if not content.startswith(b"\x89PNG\r\n\x1a\n") or len(content) > _MOST_PICTURE:
        node.refuse(Invalid("phải là một ảnh PNG, nhiều nhất {most} byte.", most=_MOST_PICTURE))
    return content


def _form(fields: Fields) -> Form:
    return cast(Form, fields.choice("form", ("A", "B"), "B"))


def _signature(node: Node | None) -> Signature | None:
    if node is None:
        return None
    fields = node.fields()
    if not fields.has("head"):
        made = Signature(fields.text("authority"), fields.text("post"), fields.text("name"))
        fields.done()
        return made
    prefix = cast(Prefix, fields.choice("prefix", get_args(Prefix), ""))
    head, post = fields.need("head").filled(), fields.text("post")
    body, name = fields.text("body"), fields.text("name")
    fields.done()
    if prefix == "TM." and not body.strip():
        node.refuse(Invalid("ký thay mặt (TM.) thì phải có “body”: tên tập thể."))
    if prefix in ("TL.", "TUQ.") and not post.strip():
        node.refuse(Invalid("ký {prefix} thì phải có “post”: chức vụ của người ký.", prefix=prefix))
    return authority(prefix, head, post, body=body, name=name)


def _source(node: Node) -> Source | Heading:
    fields = node.fields()
    if fields.has("heading"):
        heading = Heading(fields.need("heading").filled())
        fields.done()
        return heading
    reported, expected, url = fields.take("reported"), fields.take("expected"), fields.take("url")
    value = fields.take("value")
    made = {
        "label": fields.need("label").filled(),
        "source": fields.text("source"),
        "unit": fields.text("unit"),
        "period": fields.text("period"),
        "state": fields.text("state"),
        "remark": fields.text("remark"),
    }
    told, asked = (count.whole(0, 10_000_000) if count else 0 for count in (reported, expected))
    if asked and told > asked:
        sentence = "{reported} đơn vị đã báo cáo là nhiều hơn {expected} đơn vị phải báo."
        node.refuse(Invalid(sentence, reported=told, expected=asked))
    fields.done()
    return Source(
        **made,
        value=_value(value) if value else None,
        url=url.url() if url else "",
        reported=told,
        expected=asked,
    )


# ---- the body --------------------------------------------------------------------------------------------


def _sections(fields: Fields, form: Form) -> tuple[Block, ...]:
    found = fields.take("sections")
    return tuple(_blocks(found, form, _FIRST[form])) if found else ()


def _blocks(sections: Node, form: Form, level: int) -> Iterator[Block]:
    for node in sections.items():
        fields = node.fields()
        own = fields.take("level")
        depth = LEVELS[form].index(own.one_of(LEVELS[form])) if own else level
        heading = fields.take("heading")
        numbered = fields.flag("numbered", default=True)
        if heading:
            if depth >= len(LEVELS[form]):
                heading.refuse(Invalid("mẫu {form} không có cấp nào dưới “{last}”.", form=form, last=LEVELS[form][-1]))
            yield Heading(heading.filled(), depth, numbered=numbered)
        blocks = fields.take("blocks")
        for block in blocks.items() if blocks else ():
            yield _block(block, form)
        beneath = fields.take("sections")
        if beneath:
            yield from _blocks(beneath, form, depth + 1 if heading else depth)
        fields.done()


def _block(node: Node, form: Form) -> Block:
    if isinstance(node.value, str):
        return Paragraph(node.value)
    fields = node.fields()
    kinds = [kind for kind in ("paragraph", "table", "chart") if fields.has(kind)]
    if len(kinds) != 1:
        node.refuse(Invalid("phải có đúng một trong: “paragraph”, “table”, “chart”."))
    what = fields.need(kinds[0])
    if kinds[0] == "table":
        made: Block = _table(what)
    elif kinds[0] == "chart":
        made = _chart(what)
    else:
        made = _paragraph(what, fields, form)
    fields.done()
    return made


def _paragraph(what: Node, fields: Fields, form: Form) -> Paragraph:
    level = fields.take("level")
    dash = cast(Literal["", "-", "+"], fields.choice("dash", ("", "-", "+"), ""))
    if level and dash:
        fields.node.refuse(Invalid("một đoạn có số (“level”) hoặc gạch đầu dòng (“dash”), không có cả hai."))
    return Paragraph(
        _words(what),
        align=cast(Align, fields.choice("align", get_args(Align), "both")),
        bold=fields.flag("bold"),
        italic=fields.flag("italic"),
        dash=dash,
        level=LEVELS[form].index(level.one_of(LEVELS[form])) if level else None,
    )


def _words(node: Node) -> Words:
    if isinstance(node.value, str):
        return node.value
    return tuple(_run(piece) for piece in node.items())


def _run(node: Node) -> Run:
    if isinstance(node.value, str):
        return Run(node.value)
    fields = node.fields()
    url = fields.take("url")
    made = Run(fields.need("text").text(), fields.flag("bold"), fields.flag("italic"), url.url() if url else "")
    fields.done()
    return made


def _table(node: Node) -> Table:
    fields = node.fields()
    columns = tuple(_column(column) for column in fields.need("columns").items(most=60))
    if not columns:
        node.refuse(Invalid("bảng phải có ít nhất một cột."))
    rows = fields.rows("rows", lambda row: _row(row, len(columns)))
    made = Table(
        columns,
        rows,
        number_row=fields.flag("number_row"),
        caption=fields.text("caption"),
        unit=fields.text("unit"),
        remarks=fields.rows("remarks", _words),
    )
    fields.done()
    return made


def _column(node: Node) -> Column:
    if isinstance(node.value, str):
        return Column(node.value, 30)
    fields = node.fields()
    title = fields.need("title").text()
    width = fields.take("width")
    share = float(width.number()) if width else 30.0
    if width and not 1 <= share <= 1000:
        width.refuse(Invalid("độ rộng cột từ 1 đến 1000 mm."))
    made = Column(title, share, cast(Align, fields.choice("align", get_args(Align), "left")), fields.text("group"))
    fields.done()
    return made


def _row(node: Node, width: int) -> Row:
    if not isinstance(node.value, Mapping):
        return _cells(node, width)
    fields = node.fields()
    made: Row
    if fields.has("total"):
        made = Total(_cells(fields.need("total"), width))
    else:
        heading, level = fields.need("heading").filled(), fields.take("level")
        made = Heading(heading, level.whole(1, 2) if level else 1)
    fields.done()
    return made


def _cells(node: Node, width: int) -> tuple[Cell, ...]:
    cells = tuple(_cell(cell) for cell in node.items())
    if len(cells) != width:
        node.refuse(Invalid("hàng có {count} ô, bảng có {width} cột.", count=len(cells), width=width))
    return cells


def _cell(node: Node) -> Cell:
    if isinstance(node.value, list | tuple):
        return tuple(_run(piece) for piece in node.items())
    if not isinstance(node.value, Mapping) or "value" not in node.value:
        return _value(node)
    fields = node.fields()
    value, url, mark = fields.take("value"), fields.take("url"), fields.text("mark")
    fields.done()
    return Figure(_value(value) if value else None, url.url() if url else "", mark)


def _value(node: Node) -> Value:
    """A text, a number, {"percent": 45.5}, {"share": [45, 99]}, {"day": "2026-01-05"}, or nothing."""
    if node.value is None or isinstance(node.value, str):
        return node.value
    if isinstance(node.value, Mapping) and "day" in node.value:
        fields = node.fields()
        day = fields.need("day").day()
        fields.done()
        return day
    return _amount(node)


def _amount(node: Node) -> Amount:
    if not isinstance(node.value, Mapping):
        return node.number()
    fields = node.fields()
    if fields.has("percent"):
        made = Fraction(fields.need("percent").number()) / 100
    else:
        parts = list(fields.need("share").items(most=2))
        if len(parts) != 2:
            node.refuse(Invalid("“share” là tử số và mẫu số: [45, 100]."))
        part, whole = (Fraction(one.number()) for one in parts)
        if not whole:
            node.refuse(Invalid("mẫu số không được bằng 0."))
        made = part / whole
    fields.done()
    return made


def _chart(node: Node) -> Chart:
    fields = node.fields()
    labels = tuple(label.text() for label in fields.need("labels").items(most=200))
    if not labels:
        node.refuse(Invalid("biểu đồ phải có ít nhất một nhãn."))
    series = tuple(_series(one, len(labels)) for one in fields.need("series").items(most=8))
    if not series:
        node.refuse(Invalid("biểu đồ phải có ít nhất một dãy số liệu."))
    kinds = {isinstance(value, Fraction) for one in series for value in one.values if value is not None}
    if len(kinds) > 1:
        node.refuse(Invalid("một biểu đồ chỉ có tỷ lệ hoặc chỉ có số lượng, không có cả hai."))
    height = fields.take("height")
    made: dict[str, Any] = {"height_mm": height.whole(40, 220)} if height else {}
    chart = Chart(
        title=fields.need("title").text(),
        labels=labels,
        series=series,
        kind=cast(Literal["bar", "line"], fields.choice("kind", ("bar", "line"), "bar")),
        unit=fields.text("unit"),
        alt=fields.text("alt"),
        **made,
    )
    fields.done()
    return chart


def _series(node: Node, width: int) -> Series:
    fields = node.fields()
    given = fields.need("values")
    values = tuple(None if value.value is None else _amount(value) for value in given.items(most=200))
    if len(values) != width:
        given.refuse(Invalid("có {count} giá trị, biểu đồ có {width} nhãn.", count=len(values), width=width))
    made = Series(fields.need("name").text(), values)
    fields.done()
    return made
