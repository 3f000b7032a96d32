"""Pure decisions about an entry: what is wrong with it, and when it is in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

KINDS = ("no contact", "supervised", "information only", "interim", "prohibited steps", "no site",
         "address confidential", "other")
"""The kinds that the office may enter."""
SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Entered:
    """A restriction as somebody enters it. Dates are days of the school's own calendar; `until_on` is its last day."""

    kind: str
    takes: Sequence[str] = ()
    document: str | None = None
    reference: str | None = None
    seen_by: str | None = None
    seen_on: date | None = None
    starts_on: date | None = None
    until_on: date | None = None
    review_on: date | None = None


def find_faults(entered: Entered, today: date) -> dict[str, str]:
    """What is wrong, in plain words by field; {} when nothing is. Missing evidence is no fault: safety first."""
    faults: dict[str, str] = {}
    if entered.kind == "other" and not entered.takes:
        faults["/takes"] = "Choose what this restriction takes away."
    if entered.until_on and entered.starts_on and entered.until_on < entered.starts_on:
        faults["/until_on"] = "The last day is before the first day."
    elif entered.until_on and entered.until_on < today:
        faults["/until_on"] = "The last day has gone by."
    if entered.review_on and entered.review_on < today:
        faults["/review_on"] = "The day to look at it again has gone by."
    if entered.seen_on and entered.seen_on > today:
        faults["/seen_on"] = "The day on which it was seen is still to come."
    return faults


def in_force(starts_on: date | None, until_on: date | None, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    """From the first midnight of the first day to the midnight that ends the last, by the school's clock."""
    return (None if starts_on is None else _midnight(starts_on, zone),
            None if until_on is None else _midnight(until_on + timedelta(days=1), zone))


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
