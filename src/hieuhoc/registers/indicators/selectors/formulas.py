"""What every indicator is made of, on any day: the formulas of the derived ones, opened down to base indicators."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from hieuhoc.kernel.errors import HouseError, Invalid, Missing
from hieuhoc.kernel.periods import Calendar, Period
from hieuhoc.registers.indicators import rules
from hieuhoc.registers.indicators.models import Definition
from hieuhoc.registers.indicators.rules.formula import Change, Mean, Operation, Percent, Previous


@dataclass(frozen=True)
class Version:
    code: str
    kind: str
    formula: str
    valid_from: date
    valid_to: date | None
    calendar: str
    rhythms: tuple[str, ...]
    direction: str

    def knows(self, period: Period) -> bool:
        if period.calendar is Calendar.OWN:
            return True
        return period.calendar.value == self.calendar and period.rhythm.value in self.rhythms


@lru_cache(maxsize=2000)
def _parsed(formula: str) -> rules.Node:
    return rules.parse(formula)


class Formulas:
    """What every indicator is made of, on any day."""

    def __init__(self, versions: Mapping[str, list[Version]]) -> None:
        self._versions = versions
        days = {one.valid_from for told in versions.values() for one in told}
        days |= {one.valid_to for told in versions.values() for one in told if one.valid_to}
        self._days = sorted(days)
        self._opened: dict[tuple[str, str, int], rules.Node | HouseError | None] = {}

    @classmethod
    def read(cls) -> Formulas:
        """One query."""
        columns = ("kind", "formula", "valid_from", "valid_to", "calendar", "rhythms", "direction")
        found: dict[str, list[Version]] = {}
        rows = Definition.objects.exclude(state="draft").order_by("indicator__family__position", "indicator__code")
        for code, kind, formula, start, end, calendar, rhythms, direction in rows.values_list(
            "indicator__code", *columns
        ):
            one = Version(code, kind, formula, start, end, calendar, tuple(rhythms), direction)
            found.setdefault(code, []).append(one)
        return cls(found)

    def codes(self, asked: Collection[str] | None) -> list[str]:
        """The indicators asked for, or all. Raises: Missing."""
        if asked is None:
            return list(self._versions)
        for code in asked:
            if code not in self._versions:
                raise Missing("Không có chỉ số “{code}”.", code=code)
        return list(asked)

    def version(self, code: str, day: date) -> Version | None:
        held = (one for one in self._versions.get(code, ()) if one.valid_from <= day)
        return next((one for one in held if one.valid_to is None or day < one.valid_to), None)

    def knows(self, code: str, period: Period) -> bool:
        """Whether the indicator has figures for such a period."""
        one = self.version(code, period.last)
        return one is not None and one.knows(period)

    def direction(self, code: str, period: Period) -> str:
        one = self.version(code, period.last)
        return one.direction if one else "none"

    def opened(self, code: str, by: str, day: date) -> rules.Node | HouseError | None:
        """The formula over base indicators alone; None for a base indicator; or why there is none for this part."""
        key = code, by, bisect_right(self._days, day)
        if key not in self._opened:
            try:
                own = self._formula(code, day)
                self._opened[key] = own and rules.expand(own, lambda one: self._formula(one, day), by=by)
            except Invalid as error:
                self._opened[key] = error
        return self._opened[key]

    def _formula(self, code: str, day: date) -> rules.Node | None:
        one = self.version(code, day)
        return None if one is None or one.kind == "base" else _parsed(one.formula)

    def bases(self, codes: Collection[str], periods: Collection[Period]) -> set[str]:
        """The base indicators that these are made of, themselves among them."""
        found: set[str] = set()
        for code in codes:
            for period in periods:
                node = self.opened(code, "", period.last)
                found |= {code} if node is None else set() if isinstance(node, HouseError) else rules.codes(node)
        return found


def reach(node: rules.Node) -> int:
    """How many periods back a formula looks."""
    own = 1 if isinstance(node, (Previous, Change)) else 0
    return own + max((reach(part) for part in node.parts), default=0)


def halves(node: rules.Node) -> tuple[rules.Node, rules.Node] | None:
    """What a share or a mean divides by what."""
    if isinstance(node, Percent):
        return node.part, node.whole
    if isinstance(node, Mean):
        return node.part, node.per
    if isinstance(node, Operation) and node.sign == "/":
        return node.left, node.right
    return None
