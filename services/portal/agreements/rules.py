"""The lines of the agreement's form, and what is too much of them: plain values alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

PROMISERS = ("school", "home", "child")
MOST_LINES, LONGEST_LINE, MOST_WORDS = 12, 200, 500


def read_lines(form: Mapping[str, str]) -> dict[str, list[str]]:
    """What each promises: one promise a line, empty lines left out."""
    return {name: [line.strip() for line in form.get(name, "").splitlines() if line.strip()] for name in PROMISERS}


def as_form(text: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The promises as the form's fields show them."""
    return {name: "\n".join(text[name]) for name in PROMISERS}


def too_much(text: Mapping[str, Sequence[str]]) -> list[str]:
    """Whose promises are too many, or one of them too long."""
    return [name for name, lines in text.items()
            if len(lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in lines)]
