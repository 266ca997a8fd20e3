"""The styles of an official paper: every component of the decree has one, by its name in Word's list of styles.

Source: Decree 30/2020/NĐ-CP, Annex I: the table of components, sizes and styles of type.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hieuhoc.engines.writer.paper import Form
from hieuhoc.engines.writer.wordml import Element, Jc, element, root, twips

FONT = "Times New Roman"
BODY_SIZE = 14


@dataclass(frozen=True)
class Style:
    """A paragraph style. Units: `size`, `before`, `after` in points; `line` in lines; indents in millimetres.

    `listed` is the level of the list of dashes that the style belongs to.
    """

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
    color: str = ""
    listed: int | None = None


INDENT_MM = 12.7
TABLE_SIZE = 12
STAMP_RED = "E4002B"

_COMMON = (
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
    Style("Dash", "Gạch đầu dòng", BODY_SIZE, jc="both", after=6, line=1.1, first_line=INDENT_MM, listed=0),
    Style("Plus", "Dấu cộng đầu dòng", BODY_SIZE, jc="both", after=6, line=1.1, first_line=INDENT_MM, listed=1),
    Style("Stamp", "Dấu mức độ khẩn, lưu hành", 13, bold=True, jc="center", before=10, color=STAMP_RED),
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
    Style("TableTotal", "Bảng - tổng cộng", TABLE_SIZE, bold=True, before=2, after=2),
    Style("TableCaption", "Bảng - tên", 13, bold=True, jc="center", before=6, after=4, keep_next=True),
    Style("TableUnit", "Bảng - đơn vị tính", TABLE_SIZE, italic=True, jc="right", after=3, keep_next=True),
    Style("Remark", "Bảng - ghi chú", 11, italic=True, jc="both", before=3),
    Style("Chart", "Biểu đồ", TABLE_SIZE, jc="center", before=6, after=6),
    Style("Header", "header", 13, jc="center"),
    Style("CertificateTitle", "Giấy chứng nhận - tên loại", 34, bold=True, jc="center", before=40, after=14),
    Style("CertificateText", "Giấy chứng nhận - nội dung", 18, jc="center", before=3, after=3, line=1.1),
    Style("CertificateName", "Giấy chứng nhận - người được cấp", 32, bold=True, jc="center", before=14, after=14),
    Style("CertificateEntry", "Giấy chứng nhận - số", 12, before=4, after=2),
    Style("CertificateMark", "Giấy chứng nhận - mã kiểm tra", 10, jc="left", before=2),
)

_APART = 4  # levels of form A whose number stands on a line of its own: phần, chương, mục, tiểu mục
_BOLD: dict[Form, int] = {"A": 6, "B": 3}  # so many first levels have bold titles


def styles(form: Form) -> tuple[Style, ...]:
    """All styles of a paper of that form: what a heading looks like depends on it.

    An annex of the other form has styles of its own, since Word knows one heading of each level.
    """
    other: Form = "A" if form == "B" else "B"
    return *_COMMON, *(_heading(form, level) for level in range(7)), *(_heading(other, n, "Annex") for n in range(7))


def _heading(form: Form, level: int, of: str = "") -> Style:
    key, name = f"{of}Heading{level + 1}", f"Phụ lục - đề mục {level + 1}" if of else f"heading {level + 1}"
    bold = level < _BOLD[form]
    outline = max(0, level - 1) if form == "B" else level
    if level == 0 or (form == "A" and level < _APART):
        return Style(key, name, 14, bold=True, jc="center", before=6, after=6, keep_next=True, outline=outline)
    return Style(
        key,
        name,
        14,
        bold,
        jc="both",
        after=6,
        line=1.1,
        first_line=INDENT_MM,
        keep_next=bold,
        outline=outline,
    )


def styles_part(form: Form, lists: Mapping[str, Element]) -> Element:
    """The part of a Word file that holds the styles; `lists` are those that belong to a list, by their keys."""
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
    dotted = element("u", val="dotted", color="808080")
    link = _letters("Hyperlink", "Hyperlink", element("rPr", element("color", val="000000"), dotted))
    source = _letters("SourceLink", "Số liệu có nguồn", element("rPr", element("color", val="000000")))
    letters = element(
        "style",
        element("name", val="Default Paragraph Font"),
        type="character",
        default="1",
        styleId="DefaultParagraphFont",
    )
    made = [_style(style, lists.get(style.key)) for style in styles(form)]
    return root("styles", [defaults, normal, letters, link, source, *made])


def _letters(key: str, name: str, look: Element) -> Element:
    """A style of letters, black as everything in a paper is."""
    named = element("name", val=name), element("basedOn", val="DefaultParagraphFont")
    return element("style", *named, look, type="character", styleId=key)


def _style(style: Style, listed: Element | None) -> Element:
    spacing = {"before": round(style.before * 20), "after": round(style.after * 20)}
    if style.key == "Rule":  # as thin as a line can be: the border is what is seen
        lines: dict[str, str | int] = {"line": 40, "lineRule": "exact"}
    else:
        lines = {"line": round(style.line * 240), "lineRule": "auto"}
    layout = element("pPr")
    if style.keep_next:
        layout.append(element("keepNext"))
    if listed is not None:
        layout.append(listed)
    layout.append(element("spacing", **spacing, **lines))
    if style.first_line:
        layout.append(element("ind", firstLine=twips(style.first_line)))
    layout.append(element("jc", val=style.jc))
    if style.outline is not None:
        layout.append(element("outlineLvl", val=style.outline))
    type_ = element("rPr")
    for mark in (*(("b", "bCs") if style.bold else ()), *(("i", "iCs") if style.italic else ())):
        type_.append(element(mark))
    if style.color:
        type_.append(element("color", val=style.color))
    type_.extend(element(size, val=round(style.size * 2)) for size in ("sz", "szCs"))
    return element(
        "style",
        element("name", val=style.name),
        element("basedOn", val="Normal"),
        element("qFormat"),
        layout,
        type_,
        type="paragraph",
        styleId=style.key,
    )
