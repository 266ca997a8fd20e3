"""The lists of a Word file: parts that Word numbers by itself, and dashes."""

from collections.abc import Iterator

from hieuhoc.engines.writer.numbering import LEVELS, Level, Number, latin_run
from hieuhoc.engines.writer.paper import Form
from hieuhoc.engines.writer.styles import INDENT_MM, styles
from hieuhoc.engines.writer.wordml import Element, element, root, twips

_DASHES = 1  # the list of dashes; those of numbers come after it
_DEEPEST = 9  # Word wants nine levels in a list


class Lists:
    """Which list each numbered paragraph belongs to, while a file is written.

    Every part of a paper has a list of its own, so that an annex counts from one. Within it the program counts; a new
    count of the same list begins only where no program would come to the right number by itself: where the Vietnamese
    alphabet leaves the Latin one (d, đ, e, g; i, k; v, x), and where articles go on through the chapters.
    """

    def __init__(self, form: Form) -> None:
        self.form = form
        self.forms: list[Form] = []  # of the lists, in their order
        self.base: dict[int, int] = {}  # part → its list
        self.now: dict[int, list[int]] = {}  # part → the count that goes on, by levels
        self.last: dict[int, int] = {}  # part → the level of the last number
        self.counts: list[Element] = []

    def place(self, number: Number, part: int) -> Element:
        """What binds a paragraph to its place in a list."""
        if part not in self.base:
            self.forms.append(number.form)
            self.base[part] = self._count(len(self.base) + 1)
            self.now[part] = [self.base[part]] * _DEEPEST
        level, now = number.level, self.now[part]
        lettered = LEVELS[number.form][level].format == "lowerLetter"
        goes_on = not LEVELS[number.form][level].restarts and self.last.get(part, level) < level
        if number.place > 1 and goes_on:
            now[level] = self._new_count(self.base[part], number, number.place, counted=True)
        elif lettered and (begins := latin_run(number.place))[0]:
            now[level] = self._new_count(self.base[part], number, begins[0], counted=begins[1])
        now[level + 1 :] = [now[level]] * (_DEEPEST - level - 1)
        self.last[part] = level
        return _bound(level, now[level])

    def of_styles(self) -> dict[str, Element]:
        """The styles that belong to a list, by their keys."""
        bound = {style.key: _bound(style.listed, _DASHES) for style in styles(self.form) if style.listed is not None}
        if self.forms and self.forms[0] == self.form:
            first = next(iter(self.base.values()))
            bound |= {f"Heading{n + 1}": _bound(n, first) for n in range(len(LEVELS[self.form]))}
        return bound

    def part(self) -> Element:
        """The part of a Word file that holds the lists."""
        shapes = [_dashes(), *(self._numbers(place) for place in range(1, len(self.base) + 1))]
        dashes = element("num", element("abstractNumId", val=0), numId=_DASHES)
        return root("numbering", [*shapes, dashes, *self.counts])

    def _count(self, shape: int, *overrides: Element) -> int:
        key = len(self.counts) + _DASHES + 1
        self.counts.append(element("num", element("abstractNumId", val=shape), *overrides, numId=key))
        return key

    def _new_count(self, base: int, number: Number, start: int, *, counted: bool) -> int:
        change = element("lvlOverride", element("startOverride", val=start), ilvl=number.level)
        if not counted:  # a letter that Word's own alphabet has not
            change.append(_level(number.level, LEVELS[number.form][number.level], text=number.label))
        shape = int(self.counts[base - _DASHES - 1][0].get(_VAL, "0"))
        return self._count(shape, change)

    def _numbers(self, shape: int) -> Element:
        form = self.forms[shape - 1]
        levels = LEVELS[form]
        bound = shape == 1 and form == self.form
        made = element("abstractNum", element("multiLevelType", val="multilevel"), abstractNumId=shape)
        for place in range(_DEEPEST):
            level = levels[place] if place < len(levels) else Level("decimal", "", ".")
            made.append(_level(place, level, style=f"Heading{place + 1}" if bound and place < len(levels) else ""))
        return made


def _level(place: int, level: Level, *, style: str = "", text: str = "") -> Element:
    made = element("lvl", element("start", val=1), element("numFmt", val=level.format), ilvl=place)
    if not level.restarts:
        made.append(element("lvlRestart", val=0))
    if style:
        made.append(element("pStyle", val=style))
    first = 0 if level.apart else twips(INDENT_MM)
    made.extend(
        (
            element("suff", val="nothing" if level.apart else "space"),
            element("lvlText", val=text or f"{level.before}%{place + 1}{level.after}"),
            element("lvlJc", val="left"),
            element("pPr", element("ind", left=0, firstLine=first)),
        )
    )
    if level.bold:
        made.append(element("rPr", element("b"), element("bCs")))
    return made


def _dashes() -> Element:
    made = element("abstractNum", element("multiLevelType", val="multilevel"), abstractNumId=0)
    made.extend(_dash(place, sign) for place, sign in _signs())
    return made


def _signs() -> Iterator[tuple[int, str]]:
    for place in range(_DEEPEST):
        yield place, "+" if place == 1 else "-"


def _dash(place: int, sign: str) -> Element:
    made = element("lvl", element("start", val=1), element("numFmt", val="bullet"), ilvl=place)
    if place < 2:
        made.append(element("pStyle", val=("Dash", "Plus")[place]))
    made.extend(
        (
            element("suff", val="space"),
            element("lvlText", val=sign),
            element("lvlJc", val="left"),
            element("pPr", element("ind", left=0, firstLine=twips(INDENT_MM))),
        )
    )
    return made


def _bound(level: int, key: int) -> Element:
    return element("numPr", element("ilvl", val=level), element("numId", val=key))


_VAL = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}val"
