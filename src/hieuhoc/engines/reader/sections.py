"""The tree of sections: which marks open a heading, where it stands, and what it is for."""

import re
from dataclasses import dataclass, replace

from hieuhoc.engines.reader.agencies import is_field, only_mentions, stretched
from hieuhoc.engines.reader.joining import Part, Passage
from hieuhoc.engines.reader.letters import compiled
from hieuhoc.engines.reader.lexicon import Tokens, opens_order
from hieuhoc.engines.reader.marks import Mark, bullet, mark
from hieuhoc.engines.reader.reading import Section
from hieuhoc.engines.reader.source import Table
from hieuhoc.engines.reader.subjects import CLOSING, acts, subject

_REQUEST = re.compile(r"^(?:trân trọng\s+)?(?:kính\s+)?đề nghị\s+", re.IGNORECASE)
_CHARGE = re.compile(
    r"^(?:giao(?:\s+(?:cho|nhiệm vụ cho|trách nhiệm cho))?|yêu cầu|trách nhiệm(?:\s+của)?|nhiệm "
    r"vụ(?:\s+của)?|phân công|đối với"
    r"|(?:trân trọng\s+)?(?:kính\s+)?đề nghị)\s+",
    re.IGNORECASE,
)
_TASKS = re.compile(r"nhiệm vụ|giải pháp|tổ chức thực hiện|nội dung", re.IGNORECASE)
_STILL = re.compile(
    r"^(?:về\s+)?(?:mục đích|yêu cầu|quan điểm|phạm vi|đối tượng|sự cần thiết|thực trạng|đặc điểm|tình hình|bối cảnh"
    r"|đánh giá (?:chung|kết quả|tình hình|thực trạng|việc|công tác)|kết quả (?:đạt được|thực hiện"
    r"|công tác|chủ yếu|nổi bật)"
    r"|kết quả$|những kết quả|hạn chế|tồn tại|những (?:tồn tại|hạn chế|khó khăn)|nguyên nhân|ưu điểm|khái quát|căn cứ"
    r"|cơ sở (?:pháp lý|thực tiễn|xây dựng|khoa học|chính trị)|thuận lợi|khó khăn|dự báo|nguyên tắc"
    r"|tầm nhìn|phần mở đầu"
    r"|thời gian|địa điểm|thành phần|thời lượng|chủ đề|khẩu hiệu|hiệu lực|bài học|định nghĩa|giải thích)(?=\W|$)",
    re.IGNORECASE,
)
_TARGETS = re.compile(r"^(?:các\s+|một số\s+|về\s+)?(?:mục tiêu|chỉ tiêu)(?=\W|$)", re.IGNORECASE)
_MONEY = re.compile(
    r"^(?:về\s+)?(?:nguồn\s+)?(?:kinh phí|nguồn vốn|nguồn lực tài chính|dự toán)(?=\W|$)", re.IGNORECASE
)
_SENTENCES = compiled(r"[.;](?=\s+[[:upper:]])")
_PLACES = re.compile(
    r"^(?:các\s+)?(?:trung tâm (?:học tập cộng đồng|ngoại ngữ|giáo dục|gdtx|htcđ)|thư viện|bảo tàng"
    r"|nhà văn hóa|câu lạc bộ|trường học|cơ sở"
    r"|doanh nghiệp|trường\s)(?!.*\btỉnh\b)",
    re.IGNORECASE,
)
_CHARGES = re.compile(r"tổ chức thực hiện|phân công|trách nhiệm|tổ chức triển khai|nhiệm vụ của", re.IGNORECASE)
_TOPIC = re.compile(
    r"^(?:về|kinh phí|chế độ|công tác|việc|thông tin|báo cáo|thời gian|lộ trình|nguồn|giám sát|kiểm tra|khen thưởng"
    r"|tuyên truyền|điều khoản|hiệu lực|nội dung|nhiệm vụ|giải pháp|một số|phương thức|hình thức|cơ chế|yêu cầu"
    r"|mục|phần|kế hoạch|tiến độ|tổ chức)\b",
    re.IGNORECASE,
)
_WHEN = re.compile(r"(?:năm|quý|tháng|đến|từ|ngày)\b", re.IGNORECASE)
LABEL = re.compile(
    r"^(?:(?:các\s+)?(?P<lead>(?:(?:cơ quan|đơn vị|tổ chức|sở, ngành|địa phương|cấp"
    r"|người)(?:,\s*(?:đơn vị|cơ quan|địa phương))*\s+"
    r"(?:chủ trì|đầu mối|chịu trách nhiệm(?:\s+chính)?|thực hiện|chủ quản|được giao|tham "
    r"mưu)(?:\s+(?:thực hiện|chính))?|chủ trì(?:\s+thực hiện)?"
    r"|phân công(?:\s+(?:thực hiện|nhiệm vụ|chủ trì))?|trách nhiệm thực hiện))"
    r"|(?:các\s+)?(?P<both>(?:cơ quan|đơn vị)\s+(?:chủ trì|thực hiện)\s*(?:,|và|-|/)\s*(?:(?:cơ quan"
    r"|đơn vị)\s+)?(?:phối hợp|thực hiện))"
    r"|(?:các\s+)?(?P<coordinate>(?:(?:cơ quan|đơn vị|tổ chức|sở, ngành)(?:,\s*(?:đơn vị|cơ quan|địa "
    r"phương))*\s+)?(?:phối hợp|tham gia)(?:\s+(?:thực hiện|chính))?)"
    r"|(?P<time>thời gian(?:\s+(?:thực hiện|hoàn thành|triển khai|tổ chức|trình|ban hành))*|thời "
    r"hạn(?:\s+(?:thực hiện|hoàn thành|trình))?"
    r"|tiến độ(?:\s+(?:thực hiện|hoàn thành))?|hoàn thành|lộ trình(?:\s+thực hiện)?)"
    r"|(?P<product>(?:dự kiến\s+)?(?:sản phẩm|kết quả)(?:\s+(?:đầu ra|dự kiến|đạt được|hoàn thành|cần "
    r"đạt|thực hiện|chủ yếu|chính))?)"
    r"|(?P<other>địa điểm|thành phần|nguồn kinh phí|kinh phí(?:\s+thực hiện)?|hình thức|đối tượng|ghi "
    r"chú|số lượng|nội dung|lãnh đạo phụ trách))"
    r"(?:\s*\([^)]{0,60}\))?\s*(?P<end>:|$)",
    re.IGNORECASE,
)
_UNORDERED_HEADS = re.compile(r"^(?:nơi nhận|kính gửi|quyết định|kế hoạch|trong đó|cụ thể|như sau)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Item:
    """A passage with its place in the outline.

    `kind`: heading | label | text | table. `depth`: 0 for plain text, 1 for "-", 2 for "+" …
    `start` is where, in the passage's text, the item's own words begin; `stop` where a heading's end.
    `use`: tasks | still (purpose, background) | targets | money | closing.
    """

    kind: str
    path: str
    text: str
    passage: Passage
    start: int = 0
    stop: int = 0
    depth: int = 0
    level: int = 0
    number: str = ""
    use: str = "tasks"
    agencies: tuple[str, ...] = ()  # those of the item's own heading, else of the nearest heading above
    own: tuple[str, ...] = ()  # those that a heading itself names
    requested: bool = False
    umbrella: bool = False
    sentence: bool = False  # a numbered item that is itself a statement
    table: Table | None = None
    label: str = ""


def outline(parts: list[Part], *, base: str = "") -> list[Item]:
    """Every passage of a body with its section, in order."""
    return _Outline(base).walk(parts)


def sections(items: list[Item], *, end: int) -> tuple[Section, ...]:
    """The numbered headings, each with the lines it covers. `end` is the last line of the body."""
    heads = [item for item in items if item.number]
    found: list[Section] = []
    for place, item in enumerate(heads):
        first = item.passage.lines()[0]
        last = max(end, first)
        for later in heads[place + 1 : place + 400]:
            if later.level <= item.level:
                last = max(later.passage.lines()[0] - 1, first)
                break
        found.append(
            Section(
                path=item.path,
                number=item.number,
                heading=item.text,
                level=item.level,
                lines=(first, last),
                agencies=item.own,
                requested=item.requested and bool(item.own or charged(item.text)[1]),
            )
        )
    return tuple(found)


def _titled(parts: list[Part]) -> list[Part]:
    """The parts, with "Phần II" and the title on the line under it as one heading."""
    whole: list[Part] = []
    for part in parts:
        before = whole[-1] if whole else None
        if isinstance(part, Passage) and isinstance(before, Passage) and mark(part.text) is None:
            found = mark(before.text)
            bare = found is not None and found.kind in _BARE and not before.text[found.end :].strip()
            if bare and len(part.text.split()) < 40 and not part.text.endswith((".", ";")):
                text = f"{before.text} {part.text}"
                moved = tuple((place + len(before.text) + 1, first, last) for place, first, last in part.pieces)
                whole[-1] = Passage(text, before.pieces + moved, True, before.centred, before.heading)
                continue
        whole.append(part)
    return whole


_BARE = {"part", "chapter", "division", "annex"}


def charged(text: str) -> tuple[tuple[str, ...], bool]:
    """The bodies that a heading names and nothing else, and whether they are asked instead of ordered.

    Example:
        >>> charged("Đề nghị Ban Tuyên giáo Tỉnh ủy")
        (('Ban Tuyên giáo Tỉnh ủy',), True)
    """
    stripped = text.strip().rstrip(":;. ")
    requested = bool(_REQUEST.match(stripped))
    for candidate in dict.fromkeys((_CHARGE.sub("", stripped, count=1), stripped)):
        found = only_mentions(candidate)
        if found:
            return found, requested
    return (), requested


class _Outline:
    def __init__(self, base: str) -> None:
        self.base = base
        self.stack: list[tuple[Mark, str, str, bool, tuple[str, ...], str]] = []  # …, requested, agencies, heading
        self.upper_below_roman = False
        self.items: list[Item] = []
        self.bodies: dict[tuple[str, str], bool] = {}  # whether the last mark of its kind under a path named a body
        self.stated: dict[
            tuple[str, str], bool
        ] = {}  # whether the last mark of its kind under a path said something whole

    def walk(self, parts: list[Part]) -> list[Item]:
        whole = _titled(parts)
        for place, part in enumerate(whole):
            if isinstance(part, Table):
                self.items.append(
                    Item(
                        "table",
                        self.path,
                        "",
                        Passage("", ((0, part.first, part.last),)),
                        table=part,
                        use=self.use,
                        agencies=self.agencies,
                    )
                )
                continue
            found = mark(part.text)
            following = whole[place + 1] if place + 1 < len(whole) else None
            if found is not None and self._counts(found):
                self._numbered(part, found, following)
            else:
                self._plain(part, following)
        return self.items

    @property
    def path(self) -> str:
        return self.stack[-1][1] if self.stack else self.base

    @property
    def use(self) -> str:
        return self.stack[-1][2] if self.stack else "still"

    @property
    def agencies(self) -> tuple[str, ...]:
        return next((entry[4] for entry in reversed(self.stack) if entry[4]), ())

    def _rank(self, found: Mark) -> Mark:
        if found.kind == "upper":
            romans = [entry for entry in self.stack if entry[0].kind == "roman"]
            uppers = [entry for entry in self.stack if entry[0].kind == "upper"]
            if romans and not uppers and found.number == "A":
                self.upper_below_roman = True
            if self.upper_below_roman:
                return replace(found, rank=5)
        if found.kind in {"roman", "upper"}:
            # an article that holds the whole plan ("Điều 1. Phê duyệt … sau đây: I. …")
            outer = next((entry[0].kind for entry in self.stack if entry[0].kind in {"article", "roman", "upper"}), "")
            if outer == "article":
                return replace(found, rank=found.rank + 2)
        return found

    def _counts(self, found: Mark) -> bool:
        """Whether a mark goes on with the counting, or begins one, and is no chance of the words."""
        if found.kind != "number":
            return True
        value = int(found.number)
        before = [int(entry[0].number) for entry in self.stack if entry[0].kind == "number"]
        if not before:
            return value <= 60
        return value == 1 or -1 <= value - before[-1] <= 6

    def _numbered(self, passage: Passage, found: Mark, following: Part | None) -> None:
        found = self._rank(found)
        while self.stack and self.stack[-1][0].rank >= found.rank:
            self.stack.pop()
        parent_use, parent_requested = self.use, self.stack[-1][3] if self.stack else False
        above = self.path
        if found.kind == "decimal":
            outer = [entry for entry in self.stack if entry[0].kind not in {"number", "decimal"}]
            above = outer[-1][1] if outer else self.base
        path = f"{above}.{found.label}" if above else found.label
        text = passage.text[found.end :]
        heading, rest = _run_in(text)
        sentence = rest < 0 and _is_statement(text, found, following)
        if not sentence and rest < 0 and found.number not in {"1", "a"} and self.stated.get((above, found.kind)):
            sentence = text.rstrip().endswith((".", ";", "/")) and not charged(text)[0]
        self.stated[above, found.kind] = sentence
        agencies, requested = charged(heading)
        if not agencies and not sentence and text.rstrip().endswith(":"):
            tokens = Tokens(heading)
            leads, after, asked_here = subject(tokens)
            if leads and acts(tokens, after):  # "1. Sở Y tế có trách nhiệm:"
                agencies, requested = tuple(lead.text for lead in leads), requested or asked_here
        if not agencies and not sentence and self._beside_bodies(heading, found, above):
            agencies = (heading.strip(" :"),)
        if not agencies and not sentence and text.rstrip().endswith(":"):
            agencies = stretched(heading.strip(" :"))
        self.bodies[above, found.kind] = bool(agencies)
        charging = requested or any(_CHARGES.search(entry[5]) for entry in self.stack)
        if agencies and not charging and all(_PLACES.match(name) for name in agencies):
            agencies = ()  # "2. Trung tâm học tập cộng đồng" in a list of works is what they are about
        use = self._use(heading, found, parent_use, agencies, sentence=sentence)
        level = len(self.stack) + 1
        label = LABEL.match(heading.rstrip(": ") + ":") if not agencies else None
        kind = "label" if label and not sentence and _labels_part(label, found, rest) else "heading"
        self.stack.append((found, path, use, requested or parent_requested, agencies, heading))
        asked = self.stack[-1][3]
        stop = found.end + len(heading)
        self.items.append(
            Item(
                "heading",
                path,
                heading.rstrip(":").rstrip() if not sentence else heading,
                passage,
                found.end,
                stop,
                level=level,
                number=found.label,
                use=use,
                agencies=self.agencies,
                own=agencies,
                requested=asked,
                sentence=sentence,
                umbrella=text.rstrip().endswith(":"),
                label=_label_kind(label) if kind == "label" and label else "",
            )
        )
        if rest >= 0 and text[rest:].strip():
            rest = rest if agencies or kind == "label" else 0
            self.items.append(
                Item(
                    "text",
                    path,
                    text[rest:],
                    passage,
                    found.end + rest,
                    use=use,
                    agencies=agencies or self.agencies,
                    requested=asked,
                    label=_label_kind(label) if kind == "label" and label else "",
                )
            )

    def _beside_bodies(self, heading: str, found: Mark, above: str) -> bool:
        """Whether a heading that the gazetteer does not know stands in a row of bodies, as one more of them."""
        if found.rank < 7 or not self.bodies.get((above, found.kind)):
            return False
        if not any(_CHARGES.search(entry[5]) for entry in self.stack) or len(heading.split()) > 16:
            return False
        return not _TOPIC.match(heading) and not opens_order(Tokens(heading), 0) and heading[:1].isupper()

    def _use(self, heading: str, found: Mark, parent: str, agencies: tuple[str, ...], *, sentence: bool) -> str:
        if agencies:
            return "tasks"
        top = not self.stack or found.kind in {"part", "chapter", "upper", "roman", "annex"}
        if sentence and not top:
            return parent
        short = len(heading.split()) <= 16 or heading.isupper()
        if found.kind == "article":
            return "tasks"
        if short and _TARGETS.match(heading):
            return "tasks" if _TASKS.search(heading) else "targets"
        if short and _STILL.match(heading):
            tasks = re.search(r"nhiệm vụ|giải pháp|tổ chức thực hiện", heading, re.IGNORECASE)
            return "tasks" if tasks else "still"
        if short and _MONEY.match(heading) and (top or parent != "still"):
            return "money"
        if top:
            return "tasks"
        return parent

    def _plain(self, passage: Passage, following: Part | None) -> None:
        sign, start = bullet(passage.text)
        text = passage.text[start:]
        depth = {"": 0, "*": 0, "·": 0, "+": 2}.get(sign, 1)
        label = LABEL.match(text)
        heading, rest = _run_in(text)
        may_name = rest >= 0 or (len(text) < 400 and not text.endswith((".", ";", ",")))
        agencies, requested = charged(heading) if may_name else ((), False)
        inherited = self.stack[-1][3] if self.stack else False
        if label and label["end"] == ":" and not agencies and label.end() < 120:
            self.items.append(
                Item(
                    "label",
                    self.path,
                    text[label.end() :].strip(),
                    passage,
                    start + label.end(),
                    depth=depth,
                    use=self.use,
                    label=_label_kind(label),
                    umbrella=not text[label.end() :].strip(),
                )
            )
            return
        if agencies and rest >= 0 and text[rest:].strip():
            self.items.append(
                Item(
                    "heading",
                    self.path,
                    heading,
                    passage,
                    start,
                    start + len(heading),
                    depth=depth,
                    use="tasks",
                    agencies=agencies,
                    own=agencies,
                    requested=requested,
                )
            )
            self.items.append(
                Item(
                    "text",
                    self.path,
                    text[rest:],
                    passage,
                    start + rest,
                    depth=depth,
                    use="tasks",
                    agencies=agencies,
                    requested=requested or inherited,
                )
            )
            return
        if agencies and self.use != "still" and _leads_on(text, following):
            self.items.append(
                Item(
                    "heading",
                    self.path,
                    heading,
                    passage,
                    start,
                    len(passage.text),
                    depth=depth,
                    use="tasks",
                    agencies=agencies,
                    own=agencies,
                    requested=requested,
                )
            )
            return
        shouted = depth == 0 and text.isupper() and 1 < len(text.split()) < 40 and not agencies
        self.items.append(
            Item(
                "heading" if shouted else "text",
                self.path,
                text,
                passage,
                start,
                depth=depth,
                use=self.use,
                agencies=self.agencies,
                requested=inherited,
                umbrella=text.rstrip().endswith(":"),
            )
        )


def _labels_part(label: re.Match[str], found: Mark, rest: int) -> bool:
    """Whether a numbered heading is a label for the part above it ("2. Cơ quan chủ trì"), and no part of its own."""
    if found.rank < 7:
        return False
    if rest >= 0:
        return True
    words = label[0].lower()
    told = label["lead"] or label["coordinate"] or label["both"] or label["time"]
    return bool(told) and not words.startswith(("phân công", "trách nhiệm", "tham gia"))


def _label_kind(label: re.Match[str]) -> str:
    """What a label says: lead, doer ("Đơn vị thực hiện", beside a lead), both, coordinate, time, product, other."""
    if label["lead"] and "thực hiện" in label["lead"].lower() and "chủ trì" not in label["lead"].lower():
        return "doer"
    return next((name for name in ("lead", "both", "coordinate", "time", "product", "other") if label[name]), "")


def _run_in(text: str) -> tuple[str, int]:
    """A heading that its text follows on the same line ("Sở Y tế: …"): the heading, and where the text begins.

    The place is -1 where nothing follows.
    """
    place = text.find(":")
    if place < 0 or place > 400:
        return text, -1
    head, rest = text[:place], text[place + 1 :]
    if not rest.strip():
        return text, -1
    if re.search(r"\b(?:sở|bộ|phòng|ngành|ban)\s*$", head, re.IGNORECASE) and is_field(rest.strip()):
        second = text.find(":", place + 1)
        if 0 < second < 400 and text[second + 1 :].strip() and only_mentions(_CHARGE.sub("", text[:second], count=1)):
            return text[:second], second + 1
        return text, -1
    if only_mentions(_CHARGE.sub("", head, count=1)) or only_mentions(head):
        return head, place + 1
    label = LABEL.match(text)
    if label and label["end"] == ":" and label.end() == place + 1:
        return head, place + 1
    words = head.split()
    titled = len(words) <= 8 and not re.search(r"[.;,]", head) and not _WHEN.match(head)
    if titled and rest[:1] == " " and rest.strip()[:1].isupper() and not opens_order(Tokens(head), 0):
        return head, place + 1
    return text, -1


def _is_statement(text: str, found: Mark, following: Part | None) -> bool:
    """Whether a numbered item says something whole, and is no heading over what follows."""
    if not text.strip():
        return False
    stripped = text.rstrip()
    if stripped.endswith(":") or (stripped.isupper() and len(stripped.split()) < 60):
        return False
    if charged(stripped)[0]:
        return False
    if found.kind == "article":
        return bool(re.search(r"[.;]$|/\.$", stripped)) or len(stripped.split()) > 14
    if found.kind != "article" and found.rank <= 6 and len(stripped.split()) < 45 and not stripped.endswith((".", ";")):
        return False
    if found.rank > 6 and _label_follows(following):
        return True
    ends = bool(re.search(r"[.;]\s*[”\"]?$|/\.$", stripped))
    content = _is_content(following, found)
    sentences = len(_SENTENCES.findall(stripped))
    if ends:
        short = len(stripped.split()) <= 40 and not sentences and not stripped.endswith(";")
        if short and content:
            tokens = Tokens(stripped)
            leads, rest, _ = subject(tokens)
            short = not (leads and acts(tokens, rest))
        return not (short and content)
    if not content:
        return following is None or isinstance(following, Passage)
    return len(stripped.split()) > 70 or bool(sentences)


def _is_content(following: Part | None, above: Mark) -> bool:
    """Whether what follows can stand under a heading: text, a list or a table, no mark of its own."""
    if following is None:
        return False
    if isinstance(following, Table):
        return True
    found = mark(following.text)
    if found is None:
        return not re.match(r"(?:Nơi nhận|TM\.|KT\.)", following.text) and not CLOSING.match(following.text)
    return found.rank > above.rank


def _leads_on(text: str, following: Part | None) -> bool:
    if not isinstance(following, Passage):
        return False
    if text.rstrip().endswith(":"):
        return True
    return not text.rstrip().endswith((".", ";", ",")) and not following.text.startswith(("TM.", "KT.", "- Lưu"))


def _label_follows(following: Part | None) -> bool:
    """Whether the next line says who does it ("- Đơn vị chủ trì: …"), so that this one says what."""
    if not isinstance(following, Passage) or mark(following.text) is not None:
        return False
    label = LABEL.match(following.text[bullet(following.text)[1] :])
    return label is not None and label["end"] == ":" and not label["other"]
