"""Files that people fill in and send, read with care; nothing is written before all of it is right or accepted."""
