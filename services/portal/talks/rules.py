"""What the forms of talks must hold. Pure decisions on plain values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

MOST_ABOUT, MOST, LINE = 500, 1000, 300
NEW = "new"
STEPS = ("", "2", "3")  # what the fields of each next step end with
Answers = Mapping[str, str]


def read_day(answers: Answers, name: str) -> date | None:
    """The day of three fields, or None when there is no such day."""
    try:
        return date(*(int(answers.get(f"{name}-{part}", "")) for part in ("year", "month", "day")))
    except ValueError:
        return None


def day_fields(name: str, day: str) -> dict[str, str]:
    """A day as its three fields hold it."""
    year, month, on = day.split("-")
    return {f"{name}-day": str(int(on)), f"{name}-month": str(int(month)), f"{name}-year": year}


def faults_of_note(answers: Answers, today: date) -> dict[str, str]:
    """What is wrong with a note, by field: empty, long, day, past, doer or where."""
    found = {name: "long" for name in ("going_well", "worries") if len(answers.get(name, "")) > MOST}
    if not answers.get("going_well", "").strip():
        found["going_well"] = "empty"
    for number in STEPS:
        found |= _faults_of_step(answers, number, today)
    if not answers.get("where"):
        found["where"] = "where"
    if answers.get("where") == NEW and read_day(answers, "review") is None:
        found["review"] = "day"
    return found


def _faults_of_step(answers: Answers, number: str, today: date) -> dict[str, str]:
    """What is wrong with one next step; nothing with one that is left empty."""
    words, by = answers.get(f"step{number}", ""), read_day(answers, f"by{number}")
    if not words.strip():
        return {}
    found = {f"step{number}": "long"} if len(words) > LINE else {}
    if not answers.get(f"doer{number}"):
        found[f"doer{number}"] = "doer"
    if by is None or by < today:
        found[f"by{number}"] = "day" if by is None else "past"
    return found
