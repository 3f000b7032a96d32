"""Passing on leaves no trace: two worlds alike but for one update, which is read in the one and passed on in the other.

What its author's pages and calls give is the same to the byte, then and after every later step; what the teacher's and
the other home's give is what they gave before there was an update.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa

from chassis.adapters.bus_embedded import EmbeddedBus
from chassis.db import outbox
from tests.fakes import FixedClock
from tests.isolation.world import OAKFIELD
from tests.journeys.house import SERVICES, Trust
from tests.journeys.test_one_familys_day import import_sample, notice, people
from tests.journeys.test_pages import AMIRA, BELL, KARIM
from tests.parts.migrated import new_sqlite

LEAD = ("lead", "staff", ("dsl",))
WORDS, WHY = "Sam sleeps at a friend's this week.", "He told me that he is alone at home."
ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
Kind = TypeVar("Kind", bound="House")
OURS = ("tandem.profiles.update.", "tandem.profiles.matter.")


class House:
    """A trust whose clock stands still, and the people of its sample."""

    def __init__(self, trust: Trust):
        self.trust = trust
        import_sample(trust)
        self.who = people(trust)
        self.amira, self.bell, self.karim = (trust.sign_in(one) for one in (AMIRA, BELL, KARIM))
        trust.until(lambda: "Sam" in self.amira.open("/").text and "Sam" in self.karim.open("/").text)

    def call(self, method: str, path: str, who: Any, **more: Any) -> Any:
        caller = self.who[who] if isinstance(who, str) else who
        return self.trust.call("profiles", method, f"/{OAKFIELD}{path}", caller, **more)

    def settle(self, **passed: float) -> None:
        """Let time pass, and what was due then be done."""
        self.trust.clock.advance(**passed)  # type: ignore[attr-defined]


class World(House):
    """One update that Amira has sent about Sam."""

    def __init__(self, trust: Trust):
        super().__init__(trust)
        self.others()  # that Mrs Bell opens Sam's page is itself kept, and seen by both homes
        self.before = self.others()
        self.shared = self.call("POST", f"/pupils/{self.who['sam']}/updates", "amira", json={
            "kind": "sleep", "words": WORDS, "audience": "named", "staff_ids": [self.who["bell"][0]],
            "until": "week"}).json
        self.update = self.shared["id"]
        trust.until(lambda: "note from home about Sam" in self.bell.open("/inbox").text)

    def pass_on(self) -> None:
        """Through the page, as Mrs Bell would."""
        self.bell.open(f"/staff/safeguarding/pass?kind=update&id={self.update}")
        assert "The safeguarding lead has it" in self.bell.send(why=WHY).text

    def read(self) -> None:
        assert self.call("POST", f"/updates/{self.update}/acknowledge", "bell", json={"reply": ""}).status_code == 200

    def author(self) -> list[str]:
        """Everything that Amira sees and may call."""
        notice(self.trust, self.who["amira"], "update-acknowledged")
        sam, own = self.who["sam"], f"/children/{self.who['sam']}/updates/{self.update}"
        pages = [self.amira.open(path).html for path in (
            "/", f"/children/{sam}", own, f"{own}/change", f"{own}/withdraw", "/inbox", f"/children/{sam}/held")]
        calls = [self.call("GET", path, "amira") for path in (
            f"/updates/{self.update}", f"/pupils/{sam}/updates", f"/pupils/{sam}/held", f"/pupils/{sam}/page", "/home")]
        told = self.trust.call("notifications", "GET", f"/{OAKFIELD}/notices", self.who["amira"])
        return [plain(text) for text in (*pages, *(f"{reply.status_code} {reply.get_data(as_text=True)}"
                                                   for reply in (*calls, told)))]

    def others(self) -> list[str]:
        """Everything of the other home, and of the teacher."""
        sam = self.who["sam"]
        pages = [self.karim.open(path).html for path in ("/", f"/children/{sam}", "/inbox", f"/children/{sam}/held")]
        pages += [self.bell.open(path).html for path in ("/staff", f"/staff/pupils/{sam}", "/inbox")]
        calls = [self.call("GET", path, who) for who in ("karim", "bell") for path in (
            f"/pupils/{sam}/updates", f"/pupils/{sam}/page", "/updates")]
        return [plain(text) for text in (*pages, *(reply.get_data(as_text=True) for reply in calls))]

    def facts(self) -> list[str]:
        """What was announced of updates and matters, in order, with what travels beside it."""
        worker = next(one for one in self.trust.workers if one.work.service == "profiles")
        with worker.work.database.across_schools("a test looks", write=False) as connection:
            rows = connection.execute(sa.select(outbox.c.headers, outbox.c.value).order_by(outbox.c.seq)).all()
        found = [(dict(json.loads(row.headers)), row.value) for row in rows]
        return [f"{headers['ce_type']} {row_value.decode()}" for headers, row_value in found
                if headers["ce_type"].startswith(OURS)]

    def is_answered_twice(self) -> bool:
        return len([fact for fact in self.facts() if "acknowledged" in fact]) == 2

    def has_ended(self) -> bool:
        return bool(self.call("GET", f"/updates/{self.update}", "amira").json["state"] == "ended")


def plain(text: str) -> str:
    """Ids by the order in which they appear, and no secrets of a session."""
    text = re.sub(r'name="csrf_token" value="[^"]+"|"(?:etag|token)": ?"[^"]+"', "", text)
    order: dict[str, str] = {}
    return ID.sub(lambda found: order.setdefault(found.group(), f"id-{len(order)}"), text)


@contextmanager
def open_world(folder: Path, kind: Callable[[Trust], Kind]) -> Iterator[Kind]:
    folder.mkdir()
    urls = {service: new_sqlite(service, folder / f"{service}.db") for service in SERVICES}
    trust = Trust(EmbeddedBus(folder / "bus.db"), urls, folder, clock=FixedClock())
    trust.start()
    try:
        yield kind(trust)
    finally:
        trust.stop()


@pytest.fixture
def worlds(tmp_path: Path) -> Iterator[tuple[World, World]]:
    with ExitStack() as stack:
        read, passed = (stack.enter_context(open_world(tmp_path / name, World)) for name in ("read", "passed"))
        yield read, passed


def test_passing_on_leaves_no_trace(worlds: tuple[World, World]) -> None:
    read, passed = worlds
    read.read()
    passed.pass_on()
    assert passed.author() == read.author()
    _the_others_hold_nothing(passed)
    assert [plain(fact) for fact in passed.facts()] == [plain(fact) for fact in read.facts()]
    _what_is_announced_later_says_nothing(read, passed)
    _a_change_looks_the_same(read, passed)
    _its_end_looks_the_same(read, passed)


def _the_others_hold_nothing(world: World) -> None:
    world.trust.until(lambda: "note from home about Sam" not in world.bell.open("/inbox").text)
    assert world.others() == world.before
    for path in (f"/staff/updates/{world.update}", f"/children/{world.who['sam']}/updates/{world.update}"):
        for visitor in (world.bell, world.karim):
            there = plain(visitor.open(path).html)
            assert visitor.page.status == 404
            assert there == plain(visitor.open(f"{path}x").html)


def _what_is_announced_later_says_nothing(read: World, passed: World) -> None:
    """One fact more, by the hour and with an id that leads nowhere."""
    for world in (read, passed):
        world.settle(hours=1)
    passed.trust.until(lambda: any("matter" in fact for fact in passed.facts()))
    assert [plain(fact) for fact in passed.facts()][:-1] == [plain(fact) for fact in read.facts()]
    assert plain(passed.facts()[-1]) == 'tandem.profiles.matter.passed.v1 {"matter_id":"id-0"}'
    assert passed.author() == read.author()


def _a_change_looks_the_same(read: World, passed: World) -> None:
    """New words wait for school again; in the other world a lead reads them, and home is answered by the same name."""
    for world in (read, passed):
        world.settle(hours=3)
        world.amira.open(f"/children/{world.who['sam']}/updates/{world.update}/change")
        assert "School has it as you say it now" in world.amira.send(
            words="Sam is home again.", audience="named", staff_ids=world.who["bell"][0], until="week").text
    assert passed.author() == read.author()
    read.read()
    (matter,) = passed.call("GET", "/safeguarding/matters", LEAD).json["items"]
    assert passed.call("POST", f"/safeguarding/matters/{matter['id']}/answer", LEAD).status_code == 201
    for world in (read, passed):
        world.trust.until(world.is_answered_twice)
    assert passed.author() == read.author()
    assert passed.others()[4:7] == passed.before[4:7], "the teacher's pages"


def _its_end_looks_the_same(read: World, passed: World) -> None:
    """It ends by itself in both."""
    for world in (read, passed):
        world.settle(days=8)
        world.trust.until(world.has_ended)
    assert passed.author() == read.author()
