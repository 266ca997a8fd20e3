"""Legal bases: the documents that this one rests on ("Căn cứ …", "Thực hiện …", before the first heading)."""

import re

from hieuhoc.engines.reader.joining import Passage
from hieuhoc.engines.reader.reading import Basis
from hieuhoc.engines.reader.references import DATED, KINDS, Citation, citations, day_of

OPENS = re.compile(
    r"^[-–+*•]?\s*(?:Căn cứ|Thực hiện|Triển khai(?: thực hiện)?|Tiếp tục thực hiện|Thi hành|Xét|Theo"
    r"|Trên cơ sở|Để (?:triển khai|thực hiện)|Tiếp theo|Thừa"
    r"|Nhằm (?:triển khai|thực hiện)|Chấp hành)\b\s*(?!:)",
    re.IGNORECASE,
)
_LAW = re.compile(
    r"(?P<title>(?:Hiến pháp|Bộ luật|Luật|Pháp lệnh)\s+[^;]*?)(?=;|$|\s+và\s+(?:Luật|Pháp lệnh|Nghị)"
    r"|,\s+(?:Luật|Pháp lệnh|Nghị|UBND|Ủy))",
    re.IGNORECASE,
)
_ENACTS = re.compile(
    r"[,;.]?\s+(?:(?:nay\s+)?(?:Chủ tịch\s+)?(?:Ủy ban nhân dân|Uỷ ban nhân dân|UBND|Sở|Bộ|Ban|Thủ "
    r"tướng|Hội|Công an|Đảng ủy|Tỉnh ủy|Phòng|Trường|Văn phòng|Liên đoàn|Tỉnh đoàn)\b[^,;]{0,120}?"
    r"\s(?:ban hành|xây dựng|yêu cầu|đề nghị|triển khai|chỉ đạo|quyết định|hướng dẫn|thông báo|báo cáo"
    r"|tổ chức|phê duyệt|có ý kiến|giao)\b)",
)
_STARTS = re.compile(
    r"(?:^|[;.]\s*|,?\s+và\s+|,\s+)(?:(?:Căn cứ|Thực hiện|Theo|các|và|của)\s+)*(?P<kind>"
    + "|".join(sorted(KINDS, key=len, reverse=True))
    + r")\b"
)
_TITLED = re.compile(
    r"\s(?:về|ban hành|phê duyệt|hướng dẫn|quy định|sửa đổi|triển khai|thực hiện|tiếp tục|đẩy mạnh|tăng cường|v/v)\b",
    re.IGNORECASE,
)


def bases(preamble: list[Passage]) -> tuple[Basis, ...]:
    """The bases of a preamble, in order; a base per document, the ones cited in its title left to it."""
    found: list[Basis] = []
    for passage in preamble:
        if not OPENS.match(passage.text):
            continue
        for start, end in _stretches(passage.text):
            found.extend(_in_stretch(passage, start, end))
    return tuple(found)


def _stretches(text: str) -> list[tuple[int, int]]:
    """A paragraph cut at its semicolons, without the clause that enacts."""
    cuts: list[tuple[int, int]] = []
    start = 0
    for place in [match.end() for match in re.finditer(r";(?=\s|$)", text)] + [len(text)]:
        if place > start and text[start:place].strip(" ;"):
            cuts.append((start, place))
        start = place
    bounded: list[tuple[int, int]] = []
    for start, end in cuts:
        enacting = None
        for enacting in _ENACTS.finditer(text, start, end):
            before = text[start : enacting.start()]
            if before.count("“") <= before.count("”") and not re.search(r"(?:của|tại|bởi)\s*$", before):
                break
            enacting = None
        bounded.append((start, enacting.start() if enacting and _has_base(text[start : enacting.start()]) else end))
        if enacting and _has_base(text[start : enacting.start()]):
            break
    return bounded


def _has_base(text: str) -> bool:
    return bool(citations(text)) or bool(_LAW.search(text))


def _in_stretch(passage: Passage, start: int, end: int) -> list[Basis]:
    start += len(passage.text[start:end]) - len(passage.text[start:end].lstrip())
    text = passage.text[start:end]
    heads: list[int] = []
    for match in _STARTS.finditer(text):
        place = match.start("kind")
        if heads:
            between = text[heads[-1] : place]
            if _TITLED.search(between) or not _follows(text, place):
                continue
        elif place > 260:
            break
        elif _TITLED.search(re.sub(OPENS, "", text[:place], count=1)) and not re.search(r"\btại\s*$", text[:place]):
            continue
        heads.append(place)
    if not heads:
        every = citations(text)
        if every:
            heads = [every[0].start]
    found: list[Basis] = []
    for number, place in enumerate(heads):
        stop = heads[number + 1] if number + 1 < len(heads) else len(text)
        basis = _one(passage, start, 0 if number == 0 else place, place, stop)
        if basis is not None:
            found.append(basis)
    return found


def _follows(text: str, place: int) -> bool:
    """Whether a further document of the list stands here, with a number or as a law."""
    rest = text[place : place + 160]
    return bool(re.match(r"(?:Hiến pháp|Bộ luật|Luật|Pháp lệnh)\s", rest)) or bool(
        (near := citations(rest)) and near[0].start < 30
    )


def _one(passage: Passage, offset: int, begin: int, place: int, stop: int) -> Basis | None:
    text = passage.text[offset : offset + stop] if begin == 0 else passage.text[offset + begin : offset + stop]
    words = passage.text[offset + place : offset + stop]
    full = re.sub(r"(?:,?\s+và|[;,.])\s*$", "", text.strip())
    lines = passage.lines(offset + begin, offset + stop)
    cited = citations(words)
    first: Citation | None = cited[0] if cited else None
    law = re.match(r"(?:Hiến pháp|Bộ luật|Luật|Pháp lệnh)\s", words)
    if first is not None and (first.start <= 40 or (law and not _TITLED.search(words[: first.start]))):
        rest = words[first.end :].strip(" ,;.")
        return Basis(
            text=full,
            lines=lines,
            kind=first.kind or words.split()[0],
            number=first.number,
            date=first.date,
            issuer=first.issuer,
            title=(words[: first.start].strip() if law and not rest else rest) or None,
        )
    if law:
        dated = DATED.search(words)
        title = words[: dated.start()] if dated else words
        title = re.sub(r"\s*(?:,|;|và|số)\s*$", "", title.strip(" ,;.")).strip()
        return Basis(
            text=full,
            lines=lines,
            kind=law[0].strip(),
            number=None,
            date=day_of(dated) if dated else None,
            issuer=None,
            title=title or None,
        )
    if first is not None and (begin != 0 or first.start < 200):
        return Basis(
            text=full,
            lines=lines,
            kind=first.kind,
            number=first.number,
            date=first.date,
            issuer=first.issuer,
            title=words[first.end :].strip(" ,;.") or None,
        )
    return None
