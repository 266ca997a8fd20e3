"""The parts around a Word document: settings, properties, the head of the page, and what binds them."""

from datetime import UTC, datetime
from urllib.parse import quote

from lxml import etree

from hieuhoc.engines.writer.charts import chart_part, chart_workbook
from hieuhoc.engines.writer.lists import Lists
from hieuhoc.engines.writer.paper import Chart, Form
from hieuhoc.engines.writer.styles import styles_part
from hieuhoc.engines.writer.wordml import Element, element, root, xml_bytes, zipped

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CORE = f"{_PACKAGE}/metadata/core-properties"
_DC, _TERMS = "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"

_TYPES = {
    "word/document.xml": f"{_WORD_TYPE}.document.main+xml",
    "word/styles.xml": f"{_WORD_TYPE}.styles+xml",
    "word/numbering.xml": f"{_WORD_TYPE}.numbering+xml",
    "word/settings.xml": f"{_WORD_TYPE}.settings+xml",
    "word/header.xml": f"{_WORD_TYPE}.header+xml",
    "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    "docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
}
_PACKAGE_LINKS = (
    ("rIdDocument", f"{_OFFICE}/relationships/officeDocument", "word/document.xml"),
    ("rIdCore", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
    ("rIdApp", f"{_OFFICE}/relationships/extended-properties", "docProps/app.xml"),
)
_DOCUMENT_LINKS = (
    ("rIdStyles", f"{_OFFICE}/relationships/styles", "styles.xml"),
    ("rIdNumbering", f"{_OFFICE}/relationships/numbering", "numbering.xml"),
    ("rIdSettings", f"{_OFFICE}/relationships/settings", "settings.xml"),
    ("rIdHeader", f"{_OFFICE}/relationships/header", "header.xml"),
)


_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_URL_SIGNS = ":/?#[]@!$&'()*+,;=%~-._"

Link = tuple[str, str, str]


class Belongings:
    """What a document refers to beside its text: pages on the web, charts, pictures, lists."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.lists = Lists(form)
        self.pages: dict[str, str] = {}
        self.links: list[Link] = []
        self.parts: list[tuple[str, bytes]] = []
        self.types: dict[str, str] = {}
        self.drawings = 0

    def page(self, url: str) -> str:
        """The relation that leads to a page on the web."""
        if url not in self.pages:
            self.pages[url] = f"rIdPage{len(self.pages) + 1}"
        return self.pages[url]

    def chart(self, chart: Chart) -> str:
        """The relation that leads to a chart, which is added with its workbook."""
        self.drawings += 1
        name, book = f"charts/chart{self.drawings}.xml", f"embeddings/chart{self.drawings}.xlsx"
        leads = _links((("rIdFigures", f"{_OFFICE}/relationships/package", f"../{book}"),))
        self.types[f"word/{name}"] = _CHART_TYPE
        self.parts += [
            (f"word/{name}", chart_part(chart, "rIdFigures")),
            (f"word/charts/_rels/chart{self.drawings}.xml.rels", leads),
            (f"word/{book}", chart_workbook(chart)),
        ]
        return self._link("Chart", "chart", name)

    def picture(self, png: bytes) -> str:
        """The relation that leads to a picture, which is added."""
        self.drawings += 1
        name = f"media/picture{self.drawings}.png"
        self.parts.append((f"word/{name}", png))
        return self._link("Picture", "image", name)

    def _link(self, what: str, kind: str, target: str) -> str:
        key = f"rId{what}{self.drawings}"
        self.links.append((key, f"{_OFFICE}/relationships/{kind}", target))
        return key


def packed(document: Element, belongings: Belongings, *, title: str, author: str, written_at: datetime | None) -> bytes:
    """The document with everything a Word file needs around it."""
    outside = tuple(
        (key, f"{_OFFICE}/relationships/hyperlink", quote(url, safe=_URL_SIGNS))
        for url, key in belongings.pages.items()
    )
    return zipped(
        [
            ("[Content_Types].xml", _content_types({**_TYPES, **belongings.types})),
            ("_rels/.rels", _links(_PACKAGE_LINKS)),
            ("word/document.xml", xml_bytes(document)),
            ("word/_rels/document.xml.rels", _links((*_DOCUMENT_LINKS, *belongings.links), outside)),
            ("word/styles.xml", xml_bytes(styles_part(belongings.form, belongings.lists.of_styles()))),
            ("word/numbering.xml", xml_bytes(belongings.lists.part())),
            ("word/settings.xml", xml_bytes(_settings())),
            ("word/header.xml", xml_bytes(_header())),
            *belongings.parts,
            ("docProps/core.xml", _core(title, author, written_at)),
            ("docProps/app.xml", _app()),
        ]
    )


def _content_types(parts: dict[str, str]) -> bytes:
    space = f"{_PACKAGE}/content-types"
    types = etree.fromstring(f'<Types xmlns="{space}"/>')
    for ending, kind in (
        ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
        ("xml", "application/xml"),
        ("png", "image/png"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ):
        etree.SubElement(types, f"{{{space}}}Default", {"Extension": ending, "ContentType": kind})
    for name, kind in parts.items():
        etree.SubElement(types, f"{{{space}}}Override", {"PartName": f"/{name}", "ContentType": kind})
    return xml_bytes(types)


def _links(links: tuple[Link, ...], outside: tuple[Link, ...] = ()) -> bytes:
    space = f"{_PACKAGE}/relationships"
    relations = etree.fromstring(f'<Relationships xmlns="{space}"/>')
    for key, kind, target in links:
        etree.SubElement(relations, f"{{{space}}}Relationship", {"Id": key, "Type": kind, "Target": target})
    for key, kind, target in outside:
        led = {"Id": key, "Type": kind, "Target": target, "TargetMode": "External"}
        etree.SubElement(relations, f"{{{space}}}Relationship", led)
    return xml_bytes(relations)


def _settings() -> Element:
    """Word's own settings: of today's layout rules, so that it does not fall back to those of 2007."""
    modern = element(
        "compatSetting", name="compatibilityMode", uri="http://schemas.microsoft.com/office/word", val="15"
    )
    return root(
        "settings",
        [
            element("zoom", percent="100"),
            element("defaultTabStop", val="720"),
            element("characterSpacingControl", val="doNotCompress"),
            element("compat", modern),
            element("themeFontLang", val="vi-VN"),
        ],
    )


def _header() -> Element:
    """The page number, centred in the top margin."""
    number = element("fldSimple", element("r", element("t")), instr=" PAGE ")
    number[0][0].text = "2"
    style = element("pPr", element("pStyle", val="Header"))
    return root("hdr", [element("p", style, number)])


def _core(title: str, author: str, written_at: datetime | None) -> bytes:
    core = etree.Element(f"{{{_CORE}}}coreProperties", nsmap={"cp": _CORE, "dc": _DC, "dcterms": _TERMS, "xsi": _XSI})
    for name, text in (("title", title), ("creator", author), ("language", "vi-VN")):
        etree.SubElement(core, f"{{{_DC}}}{name}").text = text
    if written_at is not None:
        moment = written_at.astimezone(UTC) if written_at.tzinfo else written_at
        for name in ("created", "modified"):
            instant = etree.SubElement(core, f"{{{_TERMS}}}{name}", {f"{{{_XSI}}}type": "dcterms:W3CDTF"})
            instant.text = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
    return xml_bytes(core)


def _app() -> bytes:
    space = f"{_OFFICE}/extended-properties"
    properties = etree.fromstring(f'<Properties xmlns="{space}"/>')
    etree.SubElement(properties, f"{{{space}}}Application").text = "Hiếu Học"
    return xml_bytes(properties)
