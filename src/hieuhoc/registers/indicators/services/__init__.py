"""What is done with definitions, facts, totals and targets."""

from hieuhoc.registers.indicators.services.facts import (
    Stated,
    Written,
    approve_figures,
    count_facts,
    state_figures,
    withdraw_figures,
)
from hieuhoc.registers.indicators.services.periods import open_period, open_periods
from hieuhoc.registers.indicators.services.totals import Changed, Difference, Homeless, prove, recompute

__all__ = [
    "Changed",
    "Difference",
    "Homeless",
    "Stated",
    "Written",
    "approve_figures",
    "count_facts",
    "open_period",
    "open_periods",
    "prove",
    "recompute",
    "state_figures",
    "withdraw_figures",
]
