"""What is counted: definitions of indicators, facts, totals, targets."""
