"""Sets of criteria by which bodies are graded: read, checked, and what points come to. No Django.

The ministry's guidance of April 2013 names four groups of content (management, organisation of activities, mobilisation
of society, effectiveness); criteria, points and limits are the province's own, so a set is data, never a rule here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from hieuhoc.kernel.errors import Invalid
from hieuhoc.kernel.terms import Term
from hieuhoc.kernel.vietnamese import fold

QUESTION_KINDS: Mapping[str, str] = {"text": Term("chữ"), "number": Term("số"), "yes_no": Term("có, không")}
# The grades that reports tell apart, the highest first; a grade of another name counts in the whole alone.
GRADES: Mapping[str, str] = {
    "good": Term("tốt"),
    "fair": Term("khá"),
    "average": Term("trung bình"),
    "weak": Term("yếu"),
}
MOST_CRITERIA = 200


@dataclass(frozen=True)
class Criterion:
    """One thing that is given points."""

    key: str
    name: str
    most: Decimal
    guidance: str = ""


@dataclass(frozen=True)
class Group:
    """Criteria of one kind."""

    key: str
    name: str
    criteria: tuple[Criterion, ...]

    @property
    def most(self) -> Decimal:
        """The most points of the group."""
        return sum((one.most for one in self.criteria), Decimal(0))


@dataclass(frozen=True)
class Grade:
    """A grade, and the total from which it is given."""

    key: str
    name: str
    start: Decimal


@dataclass(frozen=True)
class Question:
    """A question of the yearly survey; it gives no points."""

    key: str
    name: str
    kind: str


@dataclass(frozen=True)
class Content:
    """A set that was read and found whole; grades from the highest to the lowest."""

    groups: tuple[Group, ...]
    grades: tuple[Grade, ...]
    questions: tuple[Question, ...] = ()

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """Every criterion, in order."""
        return tuple(one for group in self.groups for one in group.criteria)

    @property
    def most(self) -> Decimal:
        """The most points of the set."""
        return sum((group.most for group in self.groups), Decimal(0))

    def grade_of(self, total: Decimal) -> Grade:
        """The grade of a total: the highest whose limit it reaches."""
        return next(grade for grade in self.grades if total >= grade.start)

    def grade_name(self, key: str) -> str:
        """What a grade is called; the key itself where the set has none of that key."""
        return next((grade.name for grade in self.grades if grade.key == key), key)


def placed(told: Mapping[str, Any], key: str) -> tuple[int, str]:
    """The place of a grade in its set, 0 the highest, and its name; of a set as the table keeps it.

    Example:
        >>> placed({"grades": [{"key": "weak", "name": "yếu", "from": 0}, {"key": "good", "name": "tốt", "from": 8}]},
        ...        "weak")
        (1, 'yếu')
    """
    grades = sorted(told.get("grades", []), key=lambda one: -one["from"])
    return next(((place, one["name"]) for place, one in enumerate(grades) if one["key"] == key), (len(grades), key))


def read(told: Mapping[str, Any]) -> Content:
    """Read the content of a set, as the table keeps it. Raises: Invalid (field `groups`, `grades` or `questions`)."""
    groups = tuple(
        Group(
            str(group.get("key", "")),
            str(group.get("name", "")).strip(),
            tuple(
                Criterion(
                    str(one.get("key", "")),
                    str(one.get("name", "")).strip(),
                    number(one.get("most"), field="groups"),
                    str(one.get("guidance", "")).strip(),
                )
                for one in group.get("criteria", [])
            ),
        )
        for group in told.get("groups", [])
    )
    grades = tuple(
        Grade(str(one.get("key", "")), str(one.get("name", "")).strip(), number(one.get("from"), field="grades"))
        for one in told.get("grades", [])
    )
    questions = tuple(
        Question(str(one.get("key", "")), str(one.get("name", "")).strip(), str(one.get("kind", "")))
        for one in told.get("questions", [])
    )
    content = Content(groups, tuple(sorted(grades, key=lambda one: -one.start)), questions)
    _check_groups(content)
    _check_grades(content)
    _check_questions(content)
    return content


def _check_groups(content: Content) -> None:
    if not content.groups or not all(group.criteria for group in content.groups):
        raise Invalid("Bộ tiêu chí cần có nhóm, và mỗi nhóm ít nhất một tiêu chí.", field="groups")
    if len(content.criteria) > MOST_CRITERIA:
        raise Invalid("Bộ tiêu chí có nhiều nhất {most} tiêu chí.", field="groups", most=MOST_CRITERIA)
    named = [(one.key, one.name) for one in content.groups] + [(one.key, one.name) for one in content.criteria]
    if not all(key and name for key, name in named):
        raise Invalid("Nhóm và tiêu chí phải có tên.", field="groups")
    keys = [one.key for one in content.criteria]
    if len(set(keys)) < len(keys):
        raise Invalid("Hai tiêu chí không được trùng mã.", field="groups")
    for one in content.criteria:
        if one.most <= 0:
            raise Invalid("Điểm tối đa của “{name}” phải lớn hơn 0.", field="groups", name=one.name)


def _check_grades(content: Content) -> None:
    if not content.grades or not all(grade.key and grade.name for grade in content.grades):
        raise Invalid("Bộ tiêu chí cần có các mức xếp loại, mỗi mức có tên.", field="grades")
    starts, keys = [one.start for one in content.grades], [one.key for one in content.grades]
    if len(set(starts)) < len(starts) or len(set(keys)) < len(keys):
        raise Invalid("Hai mức xếp loại không được trùng ngưỡng hay mã.", field="grades")
    if content.grades[-1].start != 0:
        raise Invalid("Mức xếp loại thấp nhất phải bắt đầu từ 0 điểm.", field="grades")
    if content.grades[0].start > content.most:
        raise Invalid("Ngưỡng cao nhất vượt tổng điểm {most}.", field="grades", most=plain(content.most))


def _check_questions(content: Content) -> None:
    keys = [one.key for one in content.questions]
    if len(set(keys)) < len(keys) or not all(one.key and one.name for one in content.questions):
        raise Invalid("Câu hỏi phải có nội dung và mã riêng.", field="questions")
    if any(one.kind not in QUESTION_KINDS for one in content.questions):
        raise Invalid("Câu hỏi trả lời bằng chữ, bằng số, hoặc có, không.", field="questions")


def number(told: object, *, field: str = "") -> Decimal:
    """Points as somebody wrote them, a comma or a point before at most two decimals. Raises: Invalid."""
    try:
        found = Decimal(str(told).strip().replace(",", "."))
    except InvalidOperation:
        raise Invalid("“{told}” không phải là số điểm.", field=field, told=told) from None
    if not found.is_finite() or not 0 <= found <= 1000 or found != found.quantize(Decimal("0.01")):
        raise Invalid("Điểm “{told}” phải từ 0 đến 1000, nhiều nhất hai chữ số thập phân.", field=field, told=told)
    return found


def plain(points: Decimal) -> int | float:
    """Points as JSON keeps them.

    Example:
        >>> plain(Decimal("8.50")), plain(Decimal("10.00"))
        (8.5, 10)
    """
    return int(points) if points == points.to_integral_value() else float(points)


def check_points(content: Content, told: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Points and notes by criterion as the table keeps them; a criterion without points is left out.

    Raises: Invalid (field: the criterion) for points beyond the most, or for a criterion the set does not have.
    """
    most = {one.key: one for one in content.criteria}
    kept: dict[str, dict[str, Any]] = {}
    for key, given in told.items():
        if key not in most:
            raise Invalid("Bộ tiêu chí không có tiêu chí này.", field=key)
        points, note = given.get("points"), str(given.get("note", "")).strip()
        if points is None or str(points).strip() == "":
            if note:
                kept[key] = {"points": None, "note": note}
            continue
        found = number(points, field=key)
        if found > most[key].most:
            raise Invalid("Nhiều nhất {most} điểm.", field=key, most=plain(most[key].most))
        kept[key] = {"points": plain(found), "note": note}
    return kept


def total(told: Mapping[str, Mapping[str, Any]]) -> Decimal:
    """What points come to.

    Example:
        >>> total({"a": {"points": 8.5}, "b": {"points": 1}, "c": {"points": None}})
        Decimal('9.5')
    """
    given = (one.get("points") for one in told.values())
    return sum((Decimal(str(points)) for points in given if points is not None), Decimal(0))


def assesses(*, scope: str, body: str) -> bool:
    """Whether a power at a unit of one level reaches a body at a unit of another as its own, not as that above.

    A commune assesses whatever lies in it, a district only what is the district's, an agency what is the agency's.
    """
    return scope in (body, "commune", "agency")


def verifies(*, is_same: bool, body: str) -> bool:
    """Whether a power that reaches a body is that of the level above; above a province there is none.

    `is_same`: whether it is held at the very unit of the body.
    """
    return not is_same or body == "province"


def stood_in(year: int, *, since: date, until: date | None) -> bool:
    """Whether a body stood on some day of a year; its last day is not included."""
    return since <= date(year, 12, 31) and (until is None or until > date(year, 1, 1))


def missing(content: Content, told: Mapping[str, Mapping[str, Any]]) -> list[Criterion]:
    """The criteria that have no points yet."""
    return [one for one in content.criteria if told.get(one.key, {}).get("points") is None]


# ---- a set as lines of text, as people write it ------------------------------------------------------


def groups_text(told: Mapping[str, Any]) -> str:
    """Groups and criteria as lines: `# group`, then `criterion | most | guidance`."""
    lines = []
    for group in told.get("groups", []):
        lines.append(f"# {group['name']}")
        for one in group["criteria"]:
            end = f" | {one['guidance']}" if one.get("guidance") else ""
            lines.append(f"{one['name']} | {one['most']}{end}")
    return "\n".join(lines)


def grades_text(told: Mapping[str, Any]) -> str:
    """Grades as lines: `grade | from`."""
    return "\n".join(f"{one['name']} | {one['from']}" for one in told.get("grades", []))


def questions_text(told: Mapping[str, Any]) -> str:
    """Questions as lines: `question | kind`."""
    return "\n".join(f"{one['name']} | {QUESTION_KINDS[one['kind']]}" for one in told.get("questions", []))


def from_text(*, groups: str, grades: str, questions: str = "") -> dict[str, Any]:
    """The content of a set from its lines, checked. Raises: Invalid (field `groups`, `grades` or `questions`)."""
    told: dict[str, Any] = {"groups": [], "grades": [], "questions": []}
    for line in _lines(groups):
        if line.startswith("#"):
            told["groups"].append({"key": f"g{len(told['groups']) + 1}", "name": line.lstrip("# "), "criteria": []})
            continue
        if not told["groups"]:
            raise Invalid("Dòng đầu tiên phải là tên nhóm, bắt đầu bằng dấu #.", field="groups")
        group = told["groups"][-1]
        name, most, guidance = _parts(line, 3, field="groups")
        key = f"{group['key']}-{len(group['criteria']) + 1}"
        points = plain(number(most, field="groups"))
        group["criteria"].append({"key": key, "name": name, "most": points, "guidance": guidance})
    for place, line in enumerate(_lines(grades), start=1):
        name, start, _rest = _parts(line, 3, field="grades")
        key = next((key for key, known in GRADES.items() if fold(known) == fold(name)), f"m{place}")
        told["grades"].append({"key": key, "name": name, "from": plain(number(start, field="grades"))})
    kinds = {name: key for key, name in QUESTION_KINDS.items()}
    for place, line in enumerate(_lines(questions), start=1):
        name, kind, _rest = _parts(line, 3, field="questions")
        told["questions"].append({"key": f"q{place}", "name": name, "kind": kinds.get(kind, kind)})
    read(told)
    return told


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _parts(line: str, most: int, *, field: str) -> list[str]:
    parts = [part.strip() for part in line.split("|", most - 1)]
    if len(parts) < 2 or not parts[0]:
        raise Invalid("Dòng “{line}” chưa đủ: cần tên, dấu |, rồi giá trị.", field=field, line=line)
    return parts + [""] * (most - len(parts))
