"""What must hold of an evening, as plainly as it can be said; and steps by which callers and the worker change it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chassis.timers import sweep
from tests.scheduling.evening_model_checker import QUARTER, Standing, find_wrongs, look
from tests.scheduling.evening_model_together import TAKEN, as_wish, at_once, foresee_refusal
from tests.scheduling.house import House

PAIRS = (("mum", "mina"), ("dad", "mina"), ("gran", "sam"), ("mum", "leo"))
ADULTS = ("mum", "dad", "gran")
TEACHERS = {"mina": ("ama", "noa"), "sam": ("ama", "noa"), "leo": ("tom", "noa")}
STRANGERS = frozenset({"dad", "gran"})
FIRST, SECOND = sorted(STRANGERS)
NONE_LEFT = ("No time is free that fits", "There is a time with each of them already")
pairs, numbers = st.sampled_from(PAIRS), st.integers(0, 2)


class EveningModel(RuleBasedStateMachine):
    """Families book, hold, keep, wait, swap, take offers and cancel; teachers fall ill, rights come and go.

    The model knows who may book and which appointments were confirmed to whom; what it says is held against what
    each adult is shown, and against who holds which time.
    """

    house: House

    def __init__(self) -> None:
        super().__init__()
        self.booked: dict[str, tuple[str, str]] = {}
        self.held: dict[str, str] = {}
        self.barred: set[tuple[str, str]] = set()
        self.apart: set[frozenset[str]] = set()
        self.house.beat()
        self.evening = self._open()

    def _open(self) -> dict[str, Any]:
        on = (self.house.clock.now() + timedelta(days=2)).date().isoformat()
        return self.house.open_evening(on=on, respond_by=on)

    def chooses(self) -> bool:
        """Whether families choose their times now."""
        return True

    def _call(self, who: str, method: str, path: str, body: Any = None) -> Any:
        reply = self.house.call(self.house.guardian(who), method, path, body)
        assert reply.status_code in (200, 201, 404, 409, 422), (path, reply.status_code, reply.json)
        return reply

    def _office(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        self.house.beat()
        reply = self.house.call(self.house.office, method, path, body, **headers)
        assert reply.status_code in (200, 201, 409, 412, 422), (path, reply.status_code, reply.json)
        return reply

    def _look(self) -> Standing:
        return look(self.house, self.evening["id"])

    def _slots(self, who: str, pupil: str, number: int) -> list[dict[str, Any]]:
        """The times of one teacher as this adult sees them; none where the teacher has fallen ill."""
        reply = self._call(who, "GET", f"/evenings/{self.evening['id']}/pupils/{pupil}/slots")
        assert (reply.status_code == 404) == ((pupil, who) in self.barred), reply.json
        if reply.status_code == 404:
            return []
        staff = [one for one in reply.json["staff"] if one["id"] == TEACHERS[pupil][number % 2]]
        return list(staff[0]["slots"]) if staff else []

    def _book(self, who: str, pupil: str, slot: dict[str, Any]) -> Any:
        return self.house.book(self.evening, who, pupil, slot)

    @precondition(lambda self: self.chooses())
    @rule(pair=pairs, number=numbers, place=numbers)
    def book(self, pair: tuple[str, str], number: int, place: int) -> None:
        who, pupil = pair
        slots = self._slots(who, pupil, number)
        if not slots:
            return
        slot = slots[place % len(slots)]
        words = foresee_refusal(self._look(), self.apart, as_wish(who, pupil, slot), slot["id"],
                                self.house.clock.now())
        reply = self._book(who, pupil, slot)
        assert (reply.status_code, words in reply.json.get("detail", "")) == (409 if words else 201, True), reply.json
        if not words:
            assert slot["state"] == "free"
            self.booked[reply.json["id"]] = (pupil, who)

    @precondition(lambda self: self.chooses())
    @rule(number=st.integers(0, 20), place=numbers)
    def swap(self, number: int, place: int) -> None:
        """Have another time of the same teacher: of a free one they get it, of any other nothing is lost."""
        if not self.booked:
            return
        key = sorted(self.booked)[number % len(self.booked)]
        pupil, who = self.booked[key]
        [mine] = [talk for talk in self._look().booked if talk.id == key]
        slots = self._slots(who, pupil, TEACHERS[pupil].index(mine.staff_id))
        slot = slots[place % len(slots)]
        is_same = slot["starts_at"] == mine.starts_at.isoformat()
        words = "" if is_same else foresee_refusal(
            self._look(), self.apart, as_wish(who, pupil, slot, key), slot["id"], self.house.clock.now())
        reply = self._call(who, "POST", f"/appointments/{key}/move", {"slot_id": slot["id"]})
        assert (reply.status_code == 409, words in str(reply.json)) == (bool(words), True), reply.json

    @precondition(lambda self: self.chooses())
    @rule(pair=pairs)
    def hold(self, pair: tuple[str, str]) -> None:
        who, pupil = pair
        reply = self._call(who, "POST", f"/evenings/{self.evening['id']}/itineraries", {
            "children": [{"pupil_id": pupil, "staff_ids": list(TEACHERS[pupil])}]})
        assert (reply.status_code == 404) == ((pupil, who) in self.barred)
        if reply.status_code == 201:
            self.held[who] = reply.json["id"]
        elif reply.status_code == 409:
            assert any(words in reply.json["detail"] for words in NONE_LEFT), reply.json

    @rule(who=st.sampled_from(ADULTS), what=st.sampled_from(["keep", "extend", "let-go", "again"]))
    def settle(self, who: str, what: str) -> None:
        if who not in self.held:
            return
        reply = self._call(who, "POST", f"/itineraries/{self.held[who]}/{what}")
        if what == "keep" and reply.status_code == 200:
            self.booked |= {talk["appointment_id"]: (talk["pupil"]["id"], who) for talk in reply.json["talks"]
                            if any(one.id == talk["appointment_id"] for one in self._look().booked)}

    @precondition(lambda self: self.chooses())
    @rule(pair=pairs, number=numbers, better=st.booleans())
    def wait(self, pair: tuple[str, str], number: int, better: bool) -> None:
        who, pupil = pair
        staff = TEACHERS[pupil][number % 2]
        mine = [talk.id for talk in self._look().booked
                if (talk.guardian_id, talk.pupil_id, talk.staff_id) == (who, pupil, staff)]
        more = {"instead_of": mine[0], "latest": "16:20"} if better and mine else {}
        reply = self._call(who, "POST", f"/evenings/{self.evening['id']}/pupils/{pupil}/waiting", {
            "staff_id": staff, **more})
        if (pupil, who) in self.barred:
            assert reply.status_code == 404
        elif mine and not more and reply.status_code != 404:
            assert "There is a time with this teacher already" in reply.json["detail"]

    @rule(who=st.sampled_from(ADULTS), what=st.sampled_from(["accept", "decline"]))
    def answer(self, who: str, what: str) -> None:
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
        self._bar(pupil, who)

    def _bar(self, pupil: str, who: str) -> None:
        self.barred.add((pupil, who))
        self.booked = {one: about for one, about in self.booked.items() if about != (pupil, who)}

    @rule(pair=pairs)
    def permit(self, pair: tuple[str, str]) -> None:
        who, pupil = pair
        self.house.tell(self.house.let(who, pupil))
        self.barred.discard((pupil, who))

    @rule(is_so=st.booleans())
    def keep_apart(self, is_so: bool) -> None:
        """Two must not meet from now on: who is near the other loses that time; nobody else loses anything."""
        before = self._look()
        self.house.tell(self.house.keep_apart(FIRST, SECOND, "current" if is_so else "ended"))
        (self.apart.add if is_so else self.apart.discard)(STRANGERS)
        kept = {talk.id for talk in self._look().booked}
        for talk in before.booked:
            if talk.id not in kept:
                others = [one for other in STRANGERS - {talk.guardian_id} for one in before.of(other)]
                assert is_so
                assert talk.guardian_id in STRANGERS
                assert any(one.meets(talk, QUARTER) for one in others)
                del self.booked[talk.id]

    @precondition(lambda self: self.chooses())
    @rule(staff=st.sampled_from(["ama", "noa", "tom"]))
    def fall_ill(self, staff: str) -> None:
        """The office sees what would change and says yes: theirs fall out, and nobody else's time changes."""
        before = self._look()
        found = self._office("POST", f"/evenings/{self.evening['id']}/replans", {"kind": "ill", "staff_id": staff})
        if found.status_code == 422:
            assert not any(talk.staff_id == staff for talk in before.booked)
            return
        hit = {talk.id for talk in before.booked if talk.staff_id == staff}
        measure = found.json["measure"]
        assert (measure["move"] + measure["fall_out"], measure["keep"], measure["unaffected_changed"]) == (
            len(hit), len(before.booked) - len(hit), 0)
        reply = self._office("POST", f"/replans/{found.json['id']}/confirm")
        after = {talk.id: talk for talk in self._look().booked}
        if reply.status_code == 409:
            assert "just choosing one of the lost times" in reply.json["detail"]
            assert after == {talk.id: talk for talk in before.booked}
            return
        assert after == {talk.id: talk for talk in before.booked if talk.id not in hit}
        self.booked = {one: about for one, about in self.booked.items() if one not in hit}

    @precondition(lambda self: self.chooses())
    @rule(one=pairs, other=pairs, number=numbers, place=numbers)
    def two_book_at_once(self, one: tuple[str, str], other: tuple[str, str], number: int, place: int) -> None:
        """The same time, or one adult at one time with two: exactly one of those who could have it gets it."""
        wanted = []
        for who, pupil in (one, other):
            slots = self._slots(who, pupil, number)
            if slots:
                wanted.append((who, pupil, slots[place % len(slots)]))
        if len(wanted) < 2:
            return
        before, now = self._look(), self.house.clock.now()
        words = [foresee_refusal(before, self.apart, as_wish(*wish), wish[2]["id"], now) for wish in wanted]
        replies = at_once(*(lambda wish=wish: self._book(*wish) for wish in wanted))
        assert {reply.status_code for reply in replies} <= {201, 409}, [reply.json for reply in replies]
        for wish, reply, said in zip(wanted, replies, words, strict=True):
            if reply.status_code == 201:
                assert not said, said
                self.booked[reply.json["id"]] = (wish[1], wish[0])
            elif said:
                assert said in reply.json["detail"]
        assert any(reply.status_code == 201 for reply in replies) == (not all(words))

    @precondition(lambda self: self.chooses())
    @rule(pair=pairs, number=numbers, place=numbers)
    def restricted_while_booking(self, pair: tuple[str, str], number: int, place: int) -> None:
        who, pupil = pair
        slots = self._slots(who, pupil, number)
        if slots:
            reply, _told = at_once(lambda: self._book(who, pupil, slots[place % len(slots)]),
                                   lambda: self.house.tell(self.house.let(who, pupil, [])))
            assert reply.status_code in (201, 404, 409)
            self._bar(pupil, who)

    @precondition(lambda self: self.chooses())
    @rule(number=st.integers(0, 20), pair=pairs)
    def cancelled_while_another_wants_it(self, number: int, pair: tuple[str, str]) -> None:
        """Who wants the very time that is given back gets it, or is told that it is taken; never half of each."""
        if not self.booked or (pair[1], pair[0]) in self.barred:
            return
        key = sorted(self.booked)[number % len(self.booked)]
        [talk] = [one for one in self._look().booked if one.id == key]
        if talk.staff_id not in TEACHERS[pair[1]]:
            return
        [slot] = [one for one in self._slots(*pair, TEACHERS[pair[1]].index(talk.staff_id))
                  if one["starts_at"] == talk.starts_at.isoformat()]
        gone, reply = at_once(
            lambda: self._call(talk.guardian_id, "POST", f"/appointments/{key}/cancel"),
            lambda: self._book(*pair, slot))
        assert (gone.status_code, reply.status_code in (201, 409)) == (200, True), reply.json
        del self.booked[key]
        if reply.status_code == 201:
            self.booked[reply.json["id"]] = (pair[1], pair[0])
        elif pair[0] != talk.guardian_id and not self._look().of(pair[0]):
            assert TAKEN in reply.json["detail"]

    @rule(minutes=st.sampled_from([0, 1, 6, 130]))
    def work(self, minutes: int) -> None:
        self.house.clock.advance(minutes=minutes)
        self._sweep()

    def _sweep(self) -> None:
        self.house.beat()
        while sweep(self.house.service.database, self.house.service.timers):
            pass

    @invariant()
    def nothing_is_as_it_must_not_be(self) -> None:
        assert list(find_wrongs(self._look(), self.apart, self.barred)) == []

    @invariant()
    def everybody_sees_what_was_confirmed_and_no_more(self) -> None:
        for who in ADULTS:
            items = self._call(who, "GET", "/appointments").json["items"]
            shown = {item["id"] for item in items if item["evening_id"] == self.evening["id"]}
            assert shown == {one for one, (_, whose) in self.booked.items() if whose == who}

    @invariant()
    def every_time_has_one_holder_who_has_a_reason(self) -> None:
        """What is kept for the list is offered, or free again, once the worker has looked."""
        if not self._has_reasons():
            self._sweep()
        assert self._has_reasons()

    def _has_reasons(self) -> bool:
        standing = self._look()
        return sorted(standing.holders.values()) == sorted([
            *self.booked, *(talk.id for talk in standing.held), *(offer for offer, *_ in standing.offers)])
