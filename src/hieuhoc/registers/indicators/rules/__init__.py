"""The rules of indicators: measures, formulas, definitions, targets, disclosure."""
