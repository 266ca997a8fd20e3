"""Who is charged at the beginning of a clause: its subject, or the object of "giao", "đề nghị", "yêu cầu"."""

import re

from hieuhoc.engines.reader.agencies import Mention, mentions
from hieuhoc.engines.reader.lexicon import Tokens, longest, opens_order, orders

CLOSING = re.compile(
    r"^(?:trên đây là|trong quá trình (?:tổ chức |triển khai )*(?:thực hiện|triển khai)|quá trình "
    r"(?:tổ chức )?(?:triển khai|thực hiện)"
    r"|yêu cầu (?:các|thủ trưởng|giám đốc)|căn cứ (?:nội dung )?kế hoạch này|nhận được (?:kế hoạch"
    r"|công văn|chỉ thị|văn bản|thông báo) này|(?:ủy ban nhân dân|ubnd|chủ tịch)[^.]{0,60}\s(?:yêu cầu"
    r"|đề nghị))",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(
    r"^(?:(?:căn cứ|theo)(?:\s+vào)?\s+chức năng(?:,|\s+và)?\s+nhiệm vụ(?:,?\s+quyền "
    r"hạn)?(?:\s+(?:được giao|được phân công|của mình|của đơn vị))?,?\s+"
    r"|(?:trên cơ sở|căn cứ|theo|để|nhằm|trong|hằng năm|hàng năm|hằng quý|hàng quý|định kỳ|trước|sau"
    r"|đến|từ|bên cạnh|ngoài ra"
    r"|đồng thời|nhận được|đối với|với|khi|qua|ngay sau|thời gian|chậm nhất|năm|quý|tháng|hoàn thành"
    r"|riêng|trường hợp|nếu|tùy|bằng|thông qua|tại)\b"
    r"[^,:;]{0,200}?[,:]\s*)",
    re.IGNORECASE,
)
_TOPIC = re.compile(r"^[^,:;.]{3,90}:\s*")
_CHARGING = re.compile(
    r"(?:^|(?<=[\s,(]))(?P<verb>giao(?:\s+cho)?(?:\s+nhiệm vụ\s+cho)?|phân công|yêu cầu|(?:trân "
    r"trọng\s+|kính\s+)*đề nghị|ủy quyền(?:\s+cho)?)\s+",
    re.IGNORECASE,
)
_TO_ACT = {
    "căn",
    "theo",
    "trên",
    "có",
    "chịu",
    "là",
    "cần",
    "phải",
    "được",
    "khi",
    "sẽ",
    ":",
    "cùng",
    "ngoài",
    "tùy",
    "tại",
    "trong",
    "để",
    "đã",
    "chưa",
}


def after_lead_in(tokens: Tokens) -> int:
    found = _LEAD_IN.match(tokens.text) or _TOPIC.match(tokens.text)
    return tokens.at(found.end()) if found else 0


def subject(tokens: Tokens) -> tuple[list[Mention], int, bool]:
    """The bodies that the clause charges: its subject, or the object of "giao", "đề nghị", "yêu cầu"."""
    starts = [0]
    skipped = after_lead_in(tokens)
    if skipped:
        starts.append(skipped)
        again = _LEAD_IN.match(tokens.text[tokens.starts[skipped] :]) if skipped < len(tokens) else None
        if again:
            starts.append(tokens.at(tokens.starts[skipped] + again.end()))
    for start in starts:
        if start >= len(tokens):
            continue
        offset = tokens.starts[start]
        found = mentions(tokens, start, semicolons=True)
        rest = found[-1].last if found else start
        if rest < len(tokens):
            charging = _CHARGING.match(tokens.text, tokens.starts[rest] if found else offset)
            if charging:
                inner = tokens.at(charging.end())
                charged = mentions(tokens, inner, semicolons=True)
                if charged:
                    return charged, charged[-1].last, "đề nghị" in charging["verb"].lower()
        if found:
            return found, rest, False
        verb_first = tokens.low[start] in {"đồng", "tiếp", "ngoài"}
        if verb_first:
            continue
    return [], 0, False


def acts(tokens: Tokens, rest: int) -> bool:
    """Whether the words after the bodies make them do something."""
    low = tokens.low
    place = rest
    while place < len(low) and low[place] in {",", ".", "…", ";"}:
        place += 1
    if place < len(low) and low[place] == "(":
        while place < len(low) and low[place] != ")":
            place += 1
        place += 1
    if place < len(low) and low[place] == ",":
        place += 1
    if place >= len(low):
        return False
    if low[place] in _TO_ACT:
        return low[place] != "là" or bool(
            re.match(r"là\s+(?:cơ quan|đơn vị|đầu mối|thành viên)", tokens.text[tokens.starts[place] :])
        )
    return opens_order(tokens, place) or longest(orders()["adverb"], low, place) > place
