"""A strategy's states, over HTTP, against a plain model of them: what each may do, and what each finds.

Two homes, school and the child suggest, agree, change, keep, end and say how it went, in any order, sometimes from a
page that is no longer fresh. Every move that is not possible is refused by name, and nothing that one home has said for
themselves or to school alone ever stands on the other home's screen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.profiles.house import House, open_house

HOMES = ("g-amira", "g-karim")
EVERYBODY = (*HOMES, "s-bell", "p-sam")
WHO = st.sampled_from(EVERYBODY)
SAID = {"agree": "agreed to", "change": "can't be changed", "keep": "be kept", "end": "ended already",
        "tried": "how it went"}


@dataclass
class Model:
    """What is known of one strategy: `behind` which version each stands, and who has `left` it for themselves."""

    author: str
    version: int = 1
    is_over: bool = False
    behind: dict[str, int] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)
    notes: list[tuple[str, str, str]] = field(default_factory=list)  # (author, audience, line)

    def is_behind(self, who: str) -> bool:
        return self.behind.get(who) == self.version and who not in self.left

    def state(self, who: str) -> str:
        homes = [who] if who in HOMES else list(HOMES)
        known = [home for home in homes if home in self.behind or home in self.left]
        if self.is_over or (self.left.intersection(known) and not set(known) - self.left):
            return "ended"
        both = self.is_behind("s-bell") and any(self.is_behind(home) for home in homes)
        return "agreed" if both else "suggested"

    def refuses(self, move: str, who: str) -> bool:
        state = self.state(who)
        if move == "end" and who not in HOMES:
            return self.is_over or (who == "p-sam" and self.author != "p-sam")
        if state == "ended":
            return True
        if move == "agree":
            return self.behind.get(who) == self.version
        return move in ("keep", "tried") and state != "agreed"

    def lines(self, who: str) -> set[str]:
        audiences = ("all", "school") if who == "s-bell" else ("all",)
        return {line for author, audience, line in self.notes if author == who or audience in audiences}


class Strategies(RuleBasedStateMachine):
    house: House
    count = 0

    @initialize(author=WHO)
    def begin(self, author: str) -> None:
        self.model = Model(author, behind={author: 1})
        audience = {} if author == "s-bell" else {"audience": "all"}
        made = self.house.call("POST", "/pupils/p-sam/strategies", author, {
            "kind": "other", "what": "Version 1", **audience})
        self.path = f"/strategies/{made.json['id']}"

    @rule(who=WHO, behind=st.sampled_from([0, 0, 0, 1]))
    def agree(self, who: str, behind: int) -> None:
        based_on = self.model.version - behind
        reply = self.house.call("POST", f"{self.path}/agree", who, **{"If-Match": f'"{based_on}"'})
        if self._is_refused(reply, "agree", who) or self._is_stale(reply, behind):
            return
        self.model.behind[who] = self.model.version

    @rule(who=WHO, behind=st.sampled_from([0, 0, 1]))
    def change(self, who: str, behind: int) -> None:
        words = {"kind": "other", "what": f"Version {self.model.version + 1}"}
        reply = self.house.call("PUT", self.path, who, words, **{"If-Match": f'"{self.model.version - behind}"'})
        if self._is_refused(reply, "change", who) or self._is_stale(reply, behind):
            return
        self.model.version += 1
        self.model.behind[who] = self.model.version

    @rule(who=WHO)
    def keep(self, who: str) -> None:
        self._is_refused(self.house.call("POST", f"{self.path}/keep", who), "keep", who)

    @rule(who=WHO)
    def end(self, who: str) -> None:
        reply = self.house.call("POST", f"{self.path}/end", who, {"reason": "other", "words": f"ended by {who}"})
        if self._is_refused(reply, "end", who):
            return
        if who in HOMES:
            self.model.left.add(who)
        else:
            self.model.is_over = True

    @rule(who=WHO, audience=st.sampled_from(["all", "school", "only-me"]))
    def note(self, who: str, audience: str) -> None:
        if who == "s-bell" or (audience == "only-me" and who != "p-sam"):
            audience = "all"
        Strategies.count += 1
        line = f"line {Strategies.count} of {who}"
        given = {} if who == "s-bell" else {"audience": audience}
        reply = self.house.call("POST", f"{self.path}/tried", who, {"how": "helped", "line": line, **given})
        if not self._is_refused(reply, "tried", who):
            self.model.notes.append((who, audience, line))

    def _is_refused(self, reply: Any, move: str, who: str) -> bool:
        if not self.model.refuses(move, who):
            return False
        assert reply.status_code == 409, (move, who)
        names = (SAID[move], "has ended", "haven't both agreed", "didn't suggest")
        assert any(name in reply.json["detail"] for name in names)
        return True

    def _is_stale(self, reply: Any, behind: int) -> bool:
        assert reply.status_code == (412 if behind else 200)
        return bool(behind)

    @invariant()
    def each_finds_it_as_it_stands_for_them(self) -> None:
        for who in EVERYBODY:
            found = self.house.call("GET", self.path, who)
            assert (found.json["state"], found.json["version"], found.json["what"]) == (
                self.model.state(who), self.model.version, f"Version {self.model.version}"), who
            assert {note["line"] for note in found.json["notes"]} == self.model.lines(who)
            self._holds_nothing_of_the_other_home(who, found)

    def _holds_nothing_of_the_other_home(self, who: str, found: Any) -> None:
        if who == "s-bell":
            return
        for other in set(HOMES) - {who}:
            assert f"ended by {other}" not in found.text
            assert f"{other[2:].title()} Haddad" not in found.text
            assert other not in found.text.replace(f"of {other}", "")
        agreed = [step for step in found.json["steps"] if step["kind"] in ("agreed", "kept", "ended")]
        assert all(step["signature"]["is_mine"] or step["signature"]["voice"] != "home" for step in agreed)
        assert found.json["homes"] == []


@pytest.fixture(scope="module")
def open_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = open_house(Path(tmp_path_factory.mktemp("states")))
    yield made
    made.service.database.close()


def test_a_strategy_goes_as_its_model_goes(open_world: House) -> None:
    machine = type("Machine", (Strategies,), {"house": open_world})
    run_state_machine_as_test(machine, settings=settings(
        max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)))
