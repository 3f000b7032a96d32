"""Which fields the forms of strategies have, how long each may be, and what is missing: plain values alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping

LIMITS = {"what": 1000, "why": 1000, "at_home": 500, "at_school": 500, "by_child": 500}
MOST_LINE, MOST_ENDING = 140, 300
WORDS = tuple(LIMITS)


def read_words(form: Mapping[str, str], *names: str) -> dict[str, str]:
    """What was written, as it was written but for the ends of lines, which a browser makes its own."""
    return {name: form.get(name, "").replace("\r\n", "\n") for name in names}


def too_long(words: Mapping[str, str], limits: Mapping[str, int]) -> list[str]:
    return [name for name, most in limits.items() if len(words.get(name, "")) > most]


def unchosen(form: Mapping[str, str], choices: Mapping[str, Collection[str]]) -> list[str]:
    """The questions to which none of their answers was given."""
    return [name for name, answers in choices.items() if form.get(name) not in answers]
