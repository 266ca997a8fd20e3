"""The annex that says where each figure of a paper comes from, and how complete it is."""

from collections.abc import Iterable
from dataclasses import dataclass

from hieuhoc.engines.writer.paper import Annex, Column, Figure, Heading, Row, Table, Value


@dataclass(frozen=True)
class Source:
    """One figure: what it is called and worth, what it stands on, how many of how many units it covers.

    `source` says it in words, `url` leads to its page; `state` is provisional, approved, published in words;
    `remark` says why it was overridden. `expected` 0 means that nobody has to report it.
    """

    label: str
    value: Value
    source: str
    url: str = ""
    unit: str = ""
    period: str = ""
    reported: int = 0
    expected: int = 0
    state: str = ""
    remark: str = ""

    def __post_init__(self) -> None:
        if self.reported < 0 or self.expected < 0 or (self.expected and self.reported > self.expected):
            raise ValueError(f"“{self.label}”: {self.reported} of {self.expected} units cannot have reported")


TITLE = "Nguồn số liệu và mức độ đầy đủ của từng số liệu"


def sources_annex(figures: Iterable[Source | Heading], *, number: int | None = None, reference: str = "") -> Annex:
    """An annex with one row for each figure; headings group them. Figures lead to their source pages."""
    columns = (
        Column("TT", 11, "centre"),
        Column("Số liệu", 74),
        Column("Giá trị", 24, "right"),
        Column("Đơn vị tính", 21, "centre"),
        Column("Kỳ số liệu", 27, "centre"),
        Column("Nguồn số liệu", 56),
        Column("Đơn vị đã báo cáo", 24, "centre"),
        Column("Trạng thái", 24, "centre"),
    )
    rows: list[Row] = []
    remarks: list[str] = []
    place = 0
    for one in figures:
        if isinstance(one, Heading):
            rows.append(one)
            continue
        place += 1
        if one.remark:
            remarks.append(f"({len(remarks) + 1}) {one.label}: {one.remark}")
        mark = str(len(remarks)) if one.remark else ""
        covered = f"{one.reported}/{one.expected}" if one.expected else "–"
        told = (
            Figure(one.label, one.url),
            Figure(one.value, one.url, mark),
            one.unit or None,
            one.period or None,
            one.source or None,
            covered,
            one.state or None,
        )
        rows.append((place, *told))
    table = Table(columns, tuple(rows), remarks=tuple(remarks))
    return Annex(TITLE, (table,), number=number, reference=reference)
