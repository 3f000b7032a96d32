"""What must hold of an evening, as plainly as it can be said; and steps by which callers and the worker change it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from chassis.timers import sweep
from tests.scheduling.house import House

PAIRS = (("mum", "mina"), ("dad", "mina"), ("gran", "sam"), ("mum", "leo"))
TEACHERS = {"mina": ("ama", "noa"), "sam": ("ama", "noa"), "leo": ("tom", "noa")}
pairs, numbers = st.sampled_from(PAIRS), st.integers(0, 2)


class EveningModel(RuleBasedStateMachine):
    """Families book, hold, keep, wait, take offers and cancel; time passes, rights come and go.

    The model knows who may book and which appointments were confirmed to whom; what it says is held against what
    each adult is shown, and against who holds which time.
    """

    house: House

    def __init__(self) -> None:
        super().__init__()
        on = (self.house.clock.now() + timedelta(days=2)).date().isoformat()
        self.evening = self.house.open_evening(on=on, respond_by=on)
        reply = self.house.call(self.house.office, "GET", f"/evenings/{self.evening['id']}/pupils/mina/slots")
        assert reply.status_code == 200
        self.booked: dict[str, tuple[str, str]] = {}
        self.held: dict[str, str] = {}
        self.barred: set[tuple[str, str]] = set()

    def _call(self, who: str, method: str, path: str, body: Any = None) -> Any:
        reply = self.house.call(self.house.guardian(who), method, path, body)
        assert reply.status_code in (200, 201, 404, 409, 422), (path, reply.status_code, reply.json)
        return reply

    def _free(self, who: str, pupil: str, number: int, place: int) -> Any:
        reply = self._call(who, "GET", f"/evenings/{self.evening['id']}/pupils/{pupil}/slots")
        if reply.status_code != 200:
            assert (pupil, who) in self.barred
            return None
        staff = next(one for one in reply.json["staff"] if one["id"] == TEACHERS[pupil][number % 2])
        return staff["slots"][place]

    @rule(pair=pairs, number=numbers, place=numbers)
    def book(self, pair: tuple[str, str], number: int, place: int) -> None:
        who, pupil = pair
        slot = self._free(who, pupil, number, place)
        if slot is None:
            return
        reply = self.house.book(self.evening, who, pupil, slot)
        if reply.status_code == 201:
            assert slot["state"] == "free"
            self.booked[reply.json["id"]] = (pupil, who)
        else:
            assert reply.status_code == 409

    @rule(pair=pairs)
    def hold(self, pair: tuple[str, str]) -> None:
        who, pupil = pair
        reply = self._call(who, "POST", f"/evenings/{self.evening['id']}/itineraries", {
            "children": [{"pupil_id": pupil, "staff_ids": list(TEACHERS[pupil])}]})
        assert reply.status_code == (404 if (pupil, who) in self.barred else reply.status_code)
        if reply.status_code == 201:
            self.held[who] = reply.json["id"]

    @rule(pair=pairs, what=st.sampled_from(["keep", "extend", "let-go", "again"]))
    def settle(self, pair: tuple[str, str], what: str) -> None:
        who = pair[0]
        if who not in self.held:
            return
        reply = self._call(who, "POST", f"/itineraries/{self.held[who]}/{what}")
        if what == "keep" and reply.status_code == 200:
            self.booked |= {talk["appointment_id"]: (talk["pupil"]["id"], who) for talk in reply.json["talks"]}

    @rule(pair=pairs, number=numbers)
    def wait(self, pair: tuple[str, str], number: int) -> None:
        who, pupil = pair
        self._call(who, "POST", f"/evenings/{self.evening['id']}/pupils/{pupil}/waiting", {
            "staff_id": TEACHERS[pupil][number % 2]})

    @rule(pair=pairs, what=st.sampled_from(["accept", "decline"]))
    def answer(self, pair: tuple[str, str], what: str) -> None:
        who = pair[0]
        for one in self._call(who, "GET", "/waiting").json["items"]:
            if one["offer"]:
                reply = self._call(who, "POST", f"/offers/{one['offer']['id']}/{what}")
                if what == "accept" and reply.status_code == 200:
                    self.booked[reply.json["appointment_id"]] = (one["pupil"]["id"], who)

    @rule(number=st.integers(0, 20))
    def cancel(self, number: int) -> None:
        if self.booked:
            one = sorted(self.booked)[number % len(self.booked)]
            reply = self._call(self.booked[one][1], "POST", f"/appointments/{one}/cancel")
            assert reply.status_code == 200
            del self.booked[one]

    @rule(pair=pairs)
    def restrict(self, pair: tuple[str, str]) -> None:
        who, pupil = pair
        self.house.tell(self.house.let(who, pupil, []))
        self.barred.add((pupil, who))
        self.booked = {one: about for one, about in self.booked.items() if about != (pupil, who)}

    @rule(pair=pairs)
    def permit(self, pair: tuple[str, str]) -> None:
        who, pupil = pair
        self.house.tell(self.house.let(who, pupil))
        self.barred.discard((pupil, who))

    @rule(minutes=st.sampled_from([0, 1, 6, 130]))
    def work(self, minutes: int) -> None:
        self.house.clock.advance(minutes=minutes)
        self.house.beat()
        while sweep(self.house.service.database, self.house.service.timers):
            pass

    @invariant()
    def everybody_sees_what_was_confirmed_and_no_more(self) -> None:
        for who in ("mum", "dad", "gran"):
            items = self._call(who, "GET", "/appointments").json["items"]
            shown = {item["id"] for item in items if item["evening_id"] == self.evening["id"]}
            assert shown == {one for one, (_, whose) in self.booked.items() if whose == who}
            assert len({item["starts_at"] for item in items}) == len(items), "one place at a time"

    @invariant()
    def every_time_has_one_holder_who_has_a_reason(self) -> None:
        with self.house.service.database.across_schools("test", write=False) as connection:
            if self.house.service.database.is_postgresql:
                connection.execute(sa.text("SELECT set_config('tandem.school', 'oakfield', true)"))
            holders = connection.execute(sa.text("SELECT appointment_id FROM bookings")).scalars().all()
            held = connection.execute(sa.text(
                "SELECT t.appointment_id FROM itinerary_talks t JOIN itineraries i ON i.school_id = t.school_id "
                "AND i.id = t.itinerary_id WHERE i.state = 'held'")).scalars().all()
            offered = connection.execute(sa.text("SELECT id FROM offers WHERE state = 'open'")).scalars().all()
            places = connection.execute(sa.text("SELECT meeting_id FROM engagements")).scalars().all()
        assert sorted(holders) == sorted([*self.booked, *held, *offered])
        assert sorted(places) == sorted(held)
