"""What a form's maker chooses from: indicators in force, and the parts into which they are broken down."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from hieuhoc.kernel.vietnamese import fold
from hieuhoc.registers.indicators.models import Breakdown, Definition


def find_definitions(words: str, *, on: date, limit: int = 20) -> list[Definition]:
    """The definitions in force whose code or name holds every word, marks left out; codes that begin so first."""
    found = Definition.objects.filter(state="in_force", valid_from__lte=on).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    )
    for word in fold(words).split():
        found = found.filter(Q(folded__contains=word) | Q(indicator__code__icontains=word))
    begin = words.strip().upper()
    rows = list(found.select_related("indicator__family")[:200])
    return sorted(rows, key=lambda one: not (begin and one.indicator.code.startswith(begin)))[:limit]


def definition_of(text: str, *, on: date) -> Definition | None:
    """The definition in force of a code, or of the one name that is written so."""
    words = text.strip()
    for one in find_definitions(words, on=on, limit=200):
        if words.upper() == one.indicator.code or fold(words) in {fold(one.name), fold(choice_words(one))}:
            return one
    return None


def definitions_of(codes: Collection[str], *, on: date) -> dict[str, Definition]:
    """The definitions in force of some codes."""
    rows = Definition.objects.filter(indicator__code__in=codes, state="in_force", valid_from__lte=on)
    rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on)).select_related("indicator")
    return {one.indicator.code: one for one in rows}


def choice_words(one: Definition) -> str:
    """An indicator as it stands in a field that was filled: its code and its name."""
    return f"{one.indicator.code} · {one.name}"


def part_choices() -> list[tuple[str, str]]:
    """Every part of every breakdown: "sex=female", "Giới tính: nữ"."""
    return [
        (f"{one.code}={value['code']}", f"{one.name}: {value['name']}")
        for one in Breakdown.objects.all()
        for value in one.values
    ]
