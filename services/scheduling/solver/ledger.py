"""Who is met, as the aims see it: what it is worth when some wishes come in and others go out."""

from __future__ import annotations

from collections.abc import Iterable

from services.scheduling.solver.grants import family_of
from services.scheduling.solver.problem import GRANTS, first_talks_weight, in_order, rank_weight
from services.scheduling.solver.table import NOWHERE, Table


class Ledger:
    """`total`: please-come, rank and fairness not met, in the problem's order; the smaller the better."""

    def __init__(self, table: Table, lies: list[int]) -> None:
        wishes = table.problem.wishes
        self.family = [family_of(table, wish) for wish in range(len(wishes))]
        self.aims = [aim for aim in in_order(table.problem.order) if aim in GRANTS]
        self.worth = [{"please-come": int(wish.please_come), "rank": rank_weight(wish)} for wish in wishes]
        self.met: dict[str, int] = {}
        for wish, place in enumerate(lies):
            self.met[self.family[wish]] = self.met.get(self.family[wish], 0) + (place != NOWHERE)

    def change(self, comes: Iterable[int], goes: Iterable[int]) -> tuple[int, ...]:
        """By how much each aim would be worse (negative: better)."""
        found = dict.fromkeys(self.aims, 0)
        met: dict[str, int] = {}
        for wishes, sign in ((comes, -1), (goes, 1)):
            for wish in wishes:
                home = self.family[wish]
                count = met.setdefault(home, self.met[home])
                found["fair"] += sign * first_talks_weight(count + 1 if sign < 0 else count)
                met[home] = count - sign
                for aim, worth in self.worth[wish].items():
                    found[aim] += sign * worth
        return tuple(found[aim] for aim in self.aims)

    def note(self, comes: Iterable[int], goes: Iterable[int]) -> None:
        """The change is made."""
        for wish in comes:
            self.met[self.family[wish]] += 1
        for wish in goes:
            self.met[self.family[wish]] -= 1
