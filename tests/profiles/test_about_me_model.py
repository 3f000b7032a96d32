"""The page against a plain model of it, over HTTP: three voices, two homes, whatever they do and in whatever order.

Every illegal move is refused by name and changes nothing; nothing is ever overwritten; what is for few shows to few.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from services.profiles.classes.models import Enrolment
from services.profiles.people.models import Pupil
from services.profiles.relationships.actions import recompute_rights
from tests.profiles.house import House, a_pair, open_house

EXAMPLES = int(os.environ.get("TANDEM_ABOUT_EXAMPLES", "10"))
WHO = st.sampled_from(["child", "g-amira", "g-karim", "s-bell", "s-office"])
AUDIENCE = st.sampled_from(["all", "all", "school", "only-me"])
NTH = st.integers(0, 9)
STALE = st.sampled_from([False, False, False, True])
CHOICES = {"child": ("all", "school", "only-me"), "home": ("all", "school")}
RANK = ("only-me", "school", "all")
Pen = tuple[str, str]


@dataclass
class Entry:
    id: str
    pen: Pen
    section: str
    audience: str
    widest: str = "all"
    words: str = ""
    version: int = 1
    removed: bool = False
    beside: Pen | None = None
    history: list[tuple[str, str, str]] = field(default_factory=list)  # words, how, audience

    def keep(self, how: str) -> None:
        self.history.append((self.words, how, self.audience))

    def own(self, pen: Pen) -> bool:
        return self.pen == pen or self.pen[0] == pen[0] == "school"

    def shows(self, pen: Pen, audience: str | None = None) -> bool:
        """Whether this pen may read it, or a version of it that had this audience."""
        named = audience or self.audience
        return self.own(pen) or named == "all" or (named == "school" and pen[0] == "school") or (
            self.beside == pen and named != "only-me")


@dataclass
class Suggestion:
    id: str
    entry: Entry
    pen: Pen
    words: str
    audience: str
    state: str = "open"

    def own(self, pen: Pen) -> bool:
        return self.pen == pen or self.pen[0] == pen[0] == "school"


class Page(RuleBasedStateMachine):
    """What the service answers is what the model says."""

    house: House
    count = 0

    @initialize()
    def begin(self) -> None:
        Page.count += 1
        self.child, self.said = f"p-{Page.count}", 0
        self.entries: list[Entry] = []
        self.suggestions: list[Suggestion] = []
        with self.house.service.database.unit_of_work("oakfield") as uow:
            pairs = [a_pair(self.child, who, uow.now) for who in ("g-amira", "g-karim")]
            uow.add(Pupil(id=self.child, given_name="Kit", family_name="Haddad", year_group="Year 2", upn=None,
                          status="current"), Enrolment(class_id="c-maple", person_id=self.child, role="pupil"), *pairs)
            uow.flush()
            recompute_rights(uow, pairs, "roster", "roster")

    def pen(self, who: str) -> Pen:
        return {"c": "child", "g": "home", "s": "school"}[who[0]], self.child if who == "child" else who

    def call(self, method: str, path: str, who: str, body: Any = None, version: int | None = None) -> Any:
        match = {} if version is None else {"If-Match": f'"{version}"'}
        return self.house.call(method, path, self.pen(who)[1], body, **match)

    def fresh(self) -> str:
        self.said += 1
        return f"words {self.said}"

    def audience(self, pen: Pen, wanted: str, widest: str = "all") -> str | None:
        if pen[0] == "school":
            return widest
        return wanted if wanted in CHOICES[pen[0]] and RANK.index(wanted) <= RANK.index(widest) else None

    def refused(self, reply: Any, status: int, words: str = "") -> None:
        assert (reply.status_code, words in reply.json.get("detail", "")) == (status, True), reply.json

    @rule(who=WHO, section=st.sampled_from(["strengths", "signs"]), audience=AUDIENCE)
    def add(self, who: str, section: str, audience: str) -> None:
        pen, words = self.pen(who), self.fresh()
        reply = self.call("POST", f"/pupils/{self.child}/about-me/entries", who,
                          {"section": section, "words": words, "audience": audience})
        found = self.audience(pen, audience)
        if found is None:
            return self.refused(reply, 422)
        mine = [one for one in self.entries if one.pen == pen and one.section == section and not one.removed]
        if len(mine) >= 8:
            return self.refused(reply, 409, "filled this part")
        assert reply.status_code == 201
        self.entries.append(Entry(reply.json["id"], pen, section, found, words=words))
        self.entries[-1].keep("added")
        return None

    def pick(self, nth: int) -> Entry | None:
        return self.entries[nth % len(self.entries)] if self.entries else None

    def there(self, entry: Entry, pen: Pen) -> bool:
        return entry.shows(pen) and (not entry.removed or entry.own(pen))

    @rule(who=WHO, nth=NTH, audience=AUDIENCE, is_stale=STALE)
    def change(self, who: str, nth: int, audience: str, is_stale: bool) -> None:
        entry, pen, words = self.pick(nth), self.pen(who), self.fresh()
        if entry is None:
            return None
        reply = self.call("PUT", f"/about-me/entries/{entry.id}", who, {"words": words, "audience": audience},
                          entry.version + is_stale)
        found = self.audience(entry.pen, audience, entry.widest)
        if not self.there(entry, pen):
            return self.refused(reply, 404)
        if not entry.own(pen):
            return self.refused(reply, 409, "somebody else's")
        if entry.removed:
            return self.refused(reply, 409, "taken this off")
        if is_stale or found is None:
            return self.refused(reply, 412 if is_stale else 422)
        assert reply.status_code == 200
        entry.words, entry.audience, entry.version, entry.pen = words, found, entry.version + 1, pen
        if found == "only-me":
            self.lapse(entry)
        return entry.keep("changed")

    @rule(who=WHO, nth=NTH, is_stale=STALE)
    def remove(self, who: str, nth: int, is_stale: bool) -> None:
        entry, pen = self.pick(nth), self.pen(who)
        if entry is None:
            return None
        reply = self.call("POST", f"/about-me/entries/{entry.id}/remove", who, version=entry.version + is_stale)
        if not self.there(entry, pen):
            return self.refused(reply, 404)
        if not entry.own(pen):
            return self.refused(reply, 409, "Only they can take them off")
        if entry.removed or is_stale:
            return self.refused(reply, 409 if entry.removed else 412, "already" if entry.removed else "")
        assert reply.status_code == 204
        entry.removed, entry.version = True, entry.version + 1
        self.lapse(entry)
        return entry.keep("removed")

    def lapse(self, entry: Entry) -> None:
        for one in self.suggestions:
            if one.entry is entry and one.state == "open":
                one.state = "lapsed"

    @rule(who=WHO, nth=NTH, audience=AUDIENCE)
    def suggest(self, who: str, nth: int, audience: str) -> None:
        entry, pen, words = self.pick(nth), self.pen(who), self.fresh()
        if entry is None:
            return None
        reply = self.call("POST", f"/about-me/entries/{entry.id}/suggestions", who,
                          {"words": words, "audience": audience})
        if not self.there(entry, pen):
            return self.refused(reply, 404)
        if entry.own(pen):
            return self.refused(reply, 409, "your own words")
        if any(one.entry is entry and one.state == "open" and one.own(pen) for one in self.suggestions):
            return self.refused(reply, 409, "still wait for an answer")
        found = entry.audience if pen[0] == "school" else self.audience(pen, audience)
        if found in (None, "only-me"):
            return self.refused(reply, 422)
        assert reply.status_code == 201
        self.suggestions.append(Suggestion(reply.json["id"], entry, pen, words, str(found)))
        return None

    @rule(who=WHO, nth=NTH, how=st.sampled_from(["agree", "keep-both", "decline", "withdraw"]), is_stale=STALE)
    def decide(self, who: str, nth: int, how: str, is_stale: bool) -> None:
        if not self.suggestions:
            return None
        asked, pen = self.suggestions[nth % len(self.suggestions)], self.pen(who)
        entry = asked.entry
        reply = self.call("POST", f"/about-me/suggestions/{asked.id}/{how}", who, version=entry.version + is_stale)
        if not (asked.own(pen) or entry.own(pen)):
            return self.refused(reply, 404)
        if how == "withdraw" and not asked.own(pen):
            return self.refused(reply, 409, "Somebody else suggested")
        if how != "withdraw" and not entry.own(pen):
            return self.refused(reply, 409, "You suggested this")
        if asked.state != "open":
            return self.refused(reply, 409, "was already")
        if how == "agree" and is_stale:
            return self.refused(reply, 412)
        assert reply.status_code == 200
        asked.state = how
        return self.settle(asked, pen, how)

    def settle(self, asked: Suggestion, pen: Pen, how: str) -> None:
        entry = asked.entry
        if how == "agree":
            entry.words, entry.version, entry.pen = asked.words, entry.version + 1, pen
            entry.keep("agreed")
        elif how == "keep-both":
            audience = min(asked.audience, entry.audience, key=RANK.index)
            view = self.newest("s-bell", asked.words)
            self.entries.append(Entry(view, asked.pen, entry.section, audience, audience, asked.words,
                                      beside=entry.pen))
            self.entries[-1].keep("kept-both")

    def newest(self, who: str, words: str) -> str:
        return next(item["id"] for item in self.items(who) if item["words"] == words)

    def items(self, who: str) -> list[Any]:
        page = self.call("GET", f"/pupils/{self.child}/about-me", who).json
        return [one for section in page["sections"] for item in section["items"] for one in (item, *item["views"])]

    @invariant()
    def everybody_sees_what_is_for_them_and_nothing_is_overwritten(self) -> None:
        if not hasattr(self, "child"):
            return
        for who in ("child", "g-amira", "g-karim", "s-bell", "s-office"):
            pen, found = self.pen(who), self.items(who)
            on_page = [one for one in self.entries if one.shows(pen) and not one.removed]
            assert sorted(item["words"] for item in found) == sorted(one.words for one in on_page), who
            assert {item["id"]: item["may_change"] for item in found} == {one.id: one.own(pen) for one in on_page}
            assert sorted(asked["words"] for item in found for asked in item["suggestions"]) == sorted(
                one.words for one in self.suggestions if one.state == "open" and one.entry in on_page
                and (one.own(pen) or one.entry.own(pen))), who
            kept = self.call("GET", f"/pupils/{self.child}/about-me/history", who).json["items"]
            assert sorted((item["words"], item["how"]) for item in kept) == sorted(
                (words, how) for one in self.entries if self.there(one, pen)
                for words, how, audience in one.history if one.shows(pen, audience)), who


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = open_house(tmp_path)
    yield made
    made.service.database.close()


def test_whatever_is_done_the_page_is_what_the_model_says(house: House) -> None:
    Page.house = house
    run_state_machine_as_test(Page, settings=settings(  # type: ignore[no-untyped-call]
        max_examples=EXAMPLES, stateful_step_count=25, deadline=None, print_blob=True,
        suppress_health_check=list(HealthCheck)))
