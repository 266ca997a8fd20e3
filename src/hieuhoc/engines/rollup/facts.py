"""What an app hands over when it is asked what it has counted."""

from dataclasses import dataclass

from hieuhoc.kernel.periods import Period


@dataclass(frozen=True, slots=True)
class Fact:
    """One whole number that was counted: what, where (the unit's row number) and in which period.

    `what` is a name of the app's own ("plans.tasks_done"); which indicator is made of it, the app does not know. `by`
    is empty for the whole, else the part that was counted: "sex=female", or "age=15-25,sex=female" with sorted keys.

    Example:
        >>> from datetime import date
        >>> from hieuhoc.kernel.periods import Rhythm, period_of
        >>> Fact("learning.attended", 12, period_of(Rhythm.MONTH, date(2020, 9, 1)), 34, by="sex=female").value
        34
    """

    what: str
    unit: int
    period: Period
    value: int
    by: str = ""
