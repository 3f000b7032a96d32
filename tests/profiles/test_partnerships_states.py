"""Loops over HTTP against a plain model of them: three voices, two homes, joins, private loops, closed loops.

Whatever is done in whichever order, each voice sees what the model says, every move that is not possible is refused by
name, and nothing of a private loop or answer ever reaches the other home, the barred adult or staff who are not in it.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tests.profiles.house import House, open_house

VOICES = {"g-amira": "home", "g-karim": "home", "s-bell": "school", "p-sam": "child"}
EVERYBODY = (*VOICES, "s-other", "g-barred")
WHO = st.sampled_from(sorted(EVERYBODY))
REVIEW, BY = "2026-12-15", "2026-12-01"
CLOSED_WORDS = {"answers": "answer", "steps": "step", "views": "view", "notes": "note", "close": "closed already"}
ADULTS_ONLY = ("views", "notes")


@dataclass
class Loop:
    """What the model knows of one loop; `said` holds who said which words, and whether they are for school alone."""

    path: str
    opener: str
    is_private: bool
    has_child: bool
    said: list[tuple[str, str, bool]] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)
    steps: int = 0
    joined: set[str] = field(default_factory=set)
    is_closed: bool = False
    thanked: set[str] = field(default_factory=set)

    def has(self, who: str) -> bool:
        """Who is in it."""
        if who == "g-barred":
            return False
        if who in ("s-bell", self.opener) or who in self.joined:
            return True
        if who == "p-sam":
            return self.has_child
        return who in VOICES and not self.is_private

    def reads(self, who: str) -> list[str]:
        """The words that somebody who is in it reads."""
        return [words for author, words, for_school in self.said
                if author == who or not for_school or who.startswith("s-")]


class Loops(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        self.house: House = open_house(Path(self._folder.name))
        self.loops: list[Loop] = []
        self.turn = 0

    def teardown(self) -> None:
        self.house.service.database.close()
        self._folder.cleanup()

    def words(self) -> str:
        self.turn += 1
        return f"words-{self.turn}."

    @rule(who=WHO, is_private=st.booleans(), has_child=st.booleans())
    def open(self, who: str, is_private: bool, has_child: bool) -> None:
        words = self.words()
        reply = self.house.call("POST", "/pupils/p-sam/partnerships", who, {
            "going_well": words, "audience": "school" if is_private else "all", "is_child_in": has_child,
            "review_on": REVIEW})
        if who not in VOICES:
            assert reply.status_code == 404
        elif who == "s-bell" and is_private:
            assert reply.status_code == 422
        else:
            loop = Loop(f"/partnerships/{reply.json['id']}", who, is_private, has_child or who == "p-sam")
            loop.said.append((who, words, False))
            loop.answered.add(who)
            self.loops.append(loop)

    def act(self, loop: Loop, who: str, deed: str, body: Any) -> bool:
        """Whether it was done; what the model says is not possible must be refused, by name where somebody is in."""
        reply = self.house.call("POST", f"{loop.path}/{deed}", who, body)
        if not loop.has(who) or (who == "p-sam" and deed in ADULTS_ONLY):
            assert reply.status_code == 404, (deed, who)
            return False
        words = self.refused(loop, who, deed)
        if words is not None:
            assert reply.status_code == 409, (deed, who, reply.json)
            assert words in reply.json["detail"]
            return False
        assert reply.status_code in (200, 201), (deed, who, reply.json)
        return True

    def refused(self, loop: Loop, who: str, deed: str) -> str | None:
        if deed == "thanks":
            return "still open" if not loop.is_closed else "thank you already" if who in loop.thanked else None
        if loop.is_closed:
            return CLOSED_WORDS[deed]
        if deed == "answers" and who in loop.answered:
            return "answered already"
        if deed == "close":
            if not loop.steps:
                return "next step first"
            return None if who.startswith("s-") or who == loop.opener else "opened this, or school"
        return None

    @precondition(lambda self: self.loops)
    @rule(who=WHO, data=st.data(), for_school=st.booleans())
    def answer(self, who: str, data: Any, for_school: bool) -> None:
        loop, words = data.draw(st.sampled_from(self.loops)), self.words()
        if self.act(loop, who, "answers", {"going_well": words, "audience": "school" if for_school else "all"}):
            loop.answered.add(who)
            loop.said.append((who, words, for_school and not who.startswith("s-")))

    @precondition(lambda self: self.loops)
    @rule(who=WHO, data=st.data(), is_fresh=st.booleans())
    def change(self, who: str, data: Any, is_fresh: bool) -> None:
        loop, words = data.draw(st.sampled_from(self.loops)), self.words()
        shown = self.house.call("GET", loop.path, who)
        own = [one for one in shown.json.get("answers", []) if one["signature"]["is_mine"]]
        version = own[0]["version"] if own else 1
        reply = self.house.call("PUT", f"{loop.path}/answers/mine", who, {"going_well": words},
                                **{"If-Match": f'"{version if is_fresh else version + 7}"'})
        expected = 404 if not loop.has(who) else 409 if loop.is_closed else 404 if who not in loop.answered \
            else 200 if is_fresh else 412
        assert reply.status_code == expected, (who, reply.json)
        if expected == 200:
            (place,) = [place for place, one in enumerate(loop.said)
                        if one[0] == who and one[1] == own[0]["going_well"]]
            loop.said[place] = (who, words, loop.said[place][2])

    @precondition(lambda self: self.loops)
    @rule(who=WHO, data=st.data())
    def step(self, who: str, data: Any) -> None:
        loop = data.draw(st.sampled_from(self.loops))
        doer = "child" if who == "p-sam" else "school"
        if self.act(loop, who, "steps", {"doer": doer, "words": self.words(), "by_on": BY}):
            loop.steps += 1

    @precondition(lambda self: self.loops)
    @rule(who=WHO, data=st.data())
    def see_differently(self, who: str, data: Any) -> None:
        loop = data.draw(st.sampled_from(self.loops))
        step = {"doer": "school", "words": self.words(), "by_on": BY}
        if self.act(loop, who, "views", {"words": self.words(), "step": step}):
            loop.steps += 1

    @precondition(lambda self: self.loops)
    @rule(data=st.data())
    def join(self, data: Any) -> None:
        loop = data.draw(st.sampled_from(self.loops))
        asked = self.house.call("POST", f"{loop.path}/joiners", "s-bell", {"role": "senco", "words": "x"})
        assert asked.status_code == (409 if loop.is_closed else 201)
        if not loop.is_closed:
            self.house.call("POST", f"{loop.path}/joiners/{asked.json['joiners'][-1]['id']}", "s-bell",
                            {"staff_id": "s-other"})
            loop.joined.add("s-other")

    @precondition(lambda self: self.loops)
    @rule(who=WHO, data=st.data())
    def close(self, who: str, data: Any) -> None:
        loop = data.draw(st.sampled_from(self.loops))
        loop.is_closed |= self.act(loop, who, "close", {
            "helped": "x", "not_yet": "x", "outcome": "celebration"})

    @precondition(lambda self: self.loops)
    @rule(who=WHO, data=st.data())
    def thank(self, who: str, data: Any) -> None:
        loop = data.draw(st.sampled_from(self.loops))
        if self.act(loop, who, "thanks", {"words": self.words()}):
            loop.thanked.add(who)

    @invariant()
    def each_sees_what_they_are_in_and_nothing_else(self) -> None:
        for who in EVERYBODY:
            listed = self.house.call("GET", "/pupils/p-sam/partnerships", who)
            mine = {loop.path.rpartition("/")[2] for loop in self.loops if loop.has(who)}
            if who in VOICES:
                assert {item["id"] for item in listed.json["items"]} == mine
            else:
                assert listed.status_code == 404
            for loop in self.loops:
                self.look(loop, who)

    def look(self, loop: Loop, who: str) -> None:
        shown = self.house.call("GET", loop.path, who)
        if not loop.has(who):
            assert shown.data == self.house.call("GET", "/partnerships/nowhere", who).data
            return
        assert [one["going_well"] for one in shown.json["answers"]] == loop.reads(who)
        state = "closed" if loop.is_closed else "agreed" if loop.steps else "open"
        assert (shown.json["state"], len(shown.json["thanks"])) == (state, len(loop.thanked))
        others = {"Amira", "Karim"} - {who.removeprefix("g-").title()} if who.startswith("g-") else set()
        assert not [name for name in others if name in shown.text]


def test_loops_do_what_a_plain_model_of_them_does() -> None:
    run_state_machine_as_test(Loops, settings=settings(
        max_examples=8, stateful_step_count=18, deadline=None, suppress_health_check=list(HealthCheck)))
