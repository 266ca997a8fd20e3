"""Cutting a passage into clauses, each one order: at the end of a sentence, and at a semicolon before a new order."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hieuhoc.engines.reader.agencies import mentions
from hieuhoc.engines.reader.letters import compiled
from hieuhoc.engines.reader.lexicon import Tokens, opens_order, without_ellipsis

_BREAK = re.compile(r"[.!?;](?=[\s”\"’'»)\]]|$)")
_TRAILED = compiled(r"(?<![,;\s])(?:\.{2,}|…)(?=\s+[[:upper:]])")
_CLOSERS = "”\"’'»)]"
_ABBREVIATION = re.compile(
    r"(?:^|[\s(./])(?:TP|Tp|TX|TT|P|Q|H|PGS|TS|ThS|GS|BS|Đ/c|đ/c|KT|TM|TL|Ts|Th|v\.v|tr|St|Tr|Mr|Ms|Dr|[A-ZĐ])$"
)
_LINK = re.compile(r"^(?:đồng thời|ngoài ra|bên cạnh đó),\s+", re.IGNORECASE)
_MARKED = re.compile(r"^\(?(?:\d{1,2}|[ivx]{1,4}|[a-zđ])[).]\s*")
_WITHIN = re.compile(
    r"^(?:đặc biệt|nhất là|trong đó|bao gồm|gồm|như|giữa|những|nhằm|để|hoặc|kể cả|cũng như|trừ|theo|về|với|từ|tại|ở|cho"
    r"|hoàn thành (?:trước|trong|vào|xong|chậm nhất)|xong trước|thời gian|thời hạn|chậm nhất|khi|nếu"
    r"|do|vì|mà|là|số|không|được|đã|một số|nhóm|việc|công tác|thông qua|qua đó|góp phần|đảm bảo cho"
    r"|đối với)\b",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(
    r"^(?:các\s+)?(?:Quyết định|Nghị quyết|Kế hoạch|Chỉ thị|Kết luận|Công văn|Thông báo|Chương trình"
    r"|Quy định|Hướng dẫn|Báo cáo)\s+(?:số\s+)?\d",
    re.IGNORECASE,
)
_WITH_LIST = re.compile(r"phối (?:kết )?hợp(?:\s+chặt chẽ)?(?:\s+với|\s+cùng)?\s", re.IGNORECASE)
_LISTING = re.compile(
    r"(?:gồm|bao gồm|như|như sau|sau đây|sau|cụ thể là|trong đó có|ví dụ|về)\s*:[^:;.]*$", re.IGNORECASE
)


@dataclass(frozen=True)
class Clause:
    """A stretch of a passage. Units: offsets in the passage's text; `new_sentence` tells "." from ";"."""

    text: str
    start: int
    end: int
    new_sentence: bool


def clauses(text: str, start: int = 0) -> list[Clause]:
    """The clauses of a text from an offset on.

    Example:
        >>> [clause.text for clause in clauses("Mở lớp; tổ chức thi. Báo cáo kết quả.")]
        ['Mở lớp;', 'tổ chức thi.', 'Báo cáo kết quả.']
        >>> len(clauses("Biểu dương những cá nhân học giỏi; những đơn vị làm tốt."))
        1
    """
    found: list[Clause] = []
    begin, opened, new_sentence = start, start, True
    for place, mark in _breaks(text, start):
        if mark == ";":
            if not _cuts(text, opened, begin, place):
                continue
        elif not _ends_sentence(text, place):
            continue
        _add(found, text, begin, place, new_sentence)
        begin = place
        new_sentence = mark != ";"
        if new_sentence:
            opened = place
    _add(found, text, begin, len(text), new_sentence)
    return found


def _add(found: list[Clause], text: str, begin: int, end: int, new_sentence: bool) -> None:
    raw = text[begin:end]
    kept = raw.strip()
    if not re.search(r"\w", kept):
        return
    lead = len(raw) - len(raw.lstrip())
    kept = re.sub(r"\s*[./]*/[./]*$", "", kept) if kept.endswith(("/.", "./.", "/")) else kept
    found.append(Clause(kept, begin + lead, begin + lead + len(kept), new_sentence))


def _breaks(text: str, start: int) -> Iterator[tuple[int, str]]:
    """Each full stop and semicolon outside brackets and quotes: the place after it, and the mark."""
    flat = without_ellipsis(_TRAILED.sub(lambda found: "," * (len(found[0]) - 1) + ".", text))
    depth, quoted = 0, 0
    pending: dict[int, str] = {found.start(): found[0] for found in _BREAK.finditer(flat, start)}
    limit = 0
    for place in range(start, len(flat)):
        letter = flat[place]
        if letter in "([":
            depth += 1
            limit = place + 1500
        elif letter in ")]":
            depth = max(depth - 1, 0)
        elif letter == "“":
            quoted, limit = place + 400, max(limit, place + 400)
        elif letter in '”"':
            quoted = 0
        if depth and place > limit:
            depth = 0  # a bracket that was never closed
        if place in pending and not depth and place >= quoted:
            end = place + 1
            while end < len(flat) and flat[end] in _CLOSERS:
                end += 1
            yield end, pending[place]


def _ends_sentence(text: str, place: int) -> bool:
    before = text[:place] if place < 40 else text[place - 40 : place]
    head = before.rstrip(_CLOSERS)
    if head.endswith("."):
        stem = head[:-1]
        if _ABBREVIATION.search(stem) and place < len(text) - 1:
            return False
        if re.search(r"(?:^|[\s(])\d{1,3}$", stem) and re.match(r"\s*\d", text[place : place + 4]):
            return False
    return True


def _cuts(text: str, opened: int, begin: int, place: int) -> bool:
    """Whether a new order begins after a semicolon. `opened` is where the sentence began."""
    rest = text[place : place + 400].lstrip()
    if not rest:
        return False
    listing = _LISTING.search(text[max(opened, place - 400) : place])
    bare = _MARKED.sub("", rest)
    if listing and (bare != rest or not rest[:1].isupper()):
        return False
    if _WITHIN.match(bare) or _DOCUMENT.match(bare):
        return False
    if re.search(r"(?:gồm|như|sau)\s*:", text[max(opened, place - 1500) : place]) and bare != rest:
        return False
    right = Tokens(_LINK.sub("", bare))
    ordered = opens_order(right, 0)
    if not ordered:
        subject = mentions(right, 0)
        if not subject or not opens_order(right, _past_comma(right, subject[-1].last)):
            return False
    left = Tokens(text[begin : min(place, begin + 600)])
    if begin == opened and _is_subject_only(left):
        return False
    return not _ends_in_partners(left) and (ordered or not _ends_in_bodies(left))


def _ends_in_partners(tokens: Tokens) -> bool:
    """Whether the text ends inside the list after "phối hợp với", so that the list goes on."""
    places = [found.end() for found in _WITH_LIST.finditer(tokens.text)]
    if not places:
        return False
    found = mentions(tokens, tokens.at(places[-1]), semicolons=True)
    return bool(found) and all(not word[:1].isalnum() for word in tokens.low[found[-1].last :])


def _ends_in_bodies(tokens: Tokens) -> bool:
    """Whether the text ends with bodies that hang on a small word ("kế hoạch của Ban Chỉ đạo; Ban …")."""
    for place in range(len(tokens) - 1, max(len(tokens) - 40, 0), -1):
        if tokens.low[place] in {"của", "cho", "giữa", "tới"}:
            found = mentions(tokens, place + 1, semicolons=True)
            return bool(found) and all(not word[:1].isalnum() for word in tokens.low[found[-1].last :])
    return False


def _past_comma(tokens: Tokens, place: int) -> int:
    while place < len(tokens) and tokens.low[place] in {",", "."}:
        place += 1
    return place


def _is_subject_only(tokens: Tokens) -> bool:
    """Whether the text is a list of bodies that goes on after its semicolon."""
    found = mentions(tokens, 0, semicolons=True)
    if not found:
        return False
    rest = tokens.low[found[-1].last :]
    return all(not word[:1].isalnum() for word in rest)
