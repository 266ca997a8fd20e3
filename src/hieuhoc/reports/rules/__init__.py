"""The rules of reporting: layouts, days, checks."""
