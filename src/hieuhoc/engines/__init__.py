"""Pure Python engines. They know the kernel and nothing else of the house, not even one another."""
