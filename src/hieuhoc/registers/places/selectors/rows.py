"""The words of a row of a reorganisation: its columns, what may stand in them, and a row made of what was typed."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from hieuhoc.kernel.vietnamese import fold, squeeze
from hieuhoc.registers.places import rules
from hieuhoc.registers.places.models import Kind, Level, UnitVersion

Row = rules.Row
MARKED = ("is_estimated", "takes_duties")
"""The columns that hold a mark rather than words."""


def row_columns() -> list[tuple[str, Promise]]:
    """Field and heading of every column of a row, in the order of the workbook."""
    return [(field, gettext_lazy(heading)) for field, heading in rules.COLUMNS]


def act_choices() -> list[tuple[str, Promise]]:
    """Code and name of every way in which a unit can be reorganised, for a form."""
    return [(code, gettext_lazy(name)) for code, name in rules.ACTS.items()]


def read_row(typed: Mapping[str, str]) -> rules.Row:
    """A row out of what somebody typed: names of ways, kinds and levels become their codes, marks become marks.

    What means nothing stays as it was typed, for the dry run to say so.
    """
    words = {name: squeeze(str(typed.get(name, ""))) for name, _heading in rules.COLUMNS}
    codes = {
        "act": dict(rules.ACTS),
        "target_kind": {kind.value: str(kind.label) for kind in Kind},
        "target_level": {level.value: str(level.label) for level in Level},
    }
    for column, names in codes.items():
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
