"""Pure decisions about strategies: where one stands for whoever looks, which moves are refused and why, the chart.

Each adult at home agrees for themselves, so a strategy stands for each of them as they and school have said; what
another home has said changes nothing that they are shown. Staff and the child are told whether school and any home
are behind it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

KINDS = ("behaviour", "homework", "morning", "bedtime", "calm-down", "other")
WORDS = ("kind", "what", "why", "at_home", "at_school", "by_child")
HOWS = ("helped", "not-yet", "not-tried")
REASONS = ("worked", "did-not-suit", "other")
VOICES = ("home", "school", "child")
HOME, SCHOOL, CHILD = VOICES
SUGGESTED, AGREED, ENDED = "suggested", "agreed", "ended"
WEEKS = 6
REFUSED: Mapping[tuple[str, str], str] = {
    ("agree", ENDED): "This has ended, so it can't be agreed to. You can suggest it anew.",
    ("change", ENDED): "This has ended, so it can't be changed. You can suggest it anew.",
    ("keep", ENDED): "This has ended, so it can't be kept. You can suggest it anew.",
    ("end", ENDED): "This has ended already.",
    ("try", ENDED): "This has ended, so there is nothing more to note.",
    ("keep", SUGGESTED): "Home and school haven't both agreed to this yet, so it can't be kept.",
    ("try", SUGGESTED): "Home and school haven't both agreed to this yet, so nobody can say how it went.",
}
AGREED_ALREADY = "This was agreed to already."
NOT_THE_CHILDS = "You didn't suggest this, so you can't end it. Tell your teacher what you think of it."


@dataclass(frozen=True, slots=True)
class Side:
    """Who is behind which version, since when; or when they ended it for themselves."""

    voice: str
    person_id: str
    version: int
    agreed_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Whole:
    """A strategy and its sides. `for_homes`: homes may read it (what a child shares with school alone they may not)."""

    version: int
    is_ended: bool
    for_homes: bool
    sides: tuple[Side, ...]


def state_of(whole: Whole, adult_id: str | None) -> str:
    """Where it stands: for one adult at home, or (None) for staff and the child."""
    homes = _homes(whole, adult_id)
    live = [side for side in homes if side.ended_at is None]
    if whole.is_ended or (homes and not live and any(side.ended_at for side in homes)):
        return ENDED
    return AGREED if since(whole, adult_id) else SUGGESTED


def since(whole: Whole, adult_id: str | None) -> datetime | None:
    """When school and home had both agreed to what it says now; None while they have not."""
    behind = [side for side in whole.sides if side.version == whole.version and side.ended_at is None]
    school = [side.agreed_at for side in behind if side.voice == SCHOOL and side.agreed_at]
    homes = [side.agreed_at for side in behind if side in _homes(whole, adult_id) and side.agreed_at]
    if not school or (whole.for_homes and not homes):
        return None
    return max(school[0], min(homes)) if homes else school[0]


def _homes(whole: Whole, adult_id: str | None) -> list[Side]:
    return [side for side in whole.sides if side.voice == HOME and adult_id in (None, side.person_id)]


def refusal(move: str, state: str, is_behind: bool) -> str | None:
    """Why a move cannot be made now, in words; None when it can."""
    if move == "agree" and state != ENDED and is_behind:
        return AGREED_ALREADY
    return REFUSED.get((move, state))


def weeks_to(today: date) -> list[date]:
    """The Mondays of the last six weeks, this one last."""
    monday = today - timedelta(days=today.weekday())
    return [monday - timedelta(weeks=ago) for ago in reversed(range(WEEKS))]


def chart_of(weeks: Sequence[date], notes: Iterable[tuple[str, str, date]]) -> list[dict[str, object]]:
    """For each voice and week which words were said (voice, how, on): each once, and never how often."""
    said: dict[tuple[str, date], list[str]] = {}
    for voice, how, on in notes:
        cell = said.setdefault((voice, on - timedelta(days=on.weekday())), [])
        if how not in cell:
            cell.append(how)
    return [{"voice": voice, "weeks": [{"from_on": week, "hows": sorted(said.get((voice, week), []), key=HOWS.index)}
                                       for week in weeks]} for voice in VOICES]
