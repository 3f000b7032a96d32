"""Which times a form offers. A pure decision on plain values."""

from __future__ import annotations

STEP_MINUTES = 10


def list_clock_times(start: str, end: str) -> list[str]:
    """Times as the clock shows them (HH:MM), every ten minutes from one to another, both among them."""
    first, last = (int(shown[:2]) * 60 + int(shown[3:]) for shown in (start, end))
    found = [f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(first, last, STEP_MINUTES)]
    return [*found, end]
