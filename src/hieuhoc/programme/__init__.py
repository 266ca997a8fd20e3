"""What the province does."""
