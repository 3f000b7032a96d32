"""What a child's answers amount to, and when a question closes: pure decisions on plain values.

Only the answers of adults who have the right now are counted. A yes beside a no is a disagreement, whichever came first
and however few were needed: it never passes for an agreement. A no without a yes is no agreement, whoever is silent.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

NEEDS = ("one", "all")
ANSWERS = ("yes", "no")
STATES = ("agreed", "not-agreed", "waiting", "disagreement", "nobody-can-answer")
LONGEST = timedelta(days=366)


def state_of(needs: str, holders: Collection[str], answers: Mapping[str, str]) -> str:
    """The state of one child's consent: `holders` may answer now, `answers` has what each adult said last.

    Needs that are not known (from a newer version) are taken as the stricter ones.
    """
    if not holders:
        return "nobody-can-answer"
    said = [answers[adult] for adult in holders if adult in answers]
    if not said:
        return "waiting"
    if "yes" not in said:
        return "not-agreed"
    if any(answer != "yes" for answer in said):
        return "disagreement"
    return "agreed" if needs == "one" or len(said) == len(holders) else "waiting"


def closing_instant(closes_on: date, zone: str) -> datetime:
    """The end of the closing day where the school is."""
    return datetime.combine(closes_on + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)


def fault_of_day(closes_on: date, now: datetime, zone: str) -> str | None:
    """What is wrong with a closing day, in words."""
    today = now.astimezone(ZoneInfo(zone)).date()
    if closes_on < today:
        return "Choose a day that has not passed."
    if closes_on - today > LONGEST:
        return "Choose a day within the next year."
    return None
