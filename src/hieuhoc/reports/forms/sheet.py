"""What was typed into a sheet: read cell by cell, a wrong one kept as it was typed, two people's work put together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from django.http import QueryDict
from django.utils.translation import gettext as _

from hieuhoc.foundation.ui.wording import say
from hieuhoc.kernel.errors import Invalid
from hieuhoc.registers.indicators.rules.measures import Measure, read_value

FIGURE, REASON, WORDS, REMARK = "f:", "r:", "n:", "c:"


class Asked(Protocol):
    """A cell that may be filled: how it is called in the layout, in what it is measured, what stands there now."""

    @property
    def key(self) -> str: ...

    @property
    def measure(self) -> Measure: ...

    @property
    def text(self) -> str: ...

    @property
    def reason(self) -> str: ...


@dataclass
class Typed:
    """What somebody sent: figures and reasons by cell, words by place, all as they were typed."""

    figures: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    edition: int = 0
    was: Mapping[str, str] = field(default_factory=dict)

    @property
    def all(self) -> dict[str, str]:
        """Everything under the names that the fields have."""
        return {
            **{FIGURE + key: text for key, text in self.figures.items()},
            **{REASON + key: text for key, text in self.reasons.items()},
            **{WORDS + key: text for key, text in self.words.items()},
        }


def typed_in(sent: QueryDict) -> Typed:
    """What a sent sheet holds."""
    found = Typed()
    for name in sent:
        text = _text(sent, name)
        if name.startswith(FIGURE):
            found.figures[name.removeprefix(FIGURE)] = text
        elif name.startswith(REASON):
            found.reasons[name.removeprefix(REASON)] = text[:500]
        elif name.startswith(WORDS):
            found.words[name.removeprefix(WORDS)] = text.replace("\r\n", "\n")
    edition = _text(sent, "edition")
    found.edition = int(edition) if edition.isdecimal() else -1
    found.was = _remembered(_text(sent, "was"))
    return found


def _text(sent: QueryDict, name: str) -> str:
    return str(sent.get(name, "")).strip()


def remember(texts: Mapping[str, str]) -> str:
    """What a page showed first, short: so that it is known later what its reader changed."""
    return json.dumps({name: _short(text) for name, text in texts.items() if text}, ensure_ascii=False)


def _remembered(text: str) -> dict[str, str]:
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}


def _short(text: str) -> str:
    plain = text.replace("\r\n", "\n").strip()
    return plain if len(plain) <= 24 else f"#{hashlib.sha256(plain.encode()).hexdigest()[:16]}"


def read_figures(cells: Iterable[Asked], typed: Typed) -> tuple[dict[str, tuple[int | None, str]], dict[str, str]]:
    """The figures that can be kept, with their reasons, and why the others cannot."""
    given: dict[str, tuple[int | None, str]] = {}
    wrong: dict[str, str] = {}
    for cell in cells:
        if cell.key not in typed.figures:
            continue
        text = typed.figures[cell.key]
        try:
            value = read_figure(text, cell.measure)
        except Invalid as error:
            wrong[cell.key] = say(error)
            continue
        given[cell.key] = value, typed.reasons.get(cell.key, cell.reason)
    return given, wrong


def read_figure(text: str, measure: Measure) -> int | None:
    """A whole number of what is counted, from what was typed as it is shown; nothing for an empty cell.

    Raises: Invalid.
    """
    if not text:
        return None
    value = read_value(text, measure)
    if value.denominator != 1:
        raise Invalid(_("“%(text)s” có số lẻ; ô này nhận số nguyên.") % {"text": text[:40]}, field="value")
    return int(value)


@dataclass(frozen=True)
class Merged:
    """Two people's work put together: what the page shows now, and where both changed the same place."""

    texts: dict[str, str]
    clashes: tuple[str, ...]


def merged(typed: Typed, now: Mapping[str, str]) -> Merged:
    """What was typed and what is kept by now, by what the page had shown first.

    A place that the reader left alone follows what is kept; one that only the reader changed follows the reader; where
    both did, the reader's stays and is named.
    """
    texts, clashes = {}, []
    for name, mine in typed.all.items():
        theirs, first = now.get(name, ""), typed.was.get(name, "")
        if _short(mine) == first:
            texts[name] = theirs
        else:
            texts[name] = mine
            if _short(theirs) != first and _short(theirs) != _short(mine):
                clashes.append(name)
    return Merged(texts, tuple(clashes))


def remarks_in(sent: QueryDict) -> dict[str, str]:
    """What a reviewer wrote beside cells: in boxes of their own, and of a cell that was chosen in a table."""
    found = {
        name.removeprefix(REMARK): text[:2000]
        for name in sent
        if name.startswith(REMARK) and (text := _text(sent, name))
    }
    for name in sent:
        block = name.removeprefix("ct:")
        if name.startswith("ct:") and (text := _text(sent, name)):
            key = f"{block}.{_text(sent, f'cr:{block}')}.{_text(sent, f'cc:{block}')}"
            found[key] = text[:2000]
    return found
