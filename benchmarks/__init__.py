"""Measurements, one module for each question; `python -m benchmarks` asks them all, or those named.

Each prints numbers with their units and writes them, with the machine and the versions, to `benchmarks/results/`.
A claim of speed cites one of these files.
"""
