"""Work that takes longer than a request: seen, left and found again. It knows a key of its owner, not a person."""
