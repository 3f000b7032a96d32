"""The sample trust's story, told through the front doors: what Sam's two homes, school and Sam have written so far.

A new visitor finds one child's page alive, and an open loop to take from a worry to a celebration. Everything goes
through the services' own HTTP, as the person whose words they are; nothing here is in any roster.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chassis.auth import Principal
from chassis.errors import Refused
from tandem.client import PlatformClient
from tandem.data import DataFolder

SCHOOL = "oakfield-infant-school"
ABOUT = (
    ("sam", "strengths", "I can build bridges that hold my whole lunch box.", "all"),
    ("bell", "strengths", "Sam notices when somebody is on their own, and asks them to play.", "all"),
    ("amira", "strengths", "Sam never forgets a promise.", "all"),
    ("sam", "matters", "My cat Biscuit. Knowing what comes next.", "all"),
    ("bell", "help", "Say what comes next before it comes. A picture plan works best.", "all"),
    ("amira", "home", "Ten minutes of building before homework.", "all"),
    ("karim", "home", "We walk the dog before we talk about the day.", "all"),
    ("bell", "school", "A job to do first thing, like the register.", "all"),
    ("amira", "avoid", "Being hurried at the door.", "school"),
    ("sam", "signs", "When I am worried I go quiet. When I am happy I hum.", "all"),
)
MORNING = {
    "kind": "morning", "what": "The same three pictures every morning: dress, eat, bag.",
    "why": "Mornings go better when Sam knows what comes next.",
    "at_home": "The pictures hang by the door.", "at_school": "The same pictures are on Sam's peg.",
    "by_child": "I move the peg along."}
PROGRESS = {
    "strength": "Sam explains how things work so that others can follow.",
    "goes": "Reading is coming on well. Writing is slower, and Sam knows it.",
    "next_step": "Two sentences a day about something built that day.",
    "at_home": "Ask Sam to tell you the two sentences before they are written."}
CLASS_PAGE = {
    "learning": "Stories from other countries, bridges and towers, counting in fives.",
    "expects": "We listen when somebody speaks, and we try again.", "routines": "Reading books go home every day.",
    "help_one": "Read together for ten minutes.", "help_two": "Count the stairs in fives.",
    "help_three": "Let your child tell you how something was built.", "dates": "Museum trip in the last week of term."}
WORRY = {
    "going_well": "Sam loves building with Mrs Bell, and talks about it at every supper.",
    "worries": "Sam cries before school on Mondays, after a busy weekend.",
    "support": "One plan for Monday mornings that is the same wherever Sam wakes up.",
    "audience": "all", "is_child_in": True}
ANSWERS = (
    ("bell", {"going_well": "By ten o'clock Sam is in the middle of everything.",
              "worries": "The first half hour on Mondays is hard.", "audience": "all"}),
    ("karim", {"going_well": "Sundays are calm, and Sam packs the bag alone.",
               "worries": "We are late on Mondays, and Sam feels it.", "audience": "all"}))


Call = Callable[[Principal, str, str, Mapping[str, Any] | None], Any]
"""(who, method, path, body) -> the JSON of profiles' reply. Whoever agrees has read the first version of a thing."""
FIRST = {"If-Match": '"1"'}


@dataclass(slots=True)
class Storyteller:
    """Speaks to profiles as each of the people of the story."""

    call: Call
    people: Mapping[str, tuple[str, str, tuple[str, ...]]]  # name -> (person id, hat, roles)

    def say(self, name: str, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        person_id, hat, roles = self.people[name]
        who = Principal(f"story-{name}", SCHOOL, person_id, hat, frozenset(roles))
        return self.call(who, method, f"/schools/{SCHOOL}{path}", body)


def tell_story_to(data: DataFolder, url: str) -> None:
    """Tell it to the platform at this address."""
    tell_story(lambda who, method, path, body: PlatformClient(data, url, who, FIRST).call(
        method, "profiles", path, None, body))


def tell_story(call: Call) -> None:
    """Write down the story of Sam, in the order in which it happened."""
    teller = Storyteller(call, {"office": ("office", "staff", ("office",))})
    pupil, class_id = find_people(teller)
    child = f"/pupils/{pupil}"
    for name, section, words, audience in ABOUT:
        teller.say(name, "POST", f"{child}/about-me/entries", {
            "section": section, "words": words, "audience": audience})
    teller.say("bell", "POST", f"{child}/praise", {
        "strength": "kindness", "sentence": "Sam asked a new boy to build with him."})
    _agree_on_mornings(teller, child)
    _write_of_school(teller, child, class_id)
    _open_loop(teller, child)


def find_people(teller: Storyteller) -> tuple[str, str]:
    """Fill in who is who by the office's own list; the ids of Sam and of his class."""
    pairs = teller.say("office", "GET", "/relationships?find=Haddad")["items"]
    home = {pair["guardian"]["given_name"]: pair for pair in pairs
            if pair["pupil"]["given_name"] == "Sam" and pair["pupil"]["family_name"] == "Haddad"}
    if not {"Amira", "Karim"} <= set(home):
        raise Refused("The sample's own family is not there.")
    sam = str(home["Amira"]["pupil"]["id"])
    page = teller.say("office", "GET", f"/pupils/{sam}")
    bell = next(member["id"] for member in page["staff"] if member["family_name"] == "Bell")
    teller.people = {
        **teller.people, "sam": (sam, "pupil", ()), "bell": (str(bell), "staff", ("teacher",)),
        **{name.lower(): (str(home[name]["guardian"]["id"]), "guardian", ()) for name in ("Amira", "Karim")}}
    return sam, str(page["classes"][0]["id"])


def _agree_on_mornings(teller: Storyteller, child: str) -> None:
    strategy = teller.say("bell", "POST", f"{child}/strategies", MORNING)["id"]
    for name in ("amira", "karim"):
        teller.say(name, "POST", f"/strategies/{strategy}/agree", {})
    teller.say("amira", "POST", f"/strategies/{strategy}/tried", {
        "how": "helped", "line": "Sam moved the peg without being asked.", "audience": "all"})
    teller.say("bell", "POST", f"/strategies/{strategy}/tried", {"how": "not-yet", "line": "Monday was hard."})


def _write_of_school(teller: Storyteller, child: str, class_id: str) -> None:
    teller.say("bell", "POST", f"{child}/progress", {**PROGRESS, "class_id": class_id})


def _open_loop(teller: Storyteller, child: str) -> None:
    """Amira's worry, answered by school and by the other home; each tries something; it is still open."""
    proposed = date.fromisoformat(teller.say("amira", "GET", f"{child}/partnerships")["proposed_review_on"])
    loop = teller.say("amira", "POST", f"{child}/partnerships", {**WORRY, "review_on": proposed.isoformat()})["id"]
    for name, answer in ANSWERS:
        teller.say(name, "POST", f"/partnerships/{loop}/answers", answer)
    by = (datetime.now(UTC).date() + timedelta(days=7)).isoformat()
    for name, doer, words in (
            ("amira", "home", "The pictures come along in Sam's bag on Fridays."),
            ("karim", "home", "We leave ten minutes earlier on Mondays."),
            ("bell", "school", "Sam has the register job first thing on Mondays."),
            ("sam", "child", "I show Mrs Bell what I built at the weekend.")):
        teller.say(name, "POST", f"/partnerships/{loop}/steps", {"doer": doer, "words": words, "by_on": by})
