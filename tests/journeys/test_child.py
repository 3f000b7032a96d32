"""A child's "not yet" over the pages: a card from the teacher, a note that no adult comes upon, and then a yes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.browsing import Browser
from tests.journeys.house import Trust, open_trust
from tests.journeys.test_one_familys_day import OAKFIELD, import_sample, people

AMIRA, KARIM = "amira.haddad@families.example", "karim.haddad@families.example"
BELL, OFFICE = "grace.bell@oakfield.example", "office@oakfield.example"
LEAD = "safeguarding@oakfield.example"
WORDS = "I don't want to go to swimming. 🙁 <b>Not</b> yet."


@pytest.fixture
def trust(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Trust]:
    yield from open_trust(request, "embedded", tmp_path)


def test_a_childs_not_yet_is_kept_until_the_child_says_yes(trust: Trust) -> None:
    import_sample(trust)
    who = people(trust)
    sam, bell = who["sam"], trust.sign_in(BELL)
    child = _the_teacher_makes_a_card(trust, bell, who["maple"])
    adults = {BELL: bell, **{name: trust.sign_in(name) for name in (AMIRA, KARIM, OFFICE, LEAD)}}
    for adult in adults.values():
        _everything(adult, sam)  # what staff have opened is shown to the family from now on
    before = {name: _everything(adult, sam) for name, adult in adults.items()}
    told = _told(trust, who)
    _writes(child, "please don't share this yet")
    assert "Nobody else can see this until you say yes." in child.page.text
    assert {name: _everything(adult, sam) for name, adult in adults.items()} == before, "as if it were never written"
    assert _told(trust, who) == told
    child.open(child.page.link("Say yes: share it"))
    assert "Choose who may read it" in child.send().text
    assert "Shared" in child.send(audience=child.page.choice("audience", "My teacher")).text
    notes = trust.until(lambda: trust.call("profiles", "GET", f"/{OAKFIELD}/notes/new", who["bell"]).json["items"])
    assert [note["words"] for note in notes] == [WORDS]
    assert "swimming" not in "".join(_everything(adults[AMIRA], sam) + _everything(adults[OFFICE], sam))
    trust.call("profiles", "POST", f"/{OAKFIELD}/notes/{notes[0]['id']}/read", who["bell"])
    assert "Grace Bell has read it." in child.open("/me/notes").text
    child.open(child.page.link("Take it back"))
    assert "Somebody may have read it before." in child.send().text
    after = {name: _everything(adult, sam) for name, adult in adults.items()}
    assert "swimming" not in "".join(after[BELL])
    assert {name: pages for name, pages in after.items() if name != BELL} == {
        name: pages for name, pages in before.items() if name != BELL}, "Bell was told that there is something to read"


def _the_teacher_makes_a_card(trust: Trust, bell: Browser, maple: str) -> Browser:
    """For the whole class; Sam types what is on Sam's."""

    def cards() -> str | None:
        bell.open(f"/staff/classes/{maple}/codes")
        found = re.search(r">Sam H</h2>.*?([a-z]+-[a-z]+-\d{3}-\d{3})", bell.send().html, re.DOTALL)
        return found.group(1) if found else None

    code = str(trust.until(cards))
    child = Browser(trust.pages)
    child.open("/sign-in")
    page = child.open(child.page.link("Are you a child?"))
    assert [name for name in ("Sam", "Haddad", "Bell") if name in page.html] == []
    child.send(school=OAKFIELD, code=code)
    assert "Hello Sam" in child.page.text
    return child


def _writes(child: Browser, audience: str) -> None:
    child.open(child.page.link("Write"))
    assert "one person whose job is to keep you safe may read it" in child.page.text
    empty = child.send(words="")
    assert (empty.status, "Write something" in empty.text) == (422, True)
    kept = child.send(words=WORDS)
    assert (kept.status, "Choose who may read it" in kept.text, "swimming" in kept.html) == (422, True, True)
    child.send(words=WORDS, audience=child.page.choice("audience", audience.capitalize()))
    assert child.page.path == "/me/notes"
    assert WORDS in child.page.text


def _everything(adult: Browser, sam: str) -> list[str]:
    """Every page on which an adult could come upon it, but for what changes with every answer."""
    pages = [adult.open(path) for path in ("/", "/staff", f"/children/{sam}", f"/staff/pupils/{sam}", "/inbox",
                                           f"/children/{sam}/held", f"/staff/pupils/{sam}/sealed")]
    return [f"{page.status} {_plain(page.html)}" for page in pages]


def _plain(html: str) -> str:
    return re.sub(r'name="(csrf_token|key)" value="[^"]+"', "", html)


def _told(trust: Trust, who: dict[str, Any]) -> list[list[str]]:
    """The kinds of notices that each adult has."""
    path = f"/{OAKFIELD}/notices"
    found = [trust.call("notifications", "GET", path, who[name]).json for name in ("amira", "karim", "bell")]
    return [[item["kind"] for item in one["items"]] for one in found]


def test_a_lead_opens_what_is_sealed_and_the_child_sees_it_once_told(trust: Trust) -> None:
    import_sample(trust)
    sam = people(trust)["sam"]
    child = trust.sign_in_child(OAKFIELD, sam)
    _writes(child, "please don't share this yet")
    lead = trust.sign_in(LEAD)
    asked = lead.open(f"/staff/pupils/{sam}/sealed")
    assert WORDS not in asked.text
    missing = lead.send(why="Sam told Mrs Bell something.")
    assert (missing.status, "Sam told Mrs Bell something." in missing.text) == (422, True)
    opened = lead.send(why="Sam told Mrs Bell something.", told="not-safe-to-wait")
    assert WORDS in opened.text
    assert "safeguarding lead" not in child.open("/me/notes").text
    again = lead.open(f"/staff/pupils/{sam}/sealed")
    assert "The child has not been told yet." in again.text
    told = re.search(r'action="([^"]+/told)"', again.html)
    assert told
    assert "own page says so now" in lead.send(told.group(1)).text
    assert "A safeguarding lead read what you keep to yourself" in child.open("/me/notes").text
