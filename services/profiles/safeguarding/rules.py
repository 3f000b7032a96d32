"""When a matter counts as handed over, whether a lead has news of it, and when it is announced: plain decisions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

CHILD_TOLD = ("told", "not-safe-to-wait")
OF_THE_ENTRY = frozenset({"passed", "changed", "withdrawn", "shared"})
FROM_ELSEWHERE = OF_THE_ENTRY | {"added"}  # what does not come of a lead's own doing
HOUR = timedelta(hours=1)


def announced_at(now: datetime) -> datetime:
    """The next full hour: what is on the bus beside it says nothing of which entry it was."""
    return now.replace(minute=0, second=0, microsecond=0) + HOUR


def what_is_new(kept: Sequence[tuple[str, str]], words: str, is_taken_back: bool) -> str:
    """What a matter has yet to keep of its entry as it stands now; empty when it has all.

    `kept` is (what, words) of what it keeps of the entry, in order. While the author has taken it back, what they
    write there is theirs alone.
    """
    last, last_words = kept[-1]
    if is_taken_back:
        return "" if last == "withdrawn" else "withdrawn"
    if last == "withdrawn":
        return "shared"
    return "changed" if words != last_words else ""


def state_of(whats: Sequence[str]) -> str:
    """'handed' until something new comes from outside; `whats` are the entries of a matter in order."""
    for what in reversed(whats):
        if what == "handed":
            return "handed"
        if what in FROM_ELSEWHERE:
            return "open"
    return "open"


def has_news(entries: Sequence[tuple[str, datetime]], read_at: datetime | None) -> bool:
    """Whether something came from outside after this lead had last opened it."""
    return any(what in FROM_ELSEWHERE and (read_at is None or at > read_at) for what, at in entries)
