"""Pure decisions about a child's own pages: which words fit them."""

from __future__ import annotations

import re

YOUNG, OLDER = "young", "older"
LEVELS = (YOUNG, OLDER)
OLDER_FROM = 7  # the school year in which children move to longer words
MOST_WORDS, MOST_TOPIC = 2000, 200


def level_of(year_group: str | None) -> str:
    """Up to Year 6 the simpler words, from Year 7 on the longer; of a year we cannot read, the simpler do no harm."""
    number = re.search(r"\d+", year_group or "")
    return OLDER if number is not None and int(number.group()) >= OLDER_FROM else YOUNG


def faults_in_note(answers: dict[str, str], audiences: tuple[str, ...]) -> dict[str, str]:
    """What is missing in a note, as keys of words: by field."""
    words = answers.get("words", "")
    found = {}
    if not words.strip():
        found["words"] = "empty"
    elif len(words) > MOST_WORDS:
        found["words"] = "long"
    if answers.get("audience") not in audiences:
        found["audience"] = "choose"
    return found
