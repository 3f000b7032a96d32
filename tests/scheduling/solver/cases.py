"""Whole evenings of a school: 36 slots of five minutes, 3 to 8 wishes a family, and what makes them harder."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, replace

from services.scheduling.solver.problem import Desk, Elsewhere, Party, Problem, Resource, Slot, Wish

MINUTES = 5


@dataclass(frozen=True, slots=True)
class Case:
    """`keep`: how many wishes each teacher keeps, the best ranks first; 0 keeps all, more than there are places."""

    seed: int
    keep: int = 34
    families: int = 600
    teachers: int = 60
    slots: int = 36


def evening(case: Case) -> Problem:
    """The plain evening: every family can come at any time, each teacher sits in a room, nobody has to walk."""
    chance = random.Random(case.seed)
    asked: dict[int, list[tuple[int, float, int]]] = {teacher: [] for teacher in range(case.teachers)}
    for family in range(case.families):
        most = min(8, case.teachers)
        for rank, teacher in enumerate(chance.sample(range(case.teachers), chance.randint(min(3, most), most)), 1):
            asked[teacher].append((rank, chance.random(), family))
    wishes = [Wish(f"w{family}-{teacher}", f"f{family}", f"c{family}", f"t{teacher}", rank)
              for teacher, some in asked.items() for rank, _lot, family in sorted(some)[:case.keep or None]]
    chance.shuffle(wishes)
    desks = tuple(Desk(f"d{teacher}", slots_of(str(teacher), range(case.slots)), f"r{teacher}", "", f"t{teacher}")
                  for teacher in range(case.teachers))
    parties = tuple(Party(f"f{family}", (f"a{family}",), ((0, case.slots * MINUTES + 60),))
                    for family in range(case.families))
    return Problem(desks, parties, tuple(wishes))


def slots_of(desk: str, numbers: Iterable[int], length: int = MINUTES) -> tuple[Slot, ...]:
    return tuple(Slot(f"{desk}.{number}", number * length, (number + 1) * length) for number in numbers)


def with_late_arrivals(problem: Problem, seed: int) -> Problem:
    """A fifth of the families come an hour late, a fifth leave after two hours."""
    chance, parties = random.Random(seed), []
    for party in problem.parties:
        lot, end = chance.random(), party.free[0][1]
        free = ((60, end),) if lot < 0.2 else ((0, 120),) if lot < 0.4 else party.free
        parties.append(replace(party, free=free))
    return replace(problem, parties=tuple(parties))


def with_siblings(problem: Problem, seed: int) -> Problem:
    """A tenth of the families are expected for a quarter of an hour at another school, ten minutes away."""
    chance, parties = random.Random(seed), []
    for party in problem.parties:
        start = chance.randrange(6, 24) * MINUTES
        elsewhere = (Elsewhere(start, start + 15, "east"),) if chance.random() < 0.1 else ()
        parties.append(replace(party, elsewhere=elsewhere))
    return replace(problem, parties=tuple(parties), walk_site=10)


def with_walking(problem: Problem) -> Problem:
    """Five minutes from corridor to corridor: ten rooms of which six teachers each share one."""
    desks = tuple(replace(desk, room=f"corridor {number % 10}") for number, desk in enumerate(problem.desks))
    return replace(problem, desks=desks, walk_room=MINUTES, walk_site=max(problem.walk_site, MINUTES))


def with_breaks(problem: Problem, seed: int) -> Problem:
    """Each teacher rests for one slot, some time in the middle; the last wishes for one with no place left go."""
    chance, desks, wishes = random.Random(seed), [], list(problem.wishes)
    for desk in problem.desks:
        rest = chance.randrange(len(desk.slots) // 3, 2 * len(desk.slots) // 3)
        desks.append(replace(desk, slots=(*desk.slots[:rest], *desk.slots[rest + 1:])))
    for desk in desks:
        mine = sorted((wish for wish in wishes if wish.staff == desk.staff), key=lambda wish: (wish.rank, wish.id))
        for wish in mine[len(desk.slots):]:
            wishes.remove(wish)
    return replace(problem, desks=tuple(desks), wishes=tuple(wishes))


def with_two_homes(problem: Problem, seed: int) -> Problem:
    """A tenth of the families are two homes that come apart and share the wishes; half of those must not meet."""
    chance, parties, wishes, apart = random.Random(seed), [], list(problem.wishes), set()
    split = {party.id for party in problem.parties if chance.random() < 0.1}
    for number, party in enumerate(problem.parties):
        parties.append(party)
        if party.id in split:
            parties.append(replace(party, id=f"{party.id}+", adults=(f"{party.adults[0]}+",)))
            if number % 2:
                apart.add((party.adults[0], f"{party.adults[0]}+"))
    for at, wish in enumerate(wishes):
        if wish.party in split and chance.random() < 0.5:
            wishes[at] = replace(wish, party=f"{wish.party}+")
    return replace(problem, parties=tuple(parties), wishes=tuple(wishes), apart=frozenset(apart))


def with_interpreters(problem: Problem, seed: int) -> Problem:
    """Three families in a hundred need one of two interpreters, one in a hundred the only one for BSL."""
    chance, need = random.Random(seed), {}
    for party in problem.parties:
        lot = chance.random()
        need[party.id] = ("bsl",) if lot < 0.01 else ("interpreter:pl",) if lot < 0.04 else ()
    wishes = tuple(replace(wish, needs=need[wish.party]) for wish in problem.wishes)
    times = ((0, max(slot.end for desk in problem.desks for slot in desk.slots)),)
    return replace(problem, wishes=wishes, resources=(Resource("interpreter:pl", 2, times), Resource("bsl", 1, times)))


def everything(case: Case) -> Problem:
    """All of it at once, but for walking."""
    problem = with_interpreters(evening(case), case.seed)
    return with_two_homes(with_breaks(with_siblings(with_late_arrivals(problem, case.seed), case.seed), case.seed),
                          case.seed)
