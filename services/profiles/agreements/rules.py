"""Plain values of the agreement: who promises, how much, and the trust's own words to start from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

PROMISERS = ("school", "home", "child")
MOST_LINES, LONGEST_LINE = 12, 200
ANSWERS = ("agreed", "not-now")
AGREED = "agreed"
START: Mapping[str, Sequence[str]] = {
    "school": ("We will get to know your child, and tell you what goes well.",
               "We will tell you early when something worries us, and plan with you.",
               "We will answer you when we said we would.",
               "We will say clearly what we are learning, and how you can help."),
    "home": ("We will help our child to come to school each day, on time and rested.",
             "We will tell school when something changes that our child may feel.",
             "We will talk about school with our child, and about what goes well.",
             "We will speak with school early when something worries us."),
    "child": ("I will try my best, and ask for help when I need it.",
              "I will be kind to others, and tell an adult when something is wrong.",
              "I will look after my things and the things of others."),
}


def is_empty(text: Mapping[str, Sequence[str]]) -> bool:
    """Whether nobody promises anything in it."""
    return not any(text[name] for name in PROMISERS)
