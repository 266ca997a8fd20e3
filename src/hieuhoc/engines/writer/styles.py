"""The styles of an official paper: every component of the decree has one, by its name in Word's list of styles.

Source: Decree 30/2020/NĐ-CP, Annex I: the table of components, sizes and styles of type.
"""

from dataclasses import dataclass

from hieuhoc.engines.writer.wordml import Element, Jc, element, root, twips

FONT = "Times New Roman"
BODY_SIZE = 14


@dataclass(frozen=True)
class Style:
    """A paragraph style. Units: `size`, `before`, `after` in points; `line` in lines; indents in millimetres."""

    key: str
    name: str
    size: float
    bold: bool = False
    italic: bool = False
    jc: Jc = "left"
    before: float = 0
    after: float = 0
    line: float = 1
    first_line: float = 0
    keep_next: bool = False
    outline: int | None = None


INDENT_MM = 12.7
TABLE_SIZE = 12

STYLES = (
    Style("Country", "Quốc hiệu", 13, bold=True, jc="center"),
    Style("Motto", "Tiêu ngữ", 14, bold=True, jc="center"),
    Style("Superior", "Cơ quan chủ quản", 13, jc="center"),
    Style("Issuer", "Cơ quan ban hành", 13, bold=True, jc="center"),
    Style("Rule", "Đường kẻ", 1, before=2.5),
    Style("Number", "Số, ký hiệu", 13, jc="center", before=7),
    Style("LetterSubject", "Trích yếu công văn", 12, jc="center", before=6),
    Style("PlaceDay", "Địa danh, thời gian", 14, italic=True, jc="center", before=6),
    Style("Title", "Title", 14, bold=True, jc="center", before=18, keep_next=True),
    Style("Subtitle", "Subtitle", 14, bold=True, jc="center", after=2, keep_next=True),
    Style("AddressedTo", "Kính gửi", 14, after=6),
    Style("Basis", "Căn cứ", BODY_SIZE, italic=True, jc="both", after=6, line=1.1, first_line=INDENT_MM),
    Style("BodyText", "Body Text", BODY_SIZE, jc="both", after=6, line=1.1, first_line=INDENT_MM),
    Style("Heading1", "heading 1", 14, bold=True, jc="center", before=6, after=6, keep_next=True, outline=0),
    *(
        Style(
            f"Heading{n}",
            f"heading {n}",
            14,
            n < 4,
            jc="both",
            after=6,
            line=1.1,
            first_line=INDENT_MM,
            keep_next=n < 4,
            outline=n - 1,
        )
        for n in range(2, 8)
    ),
    Style("RecipientsTitle", "Nơi nhận", 12, bold=True, italic=True, before=8),
    Style("Recipient", "Nơi nhận - danh sách", 11),
    Style("Authority", "Quyền hạn, chức vụ", 14, bold=True, jc="center", before=6, keep_next=True),
    Style("Signer", "Người ký", 14, bold=True, jc="center", before=72),
    Style("AnnexNumber", "Phụ lục", 14, bold=True, jc="center", keep_next=True, outline=0),
    Style("AnnexTitle", "Tiêu đề phụ lục", 14, bold=True, jc="center", keep_next=True),
    Style("AnnexReference", "Kèm theo", 14, italic=True, jc="center", keep_next=True),
    Style("TableHead", "Bảng - tiêu đề cột", TABLE_SIZE, bold=True, jc="center", before=2, after=2),
    Style("TableNumber", "Bảng - số cột", TABLE_SIZE, italic=True, jc="center"),
    Style("TableText", "Bảng - chữ", TABLE_SIZE, before=2, after=2),
    Style("TableGroup", "Bảng - mục", TABLE_SIZE, bold=True, before=3, after=3, keep_next=True),
    Style("TableSubgroup", "Bảng - tiểu mục", TABLE_SIZE, bold=True, italic=True, before=2, after=2, keep_next=True),
    Style("Header", "header", 13, jc="center"),
)


def styles_part() -> Element:
    """The part of a Word file that holds the styles."""
    fonts = element("rFonts", ascii=FONT, hAnsi=FONT, eastAsia=FONT, cs=FONT)
    size = BODY_SIZE * 2
    defaults = element(
        "docDefaults",
        element(
            "rPrDefault",
            element(
                "rPr",
                fonts,
                element("sz", val=size),
                element("szCs", val=size),
                element("lang", val="vi-VN", eastAsia="vi-VN", bidi="ar-SA"),
            ),
        ),
        element("pPrDefault", element("pPr", element("spacing", before=0, after=0, line=240, lineRule="auto"))),
    )
    own = {"type": "paragraph", "default": "1", "styleId": "Normal"}
    normal = element("style", element("name", val="Normal"), element("qFormat"), **own)
    return root("styles", [defaults, normal, *(_style(style) for style in STYLES)])


def _style(style: Style) -> Element:
    spacing = {"before": round(style.before * 20), "after": round(style.after * 20)}
    if style.key == "Rule":  # as thin as a line can be: the border is what is seen
        lines: dict[str, str | int] = {"line": 40, "lineRule": "exact"}
    else:
        lines = {"line": round(style.line * 240), "lineRule": "auto"}
    layout = element("pPr")
    if style.keep_next:
        layout.append(element("keepNext"))
    layout.append(element("spacing", **spacing, **lines))
    if style.first_line:
        layout.append(element("ind", firstLine=twips(style.first_line)))
    layout.append(element("jc", val=style.jc))
    if style.outline is not None:
        layout.append(element("outlineLvl", val=style.outline))
    marks = [*(("b", "bCs") if style.bold else ()), *(("i", "iCs") if style.italic else ())]
    size = round(style.size * 2)
    return element(
        "style",
        element("name", val=style.name),
        element("basedOn", val="Normal"),
        element("qFormat"),
        layout,
        element("rPr", *(element(mark) for mark in marks), element("sz", val=size), element("szCs", val=size)),
        type="paragraph",
        styleId=style.key,
    )
