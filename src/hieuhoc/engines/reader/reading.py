"""The result of reading a document: frozen values, each with its place in the source.

Every string here stands in the source (white space squeezed, page breaks joined, noise dropped);
only `recurrence`, dates, `issuer` where inferred, and codes are normalised.
"""

import datetime
import re
from dataclasses import asdict, dataclass, field
from typing import Any

Lines = tuple[int, int]  # first and last line of the source, 1-based, both included


@dataclass(frozen=True)
class Basis:
    """A document that this one rests on ("Căn cứ …", "Thực hiện …")."""

    text: str
    lines: Lines
    kind: str | None = None
    number: str | None = None
    date: datetime.date | None = None
    issuer: str | None = None
    title: str | None = None


@dataclass(frozen=True)
class Reference:
    """A document that is cited, by number or by quoted name, with every line that cites it."""

    kind: str
    lines: tuple[int, ...]
    number: str | None = None
    name: str | None = None
    date: datetime.date | None = None
    issuer: str | None = None


@dataclass(frozen=True)
class Section:
    """A numbered heading. `path` joins the markers by dots: "III.13.đ"."""

    path: str
    number: str
    heading: str
    level: int
    lines: Lines  # from the heading to the last line before the next heading of its level or above
    agencies: tuple[str, ...] = ()
    requested: bool = False


@dataclass(frozen=True)
class Target:
    """A number to reach by a date, as a sentence or clause of the document."""

    text: str
    lines: Lines
    value: str | None = None
    unit: str | None = None
    by: str | None = None
    section: str = ""


@dataclass(frozen=True)
class Task:
    """One thing that somebody is ordered (or requested) to do.

    Units: `confidence` from 0 (a guess) to 1 (certain). `doubts` are codes that say why it is not 1;
    the interface puts doubtful tasks first and explains them.
    Source: the rules of annotation in `docs/developing/reader.md`.
    """

    section: str
    text: str
    lines: Lines
    lead: tuple[str, ...] = ()
    lead_from: str = "none"  # heading | subject | carried | bracket | label | column | none
    coordinate: tuple[str, ...] = ()
    directs: tuple[str, ...] = ()
    reports_to: tuple[str, ...] = ()
    advises: tuple[str, ...] = ()
    role: str = "thuc_hien"  # chu_tri | phoi_hop | thuc_hien
    requested: bool = False
    recurrence: str | None = None  # hằng năm | hằng quý | hằng tháng | 6 tháng | 3 tháng | thường xuyên | định kỳ …
    recurrence_text: str | None = None
    deadline: datetime.date | None = None
    deadline_text: str | None = None
    horizon: str | None = None
    product: str | None = None  # "Sản phẩm" column or label
    references: tuple[str, ...] = ()  # numbers, or names where there is none
    confidence: float = 1.0
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Signer:
    """Who signed, in which post, and for whom ("KT. CHỦ TỊCH")."""

    name: str | None
    position: str | None
    signs_for: str | None = None


@dataclass(frozen=True)
class Reading:
    """Everything that was read from one document."""

    kind: str | None = None  # "Kế hoạch", "Quyết định" …
    number: str | None = None
    date: datetime.date | None = None
    place: str | None = None
    issuer: str | None = None
    issuer_inferred: bool = False
    title: str | None = None
    level: str | None = None  # "trung ương" | "tỉnh" | "huyện" | "xã"
    bases: tuple[Basis, ...] = ()
    references: tuple[Reference, ...] = ()
    sections: tuple[Section, ...] = ()
    tasks: tuple[Task, ...] = ()
    targets: tuple[Target, ...] = ()
    recipients: tuple[str, ...] = ()
    signer: Signer = field(default_factory=lambda: Signer(None, None))
    confidence: dict[str, float] = field(default_factory=dict)  # of the header fields
    notes: tuple[str, ...] = ()  # what the person should know, as sentences in Vietnamese

    def as_json(self) -> dict[str, Any]:
        """The reading as plain values, dates in ISO form: the shape that `hieuhoc read --json` prints.

        A task's `deadline` is a date where the document names the day, else its words ("quý I/2027");
        `deadline_date` is the last day in either case.
        """
        plain: dict[str, Any] = {key: _plain(value) for key, value in asdict(self).items()}
        for task in plain["tasks"]:
            task["deadline_date"] = task["deadline"]
            if task["deadline_text"] and not names_day(task["deadline_text"]):
                task["deadline"] = task["deadline_text"]
        return plain


def names_day(words: str) -> bool:
    """Whether the words of a deadline name one day of one year ("trước ngày 15/12/2026"), not a month or a year."""
    return bool(re.search(r"\d{1,2}\s*(?:/|-|\.|tháng)\s*\d{1,2}\s*(?:/|-|\.|năm)\s*\d{4}", words))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value
