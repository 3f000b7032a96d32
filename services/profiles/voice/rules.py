"""Pure decisions about what a child has written: how it stands, and which step may follow."""

from __future__ import annotations

from datetime import datetime

ALL, SCHOOL, ONLY_ME = "all", "school", "only-me"
NOT_YET, SHARED, TAKEN_BACK = "not-yet", "shared", "taken-back"
OWN = "own"
TOPICS = ("going-well", "friends", "lessons", "playtime", "what-helps", "something-hard", "home-and-school",
          "next-year", OWN)


def state_of(audience: str, withdrawn_at: datetime | None) -> str:
    """How a note stands for its author. What was passed on does not show here."""
    if audience != ONLY_ME:
        return SHARED
    return TAKEN_BACK if withdrawn_at is not None else NOT_YET


def refusal_to_change(audience: str) -> str:
    """Why its words cannot be changed now; nothing when they can."""
    return "" if audience == ONLY_ME else "You have shared this. Take it back first, then change it."


def refusal_to_share(audience: str, wanted: str) -> str:
    return "You have shared this with them already." if audience == wanted else ""


def refusal_to_withdraw(audience: str) -> str:
    return "Nobody else can see this, so there is nothing to take back." if audience == ONLY_ME else ""
