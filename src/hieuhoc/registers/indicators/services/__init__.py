"""What is done with definitions, facts, totals and targets."""
