"""Pure decisions: which rights let a guardian hear of which kind of thing, and what asks something of its reader."""

from __future__ import annotations

from collections.abc import Collection

PURPOSES: dict[str, tuple[str, ...]] = {
    "update-acknowledged": ("receive",),
    "praise": ("receive",),
    "evening-opened": ("book",),
    "appointment-booked": ("receive", "book"),
    "appointment-cancelled": ("receive", "book"),
    "consent-asked": ("consent",),
}
TOLD_TO_STAFF_ALONE = frozenset({"right_ended", "pupil_left"})
ASKING = frozenset({"evening-opened", "consent-asked"})
# What was taken back because of what an adult may hear of, and not because it is over, may be sent again.
RESENDABLE = frozenset({"right_ended", "pupil_left"})
TOLD, ON_ITS_WAY, NOT_REACHED = "told", "on-its-way", "not-reached"
# What the state of a notice's delivery says of its reader; whoever wants no letters has it in the portal.
REACHED = {"sent": TOLD, "unwanted": TOLD, "queued": ON_ITS_WAY, "claimed": ON_ITS_WAY}


def purposes_of(kind: str) -> tuple[str, ...]:
    """One of these rights is needed by a guardian who is told; an unknown kind needs what nobody has."""
    return PURPOSES.get(kind, ())


def refused_kinds(allowed: Collection[str]) -> list[str]:
    """The kinds that a guardian with these rights may no longer be told of."""
    return [kind for kind, purposes in PURPOSES.items() if not set(purposes) & set(allowed)]


def tells_guardian(cause: str) -> bool:
    """Whether the guardian hears of a cancelled appointment: one who lost the right to it is told nothing."""
    return cause not in TOLD_TO_STAFF_ALONE


def needs(kind: str, is_read: bool) -> bool:
    """Whether the notice still asks something of its reader."""
    return kind in ASKING and not is_read


def state_of_telling(is_read: bool, wants_none: bool, delivery: str | None) -> str:
    """Whether a notice has reached its reader, as staff may know."""
    return TOLD if is_read or wants_none else REACHED.get(delivery or "", NOT_REACHED)
