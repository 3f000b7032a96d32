"""Passing on a loop, a child's note and an answer: two worlds alike, in the one they are read, in the other passed on.

Their authors see the same to the byte, then and after every later step; of the others nobody holds anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.fakes import FixedClock
from tests.isolation.test_diversion import LEAD, House, open_world, plain
from tests.isolation.world import OAKFIELD
from tests.journeys.house import Trust

WHY = "I worry about what happens at night."
KEPT_FROM_OTHERS = ("cannot sleep", "not go home", "hits the wall")
REVIEW_ON = "2026-12-15"


class Words(House):
    """Amira opens a loop and answers a progress note; Sam writes to the teacher. Mrs Bell opens all of it."""

    def __init__(self, trust: Trust):
        super().__init__(trust)
        sam = self.who["sam"]
        self.who["child"] = (sam, "pupil", ())
        self.progress = self.call("POST", f"/pupils/{sam}/progress", "bell", json={
            "class_id": self.who["maple"], "strength": "Reads", "goes": "Well", "next_step": "Sums",
            "at_home": "Count"}).json["id"]
        trust.until(lambda: "progress-written" in self.told("amira") and "progress-written" in self.told("karim"))
        self.others()
        self.before = self.others()
        self.loop = self.call("POST", f"/pupils/{sam}/partnerships", "amira", json={
            "going_well": "Sings", "worries": "Sam cannot sleep", "audience": "all", "is_child_in": False,
            "review_on": REVIEW_ON}).json
        assert self.call("POST", f"/progress/{self.progress}/replies", "amira", json={
            "words": "He hits the wall"}).status_code == 201
        self.note = self.call("POST", f"/pupils/{sam}/notes", "child", json={
            "words": "I do not want to ... I will not go home", "audience": "school"}).json["id"]
        trust.until(lambda: self.reviews("amira") and self.reviews("karim") and self.told("bell").count(
            "review-offered") and {"partnership-opened", "progress-replied", "note-shared"} <= set(self.told("bell")))
        trust.until(lambda: {"partnership-opened", "review-offered"} <= set(self.told("karim")))
        trust.until(lambda: "review-offered" in self.told("amira"))
        self.review = self.reviews("amira")[0]["id"]
        self.bell.open(f"/staff/pupils/{sam}/together/{self.loop['id']}")
        self.bell.open(f"/staff/pupils/{sam}/progress")

    def edit(self, path: str, who: str, version: int, words: dict[str, str]) -> Any:
        """A change that says which version it has seen."""
        person, hat, roles = self.who[who]
        headers = {**self.trust.keys.header(person, hat, OAKFIELD, roles), "If-Match": f'"{version}"'}
        return self.trust.clients["profiles"].open(f"/schools/{OAKFIELD}{path}", method="PUT", json=words,
                                                   headers=headers)

    def told(self, who: str) -> list[str]:
        reply = self.trust.call("notifications", "GET", f"/{OAKFIELD}/notices", self.who[who])
        return [item["kind"] for item in reply.json["items"]]

    def later(self, **passed: float) -> None:
        """Time goes by; what stood still with it is as fresh as before."""
        self.settle(**passed)
        self.trust.until(self.is_fresh)

    def is_fresh(self) -> bool:
        asked = [self.trust.call(service, "GET", f"/{OAKFIELD}{path}", self.who[who]) for service, path in (
            ("scheduling", "/home"), ("scheduling", "/reviews"), ("notifications", "/notices"))
            for who in ("amira", "karim")]
        return all(reply.status_code == 200 for reply in asked)

    def is_booked(self) -> bool:
        """Whether all have heard of the time that Amira chose."""
        loop = self.call("GET", f"/partnerships/{self.loop['id']}", "amira").json
        return "review-booked" in self.told("amira") and bool(loop["meetings"])

    def reviews(self, who: str) -> Any:
        return self.trust.call("scheduling", "GET", f"/{OAKFIELD}/reviews", self.who[who]).json["items"]

    def read(self) -> None:
        """As on any day: what a child has written is said to be read."""
        assert self.call("POST", f"/notes/{self.note}/read", "bell").status_code == 200

    def pass_on(self) -> None:
        """Through the page, as Mrs Bell would."""
        shown = self.call("GET", f"/pupils/{self.who['sam']}/progress", "bell").json
        reply = next(answer["id"] for item in shown["items"] for answer in item["replies"])
        for kind, entry, more in (("loop", self.loop["answers"][0]["id"], {}), ("reply", reply, {}),
                                  ("note", self.note, {"child_told": "told"})):
            self.bell.open(f"/staff/safeguarding/pass?kind={kind}&id={entry}")
            assert "The safeguarding lead has it" in self.bell.send(why=WHY, **more).text

    def author(self) -> list[str]:
        """Everything that Amira sees and may call, and all that Sam may call."""
        sam = self.who["sam"]
        base, loop = f"/children/{sam}", self.loop["id"]
        pages = [self.amira.open(path).html for path in (
            "/", base, f"{base}/together", f"{base}/together/{loop}", f"{base}/reviews/{self.review}",
            f"{base}/progress", "/inbox", f"{base}/held")]
        calls = [self.call("GET", path, "amira") for path in (
            f"/partnerships/{loop}", f"/pupils/{sam}/partnerships", f"/pupils/{sam}/page", f"/pupils/{sam}/held")]
        calls += [self.trust.call("scheduling", "GET", f"/{OAKFIELD}{path}", self.who["amira"]) for path in (
            "/reviews", f"/reviews/{self.review}", "/home")]
        calls += [self.trust.call("notifications", "GET", f"/{OAKFIELD}/notices", self.who["amira"])]
        calls += [self.call("GET", path, "child") for path in (
            f"/notes/{self.note}", f"/pupils/{sam}/notes", f"/pupils/{sam}/page")]
        return [plain(text) for text in (*pages, *(f"{reply.status_code} {reply.get_data(as_text=True)}"
                                                   for reply in calls))]

    def others(self) -> list[str]:
        """Everything of the other home, and of the teacher."""
        sam = self.who["sam"]
        pages = [self.karim.open(path).html for path in (
            "/", f"/children/{sam}", f"/children/{sam}/together", f"/children/{sam}/progress", "/inbox")]
        pages += [self.bell.open(path).html for path in (
            "/staff", f"/staff/pupils/{sam}", f"/staff/pupils/{sam}/together", f"/staff/pupils/{sam}/progress",
            "/inbox")]
        calls = [self.call("GET", path, who) for who in ("karim", "bell") for path in (
            f"/pupils/{sam}/page", f"/pupils/{sam}/partnerships", f"/pupils/{sam}/notes", f"/pupils/{sam}/progress")]
        calls += [self.trust.call("notifications", "GET", f"/{OAKFIELD}/notices", self.who[who])
                  for who in ("karim", "bell")]
        calls.append(self.trust.call("scheduling", "GET", f"/{OAKFIELD}/reviews", self.who["karim"]))
        return [plain(text) for text in (*pages, *(reply.get_data(as_text=True) for reply in calls))]


@pytest.fixture
def worlds(tmp_path: Path) -> Iterator[tuple[Words, Words]]:
    with ExitStack() as stack:
        read, passed = (stack.enter_context(open_world(tmp_path / name, Words)) for name in ("read", "passed"))
        yield read, passed


def test_passing_words_on_leaves_no_trace(worlds: tuple[Words, Words]) -> None:
    read, passed = worlds
    assert isinstance(read.trust.clock, FixedClock)
    read.read()
    passed.pass_on()
    passed.trust.until(lambda: not passed.reviews("karim"))
    passed.trust.until(lambda: not {"partnership-opened", "progress-replied", "note-shared", "review-offered"}
                       & {*passed.told("bell"), *passed.told("karim")})
    _same(passed, read)
    _nobody_else_holds_anything(passed)
    _what_is_said_later_looks_the_same(read, passed)
    _a_note_that_is_shared_again_looks_the_same(read, passed)
    _a_time_that_is_chosen_is_kept(read, passed)


def _nobody_else_holds_anything(world: Words) -> None:
    assert world.others() == world.before
    for words in KEPT_FROM_OTHERS:
        assert all(words not in text for text in world.others())
    place = f"/staff/pupils/{world.who['sam']}/together"
    there = plain(world.bell.open(f"{place}/{world.loop['id']}").html)
    assert there == plain(world.bell.open(f"{place}/{world.loop['id']}x").html)


def _what_is_said_later_looks_the_same(read: Words, passed: Words) -> None:
    for world in (read, passed):
        loop = f"/partnerships/{world.loop['id']}"
        world.later(hours=2)
        said = {"going_well": "Sings", "worries": "It is worse"}
        assert world.edit(f"{loop}/answers/mine", "amira", 1, said).status_code == 200
        assert world.call("POST", f"{loop}/steps", "amira", json={
            "doer": "home", "words": "I stay up", "by_on": REVIEW_ON}).status_code == 201
    _same(passed, read)
    found = [world_matter(passed, "loop")["entries"][place] for place in (1, 2)]
    assert [entry["what"] for entry in found] == ["changed", "added"]
    assert "It is worse" in found[0]["words"]


def _same(passed: Words, read: Words) -> None:
    """Page by page, so that a fault says where it is."""
    for one, other in zip(passed.author(), read.author(), strict=True):
        assert one.splitlines() == other.splitlines()


def world_matter(world: Words, kind: str) -> Any:
    matters = world.call("GET", "/safeguarding/matters", LEAD).json["items"]
    found = next(item["id"] for item in matters if item["kind"] == kind)
    return world.call("GET", f"/safeguarding/matters/{found}", LEAD).json


def _a_note_that_is_shared_again_looks_the_same(read: Words, passed: Words) -> None:
    for world in (read, passed):
        note = f"/notes/{world.note}"
        assert world.call("POST", f"{note}/withdraw", "child").status_code == 200
        version = world.call("GET", note, "child").json["version"]
        assert world.edit(note, "child", version, {"words": "Please help"}).status_code == 200
        assert world.call("POST", f"{note}/share", "child", json={"audience": "school"}).status_code == 200
    _same(passed, read)
    read.read()
    matter = world_matter(passed, "note")
    assert [entry["what"] for entry in matter["entries"]] == ["passed", "withdrawn", "shared"]
    assert passed.call("POST", f"/safeguarding/matters/{matter['id']}/answer", LEAD).status_code == 201
    _same(passed, read)


def _a_time_that_is_chosen_is_kept(read: Words, passed: Words) -> None:
    """The teacher has it, or home would stand before a closed door."""
    for world in (read, passed):
        world.amira.open(f"/children/{world.who['sam']}/reviews/{world.review}")
        at = world.trust.call("scheduling", "GET", f"/{OAKFIELD}/reviews/{world.review}",
                              world.who["amira"]).json["times"][0]
        world.amira.send(starts_at=at)
        world.trust.until(world.is_booked)
    _same(passed, read)
    assert [item["state"] for item in passed.reviews("bell")] == ["booked"]
