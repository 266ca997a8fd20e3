"""Word's automatic numbers, written as Word prints them ("1.", "a)", "II", "2.1.", "-").

Source: ECMA-376 part 1, 17.9: counters belong to the abstract list, a start override restarts it once, a level
restarts after a higher one unless `lvlRestart` says otherwise.
"""

from dataclasses import dataclass, field

from lxml import etree

_BULLETS = "-–—+*•○▪◦"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
          (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
DEEPEST = 9  # levels that Word has


def local(element: etree._Element) -> str:
    """The element's name without its namespace, or "" for a comment or an entity."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first element under these names, whichever of Word's two namespaces they are in."""
    for name in path:
        if element is None:
            return None
        element = next((inner for inner in element if local(inner) == name), None)
    return element


def attribute(element: etree._Element | None, name: str = "val") -> str | None:
    """An attribute by its name without a namespace."""
    if element is None:
        return None
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), None)


def number(text: str | None, default: int = 0) -> int:
    """A whole number of a sane size, or the default."""
    try:
        value = int(text or "")
    except ValueError:
        return default
    return value if -32_768 <= value <= 32_767 else default


@dataclass(frozen=True)
class _Level:
    start: int = 1
    form: str = "decimal"
    text: str = ""
    restart: int | None = None
    legal: bool = False
    glued: bool = False
    style: str | None = None


@dataclass
class Numbering:
    """The lists of a document and how far each has counted."""

    abstract: dict[str, dict[int, _Level]] = field(default_factory=dict)
    linked: dict[str, str] = field(default_factory=dict)  # abstract list → the style that defines it
    numbers: dict[str, str] = field(default_factory=dict)  # list → abstract list
    overrides: dict[str, dict[int, int]] = field(default_factory=dict)
    replaced: dict[str, dict[int, _Level]] = field(default_factory=dict)
    _counters: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    @classmethod
    def of(cls, root: etree._Element | None, style_lists: dict[str, str]) -> "Numbering":
        """Reads numbering.xml; `style_lists` names the list of each numbering style."""
        made = cls()
        for element in root if root is not None else ():
            if local(element) == "abstractNum":
                key = attribute(element, "abstractNumId") or ""
                made.abstract[key] = dict(_level(lvl) for lvl in element if local(lvl) == "lvl")
                link = attribute(child(element, "numStyleLink"))
                if link is not None:
                    made.linked[key] = link
            elif local(element) == "num":
                made._read_list(element)
        for key, style in made.linked.items():
            target = made.numbers.get(style_lists.get(style, ""))
            if target is not None and target in made.abstract and not made.abstract[key]:
                made.abstract[key] = made.abstract[target]
        return made

    def _read_list(self, element: etree._Element) -> None:
        key = attribute(element, "numId") or ""
        self.numbers[key] = attribute(child(element, "abstractNumId")) or ""
        for override in element:
            if local(override) != "lvlOverride":
                continue
            place = number(attribute(override, "ilvl"))
            level = child(override, "lvl")
            if level is not None:
                self.replaced.setdefault(key, {})[place] = _level(level)[1]
            start = attribute(child(override, "startOverride"))
            if start is not None:
                self.overrides.setdefault(key, {})[place] = number(start, 1)

    def level_of_style(self, key: str, style: str) -> int:
        """The level of a list that a paragraph style is tied to; 0 where none is."""
        levels = self.abstract.get(self.numbers.get(key, ""), {})
        return next((place for place, level in levels.items() if level.style == style), 0)

    def next(self, key: str, place: int) -> str:
        """Counts one paragraph on and returns what Word prints before it, "" where it prints nothing."""
        owner = self.numbers.get(key)
        if owner is None or not 0 <= place < DEEPEST:
            return ""
        levels = {**self.abstract.get(owner, {}), **self.replaced.get(key, {})}
        level = levels.get(place)
        if level is None:
            return ""
        counters = self._counters.setdefault(owner, {})
        if (key, place) not in self._begun:
            self._begun.add((key, place))
            if place in self.overrides.get(key, {}):
                counters[place] = self.overrides[key][place] - 1
        counters[place] = counters.get(place, level.start - 1) + 1
        for deeper in range(place + 1, DEEPEST):
            rule = levels.get(deeper, _Level()).restart
            if rule is None or (rule > 0 and place < rule):
                counters.pop(deeper, None)
        shown = _shown(level, levels, counters)
        return shown if not shown or level.glued else shown + " "


def _level(element: etree._Element) -> tuple[int, _Level]:
    restart = attribute(child(element, "lvlRestart"))
    legal = child(element, "isLgl")
    return number(attribute(element, "ilvl")), _Level(
        start=number(attribute(child(element, "start")), 0 if child(element, "start") is None else 1),
        form=attribute(child(element, "numFmt")) or "decimal",
        text=(attribute(child(element, "lvlText")) or "")[:100],
        restart=None if restart is None else number(restart),
        legal=legal is not None and attribute(legal) not in ("0", "false"),
        glued=attribute(child(element, "suff")) == "nothing",
        style=attribute(child(element, "pStyle")),
    )


def _shown(level: _Level, levels: dict[int, _Level], counters: dict[int, int]) -> str:
    if level.form == "none":
        return ""
    if level.form == "bullet":
        return level.text if level.text and all(mark in _BULLETS for mark in level.text) else "•"
    shown = level.text
    for place in range(DEEPEST):
        if f"%{place + 1}" in shown:
            other = levels.get(place, _Level())
            form = "decimal" if level.legal else other.form
            shown = shown.replace(f"%{place + 1}", written(counters.get(place, other.start), form))
    return shown.strip()


def written(value: int, form: str) -> str:
    """A number as a list writes it.

    Example:
        >>> written(4, "lowerLetter"), written(28, "lowerLetter"), written(14, "upperRoman"), written(3, "decimalZero")
        ('d', 'bb', 'XIV', '03')
    """
    if form in ("bullet", "none"):
        return ""
    if form in ("lowerLetter", "upperLetter") and value > 0:
        letter = chr(ord("a") + (value - 1) % 26) * min((value - 1) // 26 + 1, 30)
        return letter if form == "lowerLetter" else letter.upper()
    if form in ("lowerRoman", "upperRoman") and 0 < value < 4000:
        roman = ""
        for size, letters in _ROMAN:
            roman, value = roman + letters * (value // size), value % size
        return roman if form == "lowerRoman" else roman.upper()
    return f"{value:02d}" if form == "decimalZero" else str(value)
