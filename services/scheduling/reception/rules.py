"""What two spoken names have in common, and how long a colleague is on the way."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache

CALL_AGAIN = timedelta(minutes=2)
UNSAID = ("Mn", "Cf")  # accents, and marks that take no room
# What keyboards and registers write differently, and nobody says differently.
_MARKS = str.maketrans({"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "‐": "-", "‑": "-", "–": "-",
                        "ø": "o", "ı": "i", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"})


@lru_cache(maxsize=65_536)  # the names of a school come again with every question
def fold(name: str) -> str:
    """A name without case, accents and odd spaces; two names that fold alike are said alike."""
    marked = name.casefold().translate(_MARKS)  # before a lone ´ is taken for a space and an accent
    plain = marked if marked.isascii() else _without_accents(marked)
    return " ".join(plain.split())


def _without_accents(name: str) -> str:
    """Compatible letters (of full width, ligatures) become plain ones; folded until nothing changes any more."""
    apart = unicodedata.normalize("NFKD", name)
    bare = "".join(letter for letter in apart if unicodedata.category(letter) not in UNSAID)
    again = bare.casefold().translate(_MARKS)
    return again if again.isascii() or again == name else _without_accents(again)


def find_only(said: str, people: Iterable[tuple[str, str, str]]) -> str | None:
    """The id of the one of (id, given, family) whose whole name was said; None for nobody, and for several."""
    wanted = fold(said)
    found = [person_id for person_id, given, family in people if fold(f"{given} {family}") == wanted]
    return found[0] if wanted and len(found) == 1 else None
