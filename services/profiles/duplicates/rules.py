"""Pure decisions about two entries that may be one adult."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True, slots=True)
class Entry:
    """As much of an adult as tells whether two are one."""

    id: str
    name: str
    email: str | None
    phone: str | None


def find_alike(entries: Iterable[Entry]) -> dict[tuple[str, str], list[str]]:
    """Pairs of ids (the smaller first) with what they share: 'name', 'email', 'phone'.

    A shared address or number alone is no sign: two adults of one home often have one. The name must be the same too.
    """
    by_name: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_name[fold(entry.name)].append(entry)
    found = {}
    for alike in by_name.values():
        for one, other in combinations(sorted(alike, key=lambda entry: entry.id), 2):
            found[one.id, other.id] = ["name", *_shared(one, other)]
    return found


def _shared(one: Entry, other: Entry) -> list[str]:
    shared = []
    if one.email and other.email and one.email.casefold() == other.email.casefold():
        shared.append("email")
    if one.phone and other.phone and _digits(one.phone) == _digits(other.phone):
        shared.append("phone")
    return shared


def fold(name: str) -> str:
    """A name without case, accents and double spaces."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode() or name
    return " ".join(plain.casefold().split())


def _digits(phone: str) -> str:
    """The last ten digits: +44 7700 900123 and 07700 900123 are one number."""
    return re.sub(r"\D", "", phone)[-10:]
