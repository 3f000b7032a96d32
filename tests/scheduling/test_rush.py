"""Many families at once, on both databases: no time is given twice, and everybody gets an answer."""

from __future__ import annotations

import random
import threading
from typing import Any

import sqlalchemy as sa

from tests.scheduling.house import House, each_house, house

__all__ = ["each_house", "house"]
FAMILIES = 12


def invite(house: House) -> None:
    """Twelve children of oak, each with an adult of their own."""
    house.tell(*(house.state("pupil.described", f"child{one}", {
        "id": f"child{one}", "given_name": f"Child {one}", "family_name": "Vale", "status": "current",
        "class_ids": ["oak"]}) for one in range(FAMILIES)),
        *(house.let(f"adult{one}", f"child{one}") for one in range(FAMILIES)))


def holders(house: House) -> list[Any]:
    with house.service.database.across_schools("test", write=False) as connection:
        connection.execute(sa.text("SELECT set_config('tandem.school', 'oakfield', true)")
                           if house.service.database.is_postgresql else sa.text("SELECT 1"))
        return list(connection.execute(sa.text(
            "SELECT staff_id, starts_at, appointment_id FROM bookings ORDER BY staff_id, starts_at")).all())


def all_at_once(act: Any) -> None:
    gate = threading.Barrier(FAMILIES)

    def come(one: int) -> None:
        gate.wait()
        act(one)

    threads = [threading.Thread(target=come, args=(one,)) for one in range(FAMILIES)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_of_many_who_book_and_hold_at_once_nobody_has_the_same_time(each_house: House) -> None:
    house = each_house
    invite(house)
    evening = house.open_evening(**{"from": "16:00", "to": "16:40"})
    slots = house.slots(evening, "adult0", "child0")["ama"]
    replies: list[tuple[str, int]] = []

    def act(one: int) -> None:
        who, pupil = f"adult{one}", f"child{one}"
        if one % 2:
            reply = house.call(house.guardian(who), "POST", f"/evenings/{evening['id']}/itineraries", {
                "children": [{"pupil_id": pupil, "staff_ids": ["ama", "noa"]}]})
            if reply.status_code == 201 and one % 4 == 1:
                replies.append(("keep", house.call(
                    house.guardian(who), "POST", f"/itineraries/{reply.json['id']}/keep").status_code))
        else:
            reply = house.book(evening, who, pupil, random.Random(one).choice(slots))
        replies.append((who, reply.status_code))

    all_at_once(act)
    assert len([who for who, _ in replies if who != "keep"]) == FAMILIES
    assert {status for _, status in replies} <= {200, 201, 409}
    held = holders(house)
    assert len({(row.staff_id, row.starts_at) for row in held}) == len(held)
    for one in range(FAMILIES):
        mine = [(item["starts_at"], item["staff"]["id"]) for item in house.mine(f"adult{one}")]
        assert len({at for at, _ in mine}) == len(mine), "nobody is with two teachers at once"
    booked = [item["id"] for one in range(FAMILIES) for item in house.mine(f"adult{one}")]
    assert set(booked) <= {row.appointment_id for row in held}
