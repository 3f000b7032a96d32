"""What a SENCO sees here: talks about the children who have support, by the last word of profiles."""

from __future__ import annotations

import itertools

import pytest

from chassis.envelope import Event
from tests.scheduling.house import House, each_house, house

__all__ = ["each_house", "house"]
TALKS = "/pupils/mina/check-ins"


def sees(house: House, *roles: str) -> int:
    return int(house.call(house.staff("wren", *roles), "GET", TALKS).status_code)


def said(house: House, reviews: str | None) -> Event:
    return house.state("support.described", "mina", reviews and {"pupil_id": "mina", "reviews": reviews})


def test_a_senco_sees_talks_about_a_child_who_has_support_and_about_nobody_else(each_house: House) -> None:
    house = each_house
    assert sees(house, "senco") == 404
    house.tell(said(house, "closer"))
    assert (sees(house, "senco"), sees(house, "teacher"), sees(house, "aide", "reception")) == (200, 404, 404)
    assert house.call(house.staff("wren", "senco"), "GET", "/pupils/sam/check-ins").status_code == 404
    assert house.call(house.guardian("gran"), "GET", TALKS).status_code == 404
    house.tell(said(house, "usual"))
    assert sees(house, "senco") == 404
    house.tell(said(house, "closer"), said(house, None))
    assert sees(house, "senco") == 404, "what was erased opens nothing"


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_late_repeated_and_reordered_it_is_the_last_word_that_counts(house: House, order: tuple[int, ...]) -> None:
    words = [said(house, reviews) for reviews in ("closer", "usual", "closer")]
    for place in order:
        house.tell(words[place], words[place])
    assert sees(house, "senco") == 200
    house.tell(said(house, "usual"))
    house.tell(*words)
    assert sees(house, "senco") == 404


def test_of_a_child_who_has_left_a_senco_sees_nothing(house: House) -> None:
    house.tell(said(house, "closer"))
    house.tell(house.state("pupil.described", "mina", {"given_name": "Mina", "family_name": "Vale", "status": "left"}))
    assert sees(house, "senco") == 404
