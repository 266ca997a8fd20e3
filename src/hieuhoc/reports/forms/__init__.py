"""What the pages of reports take from a browser."""
