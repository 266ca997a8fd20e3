"""The same tree of units, without dates, in the two usual libraries for trees; for measuring beside the register."""
