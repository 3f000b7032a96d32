"""Pure decisions about sending: how patient we are, and how the rights that a delivery needs are written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

EMAIL = "email"
NO_ADDRESS = "no address"
CLAIM = timedelta(seconds=60)
LAST_START = timedelta(seconds=20)  # nothing is begun when less than this is left of the claim
MAX_ATTEMPTS = 5
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one try went. 'queued' means again after `wait`; `is_untried` means that the try does not count."""

    delivery_id: str
    attempts: int
    state: str
    reason: str | None = None
    wait: timedelta = timedelta(0)
    is_untried: bool = False


def purpose_text(purposes: Sequence[str]) -> str:
    """The rights of which one is needed, as a column keeps them; none are asked of staff."""
    return ",".join(purposes)


def purposes_of(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()


def after_failure(delivery_id: str, attempts: int, reason: str) -> Outcome:
    """Try again, ever more patiently, until the last try has failed."""
    if attempts >= MAX_ATTEMPTS:
        return Outcome(delivery_id, attempts, "failed", reason)
    return Outcome(delivery_id, attempts, "queued", reason, WAITS[attempts - 1])
