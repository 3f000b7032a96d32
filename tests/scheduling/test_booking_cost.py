"""What a booking asks of the database: no read that cannot matter, whatever the family, on both databases."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from tests.scheduling.house import House, each_house, house

__all__ = ["each_house", "house"]
TECHNICAL = ("BEGIN", "idempotency_keys", "outbox", "set_config")


def asked_by(house: House, guardian: str, pupil: str, slot: Any, evening: Any) -> tuple[int, list[str]]:
    """The status, and what the service's own tables were asked, in order."""
    statements: list[str] = []
    engine = house.service.database.engine

    def note(*call: Any) -> None:
        statements.append(call[2])

    sa.event.listen(engine, "before_cursor_execute", note)
    try:
        status = house.book(evening, guardian, pupil, slot).status_code
    finally:
        sa.event.remove(engine, "before_cursor_execute", note)
    return status, [text for text in statements if not any(name in text for name in TECHNICAL)]


def test_a_booking_is_few_statements_and_each_names_the_school(each_house: House) -> None:
    house = each_house
    evening = house.open_evening()
    slots = house.slots(evening, "gran", "sam")["ama"]
    status, statements = asked_by(house, "gran", "sam", slots[0], evening)
    assert status == 201
    assert len(statements) == 13, "nobody could come along, so nobody is asked whether they wish it"
    assert all("school_id" in text for text in statements)


def test_a_family_of_two_is_asked_whether_they_come_together(each_house: House) -> None:
    house = each_house
    evening = house.open_evening(to="17:00")
    slots = house.slots(evening, "mum", "mina")["ama"]
    status, statements = asked_by(house, "mum", "mina", slots[0], evening)
    assert (status, len(statements)) == (201, 14)
    status, statements = asked_by(house, "dad", "mina", slots[0], evening)
    assert (status, len(statements)) == (409, 13), "a refusal reads the slots, and where the teacher is, once"
    house.tell(house.keep_apart("mum", "dad"))
    status, statements = asked_by(house, "dad", "mina", slots[5], evening)
    assert (status, len(statements)) == (201, 13), "who must not meet never come together, whatever they wish"


def test_locks_are_still_taken_before_what_they_guard(each_house: House) -> None:
    house = each_house
    evening = house.open_evening()
    _, statements = asked_by(house, "gran", "sam", house.slots(evening, "gran", "sam")["ama"][0], evening)
    locks = [text.split("FROM ")[1].split()[0] for text in statements if " FOR " in text]
    assert locks == (["permissions", "pupils", "keep_apart", "staff"] if house.service.database.is_postgresql else [])
