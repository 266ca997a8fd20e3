"""Documents that are cited, by number ("Quyết định số 489/QĐ-TTg") or by quoted name ("Đề án “…”")."""

import datetime
import re
from dataclasses import dataclass

from hieuhoc.engines.reader.agencies import mentions
from hieuhoc.engines.reader.joining import Passage
from hieuhoc.engines.reader.letters import compiled
from hieuhoc.engines.reader.lexicon import Tokens
from hieuhoc.engines.reader.reading import Reference

KINDS = (
    "Nghị quyết liên tịch",
    "Nghị quyết",
    "Quyết định",
    "Chỉ thị",
    "Chương trình hành động",
    "Chương trình",
    "Kế hoạch",
    "Kết luận",
    "Thông tư liên tịch",
    "Thông tư",
    "Nghị định",
    "Thông báo",
    "Công văn",
    "Công điện",
    "Tờ trình",
    "Báo cáo",
    "Hướng dẫn",
    "Quy định",
    "Quy chế",
    "Pháp lệnh",
    "Đề án",
    "Bộ luật",
    "Luật",
    "Văn bản hợp nhất",
    "Văn bản",
    "Phương án",
    "Lệnh",
    "Hiến pháp",
    "Điều lệ",
    "Chiến lược",
    "Dự án",
)
_KIND = "|".join(re.escape(kind) for kind in sorted(KINDS, key=len, reverse=True))
_CODE = r"[A-ZĐ][A-Za-zĐđƯưÂâÔôÊêƠơĂă0-9&]*"
_NUMBER = rf"\d{{1,5}}(?:/\d{{4}})?\s?[/\-]\s?{_CODE}(?:\s?[-/&]\s?{_CODE}){{0,4}}"
_DATE = (
    r"(?:(?P<d>\d{1,2})\s*[/.\-]\s*(?P<m>\d{1,2})\s*[/.\-]\s*(?P<y>\d{4})"
    r"|(?P<d2>\d[\d ]?)\s*tháng\s*(?P<m2>\d[\d ]{0,2}?)\s*năm\s*(?P<y2>\d{4}))"
)
DATED = re.compile(r"(?:ngày\s*)?" + _DATE, re.IGNORECASE)
CITATION = re.compile(
    rf"(?:\b(?P<kind>{_KIND})\s+)?(?:(?<=\s)|^)(?P<so>số\s*:?\s*)?(?P<number>{_NUMBER})"
    rf"(?:\s*,?\s*ngày\s*{_DATE})?",
    re.IGNORECASE,
)
_ISSUER = re.compile(
    r"\s*,?\s*của\s+(?P<issuer>(?:Ban Thường vụ\s+|Ban Chấp hành\s+|Thường trực\s+)?(?:Thủ tướng "
    r"Chính phủ|Chính phủ|Bộ Chính trị(?:\s+[Kk]h[óo][aá]\s+[IVX]+)?"
    r"|Ban Bí thư(?:\s+Trung ương(?:\s+Đảng)?)?(?:\s+[Kk]h[óo][aá]\s+[IVX]+)?|Quốc hội|Ủy ban Thường vụ Quốc hội"
    r"|Bộ trưởng\s+Bộ\s+[^,;.()]{3,50}?|Bộ\s+[^,;.()]{3,50}?|(?:Chủ tịch\s+)?(?:Ủy ban nhân dân|Uỷ "
    r"ban nhân dân|UBND)\s+[^,;.()]{3,40}?"
    r"|(?:Hội đồng nhân dân|HĐND)\s+[^,;.()]{3,40}?|Tỉnh [uủ][yỷ](?:\s+[A-ZĐ]\w+){0,3}|Thành "
    r"[uủ][yỷ](?:\s+[A-ZĐ]\w+){0,3}|Huyện [uủ][yỷ](?:\s+[A-ZĐ]\w+){0,3}"
    r"|Ban [^,;.()]{3,60}?|Sở\s+[^,;.()]{3,50}?|Trung ương[^,;.()]{0,40}?))"
    r"(?=\s+(?:về|ban hành|phê duyệt|hướng dẫn|quy định|sửa đổi|thực hiện|triển khai|tiếp tục|đẩy mạnh"
    r"|khóa|khoá|và|tại|trong|cho)\b|\s*[,;.()]|\s*$)",
)
_OF = re.compile(r"\s*,?\s*của\s+")
_NAMED = compiled(
    r"\b(?P<kind>Đề án|Chương trình|Kế hoạch|Dự án|Chiến lược)\s*[“\"](?P<name>[^”\"“]{6,250})[”\"]|"
    r"\b(?P<law>(?:Bộ luật|Luật|Pháp lệnh)\s+(?!(?:này|sư"
    r"|gia)\b)[[:upper:]][^,;.()“\"0-9]{3,80}?)(?=\s+(?:ngày|năm|số|và|quy định|về|được|có|sửa|\(|trên"
    r"|trong|của)|[,;.)]|$)"
)


@dataclass(frozen=True)
class Citation:
    """A document as cited in a text. Units: `start` and `end` are offsets."""

    kind: str | None
    number: str
    start: int
    end: int
    date: datetime.date | None = None
    issuer: str | None = None


def citations(text: str) -> list[Citation]:
    """Every document cited by number in a text.

    Example:
        >>> [c.number for c in citations("theo Thông tư số 96/2008/TT-BTC ngày 27/10/2008 của Bộ Tài chính")]
        ['96/2008/TT-BTC']
    """
    found: list[Citation] = []
    for match in CITATION.finditer(text):
        kind = match["kind"]
        if (
            kind is None
            and match["so"] is None
            and not re.search(r"\d\s?[/\-]\s?(?:QĐ|NQ|KH|CT|NĐ|TT|KL|CTr|TB|HD)\b", match[0])
        ):
            continue
        if re.match(r"\d{1,2}[/\-]\d{1,2}(?!\d)", match["number"]):
            continue
        issuer, issuer_end = _issued_by(text, match.end())
        found.append(
            Citation(
                kind[0].upper() + kind[1:] if kind else None,
                re.sub(r"\s", "", match["number"]),
                match.start(),
                issuer_end,
                day_of(match),
                issuer,
            )
        )
    return found


def _issued_by(text: str, place: int) -> tuple[str | None, int]:
    """The body after "của", and where its name ends: the longer of what the grammar and the usual words give."""
    opening = _OF.match(text, place)
    if not opening:
        return None, place
    usual = _ISSUER.match(text, place)
    best, end = (usual["issuer"].strip(), usual.end()) if usual else (None, place)
    tokens = Tokens(text[opening.end() : opening.end() + 160])
    names = mentions(tokens, 0)
    if names and opening.end() + tokens.ends[names[0].last - 1] > end:
        return names[0].text, opening.end() + tokens.ends[names[0].last - 1]
    return best, end


def day_of(match: re.Match[str]) -> datetime.date | None:
    """The date in a match of `_DATE`."""
    day, month, year = match["d"] or match["d2"], match["m"] or match["m2"], match["y"] or match["y2"]
    if not (day and month and year):
        return None
    try:
        return datetime.date(int(year), int(month.replace(" ", "")), int(day.replace(" ", "")))
    except ValueError:
        return None


def cited(text: str) -> tuple[str, ...]:
    """What a task cites: numbers, and names where there is no number."""
    found = [citation.number for citation in citations(text)]
    found += [match["name"] or match["law"] for match in _NAMED.finditer(text)]
    return tuple(dict.fromkeys(found))


def references(passages: list[Passage]) -> tuple[Reference, ...]:
    """Every document cited anywhere, with the lines that cite it and the date given anywhere."""
    numbered: dict[str, list[tuple[Citation, int]]] = {}
    named: dict[tuple[str, str], list[int]] = {}
    for passage in passages:
        for citation in citations(passage.text):
            numbered.setdefault(citation.number, []).append((citation, passage.lines(citation.start, citation.end)[0]))
        for match in _NAMED.finditer(passage.text):
            kind = match["kind"] or str(match["law"]).split()[0]
            name = match["name"] or match["law"]
            named.setdefault((kind, name.strip()), []).append(passage.lines(match.start(), match.end())[0])
    found = [
        Reference(
            kind=next((c.kind for c, _ in uses if c.kind), "Văn bản"),
            number=number,
            lines=tuple(dict.fromkeys(line for _, line in uses)),
            date=next((c.date for c, _ in uses if c.date), None),
            issuer=next((c.issuer for c, _ in uses if c.issuer), None),
        )
        for number, uses in numbered.items()
    ]
    found += [
        Reference(kind=kind, name=name, lines=tuple(dict.fromkeys(lines))) for (kind, name), lines in named.items()
    ]
    return tuple(sorted(found, key=lambda reference: reference.lines[0]))
