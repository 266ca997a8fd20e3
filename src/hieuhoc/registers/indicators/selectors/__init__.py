"""What is read of definitions, facts, totals and targets."""
