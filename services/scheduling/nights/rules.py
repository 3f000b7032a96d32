"""How an evening goes on: which talk is on, who is next, when each is likely to begin. Pure decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

SOON = timedelta(minutes=2)  # a quiet sign, so that a talk can be brought to its end kindly
FORGOTTEN = timedelta(minutes=30)  # when nothing was said for so long, the evening goes as it was agreed
EARLIEST = timedelta(hours=2)  # before the evening: from then on people arrive
LATEST = timedelta(hours=12)  # after it: until then things can be put right
MOST_LATE = 120  # minutes
LEAST_GROUP = 10  # families: of a smaller group a figure would speak of somebody
WAITING, ON, ENDED, MISSED = "waiting", "on", "ended", "missed"
STATE_WORDS = {WAITING: "has not begun", ON: "is on", ENDED: "has ended", MISSED: "was marked as missed"}


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk as it was agreed, and what became of it so far. `outcome` is '', 'held' or 'missed'."""

    id: str
    starts_at: datetime
    ends_at: datetime
    began_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str = ""

    @property
    def state(self) -> str:
        if self.outcome == MISSED:
            return MISSED
        if self.ended_at is not None:
            return ENDED
        return ON if self.began_at is not None else WAITING

    @property
    def length(self) -> timedelta:
        return self.ends_at - self.starts_at


@dataclass(frozen=True, slots=True)
class Said:
    """So many minutes late, as a teacher has said at an instant."""

    minutes: int = 0
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Likely:
    """When a talk is likely to begin and end, and what it is now."""

    state: str
    starts_at: datetime
    ends_at: datetime
    is_ending: bool = False

    def minutes_late(self, planned: datetime) -> int:
        return max(0, round((self.starts_at - planned).total_seconds() / 60))


def foresee(talks: Iterable[Talk], said: Said, now: datetime) -> dict[str, Likely]:
    """When each of one teacher's talks is likely to begin, by its id.

    What is late stays late until a pause takes it up: a talk begins when it was to begin, and not before the one
    ahead of it has ended. A talk that is on lasts until its time is over, and a minute more for each that it runs over.
    What a teacher says counts until a talk has begun or ended since: that says it better. Where nobody has said
    anything for half an hour, everything goes as it was agreed: a button that was forgotten makes nobody late.
    """
    found: dict[str, Likely] = {}
    ordered = sorted(talks, key=lambda talk: (talk.starts_at, talk.id))
    seen = [at for talk in ordered for at in (talk.began_at, talk.ended_at) if at is not None]
    is_newer = said.at is not None and all(said.at >= at for at in seen)
    signs = [*seen, *([said.at] if said.at is not None else [])]
    is_followed = bool(signs) and now - max(signs) <= FORGOTTEN
    late = timedelta(minutes=said.minutes) if is_newer and is_followed else timedelta(0)
    free_at: datetime | None = None
    for talk in ordered:
        likely = _foresee_one(talk, free_at, late, now if is_followed else None)
        found[talk.id] = Likely(likely.state, likely.starts_at, likely.ends_at,
                                likely.state == ON and talk.ends_at - SOON <= now)
        if likely.state in (WAITING, ON):
            free_at = likely.ends_at
    return found


def _foresee_one(talk: Talk, free_at: datetime | None, late: timedelta, now: datetime | None) -> Likely:
    """`now` is None while this teacher's evening is not followed by anybody: then it goes as it was agreed."""
    if talk.state in (ENDED, MISSED):
        began = talk.began_at or talk.starts_at
        return Likely(talk.state, began, talk.ended_at or talk.ends_at)
    if talk.began_at is not None:
        return Likely(ON, talk.began_at, max(talk.began_at + talk.length, now or talk.ends_at))
    starts = max(talk.starts_at + late, free_at or talk.starts_at)
    starts = max(starts, now) if now is not None else starts
    return Likely(WAITING, starts, starts + talk.length)


def find_next(talks: Sequence[Talk], likely: dict[str, Likely]) -> str | None:
    """The id of the talk that is to begin next."""
    ahead = sorted((likely[talk.id].starts_at, talk.starts_at, talk.id) for talk in talks
                   if likely[talk.id].state == WAITING)
    return ahead[0][2] if ahead else None


def may_show(families: int) -> bool:
    """Whether a group has so many families that a figure of it says nothing of one."""
    return families >= LEAST_GROUP


def choose_groups(sizes: Mapping[str, int], unnamed: int = 0) -> set[str]:
    """The groups of which figures may be shown beside those of the whole; `unnamed`: families in no group.

    What is left out must be enough families too: from the whole and the others it could be worked out.
    """
    shown = sorted((group for group, families in sizes.items() if may_show(families)), key=lambda one: sizes[one])
    hidden = unnamed + sum(families for group, families in sizes.items() if group not in shown)
    while shown and hidden and not may_show(hidden):
        hidden += sizes[shown.pop(0)]
    return set(shown)
