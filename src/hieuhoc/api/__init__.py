"""The public contract: what other programs may read and report. It calls selectors and services."""
