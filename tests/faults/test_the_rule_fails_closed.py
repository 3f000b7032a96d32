"""Whatever fails between an order and the post: nothing goes to the barred adult, and what is held goes later.

The services are real; the wire between them is in the test's hands (tests/rule/world.py).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chassis.envelope import Event
from tests.rule.world import World, again

ROSTER = (
    "school,pupil_id,pupil_given_name,pupil_family_name,year_group,class,adult_id,adult_given_name,adult_family_name,"
    "email,relationship,parental_responsibility,contact_restriction,lives_with,priority\n"
    "Oakfield,1,Ada,Reed,Year 2,Maple,7,Gil,Reed,gil@homes.example,father,yes,none,no,2\n"
    "Oakfield,1,Ada,Reed,Year 2,Maple,8,Hal,Reed,hal@homes.example,mother,yes,none,yes,1\n")
GIL, HAL = "gil@homes.example", "hal@homes.example"


class Story:
    """A school with Ada and her two homes, and good news about her that is on its way to both."""

    def __init__(self, folder: Path):
        self.world, self.seen, self.read_to = World(folder), [], 0  # type: ignore[var-annotated]
        self.post_office, self.notifications = self.world.office, self.world.readers[1]
        self.world.import_roster("oakfield", ROSTER)
        self.world.employ("oakfield")
        self.relay()
        pairs = self.world.call("GET", "/relationships").json["items"]
        self.ada = pairs[0]["pupil"]["id"]
        self.gil = next(pair["guardian"]["id"] for pair in pairs if pair["guardian"]["given_name"] == "Gil")
        self.good_news()

    def good_news(self) -> None:
        good = {"strength": "kindness", "sentence": "x"}
        assert self.world.call("POST", f"/pupils/{self.ada}/praise", body=good).status_code == 201
        self.relay()

    def restrict(self) -> None:
        path = f"/pupils/{self.ada}/guardians/{self.gil}/restrictions"
        assert self.world.call("POST", path, body={"kind": "no contact"}).status_code == 201

    def relay(self) -> list[Event]:
        """What profiles has said since reaches notifications: state first, as in its own topic."""
        said, self.read_to = self.world.said("oakfield", self.read_to)
        coming = [event for stream, event in sorted(said, key=lambda found: found[0] != "state")]
        self.seen += coming
        self.notifications.take(coming)
        return coming

    def beat(self) -> None:
        for chore in self.world.profiles.chores:
            chore()
        self.relay()

    def post(self) -> list[str]:
        """Have everything sent that may be; the addresses that got something, in order."""
        before = len(self.post_office.letters)
        self.world.clock.advance(seconds=31)  # the post looks everywhere twice a minute
        while any(chore() for chore in self.notifications.service.chores):
            pass
        return sorted(letter.to for letter in self.post_office.letters[before:])

    def minutes(self, count: float) -> None:
        self.world.clock.advance(minutes=count)


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return Story(tmp_path)


def test_profiles_is_down_for_five_minutes_and_all_is_held_and_then_sent_once(story: Story) -> None:
    story.minutes(5)
    assert story.post() == []
    story.beat()
    assert story.post() == [GIL, HAL]
    story.beat()
    assert story.post() == [], "once"


def test_the_relay_is_stopped_and_what_it_would_have_said_is_waited_for(story: Story) -> None:
    story.restrict()
    story.minutes(1)
    assert story.post() == []
    story.beat()
    assert story.post() == [HAL]


def test_a_restriction_comes_while_a_letter_waits_to_be_tried_again(story: Story) -> None:
    story.post_office.is_away = True
    assert story.post() == []
    story.restrict()
    story.relay()
    story.post_office.is_away = False
    story.minutes(3)
    story.beat()
    assert story.post() == [HAL]
    story.minutes(600)
    story.beat()
    assert story.post() == []


def test_a_whole_topic_is_replayed(story: Story) -> None:
    story.restrict()
    story.relay()
    assert story.post() == [HAL]
    story.notifications.take(again(event) for event in story.seen if event.state_of)
    story.notifications.take(event for event in story.seen)
    story.beat()
    assert story.post() == []


def test_a_backup_of_before_the_order_is_restored(story: Story) -> None:
    backup: Any = story.notifications.dump("oakfield")
    before = len(story.seen)
    story.restrict()
    story.relay()
    story.minutes(2)
    story.notifications.load("oakfield", backup)
    assert story.post() == [], "what it knows is too old to send by"
    story.notifications.take(story.seen[before:])
    story.beat()
    assert story.post() == [HAL]


def test_a_projection_that_only_hears_heartbeats_again_goes_on(story: Story) -> None:
    story.minutes(2)
    assert story.post() == []
    story.beat()
    story.restrict()
    story.relay()
    assert story.post() == [HAL]
