"""Pure decisions about the page: its sections in their order, whose words are whose, who may read what, and when."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

SECTIONS = ("strengths", "matters", "help", "home", "school", "avoid", "signs")  # strengths first, and for ever
LONGEST = 140  # letters of one entry: so that the page is one page
MOST_OWN = 8  # entries of one pen in one section
CHOICES = {"child": ("all", "school", "only-me"), "home": ("all", "school"), "school": ("all",)}
DECIDED = {"agreed": "agreed to", "kept-both": "kept beside the first words", "declined": "answered",
           "withdrawn": "taken back", "lapsed": "ended, because the words it was about are gone"}
MOST_CHASES = 2
BEFORE_LESSONS = time(7)
BEFORE_THE_END = timedelta(days=21)
SEAL_LASTS = timedelta(hours=1)
SUMMER = (6, 7, 8)
SCHOOL_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")


def owns(whose: tuple[str, str], caller: tuple[str, str]) -> bool:
    """Whether a (voice, person) may change what is signed so: school has one pen, at home each adult has their own."""
    return whose == caller or whose[0] == caller[0] == "school"


def may_remove(whose: tuple[str, str], caller: tuple[str, str]) -> bool:
    """Words whose writer is not here (they came from another school) are school's to take off when they are old."""
    return owns(whose, caller) or (not whose[1] and caller[0] == "school")


def narrower(*audiences: str) -> str:
    """The smaller of some audiences."""
    return next((name for name in ("only-me", "school") if name in audiences), "all")


def audience_of(voice: str, wanted: str | None, widest: str = "all") -> str | None:
    """The audience that an entry gets; None when its writer has not said one that they may choose."""
    if voice == "school":
        return widest
    return wanted if wanted in CHOICES[voice] and narrower(wanted or "", widest) == wanted else None


def may_travel(voice: str, audience: str, is_mine: bool) -> bool:
    """What goes to another school: what all read, what the one who agrees wrote, what the child told school."""
    return audience == "all" or (audience == "school" and (is_mine or voice == "child"))


def review_day(ends: Iterable[date], after: date) -> date:
    """The first day after `after` on which a summer term goes into its last weeks; 1 July where no term is known."""
    known = sorted(end - BEFORE_THE_END for end in ends if end.month in SUMMER)
    later = next((day for day in known if day > after), None)
    if later is not None:
        return later
    usual = date(after.year, 7, 1)
    return usual if usual > after else date(after.year + 1, 7, 1)


def before_lessons(day: date, zone: ZoneInfo) -> datetime:
    """The instant on a day when staff have not begun to teach."""
    return datetime.combine(day, BEFORE_LESSONS, zone).astimezone(UTC)


def seal_of(secret: str, page: Mapping[str, Any]) -> str:
    """The mark by which schools of one trust know what one of them gave out: names in order, instants in UTC."""
    said = json.dumps(page, sort_keys=True, separators=(",", ":"), default=_in_utc)
    return hmac.new(secret.encode(), said.encode(), "sha256").hexdigest()


def _in_utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


def lasts(sealed_at: datetime, now: datetime) -> bool:
    """Whether a seal still holds: a page is carried at once. Clocks of two places may differ a little."""
    return abs(now - sealed_at) <= SEAL_LASTS


def read_version(match: str | None) -> int | None:
    """The version that an If-Match header names; None when it names none."""
    found = re.fullmatch(r'(?:W/)?"(\d{1,9})"', (match or "").strip())
    return int(found.group(1)) if found else None


def etag_of(version: int) -> str:
    return f'"{version}"'
