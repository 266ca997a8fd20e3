"""Decisions about the register of units: pure functions, no database and no clock."""
