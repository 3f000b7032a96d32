"""Small, nasty evenings for Hypothesis: everything that a school may come up with, at random."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

from services.scheduling.solver.problem import DEFAULT_ORDER, Desk, Elsewhere, Party, Problem, Resource, Slot, Wish

Draw = Callable[[st.SearchStrategy[Any]], Any]
EVENING = 60


def _desk(draw: Draw, number: int) -> Desk:
    """Slots of one length with a gap between them and perhaps a break, or of any lengths."""
    at, slots = draw(st.integers(0, 4)) * 5, []
    length, gap = draw(st.sampled_from((5, 7, 10))), draw(st.sampled_from((0, 0, 1, 5)))
    for place in range(draw(st.integers(1, 5))):
        taken = length + draw(st.sampled_from((0, 0, 0, 3)))
        slots.append(Slot(f"{number}.{place}", at, at + taken))
        at += taken + gap + draw(st.sampled_from((0, 0, 0, 10, 40)))
    return Desk(f"d{number}", tuple(slots), draw(st.sampled_from(("", "hall", f"r{number}"))),
                draw(st.sampled_from(("", "", "east"))), f"t{draw(st.integers(max(0, number - 1), number))}")


def _party(draw: Draw, number: int) -> Party:
    """One or two adults, now and then one who is in another party too."""
    adults = {f"a{draw(st.integers(max(0, number - 1), number))}"} | (
        {f"b{number}"} if draw(st.booleans()) else set())
    free = draw(st.sampled_from((((0, 120),), ((0, 25), (25, 60)), ((10, 40),), ((0, 15), (30, 120)))))
    start = draw(st.integers(0, 8)) * 5
    elsewhere = (Elsewhere(start, start + 10, draw(st.sampled_from(("", "east", "west")))),)
    return Party(f"p{number}", tuple(sorted(adults)), free, elsewhere if draw(st.integers(0, 3)) == 0 else (),
                 f"f{draw(st.integers(max(0, number - 1), number))}")


@st.composite
def evenings(draw: Draw, most: int = 7) -> Problem:
    """An evening without faults, of at most so many wishes."""
    desks = tuple(_desk(draw, number) for number in range(draw(st.integers(1, 3))))
    parties = tuple(_party(draw, number) for number in range(draw(st.integers(1, 4))))
    staff = sorted({desk.staff for desk in desks})
    kinds = ("interpreter:pl", "step-free")
    wishes = []
    for number in range(draw(st.integers(1, most))):
        needs = tuple(kind for kind in kinds if draw(st.integers(0, 4)) == 0)
        wishes.append(Wish(f"w{number}", draw(st.sampled_from(parties)).id, f"c{number}", draw(st.sampled_from(staff)),
                           draw(st.integers(1, 4)), draw(st.integers(0, 3)) == 0, draw(st.sampled_from((1, 1, 1, 2))),
                           needs))
    resources = tuple(Resource(kind, draw(st.integers(0, 1)), ((0, draw(st.sampled_from((30, 120)))),),
                               kind != "step-free") for kind in kinds)
    adults = sorted({adult for party in parties for adult in party.adults})
    apart = frozenset(pair for pair in [(draw(st.sampled_from(adults)), draw(st.sampled_from(adults)))]
                      if draw(st.integers(0, 2)) == 0 and not any(set(pair) <= set(party.adults) for party in parties))
    order = draw(st.sampled_from((DEFAULT_ORDER, ("fair", "rank", "trip"), ("rank", "please-come", "fair", "trip"))))
    walk = draw(st.sampled_from((0, 2)))
    return Problem(desks, parties, tuple(wishes), resources, apart, walk, walk + draw(st.sampled_from((0, 8))), order)
