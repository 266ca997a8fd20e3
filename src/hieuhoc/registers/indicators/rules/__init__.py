"""Decisions about indicators: what one means, formulas, targets, what may be published. Pure: no database, no clock."""

from hieuhoc.registers.indicators.rules.breakdown import (
    Breakdown,
    BreakdownValue,
    by_words,
    check_by,
    chosen_by,
    read_by,
    write_by,
)
from hieuhoc.registers.indicators.rules.checking import (
    check_known,
    check_no_circle,
    dimension_of,
    expand,
    find_circle,
)
from hieuhoc.registers.indicators.rules.columns import DEFINITION_COLUMNS, TARGET_COLUMNS
from hieuhoc.registers.indicators.rules.computing import Computed, compute
from hieuhoc.registers.indicators.rules.definition import (
    BASE,
    CALENDARS,
    LEVELS,
    RHYTHMS,
    Definition,
    check_all,
    check_among,
    leans_on,
)
from hieuhoc.registers.indicators.rules.disclosure import SMALLEST, Shown, protect, protect_table, publishable
from hieuhoc.registers.indicators.rules.formula import FormulaError, Node, Reference, codes, references, write
from hieuhoc.registers.indicators.rules.measures import (
    MEASURES,
    Dimension,
    Measure,
    measure,
    measures_for,
    read_value,
    write_value,
)
from hieuhoc.registers.indicators.rules.parsing import FUNCTIONS, parse
from hieuhoc.registers.indicators.rules.targets import VERDICTS, Point, Prospect, prospect
from hieuhoc.registers.indicators.rules.wording import as_excel, in_words

__all__ = [
    "BASE",
    "CALENDARS",
    "DEFINITION_COLUMNS",
    "FUNCTIONS",
    "LEVELS",
    "MEASURES",
    "RHYTHMS",
    "SMALLEST",
    "TARGET_COLUMNS",
    "VERDICTS",
    "Breakdown",
    "BreakdownValue",
    "Computed",
    "Definition",
    "Dimension",
    "FormulaError",
    "Measure",
    "Node",
    "Point",
    "Prospect",
    "Reference",
    "Shown",
    "as_excel",
    "by_words",
    "check_all",
    "check_among",
    "check_by",
    "check_known",
    "check_no_circle",
    "chosen_by",
    "codes",
    "compute",
    "dimension_of",
    "expand",
    "find_circle",
    "in_words",
    "leans_on",
    "measure",
    "measures_for",
    "parse",
    "prospect",
    "protect",
    "protect_table",
    "publishable",
    "read_by",
    "read_value",
    "references",
    "write",
    "write_by",
    "write_value",
]
