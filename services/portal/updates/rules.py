"""The questions of an update in their order, and when an answer will do."""

from __future__ import annotations

from collections.abc import Mapping

STEPS = ("what", "words", "who", "until")
ANSWERS = {"what": "kind", "words": "words", "who": "audience", "until": "until"}
MOST_WORDS = 2000


def next_step(answers: Mapping[str, str], after: str | None = None) -> str:
    """The first question that has no answer yet, or the check of all of them."""
    open_steps = [step for step in STEPS if not answers.get(ANSWERS[step])]
    return next((step for step in open_steps if step != after), "check")


def step_before(step: str) -> str | None:
    """The question that the way back leads to."""
    place = STEPS.index(step) if step in STEPS else len(STEPS)
    return STEPS[place - 1] if place else None


def will_do(step: str, answer: str, choices: Mapping[str, object]) -> bool:
    """Whether an answer can be kept."""
    if step == "words":
        return bool(answer.strip()) and len(answer) <= MOST_WORDS
    return answer in choices
