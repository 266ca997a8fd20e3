"""The survey and grading of a kind of bodies in a year, as a workbook: each body, each unit, what they answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from hieuhoc.engines.writer import Column, Sheet, Table, Total, workbook
from hieuhoc.foundation.ui.wording import in_words
from hieuhoc.programme.learning import states
from hieuhoc.programme.learning.rules import grading, kinds
from hieuhoc.programme.learning.selectors.grading import Row

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_QUESTIONS = 40
_COLUMNS = (
    Column("STT", 8.0, "centre"),
    Column("Cơ sở", 60.0),
    Column("Xã, phường", 36.0),
    Column("Huyện, thành phố", 36.0),
    Column("Tình trạng", 24.0),
    Column("Điểm tự chấm", 16.0, "right"),
    Column("Điểm thẩm định", 16.0, "right"),
    Column("Xếp loại", 20.0),
    Column("Xếp loại năm trước", 24.0),
    Column("Bộ tiêu chí", 60.0),
)


def grading_workbook(rows: Sequence[Row], *, kind: str, year: int) -> bytes:
    """The bodies of the list with their grades; what was not graded is an empty cell, never a zero."""
    name = in_words(kinds.PROVIDERS[kind])
    sheets = [_bodies(rows, name, year), _units(rows, name, year)]
    answers = _answers(rows, name, year)
    return workbook([*sheets, answers] if answers else sheets)


def _bodies(rows: Sequence[Row], name: str, year: int) -> Sheet:
    cells = [
        (
            place,
            row.body.name,
            row.body.unit.name,
            _above(row),
            _state(row),
            grading.total(row.assessment.own) if row.assessment else None,
            row.assessment.total if row.assessment else None,
            row.grade or None,
            row.grade_before or None,
            _set(row),
        )
        for place, row in enumerate(rows, start=1)
    ]
    title = f"Khảo sát, xếp loại {name} năm {year}"
    return Sheet(f"Xếp loại {year}", title, Table(_COLUMNS, tuple(cells)), landscape=True)


def _above(row: Row) -> str | None:
    return row.body.unit.parent.name if row.body.unit.parent else None


def _state(row: Row) -> str:
    return in_words(states.ASSESSMENT.states[row.assessment.state]) if row.assessment else "Chưa tự chấm"


def _set(row: Row) -> str | None:
    if row.assessment is None:
        return None
    end = " – bản dự thảo" if row.assessment.grading.state == "draft" else ""
    return f"{row.assessment.grading}{end}"


def _units(rows: Sequence[Row], name: str, year: int) -> Sheet:
    """By the unit above: how many there are, how many are graded, and how many have which grade."""
    grades = list(dict.fromkeys(grade for _place, grade in sorted({_placed(row) for row in rows if row.grade})))
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[_above(row) or row.body.unit.name].append(row)
    columns = (
        Column("Đơn vị", 60.0),
        Column("Số cơ sở", 24.0, "right"),
        Column("Đã xếp loại", 24.0, "right"),
        *(Column(grade.capitalize(), 24.0, "right", group="Trong đó") for grade in grades),
    )
    cells: list[tuple[str | int, ...]] = [(unit, *_numbers(own, grades)) for unit, own in found.items()]
    table = Table(columns, (*cells, Total(("Cộng", *_numbers(rows, grades)))))
    return Sheet("Tổng hợp", f"Tổng hợp xếp loại {name} năm {year}", table, landscape=True)


def _placed(row: Row) -> tuple[int, str]:
    if row.assessment is None:
        return 0, row.grade
    return grading.placed(row.assessment.grading.content, row.assessment.grade)


def _numbers(rows: Sequence[Row], grades: Sequence[str]) -> tuple[int, ...]:
    given = [row.grade for row in rows if row.grade]
    return len(rows), len(given), *(given.count(grade) for grade in grades)


def _answers(rows: Sequence[Row], name: str, year: int) -> Sheet | None:
    """What bodies answered to the survey; None where nothing was asked."""
    told = [(row, row.assessment) for row in rows if row.assessment and row.assessment.answers]
    asked = {
        (one.grading_id, question["key"]): question["name"]
        for _row, one in told
        for question in one.grading.content.get("questions", [])
    }
    names = list(dict.fromkeys(asked.values()))[:MOST_QUESTIONS]
    if not names:
        return None
    columns = (
        Column("Cơ sở", 60.0),
        Column("Xã, phường", 36.0),
        *(Column(question, 50.0) for question in names),
    )
    cells = []
    for row, one in told:
        said = {asked[one.grading_id, key]: text for key, text in one.answers.items() if (one.grading_id, key) in asked}
        cells.append((row.body.name, row.body.unit.name, *(said.get(question) for question in names)))
    title = f"Trả lời khảo sát của {name} năm {year}"
    return Sheet("Khảo sát", title, Table(columns, tuple(cells)), landscape=True)
