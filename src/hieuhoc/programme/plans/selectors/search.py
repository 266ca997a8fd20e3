"""One search over plans, tasks, units and obstacles: what the user may see, words without regard to marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from hieuhoc.kernel.vietnamese import fold
from hieuhoc.programme.plans.models import Plan, Task
from hieuhoc.programme.plans.selectors.obstacles import find_obstacles
from hieuhoc.programme.plans.selectors.plans import plans
from hieuhoc.registers.accounts import access
from hieuhoc.registers.accounts.roles import Permission
from hieuhoc.registers.places import selectors as places

if TYPE_CHECKING:
    from hieuhoc.registers.accounts.models import User

GROUPS = ("plans", "tasks", "units", "obstacles")
MOST_WORDS = 8
MOST_LETTERS = 200


@dataclass(frozen=True)
class Found:
    """What was found of one kind: how many in all, and the first rows."""

    group: str
    count: int
    rows: Sequence[Any]


def search_words(text: str) -> list[str]:
    """What is looked for: folded words, of a text cut to a sensible length, without what cannot be read."""
    readable = "".join(letter if letter.isprintable() else " " for letter in text[:MOST_LETTERS])
    return fold(readable).split()[:MOST_WORDS]


def search_all(user: User, text: str, *, on: date, most: int = 5) -> list[Found]:
    """The first finds of each kind with the number of all; kinds without any are left out.

    A fixed number of queries: a count and the rows for each kind; with `most` 0 only the counts.
    """
    if not search_words(text):
        return []
    found = []
    for group in GROUPS:
        rows = found_in(user, group, text, on=on)
        count = rows.count()
        if not count:
            continue
        found.append(Found(group, count, _first(rows, group, text, on=on, most=most) if most else []))
    return found


def _first(rows: QuerySet[Any], group: str, text: str, *, on: date, most: int) -> list[Any]:
    """The first rows; a few units are ranked by how well their names fit, all of them stand as in the register."""
    return places.find_units(" ".join(search_words(text)), on=on, limit=most) if group == "units" else list(rows[:most])


def found_in(user: User, group: str, text: str, *, on: date) -> QuerySet[Any]:
    """Everything of one kind that was found and that the user may see, best first."""
    words = search_words(text)
    if group == "plans":
        return _plans(user, words)
    if group == "tasks":
        return _tasks(user, words)
    if group == "obstacles":
        return find_obstacles(user, words=" ".join(words), state="all")
    units = places.filtered_units(on=on, text=" ".join(words))
    return units if access.has(user, Permission.UNIT_READ) else units.none()


def _plans(user: User, words: Sequence[str]) -> QuerySet[Plan]:
    found = plans(user).exclude(state="discarded")
    for word in words:
        found = found.filter(folded__contains=word)
    return found


def _tasks(user: User, words: Sequence[str]) -> QuerySet[Task]:
    """Tasks that hold every word, or whose place in the document begins with it; the words as a phrase come first."""
    seen = plans(user).filter(state__in=["issued", "closed"]).order_by().values("pk")
    found = Task.objects.filter(plan__in=seen).exclude(state="dismissed").select_related("plan__issuer", "section")
    for word in words:
        found = found.filter(Q(folded__contains=word) | Q(code__istartswith=word))
    phrase = Case(When(folded__contains=" ".join(words), then=Value(0)), default=Value(1), output_field=IntegerField())
    return found.order_by(phrase, "-plan__issued_on", "plan", "position")
