"""The marks that stand before a heading or an item: "II.", "1.", "2.1.a", "đ)", "Điều 3.", "-"."""

import re
from dataclasses import dataclass

_BULLET = re.compile(r"^(?:[-–—−+*•·●○▪■►✓§]|o(?=\s))\s*(?=[^\s\d.]|\d)")
_PATTERNS = (
    ("part", re.compile(r"^(?:phần|PHẦN|Phần)\s+(?P<n>thứ\s+\w+|THỨ\s+\w+|[IVX]+|\d{1,2})(?=\W|$)[\s.:\-–]*")),
    ("chapter", re.compile(r"^(?:chương|CHƯƠNG|Chương)\s+(?P<n>[IVX]+|\d{1,2})(?=\W|$)[\s.:\-–]*")),
    ("division", re.compile(r"^(?:mục|MỤC|Mục)\s+(?P<n>[IVX]+|\d{1,2})(?=\W|$)[\s.:\-–]*")),
    (
        "annex",
        re.compile(
            r"^(?:phụ lục|PHỤ LỤC|Phụ lục)(?=\W|$)\s*(?:số\s*)?(?P<n>[IVX]+(?!\w)|\d{1,2}(?!\w)|[A-Z](?!\w))?[\s.:\-–]*"
        ),
    ),
    ("article", re.compile(r"^(?:điều|ĐIỀU|Điều)\s+(?P<n>\d{1,3})\s*[.:\-–]\s*")),
    ("roman", re.compile(r"^(?P<n>[IVX]{1,6})\s*[.)/\-–]\s*(?=\S)(?!\d)")),
    ("upper", re.compile(r"^(?P<n>[A-HĐ])\s*[.)]\s+(?=\S)")),
    ("decimal", re.compile(r"^(?P<n>\d{1,2}(?:\.\d{1,2}){1,4}(?:\.[a-zđ])?)(?:\.|\)|:)?\s+(?=[^\W\d]|[“\"(])")),
    (
        "number",
        re.compile(
            r"^(?P<n>\d{1,3})\s*(?P<close>[.)/\-–])(?:\s*(?=[^\W\d]|[“\"(\[])(?!/)"
            r"|(?<=[.)])\s+(?=\d{1,3}(?:[.,]\d+)*\s*(?:%|\w{3,})))"
        ),
    ),
    ("bracket", re.compile(r"^\((?P<n>\d{1,2}|[ivx]{1,4}|[a-zđ])\)\s*(?=[^\W\d]|[“\"])")),
    ("letter", re.compile(r"^(?P<n>[a-zđ])\s*(?:[./]\s*(?=[^\W\d]|[“\"(])|\)\s*(?=[^\W_]|[“\"(]))")),
)
_RANKS = {
    "part": 0, "annex": 0, "chapter": 1, "division": 2, "upper": 3, "roman": 4, "article": 4,
    "number": 7, "decimal": 8, "letter": 13, "bracket": 14,
}  # fmt: skip
_WORD = {"part": "Phần ", "chapter": "Chương ", "division": "Mục ", "article": "Điều ", "annex": "Phụ lục "}


@dataclass(frozen=True)
class Mark:
    """A mark as read. Units: `rank` orders the kinds of mark, outer before inner; `end` is an offset."""

    kind: str
    number: str
    rank: int
    end: int

    @property
    def label(self) -> str:
        """The mark as it stands in a path."""
        return (_WORD.get(self.kind, "") + self.number).strip()


def mark(text: str) -> Mark | None:
    """The mark that opens a text.

    Example:
        >>> mark("2.1.a Rà soát"), mark("17/9/2020 là ngày"), mark("đ) Tỉnh đoàn").number
        (Mark(kind='decimal', number='2.1.a', rank=10, end=6), None, 'đ')
    """
    if not text:
        return None
    for kind, pattern in _PATTERNS:
        found = pattern.match(text)
        if not found:
            continue
        number = found["n"] or ""
        if kind in {"number", "letter", "roman"} and _is_other(text, found.end(), kind, number):
            return None
        rank = _RANKS[kind]
        if kind == "decimal":
            rank += min(number.count("."), 4)
        if kind == "number" and found["close"] == ")":
            kind, rank = "bracket", _RANKS["bracket"]
        return Mark(kind, number, rank, found.end())
    return None


def _is_other(text: str, end: int, kind: str, number: str) -> bool:
    """Whether what looks like a mark is a unit, a name or an abbreviation ("5-7 xã", "C/O")."""
    if kind == "number":
        separator = text[len(number) : end].strip()
        return separator == "/" or (separator in {"-", "–"} and not text[end : end + 1].isupper())
    if kind == "letter":
        return text[1:2] == "/" and not text[2:3].isspace() and text[2:3].islower()
    separator = text[len(number) : end].strip()
    return separator in {"/"} or (separator in {"-", "–"} and not text[end : end + 1].isupper())


def is_numbered(text: str) -> bool:
    """Whether a text opens with a mark that counts."""
    return mark(text) is not None


def is_bullet(text: str) -> bool:
    """Whether a text opens with a dash, a plus or a dot of a list."""
    return bool(_BULLET.match(text))


def bullet(text: str) -> tuple[str, int]:
    """The sign of a list that opens a text, and where the text after it begins.

    Example:
        >>> bullet("- Sở Y tế"), bullet("Sở Y tế")
        (('-', 2), ('', 0))
    """
    found = _BULLET.match(text)
    if not found:
        return "", 0
    sign = text[0]
    return {"–": "-", "—": "-", "−": "-"}.get(sign, sign), found.end()
