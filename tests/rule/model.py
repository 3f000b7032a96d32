"""The rule as a plain dictionary of timelines, written anew from the design: it shares no code with the services."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import datetime

RIGHTS = frozenset({"see", "receive", "reply", "book", "attend", "consent", "collect"})
DEFAULTS: dict[str, frozenset[str]] = {
    "parent": RIGHTS, "grandparent": frozenset({"attend", "collect"}),
    "social worker": frozenset({"see", "receive", "reply", "book", "attend"}), "other": frozenset({"collect"}),
}
TAKES: dict[str, frozenset[str]] = {
    "no contact": RIGHTS, "interim": RIGHTS, "roster flag": RIGHTS, "supervised": frozenset({"attend", "collect"}),
    "information only": RIGHTS - {"see", "receive"}, "other": frozenset(), "address confidential": frozenset(),
}
Place = tuple[str, str]


@dataclass
class Taken:
    """One restriction: what it takes, and from when until when."""

    id: str
    takes: frozenset[str]
    starts: datetime | None
    ends: datetime | None
    asked_by: str | None = None


@dataclass
class Known:
    """What is known of one pair."""

    kind: str
    responsibility: str
    word: str  # the file's last word about restrictions
    file: tuple[str, str, str]  # kind, responsibility and restriction as the last file said them
    is_checked: bool = False
    restrictions: list[Taken] = field(default_factory=list)


@dataclass
class Model:
    """Everything that decides rights, as it is known at one moment."""

    pairs: dict[Place, Known] = field(default_factory=dict)
    policies: list[tuple[dict[str, frozenset[str]], datetime]] = field(default_factory=list)

    def copy(self) -> Model:
        return copy.deepcopy(self)

    def allowed(self, place: Place, at: datetime) -> frozenset[str]:
        """What this adult may do for this child at an instant, as far as this moment knows."""
        pair = self.pairs.get(place)
        if pair is None or (pair.word == "unknown" and not pair.is_checked):
            return frozenset()
        begun = [overrides for overrides, starts in self.policies if starts <= at]
        given = (begun[-1] if begun else {}).get(pair.kind, DEFAULTS[pair.kind])
        if pair.responsibility != "yes":
            given = given - {"consent"}
        for one in pair.restrictions:
            if (one.starts is None or one.starts <= at) and (one.ends is None or at < one.ends):
                given = given - one.takes
        return frozenset(given)

    def take_file(self, place: Place, said: tuple[str, str, str]) -> None:
        """A roster's words about a pair: what is new in them counts, and nothing that was strict is loosened."""
        kind, responsibility, word = said
        pair = self.pairs.get(place)
        if pair is None:
            pair = self.pairs[place] = Known(kind, responsibility, word, said)
            if word == "restricted":
                pair.restrictions.append(Taken("", TAKES["roster flag"], None, None))
            return
        if word == "restricted" and pair.word != "restricted":
            pair.restrictions.append(Taken("", TAKES["roster flag"], None, None))
        if pair.word == "restricted":
            word = "restricted"
        if pair.file[0] != kind:
            pair.kind = kind
        if pair.file[1] != responsibility:
            pair.responsibility = responsibility
        pair.word = word
        pair.file = (kind, responsibility, word)
