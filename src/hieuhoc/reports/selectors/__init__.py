"""What is read of forms, rounds and submissions."""
