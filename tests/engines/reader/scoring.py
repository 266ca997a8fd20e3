"""How near a reading is to a gold annotation: precision and recall of tasks, agencies, sections and bases."""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from typing import Any

from hieuhoc.engines.reader import Reading

Gold = dict[str, Any]
_SMALL = {"các", "và", "của", "có", "liên", "quan"}


@dataclass(frozen=True)
class Score:
    """Right, wrong and missed, and the F-measure they make."""

    right: int
    wrong: int
    missed: int

    @property
    def f1(self) -> float:
        return 2 * self.right / (2 * self.right + self.wrong + self.missed) if self.right else float(not self.missed)


def words(text: str) -> Counter[str]:
    """The words of a text, counted, without regard to case."""
    return Counter(re.findall(r"\w+(?:[/\-.]\w+)*%?", unicodedata.normalize("NFC", text).lower()))


def overlap(one: str, other: str) -> float:
    """Shared words as a part of the longer text."""
    a, b = words(one), words(other)
    longer = max(a.total(), b.total())
    return (a & b).total() / longer if longer else 0.0


def pairs(gold: list[str], read: list[str], floor: float = 0.6) -> dict[int, int]:
    """The best one-to-one pairs of texts, gold place to read place."""
    scored = sorted(
        ((overlap(a, b), i, j) for i, a in enumerate(gold) for j, b in enumerate(read)), key=lambda row: -row[0]
    )
    found: dict[int, int] = {}
    for value, i, j in scored:
        if value >= floor and i not in found and j not in found.values():
            found[i] = j
    return found


def tasks(gold: Gold, reading: Reading) -> Score:
    """Tasks matched by their texts; optional ones count neither way."""
    wanted = gold["tasks"]
    matched = pairs([task["text"] for task in wanted], [task.text for task in reading.tasks])
    needed = [i for i, task in enumerate(wanted) if not task.get("optional")]
    right = sum(i in matched for i in needed)
    return Score(right, len(reading.tasks) - len(matched), len(needed) - right)


def agencies(gold: Gold, reading: Reading, which: str) -> Score:
    """`which` ("lead" or "coordinate") end to end: a missed task misses its agencies as well."""
    wanted = gold["tasks"]
    matched = pairs([task["text"] for task in wanted], [task.text for task in reading.tasks])
    right = wrong = missed = 0
    for i, task in enumerate(wanted):
        if task.get("optional"):
            continue
        names = [_bare(name) for name in task.get(which) or []]
        neutral = [_bare(name) for name in task.get(f"{which}_optional") or []]
        read = [_bare(name) for name in getattr(reading.tasks[matched[i]], which)] if i in matched else []
        hits = [name for name in names if any(_alike(name, other) for other in read)]
        right += len(hits)
        missed += len(names) - len(hits)
        wrong += sum(not any(_alike(other, name) for name in names + neutral) for other in read)
    extra = set(range(len(reading.tasks))) - set(matched.values())
    wrong += sum(len(getattr(reading.tasks[j], which)) for j in extra)
    return Score(right, wrong, missed)


def sections(gold: Gold, reading: Reading) -> Score:
    """Headings with the right path and four fifths of the words."""
    wanted = {section["path"]: section for section in gold["sections"]}
    needed = {path for path, section in wanted.items() if not section.get("optional")}
    read = {section.path: section.heading for section in reading.sections}
    right = {path for path in read if path in needed and overlap(read[path], wanted[path]["heading"]) >= 0.8}
    return Score(len(right), len(set(read) - set(wanted)), len(needed - right))


def bases(gold: Gold, reading: Reading) -> Score:
    """Bases by number."""
    wanted = {base["number"] for base in gold["bases"] if base.get("number")}
    read = {base.number for base in reading.bases if base.number}
    return Score(len(wanted & read), len(read - wanted), len(wanted - read))


def recurrences(gold: Gold, reading: Reading) -> Score:
    """How often, of the tasks that were found."""
    wanted = gold["tasks"]
    matched = pairs([task["text"] for task in wanted], [task.text for task in reading.tasks])
    found = [
        (task.get("recurrence"), reading.tasks[matched[i]].recurrence) for i, task in enumerate(wanted) if i in matched
    ]
    return Score(
        sum(bool(a) and a == b for a, b in found),
        sum(bool(b) and a != b for a, b in found),
        sum(bool(a) and a != b for a, b in found),
    )


def _bare(name: str) -> frozenset[str]:
    low = re.sub(r"\bubnd\b", "ủy ban nhân dân", unicodedata.normalize("NFC", name).lower())
    return frozenset(re.findall(r"\w+", low)) - _SMALL


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one | other) and len(one & other) / len(one | other) >= 0.8
