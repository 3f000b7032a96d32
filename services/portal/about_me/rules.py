"""What goes onto the one A4 page on paper: pure decisions on plain values.

Nothing is cut: what is printed is printed whole, in the largest of three sizes that has room for all. Where none has,
each part gets its first words before any gets its second, and the page says that there is more on screen.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MOST_PRINTED = 5  # of one part
LONGEST = 140
WIDE = frozenset("MWmw@%&©®")
AROUND = 36  # what a voice and a date take beside the words


@dataclass(frozen=True, slots=True)
class Size:
    """A size of print: letters of usual width in a line, and lines for words once every part has its heading."""

    name: str
    letters: int
    lines: int


SIZES = (Size("large", 66, 30), Size("middle", 76, 39), Size("small", 90, 50))


def width_of(letter: str) -> float:
    """How wide a letter may be at most, in usual letters."""
    if unicodedata.combining(letter):
        return 0
    if "\ufb50" <= letter <= "\ufdff":  # whole words in one sign
        return 14
    if letter.isspace() or (letter.isascii() and letter not in WIDE and not letter.isupper()):
        return 1
    name = unicodedata.name(letter, "")
    if letter.isalpha() and name.startswith(("LATIN", "GREEK", "CYRILLIC", "ARABIC", "HEBREW")):
        return 1.7 if letter.isupper() else 1.3
    return 1.7 if letter.isascii() else 2.6


def lines_of(words: str, letters: int) -> int:
    """The lines that words take at most, broken between words, or anywhere where one is longer than a line."""
    lines, used = 1, float(AROUND)
    for word in words.split():
        width = sum(map(width_of, word)) + 1
        if used + width <= letters:
            used += width
        elif width <= letters:
            lines, used = lines + 1, width
        else:
            lines, used = lines + 1 + int(width // letters), width % letters + 3
    return lines


def fit(parts: Mapping[str, Sequence[str]]) -> tuple[str, dict[str, int]]:
    """(name of the size, how many of each part's words to print)."""
    for size in SIZES[:-1]:
        found = _take(parts, size)
        if all(found[name] == len(words) for name, words in parts.items()):
            return size.name, found
    return SIZES[-1].name, _take(parts, SIZES[-1])


def _take(parts: Mapping[str, Sequence[str]], size: Size) -> dict[str, int]:
    left, taken, full = size.lines, dict.fromkeys(parts, 0), set[str]()
    for place in range(MOST_PRINTED):
        for name, words in parts.items():
            if place >= len(words) or name in full:
                continue
            needed = lines_of(words[place], size.letters)
            if needed > left:
                full.add(name)
                continue
            left, taken[name] = left - needed, place + 1
    return taken
