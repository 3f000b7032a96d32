"""When a wish to share is in force. A pure decision on plain values."""

from __future__ import annotations

from collections.abc import Collection, Iterable


def is_in_force(wishing: Collection[str], bookers: Collection[str], kept_apart: Iterable[tuple[str, str]]) -> bool:
    """Whether all who may book wish it, there are at least two of them, and no two of them must be kept apart."""
    everyone = set(bookers)
    return len(everyone) > 1 and everyone <= set(wishing) and not any(everyone >= set(pair) for pair in kept_apart)
