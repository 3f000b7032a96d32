"""How long each part of a note may be, what is missing, and which child comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

MOST = {"strength": 300, "goes": 600, "next_step": 400, "at_home": 400}
MOST_ANSWER = 1000


def as_sent(text: str) -> str:
    """A text as it is kept: browsers end lines in two letters."""
    return text.replace("\r\n", "\n")


def faults_of(words: Mapping[str, str], most: Mapping[str, int]) -> dict[str, int]:
    """What is empty (0) or longer than its limit (the limit), by field."""
    found = {}
    for name, limit in most.items():
        text = words.get(name, "")
        if not text.strip():
            found[name] = 0
        elif len(text) > limit:
            found[name] = limit
    return found


def next_child(ids: Sequence[str], waiting: Sequence[str], done: str) -> str | None:
    """The child to write about after this one: the next in the list of whom nothing is written, round to its start."""
    place = ids.index(done) + 1 if done in ids else 0
    return next((one for one in (*ids[place:], *ids[:place]) if one in waiting and one != done), None)
