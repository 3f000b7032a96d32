"""The search: talks of families that wait move next to their other talks, and a little worse is sometimes accepted."""

from __future__ import annotations

import math
import random
from itertools import pairwise

from services.scheduling.solver.admit import Admission, admit, list_hoping
from services.scheduling.solver.board import IMPOSSIBLE, Board
from services.scheduling.solver.bounds import Floors
from services.scheduling.solver.build import by_need
from services.scheduling.solver.chains import carry_out, find_chain, gain_of, put_back
from services.scheduling.solver.itinerary import find_itinerary, lay
from services.scheduling.solver.ledger import Ledger
from services.scheduling.solver.plan import Progress
from services.scheduling.solver.table import NOWHERE, Table

HOT = 3.0  # minutes of waiting that are as good as accepted at the start, for each phase
SHIFT = 0.1  # how many of the steps close a wait by moving all talks of one side of it
ADMIT = 0.15  # how many of the steps try to get somebody in, while somebody hopes and it works
LEAST_LUCK = 0.1  # the part of those that is left when it does not
AFRESH, FEW = 0.2, 60  # of all steps for each wish: lays whole evenings anew; and the steps of looking for each
SELDOM = 0.1  # how often a household is looked at that lacks nothing but the lesser of waits and trips
LOOK_AGAIN = 20_000  # steps until it is asked anew who may hope

Step = tuple[int, dict[int, int], dict[int, int]]  # what it gains, the places it changes, the costs it changes


class Wander:
    """A walk from timetable to timetable; `kept` is the best that it came by."""

    def __init__(self, board: Board, chance: random.Random) -> None:
        self.board, self.chance, self.rounds = board, chance, 0
        self.ledger, self.floors = Ledger(board.table, board.lies), Floors(board.table)
        self.afresh, self.hot = AFRESH / max(1, len(board.lies)), HOT * board.table.phases * board.wait_weight
        self.luck, self.least = 1.0, max(board.wait_weight, board.trip_weight)
        self.total = sum(board.costs)
        self.kept, self.kept_total = list(board.lies), self.total
        self.floor = [self._floor(house) for house in range(len(board.talks))]
        self.waiting = [house for house, cost in enumerate(board.costs) if cost > self.floor[house]]
        self.hoping = list_hoping(board, self.ledger)

    @property
    def is_done(self) -> bool:
        """Whether nobody waits longer than must be, and nobody more can hope."""
        return not self.waiting and not self.hoping

    def tell(self, seconds: float) -> Progress:
        """How far it is."""
        return Progress(self.rounds, seconds, self.kept.count(NOWHERE), self.board.burden_in(self.kept_total))

    def go(self, rounds: int, spent: float) -> None:
        """Try so many steps; `spent` is the part of the budget that is gone, 0 to 1: less and less worse is taken."""
        heat, random = self.hot * max(0.0, 1 - spent), self.chance.random
        for _round in range(rounds):
            self.rounds += 1
            if not self.rounds % LOOK_AGAIN:
                self.hoping = list_hoping(self.board, self.ledger)
            if self.hoping and (not self.waiting or random() < ADMIT * self.luck):
                self._get_in(self.hoping[int(random() * len(self.hoping))])
            elif self.waiting:
                house = self._pick()
                lot = random()
                if house == NOWHERE:
                    continue
                if lot < self.afresh:
                    self._afresh(house)
                else:
                    step = self._shift if lot < self.afresh + SHIFT else self._step
                    step(house, math.log(1 - random()) * heat)
            else:
                return

    def widen(self, table: Table) -> None:
        """Look at all places of a table from now on, after one with fewer."""
        self.board.table = table
        self.hoping = list_hoping(self.board, self.ledger)

    # Shorter waits.

    def _pick(self) -> int:
        """A household that waits; households that no longer do are dropped as they are met."""
        at = int(self.chance.random() * len(self.waiting))
        house = self.waiting[at]
        more = self.board.costs[house] - self.floor[house]
        if more > 0:
            return house if more >= self.least or self.chance.random() < SELDOM else NOWHERE
        self.waiting[at] = self.waiting[-1]
        self.waiting.pop()
        return NOWHERE

    def _step(self, house: int, least: float) -> None:
        """Move one talk of a household next to another of its talks, if the whole saves at least this much."""
        board, table, random = self.board, self.board.table, self.chance.random
        talks = board.talks[house]
        wish, other = talks[int(random() * len(talks))], talks[int(random() * len(talks))]
        if table.pinned[wish] != NOWHERE:
            return
        near = table.beside(wish, board.lies[other]) if wish != other else table.choices[wish]
        place = near[int(random() * len(near))] if near else NOWHERE
        if place not in table.may[wish] or place == board.lies[wish]:
            return
        own = board.cost_with(house, wish, place)
        if own - board.costs[house] > -least:
            return
        found = self._swap(house, wish, place, own) or self._chain(wish, place)
        if found is not None and found[0] >= least and carry_out(board, found[1], found[2]):
            self._count(found[0], found[2])

    def _shift(self, house: int, least: float) -> None:
        """Move all talks before or after a wait of a household by that wait, if the whole saves at least this much.

        Talks that are close for a reason, such as two in one room, stay so: moved one by one they would first have to
        part.
        """
        board, table, random = self.board, self.board.table, self.chance.random
        talks = sorted(board.talks[house], key=board.lies.__getitem__)
        at = [board.lies[wish] for wish in talks]
        waits = [(number, wait) for number, (one, other) in enumerate(pairwise(at), 1)
                 if (wait := table.start[other] - table.end[one] - table.walked(one, other))]
        if not waits or not table.houses[house].plain:
            return
        number, wait = waits[int(random() * len(waits))]
        part, by = (talks[number:], -wait) if random() < 0.5 else (talks[:number], wait)
        wanted = {wish: table.at(wish, table.start[board.lies[wish]] + by) for wish in part}
        if any(place not in table.may[wish] or table.pinned[wish] != NOWHERE or table.touchy[wish]
               for wish, place in wanted.items()):
            return
        moved = find_chain(board, wanted, self._any_place)
        gain, new = gain_of(board, moved) if moved is not None else (-IMPOSSIBLE, {})
        if moved is not None and gain >= least and carry_out(board, moved, new):
            self._count(gain, new)

    def _afresh(self, house: int) -> None:
        """Lay the evenings of a household that waits and of one in its way anew, one after the other."""
        board, table, chance = self.board, self.board.table, self.chance
        wish = chance.choice(board.talks[house])
        holder = board.taken[table.slots[chance.choice(table.choices[wish])][0]]
        houses = list(dict.fromkeys((house, table.house[holder] if holder != NOWHERE else house)))
        before = {one: board.lies[one] for each in houses for one in board.talks[each]
                  if table.pinned[one] == NOWHERE}
        costs = {each: board.costs[each] for each in houses}
        for one in before:
            board.take(one)
        for each in houses:
            board.settle(each)
        for wishes in sorted(by_need(table, before), key=lambda some: table.house[some[0]] != house):
            lay(board, find_itinerary(board, wishes, FEW))
        gain = sum(costs.values()) - sum(board.costs[each] for each in houses)
        if gain >= 0 and all(board.lies[one] != NOWHERE for one in before):
            self._count(gain, {each: board.costs[each] for each in houses})
            return
        put_back(board, before)
        for each, cost in costs.items():
            board.costs[each] = cost

    def _swap(self, house: int, wish: int, place: int, own: int) -> Step | None:
        """The frequent case, reckoned by itself: the place is free, or its holder can come to where the wish was."""
        board, table = self.board, self.board.table
        if len(table.slots[place]) > 1 or table.needs[wish]:
            return None
        holder, old = board.taken[table.slots[place][0]], board.lies[wish]
        gain = board.costs[house] - own
        if holder == NOWHERE:
            return gain, {wish: place}, {house: own}
        other = table.house[holder]
        if other == house or old not in table.may[holder] or table.pinned[holder] != NOWHERE or table.needs[holder]:
            return None
        theirs = board.cost_with(other, holder, old)
        if theirs >= IMPOSSIBLE:
            return None
        return gain + board.costs[other] - theirs, {wish: place, holder: old}, {house: own, other: theirs}

    def _chain(self, wish: int, place: int) -> Step | None:
        moved = find_chain(self.board, {wish: place}, self._any_place)
        if moved is None:
            return None
        gain, new = gain_of(self.board, moved)
        return gain, moved, new

    def _count(self, gain: int, new: dict[int, int]) -> None:
        self.total -= gain
        self.waiting.extend(house for house, cost in new.items() if cost > self.floor[house])
        if self.total < self.kept_total:
            self.kept_total, self.kept = self.total, list(self.board.lies)

    def _any_place(self, wish: int) -> int:
        choices = self.board.table.choices[wish]
        return choices[int(self.chance.random() * len(choices))]

    # More talks.

    def _get_in(self, wish: int) -> None:
        """Try to meet one more wish, for now at any place that it may have."""
        if self.board.lies[wish] != NOWHERE:
            return
        done = (self._chain_in(wish) if self.chance.random() < 0.5
                else admit(self.board, self.ledger, wish, self._any_place(wish), self._also(wish)))
        if done is None:
            self.luck = max(LEAST_LUCK, self.luck * 0.98)
            return
        self.luck = min(1.0, 2 * self.luck) if done.change < (0,) * len(done.change) else self.luck
        self.ledger.note((wish,), done.goes)
        for house in done.houses:
            self.floor[house] = self._floor(house)
        if done.change < (0,) * len(done.change):
            self.kept_total = self.total - done.gain + 1
        self._count(done.gain, {house: self.board.costs[house] for house in done.houses})
        self.hoping = [one for one in self.hoping if self.board.lies[one] == NOWHERE] + done.goes

    def _also(self, wish: int) -> list[int]:
        """None, one or all of the talks of a wish's household: those that are laid anew with it."""
        talks, lot = self.board.talks[self.board.table.house[wish]], self.chance.random()
        return [] if lot < 1 / 3 or not talks else [self.chance.choice(talks)] if lot < 2 / 3 else list(talks)

    def _chain_in(self, wish: int) -> Admission | None:
        """Lay a wish where a place is free or held by a lesser loss; its household's talks then go on by a chain."""
        board, places = self.board, self._places_for(wish)
        if not places:
            return None
        place, goes = places[int(self.chance.random() * len(places))]
        moved = find_chain(board, {wish: place} | dict.fromkeys(goes, NOWHERE), self._any_place)
        if moved is None:
            return None
        gain, new = gain_of(board, moved)
        if max(new.values()) >= IMPOSSIBLE or not carry_out(board, moved, new):
            return None
        return Admission(wish, goes, set(new), gain, self.ledger.change((wish,), goes))

    def _places_for(self, wish: int) -> list[tuple[int, list[int]]]:
        """Free places of a wish; without any, those whose one holder would lose less than it gains."""
        board, table = self.board, self.board.table
        free: list[tuple[int, list[int]]] = [(place, []) for place in table.choices[wish] if board.is_free(place)]
        if free or table.staff[wish][1] > 1:
            return free
        held = [(place, board.taken[table.slots[place][0]]) for place in table.choices[wish]]
        none = (0,) * len(self.ledger.aims)
        return [(place, [holder]) for place, holder in held if table.pinned[holder] == NOWHERE
                and table.staff[holder][1] == 1 and self.ledger.change((wish,), (holder,)) < none]

    def _floor(self, house: int) -> int:
        return self.board.weigh(self.floors.wait(house, self.board.talks[house]))
