"""A time that is freed is for those who wait from the very transaction that frees it, and nobody can come between.

It is offered there, or kept for them while somebody else is at work with that teacher or family, and offered after it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from services.scheduling.people.queries import hold_family
from tests.scheduling.house import House, each_house, house
from tests.scheduling.test_planning import close_wishes, make_plan, publish, wish
from tests.scheduling.test_waitlist import full, offers, wait, waiting, work
from tests.scheduling.test_wishes import mark, open_plan

__all__ = ["each_house", "house"]
ROUNDS = 4


def at_once(*acts: Callable[[], Any]) -> None:
    gate = threading.Barrier(len(acts))

    def come(act: Callable[[], Any]) -> None:
        gate.wait()
        act()

    threads = [threading.Thread(target=come, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_of_a_time_given_back_and_wanted_at_once_who_waits_is_offered_it(each_house: House) -> None:
    house, replies = each_house, list[Any]()
    for number in range(ROUNDS):
        on = (house.clock.now() + timedelta(days=2 + number)).date().isoformat()
        evening = house.open_evening(on=on, respond_by=on)
        slots = house.slots(evening, "dad", "mina")["ama"]
        booked = [house.book(evening, "dad", "mina", slot).json for slot in slots]
        wait(house, evening, "gran", "sam")

        def book(about: Any = evening, slot: Any = slots[1]) -> None:
            replies.append(house.book(about, "mum", "mina", slot))

        at_once(partial(house.cancel, house.guardian("dad"), booked[1]), book)
        work(house)  # whoever books holds the teacher for a moment: then the time is kept, and offered after it
        assert [(one["guardian_ids"], one["starts_at"]) for one in offers(house)][number:] == [
            (["gran"], booked[1]["starts_at"])]
    assert [reply.status_code for reply in replies] == [409] * ROUNDS
    assert all("Someone took" in reply.json["detail"] for reply in replies)


def test_two_who_give_back_at_once_what_the_other_waits_for_do_not_wait_for_each_other(each_house: House) -> None:
    house = each_house
    for number in range(ROUNDS):
        on = (house.clock.now() + timedelta(days=2 + number)).date().isoformat()
        evening = house.open_evening(on=on, respond_by=on)
        osei, tal = (house.slots(evening, "mum", "mina")[teacher] for teacher in ("ama", "noa"))
        grans = house.book(evening, "gran", "sam", osei[0]).json
        mums = house.book(evening, "mum", "leo", tal[1]).json
        for who, slot in (("dad", osei[1]), ("dad", osei[2]), ("dad", tal[0]), ("mum", tal[2])):
            assert house.book(evening, who, "mina", slot).status_code == 201
        wait(house, evening, "gran", "sam", staff_id="noa")
        wait(house, evening, "mum", "mina", staff_id="ama")
        at_once(partial(house.cancel, house.guardian("gran"), grans),
                partial(house.cancel, house.guardian("mum"), mums))
        work(house)
        assert {one["guardian_ids"][0] for one in offers(house)[2 * number:]} == {"gran", "mum"}


def _hold_all(house: House, evening: dict[str, Any]) -> dict[str, Any]:
    reply = house.call(house.guardian("dad"), "POST", f"/evenings/{evening['id']}/itineraries", {
        "children": [{"pupil_id": "mina", "staff_ids": ["ama"]}], "latest": "16:10"})
    assert reply.status_code == 201, reply.json
    return dict(reply.json)


@pytest.mark.parametrize("how", ["let-go", "move", "right", "lapse", "accept"])
def test_whatever_frees_a_time_offers_it(house: House, how: str) -> None:
    """Nothing runs between the act and the look: there is no sweep here but the one that is the act itself."""
    evening = house.open_evening()
    slots = house.slots(evening, "dad", "mina")["ama"]
    if how in ("let-go", "lapse"):
        held = _hold_all(house, evening)
    else:
        talk = house.book(evening, "dad", "mina", slots[0]).json
    wait(house, evening, "gran", "sam", latest="16:10")
    assert offers(house) == []
    if how == "let-go":
        house.call(house.guardian("dad"), "POST", f"/itineraries/{held['id']}/let-go")
    elif how == "lapse":
        work(house, minutes=6)
    elif how == "move":
        house.move(house.guardian("dad"), talk, slots[2])
    elif how == "right":
        house.tell(house.let("dad", "mina", []))
    else:
        wait(house, evening, "dad", "mina", instead_of=talk["id"], earliest="16:20")
        [better] = offers(house)
        house.call(house.guardian("dad"), "POST", f"/offers/{better['offer_id']}/accept")
    made = [one for one in offers(house) if one["guardian_ids"] == ["gran"]]
    assert [one["starts_at"][11:16] for one in made] == ["16:00"]
    assert house.states(evening, "mum", "mina")[0] == "taken"


def test_while_somebody_is_at_work_for_who_waits_the_time_is_kept_for_them(each_house: House) -> None:
    house = each_house
    if not house.service.database.is_postgresql:
        return  # there is one writer at a time
    evening, booked = full(house)
    wait(house, evening, "gran", "sam")
    with house.service.database.unit_of_work("oakfield") as uow:
        hold_family(uow, "sam")
        assert house.cancel(house.guardian("dad"), booked[1]).status_code == 200, "and it waits for nobody"
        assert offers(house) == []
        refused = house.book(evening, "mum", "mina", house.slots(evening, "mum", "mina")["ama"][1])
        assert refused.status_code == 409
    work(house)
    assert [one["guardian_ids"] for one in offers(house)] == [["gran"]]


def test_what_is_held_again_is_not_offered_to_others_in_between(house: House) -> None:
    """A family that changes its answers gives its times back and takes them anew: those who wait get what is left."""
    evening = house.open_evening()
    _hold_all(house, evening)
    wait(house, evening, "gran", "sam", latest="16:10")
    _hold_all(house, evening)
    assert offers(house) == []




def test_a_wish_that_the_plan_could_not_meet_waits_by_itself(each_house: House) -> None:
    house = each_house
    evening = open_plan(house, **{"to": "16:10", "slot_minutes": 10})
    assert mark(house, evening, "ama:sam", "please-come").status_code == 200
    wish(house, evening, "gran", ("sam", ["ama"]))
    wish(house, evening, "dad", ("mina", ["ama"]))
    wish(house, evening, "mum", ("mina", ["noa", "ama"]))
    close_wishes(house)
    assert publish(house, make_plan(house, evening)).status_code == 200
    [met] = house.mine("gran")
    assert waiting(house, "gran") == []
    assert [(one["staff"]["id"], one["state"]) for one in waiting(house, "dad")] == [("ama", "waiting")]
    assert [one["staff"]["id"] for one in waiting(house, "mum")] == ["ama"]
    house.beat()
    assert house.cancel(house.guardian("gran"), met).status_code == 200
    assert [one["guardian_ids"] for one in offers(house)] == [["dad"]], "his first wish, and he has nothing yet"
    [mine] = waiting(house, "mum")
    assert house.call(house.guardian("mum"), "POST", f"/waiting/{mine['id']}/leave").status_code == 200
    assert waiting(house, "mum") == []
