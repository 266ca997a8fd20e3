"""From the outline to tasks: who leads, with whom, how often, by when."""

import re
from dataclasses import dataclass, field, replace

from hieuhoc.engines.reader.agencies import mentions
from hieuhoc.engines.reader.clauses import Clause, clauses
from hieuhoc.engines.reader.deadlines import deadline, deadline_in_label, horizon
from hieuhoc.engines.reader.lexicon import Tokens, opens_order
from hieuhoc.engines.reader.naming import TOGETHER, coordinators, named
from hieuhoc.engines.reader.reading import Task
from hieuhoc.engines.reader.recurrence import recurrence, recurrence_in_label
from hieuhoc.engines.reader.references import cited
from hieuhoc.engines.reader.sections import LABEL, Item
from hieuhoc.engines.reader.subjects import CLOSING, acts, after_lead_in, subject
from hieuhoc.engines.reader.tables import Columns, columns, rows
from hieuhoc.kernel.terms import Term

DOUBTS: dict[str, str] = {
    "no_lead": Term("Không thấy cơ quan chủ trì trong câu, trong đề mục hay trên dòng nhãn."),
    "lead_carried": Term("Cơ quan chủ trì lấy từ câu trước trong cùng đoạn."),
    "lead_label": Term("Cơ quan chủ trì lấy từ dòng nhãn chung cho nhiều nhiệm vụ."),
    "subject_not_heading": Term("Câu nêu một cơ quan khác với đề mục; người đọc lấy cơ quan trong câu."),
    "long": Term("Câu dài hơn 120 từ, có thể gồm nhiều việc."),
    "cut_at_semicolon": Term("Câu được tách ở dấu chấm phẩy."),
    "no_order": Term("Không thấy động từ giao việc ở đầu câu."),
    "unknown_coordinate": Term("Có chữ “phối hợp” nhưng không đọc được tên cơ quan phối hợp."),
    "target_like": Term("Câu giống một chỉ tiêu hơn là một việc."),
    "joined_lines": Term("Câu được nối qua chỗ ngắt trang hoặc ngắt dòng."),
    "from_table": Term("Nhiệm vụ đọc từ bảng."),
    "closing": Term("Câu ở đoạn kết của văn bản."),
}

_COST = {
    "no_lead": 0.2,
    "lead_carried": 0.1,
    "lead_label": 0.05,
    "subject_not_heading": 0.1,
    "long": 0.1,
    "cut_at_semicolon": 0.05,
    "no_order": 0.2,
    "unknown_coordinate": 0.1,
    "target_like": 0.15,
    "joined_lines": 0.05,
    "from_table": 0.02,
    "closing": 0.15,
}

_NO_TASK = re.compile(
    r"^(?:trên đây là|hiện nay,|thời gian qua|trong (?:thời gian|những năm|các năm) qua|tính đến|tuy "
    r"nhiên|những năm qua|(?:chi tiết|\((?:chi tiết|có|kèm theo|ban hành kèm"
    r"|theo))\s+(?:[^.]{0,60}\s)?(?:phụ lục|biểu|danh mục|kế hoạch|bảng)"
    r"|quyết định này|kế hoạch này (?:có hiệu lực|thay thế)|nơi nhận|ghi chú|lưu ý:|(?:nay )?ban hành "
    r"kèm theo|phê duyệt kế hoạch"
    r"|\(.*\)\.?$|đơn vị tính|nguồn:|điều \d+|biểu (?:số|mẫu|\d)|phụ lục)",
    re.IGNORECASE,
)
_ENFORCED = re.compile(
    r"chịu trách nhiệm (?:thi hành|thực hiện|tổ chức thực hiện)\s*(?:quyết định|chỉ thị)?\s*này|có "
    r"hiệu lực (?:thi hành )?(?:kể )?từ",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"^\([^()]*\)\W*$")
_TIME_BRACKET = re.compile(r"\((?P<time>(?:quý|năm|tháng|trong|từ|trước|hằng|hàng)\s[^()]{2,80})\)\W*$", re.IGNORECASE)
_SCHEDULE = re.compile(r"^(?:Ngày|Từ ngày|Bắt đầu từ|Học kỳ)\b")
_BRACKET = re.compile(
    r"\(\s*(?:giao\s+)?(?P<inside>[^()]{4,300}?(?:chủ trì|thực hiện|phối hợp|đầu mối|tham "
    r"mưu)[^()]{0,300})\)\s*[.;]?\s*$|"
    r"\(\s*giao\s+(?P<given>[^()]{4,300})\)\s*[.;]?\s*$",
    re.IGNORECASE,
)
_DIRECT = re.compile(
    r"(?:chỉ đạo|hướng dẫn|đôn đốc|khuyến khích|yêu cầu|vận động|huy động|tạo điều kiện cho|hỗ "
    r"trợ)(?:,\s*(?:hướng dẫn|đôn đốc|kiểm tra|giám sát))*\s+",
    re.IGNORECASE,
)
_REPORT = re.compile(
    r"báo cáo\b[^.;]{0,160}?\s(?:về|cho|với|gửi|lên)\s+(?=\S)|báo cáo\s+(?=(?:UBND|Ủy|Uỷ|Chủ tịch|Bộ"
    r"|Sở|Ban|Thủ tướng|Chính phủ|Tỉnh ủy|HĐND))",
    re.IGNORECASE,
)
_ADVISE = re.compile(r"tham mưu\s+(?:cho\s+|giúp\s+|với\s+|trình\s+)?", re.IGNORECASE)


@dataclass(frozen=True)
class Held:
    """The bodies that an unnumbered heading or an opening sentence names for the passages under it."""

    lead: tuple[str, ...]
    source: str  # heading | carried
    requested: bool


@dataclass
class _Draft:
    """A task on its way, and the item that it came from."""

    task: Task
    order: int
    labelled: set[str] = field(default_factory=set)


def tasks(items: list[Item], *, closing: str = "") -> tuple[Task, ...]:
    """The tasks of an outline, in order. `closing` is the path given to those of the last paragraph."""
    return _Reader(closing).read(items)


class _Reader:
    def __init__(self, closing: str) -> None:
        self.closing = closing
        self.drafts: list[_Draft] = []
        self.fresh: list[_Draft] = []  # since the last block of labels
        self.after_label = False
        self.umbrellas: dict[float, Held] = {}
        self.path = ""
        self.block = ""  # the label that the items below it fill in
        self.block_path = ""
        self.scoped: list[_Draft] = []
        self.ended = False
        self.columns: Columns | None = None

    def read(self, items: list[Item]) -> tuple[Task, ...]:
        for place, item in enumerate(items):
            following = items[place + 1] if place + 1 < len(items) else None
            if item.kind == "heading":
                self._heading(item, following)
            elif item.kind == "label":
                self._label(item, item.label, item.text, items, place)
            elif item.kind == "table":
                self._table(item)
            else:
                self._text(item, following, items, place)
        return tuple(_judged(draft.task) for draft in self.drafts)

    def _table(self, item: Item) -> None:
        found = columns(item.table, self.columns) if item.table else None
        if found is None or item.table is None:
            return
        self.columns = found
        for task in rows(item.table, found, section=item.path, heading=item.agencies):
            self._keep(task)

    # --- headings and labels

    def _heading(self, item: Item, following: Item | None) -> None:
        if not item.number:
            if self.block and (item.path == self.block_path or item.path.startswith(self.block_path + ".")):
                self._fill("lead" if self.block == "both" else self.block, item.text)
                return
            # a body alone on its line holds for the plain passages under it as well
            level = item.depth if item.depth else -0.5
            self._clear(level)
            self.umbrellas[level] = Held(item.own, "heading", item.requested)
            return
        if item.label:
            if self.block and item.path.startswith(self.block_path + "."):
                self.block = item.label
                return
            self.block, self.block_path = item.label, item.path
            self._scope(item.path.rpartition(".")[0])
            return
        if self.block and not item.path.startswith(self.block_path + "."):
            self.block = ""
        self.path = item.path
        self.umbrellas = {}
        if item.sentence and item.use not in {"still", "targets"}:
            self._passage(item, item.text, item.start, following)
        elif item.use == "tasks" and not item.agencies:
            self._umbrella_of_heading(item)

    def _umbrella_of_heading(self, item: Item) -> None:
        """A heading in which a body is charged ("2.1.7. Sở Xây dựng phối hợp với …") leads what is under it."""
        tokens = Tokens(item.text)
        leads, rest, asked = subject(tokens)
        if leads and acts(tokens, rest):
            self.umbrellas[-1] = Held(tuple(lead.text for lead in leads), "carried", asked)

    def _scope(self, prefix: str) -> None:
        self.scoped = [
            draft
            for draft in self.drafts
            if draft.task.section == prefix or draft.task.section.startswith(prefix + ".") or not prefix
        ]

    def _label(self, item: Item, kind: str, text: str, items: list[Item], place: int) -> None:
        if not self.after_label:
            self._scope_fresh(item.path)
        self.after_label = True
        if not text.strip():
            self.block, self.block_path = kind, item.path
            return
        self.block = ""
        self._fill(kind, text)

    def _scope_fresh(self, path: str) -> None:
        own = [draft for draft in self.fresh if draft.task.section == path]
        under = [draft for draft in self.fresh if draft.task.section.startswith(path + ".")] if path else self.fresh
        self.scoped = own or under or ([self.drafts[-1]] if self.drafts and self.fresh else [])

    def _fill(self, kind: str, text: str) -> None:
        """Give what a label says to every task in its scope; one who only does it is no lead beside a lead."""
        pieces = _inline_labels(kind, text)
        for name, words in pieces:
            for draft in self.scoped:
                if name == "doer" and "lead" in draft.labelled:
                    continue
                draft.task = _labelled(
                    draft.task, name, words, more=name in draft.labelled, shared=len(self.scoped) > 1
                )
                draft.labelled.add(name)

    # --- text

    def _clear(self, depth: float) -> None:
        self.umbrellas = {level: held for level, held in self.umbrellas.items() if level < depth}

    def _text(self, item: Item, following: Item | None, items: list[Item], place: int) -> None:
        if self.block and item.label and item.number == "":
            self._fill(item.label, item.text)
            return
        if self.block and (item.path == self.block_path or item.path.startswith(self.block_path + ".")):
            kind = self.block
            if mentions(Tokens(item.text), 0) or kind in {"time", "product"}:
                self._fill("lead" if kind == "both" else kind, item.text)
                return
            if item.text.startswith("("):
                return
            self.block = ""
        self._passage(item, item.text, item.start, following)

    def _passage(self, item: Item, text: str, start: int, following: Item | None) -> None:
        passage = item.passage
        ends = bool(CLOSING.match(text)) and item.depth == 0 and not item.number
        self.ended = self.ended or ends
        if item.use in {"still", "targets"} and not ends:
            return
        leads_below = _umbrella(item, following)
        self._clear(item.depth)
        held_by = None if ends else max((level for level in self.umbrellas if level < item.depth), default=None)
        held = self.umbrellas.get(held_by) if held_by is not None else None
        carried: tuple[str, ...] = ()
        asked = False
        own: list[_Draft] = []
        labelled = _LABELLED.search(passage.text, start)
        stop = labelled.start() + 1 if labelled and mentions(Tokens(passage.text[labelled.end() :]), 0) else None
        for clause in clauses(passage.text[:stop], start):
            if own and _IN_BRACKETS.match(clause.text):
                _bracket_all(own, _bracketed(clause.text))
                continue
            drafted = self._clause(item, clause, held, carried, asked=asked, closing=ends)
            if drafted is None:
                continue
            task, subject_asked = drafted
            if task.lead_from == "subject":
                carried, asked = task.lead, subject_asked
            if leads_below and clause.end >= len(passage.text.rstrip()) - 2:
                own_lead = task.lead if task.lead_from not in {"heading", "none"} else ()
                self.umbrellas[item.depth] = Held(own_lead, "carried", task.requested)
                return
            own.append(self._keep(task))
        if labelled and stop is not None:
            for name, words in _inline_labels(_label_name(labelled), passage.text[labelled.end() :].rstrip(").; ")):
                for draft in own:
                    draft.task = _labelled(draft.task, name, words, more=False, shared=False)
        if own and own[-1].task.lead_from == "bracket":
            _bracket_all(own[:-1], (own[-1].task.lead, own[-1].task.coordinate))

    def _keep(self, task: Task) -> _Draft:
        if self.after_label:
            self.after_label = False
            self.fresh = []
        draft = _Draft(task, len(self.drafts))
        self.drafts.append(draft)
        self.fresh.append(draft)
        return draft

    def _clause(
        self,
        item: Item,
        clause: Clause,
        held: Held | None,
        carried: tuple[str, ...],
        *,
        asked: bool,
        closing: bool,
    ) -> tuple[Task, bool] | None:
        words = _Words.of(clause.text)
        if words is None or not _is_task(words, item, closing=closing):
            return None
        text = words.text
        lead, lead_from, doubts = _lead(words, () if closing else item.agencies, carried, held)
        coordinate, unknown = coordinators(words.tokens, text)
        named = words.bracketed[1] if words.bracketed else ()
        coordinate = tuple(name for name in dict.fromkeys(coordinate + named) if name not in lead)
        lines = item.passage.lines(clause.start, clause.end)
        often, often_words = recurrence(text)
        day, day_words, _ = deadline(text)
        beside = _TIME_BRACKET.search(text)
        if beside:
            if not day_words:
                day, day_words, _ = deadline_in_label(beside["time"])
            if not often:
                often, often_words = recurrence_in_label(beside["time"])
        further = {
            "unknown_coordinate": unknown and not coordinate,
            "no_order": not (words.order or words.acting or words.bracketed),
            "long": len(words.tokens) > 130,
            "cut_at_semicolon": not clause.new_sentence,
            "closing": closing,
            "joined_lines": len(item.passage.pieces) > 1 and lines[0] != lines[1],
        }
        task = Task(
            section=(self.closing or item.path) if closing else item.path,
            text=text.rstrip(";").rstrip() or text,
            lines=lines,
            lead=lead,
            lead_from=lead_from,
            coordinate=coordinate,
            directs=_after(words.tokens, text, _DIRECT),
            reports_to=_after(words.tokens, text, _REPORT),
            advises=_after(words.tokens, text, _ADVISE),
            role=_role(text),
            requested=_is_asked(words, item, held, lead_from, asked=asked),
            recurrence=often,
            recurrence_text=often_words,
            deadline=day,
            deadline_text=day_words,
            horizon=horizon(text),
            references=cited(text),
            doubts=(*doubts, *(doubt for doubt, stands in further.items() if stands)),
        )
        return task, words.requested


@dataclass(frozen=True)
class _Words:
    """A clause with what its opening and its bracket say of bodies."""

    text: str
    tokens: Tokens
    leads: tuple[str, ...]  # whom the opening words charge, where they make them act
    acting: bool
    order: bool
    requested: bool
    bracketed: tuple[tuple[str, ...], tuple[str, ...]] | None

    @classmethod
    def of(cls, text: str) -> "_Words | None":
        """The clause, or nothing where the words say by themselves that it is no task."""
        if _NO_TASK.match(text) or _ENFORCED.search(text):
            return None
        tokens = Tokens(text)
        if len(tokens) < 3:
            return None
        leads, rest, requested = subject(tokens)
        acting = bool(leads) and acts(tokens, rest)
        order = opens_order(tokens, after_lead_in(tokens))
        names = tuple(mention.text for mention in leads)
        return cls(text, tokens, names, acting, order, requested, _bracketed(text))


def _is_task(words: _Words, item: Item, *, closing: bool) -> bool:
    """Whether a clause orders anything: parts on money and the closing paragraph need a body or an order."""
    if item.use == "money" and not (words.acting or words.bracketed or words.order):
        return False
    if closing and not words.acting:
        return False
    return bool(words.order or words.acting or not _SCHEDULE.match(words.text))


def _lead(
    words: _Words, heading: tuple[str, ...], carried: tuple[str, ...], held: Held | None
) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """Who leads, where that is said, and what is doubtful in it."""
    if words.bracketed and words.bracketed[0]:
        return words.bracketed[0], "bracket", ()
    if words.acting and not (heading and _same(words.leads, heading)):
        return words.leads, "subject", ("subject_not_heading",) if heading else ()
    if carried:
        return carried, "carried", ("lead_carried",)
    if heading:
        return heading, "heading", ()
    if held and held.lead:
        return held.lead, held.source, ("lead_carried",) if held.source == "carried" else ()
    return (), "none", ("no_lead",)


def _is_asked(words: _Words, item: Item, held: Held | None, lead_from: str, *, asked: bool) -> bool:
    """Whether the body is asked ("đề nghị") and not ordered."""
    if words.requested or (lead_from == "heading" and item.requested):
        return True
    return lead_from in {"carried", "heading"} and (asked or bool(held and held.requested))


def _role(text: str) -> str:
    if re.search(r"chủ trì", text, re.IGNORECASE):
        return "chu_tri"
    return "phoi_hop" if re.match(r"(?:chủ động\s+)?phối hợp", text, re.IGNORECASE) else "thuc_hien"


def _bracket_all(drafts: list[_Draft], named: tuple[tuple[str, ...], tuple[str, ...]] | None) -> None:
    """ "(Giao Sở Y tế chủ trì)" after a paragraph holds for all that the paragraph orders."""
    for draft in drafts:
        if named and named[0] and draft.task.lead_from not in {"subject", "bracket"}:
            others = tuple(name for name in named[1] if name not in draft.task.coordinate)
            doubts = tuple(doubt for doubt in draft.task.doubts if doubt not in {"no_lead", "lead_carried"})
            draft.task = replace(
                draft.task, lead=named[0], lead_from="bracket", coordinate=draft.task.coordinate + others, doubts=doubts
            )


def _judged(task: Task) -> Task:
    doubts = tuple(dict.fromkeys(doubt for doubt in task.doubts if not (doubt == "no_lead" and task.lead)))
    confidence = 1.0
    for doubt in doubts:
        confidence -= _COST.get(doubt, 0.05)
    return replace(task, doubts=doubts, confidence=round(max(confidence, 0.1), 2))


def _umbrella(item: Item, following: Item | None) -> bool:
    """Whether a passage only leads to the list below it."""
    if not item.text.rstrip().endswith(":"):
        return False
    return following is not None


def _same(leads: tuple[str, ...], heading: tuple[str, ...]) -> bool:
    """Whether a sentence only names its heading's bodies again, perhaps one of them in other words."""
    above = {name.lower() for name in heading}
    again = sum(name.lower() in above for name in leads)
    return 2 * again > len(leads)


def _bracketed(text: str) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Lead and coordinators of "(Giao Sở X chủ trì, phối hợp với Sở Y)" at the end of a clause."""
    found = _BRACKET.search(text)
    if not found:
        return None
    inside = found["inside"] or found["given"]
    tokens = Tokens(inside)
    leads = mentions(tokens, 0)
    if not leads:
        head = re.match(
            r"(?:do\s+|cơ quan chủ trì:?\s+|đơn vị chủ trì:?\s+|chủ trì:?\s+|giao\s+(?:cho\s+)?)", inside, re.IGNORECASE
        )
        if not head:
            return None
        leads = mentions(tokens, tokens.at(head.end()))
    if not leads:
        return None
    rest = tokens.text[tokens.ends[leads[-1].last - 1] :]
    if not found["given"] and not re.search(
        r"chủ trì|thực hiện|đầu mối|tham mưu|phối hợp", rest + inside, re.IGNORECASE
    ):
        return None
    others, _ = coordinators(tokens, inside)
    return tuple(mention.text for mention in leads if mention.text not in others), others


def _after(tokens: Tokens, text: str, pattern: re.Pattern[str]) -> tuple[str, ...]:
    """The bodies that stand right after certain words."""
    found: list[str] = []
    for match in pattern.finditer(text):
        names = mentions(tokens, tokens.at(match.end()))
        found.extend(name.text for name in names if name.text not in found)
    return tuple(found)


_LABELLED = re.compile(
    r"[.;,(]\s*[-–]?\s*(?:giao\s+)?(?:(?P<lead>(?:(?:cơ quan|đơn vị)\s+)?(?:chủ trì|đầu "
    r"mối)(?:\s+thực hiện)?|(?:cơ quan|đơn vị)\s+thực hiện"
    r"|phân công(?:\s+thực hiện)?)|(?P<coordinate>(?:cơ quan|đơn vị)\s+phối hợp))\s*:\s*",
    re.IGNORECASE,
)


def _label_name(found: re.Match[str]) -> str:
    return "lead" if found["lead"] else "coordinate"


_INLINE = re.compile(
    r"[.;,]\s*(?=(?:các\s+)?(?:(?:cơ quan|đơn vị)\s+(?:chủ trì|phối hợp|thực hiện)|phối hợp|thời gian"
    r"|thời hạn|sản phẩm|kết quả|tiến độ)"
    r"\s*(?:thực hiện|hoàn thành|đầu ra)?\s*:)",
    re.IGNORECASE,
)


def _inline_labels(kind: str, text: str) -> list[tuple[str, str]]:
    """Further labels on the same line ("Chủ trì: Sở A; phối hợp: Sở B")."""
    pieces = _INLINE.split(text)
    found = [(kind, pieces[0])]
    for piece in pieces[1:]:
        label = LABEL.match(piece)
        if label:
            name = next((n for n in ("lead", "coordinate", "time", "product") if label[n]), "other")
            found.append((name, piece[label.end() :]))
    return found


def _labelled(task: Task, name: str, words: str, *, more: bool, shared: bool) -> Task:
    """A task with what a label says of it."""
    if name in {"lead", "both", "doer"}:
        tokens = Tokens(words)
        together = TOGETHER.search(words)
        others: tuple[str, ...] = ()
        if together and not together["noun"]:
            others = coordinators(tokens, words)[0]
            words = words[: together.start()]
        words = re.sub(r"[,;\s]*(?:chủ trì|thực hiện)?[,;\s]*$", "", words)
        if task.lead_from in {"subject", "bracket"} and shared:
            return task
        leads = named(words)
        kept = task.lead if more and task.lead_from == "label" else ()
        lead = kept + tuple(lead for lead in leads if lead not in kept)
        coordinate = task.coordinate + tuple(other for other in others if other not in task.coordinate)
        doubts = task.doubts + (("lead_label",) if shared else ())
        doubts = tuple(doubt for doubt in doubts if doubt not in {"lead_carried", "subject_not_heading"})
        return replace(
            task,
            lead=lead or task.lead,
            lead_from="label" if lead else task.lead_from,
            coordinate=coordinate,
            doubts=doubts,
        )
    if name == "coordinate":
        names = tuple(found for found in named(words) if found not in task.coordinate)
        return replace(task, coordinate=task.coordinate + names)
    if name == "time":
        often, often_words = recurrence_in_label(words)
        day, day_words, _ = deadline_in_label(words)
        if task.deadline_text and not day_words:
            day, day_words = task.deadline, task.deadline_text
        if task.recurrence:
            often, often_words = task.recurrence, task.recurrence_text
        vague = words.strip(" .;") if not (day_words or often) and words.strip(" .;") else task.horizon
        return replace(
            task, recurrence=often, recurrence_text=often_words, deadline=day, deadline_text=day_words, horizon=vague
        )
    if name == "product":
        return replace(task, product=words.strip(" .;") or task.product)
    return task
