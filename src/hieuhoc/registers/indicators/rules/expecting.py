"""How many facts a total should stand on, for units of which none is in yet."""

from datetime import date

from hieuhoc.engines.rollup import Tree
from hieuhoc.engines.rollup.grid import OverTime
from hieuhoc.kernel.periods import Period
from hieuhoc.registers.indicators.rules.reckoning import Reckoning, sheet_of


class Expecting:
    """Counts of the units that report beneath others, each asked of the tree once for each map."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._leaves: dict[tuple[int, int], int] = {}

    def expected(self, reckoning: Reckoning, unit: int, period: Period) -> int:
        """The facts that make up a unit's total of a period; 0 for a unit that does not stand in it.

        Of a period of which only the last counts, those of its last turn in which the unit stands.
        """
        sheet = sheet_of(reckoning, period)
        if sheet is None:
            return 0
        told = [self.reporting(unit, one.last) for one in sheet.columns if period.holds(one)]
        if reckoning.rule is OverTime.LAST:
            return next((count for count in reversed(told) if count), 0)
        return sum(told)

    def reporting(self, unit: int, day: date) -> int:
        """How many units report beneath a unit on a day: itself with nobody beneath, 0 when it does not stand."""
        if not self._tree.stands(unit, day):
            return 0
        key = unit, self._tree.turn(day)
        if key not in self._leaves:
            children = [child for child in self._tree.children(unit, day) if isinstance(child, int)]
            self._leaves[key] = sum(self.reporting(child, day) for child in children) if children else 1
        return self._leaves[key]
