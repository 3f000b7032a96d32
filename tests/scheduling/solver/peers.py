"""What others do: first come, first served; and greedily, the fullest evening first. And everything there is, tried."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from services.scheduling.solver.plan import Cost, Talk
from services.scheduling.solver.problem import Problem, Wish
from tests.scheduling.solver.checker import Rules


def all_talks(problem: Problem, wish: Wish) -> list[Talk]:
    """Every talk that a wish could be, allowed or not."""
    found = []
    for desk in problem.desks:
        if (desk.staff or desk.id) == wish.staff:
            slots = sorted(desk.slots, key=lambda slot: slot.start)
            for first in range(len(slots) - wish.slots + 1):
                run = slots[first:first + wish.slots]
                found.append(Talk(wish.id, tuple(slot.id for slot in run), run[0].start, run[-1].end, desk.id))
    return found


class Sheet:
    """A timetable filled talk by talk, each allowed with those before it. What is pinned is there from the start."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.rules = problem, Rules(problem)
        self.talks: list[Talk] = []
        self.taken: set[str] = set()
        self.people: dict[str, list[Talk]] = defaultdict(list)
        self.users: dict[str, list[Talk]] = defaultdict(list)
        self.enemies = {one: [b if a == one else a for a, b in problem.apart if one in (a, b)]
                        for pair in problem.apart for one in pair}
        for wish in problem.wishes:
            for talk in all_talks(problem, wish):
                if wish.pinned == talk.slots[0]:
                    self.add(wish, talk)

    def choices(self, wish: Wish) -> list[Talk]:
        """What a wish alone may be, by time."""
        return sorted((talk for talk in all_talks(self.problem, wish) if not list(self.rules.alone(wish, talk))),
                      key=lambda talk: (talk.start, talk.desk))

    def persons(self, wish: Wish) -> list[str]:
        return [f"staff {wish.staff}", *(f"adult {adult}" for adult in self.rules.parties[wish.party].adults)]

    def allows(self, wish: Wish, talk: Talk) -> bool:
        """Whether a talk that may be alone may be with all others."""
        return (self.taken.isdisjoint(talk.slots)
                and all(self.rules.can_both(talk, other) for person in self.persons(wish)
                        for other in self.people[person])
                and all(self.rules.units_suffice(kind, [*self.users[kind], talk]) for kind in wish.needs)
                and not self._meets(wish, talk))

    def _meets(self, wish: Wish, talk: Talk) -> bool:
        adults = self.rules.parties[wish.party].adults
        if not any(self.enemies.get(adult) for adult in adults):
            return False
        some = [talk, *(other for adult in adults for other in self.people[f"adult {adult}"]),
                *(other for adult in adults for enemy in self.enemies.get(adult, ())
                  for other in self.people[f"adult {enemy}"])]
        return bool(list(self.rules.meetings(list(dict.fromkeys(some)))))

    def add(self, wish: Wish, talk: Talk) -> None:
        self.talks.append(talk)
        self.taken.update(talk.slots)
        for person in self.persons(wish):
            self.people[person].append(talk)
        for kind in wish.needs:
            self.users[kind].append(talk)

    def remove(self, wish: Wish) -> None:
        talk = self.talks.pop()
        self.taken.difference_update(talk.slots)
        for person in self.persons(wish):
            self.people[person].pop()
        for kind in wish.needs:
            self.users[kind].pop()


def try_everything(problem: Problem) -> tuple[Cost, int]:
    """The best cost of all timetables, and how many there were to look at."""
    sheet, seen = Sheet(problem), 0
    open_wishes = [(wish, sheet.choices(wish)) for wish in problem.wishes if not wish.pinned]
    best = sheet.rules.reckon(sheet.talks)

    def go(at: int) -> None:
        nonlocal best, seen
        if at == len(open_wishes):
            seen += 1
            best = min(best, sheet.rules.reckon(sheet.talks), key=lambda cost: cost.in_order(problem.order))
            return
        wish, choices = open_wishes[at]
        for talk in choices:
            if sheet.allows(wish, talk):
                sheet.add(wish, talk)
                go(at + 1)
                sheet.remove(wish)
        go(at + 1)

    go(0)
    return best, seen


def _by_party(problem: Problem) -> dict[str, list[Wish]]:
    found: dict[str, list[Wish]] = defaultdict(list)
    for wish in problem.wishes:
        if not wish.pinned:
            found[wish.party].append(wish)
    return found


def first_come(problem: Problem) -> list[Talk]:
    """Parties as they come, each wish by its rank the earliest time that is free for both: what booking sites do."""
    sheet = Sheet(problem)
    for wishes in _by_party(problem).values():
        for wish in sorted(wishes, key=lambda one: one.rank):
            talk = next((talk for talk in sheet.choices(wish) if sheet.allows(wish, talk)), None)
            if talk:
                sheet.add(wish, talk)
    return sheet.talks


def greedy(problem: Problem) -> list[Talk]:
    """Please-come first, then most wishes first; each party the shortest evening that is left."""
    sheet = Sheet(problem)
    parties = sorted(_by_party(problem).values(), key=lambda wishes: (
        -sum(wish.please_come for wish in wishes), -len(wishes)))
    for wishes in parties:
        for talk in _shortest(sheet, wishes):
            if sheet.allows(sheet.rules.wishes[talk.wish], talk):
                sheet.add(sheet.rules.wishes[talk.wish], talk)
    return sheet.talks


def _shortest(sheet: Sheet, wishes: Sequence[Wish]) -> list[Talk]:
    """From each time on, the scarcest wish first and each as early as it goes: the fullest, then shortest of these."""
    free = sorted(([talk for talk in sheet.choices(wish) if sheet.allows(wish, talk)] for wish in wishes), key=len)
    best: list[Talk] = []
    for start in sorted({talk.start for talks in free for talk in talks}):
        mine: list[Talk] = []
        for talks in free:
            found = next((talk for talk in talks if talk.start >= start
                          and all(sheet.rules.can_both(talk, other) for other in mine)), None)
            mine += [found] if found else []
        best = min(best, mine, key=lambda some: (-len(some), _length(some)))
    return best


def _length(talks: Sequence[Talk]) -> int:
    return max((talk.end for talk in talks), default=0) - min((talk.start for talk in talks), default=0)
