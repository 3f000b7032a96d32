"""First come, first served: the best evening for one party over what is free now."""

from __future__ import annotations

from services.scheduling.solver.build import pinned_board
from services.scheduling.solver.itinerary import find_itinerary
from services.scheduling.solver.outcome import make_talk
from services.scheduling.solver.plan import Talk
from services.scheduling.solver.problem import Problem
from services.scheduling.solver.table import NOWHERE, make_table


def fit(problem: Problem, party_id: str) -> tuple[Talk, ...]:
    """The talks that this party can have, as close together as can be, in the order of time.

    What is pinned is taken, whoever has it; all else is free. The party's own pinned talks are among the talks. () for
    a party that there is not, or for which nothing is free.
    """
    table = make_table(problem)
    board = pinned_board(table)
    mine = [number for number, wish in enumerate(problem.wishes) if wish.party == party_id]
    found = find_itinerary(board, [wish for wish in mine if board.lies[wish] == NOWHERE and table.choices[wish]])
    found |= {wish: board.lies[wish] for wish in mine if board.lies[wish] != NOWHERE}
    return tuple(make_talk(table, wish, place) for wish, place in sorted(found.items(), key=lambda item: item[1]))
