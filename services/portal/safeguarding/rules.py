"""What a form of this room must say: pure checks on plain values."""

from __future__ import annotations

from collections.abc import Mapping

CHILD_TOLD = ("told", "not-safe-to-wait")
LIMITS = {"why": 2000, "words": 5000, "system": 100, "reference": 200, "receipt": 2000}
OPTIONAL = frozenset({"receipt"})


def faults_of(answers: Mapping[str, str], *fields: str) -> dict[str, str]:
    """By field: 'missing' or 'long'."""
    found = {}
    for name in fields:
        if len(answers.get(name, "")) > LIMITS[name]:
            found[name] = "long"
        elif name not in OPTIONAL and not answers.get(name, "").strip():
            found[name] = "missing"
    return found
