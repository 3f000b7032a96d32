"""Benchmarks: each figure beside its floor in the same run, the result verified before it counts."""
