"""The answers of our own repository in XML: OAI-PMH 2.0 with Dublin Core."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from lxml import etree

from hieuhoc.programme.learning.models import Material
from hieuhoc.programme.learning.rules import kinds, oai
from hieuhoc.programme.learning.rules import materials as rules

OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
SCHEMA = "http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"
DC_SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Answer:
    """An answer that is being written; `request` are the arguments that are said back."""

    def __init__(self, *, address: str, now: datetime, request: Mapping[str, str]) -> None:
        names: dict[str | None, str] = {None: OAI, "xsi": XSI}
        self.root = etree.Element(f"{{{OAI}}}OAI-PMH", nsmap=names)  # type: ignore[arg-type]  # stubs want no default
        self.root.set(f"{{{XSI}}}schemaLocation", f"{OAI} {SCHEMA}")
        add(self.root, "responseDate", oai.stamp(now))
        asked = add(self.root, "request", address)
        for name, value in request.items():
            asked.set(name, _clean(value))

    def content(self) -> bytes:
        """The document."""
        return etree.tostring(self.root, xml_declaration=True, encoding="UTF-8")

    def error(self, code: str, sentence: str) -> None:
        """Say that the request was wrong."""
        add(self.root, "error", sentence).set("code", code)

    def identify(self, *, address: str, email: str, earliest: datetime) -> None:
        """Say what this repository is."""
        told = add(self.root, "Identify")
        add(told, "repositoryName", "Hiếu Học")
        add(told, "baseURL", address)
        add(told, "protocolVersion", "2.0")
        add(told, "adminEmail", email)
        add(told, "earliestDatestamp", oai.stamp(earliest))
        add(told, "deletedRecord", "persistent")
        add(told, "granularity", "YYYY-MM-DDThh:mm:ssZ")

    def formats(self) -> None:
        """Say that there is Dublin Core."""
        one = add(add(self.root, "ListMetadataFormats"), "metadataFormat")
        add(one, "metadataPrefix", oai.FORMAT)
        add(one, "schema", DC_SCHEMA)
        add(one, "metadataNamespace", OAI_DC)

    def sets(self) -> None:
        """The fields of learning."""
        listed = add(self.root, "ListSets")
        for code, name in kinds.FIELDS.items():
            one = add(listed, "set")
            add(one, "setSpec", code)
            add(one, "setName", str(name))

    def listed(
        self, verb: str, materials: Iterable[Material], *, token: str | None, cursor: int = 0, size: int = 0
    ) -> None:
        """A page of headers or records. `token` is empty on the last page of several, None on the only one."""
        listed = add(self.root, verb)
        for material in materials:
            if verb == "ListIdentifiers":
                header(listed, material)
            else:
                record(listed, material)
        if token is not None:
            more = add(listed, "resumptionToken", token)
            more.set("completeListSize", str(size))
            more.set("cursor", str(cursor))

    def one(self, material: Material) -> None:
        """A single record."""
        record(add(self.root, "GetRecord"), material)


def add(parent: etree._Element, name: str, text: str = "") -> etree._Element:
    """Another element of the protocol."""
    element = etree.SubElement(parent, f"{{{OAI}}}{name}")
    if text:
        element.text = _clean(text)
    return element


def header(parent: etree._Element, material: Material) -> None:
    """What stands above each record; of a withdrawn one, all there is."""
    told = add(parent, "header")
    if material.is_withdrawn:
        told.set("status", "deleted")
    add(told, "identifier", identifier_of(material.pk))
    add(told, "datestamp", oai.stamp(material.changed_at))
    add(told, "setSpec", material.field)


def record(parent: etree._Element, material: Material) -> None:
    """A material in Dublin Core."""
    told = add(parent, "record")
    header(told, material)
    if material.is_withdrawn:
        return
    core = etree.SubElement(add(told, "metadata"), f"{{{OAI_DC}}}dc", nsmap={"oai_dc": OAI_DC, "dc": DC, "xsi": XSI})
    core.set(f"{{{XSI}}}schemaLocation", f"{OAI_DC} {DC_SCHEMA}")
    for name, text in core_of(material):
        if text:
            etree.SubElement(core, f"{{{DC}}}{name}").text = _clean(text)


def core_of(material: Material) -> list[tuple[str, str]]:
    """The elements of Dublin Core of a material."""
    page = f"{settings.PUBLIC_ADDRESS}{reverse('learning:library-detail', args=[material.pk])}"
    return [
        ("title", material.title),
        ("creator", material.author),
        ("subject", material.topic.name if material.topic else ""),
        ("subject", str(kinds.FIELDS[material.field])),
        ("description", material.summary),
        ("publisher", material.unit.name if material.unit else ""),
        ("date", oai.stamp(material.changed_at)[:10]),
        ("type", rules.type_of(material.form)),
        ("type", material.form),
        ("format", material.file.content_type if material.file else ""),
        ("identifier", page),
        ("source", material.url),
        ("language", material.language if material.language != "other" else "und"),
        ("rights", rules.rights_of(material.licence)),
    ]


def identifier_of(pk: int) -> str:
    """The name of a record for all time."""
    return f"{_start()}{pk}"


def pk_of(identifier: str) -> int | None:
    """The row of a record's name; None where it is none of ours."""
    number = identifier.removeprefix(_start())
    is_ours = identifier.startswith(_start()) and number.isascii() and number.isdecimal() and len(number) < 18
    return int(number) if is_ours and number == str(int(number)) else None


def _start() -> str:
    host = settings.PUBLIC_ADDRESS.partition("://")[2].partition("/")[0].partition(":")[0]
    return f"oai:{host}:material-"


def _clean(text: str) -> str:
    return _NO_XML.sub("", text)
