"""The rule against a model of it: whatever is entered, lifted, imported, lost, repeated, parked or restored.

No act without the right at that moment, and no right withheld without a reason: profiles answers as the model at every
step; each reader answers as the model of what has reached it, or says `held`; no letter is handed over to an adult who,
as far as its service could know, may not receive; and once everything has arrived all are of one mind.
"""

from __future__ import annotations

import os
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chassis.errors import NotYet
from tests.rule.model import RIGHTS, TAKES, Model, Place, Taken
from tests.rule.world import RIGHTS_TYPE, Reader, World, again

EXAMPLES = int(os.environ.get("TANDEM_RULE_EXAMPLES", "50"))
STALE = timedelta(seconds=60)
LONDON = ZoneInfo("Europe/London")
HEADER = ("school,pupil_id,pupil_given_name,pupil_family_name,year_group,class,adult_id,adult_given_name,"
          "adult_family_name,email,relationship,parental_responsibility,contact_restriction,lives_with,priority\n")
PUPILS, ADULTS = ("Ada", "Ben"), ("Gil", "Hal")
PLACES = [(pupil, adult) for pupil in PUPILS for adult in ADULTS]
KINDS = ("parent", "grandparent", "social worker")
WORDS = st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(["yes", "no", "unknown"]),
                           st.sampled_from(["none", "none", "restricted", "unknown"])), min_size=4, max_size=4)
PLACE = st.sampled_from(PLACES)
DAYS = st.none() | st.integers(0, 3)
SOME = st.frozensets(st.sampled_from(sorted(RIGHTS)), min_size=1, max_size=3)
READER = st.sampled_from([0, 1])


class Rule(RuleBasedStateMachine):
    """Names are those of the model; the services' ids stand in `ids`."""

    world: World
    count = 0

    @initialize(words=WORDS)
    def begin(self, words: Any) -> None:
        Rule.count += 1
        self.world.clock.advance(seconds=61)
        self.name, self.school = f"School {Rule.count}", f"school-{Rule.count}"
        self.model, self.wire, self.read_to = Model(), [], 0
        self.history: list[tuple[datetime, Model]] = []  # the model at each moment that profiles changed
        self.copies: list[tuple[int, Model]] = []  # the model after each length of the state stream
        self.events: list[Any] = []
        self.backups: list[Any] = [None, None]
        for reader in self.world.readers:
            reader.position, reader.held, reader.parked, reader.newest = 0, set(), [], None
        self.world.office.judge = self.judge
        self.ids: dict[str, str] = {}
        self.send_roster(words)
        self.world.employ(self.school)
        self.changed()
        relationships = self.world.call("GET", "/relationships").json["items"]
        for item in relationships:
            self.ids[item["pupil"]["given_name"]] = item["pupil"]["id"]
            self.ids[item["guardian"]["given_name"]] = item["guardian"]["id"]

    # -- what profiles does -----------------------------------------------------------------------------------------

    def send_roster(self, words: Any) -> None:
        rows = "".join(
            f"{self.name},{pupil},{pupil},Reed,Year 2,Maple,{adult},{adult},Reed,{adult.lower()}@homes.example,{kind},"
            f"{responsibility},{word},yes,1\n"
            for (pupil, adult), (kind, responsibility, word) in zip(PLACES, words, strict=True))
        self.world.import_roster(self.school, HEADER + rows)
        for place, said in zip(PLACES, words, strict=True):
            self.model.take_file(place, said)
        self.changed()

    def changed(self) -> None:
        """Profiles has done something: remember what the model knows now, and what was said on the wire."""
        said, self.read_to = self.world.said(self.school, self.read_to)
        self.wire += [event for stream, event in said if stream == "state"]
        self.events += [event for stream, event in said if stream == "events"]
        self.history.append((self.world.clock.now(), self.model.copy()))
        self.copies.append((len(self.wire), self.model.copy()))

    @rule(words=WORDS)
    def roster(self, words: Any) -> None:
        self.send_roster(words)

    @rule(place=PLACE, kind=st.sampled_from(sorted(set(TAKES) - {"roster flag"})), takes=SOME, first=DAYS, last=DAYS)
    def restrict(self, place: Place, kind: str, takes: frozenset[str], first: int | None, last: int | None) -> None:
        today = self.world.clock.now().astimezone(LONDON).date()
        last = None if last is None else max(last, first or 0)
        days = [None if day is None else today + timedelta(days=day) for day in (first, last)]
        reply = self.world.call("POST", f"{self.pair(place)}/restrictions", body={
            "kind": kind, "takes": sorted(takes), "starts_on": days[0] and days[0].isoformat(),
            "until_on": days[1] and days[1].isoformat()})
        assert reply.status_code == 201, reply.json
        ends = None if days[1] is None else midnight(days[1] + timedelta(days=1))
        self.model.pairs[place].restrictions.append(Taken(
            reply.json["id"], TAKES[kind] | takes, None if days[0] is None else midnight(days[0]), ends))
        self.changed()

    def pair(self, place: Place) -> str:
        return f"/pupils/{self.ids[place[0]]}/guardians/{self.ids[place[1]]}"

    @rule(place=PLACE, number=st.integers(0, 3), who=st.sampled_from(["s-dsl", "s-head"]), act=st.sampled_from(
        ["ask", "confirm", "refuse"]))
    def lift(self, place: Place, number: int, who: str, act: str) -> None:
        """One asks, another confirms; every other order of things is refused."""
        family = self.world.call("GET", f"/pupils/{self.ids[place[0]]}/family").json
        adult = next(one for one in family["adults"] if one["guardian"]["given_name"] == place[1])
        if not adult["restrictions"]:
            return
        index = number % len(adult["restrictions"])
        found, mine = adult["restrictions"][index], self.model.pairs[place].restrictions
        taken = next((one for one in mine if one.id == found["id"]), None) or next(one for one in mine if not one.id)
        path = f"/restrictions/{found['id']}/lifting"
        reply = self.world.call("POST", path if act == "ask" else f"{path}/{act}", who, {"reason": "x"}
                                if act == "ask" else None)
        may = {"ask": taken.asked_by is None, "refuse": taken.asked_by is not None,
               "confirm": taken.asked_by is not None and taken.asked_by != who}[act]
        assert (reply.status_code == 200) == may, reply.json
        if may and act == "confirm":
            mine.remove(taken)
        elif may:
            taken.asked_by = who if act == "ask" else None
        self.changed()

    @rule(place=PLACE, kind=st.sampled_from(KINDS), responsibility=st.sampled_from(["yes", "no", "unknown"]))
    def change(self, place: Place, kind: str, responsibility: str) -> None:
        self.world.call("PUT", self.pair(place), body={
            "kind": kind, "parental_responsibility": responsibility, "lives_with": "shared"})
        self.model.pairs[place].kind, self.model.pairs[place].responsibility = kind, responsibility
        self.changed()

    @rule(place=PLACE)
    def check(self, place: Place) -> None:
        pair = self.model.pairs[place]
        reply = self.world.call("POST", f"{self.pair(place)}/checks", body={"seen": "the file"})
        assert (reply.status_code == 200) == (pair.word == "unknown" and not pair.is_checked)
        pair.is_checked = pair.is_checked or reply.status_code == 200
        self.changed()

    @rule(kind=st.sampled_from(KINDS), rights=SOME, days=DAYS)
    def policy(self, kind: str, rights: frozenset[str], days: int | None) -> None:
        now = self.world.clock.now()
        based_on = self.world.call("GET", "/policy").json["version"]
        starts_on = None if days is None else now.astimezone(LONDON).date() + timedelta(days=days)
        reply = self.world.call("POST", "/policy", body={
            "kinds": {kind: sorted(rights)}, "based_on": based_on, "reason": "x",
            "starts_on": starts_on and starts_on.isoformat()})
        assert reply.status_code == 201, reply.json
        self.model.policies.append(({kind: rights}, now if starts_on is None else max(now, midnight(starts_on))))
        self.changed()

    @precondition(lambda self: self.model.policies)
    @rule()
    def undo(self) -> None:
        self.world.call("POST", "/policy/undo")
        before = self.model.policies[-2][0] if len(self.model.policies) > 1 else {}
        self.model.policies.append((before, self.world.clock.now()))
        self.changed()

    @rule(pupil=st.sampled_from(PUPILS))
    def praise(self, pupil: str) -> None:
        reply = self.world.call("POST", f"/pupils/{self.ids[pupil]}/praise", body={
            "strength": "kindness", "sentence": "x"})
        assert reply.status_code == 201, reply.json
        self.changed()

    @rule(seconds=st.sampled_from([1, 30, 59, 61, 3600, 86400, 3 * 86400]))
    def wait(self, seconds: int) -> None:
        """Time passes; dates are obeyed before any deadline is swept."""
        self.world.clock.advance(seconds=seconds)

    @rule()
    def sweep(self) -> None:
        self.world.work()
        self.changed()

    @rule()
    def beat(self) -> None:
        for chore in self.world.profiles.chores:
            chore()
        self.changed()

    # -- what happens on the way, and what the readers do -----------------------------------------------------------

    def reader(self, number: int) -> Reader:
        return self.world.readers[number]

    def lengths(self) -> list[int]:
        return [length for length, _ in self.copies]

    @rule(number=READER, steps=st.integers(1, 4))
    def deliver(self, number: int, steps: int) -> None:
        """The next things that profiles did reach a reader; what is parked keeps its key waiting."""
        reader = self.reader(number)
        ahead = sorted({length for length in self.lengths() if length > reader.position})[:steps]
        if ahead:
            self.take(reader, ahead[-1])

    def take(self, reader: Reader, to: int) -> None:
        coming = self.wire[reader.position:to]
        reader.parked += [event for event in coming if event.key in reader.held]
        reader.take(event for event in coming if event.key not in reader.held)
        reader.position = to

    @rule(number=READER, back=st.integers(1, 12), renew=st.booleans())
    def repeat(self, number: int, back: int, renew: bool) -> None:
        """What came before comes again, also under other ids."""
        reader = self.reader(number)
        old = [event for event in self.wire[max(0, reader.position - back):reader.position]
               if event.key not in reader.held]
        reader.take(again(event) if renew else event for event in old)

    @rule(number=READER)
    def park(self, number: int) -> None:
        """The next snapshot of a pair cannot be handled: the pair is held, everything else goes on."""
        reader = self.reader(number)
        coming = next((event for event in self.wire[reader.position:] if event.type == RIGHTS_TYPE), None)
        if coming is None or coming.key in reader.held:
            return
        with reader.service.database.unit_of_work(self.school) as uow:
            reader.service.subscriptions.on_parked[RIGHTS_TYPE](uow, coming.key)
        reader.held.add(coming.key)
        self.deliver(number, 1)

    @rule(number=READER)
    def retry(self, number: int) -> None:
        """An operator has the dead letters tried again, in order."""
        reader = self.reader(number)
        if reader.parked:
            reader.take(again(event) for event in reader.parked)
            reader.held -= {event.key for event in reader.parked}
            reader.parked = []

    @rule(number=READER)
    def back_up(self, number: int) -> None:
        self.backups[number] = self.reader(number).dump(self.school)

    @precondition(lambda self: any(self.backups))
    @rule(number=READER)
    def restore(self, number: int) -> None:
        if self.backups[number] is not None:
            self.reader(number).load(self.school, self.backups[number])

    @rule()
    def hear_events(self) -> None:
        """Events come on a topic of their own: before or after the state that they were decided on."""
        for event in self.events:
            with suppress(NotYet):
                self.reader(1).take([event])

    @rule()
    def post(self) -> None:
        for chore in self.reader(1).service.chores:
            chore()

    # -- what must hold ---------------------------------------------------------------------------------------------

    def expected(self, reader: Reader, place: Place, right: str) -> str:
        """What this reader can know: the model as of what has reached it, or that it must hold."""
        now = self.world.clock.now()
        if reader.newest is None or now - reader.newest.time > STALE:
            return "held"
        if ":".join(self.ids[name] for name in place) in reader.held:
            return "held"
        known = next(model for length, model in reversed(self.copies) if length <= reader.position)
        return "allowed" if right in known.allowed(place, now) else "refused"

    def judge(self, letter: Any) -> None:
        """Nothing about a child is handed over to an adult who may not receive."""
        adult = letter.to.split("@")[0].title()
        for pupil in PUPILS:
            if pupil in letter.subject or pupil in letter.text:
                assert self.expected(self.reader(1), (pupil, adult), "receive") == "allowed", (pupil, adult)

    @invariant()
    def profiles_is_the_model(self) -> None:
        if not self.ids:
            return
        now = self.world.clock.now()
        for adult in ADULTS:
            headers = self.world.keys.header(self.ids[adult], "guardian", self.school)
            children = self.world.client.get(f"/schools/{self.school}/children", headers=headers).json["items"]
            may = {child["given_name"]: {name for name, yes in child["may"].items() if yes} for child in children}
            for pupil in PUPILS:
                right = self.model.allowed((pupil, adult), now)
                assert may.get(pupil, set()) == (set(right) if "see" in right else set()), (pupil, adult)

    @invariant()
    def readers_are_the_model_of_what_has_reached_them(self) -> None:
        for reader in self.world.readers if self.ids else ():
            for pupil, adult in PLACES:
                for right in ("receive", "book", "collect"):
                    answer = reader.may(self.school, self.ids[adult], right, self.ids[pupil])
                    assert answer == self.expected(reader, (pupil, adult), right), (reader.service.name, pupil, adult)

    @rule(place=PLACE, chosen=st.floats(0, 1))
    def ask_the_past(self, place: Place, chosen: float) -> None:
        """What could this adult do then, as it was known then?"""
        at, known = self.history[int(chosen * (len(self.history) - 1))]
        later = [model for when, model in self.history if when <= at]
        answers = self.world.call("GET", f"/tester?pupil_id={self.ids[place[0]]}&guardian_id={self.ids[place[1]]}"
                                         f"&at={quote(at.isoformat())}").json["items"]
        (answer,) = answers
        assert {name for name, right in answer["rights"].items() if right["allowed"]} == set(
            (later[-1] if later else known).allowed(place, at))

    def teardown(self) -> None:
        """In the end everything arrives, and everybody is of one mind."""
        if not getattr(self, "ids", None):
            return
        self.world.clock.advance(seconds=25)
        self.world.work()
        self.beat()
        self.praise(PUPILS[0])
        for number, reader in enumerate(self.world.readers):
            self.retry(number)
            reader.held = set()
            self.take(reader, len(self.wire))
            self.retry(number)
        self.hear_events()
        self.world.office.letters.clear()
        while any(chore() for chore in self.reader(1).service.chores):
            pass
        self.readers_are_the_model_of_what_has_reached_them()
        now = self.world.clock.now()
        for reader in self.world.readers:
            for pupil, adult in PLACES:
                assert (reader.may(self.school, self.ids[adult], "receive", self.ids[pupil]) == "allowed") == (
                    "receive" in self.model.allowed((pupil, adult), now))


def midnight(day: date) -> datetime:
    """When the school's own clock begins that day; the clock of these tests walks through summers too."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("rule"))


def test_the_services_keep_to_the_model(world: World) -> None:
    Rule.world = world
    run_state_machine_as_test(Rule, settings=settings(
        max_examples=EXAMPLES, stateful_step_count=20, deadline=None, derandomize=EXAMPLES == 50,
        suppress_health_check=list(HealthCheck)))
