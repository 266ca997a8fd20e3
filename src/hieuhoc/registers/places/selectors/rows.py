"""The words of a row of a reorganisation: its columns, what may stand in them, and a row made of what was typed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from hieuhoc.kernel.vietnamese import fold, squeeze
from hieuhoc.registers.places import rules
from hieuhoc.registers.places.models import Kind, Level, Reorganisation, Unit, UnitVersion

_PART = 5000
Row = rules.Row
MARKED = ("is_estimated", "takes_duties")
"""The columns that hold a mark rather than words."""


def row_columns() -> list[tuple[str, Promise]]:
    """Field and heading of every column of a row, in the order of the workbook."""
    duties = pgettext_lazy("đơn vị kế thừa", "Nhận việc")  # an agency that takes up a task has the same two words
    return [(field, duties if field == "takes_duties" else gettext_lazy(heading)) for field, heading in rules.COLUMNS]


def act_choices() -> list[tuple[str, Promise]]:
    """Code and name of every way in which a unit can be reorganised, for a form."""
    return [(code, gettext_lazy(name)) for code, name in rules.ACTS.items()]


def read_row(typed: Mapping[str, str]) -> rules.Row:
    """A row out of what somebody typed: names of ways, kinds and levels become their codes, marks become marks.

    What means nothing stays as it was typed, for the dry run to say so.
    """
    words = {name: squeeze(str(typed.get(name, ""))) for name, _heading in rules.COLUMNS}
    codes: tuple[tuple[str, Mapping[str, str]], ...] = (
        ("act", rules.ACTS),
        ("act", {code: str(name) for code, name in act_choices()}),  # as a workbook of the reader's language says it
        ("target_kind", {kind.value: str(kind.label) for kind in Kind}),
        ("target_level", {level.value: str(level.label) for level in Level}),
    )
    for column, names in codes:
        words[column] = _code(words[column], names)
    marks = {name: fold(words.pop(name)) in {"x", "co", "1", "true", "on", "yes"} for name in MARKED}
    return rules.Row(**words, **marks)  # type: ignore[arg-type]  # texts and marks, each under its own name


def _code(text: str, names: Mapping[str, str]) -> str:
    if text in names:
        return text
    wanted = fold(text)
    return next((code for code, name in names.items() if fold(name) == wanted), text)


def names_of(written: Iterable[str], *, on: date) -> dict[str, tuple[str, str]]:
    """Name and key of the units that hold these codes or keys on a day, by what was written; one query."""
    wanted = {text for text in written if text}
    held = UnitVersion.objects.on(on).filter(Q(code__in=wanted) | Q(unit__key__in=wanted))
    found: dict[str, tuple[str, str]] = {}
    for code, key, name in held.values_list("code", "unit__key", "name"):
        for text in {code, key} & wanted:
            found[text] = (name, key)
    return found


@dataclass(frozen=True)
class Concerned:
    """What the rows of an event speak of that stands on its eve; `joined` are provinces that become one by it."""

    units: tuple[Unit, ...]
    joined: tuple[frozenset[int], ...]


def concerned(event: Reorganisation) -> Concerned:
    """The units that the rows of an event name, as far as they stand on its eve; two queries."""
    rows = list(event.rows.values_list("source", "target", "target_parent"))
    written = {text.strip() for row in rows for text in row if text.strip()}
    versions = UnitVersion.objects.on(event.effective_on - timedelta(days=1)).select_related("unit")
    by_name: dict[str, Unit] = {}
    for start in range(0, len(written), _PART):
        part = sorted(written)[start : start + _PART]
        for version in versions.filter(Q(code__in=part) | Q(unit__key__in=part)):
            by_name |= {name: version.unit for name in (version.code, version.unit.key) if name}
    provinces: dict[str, set[int]] = {}
    for source, target, _parent in rows:
        unit = by_name.get(source.strip())
        if unit is not None and unit.level == Level.PROVINCE and target.strip():
            provinces.setdefault(target.strip(), set()).add(unit.pk)
    found = {unit.pk: unit for name, unit in by_name.items() if name in written}
    return Concerned(tuple(found.values()), tuple(frozenset(group) for group in provinces.values()))
