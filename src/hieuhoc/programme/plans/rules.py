"""Decisions about tasks: when one is late, when it comes round again, what may be reported, what is alike."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rapidfuzz import fuzz

from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.periods import Period, Rhythm, period_of
from hieuhoc.kernel.terms import Term
from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.plans.states import OPEN

DUE_SOON_DAYS = 7
ESCALATION_DAYS = 10  # an obstacle that waits longer is shown to the province

# How a recurrence, as documents word it, comes round on the calendar. "thường xuyên" and "định kỳ"
# name no calendar: such a task stays one assignment until a person chooses a rhythm.
RECURRENCES: dict[str, str] = {
    "": Term("Một lần"),
    "year": Term("Hằng năm"),
    "half": Term("6 tháng một lần"),
    "quarter": Term("Hằng quý"),
    "month": Term("Hằng tháng"),
    "continuous": Term("Thường xuyên"),
    "periodic": Term("Định kỳ (chưa rõ kỳ)"),
}
_WORDED = (
    ("6 tháng", "half"),
    ("sáu tháng", "half"),
    ("3 tháng", "quarter"),
    ("ba tháng", "quarter"),
    ("quý", "quarter"),
    ("tháng", "month"),
    ("năm", "year"),
    ("thường xuyên", "continuous"),
    ("định k", "periodic"),
)


def recurrence_code(worded: str | None) -> str:
    """The code of a recurrence as the reader words it.

    Example:
        >>> recurrence_code("hằng năm"), recurrence_code("6 tháng"), recurrence_code(None)
        ('year', 'half', '')
    """
    return next((code for words, code in _WORDED if worded and words in worded.lower()), "")


def occurrence(recurrence: str, *, on: date) -> Period | None:
    """The turn of a recurrent task in which a day lies; None where the recurrence names no calendar."""
    return period_of(Rhythm(recurrence), on) if recurrence in set(Rhythm) else None


def due_of_occurrence(period: Period | None, *, deadline: date | None) -> date | None:
    """When an assignment is due: the task's own deadline, and for a turn of the calendar its last day at the latest.

    Units: days. A recurrent task with a deadline beyond the turn keeps the turn's last day.
    """
    if period is None:
        return deadline
    return min(period.last, deadline) if deadline and deadline >= period.first else period.last


@dataclass(frozen=True)
class Standing:
    """How an assignment stands against its due date, for a badge: a kind and the days it speaks of."""

    kind: str  # late | today | soon | later | none | waiting | done | cancelled | joined
    days: int = 0


def standing(state: str, *, due_on: date | None, on: date) -> Standing:
    """How an assignment stands on a day. What is due today is not late.

    Units: `days` late for "late", days left for "soon" and "later".
    """
    if state in {"confirmed", "cancelled", "joined", "done"}:
        return Standing({"confirmed": "done", "done": "waiting"}.get(state, state))
    if due_on is None:
        return Standing("none")
    left = (due_on - on).days
    if left < 0:
        return Standing("late", -left)
    if left == 0:
        return Standing("today")
    return Standing("soon" if left <= DUE_SOON_DAYS else "later", left)


def is_overdue(state: str, *, due_on: date | None, on: date) -> bool:
    """Whether an assignment is late on a day: still open, and its due date has passed."""
    return state in OPEN and due_on is not None and due_on < on


@dataclass(frozen=True)
class Part:
    """One unit's share of work that is joined: whose it was, in which state, how far, in which words, until when."""

    unit: str
    state: str
    percent: int
    note: str
    due_on: date | None


@dataclass(frozen=True)
class Joined:
    """What several units' work becomes when one unit goes on with it."""

    state: str
    percent: int
    note: str
    due_on: date | None


def join(parts: Sequence[Part]) -> Joined:
    """The one piece of work that goes on where several units that merged held the same.

    It is done only when all were; it has begun when any had. Progress is the mean, rounded down, so that nothing is
    claimed that nobody did. The due date is the latest, so that the merger makes nobody late; none when one had none.
    The words of each are kept under its name.

    Units: percent of the task done, 0–100.
    Raises: Invalid for no parts at all.
    """
    if not parts:
        raise Invalid("Không có việc nào để gộp.")
    finished = [part.state in ("done", "confirmed") for part in parts]
    begun = any(part.state != "assigned" or part.percent for part in parts)
    state = "done" if all(finished) else "underway" if begun else "assigned"
    percent = sum(100 if ended else part.percent for part, ended in zip(parts, finished, strict=True)) // len(parts)
    told = [f"{part.unit} ({part.percent}%): {part.note}".rstrip(": ") for part in parts if part.note or part.percent]
    known = [part.due_on for part in parts if part.due_on is not None]
    return Joined(state, percent, "\n".join(told), max(known) if len(known) == len(parts) else None)


def check_progress(*, last: int, new: int, note: str) -> None:
    """Whether progress may be reported.

    Units: percent of the task done, 0–100.
    Raises: Invalid when it is out of range, or runs backwards without a word of why.
    """
    if not 0 <= new <= 100:
        raise Invalid("Tiến độ là một số từ 0 đến 100 (phần trăm).", field="percent")
    if new < last and not note.strip():
        raise Invalid("Tiến độ lần trước là {last}%. Khi báo thấp hơn, hãy ghi lý do.", field="note", last=last)


def check_due(*, due_on: date | None, issued_on: date | None) -> None:
    """Whether a due date makes sense. Raises: Invalid when it lies before the document's own date."""
    if due_on and issued_on and due_on < issued_on:
        raise Invalid("Hạn hoàn thành không thể trước ngày ban hành văn bản.", field="due_on")


def split_text(text: str, *, at: int) -> tuple[str, str]:
    """A task's text cut in two before the character numbered `at` (from 0).

    Raises: Invalid when one of the halves would be empty.
    """
    first, second = text[:at].strip(), text[at:].strip()
    if not first or not second:
        raise Invalid("Hãy đặt điểm tách ở giữa câu: cả hai phần đều phải có chữ.", field="at")
    return first, second


def cut_points(text: str) -> list[int]:
    """Where a task may sensibly be split: after each semicolon, full stop or comma, as places in the text.

    Example:
        >>> cut_points("Chỉ đạo rà soát; tạo điều kiện")
        [17]
    """
    return [found.end() for found in re.finditer(r"[;.,:]\s+(?=\S)", text)]


_ENDS = 24  # so many letters of a task's beginning and end tell where it stands when its middle was corrected


def stretches(text: str, lines: Sequence[str]) -> list[tuple[int, int, int]]:
    """Where a task's words stand in the lines that it was read from: (line, first letter, letter after the last).

    Units: places count from 0 in `lines` with white space squeezed. A text that was corrected is found by its
    beginning and end; one that cannot be found takes the lines whole.

    Example:
        >>> stretches("ba bốn năm", ["một hai ba", "bốn năm sáu"])
        [(0, 8, 10), (1, 0, 7)]
    """
    flat = [" ".join(line.split()) for line in lines]
    whole, wanted = " ".join(flat), " ".join(text.split())
    begin = whole.find(wanted)
    end = begin + len(wanted)
    if begin < 0:
        head, tail = whole.find(wanted[:_ENDS]), whole.rfind(wanted[-_ENDS:])
        begin, end = (head, tail + _ENDS) if 0 <= head <= tail else (0, len(whole))
    found, start = [], 0
    for place, line in enumerate(flat):
        first, last = max(begin - start, 0), min(end - start, len(line))
        if first < last:
            found.append((place, first, last))
        start += len(line) + 1
    return found


_MARKS = re.compile(r"[^\w\s]")


def same_document_text(lines: Iterable[str]) -> str:
    """A document's words alone, for telling whether two files are the same document."""
    return " ".join(_MARKS.sub(" ", fold(" ".join(lines))).split())


LIKENESS_FLOOR = 45


def likeness(below: str, above: str) -> int:
    """How alike the texts of two tasks are.

    Units: percent, 0–100, of shared words without regard to order, marks or length.
    """
    return round(fuzz.token_set_ratio(below, above) * 0.4 + fuzz.token_sort_ratio(below, above) * 0.6)


def nearest(below: str, above: Sequence[tuple[int, str]], *, most: int = 3) -> list[tuple[int, int]]:
    """The tasks above that a task below most resembles: (key, likeness) best first, none under the floor.

    Both sides are folded texts (`kernel.vietnamese.fold`).
    """
    scored = [(likeness(below, text), key) for key, text in above]
    return [
        (key, score) for score, key in sorted(scored, key=lambda pair: (-pair[0], pair[1])) if score >= LIKENESS_FLOOR
    ][:most]


def is_waiting_too_long(since: datetime, *, now: datetime) -> bool:
    """Whether an obstacle has waited for an answer longer than the house lets it."""
    return now - since > timedelta(days=ESCALATION_DAYS)
