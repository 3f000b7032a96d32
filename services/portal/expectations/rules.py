"""The parts of a class page, in order, with how long each may be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

MOST = {"learning": 600, "expects": 400, "routines": 400, "help_one": 150, "help_two": 150, "help_three": 150,
        "dates": 300}
MAY_BE_EMPTY = frozenset({"dates"})


def faults_of(words: Mapping[str, str]) -> dict[str, int]:
    """What is empty (0) or longer than its limit (the limit), by field."""
    found = {}
    for name, limit in MOST.items():
        text = words.get(name, "")
        if not text.strip() and name not in MAY_BE_EMPTY:
            found[name] = 0
        elif len(text) > limit:
            found[name] = limit
    return found


def differs(mine: Mapping[str, str], theirs: Mapping[str, Any] | None) -> bool:
    """Whether there is something to keep."""
    return theirs is None or any(mine.get(name, "") != theirs.get(name, "") for name in MOST)
