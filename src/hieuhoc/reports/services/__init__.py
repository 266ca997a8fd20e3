"""What is done with forms, rounds and submissions."""
