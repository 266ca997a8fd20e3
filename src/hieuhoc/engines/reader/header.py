"""The head of a document: kind, number, place and date, issuer, subject."""

import datetime
import re
from dataclasses import dataclass

from hieuhoc.engines.reader.bases import OPENS
from hieuhoc.engines.reader.joining import Part, Passage, clean
from hieuhoc.engines.reader.letters import compiled
from hieuhoc.engines.reader.marks import mark
from hieuhoc.engines.reader.source import Source, Table
from hieuhoc.engines.reader.tables import columns
from hieuhoc.kernel.vietnamese import one_spelling, squeeze

KINDS = {
    "KẾ HOẠCH": "Kế hoạch", "QUYẾT ĐỊNH": "Quyết định", "CHƯƠNG TRÌNH": "Chương trình", "CHỈ THỊ": "Chỉ thị",
    "NGHỊ QUYẾT": "Nghị quyết", "ĐỀ ÁN": "Đề án", "PHƯƠNG ÁN": "Phương án", "HƯỚNG DẪN": "Hướng dẫn",
    "THÔNG BÁO": "Thông báo", "CÔNG ĐIỆN": "Công điện", "CHƯƠNG TRÌNH HÀNH ĐỘNG": "Chương trình hành động",
    "BÁO CÁO": "Báo cáo", "TỜ TRÌNH": "Tờ trình", "QUY CHẾ": "Quy chế", "QUY ĐỊNH": "Quy định", "KẾT LUẬN": "Kết luận",
    "CHIẾN LƯỢC": "Chiến lược", "CÔNG VĂN": "Công văn", "THÔNG TƯ": "Thông tư", "NGHỊ ĐỊNH": "Nghị định",
    "KẾ HOẠCH HÀNH ĐỘNG": "Kế hoạch hành động", "DỰ ÁN": "Dự án",
}  # fmt: skip
_CODES = {
    "QĐ": "Quyết định", "KH": "Kế hoạch", "CT": "Chỉ thị", "NQ": "Nghị quyết", "CTR": "Chương trình", "ĐA": "Đề án",
    "PA": "Phương án", "HD": "Hướng dẫn", "TB": "Thông báo", "CĐ": "Công điện", "BC": "Báo cáo", "TTR": "Tờ trình",
    "KL": "Kết luận",
}  # fmt: skip
_NUMBER = re.compile(
    r"\bSố\s*:?[\s.…_]*(?P<n>\d{0,5}(?:\s*/\s*\d{4}(?=\s*/))?)[\s.…_]*(?P<sep>[/\-–])\s*"
    r"(?P<code>[A-ZĐ][A-Za-zĐđÂâƯư0-9]{0,14}(?:\s?[-–&/.]\s?[A-ZĐ][A-Za-zĐđÂâƯư0-9.]{0,24}){0,5})",
)
_DATE = compiled(
    r"(?:(?P<place>[[:upper:]][\w.]*(?:[\s\-]+[[:upper:]][\w.]*){0,4})\s*,\s*)?ngày\s*(?P<d>\d[\d "
    r"]{0,2}?)?[\s.…_]*tháng\s*(?P<m>\d[\d ]{0,2}?)?[\s.…_]*năm\s*(?P<y>20\d[\d ]{1,2}|19\d{2})?",
)
_MOTTO = re.compile(
    r"C[ỘO]NG\s+H[ÒO][ÀA]?A?\s+X[ÃA]\s+H[ỘO]I\s+CH[ỦU]\s+NGH[ĨI]A\s+VI[ỆE]T\s+NAM"
    r"|Đ[ộo]c\s+l[ậa]p\s*[-–—.]?\s*T[ựu]\s+do\s*[-–—.]?\s*H[ạa]nh\s+ph[úu]c"
    r"|Đ[ỘO]C\s+L[ẬA]P\s*[-–—]\s*T[ỰU]\s+DO\s*[-–—]\s*H[ẠA]NH\s+PH[ÚU]C|ĐẢNG CỘNG SẢN VIỆT NAM",
    re.IGNORECASE,
)
_BODY = re.compile(
    r"^(?:ỦY BAN|UỶ BAN|UBND|HỘI ĐỒNG|HĐND|THỦ TƯỚNG|CHÍNH PHỦ|BỘ(?!\s+TRƯỞNG)|BỘ TRƯỞNG|SỞ"
    r"|BAN(?!\s+HÀNH)|TỈNH ỦY|TỈNH UỶ|THÀNH ỦY|HUYỆN ỦY|HỘI|LIÊN ĐOÀN|TỔNG|CỤC|CHI CỤC|PHÒNG"
    r"|CHỦ TỊCH|GIÁM ĐỐC|TRƯỜNG|ĐẢNG ỦY|TỈNH ĐOÀN|VĂN PHÒNG|CÔNG AN|THANH TRA|BẢO HIỂM|ĐÀI|BÁO|TRUNG "
    r"TÂM|VIỆN|NGÂN HÀNG|KHO BẠC|MẶT TRẬN|QUỐC HỘI|TRƯỞNG BAN|HIỆU TRƯỞNG|THANH|ĐOÀN)\b"
)
_AUTHORITY = re.compile(
    r"^(?:(?:CHỦ TỊCH|ỦY BAN NHÂN DÂN|UỶ BAN NHÂN DÂN|UBND|HỘI ĐỒNG NHÂN DÂN|BỘ TRƯỞNG|(?:TỔNG )?GIÁM ĐỐC|CỤC TRƯỞNG"
    r"|TRƯỞNG BAN|HIỆU TRƯỞNG|BAN CHỈ ĐẠO|BAN THƯỜNG VỤ|TỔNG CỤC TRƯỞNG|CHÁNH VĂN PHÒNG)(?!\w)(?!.*\bVỀ\b).{0,80}"
    r"|(?:THỦ TƯỚNG )?CHÍNH PHỦ|THỦ TƯỚNG|QUỐC HỘI)\W*$"
)
_ANNEXED = re.compile(r"\(\s*(?:Ban hành\s+)?(?:[Kk]èm theo|Ban hành|ban hành)[^)]*\)?\s*$")
_PLACE_LINE = re.compile(
    r"^(?!TỈNH (?:ỦY|UỶ|ĐOÀN)|HUYỆN (?:ỦY|UỶ))(?:TỈNH|THÀNH PHỐ|HUYỆN|QUẬN|THỊ XÃ|XÃ|PHƯỜNG|THỊ TRẤN"
    r"|ĐẶC KHU|TP\.?)\s+\S"
)
_UBND = compiled(
    r"\b(?P<body>Ủy ban nhân dân|Uỷ ban nhân dân|UBND|Uỷ ban Nhân dân|Ủy ban Nhân "
    r"dân)\s+(?P<unit>[Tt]ỉnh|[Tt]hành phố|[Hh]uyện|[Qq]uận|[Tt]hị xã|[Xx]ã|[Pp]hường|[Tt]hị trấn"
    r"|[Đđ]ặc khu|TP\.?)\s+"
    r"(?P<name>[[:upper:]]\w*(?:[\s\-]+[[:upper:]0-9]\w*){0,4})"
)

_RULES = re.compile(r"\s*[-–—_*]{3,}\s*")
_ENACTING = re.compile(
    r"(?<!của )(?P<who>(?:Ủy ban nhân dân|UBND|Uỷ ban nhân dân|Sở|Bộ|Ban|Thủ tướng Chính phủ|Hội"
    r"|Phòng)[^,;.\n]{0,80}?)\s(?:ban hành|xây dựng)\s+(?:Kế hoạch|Chương trình|Đề án|kế hoạch)",
)


@dataclass(frozen=True)
class Head:
    """What the head says. `inferred` tells that the issuer has no block of its own."""

    kind: str | None
    number: str | None
    date: datetime.date | None
    place: str | None
    issuer: str | None
    inferred: bool
    title: str | None
    level: str | None
    confidence: dict[str, float]
    notes: tuple[str, ...]
    title_ends: int  # the line of the source on which the subject ends; 0 where there is none


def head(preamble: list[Part], parts: list[Part], source: Source) -> Head:
    """The head of a document. `preamble` are the parts before the first heading."""
    numbered = _lines(preamble)
    lines = [line for line, _ in numbered]
    notes: list[str] = []
    confidence: dict[str, float] = {}
    kind_place = next((place for place, line in enumerate(lines) if _kind(line)), None)
    kind = _kind(lines[kind_place]) if kind_place is not None else None
    zone = (
        lines
        if kind_place is None
        else lines[: kind_place + 1]
        + [line for line in lines[kind_place + 1 : kind_place + 9] if not OPENS.match(line)]
    )
    number, code = _number(zone, lines[: (kind_place or 6) + 1], confidence, notes)
    day, place = _date(zone, confidence, notes)
    if kind is None and code:
        kind = next((_CODES[piece] for piece in re.split(r"[-/–]", code.upper()) if piece in _CODES), None)
    if kind is None and any(re.match(r"\W*(?:V/v|Kính gửi)", line, re.IGNORECASE) for line in lines):
        kind = "Công văn"
    issuer, inferred = _issuer(lines, kind_place, code, place, parts)
    if inferred:
        notes.append("Văn bản không có khối tên cơ quan ban hành; tên được suy từ câu ban hành, địa danh và ký hiệu.")
        confidence["issuer"] = 0.7
    title, title_place = _title(lines, kind_place)
    ends = numbered[title_place][1] if title else 0
    return Head(kind, number, day, place, issuer, inferred, title, _level(issuer, code), confidence, tuple(notes), ends)


def body_starts(parts: list[Part]) -> int:
    """The place of the first numbered heading; of the first text after the bases where there is none."""
    kind_seen = False
    for place, part in enumerate(parts):
        if isinstance(part, Table):
            closing = any("Nơi nhận" in cell.text for row in part.rows for cell in row)
            if not closing and (kind_seen or columns(part) is not None):
                return place
            continue
        if _kind(part.text):
            kind_seen = True
        found = mark(part.text)
        early = found is not None and found.kind in {"upper", "letter"} and place < 6 and not kind_seen
        if found is not None and found.kind not in {"annex", "bracket"} and not early:
            return place
    for place, part in enumerate(parts):
        if isinstance(part, Passage) and re.match(r"\W*(?:Nơi nhận|TM\.|KT\.)", part.text):
            return place
    return len(parts)


def _lines(preamble: list[Part]) -> list[tuple[str, int]]:
    """The lines of the head, tables laid out one cell after the other, each with its line of the source."""
    lines: list[tuple[str, int]] = []
    for part in preamble:
        if isinstance(part, Table):
            seen: set[str] = set()
            for row in part.rows:
                for cell in row:
                    if cell.text not in seen:
                        seen.add(cell.text)
                        lines.extend((clean(piece), cell.last) for piece in cell.text.split("\n"))
        else:
            lines.append((part.text, part.lines()[1]))
    return [(squeeze(_RULES.sub(" ", line)), number) for line, number in lines if re.search(r"\w", line)]


def _kind(line: str) -> str | None:
    bare = line.strip(" *_:.")
    if bare in KINDS:
        return None if line.rstrip().endswith(":") else KINDS[bare]
    first = re.match(
        r"^(CHƯƠNG TRÌNH HÀNH ĐỘNG|KẾ HOẠCH|QUYẾT ĐỊNH|CHƯƠNG TRÌNH|CHỈ THỊ|PHƯƠNG ÁN|CÔNG ĐIỆN|THÔNG BÁO"
        r"|HƯỚNG DẪN|NGHỊ QUYẾT)(?=\s+\S)",
        bare,
    )
    if first and len(bare) < 600 and not re.search(r"^(?:KẾ HOẠCH|CHƯƠNG TRÌNH)\s+(?:SỐ|NÀY)", bare):
        return KINDS[first[1]]
    return None


def _number(
    zone: list[str], above: list[str], confidence: dict[str, float], notes: list[str]
) -> tuple[str | None, str | None]:
    for line in zone:
        found = _NUMBER.search(line)
        if not found:
            continue
        code = re.sub(r"\s", "", found["code"]).strip("-/.")
        digits = re.sub(r"\s", "", found["n"])
        if digits:
            confidence["number"] = 1.0
            return f"{digits}{found['sep']}{code}", code
        stamp = next((line for line in above if re.fullmatch(r"\d{2,5}", line.strip())), None)
        if stamp:
            confidence["number"] = 0.6
            notes.append("Số văn bản được đóng dấu ở dòng khác; hãy kiểm tra lại.")
            return f"{stamp.strip()}{found['sep']}{code}", code
        notes.append("Văn bản để trống số.")
        confidence["number"] = 0.0
        return None, code
    return None, None


def _date(zone: list[str], confidence: dict[str, float], notes: list[str]) -> tuple[datetime.date | None, str | None]:
    best: tuple[datetime.date | None, str | None] = (None, None)
    for line in zone:
        if line.startswith("(") or OPENS.match(line):
            continue
        for found in _DATE.finditer(_NUMBER.sub("  ", line)):
            place = found["place"]
            if place is None and best[1] is None and not (found["d"] or len(line) < 40):
                continue
            place = re.sub(r"^(?:.*\b(?:UBND|QĐ|KH)\s+)", "", place) if place else None
            if found["d"] and found["m"] and found["y"] and (place or len(line) < 60):
                try:
                    day = datetime.date(
                        int(found["y"].replace(" ", "")),
                        int(found["m"].replace(" ", "")),
                        int(found["d"].replace(" ", "")),
                    )
                except ValueError:
                    continue
                confidence["date"] = 1.0
                return day, place
            if place and best[1] is None:
                best = (None, place)
    if best[1]:
        notes.append("Văn bản để trống ngày.")
    confidence["date"] = 0.0
    return best


def _title(lines: list[str], kind_place: int | None) -> tuple[str | None, int]:
    """The subject, and the place of the line on which it ends."""
    if kind_place is None:
        for place, line in enumerate(lines):
            found = re.match(r"\W*(?:V/v|Về việc)\s*:?\s*(?P<rest>.+)", line, re.IGNORECASE)
            if found:
                more = [found["rest"]]
                for later in lines[place + 1 : place + 4]:
                    if not later[:1].islower():
                        break
                    more.append(later)
                return squeeze(" ".join(more)).rstrip("."), place + len(more) - 1
        return None, 0
    first = lines[kind_place].strip(" *_:.")
    named = next((name for name in sorted(KINDS, key=len, reverse=True) if first.startswith(name)), "")
    rest = first[len(named) :].strip(" :.-")
    picked = [rest] if rest else []
    ends = kind_place
    for number, line in enumerate(lines[kind_place + 1 : kind_place + 14], start=kind_place + 1):
        if OPENS.match(line) and not (line.isupper() or (not picked and not re.match(r"Căn cứ|Xét", line))):
            break
        if picked and (
            re.match(r"^(?:Căn cứ|Kính gửi|Xét|Theo đề nghị|Thực hiện|Triển khai|Ngày|Để |Nhằm )", line)
            and len(line) > 60
            and not _unfinished(picked[-1])
        ):
            break
        if re.match(r"^\(?\s*(?:Ban hành kèm|[Kk]èm theo|ban hành kèm)", line) or re.match(
            r"^(?:Kính gửi|QUYẾT ĐỊNH\s*:)", line
        ):
            break
        if line.isupper() and _AUTHORITY.match(line) and not (picked and _unfinished(picked[-1])):
            if picked:
                break
            continue
        if re.match(r"^Số\s*:|^\W*\d{1,4}\W*$", line) or _MOTTO.search(line):
            continue
        if mark(line) or line.endswith((":", ";")):
            break
        if picked and line[:1].isupper() and not line.isupper() and len(" ".join(picked)) > 30 and _sentence(line):
            break
        picked.append(_ANNEXED.sub("", line).strip())
        ends = number
        if line.endswith("."):
            break
    title = squeeze(" ".join(piece for piece in picked if piece))
    title = re.sub(r"^(?:V/v|Về việc:)\s+", "", title)
    return title.rstrip(".") or None, ends


def _unfinished(text: str) -> bool:
    return bool(
        re.search(
            r"(?:,|-|\b(?:và|của|về|cho|trong|với|các|tại|đến|năm|ngày|số|theo|thực hiện|triển khai))$",
            text,
            re.IGNORECASE,
        )
    )


def _sentence(line: str) -> bool:
    return len(line) > 150 or line.endswith((".", ";"))


def _issuer(
    lines: list[str], kind_place: int | None, code: str | None, place: str | None, parts: list[Part]
) -> tuple[str | None, bool]:
    block = _block(lines[: kind_place if kind_place is not None else 8])
    whole = "\n".join(part.text for part in parts[:400] if isinstance(part, Passage))
    if block:
        return _as_in_text(block, whole, place), False
    authority = next(
        (line for line in lines[(kind_place or 0) + 1 :] if line.isupper() and _BODY.match(line) and len(line) < 120),
        None,
    )
    if authority:
        return _as_in_text(
            re.sub(r"^(?:CHỦ TỊCH|GIÁM ĐỐC|BỘ TRƯỞNG)\s+(?=ỦY|UỶ|UBND|SỞ|BỘ)", "", authority), whole, place
        ), True
    if code and "TTG" in code.upper():
        return "Thủ tướng Chính phủ", True
    committee = bool(code and "UBND" in code)
    for enacting in _ENACTING.finditer(whole):
        who = enacting["who"].strip()
        if not committee or re.match(r"(?:Chủ tịch\s+)?(?:Ủy ban|Uỷ ban|UBND)", who):
            return _expanded(who, place), True
    if committee:
        found = _UBND.search(whole)
        if found:
            return _expanded(found[0], place), True
        if place:
            return f"Ủy ban nhân dân {place}", True
    return None, True


def _block(lines: list[str]) -> str | None:
    """The issuer from the left half of the head: its last body, with the place under it."""
    kept: list[str] = []
    motto = "cộng hòa xã hội chủ nghĩa việt nam"
    broken = False  # the motto broke over two lines
    for line in lines[:14]:
        plain = one_spelling(line)
        if (plain != motto and motto.startswith(plain) and len(plain) > 10) or (broken and motto.endswith(plain)):
            broken = not broken
            continue
        rest = _MOTTO.sub("  ", line)
        rest = _NUMBER.sub(" ", rest)
        rest = re.split(r"\s(?=\S*[^\W\d_]\S*(?:\s\S+){0,3}\s*,\s*ngày\b)", rest)[0] if "ngày" in rest else rest
        rest = re.sub(r"\bSố\s*:.*$", "", rest)
        rest = squeeze(rest).strip(" |-–—*_")
        letters = [letter for letter in rest if letter.isalpha()]
        if len(letters) < 3 or not rest.isupper():
            if kept and _NUMBER.search(line):
                break
            continue
        if rest in KINDS:
            break
        kept.append(rest)
    bodies: list[str] = []
    for line in kept:
        if _BODY.match(line) and not _PLACE_LINE.match(line):
            bodies.append(line)
        elif bodies and (_PLACE_LINE.match(line) or not re.match(r"^(?:ĐỘC|HỎA TỐC|KHẨN|HOẢ)", line)):
            bodies[-1] = f"{bodies[-1]} {line}"
        elif re.match(r"^(?:THỦ TƯỚNG|CHÍNH PHỦ)", line):
            bodies.append(line)
    return bodies[-1] if bodies else None


def _as_in_text(block: str, whole: str, place: str | None) -> str:
    """The same words as a sentence writes them, where the document does; else with small letters as usual."""
    wanted = one_spelling(block)
    flat = one_spelling(whole)
    if len(flat) == len(whole):
        start = flat.find(wanted)
        while start >= 0:
            words = whole[start : start + len(wanted)]
            if not words.isupper():
                return words[0].upper() + words[1:]
            start = flat.find(wanted, start + 1)
    found = re.match(
        r"^(ỦY BAN NHÂN DÂN|UỶ BAN NHÂN DÂN|UBND|HỘI ĐỒNG NHÂN DÂN)\s+(TỈNH|THÀNH PHỐ|HUYỆN|QUẬN|THỊ XÃ|XÃ"
        r"|PHƯỜNG|THỊ TRẤN|ĐẶC KHU|TP\.?)\s+(.+)$",
        block,
    )
    if found:
        body = {"UBND": "Ủy ban nhân dân"}.get(found[1], found[1].capitalize())
        return f"{body} {found[2].lower()} {found[3].title()}"
    return block


def _expanded(who: str, place: str | None) -> str:
    """ "UBND tỉnh" with its name in full."""
    full = re.sub(r"^(?:UBND|Uỷ ban nhân dân|Ủy ban Nhân dân)\b", "Ủy ban nhân dân", who)
    if place and re.search(r"(?:tỉnh|Tỉnh|Thành phố|thành phố|huyện|xã|phường|quận)$", full):
        full = f"{full} {place}"
    return full


def _level(issuer: str | None, code: str | None) -> str | None:
    low = one_spelling(issuer or "")
    if re.search(r"thủ tướng|chính phủ|quốc hội|^bộ |trung ương|quốc gia|ban bí thư", low) or (code and "TTg" in code):
        return "trung ương"
    for pattern, level in (
        (r"\b(?:xã|phường|thị trấn|đặc khu)\b", "xã"),
        (r"\b(?:huyện|quận|thị xã)\b", "huyện"),
        (r"\b(?:tỉnh|sở)\b|thành phố (?:hà nội|hồ chí minh|đà nẵng|hải phòng|cần thơ|huế)", "tỉnh"),
        (r"\b(?:thành phố|phòng)\b", "huyện"),
    ):
        if re.search(pattern, low):
            return level
    return None
