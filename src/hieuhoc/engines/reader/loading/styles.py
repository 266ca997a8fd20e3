"""What a Word paragraph takes from its styles: list, outline level, bold, centred, capitals, font."""

from dataclasses import dataclass, field, replace

from lxml import etree

from hieuhoc.engines.reader.loading.numbering import attribute, child, local, number


@dataclass(frozen=True)
class Look:
    """Properties that matter to reading; None where a style says nothing."""

    bold: bool | None = None
    centred: bool | None = None
    capitals: bool | None = None
    hidden: bool | None = None
    font: str | None = None
    outline: int | None = None
    list_id: str | None = None
    list_level: int | None = None

    def over(self, other: "Look") -> "Look":
        """This look laid over another: what it does not say, the other says."""
        said = {key: value for key, value in vars(self).items() if value is not None}
        return replace(other, **said)


@dataclass
class Styles:
    """The paragraph and character styles of a document."""

    default: Look = field(default_factory=Look)
    normal: str = ""
    own: dict[str, Look] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)  # numbering style → its list
    _known: dict[str, Look] = field(default_factory=dict)

    @classmethod
    def of(cls, root: etree._Element | None) -> "Styles":
        """Reads styles.xml."""
        made = cls()
        for element in root if root is not None else ():
            if local(element) == "docDefaults":
                run = look_of_run(child(element, "rPrDefault", "rPr"))
                made.default = run.over(look_of_paragraph(child(element, "pPrDefault", "pPr")))
            elif local(element) == "style":
                made._read(element)
        return made

    def _read(self, element: etree._Element) -> None:
        key = attribute(element, "styleId") or ""
        look = look_of_run(child(element, "rPr")).over(look_of_paragraph(child(element, "pPr")))
        name = (attribute(child(element, "name")) or "").lower()
        if look.outline is None and name.startswith("heading ") and name[8:].isdigit():
            look = replace(look, outline=number(name[8:], 1) - 1)
        self.own[key] = look
        parent = attribute(child(element, "basedOn"))
        if parent is not None:
            self.parents[key] = parent
        if attribute(element, "type") == "paragraph" and attribute(element, "default") in ("1", "true"):
            self.normal = key
        if attribute(element, "type") == "numbering" and look.list_id is not None:
            self.lists[key] = look.list_id

    def look(self, key: str | None) -> Look:
        """A style with all that it is based on; the default paragraph style where none is named."""
        key = self.normal if key is None else key
        if key not in self._known:
            look, at, seen = Look(), key, set[str]()
            while at and at not in seen:
                seen.add(at)
                look = look.over(self.own.get(at, Look()))
                at = self.parents.get(at, "")
            self._known[key] = look.over(self.default)
        return self._known[key]

    def character(self, key: str | None) -> Look:
        """A character style alone, without the document's defaults."""
        return self.own.get(key or "", Look())


def look_of_run(properties: etree._Element | None) -> Look:
    """What run properties (w:rPr) say."""
    if properties is None:
        return Look()
    fonts = child(properties, "rFonts")
    font = attribute(fonts, "ascii") or attribute(fonts, "hAnsi")
    return Look(
        bold=_switch(child(properties, "b")),
        capitals=_switch(child(properties, "caps")),
        hidden=_switch(child(properties, "vanish")),
        font=font,
    )


def look_of_paragraph(properties: etree._Element | None) -> Look:
    """What paragraph properties (w:pPr) say."""
    if properties is None:
        return Look()
    side = attribute(child(properties, "jc"))
    outline = attribute(child(properties, "outlineLvl"))
    level = attribute(child(properties, "numPr", "ilvl"))
    return Look(
        centred=None if side is None else side == "center",
        outline=None if outline is None else number(outline, 9),
        list_id=attribute(child(properties, "numPr", "numId")),
        list_level=None if level is None else number(level),
    )


def _switch(element: etree._Element | None) -> bool | None:
    return None if element is None else attribute(element) not in ("0", "false", "none", "off")
