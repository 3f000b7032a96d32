"""What is written in the forms of check-ins, read. Pure decisions on plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

WEEKDAYS = range(5)
PARTS: Mapping[str, tuple[str, str]] = {
    "before": ("08:00", "09:00"), "day": ("09:00", "15:00"), "after": ("15:00", "17:00")}
NUMBERS: Mapping[str, tuple[int, int]] = {"usual": (1, 6), "closer": (1, 6), "reviews": (1, 12), "most_a_day": (1, 10)}
LONGEST_NOTE = 280


def windows_of(ticked: Iterable[str]) -> list[dict[str, int | str]]:
    """The times of the week of the boxes (such as '1-after') that are ticked; what is no box of ours is left out."""
    known = set(ticked)
    return [{"weekday": weekday, "from": start, "to": end} for weekday in WEEKDAYS
            for part, (start, end) in PARTS.items() if f"{weekday}-{part}" in known]


def boxes_of(windows: Iterable[Mapping[str, Any]]) -> list[str]:
    """The boxes that stand for these times of the week."""
    names = {times: part for part, times in PARTS.items()}
    return [f"{one['weekday']}-{names[one['from'], one['to']]}" for one in windows if (one["from"], one["to"]) in names]


def read_at(answers: Mapping[str, str], zone: ZoneInfo) -> str | None:
    """The instant of a day's three fields and a time; None when there is none such."""
    try:
        day = date(*(int(answers.get(f"day-{part}", "")) for part in ("year", "month", "day")))
        clock = time.fromisoformat(answers.get("clock", "").strip().replace(".", ":").rjust(5, "0"))
    except ValueError:
        return None
    return datetime.combine(day, clock, zone).astimezone(UTC).isoformat()


def read_numbers(answers: Mapping[str, str]) -> tuple[dict[str, int], list[str]]:
    """The numbers of a school's wish, and the fields that hold none that will do."""
    found, wrong = dict[str, int](), list[str]()
    for name, (least, most) in NUMBERS.items():
        text = answers.get(name, "").strip()
        if text.isascii() and text.isdigit() and len(text) < 4 and least <= int(text) <= most:
            found[name] = int(text)
        else:
            wrong.append(name)
    return found, wrong
