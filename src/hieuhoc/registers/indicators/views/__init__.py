"""Pages of indicators and targets."""
