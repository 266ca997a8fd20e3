"""The end of a document: to whom it goes, and who signed it."""

import re

from hieuhoc.engines.reader.joining import Part, Passage
from hieuhoc.engines.reader.letters import compiled
from hieuhoc.engines.reader.marks import is_bullet
from hieuhoc.engines.reader.reading import Signer
from hieuhoc.engines.reader.source import Table
from hieuhoc.kernel.vietnamese import squeeze

_START = re.compile(r"^\W*Nơi nhận\s*:?\s*", re.IGNORECASE)
_POST = (
    r"(?:PHÓ\s+)?(?:CHỦ TỊCH|GIÁM ĐỐC|TỔNG GIÁM ĐỐC|BỘ TRƯỞNG|THỨ TRƯỞNG|THỦ TƯỚNG|PHÓ THỦ TƯỚNG"
    r"|CHÁNH VĂN PHÒNG|TRƯỞNG BAN|TRƯỞNG PHÒNG"
    r"|HIỆU TRƯỞNG|CỤC TRƯỞNG|TỔNG CỤC TRƯỞNG|CHI CỤC TRƯỞNG|BÍ THƯ|CHÁNH THANH TRA|TRƯỞNG|CHỦ NHIỆM"
    r"|VIỆN TRƯỞNG|TỔNG BIÊN TẬP|TỔNG THANH TRA)"
    r"(?:\s+(?:THƯỜNG TRỰC|BAN CHỈ ĐẠO))?"
)
_FOR = compiled(r"\b(?:TM|KT|TL|TUQ|T/M|K/T|Q)\s*\.\s*[[:upper:]][[:upper:] .,\-]*")
_POST_LINE = re.compile(rf"(?<![\w]){_POST}(?![\w])(?!\s*[,;:])")
_SIGNED = re.compile(r"\(?\s*(?:đã ký|Đã ký|ĐÃ KÝ)\s*\)?|^\W*DG\W*$")
_NAME = compiled(
    r"^(?:(?:TS|ThS|PGS\.?TS|GS\.?TS|BS|KS|Đại tá|Thượng tá|Thiếu tướng|Trung tá"
    r"|Th\.s)\.?\s+)?(?P<name>[[:upper:]][[:lower:]]*(?:\s+[[:upper:]][[:lower:]']*){1,5})$"
)
_SIGNS = compiled(r"^(?:TM|KT|TL|TUQ)\s*\.\s*[[:upper:]]{2}")
_FLAT = compiled(r"^(?P<posts>(?:[[:upper:].,\-]{2,}\s+)*[[:upper:].,\-]{2,})\s+(?P<name>[[:upper:]][[:lower:]].*)$")
_CAPITALS = compiled(r"[[:upper:]]{3}")
_BESIDE = compiled(r"[;.)]\s*(?P<name>[[:upper:]][[:lower:]]+(?:\s+[[:upper:]][[:lower:]]*){1,4})$")
_SURNAMES = frozenset(
    [
        "Nguyễn",
        "Trần",
        "Lê",
        "Phạm",
        "Hoàng",
        "Huỳnh",
        "Phan",
        "Vũ",
        "Võ",
        "Đặng",
        "Bùi",
        "Đỗ",
        "Hồ",
        "Ngô",
        "Dương",
        "Lý",
        "Đinh",
        "Đoàn",
        "Trịnh",
        "Trương",
        "Lâm",
        "Mai",
        "Đào",
        "Tô",
        "Hà",
        "Cao",
        "Chu",
        "Châu",
        "La",
        "Lương",
        "Lưu",
        "Mạc",
        "Nghiêm",
        "Ninh",
        "Nông",
        "Ông",
        "Phùng",
        "Quách",
        "Sơn",
        "Tạ",
        "Thái",
        "Thạch",
        "Thân",
        "Tôn",
        "Tống",
        "Triệu",
        "Từ",
        "Văn",
        "Vi",
        "Viên",
        "Vương",
        "Y",
        "Kim",
        "Danh",
        "Quản",
        "Bạch",
        "Bế",
        "Cù",
        "Doãn",
        "Giàng",
        "Hầu",
        "Kiều",
        "Lò",
        "Lường",
        "Ma",
        "Sầm",
        "Thào",
        "Tăng",
        "Tráng",
        "Vàng",
        "Ung",
        "Điểu",
        "Siu",
        "Rơ",
        "Rah",
        "Hứa",
        "Hạ",
        "Khương",
        "Khổng",
        "Lại",
        "Lục",
        "Nhâm",
        "Phí",
        "Thiều",
        "Tiêu",
        "Trang",
        "Âu",
        "Ngọ",
        "Đàm",
        "Đồng",
        "Cầm",
        "Hờ",
        "Vừ",
        "Mùa",
        "Sùng",
        "Lầu",
        "Thẩm",
        "Biện",
        "An",
        "Ân",
        "Uông",
        "Trà",
        "Giang",
        "Đậu",
        "Hồng",
        "Mã",
        "Mẫn",
        "Cấn",
        "Dư",
    ]
)
_TITLE_WORDS = re.compile(
    r"\b(?:Bộ|Sở|Ban|Hội|Ủy|Văn phòng|Phòng|Chủ|Giám|Thường|Lưu|Như|Các|Đảng|Tỉnh|Trung|Công|Báo|Đài|Cổng)\b"
)


def start_of_closing(parts: list[Part]) -> int:
    """The place of the first part that belongs to recipients or signature; the number of parts where none does."""
    for place, part in enumerate(parts):
        if isinstance(part, Passage) and (_START.match(part.text) or _signs(part.text) or _post_and_name(parts, place)):
            return place
        if isinstance(part, Table) and is_closing_table(part):
            return place
    return len(parts)


def _post_and_name(parts: list[Part], place: int) -> bool:
    """Whether a post in capitals stands here with a person's name soon under it."""
    part = parts[place]
    if not isinstance(part, Passage) or not _POST_LINE.fullmatch(part.text):
        return False
    below = [later.text for later in parts[place + 1 : place + 4] if isinstance(later, Passage)]
    return any(_NAME.match(text) and _is_known(text) and _is_name(text) for text in below)


def _signs(text: str) -> bool:
    return bool(_SIGNS.match(text)) and len(text) < 120


def is_closing_table(table: Table) -> bool:
    """Whether a table holds recipients beside the signature."""
    return any(re.match(r"\W*Nơi nhận", cell.text, re.IGNORECASE) for row in table.rows[:3] for cell in row)


def closing(parts: list[Part]) -> tuple[tuple[str, ...], Signer, int]:
    """Recipients, signer, and how many parts they take, from parts that begin with the closing."""
    recipients: list[str] = []
    signature: list[str] = []
    open_list = False
    taken = 0
    for place, part in enumerate(parts):
        if isinstance(part, Table):
            if place > 0 and not is_closing_table(part):
                break
            for cell in dict.fromkeys(cell.text for row in part.rows for cell in row):
                if _START.match(cell):
                    recipients.extend(_from_cell(cell))
                else:
                    signature.extend(_lines(cell))
            taken = place + 1
            break
        text = part.text
        if place > 60 or (place > 0 and _ends_closing(text) and not _START.match(text)):
            break
        taken = place + 1
        started = _START.match(text)
        if started:
            open_list = True
            rest = text[started.end() :]
            listed, signed = _without_signature(rest)
            recipients.extend(_split(listed))
            signature.extend(line for words in signed for line in _lines(words))
            continue
        listed, signed = _without_signature(text)
        signature.extend(line for words in signed for line in _lines(words))
        if not listed:
            continue
        if open_list and (is_bullet(listed) or _goes_on(recipients, listed)):
            if is_bullet(listed) or not recipients:
                recipients.extend(_split(listed))
            else:
                recipients[-1] = f"{recipients[-1]} {_trim(listed)}"
            if re.match(r"^\W*Lưu\b", listed):
                open_list = False
        else:
            signature.append(listed)
    return tuple(name for name in recipients if name), _signer(signature), taken


def _ends_closing(text: str) -> bool:
    return bool(
        re.match(
            r"^(?:KẾ HOẠCH|PHỤ LỤC|Phụ lục|CHƯƠNG TRÌNH|ĐỀ ÁN|QUY CHẾ|QUY ĐỊNH|DANH MỤC|BIỂU|PHƯƠNG ÁN|DANH "
            r"SÁCH|BẢNG)\b",
            text,
        )
    ) or ("CỘNG HÒA XÃ HỘI" in text or "CỘNG HOÀ XÃ HỘI" in text)


def _goes_on(recipients: list[str], text: str) -> bool:
    if not recipients or _NAME.match(text):
        return not recipients and not _NAME.match(text)
    return (
        text[:1].islower() or recipients[-1].endswith(",") or bool(re.match(r"(?:Các phòng|Trung tâm|Phòng)\b", text))
    )


def _from_cell(cell: str) -> list[str]:
    rest = _START.sub("", cell, count=1)
    return _split(rest)


def _split(text: str) -> list[str]:
    text = squeeze(text)
    if not text:
        return []
    pieces = (
        re.split(r"(?:^|(?<=[;.)])\s*)[-–+•*]\s*(?=[^\W\d_])", text)
        if re.search(r"(?:^|[;.)]\s*)[-–+•*]\s*\w", text)
        else re.split(r";", text)
    )
    return [_trim(piece) for piece in pieces if _trim(piece)]


def _trim(text: str) -> str:
    return squeeze(text).strip(" -–+•*").rstrip(";., ").strip()


def _without_signature(text: str) -> tuple[str, list[str]]:
    """A line of recipients without the signature that a page's second column left on it."""
    found = _FOR.search(text) or _POST_LINE.search(text)
    if not found:
        beside = _BESIDE.search(text)
        if beside and _is_known(beside["name"]) and _is_name(beside["name"]):
            return text[: beside.start("name")].strip(), [beside["name"]]
        return text, []
    if found.start() == 0:
        return "", [text]
    tail = text[found.start() :]
    if tail.upper() != tail and not _NAME.match(tail):
        return text, []
    return text[: found.start()].strip(), [tail]


def _lines(cell: str) -> list[str]:
    """The lines of a signature that was flattened to one."""
    lines = [squeeze(line) for line in cell.split("\n") if line.strip()]
    found: list[str] = []
    for line in lines:
        match = _FLAT.match(line)
        found.extend([match["posts"], match["name"]] if match else [line])
    return found


def _signer(signature: list[str]) -> Signer:
    posts: list[str] = []
    signs_for: list[str] = []
    name: str | None = None
    for line in signature:
        line = _SIGNED.sub("", line).strip(" *_")
        if not line:
            continue
        fors = _FOR.search(line)
        if fors and line.upper() == line:
            inner = re.match(rf"^(?P<for>(?:TM|KT|TL|TUQ|Q|T/M|K/T)\s*\.\s*.*?)\s+(?P<post>PHÓ\s+.*|{_POST})$", line)
            if inner and inner["post"] != line and not re.fullmatch(rf"(?:KT|TL|TUQ|Q|TM)\s*\.\s*{_POST}", line):
                both = re.match(r"^(TM\s*\..*?)\s+(KT\s*\..*)$", inner["for"])
                signs_for.extend([both[1], both[2]] if both else [inner["for"]])
                posts.append(inner["post"])
            elif re.fullmatch(r"Q\s*\..*", line):
                posts.append(line)
            else:
                signs_for.append(line)
            continue
        if line.upper() == line and _CAPITALS.search(line):
            if _POST_LINE.search(line):
                posts.append(line)
            elif name is None and posts and _is_name(line.title()):
                name = line
            continue
        if name is None or not _is_known(name):
            match = _NAME.match(line)
            if match and _is_name(match["name"]) and (posts or signs_for or _is_known(match["name"])):
                name = match["name"] if match["name"] else line
    position = posts[-1] if posts else None
    if position is None and signs_for:
        position = re.sub(r"^(?:TM|KT|TL|TUQ)\s*\.\s*", "", signs_for[-1]) if signs_for[-1].startswith("TM") else None
    if len(posts) == 2 and posts[0] != posts[1] and not signs_for:
        position = " ".join(posts)
    return Signer(name=name, position=position, signs_for=" ".join(signs_for) or None)


def _is_known(name: str) -> bool:
    return name.split()[0] in _SURNAMES


def _is_name(text: str) -> bool:
    words = text.split()
    return 2 <= len(words) <= 6 and (words[0] in _SURNAMES or not _TITLE_WORDS.match(text))
