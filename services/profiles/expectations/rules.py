"""Pure decisions about class pages."""

from __future__ import annotations

WORDS = ("learning", "expects", "routines", "help_one", "help_two", "help_three", "dates")
DUE_AFTER = 10  # school days: two weeks of the half-term


def state_of(version: int | None, published_version: int | None) -> str:
    """none | draft | published | changed: what stands of a page, for those who write it."""
    if version is None:
        return "none"
    if published_version is None:
        return "draft"
    return "published" if published_version == version else "changed"
