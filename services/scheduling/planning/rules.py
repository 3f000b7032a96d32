"""When somebody can come, in whole minutes since an evening's start, and who counts as one family. Pure decisions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

APART = 16  # minutes around what somebody does whom an adult must not meet: more than 15 lie between them
Span = tuple[int, int]


def minutes_since(start: datetime, instant: datetime) -> int:
    """Whole minutes; what is not whole counts as the minute that has begun."""
    return int((instant - start).total_seconds() // 60)


def cut_out(spans: Iterable[Span], taken: Iterable[Span]) -> tuple[Span, ...]:
    """These spans without what is taken."""
    left = sorted(spans)
    for opens, closes in taken:
        left = [part for start, end in left for part in ((start, min(end, opens)), (max(start, closes), end))
                if part[0] < part[1]]
    return tuple(sorted(left))


def meet(times: Sequence[Sequence[Span]]) -> tuple[Span, ...]:
    """When all of them can come."""
    common = list(times[0]) if times else []
    for other in times[1:]:
        common = [(max(start, begins), min(end, ends)) for start, end in common for begins, ends in other
                  if max(start, begins) < min(end, ends)]
    return tuple(sorted(common))


def find_homes(parties: Iterable[Collection[str]]) -> Mapping[str, str]:
    """The home of each adult: those who come together somewhere are of one home, named after the first of them."""
    home: dict[str, str] = {}
    for party in parties:
        joined = {home.get(adult, adult) for adult in party} | set(party)
        first = min(joined)
        for adult in {*party, *(known for known, its in home.items() if its in joined)}:
            home[adult] = first
    return home


def list_enemies(adult: str, apart: Iterable[tuple[str, str]]) -> set[str]:
    """Whom this adult must not meet."""
    return {other for pair in apart if adult in pair for other in pair if other != adult}


def mean_wait(idle: int, homes: int) -> int:
    """Minutes that a family waits, on average, rounded to whole ones."""
    return round(idle / homes) if homes else 0


def pick_way(wanted: str | None, offered: Sequence[str], may_attend: bool) -> str:
    """How an adult comes: as they wish if that is offered to them, else the usual way; anybody can be rung."""
    ways = [way for way in offered if may_attend or way != "in-person"] or ["phone"]
    return wanted if wanted in ways else ways[0]
