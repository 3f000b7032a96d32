"""What is written in the forms of reviews, read. Pure decisions on plain values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

ROWS = 3  # times that can be written at once
WINDOWS = 2  # good hours in a day
WEEKDAYS = range(5)
CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]?([0-5]\d)(?::\d\d)?\Z")


class Unread(ValueError):
    """It cannot be read: `field` says where."""

    def __init__(self, field: str):
        super().__init__(field)
        self.field = field


def read_clock(text: str, field: str) -> str:
    """09:30, of what somebody wrote; empty of nothing."""
    if not text.strip():
        return ""
    found = CLOCK.match(text.strip())
    if found is None:
        raise Unread(field)
    return f"{int(found[1]):02d}:{found[2]}"


def read_date(answers: Mapping[str, str], name: str) -> date | None:
    """A day from its three fields; None of none."""
    parts = [answers.get(f"{name}-{part}", "").strip() for part in ("year", "month", "day")]
    if not any(parts):
        return None
    try:
        return date(*(int(part) for part in parts))
    except ValueError as error:
        raise Unread(name) from error


def read_moments(answers: Mapping[str, str], zone: ZoneInfo) -> list[str]:
    """The instants of the rows that are filled in."""
    found = []
    for row in range(ROWS):
        day, clock = read_date(answers, f"day{row}"), read_clock(answers.get(f"clock{row}", ""), f"clock{row}")
        if day is None and not clock:
            continue
        if day is None:
            raise Unread(f"day{row}")
        if not clock:
            raise Unread(f"clock{row}")
        found.append(datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC).isoformat())
    return found


def read_spans(answers: Mapping[str, str]) -> list[dict[str, str]]:
    """The days with from and to of the rows that are filled in."""
    found = []
    for row in range(ROWS):
        day = read_date(answers, f"day{row}")
        start, end = (read_clock(answers.get(f"{name}{row}", ""), f"{name}{row}") for name in ("from", "to"))
        if day is None and not start and not end:
            continue
        if day is None:
            raise Unread(f"day{row}")
        if not start or not end or start >= end:
            raise Unread(f"to{row}" if start else f"from{row}")
        found.append({"on": day.isoformat(), "from": start, "to": end})
    return found


def read_hours(answers: Mapping[str, str]) -> list[dict[str, int | str]]:
    """Good hours of a week, of the rows that are filled in."""
    found: list[dict[str, int | str]] = []
    for weekday in WEEKDAYS:
        for place in range(WINDOWS):
            name = f"{weekday}-{place}"
            start, end = (read_clock(answers.get(f"{part}-{name}", ""), f"{part}-{name}") for part in ("from", "to"))
            if not start and not end:
                continue
            if not start or not end or start >= end:
                raise Unread(f"to-{name}" if start else f"from-{name}")
            found.append({"weekday": weekday, "from": start, "to": end})
    return found


def hours_as_form(windows: list[Mapping[str, object]]) -> dict[str, str]:
    """What stands in the form's fields; what does not fit into a day's fields is left out."""
    answers: dict[str, str] = {}
    for weekday in WEEKDAYS:
        mine = [one for one in windows if one["weekday"] == weekday][:WINDOWS]
        for place, one in enumerate(mine):
            answers[f"from-{weekday}-{place}"], answers[f"to-{weekday}-{place}"] = str(one["from"]), str(one["to"])
    return answers
