"""The rule itself: pure decisions on plain values, with a reason for each.

Both parents are equal unless a restriction says otherwise. An unknown restriction means no right at all until somebody
has checked; unknown parental responsibility takes away consent alone; an unknown kind of relationship has what an
emergency contact has; an adult without a relationship has nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

RIGHTS = ("see", "receive", "reply", "book", "attend", "consent", "collect")
EVERYTHING = frozenset(RIGHTS)
EMERGENCY = frozenset({"collect"})

TRUST_DEFAULT: Mapping[str, frozenset[str]] = {
    "parent": EVERYTHING,
    "guardian": EVERYTHING,
    "step-parent": EVERYTHING,
    "foster carer": EVERYTHING,
    "kinship carer": EVERYTHING,
    "social worker": frozenset({"see", "receive", "reply", "book", "attend"}),
    "grandparent": frozenset({"attend", "collect"}),
    "relative": frozenset({"collect"}),
    "emergency contact": EMERGENCY,
}

REASONS = {
    "none": "This adult has no current relationship with the child.",
    "left": "The child has left the school.",
    "unknown": "Nobody has checked yet whether there is a restriction.",
    "restricted": "A restriction is in force.",
    "consent": "Parental responsibility has not been seen.",
    "kind": "An adult of this kind does not have this right in the trust's policy.",
    "policy": "The trust's policy gives this right to an adult of this kind.",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """What is known of one adult and one child."""

    kind: str = "parent"
    parental_responsibility: str = "unknown"
    file_restriction: str = "unknown"
    office_restriction: str | None = None
    is_current: bool = True
    pupil_is_current: bool = True


@dataclass(frozen=True, slots=True)
class Right:
    allowed: bool
    reason: str


def effective_restriction(pair: Pair) -> str:
    """'none', 'restricted' or 'unknown'.

    The office has checked what a file did not know; but when either says that there is a restriction, there is one.
    """
    words = {pair.file_restriction, pair.office_restriction or pair.file_restriction}
    if "restricted" in words:
        return "restricted"
    if pair.office_restriction is not None:
        return "none" if pair.office_restriction == "none" else "unknown"
    return "none" if pair.file_restriction == "none" else "unknown"


def rights_of(pair: Pair, policy: Mapping[str, frozenset[str]] = TRUST_DEFAULT) -> dict[str, Right]:
    """The seven rights of this adult for this child, each with its reason."""
    refusal = _refused_whole(pair)
    if refusal:
        return {right: Right(False, REASONS[refusal]) for right in RIGHTS}
    defaults = policy.get(pair.kind, EMERGENCY)
    found: dict[str, Right] = {}
    for right in RIGHTS:
        if right not in defaults:
            found[right] = Right(False, REASONS["kind"])
        elif right == "consent" and pair.parental_responsibility != "yes":
            found[right] = Right(False, REASONS["consent"])
        else:
            found[right] = Right(True, REASONS["policy"])
    return found


def _refused_whole(pair: Pair) -> str | None:
    if not pair.is_current:
        return "none"
    if not pair.pupil_is_current:
        return "left"
    restriction = effective_restriction(pair)
    return None if restriction == "none" else restriction


def windows_of(pair: Pair) -> dict[str, list[list[str | None]]]:
    """For each right, the windows of time in which it is allowed, as the state topic carries them."""
    return dict(zip(RIGHTS, _windows(pair), strict=True))


@lru_cache(maxsize=1024)
def _windows(pair: Pair) -> tuple[list[list[str | None]], ...]:
    """A school's thousand pairs are a few dozen kinds of pair."""
    rights = rights_of(pair)
    return tuple([[None, None]] if rights[name].allowed else [] for name in RIGHTS)
