"""Pure decisions about sending: how patient we are, and how the rights that a delivery needs are written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

EMAIL = "email"
NO_ADDRESS = "no address"
UNWANTED = "unwanted"  # the reader wants no letters; the notice is in the portal
CLAIM = timedelta(seconds=60)
LAST_START = timedelta(seconds=20)  # nothing is begun when less than this is left of the claim
MAX_ATTEMPTS = 5
HOLD = timedelta(minutes=1)  # until a pair is looked at again of which we cannot say
# A calendar file belongs to one appointment; a call to the door and a warning must not wait for the evening.
ALONE = ("appointment-", "alert-", "colleague-", "review-booked", "review-cancelled", "meeting-booked",
         "meeting-cancelled")
AT_ONCE = ("itinerary-",)  # one letter for all children of a reader, with a calendar file, on no other day
GOOD_NEWS = "praise"  # the kind of which somebody may want a week's in one letter
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


def goes_alone(kind: str) -> bool:
    """Whether a notice of this kind has a letter to itself, at once."""
    return kind.startswith(ALONE)


def goes_at_once(kind: str) -> bool:
    """Whether it never waits for a day's letter."""
    return kind.startswith((*ALONE, *AT_ONCE))


def is_good_news(key: str) -> bool:
    """Whether what has this letter key is good news."""
    return key.startswith(f"{GOOD_NEWS}:")


def letter_key(kind: str, about_id: str, delivery_id: str) -> str:
    """What may share a letter has the same key: one thing about several children of a reader."""
    return delivery_id if goes_alone(kind) else f"{kind}:{about_id}"


@dataclass(frozen=True, slots=True)
class Part:
    """A delivery that is to be sent now, as far as it matters to which letter it belongs."""

    delivery_id: str
    recipient_id: str
    letter_key: str
    letter_id: str | None
    is_daily: bool
    is_weekly: bool = False

    @property
    def belongs_to(self) -> tuple[str, str]:
        """The reader and the letter. What was tried before stays in its letter, so that it can be recognised."""
        if self.letter_id is not None:
            return self.recipient_id, f"again {self.letter_id}"
        if self.is_weekly:
            return self.recipient_id, "week"
        if self.is_daily and self.letter_key != self.delivery_id and not self.letter_key.startswith(AT_ONCE):
            return self.recipient_id, "digest"
        return self.recipient_id, self.letter_key


def gather(parts: Sequence[Part]) -> dict[str, list[str]]:
    """The deliveries of each letter, by the letter's reference; never two readers in one."""
    groups: dict[tuple[str, str], list[Part]] = {}
    for part in parts:
        groups.setdefault(part.belongs_to, []).append(part)
    return {group[0].letter_id or min(part.delivery_id for part in group): [part.delivery_id for part in group]
            for group in groups.values()}
