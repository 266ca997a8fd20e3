"""The parts around a Word document: settings, properties, the head of the page, and what binds them."""

from datetime import UTC, datetime

from lxml import etree

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
    ("rIdSettings", f"{_OFFICE}/relationships/settings", "settings.xml"),
    ("rIdHeader", f"{_OFFICE}/relationships/header", "header.xml"),
)


def packed(document: Element, *, title: str, author: str, written_at: datetime | None) -> bytes:
    """The document with everything a Word file needs around it."""
    return zipped(
        [
            ("[Content_Types].xml", _content_types()),
            ("_rels/.rels", _links(_PACKAGE_LINKS)),
            ("word/document.xml", xml_bytes(document)),
            ("word/_rels/document.xml.rels", _links(_DOCUMENT_LINKS)),
            ("word/styles.xml", xml_bytes(styles_part())),
            ("word/settings.xml", xml_bytes(_settings())),
            ("word/header.xml", xml_bytes(_header())),
            ("docProps/core.xml", _core(title, author, written_at)),
            ("docProps/app.xml", _app()),
        ]
    )


def _content_types() -> bytes:
    space = f"{_PACKAGE}/content-types"
    types = etree.fromstring(f'<Types xmlns="{space}"/>')
    for ending, kind in (
        ("rels", "application/vnd.openxmlformats-package.relationships+xml"),
        ("xml", "application/xml"),
    ):
        etree.SubElement(types, f"{{{space}}}Default", {"Extension": ending, "ContentType": kind})
    for name, kind in _TYPES.items():
        etree.SubElement(types, f"{{{space}}}Override", {"PartName": f"/{name}", "ContentType": kind})
    return xml_bytes(types)


def _links(links: tuple[tuple[str, str, str], ...]) -> bytes:
    space = f"{_PACKAGE}/relationships"
    relations = etree.fromstring(f'<Relationships xmlns="{space}"/>')
    for key, kind, target in links:
        etree.SubElement(relations, f"{{{space}}}Relationship", {"Id": key, "Type": kind, "Target": target})
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
