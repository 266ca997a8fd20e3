"""By when an order is to be carried out."""

import re
from calendar import monthrange
from datetime import date

_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_DAY = r"(?P<d>\d{1,2})\s*(?:/|-|\.|\s+tháng\s+)\s*(?P<m>\d{1,2})\s*(?:/|-|\.|\s+năm\s+)\s*(?P<y>(?:19|20)\d{2})"
_QUARTER = r"quý\s*(?P<q>IV|III|II|I|[1-4])\s*(?:/|năm|-|,|\s)\s*(?:năm\s*)?(?P<qy>20\d{2})"
_MONTH = (
    r"tháng\s*(?:\d{1,2}\s*(?:,|và|-|–|đến tháng)\s*){0,3}(?P<mm>\d{1,2})\s*(?:/|năm|-)\s*(?:năm\s*)?(?P<my>20\d{2})"
)
_YEAR = r"năm\s+(?P<yy>20\d{2})"
_WHEN = rf"(?:{_DAY}|{_QUARTER}|{_MONTH}|{_YEAR})"
_LEAD = (
    r"(?:(?:hoàn thành|xong|thực hiện|chậm nhất|muộn nhất|báo cáo|gửi|trình|ban hành)\s+)?"
    r"(?:(?:là|vào|xong)\s+)?(?:trước|trong|đến|vào|chậm nhất|muộn nhất|cuối|hết|ngay trong"
    r"|thời gian(?: hoàn thành| thực hiện)?:|thời hạn:)\s+"
    r"(?:(?:là|hết|cuối|đầu|trước|thời điểm|ngày|trong|giữa)\s+)*"
)
_DEADLINE = re.compile(rf"(?P<all>{_LEAD}(?:ngày\s+)?{_WHEN})", re.IGNORECASE)
_OPENING = re.compile(rf"^(?P<all>(?:Trong |Trước |Đến |Đến hết )?(?:ngày\s+)?{_WHEN})\s*[,:]", re.IGNORECASE)
_BARE = re.compile(rf"(?P<all>(?:ngày\s+)?{_WHEN})", re.IGNORECASE)
_YEARLY = re.compile(
    r"(?P<all>(?:trước|chậm nhất(?: là)?|muộn nhất)\s+(?:ngày\s+)?\d{1,2}"
    r"(?:/\d{1,2}(?!/?\d)|\s+tháng\s+(?:cuối\s+(?:quý|năm)|\d{1,2}|đầu|sau|cuối))(?:\s+(?:h[àằ]ng năm"
    r"|mỗi quý|của quý))?)",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?:giai đoạn|tầm nhìn|từ|định hướng|so với|của|kể từ|từ nay|nghị quyết|kỳ|mục tiêu|số)\s*$", re.IGNORECASE
)
_HORIZON = re.compile(
    r"\b(?:trong thời gian (?:tiếp theo|tới|sớm nhất)|trong những năm tiếp theo|thời gian tới|những năm tiếp theo"
    r"|giai đoạn\s+20\d{2}\s*[-–]\s*20\d{2}(?!\S*”))",
    re.IGNORECASE,
)


def deadline(text: str) -> tuple[date | None, str | None, bool]:
    """The last day, the words that set it, and whether they name the day itself.

    Example:
        >>> deadline("hoàn thành trước ngày 15/12/2026")
        (datetime.date(2026, 12, 15), 'hoàn thành trước ngày 15/12/2026', True)
        >>> deadline("trình trong Quý I/2027")[0]
        datetime.date(2027, 3, 31)
    """
    opening = _OPENING.match(text)
    if opening:
        return _last_day(opening), opening["all"], opening["d"] is not None
    for found in _DEADLINE.finditer(text):
        if not _in_name(text, found.start()):
            return _last_day(found), _trim(found["all"]), found["d"] is not None
    yearly = _YEARLY.search(text)
    if yearly:
        return None, yearly["all"], False
    return None, None, False


def deadline_in_label(text: str) -> tuple[date | None, str | None, bool]:
    """The same for a column or a label "Thời gian:", where the date may stand bare; the last of a span counts."""
    if re.fullmatch(r"\s*(?:20\d{2}\s*[-–]\s*)?(?P<y>20\d{2})\s*\.?", text):
        year = int(re.findall(r"20\d{2}", text)[-1])
        return date(year, 12, 31), text.strip(" ."), False
    if re.search(
        r"trở đi|và (?:những năm |các năm |giai đoạn )?tiếp theo|và hằng năm|và các năm sau", text, re.IGNORECASE
    ):
        return None, None, False
    founds = list(_BARE.finditer(text))
    if not founds:
        return None, None, False
    led = deadline(text)
    if led[1]:
        return led
    found = founds[-1]
    words = text.strip(" .;") if len(text) < 60 else found["all"]
    return _last_day(found), words, found["d"] is not None and len(founds) == 1


def horizon(text: str) -> str | None:
    """A vague time ("trong thời gian tiếp theo")."""
    found = _HORIZON.search(text)
    return found[0] if found and not _in_name(text, found.start()) else None


def _trim(words: str) -> str:
    return re.sub(r"^(?:thực hiện|báo cáo|gửi|trình|ban hành)\s+", "", words, flags=re.IGNORECASE)


def _in_name(text: str, place: int) -> bool:
    """Whether the words stand in the name of a programme ("… giai đoạn 2012-2020", "“… đến năm 2020”")."""
    before = text[max(0, place - 300) : place]
    if before.count("“") > before.count("”"):
        return True
    if _NAMED.search(before):
        return True
    named = re.search(r"(?:Đề án|Chương trình|Kế hoạch|Chiến lược|Dự án|Quy hoạch)\s+(?!số\s)[^,;:.]*$", before)
    return bool(named) and not re.search(
        r"(?:hoàn thành|xong|trước|chậm nhất)\s", text[place : place + 20], re.IGNORECASE
    )


def _last_day(found: re.Match[str]) -> date | None:
    try:
        if found["d"]:
            return date(int(found["y"]), int(found["m"]), int(found["d"]))
        if found["q"]:
            month = 3 * _ROMAN[found["q"].lower()]
            return date(int(found["qy"]), month, monthrange(int(found["qy"]), month)[1])
        if found["mm"]:
            year, month = int(found["my"]), int(found["mm"])
            return date(year, month, monthrange(year, month)[1])
        return date(int(found["yy"]), 12, 31)
    except (ValueError, KeyError):
        return None
