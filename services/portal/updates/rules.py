"""The questions of an update in their order, and when an answer will do."""

from __future__ import annotations

from collections.abc import Collection, Mapping

STEPS = ("what", "words", "who", "until")
ANSWERS = {"what": "kind", "words": "words", "who": "audience", "until": "until"}
MOST_WORDS = 2000
PROMISES = (4, 24, 48, 72, 120)


def next_step(answers: Mapping[str, str], after: str | None = None) -> str:
    """The first question that has no answer yet, or the check of all of them."""
    open_steps = [step for step in STEPS if not answers.get(ANSWERS[step])]
    return next((step for step in open_steps if step != after), "check")


def may_write(may: Mapping[str, bool]) -> bool:
    """Whether an adult with these rights about the child writes to school; what is not said is no hindrance."""
    return may.get("see", True) and may.get("reply", True)


def step_before(step: str) -> str | None:
    """The question that the way back leads to."""
    place = STEPS.index(step) if step in STEPS else len(STEPS)
    return STEPS[place - 1] if place else None


def will_do(step: str, answer: str, choices: Mapping[str, object]) -> bool:
    """Whether an answer can be kept."""
    if step == "words":
        return bool(answer.strip()) and len(answer) <= MOST_WORDS
    return answer in choices


def named_of(audience: str, ticked: Collection[str], team: Collection[str]) -> list[str]:
    """Whom the author has named, of those who can be; nobody unless they chose to name people."""
    return [one for one in ticked if one in team] if audience == "named" else []
