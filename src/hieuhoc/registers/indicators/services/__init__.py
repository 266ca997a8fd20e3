"""What is done with definitions, facts, totals and targets."""

from hieuhoc.registers.indicators.services.definitions import (
    check_fits,
    define_indicator,
    edit_breakdown,
    end_definition,
    next_day,
    put_in_force,
    revise_indicator,
)
from hieuhoc.registers.indicators.services.facts import (
    Stated,
    Written,
    approve_figures,
    count_facts,
    import_figures,
    state_figures,
    withdraw_figures,
)
from hieuhoc.registers.indicators.services.periods import open_period, open_periods
from hieuhoc.registers.indicators.services.publishing import publish_totals, unpublish_totals
from hieuhoc.registers.indicators.services.shipping import Loaded, load_indicators
from hieuhoc.registers.indicators.services.targets import Aim, set_target, set_targets, take_back_target, target_period
from hieuhoc.registers.indicators.services.totals import (
    Changed,
    Difference,
    Homeless,
    drop_totals_of_units_begun,
    follow_the_map,
    prove,
    recompute,
)

__all__ = [
    "Aim",
    "Changed",
    "Difference",
    "Homeless",
    "Loaded",
    "Stated",
    "Written",
    "approve_figures",
    "check_fits",
    "count_facts",
    "define_indicator",
    "drop_totals_of_units_begun",
    "edit_breakdown",
    "end_definition",
    "follow_the_map",
    "import_figures",
    "load_indicators",
    "next_day",
    "open_period",
    "open_periods",
    "prove",
    "publish_totals",
    "put_in_force",
    "recompute",
    "revise_indicator",
    "set_target",
    "set_targets",
    "state_figures",
    "take_back_target",
    "target_period",
    "unpublish_totals",
    "withdraw_figures",
]
