"""Pure decisions: what may be chosen, and when a day's letter goes out."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

AT_ONCE, DAILY, NONE = "at-once", "daily", "none"
CHOICES = (AT_ONCE, DAILY, NONE)
AS_IT_COMES, WEEKLY = "as-it-comes", "weekly"
GOOD_NEWS_CHOICES = (AS_IT_COMES, WEEKLY)
LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}(?!\n)$"
LONGEST_LANGUAGE = 20
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
DIGEST = time(18, 0)
FRIDAY, END_OF_WEEK = 4, time(15, 30)  # when the week's good news goes home


def next_digest(now: datetime, zone: ZoneInfo) -> datetime:
    """The next 18:00 of the school's own clock, whatever the clocks do in between."""
    local = now.astimezone(zone)
    due = datetime.combine(local.date(), DIGEST, zone)
    if due <= local:
        due = datetime.combine(local.date() + timedelta(days=1), DIGEST, zone)
    return due.astimezone(UTC)


def next_week_end(now: datetime, zone: ZoneInfo) -> datetime:
    """The next Friday, 15:30 of the school's own clock, whatever the clocks do in between."""
    local = now.astimezone(zone)
    friday = local.date() + timedelta(days=(FRIDAY - local.weekday()) % 7)
    due = datetime.combine(friday, END_OF_WEEK, zone)
    if due <= local:
        due = datetime.combine(friday + timedelta(days=7), END_OF_WEEK, zone)
    return due.astimezone(UTC)
