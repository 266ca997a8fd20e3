"""The words that the reader knows, read once from `words/`: bodies, orders, adverbs."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files

from hieuhoc.engines.reader.letters import compiled
from hieuhoc.kernel.vietnamese import one_spelling

_TOKEN = re.compile(r"\w+|[^\w\s]")
_GLUED = compiled(r"[[:lower:]](?=[[:upper:]][[:lower:]])")  # "thuộcThành": a space was lost
_ELLIPSIS = re.compile(r"\.{2,}|…")

Trie = dict[str, "Trie"]
END = ""  # the key that marks the end of an entry; no token is empty


@lru_cache(maxsize=32768)
def _plain(word: str) -> str:
    return one_spelling(word)


class Tokens:
    """A text cut into words and marks, with their places and their plain spelling.

    Example:
        >>> Tokens("Sở Y tế, UBND").low
        ['sở', 'y', 'tế', ',', 'ubnd']
    """

    __slots__ = ("caps", "ends", "low", "shouted", "starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.shouted = text.isupper()
        self.low: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.caps: list[bool] = []
        for found in _TOKEN.finditer(text):
            start = found.start()
            glued = None if found[0].islower() else _GLUED.search(found[0])
            for end in (start + glued.start() + 1, found.end()) if glued else (found.end(),):
                word = text[start:end]
                self.low.append(_plain(word))
                self.starts.append(start)
                self.ends.append(end)
                self.caps.append(word[0].isupper())
                start = end

    def __len__(self) -> int:
        return len(self.low)

    def slice(self, first: int, last: int) -> str:
        """The text from token `first` up to, not with, token `last`."""
        return self.text[self.starts[first] : self.ends[last - 1]] if last > first else ""

    def at(self, offset: int) -> int:
        """The first token that begins at or after a place in the text."""
        low, high = 0, len(self.starts)
        while low < high:
            middle = (low + high) // 2
            if self.starts[middle] < offset:
                low = middle + 1
            else:
                high = middle
        return low


def plant(trie: Trie, entry: str) -> None:
    """Put an entry into a trie of words."""
    node = trie
    for word in _TOKEN.findall(one_spelling(entry)):
        node = node.setdefault(word, {})
    node[END] = {}


def longest(trie: Trie, low: list[str], start: int) -> int:
    """Where the longest entry that begins at `start` ends; `start` itself where none does."""
    node, best, place = trie, start, start
    while place < len(low):
        following = node.get(low[place])
        if following is None:
            break
        place += 1
        node = following
        if END in node:
            best = place
    return best


def _sections(name: str) -> Iterator[tuple[str, str]]:
    text = (files("hieuhoc.engines.reader") / "words" / name).read_text(encoding="utf-8")
    heading = ""
    for line in text.splitlines():
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        if stripped.startswith("[") and stripped.endswith("]"):
            heading = stripped[1:-1]
        else:
            yield heading, stripped


@cache
def bodies() -> dict[str, Trie]:
    """The tries of `words/agencies.txt`: field, name, open, post, noun, unit, tail."""
    found: dict[str, Trie] = {}
    for heading, line in _sections("agencies.txt"):
        for entry in line.split("|"):
            plant(found.setdefault(heading, {}), entry.strip())
    return found


@cache
def orders() -> dict[str, Trie]:
    """The tries of `words/verbs.txt`: verb, adverb, stop."""
    found: dict[str, Trie] = {}
    for heading, line in _sections("verbs.txt"):
        for entry in line.split(","):
            if entry.strip():
                plant(found.setdefault(heading, {}), entry.strip())
    return found


def opens_order(tokens: Tokens, start: int, *, reach: int = 12) -> bool:
    """Whether an order begins here: adverbs as there may be, then a verb that orders.

    Example:
        >>> opens_order(Tokens("kịp thời kiện toàn Ban Chỉ đạo"), 0)
        True
        >>> opens_order(Tokens("những đơn vị có nhiều đóng góp"), 0)
        False
    """
    words = orders()
    low, place = tokens.low, start
    while place < len(low) and place - start < reach:
        verb = longest(words["verb"], low, place)
        adverb = longest(words["adverb"], low, place)
        if verb > place and verb >= adverb:
            return True
        if adverb > place:
            place = adverb
        elif low[place] == "," and place > start:
            place += 1
        else:
            return False
    return False


def without_ellipsis(text: str) -> str:
    """The text with every row of dots turned to as many commas, so that dots end no sentence."""
    return _ELLIPSIS.sub(lambda found: "," * len(found[0]), text)
