"""What comes out of the solver: talks with their times, what was not met, and what the whole costs."""

from __future__ import annotations

from dataclasses import dataclass

from services.scheduling.solver.problem import Aim, in_order


@dataclass(frozen=True, slots=True)
class Talk:
    """A wish that is met. `slots`: the ids of one desk's slots that it takes, in order."""

    wish: str
    slots: tuple[str, ...]
    start: int
    end: int
    desk: str


@dataclass(frozen=True, slots=True)
class Cost:
    """What a plan costs; 0 everywhere is a perfect evening.

    `unmet` weighs wishes by rank; `unfairness` weighs what each family lacks, its first talks most. `idle`: minutes
    that families wait between their first and last talk beyond walking, `worst_wait` the most of one family, `burden`
    what they weigh: a long wait more than its minutes. `trips`: appointments elsewhere with more than half an hour
    beyond the way to the nearest talk; `away`: those minutes, summed over all appointments elsewhere.
    """

    unmet_please_come: int = 0
    unmet: int = 0
    unfairness: int = 0
    burden: int = 0
    idle: int = 0
    worst_wait: int = 0
    trips: int = 0
    away: int = 0

    def in_order(self, order: tuple[Aim, ...]) -> tuple[int, ...]:
        """What is compared, the aims of a problem in their order: the smaller is the better plan."""
        parts: dict[Aim, tuple[int, ...]] = {
            "please-come": (self.unmet_please_come,), "rank": (self.unmet,), "fair": (self.unfairness,),
            "waits": (self.burden, self.worst_wait), "trip": (self.trips, self.away)}
        return tuple(value for aim in in_order(order) for value in parts[aim])


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search is, told now and then. Families wait for no more minutes than the `burden`."""

    rounds: int
    seconds: float
    unmet: int
    burden: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole timetable. `is_best`: nothing better exists, for the bound is reached."""

    talks: tuple[Talk, ...]
    unmet: tuple[str, ...]
    cost: Cost
    rounds: int
    seconds: float
    seed: int
    is_best: bool
