"""How often an order is to be carried out: an adverb that governs the action, not one inside a name."""

import re

from hieuhoc.engines.reader.lexicon import Tokens, longest, opens_order, orders

_PERIOD = (
    r"(?:(?:0?3|ba)\s*tháng|(?:0?6|sáu)\s*tháng|(?:0?9|chín)\s*tháng|h[àằ]ng\s+(?:năm|quý|tháng|tuần"
    r"|ngày)|mỗi\s+(?:năm|quý|tháng|tuần)|quý|tháng|tuần|năm)"
)
_WORDS = re.compile(
    r"\b(?:(?:theo\s+)?định k[ỳì](?:\s*,?\s*(?:" + _PERIOD + r")(?:\s*,\s*(?:0?[369]\s*tháng|h[àằ]ng năm|năm|quý))*)?"
    r"|h[àằ]ng\s+(?:năm|quý|tháng|tuần|ngày)"
    r"|mỗi\s+(?:năm|quý|tháng|tuần)"
    r"|(?:0?[369]|ba|sáu|chín|1|một|01)\s*(?:tháng|năm|quý|tuần)\s*(?:/|một|mỗi|1)\s*(?:lần|01 lần)"
    r"|(?:0?1|0?2|một|hai|ít nhất \d+)\s*lần\s*(?:/|trong|mỗi)\s*(?:một\s+)?(?:năm|quý|tháng|tuần|6 tháng)"
    r"|(?:báo cáo|sơ kết|đánh giá|kiểm tra)\s+(?P<six>0?6\s*tháng|quý)"
    r"|thường xuyên)\b",
    re.IGNORECASE,
)
_MONTHS = re.compile(r"\b(?:0?[369]|sáu|ba)\s*tháng\b(?!\s*(?:đầu|cuối|năm|\d|/))", re.IGNORECASE)
_NAMES = re.compile(
    r"(?:giáo dục|chi|học tập|nhiệm vụ|việc làm|ngân sách|kinh phí|trung tâm|cơ sở|nguồn|kế hoạch|chương trình|đề án"
    r"|danh hiệu|chỉ tiêu|dự toán|bồi dưỡng chính trị|khoa học và công nghệ|cơ quan|kiểm tra sức khỏe|khám sức khỏe"
    r"|công việc|phòng|hoạt động|tình trạng|ngành học|khoản chi|bảo dưỡng|úng ngập|số liệu|văn bản "
    r"hướng dẫn|các kế hoạch"
    r"|chế độ báo cáo|chính trị|kinh tế - xã hội|công tác|ngân sách nhà nước|thông tin|xã hội|mục tiêu"
    r"|tổng kết năm học)\s+$",
    re.IGNORECASE,
)
_ACTION_BEFORE = re.compile(
    r"(?:báo cáo|thực hiện|kiểm tra|đánh giá|sơ kết|tổng kết|cập nhật|rà soát|tổ chức|triển khai|theo "
    r"dõi|giám sát|đôn đốc"
    r"|duy trì|tiến hành|tuyên truyền|phối hợp|tổng hợp|tham mưu|đối thoại|giao ban|họp|kiện toàn|bổ "
    r"sung|kiểm tra,|và|,|\(|:)\s*$",
    re.IGNORECASE,
)


def recurrence(text: str) -> tuple[str | None, str | None]:
    """How often, as a plain value and as it is written; nothing where no adverb governs the order.

    Example:
        >>> recurrence("Hàng năm, căn cứ khả năng cân đối ngân sách tham mưu bố trí kinh phí")
        ('hằng năm', 'Hàng năm')
        >>> recurrence("đưa vào kế hoạch hàng năm của đơn vị")
        (None, None)
    """
    found: list[tuple[str, str]] = []
    for match in _WORDS.finditer(text):
        if not _governs(text, match):
            continue
        value = plain(match[0])
        if value:
            found.append((value, match[0]))
    for value, words in found:
        if value not in {"định kỳ", "thường xuyên"}:
            return value, words
    return found[0] if found else (None, None)


def recurrence_in_label(text: str) -> tuple[str | None, str | None]:
    """The same for the words after "Thời gian thực hiện:", where nothing else stands."""
    founds = [*_WORDS.finditer(text), *_MONTHS.finditer(text)]
    for match in sorted(founds, key=lambda found: found.start()):
        value = plain(match[0])
        if value and not (value in {"định kỳ", "thường xuyên"} and len(founds) > 1 and match is not founds[-1]):
            return value, match[0]
    return None, None


def plain(words: str) -> str | None:
    """One spelling for each frequency."""
    low = re.sub(r"\s+", " ", words.lower()).replace("hàng ", "hằng ").replace("mỗi ", "hằng ")
    for pattern, value in (
        (r"(?:0?6|sáu) ?tháng", "6 tháng"),
        (r"(?:0?3|ba) ?tháng", "3 tháng"),
        (r"(?:0?9|chín) ?tháng", "9 tháng"),
        (r"quý", "hằng quý"),
        (r"tháng", "hằng tháng"),
        (r"tuần", "hằng tuần"),
        (r"ngày", "hằng ngày"),
        (r"năm", "hằng năm"),
        (r"thường xuyên", "thường xuyên"),
        (r"định k[ỳì]", "định kỳ"),
    ):
        if re.search(pattern, low):
            return value
    return None


def _governs(text: str, match: re.Match[str]) -> bool:
    before, after = text[max(0, match.start() - 400) : match.start()], text[match.end() : match.end() + 300]
    word = match[0].lower()
    if match["six"]:
        return True
    if _quoted(before):
        return False
    bare_before = not re.search(r"\w", before)
    following = Tokens(after[:120])
    if bare_before:
        return not after.lstrip().startswith("của")
    if word == "thường xuyên" and re.search(
        r"(?:giáo dục|chi|học tập|nguồn|cơ sở|việc làm|nhiệm vụ)\s+$", before, re.IGNORECASE
    ):
        return False
    if after.lstrip().startswith(",") and re.search(r"[,;:.]\s*$", before):
        return True
    order = _order_follows(following)
    if _NAMES.search(before):
        return bool(
            order
            and word.startswith(("định k", "thường xuyên"))
            and not re.search(r"(?:kế hoạch|giáo dục|chi)\s+$", before)
        )
    if order:
        return True
    if re.search(r"(?:lần|định k[ỳì]\s+\S+)", word) and not re.search(r"(?:kế hoạch|chế độ)\s+\S*\s*$", before):
        return True
    ending = not re.search(r"\w", after) or bool(re.match(r"\s*(?:[,;.)(]|và\b|theo\b|về\b|cho\b|để\b)", after))
    return ending and bool(_ACTION_BEFORE.search(before)) and not re.search(r"kế hoạch,?\s*$", before)


def _order_follows(tokens: Tokens) -> bool:
    if not len(tokens):
        return False
    place = 1 if tokens.low[0] == "," else 0
    words = orders()
    return longest(words["verb"], tokens.low, place) > place or opens_order(tokens, place, reach=6)


def _quoted(before: str) -> bool:
    return before.count("“") > before.count("”")
