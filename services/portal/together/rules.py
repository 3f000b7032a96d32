"""The questions of a loop in their order, what each form must hold, and when words deserve a second reading."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

MOST, LINE = 2000, 300
STEPS = {"guardian": ("going-well", "worries", "support", "who", "review"),
         "staff": ("going-well", "worries", "support", "who", "review"), "pupil": ("going-well", "worries", "who")}
FIELDS = {"going-well": ("going_well",), "worries": ("worries",), "support": ("support",),
          "who": ("audience", "child"), "review": ("review-day", "review-month", "review-year")}
NEEDED = {"going_well", "audience", "child"}
HARSH = frozenset((
    "arse", "arsehole", "arseholes", "bastard", "bastards", "bitch", "bloody", "bollocks", "bullshit", "clueless",
    "crap", "cretin", "cunt", "dickhead", "disgraceful", "disgusting", "fuck", "fucked", "fucking", "idiot",
    "idiotic", "idiots", "imbecile", "incompetent", "incompetents", "lazy", "liar", "liars", "moron", "morons",
    "pathetic", "piss", "pissed", "prick", "ridiculous", "shit", "shite", "shitty", "stupid", "useless", "twat",
    "wanker", "wankers", "worthless"))
SHOUTED_WORDS = 3
ACTS = {  # by the last part of an address: (its texts with their limits, those that may not be empty)
    "answers": ({"going_well": MOST, "worries": MOST, "support": MOST}, ("going_well",)),
    "steps": ({"words": LINE}, ("words",)),
    "views": ({"words": MOST, "step": LINE}, ("words", "step")),
    "notes": ({"words": MOST}, ("words",)),
    "joiners": ({"words": LINE}, ("words",)),
    "close": ({"helped": MOST, "not_yet": MOST, "next": MOST}, ("helped", "not_yet")),
    "thanks": ({"words": LINE}, ("words",)),
}
MOVES = {"answers": ("answer", "change"), "steps": ("step",), "views": ("view",), "notes": ("note",),
         "joiners": ("join",), "close": ("close",), "thanks": ("thank",)}


def wants_a_pause(text: str) -> bool:
    """Whether a writer may like to read this once more: a harsh word, or three words shouted in a row.

    It is never a reason to keep anything back, and nobody but the writer hears of it.
    """
    words = re.findall(r"[^\W\d_]+", text)
    if any(word.lower() in HARSH for word in words):
        return True
    loud = 0
    for word in words:
        if len(word) < 2:
            continue
        loud = loud + 1 if len(word) > 2 and word.isupper() else 0
        if loud >= SHOUTED_WORDS:
            return True
    return False


def next_step(hat: str, answers: Mapping[str, str]) -> str:
    """The first question that has no answer yet, or the check of all of them; an answer may be empty words."""
    for step in STEPS[hat]:
        if any(field not in answers for field in needed_of(hat, step)):
            return step
    return "check"


def needed_of(hat: str, step: str) -> tuple[str, ...]:
    """The fields of a question, as each hat is asked it: staff share with every home, the child is in anyhow."""
    left_out = {"staff": {"audience"}, "pupil": {"child"}}.get(hat, set())
    return tuple(field for field in FIELDS[step] if field not in left_out)


def step_before(hat: str, step: str) -> str | None:
    """The question that the way back leads to."""
    steps = STEPS[hat]
    place = steps.index(step) if step in steps else len(steps)
    return steps[place - 1] if place else None


def faults_of(texts: Mapping[str, int], needed: tuple[str, ...], answers: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with words by their field: 'empty' or 'long'."""
    found = {name: "empty" for name in needed if not answers.get(name, "").strip()}
    return found | {name: "long" for name, most in texts.items() if len(answers.get(name, "")) > most}


def read_day(answers: Mapping[str, str], name: str) -> date | None:
    """The day of three fields, or None when there is no such day."""
    try:
        return date(*(int(answers.get(f"{name}-{part}", "")) for part in ("year", "month", "day")))
    except ValueError:
        return None


def day_fields(name: str, day: str) -> dict[str, str]:
    """A day as its three fields hold it."""
    year, month, on = day.split("-")
    return {f"{name}-day": str(int(on)), f"{name}-month": str(int(month)), f"{name}-year": year}
