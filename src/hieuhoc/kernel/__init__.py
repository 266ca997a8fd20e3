"""The words every floor shares: errors, periods of time, state machines, Vietnamese text."""
