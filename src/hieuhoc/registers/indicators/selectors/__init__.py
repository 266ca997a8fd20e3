"""What is read of definitions, facts, totals and targets."""

from hieuhoc.registers.indicators.selectors.stored import (
    Stored,
    cells_known,
    cells_stated,
    facts_in,
    figures_at,
    indicator_numbers,
    numbers_of,
    periods_by_number,
    periods_named,
    places_counted,
    reckonings,
    totals_in,
    tree_for,
    used,
    why_not_taken,
)

__all__ = [
    "Stored",
    "cells_known",
    "cells_stated",
    "facts_in",
    "figures_at",
    "indicator_numbers",
    "numbers_of",
    "periods_by_number",
    "periods_named",
    "places_counted",
    "reckonings",
    "totals_in",
    "tree_for",
    "used",
    "why_not_taken",
]
