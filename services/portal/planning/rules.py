"""What the forms about plans say: an order of aims, and what has happened. Pure decisions on plain values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

GRANTS = ("please-come", "rank", "fair")
TIMES = ("waits", "trip")
PLACES = ("first", "second", "third")
CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")
KINDS = {"ill": "staff_id", "flooded": "room", "changed": "block_id"}
TWICE, UNREAD, ORDER, WHICH, WHAT = "twice", "unread", "order", "which", "what"


def read_aims(answers: Mapping[str, str], errors: dict[str, str]) -> list[str]:
    """Most important first; an aim that stands twice is a fault."""
    grants = [answers.get(place, "") for place in PLACES]
    if sorted(grants) != sorted(GRANTS):
        errors["second"] = TWICE
    first = answers.get("times", TIMES[0])
    return [*grants, first, *(aim for aim in TIMES if aim != first)]


def aims_as_form(aims: Sequence[str]) -> dict[str, str]:
    """The same as a form shows it."""
    grants = [aim for aim in aims if aim in GRANTS]
    times = [aim for aim in aims if aim in TIMES]
    return {**dict(zip(PLACES, grants, strict=False)), "times": times[0] if times else TIMES[0]}


def read_cause(answers: Mapping[str, str], on: date, zone: ZoneInfo, errors: dict[str, str]) -> dict[str, Any]:
    """What scheduling is told has happened; times are of the school's clock on that day."""
    kind = answers.get("kind", "")
    if kind not in KINDS:
        errors["kind"] = WHAT
        return {}
    field = KINDS[kind]
    cause: dict[str, Any] = {"kind": kind, field: answers.get(field, "").strip()}
    if not cause[field]:
        errors[field] = WHICH
    instants = {}
    for name, key in (("from", "starts_at"), ("to", "ends_at")):
        written = answers.get(name, "").strip()
        found = CLOCK.fullmatch(written)
        if written and found is None:
            errors[name] = UNREAD
        elif found is not None:
            at = time(int(found[1]), int(found[2]))
            instants[key] = datetime.combine(on, at, zone).astimezone(UTC)
    if kind == "changed" and not instants and not {"from", "to"} & set(errors):
        errors["from"] = UNREAD
    if len(instants) == 2 and instants["ends_at"] <= instants["starts_at"]:
        errors["to"] = ORDER
    if kind == "flooded" and answers.get("to_room", "").strip():
        cause |= {"to_room": answers["to_room"].strip(), "to_step_free": answers.get("to_step_free") == "yes"}
    return {**cause, **{key: value.isoformat() for key, value in instants.items()}}


def cause_as_form(cause: Mapping[str, Any], zone: ZoneInfo) -> dict[str, str]:
    """What has happened as the form says it; times as the school's clock shows them."""
    said = {name: str(cause[name]) for name in ("kind", *KINDS.values(), "to_room") if cause.get(name)}
    return said | {name: f"{datetime.fromisoformat(cause[key]).astimezone(zone):%H:%M}"
                   for name, key in (("from", "starts_at"), ("to", "ends_at")) if cause.get(key)}
