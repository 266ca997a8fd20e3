"""Bodies in their parts: those after "phối hợp với", and those that a label or a cell names."""

import re

from hieuhoc.engines.reader.agencies import Mention, mentions
from hieuhoc.engines.reader.letters import compiled
from hieuhoc.engines.reader.lexicon import Tokens, longest, orders

TOGETHER = re.compile(
    r"(?P<noun>(?:quy chế|cơ chế|sự|chương trình|công tác|việc|quy trình|trách nhiệm|phương thức|kế "
    r"hoạch|nội dung)\s+)?"
    r"\b(?P<word>phối\s+(?:kết\s+)?hợp|phối với|hợp đồng trách nhiệm|cùng với|liên kết với)"
    r"(?:\s+(?:chặt chẽ|đồng bộ|hiệu quả|thường xuyên|kịp thời|tốt|và|có hiệu quả|chặt|trực tiếp|hiệp "
    r"đồng|nhịp nhàng|liên tục|tích cực))*"
    r"(?:\s*,\s*(?:chỉ đạo|hướng dẫn|hỗ trợ|đôn đốc))?"
    r"(?:\s+(?P<with>cùng với|với|cùng))?\s*:?\s*",
    re.IGNORECASE,
)


def coordinators(tokens: Tokens, text: str) -> tuple[tuple[str, ...], bool]:
    """The bodies after "phối hợp (với)", and whether the words stand there without a body that can be read."""
    found: list[str] = []
    unknown = False
    past = 0
    for match in TOGETHER.finditer(text):
        if match.start() < past:
            continue
        if match["noun"] and not match["with"]:
            continue
        if match["word"].lower() in {"cùng với", "liên kết với"} and not _starts_clause(text, match.start()):
            continue
        place = tokens.at(match.end())
        names = mentions(tokens, place, semicolons=True)
        if names and (match["with"] or not _verb_reading(tokens, place, names)):
            found.extend(name.text for name in names if name.text not in found)
            past = tokens.ends[names[-1].last - 1]
        elif match["with"]:
            phrase = _phrase(tokens, place)
            if phrase:
                found.append(phrase)
            else:
                unknown = True
    return tuple(found), unknown


def _starts_clause(text: str, place: int) -> bool:
    return bool(re.search(r"(?:^|[,;(]\s*|là đầu mối\s+)$", text[max(0, place - 40) : place]))


def _verb_reading(tokens: Tokens, place: int, names: list[Mention]) -> bool:
    """ "phối hợp tổ chức …": the verb, not the noun."""
    return tokens.low[place : place + 2] == ["tổ", "chức"] and not tokens.caps[place]


def _phrase(tokens: Tokens, place: int) -> str | None:
    """A body that the gazetteer does not know: "các …" up to the next order."""
    low = tokens.low
    if place >= len(low) or not (low[place] in {"các", "những", "một"} or tokens.caps[place]):
        return None
    end = place + 1
    while end < len(low) and end - place < 14:
        if low[end] in {",", ";", ".", "(", ")", ":"} or longest(orders()["stop"], low, end) > end:
            break
        if end > place + 1 and (longest(orders()["verb"], low, end) - end > 1 or low[end] in {"và"}):
            break
        end += 1
    return tokens.slice(place, end) if 1 < end - place < 14 else None


_ITEMS = compiled(r"\n|(?:^|(?<=[;.,])\s*)[-–+•]\s*(?=[[:upper:]])")


def named(text: str) -> tuple[str, ...]:
    """The bodies of a label or a cell of a table; the whole words where the gazetteer knows none."""
    flat = text.strip().rstrip(".;")
    if not flat:
        return ()
    found: list[str] = []
    for line in _ITEMS.split(flat):
        piece = line.strip(" -–+•.;,")
        piece = re.sub(r"^(?:Giao|Đề nghị)\s+", "", piece)
        if not piece:
            continue
        tokens = Tokens(piece)
        place = 0
        while place < len(tokens):
            names = mentions(tokens, place, semicolons=True)
            if names:
                found.extend(name.text for name in names if name.text not in found)
                place = names[-1].last
                while place < len(tokens) and tokens.low[place] in ",;.và":
                    place += 1
                if place < len(tokens) and tokens.low[place] == "(":
                    while place < len(tokens) and tokens.low[place] != ")":
                        place += 1
                    place += 1
                continue
            stop = place
            while stop < len(tokens) and tokens.low[stop] not in {",", ";", "."}:
                stop += 1
            words = tokens.slice(place, stop)
            if words and stop - place < 16 and words[:1].isalpha() and words not in found:
                found.append(words)
            place = stop + 1
    return tuple(found)
