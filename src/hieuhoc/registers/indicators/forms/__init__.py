"""What the pages of indicators take from a browser."""
