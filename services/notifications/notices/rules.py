"""Pure decisions: which rights let a guardian hear of which kind of thing, and what asks something of its reader."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

RECEIVE, BOOK, EITHER = ("receive",), ("book",), ("receive", "book")


@dataclass(frozen=True, slots=True)
class News:
    """How a fact of the partnership is told: which field names the thing, and which right a guardian needs.

    `keeps` are the dates and keys that the notice shows. What is quiet stands in the portal and brings no letter: a
    letter is for what asks something of its reader, or for what a person has written to them.
    """

    about: str
    rights: tuple[str, ...] = RECEIVE
    keeps: tuple[str, ...] = ()
    is_quiet: bool = False
    is_asking: bool = False


# By the notice's kind, which is the fact's name with a dash. Facts about safeguarding are told to nobody by us.
NEWS: dict[str, News] = {
    "partnership-opened": News("partnership_id", keeps=("review_on",), is_asking=True),
    "partnership-answered": News("partnership_id", keeps=("entry_id",)),
    "partnership-stepped": News("partnership_id", keeps=("entry_id",), is_quiet=True),
    "partnership-joined": News("partnership_id", keeps=("entry_id",), is_quiet=True),
    "partnership-reminded": News("partnership_id", is_asking=True),
    "partnership-overdue": News("partnership_id", rights=(), is_asking=True),
    "partnership-closed": News("partnership_id", keeps=("outcome",)),
    "partnership-thanked": News("partnership_id", is_quiet=True),
    "strategy-suggested": News("strategy_id", is_asking=True),
    "strategy-agreed": News("strategy_id"),
    "strategy-changed": News("strategy_id"),
    "strategy-ended": News("strategy_id", is_quiet=True),
    "agreement-published": News("agreement_id", is_asking=True),
    "aboutme-toread": News("pupil_id", rights=(), keeps=("version",), is_asking=True),
    "aboutme-reviewdue": News("pupil_id", rights=(), is_asking=True),
    "aboutme-changed": News("entry_id", is_quiet=True),
    "update-overdue": News("update_id", rights=(), is_asking=True),
    "note-shared": News("note_id", rights=()),
    "progress-written": News("progress_id"),
    "progress-replied": News("progress_id", rights=(), keeps=("entry_id",)),
    "expectation-published": News("expectation_id", keeps=("class_id",)),
    "praise-shared": News("praise_id", rights=(), keeps=("strength",)),
    "review-offered": News("review_id", rights=BOOK, keeps=("partnership_id",), is_asking=True),
    "review-booked": News("review_id", rights=EITHER, keeps=(
        "partnership_id", "starts_at", "ends_at", "sequence", "how", "link")),
    "review-cancelled": News("review_id", rights=EITHER, keeps=(
        "partnership_id", "starts_at", "ends_at", "sequence", "how")),
    "meeting-asked": News("meeting_id", rights=(), keeps=("asked_by",), is_asking=True),
    "meeting-offered": News("review_id", rights=BOOK, is_asking=True),
    "meeting-booked": News("review_id", rights=EITHER, keeps=("starts_at", "ends_at", "sequence", "how", "link")),
    "meeting-cancelled": News("review_id", rights=EITHER, keeps=("starts_at", "ends_at", "sequence", "how")),
    "wishes-reminded": News("evening_id", rights=BOOK, keeps=("on", "respond_by"), is_asking=True),
    "offer-made": News("offer_id", rights=BOOK, keeps=("starts_at", "expires_at"), is_asking=True),
    "offer-ended": News("offer_id", rights=BOOK, is_quiet=True),
    "checkin-proposed": News("checkin_id", rights=BOOK, keeps=("starts_at", "how"), is_asking=True),
    "talk-missed": News("evening_id", rights=EITHER, is_asking=True),
    "evening-thanked": News("evening_id", rights=EITHER),
    "checkin-declined": News("checkin_id", rights=(), is_quiet=True),
}
PURPOSES: dict[str, tuple[str, ...]] = {
    "update-acknowledged": ("receive",),
    "praise": ("receive",),
    "evening-opened": ("book",),
    "evening-cancelled": ("book",),
    "evening-moved": ("book",),
    "itinerary-planned": ("receive", "book"),
    "appointment-booked": ("receive", "book"),
    "appointment-cancelled": ("receive", "book"),
    "consent-asked": ("consent",),
    **{kind: news.rights for kind, news in NEWS.items() if news.rights},
}
TOLD_TO_STAFF_ALONE = frozenset({"right_ended", "pupil_left"})
ASKING = frozenset({"evening-opened", "evening-moved", "consent-asked",
                    *(kind for kind, news in NEWS.items() if news.is_asking)})
QUIET = frozenset(kind for kind, news in NEWS.items() if news.is_quiet)
# What was taken back because of what an adult may hear of, and not because it is over, may be sent again.
RESENDABLE = frozenset({"right_ended", "pupil_left"})
UNSAID = "entry_withdrawn"  # the cause of which no list says anything
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


def is_quiet(kind: str) -> bool:
    """Whether a notice stands in the portal alone, without a letter."""
    return kind in QUIET


def state_of_telling(has_it: bool, wants_none: bool, delivery: str | None) -> str:
    """Whether a notice has reached its reader, as staff may know; who has read it, or needs no letter, has it."""
    return TOLD if has_it or wants_none else REACHED.get(delivery or "", NOT_REACHED)
