"""What every app of the programme stands on, without one word of the programme."""
