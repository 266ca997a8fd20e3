"""Adding up from file to file: what `hieuhoc rollup` does."""
